//! `multipart/form-data` (RFC 7578) and `application/x-www-form-urlencoded`.

use std::borrow::Cow;
use std::error::Error as _;

use axum::body::Bytes;
use axum::http::HeaderMap;

use crate::{
    Constraint, Input, ReadError, Rejection, Scalar, SharedReader, Violation, ViolationCode,
    decode_percent, not_utf8, query_pairs, read_item, read_scalar, repeated, violation,
};
use contract_wire::{At, DecodeError};

/// A file in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    /// As the sender named it; a path in it means nothing here.
    pub file_name: Option<String>,
    /// As the sender stated it.
    pub content_type: Option<String>,
    /// Every header of the part.
    pub headers: HeaderMap,
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

/// The names of a form of which every part is looked at.
pub const ALL_PARTS: &[&str] = &["*"];

/// Whether a part of that name is looked at.
fn is_known(known: &[&str], name: &str) -> bool {
    known == ALL_PARTS || known.contains(&name)
}

/// Reads the parts whose names are `known`. `None`: there is no body.
pub(crate) async fn read_parts(
    reader: SharedReader,
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
            .filter(|name| is_known(known, name))
            .map(str::to_owned)
        else {
            while field.chunk().await.map_err(malformed)?.is_some() {}
            continue;
        };
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(ToString::to_string);
        let headers = field.headers().clone();
        let bytes = field.bytes().await.map_err(malformed)?;
        parts.push(RawPart {
            name,
            file: FilePart {
                file_name,
                content_type,
                headers,
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
///
/// # Errors
/// It is not UTF-8.
pub fn form_fields(bytes: &[u8], known: &[&str]) -> Result<Vec<RawPart>, Rejection> {
    let malformed = || Rejection::Malformed {
        message: "form body: not UTF-8".to_owned(),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    let mut parts = Vec::new();
    for (name, value) in query_pairs(text) {
        let name = decode_percent(name, true).ok_or_else(malformed)?;
        if !is_known(known, &name) {
            continue;
        }
        let value = decode_percent(value, true)
            .ok_or_else(malformed)?
            .into_owned();
        let file = FilePart {
            file_name: None,
            content_type: None,
            headers: HeaderMap::new(),
            bytes: value.into(),
        };
        parts.push(RawPart {
            name: name.into_owned(),
            file,
        });
    }
    Ok(parts)
}

/// The parts of a form while they are read.
pub struct Parts {
    pub(crate) parts: Vec<RawPart>,
}

impl Parts {
    /// These parts, none of which has been read.
    pub fn new(parts: Vec<RawPart>) -> Parts {
        Parts { parts }
    }

    /// Every part of a name.
    pub(crate) fn take(&mut self, name: &str) -> Vec<FilePart> {
        let taken = self.parts.extract_if(.., |part| part.name == name);
        taken.map(|part| part.file).collect()
    }

    /// The one part of a name.
    pub fn file(&mut self, input: &mut Input<'_>, name: &str) -> Option<Option<FilePart>> {
        let mut parts = self.take(name);
        let last = parts.pop();
        if !parts.is_empty() {
            input.found.push(repeated(&At::ROOT.property(name)));
            return None;
        }
        Some(last)
    }

    /// Every part of a name, as they are.
    pub fn files(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        least: u64,
        most: u64,
    ) -> Option<Option<Vec<FilePart>>> {
        let files = self.take(name);
        if files.is_empty() {
            return Some(None);
        }
        let count = files.len() as u64;
        let flaw = if count < least {
            (
                ViolationCode::TooSmall,
                format!("must have at least {least} items"),
            )
        } else if count > most {
            (
                ViolationCode::TooBig,
                format!("must have at most {most} items"),
            )
        } else {
            return Some(Some(files));
        };
        input.found.push(violation(&At::ROOT.property(name), flaw));
        None
    }

    /// A part with a value.
    pub fn one<T: Scalar>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        rule: Constraint,
    ) -> Option<Option<T>> {
        let Some(part) = self.file(input, name)? else {
            return Some(None);
        };
        let at = At::ROOT.property(name);
        let text = part_text(&part, &at, &mut input.found)?;
        read_scalar(text, rule, &at, &mut input.found).map(Some)
    }

    /// A part that is repeated for each value. `None` inside: there is none.
    pub fn list<T: Scalar>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        rule: Constraint,
    ) -> Option<Option<Vec<T>>> {
        let parts = self.take(name);
        if parts.is_empty() {
            return Some(None);
        }
        let at = At::ROOT.property(name);
        let before = input.found.len();
        let mut values = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            let at = at.item(index);
            if let Some(text) = part_text(part, &at, &mut input.found) {
                values.extend(read_item::<T>(text, rule, &at, &mut input.found));
            }
        }
        input.finish_list(values, before, rule, &at).map(Some)
    }

    /// A part that is JSON. Violations are reported below its name.
    pub fn json<T>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let part = self.file(input, name)?;
        let Some(part) = part else { return Some(None) };
        match decode(&part.bytes) {
            Ok(value) => return Some(Some(value)),
            Err(error) => below(name, error, &mut input.found),
        }
        None
    }
}

/// Reports what is wrong with a value below the name of its part.
pub(crate) fn below(name: &str, error: DecodeError, found: &mut Vec<Violation>) {
    let violations = match error {
        DecodeError::Invalid(violations) => violations,
        DecodeError::Syntax {
            line,
            column,
            message,
        } => {
            let message = format!("must be JSON: {message} at line {line} column {column}");
            let flaw = (ViolationCode::InvalidType, message);
            vec![violation(&At::ROOT, flaw)]
        }
    };
    found.extend(violations.into_iter().map(|mut violation| {
        let dot = match name.is_empty() || violation.path.is_empty() {
            true => "",
            false => ".",
        };
        violation.path = format!("{name}{dot}{}", violation.path);
        violation
    }));
}

pub(crate) fn part_text<'p>(
    part: &'p FilePart,
    at: &At<'_>,
    found: &mut Vec<Violation>,
) -> Option<Cow<'p, str>> {
    match std::str::from_utf8(&part.bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => {
            found.push(not_utf8(at));
            None
        }
    }
}

/// UTF-8 of a text body.
///
/// # Errors
/// It is something else.
pub fn text(bytes: Bytes) -> Result<String, Rejection> {
    String::from_utf8(Vec::from(bytes)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Rejection::Malformed {
            message: format!("text body: not UTF-8 at byte {at}"),
        }
    })
}
