//! Requests that progenitor does not write, and how values are written as text.
//!
//! The items of a list are encoded first and joined then, so that the separators stay apart from
//! what the items hold. Where nothing is encoded, or the separator is itself encoded, an item with
//! the separator is refused.

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use reqwest::{Body, Client, Method, Request};
use serde::Serialize;
use serde_json::Value;

use super::error::InvalidRequest;
use super::form::Form;
use super::multipart::Multipart;
use super::path::encode;
use super::structured::{self, Notation, Place};

/// How lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b`
    Commas,
    /// The name is repeated for each item.
    Repeated,
    /// `a%20b`
    Spaces,
    /// `a|b`
    Pipes,
}

/// A request in the making. What cannot be sent is kept, and told when it is sent.
pub struct Call {
    method: Method,
    url: String,
    query: Vec<String>,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    content_type: Option<String>,
    body: Option<Body>,
    /// Its body takes as long as it takes.
    pub(super) endless: bool,
    problem: Option<InvalidRequest>,
}

/// A method that is none of those that HTTP itself defines. The generator lets only tokens through.
pub fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap_or_default()
}

impl Call {
    /// A request to `url`, which has no query.
    pub fn new(method: Method, url: String) -> Call {
        Call {
            method,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            content_type: None,
            body: None,
            endless: false,
            problem: None,
        }
    }

    /// `Accept`: the media types that the contract declares, separated by `, `.
    pub fn accept(mut self, media_types: &'static str) -> Call {
        self.headers.push((ACCEPT.as_str(), media_types.to_owned()));
        self
    }

