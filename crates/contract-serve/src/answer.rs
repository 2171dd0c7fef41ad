//! Writing answers.

use std::fmt;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use contract_wire::{At, Flaw, Rule, Wire};

use crate::json::json_bytes;
use crate::streamed::{Source, State, Writing};
use crate::{
    Blob, Constraint, Denial, DenialKind, ETag, MediaFlaw, Rejection, Scalar, Streamed, Typed,
    Violation, ViolationCode, is_single, status, violation,
};

/// What the handler of an operation answers.
pub trait Answer: Send {
    /// Writes it. What is sent as it is is taken out of it; the rest stays where it is, since
    /// answers are large and moving them is not free.
    ///
    /// # Errors
    /// A body or header that has no form on the wire.
    fn write(&mut self, to: &mut Writer) -> Written;
}

/// A written answer.
pub type Written = Result<Response, Unwritable>;

/// An answer that is made of an error body.
pub trait FromError: Sized {
    /// Body of errors.
    type Error;

    /// The answer with `error` as its body that is declared for this status.
    ///
    /// # Errors
    /// Gives `error` back if the contract declares no such answer for the operation.
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error>;
}

/// What follows from the outcome of a handler's work: the one answer of success, or a declared error.
pub trait Respond: Answer + FromError {
    /// Body of the answer of success.
    type Success;

    /// The answer of success.
    fn success(body: Self::Success) -> Self;
}

/// An answer that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable(pub(crate) String);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answer cannot be written: {}", self.0)
    }
}

impl std::error::Error for Unwritable {}

/// A status of one class, for answers that are declared as a range such as `4XX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeStatus<const CLASS: u16>(StatusCode);

impl<const CLASS: u16> RangeStatus<CLASS> {
    /// `status`, if it is of this class.
    pub fn new(status: StatusCode) -> Option<RangeStatus<CLASS>> {
        (status.as_u16() / 100 == CLASS).then_some(RangeStatus(status))
    }

    /// The status.
    pub fn get(self) -> StatusCode {
        self.0
    }
}

/// How answers are written, and what is noted of them.
pub struct Writer {
    check: bool,
    /// Whether answers of success say their version.
    tag: bool,
    /// Where bodies depart from the contract.
    pub(crate) found: Vec<Violation>,
    /// What is the body instead of that of the response.
    pub(crate) streamed: Option<Box<dyn Source>>,
}

impl Writer {
    /// `check`: whether bodies are looked at; `tag`: whether answers of success say their version.
    pub(crate) fn new(check: bool, tag: bool) -> Writer {
        Writer {
            check,
            tag,
            found: Vec::new(),
            streamed: None,
        }
    }

    /// Sends `source` as the body, of which nobody knows how it ends: it says no version.
    pub(crate) fn stream(&mut self, source: Box<dyn Source>) {
        self.streamed = Some(source);
        self.tag = false;
    }

    /// Whether bodies are looked at.
    pub(crate) fn checks(&self) -> bool {
        self.check
    }

    /// An answer without body.
    ///
    /// # Errors
    /// None; it has the form of the others.
    pub fn empty(&mut self, code: u16) -> Written {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(code);
        Ok(response)
    }

    /// An answer with a JSON body.
    ///
    /// # Errors
    /// The body is not JSON.
    pub fn json<T: Wire>(&mut self, code: u16, body: &T) -> Written {
        self.json_as(code, "application/json", body)
    }

    /// An answer with a JSON body of another media type.
    ///
    /// # Errors
    /// As [`Writer::json`].
    pub fn json_as<T: Wire>(&mut self, code: u16, media_type: &'static str, body: &T) -> Written {
        self.json_by(code, media_type, body, T::RULE)
    }

    /// An answer with a JSON body that has no type of its own, but a rule.
    ///
    /// # Errors
    /// As [`Writer::json`].
    pub fn json_by<T: Serialize>(
        &mut self,
        code: u16,
        media_type: &'static str,
        body: &T,
        rule: &Rule,
    ) -> Written {
        if self.check {
            self.found.extend(contract_wire::violations_by(body, rule));
        }
        self.full(
            code,
            HeaderValue::from_static(media_type),
            json_bytes(body).map_err(|error| Unwritable(error.to_string()))?,
        )
    }

