//! What createSubscription changes.

use serde_json::json;
use store::BillingGroupStatus;

use super::order_body;
use crate::suite::support::App;

#[tokio::test]
async fn a_subscription_starts_active_with_what_the_order_captured() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    let mut body = order_body("Ada@Example.com", "SKU", 1);
    body["customFields"] = json!({ "costCentre": "4711" });
    let answer = app.post("/v1/orders", body).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;

    let answer = app
        .post(
            "/v1/subscriptions",
            json!({
                "orderId": order, "customerId": customer, "assetSerialNumber": "A1",
                "notes": "by courier"
            }),
        )
        .await;
    let created = answer.is(201);
    let rental = &created["rental"];
    let id = created["rentalId"].as_str().unwrap();
    assert_eq!(created["success"], true);
    assert_eq!(rental["rentalId"], id);
    assert!(id.starts_with("sub_"));
    for (field, expected) in [
        ("tenantId", json!("bu_test")),
        ("customerId", json!(customer)),
        ("customerEmail", json!("Ada@Example.com")),
        ("customerName", json!("Ada Lovelace")),
        ("orderId", json!(order)),
        ("assetSerialNumber", json!("A1")),
        ("sku", json!("SKU")),
        ("productName", json!("Notebook")),
        ("status", json!("active")),
        ("monthlyAmount", json!(50.0)),
        ("currency", json!("EUR")),
        ("originalContractLength", json!(12)),
        ("contractLength", json!(12)),
        ("startDate", json!("2026-03-10")),
        ("endDate", json!("2027-03-09")),
        ("nextBillingDate", json!("2026-03-10")),
        ("customFields", json!({ "costCentre": "4711" })),
        ("listPrice", json!(1000.0)),
        ("listPriceSource", json!("variant")),
        ("acquisitionCost", json!(600.0)),
        ("acquisitionCostSource", json!("variant")),
        ("totalCollected", json!(0.0)),
        ("costRecoveryPercent", json!(0.0)),
        ("currentProfit", json!(-600.0)),
        ("breakevenMonths", json!(12)),
        ("hasReachedBreakeven", json!(false)),
        ("recoveryStatus", json!("recovering")),
        ("extensionHistory", json!([])),
        ("replacementHistory", json!([])),
        ("notes", json!("by courier")),
    ] {
        assert_eq!(rental[field], expected, "{field}");
    }
    for absent in [
        "actualMonthsRented",
        "monthsSaved",
        "billingGroupId",
        "upgradeFromRentalId",
    ] {
        assert!(rental.get(absent).is_none(), "{absent}");
    }
    assert_eq!(&app.rental(id).await, rental);
    app.finish().await;
}

#[tokio::test]
async fn asset_order_and_customer_follow_in_the_same_step() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    app.asset("A2", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 2).await;
    app.confirm(&order).await;
    let before = app.event_kinds().await.len();

    let first = app.subscribe(&order, &customer, "A1").await;
    let stored = app.get_order(&order).await;
    assert_eq!(stored["status"], "partial");
    assert_eq!(
        stored["rentalProgress"],
        json!({ "totalDevices": 2, "rentedDevices": 1 })
    );
    assert_eq!(stored["items"][0]["rentalStatus"], "partial");
    let asset = app.get_asset("A1").await;
    assert_eq!(asset["status"], "rented_out");
    assert_eq!(
        [&asset["customerId"], &asset["rentalId"]],
        [&json!(customer), &json!(first)]
    );
    let kinds = app.events_since(before).await;
    assert_eq!(kinds[..2], ["subscription.created", "asset.assigned"]);
    assert_eq!(kinds[2..], ["payment.scheduled"; 12]);

    let before = app.event_kinds().await.len();
    let second = app.subscribe(&order, &customer, "A2").await;
    let stored = app.get_order(&order).await;
    assert_eq!(stored["status"], "fulfilled");
    assert_eq!(stored["rentalIds"], json!([first, second]));
    assert_eq!(
        app.events_since(before).await.last().unwrap(),
        "order.fulfilled"
    );

    let customer = app.get_customer(&customer).await;
    assert_eq!(customer["totalDevicesRented"], 2);
    assert_eq!(customer["totalMonthlyRevenue"], 100.0);
    assert_eq!(customer["rentalIds"], json!([first, second]));
    app.finish().await;
}

#[tokio::test]
async fn events_name_the_records_concerned() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    let payment = app.payments(&rental).await.remove(0);
    let events = app.events().await;
    let data = |kind: &str| {
        events
            .iter()
            .find(|event| event.0 == kind)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        data("subscription.created"),
        json!({
            "subscriptionId": rental, "customerId": customer, "orderId": order,
            "serialNumber": "A1"
        })
    );
    assert_eq!(
        data("asset.assigned"),
        json!({ "serialNumber": "A1", "subscriptionId": rental, "customerId": customer })
    );
    assert_eq!(
        data("payment.scheduled"),
        json!({ "paymentId": payment.id, "subscriptionId": rental, "customerId": customer })
    );
    app.finish().await;
}

