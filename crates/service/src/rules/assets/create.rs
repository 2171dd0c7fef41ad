//! createAsset: a device comes into stock.

use std::str::FromStr as _;

use store::{AssetRow, AssetStatus, VariantOfProduct, VariantStatus};
use types::support::True;
use types::{AssetCreate, AssetCreated, ErrorCode};

use super::{imei, wire};
use crate::call::Call;
use crate::error::{Error, invalid, refuse};
use crate::rules::products::wire::picture;
use crate::rules::texts;

/// createAsset.
pub(crate) fn create(call: &mut Call<'_, '_>, body: &AssetCreate) -> Result<AssetCreated, Error> {
    let acquisition_cost = wire::cost(call, body.acquisition_cost)?;
    let acquisition_date = wire::date(call, body.acquisition_date.as_deref())?;

    let serial_number = texts::key("serialNumber", &body.serial_number)?;
    if store::assets::find(call.tx, serial_number)?.is_some() {
        let message = format!("an asset with the serial number `{serial_number}` exists already");
        return Err(refuse(ErrorCode::AssetExists, message));
    }
    let variant = active_variant(call, &body.sku)?;
    let status = first_status(body.status.as_deref())?;
    check_serial_number(call, serial_number, &variant.category)?;

    let row = AssetRow {
        tenant_id: call.tenant.id.to_string(),
        serial_number: serial_number.to_owned(),
        product_image_url: picture(&variant)?,
        sku: variant.variant.variant_sku,
        product_id: variant.variant.product_id,
        variant_id: variant.variant.id,
        product_name: variant.variant.name,
        status,
        customer_id: None,
        rental_id: None,
        location: body.location.clone(),
        notes: body.notes.clone(),
        acquisition_cost,
        acquisition_date: Some(acquisition_date.unwrap_or_else(|| call.today())),
        condition: body.condition.clone(),
        created_at: call.now,
        updated_at: call.now,
    };
    store::assets::insert(call.tx, &row)?;
    let message = "the asset is in stock".into();
    Ok(AssetCreated {
        success: True,
        message,
        asset: wire::asset(call, row),
    })
}

/// The variant of a SKU that devices may be of.
pub(super) fn active_variant(
    call: &mut Call<'_, '_>,
    sku: &str,
) -> Result<VariantOfProduct, Error> {
    let sku = texts::trimmed(sku);
    let Some(found) = store::variants::find_by_sku(call.tx, sku)? else {
        let message = format!("there is no variant with the SKU `{sku}`");
        return Err(refuse(ErrorCode::VariantNotFound, message));
    };
    if found.variant.status != VariantStatus::Active {
        let message = format!("the variant `{sku}` is inactive");
        return Err(refuse(ErrorCode::VariantInactive, message));
    }
    Ok(found)
}

fn first_status(given: Option<&str>) -> Result<AssetStatus, Error> {
    use types::AssetStatus::{Available, Returned, Unavailable};
    let Some(text) = given else {
        return Ok(AssetStatus::Available);
    };
    match types::AssetStatus::from_str(text) {
        Ok(status @ (Available | Returned | Unavailable)) => Ok(wire::stored_status(status)),
        _ => Err(refuse(
            ErrorCode::InvalidStatus,
            "a new asset must be `available`, `returned` or `unavailable`",
        )),
    }
}

/// Some categories demand an IMEI.
fn check_serial_number(
    call: &Call<'_, '_>,
    serial_number: &str,
    category: &str,
) -> Result<(), Error> {
    let demanding = &call.tenant.settings.assets.imei_categories;
    let category = category.trim().to_lowercase();
    let demanded = demanding
        .iter()
        .any(|name| name.trim().to_lowercase() == category);
    if demanded && !imei::is_imei(serial_number) {
        let message = "must be an IMEI: 15 digits, the last of them the check digit";
        return Err(invalid("serialNumber", "invalid_string", message));
    }
    Ok(())
}
