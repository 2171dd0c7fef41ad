//! Reads JSON into nodes.
//!
//! The YAML reader takes most JSON, but not all: escaped surrogate pairs and long keys are beyond
//! YAML. The structure is read here, numbers and text are left to `serde_json`.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::Number;

use crate::node::{Content, Entry, MAX_DEPTH, Mark, Node};
use crate::problem::Problem;

/// Reads `text` as one JSON value.
///
/// # Errors
/// The first place that is not JSON, or every duplicate key.
pub(crate) fn read(file: u32, text: &str) -> Result<Node, Vec<Problem>> {
    let mut reader = Reader {
        file,
        text,
        offset: 0,
        line: 1,
        line_start: 0,
        counted: Cell::new((0, 0)),
        problems: Vec::new(),
    };
    let outcome = reader.document();
    match outcome {
        Ok(node) if reader.problems.is_empty() => Ok(node),
        Ok(_) => Err(reader.problems),
        Err(problem) => {
            reader.problems.push(problem);
            Err(reader.problems)
        }
    }
}

struct Reader<'a> {
    file: u32,
    text: &'a str,
    /// Offset of the next byte, always at the beginning of a character.
    offset: usize,
    line: u32,
    /// Offset of the first byte of the line.
    line_start: usize,
    /// An offset, and how many characters stand before it in its line: what comes later is counted from there,
    /// since there are documents in one line.
    counted: Cell<(usize, usize)>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Problem> {
        self.skip_space();
        let node = self.value(0)?;
        self.skip_space();
        match self.peek() {
            None => Ok(node),
            Some(_) => Err(self.unexpected("the end of the file")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        let at = self.mark();
        if depth >= MAX_DEPTH {
            return Err(Problem::new(
                at,
                format!("nodes nest deeper than {MAX_DEPTH} levels"),
            ));
        }
        let content = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Content::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Content::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node::new(at, content))
    }

    fn map(&mut self, depth: usize) -> Result<Content, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<String, Mark> = HashMap::new();
        self.offset += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(Content::Map(entries));
        }
        loop {
            let key_at = self.mark();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.skip_space();
            let node = self.value(depth + 1)?;
            match seen.insert(key.clone(), key_at) {
                None => entries.push(Entry { key, key_at, node }),
                Some(first) => self.problems.push(
                    Problem::new(key_at, format!("duplicate key `{key}`"))
                        .also("it stands first at", first),
                ),
            }
            self.skip_space();
            if self.take(b'}') {
                return Ok(Content::Map(entries));
            }
            if !self.take(b',') {
                return Err(self.unexpected("`,` or `}`"));
            }
            self.skip_space();
        }
    }

    fn list(&mut self, depth: usize) -> Result<Content, Problem> {
        let mut items = Vec::new();
        self.offset += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(Content::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Content::List(items));
            }
            if !self.take(b',') {
                return Err(self.unexpected("`,` or `]`"));
            }
            self.skip_space();
        }
    }

    fn string(&mut self) -> Result<String, Problem> {
        let at = self.mark();
        let start = self.offset;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        let mut has_escapes = false;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    end += 2;
                }
                Some(0..=0x1f) => {
                    self.offset = end;
                    return Err(Problem::new(
                        self.mark(),
                        "text must not contain control characters",
                    )
                    .hint("escape the character, for example `\\n` for the end of a line"));
                }
                Some(_) => end += 1,
                None => {
                    return Err(Problem::new(
                        at,
                        "the text that begins here has no closing quote",
                    ));
                }
            }
        }
        self.offset = end + 1;
        if !has_escapes {
            return Ok(self.text[start + 1..end].to_owned());
        }
        serde_json::from_str(&self.text[start..=end])
            .map_err(|_| Problem::new(at, "the text contains an escape that JSON does not know"))
    }

    fn number(&mut self) -> Result<Number, Problem> {
        let at = self.mark();
        let literal =
            self.literal(|byte| matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E'));
        match serde_json::from_str::<Number>(literal) {
            Ok(number) => Ok(number),
            Err(error) if error.to_string().contains("out of range") => Err(Problem::new(
                at,
                format!("`{literal}` is beyond the range of 64-bit numbers"),
            )),
            Err(_) => Err(Problem::new(at, format!("`{literal}` is not a number"))),
        }
    }

    fn word(&mut self) -> Result<Content, Problem> {
        let start = self.offset;
        match self.literal(|byte| byte.is_ascii_alphabetic()) {
            "null" => Ok(Content::Null),
            "true" => Ok(Content::Bool(true)),
            "false" => Ok(Content::Bool(false)),
            _ => {
                self.offset = start;
                Err(self.unexpected("a value"))
            }
        }
    }

    fn literal(&mut self, belongs: impl Fn(u8) -> bool) -> &str {
        let start = self.offset;
        let rest = &self.text.as_bytes()[start..];
        self.offset += rest
            .iter()
            .position(|byte| !belongs(*byte))
            .unwrap_or(rest.len());
        &self.text[start..self.offset]
    }

    fn skip_space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek() {
            self.offset += 1;
            if byte == b'\n' {
                self.line += 1;
                self.line_start = self.offset;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.offset += usize::from(taken);
        taken
    }

    fn unexpected(&self, expected: &str) -> Problem {
        let found = self.text[self.offset..].chars().next();
        let message = match found {
            Some(c) if !c.is_control() => format!("expected {expected}, found `{c}`"),
            Some(_) => format!("expected {expected}, found a control character"),
            None => format!("expected {expected}, found the end of the file"),
        };
        Problem::new(self.mark(), message)
    }

    fn mark(&self) -> Mark {
        let (from, before) = match self.counted.get() {
            (at, count) if (self.line_start..=self.offset).contains(&at) => (at, count),
            _ => (self.line_start, 0),
        };
        let before = before + self.text[from..self.offset].chars().count();
        self.counted.set((self.offset, before));
        Mark {
            file: self.file,
            line: self.line,
            column: u32::try_from(before + 1).unwrap_or(u32::MAX),
        }
    }
}
