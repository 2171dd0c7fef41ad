//! What a sender does.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;

use super::{ID, SIGNATURE, Secret, TIMESTAMP};

/// What is sent beside a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Of `webhook-id`.
    pub id: String,
    /// Of `webhook-timestamp`.
    pub timestamp: String,
    /// Of `webhook-signature`.
    pub signature: String,
}

impl Signed {
    /// The three headers.
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [
            (ID, &self.id),
            (TIMESTAMP, &self.timestamp),
            (SIGNATURE, &self.signature),
        ]
    }
}

/// Signs the event `id` for a try at the time `at`, once with each of `secrets`: while a secret is
/// being replaced these are the new and the old one. `body` are the very bytes that are sent.
///
/// A time before 1970 is signed as 1970.
///
/// # Errors
/// There is no secret, or `id` cannot be signed safely.
pub fn sign(
    secrets: &[Secret],
    id: &str,
    at: SystemTime,
    body: &[u8],
) -> Result<Signed, SignError> {
    // A full stop would let one signature stand for two messages.
    let is_safe = |byte: u8| byte.is_ascii_graphic() && byte != b'.';
    if id.is_empty() || !id.bytes().all(is_safe) {
        return Err(SignError::Id);
    }
    if secrets.is_empty() {
        return Err(SignError::NoSecret);
    }
    let timestamp = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let timestamp = timestamp.as_secs().to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let digest = secret.digest(id, &timestamp, body).finalize();
            format!("v1,{}", STANDARD.encode(digest.into_bytes()))
        })
        .collect();
    Ok(Signed {
        id: id.to_owned(),
        timestamp,
        signature: signatures.join(" "),
    })
}

/// Why nothing was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignError {
    /// The id is empty, or holds a full stop or something else than visible ASCII.
    Id,
    /// There is no secret to sign with.
    NoSecret,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SignError::Id => "the id must be visible ASCII without full stops",
            SignError::NoSecret => "there is no secret to sign with",
        })
    }
}

impl std::error::Error for SignError {}
