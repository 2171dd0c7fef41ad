//! What has become of deliveries, for as long as that is kept; those that are over can be asked for again.

use jiff::Timestamp;

use super::{WebhookDeliveryRow, WebhookDeliveryState};
use crate::page::{Select, sort_fields};
use crate::table::view;
use crate::{Error, Listing, Page, Tx, params};

sort_fields! {
    /// What deliveries can be sorted by.
    WebhookDeliverySort, 500 {
        // Ids of events are in the order of their creation.
        CreatedAt = "createdAt", "d.event_id" unique;
    }
}

/// Which deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDeliveryFilter {
    /// To this endpoint.
    pub endpoint_id: String,
    /// With this state.
    pub state: Option<WebhookDeliveryState>,
}

view! {
    /// A delivery as lists show it.
    #[derive(Debug, Clone, PartialEq)]
    ListedDelivery {
        /// The delivery.
        delivery: WebhookDeliveryRow => row "d",
        /// Name of the event.
        event: String => "v.kind",
    }
}

/// One page of the deliveries to an endpoint.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &WebhookDeliveryFilter,
    page: &Page<WebhookDeliverySort>,
) -> Result<Listing<ListedDelivery>, Error> {
    let tenant = tx.tenant()?;
    let from = "webhook_deliveries d \
                JOIN events v ON v.tenant_id = d.tenant_id AND v.sequence = d.sequence";
    let mut select = Select::new(ListedDelivery::columns(), from, "d.tenant_id", tenant);
    select
        .equals("d.endpoint_id", Some(&filter.endpoint_id))
        .equals("d.state", filter.state);
    let found = select.page(tx, "d.event_id", page, ListedDelivery::from_row)?;
    Ok(found.listing())
}

/// Sends an event again that was received or given up, as if for the first time; one that is still to be sent
/// stays as it is. `false` if there is no such delivery.
///
/// # Errors
/// Engine failures.
pub fn ask_again(
    tx: &mut Tx<'_>,
    endpoint: &str,
    event_id: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let tenant = tx.tenant()?;
    let sql = "UPDATE webhook_deliveries SET state = 'pending', attempts_before = attempts, first_attempt = NULL, \
               next_attempt = $1, finished_at = NULL \
               WHERE tenant_id = $2 AND endpoint_id = $3 AND event_id = $4 AND state <> 'pending'";
    if tx.execute(sql, params![now, tenant, endpoint, event_id])? > 0 {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM webhook_deliveries WHERE tenant_id = $1 AND endpoint_id = $2 AND event_id = $3";
    let values = params![tenant, endpoint, event_id];
    let found = tx.query_opt(sql, values, |row| row.get::<i64>())?;
    Ok(found.is_some())
}

/// The endpoints, by tenant and id, that have a delivery which was over before `before`, or a previous secret that
/// has had its time: a look into an index for each endpoint there is. Of a transaction that sees every tenant.
///
/// # Errors
/// Engine failures.
pub fn outdated(
    tx: &mut Tx<'_>,
    now: Timestamp,
    before: Timestamp,
) -> Result<Vec<(String, String)>, Error> {
    let sql = "SELECT e.tenant_id, e.id FROM webhook_endpoints e WHERE e.previous_secret_until <= $1 \
               OR EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = e.tenant_id \
                 AND d.endpoint_id = e.id AND d.state <> 'pending' AND d.finished_at < $2) \
               ORDER BY e.tenant_id, e.id";
    tx.query_all(sql, params![now, before], |row| {
        Ok((row.get()?, row.get()?))
    })
}

/// Forgets deliveries to an endpoint that were over before `before`, at most `limit` of them; how many.
///
/// # Errors
/// Engine failures.
pub fn forget(
    tx: &mut Tx<'_>,
    endpoint: &str,
    before: Timestamp,
    limit: u32,
) -> Result<u64, Error> {
    let sql = "DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND endpoint_id = $2 AND sequence IN ( \
                 SELECT sequence FROM webhook_deliveries WHERE tenant_id = $1 AND endpoint_id = $2 \
                 AND state <> 'pending' AND finished_at < $3 ORDER BY finished_at LIMIT $4) \
               AND state <> 'pending'";
    tx.execute(sql, params![tx.tenant()?, endpoint, before, limit])
}
