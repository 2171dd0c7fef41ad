//! The operations by which the demo is filled.

use api::{
    AssetsApi as _, BillingGroupsApi as _, CancelOrderRequest, CancelOrderResponse,
    CancelSubscriptionRequest, CancelSubscriptionResponse, ConfirmOrderRequest,
    ConfirmOrderResponse, CreateAssetRequest, CreateAssetResponse, CreateBillingGroupRequest,
    CreateBillingGroupResponse, CreateOrderRequest, CreateOrderResponse, CreateProductRequest,
    CreateProductResponse, CreateSubscriptionRequest, CreateSubscriptionResponse,
    CreateWebhookEndpointRequest, CreateWebhookEndpointResponse, FilesApi as _,
    GenerateContractRequest, GenerateContractResponse, OrdersApi as _, PingWebhookEndpointRequest,
    PingWebhookEndpointResponse, ProductsApi as _, SubscriptionsApi as _, WebhooksApi as _,
};
use jiff::civil::Date;
use serde_json::{Value, json};
use types::support::{Wire, decode};

use crate::call::Context;
use crate::face::serve::Service;
use crate::rules::webhooks::deliver::Attempt;

/// A variant for 12 and 24 months.
pub(super) fn variant(
    sku: &str,
    name: &str,
    grade: &str,
    [list, cost]: [f64; 2],
    [for_12, for_24]: [f64; 2],
) -> Value {
    json!({
        "variantSku": sku, "variantName": name, "grade": grade, "condition": "new", "colorName": "black",
        "listPrice": list, "acquisitionCost": cost,
        "pricing": [
            { "contractLength": 12, "monthlyPrice": for_12, "setupFee": 19 },
            { "contractLength": 24, "monthlyPrice": for_24 }
        ]
    })
}

/// An order of a private customer.
pub(super) fn person(email: &str, [first, last]: [&str; 2], sku: &str, quantity: usize) -> Value {
    json!({
        "customer": { "email": email, "firstName": first, "lastName": last },
        "billingAddress": {
            "contactName": format!("{first} {last}"),
            "streetAddress": "Hufelandstraße 12", "city": "Berlin", "postalCode": "10407", "country": "DE"
        },
        "items": [{ "sku": sku, "quantity": quantity, "contractLength": 24 }]
    })
}

/// Calls operations as the demo's key.
pub(super) struct Filling {
    service: Service,
    context: Context,
}

/// Calls an operation and takes the body of its success, or says what was answered instead.
macro_rules! done {
    ($answer:expr, $success:pat => $value:expr) => {
        match $answer.await {
            Ok($success) => Ok($value),
            Ok(other) => Err(format!("the demo was refused: {other:?}")),
            Err(fault) => Err(fault.to_string()),
        }
    };
}

impl Filling {
    pub(super) fn new(service: Service, context: Context) -> Filling {
        Filling { service, context }
    }

    pub(super) async fn product(
        &self,
        sku: &str,
        name: &str,
        specification: &str,
        variants: Value,
    ) -> Result<(), String> {
        let body = body(json!({
            "productSku": sku, "name": name, "specification": specification,
            "category": "mobile", "brand": "Nordlicht", "variants": variants
        }))?;
        let request = CreateProductRequest { body };
        let answer = self.service.create_product(self.context.clone(), request);
        done!(answer, CreateProductResponse::Created(_) => ())
    }

    pub(super) async fn asset(&self, serial: &str, sku: &str) -> Result<(), String> {
        let body = body(json!({ "serialNumber": serial, "sku": sku }))?;
        let request = CreateAssetRequest { body };
        let answer = self.service.create_asset(self.context.clone(), request);
        done!(answer, CreateAssetResponse::Created(_) => ())
    }

    /// (order id, customer id)
    pub(super) async fn order(&self, order: Value) -> Result<(String, String), String> {
        let request = CreateOrderRequest { body: body(order)? };
        let answer = self.service.create_order(self.context.clone(), request);
        done!(answer, CreateOrderResponse::Created(made) => (made.order_id, made.order.customer.customer_id))
    }

