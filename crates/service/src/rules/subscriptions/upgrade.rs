//! Exchange of the device for another model under a new contract.

use store::order_items::OrderItemRow;
use store::products::ProductStatus;
use store::variants::VariantOfProduct;
use store::{
    AssetRow, CustomerRow, Json, OrderRow, OrderStatus, OrderType, SubscriptionRow,
    SubscriptionStatus, VariantStatus,
};
use types::support::True;
use types::{ErrorCode, SubscriptionUpgrade, SubscriptionUpgraded, UpgradeDetails};

use super::create::{asset_not_found, is_available, no_price};
use super::end::{Device, end};
use super::start::{Start, start};
use super::{lock_active, repeats_id};
use crate::call::Call;
use crate::error::{Error, refuse};
use crate::events::{self, Event};
use crate::rules::customers::wire::not_empty;
use crate::rules::orders::{fields, pricing::source};
use crate::rules::products::tiers;
use crate::rules::texts;

/// What the new contract is about, after every check.
struct Wanted {
    variant: VariantOfProduct,
    asset: AssetRow,
    months: i64,
    /// Per month, minor units.
    amount: i64,
    /// Minor units.
    setup_fee: i64,
}

/// Ends a subscription and starts its successor from today, linked by an order that is fulfilled
/// already.
pub(crate) fn upgrade(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionUpgrade,
) -> Result<SubscriptionUpgraded, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let (mut old, customer) = lock_active(call, id)?;
    if !call.tenant.settings.upgrades.enabled {
        return Err(refuse(
            ErrorCode::FeatureDisabled,
            "upgrades are switched off",
        ));
    }
    let amount = call.minor("newMonthlyAmount", body.new_monthly_amount)?;
    let wanted = check(call, body, amount)?;

    let (order, item) = place_order(call, &old, &wanted, body)?;
    end_old(call, &mut old)?;
    let new = begin(call, &customer, &order, &item, wanted, &old, body)?;
    Ok(SubscriptionUpgraded {
        success: True,
        message: "the subscription is upgraded".into(),
        old_rental_id: old.id,
        new_rental_id: new.id,
        old_device: old.product_name,
        new_device: new.product_name,
        new_monthly_amount: call.major(new.monthly_amount),
        currency: new.currency,
    })
}

fn check(
    call: &mut Call<'_, '_>,
    body: &SubscriptionUpgrade,
    amount: i64,
) -> Result<Wanted, Error> {
    let sku = texts::trimmed(&body.new_sku);
    let Some(variant) = store::variants::find_by_sku(call.tx, sku)? else {
        let message = format!("no variant has the SKU `{sku}`");
        return Err(refuse(ErrorCode::VariantNotFound, message));
    };
    if variant.variant.status != VariantStatus::Active
        || variant.product_status != ProductStatus::Active
    {
        let message = format!("the variant `{sku}` cannot be rented any more");
        return Err(refuse(ErrorCode::VariantInactive, message));
    }
    let months = i64::try_from(body.contract_length).unwrap_or(i64::MAX);
    let tiers = tiers::of_variant(&variant.variant)?;
    let tier = tiers.iter().find(|tier| tier.contract_length == months);
    let setup_fee = tier
        .ok_or_else(|| no_price(sku, months))?
        .setup_fee
        .unwrap_or(0);
    let asset = store::assets::lock(call.tx, texts::trimmed(&body.new_serial_number))?;
    let asset = asset.ok_or_else(asset_not_found)?;
    if asset.sku != sku {
        let message = format!("the asset is not of the SKU `{sku}`");
        return Err(refuse(ErrorCode::SkuMismatch, message));
    }
    is_available(&asset)?;
    Ok(Wanted {
        variant,
        asset,
        months,
        amount,
        setup_fee,
    })
}

/// Ends the subscription that another one takes over from. The customer keeps its device until the
/// return is recorded.
pub(super) fn end_old(call: &mut Call<'_, '_>, old: &mut SubscriptionRow) -> Result<(), Error> {
    let ids = [
        ("subscriptionId", old.id.as_str()),
        ("customerId", &old.customer_id),
        ("orderId", &old.order_id),
        ("serialNumber", &old.serial_number),
    ];
    events::append(call, Event::SubscriptionUpgraded, &ids)?;
    end(call, old, SubscriptionStatus::EndedUpgrade, Device::Out)
}

