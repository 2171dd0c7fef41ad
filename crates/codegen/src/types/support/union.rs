//! One of several types.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Rule, Shape};

/// Reads one of several types: `read` makes the choice with the given index out of a value.
///
/// The choice is the one whose tag the value carries, or else the first whose rules it keeps. If
/// it keeps none of them, the first that can be read at all is taken, so that an answer with a
/// value this code does not know stays readable.
///
/// # Errors
/// No choice can be read, or the contract wants exactly one and several match.
pub fn decode_union<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    rule: &Rule,
    read: impl Fn(usize, Value) -> serde_json::Result<T>,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let (choices, chosen) = match rule {
        Rule::Union(union) => (
            union.choices.len(),
            union.choose(&value).map_err(D::Error::custom)?,
        ),
        _ => (0, None),
    };
    if let Some(index) = chosen {
        return read(index, value).map_err(D::Error::custom);
    }
    (0..choices)
        .find_map(|index| read(index, value.clone()).ok())
        .ok_or_else(|| D::Error::custom("no choice matches"))
}

/// Reads a value of shape `S` from parsed JSON.
///
/// # Errors
/// As [`Shape::decode`].
pub fn read_choice<S: Shape>(value: Value) -> serde_json::Result<S::Value> {
    S::decode(value)
}
