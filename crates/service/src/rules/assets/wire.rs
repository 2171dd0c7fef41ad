//! Assets between their stored and their wire form.

use jiff::civil::Date;
use store::AssetRow;
use types::{Asset, AssetStatus};

use crate::call::{Call, instant};
use crate::error::{Error, invalid};
use crate::rules::calendar;

/// An asset on the wire.
pub(super) fn asset(call: &Call<'_, '_>, row: AssetRow) -> Asset {
    Asset {
        serial_number: row.serial_number,
        tenant_id: row.tenant_id,
        product_id: Some(row.product_id),
        variant_id: Some(row.variant_id),
        product_image_url: row.product_image_url,
        sku: row.sku,
        product_name: row.product_name,
        status: wire_status(row.status).into(),
        customer_id: row.customer_id,
        rental_id: row.rental_id,
        location: row.location,
        acquisition_cost: row.acquisition_cost.map(|cost| call.major(cost)),
        acquisition_date: row.acquisition_date,
        condition: row.condition,
        notes: row.notes,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    }
}

/// A state as the store has it.
pub(super) fn stored_status(wire: AssetStatus) -> store::AssetStatus {
    match wire {
        AssetStatus::Available => store::AssetStatus::Available,
        AssetStatus::RentedOut => store::AssetStatus::RentedOut,
        AssetStatus::Returned => store::AssetStatus::Returned,
        AssetStatus::Sold => store::AssetStatus::Sold,
        AssetStatus::Unavailable => store::AssetStatus::Unavailable,
    }
}

fn wire_status(stored: store::AssetStatus) -> AssetStatus {
    match stored {
        store::AssetStatus::Available => AssetStatus::Available,
        store::AssetStatus::RentedOut => AssetStatus::RentedOut,
        store::AssetStatus::Returned => AssetStatus::Returned,
        store::AssetStatus::Sold => AssetStatus::Sold,
        store::AssetStatus::Unavailable => AssetStatus::Unavailable,
    }
}

/// The acquisition cost of a request, in minor units.
pub(super) fn cost(call: &Call<'_, '_>, major: Option<f64>) -> Result<Option<i64>, Error> {
    major
        .map(|major| call.minor("acquisitionCost", major))
        .transpose()
}

/// The acquisition date of a request, whose form and range the contract has checked.
pub(super) fn date(call: &Call<'_, '_>, text: Option<&str>) -> Result<Option<Date>, Error> {
    let Some(text) = text else { return Ok(None) };
    let day = calendar::parse_date(text, &call.tenant.zone);
    day.map(Some)
        .ok_or_else(|| invalid("acquisitionDate", "custom", "must be a date"))
}
