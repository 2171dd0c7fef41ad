//! How much of a limit on requests is left to a caller: the headers `RateLimit` and `RateLimit-Policy`
//! (draft-ietf-httpapi-ratelimit-headers), on every answer of an operation whose contract declares them.
//!
//! Who is limited, and how, an [`Api`](crate::Api) says: [`Api::quota`](crate::Api::quota) of those who are let in,
//! [`Denial::with_quota`](crate::Denial::with_quota) of the others.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A limit on requests.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name, by which both headers mean the same one: visible ASCII without `"` and `\`.
    pub name: &'static str,
    /// Requests in a window.
    pub limit: u32,
    /// Length of a window, in seconds.
    pub window_seconds: u32,
}

/// What is left of it to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The limit.
    pub policy: &'static Policy,
    /// Requests left in this window.
    pub remaining: u32,
    /// When the next window begins, in seconds.
    pub reset_seconds: u32,
}

impl Quota {
    /// Kept apart, so that answers without it do not make room for it.
    #[cold]
    pub(crate) fn write(&self, response: &mut Response) {
        let Policy {
            name,
            limit,
            window_seconds,
        } = self.policy;
        let left = format!("\"{name}\";r={};t={}", self.remaining, self.reset_seconds);
        let policy = format!("\"{name}\";q={limit};w={window_seconds}");
        let headers = response.headers_mut();
        for (header, value) in [(RATE_LIMIT, left), (RATE_LIMIT_POLICY, policy)] {
            // A name that no header can hold is not sent.
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(header, value);
            }
        }
    }
}