    pub(super) async fn confirm(&self, order: &str) -> Result<(), String> {
        let request = ConfirmOrderRequest {
            order_id: order.into(),
        };
        let answer = self.service.confirm_order(self.context.clone(), request);
        done!(answer, ConfirmOrderResponse::Ok(_) => ())
    }

    pub(super) async fn cancel(&self, order: &str) -> Result<(), String> {
        let body = body(json!({ "reason": "changed his mind" }))?;
        let request = CancelOrderRequest {
            order_id: order.into(),
            body: Some(body),
        };
        let answer = self.service.cancel_order(self.context.clone(), request);
        done!(answer, CancelOrderResponse::Ok(_) => ())
    }

    /// The subscription's id.
    pub(super) async fn subscribe(
        &self,
        order: &str,
        customer: &str,
        serial: &str,
        start: Date,
    ) -> Result<String, String> {
        let body = body(json!({
            "orderId": order, "customerId": customer, "assetSerialNumber": serial,
            "startDate": start.to_string()
        }))?;
        let request = CreateSubscriptionRequest { body };
        let answer = self
            .service
            .create_subscription(self.context.clone(), request);
        done!(answer, CreateSubscriptionResponse::Created(made) => made.rental_id)
    }

    pub(super) async fn contract(&self, order: &str) -> Result<(), String> {
        let body = body(json!({ "orderId": order }))?;
        let request = GenerateContractRequest { body };
        let answer = self
            .service
            .generate_contract(self.context.clone(), request);
        done!(answer, GenerateContractResponse::Created(_) => ())
    }

    pub(super) async fn group(
        &self,
        customer: &str,
        name: &str,
        rentals: &[String],
    ) -> Result<(), String> {
        let body = body(json!({
            "customerId": customer, "groupName": name, "billingDay": 15, "rentalIds": rentals,
            "notes": "One invoice for the whole team"
        }))?;
        let request = CreateBillingGroupRequest { body };
        let answer = self
            .service
            .create_billing_group(self.context.clone(), request);
        done!(answer, CreateBillingGroupResponse::Created(_) => ())
    }

    /// The endpoint's id.
    pub(super) async fn webhook_endpoint(
        &self,
        url: &str,
        events: &[&str],
    ) -> Result<String, String> {
        let body = body(json!({ "url": url, "events": events }))?;
        let request = CreateWebhookEndpointRequest { body };
        let answer = self
            .service
            .create_webhook_endpoint(self.context.clone(), request);
        done!(answer, CreateWebhookEndpointResponse::Created(made) => made.endpoint_id)
    }

    /// A ping that the endpoint has received.
    pub(super) async fn ping(&self, endpoint: &str) -> Result<(), String> {
        let request = PingWebhookEndpointRequest {
            endpoint_id: endpoint.into(),
        };
        let answer = self
            .service
            .ping_webhook_endpoint(self.context.clone(), request);
        done!(answer, PingWebhookEndpointResponse::Ok(_) => ())?;
        let queues = self.service.due_deliveries().await;
        for queue in queues.map_err(super::text)? {
            let claimed = self.service.claim_deliveries(&queue, 1).await;
            for delivery in claimed.map_err(super::text)? {
                let received = self
                    .service
                    .record_delivery(&delivery, Attempt::Answered(204));
                received.await.map_err(super::text)?;
            }
        }
        Ok(())
    }

    pub(super) async fn cancel_subscription(&self, rental: &str) -> Result<(), String> {
        let body = body(json!({ "reason": "customer_request" }))?;
        let request = CancelSubscriptionRequest {
            subscription_id: rental.into(),
            body,
        };
        let answer = self
            .service
            .cancel_subscription(self.context.clone(), request);
        done!(answer, CancelSubscriptionResponse::Ok(_) => ())
    }
}

/// A body of the contract, from JSON.
fn body<T: Wire>(value: Value) -> Result<T, String> {
    decode(value.to_string().as_bytes())
        .map_err(|error| format!("the demo violates the contract: {error:?}"))
}
