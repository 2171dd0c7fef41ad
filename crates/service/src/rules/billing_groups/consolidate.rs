//! Payments of a group: one for each billing period, in place of those that its members would pay each for
//! itself. Nothing is owed twice and nothing is lost, because a consolidated payment is made of the payments
//! whose place it takes, and they return as they were.

use std::collections::BTreeMap;

use jiff::civil::Date;
use store::{
    BillingGroupRow, BillingGroupStatus, Json, PaymentRow, PaymentStatus, PaymentType,
    SubscriptionRow, consolidation,
};
use types::PaymentLineItem;

use crate::call::Call;
use crate::error::Error;
use crate::events::{self, Event};
use crate::rules::calendar::{add_days, next_day_of_month};

/// Takes what subscriptions owe after today into the payments of their group: into that of the same billing
/// period while it is pending and not due yet. Where that one is settled or due already, they go on paying for
/// themselves.
pub(super) fn absorb(
    call: &mut Call<'_, '_>,
    group: &BillingGroupRow,
    rentals: &[&str],
) -> Result<(), Error> {
    let today = call.today();
    let mut parts: BTreeMap<String, Vec<PaymentRow>> = BTreeMap::new();
    for rental in rentals {
        for part in consolidation::open_of_rental(call.tx, rental, today)? {
            let period = parts.entry(part.billing_period.clone()).or_default();
            period.push(part);
        }
    }
    let standing = consolidation::of_group(call.tx, &group.id)?;
    let standing: BTreeMap<&str, &PaymentRow> = standing
        .iter()
        .map(|whole| (whole.billing_period.as_str(), whole))
        .collect();
    for (period, parts) in &parts {
        let ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
        match standing.get(period.as_str()) {
            Some(whole) if is_open(whole, today) => {
                consolidation::replace(call.tx, &ids, &whole.id, call.now)?;
                refresh(call, whole)?;
            }
            Some(_) => {}
            None => {
                let whole = whole(call, group, period, parts)?;
                store::payments::insert_all(call.tx, std::slice::from_ref(&whole))?;
                consolidation::replace(call.tx, &ids, &whole.id, call.now)?;
                scheduled(call, &whole)?;
            }
        }
    }
    Ok(())
}

/// Gives subscriptions their own payments back, in place of their shares in payments of the group that are not
/// due yet.
pub(super) fn restore(
    call: &mut Call<'_, '_>,
    group: &BillingGroupRow,
    rentals: &[&str],
) -> Result<(), Error> {
    if rentals.is_empty() {
        return Ok(());
    }
    let today = call.today();
    for whole in consolidation::of_group(call.tx, &group.id)? {
        if !is_open(&whole, today) {
            continue;
        }
        let mut parts = consolidation::parts(call.tx, &whole.id)?;
        parts.retain(|part| {
            let rental = part.rental_id.as_deref();
            rental.is_some_and(|id| rentals.contains(&id))
        });
        if parts.is_empty() {
            continue;
        }
        let ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
        consolidation::release(call.tx, &ids, call.now)?;
        refresh(call, &whole)?;
        let returned: Vec<PaymentRow> = parts
            .into_iter()
            .map(|part| PaymentRow {
                id: call.new_plain_id("pay_"),
                status: PaymentStatus::Pending,
                consolidated_in: None,
                // What was due meanwhile was put off by the group: it is not overdue from the beginning.
                due_date: match part.due_date > today {
                    true => part.due_date,
                    false => whole.due_date,
                },
                created_at: call.now,
                updated_at: call.now,
                ..part
            })
            .collect();
        store::payments::insert_all(call.tx, &returned)?;
        for payment in &returned {
            scheduled(call, payment)?;
        }
    }
    Ok(())
}

/// Puts the payments of a group that are not due yet on another day.
pub(super) fn redate(call: &mut Call<'_, '_>, group: &BillingGroupRow) -> Result<(), Error> {
    let today = call.today();
    for whole in consolidation::of_group(call.tx, &group.id)? {
        if !is_open(&whole, today) {
            continue;
        }
        let due_date = due(call, group, &whole.billing_period)?;
        if due_date != whole.due_date {
            let whole = PaymentRow {
                due_date,
                updated_at: call.now,
                ..whole
            };
            store::payments::update(call.tx, &whole)?;
        }
    }
    Ok(())
}

/// Takes the payments that a member has just got, of its beginning or an extension, into those of its group.
pub(crate) fn follow(call: &mut Call<'_, '_>, rental: &SubscriptionRow) -> Result<(), Error> {
    let Some(id) = &rental.billing_group_id else {
        return Ok(());
    };
    let group = store::billing_groups::find(call.tx, id)?;
    match group {
        Some(group) if group.status == BillingGroupStatus::Active => {
            absorb(call, &group, &[&rental.id])
        }
        _ => Ok(()),
    }
}

/// Takes what a subscription that ends today does not owe any more out of pending payments of groups.
pub(crate) fn shed(call: &mut Call<'_, '_>, rental: &SubscriptionRow) -> Result<(), Error> {
    let today = call.today();
    for id in consolidation::release_future(call.tx, &rental.id, today, call.now)? {
        let whole = store::payments::find(call.tx, &id)?;
        let whole = whole.ok_or_else(|| Error::Broken(format!("payment `{id}` is gone")))?;
        refresh(call, &whole)?;
    }
    Ok(())
}

