//! What to do about errors of the store, which states facts and knows neither commands nor options.

use store::{Error, backup, copy};

/// About a database that cannot be used.
pub(crate) fn on_store(error: &Error) -> Option<&str> {
    Some(match error {
        Error::NewerSchema { .. } => "run the release that wrote it, or a newer one",
        Error::OlderSchema { found: 0, .. } => "check the URL; nothing was created",
        Error::OlderSchema { .. } => {
            "let this release bring it up to date first, with `flexportal tenant list`"
        }
        Error::UnfinishedCopy => {
            "run the same `flexportal copy` again; it goes on where it stopped"
        }
        Error::ForeignDatabase => {
            "name a new file, or a PostgreSQL database without a schema `flexportal`"
        }
        Error::PassesWall { .. } => {
            "connect as a role of its own, `CREATE ROLE flexportal LOGIN PASSWORD '…'`, that owns the \
             database, `ALTER DATABASE … OWNER TO flexportal`, and all tables in it; or give up this wall with \
             `--allow-bypass-rls`"
        }
        Error::UnsupportedUrl(_) => {
            "use `sqlite:PATH`, for example `sqlite:flexportal.db`, or `postgres://USER@HOST/DATABASE`"
        }
        Error::UnusableUrl { .. } => {
            "use `postgres://USER@HOST:PORT/DATABASE`, with `?sslmode=…&sslrootcert=…` if need be"
        }
        Error::UnusableFile { why, .. } => why
            .split_once("; ")
            .map_or("name another file", |(_, advice)| advice),
        Error::Missing(_) => {
            "check the name; `flexportal tenant create` or `flexportal serve` makes a new one"
        }
        Error::ForeignObject { missing: false, .. } => {
            "find out who changed the database; drop it if it does no harm, else use a backup"
        }
        Error::ForeignObject { .. } => "find out who changed the database, and use a backup",
        _ => return None,
    })
}

/// About a copy that was not made.
pub(crate) fn on_copy(error: &copy::Error) -> Option<&str> {
    use copy::Error;
    Some(match error {
        Error::SnapshotLost | Error::Target(_) => {
            "run the same command again; it goes on where it stopped"
        }
        Error::Unfit(..) => "correct them in the source, then run the same command again",
        Error::Inconsistent(_) => {
            "correct it there, or restore a backup, then run the same command again"
        }
        Error::NotEmpty { .. } => {
            "name a new file or an empty database; nothing was changed in this one"
        }
        Error::OtherCopy { .. } => {
            "start again with a new target: remove the file, or `DROP SCHEMA flexportal CASCADE` in the database; \
             stop the servers of the source first, so that it stays as it is"
        }
        Error::Concurrent => "let one of them finish",
        Error::Different(_) | Error::Broken(_) => {
            "something else wrote to the target or damaged it; start again with a new one"
        }
        _ => return None,
    })
}

/// About a backup that was not made, or not restored.
pub(crate) fn on_backup(error: &backup::Error) -> Option<&str> {
    use backup::Error;
    Some(match error {
        Error::Exists(_) => "name another file, or add `--overwrite`",
        Error::SameFile(_) => "name another file",
        Error::InUse(_) => "stop the server first",
        Error::Writing(_) => "wait for it, or name another file",
        Error::Damaged { .. } => "nothing was replaced; use another backup",
        Error::Store(error) => return on_store(error),
        _ => return None,
    })
}
