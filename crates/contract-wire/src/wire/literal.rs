//! Values of which there is only one.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::json_eq;

/// The value `true`; there is no other of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct True;

/// The value `false`; there is no other of this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct False;

impl Serialize for True {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl Serialize for False {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<True, D::Error> {
        deserializer.deserialize_bool(Only(true)).map(|()| True)
    }
}

impl<'de> Deserialize<'de> for False {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<False, D::Error> {
        deserializer.deserialize_bool(Only(false)).map(|()| False)
    }
}

impl fmt::Display for True {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true")
    }
}

impl fmt::Display for False {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("false")
    }
}

struct Only(bool);

impl Visitor<'_> for Only {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match value == self.0 {
            true => Ok(()),
            false => Err(E::custom(format_args!("must be `{}`", self.0))),
        }
    }
}

/// A type with a single value that is neither `true` nor `false`.
pub trait Constant: Default {
    /// The value as JSON.
    const JSON: &'static str;
}

/// Writes the single value of `C`.
///
/// # Errors
/// Whatever the format reports.
pub fn encode_constant<C: Constant, S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    let value: Value = serde_json::from_str(C::JSON).map_err(serde::ser::Error::custom)?;
    value.serialize(serializer)
}

/// Reads the single value of `C`.
///
/// # Errors
/// The value is another.
pub fn decode_constant<'de, C: Constant, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<C, D::Error> {
    let expected: Value = serde_json::from_str(C::JSON).map_err(D::Error::custom)?;
    match json_eq(&Value::deserialize(deserializer)?, &expected) {
        true => Ok(C::default()),
        false => Err(D::Error::custom(format_args!("must be `{}`", C::JSON))),
    }
}
