//! Orders: what customers want, with the prices, costs, names and addresses of the moment.

use api::{
    CancelOrderRequest, CancelOrderResponse, ConfirmOrderRequest, ConfirmOrderResponse,
    CreateOrderRequest, CreateOrderResponse, GetOrderRequest, GetOrderResponse, ListOrdersRequest,
    ListOrdersResponse, OrdersApi, UpdateOrderNotesRequest, UpdateOrderNotesResponse,
};
use types::support::True;
use types::{OrderChanged, OrderNotesUpdate};

use crate::call::{Call, Context};
use crate::customers::wire::not_empty;
use crate::error::{Error, Fault, answer, not_found};
use crate::serve::Service;

mod check;
mod create;
pub(crate) mod fields;
mod filter;
mod lifecycle;
mod list;
pub(crate) mod pricing;
pub(crate) mod wire;

impl OrdersApi for Service {
    async fn create_order(
        &self,
        context: Context,
        request: CreateOrderRequest,
    ) -> Result<CreateOrderResponse, Fault> {
        let outcome = self
            .write(context, move |call| create::create(call, &request.body))
            .await;
        answer(
            outcome,
            CreateOrderResponse::Created,
            CreateOrderResponse::from_error,
        )
    }

    async fn list_orders(
        &self,
        context: Context,
        request: ListOrdersRequest,
    ) -> Result<ListOrdersResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::list(call, &request))
            .await;
        answer(
            outcome,
            ListOrdersResponse::Ok,
            ListOrdersResponse::from_error,
        )
    }

    async fn get_order(
        &self,
        context: Context,
        request: GetOrderRequest,
    ) -> Result<GetOrderResponse, Fault> {
        let outcome = self
            .read(context, move |call| get(call, &request.order_id))
            .await;
        answer(outcome, GetOrderResponse::Ok, GetOrderResponse::from_error)
    }

    async fn update_order_notes(
        &self,
        context: Context,
        request: UpdateOrderNotesRequest,
    ) -> Result<UpdateOrderNotesResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                replace_notes(call, &request.order_id, &request.body)
            })
            .await;
        answer(
            outcome,
            UpdateOrderNotesResponse::Ok,
            UpdateOrderNotesResponse::from_error,
        )
    }

    async fn cancel_order(
        &self,
        context: Context,
        request: CancelOrderRequest,
    ) -> Result<CancelOrderResponse, Fault> {
        let CancelOrderRequest { order_id, body, .. } = request;
        let body = body.unwrap_or_default();
        let outcome = self
            .write(context, move |call| {
                lifecycle::cancel(call, &order_id, &body)
            })
            .await;
        answer(
            outcome,
            CancelOrderResponse::Ok,
            CancelOrderResponse::from_error,
        )
    }

    async fn confirm_order(
        &self,
        context: Context,
        request: ConfirmOrderRequest,
    ) -> Result<ConfirmOrderResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                lifecycle::confirm(call, &request.order_id)
            })
            .await;
        answer(
            outcome,
            ConfirmOrderResponse::Ok,
            ConfirmOrderResponse::from_error,
        )
    }
}

fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Order, Error> {
    let row = store::orders::find(call.tx, &call.tenant.id, id)?;
    wire::order(call, row.ok_or_else(|| not_found("order"))?)
}

/// Replaces the notes, whatever status the order has.
fn replace_notes(
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

fn changed(order_id: String, message: &str) -> OrderChanged {
    OrderChanged {
        success: True,
        message: message.into(),
        order_id,
    }
}
