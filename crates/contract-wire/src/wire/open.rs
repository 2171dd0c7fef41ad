//! Closed sets of texts, and how an answer stays readable when its set has grown.

use std::fmt;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed set of texts: a string enum of the contract.
pub trait Choice: Copy + Eq + fmt::Debug + 'static {
    /// Every value, in the order of the contract.
    const VALUES: &'static [Self];

    /// How they are written, in the same order.
    const TEXTS: &'static [&'static str];

    /// The value that is written as `text`.
    fn from_text(text: &str) -> Option<Self> {
        let index = Self::TEXTS.iter().position(|known| *known == text)?;
        Self::VALUES.get(index).copied()
    }

    /// How the value is written.
    fn text(self) -> &'static str;
}

/// Lets a type be read, written, parsed and shown as the [`Choice`] it is. What it runs on is called `support` where
/// this is used.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_as_choice {
    ($choice:ident) => {
        impl ::std::fmt::Display for $choice {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(support::Choice::text(*self))
            }
        }

        impl ::std::str::FromStr for $choice {
            type Err = support::UnknownChoice;

            fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
                support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $choice {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                support::decode_choice(deserializer)
            }
        }

        impl ::serde::Serialize for $choice {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(support::Choice::text(*self))
            }
        }
    };
}

/// A text that is not in the set it should be from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownChoice {
    allowed: &'static [&'static str],
}

impl UnknownChoice {
    /// No value of `E` is written like that.
    pub const fn of<E: Choice>() -> UnknownChoice {
        UnknownChoice { allowed: E::TEXTS }
    }
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_of(self.allowed))
    }
}

impl std::error::Error for UnknownChoice {}

/// `must be one of …`; long sets are cut.
pub(crate) fn one_of(texts: &[&str]) -> String {
    const SHOWN: usize = 40;
    let shown: Vec<String> = texts
        .iter()
        .take(SHOWN)
        .map(|text| format!("`{text}`"))
        .collect();
    match (texts.len(), texts.len().saturating_sub(SHOWN)) {
        (1, _) => format!("must be {}", shown.join("")),
        (_, 0) => format!("must be one of {}", shown.join(", ")),
        (_, more) => format!("must be one of {} or {more} more", shown.join(", ")),
    }
}

/// Reads a value of a closed set; any other text is an error.
pub fn decode_choice<'de, E, D>(deserializer: D) -> Result<E, D::Error>
where
    E: Choice,
    D: Deserializer<'de>,
{
    deserializer
        .deserialize_str(ChoiceVisitor(E::from_text))?
        .ok_or_else(|| D::Error::custom(UnknownChoice::of::<E>()))
}

/// A value of the closed set `E` in an answer.
///
/// A server that is newer than the client may answer with a value the client does not know;
/// reading such an answer succeeds. Only reading makes an unknown value: whoever writes an answer
/// starts from an `E`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Open<E>(Inner<E>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Inner<E> {
    Known(E),
    Unknown(Box<str>),
}

impl<E: Choice> Open<E> {
    /// The value, if it is one that was declared when this code was generated.
    pub fn known(&self) -> Option<E> {
        match self.0 {
            Inner::Known(value) => Some(value),
            Inner::Unknown(_) => None,
        }
    }

    /// Whether the value was declared when this code was generated.
    pub fn is_known(&self) -> bool {
        matches!(self.0, Inner::Known(_))
    }

    /// The value as it is written.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Inner::Known(value) => value.text(),
            Inner::Unknown(text) => text,
        }
    }
}

impl<E> From<E> for Open<E> {
    fn from(value: E) -> Open<E> {
        Open(Inner::Known(value))
    }
}

impl<E: PartialEq> PartialEq<E> for Open<E> {
    fn eq(&self, other: &E) -> bool {
        matches!(&self.0, Inner::Known(value) if value == other)
    }
}

impl<E: Choice> fmt::Debug for Open<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Known(value) => value.fmt(f),
            Inner::Unknown(text) => f.debug_tuple("Unknown").field(text).finish(),
        }
    }
}

impl<E: Choice> fmt::Display for Open<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<E: Choice> Serialize for Open<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, E: Choice> Deserialize<'de> for Open<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Open<E>, D::Error> {
        deserializer.deserialize_str(ChoiceVisitor(|text: &str| {
            Open(match E::from_text(text) {
                Some(value) => Inner::Known(value),
                None => Inner::Unknown(text.into()),
            })
        }))
    }
}

/// Hands borrowed text to a function.
struct ChoiceVisitor<F>(F);

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for ChoiceVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}
