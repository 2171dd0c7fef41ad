//! `Idempotency-Key` on every write that the contract has: done once, answered alike, and refused for anything else.

use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::products_csv::HEADER;
use super::repeats::replayed;
use crate::suite::support::{Answer, App, ORGANISATION_KEY, TENANT, declaring, order_body, strike};

/// A write: who sends it, and what.
struct Write {
    organisation: bool,
    method: Method,
    path: String,
    content_type: &'static str,
    body: String,
}

fn write(method: Method, path: impl Into<String>, body: Value) -> Write {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    Write {
        organisation: false,
        method,
        path: path.into(),
        content_type: "application/json",
        body,
    }
}

fn administer(method: Method, path: impl Into<String>, body: Value) -> Write {
    Write {
        organisation: true,
        ..write(method, path, body)
    }
}

fn import(csv: String) -> Write {
    Write {
        content_type: "text/csv",
        body: csv,
        ..write(Method::POST, "/v1/products/csv", Value::Null)
    }
}

impl Write {
    /// Sends it under a key; `query` makes another request of the same operation of it.
    async fn send(&self, app: &App, key: &str, query: &str) -> Answer {
        let bearer = match self.organisation {
            true => format!("Bearer {ORGANISATION_KEY}"),
            false => format!("Bearer {}", app.key),
        };
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("content-type", self.content_type),
            ("idempotency-key", key),
        ];
        if !self.organisation {
            headers.push(("tenant-id", TENANT));
        }
        let path = format!("{}{query}", self.path);
        app.send(self.method.clone(), &path, &headers, self.body.clone())
            .await
    }
}

const TODAY: &str = "2026-03-10";

