//! The transactional outbox: an event is written by the transaction that causes it.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;

use crate::statement::InsertAll;
use crate::table::{Entry as _, Record as _, table};
use crate::{Error, Json, Param, Store, Tx, params};

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Contract name, for example `customer.deactivated`.
    pub kind: &'a str,
    /// The resource whose events are delivered in order (its id).
    pub resource: &'a str,
    /// The ids concerned.
    pub data: Json,
    /// When.
    pub at: Timestamp,
}

table! {
    /// A row of `events`.
    EventRow of "events" by (tenant_id, sequence) {
        /// Tenant it happened in.
        tenant_id: String,
        /// Grows in the order of commits per resource; on SQLite by one per tenant, over all resources.
        sequence: i64 => kept,
        /// Contract name.
        kind: String,
        /// The resource whose events are delivered in order.
        resource: String,
        /// The ids concerned.
        data: Json,
        /// When.
        at: Timestamp,
    }
}

/// Appends an event.
///
/// # Errors
/// Engine failures.
pub fn append(tx: &mut Tx<'_>, event: &NewEvent<'_>) -> Result<(), Error> {
    let values = values(tx, event)?;
    tx.post(tx.dialect().append_event, &values)
}

/// [`append`]; the sequence number of the event.
///
/// # Errors
/// Engine failures.
pub fn append_numbered(tx: &mut Tx<'_>, event: &NewEvent<'_>) -> Result<i64, Error> {
    let sql = format!("{} RETURNING sequence", tx.dialect().append_event);
    let values = values(tx, event)?;
    tx.query_one(&sql, &values, |row| row.get())
}

fn values<'e>(tx: &Tx<'e>, event: &'e NewEvent<'_>) -> Result<[Param<'e>; 5], Error> {
    Ok([
        tx.tenant()?.into(),
        event.kind.into(),
        event.resource.into(),
        (&event.data).into(),
        event.at.into(),
    ])
}

/// Appends events in their order: on PostgreSQL as one statement.
///
/// # Errors
/// Engine failures.
pub fn append_all(tx: &mut Tx<'_>, events: &[NewEvent<'_>]) -> Result<(), Error> {
    if events.len() < 2 || !tx.dialect().is_remote {
        return events.iter().try_for_each(|event| append(tx, event));
    }
    let rows: Result<Vec<_>, Error> = events
        .iter()
        .map(|event| Ok(values(tx, event)?.to_vec()))
        .collect();
    INSERT_ALL.post(tx, rows?)
}

static INSERT_ALL: LazyLock<InsertAll> = LazyLock::new(|| {
    // As in `append`: the transaction has its id before the first number is taken.
    let all = EventRow::TABLE.insert_all();
    all.when("pg_current_xact_id() IS NOT NULL")
});

/// Events of a tenant after a sequence number (0 for all) up to another one, at most `limit`, in order.
///
/// Whoever goes on after the last number it got must not look beyond [`settled`], or it can miss an event.
///
/// # Errors
/// Engine failures.
pub fn after(
    tx: &mut Tx<'_>,
    sequence: i64,
    until: i64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    let sql = EventRow::TABLE.select(
        "WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4",
    );
    tx.query_all(
        &sql,
        params![tx.tenant()?, sequence, until, limit],
        EventRow::from_row,
    )
}

/// A sequence number up to which no further event will appear; all of today's events that were committed
/// before the call have a lower one or this one.
///
/// On PostgreSQL, transactions commit in another order than that in which they take numbers, so this waits
/// for those that were changing something when it was called, anywhere in the cluster.
///
/// # Errors
/// Engine failures.
pub async fn settled(store: &Store) -> Result<i64, Error> {
    if store.dialect().numbers_as_committed {
        return Ok(i64::MAX);
    }
    let number = async |sql: &'static str| {
        let read = store.read(move |tx| tx.query_one(sql, params![], |row| row.get::<i64>()));
        read.await
    };
    // One after the other, each in a transaction of its own. Whoever took a number had an id before that, so
    // its id is below `own`. (The end of a snapshot would not do: it is only one more than what has ended.)
    let last = number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_sequence")
        .await?;
    let own = number("SELECT pg_current_xact_id()::TEXT::BIGINT").await?;
    let mut pause = FIRST_PAUSE;
    while number("SELECT pg_snapshot_xmin(pg_current_snapshot())::TEXT::BIGINT").await? < own {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(last)
}

/// Between two looks at the transactions in progress.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How many events of a kind a resource has had.
///
/// # Errors
/// Engine failures.
pub fn count(tx: &mut Tx<'_>, kind: &str, resource: &str) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM events WHERE tenant_id = $1 AND kind = $2 AND resource = $3";
    tx.query_one(sql, params![tx.tenant()?, kind, resource], |row| row.get())
}
