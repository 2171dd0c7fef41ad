//! Server-sent events, as the WHATWG has them, as values of JSON: objects with `data`, `event`, `id` and `retry`.
//!
//! Comments and fields of other names are nothing, several lines of `data` are one text with line ends between
//! them, an event ends with an empty line, and without any `data` it is none. What is behind the last empty line is
//! no event.

use serde::Serialize;
use serde_json::{Map, Value};

/// What the text of `data` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventData {
    /// Text.
    Text,
    /// JSON. An event of which it is `[DONE]`, which is no JSON, is the last.
    Json,
    /// JSON for some events and text for others: JSON where the contract has such an event.
    Either,
}

/// What many services send as the last.
pub(super) const DONE: &str = "[DONE]";

/// An event as it was sent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) data: String,
    pub(super) event: Option<String>,
    pub(super) id: Option<String>,
    pub(super) retry: Option<u64>,
}

impl Sent {
    /// The text of it as JSON; `None`: its data is no JSON.
    pub(super) fn json(&self, data_is_json: bool) -> Option<Vec<u8>> {
        let mut fields = Map::new();
        let text = |text: &String| Value::String(text.clone());
        if data_is_json {
            if !self.data.trim().is_empty() {
                serde_json::from_str::<serde::de::IgnoredAny>(&self.data).ok()?;
            }
        } else {
            fields.insert("data".to_owned(), text(&self.data));
        }
        let named = [("event", &self.event), ("id", &self.id)];
        for (name, value) in named {
            if let Some(value) = value {
                fields.insert(name.to_owned(), text(value));
            }
        }
        if let Some(retry) = self.retry {
            fields.insert("retry".to_owned(), retry.into());
        }
        let mut json = serde_json::to_vec(&fields).ok()?;
        // As it was written: numbers keep their digits.
        if data_is_json && !self.data.trim().is_empty() {
            let rest = json.split_off(1);
            json.extend_from_slice(b"\"data\":");
            json.extend_from_slice(self.data.as_bytes());
            if rest != b"}" {
                json.push(b',');
            }
            json.extend_from_slice(&rest);
        }
        Some(json)
    }
}

/// An event in the making.
#[derive(Debug, Default)]
pub(super) struct Lines {
    sent: Sent,
    has_data: bool,
    begun: bool,
    /// The last line ended with a carriage return, whose line feed is still to come.
    pub(super) returned: bool,
    /// What the server asks for as the wait before a reconnection, of whatever event.
    pub(super) wait_ms: Option<u64>,
}

impl Lines {
    /// Bytes that are kept.
    pub(super) fn held(&self) -> usize {
        self.sent.data.len()
    }

    /// Takes a line, and gives the event that it ends.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Sent> {
        let line = match self.begun {
            // A byte order mark is no part of it.
            false => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            true => line,
        };
        self.begun = true;
        if line.is_empty() {
            let sent = std::mem::take(&mut self.sent);
            return std::mem::take(&mut self.has_data).then_some(sent);
        }
        let text = String::from_utf8_lossy(line);
        let (name, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.sent.data.push('\n');
                }
                self.sent.data.push_str(value);
            }
            "event" => self.sent.event = Some(value.to_owned()).filter(|it| !it.is_empty()),
            "id" if !value.contains('\0') => self.sent.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.sent.retry = value.parse().ok();
                self.wait_ms = self.sent.retry.or(self.wait_ms);
            }
            _ => {}
        }
        None
    }
}

/// Writes an event whose fields are those of `item`.
///
/// # Errors
/// It is no object with these fields, or one of them cannot be sent.
pub(super) fn write<T: Serialize>(
    item: &T,
    data: EventData,
    to: &mut Vec<u8>,
) -> Result<(), String> {
    let item = serde_json::to_value(item).map_err(|error| error.to_string())?;
    let Value::Object(fields) = item else {
        return Err("an event is no object".to_owned());
    };
    for (name, value) in &fields {
        match (name.as_str(), value) {
            ("data", _) | (_, Value::Null) => {}
            ("event" | "id", Value::String(text)) => {
                if text.contains(['\n', '\r', '\0']) {
                    return Err(format!("`{name}` of an event has a character that ends it"));
                }
                field(name, text, to);
            }
            ("retry", Value::Number(number)) => field(name, &number.to_string(), to),
            _ => return Err(format!("`{name}` is no field of an event")),
        }
    }
    // Without `data` there would be no event.
    match fields.get("data") {
        None => field("data", "", to),
        Some(Value::String(text)) if data != EventData::Json => {
            // All ends of lines arrive as line feeds.
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            text.split('\n').for_each(|line| field("data", line, to));
        }
        Some(Value::Null) if data == EventData::Text => field("data", "", to),
        Some(value) => field("data", &value.to_string(), to),
    }
    to.push(b'\n');
    Ok(())
}

fn field(name: &str, value: &str, to: &mut Vec<u8>) {
    to.extend_from_slice(name.as_bytes());
    to.extend_from_slice(b": ");
    to.extend_from_slice(value.as_bytes());
    to.push(b'\n');
}
