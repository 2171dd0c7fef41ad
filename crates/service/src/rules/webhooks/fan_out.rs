//! From the outbox to endpoints: for each event that an endpoint asks for, a delivery.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use store::webhooks::{deliveries, endpoints};
use store::{EventRow, Tx, WebhookDeliveryRow, WebhookDeliveryState};

use crate::error::Error;
use crate::face::serve::Service;
use crate::id::Ids;

/// Events of a tenant that one transaction looks at.
const EVENTS: u32 = 200;

impl Service {
    /// Looks at the events that were not looked at before, and notes which are to be sent where.
    /// Each event is looked at once for each endpoint, however many processes do this, and in its
    /// order; it costs one read where there is none.
    ///
    /// On PostgreSQL events appear in another order than that of their numbers. So this waits for
    /// those who were writing when it began, and leaves what they do not settle to the next call.
    ///
    /// # Errors
    /// The first failure, after the other tenants have been looked at.
    pub async fn fan_out_events(&self) -> Result<(), Error> {
        let store = self.store();
        let behind = store
            .read(|tx| endpoints::behind(tx).map_err(Error::from))
            .await?;
        if behind.is_empty() {
            return Ok(());
        }
        let settled = store::events::settled(store).await?;
        let mut outcome = Ok(());
        for tenant in behind {
            outcome = outcome.and(self.fan_out_of(&tenant.into(), settled).await);
        }
        outcome
    }

    async fn fan_out_of(&self, tenant: &Arc<str>, settled: i64) -> Result<(), Error> {
        loop {
            let (clock, ids) = (self.clock().clone(), self.ids());
            let looked_at = self
                .store()
                .write_in(tenant, move |tx| fan_out(tx, settled, clock.now(), &ids))
                .await?;
            if looked_at < EVENTS as usize {
                return Ok(());
            }
        }
    }
}

/// How many events there were to look at.
fn fan_out(tx: &mut Tx<'_>, settled: i64, now: Timestamp, ids: &Ids) -> Result<usize, Error> {
    let tenant = tx.tenant()?;
    let rows = endpoints::lock_all(tx)?;
    let Some(position) = rows.iter().map(|row| row.position).min() else {
        return Ok(0);
    };
    let events = store::events::after(tx, position, settled, EVENTS)?;
    let Some(last) = events.last().map(|event| event.sequence) else {
        return Ok(0);
    };
    // An event has one id, wherever it goes.
    let events: Vec<(EventRow, String)> = events
        .into_iter()
        .map(|event| (event, ids.next("evt_", "", now)))
        .collect();
    for row in rows.iter().filter(|row| row.position < last) {
        let wanted: HashSet<String> = row.events.read()?;
        let new = events
            .iter()
            .filter(|(event, _)| event.sequence > row.position && wanted.contains(&event.kind));
        let new: Vec<WebhookDeliveryRow> = new
            .map(|(event, id)| {
                let new = (&*row.id, event.sequence, &*event.resource);
                delivery(tenant, new, id.clone(), now)
            })
            .collect();
        if !new.is_empty() {
            deliveries::insert_all(tx, &new)?;
        }
        endpoints::advance(tx, &row.id, last)?;
    }
    Ok(events.len())
}

/// An event, by its number and its resource, that is to be sent to an endpoint under `id` now.
pub(super) fn delivery(
    tenant: &str,
    (endpoint, sequence, resource): (&str, i64, &str),
    id: String,
    now: Timestamp,
) -> WebhookDeliveryRow {
    WebhookDeliveryRow {
        tenant_id: tenant.into(),
        endpoint_id: endpoint.into(),
        sequence,
        event_id: id,
        resource: resource.into(),
        state: WebhookDeliveryState::Pending,
        attempts: 0,
        attempts_before: 0,
        first_attempt: None,
        last_attempt: None,
        next_attempt: now,
        last_status: None,
        last_error: None,
        created_at: now,
        finished_at: None,
    }
}
