//! The answer to what is no request, or is one in two ways. The HTTP library has one of its own, which says nothing
//! but its status.

use axum::http::{HeaderValue, Response, StatusCode, header};

use super::{REQUEST_ID, fresh_id, harden};

/// How errors look where no operation is known, and how their codes are found.
#[derive(Debug, Clone, Copy)]
pub struct Errors {
    /// The answer to what is no request; its status and its id are added.
    pub refuse: fn(&NoRequest<'_>) -> Response<String>,
    /// The code in the body of an error, for log lines.
    pub code: fn(&[u8]) -> Option<&str>,
}

impl Default for Errors {
    /// [`problem`], and no codes.
    fn default() -> Errors {
        Errors {
            refuse: problem,
            code: |_| None,
        }
    }
}

/// What is no request.
#[derive(Debug)]
pub struct NoRequest<'n> {
    /// The status of the answer.
    pub status: StatusCode,
    /// What is wrong, in words for the caller.
    pub message: &'static str,
    /// The id that the answer will have.
    pub id: &'n HeaderValue,
}

/// An answer as RFC 9457 has it.
pub fn problem(refused: &NoRequest<'_>) -> Response<String> {
    let status = refused.status;
    let body = serde_json::json!({
        "status": status.as_u16(),
        "title": status.canonical_reason().unwrap_or_default(),
        "detail": refused.message,
    });
    let mut response = Response::new(body.to_string());
    let json = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// An answer in the form of all others.
#[derive(Debug)]
pub(super) struct Refusal {
    bytes: Vec<u8>,
    sent: usize,
}

impl Refusal {
    /// With the status of the answer that begins with `written`.
    pub(super) fn instead_of(written: &[u8], errors: &Errors) -> Refusal {
        let status = written.get(b"HTTP/1.1 ".len()..).and_then(|it| it.get(..3));
        let status = status.and_then(|digits| StatusCode::from_bytes(digits).ok());
        let status = status.unwrap_or(StatusCode::BAD_REQUEST);
        let message = match status {
            StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                "request line and headers are too long or too many for this server"
            }
            _ => "this is no request of HTTP/1.1: its request line or a header is malformed",
        };
        let id = fresh_id();
        let refused = NoRequest {
            status,
            message,
            id: &id,
        };
        let (mut head, body) = (errors.refuse)(&refused).into_parts();
        // No middleware sees it.
        tracing::info!(
            target: "contract_serve::request",
            id = id.to_str().unwrap_or_default(),
            status = status.as_u16(),
            code = (errors.code)(body.as_bytes()),
            "refused"
        );
        let headers = &mut head.headers;
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.insert(REQUEST_ID, id);
        harden(headers);
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in &*headers {
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
