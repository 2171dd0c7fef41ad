//! The list of customers: active ones, unless another status is asked for.

use api::ListCustomersRequest;
use store::customers::email_key;
use store::{CustomerFilter, CustomerStatus, Listing};
use types::{Customer, CustomerList, CustomerSort, CustomerStatusFilter};

use super::wire;
use crate::call::Call;
use crate::error::Error;
use crate::face::paging::Sorting;

pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListCustomersRequest,
) -> Result<CustomerList, Error> {
    let (sort, numeric) = sort(request.sort_by);
    let sorting = Sorting {
        list: "customers",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let filter = CustomerFilter {
        status: match request.status {
            CustomerStatusFilter::Active => Some(CustomerStatus::Active),
            CustomerStatusFilter::Inactive => Some(CustomerStatus::Inactive),
            CustomerStatusFilter::All => None,
        },
        customer_type: request.customer_type.map(wire::stored_type),
        email_key: request.email.as_deref().map(email_key),
        has_active_rentals: request.has_active_rentals,
        words: request.search.as_deref().map(store::customers::words),
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::customers::list(call.tx, &filter, &page)?;
    let customers = rows
        .into_iter()
        .map(|it| wire::to_wire(call, it.row, it.order_ids, it.rental_ids))
        .collect::<Result<Vec<Customer>, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(CustomerList {
        count: customers.len() as u64,
        customers,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// The column of a `sortBy` value, and whether it holds numbers.
fn sort(by: CustomerSort) -> (store::CustomerSort, bool) {
    match by {
        CustomerSort::CreatedAt => (store::CustomerSort::CreatedAt, true),
        CustomerSort::FirstName => (store::CustomerSort::FirstName, false),
        CustomerSort::LastName => (store::CustomerSort::LastName, false),
        CustomerSort::Email => (store::CustomerSort::Email, false),
        CustomerSort::TotalMonthlyRevenue => (store::CustomerSort::TotalMonthlyRevenue, true),
        CustomerSort::TotalDevicesRented => (store::CustomerSort::TotalDevicesRented, true),
    }
}
