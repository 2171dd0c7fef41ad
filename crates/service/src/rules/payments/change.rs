//! What can happen to a payment. `paid` and `cancelled` are final, and while a provider is collecting one, only its
//! failure can be recorded.

use jiff::Timestamp;
use store::{Json, PaymentRow, PaymentStatus};
use types::support::True;
use types::{
    ErrorCode, PaymentAttemptStatus, PaymentCancel, PaymentCaptureError, PaymentChanged,
    PaymentMarkPaid, PaymentRecordAttempt,
};

use super::wire;
use crate::call::Call;
use crate::error::{Error, invalid, not_found, refuse, refuse_value};
use crate::events::{self, Event};

/// What a provider says that gives no code, or no reason.
const NO_CODE: &str = "unknown";
const NO_REASON: &str = "the provider gave no reason";

/// markPaymentPaid.
pub(crate) fn mark_paid(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &PaymentMarkPaid,
) -> Result<PaymentChanged, Error> {
    let mut payment = lock(call, id)?;
    let paid_at = paid_at(call, body.paid_at.as_deref())?;
    refuse_final(&payment, ErrorCode::PaymentCancelled)?;
    refuse_processing(&payment)?;
    payment.status = PaymentStatus::Paid;
    payment.paid_at = Some(paid_at);
    payment.provider = Some("manual".into());
    payment.manually_marked = true;
    payment.marked_by = Some(call.key_id.into());
    let reference = body.payment_reference.as_ref().or(body.reference.as_ref());
    payment.payment_reference = reference.cloned();
    if body.notes.is_some() {
        payment.notes.clone_from(&body.notes);
    }
    finish(
        call,
        payment,
        Some(Event::PaymentSucceeded),
        "the payment is paid",
    )
}

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
fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<PaymentRow, Error> {
    let payment = store::payments::lock(call.tx, &call.tenant.id, id)?;
    payment.ok_or_else(|| not_found("payment"))
}

/// Refuses what is over. `cancelled`: the code for a cancelled one.
fn refuse_final(payment: &PaymentRow, cancelled: ErrorCode) -> Result<(), Error> {
    match payment.status {
        PaymentStatus::Paid => Err(refuse(
            ErrorCode::AlreadyPaid,
            "the payment is paid already",
        )),
        PaymentStatus::Cancelled => Err(refuse(cancelled, "the payment is cancelled")),
        PaymentStatus::Pending | PaymentStatus::Processing | PaymentStatus::Failed => Ok(()),
    }
}

fn refuse_processing(payment: &PaymentRow) -> Result<(), Error> {
    match payment.status {
        PaymentStatus::Processing => Err(refuse(
            ErrorCode::PaymentProcessing,
            "a provider is collecting the payment; record first that it failed",
        )),
        _ => Ok(()),
    }
}

/// When it was paid: not in the future. Its form and the earliest time the contract has checked.
fn paid_at(call: &Call<'_, '_>, given: Option<&str>) -> Result<Timestamp, Error> {
    let Some(given) = given else {
        return Ok(call.now);
    };
    let at: Timestamp = given
        .parse()
        .map_err(|_| invalid("paidAt", "custom", "must be an RFC 3339 time"))?;
    match at > call.now {
        true => Err(refuse_value(
            ErrorCode::InvalidDate,
            "paidAt",
            "must not be in the future",
        )),
        false => Ok(at),
    }
}

/// Writes the payment, tells of it, and shows it.
fn finish(
    call: &mut Call<'_, '_>,
    mut payment: PaymentRow,
    event: Option<Event>,
    message: &str,
) -> Result<PaymentChanged, Error> {
    payment.updated_at = call.now;
    // What is paid is refused above.
    store::payments::update_unpaid(call.tx, &payment)?;
    if let Some(event) = event {
        let mut ids = vec![("paymentId", payment.id.as_str())];
        let rental = payment.rental_id.as_deref();
        ids.extend(rental.map(|id| ("subscriptionId", id)));
        ids.push(("customerId", &payment.customer_id));
        events::append(call, event, &ids)?;
    }
    Ok(PaymentChanged {
        success: True,
        message: message.into(),
        payment: wire::payment(call, payment)?,
    })
}
