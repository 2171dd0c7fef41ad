//! What can happen to a payment. `paid` and `cancelled` are final, and while a provider is collecting one, only its
//! failure can be recorded.

use store::{Json, PaymentRow, PaymentStatus};
use types::support::True;
use types::{
    ErrorCode, PaymentAttemptStatus, PaymentCancel, PaymentCaptureError, PaymentChanged,
    PaymentRecordAttempt,
};

use super::wire;
use crate::call::{Call, Tenant};
use crate::error::{Error, not_found, refuse};
use crate::events::{self, Event};

/// What a provider says that gives no code, or no reason.
const NO_CODE: &str = "unknown";
const NO_REASON: &str = "the provider gave no reason";

/// cancelPayment.
pub(crate) fn cancel(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &PaymentCancel,
) -> Result<PaymentChanged, Error> {
    let mut payment = lock(call, id)?;
    refuse_final(&payment, ErrorCode::AlreadyCancelled)?;
    refuse_processing(&payment)?;
    payment.status = PaymentStatus::Cancelled;
    // Nothing is lost, so the reason stands below what was noted before.
    payment.notes = Some(
        match payment.notes.take().filter(|notes| !notes.is_empty()) {
            Some(notes) => format!("{notes}\n{}", body.reason),
            None => body.reason.clone(),
        },
    );
    finish(call, payment, None, "the payment is cancelled")
}

/// recordPaymentAttempt.
pub(crate) fn record_attempt(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &PaymentRecordAttempt,
) -> Result<PaymentChanged, Error> {
    let mut payment = lock(call, id)?;
    refuse_final(&payment, ErrorCode::PaymentCancelled)?;
    payment.last_capture_attempt = Some(call.now);
    match body.status {
        PaymentAttemptStatus::Processing => {
            refuse_processing(&payment)?;
            payment.status = PaymentStatus::Processing;
            finish(call, payment, None, "the payment is being collected")
        }
        PaymentAttemptStatus::Failed => {
            payment.status = PaymentStatus::Failed;
            payment.capture_attempts += 1;
            let or = |given: &Option<String>, other: &str| {
                let given = given.as_ref().filter(|text| !text.is_empty());
                given.map_or_else(|| other.to_owned(), Clone::clone)
            };
            payment.last_capture_error = Some(Json::of(&PaymentCaptureError {
                code: or(&body.error_code, NO_CODE),
                message: or(&body.error_message, NO_REASON),
                decline_code: None,
            })?);
            let failed = Some(Event::PaymentFailed);
            finish(call, payment, failed, "collecting the payment failed")
        }
    }
}

/// A payment, and its customer under the lock that serialises whatever changes the customer's figures.
pub(super) fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<PaymentRow, Error> {
    let payment = store::payments::lock(call.tx, id)?;
    payment.ok_or_else(|| not_found("payment"))
}

/// Refuses what is over. `cancelled`: the code for a cancelled one.
pub(super) fn refuse_final(payment: &PaymentRow, cancelled: ErrorCode) -> Result<(), Error> {
    match payment.status {
        PaymentStatus::Paid => Err(refuse(
            ErrorCode::AlreadyPaid,
            "the payment is paid already",
        )),
        PaymentStatus::Cancelled => Err(refuse(cancelled, "the payment is cancelled")),
        PaymentStatus::Pending | PaymentStatus::Processing | PaymentStatus::Failed => Ok(()),
    }
}

pub(super) fn refuse_processing(payment: &PaymentRow) -> Result<(), Error> {
    match payment.status {
        PaymentStatus::Processing => Err(refuse(
            ErrorCode::PaymentProcessing,
            "a provider is collecting the payment; record first that it failed",
        )),
        _ => Ok(()),
    }
}

/// Writes the payment, tells of it, and shows it.
pub(super) fn finish(
    call: &mut Call<'_, '_>,
    mut payment: PaymentRow,
    event: Option<Event>,
    message: &str,
) -> Result<PaymentChanged, Error> {
    payment.updated_at = call.now;
    // What is paid is refused above.
    store::payments::update_unpaid(call.tx, &payment)?;
    if let Some(event) = event {
        events::append(call, event, &concerned(&payment))?;
    }
    changed(call.tenant, payment, message)
}

/// The ids that events of a payment carry.
pub(super) fn concerned(payment: &PaymentRow) -> Vec<(&'static str, &str)> {
    let mut ids = vec![("paymentId", payment.id.as_str())];
    let rental = payment.rental_id.as_deref();
    ids.extend(rental.map(|id| ("subscriptionId", id)));
    ids.push(("customerId", &payment.customer_id));
    ids
}

/// The answer.
pub(super) fn changed(
    tenant: &Tenant,
    payment: PaymentRow,
    message: &str,
) -> Result<PaymentChanged, Error> {
    Ok(PaymentChanged {
        success: True,
        message: message.into(),
        payment: wire::payment(tenant, payment)?,
    })
}