#[tokio::test]
async fn events_of_a_life_name_the_subscription_the_customer_the_order_and_the_device() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    for serial in ["A2", "A3"] {
        app.asset(serial, "SKU").await;
    }
    let of = |rental: &str, order: &str, serial: &str| {
        json!({
            "subscriptionId": rental, "customerId": customer, "orderId": order,
            "serialNumber": serial
        })
    };
    let last = async |kind: &str| {
        let events = app.events().await;
        let found = events.into_iter().rfind(|event| event.0 == kind);
        found.unwrap_or_else(|| panic!("no {kind}")).1
    };
    let extension = json!({ "extensionMonths": 1, "reason": "r" });
    app.act(&rental, "extend", extension).await.is(200);
    assert_eq!(
        last("subscription.extended").await,
        of(&rental, &order, "A1")
    );
    let replacement = json!({ "newSerialNumber": "A2", "replacementReason": "lost" });
    app.act(&rental, "replace", replacement).await.is(200);
    let device = json!({ "serialNumber": "A2", "subscriptionId": rental, "customerId": customer });
    assert_eq!(last("asset.assigned").await, device);
    let upgrade = json!({
        "newSku": "SKU", "newSerialNumber": "A3", "contractLength": 12, "newMonthlyAmount": 60,
        "reason": "r"
    });
    let new = app.act(&rental, "upgrade", upgrade).await;
    let new = new.text("/newRentalId");
    for kind in ["subscription.upgraded", "subscription.ended"] {
        assert_eq!(last(kind).await, of(&rental, &order, "A2"), "{kind}");
    }
    let second = app.rental(&new).await["orderId"].clone();
    let second = second.as_str().expect("an order");
    assert_eq!(last("subscription.created").await, of(&new, second, "A3"));
    let returned = json!({ "returnCondition": "good", "reason": "r" });
    app.act(&new, "early-return", returned).await.is(200);
    assert_eq!(last("subscription.ended").await, of(&new, second, "A3"));
    let device = json!({ "serialNumber": "A3", "subscriptionId": new, "customerId": customer });
    assert_eq!(last("asset.returned").await, device);
    app.finish().await;
}

#[tokio::test]
async fn the_item_is_the_lowest_open_one_unless_length_or_index_say_otherwise() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.variant("OTHER").await;
    for serial in ["A1", "A2", "A3"] {
        app.asset(serial, "SKU").await;
    }
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["items"] = json!([
        { "sku": "OTHER", "quantity": 1, "contractLength": 12 },
        { "sku": "SKU", "quantity": 1, "contractLength": 12 },
        { "sku": "SKU", "quantity": 1, "contractLength": 24 },
        { "sku": "SKU", "quantity": 1, "contractLength": 24 }
    ]);
    let answer = app.post("/v1/orders", body).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;
    let start = async |serial: &str, more: serde_json::Value| {
        let mut body =
            json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        app.post("/v1/subscriptions", body).await
    };

    let taken = async || {
        let order = app.get_order(&order).await;
        let items = order["items"].as_array().unwrap().iter();
        items
            .map(|item| item["rentalIds"].as_array().unwrap().len())
            .collect::<Vec<_>>()
    };
    start("A1", json!({ "orderItemIndex": 3 })).await.is(201);
    assert_eq!(taken().await, [0, 0, 0, 1]);
    start("A2", json!({ "orderItemIndex": 3 }))
        .await
        .refused(400, "ITEM_FULLY_FULFILLED");
    start("A2", json!({ "orderItemIndex": 0 }))
        .await
        .refused(400, "SKU_MISMATCH");
    start("A2", json!({ "orderItemIndex": 4 }))
        .await
        .refused(400, "VALIDATION_ERROR");
    start("A2", json!({ "contractLength": 24 })).await.is(201);
    assert_eq!(taken().await, [0, 0, 1, 1]);
    let answer = start("A3", json!({})).await;
    assert_eq!(answer.is(201)["rental"]["contractLength"], 12);
    assert_eq!(taken().await, [0, 1, 1, 1]);
    app.finish().await;
}

#[tokio::test]
async fn another_length_needs_a_tier_and_keeps_the_price_of_the_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&order).await;
    let mut body = json!({
        "orderId": order, "customerId": customer, "assetSerialNumber": "A1", "contractLength": 18
    });
    app.post("/v1/subscriptions", body.clone())
        .await
        .refused(400, "INVALID_CONTRACT_LENGTH");
    for length in [json!(0), json!(121), json!(12.5), json!("12")] {
        body["contractLength"] = length;
        app.post("/v1/subscriptions", body.clone())
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    body["contractLength"] = json!(24);
    let answer = app.post("/v1/subscriptions", body).await;
    let rental = &answer.is(201)["rental"];
    assert_eq!(rental["contractLength"], 24);
    assert_eq!(rental["originalContractLength"], 24);
    assert_eq!(rental["endDate"], "2028-03-09");
    assert_eq!(rental["monthlyAmount"], 50.0);
    assert_eq!(app.payments(&answer.text("/rentalId")).await.len(), 24);
    app.finish().await;
}

