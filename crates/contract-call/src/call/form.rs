//! Form bodies. Both kinds are written whole into memory, so that their length is known and a
//! refused request can be sent again.

use bytes::Bytes;
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

use super::error::InvalidRequest;
use super::request::{EMPTY_LIST, NO_TEXT, fits_header, pairs, scalar};

/// A file to upload.
#[derive(Debug, Clone)]
pub struct Upload {
    name: String,
    media_type: String,
    content: Bytes,
}

impl Upload {
    /// A file of that name, sent as `application/octet-stream`.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Upload {
        Upload {
            name: name.into(),
            media_type: "application/octet-stream".to_owned(),
            content: content.into(),
        }
    }

    /// Says what the file holds, such as `text/csv`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Upload {
        self.media_type = media_type.into();
        self
    }
}

/// A `multipart/form-data` body (RFC 7578). A value that cannot be sent is kept, and told when the
/// request is built.
#[derive(Default)]
pub struct Multipart {
    parts: Vec<(String, Bytes)>,
    problem: Option<InvalidRequest>,
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// A part that is text: a plain value, or one part for each item of a list.
    pub fn field<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Multipart {
        let Some(value) = value else { return self };
        let values = match serde_json::to_value(value).unwrap_or(Value::Null) {
            Value::Array(items) => items,
            value => vec![value],
        };
        if values.is_empty() {
            return self.refuse(name, EMPTY_LIST);
        }
        for value in values {
            match scalar(&value) {
                Some(text) => self.parts.push((disposition(name, None), text.into())),
                None => return self.refuse(name, NO_TEXT),
            }
        }
        self
    }

    /// A part that is JSON, also where its value is plain text.
    pub fn json<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Multipart {
        let Some(value) = value else { return self };
        match serde_json::to_string(value) {
            Ok(text) => {
                let head = disposition(name, None) + "\r\nContent-Type: application/json";
                self.parts.push((head, text.into()));
                self
            }
            Err(error) => self.refuse(name, &format!("it cannot be written as JSON: {error}")),
        }
    }

    /// A part that is a file.
    pub fn file(mut self, name: &'static str, file: Option<&Upload>) -> Multipart {
        let Some(file) = file else { return self };
        if fits_header(&file.media_type).is_err() {
            return self.refuse(name, "its media type is none");
        }
        let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\r' | '\n');
        if file.name.contains(is_odd) {
            return self.refuse(name, "its name has a control character");
        }
        let head = format!(
            "{}\r\nContent-Type: {}",
            disposition(name, Some(&file.name)),
            file.media_type
        );
        self.parts.push((head, file.content.clone()));
        self
    }

    /// Parts of one name, each a file.
    pub fn files(self, name: &'static str, files: Option<&[Upload]>) -> Multipart {
        match files {
            Some([]) => self.refuse(name, EMPTY_LIST),
            files => files
                .unwrap_or_default()
                .iter()
                .fold(self, |form, file| form.file(name, Some(file))),
        }
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

/// An `application/x-www-form-urlencoded` body. A value that cannot be sent is kept, and told when
/// the request is built.
#[derive(Default)]
pub struct Form {
    pairs: Vec<(&'static str, String)>,
    problem: Option<InvalidRequest>,
}

impl Form {
    /// A form without fields.
    pub fn new() -> Form {
        Form::default()
    }

    /// A field: a plain value, or one field for each item of a list.
    pub fn field<T: Serialize + ?Sized>(mut self, name: &'static str, value: Option<&T>) -> Form {
        match pairs(name, value) {
            Ok(pairs) => self.pairs.extend(pairs),
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    pub(super) fn into_text(self) -> Result<String, InvalidRequest> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        // The query of a URL is written by the same rules.
        Ok(match Url::parse("form:/") {
            Ok(mut url) => {
                url.query_pairs_mut().extend_pairs(self.pairs);
                url.query().unwrap_or_default().to_owned()
            }
            Err(_) => String::new(),
        })
    }
}

/// RFC 4648 base64, for Basic credentials.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            if index <= chunk.len() {
                let six = (group >> (18 - 6 * index)) & 63;
                text.push(char::from(ALPHABET[six as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
