//! How far a copy has come: a table in the target, there from the first row that is copied to the moment
//! everything has been verified. It marks the target as unfinished, and is removed with the last change.

use std::sync::Arc;

use super::error::Error;
use super::rows::{Value, Which};
use super::survey::Survey;
use super::tables::TABLES;
use super::{AtTarget, Step, steps};
use crate::{Error as Store, Tx, params};

/// Name of the table.
const RECORD: &str = "copy_progress";

/// How far one step has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// Rows so far.
    pub(super) rows: u64,
    /// Key of the last of them.
    pub(super) last_key: Option<Vec<Value>>,
    /// Nothing is left to do.
    pub(super) done: bool,
}

/// Whether the database is the target of a copy that has not been finished.
pub(crate) fn exists(tx: &mut Tx<'_>) -> Result<bool, Store> {
    let tables = tx.dialect().tables;
    let count: i64 = tx.query_one(tables, params![RECORD], |row| row.get())?;
    Ok(count > 0)
}

/// Begins a copy in an empty database, or takes up the one that is there. What a step has not begun has no
/// rows.
pub(super) fn begin(tx: &mut Tx<'_>, survey: &Survey) -> Result<Vec<State>, AtTarget> {
    if exists(tx)? {
        return take_up(tx, survey);
    }
    for table in TABLES {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS first",
            table.name
        );
        if tx.query_one(&sql, &[], |row| row.get::<i64>())? > 0 {
            return Err(Error::NotEmpty { table: table.name }.into());
        }
    }
    create(tx, survey)?;
    let fresh = State {
        rows: 0,
        last_key: None,
        done: false,
    };
    Ok(vec![fresh; steps().len()])
}

fn create(tx: &mut Tx<'_>, survey: &Survey) -> Result<(), Store> {
    let sql = format!(
        "CREATE TABLE {RECORD} (step BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         source_rows BIGINT NOT NULL, source_checksum TEXT NOT NULL, \
         copied BIGINT NOT NULL, last_key TEXT, done BIGINT NOT NULL)"
    );
    tx.execute(&sql, &[])?;
    let sql = format!(
        "INSERT INTO {RECORD} (step, name, source_rows, source_checksum, copied, done) \
         VALUES ($1, $2, $3, $4, 0, 0)"
    );
    for (number, step) in (0_i64..).zip(steps()) {
        let (rows, checksum) = identity(survey, &step);
        tx.execute(&sql, params![number, name(&step), rows, checksum])?;
    }
    Ok(())
}

fn take_up(tx: &mut Tx<'_>, survey: &Survey) -> Result<Vec<State>, AtTarget> {
    let sql = format!(
        "SELECT name, source_rows, source_checksum, copied, last_key, done FROM {RECORD} ORDER BY step"
    );
    let found = tx.query_all(&sql, &[], |row| {
        let identity: (String, i64, String) = (row.get()?, row.get()?, row.get()?);
        let state = State {
            rows: u64::try_from(row.get::<i64>()?).unwrap_or(0),
            last_key: row
                .get::<Option<String>>()?
                .map(|text| decode(&text))
                .transpose()?,
            done: row.get()?,
        };
        Ok((identity, state))
    })?;
    let steps = steps();
    let differing: Vec<String> = steps
        .iter()
        .enumerate()
        .filter(|(number, step)| {
            let (rows, checksum) = identity(survey, step);
            let expected = (name(step), rows, checksum);
            found
                .get(*number)
                .is_none_or(|(identity, _)| *identity != expected)
        })
        .map(|(_, step)| step.table.name.to_owned())
        .collect();
    if !differing.is_empty() || found.len() != steps.len() {
        let mut tables = differing;
        tables.dedup();
        return Err(Error::OtherCopy { tables }.into());
    }
    Ok(found.into_iter().map(|(_, state)| state).collect())
}

/// Moves a step from `before` to `after`. Whoever else moved it in the meantime makes this fail.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    number: usize,
    before: &State,
    after: &State,
) -> Result<(), AtTarget> {
    let sql = format!(
        "UPDATE {RECORD} SET copied = $1, last_key = $2, done = $3 \
         WHERE step = $4 AND copied = $5 AND done = 0"
    );
    let values = params![
        after.rows as i64,
        after.last_key.as_deref().map(encode),
        after.done,
        number as i64,
        before.rows as i64,
    ];
    match tx.execute(&sql, values) {
        Ok(1) => Ok(()),
        Ok(_) => Err(Error::Concurrent.into()),
        Err(error) => Err(gone(error)),
    }
}

/// Everything is there: from now on the database is one like any other.
pub(super) fn remove(tx: &mut Tx<'_>) -> Result<(), AtTarget> {
    tx.execute(&format!("DROP TABLE {RECORD}"), &[])
        .map(drop)
        .map_err(gone)
}

/// The record was there when this process began, so somebody else has finished the copy.
fn gone(error: Store) -> AtTarget {
    match error {
        Store::Statement(_) => Error::Concurrent.into(),
        other => other.into(),
    }
}

fn name(step: &Step) -> String {
    match step.which {
        Which::All => step.table.name.to_owned(),
        Which::Waiting => format!("{}, what had to wait", step.table.name),
    }
}

/// What makes a source this source: what it holds.
fn identity(survey: &Survey, step: &Step) -> (i64, String) {
    let content = survey.of(step.table.name).content;
    (content.rows as i64, content.checksum.text())
}

fn encode(key: &[Value]) -> String {
    let values = key.iter().map(|value| match value {
        Value::Integer(value) => (*value).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Null | Value::Unreadable => serde_json::Value::Null,
    });
    serde_json::Value::Array(values.collect()).to_string()
}

fn decode(text: &str) -> Result<Vec<Value>, Store> {
    let values: Vec<serde_json::Value> =
        serde_json::from_str(text).map_err(|error| Store::Json(Arc::new(error)))?;
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Ok(Value::Text(text)),
        other => other
            .as_i64()
            .map(Value::Integer)
            .ok_or_else(|| Store::Corrupt {
                column: "last_key".to_owned(),
            }),
    };
    values.into_iter().map(value).collect()
}
