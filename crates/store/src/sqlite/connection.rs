//! Opening connections with the settings durability and isolation rest on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::sqlite::error::translate;
use crate::sqlite::place;
use crate::{Error, pace};

/// Statements of all resource modules fit; lists with filters come in some hundred forms.
const STATEMENT_CACHE: usize = 512;

/// Pages in the write-ahead log before a commit copies them into the database (4 KiB each): large enough
/// that pages changed often are copied once, small enough that recovery and disk use stay modest.
const CHECKPOINT_PAGES: u32 = 4_000;

/// The connection that may write; creates the file.
pub(crate) fn writing(path: &Path, busy_timeout: Duration) -> Result<Connection, Error> {
    place::create_private(path).map_err(|cause| Error::Unavailable {
        doing: "opening the database",
        cause: Arc::new(cause),
    })?;
    let mut connection = open(path, OpenFlags::empty(), busy_timeout)?;
    refuse_read_only(&connection)?;
    // Commits append to one log and readers never wait. FULL: a commit returns after its log is flushed.
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|error| translate(error, "opening the database"))?;
    debug_assert_eq!(mode, "wal");
    configure(
        &connection,
        &format!(
            "PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};
             PRAGMA journal_size_limit = 67108864;
             PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -32768;"
        ),
    )?;
    let on = || {
        pace::give_way();
        false
    };
    connection
        .progress_handler(pace::STEPS, Some(on))
        .map_err(|error| translate(error, "opening the database"))?;
    Ok(connection)
}

/// A connection that can only read.
pub(crate) fn reading(path: &Path, busy_timeout: Duration) -> Result<Connection, Error> {
    let connection = open(path, OpenFlags::empty(), busy_timeout)?;
    configure(
        &connection,
        "PRAGMA query_only = ON; PRAGMA cache_size = -16384;",
    )?;
    Ok(connection)
}

fn open(path: &Path, extra: OpenFlags, busy_timeout: Duration) -> Result<Connection, Error> {
    // Each connection belongs to one thread, so SQLite needs no mutex of its own. Readers open for writing
    // too, because a reader may have to create the shared index of the log; `query_only` guards them.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    let opening = |error| translate(error, "opening the database");
    let connection = Connection::open_with_flags(path, flags).map_err(opening)?;
    connection.busy_timeout(busy_timeout).map_err(opening)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // Otherwise binding a value may compile the cached statement anew to look for a better plan: every
    // statement with a bound LIMIT and the outbox insert would, at several times their own cost.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(opening)?;
    configure(
        &connection,
        "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// On a read-only disk SQLite opens the file for reading alone, and would stay with that when the disk can
/// be written again. Whoever starts the server shall try again instead.
fn refuse_read_only(connection: &Connection) -> Result<(), Error> {
    let doing = "opening the database";
    let read_only = connection.is_readonly("main");
    if !read_only.map_err(|error| translate(error, doing))? {
        return Ok(());
    }
    let cause = std::io::Error::new(
        std::io::ErrorKind::ReadOnlyFilesystem,
        "the file cannot be written",
    );
    Err(Error::Unavailable {
        doing,
        cause: Arc::new(cause),
    })
}

fn configure(connection: &Connection, pragmas: &str) -> Result<(), Error> {
    connection
        .execute_batch(pragmas)
        .map_err(|error| translate(error, "opening the database"))
}
