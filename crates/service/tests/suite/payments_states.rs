//! Every state of a payment against everything that can be asked of it; amounts, and the orders of the list.

use jiff::SignedDuration;
use serde_json::{Value, json};
use service::settings::TaxCalculation;

use crate::suite::support::{Answer, App, order_body};

async fn ask(app: &App, id: &str, action: &str, body: Value) -> Answer {
    app.post(&format!("/v1/payments/{id}/{action}"), body).await
}

/// Payments of a subscription by due date.
async fn of(app: &App, rental: &str) -> Vec<Value> {
    let path = format!("/v1/payments?rentalId={rental}&sortBy=dueDate&sortDir=asc&limit=100");
    let list = app.get(&path).await;
    list.is(200)["payments"]
        .as_array()
        .expect("payments")
        .clone()
}

fn id(payment: &Value) -> &str {
    payment["paymentId"].as_str().expect("an id")
}

/// A subscription at a price, under the settings there are: what it is to pay.
async fn priced(app: &App, sku: &str, price: f64) -> Vec<Value> {
    let body = json!({
        "productSku": format!("P-{sku}"), "name": sku, "specification": "s", "category": "laptops",
        "brand": "b", "variants": [{
            "variantSku": sku, "variantName": sku, "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": price }]
        }]
    });
    app.post("/v1/products", body).await.is(201);
    app.asset(sku, sku).await;
    let order = order_body(&format!("{sku}@example.com"), sku, 1);
    let order = app.post("/v1/orders", order).await;
    order.is(201);
    app.confirm(&order.text("/orderId")).await;
    let customer = order.text("/order/customer/customerId");
    let rental = app.subscribe(&order.text("/orderId"), &customer, sku).await;
    of(app, &rental).await
}

