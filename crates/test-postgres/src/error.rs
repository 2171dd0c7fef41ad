//! What can go wrong with a cluster.

use std::fmt;

/// Why there is no cluster, or why it did not do what it was asked to.
#[derive(Debug, Clone)]
pub enum Error {
    /// PostgreSQL, or a user it could run as, is missing; the text says what to install.
    NotInstalled(String),
    /// A program or a system call failed.
    Failed {
        /// What was being done.
        doing: String,
        /// What was said about it.
        detail: String,
    },
}

impl Error {
    pub(crate) fn failed(doing: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::Failed {
            doing: doing.into(),
            detail: detail.to_string(),
        }
    }

    /// Whether a server did not start because somebody else listens on its port.
    pub(crate) fn is_taken_port(&self) -> bool {
        let Self::Failed { detail, .. } = self else {
            return false;
        };
        ["could not bind", "bind failed", "Address already in use"]
            .iter()
            .any(|what| detail.contains(what))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled(what) => f.write_str(what),
            Self::Failed { doing, detail } => write!(f, "{doing} failed: {}", detail.trim_end()),
        }
    }
}

impl std::error::Error for Error {}
