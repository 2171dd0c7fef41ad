//! Errors in the form of the contract where no operation is known: what is no request, or is one in two ways.

use axum::http::{HeaderValue, Response, StatusCode, header};
use contract_serve::host::{Errors, NoRequest};

/// Longest code of an error.
const CODE_BYTES: usize = 64;

/// For the listener, and for what is done around each request.
pub(crate) const ERRORS: Errors = Errors {
    refuse: no_request,
    code,
};

fn no_request(refused: &NoRequest<'_>) -> Response<String> {
    let code = match refused.status {
        StatusCode::BAD_REQUEST => "VALIDATION_ERROR",
        _ => "PAYLOAD_TOO_LARGE",
    };
    let body = serde_json::json!({ "error": { "code": code, "message": refused.message } });
    let mut response = Response::new(body.to_string());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// What the body of an error begins with.
fn code(body: &[u8]) -> Option<&str> {
    let rest = body.strip_prefix(b"{\"error\":{\"code\":\"")?;
    let end = rest
        .iter()
        .take(CODE_BYTES)
        .position(|byte| *byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok()
}
