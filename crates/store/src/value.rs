//! What goes into and comes out of a column, the same on every engine.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;
use crate::table::{Kind, Stored};

/// A bound value. The schema knows integers and text only.
#[derive(Debug, Clone, PartialEq)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// A BIGINT.
    Integer(i64),
    /// A TEXT.
    Text(Cow<'a, str>),
}

impl Param<'_> {
    /// The same, of its own.
    pub(crate) fn to_owned_value(&self) -> Param<'static> {
        match self {
            Self::Null => Param::Null,
            Self::Integer(number) => Param::Integer(*number),
            Self::Text(text) => Param::Text(Cow::Owned(text.to_string())),
        }
    }
}

/// Builds the parameter list of a statement: `params![tenant, id, at]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*][..] };
}

/// A value as the engine hands it out.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// SQL NULL.
    Null,
    /// A BIGINT.
    Integer(i64),
    /// A TEXT.
    Text(&'a str),
}

/// Types a column can be read as.
pub trait FromColumn: Sized {
    /// `None` if the value does not fit the type.
    fn from_column(column: Column<'_>) -> Option<Self>;

    /// How many bytes it takes in a JSON answer, at most; names of properties and numbers are not counted.
    fn bytes(column: Column<'_>) -> usize {
        match column {
            Column::Text(text) => text.len(),
            Column::Integer(_) | Column::Null => 0,
        }
    }
}

/// A JSON document kept as text: written and read whole, never looked into by SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Serialises a value.
    ///
    /// # Errors
    /// [`Error::Json`] if the value has no JSON form (for example a map with non-string keys).
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        serde_json::to_string(value).map(Self).map_err(json_error)
    }

    /// Reads the document back.
    ///
    /// # Errors
    /// [`Error::Json`] if the stored document does not have the shape of `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.0).map_err(json_error)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An empty array, where histories start.
    pub fn empty_array() -> Self {
        Self("[]".to_owned())
    }

    /// An empty object.
    pub fn empty_object() -> Self {
        Self("{}".to_owned())
    }
}

/// A text that logs must not show: `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(..)")
    }
}

fn json_error(error: serde_json::Error) -> Error {
    Error::Json(std::sync::Arc::new(error))
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<&'a Json> for Param<'a> {
    fn from(value: &'a Json) -> Self {
        Self::Text(Cow::Borrowed(&value.0))
    }
}

impl From<Timestamp> for Param<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.as_microsecond())
    }
}

impl From<Date> for Param<'_> {
    fn from(value: Date) -> Self {
        Self::Text(Cow::Owned(value.to_string()))
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Says of types in which columns they are kept, and how their values are bound.
macro_rules! stored {
    ($($type:ty: $kind:ident, $value:ident => $param:expr;)*) => {$(
        impl Stored for $type {
            const KIND: Kind = Kind::$kind;

            fn param(&self) -> Param<'_> {
                let $value = self;
                $param.into()
            }
        }
    )*};
}

stored! {
    i64: Integer, value => *value;
    bool: Integer, value => *value;
    Timestamp: Integer, value => *value;
    Date: Text, value => *value;
    Json: Text, value => value;
    Hidden: Text, value => &value.0;
    String: Text, value => value;
    &str: Text, value => *value;
    Cow<'_, str>: Text, value => value.as_ref();
}

impl<T: Stored> Stored for Option<T> {
    const KIND: Kind = T::KIND;

    fn param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, T::param)
    }
}

impl FromColumn for i64 {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Integer(value) => Some(value),
            _ => None,
        }
    }
}

impl FromColumn for bool {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Integer(0) => Some(false),
            Column::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl FromColumn for String {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Text(value) => Some(value.to_owned()),
            _ => None,
        }
    }

    /// Quotes, backslashes and control characters are escaped. Most texts have none.
    fn bytes(column: Column<'_>) -> usize {
        let Column::Text(text) = column else {
            return 0;
        };
        if !has_escapes(text.as_bytes()) {
            return text.len();
        }
        let escapes = text.bytes().map(|byte| match byte {
            b'"' | b'\\' => 1,
            0..0x20 => 5,
            _ => 0,
        });
        text.len() + escapes.sum::<usize>()
    }
}

/// Whether a JSON text would escape one of the bytes. Pages ask it of each of their texts, so eight are looked at
/// at a time.
fn has_escapes(bytes: &[u8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let any_below = |word: u64, limit: u64| word.wrapping_sub(EACH * limit) & !word & (EACH * 0x80);
    let any = |word: u64, byte: u8| any_below(word ^ (EACH * u64::from(byte)), 1);
    let found = |word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        any_below(word, 0x20) | any(word, b'"') | any(word, b'\\')
    };
    let (words, rest) = bytes.as_chunks();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    words
        .iter()
        .fold(found(last), |all, word| all | found(*word))
        != 0
}

impl FromColumn for Json {
    fn from_column(column: Column<'_>) -> Option<Self> {
        String::from_column(column).map(Self)
    }
}

impl FromColumn for Hidden {
    fn from_column(column: Column<'_>) -> Option<Self> {
        String::from_column(column).map(Self)
    }
}

impl FromColumn for Timestamp {
    fn from_column(column: Column<'_>) -> Option<Self> {
        Self::from_microsecond(i64::from_column(column)?).ok()
    }
}

impl FromColumn for Date {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Text(value) => value.parse().ok(),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Null => Some(None),
            other => T::from_column(other).map(Some),
        }
    }

    fn bytes(column: Column<'_>) -> usize {
        T::bytes(column)
    }
}

/// Declares an enum that is stored as text.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The text in the database, which is also the contract's.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The value of a text.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<$name> for $crate::Param<'_> {
            fn from(value: $name) -> Self {
                Self::Text(std::borrow::Cow::Borrowed(value.as_str()))
            }
        }

        impl $crate::table::Stored for $name {
            const KIND: $crate::table::Kind = $crate::table::Kind::Text;

            fn param(&self) -> $crate::Param<'_> {
                (*self).into()
            }
        }

        impl $crate::value::FromColumn for $name {
            fn from_column(column: $crate::value::Column<'_>) -> Option<Self> {
                match column {
                    $crate::value::Column::Text(text) => Self::parse(text),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use text_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_counted_wherever_they_stand() {
        for (length, at) in (0..20).flat_map(|length| (0..length).map(move |at| (length, at))) {
            for byte in 0..=0x7f_u8 {
                let mut text = vec![b'x'; length];
                text[at] = byte;
                let text = String::from_utf8(text).expect("ASCII");
                let json = serde_json::to_string(&text).expect("a text").len() - 2;
                let bytes = String::bytes(Column::Text(&text));
                assert!(bytes >= json, "{text:?}: {bytes}");
                assert_eq!(bytes == length, json == length, "{text:?}");
            }
        }
        let text = "Grüße, €, 𝄞";
        assert_eq!(String::bytes(Column::Text(text)), text.len());
    }
}
