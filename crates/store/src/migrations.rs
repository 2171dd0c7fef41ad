//! The migrations of both engines: numbered files, embedded, applied in order, never changed once merged.

/// A step of the schema: file `000N_….sql` in the folder of each engine, at index N − 1.
pub(crate) struct Migration {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    /// The oldest version whose releases work on the schema after it, while servers are replaced one by one.
    pub(crate) oldest: i64,
}

macro_rules! migration {
    ($file:literal, $oldest:literal) => {
        Migration {
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
            oldest: $oldest,
        }
    };
}

/// All of them.
pub(crate) const MIGRATIONS: &[Migration] = &[migration!("0001_base.sql", 1)];
