//! Placing an order.

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use store::customers::email_key;
use store::{CustomerRow, CustomerStatus, CustomerTotals, Json, OrderRow, OrderStatus};
use types::support::True;
use types::{
    AddressInput, CustomerType, ExtensionDetailsInput, OrderCreate, OrderCreated, OrderCustomer,
    OrderType,
};

use super::lifecycle::customer_inactive;
use super::{check, fields, pricing, wire};
use crate::call::Call;
use crate::error::Error;
use crate::events::{self, Event};
use crate::rules::calendar;
use crate::rules::customers::wire::{not_empty, stored_type};
use crate::rules::texts;

/// How long a repeat of a request is recognised as one.
const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Places an order, for a new customer if nobody has the e-mail address yet.
pub(crate) fn create(call: &mut Call<'_, '_>, body: &OrderCreate) -> Result<OrderCreated, Error> {
    let email_key = email_key(&body.customer.email);
    let known = store::customers::lock_by_email(call.tx, &email_key)?;

    check::request(call, body, known.as_ref())?;
    if known
        .as_ref()
        .is_some_and(|customer| customer.status == CustomerStatus::Inactive)
    {
        return Err(customer_inactive());
    }
    let fingerprint = fingerprint(call, &email_key, body)?;
    if let Some(customer) = &known
        && !call.keyed
        && let Some(row) = repeated(call, customer, &fingerprint)?
    {
        let order = wire::order(call, row)?;
        return Ok(created(order, "the order exists already"));
    }
    let order_id = call.new_id("ord_");
    let items = pricing::items(call, &order_id, &body.items)?;
    let totals = pricing::totals(call, &items)?;

    let shipping = body
        .shipping_address
        .as_ref()
        .unwrap_or(&body.billing_address);
    let customer = match known {
        Some(customer) => remember_addresses(call, customer, &body.billing_address, shipping)?,
        None => new_customer(call, email_key, body, shipping)?,
    };
    let row = OrderRow {
        tenant_id: call.tenant.id.to_string(),
        id: order_id,
        status: OrderStatus::Pending,
        order_type: wire::stored_type(order_type(body)),
        customer: Json::of(&snapshot(&customer.id, body))?,
        customer_id: customer.id,
        billing_address: Json::of(&body.billing_address)?,
        shipping_address: Json::of(shipping)?,
        subtotal: totals.taxed.subtotal,
        tax_amount: totals.taxed.tax,
        total: totals.taxed.total,
        currency: call.tenant.currency.code().into(),
        total_devices: totals.devices,
        rented_devices: 0,
        custom_fields: body.custom_fields.value().map(Json::of).transpose()?,
        notes: body.notes.as_deref().and_then(not_empty),
        extension_details: extension_details(call, body)?,
        upgrade_details: body.upgrade_details.as_ref().map(Json::of).transpose()?,
        cancellation: None,
        fingerprint: Some(fingerprint),
        created_at: call.now,
        updated_at: call.now,
        created_by: call.key_id.into(),
    };
    let search = body
        .custom_fields
        .value()
        .map(fields::searchable)
        .unwrap_or_default();
    store::orders::insert(call.tx, &row, &items, &search)?;
    let ids = [
        ("orderId", row.id.as_str()),
        ("customerId", &row.customer_id),
    ];
    events::append(call, Event::OrderCreated, &ids)?;

    let order = wire::to_wire(call, row, items, Vec::new())?;
    Ok(created(order, "the order is placed"))
}

/// Which contract the order lengthens, its checked dates as days of the tenant.
fn extension_details(call: &Call<'_, '_>, body: &OrderCreate) -> Result<Option<Json>, Error> {
    let Some(details) = &body.extension_details else {
        return Ok(None);
    };
    let day = |text: &str| {
        let day = calendar::parse_date(text, &call.tenant.zone);
        day.map_or_else(|| text.to_owned(), |day| day.to_string())
    };
    let details = ExtensionDetailsInput {
        previous_end_date: day(&details.previous_end_date),
        new_end_date: day(&details.new_end_date),
        ..details.clone()
    };
    Ok(Some(Json::of(&details)?))
}

pub(super) fn order_type(body: &OrderCreate) -> OrderType {
    body.order_type.unwrap_or(OrderType::Standard)
}

fn created(order: types::Order, message: &str) -> OrderCreated {
    OrderCreated {
        success: True,
        message: message.into(),
        order_id: order.order_id.clone(),
        order,
    }
}

