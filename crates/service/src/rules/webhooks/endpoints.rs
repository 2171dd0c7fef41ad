//! Making, listing and removing endpoints, and replacing their secrets.

use std::str::FromStr as _;

use api::ListWebhookEndpointsRequest;
use contract_webhooks::Secret;
use jiff::{SignedDuration, Timestamp};
use store::{Hidden, Json, Listing, WebhookEndpointRow, WebhookEndpointSort};
use types::support::True;
use types::{
    WebhookEndpoint, WebhookEndpointCreate, WebhookEndpointCreated, WebhookEndpointDeleted,
    WebhookEndpointEvent, WebhookEndpointList, WebhookSecretRotate, WebhookSecretRotated,
};

use super::address::Reach;
use crate::call::{Call, instant};
use crate::error::{Error, invalid, not_found};
use crate::face::paging::Sorting;

/// How long the old secret is signed with as well, where the request does not say.
const OVERLAP_HOURS: u32 = 24;

/// createWebhookEndpoint.
pub(crate) fn create(
    call: &mut Call<'_, '_>,
    body: &WebhookEndpointCreate,
    reach: Reach,
) -> Result<WebhookEndpointCreated, Error> {
    reach
        .check(&body.url)
        .map_err(|why| invalid("url", "custom", why))?;
    let mut events: Vec<&str> = Vec::new();
    for event in &body.events {
        if !events.contains(&event.as_str()) {
            events.push(event.as_str());
        }
    }
    let secret = new_secret()?;
    let row = WebhookEndpointRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_plain_id("whk_"),
        url: body.url.clone(),
        events: Json::of(&events)?,
        secret: Hidden(secret.clone()),
        previous_secret: None,
        previous_secret_until: None,
        position: store::webhooks::endpoints::beginning(call.tx)?,
        created_at: call.now,
        created_by: call.key_id.into(),
    };
    store::webhooks::endpoints::insert(call.tx, &row)?;
    Ok(WebhookEndpointCreated {
        success: True,
        message: "the webhook endpoint exists".into(),
        endpoint_id: row.id.clone(),
        secret,
        endpoint: to_wire(row, call.now)?,
    })
}

/// listWebhookEndpoints.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListWebhookEndpointsRequest,
) -> Result<WebhookEndpointList, Error> {
    let sorting = Sorting::newest_first("webhook-endpoints");
    let start_after = request.start_after.as_deref();
    let page = sorting.page(WebhookEndpointSort::CreatedAt, start_after, request.limit)?;
    let Listing { rows, next } = store::webhooks::endpoints::list(call.tx, &page)?;
    let endpoints = rows.into_iter().map(|row| to_wire(row, call.now));
    let endpoints = endpoints.collect::<Result<Vec<_>, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(WebhookEndpointList {
        success: True,
        count: endpoints.len() as u64,
        endpoints,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// rotateWebhookSecret.
pub(crate) fn rotate_secret(
    call: &mut Call<'_, '_>,
    id: &str,
    body: Option<&WebhookSecretRotate>,
) -> Result<WebhookSecretRotated, Error> {
    if store::webhooks::endpoints::lock(call.tx, id)?.is_none() {
        return Err(not_found("webhook endpoint"));
    }
    let hours = body.and_then(|body| body.expires_in_hours);
    let hours = hours.unwrap_or(OVERLAP_HOURS);
    let lasting = SignedDuration::from_hours(hours.into());
    let until = call.now.checked_add(lasting).unwrap_or(Timestamp::MAX);
    let secret = new_secret()?;
    let previous = (hours > 0).then_some(until);
    store::webhooks::endpoints::replace_secret(call.tx, id, &Hidden(secret.clone()), previous)?;
    Ok(WebhookSecretRotated {
        success: True,
        message: "the webhook endpoint has a new secret".into(),
        endpoint_id: id.into(),
        secret,
        previous_secret_expires_at: instant(until),
    })
}

/// deleteWebhookEndpoint.
pub(crate) fn delete(call: &mut Call<'_, '_>, id: &str) -> Result<WebhookEndpointDeleted, Error> {
    if !store::webhooks::endpoints::delete(call.tx, id)? {
        return Err(not_found("webhook endpoint"));
    }
    Ok(WebhookEndpointDeleted {
        success: True,
        message: "the webhook endpoint is gone".into(),
        endpoint_id: id.into(),
    })
}

fn new_secret() -> Result<String, Error> {
    let secret = Secret::generate();
    let secret =
        secret.map_err(|error| Error::Broken(format!("no randomness for a secret: {error}")))?;
    Ok(secret.reveal())
}

/// An endpoint on the wire, without its secret.
fn to_wire(row: WebhookEndpointRow, now: Timestamp) -> Result<WebhookEndpoint, Error> {
    let names: Vec<String> = row.events.read()?;
    let event = |name: &String| {
        WebhookEndpointEvent::from_str(name)
            .map(Into::into)
            .map_err(|_| Error::Broken(format!("`{name}` is no event")))
    };
    Ok(WebhookEndpoint {
        endpoint_id: row.id,
        tenant_id: row.tenant_id,
        url: row.url,
        events: names.iter().map(event).collect::<Result<_, _>>()?,
        created_by: row.created_by,
        created_at: instant(row.created_at),
        previous_secret_expires_at: row
            .previous_secret_until
            .filter(|it| now < *it)
            .map(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Event;

    #[test]
    fn every_event_can_be_asked_for() {
        for event in Event::ALL {
            assert!(
                WebhookEndpointEvent::from_str(event.name()).is_ok(),
                "{} cannot be asked for",
                event.name()
            );
        }
        assert_eq!(WebhookEndpointEvent::ALL.len(), Event::ALL.len());
    }
}
