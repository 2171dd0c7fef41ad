//! Turning what a request carries into typed values, and collecting everything that is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::HeaderName;
use axum::http::request::Parts;
use serde_json::Value;

use crate::{
    Accept, Constraint, Rejection, Scalar, Spans, Violation, ViolationCode, cookies, missing,
    not_utf8, only, read_item, read_scalar, repeated, size_flaw, text, violation,
};
use contract_wire::{At, DecodeError};

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path; its index among the parameters of the template.
    Path(usize),
    /// In the query.
    Query,
    /// In this header.
    Header(&'static HeaderName),
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

/// A request while it is read.
///
/// Reading gives `None` for a value that is missing or wrong, after noting what is wrong with it;
/// so one request tells of everything at once.
pub struct Input<'a> {
    pub(crate) parts: &'a Parts,
    spans: &'a Spans,
    /// Whether U+0000 is read as U+FFFD.
    replace_nul: bool,
    pairs: Option<Vec<Pair<'a>>>,
    pub(crate) found: Vec<Violation>,
    /// Whether headers of conditions are there to be read.
    pub(crate) conditions: bool,
    /// Why the body is not even what it claims to be.
    malformed: Option<String>,
}

/// A value of a request that was read without violations: whatever could not be read was noted,
/// so nothing is missing. Always inlined, like all that would otherwise copy whole bodies.
///
/// # Errors
/// It is missing all the same.
#[inline(always)]
pub fn complete<T>(value: Option<T>) -> Result<T, Rejection> {
    value.ok_or(Rejection::Fault)
}

/// Name, and value as it was sent: a list is split before it is decoded.
pub(crate) type Pair<'a> = (Cow<'a, str>, &'a str);

