//! The beginning of a subscription, the same for an order's unit and for an upgrade.

use jiff::civil::Date;
use store::order_items::OrderItemRow;
use store::{
    AssetRow, AssetStatus, CustomerRow, CustomerType, Json, OrderRow, SubscriptionRow,
    SubscriptionStatus, Unique,
};
use types::{ErrorCode, OrderCustomer};

use super::charges;
use crate::call::Call;
use crate::error::{Error, refuse};
use crate::events::{self, Event};
use crate::rules::billing_groups;
use crate::rules::calendar::end_date;
use crate::rules::schedule::{self, Charge};
use crate::rules::settings::BillingStart;

/// What a subscription begins with, after every check.
pub(super) struct Start<'a> {
    pub(super) customer: &'a CustomerRow,
    pub(super) order: &'a OrderRow,
    pub(super) item: &'a OrderItemRow,
    pub(super) asset: AssetRow,
    /// First day.
    pub(super) day: Date,
    /// Contract length.
    pub(super) months: i64,
    /// Added to the first payment, minor units.
    pub(super) setup_fee: i64,
    /// Overrides the setting of the tenant.
    pub(super) billing_start: Option<BillingStart>,
    pub(super) billing_group_id: Option<String>,
    pub(super) upgrade_from_rental_id: Option<String>,
    pub(super) notes: Option<String>,
}

/// Writes the subscription, hands the device out, and schedules every payment of the contract.
pub(super) fn start(call: &mut Call<'_, '_>, new: Start<'_>) -> Result<SubscriptionRow, Error> {
    let charge = Charge {
        start: new.day,
        months: new.months,
        monthly: new.item.unit_price,
        setup_fee: new.setup_fee,
        business: new.customer.customer_type == CustomerType::Business,
    };
    let billing = &call.tenant.settings.billing;
    let (terms, planned) = schedule::activation(billing, new.billing_start, charge);

    let mut asset = new.asset.clone();
    let row = SubscriptionRow {
        schedule: Some(Json::of(&terms)?),
        ..row(call, new)?
    };
    store::subscriptions::insert(call.tx, &row).map_err(|error| match error {
        store::Error::Duplicate(Unique::ActiveRentalOfAsset) => {
            refuse(ErrorCode::AssetNotAvailable, "the asset is `rented_out`")
        }
        error => error.into(),
    })?;
    let ids = [
        ("subscriptionId", row.id.as_str()),
        ("customerId", &row.customer_id),
        ("orderId", &row.order_id),
        ("serialNumber", &row.serial_number),
    ];
    events::append(call, Event::SubscriptionCreated, &ids)?;

    hand_out(call, &mut asset, &row)?;
    charges::schedule(call, &row, planned)?;
    billing_groups::follow(call, &row)?;
    // What is paid from the beginning has been counted since.
    let stored = store::subscriptions::find(call.tx, &row.id)?;
    stored.ok_or_else(|| Error::Broken(format!("subscription `{}` is not stored", row.id)))
}

/// Gives an available device to the customer of a subscription.
pub(super) fn hand_out(
    call: &mut Call<'_, '_>,
    asset: &mut AssetRow,
    rental: &SubscriptionRow,
) -> Result<(), Error> {
    asset.status = AssetStatus::RentedOut;
    asset.customer_id = Some(rental.customer_id.clone());
    asset.rental_id = Some(rental.id.clone());
    asset.updated_at = call.now;
    store::assets::update(call.tx, asset)?;
    let ids = [
        ("serialNumber", asset.serial_number.as_str()),
        ("subscriptionId", &rental.id),
        ("customerId", &rental.customer_id),
    ];
    events::append(call, Event::AssetAssigned, &ids)
}

fn row(call: &Call<'_, '_>, new: Start<'_>) -> Result<SubscriptionRow, Error> {
    let Start {
        customer,
        order,
        item,
        asset,
        ..
    } = new;
    let ordered_by: OrderCustomer = order.customer.read()?;
    let (list_price, list_price_source) = list_price(item);
    let (acquisition_cost, acquisition_cost_source) = acquisition_cost(item, &asset);
    Ok(SubscriptionRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_id("sub_"),
        customer_id: customer.id.clone(),
        order_id: order.id.clone(),
        order_item: item.position,
        billing_group_id: new.billing_group_id,
        upgrade_from_rental_id: new.upgrade_from_rental_id,
        serial_number: asset.serial_number,
        sku: item.sku.clone(),
        product_id: item.product_id.clone(),
        variant_id: item.variant_id.clone(),
        product_name: item.product_name.clone(),
        product_image_url: item.product_image_url.clone(),
        customer_email: ordered_by.email,
        customer_name: format!("{} {}", ordered_by.first_name, ordered_by.last_name),
        status: SubscriptionStatus::Active,
        monthly_amount: item.unit_price,
        currency: call.tenant.currency.code().into(),
        original_contract_length: new.months,
        contract_length: new.months,
        start_date: new.day,
        end_date: end_date(new.day, new.months),
        schedule: None,
        list_price,
        list_price_source,
        // Captured with the order; the cost is only known with the device.
        list_price_captured_at: list_price.map(|_| order.created_at),
        acquisition_cost,
        acquisition_cost_source,
        acquisition_cost_captured_at: acquisition_cost.map(|_| call.now),
        total_collected: 0,
        actual_months_rented: None,
        months_saved: None,
        extension_history: Json::empty_array(),
        replacement_history: Json::empty_array(),
        buyout_details: None,
        early_return_details: None,
        cancellation_details: None,
        custom_fields: order.custom_fields.clone(),
        notes: new.notes,
        created_at: call.now,
        updated_at: call.now,
        created_by: call.key_id.into(),
    })
}

fn list_price(item: &OrderItemRow) -> (Option<i64>, String) {
    match item.list_price_override {
        Some(price) => (Some(price), "order_override".into()),
        None => (item.list_price, item.list_price_source.clone()),
    }
}

/// The first cost that is known: never the list price instead.
fn acquisition_cost(item: &OrderItemRow, asset: &AssetRow) -> (Option<i64>, String) {
    if let Some(cost) = item.acquisition_cost_override {
        (Some(cost), "order_override".into())
    } else if let Some(cost) = asset.acquisition_cost {
        (Some(cost), "manual".into())
    } else {
        (item.acquisition_cost, item.acquisition_cost_source.clone())
    }
}
