//! Events: what the webhooks of a contract send. A receiver that is deployed today reads what a later
//! contract sends, so it reads as a client reads an answer: what this contract says of numbers and
//! texts is not held against a body. `violations` does that, for those who want it.

use serde_json::Value;

use super::{At, DecodeError, Plain, Rule, Violation, ViolationCode, Wire, decode_with};

/// One of the events of a contract: an enum with a variant for each webhook.
pub trait Event: Sized {
    /// The names of all webhooks, in the order of the contract.
    const NAMES: &'static [&'static str];

    /// Reads the body of the webhook `NAMES[index]`.
    ///
    /// # Errors
    /// Text that is not JSON, or everything that is wrong with the value.
    fn read(index: usize, body: &[u8]) -> Result<Self, DecodeError>;

    /// What no webhook of this contract sends.
    fn unknown(event: UnknownEvent) -> Self;
}

/// Events whose bodies say themselves which they are.
pub trait TaggedEvent: Event {
    /// The property that says it.
    const TAG: &'static str;

    /// What it says, in the order of the names.
    const TAGS: &'static [&'static str];
}

/// An event that was not declared when this code was generated, of a newer sender. Only reading makes
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    name: String,
    body: Vec<u8>,
}

impl UnknownEvent {
    /// Which event the body says it is, or the receiver was told.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Reads the event that `body` says it is; one that is not declared is read as unknown.
///
/// # Errors
/// Text that is not JSON, a body that does not say which event it is, or everything that is wrong
/// with the event.
pub fn parse_event<E: TaggedEvent>(body: &[u8]) -> Result<E, DecodeError> {
    let value = decode_with::<Plain<Value>>(body, |_| true, &Rule::Any)?;
    let tag = At::ROOT.property(E::TAG);
    let (at, code, message) = match value.get(E::TAG) {
        Some(Value::String(tag)) => return read(E::TAGS, tag, body),
        Some(_) => (tag, ViolationCode::InvalidType, "must be a string"),
        None if value.is_object() => (tag, ViolationCode::Required, "is required"),
        None => (At::ROOT, ViolationCode::InvalidType, "must be an object"),
    };
    Err(DecodeError::Invalid(vec![Violation {
        path: at.to_string(),
        code,
        message: message.to_owned(),
    }]))
}

/// Reads `body` as the event `name`; where that is not declared, it is read as unknown, whatever it is.
///
/// # Errors
/// Text that is not JSON, or everything that is wrong with the event.
pub fn parse_event_as<E: Event>(name: &str, body: &[u8]) -> Result<E, DecodeError> {
    read(E::NAMES, name, body)
}

fn read<E: Event>(known: &[&str], name: &str, body: &[u8]) -> Result<E, DecodeError> {
    match known.iter().position(|one| *one == name) {
        Some(index) => E::read(index, body),
        None => Ok(E::unknown(UnknownEvent {
            name: name.to_owned(),
            body: body.to_owned(),
        })),
    }
}

/// Reads the body of one event.
///
/// # Errors
/// Text that is not JSON, or everything that is wrong with the value; of a value that can be read,
/// nothing is.
pub fn read_event<T: Wire>(body: &[u8]) -> Result<T, DecodeError> {
    decode_with::<Plain<T>>(body, |_| true, T::RULE)
}
