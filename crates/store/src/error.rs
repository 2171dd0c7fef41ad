//! The one error of this crate.

use std::fmt;
use std::sync::Arc;

use crate::sqlite::error::is_damage;

/// Why a transaction, a statement or opening a database failed.
///
/// `Display` never contains the cause; walk `source()` to log it. Nor does it say what to do: that depends on who
/// uses the store. No variant is meant for a caller's
/// caller as it stands: SQL text and engine messages stay in the log.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// Another row already has this value.
    Duplicate(Unique),
    /// The row points at a row that does not exist in its tenant.
    Reference(Cause),
    /// A CHECK constraint refused the row; the name is the one in the migration.
    Constraint(String),
    /// The database cannot be written or reached: disk full, read-only, locked for too long, I/O error.
    /// Nothing of the transaction was applied; it may be tried again later.
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// What the engine said.
        cause: Cause,
    },
    /// Too many transactions of this tenant wait already. Nothing was begun.
    Overloaded,
    /// The transaction's time was up before it was done. Nothing of it was applied.
    Late,
    /// The connection broke while the transaction was being committed: it is applied wholly or not at all,
    /// and only reading tells which.
    OutcomeUnknown(Cause),
    /// A text contains U+0000, which PostgreSQL cannot store; refused on every engine.
    NulCharacter,
    /// The store is closed. Nothing of the transaction was applied.
    Closed,
    /// The closure of this transaction panicked. Nothing was applied.
    Panicked(String),
    /// A write inside a read transaction, which is a mistake in the calling code.
    WriteInRead,
    /// What works for one tenant, inside a transaction across tenants, which is a mistake in the calling code.
    NoTenant,
    /// A row of one tenant, inside a transaction of another one, which is a mistake in the calling code.
    OtherTenant,
    /// A stored value does not have the type its column promises.
    Corrupt {
        /// Name of the column.
        column: String,
    },
    /// JSON could not be written, or a stored document does not have the expected shape.
    Json(Cause),
    /// The database was written by a newer release.
    NewerSchema {
        /// Version found in the database.
        found: i64,
        /// Newest version this release knows.
        known: i64,
    },
    /// A database to copy from, which is not migrated on the way, has an older schema, or none (0).
    OlderSchema {
        /// Version found in the database.
        found: i64,
        /// Version of this release.
        known: i64,
    },
    /// A copy into this database has not been finished.
    UnfinishedCopy,
    /// The database is one of something else.
    ForeignDatabase,
    /// The PostgreSQL role is not bound by row-level security, which keeps tenants apart below the statements.
    PassesWall {
        /// Name of the role.
        role: String,
        /// What lets it pass.
        why: String,
    },
    /// The URL names an engine or form that is not supported.
    UnsupportedUrl(String),
    /// The URL names a supported engine, but cannot be used.
    UnusableUrl {
        /// The URL without credentials.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The file of an SQLite database cannot be used as one.
    UnusableFile {
        /// The file.
        path: String,
        /// What is wrong with it and, after a semicolon, what to do.
        why: String,
    },
    /// There is no such database, and it was not to be created.
    Missing(String),
    /// The database has what this program did not make, or lacks what it made: it might do something else
    /// than it says with every statement.
    ForeignObject {
        /// `trigger`, `view`, `table` or `index`, and its name.
        object: String,
        /// It is not there, instead of there too much or different.
        missing: bool,
    },
    /// Any other failure of a statement: a defect of this crate, or damage to the database.
    Statement(Cause),
}

/// The cause of an [`Error`], shared because one failed commit answers many callers.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// The unique constraints, by what they protect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unique {
    /// Tenant id.
    Tenant,
    /// Public id of an API key.
    ApiKey,
    /// Normalised e-mail of a customer within the tenant, active or not.
    CustomerEmail,
    /// `productSku` within the tenant.
    ProductSku,
    /// `variantSku` within the tenant.
    VariantSku,
    /// Serial number of an asset within the tenant.
    AssetSerial,
    /// One active subscription per asset.
    ActiveRentalOfAsset,
    /// Idempotency key among payments that are not cancelled.
    PaymentKey,
    /// The id of any other row.
    Id,
}

impl Error {
    /// Whether nothing of the transaction was applied, and the same one may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable { cause, .. } => !is_damage(cause),
            Self::Overloaded | Self::Late | Self::Closed => true,
            _ => false,
        }
    }

    /// What was read in order to lock it was changed by somebody else before it was locked.
    /// A statement that always has a row had none.
    pub(crate) fn no_row() -> Self {
        Self::Statement(Arc::new(std::io::Error::other("the result has no row")))
    }

    pub(crate) fn changed_meanwhile() -> Self {
        Self::Unavailable {
            doing: "locking",
            cause: Arc::new(std::io::Error::other("changed meanwhile")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(unique) => write!(f, "duplicate value: {unique:?}"),
            Self::Reference(_) => f.write_str("reference to a row that does not exist"),
            Self::Constraint(name) => write!(f, "constraint `{name}` refused the row"),
            Self::Unavailable { doing, .. } => write!(f, "database unavailable while {doing}"),
            Self::Overloaded => f.write_str("too many transactions of the tenant are waiting"),
            Self::Late => f.write_str("the transaction was not done in time"),
            Self::OutcomeUnknown(_) => f.write_str(
                "connection lost while committing; the change may or may not be applied",
            ),
            Self::NulCharacter => f.write_str("text contains the character U+0000"),
            Self::Closed => f.write_str("store is closed"),
            Self::Panicked(message) => write!(f, "transaction panicked: `{message}`"),
            Self::WriteInRead => f.write_str("write statement in a read transaction"),
            Self::NoTenant => f.write_str("work for one tenant in a transaction across tenants"),
            Self::OtherTenant => f.write_str("row of one tenant in a transaction of another"),
            Self::Corrupt { column } => write!(f, "unexpected value in column `{column}`"),
            Self::Json(_) => f.write_str("malformed JSON document"),
            Self::NewerSchema { found, known } => write!(
                f,
                "database has schema version {found}, this release knows up to {known}"
            ),
            Self::OlderSchema { found: 0, .. } => f.write_str("not a database of FlexPortal"),
            Self::OlderSchema { found, known } => write!(
                f,
                "database has schema version {found}, this release copies from version {known}"
            ),
            Self::UnfinishedCopy => f.write_str("a copy into this database has not been finished"),
            Self::ForeignDatabase => f.write_str("database belongs to another program"),
            Self::PassesWall { role, why } => write!(
                f,
                "role `{role}` passes row-level security, which keeps tenants apart: {why}"
            ),
            Self::UnsupportedUrl(url) => write!(f, "unsupported database `{url}`"),
            Self::UnusableUrl { url, why } => write!(f, "unusable database `{url}`: {why}"),
            Self::UnusableFile { path, why } => {
                let what = why.split_once("; ").map_or(why.as_str(), |(what, _)| what);
                write!(f, "unusable database `{path}`: {what}")
            }
            Self::Missing(database) => write!(f, "there is no database `{database}`"),
            Self::ForeignObject {
                object,
                missing: false,
            } => write!(
                f,
                "database has the {object}, which FlexPortal did not make"
            ),
            Self::ForeignObject { object, .. } => {
                write!(f, "database lacks the {object}, which FlexPortal made")
            }
            Self::Statement(_) => f.write_str("statement failed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Reference(cause)
            | Self::OutcomeUnknown(cause)
            | Self::Unavailable { cause, .. }
            | Self::Json(cause)
            | Self::Statement(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}
