//! Why a call failed.
//!
//! The variants are those of `progenitor_client::Error`. Ours differs in what it says: status, code
//! and message of the API's own error body, instead of every header and the debug form of the body,
//! which may hold personal data.

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use super::value::{ResponseValue, request_id};

/// Why a call failed. `E` is the error body that the contract declares.
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The request was not sent: an argument cannot be part of one, or credentials are missing.
    InvalidRequest(InvalidRequest),
    /// The connection failed, or the answer took too long.
    CommunicationError(reqwest::Error),
    /// The API refused, in the way the contract declares.
    ErrorResponse(ResponseValue<E>),
    /// The connection broke while the body of this answer was read.
    ResponseBodyError(ResponseValue<()>, reqwest::Error),
    /// The body is not what the contract declares for this status, such as the page of a proxy.
    InvalidResponsePayload(ResponseValue<Bytes>, serde_json::Error),
    /// A status that the contract does not declare, with the first 64 KiB of its body.
    UnexpectedResponse(ResponseValue<Bytes>),
    /// A list answered with a cursor that it had given before.
    RepeatedCursor,
    /// What a hook of your own says.
    Custom(String),
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    operation: Option<&'static str>,
    parameter: Option<&'static str>,
    reason: String,
}

impl InvalidRequest {
    pub(super) fn argument(parameter: &'static str, reason: impl Into<String>) -> InvalidRequest {
        InvalidRequest {
            operation: None,
            parameter: Some(parameter),
            reason: reason.into(),
        }
    }

    pub(super) fn operation(mut self, id: &'static str) -> InvalidRequest {
        self.operation = Some(id);
        self
    }

    /// The parameter that cannot be sent, by its name in the contract.
    pub fn parameter(&self) -> Option<&'static str> {
        self.parameter
    }
}

impl From<String> for InvalidRequest {
    fn from(reason: String) -> InvalidRequest {
        InvalidRequest {
            operation: None,
            parameter: None,
            reason,
        }
    }
}

impl fmt::Display for InvalidRequest {
    /// Without the value, which may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "`{operation}`: ")?;
        }
        match self.parameter {
            Some(parameter) => write!(f, "`{parameter}` cannot be sent: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for InvalidRequest {}

impl<E> Error<E> {
    /// The status of the answer, if there is one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Error::ErrorResponse(answer) => Some(answer.status()),
            Error::InvalidResponsePayload(answer, _) | Error::UnexpectedResponse(answer) => {
                Some(answer.status())
            }
            Error::ResponseBodyError(answer, _) => Some(answer.status()),
            Error::CommunicationError(error) => error.status(),
            Error::InvalidRequest(_) | Error::RepeatedCursor | Error::Custom(_) => None,
        }
    }

    /// The error body, if the API refused in the way the contract declares.
    pub fn body(&self) -> Option<&E> {
        match self {
            Error::ErrorResponse(answer) => Some(answer),
            _ => None,
        }
    }

    /// The headers of the answer, if there is one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Error::ErrorResponse(answer) => Some(answer.headers()),
            Error::InvalidResponsePayload(answer, _) | Error::UnexpectedResponse(answer) => {
                Some(answer.headers())
            }
            Error::ResponseBodyError(answer, _) => Some(answer.headers()),
            _ => None,
        }
    }

    /// What the server calls the request, if there is an answer that says so; see
    /// [`ResponseValue::request_id`].
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// The body of an answer that the contract does not declare, as it came. It is no part of
    /// messages, since it may hold personal data.
    pub fn undeclared_body(&self) -> Option<&Bytes> {
        match self {
            Error::InvalidResponsePayload(answer, _) | Error::UnexpectedResponse(answer) => {
                Some(answer)
            }
            _ => None,
        }
    }

    /// The parameter that cannot be sent, by its name in the contract.
    pub fn parameter(&self) -> Option<&'static str> {
        match self {
            Error::InvalidRequest(problem) => problem.parameter,
            _ => None,
        }
    }

    /// Whether the same request may succeed later: the connection failed, or the status is 408,
    /// 429, 502, 503 or 504.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::CommunicationError(_) => true,
            _ => {
                let status = self.status().map(|status| status.as_u16());
                status.is_some_and(|status| matches!(status, 408 | 429 | 502 | 503 | 504))
            }
        }
    }
}

impl<E: Serialize> Error<E> {
    /// The machine-readable code of the error body: its `code` or `type`, at the top or below
    /// `error`.
    pub fn code(&self) -> Option<String> {
        self.summary().and_then(|summary| summary.code)
    }

    /// The sentence of the error body: its `message`, `detail` or `title`, at the top or below
    /// `error`.
    pub fn message(&self) -> Option<String> {
        self.summary().and_then(|summary| summary.message)
    }

