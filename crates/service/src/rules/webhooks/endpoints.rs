//! Making, listing and removing endpoints.

use std::str::FromStr as _;

use api::ListWebhookEndpointsRequest;
use contract_webhooks::Secret;
use store::{Hidden, Json, Listing, Page, WebhookEndpointRow, WebhookEndpointSort};
use types::support::True;
use types::{
    ListDirection, WebhookEndpoint, WebhookEndpointCreate, WebhookEndpointCreated,
    WebhookEndpointDeleted, WebhookEndpointEvent, WebhookEndpointList,
};

use super::address::Reach;
use crate::call::{Call, instant};
use crate::error::{Error, invalid, not_found};
use crate::face::paging::Sorting;

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
    let secret = Secret::generate()
        .map_err(|error| Error::Broken(format!("no randomness for a secret: {error}")))?
        .reveal();
    let row = WebhookEndpointRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_plain_id("whk_"),
        url: body.url.clone(),
        events: Json::of(&events)?,
        secret: Hidden(secret.clone()),
        position: store::webhooks::endpoints::beginning(call.tx, &call.tenant.id)?,
        created_at: call.now,
        created_by: call.key_id.into(),
    };
    store::webhooks::endpoints::insert(call.tx, &row)?;
    Ok(WebhookEndpointCreated {
        success: True,
        message: "the webhook endpoint exists".into(),
        endpoint_id: row.id.clone(),
        secret,
        endpoint: to_wire(row)?,
    })
}

/// listWebhookEndpoints.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListWebhookEndpointsRequest,
) -> Result<WebhookEndpointList, Error> {
    let sort = WebhookEndpointSort::CreatedAt;
    let sorting = Sorting {
        list: "webhook-endpoints",
        by: sort.as_str(),
        numeric: true,
        direction: ListDirection::Desc,
    };
    let page = Page {
        sort,
        descending: sorting.descending(),
        after: sorting.position(request.start_after.as_deref())?,
        limit: request.limit,
    };
    let Listing { rows, next } = store::webhooks::endpoints::list(call.tx, &call.tenant.id, &page)?;
    let endpoints = rows.into_iter().map(to_wire);
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

/// deleteWebhookEndpoint.
pub(crate) fn delete(call: &mut Call<'_, '_>, id: &str) -> Result<WebhookEndpointDeleted, Error> {
    if !store::webhooks::endpoints::delete(call.tx, &call.tenant.id, id)? {
        return Err(not_found("webhook endpoint"));
    }
    Ok(WebhookEndpointDeleted {
        success: True,
        message: "the webhook endpoint is gone".into(),
        endpoint_id: id.into(),
    })
}

/// An endpoint on the wire, without its secret.
fn to_wire(row: WebhookEndpointRow) -> Result<WebhookEndpoint, Error> {
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
