//! Soft deletion: what stands in its way, in the order in which it is reported.

use store::{CustomerRow, CustomerStatus};
use types::support::True;
use types::{CustomerDeleted, ErrorCode, ErrorDetail};

use crate::call::{Call, Context};
use crate::error::{Error, Refusal, not_found};
use crate::events::{self, Event};
use crate::serve::Service;

/// Most records that a refusal names.
const NAMED: u32 = 100;

/// Deletes a customer.
pub(super) async fn delete(
    service: &Service,
    context: Context,
    id: String,
) -> Result<CustomerDeleted, Error> {
    // The usual case takes one statement, which checks and changes. Only when it changed nothing
    // is there a reason to look for.
    if !service
        .deactivate(&context, &id, Event::CustomerDeactivated)
        .await?
    {
        let id = id.clone();
        service
            .write(context, move |call| deactivate(call, &id))
            .await?;
    }
    Ok(CustomerDeleted {
        success: True,
        message: "the customer is inactive".into(),
        customer_id: id,
    })
}

/// Makes a customer inactive; one that is inactive already stays as it is.
pub(super) fn deactivate(call: &mut Call<'_, '_>, id: &str) -> Result<(), Error> {
    let customer = store::customers::lock(call.tx, &call.tenant.id, id)?;
    let customer = customer.ok_or_else(|| not_found("customer"))?;
    if customer.status == CustomerStatus::Inactive {
        return Ok(());
    }
    has_no_active_subscriptions(call, &customer)?;
    has_no_pending_orders(call, &customer)?;
    has_no_unreturned_devices(call, &customer)?;
    if !store::customers::deactivate(call.tx, &call.tenant.id, id, call.now)? {
        return Err(Error::Broken(format!(
            "customer `{id}` changed while locked"
        )));
    }
    events::append(call, Event::CustomerDeactivated, &[("customerId", id)])
}

fn has_no_active_subscriptions(
    call: &mut Call<'_, '_>,
    customer: &CustomerRow,
) -> Result<(), Error> {
    let count = customer.totals.active_subscriptions;
    if count == 0 {
        return Ok(());
    }
    let (tenant, id) = (&call.tenant.id, &customer.id);
    let ids = store::subscriptions::active_of_customer(call.tx, tenant, id, NAMED)?;
    Err(Error::Refused(Refusal {
        code: ErrorCode::CustomerHasActiveSubscriptions,
        message: match count {
            1 => "the customer has 1 active subscription; end it first".into(),
            _ => format!("the customer has {count} active subscriptions; end them first"),
        },
        details: ids
            .into_iter()
            .map(|id| blocker("rentalIds", id, "active"))
            .collect(),
    }))
}

fn has_no_pending_orders(call: &mut Call<'_, '_>, customer: &CustomerRow) -> Result<(), Error> {
    let count = customer.totals.open_orders;
    if count == 0 {
        return Ok(());
    }
    let (tenant, id) = (&call.tenant.id, &customer.id);
    let orders = store::orders::open_of_customer(call.tx, tenant, id, NAMED)?.into_iter();
    Err(Error::Refused(Refusal {
        code: ErrorCode::CustomerHasPendingOrders,
        message: match count {
            1 => "the customer has 1 open order; fulfil or cancel it first".into(),
            _ => format!("the customer has {count} open orders; fulfil or cancel them first"),
        },
        details: orders
            .map(|(id, status)| blocker("orderIds", id, status.as_str()))
            .collect(),
    }))
}

fn has_no_unreturned_devices(call: &mut Call<'_, '_>, customer: &CustomerRow) -> Result<(), Error> {
    let count = customer.totals.devices_out;
    if count == 0 {
        return Ok(());
    }
    let (tenant, id) = (&call.tenant.id, &customer.id);
    let serials = store::assets::unreturned_of_customer(call.tx, tenant, id, NAMED)?.into_iter();
    Err(Error::Refused(Refusal {
        code: ErrorCode::CustomerHasUnreturnedDevices,
        message: match count {
            1 => "the customer has not returned 1 device; record its return first".into(),
            _ => {
                format!("the customer has not returned {count} devices; record their return first")
            }
        },
        details: serials
            .map(|serial| blocker("serialNumbers", serial, "rented_out"))
            .collect(),
    }))
}

fn blocker(path: &str, id: String, status: &str) -> ErrorDetail {
    ErrorDetail {
        path: path.into(),
        message: id,
        code: status.into(),
    }
}