/// What makes two requests the same order: everything that is stored of them, positions in any
/// order. An answer with another order's address or notes would drop what this one says.
fn fingerprint(call: &Call<'_, '_>, email_key: &str, body: &OrderCreate) -> Result<String, Error> {
    let mut positions: Vec<(&str, u64, Option<String>)> = body
        .items
        .iter()
        .map(|item| {
            let months = item.contract_length.map(|months| months.to_string());
            (texts::trimmed(&item.sku), item.quantity, months)
        })
        .collect();
    positions.sort();
    let contact = OrderCustomer {
        customer_id: String::new(),
        email: email_key.to_owned(),
        ..snapshot("", body)
    };
    let shipping = body.shipping_address.as_ref();
    let text = Json::of(&(
        order_type(body).as_str(),
        positions,
        said(&contact)?,
        said(&body.billing_address)?,
        said(shipping.unwrap_or(&body.billing_address))?,
        body.notes.as_deref().and_then(not_empty),
        said(&body.custom_fields.value())?,
        extension_details(call, body)?.map(|it| it.as_str().to_owned()),
        said(&body.upgrade_details)?,
    ))?;
    let hash = Sha256::digest(text.as_str().as_bytes());
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What an object says: without what it leaves empty, its properties in one order.
fn said(object: &impl Serialize) -> Result<Map<String, Value>, Error> {
    let mut value = serde_json::to_value(object)
        .map_err(|error| Error::Broken(format!("a request is no JSON: {error}")))?;
    value.sort_all_objects();
    match value {
        Value::Object(mut properties) => {
            properties.retain(|_, value| !value.is_null() && value != "");
            Ok(properties)
        }
        _ => Ok(Map::new()),
    }
}

/// The order that a request of this customer repeats. An e-mail address may have been another
/// customer's a moment ago, whose order must not be shown to this one; nor is one that was settled, or
/// made before the customer was deleted and came back.
fn repeated(
    call: &mut Call<'_, '_>,
    customer: &CustomerRow,
    fingerprint: &str,
) -> Result<Option<OrderRow>, Error> {
    let since = call.now - REPEAT_WINDOW;
    let found = store::orders::find_by_fingerprint(call.tx, fingerprint, since)?;
    Ok(found.filter(|order| order.customer_id == customer.id))
}

/// A known customer keeps its profile; only the addresses follow its latest order.
fn remember_addresses(
    call: &mut Call<'_, '_>,
    mut customer: CustomerRow,
    billing: &AddressInput,
    shipping: &AddressInput,
) -> Result<CustomerRow, Error> {
    customer.billing_address = Some(Json::of(billing)?);
    customer.shipping_address = Some(Json::of(shipping)?);
    customer.updated_at = call.now;
    store::customers::update_addresses(call.tx, &customer)?;
    Ok(customer)
}

fn new_customer(
    call: &mut Call<'_, '_>,
    email_key: String,
    body: &OrderCreate,
    shipping: &AddressInput,
) -> Result<CustomerRow, Error> {
    let given = &body.customer;
    let customer = CustomerRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_id("cust_"),
        email: given.email.trim().into(),
        email_key,
        first_name: given.first_name.clone(),
        last_name: given.last_name.clone(),
        company: given.company.as_deref().and_then(not_empty),
        phone: given.phone.as_deref().and_then(not_empty),
        customer_type: stored_type(customer_type(body)),
        status: CustomerStatus::Active,
        custom_fields: None,
        billing_address: Some(Json::of(&body.billing_address)?),
        shipping_address: Some(Json::of(shipping)?),
        totals: CustomerTotals::default(),
        first_start: None,
        created_at: call.now,
        updated_at: call.now,
        created_by: call.key_id.into(),
    };
    store::customers::insert(call.tx, &customer)?;
    Ok(customer)
}

fn customer_type(body: &OrderCreate) -> CustomerType {
    body.customer
        .customer_type
        .unwrap_or(CustomerType::Individual)
}

/// The customer as the order gives it, which may differ from the profile.
fn snapshot(customer_id: &str, body: &OrderCreate) -> OrderCustomer {
    let given = &body.customer;
    OrderCustomer {
        customer_id: customer_id.to_owned(),
        email: given.email.trim().into(),
        first_name: given.first_name.clone(),
        last_name: given.last_name.clone(),
        company: given.company.clone(),
        phone: given.phone.clone(),
        customer_type: Some(customer_type(body).into()),
    }
}
