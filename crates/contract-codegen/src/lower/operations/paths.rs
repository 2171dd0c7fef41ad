//! Path templates: what a URL can be made of, and read back from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use contract_document::child;
use serde_json::Value;

use crate::lower::source::{decoded, text};
use crate::lower::{Problems, Source};

/// A path as URLs have it.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Template {
    /// Percent-encoded, without query and fragment.
    pub(super) path: String,
    /// Names and values behind `?`.
    pub(super) query: Vec<(String, String)>,
}

/// `key` of the contract as URLs have it.
pub(super) fn template(key: &str) -> Template {
    // What is behind `#` only tells keys apart.
    let key = key.split('#').next().unwrap_or_default();
    let (path, query) = key.split_once('?').unwrap_or((key, ""));
    let mut written = String::new();
    if !path.starts_with('/') {
        written.push('/');
    }
    for (index, piece) in path.split(['{', '}']).enumerate() {
        let _ = match index % 2 {
            0 => write!(written, "{}", encoded(piece)),
            _ => write!(written, "{{{piece}}}"),
        };
    }
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    Template {
        path: written,
        query: pairs
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect(),
    }
}

/// `key`, the path of `item`, where parameters that stand beside others are replaced by the one value that they may
/// have: what is left of `{id}{extension}` is `{id}.json`.
pub(super) fn settled<'k>(source: Source<'_>, item: &str, key: &'k str) -> Cow<'k, str> {
    if !key.contains("}{") || !braces_match(key) {
        return Cow::Borrowed(key);
    }
    let pieces: Vec<&str> = key.split(['{', '}']).collect();
    let parts = pieces.iter().enumerate().map(|(index, piece)| {
        let is_beside = (index >= 2 && pieces[index - 1].is_empty())
            || (index + 2 < pieces.len() && pieces[index + 1].is_empty());
        match index % 2 {
            0 => (*piece).to_owned(),
            _ => match is_beside.then(|| only_value(source, item, piece)).flatten() {
                Some(value) => value.to_owned(),
                None => format!("{{{piece}}}"),
            },
        }
    });
    Cow::Owned(parts.collect())
}

/// The one value that the path parameter `name` has in all of `item`, if it is text that needs no encoding.
fn only_value<'a>(source: Source<'a>, item: &str, name: &str) -> Option<&'a str> {
    let node = source.get(item).and_then(Value::as_object)?;
    let more = source.get(&child(item, "additionalOperations"));
    let more = more.and_then(Value::as_object).into_iter().flatten();
    let more = more.map(|(method, _)| child(&child(item, "additionalOperations"), method));
    let places = node.keys().map(|key| child(item, key)).chain(more);
    let lists = std::iter::once(child(item, "parameters"))
        .chain(places.map(|place| child(&place, "parameters")));
    let mut values = Vec::new();
    for list in lists {
        let count = source.get(&list).and_then(Value::as_array);
        for index in 0..count.map_or(0, Vec::len) {
            let declared = source.resolve(&format!("{list}/{index}"));
            let Some((pointer, declared)) = declared else {
                continue;
            };
            if text(declared, "in") == Some("path") && text(declared, "name") == Some(name) {
                let (_, schema) = source.resolve(&child(&pointer, "schema"))?;
                let listed = schema.get("enum").and_then(Value::as_array);
                let only = listed.and_then(|values| match values.as_slice() {
                    [value] => Some(value),
                    _ => None,
                });
                values.push(schema.get("const").or(only)?.as_str()?);
            }
        }
    }
    let (first, others) = values.split_first()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    let is_text = !first.is_empty() && first.bytes().all(is_plain);
    (is_text && others.iter().all(|other| other == first)).then_some(*first)
}

/// Refuses paths that are no paths, or whose parameters cannot be told apart; warns of those that cannot be told
/// apart from another.
pub(super) fn check(source: Source<'_>, problems: &mut Problems) {
    let mut shapes: HashMap<Template, &str> = HashMap::new();
    for (key, pointer, _) in source.entries("/paths") {
        if !key.starts_with('/') {
            let message =
                format!("the path `{key}` does not start with `/`, and is read as `/{key}`");
            problems.violation(&pointer, message, format!("write `/{key}`"));
        }
        let item = source
            .resolve(&pointer)
            .map_or_else(|| pointer.clone(), |found| found.0);
        let path = settled(source, &item, key);
        if path != key {
            let message = format!(
                "parameters of the path `{key}` stand side by side, and those of one value are read as text: `{path}`"
            );
            problems.warn_key(&pointer, message, format!("write the path `{path}`"));
        }
        let own = path.split(['?', '#']).next().unwrap_or(&path);
        if let Some((message, hint)) = problem(own) {
            problems.refuse_key(&pointer, message, hint);
        }
        if own.len() < path.len() {
            let message =
                format!("the path `{key}` has a query or fragment, which paths do not have");
            let hint =
                "declare query parameters under `parameters`, one path for all that is done there";
            problems.violation(&pointer, message, hint);
        }
        let Template { path, query } = template(&path);
        let mut shape = String::new();
        for (index, piece) in path.split(['{', '}']).enumerate() {
            shape.push_str(if index % 2 == 0 { piece } else { "{}" });
        }
        let shape = Template { path: shape, query };
        if let Some(other) = shapes.get(&shape) {
            let message = format!(
                "`{key}` and `{other}` match the same requests: of two operations with one method, a server has \
                 only the first"
            );
            problems.violation(&pointer, message, "use one path with the methods of both");
        } else {
            shapes.insert(shape, key);
        }
    }
}

/// What is wrong with `path`, and what to do.
fn problem(path: &str) -> Option<(String, String)> {
    if !braces_match(path) {
        return Some((
            format!("the braces of the path `{path}` do not match"),
            "write parameters as `{name}`".to_owned(),
        ));
    }
    let mut names = path.split(['{', '}']).skip(1).step_by(2);
    if let Some(name) = names.find(|name| name.is_empty() || name.contains('/')) {
        return Some((
            format!("`{name}` cannot be the name of a parameter in the path `{path}`"),
            "name it by a word, such as `{id}`".to_owned(),
        ));
    }
    if path.contains("}{") {
        return Some((
            format!(
                "two parameters of the path `{path}` stand side by side, so that nobody can tell where the first ends"
            ),
            "put text between them, such as `{first}/{second}` or `{first},{second}`, or give one of them a single \
             value by `const`"
                .to_owned(),
        ));
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Some((
            format!("the path `{path}` has a segment `.` or `..`, which URLs resolve"),
            "write the path that is meant".to_owned(),
        ));
    }
    None
}

/// Whether every `{` is followed by its `}` before the next one.
fn braces_match(path: &str) -> bool {
    let mut is_open = false;
    for letter in path.chars() {
        match (letter, is_open) {
            ('{', true) | ('}', false) => return false,
            ('{' | '}', _) => is_open = !is_open,
            _ => {}
        }
    }
    !is_open
}

/// `text` as it stands in a URL (RFC 3986, section 3.3): encoded where it has to be and only there,
/// in one of the ways that mean the same.
fn encoded(text: &str) -> String {
    let mut written = String::new();
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        bytes = rest;
        let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
        let escape = hex(rest.first()).zip(hex(rest.get(1)));
        let byte = match (first, escape) {
            (b'%', Some((high, low))) => {
                bytes = rest.get(2..).unwrap_or_default();
                let byte = u8::try_from(high * 16 + low).unwrap_or_default();
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    written.push(char::from(byte));
                } else {
                    let _ = write!(written, "%{byte:02X}");
                }
                continue;
            }
            (byte, _) => *byte,
        };
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}
