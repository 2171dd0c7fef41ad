//! The transactional outbox: an event is written by the transaction that causes it.

use jiff::Timestamp;

use crate::tx::Dialect;
use crate::{Error, Json, Row, Tx, params};

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Tenant it happened in.
    pub tenant_id: &'a str,
    /// Contract name, for example `customer.deactivated`.
    pub kind: &'a str,
    /// The resource whose events are delivered in order (its id).
    pub resource: &'a str,
    /// The ids concerned.
    pub data: Json,
    /// When.
    pub at: Timestamp,
}

/// A row of `events`.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Tenant it happened in.
    pub tenant_id: String,
    /// Grows in the order of commits per resource; on SQLite by one per tenant, over all resources.
    pub sequence: i64,
    /// Contract name.
    pub kind: String,
    /// The resource whose events are delivered in order.
    pub resource: String,
    /// The ids concerned.
    pub data: Json,
    /// When.
    pub at: Timestamp,
}

/// Appends an event.
///
/// # Errors
/// Engine failures.
pub fn append(tx: &mut Tx<'_>, event: &NewEvent<'_>) -> Result<(), Error> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "INSERT INTO events (tenant_id, sequence, kind, resource, data, at) \
             SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5 FROM events WHERE tenant_id = $1"
        }
        Dialect::Postgres => {
            "INSERT INTO events (tenant_id, kind, resource, data, at) VALUES ($1, $2, $3, $4, $5)"
        }
    };
    tx.execute(
        sql,
        params![
            event.tenant_id,
            event.kind,
            event.resource,
            &event.data,
            event.at
        ],
    )
    .map(drop)
}

/// Events of a tenant after a sequence number (0 for all), at most `limit`, in order.
///
/// On PostgreSQL transactions commit in another order than that in which they took their sequence numbers,
/// so an event is withheld as long as an older transaction runs: whoever asks again after the last number it
/// got never misses one.
///
/// # Errors
/// Engine failures.
pub fn after(
    tx: &mut Tx<'_>,
    tenant: &str,
    sequence: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let settled = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " AND transaction < pg_snapshot_xmin(pg_current_snapshot())",
    };
    let sql = format!(
        "SELECT tenant_id, sequence, kind, resource, data, at FROM events \
         WHERE tenant_id = $1 AND sequence > $2{settled} ORDER BY sequence LIMIT $3"
    );
    tx.query_all(&sql, params![tenant, sequence, limit], from_row)
}

/// How many events of a kind a resource has had.
///
/// # Errors
/// Engine failures.
pub fn count(tx: &mut Tx<'_>, tenant: &str, kind: &str, resource: &str) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM events WHERE tenant_id = $1 AND kind = $2 AND resource = $3";
    tx.query_one(sql, params![tenant, kind, resource], |row| row.get())
}

fn from_row(row: &mut Row<'_>) -> Result<EventRow, Error> {
    Ok(EventRow {
        tenant_id: row.get()?,
        sequence: row.get()?,
        kind: row.get()?,
        resource: row.get()?,
        data: row.get()?,
        at: row.get()?,
    })
}
