//! The transactional outbox: an event is written by the transaction that causes it.

use jiff::Timestamp;

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
    /// Counts up by one per tenant, in commit order.
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
    let sql = "INSERT INTO events (tenant_id, sequence, kind, resource, data, at) \
               SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5 FROM events WHERE tenant_id = $1";
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
/// # Errors
/// Engine failures.
pub fn after(
    tx: &mut Tx<'_>,
    tenant: &str,
    sequence: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let sql = "SELECT tenant_id, sequence, kind, resource, data, at FROM events \
               WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
    tx.query_all(sql, params![tenant, sequence, limit], from_row)
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
