//! upgradeSubscription, and upgrade orders.

use serde_json::{Value, json};
use store::PaymentStatus;

use super::order_body;
use crate::suite::support::App;

/// Ada rents A1; N1 of the SKU `NEW` is available.
async fn ready() -> (App, String, String) {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let pricing = json!([{ "contractLength": 24, "monthlyPrice": 70, "setupFee": 9 }]);
    app.priced("NEW", pricing).await;
    app.asset("N1", "NEW").await;
    (app, customer, rental)
}

fn body() -> Value {
    json!({
        "newSku": "NEW", "newSerialNumber": "N1", "contractLength": 24,
        "newMonthlyAmount": 65, "reason": "more power"
    })
}

#[tokio::test]
async fn an_upgrade_ends_the_old_subscription_and_starts_the_new_one_today() {
    let (app, customer, old) = ready().await;
    app.advance_days(40);
    let before = app.event_kinds().await.len();
    let answer = app.act(&old, "upgrade", body()).await;
    let (message, new) = (answer.text("/message"), answer.text("/newRentalId"));
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "message": message, "oldRentalId": old, "newRentalId": new,
            "oldDevice": "Notebook", "newDevice": "Device NEW", "newMonthlyAmount": 65.0,
            "currency": "EUR"
        })
    );

    let ended = app.rental(&old).await;
    assert_eq!(ended["status"], "ended_upgrade");
    assert_eq!(
        [&ended["actualMonthsRented"], &ended["monthsSaved"]],
        [2, 10]
    );
    // What is due by today stays, the rest is cancelled.
    assert_eq!(
        app.due(&old, PaymentStatus::Pending).await,
        ["2026-03-10", "2026-04-10"]
    );
    let started = app.rental(&new).await;
    assert_eq!(started["status"], "active");
    assert_eq!(started["upgradeFromRentalId"], old);
    assert_eq!(
        [&started["startDate"], &started["endDate"]],
        ["2026-04-19", "2028-04-18"]
    );
    assert_eq!(started["monthlyAmount"], 65.0);
    assert_eq!(started["customerName"], "Ada Lovelace");
    let payments = app.payments(&new).await;
    assert_eq!(
        (payments.len(), payments[0].total, payments[1].total),
        (24, 7_400, 6_500)
    );

    // The old device is still with the customer.
    let asset = app.get_asset("A1").await;
    assert_eq!(
        [&asset["status"], &asset["rentalId"]],
        [&json!("rented_out"), &json!(old)]
    );
    assert_eq!(app.get_asset("N1").await["rentalId"], new);

    let order = app.get_order(started["orderId"].as_str().unwrap()).await;
    assert_eq!(
        [&order["orderType"], &order["status"]],
        ["upgrade", "fulfilled"]
    );
    assert_eq!(order["rentalIds"], json!([new]));
    assert_eq!(
        order["upgradeDetails"],
        json!({
            "previousDevice": "Notebook", "previousSerialNumber": "A1",
            "previousMonthlyAmount": 50.0, "previousRentalId": old, "upgradeReason": "more power"
        })
    );
    assert_eq!(app.get_customer(&customer).await["totalDevicesRented"], 1);
    let kinds = app.events_since(before).await;
    assert_eq!(
        kinds[..4],
        [
            "subscription.upgraded",
            "subscription.ended",
            "subscription.created",
            "asset.assigned"
        ]
    );
    assert_eq!(kinds[4..], ["payment.scheduled"; 24]);
    app.finish().await;
}

