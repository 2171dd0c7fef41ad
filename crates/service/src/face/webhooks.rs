//! Webhook endpoints, and what is sent to them, as the contract has it.

use api::{
    CreateWebhookEndpointRequest, CreateWebhookEndpointResponse, DeleteWebhookEndpointRequest,
    DeleteWebhookEndpointResponse, ListWebhookDeliveriesRequest, ListWebhookDeliveriesResponse,
    ListWebhookEndpointsRequest, ListWebhookEndpointsResponse, PingWebhookEndpointRequest,
    PingWebhookEndpointResponse, RedeliverWebhookRequest, RedeliverWebhookResponse,
    RotateWebhookSecretRequest, RotateWebhookSecretResponse, WebhooksApi,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::serve::Service;
use crate::rules::webhooks::{deliveries, endpoints};

impl WebhooksApi for Service {
    async fn list_webhook_endpoints(
        &self,
        context: Context,
        request: ListWebhookEndpointsRequest,
    ) -> Result<ListWebhookEndpointsResponse, Fault> {
        respond(
            self.read(context, move |call| endpoints::list(call, &request))
                .await,
        )
    }

    async fn create_webhook_endpoint(
        &self,
        context: Context,
        request: CreateWebhookEndpointRequest,
    ) -> Result<CreateWebhookEndpointResponse, Fault> {
        let reach = self.webhook_reach();
        respond(
            self.write(context, move |call| {
                endpoints::create(call, &request.body, reach)
            })
            .await,
        )
    }

    async fn delete_webhook_endpoint(
        &self,
        context: Context,
        request: DeleteWebhookEndpointRequest,
    ) -> Result<DeleteWebhookEndpointResponse, Fault> {
        respond(
            self.write(context, move |call| {
                endpoints::delete(call, &request.endpoint_id)
            })
            .await,
        )
    }

    async fn rotate_webhook_secret(
        &self,
        context: Context,
        request: RotateWebhookSecretRequest,
    ) -> Result<RotateWebhookSecretResponse, Fault> {
        respond(
            self.write(context, move |call| {
                endpoints::rotate_secret(call, &request.endpoint_id, request.body.as_ref())
            })
            .await,
        )
    }

    async fn list_webhook_deliveries(
        &self,
        context: Context,
        request: ListWebhookDeliveriesRequest,
    ) -> Result<ListWebhookDeliveriesResponse, Fault> {
        respond(
            self.read(context, move |call| deliveries::list(call, &request))
                .await,
        )
    }

    async fn redeliver_webhook(
        &self,
        context: Context,
        request: RedeliverWebhookRequest,
    ) -> Result<RedeliverWebhookResponse, Fault> {
        respond(
            self.write(context, move |call| {
                deliveries::redeliver(call, &request.endpoint_id, &request.event_id)
            })
            .await,
        )
    }

    async fn ping_webhook_endpoint(
        &self,
        context: Context,
        request: PingWebhookEndpointRequest,
    ) -> Result<PingWebhookEndpointResponse, Fault> {
        respond(
            self.write(context, move |call| {
                deliveries::ping(call, &request.endpoint_id)
            })
            .await,
        )
    }
}
