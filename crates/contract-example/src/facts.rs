//! Single facts about values: what they are, whether they are equal, match or have a format.

use std::cell::RefCell;
use std::collections::HashMap;

use contract_wire::Format;
use regex::Regex;
use serde_json::Value;

thread_local! {
    /// Patterns that were met. A contract has only so many, and making them takes longer than using them.
    static PATTERNS: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether `text` matches; `None`: the pattern is beyond regular expressions.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    PATTERNS.with_borrow_mut(|patterns| {
        let known = patterns.get(pattern);
        let regex = match known {
            Some(regex) => regex,
            None => patterns
                .entry(pattern.to_owned())
                .or_insert(Regex::new(&as_rust_has_it(pattern)).ok()),
        };
        regex.as_ref().map(|regex| regex.is_match(text))
    })
}

/// A pattern of ECMA-262, in which `\d` and `\w` are of ASCII alone.
pub(crate) fn as_rust_has_it(pattern: &str) -> String {
    let mut text = String::new();
    let mut in_class = false;
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        match (letter, escaped) {
            ('\\', Some('d')) => text.push_str(if in_class { "0-9" } else { "[0-9]" }),
            ('\\', Some('D')) => text.push_str("[^0-9]"),
            ('\\', Some('w')) => text.push_str(if in_class {
                "A-Za-z0-9_"
            } else {
                "[A-Za-z0-9_]"
            }),
            ('\\', Some('W')) => text.push_str("[^A-Za-z0-9_]"),
            ('\\', Some(escaped)) => text.extend(['\\', escaped]),
            (letter, _) => {
                in_class = letter == '[' || in_class && letter != ']';
                text.push(letter);
            }
        }
    }
    text
}

/// The format of that name, if it is one that is checked.
pub(crate) fn format(name: &str) -> Option<Format> {
    Some(match name {
        "date-time" => Format::DateTime,
        "date" => Format::Date,
        "time" => Format::Time,
        "email" => Format::Email,
        "uri" => Format::Uri,
        "uuid" => Format::Uuid,
        "ipv4" => Format::Ipv4,
        "ipv6" => Format::Ipv6,
        _ => return None,
    })
}

/// Whether a value is of a type, such as `integer`.
pub(crate) fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "integer" => match value {
            Value::Number(number) => number.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => false,
        },
        _ => false,
    }
}

/// Numbers are equal however they are written.
pub(crate) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| equal(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}

/// Whether a number is a multiple, as far as floating-point numbers tell.
pub(crate) fn is_multiple(value: f64, step: f64) -> bool {
    let times = value / step;
    (times - times.round()).abs() <= 1e-9 * times.abs().max(1.0)
}

/// A value in a message.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