#[tokio::test]
async fn the_old_device_blocks_deletion_until_its_return_is_recorded() {
    let (app, customer, old) = ready().await;
    let new = app.act(&old, "upgrade", body()).await.text("/newRentalId");
    let returned = json!({ "returnCondition": "good", "reason": "x" });
    app.act(&new, "early-return", returned).await.is(200);
    let path = format!("/v1/customers/{customer}");
    app.delete(&path)
        .await
        .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    app.put("/v1/assets/A1", json!({ "status": "returned" }))
        .await
        .is(200);
    app.delete(&path).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn refusals_come_in_the_order_of_the_contract() {
    let (app, _, rental) = ready().await;
    app.asset("SPARE", "SKU").await;
    app.priced("GONE", json!([{ "contractLength": 24, "monthlyPrice": 1 }]))
        .await;
    let variants = app
        .get("/v1/products/variants?sku=GONE")
        .await
        .is(200)
        .clone();
    let variant = variants["variants"][0]["variantId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/products/variants/{variant}/status");
    app.patch(&path, json!({ "status": "inactive" }))
        .await
        .is(200);
    let broken = json!({ "serialNumber": "BROKEN", "sku": "NEW", "status": "unavailable" });
    app.post("/v1/assets", broken).await.is(201);
    let broken = json!({ "serialNumber": "BROKEN-2", "sku": "SKU", "status": "unavailable" });
    app.post("/v1/assets", broken).await.is(201);

    let before = app.event_kinds().await.len();
    for (changes, code) in [
        (json!({ "newMonthlyAmount": 1.001 }), "INVALID_PRICING"),
        (json!({ "newMonthlyAmount": -1 }), "VALIDATION_ERROR"),
        (json!({ "contractLength": 121 }), "VALIDATION_ERROR"),
        (
            json!({ "newSku": "NONE", "contractLength": 18 }),
            "VARIANT_NOT_FOUND",
        ),
        (
            json!({ "newSku": "GONE", "contractLength": 18 }),
            "VARIANT_INACTIVE",
        ),
        (
            json!({ "contractLength": 18, "newSerialNumber": "NONE" }),
            "INVALID_CONTRACT_LENGTH",
        ),
        (json!({ "newSerialNumber": "NONE" }), "ASSET_NOT_FOUND"),
        (json!({ "newSerialNumber": "BROKEN-2" }), "SKU_MISMATCH"),
        (
            json!({ "newSerialNumber": "BROKEN" }),
            "ASSET_NOT_AVAILABLE",
        ),
    ] {
        let mut body = body();
        body.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        app.act(&rental, "upgrade", body).await.refused(400, code);
    }
    assert_eq!(app.event_kinds().await.len(), before);
    assert_eq!(app.rental(&rental).await["status"], "active");
    app.finish().await;
}

#[tokio::test]
async fn upgrades_can_be_switched_off() {
    let app = App::start_with(|it| it.upgrades.enabled = false).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "upgrade", body())
        .await
        .refused(400, "FEATURE_DISABLED");
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    app.act(&rental, "upgrade", body())
        .await
        .refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    app.finish().await;
}

#[tokio::test]
async fn custom_fields_follow_the_customer_into_the_new_contract() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    app.asset("A2", "SKU").await;
    let mut order = order_body("ada@example.com", "SKU", 1);
    order["customFields"] = json!({ "costCentre": "4711" });
    let answer = app.post("/v1/orders", order).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;
    let old = app.subscribe(&order, &customer, "A1").await;
    let mut body = body();
    body["newSku"] = json!("SKU");
    body["newSerialNumber"] = json!("A2");
    let new = app.act(&old, "upgrade", body).await.text("/newRentalId");
    assert_eq!(
        app.rental(&new).await["customFields"],
        json!({ "costCentre": "4711" })
    );
    let answer = app.get("/v1/orders?customField_costCentre=4711").await;
    assert_eq!(answer.is(200)["count"], 2);
    app.finish().await;
}

/// Places and confirms an upgrade order of two units for Ada.
async fn upgrade_order(app: &App, previous: &str) -> String {
    let mut body = order_body("ada@example.com", "NEW", 2);
    body["items"][0]["contractLength"] = json!(24);
    body["orderType"] = json!("upgrade");
    body["upgradeDetails"] = json!({
        "previousDevice": "Notebook", "previousSerialNumber": "A1",
        "previousMonthlyAmount": 50, "previousRentalId": previous
    });
    let order = app.post("/v1/orders", body).await.text("/orderId");
    app.confirm(&order).await;
    order
}

#[tokio::test]
async fn the_first_subscription_of_an_upgrade_order_takes_over_from_the_old_one() {
    let (app, customer, old) = ready().await;
    app.asset("N2", "NEW").await;
    let order = upgrade_order(&app, &old).await;
    assert_eq!(app.rental(&old).await["status"], "active");
    let first = app.subscribe(&order, &customer, "N1").await;
    assert_eq!(app.rental(&old).await["status"], "ended_upgrade");
    assert_eq!(app.rental(&first).await["upgradeFromRentalId"], old);
    assert_eq!(app.get_asset("A1").await["status"], "rented_out");
    let kinds = app.event_kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "subscription.upgraded")
            .count(),
        1
    );
    let second = app.subscribe(&order, &customer, "N2").await;
    assert!(
        app.rental(&second)
            .await
            .get("upgradeFromRentalId")
            .is_none()
    );
    app.finish().await;
}

#[tokio::test]
async fn an_upgrade_order_leaves_a_subscription_that_has_ended_as_it_is() {
    let (app, customer, old) = ready().await;
    let order = upgrade_order(&app, &old).await;
    app.act(&old, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    let first = app.subscribe(&order, &customer, "N1").await;
    assert_eq!(app.rental(&old).await["status"], "cancelled");
    assert_eq!(app.rental(&first).await["upgradeFromRentalId"], old);
    app.finish().await;
}
