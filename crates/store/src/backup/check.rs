//! Whether a copy holds together.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::error::{Error, engine};
use super::{BUSY, Report};
use crate::sqlite::{Transaction, connection, migrate};
use crate::{Tx, verify_invariants};

/// Faults that are named; a damaged file may have millions.
const FAULTS: usize = 20;

/// Holds the copy against itself: pages, references, counters and the deletion invariant.
pub(super) fn check(copy: &Path, from: &Path) -> Result<Report, Error> {
    let failed = |error| engine(error, "checking the copy", from);
    let damaged = |faults: Vec<String>| Error::Damaged {
        path: from.to_path_buf(),
        faults,
    };
    let connection = connection::reading(copy, BUSY)?;
    let (found, known) = migrate::versions(&connection)?;
    if found == 0 {
        return Err(damaged(vec!["it is empty".to_owned()]));
    }
    migrate::refuse_foreign(&connection, found)?;
    let list = |sql: &str| -> rusqlite::Result<Vec<String>> {
        connection
            .prepare(sql)?
            .query_map([], |row| row.get(0))?
            .take(FAULTS)
            .collect()
    };
    let mut faults = list("PRAGMA integrity_check(20)").map_err(failed)?;
    faults.retain(|fault| fault != "ok");
    if faults.is_empty() {
        let rows = list("SELECT \"table\" FROM pragma_foreign_key_check").map_err(failed)?;
        faults.extend(
            rows.into_iter()
                .map(|table| format!("a row of `{table}` points nowhere")),
        );
    }
    let tenants = list_all(&connection, "SELECT id FROM tenants").map_err(failed)?;
    let customers: i64 = connection
        .query_row("SELECT count(*) FROM customers", [], |row| row.get(0))
        .map_err(failed)?;
    let current = found == known;
    if current && faults.is_empty() {
        let mut tx = Tx::sqlite(Transaction::new(&connection, false), None);
        for tenant in &tenants {
            let wrong = verify_invariants(&mut tx, tenant)?;
            faults.extend(
                wrong
                    .into_iter()
                    .map(|it| format!("tenant `{tenant}`: {it}")),
            );
        }
    }
    faults.truncate(FAULTS);
    if !faults.is_empty() {
        return Err(damaged(faults));
    }
    Ok(Report {
        size_bytes: fs::metadata(copy).map_or(0, |it| it.len()),
        tenants: tenants.len() as u64,
        customers: u64::try_from(customers).unwrap_or(0),
        invariants_checked: current,
        replaced: None,
    })
}

fn list_all(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}
