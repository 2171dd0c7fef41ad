//! Webhooks: endpoints, and what is sent to them, in which order and how often.

use contract_webhooks::{Receiver, Secret, sign};
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service::Service;
use service::webhooks::{Attempt, Delivery, Outcome};
use store::WebhookDeliveryState;

use crate::suite::support::{App, TENANT};

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
            .read(|tx| store::webhooks::deliveries::of_tenant(tx, TENANT))
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

fn event(delivery: &Delivery) -> String {
    let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
    body["event"].as_str().expect("an event").to_owned()
}

const DOWN: Attempt = Attempt::Unanswered("no connection");
const RECEIVED: Attempt = Attempt::Answered(204);

#[tokio::test]
async fn an_endpoint_is_created_with_a_secret_that_is_shown_once() {
    let app = App::start().await;
    let events = ["order.created", "customer.deactivated", "order.created"];
    let body = json!({ "url": URL, "events": events });
    let created = app.post("/v1/webhook-endpoints", body).await;
    let id = created.text("/endpointId");
    assert!(id.starts_with("whk_"), "{id}");
    assert!(created.text("/secret").parse::<Secret>().is_ok());
    let endpoint = json!({
        "endpointId": id, "tenantId": TENANT, "url": URL,
        "events": ["order.created", "customer.deactivated"],
        "createdBy": created.body["endpoint"]["createdBy"],
        "createdAt": created.body["endpoint"]["createdAt"],
    });
    assert_eq!(created.is(201)["endpoint"], endpoint);

    let listed = app.get("/v1/webhook-endpoints").await;
    let expected = json!({
        "success": true, "endpoints": [endpoint], "count": 1, "limit": 50, "hasMore": false, "nextCursor": null
    });
    assert_eq!(listed.is(200), &expected);
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_makes_one_endpoint_and_shows_the_same_secret() {
    let app = App::start().await;
    let authorization = format!("Bearer {}", app.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
        ("content-type", "application/json"),
        ("idempotency-key", "k1"),
    ];
    let body = json!({ "url": URL, "events": ["order.created"] }).to_string();
    let mut answers = vec![];
    for _ in 0..2 {
        let answer = app
            .send(
                Method::POST,
                "/v1/webhook-endpoints",
                &headers,
                body.clone(),
            )
            .await;
        answers.push(answer.is(201).clone());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(app.endpoint_ids().await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn urls_that_nothing_may_be_sent_to_are_refused() {
    let app = App::start().await;
    for url in [
        "hooks.example.com",
        "http://hooks.example.com",
        "https://user:password@hooks.example.com",
        "https://hooks.example.com/#part",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
    ] {
        let body = json!({ "url": url, "events": ["order.created"] });
        let answer = app.post("/v1/webhook-endpoints", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "url", "{url}");
    }
    let long = format!("https://hooks.example.com/{}", "a".repeat(2048));
    for (body, path) in [
        (json!({ "url": long, "events": ["order.created"] }), "url"),
        (json!({ "url": URL, "events": [] }), "events"),
        (json!({ "url": URL, "events": ["order.eaten"] }), "events.0"),
        (json!({ "url": URL }), "events"),
    ] {
        let answer = app.post("/v1/webhook-endpoints", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, path);
    }
    assert!(app.endpoint_ids().await.is_empty());
    app.service.allow_private_webhooks();
    let body = json!({ "url": "http://127.0.0.1:9/", "events": ["order.created"] });
    app.post("/v1/webhook-endpoints", body).await.is(201);
    app.finish().await;
}

#[tokio::test]
async fn endpoints_are_listed_page_by_page_newest_first() {
    let app = App::start().await;
    let mut made = vec![];
    for _ in 0..3 {
        made.push(app.endpoint(&["order.created"]).await.0);
    }
    made.reverse();
    assert_eq!(app.endpoint_ids().await, made);
    let first = app.get("/v1/webhook-endpoints?limit=2").await;
    assert_eq!(first.is(200)["hasMore"], true);
    let cursor = first.text("/nextCursor");
    let second = app
        .get(&format!(
            "/v1/webhook-endpoints?limit=2&startAfter={cursor}"
        ))
        .await;
    assert_eq!(second.is(200)["endpoints"][0]["endpointId"], *made[2]);
    assert_eq!(second.body["count"], 1);
    let other = format!("/v1/customers?startAfter={cursor}");
    app.get(&other).await.refused(400, "INVALID_CURSOR");
    app.finish().await;
}

#[tokio::test]
async fn a_deleted_endpoint_is_unknown_and_gets_nothing_more() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 1);
    let path = format!("/v1/webhook-endpoints/{id}");
    assert_eq!(app.delete(&path).await.is(200)["endpointId"], *id);
    app.delete(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(
        record(&app.service, &claimed[0], DOWN).await,
        Outcome::Overtaken
    );
    app.order_of("bob@example.com").await;
    app.advance_days(1);
    assert!(claim(&app.service).await.is_empty());
    assert!(app.states().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn tenants_and_permissions_are_kept_apart() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    let path = format!("/v1/webhook-endpoints/{id}");
    let other = app.other_tenant("bu_other").await;
    let list = "/v1/webhook-endpoints";
    let as_other =
        async |method, path, body| app.json_as(&other, "bu_other", method, path, body).await;
    let listed = as_other(Method::GET, list, None).await;
    assert_eq!(listed.is(200)["count"], 0);
    as_other(Method::DELETE, path.as_str(), None)
        .await
        .refused(404, "NOT_FOUND");
    let body = json!({ "url": URL, "events": ["order.created"] });
    as_other(Method::POST, list, Some(body.clone()))
        .await
        .is(201);

    // Only the endpoint of the tenant gets its events.
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].queue().endpoint(), id);

    let reader = app.key_with(&["webhooks:read"]).await;
    let as_reader =
        async |method, path, body| app.json_as(&reader, TENANT, method, path, body).await;
    as_reader(Method::GET, list, None).await.is(200);
    for (method, path, body) in [
        (Method::POST, list, Some(body)),
        (Method::DELETE, path.as_str(), None),
    ] {
        as_reader(method, path, body)
            .await
            .refused(403, "INSUFFICIENT_PERMISSIONS");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_endpoint_gets_the_events_that_it_names_from_its_creation_on() {
    let app = App::start().await;
    app.order_of("early@example.com").await;
    let (_, secret) = app.endpoint(&["order.created"]).await;
    app.endpoint(&["customer.deactivated"]).await;
    let order = app.order_of("ada@example.com").await;

    let claimed = claim(&app.service).await;
    assert_eq!(
        claimed.len(),
        1,
        "neither what came before, nor other events"
    );
    let delivery = &claimed[0];
    let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
    assert_eq!(body["event"], "order.created");
    assert_eq!(body["data"]["orderId"], *order);
    let read = app.get(&format!("/v1/orders/{order}")).await;
    assert_eq!(body["timestamp"], read.is(200)["createdAt"]);

    // A receiver that was generated from the contract reads it.
    let bytes = delivery.body.as_bytes();
    let signed = sign(&delivery.secrets, &delivery.id, delivery.at, bytes).expect("signed");
    let receiver = Receiver::new(secret.parse().expect("a secret"));
    let received = receiver
        .receive::<types::Webhook>(&signed.headers()[..], bytes, delivery.at)
        .expect("it is what the contract says");
    assert!(delivery.id.starts_with("evt_"));
    assert_eq!(received.delivery.id, delivery.id);

    assert!(claim(&app.service).await.is_empty(), "it is being sent");
    assert_eq!(
        record(&app.service, delivery, RECEIVED).await,
        Outcome::Delivered
    );
    app.advance_days(2);
    assert!(claim(&app.service).await.is_empty(), "it was received");
    assert_eq!(app.states().await, [(1, WebhookDeliveryState::Succeeded)]);
    app.finish().await;
}

#[tokio::test]
async fn two_endpoints_get_an_event_under_one_id() {
    let app = App::start().await;
    let (_, first) = app.endpoint(&["order.created"]).await;
    let (_, second) = app.endpoint(&["order.created", "order.fulfilled"]).await;
    assert_ne!(first, second);
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 2);
    assert_eq!(claimed[0].id, claimed[1].id);
    assert_eq!(claimed[0].body, claimed[1].body);
    // One of them is down; the other one does not wait for it.
    record(&app.service, &claimed[0], DOWN).await;
    record(&app.service, &claimed[1], RECEIVED).await;
    app.order_of("bob@example.com").await;
    assert_eq!(claim(&app.service).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn events_of_a_resource_wait_for_the_earlier_one() {
    let app = App::start().await;
    app.endpoint(&["order.created", "order.fulfilled"]).await;
    app.renting("ada@example.com", "A1").await;
    app.order_of("bob@example.com").await;
    let kinds: Vec<String> = app.event_kinds().await;
    assert!(kinds.contains(&"order.fulfilled".to_owned()));

    let claimed = claim(&app.service).await;
    let events: Vec<String> = claimed.iter().map(event).collect();
    assert_eq!(
        events,
        ["order.created", "order.created"],
        "one of each order"
    );
    record(&app.service, &claimed[0], DOWN).await;
    record(&app.service, &claimed[1], RECEIVED).await;
    assert!(claim(&app.service).await.is_empty());

    app.advance(SignedDuration::from_secs(5));
    let again = claim(&app.service).await;
    assert_eq!(again.len(), 1);
    assert_eq!(
        (&again[0].id, &again[0].body),
        (&claimed[0].id, &claimed[0].body)
    );
    assert!(claim(&app.service).await.is_empty(), "it still waits");
    record(&app.service, &again[0], RECEIVED).await;
    let next = claim(&app.service).await;
    let events: Vec<String> = next.iter().map(event).collect();
    assert_eq!(events, ["order.fulfilled"]);
    assert_ne!(next[0].id, claimed[0].id);
    app.finish().await;
}

#[tokio::test]
async fn whatever_is_not_2xx_is_tried_again_after_longer_and_longer_waits() {
    let app = App::start().await;
    app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let mut ids = vec![];
    for (attempt, wait) in [
        (Attempt::Answered(500), 5),
        (Attempt::Answered(302), 30),
        (Attempt::Answered(404), 300),
        (Attempt::Answered(199), 1800),
        (DOWN, 7200),
    ] {
        let claimed = claim(&app.service).await;
        assert_eq!(claimed.len(), 1, "before {attempt:?}");
        ids.push(claimed[0].id.clone());
        assert_eq!(
            record(&app.service, &claimed[0], attempt).await,
            Outcome::PutOff
        );
        app.advance(SignedDuration::from_secs(wait - 1));
        assert!(claim(&app.service).await.is_empty(), "before {wait} s");
        app.advance(SignedDuration::from_secs(1));
    }
    let claimed = claim(&app.service).await;
    ids.push(claimed[0].id.clone());
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    record(&app.service, &claimed[0], Attempt::Answered(299)).await;
    assert_eq!(app.states().await, [(6, WebhookDeliveryState::Succeeded)]);
    app.finish().await;
}

#[tokio::test]
async fn after_a_day_it_is_given_up_and_the_next_event_is_sent() {
    let app = App::start().await;
    app.endpoint(&["order.created", "order.fulfilled"]).await;
    app.renting("ada@example.com", "A1").await;
    let start = app.clock().now();
    let mut tries = 0;
    loop {
        let claimed = claim(&app.service).await;
        if claimed.is_empty() {
            app.advance(SignedDuration::from_mins(10));
            continue;
        }
        assert_eq!(event(&claimed[0]), "order.created");
        tries += 1;
        if record(&app.service, &claimed[0], DOWN).await == Outcome::GivenUp {
            break;
        }
    }
    let hours = app.clock().now().duration_since(start).as_hours();
    assert_eq!(hours, 24);
    assert!(tries > 5, "{tries}");
    let next = claim(&app.service).await;
    assert_eq!(event(&next[0]), "order.fulfilled");
    // It has a day of its own.
    assert_eq!(record(&app.service, &next[0], DOWN).await, Outcome::PutOff);
    let states: Vec<_> = app.states().await.into_iter().map(|it| it.1).collect();
    let expected = [WebhookDeliveryState::Failed, WebhookDeliveryState::Pending];
    assert_eq!(states, expected);
    app.finish().await;
}

#[tokio::test]
async fn what_a_process_left_behind_is_sent_by_another_one() {
    let app = App::start().await;
    app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let beside = app.beside().await;
    let lost = claim(&app.service).await;
    assert_eq!(lost.len(), 1);
    assert!(claim(&beside.service).await.is_empty(), "it is being sent");
    app.advance(SignedDuration::from_secs(60));
    let again = claim(&beside.service).await;
    assert_eq!((again.len(), &again[0].id), (1, &lost[0].id));
    // The first one was not gone, only slow: what it heard counts if it is good news.
    assert_eq!(
        record(&app.service, &lost[0], DOWN).await,
        Outcome::Overtaken
    );
    assert_eq!(
        record(&app.service, &lost[0], RECEIVED).await,
        Outcome::Delivered
    );
    assert_eq!(
        record(&beside.service, &again[0], DOWN).await,
        Outcome::Overtaken
    );
    assert_eq!(app.states().await, [(2, WebhookDeliveryState::Succeeded)]);
    beside.finish().await;
    app.finish().await;
}

/// Two processes look at the same events, and claim the same deliveries, while events are written.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_claimed_once_whoever_looks() {
    let app = App::start().await;
    app.endpoint(&["order.created", "customer.deactivated"])
        .await;
    app.variant("V").await;
    let beside = app.beside().await;
    let writing = async {
        for index in 0..40 {
            app.order(&format!("c{index}@example.com"), "V", 1).await;
        }
    };
    let receiving = async |service: &Service| {
        let mut received = vec![];
        for _ in 0..60 {
            for delivery in claim(service).await {
                record(service, &delivery, RECEIVED).await;
                received.push(delivery.id);
            }
        }
        received
    };
    let ((), first, second) =
        tokio::join!(writing, receiving(&app.service), receiving(&beside.service));
    let mut received = [first, second].concat();
    loop {
        let rest = claim(&app.service).await;
        if rest.is_empty() {
            break;
        }
        for delivery in rest {
            record(&app.service, &delivery, RECEIVED).await;
            received.push(delivery.id);
        }
    }
    received.sort();
    let count = received.len();
    received.dedup();
    assert_eq!((received.len(), count), (40, 40));
    beside.finish().await;
    app.finish().await;
}
