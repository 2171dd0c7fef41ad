//! How parameters are written that are no plain values, nor lists of them.
//!
//! Names and values are encoded first and joined then, so that separators stay apart from what they separate. A
//! property that is `null` is left out, since text has no `null`; what a style has no form for, such as an object
//! within an object in a header, is written as JSON.

use serde::Serialize;
use serde_json::Value;

use super::path::encode;
use super::request::{EMPTY_LIST, NO_TEXT, fits_header, scalar};

/// How a value is written (OpenAPI 3.1, section 4.8.12.2); `true`: exploded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `style: simple`: `a,b`, `k,v` or, exploded, `k=v`.
    Simple(bool),
    /// `style: form`: `n=a,b`, `n=k,v` or, exploded, `n=a&n=b`, `k=v`.
    Form(bool),
    /// `style: spaceDelimited`, not exploded.
    Spaces,
    /// `style: pipeDelimited`, not exploded.
    Pipes,
    /// `style: deepObject`: `n[k]=v`.
    Deep,
    /// `style: label`: `.a,b` or, exploded, `.a.b`, `.k=v`.
    Label(bool),
    /// `style: matrix`: `;n=a,b` or, exploded, `;n=a;n=b`, `;k=v`.
    Matrix(bool),
    /// `content` of JSON.
    Json,
    /// `in: querystring` with `content` of JSON: the query is the JSON.
    WholeJson,
    /// `in: querystring` with `content` of a form: the query is the object.
    WholeForm,
}

/// Where a parameter stands that is not in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the places")]
pub enum Place {
    Query,
    Header,
    Cookie,
}

/// The value of a path parameter, encoded; empty where it cannot be written.
pub(super) fn in_path<T: Serialize + ?Sized>(name: &str, written: Notation, value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    if written != Notation::Json && writable(&value, false).is_err() {
        return String::new();
    }
    match written {
        Notation::Json => encode(&value.to_string()),
        Notation::Label(explode) => {
            let mark = if explode { "." } else { "," };
            format!(".{}", joined(&value, mark, explode, &encode))
        }
        Notation::Matrix(explode) => match &value {
            Value::Object(_) if explode => format!(";{}", joined(&value, ";", true, &encode)),
            Value::Array(items) if explode => {
                let items = items.iter().filter_map(text);
                let items = items.map(|text| format!(";{}={}", encode(name), encode(&text)));
                items.collect()
            }
            value => format!(";{}={}", encode(name), joined(value, ",", false, &encode)),
        },
        Notation::Simple(explode) => joined(&value, ",", explode, &encode),
        _ => joined(&value, ",", false, &encode),
    }
}

/// Names and values of a parameter in the query or in cookies, encoded and joined by `=`.
///
/// # Errors
/// Why it cannot be written.
pub(super) fn pairs<T: Serialize + ?Sized>(
    name: &str,
    written: Notation,
    value: &T,
) -> Result<Vec<String>, String> {
    let value = serde_json::to_value(value).unwrap_or_default();
    let one = |text: String| vec![format!("{}={text}", encode(name))];
    if !matches!(written, Notation::Json | Notation::WholeJson) {
        let is_spread = matches!(
            written,
            Notation::Form(true) | Notation::WholeForm | Notation::Deep
        );
        writable(&value, is_spread)?;
    }
    Ok(match (written, &value) {
        (Notation::WholeJson, value) => vec![encode(&value.to_string())],
        (Notation::Json, value) => one(encode(&value.to_string())),
        (_, Value::Null) => return Err(NO_TEXT.to_owned()),
        (Notation::Form(true) | Notation::WholeForm, Value::Object(entries)) => {
            let mut pairs = Vec::new();
            for (key, value) in entries {
                let texts: Vec<String> = match value {
                    Value::Array(items) => items.iter().filter_map(text).collect(),
                    value => text(value).into_iter().collect(),
                };
                let texts = texts.iter();
                pairs.extend(texts.map(|text| format!("{}={}", encode(key), encode(text))));
            }
            pairs
        }
        (Notation::Form(true), Value::Array(items)) => {
            if items.is_empty() {
                return Err(EMPTY_LIST.to_owned());
            }
            let items = items.iter().filter_map(text);
            items
                .map(|text| format!("{}={}", encode(name), encode(&text)))
                .collect()
        }
        (Notation::Deep, Value::Object(_)) => {
            let mut pairs = Vec::new();
            deep(&encode(name), &value, &mut pairs);
            pairs
        }
        (Notation::Spaces, Value::Array(_) | Value::Object(_)) => {
            if leaves(&value).iter().any(|text| text.contains(' ')) {
                return Err("an item has a space, which separates items".to_owned());
            }
            one(joined(&value, "%20", false, &encode))
        }
        (Notation::Pipes, _) => one(joined(&value, "|", false, &encode)),
        (_, value) => one(joined(value, ",", false, &encode)),
    })
}

