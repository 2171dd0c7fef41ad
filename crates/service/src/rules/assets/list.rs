//! Reading assets, whatever state they are in.

use api::ListAssetsRequest;
use store::{AssetFilter, Listing};
use types::{Asset, AssetList, AssetSort};

use super::wire;
use crate::call::Call;
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;
use crate::rules::texts;

/// getAsset.
pub(crate) fn get(call: &mut Call<'_, '_>, serial_number: &str) -> Result<Asset, Error> {
    let found = store::assets::find(call.tx, texts::trimmed(serial_number))?;
    Ok(wire::asset(call, found.ok_or_else(|| not_found("asset"))?))
}

/// listAssets.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListAssetsRequest,
) -> Result<AssetList, Error> {
    let (sort, numeric) = match request.sort_by {
        AssetSort::CreatedAt => (store::AssetSort::CreatedAt, true),
        AssetSort::UpdatedAt => (store::AssetSort::UpdatedAt, true),
        AssetSort::SerialNumber => (store::AssetSort::SerialNumber, false),
        AssetSort::Status => (store::AssetSort::Status, false),
        AssetSort::Sku => (store::AssetSort::Sku, false),
    };
    let sorting = Sorting {
        list: "assets",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let filter = AssetFilter {
        status: request.status.map(wire::stored_status),
        sku: request
            .sku
            .as_deref()
            .map(texts::trimmed)
            .map(str::to_owned),
        customer_id: request.customer_id.clone(),
        rental_id: request.rental_id.clone(),
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::assets::list(call.tx, &filter, &page)?;
    let assets: Vec<Asset> = rows.into_iter().map(|row| wire::asset(call, row)).collect();
    let next_cursor = sorting.cursor(next);
    Ok(AssetList {
        count: assets.len() as u64,
        assets,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}
