//! Handing a device out for a unit of an order.

use jiff::civil::Date;
use store::order_items::OrderItemRow;
use store::{
    AssetRow, AssetStatus, BillingGroupStatus, CustomerRow, CustomerStatus, OrderRow, OrderStatus,
    OrderType, SubscriptionStatus,
};
use types::support::True;
use types::{
    BillingStartOption, ErrorCode, SubscriptionCreate, SubscriptionCreated, UpgradeDetails,
};

use super::start::{Start, start};
use super::{date, upgrade, wire};
use crate::call::Call;
use crate::error::{Error, invalid, refuse};
use crate::events::{self, Event};
use crate::rules::calendar::within_years;
use crate::rules::customers::wire::not_empty;
use crate::rules::products::tiers;
use crate::rules::settings::BillingStart;
use crate::rules::texts;

/// Years from today within which a contract may start: as long as the longest contract.
const START_YEARS: i64 = 10;

/// Starts a subscription. The checks run in the order of the contract.
pub(crate) fn create(
    call: &mut Call<'_, '_>,
    body: &SubscriptionCreate,
) -> Result<SubscriptionCreated, Error> {
    let (mut order, customer) = lock_order(call, &body.order_id)?;
    can_be_fulfilled(call, &order)?;
    belongs_to(call, &order, &body.customer_id)?;
    if customer.status == CustomerStatus::Inactive {
        return Err(refuse(
            ErrorCode::CustomerInactive,
            "the customer is inactive",
        ));
    }
    let asset = store::assets::lock(call.tx, texts::trimmed(&body.asset_serial_number))?;
    let asset = asset.ok_or_else(asset_not_found)?;
    let item = choose_item(call, &order, &asset, body)?;
    is_available(&asset)?;
    let (months, setup_fee) = terms(call, &item, body.contract_length)?;
    if let Some(group) = &body.billing_group_id {
        can_be_joined(call, group, &customer)?;
    }
    let day = start_day(call, body)?;

    let upgrade_from_rental_id = end_previous(call, &order)?;
    take_unit(call, &mut order, &item)?;
    let new = Start {
        customer: &customer,
        order: &order,
        item: &item,
        asset,
        day,
        months,
        setup_fee,
        billing_start: body.billing_start_option.map(stored_start),
        billing_group_id: body.billing_group_id.clone(),
        upgrade_from_rental_id,
        notes: body.notes.as_deref().and_then(not_empty),
    };
    let row = start(call, new)?;
    if order.status == OrderStatus::Fulfilled {
        let ids = [
            ("orderId", order.id.as_str()),
            ("customerId", &order.customer_id),
        ];
        events::append(call, Event::OrderFulfilled, &ids)?;
    }
    let rental = wire::rental(call, row)?;
    Ok(SubscriptionCreated {
        success: True,
        message: "the subscription is active".into(),
        rental_id: rental.rental_id.clone(),
        rental,
    })
}

fn start_day(call: &Call<'_, '_>, body: &SubscriptionCreate) -> Result<Date, Error> {
    let Some(text) = &body.start_date else {
        return Ok(call.today());
    };
    let day = date(call, "startDate", text)?;
    if !within_years(day, call.today(), START_YEARS) {
        return Err(invalid(
            "startDate",
            "custom",
            format!("must be at most {START_YEARS} years before or after today"),
        ));
    }
    Ok(day)
}

/// An order and its customer, under the lock that serialises whatever decides over the customer's
/// status.
fn lock_order(call: &mut Call<'_, '_>, id: &str) -> Result<(OrderRow, CustomerRow), Error> {
    let unknown = || {
        refuse(
            ErrorCode::OrderNotFound,
            "there is no such order in this tenant",
        )
    };
    let order = store::orders::find(call.tx, id)?.ok_or_else(unknown)?;
    let customer = store::customers::lock(call.tx, &order.customer_id)?
        .ok_or_else(|| Error::Broken(format!("the customer of order `{id}` is gone")))?;
    // Read again: until the lock was taken, somebody else could change it.
    let order = store::orders::find(call.tx, id)?.ok_or_else(unknown)?;
    Ok((order, customer))
}

fn can_be_fulfilled(call: &Call<'_, '_>, order: &OrderRow) -> Result<(), Error> {
    // An extension order only documents a longer contract: no subscription is made from it.
    let extension = order.order_type == OrderType::Extension;
    let waits = call.tenant.settings.orders.require_confirmation || extension;
    match order.status {
        OrderStatus::Pending if waits => {
            let message = "the order is `pending`; confirm it first";
            Err(refuse(ErrorCode::OrderNotConfirmed, message))
        }
        OrderStatus::Cancelled => Err(refuse(
            ErrorCode::OrderNotConfirmed,
            "the order is `cancelled`",
        )),
        OrderStatus::Fulfilled => Err(fulfilled()),
        _ if extension => Err(fulfilled()),
        OrderStatus::Pending | OrderStatus::Confirmed | OrderStatus::Partial => Ok(()),
    }
}

fn fulfilled() -> Error {
    refuse(
        ErrorCode::ItemFullyFulfilled,
        "every ordered device has its subscription",
    )
}

fn belongs_to(call: &mut Call<'_, '_>, order: &OrderRow, customer: &str) -> Result<(), Error> {
    if order.customer_id == customer {
        return Ok(());
    }
    match store::customers::find(call.tx, customer)? {
        Some(_) => Err(invalid(
            "customerId",
            "custom",
            "must be the customer of the order",
        )),
        None => {
            let message = "there is no such customer in this tenant";
            Err(refuse(ErrorCode::CustomerNotFound, message))
        }
    }
}

