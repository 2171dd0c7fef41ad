//! Parts of forms that are more than plain values: what their texts stand for is made JSON first, and that is read
//! as its type has it.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use axum::http::HeaderMap;

use crate::{
    Constraint, FilePart, Input, Kinds, Parts, RawPart, Reading, Rejection, Scalar, Separator,
    Violation, ViolationCode, below, covers, decode_percent, missing, not_utf8, part_text,
    query_pairs, read_scalar, violation,
};
use contract_wire::{At, DecodeError};

/// What the properties of an object stand for, by name; `*` is any other name.
pub type Fields = &'static [(&'static str, Reading)];

/// Of how many names that a contract does not list a refusal tells.
const MOST_TOLD: usize = 100;

/// How the text of a field is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined(pub &'static str, pub Separator);

/// What one of several that a form can be needs.
#[derive(Debug, Clone, Copy)]
pub struct Alternative {
    /// Names that are there.
    pub required: &'static [&'static str],
    /// No others are.
    pub only: Option<&'static [&'static str]>,
}

impl Alternative {
    fn told(&self) -> String {
        let listed = |names: &[&str]| format!("`{}`", names.join("` and `"));
        match (self.required, self.only) {
            ([], None) => "anything".to_owned(),
            ([], Some([])) => "nothing".to_owned(),
            ([], Some(only)) => format!("nothing but {}", listed(only)),
            (required, None) => listed(required),
            (required, Some(only)) if only.iter().all(|name| required.contains(name)) => {
                format!("{} alone", listed(required))
            }
            (required, Some(only)) => {
                format!("{} and nothing but {}", listed(required), listed(only))
            }
        }
    }
}

/// Takes the fields of a form whose names are `known`, as [`form_fields`](crate::form_fields); those of `joined` are
/// split where a separator stands that is not encoded.
///
/// # Errors
/// It is not UTF-8.
pub fn form_fields_of(
    bytes: &[u8],
    known: &[&str],
    joined: &[Joined],
) -> Result<Vec<RawPart>, Rejection> {
    let malformed = || Rejection::Malformed {
        message: "form body: not UTF-8".to_owned(),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    let mut parts = Vec::new();
    for (name, value) in query_pairs(text) {
        let name = decode_percent(name, true).ok_or_else(malformed)?;
        if !(known == crate::ALL_PARTS || known.contains(&name.as_ref())) {
            continue;
        }
        let style = joined.iter().find(|one| one.0 == name);
        let marks = style.map_or(&[][..], |style| marks(style.1));
        for item in crate::split(value, marks) {
            let item = decode_percent(item, true).ok_or_else(malformed)?;
            parts.push(RawPart {
                name: name.clone().into_owned(),
                file: plain(item.into_owned()),
            });
        }
        if style.is_none() && value.is_empty() {
            parts.push(RawPart {
                name: name.into_owned(),
                file: plain(String::new()),
            });
        }
    }
    Ok(parts)
}

fn marks(separator: Separator) -> &'static [&'static str] {
    match separator {
        Separator::Comma => &[","],
        Separator::Space => &["%20", "+"],
        Separator::Pipe => &["|"],
        Separator::Repeated => &[],
    }
}

fn plain(text: String) -> FilePart {
    FilePart {
        file_name: None,
        content_type: None,
        headers: HeaderMap::new(),
        bytes: text.into(),
    }
}

/// Takes apart the `parts` of `joined`, whose texts are not encoded.
pub fn split_parts(parts: Vec<RawPart>, joined: &[Joined]) -> Vec<RawPart> {
    let mut split = Vec::with_capacity(parts.len());
    for part in parts {
        let style = joined.iter().find(|one| one.0 == part.name);
        let text = std::str::from_utf8(&part.file.bytes);
        let (Some(Joined(_, separator)), Ok(text)) = (style, text) else {
            split.push(part);
            continue;
        };
        let mark = match separator {
            Separator::Space => " ",
            Separator::Pipe => "|",
            Separator::Comma | Separator::Repeated => ",",
        };
        if text.is_empty() {
            continue;
        }
        for item in text.split(mark) {
            split.push(RawPart {
                name: part.name.clone(),
                file: plain(item.to_owned()),
            });
        }
    }
    split
}