    fn summary(&self) -> Option<Summary> {
        let body = serde_json::to_value(self.body()?).ok()?;
        Some(Summary::of(&body))
    }
}

/// What error bodies have in common.
struct Summary {
    code: Option<String>,
    message: Option<String>,
    details: Vec<String>,
}

impl Summary {
    fn of(body: &Value) -> Summary {
        let inner = body
            .get("error")
            .filter(|inner| inner.is_object())
            .unwrap_or(body);
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let first = |value: &Value, names: &[&str]| {
            names.iter().find_map(|name| value.get(name).and_then(text))
        };
        let details = ["details", "errors"]
            .iter()
            .find_map(|name| inner.get(name)?.as_array());
        let message = first(inner, &["message", "detail", "title", "error"]);
        // Where there is one thing to say, many messages say it already.
        let is_new = |detail: &str| {
            message
                .as_deref()
                .is_none_or(|message| !message.contains(detail))
        };
        let detail = |entry: &Value| {
            let message = first(entry, &["message", "detail"]).filter(|one| is_new(one))?;
            Some(match first(entry, &["path", "field", "pointer"]) {
                Some(path) if !path.is_empty() => format!("`{path}`: {message}"),
                _ => message,
            })
        };
        Summary {
            code: first(inner, &["code", "type"]),
            message: message.clone(),
            details: details.into_iter().flatten().filter_map(detail).collect(),
        }
    }
}

impl<E: Serialize> Error<E> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidRequest(problem) => fmt::Display::fmt(problem, f),
            Error::Custom(text) => f.write_str(text),
            Error::CommunicationError(error) if error.is_timeout() => {
                f.write_str("the answer took too long")
            }
            Error::CommunicationError(error) if error.is_connect() => {
                f.write_str("cannot connect to the server")
            }
            Error::CommunicationError(_) => f.write_str("the connection failed"),
            Error::ResponseBodyError(answer, _) => {
                write!(f, "{}: the answer broke off", answer.status())
            }
            Error::InvalidResponsePayload(answer, error) => {
                let status = answer.status();
                write!(
                    f,
                    "{status}: the body is not what the contract declares: {error}"
                )
            }
            Error::UnexpectedResponse(answer) => {
                write!(
                    f,
                    "{}: a status the contract does not declare",
                    answer.status()
                )
            }
            Error::RepeatedCursor => f.write_str("the list gave the same cursor twice"),
            Error::ErrorResponse(answer) => {
                write!(f, "{}", answer.status())?;
                let Some(summary) = self.summary() else {
                    return Ok(());
                };
                if let Some(code) = &summary.code {
                    write!(f, ": `{code}`")?;
                }
                if let Some(message) = &summary.message {
                    write!(f, ": {message}")?;
                }
                for detail in &summary.details {
                    write!(f, "; {detail}")?;
                }
                Ok(())
            }
        }
    }
}

impl<E: Serialize> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f)?;
        match self.request_id() {
            Some(id) => write!(f, " (request `{id}`)"),
            None => Ok(()),
        }
    }
}

impl<E: Serialize> fmt::Debug for Error<E> {
    /// As [`Display`](fmt::Display), with what caused it: this is what `main` prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl<E: Serialize> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::CommunicationError(error) | Error::ResponseBodyError(_, error) => Some(error),
            _ => None,
        }
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        // The URL may hold ids; whoever made the call knows them.
        let error = error.without_url();
        if error.is_builder() {
            return Error::InvalidRequest(format!("the request cannot be built: {error}").into());
        }
        Error::CommunicationError(error)
    }
}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(problem: InvalidRequest) -> Self {
        Error::InvalidRequest(problem)
    }
}

impl<E> From<std::convert::Infallible> for Error<E> {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// What hooks return.
impl<E> From<progenitor_client::Error<E>> for Error<E> {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Hook;
        match error {
            Hook::InvalidRequest(text) => Error::InvalidRequest(text.into()),
            Hook::Custom(text) => Error::Custom(text),
            Hook::CommunicationError(error) | Hook::InvalidUpgrade(error) => error.into(),
            // It does not say of which answer.
            Hook::ResponseBodyError(error) => Error::CommunicationError(error.without_url()),
            // Nothing of ours says so; its body can only be read by waiting for it.
            Hook::UnexpectedResponse(answer) => Error::UnexpectedResponse(ResponseValue::new(
                Bytes::new(),
                answer.status(),
                answer.headers().clone(),
            )),
            Hook::InvalidResponsePayload(_, error) => Error::Custom(error.to_string()),
            Hook::ErrorResponse(answer) => {
                let (status, headers) = (answer.status(), answer.headers().clone());
                Error::ErrorResponse(ResponseValue::new(answer.into_inner(), status, headers))
            }
        }
    }
}
