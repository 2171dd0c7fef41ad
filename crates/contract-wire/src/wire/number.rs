//! Numbers as JSON Schema sees them: decimals, in which `1.0` is a whole number and `0.3` a
//! multiple of `0.1`.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Number, Value};

/// Whether `value` is a multiple of `divisor`, both read as the decimals they are written as.
pub fn multiple_of(value: f64, divisor: f64) -> bool {
    if value == 0.0 {
        return true;
    }
    // Money and percentages: when the divisor is 10⁻ᵏ and the number of such steps has at most 15
    // digits, it is exact, so comparing the nearest one decides.
    let steps = (value / divisor).round();
    let per_unit = (1.0 / divisor).round();
    if matches!(per_unit, 1.0 | 10.0 | 100.0 | 1000.0)
        && 1.0 / per_unit == divisor
        && steps.abs() < 1e15
    {
        return steps / per_unit == value;
    }
    exact_multiple(value, divisor).unwrap_or(false)
}

/// `None` when the decimals have too many digits to be compared exactly.
fn exact_multiple(value: f64, divisor: f64) -> Option<bool> {
    let (value, value_scale) = decimal(value)?;
    let (divisor, divisor_scale) = decimal(divisor)?;
    if divisor == 0 {
        return None;
    }
    let scale = value_scale.max(divisor_scale);
    let raise = |digits: i128, from: u32| digits.checked_mul(10_i128.checked_pow(scale - from)?);
    match (raise(value, value_scale), raise(divisor, divisor_scale)) {
        (Some(value), Some(divisor)) => Some(value % divisor == 0),
        // The divisor alone exceeds every multiple that could still be written.
        (Some(_), None) => Some(false),
        (None, _) => None,
    }
}

/// `value` as digits × 10⁻ˢᶜᵃˡᵉ.
fn decimal(value: f64) -> Option<(i128, u32)> {
    // `Display` writes the shortest decimal that reads back as `value`, without an exponent.
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, u32::try_from(fraction.len()).ok()?))
}

/// The whole number `number` is, saturated; `None` if it has a fraction.
pub(crate) fn whole(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_u64() {
        return Some(i128::from(value));
    }
    if let Some(value) = number.as_i64() {
        return Some(i128::from(value));
    }
    let value = number.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturating is what is wanted"
    )]
    (value.fract() == 0.0).then_some(value as i128)
}

/// Equality of JSON values: numbers by value, objects without order.
pub fn json_eq(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (whole(left), whole(right)) {
            (Some(left), Some(right)) => left == right,
            _ => left.as_f64() == right.as_f64(),
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| json_eq(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, left)| right.get(name).is_some_and(|right| json_eq(left, right)))
        }
        _ => left == right,
    }
}

/// Whether no two items are equal as JSON.
pub fn unique<T: Serialize + PartialEq>(items: &[T]) -> bool {
    // Pairs are the fastest way for the usual short list, and hopeless for a hostile long one.
    const PAIRWISE: usize = 16;
    if items.len() <= PAIRWISE {
        return items
            .iter()
            .enumerate()
            .all(|(index, item)| !items[..index].contains(item));
    }
    unique_json(items)
}

/// As [`unique`], for items that can hold any JSON and so differ in Rust where they are equal as
/// JSON (`1` and `1.0`).
pub fn unique_json<T: Serialize>(items: &[T]) -> bool {
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().all(|item| {
        let mut text = String::new();
        // A value that cannot be written as JSON is equal to none.
        serde_json::to_value(item)
            .map(|value| canonical(&value, &mut text))
            .is_err()
            || seen.insert(text)
    })
}

/// One text per JSON value: equal values give equal texts.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => {
            // Writing to a string cannot fail.
            let _ = match whole(number) {
                Some(whole) => write!(text, "{whole}"),
                None => write!(text, "{number}"),
            };
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(properties) => {
            let mut names: Vec<&String> = properties.keys().collect();
            names.sort_unstable();
            text.push('{');
            for name in names {
                let _ = write!(text, "{name:?}:");
                canonical(&properties[name.as_str()], text);
                text.push(',');
            }
            text.push('}');
        }
        Value::String(string) => {
            let _ = write!(text, "{string:?}");
        }
        Value::Null | Value::Bool(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

/// Whether a text has as many Unicode scalar values as it may.
pub fn length(text: &str, min: usize, max: usize) -> bool {
    // A scalar value takes one to four bytes, so the length in bytes decides most cases.
    let bytes = text.len();
    if bytes < min || bytes.div_ceil(4) > max {
        return false;
    }
    if bytes <= max && bytes.div_ceil(4) >= min {
        return true;
    }
    (min..=max).contains(&text.chars().count())
}

/// Whether a whole number divides another.
pub fn divides(divisor: i128, value: impl Into<i128>) -> bool {
    value.into() % divisor == 0
}
