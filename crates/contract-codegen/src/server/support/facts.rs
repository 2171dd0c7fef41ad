//! What is known of an operation without running it.

use axum::http::{Method, StatusCode};

use super::Requirement;

/// What the contract says of an operation.
#[derive(Debug)]
pub struct Facts {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) security: &'static [&'static [Requirement]],
}

/// The status `code`, which the contract declares.
pub(crate) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