    /// An answer with a JSON object whose text `property` may come in pieces. Only the first of them is known when
    /// it begins, so such an answer has neither length nor version.
    ///
    /// # Errors
    /// As [`Writer::json`].
    pub fn streamed<T: Wire + Send + 'static>(
        &mut self,
        code: u16,
        media_type: &'static str,
        property: &'static str,
        body: &mut Streamed<T>,
    ) -> Written {
        let (text, following) = match body {
            Streamed::Whole(body) => return self.json_as(code, media_type, body),
            Streamed::Piece(text, following) => (text, following),
        };
        let nothing = Box::pin(std::future::pending());
        self.streamed = Some(Box::new(Writing {
            property,
            check: self.check,
            state: State::First(std::mem::take(text), std::mem::replace(following, nothing)),
        }));
        let content_type = HeaderValue::from_static(media_type);
        Ok(full(status(code), content_type, Bytes::new()))
    }

    /// An answer with a text or binary body; `content_type` includes the character set of text.
    ///
    /// # Errors
    /// None; it has the form of the others.
    pub fn bytes(
        &mut self,
        code: u16,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Written {
        let content_type = HeaderValue::from_static(content_type);
        self.full(code, content_type, body.into())
    }

    /// An answer whose media type, one of `range`, is chosen by the handler.
    ///
    /// # Errors
    /// It is none of the range, or no header can hold it.
    pub fn blob(&mut self, code: u16, range: &str, body: Blob) -> Written {
        let content_type = labelled(range, body.content_type)?;
        self.full(code, content_type, body.bytes)
    }

    /// An answer with a JSON body whose media type, one of `range`, is chosen by the handler.
    ///
    /// # Errors
    /// As [`Writer::json`] and [`Writer::blob`].
    pub fn json_in<T: Serialize>(
        &mut self,
        code: u16,
        range: &str,
        body: &Typed<T>,
        rule: &Rule,
    ) -> Written {
        let content_type = labelled(range, body.content_type.clone())?;
        if self.check {
            let found = contract_wire::violations_by(&body.body, rule);
            self.found.extend(found);
        }
        let bytes = json_bytes(&body.body).map_err(|error| Unwritable(error.to_string()))?;
        self.full(code, content_type, bytes)
    }

    /// An answer with a plain value as text; `content_type` includes the character set.
    ///
    /// # Errors
    /// None; it has the form of the others.
    pub fn text<T: Scalar + fmt::Display>(
        &mut self,
        code: u16,
        content_type: &'static str,
        body: &T,
        rule: Constraint,
    ) -> Written {
        self.check_text(body, rule);
        let content_type = HeaderValue::from_static(content_type);
        self.full(code, content_type, body.to_string().into())
    }

    /// As [`Writer::text`], of a media type that the handler chooses, one of `range`. Its character set is UTF-8
    /// where the handler says nothing of it.
    ///
    /// # Errors
    /// As [`Writer::blob`].
    pub fn text_in<T: Scalar + fmt::Display>(
        &mut self,
        code: u16,
        range: &str,
        body: &Typed<T>,
        rule: Constraint,
    ) -> Written {
        self.check_text(&body.body, rule);
        let mut content_type = body.content_type.clone();
        if starts_with_text(&content_type) && !content_type.contains(';') {
            content_type.push_str("; charset=utf-8");
        }
        let content_type = labelled(range, content_type)?;
        self.full(code, content_type, body.body.to_string().into())
    }

    fn check_text<T: Scalar>(&mut self, body: &T, rule: Constraint) {
        if let Some(rule) = rule.filter(|_| self.check) {
            rule.check(&body.value(), &At::ROOT, &mut self.found);
        }
    }

    /// Looks at the number of bytes of an answer, which the contract limits.
    pub fn sized(&mut self, least: u64, most: u64, bytes: &[u8]) {
        if let Some(flaw) = size_flaw(bytes, least, most).filter(|_| self.check) {
            self.found.push(violation(&At::ROOT, flaw));
        }
    }

    #[inline]
    fn full(&self, code: u16, content_type: HeaderValue, body: Bytes) -> Written {
        let etag = (self.tag && code == 200).then(|| ETag::of(&body));
        let mut response = full(status(code), content_type, body);
        if let Some(etag) = etag {
            set_header(&mut response, "etag", etag)?;
        }
        Ok(response)
    }
}

