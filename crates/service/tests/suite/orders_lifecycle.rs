//! confirmOrder, cancelOrder and updateOrderNotes, and how fulfilment moves an order on.

use crate::suite::support::{self, App, TENANT};
use hyper::Method;
use serde_json::{Value, json};

async fn get_order(app: &App, id: &str) -> Value {
    app.get(&format!("/v1/orders/{id}")).await.is(200).clone()
}

async fn confirm(app: &App, id: &str) -> support::Answer {
    app.post(&format!("/v1/orders/{id}/confirm"), json!({}))
        .await
}

async fn cancel(app: &App, id: &str) -> support::Answer {
    app.post(
        &format!("/v1/orders/{id}/cancel"),
        json!({ "reason": "changed their mind" }),
    )
    .await
}

async fn end(app: &App, rental: &str) {
    let path = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
}

/// An order of `quantity` units, of which the first `fulfilled` have become subscriptions:
/// (order id, rental ids).
async fn fulfilled(app: &App, quantity: u64, fulfilled: usize) -> (String, Vec<String>) {
    app.variant("SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", quantity).await;
    app.confirm(&order).await;
    let mut rentals = Vec::new();
    for index in 0..fulfilled {
        let serial = format!("S{index}");
        app.asset(&serial, "SKU").await;
        rentals.push(app.subscribe(&order, &customer, &serial).await);
    }
    (order, rentals)
}

#[tokio::test]
async fn a_pending_order_is_confirmed_once() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, customer) = app.order("ada@example.com", "SKU", 1).await;
    let before = get_order(&app, &id).await;
    let answer = confirm(&app, &id).await;
    assert_eq!(answer.is(200)["orderId"], id);
    assert_eq!(answer.body["success"], true);

    let mut expected = before.clone();
    let after = get_order(&app, &id).await;
    expected["status"] = json!("confirmed");
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, expected);
    assert_ne!(after["updatedAt"], before["updatedAt"]);

    confirm(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CONFIRMABLE");
    assert_eq!(get_order(&app, &id).await, after);
    assert_eq!(app.event_kinds().await, ["order.created"]);
    assert_eq!(app.get_customer(&customer).await["totalOrders"], 1);
    app.finish().await;
}

#[tokio::test]
async fn a_cancelled_order_is_neither_confirmed_nor_cancelled_again() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    cancel(&app, &id).await.is(200);
    let before = get_order(&app, &id).await;
    confirm(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CONFIRMABLE");
    cancel(&app, &id).await.refused(400, "ALREADY_CANCELLED");
    assert_eq!(get_order(&app, &id).await, before);
    app.finish().await;
}

#[tokio::test]
async fn pending_and_confirmed_orders_are_cancelled_with_reason_time_and_actor() {
    let app = App::start().await;
    app.variant("SKU").await;
    for (email, confirmed) in [("ada@example.com", false), ("bob@example.com", true)] {
        let (id, customer) = app.order(email, "SKU", 1).await;
        if confirmed {
            app.confirm(&id).await;
        }
        assert_eq!(cancel(&app, &id).await.is(200)["orderId"], id);
        let order = get_order(&app, &id).await;
        assert_eq!(order["status"], "cancelled");
        assert_eq!(
            order["cancellationDetails"],
            json!({
                "reason": "changed their mind",
                "cancelledAt": order["updatedAt"], "cancelledBy": order["createdBy"]
            })
        );
        let customer = app.get_customer(&customer).await;
        assert_eq!(customer["totalOrders"], 1, "cancelled orders count");
        assert_eq!(customer["orderIds"], json!([id]));
    }
    assert_eq!(app.event_kinds().await, ["order.created", "order.created"]);
    app.finish().await;
}

#[tokio::test]
async fn a_reason_is_optional_and_has_at_most_1000_characters() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let path = format!("/v1/orders/{id}/cancel");
    let answer = app.post(&path, json!({ "reason": "x".repeat(1001) })).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "reason");
    app.json(Method::POST, &path, None).await.is(200);
    let order = get_order(&app, &id).await;
    assert_eq!(order["cancellationDetails"].get("reason"), None);
    app.finish().await;
}

