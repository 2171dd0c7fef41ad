//! Headers that every answer has: the id of its request, and what keeps it from being taken for something else.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The id of a request, in it and in its answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that the caller gave the request if it is one, or a new one.
pub fn request_id(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(&REQUEST_ID).filter(|value| acceptable(value));
    given.cloned().unwrap_or_else(fresh_id)
}

/// Headers of every answer: data is not kept by caches, and nothing is taken for what it is not.
pub fn harden(headers: &mut HeaderMap) {
    if !headers.contains_key(header::CACHE_CONTROL) {
        let value = HeaderValue::from_static("no-store");
        headers.insert(header::CACHE_CONTROL, value);
    }
    let value = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, value);
}

/// A caller's id is taken over when it is short and cannot break a log line.
fn acceptable(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

/// An id that differs from all others, also of other processes; it need not be a secret. Asking the
/// system for each would cost more than most of what is done with a request.
pub fn fresh_id() -> HeaderValue {
    static START: LazyLock<[u8; 12]> = LazyLock::new(|| {
        let mut random = [0; 12];
        // Without randomness the log still has times and routes.
        let _ = getrandom::fill(&mut random);
        random
    });
    static COUNT: AtomicU64 = AtomicU64::new(0);
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    let mut id = *START;
    let (_, last) = id.split_at_mut(4);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    for (byte, count) in last.iter_mut().zip(count.to_be_bytes()) {
        *byte ^= count;
    }
    let mut text = [0; 24];
    for (pair, byte) in text.chunks_exact_mut(2).zip(id) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    HeaderValue::from_bytes(&text).expect("hexadecimal digits are a header value")
}
