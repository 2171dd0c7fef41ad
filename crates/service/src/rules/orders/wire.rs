//! Orders between their stored and their wire form.

use std::str::FromStr as _;

use store::order_items::OrderItemRow;
use store::{Json, OrderRow};
use types::{
    Order, OrderAcquisitionCostSource, OrderItem, OrderItemRentalStatus, OrderListPriceSource,
    OrderRentalProgress, OrderStatus, OrderTotals, OrderType,
};

use crate::call::{Call, instant};
use crate::error::Error;

/// A subscription made from an order: its id, and the position of the item.
pub(crate) type Rental = (String, i64);

/// One order on the wire.
pub(super) fn order(call: &mut Call<'_, '_>, row: OrderRow) -> Result<Order, Error> {
    let items = store::order_items::of_order(call.tx, &row.id)?;
    let mut rentals = store::subscriptions::ids_by_order(call.tx, &[&row.id])?;
    let rentals = rentals.remove(&row.id).unwrap_or_default();
    to_wire(call, row, items, rentals)
}

/// An order with its items and subscriptions on the wire.
pub(super) fn to_wire(
    call: &Call<'_, '_>,
    row: OrderRow,
    items: Vec<OrderItemRow>,
    rentals: Vec<Rental>,
) -> Result<Order, Error> {
    // An extension order counts as carried out without subscriptions of its own.
    let documents = row.order_type == store::OrderType::Extension
        && row.status == store::OrderStatus::Fulfilled;
    let items: Result<Vec<OrderItem>, Error> = items
        .into_iter()
        .map(|item| item_to_wire(call, item, &rentals, documents))
        .collect();
    Ok(Order {
        status: wire_status(row.status).into(),
        order_type: wire_type(row.order_type).into(),
        customer: row.customer.read()?,
        billing_address: row.billing_address.read()?,
        shipping_address: row.shipping_address.read()?,
        items: items?,
        totals: OrderTotals {
            subtotal: call.major(row.subtotal),
            tax_amount: Some(call.major(row.tax_amount)),
            total: call.major(row.total),
            currency: row.currency,
            total_devices: count(row.total_devices)?,
        },
        rental_progress: OrderRentalProgress {
            total_devices: count(row.total_devices)?,
            rented_devices: count(row.rented_devices)?,
        },
        rental_ids: rentals.into_iter().map(|(id, _)| id).collect(),
        custom_fields: row.custom_fields.as_ref().map(Json::read).transpose()?,
        notes: row.notes,
        extension_details: row.extension_details.as_ref().map(Json::read).transpose()?,
        upgrade_details: row.upgrade_details.as_ref().map(Json::read).transpose()?,
        cancellation_details: row.cancellation.as_ref().map(Json::read).transpose()?,
        // No operation drives these.
        payment: None,
        billing_group_id: None,
        tracking_number: None,
        shipped_at: None,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
        created_by: row.created_by,
        order_id: row.id,
        tenant_id: row.tenant_id,
    })
}

fn item_to_wire(
    call: &Call<'_, '_>,
    item: OrderItemRow,
    rentals: &[Rental],
    documents: bool,
) -> Result<OrderItem, Error> {
    let amount = |minor: Option<i64>| minor.map(|minor| call.major(minor));
    let own = rentals
        .iter()
        .filter(|(_, position)| *position == item.position);
    let rental_status = if documents || item.rented >= item.quantity {
        OrderItemRentalStatus::Completed
    } else if item.rented > 0 {
        OrderItemRentalStatus::Partial
    } else {
        OrderItemRentalStatus::Pending
    };
    let unknown = |_| {
        Error::Broken(format!(
            "an item of order `{}`: unknown source",
            item.order_id
        ))
    };
    let list_price_source =
        OrderListPriceSource::from_str(&item.list_price_source).map_err(unknown)?;
    let acquisition_cost_source =
        OrderAcquisitionCostSource::from_str(&item.acquisition_cost_source).map_err(unknown)?;
    Ok(OrderItem {
        quantity: count(item.quantity)?,
        unit_price: call.major(item.unit_price),
        contract_length: count(item.contract_length)?,
        list_price: amount(item.list_price),
        list_price_source: Some(list_price_source.into()),
        list_price_override: amount(item.list_price_override),
        acquisition_cost: amount(item.acquisition_cost),
        acquisition_cost_source: Some(acquisition_cost_source.into()),
        acquisition_cost_override: amount(item.acquisition_cost_override),
        used_list_price_as_acquisition: Some(
            acquisition_cost_source == OrderAcquisitionCostSource::ListPrice,
        ),
        rental_ids: Some(own.map(|(id, _)| id.clone()).collect()),
        rental_status: Some(rental_status.into()),
        sku: item.sku,
        product_name: item.product_name,
        product_id: Some(item.product_id),
        variant_id: Some(item.variant_id),
        product_image_url: item.product_image_url,
    })
}

/// A stored count, which the schema of the database keeps from being negative.
fn count(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|_| Error::Broken(format!("a count of an order is {stored}")))
}

fn wire_status(stored: store::OrderStatus) -> OrderStatus {
    match stored {
        store::OrderStatus::Pending => OrderStatus::Pending,
        store::OrderStatus::Confirmed => OrderStatus::Confirmed,
        store::OrderStatus::Partial => OrderStatus::Partial,
        store::OrderStatus::Fulfilled => OrderStatus::Fulfilled,
        store::OrderStatus::Cancelled => OrderStatus::Cancelled,
    }
}

fn wire_type(stored: store::OrderType) -> OrderType {
    match stored {
        store::OrderType::Standard => OrderType::Standard,
        store::OrderType::Extension => OrderType::Extension,
        store::OrderType::Upgrade => OrderType::Upgrade,
    }
}

/// An order type as the store has it.
pub(super) fn stored_type(wire: OrderType) -> store::OrderType {
    match wire {
        OrderType::Standard => store::OrderType::Standard,
        OrderType::Extension => store::OrderType::Extension,
        OrderType::Upgrade => store::OrderType::Upgrade,
    }
}
