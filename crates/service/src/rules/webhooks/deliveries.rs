//! What was sent to an endpoint, sending it again, and trying an endpoint out.

use api::ListWebhookDeliveriesRequest;
use jiff::Timestamp;
use store::webhooks::{deliveries, endpoints, history};
use store::{
    ListedDelivery, Listing, NewEvent, WebhookDeliveryFilter, WebhookDeliverySort,
    WebhookDeliveryState,
};
use types::support::True;
use types::{
    WebhookDelivery, WebhookDeliveryList, WebhookDeliveryStatus, WebhookEndpointPinged,
    WebhookRedelivered,
};

use super::fan_out::delivery;
use crate::call::{Call, instant};
use crate::error::{Error, not_found};
use crate::events;
use crate::face::paging::Sorting;

/// Name of the event by which an endpoint is tried out. No rule causes it, and no endpoint asks for it.
const PING: &str = "ping";

/// listWebhookDeliveries.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListWebhookDeliveriesRequest,
) -> Result<WebhookDeliveryList, Error> {
    if !endpoints::exists(call.tx, &request.endpoint_id)? {
        return Err(not_found("webhook endpoint"));
    }
    let sorting = Sorting {
        numeric: false,
        ..Sorting::newest_first("webhook-deliveries")
    };
    let start_after = request.start_after.as_deref();
    let page = sorting.page(WebhookDeliverySort::CreatedAt, start_after, request.limit)?;
    let filter = WebhookDeliveryFilter {
        endpoint_id: request.endpoint_id.clone(),
        state: request.status.map(state),
    };
    let Listing { rows, next } = history::list(call.tx, &filter, &page)?;
    let deliveries: Vec<_> = rows.into_iter().map(to_wire).collect();
    let next_cursor = sorting.cursor(next);
    Ok(WebhookDeliveryList {
        success: True,
        count: deliveries.len() as u64,
        deliveries,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// redeliverWebhook.
pub(crate) fn redeliver(
    call: &mut Call<'_, '_>,
    endpoint: &str,
    event: &str,
) -> Result<WebhookRedelivered, Error> {
    if !history::ask_again(call.tx, endpoint, event, call.now)? {
        return Err(not_found("delivery"));
    }
    Ok(WebhookRedelivered {
        success: True,
        message: "the event is sent again".into(),
        endpoint_id: endpoint.into(),
        event_id: event.into(),
    })
}

/// pingWebhookEndpoint.
pub(crate) fn ping(
    call: &mut Call<'_, '_>,
    endpoint: &str,
) -> Result<WebhookEndpointPinged, Error> {
    let tenant = &*call.tenant.id;
    if endpoints::lock(call.tx, endpoint)?.is_none() {
        return Err(not_found("webhook endpoint"));
    }
    let id = call.new_plain_id("evt_");
    let event = NewEvent {
        kind: PING,
        // It is in order with nothing: a ping that fails does not hold up the next one.
        resource: &id,
        data: events::data(&[("endpointId", endpoint)])?,
        at: call.now,
    };
    let sequence = store::events::append_numbered(call.tx, &event)?;
    let row = delivery(tenant, (endpoint, sequence, &id), id.clone(), call.now);
    deliveries::insert_all(call.tx, &[row])?;
    Ok(WebhookEndpointPinged {
        success: True,
        message: "a ping is sent".into(),
        endpoint_id: endpoint.into(),
        event_id: id,
    })
}

fn to_wire(listed: ListedDelivery) -> WebhookDelivery {
    let ListedDelivery { delivery, event } = listed;
    let (status, next) = match delivery.state {
        WebhookDeliveryState::Pending => {
            (WebhookDeliveryStatus::Pending, Some(delivery.next_attempt))
        }
        WebhookDeliveryState::Succeeded => (WebhookDeliveryStatus::Succeeded, None),
        WebhookDeliveryState::Failed => (WebhookDeliveryStatus::Failed, None),
    };
    let instants = |at: Option<Timestamp>| at.map(instant);
    WebhookDelivery {
        event_id: delivery.event_id,
        event,
        status: status.into(),
        attempts: delivery.attempts.unsigned_abs(),
        created_at: instant(delivery.created_at),
        last_attempt_at: instants(delivery.last_attempt),
        next_attempt_at: instants(next),
        last_status: delivery.last_status.and_then(|it| it.try_into().ok()),
        last_error: delivery.last_error,
    }
}

fn state(status: WebhookDeliveryStatus) -> WebhookDeliveryState {
    match status {
        WebhookDeliveryStatus::Pending => WebhookDeliveryState::Pending,
        WebhookDeliveryStatus::Succeeded => WebhookDeliveryState::Succeeded,
        WebhookDeliveryStatus::Failed => WebhookDeliveryState::Failed,
    }
}