/// The order behind the new subscription, fulfilled from the beginning. Customer data and custom
/// fields are those of the order behind the old one.
fn place_order(
    call: &mut Call<'_, '_>,
    old: &SubscriptionRow,
    wanted: &Wanted,
    body: &SubscriptionUpgrade,
) -> Result<(OrderRow, OrderItemRow), Error> {
    let variant = &wanted.variant.variant;
    let id = call.new_id("ord_");
    let item = OrderItemRow {
        tenant_id: call.tenant.id.to_string(),
        order_id: id.clone(),
        position: 0,
        sku: variant.variant_sku.clone(),
        product_id: variant.product_id.clone(),
        variant_id: variant.id.clone(),
        product_name: wanted.variant.product_name.clone(),
        product_image_url: wanted.asset.product_image_url.clone(),
        quantity: 1,
        rented: 1,
        unit_price: wanted.amount,
        setup_fee: wanted.setup_fee,
        contract_length: wanted.months,
        list_price: variant.list_price,
        list_price_source: source(variant.list_price),
        list_price_override: None,
        acquisition_cost: variant.acquisition_cost,
        acquisition_cost_source: source(variant.acquisition_cost),
        acquisition_cost_override: None,
    };
    let details = UpgradeDetails {
        previous_device: old.product_name.clone(),
        previous_serial_number: old.serial_number.clone(),
        previous_monthly_amount: call.major(old.monthly_amount),
        previous_rental_id: old.id.clone(),
        upgrade_reason: Some(body.reason.clone()),
    };
    let order = OrderRow {
        upgrade_details: Some(Json::of(&details)?),
        ..follow_up_order(call, old, OrderType::Upgrade, &item)?
    };
    let fields = searchable_fields(old)?;
    store::orders::insert(call.tx, &order, std::slice::from_ref(&item), &fields)?;
    Ok((order, item))
}

/// An order that the server itself makes for the customer of a subscription: one unit, fulfilled.
pub(super) fn follow_up_order(
    call: &mut Call<'_, '_>,
    rental: &SubscriptionRow,
    order_type: OrderType,
    item: &OrderItemRow,
) -> Result<OrderRow, Error> {
    let before = store::orders::find(call.tx, &rental.order_id)?;
    let before = before.ok_or_else(|| {
        Error::Broken(format!("the order of subscription `{}` is gone", rental.id))
    })?;
    let taxed = call.tenant.settings.taxes.split(item.unit_price);
    Ok(OrderRow {
        id: item.order_id.clone(),
        status: OrderStatus::Fulfilled,
        order_type,
        subtotal: taxed.subtotal,
        tax_amount: taxed.tax,
        total: taxed.total,
        total_devices: 1,
        rented_devices: 1,
        custom_fields: rental.custom_fields.clone(),
        notes: None,
        extension_details: None,
        upgrade_details: None,
        cancellation: None,
        fingerprint: None,
        created_at: call.now,
        updated_at: call.now,
        created_by: call.key_id.into(),
        ..before
    })
}

fn begin(
    call: &mut Call<'_, '_>,
    customer: &CustomerRow,
    order: &OrderRow,
    item: &OrderItemRow,
    wanted: Wanted,
    old: &SubscriptionRow,
    body: &SubscriptionUpgrade,
) -> Result<SubscriptionRow, Error> {
    let new = Start {
        customer,
        order,
        item,
        asset: wanted.asset,
        day: call.today(),
        months: wanted.months,
        setup_fee: wanted.setup_fee,
        billing_start: None,
        billing_group_id: None,
        upgrade_from_rental_id: Some(old.id.clone()),
        notes: body.notes.as_deref().and_then(not_empty),
    };
    start(call, new)
}

/// The scalar custom fields of a subscription as text, by which lists of orders are filtered.
pub(super) fn searchable_fields(rental: &SubscriptionRow) -> Result<Vec<(String, String)>, Error> {
    match &rental.custom_fields {
        Some(fields) => Ok(fields::searchable(&fields.read()?)),
        None => Ok(Vec::new()),
    }
}