/// Reads what `value` makes of texts, once with numbers for what looks like them, and once with texts, where that is
/// nothing.
fn read<T>(
    input: &mut Input<'_>,
    name: &str,
    value: impl Fn(bool) -> Result<Value, Violation>,
    decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
) -> Option<T> {
    let mut first = None;
    for as_text in [false, true] {
        let json = match value(as_text) {
            Ok(value) => serde_json::to_vec(&value).unwrap_or_default(),
            Err(flaw) => {
                input.found.push(flaw);
                return None;
            }
        };
        match decode(&json) {
            Ok(value) => return Some(value),
            Err(error) => first = first.or(Some(error)),
        }
    }
    below(name, first?, &mut input.found);
    None
}

impl Parts {
    /// A part, or several of one name, of which a single value is made.
    pub fn value<T>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        reading: Reading,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let parts = self.take(name);
        if parts.is_empty() {
            return Some(None);
        }
        let at = At::ROOT.property(name);
        read(
            input,
            name,
            |as_text| reading.value(&parts, as_text, &at),
            decode,
        )
        .map(Some)
    }

    /// An object in one text, which was taken apart: names and values in turn.
    pub fn pairs<T>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        fields: Fields,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let mut texts = self.take(name).into_iter();
        let mut parts = Vec::new();
        while let Some(key) = texts.next() {
            let at = At::ROOT.property(name);
            let Some(value) = texts.next() else {
                let text = "must be names and values in turn, separated by commas".to_owned();
                let flaw = (ViolationCode::InvalidType, text);
                input.found.push(violation(&at, flaw));
                return None;
            };
            let name = part_text(&key, &at, &mut input.found)?.into_owned();
            parts.push(RawPart { name, file: value });
        }
        object(input, name, parts, fields, decode)
    }

    /// An object whose properties are parts called `name[property]`.
    pub fn deep<T>(
        &mut self,
        input: &mut Input<'_>,
        name: &str,
        fields: Fields,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let property = |part: &RawPart| -> Option<String> {
            let rest = part.name.strip_prefix(name)?.strip_prefix('[')?;
            rest.strip_suffix(']').map(str::to_owned)
        };
        let taken = self.parts.extract_if(.., |part| property(part).is_some());
        let parts = taken.map(|part| RawPart {
            name: property(&part).unwrap_or_default(),
            file: part.file,
        });
        let parts = parts.collect();
        object(input, name, parts, fields, decode)
    }

    /// An object whose properties are parts of their own: those of `fields`, and with `rest` all that were not read.
    pub fn fields<T>(
        &mut self,
        input: &mut Input<'_>,
        fields: Fields,
        rest: bool,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<Option<T>> {
        let is_own = |part: &mut RawPart| rest || fields.iter().any(|(name, _)| *name == part.name);
        let parts = self.parts.extract_if(.., is_own).collect();
        object(input, "", parts, fields, decode)
    }

    /// All of the form as one value.
    pub fn whole<T>(
        self,
        input: &mut Input<'_>,
        fields: Fields,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<T> {
        if self.parts.is_empty() {
            return read(input, "", |_| Ok(Value::Object(Map::new())), decode);
        }
        object(input, "", self.parts, fields, decode).flatten()
    }

    /// How many names there are.
    pub fn count(&self, input: &mut Input<'_>, least: u64, most: u64) {
        let names: HashSet<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let count = names.len() as u64;
        let properties = |count: u64| match count {
            1 => "1 property".to_owned(),
            count => format!("{count} properties"),
        };
        let flaw = if count < least {
            let text = format!("must have at least {}", properties(least));
            (ViolationCode::TooSmall, text)
        } else if count > most {
            let text = format!("must have at most {}", properties(most));
            (ViolationCode::TooBig, text)
        } else {
            return;
        };
        input.found.push(violation(&At::ROOT, flaw));
    }

    /// Looks at which names there are: those that one of several needs, and with `exactly_one` of no other.
    pub fn choose(&self, input: &mut Input<'_>, exactly_one: bool, each: &[Alternative]) {
        let names: HashSet<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let is_there = |one: &&Alternative| {
            let are_known = |known: &[&str]| names.iter().all(|name| known.contains(name));
            one.required.iter().all(|name| names.contains(name)) && one.only.is_none_or(are_known)
        };
        let told = each.iter().map(Alternative::told);
        let text = match each.iter().filter(is_there).count() {
            0 => format!("must have {}", told.collect::<Vec<_>>().join(", or ")),
            1 => return,
            _ if !exactly_one => return,
            _ => format!(
                "must be one of these: {}",
                told.collect::<Vec<_>>().join("; ")
            ),
        };
        let flaw = (ViolationCode::Custom, text);
        input.found.push(violation(&At::ROOT, flaw));
    }

    /// Refuses what was not read. Of many names, the first are told of.
    pub fn deny_rest(&mut self, input: &mut Input<'_>) {
        for name in self.rest().into_keys().take(MOST_TOLD) {
            let flaw = (ViolationCode::Custom, "is not a known property".to_owned());
            input.found.push(violation(&At::ROOT.property(&name), flaw));
        }
    }

    /// What was not read, by name.
    fn rest(&mut self) -> BTreeMap<String, Vec<RawPart>> {
        let mut rest: BTreeMap<String, Vec<RawPart>> = BTreeMap::new();
        for part in std::mem::take(&mut self.parts) {
            rest.entry(part.name.clone()).or_default().push(part);
        }
        rest
    }

    /// What was not read, by name: `read` is given the parts of each.
    pub fn others<T>(
        &mut self,
        input: &mut Input<'_>,
        mut read: impl FnMut(&mut Parts, &mut Input<'_>, &str) -> Option<Option<T>>,
    ) -> Option<BTreeMap<String, T>> {
        let mut others = BTreeMap::new();
        let before = input.found.len();
        let mut complete = true;
        for (name, parts) in self.rest() {
            match read(&mut Parts::new(parts), input, &name) {
                Some(Some(value)) => {
                    others.insert(name, value);
                }
                Some(None) => {}
                None if input.found.len() - before >= MOST_TOLD => return None,
                None => complete = false,
            }
        }
        complete.then_some(others)
    }

    /// Looks at a header of the parts of a name. Handlers find it among the headers of the file.
    pub fn expect_header<T: Scalar>(
        &self,
        input: &mut Input<'_>,
        name: &str,
        header: &str,
        required: bool,
        rule: Constraint,
    ) {
        let at = At::ROOT.property(name);
        let at = at.property(header);
        for part in self.parts.iter().filter(|part| part.name == name) {
            match part.file.headers.get(header).map(|value| value.to_str()) {
                None if required => input.found.push(missing(&at)),
                None => {}
                Some(Ok(text)) => {
                    let _: Option<T> = read_scalar(text.into(), rule, &at, &mut input.found);
                }
                Some(Err(_)) => input.found.push(not_utf8(&at)),
            }
        }
    }

    /// Looks at the media types that parts of a name say to be of: one of `media_types`, and `stated` where they
    /// must say so.
    pub fn expect(&self, input: &mut Input<'_>, name: &str, media_types: &[&str], stated: bool) {
        let of_name = self.parts.iter().filter(|part| part.name == name);
        for (index, part) in of_name.enumerate() {
            let is_one = match part.file.content_type.as_deref() {
                None => !stated,
                Some(found) => media_types.iter().any(|range| covers(range, found)),
            };
            if !is_one {
                let text = format!("must be of the media type `{}`", media_types.join("` or `"));
                let flaw = (ViolationCode::Custom, text);
                let at = At::ROOT.property(name);
                let at = match index {
                    0 => violation(&at, flaw),
                    index => violation(&at.item(index), flaw),
                };
                input.found.push(at);
            }
        }
    }
}

/// The value of an object with the properties `parts`; the inner `None`: there are none.
fn object<T>(
    input: &mut Input<'_>,
    name: &str,
    parts: Vec<RawPart>,
    fields: Fields,
    decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
) -> Option<Option<T>> {
    if parts.is_empty() {
        return Some(None);
    }
    let mut grouped: BTreeMap<String, Vec<FilePart>> = BTreeMap::new();
    for part in parts {
        grouped.entry(part.name).or_default().push(part.file);
    }
    let value = |as_text| {
        let mut object = Map::new();
        for (key, parts) in &grouped {
            let known = fields.iter().find(|(name, _)| name == key);
            let known = known.or_else(|| fields.iter().find(|(name, _)| *name == "*"));
            let reading = known.map_or(Reading::one(Kinds::TEXT), |(_, reading)| *reading);
            let whole = At::ROOT.property(name);
            let at = match name.is_empty() {
                true => At::ROOT.property(key),
                false => whole.property(key),
            };
            object.insert(key.clone(), reading.value(parts, as_text, &at)?);
        }
        Ok(Value::Object(object))
    };
    read(input, name, value, decode).map(Some)
}