#[tokio::test]
async fn each_state_allows_what_its_row_says() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let body = json!({ "extensionMonths": 12, "reason": "r" });
    let path = format!("/v1/subscriptions/{rental}/extend");
    app.post(&path, body).await.is(200);
    let mut fresh = of(&app, &rental).await.into_iter();
    let pay = ("mark-paid", json!({}));
    let waive = ("cancel", json!({ "reason": "waived" }));
    let process = ("record-attempt", json!({ "status": "processing" }));
    let fail = ("record-attempt", json!({ "status": "failed" }));
    // How a payment gets into the state; what each of the four then leads to, a state or a refusal.
    for (state, way, row) in [
        (
            "pending",
            None,
            ["paid", "cancelled", "processing", "failed"],
        ),
        (
            "processing",
            Some(&process),
            [
                "PAYMENT_PROCESSING",
                "PAYMENT_PROCESSING",
                "PAYMENT_PROCESSING",
                "failed",
            ],
        ),
        (
            "failed",
            Some(&fail),
            ["paid", "cancelled", "processing", "failed"],
        ),
        ("paid", Some(&pay), ["ALREADY_PAID"; 4]),
        (
            "cancelled",
            Some(&waive),
            [
                "PAYMENT_CANCELLED",
                "ALREADY_CANCELLED",
                "PAYMENT_CANCELLED",
                "PAYMENT_CANCELLED",
            ],
        ),
    ] {
        for ((action, body), outcome) in [&pay, &waive, &process, &fail].into_iter().zip(row) {
            let payment = fresh.next().expect("one for each cell");
            if let Some((action, body)) = way {
                ask(&app, id(&payment), action, body.clone()).await.is(200);
            }
            let before = app.get(&format!("/v1/payments/{}", id(&payment))).await;
            assert_eq!(before.is(200)["payment"]["status"], state);
            let events = app.event_kinds().await.len();
            let answer = ask(&app, id(&payment), action, body.clone()).await;
            let after = app.get(&format!("/v1/payments/{}", id(&payment))).await;
            if outcome.starts_with(char::is_uppercase) {
                answer.refused(400, outcome);
                assert_eq!(after.body, before.body, "{state} {action} {body}");
                assert_eq!(app.event_kinds().await.len(), events);
                continue;
            }
            assert_eq!(answer.is(200)["payment"], after.body["payment"]);
            assert_eq!(after.body["payment"]["status"], outcome, "{state} {action}");
            let told = app.event_kinds().await.split_off(events);
            let expected: &[&str] = match outcome {
                "paid" => &["payment.succeeded"],
                "failed" => &["payment.failed"],
                _ => &[],
            };
            assert_eq!(told, expected, "{state} {action}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_payment_can_have_been_made_up_to_this_moment() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let due = of(&app, &rental).await;
    let at = |moment: jiff::Timestamp| json!({ "paidAt": moment.to_string() });
    let later = app.clock().now() + SignedDuration::from_secs(10);
    let refused = ask(&app, id(&due[0]), "mark-paid", at(later)).await;
    refused.refused(400, "INVALID_DATE");
    let now = app.clock().now();
    let paid = ask(&app, id(&due[0]), "mark-paid", at(now)).await;
    assert_eq!(paid.is(200)["payment"]["status"], "paid");
    // What was moments ahead a moment ago.
    app.advance(SignedDuration::from_secs(10));
    ask(&app, id(&due[1]), "mark-paid", at(later)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_reason_to_waive_is_added_to_the_notes_and_has_at_least_a_character() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let due = of(&app, &rental).await;
    for bad in [
        json!({ "reason": "" }),
        json!({}),
        json!({ "reason": null }),
        json!({ "reason": 1 }),
    ] {
        let answer = ask(&app, id(&due[0]), "cancel", bad).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "reason");
    }
    let waived = ask(&app, id(&due[0]), "cancel", json!({ "reason": "x" })).await;
    assert_eq!(waived.is(200)["payment"]["notes"], "x");
    assert_eq!(waived.body["payment"]["paidAt"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn half_a_cent_of_tax_is_rounded_up() {
    let app = App::start_with(|it| {
        it.taxes.enabled = true;
        it.taxes.default_rate = 5.0;
    })
    .await;
    // 5 % of 0.50 is 0.025, of 0.49 it is 0.0245, of 0.10 it is 0.005.
    for (sku, price, tax) in [
        ("A", 0.5, 0.03),
        ("B", 0.49, 0.02),
        ("C", 0.1, 0.01),
        ("D", 0.09, 0.0),
    ] {
        let payment = priced(&app, sku, price).await.remove(0);
        assert_eq!(payment["subtotal"], price, "{sku}");
        assert_eq!(payment["taxAmount"], tax, "{sku}");
        assert_eq!(payment["total"], price + tax, "{sku}");
        assert_eq!(payment["amount"], payment["total"], "{sku}");
        assert_eq!(payment["taxRate"], 5.0);
    }
    app.finish().await;
}

#[tokio::test]
async fn prices_that_include_tax_stay_what_they_are() {
    let app = App::start_with(|it| {
        it.taxes.enabled = true;
        it.taxes.default_rate = 100.0;
        it.taxes.calculation = TaxCalculation::Inclusive;
    })
    .await;
    // Half of 0.05 is 0.025, so that the net amount is rounded up, and the tax is the rest.
    for (sku, price, net) in [("A", 0.05, 0.03), ("B", 0.04, 0.02), ("C", 0.01, 0.01)] {
        let payment = priced(&app, sku, price).await.remove(0);
        assert_eq!(payment["total"], price, "{sku}");
        assert_eq!(payment["subtotal"], net, "{sku}");
        let tax = payment["taxAmount"].as_f64().expect("a number");
        assert_eq!(
            (tax * 100.0).round(),
            ((price - net) * 100.0).round(),
            "{sku}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn the_list_is_sorted_by_each_field_in_both_directions() {
    let app = App::start().await;
    let dear = priced(&app, "DEAR", 30.0).await;
    app.advance_days(1);
    let cheap = priced(&app, "CHEAP", 10.0).await;
    ask(&app, id(&cheap[3]), "mark-paid", json!({}))
        .await
        .is(200);
    ask(&app, id(&dear[2]), "cancel", json!({ "reason": "r" }))
        .await
        .is(200);
    let all = async |query: &str| {
        let list = app.get(&format!("/v1/payments?limit=100&{query}")).await;
        list.is(200)["payments"]
            .as_array()
            .expect("payments")
            .clone()
    };
    for field in ["createdAt", "dueDate", "total", "status"] {
        let ascending = all(&format!("sortBy={field}&sortDir=asc")).await;
        assert_eq!(ascending.len(), 24);
        // Ties go by the id, in the same direction.
        let key = |it: &Value| {
            let value = match &it[field] {
                Value::Number(number) => format!("{:012.2}", number.as_f64().expect("a number")),
                value => value.as_str().expect("a text").to_owned(),
            };
            (value, id(it).to_owned())
        };
        let keys: Vec<_> = ascending.iter().map(key).collect();
        assert!(keys.is_sorted(), "{field}: {keys:#?}");
        let mut descending = all(&format!("sortBy={field}&sortDir=desc")).await;
        descending.reverse();
        assert_eq!(descending, ascending, "{field}");
    }
    let usual = all("").await;
    assert_eq!(usual, all("sortBy=createdAt&sortDir=desc").await);
    app.finish().await;
}

#[tokio::test]
async fn both_ends_of_the_due_dates_belong_to_them_and_filters_combine() {
    let app = App::start().await;
    let payments = priced(&app, "A", 10.0).await;
    let customer = payments[0]["customerId"]
        .as_str()
        .expect("an id")
        .to_owned();
    ask(&app, id(&payments[1]), "mark-paid", json!({}))
        .await
        .is(200);
    for (query, count) in [
        ("dueDateFrom=2026-04-10", 11),
        ("dueDateFrom=2026-04-11", 10),
        ("dueDateTo=2026-04-10", 2),
        ("dueDateTo=2026-04-09", 1),
        ("dueDateFrom=2026-04-10&dueDateTo=2026-04-10", 1),
        (
            "dueDateFrom=2026-04-10T23:59:59Z&dueDateTo=2026-04-10T00:00:00Z",
            1,
        ),
        ("dueDateFrom=2026-04-11&dueDateTo=2026-04-10", 0),
        ("status=paid&dueDateFrom=2026-04-10", 1),
        ("status=paid&dueDateFrom=2026-04-11", 0),
        ("status=pending", 11),
        ("status=processing", 0),
        ("status=failed", 0),
        ("status=cancelled", 0),
        ("customerId=cust_none", 0),
        ("rentalId=sub_none", 0),
        ("billingGroupId=bg_none", 0),
    ] {
        let list = app.get(&format!("/v1/payments?{query}")).await;
        assert_eq!(list.is(200)["count"], count, "{query}");
    }
    let query = format!("customerId={customer}&status=paid&dueDateTo=2026-12-31");
    let list = app.get(&format!("/v1/payments?{query}")).await;
    assert_eq!(list.is(200)["payments"][0]["paymentId"], id(&payments[1]));
    app.finish().await;
}
