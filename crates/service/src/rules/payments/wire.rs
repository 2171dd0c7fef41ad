//! Payments between their stored and their wire form.

use store::{Json, PaymentRow};
use types::support::{DateTime, Maybe};
use types::{Payment, PaymentProvider, PaymentStatus, PaymentType};

use crate::call::{Tenant, instant};
use crate::error::Error;

/// A payment on the wire.
pub(super) fn payment(tenant: &Tenant, row: PaymentRow) -> Result<Payment, Error> {
    let read = |provider: &str| {
        provider.parse::<PaymentProvider>().map_err(|_| {
            let payment = &row.id;
            Error::Broken(format!("payment `{payment}` is collected by `{provider}`"))
        })
    };
    let provider = row.provider.as_deref().map(read).transpose()?;
    Ok(Payment {
        payment_id: row.id,
        tenant_id: row.tenant_id,
        customer_id: row.customer_id,
        subtotal: tenant.currency.major(row.subtotal),
        tax_amount: Some(tenant.currency.major(row.tax_amount)),
        // Stored in hundredths of a percent.
        tax_rate: Some(row.tax_rate as f64 / 100.0),
        total: tenant.currency.major(row.total),
        currency: row.currency,
        amount: Some(tenant.currency.major(row.total)),
        payment_type: match row.payment_type {
            store::PaymentType::Individual => PaymentType::Individual,
            store::PaymentType::Consolidated => PaymentType::Consolidated,
        }
        .into(),
        rental_id: row.rental_id,
        billing_group_id: row.billing_group_id,
        billing_period: row.billing_period,
        status: wire_status(row.status).into(),
        provider: provider.map(Into::into),
        transaction_id: row.transaction_id,
        provider_response: row.provider_response.as_ref().map(Json::read).transpose()?,
        manually_marked: Some(row.manually_marked),
        payment_reference: row.payment_reference,
        marked_by: row.marked_by,
        capture_attempts: Some(u64::try_from(row.capture_attempts).unwrap_or(0)),
        last_capture_error: row
            .last_capture_error
            .as_ref()
            .map(Json::read)
            .transpose()?,
        line_items: row.line_items.as_ref().map(Json::read).transpose()?,
        late_fee_applied: Some(false),
        late_fee_amount: None,
        original_amount: None,
        idempotency_key: row.idempotency_key,
        notes: row.notes,
        due_date: row.due_date,
        paid_at: or_null(row.paid_at),
        last_capture_attempt: or_null(row.last_capture_attempt),
        next_retry_at: or_null(row.next_retry_at),
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    })
}

fn or_null(at: Option<jiff::Timestamp>) -> Maybe<DateTime> {
    at.map_or(Maybe::Null, |at| Maybe::Value(instant(at)))
}

/// A state as the store has it.
pub(super) fn stored_status(wire: PaymentStatus) -> store::PaymentStatus {
    match wire {
        PaymentStatus::Pending => store::PaymentStatus::Pending,
        PaymentStatus::Processing => store::PaymentStatus::Processing,
        PaymentStatus::Paid => store::PaymentStatus::Paid,
        PaymentStatus::Failed => store::PaymentStatus::Failed,
        PaymentStatus::Cancelled => store::PaymentStatus::Cancelled,
    }
}

fn wire_status(stored: store::PaymentStatus) -> PaymentStatus {
    match stored {
        store::PaymentStatus::Pending => PaymentStatus::Pending,
        store::PaymentStatus::Processing => PaymentStatus::Processing,
        store::PaymentStatus::Paid => PaymentStatus::Paid,
        store::PaymentStatus::Failed => PaymentStatus::Failed,
        store::PaymentStatus::Cancelled => PaymentStatus::Cancelled,
    }
}
