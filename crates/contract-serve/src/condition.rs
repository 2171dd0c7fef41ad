//! Versions of resources and requests that are repeated: the headers `ETag`, `If-Match`, `If-None-Match` (RFC 9110,
//! sections 8.8.3 and 13.1) and `Idempotency-Key`, wherever the contract declares them.
//!
//! An operation that declares `If-None-Match` gets the `ETag` of its answer, and 304, without its handler. One that
//! changes something learns from [`Api::conditions`](crate::Api::conditions) what it has to hold the stored
//! resource against, and what it is told apart by if it comes again; only it can do both in the transaction of
//! the change. What it says of that goes out as headers.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{Facts, Payload};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A version of a resource: a strong entity tag, made of what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(HeaderValue);

impl ETag {
    /// The tag of a resource that is read as this body.
    pub fn of(body: &[u8]) -> ETag {
        // Half of the hash: nobody gains by two bodies with the same tag, and headers are sent with every answer.
        let digest = Sha256::digest(body);
        let hex: String = digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let value = HeaderValue::try_from(format!("\"{hex}\""));
        ETag(value.unwrap_or(HeaderValue::from_static("\"\"")))
    }

    /// The tag of a resource that is read as this JSON.
    ///
    /// # Errors
    /// The value has no JSON.
    pub fn of_json<T: Serialize>(body: &T) -> Result<ETag, serde_json::Error> {
        Ok(ETag::of(&serde_json::to_vec(body)?))
    }

    /// As it stands in a header.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Tags of a request; the lines of the header count as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags(String);

impl Tags {
    fn of(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
        let lines = headers.get_all(name).iter();
        // What is no text is no tag of ours, but still a condition.
        let lines: Vec<&str> = lines
            .map(|line| line.to_str().unwrap_or_default())
            .collect();
        (!lines.is_empty()).then(|| Tags(lines.join(",")))
    }

    /// `If-Match`: whether a resource that is there has one of these versions. `*` is any. Weak tags are none of
    /// them.
    pub fn match_strongly(&self, current: &ETag) -> bool {
        self.any(|tag| tag == current.as_str())
    }

    /// `If-None-Match`: the same, but weak tags count as strong ones.
    fn match_weakly(&self, current: &str) -> bool {
        self.any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == current)
    }

    fn any(&self, same: impl Fn(&str) -> bool) -> bool {
        // Our tags have no commas; those of others, which may, are not ours either way.
        let mut tags = self.0.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || same(tag))
    }
}

/// What a request is told apart by when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The key that the caller chose.
    pub key: String,
    /// Hash of method, path, query and body: the same key with another one is another request.
    pub fingerprint: [u8; 32],
}

/// What a request asks for beside its operation.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// `Idempotency-Key`, where the contract declares it.
    pub repeat: Option<Repeat>,
    /// `If-Match`, where the contract declares it.
    pub if_match: Option<Tags>,
    noted: Arc<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    replayed: AtomicBool,
    etag: OnceLock<ETag>,
}

impl Conditions {
    /// Whether there is any header of that kind. Most requests have none, and looking at the few names there are
    /// takes less than looking for one.
    #[inline]
    pub(crate) fn stand_in(headers: &HeaderMap) -> bool {
        headers.keys().any(|name| {
            let name = name.as_str();
            name.starts_with('i')
                && matches!(name, "idempotency-key" | "if-match" | "if-none-match")
        })
    }

    /// What stands in the headers, as far as the contract declares them; `None` if nothing does.
    #[cold]
    pub(crate) fn of(facts: &Facts, parts: &Parts, payload: &Payload) -> Option<Box<Conditions>> {
        let read = matches!(facts.method, "GET" | "HEAD" | "QUERY");
        let key = match facts.repeats {
            true => parts.headers.get(IDEMPOTENCY_KEY),
            false => None,
        };
        let if_match = match facts.conditional && !read {
            true => Tags::of(&parts.headers, &header::IF_MATCH),
            false => None,
        };
        if key.is_none() && if_match.is_none() {
            return None;
        }
        Some(Box::new(Conditions {
            repeat: key.and_then(|key| {
                Some(Repeat {
                    key: key.to_str().ok()?.to_owned(),
                    fingerprint: fingerprint(parts, payload),
                })
            }),
            if_match,
            noted: Arc::default(),
        }))
    }

    /// The answer is one that was given before: `Idempotency-Replayed: true`.
    pub fn note_replayed(&self) {
        self.noted.replayed.store(true, Ordering::Release);
    }

    /// The version that the resource has now: `ETag`.
    pub fn note_version(&self, etag: ETag) {
        // Who says it first has said it.
        let _ = self.noted.etag.set(etag);
    }

    pub(crate) fn write(&self, response: &mut Response) {
        if self.noted.replayed.load(Ordering::Acquire) {
            let headers = response.headers_mut();
            headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        }
        if let Some(ETag(value)) = self.noted.etag.get() {
            let headers = response.headers_mut();
            headers.insert(header::ETAG, value.clone());
        }
    }
}

/// Each part with its length before it, so that no two requests run into the same bytes.
fn fingerprint(parts: &Parts, payload: &Payload) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    add(parts.method.as_str().as_bytes());
    add(parts.uri.path().as_bytes());
    add(parts.uri.query().unwrap_or_default().as_bytes());
    match payload {
        Payload::Absent => {}
        Payload::Bytes { medium, bytes, .. } => {
            add(&medium.to_be_bytes());
            add(bytes);
        }
        // Its items are not known yet.
        Payload::Items { medium, .. } => add(&medium.to_be_bytes()),
        Payload::Parts { medium, parts } => {
            add(&medium.to_be_bytes());
            for part in parts {
                add(part.name.as_bytes());
                add(&part.file.bytes);
            }
        }
    }
    hash.finalize().into()
}

/// The version of what a read answers, and 304 if the caller has it already. Errors have none.
pub(crate) fn tag(parts: &Parts, response: &mut Response) {
    if response.status() != StatusCode::OK {
        return;
    }
    let Some(etag) = response.headers().get(header::ETAG) else {
        return;
    };
    let current = etag.to_str().unwrap_or_default();
    let known = Tags::of(&parts.headers, &header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.match_weakly(current)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(lines: &[&str]) -> Tags {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, line.parse().unwrap());
        }
        Tags::of(&headers, &header::IF_MATCH).unwrap()
    }

    #[test]
    fn tags_are_compared_as_their_header_says() {
        let current = ETag::of(b"{}");
        let text = current.as_str().to_owned();
        assert_eq!(text.len(), 34, "{text}");
        let weak = format!("W/{text}");
        for (lines, strongly, weakly) in [
            (vec![text.as_str()], true, true),
            (vec!["*"], true, true),
            (vec![weak.as_str()], false, true),
            (vec!["\"a\", \"b\""], false, false),
            (vec!["\"a\",", text.as_str()], true, true),
            (vec![""], false, false),
            (vec![text.trim_matches('"')], false, false),
        ] {
            let tags = tags(&lines);
            assert_eq!(tags.match_strongly(&current), strongly, "{lines:?}");
            assert_eq!(tags.match_weakly(&text), weakly, "{lines:?}");
        }
        assert_ne!(current, ETag::of(b"{ }"));
    }
}
