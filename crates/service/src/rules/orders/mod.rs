//! Orders: what customers want, with the prices, costs, names and addresses of the moment.

use types::support::True;
use types::{OrderChanged, OrderNotesUpdate};

use crate::call::Call;
use crate::error::{Error, not_found};
use crate::rules::customers::wire::not_empty;

pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod fields;
pub(crate) mod filter;
pub(crate) mod lifecycle;
pub(crate) mod list;
pub(crate) mod pricing;
pub(crate) mod wire;

pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Order, Error> {
    let row = store::orders::find(call.tx, id)?;
    wire::order(call, row.ok_or_else(|| not_found("order"))?)
}

/// Replaces the notes, whatever status the order has.
pub(crate) fn replace_notes(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &OrderNotesUpdate,
) -> Result<OrderChanged, Error> {
    let (mut order, _) = lifecycle::lock(call, id)?;
    order.notes = not_empty(&body.notes);
    order.updated_at = call.now;
    store::orders::update(call.tx, &order)?;
    Ok(changed(order.id, "the notes are replaced"))
}

pub(crate) fn changed(order_id: String, message: &str) -> OrderChanged {
    OrderChanged {
        success: True,
        message: message.into(),
        order_id,
    }
}