#[tokio::test]
async fn fulfilment_moves_an_order_to_partial_and_fulfilled() {
    let app = App::start().await;
    let (id, rentals) = fulfilled(&app, 2, 1).await;
    let order = get_order(&app, &id).await;
    assert_eq!(order["status"], "partial");
    assert_eq!(
        order["rentalProgress"],
        json!({ "totalDevices": 2, "rentedDevices": 1 })
    );
    assert_eq!(order["rentalIds"], json!(rentals));
    assert_eq!(order["items"][0]["rentalIds"], json!(rentals));
    assert_eq!(order["items"][0]["rentalStatus"], "partial");
    confirm(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CONFIRMABLE");

    app.asset("S9", "SKU").await;
    let customer = order["customer"]["customerId"].as_str().unwrap();
    let last = app.subscribe(&id, customer, "S9").await;
    let order = get_order(&app, &id).await;
    assert_eq!(order["status"], "fulfilled");
    assert_eq!(order["rentalIds"], json!([rentals[0], last]));
    assert_eq!(order["items"][0]["rentalStatus"], "completed");
    confirm(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CONFIRMABLE");
    app.finish().await;
}

#[tokio::test]
async fn a_fulfilled_order_is_not_cancellable_even_when_its_subscriptions_have_ended() {
    let app = App::start().await;
    let (id, rentals) = fulfilled(&app, 1, 1).await;
    cancel(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CANCELLABLE");
    end(&app, &rentals[0]).await;
    let before = get_order(&app, &id).await;
    cancel(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CANCELLABLE");
    assert_eq!(get_order(&app, &id).await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_partial_order_is_cancellable_once_its_subscriptions_have_ended() {
    let app = App::start().await;
    let (id, rentals) = fulfilled(&app, 3, 2).await;
    cancel(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CANCELLABLE");
    end(&app, &rentals[0]).await;
    cancel(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CANCELLABLE");
    end(&app, &rentals[1]).await;
    cancel(&app, &id).await.is(200);
    let order = get_order(&app, &id).await;
    assert_eq!(order["status"], "cancelled");
    assert_eq!(
        order["rentalProgress"]["rentedDevices"], 2,
        "progress never falls"
    );
    assert_eq!(order["rentalIds"], json!(rentals));
    app.finish().await;
}

#[tokio::test]
async fn no_subscription_is_made_from_a_cancelled_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("S1", "SKU").await;
    let (id, customer) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&id).await;
    app.cancel_order(&id).await;
    let body = json!({ "orderId": id, "customerId": customer, "assetSerialNumber": "S1" });
    app.post("/v1/subscriptions", body)
        .await
        .refused(400, "ORDER_NOT_CONFIRMED");
    app.finish().await;
}

#[tokio::test]
async fn confirming_an_extension_order_fulfils_it_at_once() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (original, customer) = app.order("ada@example.com", "SKU", 1).await;
    let answer = app
        .post(
            "/v1/orders",
            json!({
                "orderType": "extension",
                "customer": { "email": "ada@example.com", "firstName": "A", "lastName": "L" },
                "billingAddress": {
                    "contactName": "A", "streetAddress": "1", "city": "B", "country": "DE"
                },
                "items": [{ "sku": "SKU", "quantity": 2 }],
                "extensionDetails": {
                    "originalOrderId": original, "extensionMonths": 3,
                    "previousEndDate": "2026-03-09", "newEndDate": "2026-06-09"
                }
            }),
        )
        .await;
    answer.is(201);
    let id = answer.text("/orderId");
    app.asset("S1", "SKU").await;
    let body = json!({ "orderId": id, "customerId": customer, "assetSerialNumber": "S1" });
    app.post("/v1/subscriptions", body.clone())
        .await
        .refused(400, "ORDER_NOT_CONFIRMED");

    confirm(&app, &id).await.is(200);
    let order = get_order(&app, &id).await;
    assert_eq!(order["status"], "fulfilled");
    assert_eq!(
        order["rentalProgress"],
        json!({ "totalDevices": 2, "rentedDevices": 2 })
    );
    assert_eq!(order["items"][0]["rentalStatus"], "completed");
    assert_eq!(order["rentalIds"], json!([]));
    let events = app.events().await;
    let ids = json!({ "orderId": id, "customerId": customer });
    assert_eq!(events.last(), Some(&("order.fulfilled".to_owned(), ids)));
    app.post("/v1/subscriptions", body)
        .await
        .refused(400, "ITEM_FULLY_FULFILLED");
    cancel(&app, &id)
        .await
        .refused(400, "ORDER_NOT_CANCELLABLE");
    app.finish().await;
}

#[tokio::test]
async fn notes_are_replaced_in_any_status() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let path = format!("/v1/orders/{id}/notes");
    let answer = app.patch(&path, json!({ "notes": "ring twice" })).await;
    assert_eq!(answer.is(200)["orderId"], id);
    assert_eq!(get_order(&app, &id).await["notes"], "ring twice");
    app.cancel_order(&id).await;
    app.patch(&path, json!({ "notes": "x".repeat(5000) }))
        .await
        .is(200);
    let order = get_order(&app, &id).await;
    assert_eq!(order["notes"], "x".repeat(5000));
    assert_eq!(order["status"], "cancelled");
    app.patch(&path, json!({ "notes": "" })).await.is(200);
    assert_eq!(get_order(&app, &id).await.get("notes"), None);
    app.finish().await;
}

#[tokio::test]
async fn notes_that_are_missing_or_too_long_are_refused() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let path = format!("/v1/orders/{id}/notes");
    let before = get_order(&app, &id).await;
    for (body, code) in [
        (json!({ "notes": "x".repeat(5001) }), "too_big"),
        (json!({}), "required"),
        (json!({ "notes": null }), "invalid_type"),
    ] {
        let answer = app.patch(&path, body).await;
        answer.refused(400, "VALIDATION_ERROR");
        let (path, _, found) = answer.details().remove(0);
        assert_eq!((path.as_str(), found.as_str()), ("notes", code));
    }
    assert_eq!(get_order(&app, &id).await, before);
    app.finish().await;
}

#[tokio::test]
async fn operations_on_an_unknown_order_find_nothing() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let before = get_order(&app, &id).await;
    let key = app.other_tenant("bu_other").await;
    for (tenant, key, id) in [
        (TENANT, &app.key, "ord_none"),
        ("bu_other", &key, id.as_str()),
    ] {
        for (method, action, body) in [
            (Method::POST, "confirm", json!({})),
            (Method::POST, "cancel", json!({})),
            (Method::PATCH, "notes", json!({ "notes": "mine" })),
        ] {
            let path = format!("/v1/orders/{id}/{action}");
            let answer = app.json_as(key, tenant, method, &path, Some(body)).await;
            answer.refused(404, "NOT_FOUND");
        }
    }
    assert_eq!(get_order(&app, &id).await, before);
    app.finish().await;
}

#[tokio::test]
async fn writing_orders_needs_the_permission() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let key = app.key_with(&["orders:read"]).await;
    let path = format!("/v1/orders/{id}");
    app.json_as(&key, TENANT, Method::GET, &path, None)
        .await
        .is(200);
    for action in ["confirm", "cancel"] {
        let path = format!("{path}/{action}");
        let answer = app
            .json_as(&key, TENANT, Method::POST, &path, Some(json!({})))
            .await;
        answer.refused(403, "INSUFFICIENT_PERMISSIONS");
    }
    assert_eq!(get_order(&app, &id).await["status"], "pending");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_cancellations_at_once_one_succeeds() {
    let app = App::start().await;
    app.variant("SKU").await;
    for round in 0..50 {
        let (id, _) = app
            .order(&format!("ada{round}@example.com"), "SKU", 1)
            .await;
        let (one, two) = tokio::join!(cancel(&app, &id), cancel(&app, &id));
        let (winner, loser) = if one.status == 200 {
            (one, two)
        } else {
            (two, one)
        };
        winner.is(200);
        loser.refused(400, "ALREADY_CANCELLED");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn confirming_and_cancelling_at_once_equals_one_after_the_other() {
    let app = App::start().await;
    app.variant("SKU").await;
    for round in 0..50 {
        let (id, _) = app
            .order(&format!("ada{round}@example.com"), "SKU", 1)
            .await;
        let (confirmed, cancelled) = tokio::join!(confirm(&app, &id), cancel(&app, &id));
        cancelled.is(200);
        if confirmed.status != 200 {
            confirmed.refused(400, "ORDER_NOT_CONFIRMABLE");
        }
        assert_eq!(get_order(&app, &id).await["status"], "cancelled");
    }
    app.finish().await;
}
