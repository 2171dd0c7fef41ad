//! Payments of a subscription, as plans become rows.

use store::{PaymentRow, PaymentStatus, PaymentType, SubscriptionRow};

use crate::call::Call;
use crate::error::Error;
use crate::events::{self, Event};
use crate::rules::calendar::period;
use crate::rules::schedule::Planned;

/// Schedules payments of a subscription, taxed as the settings say now.
pub(super) fn schedule(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
    planned: Vec<Planned>,
) -> Result<(), Error> {
    let rows: Vec<PaymentRow> = planned
        .into_iter()
        .map(|planned| payment(call, rental, planned))
        .collect();
    store::payments::insert_all(call.tx, &rows)?;
    let told = rows.iter().map(|row| {
        let event = match row.status {
            PaymentStatus::Paid => Event::PaymentSucceeded,
            _ => Event::PaymentScheduled,
        };
        let ids = vec![
            ("paymentId", row.id.as_str()),
            ("subscriptionId", &rental.id),
            ("customerId", &rental.customer_id),
        ];
        (event, ids)
    });
    events::append_all(call, told)
}

/// Schedules a single payment that is due today; `kind` marks its idempotency key.
pub(super) fn once(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
    kind: &str,
    price: i64,
) -> Result<(), Error> {
    let due = call.today();
    let billing_period = period(due);
    let key = format!("{billing_period}:{kind}");
    schedule(
        call,
        rental,
        vec![Planned {
            due,
            period: None,
            billing_period,
            key,
            price,
            paid: false,
        }],
    )
}

fn payment(call: &Call<'_, '_>, rental: &SubscriptionRow, planned: Planned) -> PaymentRow {
    let taxes = &call.tenant.settings.taxes;
    let taxed = taxes.split(planned.price);
    let paid = planned.paid;
    PaymentRow {
        tenant_id: rental.tenant_id.clone(),
        id: call.new_plain_id("pay_"),
        customer_id: rental.customer_id.clone(),
        rental_id: Some(rental.id.clone()),
        billing_group_id: None,
        status: if paid {
            PaymentStatus::Paid
        } else {
            PaymentStatus::Pending
        },
        payment_type: PaymentType::Individual,
        subtotal: taxed.subtotal,
        tax_amount: taxed.tax,
        // Stored in hundredths of a percent.
        tax_rate: (taxes.rate().number() * 100.0).round() as i64,
        total: taxed.total,
        currency: rental.currency.clone(),
        billing_period: planned.billing_period,
        due_date: planned.due,
        period_start: planned.period.map(|period| period.first),
        period_end: planned.period.map(|period| period.last),
        idempotency_key: format!("{}:{}", rental.id, planned.key),
        line_items: None,
        consolidated_in: None,
        paid_at: paid.then_some(call.now),
        last_capture_attempt: None,
        next_retry_at: None,
        provider: paid.then(|| "manual".to_owned()),
        transaction_id: None,
        provider_response: None,
        manually_marked: paid,
        payment_reference: None,
        marked_by: paid.then(|| call.key_id.to_owned()),
        capture_attempts: 0,
        last_capture_error: None,
        notes: None,
        created_at: call.now,
        updated_at: call.now,
    }
}
