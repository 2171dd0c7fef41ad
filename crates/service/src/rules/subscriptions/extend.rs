//! Lengthening of a contract.

use store::order_items::OrderItemRow;
use store::{Json, OrderRow, OrderType, SubscriptionRow};
use types::support::True;
use types::{
    Actor, ErrorCode, ExtensionDetails, RentalExtension, SubscriptionExtend, SubscriptionExtended,
};

use super::upgrade::{follow_up_order, searchable_fields};
use super::{charges, lock_active, repeats_id, wire};
use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::events::{self, Event};
use crate::rules::billing_groups;
use crate::rules::calendar::{days_between, end_date};
use crate::rules::schedule::Terms;

/// Longest contract that can be asked for, extensions included.
const MOST_MONTHS: i64 = 120;

/// By how much, at what price, and why.
pub(super) struct Extension {
    pub(super) months: i64,
    /// Per month, minor units.
    pub(super) amount: i64,
    pub(super) reason: String,
    pub(super) notes: Option<String>,
    pub(super) by: Actor,
}

/// Extends a subscription as a caller asks.
pub(crate) fn extend(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionExtend,
) -> Result<SubscriptionExtended, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let (mut rental, _) = lock_active(call, id)?;
    check_months(call, &rental, body.extension_months)?;
    let amount = body
        .new_monthly_amount
        .map(|it| call.minor("newMonthlyAmount", it))
        .transpose()?;
    check_settings(call, &rental)?;

    let extension = Extension {
        months: body.extension_months,
        amount: amount.unwrap_or(rental.monthly_amount),
        reason: body.reason.clone(),
        notes: body.notes.clone(),
        by: wire::actor(call),
    };
    let entry = prolong(call, &mut rental, extension)?;
    if call.tenant.settings.extensions.create_order {
        record_order(call, &rental, &entry)?;
    }
    Ok(SubscriptionExtended {
        success: True,
        message: message(&entry, rental.end_date < call.today()),
        rental_id: rental.id,
        asset_serial_number: rental.serial_number,
        old_end_date: entry.old_end_date,
        new_end_date: entry.new_end_date,
        extension_months: entry.extension_months,
        old_contract_length: entry.old_contract_length,
        new_contract_length: entry.new_contract_length,
    })
}

/// `passed`: even the new last day has.
fn message(entry: &RentalExtension, passed: bool) -> String {
    let mut message = format!(
        "the contract is extended by {} months",
        entry.extension_months
    );
    if passed {
        message += &format!(
            " from `{}`, and its new last day `{}` has passed as well",
            entry.old_end_date, entry.new_end_date
        );
    }
    message
}

fn check_months(call: &Call<'_, '_>, rental: &SubscriptionRow, months: i64) -> Result<(), Error> {
    let refused = |message: String| Err(refuse(ErrorCode::InvalidExtensionMonths, message));
    let options = &call.tenant.settings.extensions.options;
    if !(1..=MOST_MONTHS).contains(&months) {
        refused(format!(
            "a contract is extended by 1 to {MOST_MONTHS} months"
        ))
    } else if !options.is_empty() && !options.contains(&months) {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        refused(format!(
            "a contract is extended by one of {} months",
            options.join(", ")
        ))
    } else if rental.contract_length + months > MOST_MONTHS {
        refused(format!("the contract would exceed {MOST_MONTHS} months"))
    } else {
        Ok(())
    }
}

fn check_settings(call: &Call<'_, '_>, rental: &SubscriptionRow) -> Result<(), Error> {
    let refused = |message: String| Err(refuse(ErrorCode::ExtensionNotAllowed, message));
    let settings = &call.tenant.settings.extensions;
    if let Some(most) = settings.max_per_subscription {
        let history: Vec<RentalExtension> = rental.extension_history.read()?;
        if history.len() as u64 >= most {
            return refused(format!("a contract can be extended {most} times"));
        }
    }
    if let Some(days) = settings.window_days
        && days_between(call.today(), rental.end_date) > days
    {
        return refused(format!(
            "the contract can be extended from {days} days before its end"
        ));
    }
    Ok(())
}

/// Lengthens the contract, schedules a payment for each added month in the rhythm of the contract,
/// and records it all. Payments scheduled before keep their amounts.
pub(super) fn prolong(
    call: &mut Call<'_, '_>,
    rental: &mut SubscriptionRow,
    extension: Extension,
) -> Result<RentalExtension, Error> {
    let broken = |what: &str| Error::Broken(format!("subscription `{}` has no {what}", rental.id));
    let mut terms: Terms = rental
        .schedule
        .as_ref()
        .ok_or_else(|| broken("schedule"))?
        .read()?;
    let planned = terms.next(extension.months, extension.amount);
    let months = rental.contract_length + extension.months;
    let end = end_date(rental.start_date, months);
    let entry = RentalExtension {
        extension_months: wire::months(extension.months),
        old_contract_length: wire::months(rental.contract_length),
        new_contract_length: wire::months(months),
        old_monthly_amount: call.major(rental.monthly_amount),
        new_monthly_amount: call.major(extension.amount),
        old_end_date: rental.end_date,
        new_end_date: end,
        reason: Some(extension.reason),
        notes: extension.notes,
        extended_at: instant(call.now),
        extended_by: extension.by,
    };
    let mut history: Vec<RentalExtension> = rental.extension_history.read()?;
    history.push(entry.clone());
    rental.extension_history = Json::of(&history)?;
    rental.schedule = Some(Json::of(&terms)?);
    rental.contract_length = months;
    rental.end_date = end;
    rental.monthly_amount = extension.amount;
    rental.updated_at = call.now;
    store::subscriptions::update(call.tx, rental)?;
    let ids = [
        ("subscriptionId", rental.id.as_str()),
        ("customerId", &rental.customer_id),
        ("orderId", &rental.order_id),
        ("serialNumber", &rental.serial_number),
    ];
    events::append(call, Event::SubscriptionExtended, &ids)?;
    charges::schedule(call, rental, planned)?;
    billing_groups::follow(call, rental)?;
    Ok(entry)
}

/// Documents the extension as an order, for tenants who want one.
fn record_order(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
    entry: &RentalExtension,
) -> Result<(), Error> {
    let item = OrderItemRow {
        tenant_id: call.tenant.id.to_string(),
        order_id: call.new_id("ord_"),
        position: 0,
        sku: rental.sku.clone(),
        product_id: rental.product_id.clone(),
        variant_id: rental.variant_id.clone(),
        product_name: rental.product_name.clone(),
        product_image_url: rental.product_image_url.clone(),
        quantity: 1,
        // No subscription is made from it.
        rented: 0,
        unit_price: rental.monthly_amount,
        setup_fee: 0,
        contract_length: i64::try_from(entry.extension_months).unwrap_or(MOST_MONTHS),
        list_price: None,
        list_price_source: "unknown".into(),
        list_price_override: None,
        acquisition_cost: None,
        acquisition_cost_source: "unknown".into(),
        acquisition_cost_override: None,
    };
    let details = ExtensionDetails {
        original_order_id: rental.order_id.clone(),
        extension_months: entry.extension_months,
        previous_end_date: entry.old_end_date.to_string(),
        new_end_date: entry.new_end_date.to_string(),
        reason: entry.reason.clone(),
    };
    let order = OrderRow {
        extension_details: Some(Json::of(&details)?),
        ..follow_up_order(call, rental, OrderType::Extension, &item)?
    };
    let fields = searchable_fields(rental)?;
    store::orders::insert(call.tx, &order, &[item], &fields)?;
    Ok(())
}
