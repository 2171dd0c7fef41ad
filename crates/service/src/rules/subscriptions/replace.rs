//! Exchange of a damaged, stolen, defective or lost device for one like it.

use store::{AssetStatus, Json};
use types::support::True;
use types::{ErrorCode, RentalReplacement, SubscriptionReplace, SubscriptionReplaced};

use super::create::{asset_not_found, is_available};
use super::end::device_of;
use super::start::hand_out;
use super::{lock_active, repeats_id, wire};
use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::rules::texts;

/// Swaps the device. Terms, price and payments stay.
pub(crate) fn replace(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionReplace,
) -> Result<SubscriptionReplaced, Error> {
    repeats_id(id, body.rental_id.as_deref())?;
    let (mut rental, _) = lock_active(call, id)?;
    let serial_number = texts::trimmed(&body.new_serial_number);
    let asset = store::assets::lock(call.tx, serial_number)?;
    let mut new = asset.ok_or_else(asset_not_found)?;
    let sku = body
        .new_sku
        .as_deref()
        .map_or(rental.sku.as_str(), texts::trimmed);
    if new.sku != sku || new.product_id != rental.product_id {
        let message = format!("the asset is not a variant `{sku}` of the rented product");
        return Err(refuse(ErrorCode::SkuMismatch, message));
    }
    is_available(&new)?;

    let mut old = device_of(call, &rental)?;
    old.status = AssetStatus::Unavailable;
    old.customer_id = None;
    old.rental_id = None;
    old.updated_at = call.now;
    store::assets::update(call.tx, &old)?;

    let entry = RentalReplacement {
        old_serial_number: old.serial_number.clone(),
        new_serial_number: new.serial_number.clone(),
        reason: body.replacement_reason.into(),
        damage_assessment: body.damage_assessment.clone(),
        insurance_claim: Some(body.insurance_claim.unwrap_or(false)),
        notes: body.notes.clone(),
        replaced_at: instant(call.now),
        replaced_by: wire::actor(call),
    };
    let mut history: Vec<RentalReplacement> = rental.replacement_history.read()?;
    history.push(entry);
    rental.replacement_history = Json::of(&history)?;
    rental.serial_number.clone_from(&new.serial_number);
    rental.updated_at = call.now;
    store::subscriptions::update(call.tx, &rental)?;
    hand_out(call, &mut new, &rental)?;
    Ok(SubscriptionReplaced {
        success: True,
        message: "the device is replaced".into(),
        rental_id: rental.id,
        old_serial_number: old.serial_number,
        new_serial_number: new.serial_number,
        reason: body.replacement_reason.into(),
    })
}
