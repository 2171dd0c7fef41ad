//! Webhooks: endpoints, and what is sent to them, in which order and how often.

mod endpoints;
mod history;
mod pings;
mod redelivery;
mod secrets;
mod sending;

use contract_webhooks::{Receiver, sign};
use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use service::Service;
use service::webhooks::{Attempt, Delivery, Outcome};
use store::WebhookDeliveryState;

use crate::suite::support::{Answer, App, TENANT};

const URL: &str = "https://hooks.example.com/flexportal";

impl App {
    /// An endpoint of the test's tenant: (id, secret).
    async fn endpoint(&self, events: &[&str]) -> (String, String) {
        let body = json!({ "url": URL, "events": events });
        let answer = self.post("/v1/webhook-endpoints", body).await;
        answer.is(201);
        (answer.text("/endpointId"), answer.text("/secret"))
    }

    /// An order of a new customer.
    async fn order_of(&self, email: &str) -> String {
        if self.get("/v1/products/variants?sku=SKU").await.is(200)["count"] == 0 {
            self.variant("SKU").await;
        }
        self.order(email, "SKU", 1).await.0
    }

    /// What is told of the deliveries to an endpoint, newest first.
    async fn deliveries(&self, endpoint: &str) -> Vec<Value> {
        let path = format!("/v1/webhook-endpoints/{endpoint}/deliveries");
        let answer = self.get(&path).await;
        let deliveries = answer.is(200)["deliveries"].as_array();
        deliveries.expect("deliveries").clone()
    }

    /// Asks for what happens below an endpoint, without a body.
    async fn act_on(&self, endpoint: &str, action: &str) -> Answer {
        let path = format!("/v1/webhook-endpoints/{endpoint}/{action}");
        self.json(Method::POST, &path, None).await
    }

    /// Moves the clock to an instant.
    fn wait_until(&self, at: Timestamp) {
        self.advance(at.duration_since(self.clock().now()));
    }

    async fn endpoint_ids(&self) -> Vec<String> {
        let answer = self.get("/v1/webhook-endpoints").await;
        let endpoints = answer.is(200)["endpoints"].as_array().expect("endpoints");
        let id = |it: &Value| it["endpointId"].as_str().expect("an id").to_owned();
        endpoints.iter().map(id).collect()
    }

    /// How often each delivery of the test's tenant was tried, and what has become of it, in the order of events.
    async fn states(&self) -> Vec<(i64, WebhookDeliveryState)> {
        let rows = self
            .service
            .store()
            .read_in(&TENANT.into(), |tx| {
                store::webhooks::deliveries::of_tenant(tx)
            })
            .await
            .expect("deliveries are readable");
        rows.into_iter().map(|it| (it.attempts, it.state)).collect()
    }
}

/// What is to be sent now, to whichever endpoint.
async fn claim(service: &Service) -> Vec<Delivery> {
    service
        .fan_out_events()
        .await
        .expect("events are looked at");
    let mut claimed = vec![];
    for queue in service.due_deliveries().await.expect("a look") {
        claimed.extend(service.claim_deliveries(&queue, 10).await.expect("a claim"));
    }
    claimed
}

async fn record(service: &Service, delivery: &Delivery, attempt: Attempt) -> Outcome {
    let recorded = service.record_delivery(delivery, attempt).await;
    recorded.expect("it can be written down")
}

/// A generated receiver reads what is sent, if it knows `secret`.
fn receive(delivery: &Delivery, secret: &str) -> Option<types::Webhook> {
    let bytes = delivery.body.as_bytes();
    let signed = sign(&delivery.secrets, &delivery.id, delivery.at, bytes).expect("signed");
    let receiver = Receiver::new(secret.parse().expect("a secret"));
    let received = receiver.receive(&signed.headers()[..], bytes, delivery.at);
    let received: contract_webhooks::Received<types::Webhook> = received.ok()?;
    assert_eq!(received.delivery.id, delivery.id);
    Some(received.event)
}

/// An instant of an answer.
fn at(value: &Value) -> Timestamp {
    let text = value.as_str().expect("an instant");
    text.parse().expect("an instant")
}

fn event(delivery: &Delivery) -> String {
    let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
    body["event"].as_str().expect("an event").to_owned()
}

const DOWN: Attempt = Attempt::Unanswered("no connection");
const RECEIVED: Attempt = Attempt::Answered(204);
