//! What a subscription has recovered of its device, and words and numbers at their bounds.

use serde_json::{Value, json};

use crate::suite::support::App;

/// A contract of 12 × `price` with a device that cost so much, if that is known: the subscription.
async fn with_cost(app: &App, serial: &str, price: f64, cost: Value) -> String {
    let pricing = json!([{ "contractLength": 12, "monthlyPrice": price }]);
    app.priced(serial, pricing).await;
    let mut asset = json!({ "serialNumber": serial, "sku": serial });
    if !cost.is_null() {
        asset["acquisitionCost"] = cost;
    }
    app.post("/v1/assets", asset).await.is(201);
    let (order, customer) = app.order(&format!("{serial}@example.com"), serial, 1).await;
    app.confirm(&order).await;
    app.subscribe(&order, &customer, serial).await
}

#[tokio::test]
async fn breakeven_is_the_month_in_which_the_cost_is_paid() {
    let app = App::start().await;
    for (serial, price, cost, months) in [
        ("A", 50.0, 600.0, 12),
        ("B", 50.0, 600.01, 13),
        ("C", 50.0, 599.99, 12),
        ("D", 45.0, 628.0, 14),
        ("E", 50.0, 0.01, 1),
    ] {
        let rental = with_cost(&app, serial, price, json!(cost)).await;
        assert_eq!(
            app.rental(&rental).await["breakevenMonths"],
            months,
            "{serial}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cost_of_nothing_is_profitable_and_no_cost_says_nothing() {
    let app = App::start().await;
    let free = with_cost(&app, "FREE", 50.0, json!(0)).await;
    let shown = app.rental(&free).await;
    assert_eq!(shown["recoveryStatus"], "profitable");
    assert_eq!(shown["acquisitionCost"], 0.0);
    assert_eq!(shown["acquisitionCostSource"], "manual");
    assert_eq!(shown["currentProfit"], 0.0);
    assert!(shown.get("costRecoveryPercent").is_none());
    let unknown = with_cost(&app, "UNKNOWN", 50.0, Value::Null).await;
    app.pay(&unknown, 12).await;
    app.advance_days(300);
    let shown = app.rental(&unknown).await;
    assert_eq!(shown["recoveryStatus"], "no_data");
    assert_eq!(shown["totalCollected"], 600.0);
    for absent in [
        "acquisitionCost",
        "costRecoveryPercent",
        "currentProfit",
        "breakevenMonths",
        "hasReachedBreakeven",
    ] {
        assert!(shown.get(absent).is_none(), "{absent}");
    }
    app.finish().await;
}

#[tokio::test]
async fn more_than_the_whole_cost_is_a_profit() {
    let app = App::start().await;
    for (serial, cost, status, percent) in [
        ("LESS", 100.01, "recovering", 99.99),
        ("WHOLE", 100.0, "recovering", 100.0),
        ("MORE", 99.99, "profitable", 100.01),
    ] {
        let rental = with_cost(&app, serial, 50.0, json!(cost)).await;
        app.pay(&rental, 2).await;
        let shown = app.rental(&rental).await;
        assert_eq!(shown["recoveryStatus"], status, "{serial}");
        assert_eq!(shown["costRecoveryPercent"], percent, "{serial}");
        let reached = percent >= 100.0;
        assert_eq!(shown["hasReachedBreakeven"], reached, "{serial}");
    }
    app.finish().await;
}

#[tokio::test]
async fn at_risk_begins_after_half_of_the_contract_and_ends_above_half_of_the_cost() {
    let app = App::start().await;
    let half = with_cost(&app, "HALF", 50.0, json!(100)).await;
    let above = with_cost(&app, "ABOVE", 50.0, json!(99.99)).await;
    for rental in [&half, &above] {
        app.pay(rental, 1).await;
    }
    // Of 365 days, 182 are less than half and 183 are more.
    for (days, status) in [(182, "recovering"), (1, "at_risk")] {
        app.advance_days(days);
        assert_eq!(app.rental(&half).await["recoveryStatus"], status, "{days}");
        assert_eq!(app.rental(&above).await["recoveryStatus"], "recovering");
    }
    app.finish().await;
}

#[tokio::test]
async fn every_word_of_the_contract_is_taken_and_kept() {
    let app = App::start().await;
    app.variant("SKU").await;
    let cases: [(&str, &str, &[&str], &str); 4] = [
        (
            "buyout",
            "reason",
            &["customer_request", "end_of_contract", "other"],
            "/buyoutDetails/reason",
        ),
        (
            "cancel",
            "reason",
            &[
                "customer_request",
                "payment_failure",
                "fraud",
                "admin_decision",
                "other",
            ],
            "/cancellationDetails/reason",
        ),
        (
            "replace",
            "replacementReason",
            &["damaged", "stolen", "defective", "lost"],
            "/replacementHistory/0/reason",
        ),
        (
            "early-return",
            "returnCondition",
            &["excellent", "good", "fair", "poor", "damaged"],
            "/earlyReturnDetails/returnCondition",
        ),
    ];
    for (action, name, words, kept) in cases {
        for word in words {
            let (serial, spare) = (format!("{action}-{word}"), format!("{action}-{word}-2"));
            let (_, _, rental) = app.renting(&format!("{serial}@example.com"), &serial).await;
            let mut body = json!({ "reason": "other" });
            if action == "replace" {
                app.asset(&spare, "SKU").await;
                body = json!({ "newSerialNumber": spare });
            }
            for none in [
                json!("none"),
                json!(word.to_uppercase()),
                json!(""),
                json!(null),
            ] {
                body[name] = none;
                let answer = app.act(&rental, action, body.clone()).await;
                answer.refused(400, "VALIDATION_ERROR");
            }
            body[name] = json!(word);
            app.act(&rental, action, body).await.is(200);
            let shown = app.rental(&rental).await;
            assert_eq!(shown.pointer(kept), Some(&json!(word)), "{action}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_contract_that_ends_before_it_begins_was_rented_for_no_month() {
    let app = App::start().await;
    let rental = app
        .lend("A1", 12, json!(10), json!({ "startDate": "2026-03-11" }))
        .await;
    let path = "/v1/subscriptions/calculate-early-return-fee";
    let quote = app.post(path, json!({ "rentalId": rental })).await;
    assert_eq!(quote.is(200)["remainingMonths"], 12);
    assert_eq!(quote.body["earlyReturnFee"], 120.0);
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    let shown = app.rental(&rental).await;
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [0, 12]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_fee_of_nothing_that_is_what_is_calculated_is_no_waiver() {
    let app = App::start_with(|it| {
        it.early_return.method = service::settings::EarlyReturnMethod::NoFee;
        it.early_return.allow_manual_override = false;
    })
    .await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let body = json!({ "returnCondition": "good", "reason": "r", "earlyReturnFee": 0 });
    let answer = app.act(&rental, "early-return", body).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 0.0);
    let details = app.rental(&rental).await["earlyReturnDetails"].clone();
    assert_eq!(details["feeWaived"], false);
    assert_eq!(
        app.payments(&rental).await.len(),
        12,
        "nothing is to be paid"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_amount_that_the_currency_cannot_carry_is_a_rule_and_comes_in_its_place() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let extend = |months: i64| json!({ "extensionMonths": months, "newMonthlyAmount": 1.001, "reason": "r" });
    let upgrade = json!({
        "newSku": "NONE", "newSerialNumber": "N", "contractLength": 12, "newMonthlyAmount": 1.001,
        "reason": "r"
    });
    for (action, body) in [("extend", extend(1)), ("upgrade", upgrade.clone())] {
        app.act("sub_none", action, body)
            .await
            .refused(404, "NOT_FOUND");
    }
    let refused = app.act(&rental, "extend", extend(121)).await;
    refused.refused(400, "INVALID_EXTENSION_MONTHS");
    let refused = app.act(&rental, "extend", extend(1)).await;
    refused.refused(400, "INVALID_PRICING");
    let refused = app.act(&rental, "upgrade", upgrade.clone()).await;
    refused.refused(400, "INVALID_PRICING");
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    for (action, body) in [("extend", extend(1)), ("upgrade", upgrade)] {
        let refused = app.act(&rental, action, body).await;
        refused.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    }
    app.finish().await;
}

#[tokio::test]
async fn half_a_cent_of_a_price_or_fee_is_rounded_up() {
    let app = App::start_with(|it| {
        it.early_return.penalty_percent = 50.0;
        it.buyout.method = service::settings::BuyoutMethod::RrpPercentage;
        it.buyout.rrp_percent = 50.0;
    })
    .await;
    for (serial, price, half) in [("A", 0.05, 0.03), ("B", 0.04, 0.02), ("C", 0.01, 0.01)] {
        let mut body = json!({
            "productSku": serial, "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{
                "variantSku": serial, "variantName": "v", "grade": "A",
                "pricing": [{ "contractLength": 2, "monthlyPrice": price }]
            }]
        });
        body["variants"][0]["listPrice"] = json!(price);
        app.post("/v1/products", body).await.is(201);
        app.asset(serial, serial).await;
        let mut order = super::order_body(&format!("{serial}@example.com"), serial, 1);
        order["items"][0]["contractLength"] = json!(2);
        let order = app.post("/v1/orders", order).await;
        app.confirm(&order.text("/orderId")).await;
        let customer = order.text("/order/customer/customerId");
        let rental = app
            .subscribe(&order.text("/orderId"), &customer, serial)
            .await;
        for (quote, name) in [
            ("calculate-buyout", "buyoutPrice"),
            ("calculate-early-return-fee", "earlyReturnFee"),
        ] {
            let path = format!("/v1/subscriptions/{quote}");
            let answer = app.post(&path, json!({ "rentalId": rental })).await;
            assert_eq!(answer.is(200)[name], half, "{serial} {name}");
        }
    }
    app.finish().await;
}
