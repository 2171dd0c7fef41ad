//! What sender and receiver share.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What the text of a secret begins with, so that it is recognised where it should not be.
const PREFIX: &str = "whsec_";

/// How long a secret is in bytes (Standard Webhooks 1.0, "Signature scheme": 192 to 512 bits).
const LENGTHS: RangeInclusive<usize> = 24..=64;

/// Length of new secrets in bytes: that of what they sign with.
const NEW: usize = 32;

/// A secret of an endpoint: with it the sender signs, and the receiver verifies.
///
/// It is shown by [`Secret::reveal`] only; neither `Debug` nor an error repeats it.
#[derive(Clone)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// A new secret of 32 random bytes.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn generate() -> Result<Secret, getrandom::Error> {
        let mut bytes = [0; NEW];
        getrandom::fill(&mut bytes)?;
        Ok(Secret(bytes.into()))
    }

    /// The secret that consists of `bytes`.
    ///
    /// # Errors
    /// They are less than 24 or more than 64.
    pub fn from_bytes(bytes: &[u8]) -> Result<Secret, SecretError> {
        match LENGTHS.contains(&bytes.len()) {
            true => Ok(Secret(bytes.into())),
            false => Err(SecretError::Length(bytes.len())),
        }
    }

    /// The secret as text, to be stored, or shown to whoever is to receive: `whsec_` and base64.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// What the signature of `id`, `timestamp` and `body` is computed with.
    pub(super) fn digest(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let digest = Hmac::<Sha256>::new_from_slice(&self.0);
        let mut digest = digest.expect("HMAC takes keys of every length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            digest.update(part);
        }
        digest
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Secret, SecretError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SecretError::Prefix)?;
        let bytes = STANDARD.decode(encoded);
        Secret::from_bytes(&bytes.map_err(|_| SecretError::Encoding)?)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretError {
    /// It does not begin with `whsec_`: perhaps it is a key of another kind.
    Prefix,
    /// What follows is not base64.
    Encoding,
    /// It has that many bytes.
    Length(usize),
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretError::Prefix => write!(f, "the secret does not begin with `{PREFIX}`"),
            SecretError::Encoding => write!(f, "what follows `{PREFIX}` is not base64"),
            SecretError::Length(length) => write!(
                f,
                "the secret has {length} bytes, and should have {} to {}",
                LENGTHS.start(),
                LENGTHS.end()
            ),
        }
    }
}

impl std::error::Error for SecretError {}
