//! Subscriptions: one rented device each, from the day it is handed out to the day the contract
//! ends, in one way or another.

use jiff::civil::Date;
use store::{CustomerRow, SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{ErrorCode, SubscriptionChanged, SubscriptionNotesUpdate};

use crate::call::Call;
use crate::error::{Error, invalid, not_found, refuse};
use crate::rules::calendar;
use crate::rules::customers::wire::not_empty;

pub(crate) mod buyout;
pub(crate) mod charges;
pub(crate) mod contract_end;
pub(crate) mod create;
pub(crate) mod early_return;
pub(crate) mod end;
pub(crate) mod extend;
pub(crate) mod list;
pub(crate) mod quotes;
pub(crate) mod recovery;
pub(crate) mod replace;
pub(crate) mod start;
pub(crate) mod upgrade;
pub(crate) mod wire;

pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Rental, Error> {
    let row = known(call, id)?;
    wire::rental(call, row)
}

/// Replaces the notes, whatever status the subscription has.
pub(crate) fn replace_notes(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionNotesUpdate,
) -> Result<SubscriptionChanged, Error> {
    let (mut rental, _) = lock(call, id)?;
    rental.notes = not_empty(&body.notes);
    rental.updated_at = call.now;
    store::subscriptions::update(call.tx, &rental)?;
    let message = "the notes are replaced".into();
    Ok(SubscriptionChanged {
        success: True,
        message,
        rental_id: rental.id,
    })
}

fn known(call: &mut Call<'_, '_>, id: &str) -> Result<SubscriptionRow, Error> {
    let row = store::subscriptions::find(call.tx, id)?;
    row.ok_or_else(|| not_found("subscription"))
}

/// A subscription, and its customer under the lock that serialises whatever decides over the
/// customer's status.
fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<(SubscriptionRow, CustomerRow), Error> {
    let rental = known(call, id)?;
    let customer = store::customers::lock(call.tx, &rental.customer_id)?;
    let customer = customer
        .ok_or_else(|| Error::Broken(format!("the customer of subscription `{id}` is gone")))?;
    // Read again: until the lock was taken, somebody else could change it.
    Ok((known(call, id)?, customer))
}

/// [`lock`], refused unless the subscription is active.
fn lock_active(call: &mut Call<'_, '_>, id: &str) -> Result<(SubscriptionRow, CustomerRow), Error> {
    let locked = lock(call, id)?;
    match locked.0.status {
        SubscriptionStatus::Active => Ok(locked),
        ended => Err(not_active(ended)),
    }
}

fn not_active(status: SubscriptionStatus) -> Error {
    refuse(
        ErrorCode::SubscriptionNotActive,
        format!("the subscription is `{status}`"),
    )
}

/// A body may repeat the id of the path, but name no other.
fn repeats_id(id: &str, given: Option<&str>) -> Result<(), Error> {
    match given {
        Some(given) if given != id => {
            Err(invalid("rentalId", "custom", "must be the id in the path"))
        }
        _ => Ok(()),
    }
}

/// A day that the contract leaves to the rules to read.
pub(crate) fn date(call: &Call<'_, '_>, path: &str, text: &str) -> Result<Date, Error> {
    calendar::parse_date(text, &call.tenant.zone).ok_or_else(|| {
        invalid(
            path,
            "invalid_string",
            "must be a date, as YYYY-MM-DD or RFC 3339",
        )
    })
}
