//! updateAsset and deleteAsset: what may become of a device.

use std::str::FromStr as _;

use store::assets::serial_key;
use store::{AssetRow, AssetStatus, SubscriptionStatus};
use types::support::True;
use types::{AssetDeleted, AssetUpdate, AssetUpdated, ErrorCode};

use super::create::active_variant;
use super::wire;
use crate::call::Call;
use crate::error::{Error, invalid, not_found, refuse};
use crate::events::{Event, append};
use crate::rules::products::wire::picture;
use crate::rules::texts;

/// updateAsset.
pub(crate) fn update(
    call: &mut Call<'_, '_>,
    serial_number: &str,
    body: &AssetUpdate,
) -> Result<AssetUpdated, Error> {
    let serial_number = texts::trimmed(serial_number);
    if body
        .serial_number
        .as_deref()
        .is_some_and(|given| serial_key(texts::trimmed(given)) != serial_key(serial_number))
    {
        return Err(invalid(
            "serialNumber",
            "custom",
            "must be the one of the path",
        ));
    }
    let before = lock(call, serial_number)?;
    let mut asset = before.clone();
    apply_texts(call, &mut asset, body)?;
    let moved = apply_sku(call, &mut asset, body.sku.as_deref())?;
    let wanted = wanted_status(&before, body.status.as_deref())?;
    if moved || wanted.is_some() {
        check_not_rented(call, &before)?;
    }
    if let Some(status) = wanted {
        check_transition(before.status, status)?;
        asset.status = status;
        if status != AssetStatus::Sold {
            asset.customer_id = None;
            asset.rental_id = None;
        }
    }
    if asset != before {
        asset.updated_at = call.now;
        store::assets::update(call.tx, &asset)?;
    }
    if came_back(before.status, asset.status) {
        announce_return(call, &before)?;
    }
    let message = "the asset is updated".into();
    Ok(AssetUpdated {
        success: True,
        message,
        asset: wire::asset(call, asset),
    })
}

/// deleteAsset. On a device that is out of use already it changes nothing.
pub(crate) fn delete(call: &mut Call<'_, '_>, serial_number: &str) -> Result<AssetDeleted, Error> {
    let mut asset = lock(call, texts::trimmed(serial_number))?;
    if asset.status == AssetStatus::RentedOut {
        return Err(in_use(&asset));
    }
    if asset.status != AssetStatus::Unavailable {
        asset.status = AssetStatus::Unavailable;
        asset.customer_id = None;
        asset.rental_id = None;
        asset.updated_at = call.now;
        store::assets::update(call.tx, &asset)?;
    }
    let message = "the asset is out of use".into();
    Ok(AssetDeleted {
        success: True,
        message,
        serial_number: asset.serial_number,
    })
}

/// The asset and its holder, locked: a return may be what stands between a customer and its
/// deletion, so both must see one order of events.
fn lock(call: &mut Call<'_, '_>, serial_number: &str) -> Result<AssetRow, Error> {
    let asset = store::assets::lock_with_holder(call.tx, serial_number)?;
    asset.ok_or_else(|| not_found("asset"))
}

fn apply_texts(call: &Call<'_, '_>, asset: &mut AssetRow, body: &AssetUpdate) -> Result<(), Error> {
    let texts = [
        (&mut asset.location, &body.location),
        (&mut asset.condition, &body.condition),
        (&mut asset.notes, &body.notes),
    ];
    for (stored, given) in texts {
        if given.is_some() {
            stored.clone_from(given);
        }
    }
    if let Some(cost) = wire::cost(call, body.acquisition_cost)? {
        asset.acquisition_cost = Some(cost);
    }
    if let Some(date) = wire::date(call, body.acquisition_date.as_deref())? {
        asset.acquisition_date = Some(date);
    }
    Ok(())
}

/// Makes the device one of another variant; `false` when it stays what it is.
fn apply_sku(
    call: &mut Call<'_, '_>,
    asset: &mut AssetRow,
    sku: Option<&str>,
) -> Result<bool, Error> {
    let Some(sku) = sku.map(texts::trimmed).filter(|sku| *sku != asset.sku) else {
        return Ok(false);
    };
    let found = active_variant(call, sku)?;
    asset.product_image_url = picture(&found)?;
    asset.sku = found.variant.variant_sku;
    asset.product_id = found.variant.product_id;
    asset.variant_id = found.variant.id;
    asset.product_name = found.variant.name;
    Ok(true)
}