/// The item that the device fulfils: the one asked for, else the first of its SKU with units to
/// go, one of the wanted length if there is one.
fn choose_item(
    call: &mut Call<'_, '_>,
    order: &OrderRow,
    asset: &AssetRow,
    body: &SubscriptionCreate,
) -> Result<OrderItemRow, Error> {
    let mut items = store::order_items::of_order(call.tx, &order.id)?;
    if let Some(index) = body.order_item_index {
        items.retain(|item| u64::try_from(item.position) == Ok(index));
        if items.is_empty() {
            return Err(invalid(
                "orderItemIndex",
                "too_big",
                "is beyond the order's items",
            ));
        }
    }
    items.retain(|item| item.sku == asset.sku);
    if items.is_empty() {
        let message = format!("the order has no item with the SKU `{}`", asset.sku);
        return Err(refuse(ErrorCode::SkuMismatch, message));
    }
    items.retain(|item| item.rented < item.quantity);
    let wanted = |item: &OrderItemRow| {
        let months = u64::try_from(item.contract_length).ok();
        body.contract_length.is_some() && months == body.contract_length
    };
    let index = items.iter().position(wanted).unwrap_or(0);
    if index < items.len() {
        Ok(items.swap_remove(index))
    } else {
        Err(fulfilled())
    }
}

/// Contract length and setup fee: those of the order, or of the tier of another length.
fn terms(
    call: &mut Call<'_, '_>,
    item: &OrderItemRow,
    wanted: Option<u64>,
) -> Result<(i64, i64), Error> {
    let ordered = (item.contract_length, item.setup_fee);
    let Some(wanted) = wanted.and_then(|months| i64::try_from(months).ok()) else {
        return Ok(ordered);
    };
    if wanted == item.contract_length {
        return Ok(ordered);
    }
    let variant = store::variants::find(call.tx, &item.variant_id)?;
    let tiers = match variant {
        Some(found) => tiers::of_variant(&found.variant)?,
        None => Vec::new(),
    };
    match tiers.iter().find(|tier| tier.contract_length == wanted) {
        Some(tier) => Ok((wanted, tier.setup_fee.unwrap_or(0))),
        None => Err(no_price(&item.sku, wanted)),
    }
}

fn can_be_joined(
    call: &mut Call<'_, '_>,
    group: &str,
    customer: &CustomerRow,
) -> Result<(), Error> {
    let Some(group) = store::billing_groups::find(call.tx, group)? else {
        let message = "there is no such billing group in this tenant";
        return Err(refuse(ErrorCode::BillingGroupNotFound, message));
    };
    if group.customer_id != customer.id {
        let message = "the billing group belongs to another customer";
        return Err(refuse(ErrorCode::SubscriptionDifferentCustomer, message));
    }
    if group.status != BillingGroupStatus::Active {
        return Err(refuse(
            ErrorCode::BillingGroupInactive,
            "the billing group is inactive",
        ));
    }
    Ok(())
}

/// The first subscription of an upgrade order takes over from the one it names, and ends it.
fn end_previous(call: &mut Call<'_, '_>, order: &OrderRow) -> Result<Option<String>, Error> {
    let Some(details) = &order.upgrade_details else {
        return Ok(None);
    };
    if order.order_type != OrderType::Upgrade || order.rented_devices > 0 {
        return Ok(None);
    }
    let id = details.read::<UpgradeDetails>()?.previous_rental_id;
    let previous = store::subscriptions::find(call.tx, &id)?;
    let Some(mut previous) = previous.filter(|row| row.customer_id == order.customer_id) else {
        return Ok(None);
    };
    if previous.status == SubscriptionStatus::Active {
        upgrade::end_old(call, &mut previous)?;
    }
    Ok(Some(id))
}

fn take_unit(
    call: &mut Call<'_, '_>,
    order: &mut OrderRow,
    item: &OrderItemRow,
) -> Result<(), Error> {
    if !store::order_items::take_unit(call.tx, &order.id, item.position)? {
        return Err(fulfilled());
    }
    order.rented_devices += 1;
    order.status = match order.rented_devices < order.total_devices {
        true => OrderStatus::Partial,
        false => OrderStatus::Fulfilled,
    };
    order.updated_at = call.now;
    store::orders::update(call.tx, order)?;
    Ok(())
}

/// Refuses a device that is not there to be handed out.
pub(super) fn is_available(asset: &AssetRow) -> Result<(), Error> {
    match asset.status {
        AssetStatus::Available => Ok(()),
        status => Err(refuse(
            ErrorCode::AssetNotAvailable,
            format!("the asset is `{status}`"),
        )),
    }
}

pub(super) fn asset_not_found() -> Error {
    refuse(ErrorCode::AssetNotFound, "no asset has this serial number")
}

pub(super) fn no_price(sku: &str, months: i64) -> Error {
    let message = format!("the variant `{sku}` has no price for {months} months");
    refuse(ErrorCode::InvalidContractLength, message)
}

fn stored_start(option: BillingStartOption) -> BillingStart {
    match option {
        BillingStartOption::Immediate => BillingStart::Immediate,
        BillingStartOption::FirstOfNextMonth => BillingStart::FirstOfNextMonth,
        BillingStartOption::SameDayNextMonth => BillingStart::SameDayNextMonth,
    }
}
