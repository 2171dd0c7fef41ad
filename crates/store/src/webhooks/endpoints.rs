//! Webhook endpoints.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{Select, sort_fields};
use crate::table::{Entry as _, Record as _, table};
use crate::value::Hidden;
use crate::{Error, Json, Listing, Page, Tx, params};

sort_fields! {
    /// What webhook endpoints can be sorted by.
    WebhookEndpointSort, 1_000 {
        CreatedAt = "createdAt", "created_at";
    }
}

table! {
    /// A row of `webhook_endpoints`.
    #[derive(Eq)]
    WebhookEndpointRow of "webhook_endpoints" by (tenant_id, id) below ("tenants") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Where events are sent.
        url: String,
        /// Names of the events, a JSON array.
        events: Json,
        /// What they are signed with.
        secret: Hidden,
        /// The secret before.
        previous_secret: Option<Hidden>,
        /// Until when they are signed with that one as well.
        previous_secret_until: Option<Timestamp>,
        /// Sequence number of the last event that was looked at for it.
        position: i64,
        /// Creation.
        created_at: Timestamp,
        /// Key that created it.
        created_by: String,
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| WebhookEndpointRow::TABLE.insert());
static BY_ID: LazyLock<String> =
    LazyLock::new(|| WebhookEndpointRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static OF_TENANT: LazyLock<String> =
    LazyLock::new(|| WebhookEndpointRow::TABLE.select("WHERE tenant_id = $1 ORDER BY id"));

/// Adds an endpoint.
///
/// # Errors
/// [`Error::Reference`] for an unknown tenant.
pub fn insert(tx: &mut Tx<'_>, row: &WebhookEndpointRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values_in(tx)?).map(drop)
}

/// Removes an endpoint and what is to be sent there; `false` if there is no such endpoint.
///
/// # Errors
/// Engine failures.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    let tenant = tx.tenant()?;
    // Nobody adds deliveries meanwhile.
    if lock(tx, id)?.is_none() {
        return Ok(false);
    }
    let sql = "DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND endpoint_id = $2";
    tx.execute(sql, params![tenant, id])?;
    let sql = "DELETE FROM webhook_endpoints WHERE tenant_id = $1 AND id = $2";
    Ok(tx.execute(sql, params![tenant, id])? > 0)
}

/// Whether there is such an endpoint.
///
/// # Errors
/// Engine failures.
pub fn exists(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM webhook_endpoints WHERE tenant_id = $1 AND id = $2";
    let found = tx.query_opt(sql, params![tx.tenant()?, id], |row| row.get::<i64>())?;
    Ok(found.is_some())
}

/// An endpoint; nobody else changes or removes it, or adds deliveries, until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<WebhookEndpointRow>, Error> {
    let sql = format!("{}{}", *BY_ID, tx.dialect().lock);
    tx.query_opt(
        &sql,
        params![tx.tenant()?, id],
        WebhookEndpointRow::from_row,
    )
}

/// Signs with another secret from now on, and with the one before until `until`, if that is later than now.
///
/// # Errors
/// Engine failures.
pub fn replace_secret(
    tx: &mut Tx<'_>,
    id: &str,
    secret: &Hidden,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let sql = "UPDATE webhook_endpoints SET secret = $1, previous_secret_until = $2, \
               previous_secret = CASE WHEN CAST($2 AS BIGINT) IS NOT NULL THEN secret END \
               WHERE tenant_id = $3 AND id = $4";
    tx.execute(sql, params![&*secret.0, until, tx.tenant()?, id])
        .map(drop)
}

/// Forgets the secret before, if its time is over.
///
/// # Errors
/// Engine failures.
pub fn forget_secret(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE webhook_endpoints SET previous_secret = NULL, previous_secret_until = NULL \
               WHERE tenant_id = $1 AND id = $2 AND previous_secret_until <= $3";
    tx.execute(sql, params![tx.tenant()?, id, now]).map(drop)
}

/// One page of endpoints.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    page: &Page<WebhookEndpointSort>,
) -> Result<Listing<WebhookEndpointRow>, Error> {
    let tenant = tx.tenant()?;
    let columns = WebhookEndpointRow::columns();
    let select = Select::new(columns, "webhook_endpoints", "tenant_id", tenant);
    let found = select.page(tx, "id", page, WebhookEndpointRow::from_row)?;
    Ok(found.listing())
}

/// Every endpoint of a tenant; nobody else moves them on until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock_all(tx: &mut Tx<'_>) -> Result<Vec<WebhookEndpointRow>, Error> {
    let sql = format!("{}{}", *OF_TENANT, tx.dialect().lock);
    tx.query_all(&sql, params![tx.tenant()?], WebhookEndpointRow::from_row)
}

/// Says that the events up to this one were looked at.
///
/// # Errors
/// Engine failures.
pub fn advance(tx: &mut Tx<'_>, id: &str, position: i64) -> Result<(), Error> {
    let sql = "UPDATE webhook_endpoints SET position = $1 WHERE tenant_id = $2 AND id = $3";
    tx.execute(sql, params![position, tx.tenant()?, id])
        .map(drop)
}

/// Where a new endpoint begins: whatever is written by transactions that begin later has a higher number.
///
/// # Errors
/// Engine failures.
pub fn beginning(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let sql = tx.dialect().last_event;
    tx.query_one(sql, params![tx.tenant()?], |row| row.get())
}

/// The tenants that have an endpoint and an event that was not looked at for it: a look into the index of events
/// for each endpoint there is. Of a transaction that sees every tenant.
///
/// # Errors
/// Engine failures.
pub fn behind(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let sql = "SELECT t.id FROM tenants t WHERE t.status = 'active' AND EXISTS ( \
                 SELECT 1 FROM webhook_endpoints e WHERE e.tenant_id = t.id AND EXISTS ( \
                   SELECT 1 FROM events v WHERE v.tenant_id = e.tenant_id AND v.sequence > e.position)) \
               ORDER BY t.id";
    tx.query_all(sql, params![], |row| row.get())
}