impl<'a> Input<'a> {
    /// Reads the head of a request, with where its path has parameters. `replace_nul`: U+0000 is
    /// read as U+FFFD.
    pub fn new(parts: &'a Parts, spans: &'a Spans, replace_nul: bool) -> Input<'a> {
        Input {
            parts,
            spans,
            replace_nul,
            pairs: None,
            found: Vec::new(),
            conditions: true,
            malformed: None,
        }
    }

    /// Ends reading.
    ///
    /// # Errors
    /// Everything that was noted.
    pub fn finish(self) -> Result<(), Rejection> {
        if self.found.is_empty() && self.malformed.is_none() {
            return Ok(());
        }
        Err(self.refused())
    }

    /// Why this is no request. A body that is not JSON leaves nothing more to be said.
    pub fn refused(self) -> Rejection {
        match self.malformed {
            Some(message) => Rejection::Malformed { message },
            None if self.found.is_empty() => Rejection::Fault,
            None => Rejection::Invalid(self.found),
        }
    }

    /// `value`, which must be there.
    #[inline]
    pub fn require<T>(&mut self, name: &str, value: Option<Option<T>>) -> Option<T> {
        if let Some(None) = value {
            self.found.push(missing(&At::ROOT.property(name)));
        }
        value.flatten()
    }

    /// The body, which must be there and is not.
    pub fn missing_body<T>(&mut self) -> Option<T> {
        let flaw = (ViolationCode::Required, "body is required".to_owned());
        self.found.push(violation(&At::ROOT, flaw));
        None
    }

    /// A parameter.
    #[inline]
    pub fn one<T: Scalar>(
        &mut self,
        place: Place,
        name: &str,
        rule: Constraint,
    ) -> Option<Option<T>> {
        let at = At::ROOT.property(name);
        match self.single(place, name) {
            Ok(Some(text)) => read_scalar(text, rule, &at, &mut self.found).map(Some),
            Ok(None) => Some(None),
            Err(violation) => {
                self.found.push(violation);
                None
            }
        }
    }

    /// A parameter that is a condition of the request. It is only checked: handlers learn of it by their context.
    #[inline]
    pub fn condition<T: Scalar>(&mut self, place: Place, name: &str, rule: Constraint) {
        if self.conditions {
            let _: Option<Option<T>> = self.one(place, name, rule);
        }
    }

    /// A parameter of the query.
    #[inline]
    pub fn query<T: Scalar>(&mut self, name: &str, rule: Constraint) -> Option<Option<T>> {
        self.one(Place::Query, name, rule)
    }

    /// A parameter that is a list.
    pub fn list<T: Scalar>(
        &mut self,
        place: Place,
        name: &str,
        separator: Separator,
        rule: Constraint,
    ) -> Option<Option<Vec<T>>> {
        let texts = match self.several(place, name, separator) {
            Ok(Some(texts)) => texts,
            Ok(None) => return Some(None),
            Err(violation) => {
                self.found.push(violation);
                return None;
            }
        };
        let at = At::ROOT.property(name);
        let before = self.found.len();
        let read = |(index, text): (usize, String)| {
            read_item(Cow::Owned(text), rule, &at.item(index), &mut self.found)
        };
        let values: Vec<T> = texts.into_iter().enumerate().filter_map(read).collect();
        self.finish_list(values, before, rule, &at).map(Some)
    }

    /// `values`, if nothing was wrong with any, nor with all together.
    pub(crate) fn finish_list<T: Scalar>(
        &mut self,
        values: Vec<T>,
        before: usize,
        rule: Constraint,
        at: &At<'_>,
    ) -> Option<Vec<T>> {
        if let Some(rule) = rule
            && self.found.len() == before
        {
            let list = values.iter().map(Scalar::value).collect();
            rule.check(&Value::Array(list), at, &mut self.found);
        }
        (self.found.len() == before).then_some(values)
    }

    /// Every query parameter whose name is not in `known`; a name can be given only once.
    pub fn others<T: Scalar>(
        &mut self,
        known: &[&str],
        rule: Constraint,
    ) -> Option<BTreeMap<String, T>> {
        let mut others = BTreeMap::new();
        let before = self.found.len();
        for (name, value) in self.pairs().to_vec() {
            let at = At::ROOT.property(&name);
            if known.contains(&name.as_ref()) {
                continue;
            }
            match self.decoded(value, true) {
                None => self.found.push(not_utf8(&at)),
                Some(_) if others.contains_key(name.as_ref()) => self.found.push(repeated(&at)),
                Some(value) => {
                    if let Some(value) = read_item(value, rule, &at, &mut self.found) {
                        others.insert(name.into_owned(), value);
                    }
                }
            }
        }
        if let Some(rule) = rule
            && self.found.len() == before
        {
            let entry = |(name, value): (&String, &T)| (name.clone(), value.value());
            let map = others.iter().map(entry).collect();
            rule.check(&Value::Object(map), &At::ROOT, &mut self.found);
        }
        (self.found.len() == before).then_some(others)
    }

    /// Names and values of the query parameters whose name is not in `known`.
    pub fn undeclared(&mut self, known: &[&str]) -> Vec<(String, Option<String>)> {
        let others = self.pairs().to_vec().into_iter();
        others
            .filter(|(name, _)| !known.contains(&name.as_ref()))
            .map(|(name, value)| {
                let value = self.decoded(value, true).map(Cow::into_owned);
                (name.into_owned(), value)
            })
            .collect()
    }

    /// What `decode` makes of a body.
    #[inline(always)]
    pub fn decode<T>(
        &mut self,
        bytes: &[u8],
        decode: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
    ) -> Option<T> {
        match decode(bytes) {
            Ok(value) => Some(value),
            Err(error) => {
                self.undecoded(error);
                None
            }
        }
    }

    /// The body as text that is a plain value.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text<T: Scalar>(
        &mut self,
        bytes: Bytes,
        rule: Constraint,
    ) -> Result<Option<T>, Rejection> {
        let text = Cow::Owned(text(bytes)?);
        Ok(read_scalar(text, rule, &At::ROOT, &mut self.found))
    }

    /// The body as bytes, of which there are as many as the contract has room for.
    pub fn sized(&mut self, bytes: Bytes, least: u64, most: u64) -> Option<Bytes> {
        match size_flaw(&bytes, least, most) {
            None => Some(bytes),
            Some(flaw) => {
                self.found.push(violation(&At::ROOT, flaw));
                None
            }
        }
    }

    /// What the caller accepts as the media type of the answer.
    pub fn accept(&mut self) -> Accept {
        Accept::read(&self.parts.headers)
    }

    /// The `id` of the last event that the caller has: the header `Last-Event-ID`.
    pub fn last_event_id(&mut self) -> Option<String> {
        let value = self.parts.headers.get("last-event-id")?;
        // Browsers send it as UTF-8.
        let text = std::str::from_utf8(value.as_bytes()).ok()?;
        Some(text.to_owned())
    }

    fn undecoded(&mut self, error: DecodeError) {
        match error {
            DecodeError::Invalid(violations) => self.found.extend(violations),
            DecodeError::Syntax { .. } => self.malformed = Some(format!("request body: {error}")),
        }
    }

    /// The one text of a parameter.
    fn single(&mut self, place: Place, name: &str) -> Result<Option<Cow<'a, str>>, Violation> {
        let at = At::ROOT.property(name);
        match place {
            Place::Path(index) => {
                let raw = self
                    .spans
                    .get(self.parts.uri.path(), index)
                    .unwrap_or_default();
                self.decoded(raw, false)
                    .map(Some)
                    .ok_or_else(|| not_utf8(&at))
            }
            Place::Query => {
                let raw = self.raw(place, name)?;
                let decode = |value| self.decoded(value, true).ok_or_else(|| not_utf8(&at));
                raw.map(decode).transpose()
            }
            Place::Header(header) => {
                let first = match only(&self.parts.headers, header) {
                    Ok(Some(first)) => first,
                    Ok(None) => return Ok(None),
                    Err(()) => return Err(repeated(&at)),
                };
                let text = std::str::from_utf8(first.as_bytes()).map_err(|_| not_utf8(&at))?;
                Ok(Some(Cow::Borrowed(text)))
            }
            Place::Cookie => {
                let raw = self.raw(place, name)?;
                let decode = |value| self.decoded(value, false).ok_or_else(|| not_utf8(&at));
                raw.map(decode).transpose()
            }
        }
    }

    /// The one text of a parameter as it was sent; not of one in a header, where nothing is encoded.
    pub(crate) fn raw(&mut self, place: Place, name: &str) -> Result<Option<&'a str>, Violation> {
        let at = At::ROOT.property(name);
        let parts = self.parts;
        let one = |first: Option<&'a str>, another: bool| match another {
            true => Err(repeated(&at)),
            false => Ok(first),
        };
        match place {
            Place::Path(index) => Ok(self.spans.get(parts.uri.path(), index)),
            Place::Cookie => {
                let mut values = cookies(&parts.headers).filter(|(key, _)| *key == name);
                let first = values.next().map(|(_, value)| value);
                let first =
                    first.map(|value| std::str::from_utf8(value).map_err(|_| not_utf8(&at)));
                one(first.transpose()?, values.next().is_some())
            }
            Place::Query | Place::Header(_) => {
                let mut values = self.pairs().iter().filter(|(key, _)| key == name);
                let first = values.next().map(|(_, value)| *value);
                one(first, values.next().is_some())
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
        let at = At::ROOT.property(name);
        let marks: &[&str] = match separator {
            Separator::Repeated if place == Place::Query => {
                let values = self.pairs().to_vec().into_iter();
                let values = values.filter(|(key, _)| key == name);
                let texts = values.map(|(_, value)| Some(self.decoded(value, true)?.into_owned()));
                let texts: Vec<String> =
                    texts.collect::<Option<_>>().ok_or_else(|| not_utf8(&at))?;
                return Ok((!texts.is_empty()).then_some(texts));
            }
            Separator::Comma | Separator::Repeated => &[","],
            // A space cannot stand in a URL as it is.
            Separator::Space => &["%20", "+"],
            Separator::Pipe => &["|"],
        };
        let Place::Header(header) = place else {
            let Some(text) = self.raw(place, name)? else {
                return Ok(None);
            };
            let decode = |item| Some(self.decoded(item, place == Place::Query)?.into_owned());
            let texts: Option<Vec<String>> = split(text, marks).map(decode).collect();
            return texts.map(Some).ok_or_else(|| not_utf8(&at));
        };
        // The lines of a list header count as one (RFC 9110, section 5.3).
        let mut texts: Option<Vec<String>> = None;
        for line in self.parts.headers.get_all(header) {
            let line = std::str::from_utf8(line.as_bytes()).map_err(|_| not_utf8(&at))?;
            let items = split(line, marks).map(|item| item.trim().to_owned());
            texts.get_or_insert_default().extend(items);
        }
        Ok(texts)
    }

    /// A value without percent-encoding; `None`: it is no UTF-8.
    pub(crate) fn decoded<'t>(&self, text: &'t str, plus: bool) -> Option<Cow<'t, str>> {
        let text = decode_percent(text, plus)?;
        // As it stands, no URL has a U+0000.
        match text {
            Cow::Owned(text) if self.replace_nul && text.contains('\0') => {
                Some(text.replace('\0', "\u{fffd}").into())
            }
            text => Some(text),
        }
    }

    pub(crate) fn pairs(&mut self) -> &[Pair<'a>] {
        let parts = self.parts;
        self.pairs.get_or_insert_with(|| {
            // A name that is no UTF-8 is none that a contract can declare.
            let pair = |(key, value)| Some((decode_percent(key, true)?, value));
            query_pairs(parts.uri.query().unwrap_or_default())
                .filter_map(pair)
                .collect()
        })
    }
}

/// The items between any of `marks`. An empty text is an empty list.
pub(crate) fn split<'t>(text: &'t str, marks: &'t [&str]) -> impl Iterator<Item = &'t str> {
    let mut rest = (!text.is_empty()).then_some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let first = marks
            .iter()
            .filter_map(|mark| text.split_once(mark))
            .min_by_key(|(item, _)| item.len());
        let (item, after) = first.map_or((text, None), |(item, after)| (item, Some(after)));
        rest = after;
        Some(item)
    })
}

/// Names and values of a query or form, still encoded.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// `text` without percent-encoding (RFC 3986, section 2.1); a `%` without two hexadecimal digits
/// stands for itself. `plus`: `+` is a space, as in forms. `None`: the result is no UTF-8.
pub fn decode_percent(text: &str, plus: bool) -> Option<Cow<'_, str>> {
    // A search for one byte goes by words; one with a condition would not.
    let mut rest = text.as_bytes();
    if !(rest.contains(&b'%') || plus && rest.contains(&b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
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
