//! Where a request goes: a path template with values in it.
//!
//! The server reads back what was given, or nothing is sent. Whatever RFC 3986 reserves is
//! percent-encoded, and so is everything else but letters, digits and `-._~`. These stand for
//! themselves: encoded they mean the same (section 6.2.2.2), so what is on the way may decode them.
//! A value that nothing but that could tell apart from the text of a template is refused.

use std::cmp::Reverse;
use std::fmt::Write as _;

use serde::Serialize;

use super::request::{Items, items};
use super::structured::{self, Notation};

/// Why a path cannot be written: the parameter and the reason.
pub type Refusal = (&'static str, String);

/// A value in a path, encoded; the items of a list are encoded one by one.
pub fn value(value: &impl Serialize) -> String {
    match items(value) {
        Items::None => String::new(),
        Items::One(text) => encode(&text),
        Items::Several(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| encode(text)).collect();
            texts.join(",")
        }
    }
}

/// As [`value`], of a parameter that is no plain value, nor a list of them.
pub fn structured(name: &str, written: Notation, value: &impl Serialize) -> String {
    structured::in_path(name, written, value)
}

/// `text` with everything percent-encoded that is not unreserved (RFC 3986, section 2.3).
pub(super) fn encode(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

/// The path of `template` with `values`, encoded and by name, in place of its parameters.
/// `templates` are those of the whole contract: none of them may claim the path for itself.
///
/// # Errors
/// A value that is empty, or that the server would not read back as it was given.
pub fn fill(
    template: &'static str,
    values: &[(&'static str, String)],
    templates: impl IntoIterator<Item = &'static str>,
) -> Result<String, Refusal> {
    let mut path = String::with_capacity(template.len());
    for segment in segments(template) {
        path.push('/');
        let start = path.len();
        let pieces = pieces(segment);
        let mut given = Vec::new();
        for piece in &pieces {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Value(name) => {
                    let text = values.iter().find(|(known, _)| known == name);
                    let text = text.map_or("", |(_, text)| text.as_str());
                    if text.is_empty() {
                        return Err((name, "it is empty".to_owned()));
                    }
                    given.push((*name, text));
                    path.push_str(text);
                }
            }
        }
        let written = &path[start..];
        if let (Some((name, _)), "." | "..") = (given.first(), written) {
            return Err((name, format!("a URL does without a segment `{written}`")));
        }
        let read = split(&pieces, written).unwrap_or_default();
        let other = given
            .iter()
            .enumerate()
            .find(|(index, (_, text))| read.get(*index) != Some(text));
        if let Some((_, (name, _))) = other {
            let reason = format!("it could not be told apart from the rest of `{segment}`");
            return Err((name, reason));
        }
    }
    for rival in templates {
        if let Some(name) = lost(template, rival, &path) {
            return Err((name, format!("with it, the path is that of `{rival}`")));
        }
    }
    Ok(path)
}

/// The parameter of `template` whose value hands `path` over to `rival`.
///
/// Servers prefer, segment by segment, text to text with parameters to a parameter alone.
fn lost(template: &'static str, rival: &'static str, path: &str) -> Option<&'static str> {
    let own = segments(template).map(pieces);
    let others = segments(rival).map(pieces);
    let count = segments(template).count();
    if template == rival || segments(rival).count() != count || segments(path).count() != count {
        return None;
    }
    let mut first = None;
    for ((own, other), segment) in own.zip(others).zip(segments(path)) {
        split(&other, segment)?;
        let (ours, theirs) = (rank(&own), rank(&other));
        if first.is_none() && ours != theirs {
            let name = own.iter().find_map(|piece| match piece {
                Piece::Value(name) => Some(*name),
                Piece::Text(_) => None,
            });
            first = Some(name.filter(|_| theirs < ours));
        }
    }
    first.flatten()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Text(&'static str),
    Value(&'static str),
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// Cuts a segment of a template, e.g. `{id}:cancel`.
fn pieces(mut segment: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((text, rest)) = segment.split_once('{')
        && let Some((name, rest)) = rest.split_once('}')
    {
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(Piece::Value(name));
        segment = rest;
    }
    if !segment.is_empty() {
        pieces.push(Piece::Text(segment));
    }
    pieces
}

/// What a server prefers comes first.
fn rank(pieces: &[Piece]) -> (u8, Reverse<usize>, Vec<Option<&'static str>>) {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => Some(*text),
        Piece::Value(_) => None,
    };
    let texts: Vec<Option<&str>> = pieces.iter().map(text).collect();
    let length = texts.iter().flatten().map(|text| text.len()).sum();
    let kind = match texts.as_slice() {
        [] | [Some(_)] => 0,
        [None] => 2,
        _ => 1,
    };
    (kind, Reverse(length), texts)
}

/// The values that a server reads in `segment`, if it has the form of `pieces`: a parameter takes
/// as little as possible, at least one character, and the last piece what remains.
fn split<'s>(pieces: &[Piece], segment: &'s str) -> Option<Vec<&'s str>> {
    let mut values = Vec::new();
    let mut rest = segment;
    for (index, piece) in pieces.iter().enumerate() {
        if let Piece::Text(text) = piece {
            rest = rest.strip_prefix(text)?;
            continue;
        }
        let end = match pieces.get(index + 1) {
            None => rest.len(),
            Some(Piece::Value(_)) => return None,
            Some(Piece::Text(text)) if index + 2 == pieces.len() => rest.strip_suffix(text)?.len(),
            Some(Piece::Text(text)) => rest.match_indices(text).find(|(at, _)| *at > 0)?.0,
        };
        let (value, after) = rest.split_at_checked(end).filter(|_| end > 0)?;
        values.push(value);
        rest = after;
    }
    rest.is_empty().then_some(values)
}
