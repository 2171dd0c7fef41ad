//! Requests that progenitor does not write.
#![allow(dead_code, reason = "each contract uses some of it")]

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use reqwest::{Body, Client, Method, Request};
use serde::Serialize;
use serde_json::Value;

use super::form::{Form, Multipart};

/// How lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Commas,
    Repeated,
    Spaces,
    Pipes,
}

/// A request in the making. What cannot be sent is kept and told by [`Call::build`].
pub(crate) struct Call {
    method: Method,
    url: String,
    query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    content_type: Option<String>,
    body: Option<Body>,
    problem: Option<String>,
}

impl Call {
    pub(crate) fn new(method: Method, url: String) -> Call {
        Call {
            method,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            content_type: None,
            body: None,
            problem: None,
        }
    }

    pub(crate) fn accept(mut self, media_types: &'static str) -> Call {
        self.headers.push((ACCEPT.as_str(), media_types.to_owned()));
        self
    }

    pub(crate) fn query(mut self, name: &str, style: Style, value: &impl Serialize) -> Call {
        self.query.extend(pairs(name, style, value));
        self
    }

    pub(crate) fn header(
        mut self,
        name: &'static str,
        style: Style,
        value: &impl Serialize,
    ) -> Call {
        self.headers
            .extend(joined(style, value).map(|text| (name, text)));
        self
    }

    pub(crate) fn cookie(mut self, name: &str, style: Style, value: &impl Serialize) -> Call {
        self.cookies
            .extend(joined(style, value).map(|text| format!("{name}={text}")));
        self
    }

    pub(crate) fn json<T: Serialize + ?Sized>(
        mut self,
        media_type: &str,
        body: Option<&T>,
    ) -> Call {
        match body.map(serde_json::to_vec).transpose() {
            Ok(text) => self.raw(media_type, text),
            Err(error) => {
                self.problem = Some(format!("the body cannot be written as JSON: {error}"));
                self
            }
        }
    }

    pub(crate) fn raw(mut self, media_type: &str, body: Option<impl Into<Body>>) -> Call {
        if let Some(body) = body {
            self.content_type = Some(media_type.to_owned());
            self.body = Some(body.into());
        }
        self
    }

    pub(crate) fn form(self, form: Form) -> Call {
        self.raw("application/x-www-form-urlencoded", Some(form.into_text()))
    }

    pub(crate) fn multipart(self, form: Multipart) -> Call {
        let (media_type, body) = form.into_body();
        self.raw(&media_type, Some(body))
    }

    pub(crate) fn build(self, client: &Client) -> Result<Request, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut builder = client.request(self.method, self.url);
        if !self.query.is_empty() {
            builder = builder.query(&self.query);
        }
        if let Some(body) = self.body {
            builder = builder.body(body);
        }
        let mut headers = self.headers;
        if !self.cookies.is_empty() {
            headers.push((COOKIE.as_str(), self.cookies.join("; ")));
        }
        headers.extend(self.content_type.map(|text| (CONTENT_TYPE.as_str(), text)));
        let mut request = builder.build().map_err(|error| error.to_string())?;
        for (name, text) in headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_str(&text);
            let (Ok(name), Ok(value)) = (name, value) else {
                return Err("an argument has characters that no header may have".to_owned());
            };
            request.headers_mut().append(name, value);
        }
        Ok(request)
    }
}

/// A value as it stands in a path or header; lists and objects by `style`.
pub(crate) fn text(value: &impl Serialize, style: Style) -> String {
    joined(style, value).unwrap_or_default()
}

/// `name=value` pairs of a query or form; none for an absent value.
pub(crate) fn pairs(name: &str, style: Style, value: &impl Serialize) -> Vec<(String, String)> {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    match (&value, style) {
        (Value::Array(items), Style::Repeated) => items
            .iter()
            .filter_map(scalar)
            .map(|text| (name.to_owned(), text))
            .collect(),
        (Value::Object(entries), Style::Repeated) => entries
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), scalar(value)?)))
            .collect(),
        _ => join(&value, style)
            .map(|text| (name.to_owned(), text))
            .into_iter()
            .collect(),
    }
}

fn joined(style: Style, value: &impl Serialize) -> Option<String> {
    join(&serde_json::to_value(value).unwrap_or(Value::Null), style)
}

fn join(value: &Value, style: Style) -> Option<String> {
    let separator = match style {
        Style::Commas | Style::Repeated => ",",
        Style::Spaces => " ",
        Style::Pipes => "|",
    };
    match value {
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(scalar)
                .collect::<Vec<_>>()
                .join(separator),
        ),
        Value::Object(entries) => Some(
            entries
                .iter()
                .filter_map(|(key, value)| Some(format!("{key}{separator}{}", scalar(value)?)))
                .collect::<Vec<_>>()
                .join(separator),
        ),
        value => scalar(value),
    }
}

/// A value without parts as text; `None` for `null`.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}