#[tokio::test]
async fn the_start_day_may_be_past_or_future_and_is_a_day_of_the_tenants_zone() {
    let app = App::start_with(|it| it.localization.timezone = "Asia/Dubai".into()).await;
    app.variant("SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 4).await;
    app.confirm(&order).await;
    for (serial, given, day, end) in [
        ("A1", "2025-12-31", "2025-12-31", "2026-12-30"),
        ("A2", "2026-05-31T22:30:00Z", "2026-06-01", "2027-05-31"),
        ("A3", "2028-02-29", "2028-02-29", "2029-02-27"),
    ] {
        app.asset(serial, "SKU").await;
        let answer = app
            .post(
                "/v1/subscriptions",
                json!({
                    "orderId": order, "customerId": customer, "assetSerialNumber": serial,
                    "startDate": given
                }),
            )
            .await;
        let rental = &answer.is(201)["rental"];
        assert_eq!(rental["status"], "active");
        assert_eq!([&rental["startDate"], &rental["endDate"]], [day, end]);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_start_day_is_at_most_ten_years_away() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    app.asset("A2", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 2).await;
    app.confirm(&order).await;
    let start = |serial: &str, day: &str| {
        json!({
            "orderId": order, "customerId": customer, "assetSerialNumber": serial,
            "startDate": day
        })
    };
    for day in [
        "0000-01-01",
        "0001-01-01",
        "-000001-01-01T00:00:00Z",
        "2016-03-09",
        "2016-03-09T23:59:59Z",
        "2036-03-11",
        "9899-12-31",
        "9999-12-30T00:00:00Z",
        "+010000-01-01T00:00:00Z",
    ] {
        let answer = app.post("/v1/subscriptions", start("A1", day)).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "startDate", "{day}");
    }
    for (serial, day) in [("A1", "2016-03-10"), ("A2", "2036-03-10")] {
        let answer = app.post("/v1/subscriptions", start(serial, day)).await;
        assert_eq!(answer.is(201)["rental"]["startDate"], day);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_devices_own_cost_goes_before_the_variants() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.priced(
        "BARE",
        json!([{ "contractLength": 12, "monthlyPrice": 10 }]),
    )
    .await;
    let asset = json!({ "serialNumber": "A1", "sku": "SKU", "acquisitionCost": 555.5 });
    app.post("/v1/assets", asset).await.is(201);
    app.asset("A2", "BARE").await;

    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&order).await;
    let rental = app
        .rental(&app.subscribe(&order, &customer, "A1").await)
        .await;
    assert_eq!(rental["acquisitionCost"], 555.5);
    assert_eq!(rental["acquisitionCostSource"], "manual");

    let (order, customer) = app.order("ada@example.com", "BARE", 1).await;
    app.confirm(&order).await;
    let rental = app
        .rental(&app.subscribe(&order, &customer, "A2").await)
        .await;
    assert_eq!(rental["acquisitionCostSource"], "unknown");
    assert_eq!(rental["listPriceSource"], "unknown");
    assert_eq!(rental["recoveryStatus"], "no_data");
    for absent in [
        "acquisitionCost",
        "listPrice",
        "costRecoveryPercent",
        "currentProfit",
    ] {
        assert!(rental.get(absent).is_none(), "{absent}");
    }
    app.finish().await;
}

#[tokio::test]
async fn later_prices_do_not_touch_the_price_of_the_order() {
    let app = App::start().await;
    app.priced(
        "S",
        json!([{
            "contractLength": 12, "monthlyPrice": 50,
            "discount": { "type": "percentage", "value": 10 }
        }]),
    )
    .await;
    app.asset("A1", "S").await;
    let (order, customer) = app.order("ada@example.com", "S", 1).await;
    app.confirm(&order).await;
    app.priced("S", json!([{ "contractLength": 12, "monthlyPrice": 99 }]))
        .await;
    let rental = app
        .rental(&app.subscribe(&order, &customer, "A1").await)
        .await;
    assert_eq!(rental["monthlyAmount"], 45.0);
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_can_join_an_active_billing_group_of_its_customer() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&order).await;
    app.group("bg_1", &customer, BillingGroupStatus::Active)
        .await;
    let answer = app
        .post(
            "/v1/subscriptions",
            json!({
                "orderId": order, "customerId": customer, "assetSerialNumber": "A1",
                "billingGroupId": "bg_1"
            }),
        )
        .await;
    assert_eq!(answer.is(201)["rental"]["billingGroupId"], "bg_1");
    app.finish().await;
}
