//! cancelSubscription.

use serde_json::json;
use store::PaymentStatus;

use crate::suite::support::App;

#[tokio::test]
async fn a_cancellation_ends_the_contract_but_leaves_the_device_out() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(31);
    let before = app.event_kinds().await.len();
    let body = json!({ "reason": "payment_failure", "notes": "three reminders" });
    let answer = app.act(&rental, "cancel", body).await;
    let (message, at) = (answer.text("/message"), answer.text("/cancelledAt"));
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "rentalId": rental, "assetSerialNumber": "A1",
            "previousStatus": "active", "cancelledAt": at, "message": message
        })
    );
    assert!(at.starts_with("2026-04-10T") && at.ends_with('Z'));

    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "cancelled");
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [2, 10]
    );
    let details = &shown["cancellationDetails"];
    assert_eq!(
        [&details["reason"], &details["notes"]],
        ["payment_failure", "three reminders"]
    );
    assert_eq!(details["cancelledAt"], at);
    assert!(
        details["processedBy"]["userId"]
            .as_str()
            .unwrap()
            .starts_with("key_")
    );
    // Due today is due.
    assert_eq!(
        app.due(&rental, PaymentStatus::Pending).await,
        ["2026-03-10", "2026-04-10"]
    );
    assert_eq!(app.due(&rental, PaymentStatus::Cancelled).await.len(), 10);
    let asset = app.get_asset("A1").await;
    assert_eq!(asset["status"], "rented_out");
    assert_eq!(
        [&asset["customerId"], &asset["rentalId"]],
        [&json!(customer), &json!(rental)]
    );
    // Progress never falls.
    assert_eq!(
        app.get_order(&order).await["rentalProgress"]["rentedDevices"],
        1
    );
    assert_eq!(
        app.get_customer(&customer).await["totalMonthlyRevenue"],
        0.0
    );
    assert_eq!(app.events_since(before).await, ["subscription.ended"]);
    app.finish().await;
}

#[tokio::test]
async fn the_return_is_recorded_on_the_device() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    let path = format!("/v1/customers/{customer}");
    app.delete(&path)
        .await
        .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    app.put("/v1/assets/A1", json!({ "status": "available" }))
        .await
        .is(200);
    app.delete(&path).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn only_active_subscriptions_can_be_cancelled() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let body = json!({ "reason": "customer_request" });
    app.act(&rental, "cancel", body.clone()).await.is(200);
    let before = app.rental(&rental).await;
    app.act(&rental, "cancel", body.clone())
        .await
        .refused(400, "ALREADY_CANCELLED");
    assert_eq!(app.rental(&rental).await, before);
    let (_, _, sold) = app.renting("bob@example.com", "B1").await;
    app.act(&sold, "buyout", json!({ "reason": "other" }))
        .await
        .is(200);
    app.act(&sold, "cancel", body)
        .await
        .refused(400, "ALREADY_ENDED");
    app.finish().await;
}

#[tokio::test]
async fn malformed_cancellations_change_nothing() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    for body in [
        json!({}),
        json!({ "reason": "boredom" }),
        json!({ "reason": "fraud", "notes": "n".repeat(1001) }),
    ] {
        app.act(&rental, "cancel", body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(app.rental(&rental).await["status"], "active");
    let body = json!({ "reason": "fraud", "notes": "n".repeat(1000) });
    app.act(&rental, "cancel", body).await.is(200);
    app.finish().await;
}
