//! `application/x-www-form-urlencoded` bodies, written whole into memory like those in parts, and the texts that
//! values become in both.

use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

use super::error::InvalidRequest;
use super::path::encode;
use super::request::{EMPTY_LIST, NO_TEXT, Style, pairs, scalar};

/// An `application/x-www-form-urlencoded` body. A value that cannot be sent is kept, and told when
/// the request is built.
#[derive(Default)]
pub struct Form {
    /// Names with values, encoded.
    pairs: Vec<String>,
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
            Ok(pairs) => {
                for (name, text) in pairs {
                    self.pairs.push(encoded(name, &text));
                }
            }
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    /// A field that is JSON, also where its value is plain text.
    pub fn json<T: Serialize + ?Sized>(mut self, name: &'static str, value: Option<&T>) -> Form {
        match value.map(serde_json::to_string).transpose() {
            Ok(text) => {
                self.pairs.extend(text.map(|text| encoded(name, &text)));
                self
            }
            Err(error) => self.refuse(name, format!("it cannot be written as JSON: {error}")),
        }
    }

    /// What is plain as text, a list as one field for each item, and anything else as JSON.
    pub fn value<T: Serialize + ?Sized>(mut self, name: &'static str, value: Option<&T>) -> Form {
        match value.map_or(Ok(Vec::new()), pieces) {
            Ok(pieces) => {
                self.push_all(name, pieces);
                self
            }
            Err(reason) => self.refuse(name, reason),
        }
    }

    fn push_all(&mut self, name: &str, pieces: Vec<Piece>) {
        for Piece::Text(text) | Piece::Plain(text) | Piece::Json(text) in pieces {
            self.pairs.push(encoded(name, &text));
        }
    }

    /// The items of a list, or names and values of an object in turn, in one text.
    pub fn joined<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        style: Style,
        value: Option<&T>,
    ) -> Form {
        let Some(value) = value else { return self };
        let texts = match flat(value) {
            Ok(texts) => texts,
            Err(reason) => return self.refuse(name, reason),
        };
        if style == Style::Spaces && texts.iter().any(|text| text.contains(' ')) {
            let reason = "an item has a space, which separates items";
            return self.refuse(name, reason.to_owned());
        }
        let texts: Vec<String> = texts.iter().map(|text| encode(text)).collect();
        let separator = match style {
            Style::Commas | Style::Repeated => ",",
            Style::Spaces => "%20",
            Style::Pipes => "|",
        };
        let pair = format!("{}={}", encode(name), texts.join(separator));
        self.pairs.push(pair);
        self
    }

    /// The properties of an object as fields of their own, or as `name[property]`.
    pub fn fields<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        deep: bool,
        value: Option<&T>,
    ) -> Form {
        match value.map_or(Ok(Vec::new()), |value| properties(name, deep, value)) {
            Ok(all) => {
                for (name, pieces) in all {
                    self.push_all(&name, pieces);
                }
                self
            }
            Err(reason) => self.refuse(name, reason),
        }
    }

    /// Every entry of `value` as a field of its own; those `known` have other meanings.
    pub fn others<T: Serialize + ?Sized>(self, known: &[&str], value: &T) -> Form {
        match names(value)
            .iter()
            .find(|name| known.contains(&name.as_str()))
        {
            Some(_) => self.refuse("additional_properties", OF_ITS_OWN.to_owned()),
            None => self.fields("additional_properties", false, Some(value)),
        }
    }

    fn refuse(mut self, name: &'static str, reason: String) -> Form {
        let problem = InvalidRequest::argument(name, reason);
        self.problem = self.problem.or(Some(problem));
        self
    }

    pub(super) fn into_text(self) -> Result<String, InvalidRequest> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok(self.pairs.join("&")),
        }
    }
}

/// A pair as forms have it: the query of a URL is written by the same rules.
fn encoded(name: &str, text: &str) -> String {
    match Url::parse("form:/") {
        Ok(mut url) => {
            url.query_pairs_mut().append_pair(name, text);
            url.query().unwrap_or_default().to_owned()
        }
        Err(_) => String::new(),
    }
}

pub(super) const OF_ITS_OWN: &str = "one of its names is a part of its own";

/// A text of a form, and what it stands for.
pub(super) enum Piece {
    /// Itself.
    Text(String),
    /// A number or boolean.
    Plain(String),
    Json(String),
}

fn piece(value: &Value) -> Result<Piece, String> {
    match (scalar(value), value) {
        (Some(text), Value::String(_)) => Ok(Piece::Text(text)),
        (Some(text), _) => Ok(Piece::Plain(text)),
        (None, Value::Null) => Err(NO_TEXT.to_owned()),
        (None, value) => Ok(Piece::Json(value.to_string())),
    }
}

/// The texts of a value: one for each item of a list.
pub(super) fn pieces<T: Serialize + ?Sized>(value: &T) -> Result<Vec<Piece>, String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    of_value(&value)
}

fn of_value(value: &Value) -> Result<Vec<Piece>, String> {
    match value {
        Value::Array(items) if items.is_empty() => Err(EMPTY_LIST.to_owned()),
        Value::Array(items) => items.iter().map(piece).collect(),
        value => piece(value).map(|piece| vec![piece]),
    }
}

/// The texts of the properties of an object, by name; what is null is left out, which is all that can be said.
pub(super) fn properties<T: Serialize + ?Sized>(
    name: &str,
    deep: bool,
    value: &T,
) -> Result<Vec<(String, Vec<Piece>)>, String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let Value::Object(object) = value else {
        return Err("it is no object".to_owned());
    };
    let entries = object.iter().filter(|(_, value)| !value.is_null());
    let entries = entries.map(|(key, value)| {
        let name = match deep {
            true => format!("{name}[{key}]"),
            false => key.clone(),
        };
        let pieces = of_value(value).map_err(|reason| format!("`{key}`: {reason}"))?;
        Ok((name, pieces))
    });
    entries.collect()
}

/// The names of the entries of a map.
pub(super) fn names<T: Serialize + ?Sized>(value: &T) -> Vec<String> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => object.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

/// The items of a list, or names and values of an object in turn; none is no text.
pub(super) fn flat<T: Serialize + ?Sized>(value: &T) -> Result<Vec<String>, String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let texts: Option<Vec<String>> = match &value {
        Value::Array(items) => items.iter().map(scalar).collect(),
        Value::Object(object) => {
            let entries = object.iter().filter(|(_, value)| !value.is_null());
            let entries = entries.map(|(key, value)| Some([key.clone(), scalar(value)?]));
            let entries: Option<Vec<[String; 2]>> = entries.collect();
            entries.map(|entries| entries.into_iter().flatten().collect())
        }
        value => scalar(value).map(|text| vec![text]),
    };
    match texts {
        None => Err(NO_TEXT.to_owned()),
        Some(texts) => match texts.as_slice() {
            [] => Err(EMPTY_LIST.to_owned()),
            [one] if one.is_empty() => {
                Err("one empty text cannot be told apart from an empty list".to_owned())
            }
            _ => Ok(texts),
        },
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
