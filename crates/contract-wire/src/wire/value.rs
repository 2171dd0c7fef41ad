//! Texts whose format is a type: what such a type says of itself, and how it is read.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

use super::{Format, Rule, Shape, TextRule};

/// A type whose values are written as text of a format.
pub trait TextValue: Sized {
    /// The format.
    const FORMAT: Format;

    /// What to say of text that has the format and is none of the values, where there is such text.
    const RANGE: Option<&'static str> = None;

    /// The value that `text` is. It is none without the format, whatever else the type could read.
    fn from_text(text: &str) -> Option<Self>;
}

/// What text must be, apart from its format, to be a value.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Whether it is.
    pub has: fn(&str) -> bool,
    /// What to say of text that is not.
    pub says: &'static str,
}

impl Rule {
    /// Text that is a `T`.
    pub const fn value<T: TextValue>() -> Rule {
        let range = match T::RANGE {
            Some(says) => Some(Range { has: is::<T>, says }),
            None => None,
        };
        Rule::Text(TextRule {
            format: Some(T::FORMAT),
            range,
            ..TextRule::ANY
        })
    }
}

fn is<T: TextValue>(text: &str) -> bool {
    T::from_text(text).is_some()
}

impl TextRule {
    /// What the format has against `text`.
    pub(crate) fn misread(&self, text: &str) -> Option<String> {
        match (self.format, self.range) {
            (Some(format), _) if !format.accepts(text) => {
                Some(format!("must be {}", format.describe()))
            }
            (_, Some(range)) if !(range.has)(text) => Some(range.says.to_owned()),
            _ => None,
        }
    }
}

/// Why `text` is no `T`.
pub fn misread<T: TextValue>(text: &str) -> String {
    let says = T::RANGE.filter(|_| T::FORMAT.accepts(text));
    says.map_or_else(
        || format!("must be {}", T::FORMAT.describe()),
        str::to_owned,
    )
}

/// A value that is text.
pub struct Text<T>(PhantomData<T>);

impl<T: TextValue> Shape for Text<T> {
    type Value = T;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: TextValue> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::FORMAT.describe())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).ok_or_else(|| E::custom(misread::<T>(text)))
    }
}
