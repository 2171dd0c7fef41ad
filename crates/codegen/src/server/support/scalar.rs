//! Values that arrive as text: parameters, headers, cookies, form fields.

use std::borrow::Cow;

use serde_json::Value;

use super::super::types::support::{At, Choice, Rule, UnknownChoice};
use super::{Violation, ViolationCode};

/// What is wrong with a value, before it is known where the value stands.
pub type Flaw = (ViolationCode, String);

/// Constraints of a value; `None`: its type says all.
pub type Constraint = Option<&'static Rule>;

/// A type that can be written as text.
pub trait Scalar: Sized {
    /// Reads it, without constraints.
    ///
    /// # Errors
    /// What is wrong with `text`.
    fn read(text: Cow<'_, str>) -> Result<Self, Flaw>;

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
        (Err(flaw), _) => {
            found.push(violation(at, flaw));
            None
        }
    }
}

impl Scalar for String {
    fn read(text: Cow<'_, str>) -> Result<String, Flaw> {
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
    fn read(text: Cow<'_, str>) -> Result<bool, Flaw> {
        match text.as_ref() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err((
                ViolationCode::InvalidType,
                "must be `true` or `false`".to_owned(),
            )),
        }
    }

    fn value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Scalar for f64 {
    fn read(text: Cow<'_, str>) -> Result<f64, Flaw> {
        // Rust reads more than JSON writes: `inf`, `.5`, `+1`.
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let plain = digits.starts_with(|first: char| first.is_ascii_digit());
        let value = if plain {
            text.parse::<f64>().ok()
        } else {
            None
        };
        let number = || (ViolationCode::InvalidType, "must be a number".to_owned());
        value.filter(|value| value.is_finite()).ok_or_else(number)
    }

    fn value(&self) -> Value {
        Value::from(*self)
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Scalar for $integer {
            fn read(text: Cow<'_, str>) -> Result<$integer, Flaw> {
                let value = whole_number(&text)?;
                <$integer>::try_from(value).map_err(|_| {
                    let (code, bound, limit) = if value < 0 {
                        (ViolationCode::TooSmall, "at least", i128::from(<$integer>::MIN))
                    } else {
                        (ViolationCode::TooBig, "at most", i128::from(<$integer>::MAX))
                    };
                    (code, format!("must be {bound} {limit}"))
                })
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
        return Err((
            ViolationCode::InvalidType,
            "must be a whole number".to_owned(),
        ));
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
pub(crate) fn read_choice<E: Choice>(text: &str) -> Result<E, Flaw> {
    let unknown = || {
        (
            ViolationCode::InvalidEnumValue,
            UnknownChoice::of::<E>().to_string(),
        )
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
