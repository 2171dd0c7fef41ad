//! Sequences of items: reading them from bytes as these arrive, and writing one after the other.
//!
//! An item that is not what the contract says is an error with its number, and the next is read all the same, since
//! where it begins does not depend on it. What breaks off, and an item beyond the limit, is the last.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;

use serde::Serialize;

use super::frames::{self, Buffer, SEPARATOR};
use super::parts::{self, Part, Parts};
use super::server_sent::{self, DONE, EventData, Lines, Sent};
use super::{DecodeError, Rule, Violation};

/// How the items of a sequence are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// JSON, one in a line: `application/jsonl`, `application/x-ndjson`.
    Lines,
    /// JSON texts, each behind a record separator: `application/json-seq`.
    Records,
    /// Server-sent events: `text/event-stream`.
    Events(EventData),
    /// Parts: `multipart/mixed`. Those that are written have this between them, which [`new_boundary`] makes.
    Parts(u128),
}

/// What stands between the parts of one body, and in no other.
pub fn new_boundary() -> u128 {
    // Not a secret, but nobody can know it before; what the standard library seeds its hash tables with is enough.
    let random = RandomState::new();
    u128::from(random.hash_one(0)) << 64 | u128::from(random.hash_one(1))
}

/// The media type of a body of parts with this between them.
pub fn with_boundary(media_type: &str, boundary: u128) -> String {
    format!("{media_type}; boundary={boundary:032x}")
}

/// What can be an item.
pub trait Item {
    /// Writes it as JSON, or a part of it.
    ///
    /// # Errors
    /// It has no form on the wire.
    fn write(&self, framing: Framing, to: &mut Vec<u8>) -> Result<(), String>;

    /// Where it departs from `rule`.
    fn violations(&self, rule: &Rule) -> Vec<Violation>;
}

impl<T: Serialize> Item for T {
    fn write(&self, framing: Framing, to: &mut Vec<u8>) -> Result<(), String> {
        if let Framing::Events(data) = framing {
            return server_sent::write(self, data, to);
        }
        if matches!(framing, Framing::Parts(_)) {
            to.extend_from_slice(b"content-type: application/json\r\n\r\n");
        }
        serde_json::to_writer(to, self).map_err(|error| error.to_string())
    }

    fn violations(&self, rule: &Rule) -> Vec<Violation> {
        super::violations_by(self, rule)
    }
}

impl Item for Part {
    fn write(&self, _: Framing, to: &mut Vec<u8>) -> Result<(), String> {
        self.write(to)
    }

    fn violations(&self, _: &Rule) -> Vec<Violation> {
        Vec::new()
    }
}

/// What is wrong with an item.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ItemFlaw {
    /// It is not what the contract says.
    Invalid(DecodeError),
    /// It has more than so many bytes.
    TooLarge(usize),
    /// It breaks off.
    Truncated,
}

impl fmt::Display for ItemFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemFlaw::Invalid(error) => error.fmt(f),
            ItemFlaw::TooLarge(limit) => write!(f, "it has more than {limit} bytes"),
            ItemFlaw::Truncated => f.write_str("it breaks off"),
        }
    }
}

impl std::error::Error for ItemFlaw {}

/// An item as it was read.
#[derive(Debug)]
pub struct ReadItem<T> {
    /// The item, or what is wrong with it.
    pub item: Result<T, ItemFlaw>,
    /// Its number, from 1.
    pub number: u64,
    /// `id` of an event.
    pub id: Option<String>,
}

type Decode<T> = Box<dyn Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync>;

/// Reads a sequence.
pub struct ItemReader<T> {
    framing: Framing,
    decode: Decode<T>,
    limit: usize,
    buffer: Buffer,
    lines: Lines,
    parts: Parts,
    number: u64,
    /// Nothing more arrives.
    over: bool,
    /// Nothing more is read.
    done: bool,
}

