//! Events on their way to an endpoint: at least once, those of one resource one after the other. What has become
//! of them is [`super::history`].

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::statement::InsertAll;
use crate::table::{Entry as _, all_in, table, view};
use crate::value::text_enum;
use crate::{Error, Hidden, Json, Tx, params};

text_enum! {
    /// What has become of it.
    WebhookDeliveryState {
        Pending = "pending",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}

table! {
    /// A row of `webhook_deliveries`.
    #[derive(Eq)]
    WebhookDeliveryRow of "webhook_deliveries" by (tenant_id, endpoint_id, sequence)
        below ("webhook_endpoints", "events") {
        /// Tenant.
        tenant_id: String,
        /// Endpoint.
        endpoint_id: String,
        /// Sequence number of the event.
        sequence: i64,
        /// Id under which the event is sent: the same for every endpoint and on every try.
        event_id: String,
        /// The resource whose events are delivered in order.
        resource: String,
        /// What has become of it.
        state: WebhookDeliveryState,
        /// How often it was tried, the try under way included.
        attempts: i64,
        /// How many of them were made before it was asked for again.
        attempts_before: i64,
        /// The first one since then.
        first_attempt: Option<Timestamp>,
        /// The last one.
        last_attempt: Option<Timestamp>,
        /// Before it, nobody sends it.
        next_attempt: Timestamp,
        /// Status that was answered last.
        last_status: Option<i64>,
        /// Why there was no answer, in a few words.
        last_error: Option<String>,
        /// When the event was looked at for the endpoint.
        created_at: Timestamp,
        /// When it was received, or given up.
        finished_at: Option<Timestamp>,
    }
}

view! {
    /// What is to be sent now.
    #[derive(Debug, Clone, PartialEq)]
    DueDelivery {
        /// Sequence number of the event.
        sequence: i64 => "d.sequence",
        /// Its id.
        event_id: String => "d.event_id",
        /// The resource.
        resource: String => "d.resource",
        /// How often it was tried so far.
        attempts: i64 => "d.attempts",
        /// How many of them were made before it was asked for again.
        attempts_before: i64 => "d.attempts_before",
        /// The first one since then.
        first_attempt: Option<Timestamp> => "d.first_attempt",
        /// Name of the event.
        kind: String => "v.kind",
        /// The ids concerned.
        data: Json => "v.data",
        /// When it happened.
        at: Timestamp => "v.at",
        /// Where to.
        url: String => "e.url",
        /// What to sign with.
        secret: Hidden => "e.secret",
        /// What to sign with as well.
        previous_secret: Option<Hidden> => "e.previous_secret",
        /// Until then.
        previous_secret_until: Option<Timestamp> => "e.previous_secret_until",
    }
}

/// How a try has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried<'a> {
    /// Endpoint.
    pub endpoint_id: &'a str,
    /// Sequence number of the event.
    pub sequence: i64,
    /// The resource.
    pub resource: &'a str,
    /// Which try it was, from 1.
    pub attempt: i64,
    /// Status that was answered.
    pub status: Option<i64>,
    /// Why there was no answer.
    pub error: Option<&'a str>,
    /// When it ended.
    pub at: Timestamp,
}

static INSERT_ALL: LazyLock<InsertAll> = LazyLock::new(|| WebhookDeliveryRow::TABLE.insert_all());
static CLAIM: LazyLock<String> = LazyLock::new(|| {
    let columns = DueDelivery::columns();
    format!(
        "SELECT {columns} FROM webhook_deliveries d \
         JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id \
         JOIN events v ON v.tenant_id = d.tenant_id AND v.sequence = d.sequence \
         WHERE d.tenant_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt <= $3 \
           AND NOT EXISTS (SELECT 1 FROM webhook_deliveries b WHERE b.tenant_id = d.tenant_id \
             AND b.endpoint_id = d.endpoint_id AND b.resource = d.resource AND b.state = 'pending' \
             AND b.sequence < d.sequence) \
         ORDER BY d.next_attempt, d.sequence LIMIT $4"
    )
});

/// Adds deliveries.
///
/// # Errors
/// [`Error::Reference`] for an unknown endpoint or event.
pub fn insert_all(tx: &mut Tx<'_>, rows: &[WebhookDeliveryRow]) -> Result<(), Error> {
    let values = all_in(rows, tx)?;
    INSERT_ALL.run(tx, values)
}

