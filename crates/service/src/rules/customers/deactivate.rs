//! Soft deletion: what stands in its way, in the order in which it is reported.

use std::sync::Arc;

use store::{Blocker, CustomerRow, CustomerStatus, Deactivation};
use tracing::Instrument as _;
use types::support::True;
use types::{CustomerDeleted, ErrorCode, ErrorDetail};

use crate::call::{Call, Context};
use crate::error::{Error, Refusal, not_found};
use crate::events::{self, Event};
use crate::face::conditions::Resource;
use crate::face::serve::{Service, transaction};

/// Most records that a refusal names.
const NAMED: u32 = 100;

/// A reason against a deletion: how it is reported that a counter of the customer is not 0.
struct Reason {
    blocker: Blocker,
    code: ErrorCode,
    /// Of the details, each of which names a record.
    path: &'static str,
    /// The message if it is one record, and if it is `{}`.
    one: &'static str,
    many: &'static str,
}

/// Every reason, in the order in which they are looked for; only the first is reported.
const REASONS: [Reason; Blocker::ALL.len()] = [
    Reason {
        blocker: Blocker::ActiveSubscriptions,
        code: ErrorCode::CustomerHasActiveSubscriptions,
        path: "rentalIds",
        one: "the customer has 1 active subscription; end it first",
        many: "the customer has {} active subscriptions; end them first",
    },
    Reason {
        blocker: Blocker::OpenOrders,
        code: ErrorCode::CustomerHasPendingOrders,
        path: "orderIds",
        one: "the customer has 1 open order; fulfil or cancel it first",
        many: "the customer has {} open orders; fulfil or cancel them first",
    },
    Reason {
        blocker: Blocker::DevicesOut,
        code: ErrorCode::CustomerHasUnreturnedDevices,
        path: "serialNumbers",
        one: "the customer has not returned 1 device; record its return first",
        many: "the customer has not returned {} devices; record their return first",
    },
];

/// Deletes a customer.
pub(crate) async fn delete(
    service: &Service,
    context: Context,
    id: String,
) -> Result<CustomerDeleted, Error> {
    let deleted = |id: String| CustomerDeleted {
        success: True,
        message: "the customer is inactive".into(),
        customer_id: id,
    };
    if context.conditions.is_some() {
        let resource = Resource::Customer(id.clone());
        let rule = move |call: &mut Call<'_, '_>| {
            deactivate(call, &id)?;
            Ok(deleted(id.clone()))
        };
        return service.change(context, resource, rule).await;
    }
    // The usual case takes one statement, which checks and changes. Only when it changed nothing
    // is there a reason to look for.
    let deactivation = Deactivation {
        tenant: Arc::clone(&context.tenant.id),
        customer: id.clone(),
        kind: Event::CustomerDeactivated.name(),
        data: events::data(&[("customerId", &id)])?,
        at: service.clock().now(),
    };
    let deactivated = service.store().deactivate(deactivation);
    if !deactivated.instrument(transaction("write")).await? {
        let id = id.clone();
        service
            .write(context, move |call| deactivate(call, &id))
            .await?;
    }
    Ok(deleted(id))
}

/// Makes a customer inactive; one that is inactive already stays as it is.
pub(super) fn deactivate(call: &mut Call<'_, '_>, id: &str) -> Result<(), Error> {
    let customer = store::customers::lock(call.tx, id)?;
    let customer = customer.ok_or_else(|| not_found("customer"))?;
    if customer.status == CustomerStatus::Inactive {
        return Ok(());
    }
    refuse_blocked(call, &customer)?;
    if !store::customers::deactivate(call.tx, id, call.now)? {
        return Err(Error::Broken(format!(
            "customer `{id}` changed while locked"
        )));
    }
    events::append(call, Event::CustomerDeactivated, &[("customerId", id)])
}

/// The first reason that there is.
fn refuse_blocked(call: &mut Call<'_, '_>, customer: &CustomerRow) -> Result<(), Error> {
    let mut counted = REASONS
        .iter()
        .map(|reason| (reason, reason.blocker.count(&customer.totals)));
    let Some((reason, count)) = counted.find(|(_, count)| *count != 0) else {
        return Ok(());
    };
    let id = &customer.id;
    let records = reason.blocker.records(call.tx, id, NAMED)?;
    let detail = |(name, status)| ErrorDetail {
        path: reason.path.into(),
        message: name,
        code: status,
    };
    Err(Error::Refused(Refusal {
        code: reason.code,
        message: match count {
            1 => reason.one.into(),
            _ => reason.many.replace("{}", &count.to_string()),
        },
        details: records.into_iter().map(detail).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blocker_is_a_reason() {
        for blocker in Blocker::ALL {
            assert!(REASONS.iter().any(|reason| reason.blocker == *blocker));
        }
    }
}