impl<T> ItemReader<T> {
    /// Reads items that are framed like this, each with at most `limit` bytes.
    pub fn new(
        framing: Framing,
        limit: usize,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync + 'static,
    ) -> ItemReader<T> {
        ItemReader {
            framing,
            decode: Box::new(decode),
            limit,
            buffer: Buffer::default(),
            lines: Lines::default(),
            parts: Parts::default(),
            number: 0,
            over: false,
            done: false,
        }
    }

    /// The same with another limit.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// The media type as it was sent, which says where parts end.
    pub fn set_content_type(&mut self, content_type: &str) {
        self.parts = Parts::new(&parts::boundary(content_type).unwrap_or_default());
    }

    /// What has arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if !self.done {
            self.buffer.push(bytes);
        }
    }

    /// Nothing more arrives.
    pub fn end(&mut self) {
        self.over = true;
    }

    /// Whether nothing more is read, whatever arrives.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The wait before a reconnection that the sender of events asks for, in milliseconds.
    pub fn wait_ms(&self) -> Option<u64> {
        self.lines.wait_ms
    }

    /// The next item of what has arrived.
    #[allow(clippy::should_implement_trait, reason = "more may come after `None`")]
    pub fn next(&mut self) -> Option<ReadItem<T>> {
        if self.done {
            return None;
        }
        let read = match self.framing {
            Framing::Lines => self.line(),
            Framing::Records => self.record(),
            Framing::Events(data) => self.event(data),
            Framing::Parts(_) => self.part(),
        };
        if read.is_none() && !self.done && self.buffer.rest().len() + self.lines.held() > self.limit
        {
            return Some(self.last(ItemFlaw::TooLarge(self.limit)));
        }
        read
    }

    fn line(&mut self) -> Option<ReadItem<T>> {
        loop {
            let line = frames::line(&mut self.buffer, self.over)?;
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if line.len() > self.limit {
                return Some(self.last(ItemFlaw::TooLarge(self.limit)));
            }
            let decoded = (self.decode)(line);
            let is_cut = decoded.is_err() && is_cut(line);
            return Some(match is_cut && self.over && self.buffer.is_empty() {
                true => self.last(ItemFlaw::Truncated),
                false => self.item(decoded, None),
            });
        }
    }

    fn record(&mut self) -> Option<ReadItem<T>> {
        loop {
            let record = frames::record(&mut self.buffer, self.over)?;
            let text = record.strip_prefix(&[SEPARATOR]).unwrap_or(record);
            if text.trim_ascii().is_empty() {
                continue;
            }
            if text.len() > self.limit {
                return Some(self.last(ItemFlaw::TooLarge(self.limit)));
            }
            // RFC 7464, section 2.4: a number without a line end behind it may have lost digits.
            let is_cut = is_cut(text) || frames::is_open_ended(text);
            let decoded = (self.decode)(text.trim_ascii());
            return Some(match is_cut {
                true if self.over && self.buffer.is_empty() => self.last(ItemFlaw::Truncated),
                true => self.numbered(Err(ItemFlaw::Truncated), None),
                false => self.item(decoded, None),
            });
        }
    }

    fn part(&mut self) -> Option<ReadItem<T>> {
        match self.parts.next(&mut self.buffer) {
            Some(part) if part.len() > self.limit => {
                Some(self.last(ItemFlaw::TooLarge(self.limit)))
            }
            Some(part) => {
                let decoded = (self.decode)(part);
                Some(self.item(decoded, None))
            }
            None if self.parts.ended => {
                // What follows is for nobody.
                self.done = true;
                self.buffer.clear();
                None
            }
            // The last boundary says that it is the last.
            None if self.over => Some(self.last(ItemFlaw::Truncated)),
            None => None,
        }
    }

    fn event(&mut self, data: EventData) -> Option<ReadItem<T>> {
        loop {
            if self.lines.returned && !self.buffer.is_empty() {
                self.lines.returned = false;
                if self.buffer.rest().first() == Some(&b'\n') {
                    self.buffer.take(1, 0);
                }
            }
            let at = self.buffer.find(|byte| matches!(byte, b'\n' | b'\r'), 0)?;
            self.lines.returned = self.buffer.rest().get(at) == Some(&b'\r');
            if at + self.lines.held() > self.limit {
                return Some(self.last(ItemFlaw::TooLarge(self.limit)));
            }
            let line = self.buffer.take(at + 1, 1);
            let Some(sent) = self.lines.line(line) else {
                continue;
            };
            if data == EventData::Json && sent.data.trim() == DONE {
                self.done = true;
                self.buffer.clear();
                return None;
            }
            let decoded = self.decode_event(&sent, data);
            return Some(self.item(decoded, sent.id));
        }
    }

    fn decode_event(&self, sent: &Sent, data: EventData) -> Result<T, DecodeError> {
        let text = || (self.decode)(&sent.json(false).unwrap_or_default());
        match data {
            EventData::Text => text(),
            EventData::Json => match sent.json(true) {
                Some(json) => (self.decode)(&json),
                // What is wrong with the data stands in it.
                None => Err(not_json(&sent.data)),
            },
            EventData::Either => match sent.json(true).map(|json| (self.decode)(&json)) {
                Some(Ok(item)) => Ok(item),
                Some(Err(error)) => text().map_err(|_| error),
                None => text(),
            },
        }
    }

    fn item(&mut self, decoded: Result<T, DecodeError>, id: Option<String>) -> ReadItem<T> {
        self.numbered(decoded.map_err(ItemFlaw::Invalid), id)
    }

    fn numbered(&mut self, item: Result<T, ItemFlaw>, id: Option<String>) -> ReadItem<T> {
        self.number += 1;
        ReadItem {
            item,
            number: self.number,
            id,
        }
    }

    /// What cannot be read on from.
    fn last(&mut self, flaw: ItemFlaw) -> ReadItem<T> {
        self.done = true;
        self.buffer.clear();
        self.numbered(Err(flaw), None)
    }
}