/// Every write that takes a key, each of which succeeds, one after the other.
async fn every_write(app: &App) -> Vec<Write> {
    let product = format!("/v1/products/{}", app.variant("SKU").await);
    let variant = app
        .get("/v1/products/variants")
        .await
        .text("/variants/0/variantId");
    let (post, put, patch, delete) = (Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let (ready, ada) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&ready).await;
    let (placed, _) = app.order("bob@example.com", "SKU", 1).await;
    let placed = format!("/v1/orders/{placed}");
    for serial in ["FREE", "SPARE", "NEW", "OLD"] {
        app.asset(serial, "SKU").await;
    }
    let mut all = Vec::new();
    for (action, start, body) in [
        (
            "extend",
            TODAY,
            json!({ "extensionMonths": 1, "reason": "r" }),
        ),
        (
            "replace",
            TODAY,
            json!({ "newSerialNumber": "SPARE", "replacementReason": "lost" }),
        ),
        (
            "upgrade",
            TODAY,
            json!({
                "newSku": "SKU", "newSerialNumber": "NEW", "contractLength": 24,
                "newMonthlyAmount": 40, "reason": "r"
            }),
        ),
        ("buyout", TODAY, json!({ "reason": "other" })),
        (
            "early-return",
            TODAY,
            json!({ "returnCondition": "good", "reason": "r" }),
        ),
        ("cancel", TODAY, json!({ "reason": "other" })),
        ("complete", "2025-03-10", json!({})),
    ] {
        let rental = app.contract_of(action, start).await;
        all.push(write(post.clone(), format!("{rental}/{action}"), body));
    }
    let rental = app.contract_of("firm", TODAY).await;
    let payment = app.payment_of(&rental).await;
    let customer = app.get(&rental).await.text("/customerId");
    let business = json!({ "customerType": "business" });
    app.put(&format!("/v1/customers/{customer}"), business)
        .await
        .is(200);
    let id = rental.rsplit('/').next().expect("an id").to_owned();
    let waived = app.contract_of("waived", TODAY).await;
    let waived = app.payment_of(&waived).await;
    let group =
        json!({ "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": [id] });
    let grouped = app.post("/v1/billing-groups", group.clone()).await;
    let old_group = format!(
        "/v1/billing-groups/{}",
        grouped.text("/billingGroup/billingGroupId")
    );
    let file = app.contract(&ready).await;
    let endpoint = json!({ "url": "https://hooks.example.com/", "events": ["order.created"] });
    let hook = app.post("/v1/webhook-endpoints", endpoint.clone()).await;
    let hook = format!("/v1/webhook-endpoints/{}", hook.text("/endpointId"));
    // What was sent to it.
    app.order("cid@example.com", "SKU", 1).await;
    app.service
        .fan_out_events()
        .await
        .expect("events are looked at");
    let deliveries = app.get(&format!("{hook}/deliveries")).await;
    let event = deliveries.text("/deliveries/0/eventId");
    let other = json!({
        "productSku": "P", "name": "N", "specification": "S", "category": "c", "brand": "B",
        "variants": [{ "variantSku": "V", "variantName": "VN", "grade": "A",
                       "pricing": [{ "contractLength": 12, "monthlyPrice": 10 }] }]
    });
    let inactive = app.customer("gone@example.com").await;
    let idle = format!("/v1/products/{}", app.variant("IDLE").await);
    let new = json!({ "orderId": ready, "customerId": ada, "assetSerialNumber": "FREE" });
    let keys = format!("/v1/tenants/{TENANT}/api-keys");
    let made = app.key_with(&["orders:read"]).await;
    let key_id = format!("key_{}", made.split('_').nth(1).unwrap_or_default());
    all.extend([
        write(
            post.clone(),
            "/v1/orders",
            order_body("new@example.com", "SKU", 1),
        ),
        write(
            patch.clone(),
            format!("{placed}/notes"),
            json!({ "notes": "n" }),
        ),
        write(post.clone(), format!("{placed}/confirm"), Value::Null),
        write(
            post.clone(),
            format!("{placed}/cancel"),
            json!({ "reason": "r" }),
        ),
        write(post.clone(), "/v1/subscriptions", new),
        write(
            patch.clone(),
            format!("{rental}/notes"),
            json!({ "notes": "n" }),
        ),
        write(
            post.clone(),
            format!("{payment}/record-attempt"),
            json!({ "status": "failed" }),
        ),
        write(post.clone(), format!("{payment}/mark-paid"), json!({})),
        write(
            post.clone(),
            format!("{waived}/cancel"),
            json!({ "reason": "r" }),
        ),
        write(patch.clone(), &*old_group, json!({ "billingDay": 2 })),
        write(delete.clone(), &*old_group, Value::Null),
        write(post.clone(), "/v1/billing-groups", group),
        write(
            put.clone(),
            format!("/v1/customers/{ada}"),
            json!({ "phone": "1" }),
        ),
        write(
            delete.clone(),
            format!("/v1/customers/{inactive}"),
            Value::Null,
        ),
        write(
            post.clone(),
            "/v1/assets",
            json!({ "serialNumber": "X", "sku": "SKU" }),
        ),
        write(put.clone(), "/v1/assets/OLD", json!({ "notes": "n" })),
        write(delete.clone(), "/v1/assets/OLD", Value::Null),
        write(post.clone(), "/v1/products", other),
        write(put, &*product, json!({ "brand": "b" })),
        write(
            patch.clone(),
            format!("/v1/products/variants/{variant}/status"),
            json!({ "status": "active" }),
        ),
        write(delete.clone(), idle, Value::Null),
        import(format!("{HEADER}\nN,Q,c,B,S,,,W,9,9,,10,,\n")),
        write(
            post.clone(),
            "/v1/files/contracts/generate",
            json!({ "orderId": ready }),
        ),
        write(delete.clone(), format!("/v1/files/{file}"), Value::Null),
        write(
            patch,
            "/v1/settings",
            json!({ "taxes": { "vatNumber": "DE1" } }),
        ),
        write(post.clone(), "/v1/webhook-endpoints", endpoint),
        write(post.clone(), format!("{hook}/ping"), Value::Null),
        write(post.clone(), format!("{hook}/rotate-secret"), Value::Null),
        write(
            post.clone(),
            format!("{hook}/deliveries/{event}/redeliver"),
            Value::Null,
        ),
        write(delete.clone(), hook, Value::Null),
        administer(
            post.clone(),
            "/v1/tenants",
            json!({ "name": "N", "currency": "EUR", "country": "DE" }),
        ),
        administer(post, &*keys, json!({ "name": "k" })),
        administer(delete, format!("{keys}/{key_id}"), Value::Null),
    ]);
    all
}

