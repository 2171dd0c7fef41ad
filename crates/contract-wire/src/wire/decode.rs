//! Reading whole values, and checking those that were built by hand.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::brief::{Brief, MOST_ITEMS};
use super::sink::Sink;
use super::{At, DecodeError, Rule, Shape, Violation, ViolationCode};

/// A named type of the contract.
///
/// Deserializing one checks its structure: types, required properties, unknown choices in
/// requests. The constraints on top of that (bounds, lengths, patterns, formats) are what
/// [`Wire::is_valid`] and [`Wire::check`] are for; [`decode`] does both.
pub trait Wire: Sized + Serialize + DeserializeOwned + 'static {
    /// Name of the type.
    const NAME: &'static str;

    /// The rules of the type as data.
    const RULE: &'static Rule;

    /// The rules of the type, for those that refer to them before they are known.
    fn rule() -> &'static Rule {
        Self::RULE
    }

    /// Whether every constraint of the contract holds that is left when a value has been read. Fast: one pass,
    /// nothing allocated.
    fn is_valid(&self) -> bool {
        true
    }

    /// Notes in `found` everything that is wrong with `value`, which stands at `at`.
    fn check(value: &Value, at: &At<'_>, found: &mut Vec<Violation>) {
        Self::RULE.check(value, at, found);
    }
}

/// Reads a value from JSON, refusing whatever the contract does not allow.
///
/// # Errors
/// Text that is not JSON, or everything that is wrong with the value.
pub fn decode<T: Wire>(bytes: &[u8]) -> Result<T, DecodeError> {
    let text = text(bytes)?;
    decode_shape(text, serde_json::from_str(text), T::is_valid, T::RULE)
}

/// As [`decode`], for a value that has been parsed already.
///
/// # Errors
/// Everything that is wrong with the value.
pub fn decode_value<T: Wire>(value: &Value) -> Result<T, DecodeError> {
    finish(T::deserialize(value), T::is_valid, T::RULE, |_| {
        Ok(Brief::whole(value.clone()))
    })
}

/// As [`decode`], for a type that the contract does not name: shape `S`, valid when `is_valid`
/// says so, otherwise explained by `rule`.
///
/// # Errors
/// As [`decode`].
pub fn decode_with<S: Shape>(
    bytes: &[u8],
    is_valid: impl FnOnce(&S::Value) -> bool,
    rule: &Rule,
) -> Result<S::Value, DecodeError> {
    let text = text(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let decoded = S::decode(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    decode_shape(text, decoded, is_valid, rule)
}

fn decode_shape<T>(
    text: &str,
    decoded: serde_json::Result<T>,
    is_valid: impl FnOnce(&T) -> bool,
    rule: &Rule,
) -> Result<T, DecodeError> {
    finish(decoded, is_valid, rule, |most| Brief::read(text, most))
}

/// The text, which is UTF-8 (RFC 8259, section 8.1): asked once for all of it, which is faster than for each string
/// in it. A byte order mark says nothing more, and is ignored.
fn text(bytes: &[u8]) -> Result<&str, DecodeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line_start = before.iter().rposition(|byte| *byte == b'\n');
        DecodeError::Syntax {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: before.len() - line_start.map_or(0, |at| at + 1) + 1,
            message: "the text is not UTF-8".to_owned(),
        }
    })
}

/// Only a value that was refused is parsed again, to say what is wrong and where.
fn finish<T>(
    decoded: serde_json::Result<T>,
    is_valid: impl FnOnce(&T) -> bool,
    rule: &Rule,
    parse: impl Fn(usize) -> serde_json::Result<Brief>,
) -> Result<T, DecodeError> {
    let decoded = match decoded {
        Ok(value) if is_valid(&value) => return Ok(value),
        decoded => decoded,
    };
    let mut found = Vec::new();
    for most in [MOST_ITEMS, usize::MAX] {
        let Brief { value, whole } = parse(most).map_err(|error| syntax(&error))?;
        rule.check(&value, &At::ROOT, &mut found);
        if whole {
            break;
        }
        // Lists are cut short, which nobody is to be blamed for.
        found.retain(|violation| violation.code != ViolationCode::TooSmall);
        if !found.is_empty() {
            break;
        }
    }
    if !found.is_empty() {
        return Err(DecodeError::Invalid(found));
    }
    // The fast check may refuse what only the parsed value shows to be right: items that differ
    // in properties the contract does not list.
    decoded.map_err(|error| match error.classify() {
        serde_json::error::Category::Data => DecodeError::Invalid(vec![unexplained(&error)]),
        _ => syntax(&error),
    })
}

