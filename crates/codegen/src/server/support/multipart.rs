//! `multipart/form-data` (RFC 7578) and `application/x-www-form-urlencoded`.

use std::error::Error as _;
use std::fmt::Debug;

use axum::body::Bytes;

use super::{
    Flaw, Input, ListRules, ReadError, Reader, Rejection, Rules, Scalar, ViolationCode,
    decode_percent, list_flaw, query_pairs, repeated, violation,
};

/// A file in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    /// As the sender named it; a path in it means nothing here.
    pub file_name: Option<String>,
    /// As the sender stated it.
    pub content_type: Option<String>,
    /// Content.
    pub bytes: Bytes,
}

/// A body whose media type the contract leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// `Content-Type`.
    pub content_type: String,
    /// Content.
    pub bytes: Bytes,
}

/// A part of a form as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPart {
    /// Name of the field.
    pub name: String,
    /// Content and what is stated about it.
    pub file: FilePart,
}

/// Reads the parts whose names are `known`. `None`: there is no body.
pub(crate) async fn read_parts(
    mut reader: Reader,
    content_type: &str,
    known: &[&str],
) -> Result<Option<Vec<RawPart>>, Rejection> {
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    if reader.some().await?.is_none() {
        return Ok(None);
    }
    let mut form = multer::Multipart::new(reader, boundary);
    let mut parts = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(malformed)? {
        let Some(name) = field
            .name()
            .filter(|name| known.contains(name))
            .map(str::to_owned)
        else {
            while field.chunk().await.map_err(malformed)?.is_some() {}
            continue;
        };
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let bytes = field.bytes().await.map_err(malformed)?;
        parts.push(RawPart {
            name,
            file: FilePart {
                file_name,
                content_type,
                bytes,
            },
        });
    }
    Ok(Some(parts))
}

fn malformed(error: multer::Error) -> Rejection {
    if let Some(ReadError(rejection)) = error.source().and_then(|source| source.downcast_ref()) {
        return rejection.clone();
    }
    Rejection::Malformed {
        message: format!("multipart body: {error}"),
    }
}

/// Reads the fields of a form whose names are `known`.
pub(crate) fn form_fields(bytes: &[u8], known: &[&str]) -> Result<Vec<RawPart>, Rejection> {
    let malformed = || Rejection::Malformed {
        message: "form body: not UTF-8".to_owned(),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    let mut parts = Vec::new();
    for (name, value) in query_pairs(text) {
        let name = decode_percent(name, true).ok_or_else(malformed)?;
        if !known.contains(&name.as_ref()) {
            continue;
        }
        let value = decode_percent(value, true)
            .ok_or_else(malformed)?
            .into_owned();
        let file = FilePart {
            file_name: None,
            content_type: None,
            bytes: value.into(),
        };
        parts.push(RawPart {
            name: name.into_owned(),
            file,
        });
    }
    Ok(parts)
}

/// What a part can be read as.
pub trait PartValue: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_part(part: FilePart, rules: &Rules) -> Result<Self, Flaw>;
}

impl PartValue for FilePart {
    fn from_part(part: FilePart, _rules: &Rules) -> Result<FilePart, Flaw> {
        Ok(part)
    }
}

impl<T: Scalar> PartValue for T {
    fn from_part(part: FilePart, rules: &Rules) -> Result<T, Flaw> {
        match std::str::from_utf8(&part.bytes) {
            Ok(text) => T::read(text, rules),
            Err(_) => Err((ViolationCode::InvalidString, "must be UTF-8".to_owned())),
        }
    }
}

/// The parts of a form while they are read.
pub struct Parts {
    parts: Vec<RawPart>,
}

impl Parts {
    /// Of a form of any kind.
    pub fn new(parts: Vec<RawPart>) -> Parts {
        Parts { parts }
    }

    fn take(&mut self, name: &str) -> Vec<FilePart> {
        let taken = self.parts.extract_if(.., |part| part.name == name);
        taken.map(|part| part.file).collect()
    }

    /// The one part of a name; two are a violation.
    pub fn single(&mut self, input: &mut Input<'_>, name: &str) -> Option<Option<FilePart>> {
        let mut parts = self.take(name);
        let last = parts.pop();
        if !parts.is_empty() {
            input.report(violation(name, repeated()));
            return None;
        }
        Some(last)
    }

    /// A part that may be absent.
    pub fn optional<T: PartValue>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        rules: &Rules,
    ) -> Option<Option<T>> {
        let Some(part) = self.single(input, name)? else {
            return Some(None);
        };
        match T::from_part(part, rules) {
            Ok(value) => Some(Some(value)),
            Err(flaw) => {
                input.report(violation(name, flaw));
                None
            }
        }
    }

    /// A part that may be repeated.
    pub fn list<T: PartValue + Debug>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        rules: &ListRules,
    ) -> Option<Vec<T>> {
        let parts = self.take(name);
        let count = parts.len();
        let mut values = Vec::with_capacity(count);
        for (index, part) in parts.into_iter().enumerate() {
            match T::from_part(part, &rules.item) {
                Ok(value) => values.push(value),
                Err(flaw) => input.report(violation(format!("{name}.{index}"), flaw)),
            }
        }
        if let Some(flaw) = list_flaw(&values, count as u64, rules) {
            input.report(violation(name, flaw));
            return None;
        }
        (values.len() == count).then_some(values)
    }

    /// `value`, which must be there.
    pub fn require<T>(input: &mut Input<'_>, name: &str, value: Option<Option<T>>) -> Option<T> {
        if let Some(None) = value {
            input.report(violation(
                name,
                (ViolationCode::Required, "is required".to_owned()),
            ));
        }
        value.flatten()
    }
}

/// UTF-8 of a text body.
pub(crate) fn text(bytes: Bytes) -> Result<String, Rejection> {
    String::from_utf8(Vec::from(bytes)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Rejection::Malformed {
            message: format!("text body: not UTF-8 at byte {at}"),
        }
    })
}
