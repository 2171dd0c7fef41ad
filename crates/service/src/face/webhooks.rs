//! Webhook endpoints as the contract has them.

use api::{
    CreateWebhookEndpointRequest, CreateWebhookEndpointResponse, DeleteWebhookEndpointRequest,
    DeleteWebhookEndpointResponse, ListWebhookEndpointsRequest, ListWebhookEndpointsResponse,
    WebhooksApi,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::serve::Service;
use crate::rules::webhooks::endpoints;

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
}
