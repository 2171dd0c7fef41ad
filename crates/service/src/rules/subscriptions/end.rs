//! The one way in which subscriptions end, and the two ends that cost nothing: cancellation and
//! completion.

use store::{AssetRow, AssetStatus, Json, SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{
    CancellationDetails, ErrorCode, ReturnCondition, SubscriptionCancel, SubscriptionCancelled,
    SubscriptionCancelledPreviousStatus, SubscriptionComplete, SubscriptionCompleted,
};

use super::{lock, lock_active, quotes, repeats_id, wire};
use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::events::{self, Event};
use crate::rules::billing_groups;

/// What becomes of the device when its subscription ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    /// The customer keeps it until its return is recorded.
    Out,
    /// It came back, in this state where known.
    Returned(Option<ReturnCondition>),
    /// The customer owns it now.
    Sold,
}

/// Ends an active subscription: months are counted, payments for periods that have not begun are
/// cancelled, the others stay, whenever they are due. Writes `rental` with whatever details the caller has put into it.
pub(super) fn end(
    call: &mut Call<'_, '_>,
    rental: &mut SubscriptionRow,
    status: SubscriptionStatus,
    device: Device,
) -> Result<(), Error> {
    let fees = &call.tenant.settings.fees;
    let rented = quotes::contract(rental).rented_months(fees, call.today());
    end_after(call, rental, status, device, rented)
}

/// Ends an active subscription that was rented for so many months.
pub(super) fn end_after(
    call: &mut Call<'_, '_>,
    rental: &mut SubscriptionRow,
    status: SubscriptionStatus,
    device: Device,
    rented: i64,
) -> Result<(), Error> {
    let today = call.today();
    rental.status = status;
    rental.actual_months_rented = Some(rented);
    rental.months_saved = Some((rental.contract_length - rented).max(0));
    rental.updated_at = call.now;
    store::subscriptions::update(call.tx, rental)?;
    store::payments::cancel_future(call.tx, &call.tenant.id, &rental.id, today, call.now)?;
    billing_groups::shed(call, rental)?;
    let ids = [
        ("subscriptionId", rental.id.as_str()),
        ("customerId", &rental.customer_id),
        ("orderId", &rental.order_id),
        ("serialNumber", &rental.serial_number),
    ];
    events::append(call, Event::SubscriptionEnded, &ids)?;
    match device {
        Device::Out => Ok(()),
        Device::Returned(condition) => take_back(call, rental, condition),
        Device::Sold => {
            let mut asset = device_of(call, rental)?;
            asset.status = AssetStatus::Sold;
            asset.updated_at = call.now;
            store::assets::update(call.tx, &asset)?;
            Ok(())
        }
    }
}

fn take_back(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
    condition: Option<ReturnCondition>,
) -> Result<(), Error> {
    let mut asset = device_of(call, rental)?;
    asset.status = AssetStatus::Returned;
    asset.customer_id = None;
    asset.rental_id = None;
    if let Some(condition) = condition {
        asset.condition = Some(condition.as_str().into());
    }
    asset.updated_at = call.now;
    store::assets::update(call.tx, &asset)?;
    let ids = [
        ("serialNumber", asset.serial_number.as_str()),
        ("subscriptionId", &rental.id),
        ("customerId", &rental.customer_id),
    ];
    events::append(call, Event::AssetReturned, &ids)
}

/// The device that an active subscription has out.
pub(super) fn device_of(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
) -> Result<AssetRow, Error> {
    let asset = store::assets::find(call.tx, &call.tenant.id, &rental.serial_number)?;
    asset
        .filter(|asset| asset.rental_id.as_ref() == Some(&rental.id))
        .ok_or_else(|| {
            Error::Broken(format!(
                "subscription `{}` has not got its device",
                rental.id
            ))
        })
}

/// Ends a subscription at once and without fee.
pub(crate) fn cancel(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionCancel,
) -> Result<SubscriptionCancelled, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let (mut rental, _) = lock(call, id)?;
    match rental.status {
        SubscriptionStatus::Active => {}
        SubscriptionStatus::Cancelled => {
            let message = "the subscription is already cancelled";
            return Err(refuse(ErrorCode::AlreadyCancelled, message));
        }
        ended => {
            let message = format!("the subscription is `{ended}`");
            return Err(refuse(ErrorCode::AlreadyEnded, message));
        }
    }
    let cancelled_at = instant(call.now);
    rental.cancellation_details = Some(Json::of(&CancellationDetails {
        reason: body.reason.into(),
        notes: body.notes.clone(),
        cancelled_at,
        processed_by: wire::actor(call),
    })?);
    end(
        call,
        &mut rental,
        SubscriptionStatus::Cancelled,
        Device::Out,
    )?;
    Ok(SubscriptionCancelled {
        success: True,
        rental_id: rental.id,
        asset_serial_number: rental.serial_number,
        previous_status: SubscriptionCancelledPreviousStatus::Active.into(),
        cancelled_at,
        message: "the subscription is cancelled".into(),
    })
}

/// Ends a subscription whose last day has come, and takes the device back.
pub(crate) fn complete(
    call: &mut Call<'_, '_>,
    id: &str,
    body: Option<&SubscriptionComplete>,
) -> Result<SubscriptionCompleted, Error> {
    let (mut rental, _) = lock_active(call, id)?;
    if call.today() < rental.end_date {
        let message = format!("the contract runs until `{}`", rental.end_date);
        return Err(refuse(ErrorCode::ContractNotEnded, message));
    }
    if let Some(notes) = body
        .and_then(|body| body.notes.as_deref())
        .filter(|it| !it.is_empty())
    {
        // A completion has no record of its own, and nothing noted before may be lost.
        rental.notes = Some(match rental.notes.take() {
            Some(before) => format!("{before}\n{notes}"),
            None => notes.into(),
        });
    }
    let condition = body.and_then(|body| body.return_condition);
    end(
        call,
        &mut rental,
        SubscriptionStatus::EndedCompleted,
        Device::Returned(condition),
    )?;
    Ok(SubscriptionCompleted {
        success: True,
        rental_id: rental.id,
        asset_serial_number: rental.serial_number,
        message: "the subscription is completed".into(),
    })
}
