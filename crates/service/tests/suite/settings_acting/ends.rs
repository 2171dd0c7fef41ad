//! Extensions, upgrades, and the ends of contracts with what they cost.

use serde_json::{Value, json};

use crate::suite::support::App;

/// A contract of 12 × 50.00 with a list price of 1000.00, in its second month: 10 months are to come.
async fn second_month(app: &App) -> Value {
    let rental = app.begun("individual", json!({})).await;
    app.advance_days(40);
    rental
}

async fn buyout_quote(app: &App, rental: &Value) -> Value {
    let body = json!({ "rentalId": rental["rentalId"] });
    let path = "/v1/subscriptions/calculate-buyout";
    app.post(path, body).await.is(200)["buyoutPrice"].clone()
}

async fn return_quote(app: &App, rental: &Value) -> Value {
    let body = json!({ "rentalId": rental["rentalId"] });
    let path = "/v1/subscriptions/calculate-early-return-fee";
    app.post(path, body).await.is(200)["earlyReturnFee"].clone()
}

fn months(months: i64) -> Value {
    json!({ "extensionMonths": months, "reason": "stays" })
}

fn returned() -> Value {
    json!({ "returnCondition": "good", "reason": "done" })
}

#[tokio::test]
async fn extensions_options_are_the_months_on_offer() {
    let app = App::start().await;
    let rental = app.begun("individual", json!({})).await;
    app.set(json!({ "extensions": { "options": [3, 6] } }))
        .await;
    let refused = app.done(&rental, "extend", months(4)).await;
    refused.refused(400, "INVALID_EXTENSION_MONTHS");
    app.done(&rental, "extend", months(6)).await.is(200);
    app.set(json!({ "extensions": { "options": [] } })).await;
    app.done(&rental, "extend", months(4)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn extensions_max_per_subscription_limits_how_often() {
    let app = App::start().await;
    let rental = app.begun("individual", json!({})).await;
    app.set(json!({ "extensions": { "maxPerSubscription": 1 } }))
        .await;
    app.done(&rental, "extend", months(1)).await.is(200);
    let refused = app.done(&rental, "extend", months(1)).await;
    refused.refused(400, "EXTENSION_NOT_ALLOWED");
    app.set(json!({ "extensions": { "maxPerSubscription": null } }))
        .await;
    app.done(&rental, "extend", months(1)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn extensions_window_days_are_those_before_the_end() {
    let app = App::start().await;
    let rental = app.begun("individual", json!({})).await;
    app.set(json!({ "extensions": { "windowDays": 30 } })).await;
    // The last day is 9 March 2027.
    app.advance_days(364 - 31);
    let refused = app.done(&rental, "extend", months(1)).await;
    refused.refused(400, "EXTENSION_NOT_ALLOWED");
    app.advance_days(1);
    app.done(&rental, "extend", months(1)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn extensions_create_order_records_an_order() {
    let app = App::start().await;
    let rental = app.begun("individual", json!({})).await;
    for (create, count) in [(false, 1), (true, 2)] {
        app.set(json!({ "extensions": { "createOrder": create } }))
            .await;
        app.done(&rental, "extend", months(1)).await.is(200);
        let orders = app.get("/v1/orders?sortDir=desc").await;
        assert_eq!(orders.is(200)["count"], count);
    }
    let order = app.get("/v1/orders").await.body["orders"][0].clone();
    assert_eq!(
        [&order["orderType"], &order["status"]],
        ["extension", "fulfilled"]
    );
    app.finish().await;
}

#[tokio::test]
async fn upgrades_buyout_and_early_return_enabled_switch_them_off_and_on() {
    let app = App::start().await;
    for (section, action) in [
        ("upgrades", "upgrade"),
        ("buyout", "buyout"),
        ("earlyReturn", "early-return"),
    ] {
        let rental = app.begun("individual", json!({})).await;
        let body = match action {
            "upgrade" => json!({
                "newSku": "SKU", "newSerialNumber": app.spare("SKU").await,
                "contractLength": 24, "newMonthlyAmount": 40, "reason": "x"
            }),
            "buyout" => json!({ "reason": "other" }),
            _ => returned(),
        };
        app.set(json!({ section: { "enabled": false } })).await;
        let refused = app.done(&rental, action, body.clone()).await;
        refused.refused(400, "FEATURE_DISABLED");
        app.set(json!({ section: { "enabled": true } })).await;
        app.done(&rental, action, body).await.is(200);
    }
    app.finish().await;
}

#[tokio::test]
async fn buyout_method_flat_fee_and_rrp_percent_make_the_price() {
    let app = App::start().await;
    let rental = second_month(&app).await;
    for (buyout, price) in [
        (json!({ "method": "flat_fee", "flatFee": 199.9 }), 199.9),
        (json!({ "flatFee": 20 }), 20.0),
        (
            json!({ "method": "rrp_percentage", "rrpPercent": 30 }),
            300.0,
        ),
        (json!({ "method": "remaining_months_plus_rrp" }), 800.0),
        (json!({ "rrpPercent": 12.5 }), 625.0),
        (json!({ "method": "remaining_months" }), 500.0),
    ] {
        app.set(json!({ "buyout": buyout })).await;
        assert_eq!(buyout_quote(&app, &rental).await, price, "{buyout}");
    }
    app.set(json!({ "buyout": { "method": "flat_fee" } })).await;
    let sold = app
        .done(&rental, "buyout", json!({ "reason": "other" }))
        .await;
    assert_eq!(sold.is(200)["buyoutPrice"], 20.0);
    app.finish().await;
}

#[tokio::test]
async fn buyout_allow_manual_override_lets_callers_name_a_price() {
    let app = App::start().await;
    let rental = second_month(&app).await;
    let named = json!({ "buyoutPrice": 123, "reason": "other" });
    app.set(json!({ "buyout": { "allowManualOverride": false } }))
        .await;
    let refused = app.done(&rental, "buyout", named.clone()).await;
    refused.refused(400, "INVALID_BUYOUT_PRICE");
    app.set(json!({ "buyout": { "allowManualOverride": true } }))
        .await;
    let sold = app.done(&rental, "buyout", named).await;
    assert_eq!(sold.is(200)["buyoutPrice"], 123.0);
    app.finish().await;
}

#[tokio::test]
async fn buyout_allow_rrp_estimation_stands_in_for_an_unknown_list_price() {
    let app = App::start().await;
    app.post(
        "/v1/products",
        json!({
            "productSku": "P", "name": "Notebook", "specification": "x", "category": "laptops",
            "brand": "Acme", "variants": [{
                "variantSku": "SKU", "variantName": "Notebook", "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 50 }]
            }]
        }),
    )
    .await
    .is(201);
    let rental = app.begun("individual", json!({})).await;
    app.set(json!({ "buyout": { "method": "rrp_percentage", "rrpPercent": 10 } }))
        .await;
    assert_eq!(buyout_quote(&app, &rental).await, 0.0);
    app.set(json!({ "buyout": { "allowRrpEstimation": true } }))
        .await;
    // 10 % of 12 × 50.00.
    assert_eq!(buyout_quote(&app, &rental).await, 60.0);
    app.finish().await;
}

#[tokio::test]
async fn early_return_method_penalty_percent_and_flat_fee_make_the_fee() {
    let app = App::start().await;
    let rental = second_month(&app).await;
    for (early_return, fee) in [
        (json!({ "penaltyPercent": 25 }), 125.0),
        (json!({ "method": "flat_fee", "flatFee": 80 }), 80.0),
        (json!({ "flatFee": 90.5 }), 90.5),
        (json!({ "method": "no_fee" }), 0.0),
        (
            json!({ "method": "remaining_months", "penaltyPercent": 100 }),
            500.0,
        ),
    ] {
        app.set(json!({ "earlyReturn": early_return })).await;
        assert_eq!(return_quote(&app, &rental).await, fee, "{early_return}");
    }
    let answer = app.done(&rental, "early-return", returned()).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 500.0);
    app.finish().await;
}

#[tokio::test]
async fn early_return_grace_period_days_are_free() {
    let app = App::start().await;
    let rental = app.begun("individual", json!({})).await;
    app.advance_days(14);
    app.set(json!({ "earlyReturn": { "gracePeriodDays": 13 } }))
        .await;
    assert_eq!(return_quote(&app, &rental).await, 550.0);
    app.set(json!({ "earlyReturn": { "gracePeriodDays": 14 } }))
        .await;
    assert_eq!(return_quote(&app, &rental).await, 0.0);
    let answer = app.done(&rental, "early-return", returned()).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 0.0);
    let details = app.now(&rental).await["earlyReturnDetails"].clone();
    assert_eq!(details["calculationBreakdown"]["gracePeriodApplied"], true);
    app.finish().await;
}

#[tokio::test]
async fn early_return_allow_manual_override_lets_callers_name_a_fee() {
    let app = App::start().await;
    let rental = second_month(&app).await;
    let mut named = returned();
    named["earlyReturnFee"] = json!(1);
    app.set(json!({ "earlyReturn": { "allowManualOverride": false } }))
        .await;
    let refused = app.done(&rental, "early-return", named.clone()).await;
    refused.refused(400, "INVALID_FEE");
    app.set(json!({ "earlyReturn": { "allowManualOverride": true } }))
        .await;
    let answer = app.done(&rental, "early-return", named).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 1.0);
    app.finish().await;
}

#[tokio::test]
async fn contract_end_behaviour_decides_what_happens_after_the_last_day() {
    for (behaviour, status, length) in [
        ("require_action", "active", 12),
        ("auto_terminate", "ended_completed", 12),
        ("auto_renew_monthly", "active", 13),
        ("auto_renew_same_term", "active", 24),
    ] {
        let app = App::start().await;
        let rental = app.begun("individual", json!({})).await;
        app.set(json!({ "contractEnd": { "behaviour": behaviour } }))
            .await;
        app.advance_days(365);
        app.service.end_contracts().await.expect("the job runs");
        let now = app.now(&rental).await;
        assert_eq!(now["status"], status, "{behaviour}");
        assert_eq!(now["contractLength"], length, "{behaviour}");
        assert_eq!(app.schedule(&rental).await.len(), length, "{behaviour}");
        app.finish().await;
    }
}

#[tokio::test]
async fn fees_partial_month_rounding_counts_the_month_in_progress_or_not() {
    let app = App::start().await;
    for (rounding, rented) in [("up", 2), ("down", 1)] {
        let rental = second_month(&app).await;
        app.set(json!({ "fees": { "partialMonthRounding": rounding } }))
            .await;
        let answer = app.done(&rental, "early-return", returned()).await;
        assert_eq!(answer.is(200)["actualMonthsRented"], rented, "{rounding}");
        assert_eq!(app.now(&rental).await["monthsSaved"], 12 - rented);
    }
    app.finish().await;
}

#[tokio::test]
async fn fees_charge_current_month_adds_the_month_in_progress() {
    let app = App::start().await;
    let rental = second_month(&app).await;
    for (charged, amount) in [(false, 500.0), (true, 550.0)] {
        app.set(json!({ "fees": { "chargeCurrentMonth": charged } }))
            .await;
        assert_eq!(buyout_quote(&app, &rental).await, amount);
        assert_eq!(return_quote(&app, &rental).await, amount);
    }
    app.finish().await;
}
