//! How each refusal of deleteCustomer is cleared: every way the contract names leads to a
//! deletion that succeeds.

use crate::suite::support::{self, App};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

async fn delete(app: &App, customer: &str) -> support::Answer {
    app.delete(&format!("/v1/customers/{customer}")).await
}

async fn act(app: &App, rental: &str, action: &str, body: Value) {
    app.post(&format!("/v1/subscriptions/{rental}/{action}"), body)
        .await
        .is(200);
}

/// Asserts that an active subscription refuses, and that `action` clears it at once.
async fn ends_by(action: &str, body: Value, days: i64) {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.advance_days(days);
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    act(&app, &rental, action, body).await;
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn an_early_return_clears_the_subscription_and_the_device() {
    ends_by(
        "early-return",
        json!({ "returnCondition": "good", "reason": "done" }),
        40,
    )
    .await;
}

#[tokio::test]
async fn a_buyout_clears_the_subscription_and_the_device() {
    ends_by("buyout", json!({ "reason": "customer_request" }), 40).await;
}

#[tokio::test]
async fn completion_clears_the_subscription_and_the_device() {
    ends_by("complete", json!({}), 400).await;
}

#[tokio::test]
async fn cancelling_clears_the_subscription_and_leaves_the_device() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    act(&app, &rental, "cancel", json!({ "reason": "other" })).await;
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    app.finish().await;
}

#[tokio::test]
async fn cancelling_clears_pending_and_confirmed_orders() {
    let app = App::start().await;
    app.variant("SKU").await;
    for confirmed in [false, true] {
        let (order, customer) = app.order(ADA, "SKU", 1).await;
        if confirmed {
            app.confirm(&order).await;
        }
        delete(&app, &customer)
            .await
            .refused(409, "CUSTOMER_HAS_PENDING_ORDERS");
        app.cancel_order(&order).await;
        delete(&app, &customer).await.is(200);
        let path = format!("/v1/customers/{customer}");
        app.put(&path, json!({ "status": "active" })).await.is(200);
    }
    app.finish().await;
}

#[tokio::test]
async fn cancelling_clears_a_partial_order_without_active_subscription() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("S1", "SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 2).await;
    app.confirm(&order).await;
    let rental = app.subscribe(&order, &customer, "S1").await;
    let body = json!({ "returnCondition": "good", "reason": "done" });
    act(&app, &rental, "early-return", body).await;
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_PENDING_ORDERS");
    app.cancel_order(&order).await;
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn fulfilling_an_order_and_ending_its_subscriptions_clears_it() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 2).await;
    app.confirm(&order).await;
    let mut rentals = Vec::new();
    for serial in ["S1", "S2"] {
        app.asset(serial, "SKU").await;
        delete(&app, &customer).await;
        rentals.push(app.subscribe(&order, &customer, serial).await);
    }
    for rental in rentals {
        delete(&app, &customer)
            .await
            .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
        let body = json!({ "returnCondition": "good", "reason": "done" });
        act(&app, &rental, "early-return", body).await;
    }
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn confirming_an_extension_order_clears_it() {
    let app = App::start().await;
    let (customer, original, rental) = app.renting(ADA, "S1").await;
    let body = json!({ "returnCondition": "good", "reason": "done" });
    act(&app, &rental, "early-return", body).await;
    let answer = app
        .post(
            "/v1/orders",
            json!({
                "orderType": "extension",
                "customer": { "email": ADA, "firstName": "Ada", "lastName": "Lovelace" },
                "billingAddress": {
                    "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
                },
                "items": [{ "sku": "SKU", "quantity": 1 }],
                "extensionDetails": {
                    "originalOrderId": original, "extensionMonths": 6,
                    "previousEndDate": "2027-03-09", "newEndDate": "2027-09-09"
                }
            }),
        )
        .await;
    answer.is(201);
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_PENDING_ORDERS");
    app.confirm(&answer.text("/orderId")).await;
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn recording_what_became_of_a_device_clears_it() {
    for status in ["returned", "available", "unavailable", "sold"] {
        let app = App::start().await;
        let (customer, _, rental) = app.renting(ADA, "S1").await;
        act(&app, &rental, "cancel", json!({ "reason": "other" })).await;
        delete(&app, &customer)
            .await
            .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
        app.put("/v1/assets/S1", json!({ "status": status }))
            .await
            .is(200);
        delete(&app, &customer).await.is(200);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_device_that_was_exchanged_is_settled() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.asset("S2", "SKU").await;
    let body = json!({ "newSerialNumber": "S2", "replacementReason": "lost" });
    act(&app, &rental, "replace", body).await;
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    act(&app, &rental, "cancel", json!({ "reason": "other" })).await;
    let answer = delete(&app, &customer).await;
    answer.refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    let serials: Vec<String> = answer
        .details()
        .into_iter()
        .map(|(_, serial, _)| serial)
        .collect();
    assert_eq!(serials, ["S2"], "the lost one is not asked for");
    app.finish().await;
}
