//! Rules for single values: bounds that hold together, and closed sets that keep to them.

use std::fmt::Display;

use contract_document::child;
use serde_json::{Number, Value};

use super::build::Schemas;
use super::facts::Facts;
use super::pattern::matches;
use crate::lower::names::variants;
use crate::lower::values::{compare, is_whole};
use crate::lower::{Problems, Source};
use crate::model::{EnumValue, NumberRules, Use};

/// Says which bounds no value keeps. They are checked all the same.
pub(super) fn check_bounds(facts: &Facts<'_>, problems: &mut Problems) {
    let (texts, lists) = (&facts.string, &facts.array);
    let properties = (facts.object.min_properties, facts.object.max_properties);
    let lengths = [
        ("minLength", texts.min_length, "maxLength", texts.max_length),
        ("minItems", lists.min_items, "maxItems", lists.max_items),
        ("minProperties", properties.0, "maxProperties", properties.1),
    ];
    for (low_key, low, high_key, high) in lengths {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            tell_bounds(facts, (low_key, &low), (high_key, &high), problems);
        }
    }
    let number = &facts.number;
    let lows = [
        ("minimum", &number.minimum, false),
        ("exclusiveMinimum", &number.exclusive_minimum, true),
    ];
    let highs = [
        ("maximum", &number.maximum, false),
        ("exclusiveMaximum", &number.exclusive_maximum, true),
    ];
    for (low_key, low, above) in lows {
        for (high_key, high, below) in &highs {
            let (Some(low), Some(high)) = (low, high) else {
                continue;
            };
            let order = compare(low, high);
            if order.is_gt() || ((above || *below) && order.is_eq()) {
                tell_bounds(facts, (low_key, low), (high_key, high), problems);
            }
        }
    }
}

fn tell_bounds(
    facts: &Facts<'_>,
    (low_key, low): (&str, &dyn Display),
    (high_key, high): (&str, &dyn Display),
    problems: &mut Problems,
) {
    let at = child(&facts.pointer, low_key);
    problems.warn(
        &at,
        format!("no value satisfies `{low_key}: {low}` and `{high_key}: {high}`"),
        format!("`{low_key}` must leave room below `{high_key}`"),
    );
}

/// The variants of a closed set of text, as far as its other rules allow them.
pub(super) fn allowed_texts(
    texts: Vec<String>,
    facts: &Facts<'_>,
    source: Source<'_>,
    problems: &mut Problems,
) -> Vec<EnumValue> {
    let rules = &facts.string;
    let pattern = rules.pattern.as_ref();
    let mut allowed: Vec<String> = texts
        .iter()
        .filter(|text| {
            let length = text.chars().count() as u64;
            rules.min_length.is_none_or(|min| length >= min)
                && rules.max_length.is_none_or(|max| length <= max)
                && pattern.is_none_or(|pattern| matches(pattern, text))
        })
        .cloned()
        .collect();
    if allowed.is_empty() {
        tell_of_values(facts, problems);
        allowed = texts;
    }
    let idents = variants(allowed.iter().map(String::as_str));
    let schema = source.get(&facts.pointer);
    let statuses = schema.and_then(|schema| schema.get("x-status"));
    let status = |text: &str| u16::try_from(statuses?.get(text)?.as_u64()?).ok();
    let values = allowed.into_iter().zip(idents);
    values
        .map(|(wire, ident)| EnumValue {
            status: status(&wire),
            wire,
            ident,
        })
        .collect()
}

/// A closed set of numbers, as far as its other rules allow them.
pub(super) fn allowed_numbers(
    numbers: Vec<Number>,
    facts: &Facts<'_>,
    problems: &mut Problems,
) -> Vec<Number> {
    let within = |number: &&Number| within(number, &facts.number);
    let allowed: Vec<Number> = numbers.iter().filter(within).cloned().collect();
    if allowed.is_empty() {
        tell_of_values(facts, problems);
        return numbers;
    }
    allowed
}

