//! The answer to bytes that are no request. The HTTP library has one of its own, which says nothing but its status.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::observe::{REQUEST_ID, fresh, harden};

/// An answer in the form of all others.
#[derive(Debug)]
pub(super) struct Refusal {
    bytes: Vec<u8>,
    sent: usize,
}

impl Refusal {
    /// With the status of the answer that begins with `written`.
    pub(super) fn instead_of(written: &[u8]) -> Refusal {
        let status = written.get(b"HTTP/1.1 ".len()..).and_then(|it| it.get(..3));
        let status = status.and_then(|digits| StatusCode::from_bytes(digits).ok());
        let status = status.unwrap_or(StatusCode::BAD_REQUEST);
        let (code, message) = match status {
            StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
                "PAYLOAD_TOO_LARGE",
                "request line and headers are too long or too many for this server",
            ),
            _ => (
                "VALIDATION_ERROR",
                "this is no request of HTTP/1.1: its request line or a header is malformed",
            ),
        };
        let body = serde_json::json!({ "error": { "code": code, "message": message } }).to_string();
        let id = fresh();
        tracing::info!(
            target: "flexportal::request",
            id = id.to_str().unwrap_or_default(),
            status = status.as_u16(),
            code,
            "refused"
        );
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.insert(REQUEST_ID, id);
        harden(&mut headers);
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in &headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body.as_bytes());
        Refusal { bytes, sent: 0 }
    }

    /// What is still to be sent.
    pub(super) fn rest(&self) -> Option<&[u8]> {
        self.bytes.get(self.sent..).filter(|rest| !rest.is_empty())
    }

    /// So much more has been sent.
    pub(super) fn sent(&mut self, count: usize) {
        self.sent += count;
    }
}
