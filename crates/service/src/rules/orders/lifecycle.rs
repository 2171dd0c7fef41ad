//! What happens to an order after it is placed, apart from its fulfilment.

use store::{CustomerRow, CustomerStatus, Json, OrderRow, OrderStatus, OrderType};
use types::{ErrorCode, OrderCancel, OrderCancellation, OrderChanged};

use super::changed;
use crate::call::{Call, instant};
use crate::error::{Error, not_found, refuse};
use crate::events::{self, Event};

/// Releases a pending order for fulfilment.
pub(crate) fn confirm(call: &mut Call<'_, '_>, id: &str) -> Result<OrderChanged, Error> {
    let (mut order, customer) = lock(call, id)?;
    if order.status != OrderStatus::Pending {
        return Err(refuse(
            ErrorCode::OrderNotConfirmable,
            format!(
                "only a pending order can be confirmed; this one is `{}`",
                order.status
            ),
        ));
    }
    if customer.status == CustomerStatus::Inactive {
        return Err(customer_inactive());
    }
    order.updated_at = call.now;
    if order.order_type == OrderType::Extension {
        // It only documents a longer contract: no subscription will ever be made from it.
        order.status = OrderStatus::Fulfilled;
        order.rented_devices = order.total_devices;
        store::orders::update(call.tx, &order)?;
        let ids = [
            ("orderId", order.id.as_str()),
            ("customerId", &order.customer_id),
        ];
        events::append(call, Event::OrderFulfilled, &ids)?;
    } else {
        order.status = OrderStatus::Confirmed;
        store::orders::update(call.tx, &order)?;
    }
    Ok(changed(order.id, "the order is confirmed"))
}

/// Calls an open order off for good.
pub(crate) fn cancel(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &OrderCancel,
) -> Result<OrderChanged, Error> {
    let (mut order, _) = lock(call, id)?;
    match order.status {
        OrderStatus::Cancelled => {
            let message = "the order is cancelled already";
            return Err(refuse(ErrorCode::AlreadyCancelled, message));
        }
        OrderStatus::Fulfilled => {
            let message = "a fulfilled order cannot be cancelled";
            return Err(refuse(ErrorCode::OrderNotCancellable, message));
        }
        OrderStatus::Pending | OrderStatus::Confirmed | OrderStatus::Partial => {}
    }
    let active = store::subscriptions::count_active_of_order(call.tx, id)?;
    if active > 0 {
        return Err(refuse(
            ErrorCode::OrderNotCancellable,
            format!("{active} of the order's subscriptions are active; end them first"),
        ));
    }
    order.status = OrderStatus::Cancelled;
    order.cancellation = Some(Json::of(&OrderCancellation {
        reason: body.reason.clone(),
        cancelled_at: instant(call.now),
        cancelled_by: call.key_id.into(),
    })?);
    order.updated_at = call.now;
    store::orders::update(call.tx, &order)?;
    Ok(changed(order.id, "the order is cancelled"))
}

/// An order, and its customer under the lock that serialises whatever decides over the
/// customer's status.
pub(super) fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<(OrderRow, CustomerRow), Error> {
    let order = store::orders::find(call.tx, id)?.ok_or_else(|| not_found("order"))?;
    let customer = store::customers::lock(call.tx, &order.customer_id)?;
    let lost = |what: &str| Error::Broken(format!("the {what} of order `{id}` is gone"));
    let customer = customer.ok_or_else(|| lost("customer"))?;
    // Read again: until the lock was taken, somebody else could change it.
    let order = store::orders::find(call.tx, id)?.ok_or_else(|| lost("row"))?;
    Ok((order, customer))
}

pub(super) fn customer_inactive() -> Error {
    refuse(
        ErrorCode::CustomerInactive,
        "the customer is inactive; reactivate it before it orders again",
    )
}
