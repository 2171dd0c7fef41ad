//! Customers between their stored and their wire form.

use store::{CustomerRow, CustomerTotals, Json};
use types::{Customer, CustomerProfitability, CustomerStatus, CustomerType};

use crate::call::{Call, instant};
use crate::error::Error;
use crate::rules::calendar::months_begun;
use crate::rules::money::{percentage, share};

/// One customer on the wire, with the ids of all its orders and subscriptions.
pub(super) fn customer(call: &mut Call<'_, '_>, row: CustomerRow) -> Result<Customer, Error> {
    let ids = [row.id.as_str()];
    let mut orders = store::orders::ids_by_customer(call.tx, &ids)?;
    let mut rentals = store::subscriptions::ids_by_customer(call.tx, &ids)?;
    let order_ids = orders.remove(&row.id).unwrap_or_default();
    let rental_ids = rentals.remove(&row.id).unwrap_or_default();
    to_wire(call, row, order_ids, rental_ids)
}

/// A customer with the ids of its orders and subscriptions on the wire.
pub(super) fn to_wire(
    call: &Call<'_, '_>,
    row: CustomerRow,
    order_ids: Vec<String>,
    rental_ids: Vec<String>,
) -> Result<Customer, Error> {
    let totals = row.totals;
    let margin = totals.lifetime_collected - totals.acquisition_cost;
    Ok(Customer {
        profitability: Some(profitability(call, &row)?),
        customer_id: row.id,
        tenant_id: row.tenant_id,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        company: row.company,
        phone: row.phone,
        customer_type: wire_type(row.customer_type).into(),
        status: match row.status {
            store::CustomerStatus::Active => CustomerStatus::Active.into(),
            store::CustomerStatus::Inactive => CustomerStatus::Inactive.into(),
        },
        custom_fields: row.custom_fields.as_ref().map(Json::read).transpose()?,
        total_orders: count(totals.total_orders)?,
        total_devices_rented: count(totals.active_subscriptions)?,
        total_monthly_revenue: call.major(totals.monthly_revenue),
        order_ids,
        rental_ids,
        last_billing_address: row.billing_address.as_ref().map(Json::read).transpose()?,
        last_shipping_address: row.shipping_address.as_ref().map(Json::read).transpose()?,
        lifetime_collected: Some(call.major(totals.lifetime_collected)),
        total_acquisition_cost: Some(call.major(totals.acquisition_cost)),
        customer_margin: Some(call.major(margin)),
        customer_margin_percent: percentage(margin, totals.acquisition_cost),
        subscriptions_tracked: Some(count(totals.subscriptions_tracked)?),
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
        created_by: row.created_by,
    })
}

fn profitability(call: &Call<'_, '_>, row: &CustomerRow) -> Result<CustomerProfitability, Error> {
    let CustomerTotals {
        lifetime_collected,
        acquisition_cost,
        ..
    } = row.totals;
    let months = row
        .first_start
        .map_or(1, |start| months_begun(start, call.today()).max(1));
    Ok(CustomerProfitability {
        lifetime_collected: call.major(lifetime_collected),
        total_acquisition_cost: call.major(acquisition_cost),
        cost_recovery_percent: percentage(lifetime_collected, acquisition_cost),
        average_monthly_revenue: call.major(share(lifetime_collected, 1, months)),
        total_devices_ever: count(row.totals.total_subscriptions)?,
        active_devices: count(row.totals.active_subscriptions)?,
    })
}

/// A stored counter, which the schema of the database keeps from being negative.
fn count(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|_| Error::Broken(format!("a counter of a customer is {stored}")))
}

/// A customer type as the wire has it.
pub(crate) fn wire_type(stored: store::CustomerType) -> CustomerType {
    match stored {
        store::CustomerType::Individual => CustomerType::Individual,
        store::CustomerType::Business => CustomerType::Business,
    }
}

/// A customer type as the store has it.
pub(crate) fn stored_type(wire: CustomerType) -> store::CustomerType {
    match wire {
        CustomerType::Individual => store::CustomerType::Individual,
        CustomerType::Business => store::CustomerType::Business,
    }
}

/// An empty company or telephone number is none.
pub(crate) fn not_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
