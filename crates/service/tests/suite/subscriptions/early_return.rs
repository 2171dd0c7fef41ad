//! earlyReturnSubscription and calculateEarlyReturnFee.

use serde_json::{Value, json};
use service::settings::{EarlyReturnMethod, Rounding, Settings};
use store::PaymentStatus;

use crate::suite::support::App;

async fn quote(app: &App, rental: &str) -> [f64; 3] {
    let body = json!({ "rentalId": rental });
    let answer = app
        .post("/v1/subscriptions/calculate-early-return-fee", body)
        .await;
    let body = answer.is(200);
    ["earlyReturnFee", "remainingMonths", "penaltyPercentage"]
        .map(|it| body[it].as_f64().expect("a number"))
}

fn returned() -> Value {
    json!({ "returnCondition": "fair", "reason": "project over" })
}

fn for_fee(fee: Value) -> Value {
    json!({ "returnCondition": "good", "earlyReturnFee": fee, "reason": "project over" })
}

#[tokio::test]
async fn an_early_return_takes_the_device_back_for_the_calculated_fee() {
    let app = App::start_with(|it| it.early_return.penalty_percent = 50.0).await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(155);
    assert_eq!(quote(&app, &rental).await, [150.0, 6.0, 50.0]);
    let before = app.event_kinds().await.len();
    let mut body = returned();
    body["damageAssessment"] = json!("scratches");
    body["notes"] = json!("no box");
    let answer = app.act(&rental, "early-return", body).await;
    let message = answer.text("/message");
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "rentalId": rental, "assetSerialNumber": "A1",
            "earlyReturnFee": 150.0, "currency": "EUR", "actualMonthsRented": 6,
            "returnDate": "2026-08-12", "message": message
        })
    );

    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "ended_early_return");
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [6, 6]
    );
    let details = &shown["earlyReturnDetails"];
    assert_eq!(
        [&details["fee"], &details["feeWaived"]],
        [&json!(150.0), &json!(false)]
    );
    assert_eq!(details["calculationMethod"], "auto_calculated");
    assert_eq!(
        [&details["returnCondition"], &details["damageAssessment"]],
        ["fair", "scratches"]
    );
    assert_eq!(
        [&details["reason"], &details["notes"]],
        ["project over", "no box"]
    );
    assert_eq!(
        details["calculationBreakdown"],
        json!({
            "method": "remaining_months", "remainingMonths": 6, "gracePeriodApplied": false,
            "daysFromStart": 155
        })
    );
    let asset = app.get_asset("A1").await;
    assert_eq!(
        [&asset["status"], &asset["condition"]],
        ["returned", "fair"]
    );
    assert!(asset.get("customerId").is_none() && asset.get("rentalId").is_none());
    let payments = app.payments(&rental).await;
    let fee = payments.iter().find(|row| row.total == 15_000).unwrap();
    assert_eq!(
        fee.idempotency_key,
        format!("{rental}:2026-08:early-return")
    );
    assert_eq!(fee.due_date.to_string(), "2026-08-12");
    assert_eq!(app.due(&rental, PaymentStatus::Cancelled).await.len(), 6);
    let kinds = app.events_since(before).await;
    assert_eq!(
        kinds,
        ["subscription.ended", "asset.returned", "payment.scheduled"]
    );
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn every_method_has_its_formula_and_the_grace_period_is_free() {
    type Change = fn(&mut Settings);
    let cases: [(Change, [f64; 3]); 5] = [
        (|_| {}, [550.0, 11.0, 100.0]),
        (
            |it| it.early_return.method = EarlyReturnMethod::FlatFee,
            [75.25, 11.0, 0.0],
        ),
        (
            |it| it.early_return.method = EarlyReturnMethod::NoFee,
            [0.0, 11.0, 0.0],
        ),
        (
            |it| it.early_return.grace_period_days = 14,
            [0.0, 11.0, 100.0],
        ),
        (
            |it| it.fees.charge_current_month = true,
            [600.0, 12.0, 100.0],
        ),
    ];
    for (change, expected) in cases {
        let app = App::start_with(|it| {
            it.early_return.flat_fee = 75.25;
            change(it);
        })
        .await;
        let (_, _, rental) = app.renting("ada@example.com", "A1").await;
        assert_eq!(quote(&app, &rental).await, expected);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_return_within_the_grace_period_costs_nothing_and_is_no_waiver() {
    let app = App::start_with(|it| it.early_return.grace_period_days = 14).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(14);
    app.act(&rental, "early-return", returned()).await.is(200);
    let details = app.rental(&rental).await["earlyReturnDetails"].clone();
    assert_eq!(
        [&details["fee"], &details["feeWaived"]],
        [&json!(0.0), &json!(false)]
    );
    assert_eq!(details["calculationBreakdown"]["gracePeriodApplied"], true);
    assert_eq!(app.payments(&rental).await.len(), 12);
    app.finish().await;
}

#[tokio::test]
async fn a_named_fee_overrides_the_calculation_and_zero_waives_it() {
    let app = App::start().await;
    let (_, _, first) = app.renting("ada@example.com", "A1").await;
    let (_, _, second) = app.renting("bob@example.com", "B1").await;
    for fee in [json!(-0.01), json!(1e20), json!(0.001)] {
        let answer = app.act(&first, "early-return", for_fee(fee)).await;
        answer.refused(400, "INVALID_FEE");
    }
    let answer = app.act(&first, "early-return", for_fee(json!("0")));
    answer.await.refused(400, "VALIDATION_ERROR");
    let incomplete = json!({ "reason": "x" });
    app.act(&first, "early-return", incomplete)
        .await
        .refused(400, "VALIDATION_ERROR");

    assert_eq!(
        app.act(&first, "early-return", for_fee(json!(0)))
            .await
            .is(200)["earlyReturnFee"],
        0.0
    );
    let details = app.rental(&first).await["earlyReturnDetails"].clone();
    assert_eq!(details["feeWaived"], true);
    assert_eq!(details["calculationMethod"], "manual_override");
    assert_eq!(details["calculationBreakdown"]["method"], "manual");
    assert_eq!(app.payments(&first).await.len(), 12);

    app.act(&second, "early-return", for_fee(json!(10)))
        .await
        .is(200);
    let details = app.rental(&second).await["earlyReturnDetails"].clone();
    assert_eq!(
        [&details["fee"], &details["feeWaived"]],
        [&json!(10.0), &json!(false)]
    );
    assert_eq!(app.payments(&second).await.len(), 13);
    app.finish().await;
}

#[tokio::test]
async fn settings_can_forbid_overrides_and_early_returns() {
    let app = App::start_with(|it| it.early_return.allow_manual_override = false).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "early-return", for_fee(json!(0)))
        .await
        .refused(400, "INVALID_FEE");
    app.act(&rental, "early-return", for_fee(json!(550)))
        .await
        .is(200);
    app.finish().await;

    let app = App::start_with(|it| it.early_return.enabled = false).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let answer = app.act(&rental, "early-return", for_fee(json!(-1))).await;
    answer.refused(400, "FEATURE_DISABLED");
    app.finish().await;
}

#[tokio::test]
async fn months_that_have_begun_count_unless_settings_round_down() {
    for (rounding, rented, saved) in [(Rounding::Up, 2, 10), (Rounding::Down, 1, 11)] {
        let app = App::start_with(|it| it.fees.partial_month_rounding = rounding).await;
        let (_, _, rental) = app.renting("ada@example.com", "A1").await;
        app.advance_days(40);
        let answer = app.act(&rental, "early-return", returned()).await;
        assert_eq!(answer.is(200)["actualMonthsRented"], rented);
        assert_eq!(app.rental(&rental).await["monthsSaved"], saved);
        app.finish().await;
    }
}

#[tokio::test]
async fn too_large_a_fee_is_a_rule_and_comes_after_the_subscription() {
    let app = App::start_with(|it| it.early_return.enabled = false).await;
    let answer = app.act("nope", "early-return", for_fee(json!(1e15))).await;
    answer.refused(404, "NOT_FOUND");
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let answer = app.act(&rental, "early-return", for_fee(json!(1e15))).await;
    answer.refused(400, "FEATURE_DISABLED");
    let answer = app.act("nope", "early-return", for_fee(json!(1.001))).await;
    answer.refused(404, "NOT_FOUND");
    app.finish().await;
}
