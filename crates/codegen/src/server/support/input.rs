//! Turning what a request carries into typed values, and collecting everything that is wrong.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use axum::http::request::Parts;

use super::{Rejection, Rules, Scalar, Spans, Violation, ViolationCode, cookies, violation};

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path; its index among the parameters of the template.
    Path(usize),
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// How the values of a list are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `a,b`
    Comma,
    /// `a b`
    Space,
    /// `a|b`
    Pipe,
    /// The name is repeated for each value.
    Repeated,
}

/// How many values a list may have.
#[derive(Debug, Clone, Copy)]
pub struct ListRules {
    /// Least number.
    pub min_items: Option<u64>,
    /// Greatest number.
    pub max_items: Option<u64>,
    /// Whether all must differ.
    pub unique: bool,
    /// Constraints of each value.
    pub item: Rules,
}

/// A request while it is read.
pub struct Input<'a> {
    parts: &'a Parts,
    spans: &'a Spans,
    query: Option<Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>>,
    found: Vec<Violation>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(parts: &'a Parts, spans: &'a Spans) -> Input<'a> {
        Input {
            parts,
            spans,
            query: None,
            found: Vec::new(),
        }
    }

    /// Notes a violation.
    pub fn report(&mut self, violation: Violation) {
        self.found.push(violation);
    }

    /// Notes several violations.
    pub fn report_all(&mut self, violations: Vec<Violation>) {
        self.found.extend(violations);
    }

    /// The request that `build` makes of the values read, if nothing was wrong.
    ///
    /// # Errors
    /// Every violation that was noted.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Rejection> {
        if !self.found.is_empty() {
            return Err(Rejection::Invalid(self.found));
        }
        // Whatever could not be read was noted, so this request is complete.
        build().ok_or(Rejection::Fault)
    }

    /// A parameter that must be there. `None`: it is not, or it is invalid, and that was noted.
    pub fn required<T: Scalar>(&mut self, place: Place, name: &str, rules: &Rules) -> Option<T> {
        match self.optional(place, name, rules) {
            Some(None) => {
                self.missing(name);
                None
            }
            found => found.flatten(),
        }
    }

    /// A parameter that may be absent. `None`: it is invalid, and that was noted.
    pub fn optional<T: Scalar>(
        &mut self,
        place: Place,
        name: &str,
        rules: &Rules,
    ) -> Option<Option<T>> {
        let text = match self.single(place, name) {
            Ok(Some(text)) => text,
            Ok(None) => return Some(None),
            Err(violation) => {
                self.found.push(violation);
                return None;
            }
        };
        let value = match text {
            Cow::Borrowed(text) => T::read(text, rules),
            Cow::Owned(text) => T::read_owned(text, rules),
        };
        match value {
            Ok(value) => Some(Some(value)),
            Err(flaw) => {
                self.found.push(violation(name, flaw));
                None
            }
        }
    }

    /// A list that must be there.
    pub fn required_list<T: Scalar + Debug>(
        &mut self,
        place: Place,
        name: &str,
        separator: Separator,
        rules: &ListRules,
    ) -> Option<Vec<T>> {
        match self.optional_list(place, name, separator, rules) {
            Some(None) => {
                self.missing(name);
                None
            }
            found => found.flatten(),
        }
    }

    /// A list that may be absent.
    pub fn optional_list<T: Scalar + Debug>(
        &mut self,
        place: Place,
        name: &str,
        separator: Separator,
        rules: &ListRules,
    ) -> Option<Option<Vec<T>>> {
        let texts = match self.several(place, name, separator) {
            Ok(Some(texts)) => texts,
            Ok(None) => return Some(None),
            Err(violation) => {
                self.found.push(violation);
                return None;
            }
        };
        let before = self.found.len();
        let mut values = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            match T::read(text, &rules.item) {
                Ok(value) => values.push(value),
                Err(flaw) => self.found.push(violation(format!("{name}.{index}"), flaw)),
            }
        }
        self.check_list(name, &values, texts.len() as u64, rules);
        (self.found.len() == before).then_some(Some(values))
    }

    /// Every query parameter whose name is not in `known`; the first value of a name counts.
    pub fn others<T: Scalar>(
        &mut self,
        known: &[&str],
        rules: &Rules,
    ) -> Option<BTreeMap<String, T>> {
        let mut others = BTreeMap::new();
        let before = self.found.len();
        for (name, value) in self.query().to_vec() {
            if known.contains(&name.as_ref()) || others.contains_key(name.as_ref()) {
                continue;
            }
            let value = value
                .ok_or_else(not_utf8)
                .and_then(|value| T::read(&value, rules));
            match value {
                Ok(value) => drop(others.insert(name.into_owned(), value)),
                Err(flaw) => self.found.push(violation(name, flaw)),
            }
        }
        (self.found.len() == before).then_some(others)
    }

    fn missing(&mut self, name: &str) {
        self.found.push(violation(
            name,
            (ViolationCode::Required, "is required".to_owned()),
        ));
    }

    fn check_list<T: Debug>(&mut self, name: &str, values: &[T], count: u64, rules: &ListRules) {
        if let Some(flaw) = list_flaw(values, count, rules) {
            self.found.push(violation(name, flaw));
        }
    }

    /// The one text of a parameter.
    fn single(&mut self, place: Place, name: &str) -> Result<Option<Cow<'a, str>>, Violation> {
        let at = |flaw| violation(name, flaw);
        match place {
            Place::Path(index) => {
                let raw = self
                    .spans
                    .get(self.parts.uri.path(), index)
                    .unwrap_or_default();
                decode_percent(raw, false)
                    .map(Some)
                    .ok_or_else(|| at(not_utf8()))
            }
            Place::Query => {
                let mut values = self.query().iter().filter(|(key, _)| key == name);
                let first = values.next().map(|(_, value)| value.clone());
                if values.next().is_some() {
                    return Err(at(repeated()));
                }
                first
                    .map(|value| value.ok_or_else(|| at(not_utf8())))
                    .transpose()
            }
            Place::Header => {
                let mut values = self.parts.headers.get_all(name).iter();
                let first = values.next();
                if values.next().is_some() {
                    return Err(at(repeated()));
                }
                let text = |bytes| std::str::from_utf8(bytes).map_err(|_| at(not_utf8()));
                first
                    .map(|value| text(value.as_bytes()).map(Cow::Borrowed))
                    .transpose()
            }
            Place::Cookie => {
                let mut values = cookies(&self.parts.headers).filter(|(key, _)| *key == name);
                let first = values.next().map(|(_, value)| Cow::Borrowed(value));
                if values.next().is_some() {
                    return Err(at(repeated()));
                }
                Ok(first)
            }
        }
    }

    /// The texts of a list.
    fn several(
        &mut self,
        place: Place,
        name: &str,
        separator: Separator,
    ) -> Result<Option<Vec<String>>, Violation> {
        let mark = match separator {
            Separator::Comma => ',',
            Separator::Space => ' ',
            Separator::Pipe => '|',
            Separator::Repeated if place == Place::Query => {
                let values = self.query().iter().filter(|(key, _)| key == name);
                let texts = values.map(|(_, value)| value.as_deref().map(str::to_owned));
                let texts: Option<Vec<String>> = texts.collect();
                let texts = texts.ok_or_else(|| violation(name, not_utf8()))?;
                return Ok((!texts.is_empty()).then_some(texts));
            }
            Separator::Repeated => ',',
        };
        // Lines of a list header count as one (RFC 9110, section 5.3).
        if place == Place::Header {
            let mut texts = None;
            for line in self.parts.headers.get_all(name) {
                let line = std::str::from_utf8(line.as_bytes())
                    .map_err(|_| violation(name, not_utf8()))?;
                texts
                    .get_or_insert_with(Vec::new)
                    .extend(split(line, mark).map(str::trim).map(str::to_owned));
            }
            return Ok(texts);
        }
        let text = self.single(place, name)?;
        Ok(text.map(|text| split(&text, mark).map(str::to_owned).collect()))
    }

    fn query(&mut self) -> &[(Cow<'a, str>, Option<Cow<'a, str>>)] {
        let parts = self.parts;
        self.query.get_or_insert_with(|| {
            let pairs = query_pairs(parts.uri.query().unwrap_or_default());
            // A name that is no UTF-8 is none that a contract can declare.
            pairs
                .filter_map(|(key, value)| {
                    Some((decode_percent(key, true)?, decode_percent(value, true)))
                })
                .collect()
        })
    }
}