/// The header for `content_type`, one of `range`.
fn labelled(range: &str, content_type: String) -> Result<HeaderValue, Unwritable> {
    if !is_single(range, &content_type) {
        let text = format!("its media type is none of `{range}`, which the contract declares");
        return Err(Unwritable(text));
    }
    HeaderValue::try_from(content_type)
        .map_err(|_| Unwritable("`Content-Type` has a character no header can have".to_owned()))
}

fn starts_with_text(content_type: &str) -> bool {
    let start = content_type.as_bytes().get(..5);
    start.is_some_and(|start| start.eq_ignore_ascii_case(b"text/"))
}

/// What is wrong with the number of `bytes`.
pub(crate) fn size_flaw(bytes: &[u8], least: u64, most: u64) -> Option<Flaw> {
    let count = bytes.len() as u64;
    if count < least {
        let text = format!("must have at least {least} bytes");
        return Some((ViolationCode::TooSmall, text));
    }
    let text = || format!("must have at most {most} bytes");
    (count > most).then(|| (ViolationCode::TooBig, text()))
}

fn full(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

/// Adds a header; `name` is lower case.
///
/// # Errors
/// No header can hold the value.
pub fn set_header(
    response: &mut Response,
    name: &'static str,
    value: impl fmt::Display,
) -> Result<(), Unwritable> {
    let value = HeaderValue::try_from(value.to_string()).map_err(|_| {
        Unwritable(format!(
            "header `{name}` has a character no header can have"
        ))
    })?;
    response
        .headers_mut()
        .insert(HeaderName::from_static(name), value);
    Ok(())
}

/// The text of a header that is a list, in which nothing is encoded.
///
/// # Errors
/// An item of the header `name` has a comma, which separates items.
pub fn list_text<T: fmt::Display>(name: &str, items: &[T]) -> Result<String, Unwritable> {
    let items: Vec<String> = items.iter().map(T::to_string).collect();
    if items.iter().any(|item| item.contains(',')) {
        let text = format!("header `{name}`: an item has a comma, which separates items");
        return Err(Unwritable(text));
    }
    Ok(items.join(","))
}

/// The JSON text of a header, in ASCII: everything else is escaped.
///
/// # Errors
/// The value of the header `name` is not JSON.
pub fn json_text<T: Serialize>(name: &str, value: &T) -> Result<String, Unwritable> {
    let unwritable = |reason: &dyn fmt::Display| Unwritable(format!("header `{name}`: {reason}"));
    let bytes = json_bytes(value).map_err(|error| unwritable(&error))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| unwritable(&error))?;
    let mut ascii = String::with_capacity(text.len());
    let mut units = [0; 2];
    for letter in text.chars() {
        match letter.is_ascii() {
            true => ascii.push(letter),
            // Only in a text, where JSON has an escape for it.
            false => {
                for unit in letter.encode_utf16(&mut units) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    Ok(ascii)
}

/// The answer to a request that has no handler's answer.
pub(crate) fn rejected<T: Serialize>(
    rejection: &Rejection,
    challenge: &str,
    media_type: &'static str,
    body: &T,
) -> Response {
    let status = rejection.status();
    // What cannot even be said is still answered with its status.
    let mut response = match json_bytes(body) {
        Ok(bytes) => full(status, HeaderValue::from_static(media_type), bytes),
        Err(_) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status;
            response
        }
    };
    let (name, value) = match rejection {
        Rejection::MethodNotAllowed { allow } => (header::ALLOW, HeaderValue::from_str(allow).ok()),
        // What would have been accepted (RFC 9110, section 15.5.16).
        Rejection::UnsupportedMediaType {
            flaw: MediaFlaw::Encoding,
            ..
        } => (
            header::ACCEPT_ENCODING,
            Some(HeaderValue::from_static("identity")),
        ),
        Rejection::UnsupportedMediaType { expected, .. } => (
            header::ACCEPT,
            HeaderValue::from_str(&expected.join(", ")).ok(),
        ),
        Rejection::Denied(Denial {
            kind: DenialKind::Unauthenticated,
            ..
        }) => (
            header::WWW_AUTHENTICATE,
            HeaderValue::from_str(challenge).ok(),
        ),
        _ => match rejection.retry_after_seconds() {
            Some(seconds) => (header::RETRY_AFTER, Some(HeaderValue::from(seconds))),
            None => return response,
        },
    };
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        response.headers_mut().insert(name, value);
    }
    response
}