/// What an answer says without the secret of a key, which is shown once.
fn said(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("apiKey");
    }
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_write_is_done_once_under_its_key_and_for_nothing_else() {
    let app = App::start().await;
    let beside = app.beside().await;
    let mut left = declaring("Idempotency-Key");
    for write in every_write(&app).await {
        let what = format!("{} {}", write.method, write.path);
        strike(&mut left, &write.method, &write.path);
        // At the same moment, each on a server of its own.
        let (one, other) = tokio::join!(write.send(&app, "k", ""), write.send(&beside, "k", ""));
        assert!(one.status.is_success(), "{what}: {}", one.body);
        assert_eq!(
            (other.status, said(&other)),
            (one.status, said(&one)),
            "{what}"
        );
        assert_ne!(replayed(&one), replayed(&other), "{what}");
        let events = app.events().await;
        let again = write.send(&beside, "k", "").await;
        assert_eq!(
            (again.status, said(&again)),
            (one.status, said(&one)),
            "{what}"
        );
        assert!(replayed(&again), "{what}");
        let another = write.send(&app, "k", "?other=1").await;
        another.refused(409, "IDEMPOTENCY_KEY_REUSED");
        assert!(!replayed(&another), "{what}");
        assert_eq!(app.events().await, events, "{what}");
    }
    assert!(left.is_empty(), "not tried: {left:?}");
    beside.finish().await;
    app.finish().await;
}

/// Every write that takes a key, each refused by a rule.
fn every_refusal(order: &str) -> Vec<(Write, u16, &'static str)> {
    let (post, put, patch, delete) = (Method::POST, Method::PUT, Method::PATCH, Method::DELETE);
    let product = json!({
        "productSku": "P", "name": "N", "specification": "S", "category": "c", "brand": "B",
        "variants": [{ "variantSku": "V", "variantName": "VN", "grade": "A",
                       "pricing": [{ "contractLength": 121, "monthlyPrice": 10 }] }]
    });
    let mut all = vec![
        (
            write(
                post.clone(),
                "/v1/orders",
                order_body("a@example.com", "NONE", 1),
            ),
            400,
            "VARIANT_NOT_FOUND",
        ),
        (
            write(
                post.clone(),
                "/v1/subscriptions",
                json!({ "orderId": "o", "customerId": "c", "assetSerialNumber": "s" }),
            ),
            400,
            "ORDER_NOT_FOUND",
        ),
        (
            write(
                post.clone(),
                "/v1/billing-groups",
                json!({ "customerId": "c", "groupName": "g", "billingDay": 1, "rentalIds": ["s"] }),
            ),
            400,
            "CUSTOMER_NOT_FOUND",
        ),
        (
            write(
                post.clone(),
                "/v1/assets",
                json!({ "serialNumber": "A", "sku": "NONE" }),
            ),
            400,
            "VARIANT_NOT_FOUND",
        ),
        (
            write(post.clone(), "/v1/products", product),
            400,
            "INVALID_PRICING",
        ),
        (import("nonsense".into()), 400, "INVALID_CSV"),
        (
            write(
                post.clone(),
                "/v1/files/contracts/generate",
                json!({ "orderId": "o" }),
            ),
            400,
            "ORDER_NOT_FOUND",
        ),
        (
            write(
                post.clone(),
                "/v1/files/contracts/generate",
                json!({ "orderId": order, "contractType": "lease" }),
            ),
            400,
            "TEMPLATE_NOT_FOUND",
        ),
        (
            write(
                patch.clone(),
                "/v1/settings",
                json!({ "general": { "currency": "USD" } }),
            ),
            400,
            "VALIDATION_ERROR",
        ),
        (
            write(
                post.clone(),
                "/v1/webhook-endpoints",
                json!({ "url": "https://127.0.0.1/", "events": ["order.created"] }),
            ),
            400,
            "VALIDATION_ERROR",
        ),
        (
            administer(
                post.clone(),
                "/v1/tenants",
                json!({ "name": "N", "currency": "EUX", "country": "DE" }),
            ),
            400,
            "VALIDATION_ERROR",
        ),
    ];
    for (method, path, body) in [
        (patch.clone(), "/v1/orders/x/notes", json!({ "notes": "n" })),
        (post.clone(), "/v1/orders/x/confirm", Value::Null),
        (post.clone(), "/v1/orders/x/cancel", json!({})),
        (
            post.clone(),
            "/v1/subscriptions/x/extend",
            json!({ "extensionMonths": 1, "reason": "r" }),
        ),
        (
            post.clone(),
            "/v1/subscriptions/x/replace",
            json!({ "newSerialNumber": "S", "replacementReason": "lost" }),
        ),
        (
            post.clone(),
            "/v1/subscriptions/x/upgrade",
            json!({
                "newSku": "S", "newSerialNumber": "N", "contractLength": 24, "newMonthlyAmount": 4,
                "reason": "r"
            }),
        ),
        (
            post.clone(),
            "/v1/subscriptions/x/buyout",
            json!({ "reason": "other" }),
        ),
        (
            post.clone(),
            "/v1/subscriptions/x/early-return",
            json!({ "returnCondition": "good", "reason": "r" }),
        ),
        (
            post.clone(),
            "/v1/subscriptions/x/cancel",
            json!({ "reason": "other" }),
        ),
        (post.clone(), "/v1/subscriptions/x/complete", json!({})),
        (
            patch.clone(),
            "/v1/subscriptions/x/notes",
            json!({ "notes": "n" }),
        ),
        (post.clone(), "/v1/payments/x/mark-paid", json!({})),
        (
            post.clone(),
            "/v1/payments/x/cancel",
            json!({ "reason": "r" }),
        ),
        (
            post.clone(),
            "/v1/payments/x/record-attempt",
            json!({ "status": "failed" }),
        ),
        (patch.clone(), "/v1/billing-groups/x", json!({})),
        (delete.clone(), "/v1/billing-groups/x", Value::Null),
        (put.clone(), "/v1/customers/x", json!({})),
        (delete.clone(), "/v1/customers/x", Value::Null),
        (put.clone(), "/v1/assets/x", json!({})),
        (delete.clone(), "/v1/assets/x", Value::Null),
        (put, "/v1/products/x", json!({})),
        (delete.clone(), "/v1/products/x", Value::Null),
        (
            patch,
            "/v1/products/variants/x/status",
            json!({ "status": "active" }),
        ),
        (delete.clone(), "/v1/files/x", Value::Null),
        (post.clone(), "/v1/webhook-endpoints/x/ping", Value::Null),
        (
            post.clone(),
            "/v1/webhook-endpoints/x/rotate-secret",
            Value::Null,
        ),
        (
            post.clone(),
            "/v1/webhook-endpoints/x/deliveries/e/redeliver",
            Value::Null,
        ),
        (delete.clone(), "/v1/webhook-endpoints/x", Value::Null),
    ] {
        all.push((write(method, path, body), 404, "NOT_FOUND"));
    }
    let keys = "/v1/tenants/x/api-keys";
    let unknown = [
        administer(post, keys, json!({ "name": "k" })),
        administer(delete, format!("{keys}/y"), Value::Null),
    ];
    all.extend(unknown.map(|write| (write, 404, "NOT_FOUND")));
    all
}

