//! Events: a rule appends them to the outbox in the transaction of the change they tell of.

use jiff::Timestamp;
use serde_json::Map;
use store::{Json, NewEvent};

use crate::call::Call;
use crate::error::Error;

/// The events of the contract that this build can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    OrderCreated,
    OrderFulfilled,
    SubscriptionCreated,
    SubscriptionExtended,
    SubscriptionUpgraded,
    SubscriptionEnded,
    PaymentScheduled,
    PaymentSucceeded,
    PaymentFailed,
    AssetAssigned,
    AssetReturned,
    CustomerDeactivated,
    CustomerReactivated,
}

impl Event {
    /// Every event.
    #[cfg(test)]
    pub(crate) const ALL: [Event; 13] = [
        Event::OrderCreated,
        Event::OrderFulfilled,
        Event::SubscriptionCreated,
        Event::SubscriptionExtended,
        Event::SubscriptionUpgraded,
        Event::SubscriptionEnded,
        Event::PaymentScheduled,
        Event::PaymentSucceeded,
        Event::PaymentFailed,
        Event::AssetAssigned,
        Event::AssetReturned,
        Event::CustomerDeactivated,
        Event::CustomerReactivated,
    ];

    /// The name on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Event::OrderCreated => "order.created",
            Event::OrderFulfilled => "order.fulfilled",
            Event::SubscriptionCreated => "subscription.created",
            Event::SubscriptionExtended => "subscription.extended",
            Event::SubscriptionUpgraded => "subscription.upgraded",
            Event::SubscriptionEnded => "subscription.ended",
            Event::PaymentScheduled => "payment.scheduled",
            Event::PaymentSucceeded => "payment.succeeded",
            Event::PaymentFailed => "payment.failed",
            Event::AssetAssigned => "asset.assigned",
            Event::AssetReturned => "asset.returned",
            Event::CustomerDeactivated => "customer.deactivated",
            Event::CustomerReactivated => "customer.reactivated",
        }
    }
}

/// Appends `event`; see [`new`].
pub(crate) fn append(
    call: &mut Call<'_, '_>,
    event: Event,
    ids: &[(&str, &str)],
) -> Result<(), Error> {
    let event = new(call, event, ids)?;
    store::events::append(call.tx, &event)?;
    Ok(())
}

/// Appends events in their order; see [`new`].
pub(crate) fn append_all<'a>(
    call: &mut Call<'_, '_>,
    events: impl IntoIterator<Item = (Event, Vec<(&'static str, &'a str)>)>,
) -> Result<(), Error> {
    let now = call.now;
    let events: Result<Vec<NewEvent<'_>>, store::Error> = events
        .into_iter()
        .map(|(event, ids)| at(now, event, &ids))
        .collect();
    Ok(store::events::append_all(call.tx, &events?)?)
}

/// An event to append. `ids` are the ids concerned, by their names in the contract
/// (`("orderId", …)`). The first one is the resource whose events are delivered in order.
pub(crate) fn new<'a>(
    call: &Call<'_, '_>,
    event: Event,
    ids: &[(&str, &'a str)],
) -> Result<NewEvent<'a>, Error> {
    Ok(at(call.now, event, ids)?)
}

/// [`new`] of a rule without a [`Call`].
pub(crate) fn at<'a>(
    at: Timestamp,
    event: Event,
    ids: &[(&str, &'a str)],
) -> Result<NewEvent<'a>, store::Error> {
    Ok(NewEvent {
        kind: event.name(),
        resource: ids.first().map_or("", |(_, id)| *id),
        data: data(ids)?,
        at,
    })
}

/// The ids concerned, as events carry them.
pub(crate) fn data(ids: &[(&str, &str)]) -> Result<Json, store::Error> {
    let data: Map<_, _> = ids
        .iter()
        .map(|(name, id)| ((*name).into(), (*id).into()))
        .collect();
    Json::of(&data)
}
