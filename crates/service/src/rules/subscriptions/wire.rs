//! Subscriptions between their stored and their wire form.

use std::str::FromStr as _;

use jiff::civil::Date;
use store::{Json, SubscriptionRow};
use types::support::DateTime;
use types::{
    AcquisitionCostSource, Actor, ListPriceSource, Rental, RentalExtension, RentalReplacement,
    RentalStatus,
};

use super::recovery::Recovery;
use crate::call::{Call, instant};
use crate::error::Error;

/// Largest number of months and of contract months that histories and breakdowns can say.
const MOST_MONTHS: i64 = 120;

/// One subscription on the wire.
pub(super) fn rental(call: &mut Call<'_, '_>, row: SubscriptionRow) -> Result<Rental, Error> {
    let id = row.id.clone();
    let rental = rentals(call, vec![row])?.pop();
    rental.ok_or_else(|| Error::Broken(format!("subscription `{id}` has no wire form")))
}

/// Subscriptions on the wire, in the order of `rows`.
pub(super) fn rentals(
    call: &mut Call<'_, '_>,
    rows: Vec<SubscriptionRow>,
) -> Result<Vec<Rental>, Error> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let due = store::payments::next_due_by_rental(call.tx, &call.tenant.id, &ids)?;
    rows.into_iter()
        .map(|row| {
            let next = due.get(&row.id).copied();
            to_wire(call, row, next)
        })
        .collect()
}

fn to_wire(
    call: &Call<'_, '_>,
    row: SubscriptionRow,
    next_billing_date: Option<Date>,
) -> Result<Rental, Error> {
    let broken = |what: &str| Error::Broken(format!("subscription `{}`: unknown {what}", row.id));
    let list_price_source = ListPriceSource::from_str(&row.list_price_source)
        .map_err(|_| broken("list price source"))?;
    let acquisition_cost_source = AcquisitionCostSource::from_str(&row.acquisition_cost_source)
        .map_err(|_| broken("cost source"))?;
    let extensions: Vec<RentalExtension> = row.extension_history.read()?;
    let replacements: Vec<RentalReplacement> = row.replacement_history.read()?;
    let recovery = Recovery::of(&row, call.today());
    Ok(Rental {
        status: wire_status(row.status).into(),
        monthly_amount: call.major(row.monthly_amount),
        original_contract_length: count(row.original_contract_length)?,
        contract_length: count(row.contract_length)?,
        start_date: row.start_date,
        end_date: Some(row.end_date),
        next_billing_date,
        custom_fields: row.custom_fields.as_ref().map(Json::read).transpose()?,
        list_price: row.list_price.map(|price| call.major(price)),
        list_price_source: Some(list_price_source.into()),
        list_price_captured_at: row.list_price_captured_at.map(instant),
        acquisition_cost: row.acquisition_cost.map(|cost| call.major(cost)),
        acquisition_cost_source: Some(acquisition_cost_source.into()),
        acquisition_cost_captured_at: row.acquisition_cost_captured_at.map(instant),
        total_collected: Some(call.major(row.total_collected)),
        cost_recovery_percent: recovery.percent,
        current_profit: recovery.profit.map(|profit| call.major(profit)),
        breakeven_months: recovery.breakeven_months.map(count).transpose()?,
        has_reached_breakeven: recovery.reached,
        recovery_status: Some(recovery.status.into()),
        actual_months_rented: row.actual_months_rented.map(count).transpose()?,
        months_saved: row.months_saved.map(count).transpose()?,
        last_modified_date: last_modified(&extensions, &replacements),
        extension_history: Some(extensions),
        replacement_history: Some(replacements),
        buyout_details: row.buyout_details.as_ref().map(Json::read).transpose()?,
        early_return_details: row
            .early_return_details
            .as_ref()
            .map(Json::read)
            .transpose()?,
        cancellation_details: row
            .cancellation_details
            .as_ref()
            .map(Json::read)
            .transpose()?,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
        rental_id: row.id,
        tenant_id: row.tenant_id,
        customer_id: row.customer_id,
        customer_email: row.customer_email,
        customer_name: row.customer_name,
        order_id: row.order_id,
        asset_serial_number: row.serial_number,
        product_id: Some(row.product_id),
        variant_id: Some(row.variant_id),
        sku: row.sku,
        product_name: row.product_name,
        product_image_url: row.product_image_url,
        currency: row.currency,
        billing_group_id: row.billing_group_id,
        upgrade_from_rental_id: row.upgrade_from_rental_id,
        notes: row.notes,
        created_by: row.created_by,
    })
}

/// When terms or device last changed: the latest entry of the histories.
fn last_modified(
    extensions: &[RentalExtension],
    replacements: &[RentalReplacement],
) -> Option<DateTime> {
    let extended = extensions.iter().map(|entry| entry.extended_at);
    let replaced = replacements.iter().map(|entry| entry.replaced_at);
    extended.chain(replaced).max()
}

/// Who calls, as histories and details record it.
pub(super) fn actor(call: &Call<'_, '_>) -> Actor {
    Actor {
        user_id: call.key_id.into(),
        email: None,
        display_name: Some(call.key_name.into()),
        role: None,
        member_id: None,
    }
}

/// Months as histories and breakdowns say them, which stop at 120 while renewals go on.
pub(super) fn months(months: i64) -> u64 {
    months.clamp(0, MOST_MONTHS).unsigned_abs()
}

/// A stored count on the wire.
pub(super) fn count(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored)
        .map_err(|_| Error::Broken(format!("a count of a subscription is {stored}")))
}

fn wire_status(stored: store::SubscriptionStatus) -> RentalStatus {
    match stored {
        store::SubscriptionStatus::Active => RentalStatus::Active,
        store::SubscriptionStatus::Cancelled => RentalStatus::Cancelled,
        store::SubscriptionStatus::EndedCompleted => RentalStatus::EndedCompleted,
        store::SubscriptionStatus::EndedBuyout => RentalStatus::EndedBuyout,
        store::SubscriptionStatus::EndedUpgrade => RentalStatus::EndedUpgrade,
        store::SubscriptionStatus::EndedEarlyReturn => RentalStatus::EndedEarlyReturn,
    }
}

/// A status as the store has it.
pub(crate) fn stored_status(wire: RentalStatus) -> store::SubscriptionStatus {
    match wire {
        RentalStatus::Active => store::SubscriptionStatus::Active,
        RentalStatus::Cancelled => store::SubscriptionStatus::Cancelled,
        RentalStatus::EndedCompleted => store::SubscriptionStatus::EndedCompleted,
        RentalStatus::EndedBuyout => store::SubscriptionStatus::EndedBuyout,
        RentalStatus::EndedUpgrade => store::SubscriptionStatus::EndedUpgrade,
        RentalStatus::EndedEarlyReturn => store::SubscriptionStatus::EndedEarlyReturn,
    }
}
