//! buyoutSubscription and calculateBuyoutPrice.

use serde_json::{Value, json};
use service::settings::{BuyoutMethod, Settings};
use store::PaymentStatus;

use crate::suite::support::App;

async fn quote(app: &App, rental: &str) -> [f64; 3] {
    let body = json!({ "rentalId": rental });
    let answer = app.post("/v1/subscriptions/calculate-buyout", body).await;
    let body = answer.is(200);
    assert_eq!(body["success"], true);
    ["buyoutPrice", "remainingPayments", "depreciatedValue"]
        .map(|it| body[it].as_f64().expect("a number"))
}

fn for_price(price: Value) -> Value {
    json!({ "buyoutPrice": price, "reason": "customer_request" })
}

#[tokio::test]
async fn a_buyout_sells_the_device_at_the_calculated_price() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    // In the sixth of twelve months six remain.
    app.advance_days(155);
    let before = app.event_kinds().await.len();
    assert_eq!(quote(&app, &rental).await, [300.0, 300.0, 0.0]);
    assert_eq!(app.event_kinds().await.len(), before);
    let body = json!({ "reason": "end_of_contract", "notes": "a keeper" });
    let answer = app.act(&rental, "buyout", body).await;
    let message = answer.text("/message");
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "rentalId": rental, "assetSerialNumber": "A1", "buyoutPrice": 300.0,
            "currency": "EUR", "effectiveDate": "2026-08-12", "message": message
        })
    );

    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "ended_buyout");
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [6, 6]
    );
    let details = &shown["buyoutDetails"];
    assert_eq!(details["buyoutPrice"], 300.0);
    assert_eq!(details["calculationMethod"], "auto_calculated");
    assert_eq!(
        [&details["reason"], &details["notes"]],
        ["end_of_contract", "a keeper"]
    );
    assert_eq!(
        details["calculationBreakdown"],
        json!({
            "remainingMonths": 6, "remainingMonthsPayment": 300.0, "listPricePercentage": 0.0,
            "listPriceAmount": 0.0, "flatFee": 0.0
        })
    );
    let asset = app.get_asset("A1").await;
    assert_eq!(asset["status"], "sold");
    assert_eq!(
        [&asset["customerId"], &asset["rentalId"]],
        [&json!(customer), &json!(rental)]
    );

    let payments = app.payments(&rental).await;
    let price = payments
        .iter()
        .find(|row| row.idempotency_key.ends_with(":buyout"))
        .unwrap();
    assert_eq!(price.idempotency_key, format!("{rental}:2026-08:buyout"));
    assert_eq!(
        (price.total, price.due_date.to_string()),
        (30_000, "2026-08-12".into())
    );
    assert_eq!(app.due(&rental, PaymentStatus::Pending).await.len(), 6 + 1);
    assert_eq!(app.due(&rental, PaymentStatus::Cancelled).await.len(), 6);
    assert_eq!(
        app.events_since(before).await,
        ["subscription.ended", "payment.scheduled"]
    );
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn every_method_has_its_formula() {
    type Change = fn(&mut Settings);
    let cases: [(Change, [f64; 3]); 4] = [
        (
            |it| it.buyout.method = BuyoutMethod::FlatFee,
            [120.5, 0.0, 120.5],
        ),
        (
            |it| it.buyout.method = BuyoutMethod::RrpPercentage,
            [400.0, 0.0, 400.0],
        ),
        (
            |it| it.buyout.method = BuyoutMethod::RemainingMonthsPlusRrp,
            [950.0, 550.0, 400.0],
        ),
        (
            |it| it.fees.charge_current_month = true,
            [600.0, 600.0, 0.0],
        ),
    ];
    for (change, expected) in cases {
        let app = App::start_with(|it| {
            it.buyout.flat_fee = 120.5;
            it.buyout.rrp_percent = 40.0;
            change(it);
        })
        .await;
        let (_, _, rental) = app.renting("ada@example.com", "A1").await;
        assert_eq!(quote(&app, &rental).await, expected);
        app.finish().await;
    }
}

