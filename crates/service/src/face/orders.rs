//! Orders as the contract has them.

use api::{
    CancelOrderRequest, CancelOrderResponse, ConfirmOrderRequest, ConfirmOrderResponse,
    CreateOrderRequest, CreateOrderResponse, GetOrderRequest, GetOrderResponse, ListOrdersRequest,
    ListOrdersResponse, OrdersApi, UpdateOrderNotesRequest, UpdateOrderNotesResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::orders::*;

impl OrdersApi for Service {
    async fn create_order(
        &self,
        context: Context,
        request: CreateOrderRequest,
    ) -> Result<CreateOrderResponse, Fault> {
        respond(
            self.write(context, move |call| create::create(call, &request.body))
                .await,
        )
    }

    async fn list_orders(
        &self,
        context: Context,
        request: ListOrdersRequest,
    ) -> Result<ListOrdersResponse, Fault> {
        respond(
            self.read(context, move |call| list::list(call, &request))
                .await,
        )
    }

    async fn get_order(
        &self,
        context: Context,
        request: GetOrderRequest,
    ) -> Result<GetOrderResponse, Fault> {
        respond(
            self.read(context, move |call| get(call, &request.order_id))
                .await,
        )
    }

    async fn update_order_notes(
        &self,
        context: Context,
        request: UpdateOrderNotesRequest,
    ) -> Result<UpdateOrderNotesResponse, Fault> {
        let resource = Resource::Order(request.order_id.clone());
        respond(
            self.change(context, resource, move |call| {
                replace_notes(call, &request.order_id, &request.body)
            })
            .await,
        )
    }

    async fn cancel_order(
        &self,
        context: Context,
        request: CancelOrderRequest,
    ) -> Result<CancelOrderResponse, Fault> {
        let CancelOrderRequest { order_id, body, .. } = request;
        let body = body.unwrap_or_default();
        let resource = Resource::Order(order_id.clone());
        respond(
            self.change(context, resource, move |call| {
                lifecycle::cancel(call, &order_id, &body)
            })
            .await,
        )
    }

    async fn confirm_order(
        &self,
        context: Context,
        request: ConfirmOrderRequest,
    ) -> Result<ConfirmOrderResponse, Fault> {
        let resource = Resource::Order(request.order_id.clone());
        respond(
            self.change(context, resource, move |call| {
                lifecycle::confirm(call, &request.order_id)
            })
            .await,
        )
    }
}
