//! Deactivating and reactivating through updateCustomer.

use crate::suite::support::{Answer, App};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

async fn update(app: &App, customer: &str, body: Value) -> Answer {
    app.put(&format!("/v1/customers/{customer}"), body).await
}

async fn delete(app: &App, customer: &str) -> Answer {
    app.delete(&format!("/v1/customers/{customer}")).await
}

/// Asserts that `status: inactive` is refused exactly as deletion is, and that no other field of
/// the same request changes.
async fn refused_like_deletion(app: &App, customer: &str, code: &str) {
    let (before, events) = (app.get_customer(customer).await, app.event_kinds().await);
    let deletion = delete(app, customer).await;
    deletion.refused(409, code);
    let body = json!({ "status": "inactive", "firstName": "Eve", "email": "eve@example.com" });
    let answer = update(app, customer, body).await;
    assert_eq!(answer.refused(409, code), &deletion.body);
    assert_eq!(app.get_customer(customer).await, before);
    assert_eq!(app.event_kinds().await, events);
}

#[tokio::test]
async fn inactive_is_refused_for_an_active_subscription_and_then_for_its_device() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    refused_like_deletion(&app, &customer, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS").await;
    let path = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&path, json!({ "reason": "other" })).await.is(200);
    refused_like_deletion(&app, &customer, "CUSTOMER_HAS_UNRETURNED_DEVICES").await;
    app.finish().await;
}

#[tokio::test]
async fn inactive_is_refused_for_an_open_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (_, customer) = app.order(ADA, "SKU", 1).await;
    refused_like_deletion(&app, &customer, "CUSTOMER_HAS_PENDING_ORDERS").await;
    app.finish().await;
}

#[tokio::test]
async fn a_taken_email_is_reported_before_what_keeps_the_customer_active() {
    let app = App::start().await;
    app.customer("bob@example.com").await;
    let (_, customer) = app.order(ADA, "SKU", 1).await;
    let body = json!({ "status": "inactive", "email": "bob@example.com" });
    update(&app, &customer, body)
        .await
        .refused(409, "EMAIL_IN_USE");
    app.finish().await;
}

#[tokio::test]
async fn inactive_deactivates_a_settled_customer_and_changes_the_other_fields() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let before = app.get_customer(&customer).await;
    let events = app.events().await.len();
    let answer = update(
        &app,
        &customer,
        json!({ "status": "inactive", "phone": "1" }),
    )
    .await;
    let after = &answer.is(200)["customer"];
    let mut expected = before;
    expected["status"] = json!("inactive");
    expected["phone"] = json!("1");
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, &expected);
    assert_eq!(answer.body["customerId"], customer);
    assert_eq!(app.get_customer(&customer).await, expected);
    let news = (
        "customer.deactivated".to_owned(),
        json!({ "customerId": customer }),
    );
    assert_eq!(app.events().await[events..], [news]);
    app.finish().await;
}

#[tokio::test]
async fn inactive_on_an_inactive_customer_changes_no_status_and_emits_nothing() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    delete(&app, &customer).await.is(200);
    let (before, events) = (app.get_customer(&customer).await, app.event_kinds().await);
    let answer = update(&app, &customer, json!({ "status": "inactive" })).await;
    assert_eq!(answer.is(200)["customer"], before);
    assert_eq!(app.event_kinds().await, events);
    app.finish().await;
}

#[tokio::test]
async fn active_alone_brings_an_inactive_customer_back_as_it_was() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let before = app.get_customer(&customer).await;
    delete(&app, &customer).await.is(200);
    let events = app.events().await.len();
    let answer = update(&app, &customer, json!({ "status": "active" })).await;
    let after = &answer.is(200)["customer"];
    let mut expected = before.clone();
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, &expected);
    assert_ne!(after["updatedAt"], before["updatedAt"]);
    let news = (
        "customer.reactivated".to_owned(),
        json!({ "customerId": customer }),
    );
    assert_eq!(app.events().await[events..], [news]);
    app.finish().await;
}

#[tokio::test]
async fn active_on_an_active_customer_changes_nothing() {
    let app = App::start().await;
    let (customer, ..) = app.renting(ADA, "S1").await;
    let (before, events) = (app.get_customer(&customer).await, app.event_kinds().await);
    let answer = update(&app, &customer, json!({ "status": "active" })).await;
    assert_eq!(answer.is(200)["customer"], before);
    assert_eq!(app.event_kinds().await, events);
    app.finish().await;
}

#[tokio::test]
async fn a_reactivated_customer_orders_and_rents_at_once() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    let end = json!({ "returnCondition": "good", "reason": "done" });
    app.post(&format!("/v1/subscriptions/{rental}/early-return"), end)
        .await
        .is(200);
    delete(&app, &customer).await.is(200);
    update(
        &app,
        &customer,
        json!({ "status": "active", "firstName": "Augusta" }),
    )
    .await
    .is(200);
    app.asset("S2", "SKU").await;
    let (order, of) = app.order(ADA, "SKU", 3).await;
    assert_eq!(of, customer);
    app.confirm(&order).await;
    app.subscribe(&order, &customer, "S2").await;
    let shown = app.get_customer(&customer).await;
    assert_eq!(
        (&shown["firstName"], &shown["status"]),
        (&json!("Augusta"), &json!("active"))
    );
    delete(&app, &customer)
        .await
        .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    app.finish().await;
}

#[tokio::test]
async fn deletion_and_reactivation_alternate_as_often_as_wanted() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let events = app.events().await.len();
    for _ in 0..3 {
        delete(&app, &customer).await.is(200);
        assert_eq!(app.get_customer(&customer).await["status"], "inactive");
        update(&app, &customer, json!({ "status": "active" }))
            .await
            .is(200);
        assert_eq!(app.get_customer(&customer).await["status"], "active");
    }
    let pair = ["customer.deactivated", "customer.reactivated"];
    assert_eq!(
        app.event_kinds().await[events..],
        [pair, pair, pair].concat()
    );
    app.finish().await;
}

#[tokio::test]
async fn a_status_that_does_not_exist_is_refused() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    for status in [json!("deleted"), json!(null), json!(true)] {
        let answer = update(&app, &customer, json!({ "status": status })).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "status");
    }
    app.finish().await;
}
