//! completeSubscription.

use serde_json::json;
use service::settings::Rounding;
use store::PaymentStatus;

use crate::suite::support::App;

#[tokio::test]
async fn a_contract_is_complete_from_its_last_day() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    // The last day is 9 March 2027.
    app.advance_days(363);
    app.act(&rental, "complete", json!({}))
        .await
        .refused(400, "CONTRACT_NOT_ENDED");
    app.advance_days(1);
    let before = app.event_kinds().await.len();
    let body = json!({ "returnCondition": "excellent", "notes": "as new" });
    let answer = app.act(&rental, "complete", body).await;
    let message = answer.text("/message");
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "rentalId": rental, "assetSerialNumber": "A1", "message": message
        })
    );
    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "ended_completed");
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [12, 0]
    );
    assert_eq!(shown["notes"], "as new");
    let asset = app.get_asset("A1").await;
    assert_eq!(
        [&asset["status"], &asset["condition"]],
        ["returned", "excellent"]
    );
    assert!(asset.get("rentalId").is_none());
    assert_eq!(app.due(&rental, PaymentStatus::Pending).await.len(), 12);
    assert_eq!(
        app.events_since(before).await,
        ["subscription.ended", "asset.returned"]
    );
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    app.finish().await;
}

/// The last day belongs to the contract: whoever gives the device back on it had it for all months.
#[tokio::test]
async fn no_month_of_a_contract_that_is_over_is_rounded_away() {
    let app = App::start_with(|it| it.fees.partial_month_rounding = Rounding::Down).await;
    let (_, _, early) = app.renting("ada@example.com", "A1").await;
    let (_, _, whole) = app.renting("bob@example.com", "B1").await;
    app.advance_days(363);
    app.act(&early, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    app.advance_days(1);
    app.act(&whole, "complete", json!({})).await.is(200);
    for (rental, rented, saved) in [(early, 11, 1), (whole, 12, 0)] {
        let shown = app.rental(&rental).await;
        assert_eq!(
            [&shown["actualMonthsRented"], &shown["monthsSaved"]],
            [rented, saved]
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn the_body_may_be_missing_and_earlier_notes_stay() {
    let app = App::start().await;
    let (_, _, first) = app.renting("ada@example.com", "A1").await;
    let (_, _, second) = app.renting("bob@example.com", "B1").await;
    let path = format!("/v1/subscriptions/{second}/notes");
    app.patch(&path, json!({ "notes": "before" })).await.is(200);
    app.advance_days(400);
    let path = format!("/v1/subscriptions/{first}/complete");
    app.json(hyper::Method::POST, &path, None).await.is(200);
    assert!(app.get_asset("A1").await.get("condition").is_none());
    app.act(&second, "complete", json!({ "notes": "after" }))
        .await
        .is(200);
    assert_eq!(app.rental(&second).await["notes"], "before\nafter");
    let nonsense = json!({ "returnCondition": "mint" });
    app.act(&second, "complete", nonsense)
        .await
        .refused(400, "VALIDATION_ERROR");
    app.finish().await;
}
