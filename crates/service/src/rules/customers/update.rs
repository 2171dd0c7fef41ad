//! Changing a customer: its profile, and its status under the rules of deletion.

use store::customers::email_key;
use store::{CustomerRow, Json, Unique};
use types::support::True;
use types::{CustomerStatus, CustomerUpdate, CustomerUpdated, ErrorCode};

use super::{address, deactivate, wire};
use crate::call::Call;
use crate::error::{Error, invalid_all, not_found, refuse};
use crate::events::{self, Event};
use crate::rules::texts;

/// Changes what `body` names. A refusal undoes everything, because it ends the transaction.
pub(crate) fn update(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &CustomerUpdate,
) -> Result<CustomerUpdated, Error> {
    check(call, id, body)?;
    let row = store::customers::lock(call.tx, id)?;
    let before = row.ok_or_else(|| not_found("customer"))?;

    let mut after = before.clone();
    change_profile(&mut after, body)?;
    if after != before {
        after.updated_at = call.now;
        store::customers::update_profile(call.tx, &before, &after).map_err(email_in_use)?;
    }
    match body.status {
        Some(CustomerStatus::Inactive) => deactivate::deactivate(call, id)?,
        Some(CustomerStatus::Active) => reactivate(call, id)?,
        None => {}
    }

    let row = store::customers::find(call.tx, id)?;
    let row = row.ok_or_else(|| Error::Broken(format!("customer `{id}` went while locked")))?;
    Ok(CustomerUpdated {
        success: True,
        message: "the customer is updated".into(),
        customer_id: id.into(),
        customer: wire::customer(call, row)?,
    })
}

/// What the schema cannot check.
fn check(call: &Call<'_, '_>, id: &str, body: &CustomerUpdate) -> Result<(), Error> {
    let mut violations = Vec::new();
    if body.customer_id.as_ref().is_some_and(|given| given != id) {
        violations.push((
            "customerId".into(),
            "custom",
            "must be the id in the path".into(),
        ));
    }
    if let Some(fields) = &body.custom_fields {
        violations.extend(texts::custom_fields("customFields", fields));
    }
    let addresses = [
        ("billingAddress", &body.billing_address),
        ("shippingAddress", &body.shipping_address),
    ];
    for (path, given) in addresses {
        if let Some(given) = given {
            violations.extend(address::missing_parts(call.tenant, path, given));
        }
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(invalid_all(violations))
    }
}

fn change_profile(row: &mut CustomerRow, body: &CustomerUpdate) -> Result<(), Error> {
    if let Some(email) = &body.email {
        row.email = email.trim().into();
        row.email_key = email_key(email);
    }
    if let Some(name) = &body.first_name {
        row.first_name.clone_from(name);
    }
    if let Some(name) = &body.last_name {
        row.last_name.clone_from(name);
    }
    if let Some(company) = &body.company {
        row.company = wire::not_empty(company);
    }
    if let Some(phone) = &body.phone {
        row.phone = wire::not_empty(phone);
    }
    if let Some(customer_type) = body.customer_type {
        row.customer_type = wire::stored_type(customer_type);
    }
    if let Some(fields) = &body.custom_fields {
        row.custom_fields = Some(Json::of(fields)?);
    }
    if let Some(address) = &body.billing_address {
        row.billing_address = Some(Json::of(address)?);
    }
    if let Some(address) = &body.shipping_address {
        row.shipping_address = Some(Json::of(address)?);
    }
    Ok(())
}

fn reactivate(call: &mut Call<'_, '_>, id: &str) -> Result<(), Error> {
    if store::customers::reactivate(call.tx, id, call.now)? {
        events::append(call, Event::CustomerReactivated, &[("customerId", id)])?;
    }
    Ok(())
}

fn email_in_use(error: store::Error) -> Error {
    match error {
        store::Error::Duplicate(Unique::CustomerEmail) => refuse(
            ErrorCode::EmailInUse,
            "another customer already has this e-mail address",
        ),
        error => error.into(),
    }
}
