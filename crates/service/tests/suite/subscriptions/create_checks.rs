//! What createSubscription refuses, and in which order.

use serde_json::{Value, json};
use store::BillingGroupStatus;

use super::order_body;
use crate::suite::support::App;

/// Each request is wrong in two ways; the one that is checked first must be named.
#[tokio::test]
async fn checks_run_in_the_order_of_the_contract() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.variant("OTHER").await;
    app.variant("THIRD").await;
    app.asset("OUT", "SKU").await;
    app.asset("FREE", "SKU").await;
    app.asset("THIRD-1", "THIRD").await;
    let broken = json!({ "serialNumber": "BROKEN", "sku": "SKU", "status": "unavailable" });
    app.post("/v1/assets", broken).await.is(201);
    let broken = json!({ "serialNumber": "BROKEN-3", "sku": "THIRD", "status": "unavailable" });
    app.post("/v1/assets", broken).await.is(201);
    let (pending, customer) = app.order("ada@example.com", "OTHER", 1).await;
    let (done, _) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&done).await;
    app.subscribe(&done, &customer, "OUT").await;
    let (cancelled, _) = app.order("ada@example.com", "OTHER", 3).await;
    app.cancel_order(&cancelled).await;
    let mut body = order_body("ada@example.com", "SKU", 2);
    body["items"] = json!([
        { "sku": "SKU", "quantity": 2, "contractLength": 12 },
        { "sku": "OTHER", "quantity": 1, "contractLength": 12 }
    ]);
    let open = app.post("/v1/orders", body).await.text("/orderId");
    app.confirm(&open).await;
    let stranger = app.customer("bob@example.com").await;
    app.group("bg_bob", &stranger, BillingGroupStatus::Active)
        .await;
    app.group("bg_old", &customer, BillingGroupStatus::Inactive)
        .await;

    let body = |order: &str, customer: &str, asset: &str, more: Value| {
        let mut body =
            json!({ "orderId": order, "customerId": customer, "assetSerialNumber": asset });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let group = |id: &str| json!({ "billingGroupId": id });
    let before = app.event_kinds().await.len();
    for (request, code) in [
        (
            body("ord_x", &customer, "FREE", json!({ "startDate": "soon" })),
            "VALIDATION_ERROR",
        ),
        (body("ord_x", &customer, "", json!({})), "VALIDATION_ERROR"),
        (
            body("ord_x", "cust_x", "FREE", json!({})),
            "ORDER_NOT_FOUND",
        ),
        (
            body(&pending, "cust_x", "FREE", json!({})),
            "ORDER_NOT_CONFIRMED",
        ),
        (
            body(&cancelled, "cust_x", "FREE", json!({})),
            "ORDER_NOT_CONFIRMED",
        ),
        (
            body(&done, "cust_x", "FREE", json!({})),
            "ITEM_FULLY_FULFILLED",
        ),
        (
            body(&open, "cust_x", "NONE", json!({})),
            "CUSTOMER_NOT_FOUND",
        ),
        (
            body(&open, &stranger, "NONE", json!({})),
            "VALIDATION_ERROR",
        ),
        (
            body(&open, &customer, "NONE", json!({ "contractLength": 18 })),
            "ASSET_NOT_FOUND",
        ),
        (
            body(&open, &customer, "BROKEN-3", json!({})),
            "SKU_MISMATCH",
        ),
        (
            body(&open, &customer, "BROKEN", json!({ "contractLength": 18 })),
            "ASSET_NOT_AVAILABLE",
        ),
        (
            body(
                &open,
                &customer,
                "FREE",
                json!({ "contractLength": 18, "billingGroupId": "bg" }),
            ),
            "INVALID_CONTRACT_LENGTH",
        ),
        (
            body(&open, &customer, "FREE", group("bg_x")),
            "BILLING_GROUP_NOT_FOUND",
        ),
        (
            body(&open, &customer, "FREE", group("bg_bob")),
            "SUBSCRIPTION_DIFFERENT_CUSTOMER",
        ),
        (
            body(&open, &customer, "FREE", group("bg_old")),
            "BILLING_GROUP_INACTIVE",
        ),
    ] {
        app.post("/v1/subscriptions", request)
            .await
            .refused(400, code);
    }
    // Nothing happened.
    assert_eq!(app.event_kinds().await.len(), before);
    assert_eq!(app.get_asset("FREE").await["status"], "available");
    assert_eq!(app.get_order(&open).await["status"], "confirmed");
    app.finish().await;
}