impl<T> fmt::Debug for ItemReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemReader")
            .field("framing", &self.framing)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// Whether a text ends within a value of JSON.
fn is_cut(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

fn not_json(data: &str) -> DecodeError {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(data).err();
    DecodeError::Syntax {
        line: error.as_ref().map_or(1, serde_json::Error::line),
        column: error.as_ref().map_or(1, serde_json::Error::column),
        message: "the data of the event is no value".to_owned(),
    }
}

/// Writes `item` behind those that are written already.
///
/// # Errors
/// It has no form on the wire; nothing is written then.
pub fn write_item<T: Item>(framing: Framing, item: &T, to: &mut Vec<u8>) -> Result<(), String> {
    let before = to.len();
    match framing {
        Framing::Lines | Framing::Events(_) => {}
        Framing::Records => to.push(SEPARATOR),
        Framing::Parts(boundary) => {
            to.extend_from_slice(format!("--{boundary:032x}\r\n").as_bytes());
        }
    }
    item.write(framing, to)
        .inspect_err(|_| to.truncate(before))?;
    match framing {
        Framing::Lines | Framing::Records => to.push(b'\n'),
        Framing::Events(_) => {}
        Framing::Parts(_) => to.extend_from_slice(b"\r\n"),
    }
    Ok(())
}

/// Writes `item`, or what stands behind the last one.
///
/// # Errors
/// As [`write_item`].
pub fn write_next<T: Item>(
    framing: Framing,
    item: Option<&T>,
    to: &mut Vec<u8>,
) -> Result<(), String> {
    match item {
        Some(item) => write_item(framing, item, to)?,
        None => write_end(framing, to),
    }
    Ok(())
}

/// Writes what stands behind the last item.
pub fn write_end(framing: Framing, to: &mut Vec<u8>) {
    if let Framing::Parts(boundary) = framing {
        to.extend_from_slice(format!("--{boundary:032x}--\r\n").as_bytes());
    }
}
