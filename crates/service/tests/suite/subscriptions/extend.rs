//! extendSubscription.

use serde_json::{Value, json};
use store::PaymentStatus;

use crate::suite::support::App;

fn by(months: i64) -> Value {
    json!({ "extensionMonths": months, "reason": "more time" })
}

#[tokio::test]
async fn an_extension_moves_the_end_and_appends_payments() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let before = app.event_kinds().await.len();
    let mut body = by(6);
    body["newMonthlyAmount"] = json!(35.5);
    body["notes"] = json!("by phone");
    let answer = app.act(&rental, "extend", body).await;
    let message = answer.text("/message");
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "message": message, "rentalId": rental, "assetSerialNumber": "A1",
            "oldEndDate": "2027-03-09", "newEndDate": "2027-09-09", "extensionMonths": 6,
            "oldContractLength": 12, "newContractLength": 18
        })
    );

    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "active");
    assert_eq!(shown["monthlyAmount"], 35.5);
    assert_eq!(
        [&shown["originalContractLength"], &shown["contractLength"]],
        [12, 18]
    );
    assert_eq!(shown["endDate"], "2027-09-09");
    let entry = &shown["extensionHistory"][0];
    assert_eq!(
        [&entry["oldMonthlyAmount"], &entry["newMonthlyAmount"]],
        [50.0, 35.5]
    );
    assert_eq!(
        [&entry["oldEndDate"], &entry["newEndDate"]],
        ["2027-03-09", "2027-09-09"]
    );
    assert_eq!(
        [&entry["reason"], &entry["notes"]],
        ["more time", "by phone"]
    );
    assert!(
        entry["extendedBy"]["userId"]
            .as_str()
            .unwrap()
            .starts_with("key_")
    );
    assert_eq!(shown["lastModifiedDate"], entry["extendedAt"]);

    let payments = app.payments(&rental).await;
    let totals: Vec<i64> = payments.iter().map(|row| row.total).collect();
    assert_eq!(totals, [[5_000; 12].as_slice(), &[3_550; 6]].concat());
    let days = app.due(&rental, PaymentStatus::Pending).await;
    assert_eq!([&days[12], &days[17]], ["2027-03-10", "2027-08-10"]);
    assert_eq!(
        app.get_customer(&customer).await["totalMonthlyRevenue"],
        35.5
    );
    let kinds = app.events_since(before).await;
    assert_eq!(kinds[0], "subscription.extended");
    assert_eq!(kinds[1..], ["payment.scheduled"; 6]);
    app.finish().await;
}

#[tokio::test]
async fn the_price_stays_unless_a_new_one_is_named() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "extend", by(1)).await.is(200);
    let shown = app.rental(&rental).await;
    assert_eq!(shown["monthlyAmount"], 50.0);
    assert_eq!(shown["extensionHistory"][0]["newMonthlyAmount"], 50.0);
    let mut body = by(1);
    for (bad, code) in [
        (json!(-1), "VALIDATION_ERROR"),
        (json!(10.005), "INVALID_PRICING"),
        (json!("10"), "VALIDATION_ERROR"),
    ] {
        body["newMonthlyAmount"] = bad;
        app.act(&rental, "extend", body.clone())
            .await
            .refused(400, code);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_contract_whose_last_day_has_passed_grows_from_that_day() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    // The contract ended on 9 March 2027, and today is 14 April.
    app.advance_days(400);
    let answer = app.act(&rental, "extend", by(1)).await;
    let message = answer.text("/message");
    assert!(message.contains("`2027-04-09` has passed"), "{message}");
    let body = answer.is(200);
    assert_eq!(
        [&body["oldEndDate"], &body["newEndDate"]],
        ["2027-03-09", "2027-04-09"]
    );
    let answer = app.act(&rental, "extend", by(1)).await;
    assert!(!answer.text("/message").contains("passed"));
    assert_eq!(answer.is(200)["newEndDate"], "2027-05-09");
    app.finish().await;
}

#[tokio::test]
async fn months_are_1_to_120_and_the_whole_contract_too() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    for months in [-1, 0, 109, 120, 121, i64::MAX] {
        let answer = app.act(&rental, "extend", by(months)).await;
        answer.refused(400, "INVALID_EXTENSION_MONTHS");
    }
    for months in [json!(1.5), json!("6"), json!(null)] {
        let body = json!({ "extensionMonths": months, "reason": "x" });
        app.act(&rental, "extend", body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    for reason in [json!(""), json!(null)] {
        let body = json!({ "extensionMonths": 6, "reason": reason });
        app.act(&rental, "extend", body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(
        app.act(&rental, "extend", by(108)).await.is(200)["newContractLength"],
        120
    );
    app.finish().await;
}

#[tokio::test]
async fn only_offered_months_are_possible_where_there_are_options() {
    let app = App::start_with(|it| it.extensions.options = vec![6, 12]).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "extend", by(3))
        .await
        .refused(400, "INVALID_EXTENSION_MONTHS");
    app.act(&rental, "extend", by(6)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn settings_limit_how_often_a_contract_is_extended() {
    let app = App::start_with(|it| it.extensions.max_per_subscription = Some(1)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "extend", by(1)).await.is(200);
    // What is out of range goes before what is not allowed.
    app.act(&rental, "extend", by(0))
        .await
        .refused(400, "INVALID_EXTENSION_MONTHS");
    app.act(&rental, "extend", by(1))
        .await
        .refused(400, "EXTENSION_NOT_ALLOWED");
    app.finish().await;
}

#[tokio::test]
async fn settings_limit_when_a_contract_is_extended() {
    let app = App::start_with(|it| it.extensions.window_days = Some(30)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    // The contract ends on 9 March 2027, 364 days from today.
    app.advance_days(333);
    app.act(&rental, "extend", by(1))
        .await
        .refused(400, "EXTENSION_NOT_ALLOWED");
    app.advance_days(1);
    app.act(&rental, "extend", by(1)).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn an_extension_is_documented_by_an_order_where_settings_want_one() {
    let app = App::start_with(|it| it.extensions.create_order = true).await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "extend", by(6)).await.is(200);
    let answer = app.get(&format!("/v1/orders?customerId={customer}")).await;
    let made = &answer.is(200)["orders"][0];
    assert_eq!(
        [&made["orderType"], &made["status"]],
        ["extension", "fulfilled"]
    );
    assert_eq!(
        made["rentalProgress"],
        json!({ "totalDevices": 1, "rentedDevices": 1 })
    );
    assert_eq!(
        made["extensionDetails"],
        json!({
            "originalOrderId": order, "extensionMonths": 6, "previousEndDate": "2027-03-09",
            "newEndDate": "2027-09-09", "reason": "more time"
        })
    );
    assert_eq!(made["items"][0]["contractLength"], 6);
    assert_eq!(app.rental(&rental).await["orderId"], order);
    app.finish().await;
}
