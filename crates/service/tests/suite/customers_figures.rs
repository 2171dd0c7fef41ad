//! What a customer has cost and brought, and the orders of the list that go by it.

use serde_json::{Value, json};
use service::settings::FirstPayment;

use crate::suite::support::{App, order_body};

/// A product of one variant at 50.00 for 12 months; `cost` is its acquisition cost, where there is one.
async fn variant(app: &App, sku: &str, cost: Value) {
    let mut body = json!({
        "productSku": format!("P-{sku}"), "name": sku, "specification": "s", "category": "laptops",
        "brand": "b", "variants": [{
            "variantSku": sku, "variantName": sku, "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": 50 }]
        }]
    });
    if !cost.is_null() {
        body["variants"][0]["acquisitionCost"] = cost;
    }
    app.post("/v1/products", body).await.is(201);
}

/// One more contract of a customer: the subscription.
async fn begin(app: &App, email: &str, sku: &str, serial: &str) -> String {
    let order = app.post("/v1/orders", order_body(email, sku, 1)).await;
    order.is(201);
    let customer = order.text("/order/customer/customerId");
    app.confirm(&order.text("/orderId")).await;
    app.asset(serial, sku).await;
    app.subscribe(&order.text("/orderId"), &customer, serial)
        .await
}

/// Ids of the payments of a subscription that are pending, by due date.
async fn pending(app: &App, rental: &str) -> Vec<String> {
    let path = format!("/v1/payments?rentalId={rental}&status=pending&sortBy=dueDate&sortDir=asc");
    let list = app.get(&path).await;
    let payments = list.is(200)["payments"].as_array().expect("payments");
    let id = |it: &Value| it["paymentId"].as_str().expect("an id").to_owned();
    payments.iter().map(id).collect()
}

async fn pay(app: &App, payment: &str) {
    let path = format!("/v1/payments/{payment}/mark-paid");
    app.post(&path, json!({})).await.is(200);
}

#[tokio::test]
async fn what_was_collected_is_net_and_has_buyouts_and_fees_in_it() {
    let app = App::start_with(|it| {
        it.taxes.enabled = true;
        it.taxes.default_rate = 19.0;
    })
    .await;
    variant(&app, "SKU", json!(600)).await;
    let sold = begin(&app, "ada@example.com", "SKU", "A1").await;
    let returned = begin(&app, "ada@example.com", "SKU", "A2").await;
    let customer = app
        .get(&format!("/v1/subscriptions/{sold}"))
        .await
        .text("/customerId");
    let collected = async || app.get_customer(&customer).await["lifetimeCollected"].clone();
    pay(&app, &pending(&app, &sold).await[0]).await;
    assert_eq!(collected().await, 50.0, "without the 9.50 of tax");
    let body = json!({ "reason": "other", "buyoutPrice": 300 });
    let path = format!("/v1/subscriptions/{sold}/buyout");
    app.post(&path, body).await.is(200);
    pay(&app, &pending(&app, &sold).await[0]).await;
    assert_eq!(collected().await, 350.0);
    let body = json!({ "reason": "r", "returnCondition": "good", "earlyReturnFee": 20 });
    let path = format!("/v1/subscriptions/{returned}/early-return");
    app.post(&path, body).await.is(200);
    for payment in pending(&app, &returned).await {
        pay(&app, &payment).await;
    }
    // The month that had begun, and the fee.
    assert_eq!(collected().await, 420.0);
    let shown = app.get_customer(&customer).await;
    assert_eq!(shown["totalAcquisitionCost"], 1200.0);
    assert_eq!(shown["customerMargin"], -780.0);
    assert_eq!(shown["customerMarginPercent"], -65.0);
    assert_eq!(shown["profitability"]["costRecoveryPercent"], 35.0);
    assert_eq!(shown["profitability"]["lifetimeCollected"], 420.0);
    // Failed, pending and waived payments are not collected.
    let other = begin(&app, "ada@example.com", "SKU", "A3").await;
    let due = pending(&app, &other).await;
    let failed = json!({ "status": "failed" });
    let path = format!("/v1/payments/{}/record-attempt", due[0]);
    app.post(&path, failed).await.is(200);
    let path = format!("/v1/payments/{}/cancel", due[1]);
    app.post(&path, json!({ "reason": "r" })).await.is(200);
    assert_eq!(collected().await, 420.0);
    app.finish().await;
}

