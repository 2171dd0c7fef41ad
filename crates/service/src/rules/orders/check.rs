//! What an order must fulfil beyond the schema: the tenant's settings, and references to known
//! orders and subscriptions.

use store::CustomerRow;
use types::{ErrorCode, OrderCreate, OrderType};

use super::create::order_type;
use super::fields;
use crate::call::Call;
use crate::error::{Error, invalid_all, refuse_value, unfit};
use crate::rules::customers::address;
use crate::rules::texts::{self, Violation};

/// Largest quantity of an item: sums of quantities stay exact, in the store and in JSON.
const MOST_DEVICES: u64 = 1_000_000_000;

/// Checks a request. `customer` is the one with the e-mail address of the request.
pub(super) fn request(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<(), Error> {
    let mut violations =
        address::missing_parts(call.tenant, "billingAddress", &body.billing_address);
    if let Some(address) = &body.shipping_address {
        violations.extend(address::missing_parts(
            call.tenant,
            "shippingAddress",
            address,
        ));
    }
    violations.extend(quantities(call, body));
    let settings = &call.tenant.settings;
    violations.extend(fields::check(
        &settings.custom_fields,
        body.custom_fields.value(),
    )?);
    if let Some(fields) = body.custom_fields.value() {
        violations.extend(texts::custom_fields("customFields", fields));
    }
    if !violations.is_empty() {
        return Err(invalid_all(violations));
    }
    extension(call, body, customer)?;
    upgrade(call, body, customer)
}

fn quantities(call: &Call<'_, '_>, body: &OrderCreate) -> Vec<Violation> {
    let settings = &call.tenant.settings.orders;
    let least = settings.min_quantity.unwrap_or(1);
    let most = settings
        .max_quantity
        .unwrap_or(MOST_DEVICES)
        .min(MOST_DEVICES);
    let items = body.items.iter().enumerate();
    items
        .filter_map(|(index, item)| {
            let path = format!("items.{index}.quantity");
            if item.quantity < least {
                Some((path, "too_small", format!("must be at least {least}")))
            } else if item.quantity > most {
                Some((path, "too_big", format!("must be at most {most}")))
            } else {
                None
            }
        })
        .collect()
}

/// An extension names the order that it lengthens.
fn extension(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<(), Error> {
    let code = ErrorCode::OrderNotFound;
    let Some(details) = &body.extension_details else {
        return needed(body, OrderType::Extension, code, "extensionDetails");
    };
    let order = store::orders::find(call.tx, &details.original_order_id)?;
    if unknown(order.map(|order| order.customer_id), customer) {
        let path = "extensionDetails.originalOrderId";
        return Err(refuse_value(
            code,
            path,
            "must be an order of this customer",
        ));
    }
    Ok(())
}

/// An upgrade names the subscription that it ends.
fn upgrade(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<(), Error> {
    let code = ErrorCode::SubscriptionNotFound;
    let Some(details) = &body.upgrade_details else {
        return needed(body, OrderType::Upgrade, code, "upgradeDetails");
    };
    let rental = store::subscriptions::find(call.tx, &details.previous_rental_id)?;
    if unknown(rental.map(|rental| rental.customer_id), customer) {
        let path = "upgradeDetails.previousRentalId";
        let message = "must be a subscription of this customer";
        return Err(refuse_value(code, path, message));
    }
    let amount = details.previous_monthly_amount;
    call.minor("upgradeDetails.previousMonthlyAmount", amount)?;
    Ok(())
}

/// Refuses an order of this type without the details that say what it is about.
fn needed(body: &OrderCreate, of: OrderType, code: ErrorCode, path: &str) -> Result<(), Error> {
    if order_type(body) != of {
        return Ok(());
    }
    let message = format!("is required for an order of type `{of}`");
    Err(unfit(code, vec![(path.to_owned(), "required", message)]))
}

/// Whether a referenced record does not exist or belongs to somebody else, which is the same to
/// the caller: an upgrade must not end a stranger's subscription.
fn unknown(owner: Option<String>, customer: Option<&CustomerRow>) -> bool {
    owner.is_none() || owner.as_ref() != customer.map(|customer| &customer.id)
}
