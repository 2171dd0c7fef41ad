//! Applies the migrations, and refuses files that are not made by them.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::Error;
use crate::migrations::MIGRATIONS;
use crate::sqlite::error::translate;

/// Marks the file as ours ("FlxP"), so that another program's database is not written to by mistake.
const APPLICATION_ID: i64 = 0x466c_7850;

/// Brings the database to the newest version; safe when several processes start at once.
pub(crate) fn run(connection: &Connection) -> Result<(), Error> {
    let known = MIGRATIONS.len() as i64;
    let found = checked_version(connection, known)?;
    refuse_foreign(connection, found)?;
    if found == known {
        return Ok(());
    }
    batch(connection, "BEGIN IMMEDIATE")?;
    match apply(connection, known) {
        Ok(()) => batch(connection, "COMMIT"),
        Err(error) => {
            // The migration's error is the one to report; the connection is dropped by the caller.
            let _ = batch(connection, "ROLLBACK");
            Err(error)
        }
    }
}

/// The version of the schema, 0 for an empty database, and the newest one that this release knows.
pub(crate) fn versions(connection: &Connection) -> Result<(i64, i64), Error> {
    let known = MIGRATIONS.len() as i64;
    Ok((checked_version(connection, known)?, known))
}

/// Refuses a schema that is not the one our migrations make, up to `version`: a trigger of somebody else
/// would run with every statement of ours.
pub(crate) fn refuse_foreign(connection: &Connection, version: i64) -> Result<(), Error> {
    let ours = Connection::open_in_memory().map_err(migrating)?;
    let applied = usize::try_from(version).unwrap_or(0);
    for migration in MIGRATIONS.iter().take(applied) {
        batch(&ours, migration.sqlite)?;
    }
    let (ours, found) = (objects(&ours)?, objects(connection)?);
    let foreign = found.iter().find(|object| !ours.contains(*object));
    if let Some(object) = foreign {
        return Err(object.error(false));
    }
    match ours.iter().find(|object| !found.contains(*object)) {
        Some(object) => Err(object.error(true)),
        None => Ok(()),
    }
}

/// A table, index, trigger or view.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    kind: String,
    name: String,
    table: String,
    sql: Option<String>,
}

impl Object {
    fn error(&self, missing: bool) -> Error {
        let object = format!("{} `{}`", self.kind, self.name);
        Error::ForeignObject { object, missing }
    }

    /// Made by the engine (figures for its planner, indexes of keys), or by a copy that is not finished.
    fn comes_and_goes(&self) -> bool {
        match self.kind.as_str() {
            "table" => ["sqlite_stat1", "sqlite_stat4", "copy_progress"].contains(&&*self.name),
            "index" => self.sql.is_none() && self.name.starts_with("sqlite_autoindex_"),
            _ => false,
        }
    }
}

fn objects(connection: &Connection) -> Result<BTreeSet<Object>, Error> {
    let read = || -> rusqlite::Result<Vec<Object>> {
        let sql = "SELECT type, name, tbl_name, sql FROM sqlite_master";
        let mut statement = connection.prepare(sql)?;
        let object = |row: &rusqlite::Row<'_>| {
            Ok(Object {
                kind: row.get(0)?,
                name: row.get(1)?,
                table: row.get(2)?,
                sql: row.get(3)?,
            })
        };
        statement.query_map([], object)?.collect()
    };
    let all = read().map_err(migrating)?;
    Ok(all
        .into_iter()
        .filter(|object| !object.comes_and_goes())
        .collect())
}

/// Refuses a database that is not at the newest version, and leaves it as it is.
pub(crate) fn check(connection: &Connection) -> Result<(), Error> {
    let known = MIGRATIONS.len() as i64;
    match checked_version(connection, known)? {
        found if found < known => Err(Error::OlderSchema { found, known }),
        found => refuse_foreign(connection, found),
    }
}

fn apply(connection: &Connection, known: i64) -> Result<(), Error> {
    // Read again under the lock: another process may have migrated in between.
    let version = checked_version(connection, known)?;
    for migration in MIGRATIONS
        .iter()
        .skip(usize::try_from(version).unwrap_or(0))
    {
        batch(connection, migration.sqlite)?;
    }
    batch(
        connection,
        &format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {known}"),
    )
}

fn checked_version(connection: &Connection, known: i64) -> Result<i64, Error> {
    let found = integer(connection, "PRAGMA user_version")?;
    let application = integer(connection, "PRAGMA application_id")?;
    let empty = integer(connection, "SELECT count(*) FROM sqlite_master")? == 0;
    if application != APPLICATION_ID && !(application == 0 && empty) {
        return Err(Error::ForeignDatabase);
    }
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    Ok(found)
}

fn integer(connection: &Connection, sql: &str) -> Result<i64, Error> {
    connection
        .query_row(sql, [], |row| row.get(0))
        .map_err(migrating)
}

fn batch(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.execute_batch(sql).map_err(migrating)
}

fn migrating(error: rusqlite::Error) -> Error {
    translate(error, "migrating the database")
}