/// Nobody declares values in order to forbid all of them.
fn tell_of_values(facts: &Facts<'_>, problems: &mut Problems) {
    problems.warn(
        &facts.pointer,
        "no value of `enum` satisfies the other keywords, which have no effect on them",
        "remove the keywords beside `enum`",
    );
}

impl Schemas<'_> {
    /// The default of what is `wanted`, as generated code has it; none where it cannot be decoded as that.
    pub(in crate::lower) fn default_of(
        &mut self,
        default: &Value,
        wanted: &Use,
        name: &str,
        schema: &str,
    ) -> Option<Value> {
        if self.table.is_value_of(default, wanted) {
            return Some(self.table.written(default, wanted));
        }
        // Nobody can have meant the number as something else than the text, nor the other way round.
        let meant = retyped(default, |value| self.table.is_value_of(value, wanted));
        let at = child(schema, "default");
        let message = match &meant {
            Some(meant) => format!("the default of `{name}` is read as `{meant}`"),
            None => {
                format!("the default of `{name}` does not satisfy its schema, and has no effect")
            }
        };
        let problems = &mut self.planner.problems;
        problems.warn(&at, message, "correct `default` or the schema");
        meant.map(|meant| self.table.written(&meant, wanted))
    }
}

/// `value` written as another type: a number or boolean as text, text as a number or boolean.
pub(super) fn retyped(value: &Value, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    let other = match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::String(text) => serde_json::from_str(text.trim()).ok()?,
        _ => return None,
    };
    Some(other).filter(fits)
}

pub(super) fn within(number: &Number, rules: &NumberRules) -> bool {
    let holds = |bound: &Option<Number>, test: fn(std::cmp::Ordering) -> bool| {
        bound
            .as_ref()
            .is_none_or(|bound| test(compare(number, bound)))
    };
    holds(&rules.minimum, |order| order.is_ge())
        && holds(&rules.maximum, |order| order.is_le())
        && holds(&rules.exclusive_minimum, |order| order.is_gt())
        && holds(&rules.exclusive_maximum, |order| order.is_lt())
        && (rules.allowed.is_empty()
            || rules
                .allowed
                .iter()
                .any(|allowed| compare(allowed, number).is_eq()))
}

/// `rules` for whole numbers only: no fractions, and `1.0` written as `1`.
pub(super) fn whole(rules: NumberRules) -> NumberRules {
    let mut rules = NumberRules {
        minimum: rules.minimum.map(|bound| rounded(bound, f64::ceil)),
        maximum: rules.maximum.map(|bound| rounded(bound, f64::floor)),
        // What is above 1.5 is above 1, and what is below 1.5 is below 2.
        exclusive_minimum: rules
            .exclusive_minimum
            .map(|bound| rounded(bound, f64::floor)),
        exclusive_maximum: rules
            .exclusive_maximum
            .map(|bound| rounded(bound, f64::ceil)),
        ..rules
    };
    let allowed = std::mem::take(&mut rules.allowed);
    rules.allowed = allowed
        .into_iter()
        .map(|value| rounded(value, f64::round))
        .collect();
    rules.multiple_of = rules.multiple_of.map(|step| {
        if is_whole(&step) {
            rounded(step, f64::round)
        } else {
            step
        }
    });
    rules
}

/// `number` without a fraction, if it is an integer that Rust has.
pub(super) fn whole_number(number: &Number) -> Option<Number> {
    let whole = Some(number.clone()).filter(is_whole)?;
    Some(rounded(whole, f64::round)).filter(|whole| whole.as_i128().is_some())
}

fn rounded(number: Number, round: fn(f64) -> f64) -> Number {
    if number.as_i128().is_some() {
        return number;
    }
    let rounded = number.as_f64().map(round);
    // Beyond this, not every whole number is a float; the bound stays as it is written.
    let limit = 9_007_199_254_740_992.0;
    match rounded.filter(|float| float.abs() <= limit) {
        Some(float) => Number::from(float as i64),
        None => number,
    }
}
