//! What is done by itself, by one process at a time: who is at it, and how the last run ended.
//!
//! A process holds a job until a moment that it puts off while it works; once it is gone, another one takes over. The
//! row alone says so: a lock of a session would not survive a pooler that gives each transaction another one. All
//! instants are those of the database's clock, so that the clocks of the processes play no part. Where that one was
//! put back, an instant that lies in its future does not count.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;

use crate::table::{Entry as _, Record as _, table};
use crate::{Error, Tx, params};

table! {
    /// A row of `jobs`.
    JobRow of "jobs" by (name) {
        /// Name.
        name: String,
        /// The run that holds it, also if that has ended without saying so.
        holder: Option<String>,
        /// Until when it does.
        held_until: Timestamp,
        /// When the last run began.
        started_at: Timestamp,
        /// When the last run that ended did.
        ended_at: Option<Timestamp>,
        /// Why that one failed, if it did.
        failure: Option<String>,
    }
}

static LIST: LazyLock<String> = LazyLock::new(|| JobRow::TABLE.select("ORDER BY name"));

/// What is true of a job that may be begun: nobody holds it, and the last run ended long enough ago. `hold` and
/// `every` are placeholders.
fn is_free(tx: &Tx<'_>, hold: &str, every: &str) -> String {
    let now = now(tx);
    format!(
        "(jobs.held_until <= {now} OR jobs.held_until > {now} + 2 * {hold}) \
         AND (jobs.ended_at IS NULL OR jobs.ended_at <= {now} - {every} OR jobs.ended_at > {now})"
    )
}

/// The database's clock, in microseconds since 1970.
fn now(tx: &Tx<'_>) -> &'static str {
    tx.dialect().now_us
}

/// Whether a job can be taken: a cheap look before [`take`] writes.
///
/// # Errors
/// Engine failures.
pub fn is_due(tx: &mut Tx<'_>, name: &str, hold: Duration, every: Duration) -> Result<bool, Error> {
    let sql = format!(
        "SELECT count(*) FROM jobs WHERE name = $1 AND NOT ({})",
        is_free(tx, "$2", "$3")
    );
    let values = params![name, micros(hold), micros(every)];
    Ok(tx.query_one(&sql, values, |row| row.get::<i64>())? == 0)
}

/// Takes a job for the run `holder`, if nobody has it and its last run ended at least `every` ago; nobody else takes
/// it for as long as `hold`.
///
/// # Errors
/// Engine failures.
pub fn take(
    tx: &mut Tx<'_>,
    name: &str,
    holder: &str,
    hold: Duration,
    every: Duration,
) -> Result<bool, Error> {
    let (now, free) = (now(tx), is_free(tx, "$3", "$4"));
    let sql = format!(
        "INSERT INTO jobs (name, holder, held_until, started_at) VALUES ($1, $2, {now} + $3, {now}) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until, \
         started_at = excluded.started_at WHERE {free}"
    );
    let values = params![name, holder, micros(hold), micros(every)];
    Ok(tx.execute(&sql, values)? > 0)
}

/// Holds a job on; `false` if the run `holder` does not hold it any more.
///
/// # Errors
/// Engine failures.
pub fn hold(tx: &mut Tx<'_>, name: &str, holder: &str, hold: Duration) -> Result<bool, Error> {
    let sql = format!(
        "UPDATE jobs SET held_until = {} + $1 WHERE name = $2 AND holder = $3",
        now(tx)
    );
    Ok(tx.execute(&sql, params![micros(hold), name, holder])? > 0)
}

/// The run `holder` has ended, with this failure if any.
///
/// # Errors
/// Engine failures.
pub fn end(
    tx: &mut Tx<'_>,
    name: &str,
    holder: &str,
    failure: Option<&str>,
) -> Result<bool, Error> {
    let sql = format!(
        "UPDATE jobs SET holder = NULL, held_until = 0, ended_at = {}, failure = $1 \
         WHERE name = $2 AND holder = $3",
        now(tx)
    );
    Ok(tx.execute(&sql, params![failure, name, holder])? > 0)
}

/// Every job that was ever begun.
///
/// # Errors
/// Engine failures.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<JobRow>, Error> {
    tx.query_all(&LIST, &[], JobRow::from_row)
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