/// Whether a payment of a group can still change.
fn is_open(whole: &PaymentRow, today: Date) -> bool {
    whole.status == PaymentStatus::Pending && whole.due_date > today
}

/// Writes a consolidated payment as the sum of its parts; one without any is cancelled.
fn refresh(call: &mut Call<'_, '_>, whole: &PaymentRow) -> Result<(), Error> {
    let parts = consolidation::parts(call.tx, &whole.id)?;
    let mut changed = PaymentRow {
        updated_at: call.now,
        ..whole.clone()
    };
    match parts.is_empty() {
        // What it was for stays readable.
        true => changed.status = PaymentStatus::Cancelled,
        false => sum_up(call, &mut changed, &parts)?,
    }
    store::payments::update(call.tx, &changed)?;
    Ok(())
}

/// A new consolidated payment of these parts.
fn whole(
    call: &mut Call<'_, '_>,
    group: &BillingGroupRow,
    period: &str,
    parts: &[PaymentRow],
) -> Result<PaymentRow, Error> {
    let mut whole = PaymentRow {
        tenant_id: group.tenant_id.clone(),
        id: call.new_plain_id("pay_"),
        customer_id: group.customer_id.clone(),
        rental_id: None,
        billing_group_id: Some(group.id.clone()),
        status: PaymentStatus::Pending,
        payment_type: PaymentType::Consolidated,
        subtotal: 0,
        tax_amount: 0,
        tax_rate: 0,
        total: 0,
        currency: call.tenant.currency.code().into(),
        billing_period: period.to_owned(),
        due_date: due(call, group, period)?,
        period_start: None,
        period_end: None,
        idempotency_key: format!("{}:{period}", group.id),
        line_items: None,
        consolidated_in: None,
        paid_at: None,
        last_capture_attempt: None,
        next_retry_at: None,
        provider: None,
        transaction_id: None,
        provider_response: None,
        manually_marked: false,
        payment_reference: None,
        marked_by: None,
        capture_attempts: 0,
        last_capture_error: None,
        notes: None,
        created_at: call.now,
        updated_at: call.now,
    };
    sum_up(call, &mut whole, parts)?;
    Ok(whole)
}

fn sum_up(
    call: &mut Call<'_, '_>,
    whole: &mut PaymentRow,
    parts: &[PaymentRow],
) -> Result<(), Error> {
    let mut shares: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for part in parts {
        let rental = part.rental_id.as_deref().unwrap_or_default();
        let share = shares.entry(rental).or_default();
        share.0 += part.subtotal;
        share.1 += part.tax_amount;
    }
    let mut items = Vec::with_capacity(shares.len());
    for (rental, (amount, tax)) in &shares {
        let row = store::subscriptions::find(call.tx, rental)?;
        let row =
            row.ok_or_else(|| Error::Broken(format!("subscription `{rental}` is not stored")))?;
        items.push(PaymentLineItem {
            rental_id: row.id,
            description: format!("{} ({})", row.product_name, row.serial_number),
            amount: call.major(*amount),
            tax_amount: Some(call.major(*tax)),
        });
    }
    whole.line_items = Some(Json::of(&items)?);
    whole.subtotal = shares.values().map(|share| share.0).sum();
    whole.tax_amount = shares.values().map(|share| share.1).sum();
    whole.total = whole.subtotal + whole.tax_amount;
    whole.tax_rate = rate(whole, parts);
    Ok(())
}

/// The rate of all parts; of parts that were taxed at different times with different rates, what they come to.
fn rate(whole: &PaymentRow, parts: &[PaymentRow]) -> i64 {
    let first = parts.first().map_or(0, |part| part.tax_rate);
    if parts.iter().all(|part| part.tax_rate == first) || whole.subtotal == 0 {
        return first;
    }
    let (tax, net) = (i128::from(whole.tax_amount), i128::from(whole.subtotal));
    i64::try_from((tax * 10_000 + net / 2) / net).unwrap_or(first)
}

/// When the payment of a billing period is due: on the group's day of that month, after the customer's payment
/// terms. Where that has passed already, on the next such day: nothing is overdue from the beginning.
fn due(call: &mut Call<'_, '_>, group: &BillingGroupRow, period: &str) -> Result<Date, Error> {
    let broken = || Error::Broken(format!("`{period}` is no billing period"));
    let first: Date = format!("{period}-01").parse().map_err(|_| broken())?;
    let customer = store::customers::find(call.tx, &group.customer_id)?;
    let business = customer.is_some_and(|it| it.customer_type == store::CustomerType::Business);
    let net_days = match business {
        true => call.tenant.settings.billing.payment_terms.days(),
        false => 0,
    };
    let day = i8::try_from(group.billing_day).unwrap_or(1);
    let earliest = first.max(add_days(call.today(), 1 - net_days));
    Ok(add_days(next_day_of_month(earliest, day), net_days))
}

fn scheduled(call: &mut Call<'_, '_>, payment: &PaymentRow) -> Result<(), Error> {
    let mut ids = vec![("paymentId", payment.id.as_str())];
    let rental = payment.rental_id.as_deref();
    ids.extend(rental.map(|id| ("subscriptionId", id)));
    ids.push(("customerId", &payment.customer_id));
    events::append(call, Event::PaymentScheduled, &ids)
}
