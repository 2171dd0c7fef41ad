//! The list of subscriptions, in every status.

use api::ListSubscriptionsRequest;
use store::{Listing, SubscriptionFilter, SubscriptionSort};
use types::{RentalList, RentalSort};

use super::{date, wire};
use crate::call::Call;
use crate::error::Error;
use crate::face::paging::Sorting;
use crate::rules::texts;

pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListSubscriptionsRequest,
) -> Result<RentalList, Error> {
    let serial_number = stored_serial_number(call, request.serial_number.as_deref())?;
    let day = |path: &str, text: &Option<String>| {
        text.as_deref()
            .map(|text| date(call, path, text))
            .transpose()
    };
    let filter = SubscriptionFilter {
        status: request.status.map(wire::stored_status),
        customer_id: request.customer_id.clone(),
        order_id: request.order_id.clone(),
        serial_number,
        sku: request
            .sku
            .as_deref()
            .map(texts::trimmed)
            .map(str::to_owned),
        end_date_from: day("endDateFrom", &request.end_date_from)?,
        end_date_to: day("endDateTo", &request.end_date_to)?,
    };
    let (sort, numeric) = sort(request.sort_by);
    let sorting = Sorting {
        list: "subscriptions",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::subscriptions::list(call.tx, &filter, &page)?;
    let rentals = wire::rentals(call, rows)?;
    let next_cursor = sorting.cursor(next);
    Ok(RentalList {
        count: rentals.len() as u64,
        rentals,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// A serial number as its device has it. One that no device has stays what it is: nothing is found.
fn stored_serial_number(
    call: &mut Call<'_, '_>,
    given: Option<&str>,
) -> Result<Option<String>, Error> {
    let Some(given) = given.map(texts::trimmed) else {
        return Ok(None);
    };
    let asset = store::assets::find(call.tx, given)?;
    Ok(Some(
        asset.map_or_else(|| given.to_owned(), |it| it.serial_number),
    ))
}

/// The column of a `sortBy` value, and whether it holds numbers.
fn sort(by: RentalSort) -> (SubscriptionSort, bool) {
    match by {
        RentalSort::CreatedAt => (SubscriptionSort::CreatedAt, true),
        RentalSort::UpdatedAt => (SubscriptionSort::UpdatedAt, true),
        RentalSort::StartDate => (SubscriptionSort::StartDate, false),
        RentalSort::EndDate => (SubscriptionSort::EndDate, false),
        RentalSort::MonthlyAmount => (SubscriptionSort::MonthlyAmount, true),
        RentalSort::Status => (SubscriptionSort::Status, false),
    }
}
