//! Backup of an SQLite database beside a running server, and restore.
//!
//! The pages are copied by SQLite's backup API under one read transaction: writers go on, later commits do
//! not get into the copy, and the copy need not start again because of them. `VACUUM INTO` would give the
//! same guarantee, but builds every table and index anew, which takes twice as long (1.1 s against 0.5 s for
//! 273 MiB), and cannot say how far it is.
//!
//! **Architecture Invariant:** a copy gets its name only when it is complete, flushed and checked; until then
//! it is called `….partial`. Whatever goes wrong, the file that had the name before is untouched.

mod check;
mod error;
mod partial;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::Error as StoreError;
use crate::sqlite::place::{self, COMPANIONS, beside};
use crate::sqlite::{connection, migrate};

use check::check;
use error::engine;
use partial::{Partial, open_copy};

pub use error::Error;

/// How long to wait for the moment in which a checkpoint or another opening holds a lock.
const BUSY: Duration = Duration::from_secs(5);

/// How far a copy is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Pages that were copied.
    pub copied: u64,
    /// Pages of the database.
    pub pages: u64,
}

/// What was copied.
#[derive(Debug, Clone)]
pub struct Report {
    /// Size of the file.
    pub size_bytes: u64,
    /// Tenants in it.
    pub tenants: u64,
    /// Customers in it, of all tenants.
    pub customers: u64,
    /// Whether the counters and the deletion invariant were recomputed. Only a schema of this release can
    /// be; restoring brings older ones up to date and checks them then.
    pub invariants_checked: bool,
    /// Where the database that was replaced is now.
    pub replaced: Option<PathBuf>,
}

/// Copies the database `url` to the file `to`, checked and flushed, while others read and write it.
///
/// # Errors
/// [`Error`]; the file `to` is then as it was before.
pub fn backup(
    url: &str,
    to: &Path,
    overwrite: bool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let from = sqlite_file(url)?;
    if !from.exists() {
        return Err(StoreError::Missing(from.display().to_string()).into());
    }
    refuse_same(&from, to)?;
    refuse_existing(to, overwrite)?;
    let source = connection::reading(&from, BUSY)?;
    let partial = Partial::create(to, &from)?;
    partial.fill(&source, &from, progress)?;
    let report = check(&partial.path, &from)?;
    refuse_existing(to, overwrite)?;
    // It may be a database of another server; and what is beside it must not meet the pages of this one.
    let locked = take_over(to)?;
    partial::remove_companions(to);
    partial.finish(to)?;
    drop(locked);
    Ok(report)
}

/// Puts the backup `from` in the place of the database `url`, once it was checked and its schema brought up
/// to date. A database that was there is kept beside it ([`Report::replaced`]).
///
/// # Errors
/// [`Error`]; the database is then as it was before. [`Error::InUse`] while a server has it open.
pub fn restore(
    from: &Path,
    url: &str,
    overwrite: bool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let to = sqlite_file(url)?;
    refuse_same(from, &to)?;
    refuse_existing(&to, overwrite)?;
    let opened = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let source = opened.map_err(|error| engine(error, "opening the backup", from))?;
    let partial = Partial::create(&to, from)?;
    partial.fill(&source, from, progress)?;
    let mut report = check(&partial.path, from)?;
    if !report.invariants_checked {
        // The copy, never the backup itself, is brought up to date.
        migrate::run(&open_copy(&partial.path)?)?;
        report = check(&partial.path, from)?;
    }
    partial.give_to_owner_of(&to);
    let locked = take_over(&to)?;
    report.replaced = set_aside(&to)?;
    partial.finish(&to)?;
    drop(locked);
    Ok(report)
}

/// Makes sure that nobody has the database open, and that nobody opens it before it is replaced.
///
/// Leaving WAL mode needs the database for itself, and moves the log into it. A server that starts meanwhile
/// waits, wants to return to WAL mode, and is told by SQLite that the file has been moved.
fn take_over(target: &Path) -> Result<Option<Connection>, Error> {
    if !target.exists() {
        return Ok(None);
    }
    let opened = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let connection = opened.map_err(|error| engine(error, "opening the database", target))?;
    let alone = connection
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .and_then(|()| connection.execute_batch("BEGIN EXCLUSIVE"));
    match alone {
        Ok(()) => Ok(Some(connection)),
        Err(error) if is_busy(&error) => Err(Error::InUse(target.to_path_buf())),
        // Damaged beyond opening: a reason to restore, and nothing a server could be working with.
        Err(_) => Ok(None),
    }
}

/// Gives the database a dated second name, so that its place can be taken, and moves away what is beside it:
/// the log of one database must never meet the pages of another.
fn set_aside(target: &Path) -> Result<Option<PathBuf>, Error> {
    let now = jiff::Timestamp::now()
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string();
    let dated = (1..)
        .map(|number| match number {
            1 => beside(target, &format!(".replaced-{now}")),
            _ => beside(target, &format!(".replaced-{now}-{number}")),
        })
        .find(|path| !path.exists())
        .expect("numbers do not run out");
    let moving = |path: &Path| {
        let path = path.to_path_buf();
        move |cause| Error::File {
            doing: "setting aside",
            path,
            cause,
        }
    };
    let was_there = target.exists();
    if was_there && fs::hard_link(target, &dated).is_err() {
        // A file system without links: for a moment there is no database.
        fs::rename(target, &dated).map_err(moving(target))?;
    }
    for suffix in COMPANIONS {
        let companion = beside(target, suffix);
        if companion.exists() {
            fs::rename(&companion, beside(&dated, suffix)).map_err(moving(&companion))?;
        }
    }
    Ok(was_there.then_some(dated))
}

fn refuse_existing(path: &Path, overwrite: bool) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if !overwrite || !found.is_file() => Err(Error::Exists(path.to_path_buf())),
        _ => Ok(()),
    }
}

fn refuse_same(from: &Path, to: &Path) -> Result<(), Error> {
    // The log of a database is as much part of it, also of one that was not named.
    let part = place::is_part(to, from) || place::is_part(from, to);
    if part || place::is_named_like_companion(to) {
        return Err(Error::SameFile(to.to_path_buf()));
    }
    Ok(())
}

/// The file named by a `sqlite:` URL.
fn sqlite_file(url: &str) -> Result<PathBuf, Error> {
    let path = url.strip_prefix("sqlite:").unwrap_or_default();
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(Error::Store(StoreError::UnsupportedUrl(url.to_owned())));
    }
    Ok(PathBuf::from(path))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}
