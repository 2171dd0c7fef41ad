//! Why a backup or a restore failed.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use rusqlite::ErrorCode;

use crate::Error as StoreError;
use crate::sqlite::error::translate;

/// Why a backup was not made, or not restored.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file is there already.
    Exists(PathBuf),
    /// Source and target are the same file.
    SameFile(PathBuf),
    /// The database to replace is open in another process.
    InUse(PathBuf),
    /// Another process is writing this copy.
    Writing(PathBuf),
    /// The copy does not hold together: what is wrong with it.
    Damaged {
        /// The file that was copied.
        path: PathBuf,
        /// The first faults.
        faults: Vec<String>,
    },
    /// A file could not be handled.
    File {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The engine failed, or the database is none of ours.
    Store(StoreError),
}

/// An engine error: a damaged file is told from one that cannot be reached.
pub(super) fn engine(error: rusqlite::Error, doing: &'static str, path: &Path) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Damaged {
            path: path.to_path_buf(),
            faults: vec![error.to_string()],
        },
        _ => Error::Store(translate(error, doing)),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(f, "`{}` exists already", path.display()),
            Self::SameFile(path) => {
                write!(f, "`{}` belongs to the database itself", path.display())
            }
            Self::InUse(path) => write!(f, "`{}` is open in another process", path.display()),
            Self::Writing(path) => write!(f, "another process is writing `{}`", path.display()),
            Self::Damaged { path, faults } => {
                write!(f, "`{}` is damaged: {}", path.display(), faults.join("; "))
            }
            Self::File { doing, path, .. } => write!(f, "{doing} `{}` failed", path.display()),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { cause, .. } => Some(cause),
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}
