//! Why a webhook was not received.

use std::fmt;

use super::TIMESTAMP;
use crate::wire::DecodeError;

/// Why a webhook was not received. All but [`Error::Invalid`] mean that its sender is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// This header is missing.
    MissingHeader(&'static str),
    /// This header is not text, or not the number of seconds that it should be.
    UnreadableHeader(&'static str),
    /// It was sent longer ago than is tolerated.
    TooOld {
        /// How long ago.
        age_seconds: u64,
    },
    /// It was sent further in the future than is tolerated.
    TooNew {
        /// How far.
        ahead_seconds: u64,
    },
    /// No signature is one of an accepted secret: another secret, another body, or somebody else.
    NoSignatureMatches,
    /// It is signed, and its body is not what the contract says.
    Invalid(DecodeError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::MissingHeader(name) => write!(f, "the header `{name}` is missing"),
            Error::UnreadableHeader(TIMESTAMP) => {
                write!(
                    f,
                    "the header `{TIMESTAMP}` is no number of seconds since 1970"
                )
            }
            Error::UnreadableHeader(name) => write!(f, "the header `{name}` is not text"),
            Error::TooOld { age_seconds } => {
                write!(f, "it was sent {age_seconds} s ago, which is too long")
            }
            Error::TooNew { ahead_seconds } => {
                write!(
                    f,
                    "it was sent {ahead_seconds} s in the future, which is too far"
                )
            }
            Error::NoSignatureMatches => f.write_str("no signature is one of an accepted secret"),
            Error::Invalid(_) => f.write_str("the body is not what the contract says"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Invalid(error) => Some(error),
            _ => None,
        }
    }
}