#[tokio::test]
async fn every_refusal_by_a_rule_is_remembered_under_its_key() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let mut left = declaring("Idempotency-Key");
    for (number, (write, status, code)) in every_refusal(&order).into_iter().enumerate() {
        let what = format!("{} {}", write.method, write.path);
        strike(&mut left, &write.method, &write.path);
        let key = format!("k{number}");
        let first = write.send(&app, &key, "").await;
        first.refused(status, code);
        assert!(!replayed(&first), "{what}");
        let again = write.send(&app, &key, "").await;
        assert_eq!(
            (again.status, &again.body),
            (first.status, &first.body),
            "{what}"
        );
        assert!(replayed(&again), "{what}");
        let another = write.send(&app, &key, "?other=1").await;
        another.refused(409, "IDEMPOTENCY_KEY_REUSED");
    }
    assert!(left.is_empty(), "not tried: {left:?}");
    assert_eq!(app.kept(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_under_a_key_does_not_let_another_body_in() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let path = "/v1/files/contracts/generate";
    let contract = |order: &str| write(Method::POST, path, json!({ "orderId": order }));
    let refused = contract("ord_none").send(&app, "k", "").await;
    refused.refused(400, "ORDER_NOT_FOUND");
    let other = contract(&order).send(&app, "k", "").await;
    other.refused(409, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(app.kept(), 0);
    // And the other way round: what was done is not undone by what would be refused.
    contract(&order).send(&app, "l", "").await.is(201);
    let other = contract("ord_none").send(&app, "l", "").await;
    other.refused(409, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(app.kept(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_key_is_free_again_after_24_hours_and_not_before() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let path = format!("/v1/orders/{order}/notes");
    let note = |text: &str| write(Method::PATCH, &*path, json!({ "notes": text }));
    note("one").send(&app, "k", "").await.is(200);
    app.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    assert!(replayed(&note("one").send(&app, "k", "").await));
    let other = note("two").send(&app, "k", "").await;
    other.refused(409, "IDEMPOTENCY_KEY_REUSED");
    app.advance(SignedDuration::from_secs(1));
    let other = note("two").send(&app, "k", "").await;
    other.is(200);
    assert!(!replayed(&other));
    // From here on it stands for this one.
    note("one")
        .send(&app, "k", "")
        .await
        .refused(409, "IDEMPOTENCY_KEY_REUSED");
    app.finish().await;
}
