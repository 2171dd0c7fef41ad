//! Whole schemas: words that look no further into a value.

use serde_json::Value;

use super::sink::Sink;
use super::{At, TextRule, ViolationCode, Word, multiple_of, one_of};

/// Words that look no further into a value; those that do not concern its type are fine with it.
pub(super) fn plain_word(
    word: &'static Word,
    value: &Value,
    at: &At<'_>,
    sink: Option<&mut Sink<'_>>,
) -> bool {
    match (word, value) {
        (Word::Never, _) => told(false, sink, |sink| {
            sink.add(at, ViolationCode::Custom, || "is not allowed".to_owned());
        }),
        (Word::Types(types), value) => {
            let has = types.iter().any(|one| one.has(value));
            told(has, sink, |sink| {
                let names: Vec<&str> = types.iter().map(|one| one.with_article()).collect();
                sink.wrong_type(at, &names.join(" or "));
            })
        }
        (Word::Values(values), value) => {
            let has = values.iter().any(|one| one.is(value));
            told(has, sink, |sink| {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                sink.add(at, ViolationCode::InvalidEnumValue, || match values {
                    [] => "is not allowed".to_owned(),
                    _ => one_of(&texts),
                });
            })
        }
        (Word::Text(rule), Value::String(text)) => match sink {
            None => text_is(rule, text),
            Some(sink) => told(text_is(rule, text), Some(sink), |sink| {
                rule.walk(text, at, sink);
            }),
        },
        (
            Word::Minimum(bound) | Word::Above(bound) | Word::Maximum(bound) | Word::Below(bound),
            Value::Number(number),
        ) => {
            let order = bound.compare(number);
            let (fine, code, says) = match word {
                Word::Minimum(_) => (order.is_ge(), ViolationCode::TooSmall, "at least"),
                Word::Above(_) => (order.is_gt(), ViolationCode::TooSmall, "greater than"),
                Word::Maximum(_) => (order.is_le(), ViolationCode::TooBig, "at most"),
                _ => (order.is_lt(), ViolationCode::TooBig, "less than"),
            };
            told(fine, sink, |sink| {
                sink.add(at, code, || format!("must be {says} {bound}"));
            })
        }
        (Word::MultipleOf(divisor), Value::Number(number)) => {
            let number = number.as_f64().unwrap_or_default();
            told(multiple_of(number, *divisor), sink, |sink| {
                sink.divisible(at, number, Some(*divisor));
            })
        }
        _ => true,
    }
}

fn text_is(rule: &TextRule, text: &str) -> bool {
    let text = if rule.trim { text.trim() } else { text };
    super::length(text, rule.min, rule.max)
        && rule.pattern.is_none_or(|pattern| (pattern.matches)(text))
        && rule.misread(text).is_none()
}

/// `fine`; what is not is told to the sink, where there is one.
pub(super) fn told<'s, 'f>(
    fine: bool,
    sink: Option<&'s mut Sink<'f>>,
    say: impl FnOnce(&'s mut Sink<'f>),
) -> bool {
    if !fine && let Some(sink) = sink {
        say(sink);
    }
    fine
}