#[tokio::test]
async fn only_subscriptions_with_a_known_cost_are_tracked() {
    let app = App::start().await;
    variant(&app, "KNOWN", json!(99.99)).await;
    variant(&app, "FREE", json!(0)).await;
    variant(&app, "UNKNOWN", Value::Null).await;
    for (number, (sku, tracked, cost)) in [
        ("UNKNOWN", 0, 0.0),
        ("FREE", 1, 0.0),
        ("KNOWN", 2, 99.99),
        ("KNOWN", 3, 199.98),
    ]
    .into_iter()
    .enumerate()
    {
        let rental = begin(&app, "ada@example.com", sku, &format!("A{number}")).await;
        let rental = app.get(&format!("/v1/subscriptions/{rental}")).await;
        let shown = app.get_customer(&rental.text("/customerId")).await;
        assert_eq!(shown["subscriptionsTracked"], tracked, "{sku}");
        assert_eq!(shown["totalAcquisitionCost"], cost, "{sku}");
        // There is no percentage of nothing.
        let percent = shown.get("customerMarginPercent");
        assert_eq!(percent.is_some(), cost > 0.0, "{sku}: {percent:?}");
        let recovery = shown["profitability"].get("costRecoveryPercent");
        assert_eq!(recovery.is_some(), cost > 0.0, "{sku}: {recovery:?}");
        assert_eq!(shown["profitability"]["totalDevicesEver"], number + 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_average_goes_by_the_months_since_the_first_start_and_by_one_at_least() {
    let app = App::start_with(|it| {
        it.billing.first_payment = FirstPayment::CollectedExternally;
    })
    .await;
    variant(&app, "SKU", json!(600)).await;
    app.asset("A1", "SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    app.confirm(&order).await;
    let body = json!({
        "orderId": order, "customerId": customer, "assetSerialNumber": "A1", "startDate": "2026-04-10"
    });
    app.post("/v1/subscriptions", body).await.is(201);
    // A month before the start, on its first day, on the last of the first month, on the first of the second.
    for (days, average) in [(0, 50.0), (31, 50.0), (29, 50.0), (1, 25.0), (31, 16.67)] {
        app.advance_days(days);
        let shown = app.get_customer(&customer).await;
        let found = &shown["profitability"]["averageMonthlyRevenue"];
        assert_eq!(*found, average, "{days}");
    }
    app.finish().await;
}

#[tokio::test]
async fn subscriptions_keep_the_name_and_email_of_the_order() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let body = json!({ "email": "new@example.com", "firstName": "New", "lastName": "Name" });
    app.put(&format!("/v1/customers/{customer}"), body)
        .await
        .is(200);
    let shown = app.get(&format!("/v1/subscriptions/{rental}")).await;
    assert_eq!(shown.text("/customerEmail"), "ada@example.com");
    assert_eq!(shown.text("/customerName"), "Ada Lovelace");
    app.finish().await;
}

#[tokio::test]
async fn becoming_a_private_person_leaves_billing_groups_alone() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let path = format!("/v1/customers/{customer}");
    let of = |kind: &str| json!({ "customerType": kind });
    app.put(&path, of("business")).await.is(200);
    let body = |name: &str| {
        json!({
            "customerId": customer, "groupName": name, "billingDay": 1,
            "rentalIds": [rental]
        })
    };
    let group = app.post("/v1/billing-groups", body("G")).await;
    group.is(201);
    let at = format!(
        "/v1/billing-groups/{}",
        group.text("/billingGroup/billingGroupId")
    );
    app.put(&path, of("individual")).await.is(200);
    assert_eq!(
        app.get(&at).await.is(200)["billingGroup"],
        group.body["billingGroup"]
    );
    // It is changed as before; only another one is not made.
    let change = json!({ "billingDay": 5, "rentalIds": [rental], "status": "active" });
    app.patch(&at, change).await.is(200);
    let refused = app.post("/v1/billing-groups", body("H")).await;
    refused.refused(400, "CUSTOMER_NOT_BUSINESS");
    app.finish().await;
}

#[tokio::test]
async fn the_list_is_sorted_by_each_field_in_both_directions() {
    let app = App::start().await;
    variant(&app, "SKU", json!(1)).await;
    // By first name: C, A, B; by last name: B, C, A; by e-mail: A, C, B; devices and revenue: 1, 2, 0.
    for (number, (first, last, email, devices)) in [
        ("C", "B", "a@example.com", 1),
        ("A", "C", "c@example.com", 2),
        ("B", "A", "b@example.com", 0),
    ]
    .into_iter()
    .enumerate()
    {
        let mut order = order_body(email, "SKU", 2);
        order["customer"]["firstName"] = json!(first);
        order["customer"]["lastName"] = json!(last);
        let order = app.post("/v1/orders", order).await;
        order.is(201);
        app.confirm(&order.text("/orderId")).await;
        let customer = order.text("/order/customer/customerId");
        for device in 0..devices {
            let serial = format!("S{number}-{device}");
            app.asset(&serial, "SKU").await;
            app.subscribe(&order.text("/orderId"), &customer, &serial)
                .await;
        }
    }
    for (field, ascending) in [
        ("createdAt", "CAB"),
        ("firstName", "ABC"),
        ("lastName", "BCA"),
        ("email", "CBA"),
        ("totalMonthlyRevenue", "BCA"),
        ("totalDevicesRented", "BCA"),
    ] {
        for (direction, expected) in [
            ("asc", ascending.to_owned()),
            ("desc", ascending.chars().rev().collect()),
        ] {
            let path = format!("/v1/customers?sortBy={field}&sortDir={direction}");
            let list = app.get(&path).await;
            let customers = list.is(200)["customers"].as_array().expect("customers");
            let name = |it: &Value| it["firstName"].as_str().expect("a name").to_owned();
            let found: String = customers.iter().map(name).collect();
            assert_eq!(found, expected, "{field} {direction}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn customers_alike_are_told_apart_by_their_ids_in_the_direction_asked_for() {
    let app = App::start().await;
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(app.customer(&format!("{name}@example.com")).await);
    }
    for field in [
        "firstName",
        "lastName",
        "totalMonthlyRevenue",
        "totalDevicesRented",
    ] {
        for direction in ["asc", "desc"] {
            let path = format!("/v1/customers?sortBy={field}&sortDir={direction}");
            let list = app.get(&path).await;
            let customers = list.is(200)["customers"].as_array().expect("customers");
            let found: Vec<_> = customers
                .iter()
                .map(|it| it["customerId"].clone())
                .collect();
            let mut expected = made.clone();
            if direction == "desc" {
                expected.reverse();
            }
            assert_eq!(found, expected, "{field} {direction}");
        }
    }
    app.finish().await;
}
