//! What one contract says: its operations, who may call them, and how errors look. Generated code
//! has a type for it.

use axum::http::StatusCode;
use serde::Serialize;

use crate::{Credentials, Requirement, Violation};

/// A contract: what differs from one to the other. Several can be served in one process.
pub trait Contract: 'static {
    /// Its operations.
    type Operation: Operation;

    /// What a request carries to say who sends it.
    type Credentials<'r>: Credentials<'r>;

    /// Body of answers that no handler gave.
    type ErrorBody: Serialize;

    /// Media type of [`Contract::ErrorBody`].
    const ERROR_MEDIA_TYPE: &'static str;

    /// Where `body` departs from the contract.
    fn error_violations(body: &Self::ErrorBody) -> Vec<Violation>;
}

/// An operation of a contract; generated code has an enum of them.
pub trait Operation: Copy + Eq + Send + Sync + 'static {
    /// What the contract says of it.
    fn facts(self) -> &'static Facts;
}

/// What the contract says of an operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its `operationId`.
    pub id: &'static str,
    /// Its method, such as `GET`.
    pub method: &'static str,
    /// Its path template, such as `/tours/{tourId}`.
    pub path: &'static str,
    /// What the contract calls its path, if that is something else.
    pub key: Option<&'static str>,
    /// Names and values that every query of it has.
    pub query: &'static [(&'static str, &'static str)],
    /// Its tag.
    pub tag: &'static str,
    /// One of these sets of credentials is asked for. Empty: nothing; an empty set: nothing, too.
    pub security: &'static [&'static [Requirement]],
    /// It takes the header `Idempotency-Key`.
    pub repeats: bool,
    /// It takes the header `If-Match`, or `If-None-Match` where it only reads.
    pub conditional: bool,
    /// Its answers have the headers `RateLimit` and `RateLimit-Policy`, for whom there is a limit.
    pub limited: bool,
}

impl Facts {
    /// Of an operation that has nothing special.
    pub const PLAIN: Facts = Facts {
        id: "",
        method: "",
        path: "",
        key: None,
        query: &[],
        tag: "",
        security: &[],
        repeats: false,
        conditional: false,
        limited: false,
    };
}

/// The status `code`, which the contract declares.
#[inline]
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
