//! Where one item of a sequence ends and the next begins: lines of JSON, and JSON texts behind record separators
//! (RFC 7464).

/// The byte that begins a record.
pub(super) const SEPARATOR: u8 = 0x1e;

/// What arrives, until it is taken.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// What was taken.
    start: usize,
    /// What was looked through behind it.
    seen: usize,
}

impl Buffer {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    /// Takes so many bytes, and gives those before the last `without`.
    pub(super) fn take(&mut self, count: usize, without: usize) -> &[u8] {
        let from = self.start;
        self.start = (from + count).min(self.bytes.len());
        self.seen = 0;
        let end = self.start.saturating_sub(without).max(from);
        self.bytes.get(from..end).unwrap_or_default()
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        *self = Buffer::default();
    }

    /// Where `wanted` stands first, from `least` on. What was looked through before is not looked through again.
    pub(super) fn find(&mut self, wanted: impl Fn(u8) -> bool, least: usize) -> Option<usize> {
        let from = self.seen.max(least);
        let rest = self.rest();
        let found = rest.get(from..)?.iter().position(|byte| wanted(*byte));
        let found = found.map(|at| from + at);
        self.seen = found.unwrap_or(rest.len());
        found
    }
}

/// The next line, without its end; the last need not have one.
pub(super) fn line(buffer: &mut Buffer, over: bool) -> Option<&[u8]> {
    match buffer.find(|byte| byte == b'\n', 0) {
        Some(at) => Some(buffer.take(at + 1, 1)),
        None if over && !buffer.is_empty() => Some(buffer.take(buffer.rest().len(), 0)),
        None => None,
    }
}

/// The next record with its separator. It ends where the next begins, or all is over.
pub(super) fn record(buffer: &mut Buffer, over: bool) -> Option<&[u8]> {
    match buffer.find(|byte| byte == SEPARATOR, 1) {
        Some(at) => Some(buffer.take(at, 0)),
        // A record that has its line end is there, whether or not another follows.
        None if buffer.rest().ends_with(b"\n") && is_text(buffer.rest()) => {
            Some(buffer.take(buffer.rest().len(), 0))
        }
        None if over && !buffer.is_empty() => Some(buffer.take(buffer.rest().len(), 0)),
        None => None,
    }
}

/// Whether a record is a whole JSON text, which may have line ends within.
fn is_text(record: &[u8]) -> bool {
    let text = record.strip_prefix(&[SEPARATOR]).unwrap_or(record);
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether a JSON text at the end of everything may be the beginning of another one: a number, or a word, which
/// nothing closes.
pub(super) fn is_open_ended(text: &[u8]) -> bool {
    let last = text.last().copied().unwrap_or_default();
    last.is_ascii_alphanumeric()
}
