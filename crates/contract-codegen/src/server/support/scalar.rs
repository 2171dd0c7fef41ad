//! Values that arrive as text: parameters, headers, cookies, form fields.

use std::borrow::Cow;

use serde_json::Value;

use super::super::types::support::{At, Choice, Rule, UnknownChoice};
use super::{Violation, ViolationCode};

/// What is wrong with a value, before it is known where the value stands.
pub type Flaw = (ViolationCode, String);

/// Why text is not read as a value.
#[derive(Debug)]
pub enum Unread {
    /// It is no such value.
    Flaw(Flaw),
    /// It is a whole number that its type has no room for.
    Whole(i128),
    /// It is a number that its type has no room for.
    Float(f64),
}

/// Constraints of a value; `None`: its type says all.
pub type Constraint = Option<&'static Rule>;

/// A type that can be written as text.
pub trait Scalar: Sized {
    /// Reads it, without constraints.
    ///
    /// # Errors
    /// What is wrong with `text`.
    fn read(text: Cow<'_, str>) -> Result<Self, Unread>;

    /// The value as JSON.
    fn value(&self) -> Value;

    /// The value, after `found` was told what `rule` has against it.
    fn checked(self, rule: &Rule, at: &At<'_>, found: &mut Vec<Violation>) -> Self {
        rule.check(&self.value(), at, found);
        self
    }
}

/// Reads a value at `at` and checks it. `None`: it is wrong, and `found` knows.
pub(crate) fn read_scalar<T: Scalar>(
    text: Cow<'_, str>,
    rule: Constraint,
    at: &At<'_>,
    found: &mut Vec<Violation>,
) -> Option<T> {
    match (T::read(text), rule) {
        (Ok(value), None) => Some(value),
        (Ok(value), Some(rule)) => {
            let before = found.len();
            let value = value.checked(rule, at, found);
            (found.len() == before).then_some(value)
        }
        (Err(unread), rule) => {
            note(unread, rule, at, found);
            None
        }
    }
}

/// Reads a value of a list or map at `at`, whose `rule` is checked with all of them together.
pub(crate) fn read_item<T: Scalar>(
    text: Cow<'_, str>,
    rule: Constraint,
    at: &At<'_>,
    found: &mut Vec<Violation>,
) -> Option<T> {
    T::read(text)
        .map_err(|unread| {
            let rule = match rule {
                Some(Rule::List(rule)) => Some(rule.item),
                Some(Rule::Object(rule)) => rule.additional,
                _ => None,
            };
            note(unread, rule, at, found);
        })
        .ok()
}

/// Says why a value was not read: a number out of range by the bounds of the contract, not by
/// those of a type that the caller knows nothing of.
fn note(unread: Unread, rule: Constraint, at: &At<'_>, found: &mut Vec<Violation>) {
    let before = found.len();
    let small = match (unread, rule) {
        (Unread::Flaw(flaw), _) => return found.push(violation(at, flaw)),
        (Unread::Whole(value), rule) => {
            if let Some(Rule::Integer(rule)) = rule {
                rule.check(value, at, found);
            }
            value < 0
        }
        (Unread::Float(value), rule) => {
            if let Some(Rule::Number(rule)) = rule {
                rule.check(value, at, found);
            }
            value < 0.0
        }
    };
    if found.len() == before {
        let flaw = match small {
            true => (ViolationCode::TooSmall, "is too small".to_owned()),
            false => (ViolationCode::TooBig, "is too large".to_owned()),
        };
        found.push(violation(at, flaw));
    }
}

impl Scalar for String {
    fn read(text: Cow<'_, str>) -> Result<String, Unread> {
        Ok(text.into_owned())
    }

    fn value(&self) -> Value {
        Value::String(self.clone())
    }

    fn checked(self, rule: &Rule, at: &At<'_>, found: &mut Vec<Violation>) -> String {
        let value = Value::String(self);
        rule.check(&value, at, found);
        match value {
            Value::String(text) => text,
            _ => String::new(),
        }
    }
}

impl Scalar for bool {
    fn read(text: Cow<'_, str>) -> Result<bool, Unread> {
        match text.as_ref() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Unread::Flaw((
                ViolationCode::InvalidType,
                "must be `true` or `false`".to_owned(),
            ))),
        }
    }

    fn value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Scalar for f64 {
    fn read(text: Cow<'_, str>) -> Result<f64, Unread> {
        // Rust reads more than JSON writes: `inf`, `.5`, `+1`.
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let plain = digits.starts_with(|first: char| first.is_ascii_digit());
        let value = if plain {
            text.parse::<f64>().ok()
        } else {
            None
        };
        match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(value) => Err(Unread::Float(value)),
            None => Err(Unread::Flaw((
                ViolationCode::InvalidType,
                "must be a number".to_owned(),
            ))),
        }
    }

    fn value(&self) -> Value {
        Value::from(*self)
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Scalar for $integer {
            fn read(text: Cow<'_, str>) -> Result<$integer, Unread> {
                let value = whole_number(&text).map_err(Unread::Flaw)?;
                <$integer>::try_from(value).map_err(|_| Unread::Whole(value))
            }

            fn value(&self) -> Value {
                Value::from(*self)
            }
        }
    )*};
}
integers!(u32 i32 u64 i64);

fn whole_number(text: &str) -> Result<i128, Flaw> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err((ViolationCode::InvalidType, "must be an integer".to_owned()));
    }
    // Only length can fail here, and what is that long is out of every range.
    let overflow = if text.starts_with('-') {
        i128::MIN
    } else {
        i128::MAX
    };
    Ok(text.parse().unwrap_or(overflow))
}

/// Reads a value of a closed set.
pub(crate) fn read_choice<E: Choice>(text: &str) -> Result<E, Unread> {
    let unknown = || {
        Unread::Flaw((
            ViolationCode::InvalidEnumValue,
            UnknownChoice::of::<E>().to_string(),
        ))
    };
    E::from_text(text).ok_or_else(unknown)
}

/// A violation at a place.
pub(crate) fn violation(at: &At<'_>, flaw: Flaw) -> Violation {
    let (code, message) = flaw;
    Violation {
        path: at.to_string(),
        code,
        message,
    }
}

/// A value that must be there and is not.
pub(crate) fn missing(at: &At<'_>) -> Violation {
    violation(at, (ViolationCode::Required, "is required".to_owned()))
}

/// A value that was given twice.
pub(crate) fn repeated(at: &At<'_>) -> Violation {
    violation(
        at,
        (ViolationCode::Custom, "must be given only once".to_owned()),
    )
}

/// Text that is no text.
pub(crate) fn not_utf8(at: &At<'_>) -> Violation {
    violation(
        at,
        (ViolationCode::InvalidString, "must be UTF-8".to_owned()),
    )
}
