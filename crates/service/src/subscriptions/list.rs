//! The list of subscriptions, in every status.

use api::ListSubscriptionsRequest;
use store::{Listing, Page, SubscriptionFilter, SubscriptionSort};
use types::{RentalList, RentalSort};

use super::{date, wire};
use crate::call::Call;
use crate::error::Error;
use crate::paging::{Sorting, page_size};

pub(super) fn list(
    call: &mut Call<'_, '_>,
    request: &ListSubscriptionsRequest,
) -> Result<RentalList, Error> {
    let day = |path: &str, text: &Option<String>| {
        text.as_deref()
            .map(|text| date(call, path, text))
            .transpose()
    };
    let filter = SubscriptionFilter {
        status: request.status.map(wire::stored_status),
        customer_id: request.customer_id.clone(),
        order_id: request.order_id.clone(),
        serial_number: request.serial_number.clone(),
        sku: request.sku.clone(),
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
    let page = Page {
        sort,
        descending: sorting.descending(),
        after: sorting.position(request.start_after.as_deref())?,
        limit: page_size(request.limit),
    };
    let Listing { rows, next } =
        store::subscriptions::list(call.tx, &call.tenant.id, &filter, &page)?;
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