/// The endpoints, by tenant and id, to which something may have to be sent now: a look into an index for each
/// endpoint there is. Of a transaction that sees every tenant.
///
/// # Errors
/// Engine failures.
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<(String, String)>, Error> {
    let sql = "SELECT e.tenant_id, e.id FROM webhook_endpoints e \
               JOIN tenants t ON t.id = e.tenant_id AND t.status = 'active' \
               WHERE EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = e.tenant_id \
                 AND d.endpoint_id = e.id AND d.state = 'pending' AND d.next_attempt <= $1) \
               ORDER BY e.tenant_id, e.id";
    tx.query_all(sql, params![now], |row| Ok((row.get()?, row.get()?)))
}

/// Takes what is to be sent to an endpoint now, the first one of each resource, and keeps others from it until
/// `until`: whoever ends without a word only delays it.
///
/// # Errors
/// Engine failures.
pub fn claim(
    tx: &mut Tx<'_>,
    endpoint: &str,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<DueDelivery>, Error> {
    let tenant = tx.tenant()?;
    // Those that another process is at are left to it.
    let sql = format!("{}{}", *CLAIM, (tx.dialect().lock_free)("d"));
    let values = params![tenant, endpoint, now, limit];
    let claimed = tx.query_all(&sql, values, DueDelivery::from_row)?;
    for delivery in &claimed {
        let sql = "UPDATE webhook_deliveries SET attempts = attempts + 1, \
                   first_attempt = coalesce(first_attempt, $1), last_attempt = $1, next_attempt = $2 \
                   WHERE tenant_id = $3 AND endpoint_id = $4 AND sequence = $5";
        let values = params![now, until, tenant, endpoint, delivery.sequence];
        tx.execute(sql, values)?;
    }
    Ok(claimed)
}

/// It was received, or is given up: the next one of its resource can be sent. `false` if that was known, the
/// endpoint is gone, or it was asked for again since.
///
/// # Errors
/// Engine failures.
pub fn finish(
    tx: &mut Tx<'_>,
    tried: &Tried<'_>,
    state: WebhookDeliveryState,
) -> Result<bool, Error> {
    let sql = "UPDATE webhook_deliveries SET state = $1, last_status = $2, last_error = $3, finished_at = $4 \
               WHERE tenant_id = $5 AND endpoint_id = $6 AND sequence = $7 AND state = 'pending' \
               AND attempts_before < $8";
    let values = params![
        state,
        tried.status,
        tried.error,
        tried.at,
        tx.tenant()?,
        tried.endpoint_id,
        tried.sequence,
        tried.attempt
    ];
    let ended = tx.execute(sql, values)? > 0;
    if ended {
        let sql = "UPDATE webhook_deliveries SET next_attempt = $1 \
                   WHERE tenant_id = $2 AND endpoint_id = $3 AND resource = $4 AND state = 'pending' \
                   AND attempts = 0 AND next_attempt > $1";
        later_ones(tx, sql, tried.at, tried)?;
    }
    Ok(ended)
}

/// It is tried again at `next`, unless somebody else has tried it since. What follows it waits as long.
///
/// # Errors
/// Engine failures.
pub fn put_off(tx: &mut Tx<'_>, tried: &Tried<'_>, next: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE webhook_deliveries SET next_attempt = $1, last_status = $2, last_error = $3 \
               WHERE tenant_id = $4 AND endpoint_id = $5 AND sequence = $6 AND state = 'pending' \
               AND attempts = $7";
    let values = params![
        next,
        tried.status,
        tried.error,
        tx.tenant()?,
        tried.endpoint_id,
        tried.sequence,
        tried.attempt
    ];
    let put_off = tx.execute(sql, values)? > 0;
    if put_off {
        // They are not looked at for nothing until then.
        let sql = "UPDATE webhook_deliveries SET next_attempt = $1 \
                   WHERE tenant_id = $2 AND endpoint_id = $3 AND resource = $4 AND state = 'pending' \
                   AND attempts = 0 AND next_attempt < $1";
        later_ones(tx, sql, next, tried)?;
    }
    Ok(put_off)
}

/// Deliveries of the resource that were never tried stand behind the one that was.
fn later_ones(tx: &mut Tx<'_>, sql: &str, at: Timestamp, tried: &Tried<'_>) -> Result<(), Error> {
    let values = params![at, tx.tenant()?, tried.endpoint_id, tried.resource];
    tx.execute(sql, values).map(drop)
}

/// Every delivery of a tenant, in the order of events; for tests and tools.
///
/// # Errors
/// Engine failures.
pub fn of_tenant(tx: &mut Tx<'_>) -> Result<Vec<WebhookDeliveryRow>, Error> {
    use crate::table::Record as _;
    let sql =
        WebhookDeliveryRow::TABLE.select("WHERE tenant_id = $1 ORDER BY endpoint_id, sequence");
    tx.query_all(&sql, params![tx.tenant()?], WebhookDeliveryRow::from_row)
}