/// The value of a header, in which nothing is encoded.
///
/// # Errors
/// Why it cannot be written.
pub(super) fn in_header<T: Serialize + ?Sized>(
    written: Notation,
    value: &T,
) -> Result<String, String> {
    let value = serde_json::to_value(value).unwrap_or_default();
    let text = match (written, &value) {
        (Notation::Json, value) => escaped(&value.to_string()),
        (_, Value::Null) => return Err(NO_TEXT.to_owned()),
        (written, value) => {
            let explode = written == Notation::Simple(true);
            writable(value, false)?;
            let is_joined = matches!(value, Value::Array(_) | Value::Object(_));
            let parted: &[char] = if explode { &[',', '='] } else { &[','] };
            if is_joined && leaves(value).iter().any(|text| text.contains(parted)) {
                return Err("an item has a comma or `=`, which separate items".to_owned());
            }
            joined(value, ",", explode, &str::to_owned)
        }
    };
    fits_header(&text).map(|()| text)
}

/// JSON in ASCII, which headers have room for.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

/// `value` with `mark` between its items, or between its names and values.
fn joined(value: &Value, mark: &str, explode: bool, encode: &dyn Fn(&str) -> String) -> String {
    match value {
        Value::Array(items) => {
            let items = items.iter().filter_map(text);
            let items: Vec<String> = items.map(|text| encode(&text)).collect();
            items.join(mark)
        }
        Value::Object(entries) => {
            let entries = entries.iter().filter_map(|(key, value)| {
                let between = if explode { "=" } else { mark };
                Some(format!("{}{between}{}", encode(key), encode(&text(value)?)))
            });
            entries.collect::<Vec<_>>().join(mark)
        }
        value => text(value).map_or_else(String::new, |text| encode(&text)),
    }
}

/// `a[b][c]=v`.
fn deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                deep(&format!("{name}[{}]", encode(key)), value, pairs);
            }
        }
        Value::Array(items) => {
            let is_plain = items.iter().all(|item| scalar(item).is_some());
            for (index, item) in items.iter().enumerate() {
                match is_plain {
                    true => deep(name, item, pairs),
                    false => deep(&format!("{name}[{index}]"), item, pairs),
                }
            }
        }
        value => pairs.extend(text(value).map(|text| format!("{name}={}", encode(&text)))),
    }
}

/// Whether the server reads back all of `value`: text has no `null` among the items of a list, and what is spread over
/// several parameters no empty list.
///
/// # Errors
/// Why it does not.
fn writable(value: &Value, is_spread: bool) -> Result<(), String> {
    match value {
        Value::Array(items) if items.iter().any(Value::is_null) => {
            Err("an item of a list is `null`, which cannot be written as text".to_owned())
        }
        Value::Array(items) if items.is_empty() && is_spread => Err(EMPTY_LIST.to_owned()),
        Value::Array(items) => items.iter().try_for_each(|item| writable(item, is_spread)),
        Value::Object(entries) => entries
            .values()
            .try_for_each(|value| writable(value, is_spread)),
        _ => Ok(()),
    }
}

/// A value as one piece of text; `None` for `null`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        value => Some(scalar(value).unwrap_or_else(|| value.to_string())),
    }
}

/// Every text that is written for `value`.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        Value::Object(entries) => {
            let texts = entries
                .iter()
                .filter_map(|(key, value)| Some([key.clone(), text(value)?]));
            texts.flatten().collect()
        }
        value => text(value).into_iter().collect(),
    }
}