fn syntax(error: &serde_json::Error) -> DecodeError {
    let mut message = error.to_string();
    // The position is given apart.
    if let Some(end) = message.rfind(" at line ") {
        message.truncate(end);
    }
    DecodeError::Syntax {
        line: error.line(),
        column: error.column(),
        message: in_words(&message).map_or(message, str::to_owned),
    }
}

/// What a message of the parser means to someone who only knows JSON.
fn in_words(message: &str) -> Option<&'static str> {
    Some(match message {
        "EOF while parsing a value" => "the text ends where a value is expected",
        "EOF while parsing an object" => "the text ends inside an object",
        "EOF while parsing a list" => "the text ends inside an array",
        "EOF while parsing a string" => "the text ends inside a string",
        "expected value" => "a value is expected",
        "invalid number" => "a number is not written as JSON writes it",
        "expected `:`" => "a colon is expected",
        "expected ident" => "expected `true`, `false` or `null`",
        "expected `,` or `}`" => "expected a comma or the end of the object",
        "expected `,` or `]`" => "expected a comma or the end of the array",
        "key must be a string" => "the name of a property must be in double quotes",
        "trailing characters" => "more text follows the value",
        "trailing comma" => "a comma must not be the last",
        "recursion limit exceeded" => "it nests too deep",
        "number out of range" => "a number is too large",
        "invalid unicode code point"
        | "lone leading surrogate in hex escape"
        | "unexpected end of hex escape" => "an escape stands for no character",
        _ => return None,
    })
}

/// What the parsed value no longer shows. Other messages of serde could repeat what was sent.
fn unexplained(error: &serde_json::Error) -> Violation {
    let text = error.to_string();
    let name = text
        .strip_prefix("duplicate field `")
        .and_then(|rest| rest.split('`').next());
    let message = match name {
        Some(name) => format!("must not have the property `{name}` twice"),
        None => "does not match the contract".to_owned(),
    };
    Violation {
        path: String::new(),
        code: ViolationCode::Custom,
        message,
    }
}

/// Everything that is wrong with a value that was built by hand.
pub fn violations<T: Wire>(value: &T) -> Vec<Violation> {
    violations_by(value, T::RULE)
}

/// As [`violations`], for a type that the contract does not name.
pub fn violations_by<T: Serialize + ?Sized>(value: &T, rule: &Rule) -> Vec<Violation> {
    let mut found = Vec::new();
    match serde_json::to_value(value) {
        Ok(value) => rule.check(&value, &At::ROOT, &mut found),
        Err(_) => Sink::new(&mut found).add(&At::ROOT, ViolationCode::Custom, || {
            "cannot be written as JSON".to_owned()
        }),
    }
    found
}

/// Which way values of a type go; properties that are `readOnly` or `writeOnly` depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// In requests, to the server.
    Request,
    /// In answers, from the server.
    Answer,
    /// Both ways, or none: it makes no difference.
    Any,
}

/// A named type, for those who go through all of them.
#[derive(Debug, Clone, Copy)]
pub struct SchemaEntry {
    /// Name of the type.
    pub name: &'static str,
    /// JSON pointer of its schema in the bundled contract, unless it is the component of its name.
    pub place: Option<&'static str>,
    /// Which way its values go.
    pub direction: Direction,
    /// Whether bytes are such a value.
    pub decode: fn(&[u8]) -> Result<(), DecodeError>,
}

impl SchemaEntry {
    /// The entry of `T`, whose schema is the component of its name.
    pub const fn of<T: Wire>(direction: Direction) -> SchemaEntry {
        SchemaEntry {
            name: T::NAME,
            place: None,
            direction,
            decode: |bytes| decode::<T>(bytes).map(drop),
        }
    }

    /// The same, of a schema at another place.
    pub const fn at(self, place: &'static str) -> SchemaEntry {
        SchemaEntry {
            place: Some(place),
            ..self
        }
    }

    /// JSON pointer of its schema in the bundled contract.
    pub fn pointer(&self) -> Cow<'static, str> {
        match self.place {
            Some(place) => place.into(),
            None => format!("/components/schemas/{}", self.name).into(),
        }
    }
}
