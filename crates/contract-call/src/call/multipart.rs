//! `multipart/form-data` bodies, written whole into memory, so that their length is known and a refused request can
//! be sent again.

use bytes::Bytes;
use reqwest::header::HeaderName;
use serde::Serialize;
use serde_json::Value;

use super::error::InvalidRequest;
use super::form::{OF_ITS_OWN, Piece, flat, names, pieces, properties};
use super::request::{EMPTY_LIST, Items, NO_TEXT, Style, covers, fits_header, items};

/// A file to upload.
#[derive(Debug, Clone)]
pub struct Upload {
    name: String,
    media_type: Option<String>,
    headers: Vec<(String, String)>,
    content: Bytes,
}

impl Upload {
    /// A file of that name, sent as the one type that the contract declares for it, or as
    /// `application/octet-stream`.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Upload {
        Upload {
            name: name.into(),
            media_type: None,
            headers: Vec::new(),
            content: content.into(),
        }
    }

    /// Says what the file holds, such as `text/csv`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Upload {
        self.media_type = Some(media_type.into());
        self
    }

    /// Adds a header of the part that the file is.
    pub fn header(mut self, name: impl Into<String>, value: impl ToString) -> Upload {
        self.headers.push((name.into(), value.to_string()));
        self
    }
}

/// A `multipart/form-data` body (RFC 7578). A value that cannot be sent is kept, and told when the
/// request is built.
#[derive(Default)]
pub struct Multipart {
    parts: Vec<(String, Bytes)>,
    /// What the next parts can be of.
    media_types: &'static [&'static str],
    /// Headers that the next parts must have.
    headers: &'static [&'static str],
    problem: Option<InvalidRequest>,
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// The parts of the next name are of one of these media types, which may be ranges.
    pub fn of(mut self, media_types: &'static [&'static str]) -> Multipart {
        self.media_types = media_types;
        self
    }

    /// The parts of the next name, which are files, have these headers.
    pub fn with_headers(mut self, names: &'static [&'static str]) -> Multipart {
        self.headers = names;
        self
    }

    /// The media type of the next parts, if there is one for them all.
    fn label(&self) -> Option<&'static str> {
        let mut single = self.media_types.iter().filter(|one| !one.contains('*'));
        single.next().copied()
    }

    fn text(&mut self, name: &str, text: String) {
        let mut head = disposition(name, None);
        if let Some(label) = self.label() {
            head.push_str(&format!("\r\nContent-Type: {label}"));
        }
        self.parts.push((head, text.into()));
    }

    fn push_json(&mut self, name: &str, text: String) {
        let label = self.label().unwrap_or("application/json");
        let head = format!("{}\r\nContent-Type: {label}", disposition(name, None));
        self.parts.push((head, text.into()));
    }

    /// A part that is text: a plain value, or one part for each item of a list.
    pub fn field<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Multipart {
        let values = match value.map(items) {
            None => Vec::new(),
            Some(Items::None) => return self.refuse(name, NO_TEXT),
            Some(Items::One(text)) => vec![text],
            Some(Items::Several(texts)) if texts.is_empty() => {
                return self.refuse(name, EMPTY_LIST);
            }
            Some(Items::Several(texts)) => texts,
        };
        for text in values {
            self.text(name, text);
        }
        self.done()
    }

    /// A part that is JSON, also where its value is plain text.
    pub fn json<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Multipart {
        let Some(value) = value else {
            return self.done();
        };
        match serde_json::to_string(value) {
            Ok(text) => {
                self.push_json(name, text);
                self.done()
            }
            Err(error) => self.refuse(name, &format!("it cannot be written as JSON: {error}")),
        }
    }

    /// What is plain as text, a list as one part for each item, and anything else as JSON.
    pub fn value<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Multipart {
        let pieces = match value {
            None => return self.done(),
            Some(value) => pieces(value),
        };
        match pieces {
            Ok(pieces) => {
                // A text that looks like something else says that it is none, by being JSON.
                let pieces = pieces.into_iter().map(|piece| match piece {
                    Piece::Text(text) if serde_json::from_str::<Value>(&text).is_ok() => {
                        Piece::Json(Value::String(text).to_string())
                    }
                    piece => piece,
                });
                self.push_all(name, pieces.collect());
                self.done()
            }
            Err(reason) => self.refuse(name, &reason),
        }
    }

    fn push_all(&mut self, name: &str, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) | Piece::Plain(text) => self.text(name, text),
                Piece::Json(text) => self.push_json(name, text),
            }
        }
    }

    /// The items of a list, or names and values of an object in turn, in one text.
    pub fn joined<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        style: Style,
        value: Option<&T>,
    ) -> Multipart {
        let Some(value) = value else {
            return self.done();
        };
        let separator = match style {
            Style::Commas | Style::Repeated => ',',
            Style::Spaces => ' ',
            Style::Pipes => '|',
        };
        match flat(value) {
            Err(reason) => self.refuse(name, &reason),
            Ok(texts) if texts.iter().any(|text| text.contains(separator)) => {
                let reason = format!("`{separator}` stands in it, which separates items");
                self.refuse(name, &reason)
            }
            Ok(texts) => {
                self.text(name, texts.join(&separator.to_string()));
                self.done()
            }
        }
    }

    /// The properties of an object as parts of their own, or as `name[property]`.
    pub fn fields<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        deep: bool,
        value: Option<&T>,
    ) -> Multipart {
        match value.map_or(Ok(Vec::new()), |value| properties(name, deep, value)) {
            Ok(all) => {
                for (name, pieces) in all {
                    self.push_all(&name, pieces);
                }
                self.done()
            }
            Err(reason) => self.refuse(name, &reason),
        }
    }

    /// Every entry of `value` as a part of its own; those `known` have other meanings.
    pub fn others<T: Serialize + ?Sized>(self, known: &[&str], value: &T) -> Multipart {
        match names(value)
            .iter()
            .find(|name| known.contains(&name.as_str()))
        {
            Some(_) => self.refuse("additional_properties", OF_ITS_OWN),
            None => self.fields("additional_properties", false, Some(value)),
        }
    }

    /// As `others`, of files.
    pub fn other_files<'f>(
        mut self,
        known: &[&str],
        files: impl IntoIterator<Item = (&'f String, &'f Upload)>,
    ) -> Multipart {
        for (name, file) in files {
            if known.contains(&name.as_str()) {
                return self.refuse("additional_properties", OF_ITS_OWN);
            }
            if let Err(reason) = self.push_file(name, file) {
                return self.refuse("additional_properties", reason);
            }
        }
        self.done()
    }

    /// A part that is a file.
    pub fn file(mut self, name: &'static str, file: Option<&Upload>) -> Multipart {
        let Some(file) = file else {
            return self.done();
        };
        match self.push_file(name, file) {
            Ok(()) => self.done(),
            Err(reason) => self.refuse(name, reason),
        }
    }

    fn push_file(&mut self, name: &str, file: &Upload) -> Result<(), &'static str> {
        let declared = self.label().unwrap_or("application/octet-stream");
        let media_type = file.media_type.as_deref().unwrap_or(declared);
        if fits_header(media_type).is_err() {
            return Err("its media type is none");
        }
        let any = self.media_types.is_empty();
        let is_declared = |media_type: &str| {
            let mut ranges = self.media_types.iter();
            !media_type.contains('*') && ranges.any(|range| covers(range, media_type))
        };
        if !any && !is_declared(media_type) {
            return Err("its media type is none of those that the contract declares");
        }
        let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\r' | '\n');
        if file.name.contains(is_odd) {
            return Err("its name has a control character");
        }
        let has = |name: &str| {
            let mut headers = file.headers.iter();
            headers.any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if !self.headers.iter().all(|name| has(name)) {
            return Err("a header of it is missing");
        }
        let mut head = format!(
            "{}\r\nContent-Type: {media_type}",
            disposition(name, Some(&file.name)),
        );
        for (name, value) in &file.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || fits_header(value).is_err() {
                return Err("one of its headers cannot be sent");
            }
            head.push_str(&format!("\r\n{name}: {value}"));
        }
        self.parts.push((head, file.content.clone()));
        Ok(())
    }

    /// Parts of one name, each a file.
    pub fn files(mut self, name: &'static str, files: Option<&[Upload]>) -> Multipart {
        if let Some([]) = files {
            return self.refuse(name, EMPTY_LIST);
        }
        for file in files.unwrap_or_default() {
            if let Err(reason) = self.push_file(name, file) {
                return self.refuse(name, reason);
            }
        }
        self.done()
    }

    /// What was said of the parts of one name is not true of the next.
    fn done(mut self) -> Multipart {
        (self.media_types, self.headers) = (&[], &[]);
        self
    }

    fn refuse(mut self, name: &'static str, reason: &str) -> Multipart {
        let problem = InvalidRequest::argument(name, reason);
        self.problem = self.problem.or(Some(problem));
        self
    }

    /// Media type and body.
    pub(super) fn into_body(self) -> Result<(String, Bytes), InvalidRequest> {
        let boundary = self.boundary();
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut body = Vec::new();
        for (head, content) in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((
            format!("multipart/form-data; boundary={boundary}"),
            body.into(),
        ))
    }

    /// A boundary that occurs in no part: looked for instead of trusted to chance.
    fn boundary(&self) -> String {
        let occurs = |boundary: &str| {
            let boundary = boundary.as_bytes();
            self.parts
                .iter()
                .any(|(_, content)| content.windows(boundary.len()).any(|part| part == boundary))
        };
        let mut boundary = "form-boundary".to_owned();
        let mut number = 0_u64;
        while occurs(&boundary) {
            number += 1;
            boundary = format!("form-boundary-{number}");
        }
        boundary
    }
}

/// Names are escaped as browsers do (HTML, multipart form data).
fn disposition(name: &str, file: Option<&str>) -> String {
    let escape = |text: &str| {
        text.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let mut head = format!("Content-Disposition: form-data; name=\"{}\"", escape(name));
    if let Some(file) = file {
        head.push_str(&format!("; filename=\"{}\"", escape(file)));
    }
    head
}