#[tokio::test]
async fn a_full_item_is_named_before_a_device_that_is_not_available() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.variant("OTHER").await;
    app.asset("A1", "SKU").await;
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["items"] = json!([
        { "sku": "SKU", "quantity": 1, "contractLength": 12 },
        { "sku": "OTHER", "quantity": 1, "contractLength": 12 }
    ]);
    let answer = app.post("/v1/orders", body).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;
    app.subscribe(&order, &customer, "A1").await;
    let again = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": "A1" });
    app.post("/v1/subscriptions", again)
        .await
        .refused(400, "ITEM_FULLY_FULFILLED");
    app.finish().await;
}

#[tokio::test]
async fn a_device_is_rented_out_once() {
    let app = App::start().await;
    let (customer, _, _) = app.renting("ada@example.com", "A1").await;
    let (order, _) = app.order("ada@example.com", "SKU", 2).await;
    app.confirm(&order).await;
    let body = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": "A1" });
    app.post("/v1/subscriptions", body)
        .await
        .refused(400, "ASSET_NOT_AVAILABLE");
    app.finish().await;
}

#[tokio::test]
async fn pending_orders_will_do_where_settings_ask_for_no_confirmation() {
    let app = App::start_with(|it| it.orders.require_confirmation = false).await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 2).await;
    app.subscribe(&order, &customer, "A1").await;
    assert_eq!(app.get_order(&order).await["status"], "partial");
    app.finish().await;
}

#[tokio::test]
async fn an_extension_order_takes_no_subscriptions() {
    for confirmation in [true, false] {
        let app = App::start_with(|it| it.orders.require_confirmation = confirmation).await;
        app.variant("SKU").await;
        app.asset("A1", "SKU").await;
        let (original, customer) = app.order("ada@example.com", "SKU", 1).await;
        let mut body = order_body("ada@example.com", "SKU", 1);
        body["orderType"] = json!("extension");
        body["extensionDetails"] = json!({
            "originalOrderId": original, "extensionMonths": 6,
            "previousEndDate": "2027-03-09", "newEndDate": "2027-09-09"
        });
        let order = app.post("/v1/orders", body).await.text("/orderId");
        let body = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": "A1" });
        let answer = app.post("/v1/subscriptions", body.clone()).await;
        answer.refused(400, "ORDER_NOT_CONFIRMED");
        app.confirm(&order).await;
        app.post("/v1/subscriptions", body)
            .await
            .refused(400, "ITEM_FULLY_FULFILLED");
        app.finish().await;
    }
}

#[tokio::test]
async fn orders_customers_and_devices_of_another_tenant_are_unknown() {
    let app = App::start().await;
    let (customer, _, _) = app.renting("ada@example.com", "A1").await;
    app.asset("A2", "SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 2).await;
    app.confirm(&order).await;
    let key = app.other_tenant("bu_other").await;
    let body = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": "A2" });
    let method = hyper::Method::POST;
    let answer = app
        .json_as(&key, "bu_other", method, "/v1/subscriptions", Some(body))
        .await;
    answer.refused(400, "ORDER_NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn writing_needs_the_permission_to_write() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let key = app.key_with(&["subscriptions:read"]).await;
    let post = async |path: &str, body: Value| {
        app.json_as(
            &key,
            crate::suite::support::TENANT,
            hyper::Method::POST,
            path,
            Some(body),
        )
        .await
    };
    let path = format!("/v1/subscriptions/{rental}/cancel");
    post(&path, json!({ "reason": "fraud" }))
        .await
        .refused(403, "INSUFFICIENT_PERMISSIONS");
    let path = "/v1/subscriptions/calculate-buyout";
    post(path, json!({ "rentalId": rental })).await.is(200);
    app.finish().await;
}
