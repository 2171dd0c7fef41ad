//! What an order must fulfil beyond the schema: the tenant's settings, and references to known
//! orders and subscriptions. Everything that is wrong is reported at once.

use store::CustomerRow;
use types::{OrderCreate, OrderType};

use super::create::order_type;
use super::fields;
use crate::calendar::{self, RECORDED_YEARS};
use crate::call::Call;
use crate::customers::address;
use crate::error::{Error, invalid_all};
use crate::texts::{self, Violation};

/// Largest quantity of an item: sums of quantities stay exact, in the store and in JSON.
const MOST_DEVICES: u64 = 1_000_000_000;

/// Checks a request. `customer` is the one with the e-mail address of the request.
pub(super) fn request(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<(), Error> {
    let mut violations = names(body);
    violations.extend(address::missing_parts(
        call.tenant,
        "billingAddress",
        &body.billing_address,
    ));
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
    violations.extend(extension(call, body, customer)?);
    violations.extend(upgrade(call, body, customer)?);
    if violations.is_empty() {
        Ok(())
    } else {
        Err(invalid_all(violations))
    }
}

fn names(body: &OrderCreate) -> Vec<Violation> {
    let names = [
        ("customer.firstName", &body.customer.first_name),
        ("customer.lastName", &body.customer.last_name),
    ];
    let empty = names.into_iter().filter(|(_, name)| name.is_empty());
    let wrong = |(path, _): (&str, _)| (path.into(), "too_small", "must not be empty".into());
    empty.map(wrong).collect()
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

fn extension(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<Vec<Violation>, Error> {
    let Some(details) = &body.extension_details else {
        return Ok(needed(body, OrderType::Extension, "extensionDetails")
            .into_iter()
            .collect());
    };
    let mut violations = Vec::new();
    let order = store::orders::find(call.tx, &call.tenant.id, &details.original_order_id)?;
    let owner = order.map(|order| order.customer_id);
    if unknown(owner, customer) {
        let path = "extensionDetails.originalOrderId".into();
        violations.push((path, "custom", "must be an order of this customer".into()));
    }
    let dates = [
        ("previousEndDate", &details.previous_end_date),
        ("newEndDate", &details.new_end_date),
    ];
    for (name, text) in dates {
        let (code, message) = match calendar::parse_date(text, &call.tenant.zone) {
            None => (
                "invalid_string",
                "must be a date, as YYYY-MM-DD or RFC 3339".into(),
            ),
            Some(day) if !calendar::within_years(day, call.today(), RECORDED_YEARS) => (
                "custom",
                format!("must be at most {RECORDED_YEARS} years before or after today"),
            ),
            Some(_) => continue,
        };
        violations.push((format!("extensionDetails.{name}"), code, message));
    }
    Ok(violations)
}

fn upgrade(
    call: &mut Call<'_, '_>,
    body: &OrderCreate,
    customer: Option<&CustomerRow>,
) -> Result<Vec<Violation>, Error> {
    let Some(details) = &body.upgrade_details else {
        return Ok(needed(body, OrderType::Upgrade, "upgradeDetails")
            .into_iter()
            .collect());
    };
    let mut violations = Vec::new();
    if let Err(why) = call.tenant.currency.minor(details.previous_monthly_amount) {
        let path = "upgradeDetails.previousMonthlyAmount".into();
        violations.push((path, "custom", why.to_string()));
    }
    let rental = store::subscriptions::find(call.tx, &call.tenant.id, &details.previous_rental_id)?;
    if unknown(rental.map(|rental| rental.customer_id), customer) {
        let path = "upgradeDetails.previousRentalId".into();
        violations.push((
            path,
            "custom",
            "must be a subscription of this customer".into(),
        ));
    }
    Ok(violations)
}

/// The details that an order of this type cannot do without.
fn needed(body: &OrderCreate, of: OrderType, path: &str) -> Option<Violation> {
    let missing = order_type(body) == of;
    missing.then(|| {
        (
            path.into(),
            "required",
            format!("is required for an order of type `{of}`"),
        )
    })
}

/// Whether a referenced record does not exist or belongs to somebody else, which is the same to
/// the caller: an upgrade must not end a stranger's subscription.
fn unknown(owner: Option<String>, customer: Option<&CustomerRow>) -> bool {
    owner.is_none() || owner.as_ref() != customer.map(|customer| &customer.id)
}