    /// A parameter of the query; a list in this style.
    pub fn query<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        style: Style,
        value: Option<&T>,
    ) -> Call {
        match value.map_or(Ok(Vec::new()), |value| query_values(style, value)) {
            Ok(values) => {
                let pair = |value: String| format!("{}={value}", encode(name));
                self.query.extend(values.into_iter().map(pair));
                self
            }
            Err(reason) => self.refuse(name, reason),
        }
    }

    /// Every entry of `value` as a parameter of its own; those `known` have other meanings.
    pub fn query_map<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        known: &[&str],
        value: Option<&T>,
    ) -> Call {
        let value = value.map_or(Value::Null, |value| {
            serde_json::to_value(value).unwrap_or_default()
        });
        for (key, value) in value.as_object().into_iter().flatten() {
            if known.contains(&key.as_str()) {
                let reason = format!("`{key}` is a parameter of its own");
                return self.refuse(name, reason);
            }
            match scalar(value) {
                Some(text) => self
                    .query
                    .push(format!("{}={}", encode(key), encode(&text))),
                None => return self.refuse(name, format!("`{key}` has no value")),
            }
        }
        self
    }

    /// A parameter that is no plain value, nor a list of them.
    pub fn structured<T: Serialize + ?Sized>(
        mut self,
        place: Place,
        name: &'static str,
        written: Notation,
        value: Option<&T>,
    ) -> Call {
        let Some(value) = value else {
            return self;
        };
        let added = match place {
            Place::Query => {
                structured::pairs(name, written, value).map(|pairs| self.query.extend(pairs))
            }
            Place::Cookie => {
                structured::pairs(name, written, value).map(|pairs| self.cookies.extend(pairs))
            }
            Place::Header => {
                structured::in_header(written, value).map(|text| self.headers.push((name, text)))
            }
        };
        match added {
            Ok(()) => self,
            Err(reason) => self.refuse(name, reason),
        }
    }

    /// A header; the items of a list are separated by commas.
    pub fn header<T: Serialize + ?Sized>(mut self, name: &'static str, value: Option<&T>) -> Call {
        match value.map(header_text).transpose() {
            Ok(text) => {
                self.headers.extend(text.map(|text| (name, text)));
                self
            }
            Err(reason) => self.refuse(name, reason),
        }
    }

    /// A cookie; RFC 6265 has no room for most characters, so they are percent-encoded, as
    /// `style: form` demands anyway.
    pub fn cookie<T: Serialize + ?Sized>(mut self, name: &'static str, value: Option<&T>) -> Call {
        match value.map_or(Ok(Vec::new()), |value| query_values(Style::Commas, value)) {
            Ok(values) => {
                let pair = |value: String| format!("{name}={value}");
                self.cookies.extend(values.into_iter().map(pair));
                self
            }
            Err(reason) => self.refuse(name, reason),
        }
    }

    /// A JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, media_type: &str, body: Option<&T>) -> Call {
        match body.map(serde_json::to_vec).transpose() {
            Ok(text) => self.raw(media_type, text),
            Err(error) => {
                let text = format!("the body cannot be written as JSON: {error}");
                self.problem = self.problem.or(Some(text.into()));
                self
            }
        }
    }

    /// Says that the body is of `media_type`, which must be one of `range`.
    pub fn of_range(self, range: &str, media_type: &str) -> Call {
        match !media_type.contains('*') && covers(range, media_type) {
            true => self,
            false => self.refuse("Content-Type", format!("it is none of `{range}`")),
        }
    }

    /// A body of text that is a plain value.
    pub fn text<T: Serialize + ?Sized>(self, media_type: &str, body: Option<&T>) -> Call {
        match body.map(items) {
            None => self,
            Some(Items::One(text)) => self.raw(media_type, Some(text)),
            Some(_) => self.refuse("body", NO_TEXT),
        }
    }

    /// A body that goes out as it is.
    pub fn raw(mut self, media_type: &str, body: Option<impl Into<Body>>) -> Call {
        if let Some(body) = body {
            self.content_type = Some(media_type.to_owned());
            self.body = Some(body.into());
        }
        self
    }

    /// A form.
    pub fn form(mut self, form: Form) -> Call {
        match form.into_text() {
            Ok(text) => self.raw("application/x-www-form-urlencoded", Some(text)),
            Err(problem) => {
                self.problem = self.problem.or(Some(problem));
                self
            }
        }
    }

    /// A form in parts.
    pub fn multipart(mut self, form: Multipart) -> Call {
        match form.into_body() {
            Ok((media_type, body)) => self.raw(&media_type, Some(body)),
            Err(problem) => {
                self.problem = self.problem.or(Some(problem));
                self
            }
        }
    }

    pub(super) fn build(self, client: &Client) -> Result<Request, InvalidRequest> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut url = self.url;
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&self.query.join("&"));
        }
        let mut builder = client.request(self.method, url);
        if let Some(body) = self.body {
            builder = builder.body(body);
        }
        let mut headers = self.headers;
        if !self.cookies.is_empty() {
            headers.push((COOKIE.as_str(), self.cookies.join("; ")));
        }
        headers.extend(self.content_type.map(|text| (CONTENT_TYPE.as_str(), text)));
        let mut request = builder
            .build()
            .map_err(|error| error.without_url().to_string())?;
        for (name, text) in headers {
            let header = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_str(&text);
            let (Ok(header), Ok(value)) = (header, value) else {
                return Err(InvalidRequest::argument(name, "no header can hold it"));
            };
            request.headers_mut().append(header, value);
        }
        Ok(request)
    }

    /// The first problem is told.
    fn refuse(mut self, name: &'static str, reason: impl Into<String>) -> Call {
        let problem = InvalidRequest::argument(name, reason);
        self.problem = self.problem.or(Some(problem));
        self
    }
}

/// Whether `media_type` is `range`, or one of it: `*/*`, `image/*`, `application/*+json`.
pub fn covers(range: &str, media_type: &str) -> bool {
    let halves = |name: &str| {
        let name = name.split(';').next().unwrap_or_default();
        let (main, sub) = name.trim().split_once('/')?;
        let (main, sub) = (main.to_ascii_lowercase(), sub.to_ascii_lowercase());
        (!main.is_empty() && !sub.is_empty()).then_some((main, sub))
    };
    let (Some((main, sub)), Some((its_main, its_sub))) = (halves(range), halves(media_type)) else {
        return false;
    };
    let is_sub = match sub.split_once('*') {
        Some((start, end)) => {
            its_sub.len() >= start.len() + end.len()
                && its_sub.starts_with(start)
                && its_sub.ends_with(end)
        }
        None => sub == its_sub,
    };
    is_sub && (main == "*" || main == its_main)
}