/// An empty text is an empty list.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    text.split(mark)
        .take(if text.is_empty() { 0 } else { usize::MAX })
}

/// What is wrong with a list of `count` values, of which `values` could be read.
pub(crate) fn list_flaw<T: Debug>(
    values: &[T],
    count: u64,
    rules: &ListRules,
) -> Option<super::Flaw> {
    if let Some(least) = rules.min_items.filter(|least| count < *least) {
        return Some((
            ViolationCode::TooSmall,
            format!("must have at least {least} items"),
        ));
    }
    if let Some(most) = rules.max_items.filter(|most| count > *most) {
        return Some((
            ViolationCode::TooBig,
            format!("must have at most {most} items"),
        ));
    }
    let mut seen = HashSet::new();
    if rules.unique
        && values
            .iter()
            .any(|value| !seen.insert(format!("{value:?}")))
    {
        return Some((
            ViolationCode::Custom,
            "must not have an item twice".to_owned(),
        ));
    }
    None
}

fn not_utf8() -> super::Flaw {
    (ViolationCode::InvalidString, "must be UTF-8".to_owned())
}

pub(crate) fn repeated() -> super::Flaw {
    (ViolationCode::Custom, "must be given only once".to_owned())
}

/// Names and values of a query or form, still encoded.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// `text` without percent-encoding (RFC 3986, section 2.1); a `%` without two hexadecimal digits
/// stands for itself. `plus`: `+` is a space, as in forms. `None`: the result is no UTF-8.
pub(crate) fn decode_percent(text: &str, plus: bool) -> Option<Cow<'_, str>> {
    if !text
        .bytes()
        .any(|byte| byte == b'%' || (plus && byte == b'+'))
    {
        return Some(Cow::Borrowed(text));
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (*first, hex(after.first()), hex(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            (b'+', ..) if plus => bytes.push(b' '),
            (byte, ..) => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}
