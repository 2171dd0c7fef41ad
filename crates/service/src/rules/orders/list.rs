//! The list of orders.

use api::ListOrdersRequest;
use store::{Listing, OrderFilter, OrderStatus};
use types::{Order, OrderList, OrderSort};

use super::{filter, wire};
use crate::call::Call;
use crate::error::Error;
use crate::face::paging::Sorting;

pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListOrdersRequest,
) -> Result<OrderList, Error> {
    let (sort, numeric) = sort(request.sort_by);
    let sorting = Sorting {
        list: "orders",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let filter = OrderFilter {
        status: request.status.map(stored_status),
        customer_id: request.customer_id.clone(),
        custom_fields: filter::custom_fields(call, request)?,
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::orders::list(call.tx, &filter, &page)?;
    let orders = rows
        .into_iter()
        .map(|order| wire::to_wire(call, order.row, order.items, order.rentals))
        .collect::<Result<Vec<Order>, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(OrderList {
        count: orders.len() as u64,
        orders,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

fn stored_status(status: types::OrderStatus) -> OrderStatus {
    match status {
        types::OrderStatus::Pending => OrderStatus::Pending,
        types::OrderStatus::Confirmed => OrderStatus::Confirmed,
        types::OrderStatus::Partial => OrderStatus::Partial,
        types::OrderStatus::Fulfilled => OrderStatus::Fulfilled,
        types::OrderStatus::Cancelled => OrderStatus::Cancelled,
    }
}

/// The column of a `sortBy` value, and whether it holds numbers.
fn sort(by: OrderSort) -> (store::OrderSort, bool) {
    match by {
        OrderSort::CreatedAt => (store::OrderSort::CreatedAt, true),
        OrderSort::UpdatedAt => (store::OrderSort::UpdatedAt, true),
        OrderSort::OrderId => (store::OrderSort::OrderId, false),
        OrderSort::Status => (store::OrderSort::Status, false),
        OrderSort::TotalsTotal => (store::OrderSort::Total, true),
    }
}