#[tokio::test]
async fn an_unknown_list_price_counts_as_nothing_or_is_estimated() {
    for (estimate, price) in [(false, 0.0), (true, 60.0)] {
        let app = App::start_with(|it| {
            it.buyout.method = BuyoutMethod::RrpPercentage;
            it.buyout.rrp_percent = 50.0;
            it.buyout.allow_rrp_estimation = estimate;
        })
        .await;
        app.priced(
            "BARE",
            json!([{ "contractLength": 12, "monthlyPrice": 10 }]),
        )
        .await;
        app.asset("A1", "BARE").await;
        let (order, customer) = app.order("ada@example.com", "BARE", 1).await;
        app.confirm(&order).await;
        let rental = app.subscribe(&order, &customer, "A1").await;
        assert_eq!(quote(&app, &rental).await, [price, 0.0, price]);
        assert_eq!(app.rental(&rental).await["listPriceSource"], "unknown");
        app.act(&rental, "buyout", json!({ "reason": "other" }))
            .await
            .is(200);
        let shown = app.rental(&rental).await;
        if estimate {
            assert_eq!(shown["listPrice"], 120.0);
            assert_eq!(shown["listPriceSource"], "estimated");
        } else {
            assert_eq!(shown["listPriceSource"], "unknown");
            // Nothing is collected for a price of 0.
            assert_eq!(app.payments(&rental).await.len(), 12);
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn a_named_price_overrides_the_calculation() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    for price in [json!(0), json!(-5), json!(1e20), json!(1.005)] {
        let answer = app.act(&rental, "buyout", for_price(price)).await;
        answer.refused(400, "INVALID_BUYOUT_PRICE");
    }
    for price in [json!("450"), json!(null)] {
        let answer = app.act(&rental, "buyout", for_price(price)).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    let nonsense = json!({ "reason": "because" });
    app.act(&rental, "buyout", nonsense)
        .await
        .refused(400, "VALIDATION_ERROR");
    assert_eq!(app.get_asset("A1").await["status"], "rented_out");
    let answer = app.act(&rental, "buyout", for_price(json!(449.99))).await;
    assert_eq!(answer.is(200)["buyoutPrice"], 449.99);
    let details = app.rental(&rental).await["buyoutDetails"].clone();
    assert_eq!(details["calculationMethod"], "manual_override");
    assert!(details.get("calculationBreakdown").is_none());
    app.finish().await;
}

#[tokio::test]
async fn a_price_of_0_is_taken_where_it_is_what_is_calculated() {
    let app = App::start_with(|it| it.buyout.allow_manual_override = false).await;
    let bodies = [
        json!({ "reason": "other" }),
        for_price(json!(0)),
        for_price(json!(-0.0)),
    ];
    for (index, body) in bodies.into_iter().enumerate() {
        let serial = format!("A{index}");
        let rental = app.lend(&serial, 1, json!(10), json!({})).await;
        assert_eq!(quote(&app, &rental).await, [0.0, 0.0, 0.0]);
        let negative = app.act(&rental, "buyout", for_price(json!(-0.01))).await;
        negative.refused(400, "INVALID_BUYOUT_PRICE");
        let answer = app.act(&rental, "buyout", body).await;
        assert_eq!(answer.is(200)["buyoutPrice"], 0.0);
        assert_eq!(app.get_asset(&serial).await["status"], "sold");
        assert_eq!(
            app.payments(&rental).await.len(),
            1,
            "nothing is to be paid"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn settings_can_forbid_overrides_and_buyouts() {
    let app = App::start_with(|it| it.buyout.allow_manual_override = false).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let answer = app.act(&rental, "buyout", for_price(json!(549.99))).await;
    answer.refused(400, "INVALID_BUYOUT_PRICE");
    app.act(&rental, "buyout", for_price(json!(550)))
        .await
        .is(200);
    app.finish().await;

    let app = App::start_with(|it| it.buyout.enabled = false).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    // Being switched off goes before a wrong price, having ended before being switched off.
    app.act(&rental, "buyout", for_price(json!(0)))
        .await
        .refused(400, "FEATURE_DISABLED");
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    app.act(&rental, "buyout", for_price(json!(0)))
        .await
        .refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    app.finish().await;
}

#[tokio::test]
async fn too_large_a_price_is_a_rule_and_comes_after_the_subscription() {
    let app = App::start_with(|it| it.buyout.enabled = false).await;
    let answer = app.act("nope", "buyout", for_price(json!(1e15))).await;
    answer.refused(404, "NOT_FOUND");
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let answer = app.act(&rental, "buyout", for_price(json!(1e15))).await;
    answer.refused(400, "FEATURE_DISABLED");
    let answer = app.act("nope", "buyout", for_price(json!(1.001))).await;
    answer.refused(404, "NOT_FOUND");
    app.finish().await;
}