/// A value as text.
pub(super) enum Items {
    /// It has none: a number that is not one, or `null`.
    None,
    One(String),
    Several(Vec<String>),
}

pub(super) fn items<T: Serialize + ?Sized>(value: &T) -> Items {
    match serde_json::to_value(value).unwrap_or(Value::Null) {
        Value::Array(items) => match items.iter().map(scalar).collect() {
            Some(texts) => Items::Several(texts),
            None => Items::None,
        },
        value => scalar(&value).map_or(Items::None, Items::One),
    }
}

/// Values of the parameter of a query or cookie, encoded.
fn query_values<T: Serialize + ?Sized>(style: Style, value: &T) -> Result<Vec<String>, String> {
    let texts = match items(value) {
        Items::None => return Err(NO_TEXT.to_owned()),
        Items::One(text) => return Ok(vec![encode(&text)]),
        Items::Several(texts) => texts,
    };
    let separator = match style {
        Style::Repeated if texts.is_empty() => return Err(EMPTY_LIST.to_owned()),
        Style::Repeated => return Ok(texts.iter().map(|text| encode(text)).collect()),
        Style::Commas => ",",
        Style::Pipes => "|",
        Style::Spaces => "%20",
    };
    if style == Style::Spaces && texts.iter().any(|text| text.contains(' ')) {
        return Err("an item has a space, which separates items".to_owned());
    }
    not_one_empty(&texts)?;
    let texts: Vec<String> = texts.iter().map(|text| encode(text)).collect();
    Ok(vec![texts.join(separator)])
}

/// A value in a header, where nothing is encoded.
pub(super) fn header_text<T: Serialize + ?Sized>(value: &T) -> Result<String, String> {
    match items(value) {
        Items::None => Err(NO_TEXT.to_owned()),
        Items::One(text) => fits_header(&text).map(|()| text),
        Items::Several(texts) => {
            texts.iter().try_for_each(|text| fits_header(text))?;
            if texts.iter().any(|text| text.contains(',')) {
                return Err("an item has a comma, which separates items".to_owned());
            }
            not_one_empty(&texts)?;
            Ok(texts.join(","))
        }
    }
}

/// Whether `text` arrives as it is. What is not ASCII arrives as bytes that servers read in
/// different ways, and blanks around a value do not belong to it (RFC 9110, section 5.5).
pub(super) fn fits_header(text: &str) -> Result<(), String> {
    let problem = if text.contains(['\r', '\n']) {
        "it has a line break, which would end the header"
    } else if !text.is_ascii() {
        "it has characters that are not ASCII"
    } else if text
        .bytes()
        .any(|byte| byte.is_ascii_control() && byte != b'\t')
    {
        "it has a control character"
    } else if text.trim_matches([' ', '\t']) != text {
        "it begins or ends with a blank, which would be lost"
    } else {
        return Ok(());
    };
    Err(problem.to_owned())
}

pub(super) const NO_TEXT: &str = "it cannot be written as text";
pub(super) const EMPTY_LIST: &str = "an empty list cannot be told apart from none; leave it out";

fn not_one_empty(texts: &[String]) -> Result<(), String> {
    match texts {
        [text] if text.is_empty() => {
            Err("one empty text cannot be told apart from an empty list".to_owned())
        }
        _ => Ok(()),
    }
}

/// `name=value` pairs of a form; none for an absent value.
pub(super) fn pairs<T: Serialize + ?Sized>(
    name: &'static str,
    value: Option<&T>,
) -> Result<Vec<(&'static str, String)>, InvalidRequest> {
    let refused = |reason| Err(InvalidRequest::argument(name, reason));
    match value.map(items) {
        None => Ok(Vec::new()),
        Some(Items::None) => refused(NO_TEXT),
        Some(Items::One(text)) => Ok(vec![(name, text)]),
        Some(Items::Several(texts)) if texts.is_empty() => refused(EMPTY_LIST),
        Some(Items::Several(texts)) => Ok(texts.into_iter().map(|text| (name, text)).collect()),
    }
}

/// A value without parts as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}