/// The state to change to; `None` when it stays as it is.
fn wanted_status(asset: &AssetRow, given: Option<&str>) -> Result<Option<AssetStatus>, Error> {
    let Some(text) = given else { return Ok(None) };
    let status = types::AssetStatus::from_str(text).map_err(|_| {
        refuse(
            ErrorCode::InvalidStatus,
            "there is no such state of an asset",
        )
    })?;
    let status = wire::stored_status(status);
    Ok((status != asset.status).then_some(status))
}

/// Refuses while the subscription that the device is rented under is active.
fn check_not_rented(call: &mut Call<'_, '_>, asset: &AssetRow) -> Result<(), Error> {
    let (AssetStatus::RentedOut, Some(rental)) = (asset.status, &asset.rental_id) else {
        return Ok(());
    };
    match store::subscriptions::find(call.tx, rental)? {
        Some(rental) if rental.status == SubscriptionStatus::Active => Err(in_use(asset)),
        Some(_) => Ok(()),
        None => Err(Error::Broken(format!(
            "asset `{}` has no subscription",
            asset.serial_number
        ))),
    }
}

/// Refuses what cannot be recorded by hand. The subscription of a rented device has ended.
fn check_transition(from: AssetStatus, to: AssetStatus) -> Result<(), Error> {
    use AssetStatus::{Available, RentedOut, Returned, Sold, Unavailable};
    let allowed = match from {
        RentedOut => matches!(to, Returned | Available | Unavailable | Sold),
        Returned => matches!(to, Available | Unavailable | Sold),
        Unavailable => matches!(to, Available | Returned),
        Available => matches!(to, Unavailable | Sold),
        Sold => false,
    };
    if allowed {
        return Ok(());
    }
    let message = format!("an asset that is `{from}` cannot be set to `{to}`");
    Err(refuse(ErrorCode::InvalidStatus, message))
}

fn came_back(from: AssetStatus, to: AssetStatus) -> bool {
    from == AssetStatus::RentedOut && matches!(to, AssetStatus::Returned | AssetStatus::Available)
}

fn announce_return(call: &mut Call<'_, '_>, before: &AssetRow) -> Result<(), Error> {
    let mut ids = vec![("serialNumber", before.serial_number.as_str())];
    if let Some(rental) = &before.rental_id {
        ids.push(("subscriptionId", rental));
    }
    if let Some(customer) = &before.customer_id {
        ids.push(("customerId", customer));
    }
    append(call, Event::AssetReturned, &ids)
}

fn in_use(asset: &AssetRow) -> Error {
    let message = format!("the asset `{}` is rented out", asset.serial_number);
    refuse(ErrorCode::AssetInUse, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::AssetStatus::{Available, RentedOut, Returned, Sold, Unavailable};

    #[test]
    fn only_the_changes_of_the_table_can_be_recorded() {
        let allowed = [
            (RentedOut, Returned),
            (RentedOut, Available),
            (RentedOut, Unavailable),
            (RentedOut, Sold),
            (Returned, Available),
            (Returned, Unavailable),
            (Returned, Sold),
            (Unavailable, Available),
            (Unavailable, Returned),
            (Available, Unavailable),
            (Available, Sold),
        ];
        for from in AssetStatus::ALL {
            for to in AssetStatus::ALL.iter().filter(|to| *to != from) {
                let expected = allowed.contains(&(*from, *to));
                assert_eq!(
                    check_transition(*from, *to).is_ok(),
                    expected,
                    "{from} to {to}"
                );
            }
        }
    }

    #[test]
    fn a_device_comes_back_when_it_is_returned_or_available_again() {
        let back: Vec<_> = AssetStatus::ALL
            .iter()
            .filter(|to| came_back(RentedOut, **to))
            .collect();
        assert_eq!(back, [&Available, &Returned]);
        assert!(!came_back(Returned, Available));
    }
}
