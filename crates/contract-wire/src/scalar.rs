//! Values that arrive as text, such as the parameters of a request.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    At, Choice, Date, DateTime, False, Rule, TextValue, True, UnknownChoice, Uuid, Violation,
    ViolationCode, misread,
};

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

impl Scalar for String {
    #[inline]
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

/// Reads the one boolean that is allowed.
fn only(allowed: bool, text: &str) -> Result<(), Unread> {
    match text.parse() == Ok(allowed) {
        true => Ok(()),
        false => Err(Unread::Flaw((
            ViolationCode::InvalidType,
            format!("must be `{allowed}`"),
        ))),
    }
}

impl Scalar for True {
    fn read(text: Cow<'_, str>) -> Result<True, Unread> {
        only(true, &text).map(|()| True)
    }

    fn value(&self) -> Value {
        Value::Bool(true)
    }
}

impl Scalar for False {
    fn read(text: Cow<'_, str>) -> Result<False, Unread> {
        only(false, &text).map(|()| False)
    }

    fn value(&self) -> Value {
        Value::Bool(false)
    }
}

impl Scalar for bool {
    #[inline]
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
    #[inline]
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
            #[inline]
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

macro_rules! text_values {
    ($($value:ty)*) => {$(
        impl Scalar for $value {
            #[inline]
            fn read(text: Cow<'_, str>) -> Result<$value, Unread> {
                <$value>::from_text(&text).ok_or_else(|| {
                    Unread::Flaw((ViolationCode::InvalidString, misread::<$value>(&text)))
                })
            }

            fn value(&self) -> Value {
                Value::String(self.to_string())
            }
        }
    )*};
}
text_values!(DateTime Date Uuid);

/// A closed set.
impl<E: Choice> Scalar for E {
    #[inline]
    fn read(text: Cow<'_, str>) -> Result<E, Unread> {
        E::from_text(&text).ok_or_else(|| {
            let message = UnknownChoice::of::<E>().to_string();
            Unread::Flaw((ViolationCode::InvalidEnumValue, message))
        })
    }

    fn value(&self) -> Value {
        Value::from(self.text())
    }
}

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
