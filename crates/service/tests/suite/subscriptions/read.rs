//! getSubscription, the notes, and the figures that are computed when a subscription is read.

use serde_json::json;

use crate::suite::support::App;

#[tokio::test]
async fn an_unknown_subscription_is_not_found_by_any_operation() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.get("/v1/subscriptions/sub_x")
        .await
        .refused(404, "NOT_FOUND");
    for (action, body) in super::operations_on_active() {
        app.act("sub_x", action, body)
            .await
            .refused(404, "NOT_FOUND");
    }
    app.act("sub_x", "cancel", json!({ "reason": "fraud" }))
        .await
        .refused(404, "NOT_FOUND");
    for quote in ["calculate-buyout", "calculate-early-return-fee"] {
        let path = format!("/v1/subscriptions/{quote}");
        app.post(&path, json!({ "rentalId": "sub_x" }))
            .await
            .refused(404, "NOT_FOUND");
    }
    let body = json!({ "notes": "x" });
    app.patch("/v1/subscriptions/sub_x/notes", body)
        .await
        .refused(404, "NOT_FOUND");

    let key = app.other_tenant("bu_other").await;
    let path = format!("/v1/subscriptions/{rental}");
    let answer = app
        .json_as(&key, "bu_other", hyper::Method::GET, &path, None)
        .await;
    answer.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn an_id_in_the_body_must_be_that_of_the_path() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let mut operations = super::operations_on_active();
    operations.retain(|(action, _)| *action != "complete");
    operations.push(("cancel", json!({ "reason": "other" })));
    for (action, mut body) in operations {
        body["rentalId"] = json!("sub_other");
        let answer = app.act(&rental, action, body.clone()).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "rentalId", "{action}");
        // Malformed goes before unknown.
        app.act("sub_x", action, body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    let body = json!({ "rentalId": rental, "reason": "other" });
    app.act(&rental, "cancel", body).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn notes_are_replaced_in_any_status() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let path = format!("/v1/subscriptions/{rental}/notes");
    let answer = app.patch(&path, json!({ "notes": "n".repeat(5000) })).await;
    assert_eq!(answer.is(200)["rentalId"], rental);
    assert_eq!(app.rental(&rental).await["notes"], "n".repeat(5000));
    let too_long = json!({ "notes": "n".repeat(5001) });
    app.patch(&path, too_long)
        .await
        .refused(400, "VALIDATION_ERROR");
    app.patch(&path, json!({}))
        .await
        .refused(400, "VALIDATION_ERROR");
    app.act(&rental, "cancel", json!({ "reason": "fraud" }))
        .await
        .is(200);
    app.patch(&path, json!({ "notes": "late" })).await.is(200);
    assert_eq!(app.rental(&rental).await["notes"], "late");
    app.patch(&path, json!({ "notes": "" })).await.is(200);
    assert!(app.rental(&rental).await.get("notes").is_none());
    app.finish().await;
}

#[tokio::test]
async fn paid_payments_recover_the_cost() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let shown = async |fields: [&str; 5]| {
        let rental = app.rental(&rental).await;
        fields.map(|field| rental[field].clone())
    };
    let fields = [
        "totalCollected",
        "costRecoveryPercent",
        "currentProfit",
        "hasReachedBreakeven",
        "recoveryStatus",
    ];
    app.pay(&rental, 6).await;
    let half = [
        json!(300.0),
        json!(50.0),
        json!(-300.0),
        json!(false),
        json!("recovering"),
    ];
    assert_eq!(shown(fields).await, half);
    assert_eq!(app.rental(&rental).await["nextBillingDate"], "2026-09-10");
    // Half of the cost, and more than half of the contract is gone.
    app.advance_days(183);
    assert_eq!(shown(fields).await[4], "at_risk");
    app.pay(&rental, 12).await;
    let whole = [
        json!(600.0),
        json!(100.0),
        json!(0.0),
        json!(true),
        json!("recovering"),
    ];
    assert_eq!(shown(fields).await, whole);
    assert!(app.rental(&rental).await.get("nextBillingDate").is_none());
    app.finish().await;
}

#[tokio::test]
async fn ended_is_final() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.asset("SPARE", "SKU").await;
    app.act(
        &rental,
        "early-return",
        json!({ "returnCondition": "fair", "reason": "x" }),
    )
    .await
    .is(200);
    let before = app.event_kinds().await.len();
    let (status, code) = super::ENDED;
    for deleted in [false, true] {
        if deleted {
            app.delete(&format!("/v1/customers/{customer}"))
                .await
                .is(200);
        }
        for (action, body) in super::operations_on_active() {
            app.act(&rental, action, body).await.refused(status, code);
        }
        app.act(&rental, "cancel", json!({ "reason": "other" }))
            .await
            .refused(400, "ALREADY_ENDED");
        for quote in ["calculate-buyout", "calculate-early-return-fee"] {
            let path = format!("/v1/subscriptions/{quote}");
            app.post(&path, json!({ "rentalId": rental }))
                .await
                .refused(status, code);
        }
    }
    // Only the deletion of the customer is news.
    assert_eq!(app.events_since(before).await, ["customer.deactivated"]);
    app.finish().await;
}

#[tokio::test]
async fn every_end_is_final_for_every_operation() {
    for (end, body, status) in [
        ("cancel", json!({ "reason": "other" }), "cancelled"),
        ("buyout", json!({ "reason": "other" }), "ended_buyout"),
        (
            "early-return",
            json!({ "returnCondition": "good", "reason": "x" }),
            "ended_early_return",
        ),
        (
            "upgrade",
            json!({
                "newSku": "SKU", "newSerialNumber": "NEW", "contractLength": 12,
                "newMonthlyAmount": 60, "reason": "x"
            }),
            "ended_upgrade",
        ),
        ("complete", json!({}), "ended_completed"),
    ] {
        let app = App::start().await;
        app.variant("SKU").await;
        for serial in ["SPARE", "NEW"] {
            app.asset(serial, "SKU").await;
        }
        let rental = app
            .lend("A1", 12, json!(10), json!({ "startDate": "2025-03-11" }))
            .await;
        app.act(&rental, end, body).await.is(200);
        let (before, payments) = (app.rental(&rental).await, app.payments(&rental).await);
        assert_eq!(before["status"], status);
        let events = app.event_kinds().await.len();
        for (action, body) in super::operations_on_active() {
            let answer = app.act(&rental, action, body).await;
            answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
        }
        for quote in ["calculate-buyout", "calculate-early-return-fee"] {
            let path = format!("/v1/subscriptions/{quote}");
            let answer = app.post(&path, json!({ "rentalId": rental })).await;
            answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
        }
        let code = if end == "cancel" {
            "ALREADY_CANCELLED"
        } else {
            "ALREADY_ENDED"
        };
        let answer = app
            .act(&rental, "cancel", json!({ "reason": "other" }))
            .await;
        answer.refused(400, code);
        app.service.end_contracts().await.expect("the job runs");
        assert_eq!(app.rental(&rental).await, before, "{end}");
        assert_eq!(app.payments(&rental).await, payments, "{end}");
        assert!(app.events_since(events).await.is_empty(), "{end}");
        app.finish().await;
    }
}
