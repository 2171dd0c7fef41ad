//! Requests to two servers at the same time: whoever comes first wins, and nothing is handed out or ended twice.

use serde_json::{Value, json};
use service::settings::ContractEndBehaviour;

use crate::suite::support::{Answer, App};

/// How many of the answers are successes.
fn successes(answers: &[Answer]) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status.is_success())
        .count()
}

/// Codes of the refusals among the answers.
fn codes(answers: &[Answer]) -> Vec<&str> {
    answers
        .iter()
        .filter_map(|answer| answer.body["error"]["code"].as_str())
        .collect()
}

async fn start(app: &App, order: &str, customer: &str, serial: &str) -> Answer {
    let body = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial });
    app.post("/v1/subscriptions", body).await
}

#[tokio::test]
async fn one_device_goes_to_one_of_two_orders() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    let (first, ada) = app.order("ada@example.com", "SKU", 9).await;
    let (second, bob) = app.order("bob@example.com", "SKU", 9).await;
    app.confirm(&first).await;
    app.confirm(&second).await;
    for round in 0..8 {
        let serial = format!("A{round}");
        app.asset(&serial, "SKU").await;
        let (one, other) = tokio::join!(
            start(&app, &first, &ada, &serial),
            start(&beside, &second, &bob, &serial)
        );
        let answers = [one, other];
        assert_eq!(successes(&answers), 1);
        assert_eq!(codes(&answers), ["ASSET_NOT_AVAILABLE"]);
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn the_last_unit_goes_to_one_of_two_devices() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    for round in 0..8 {
        let (left, right) = (format!("L{round}"), format!("R{round}"));
        app.asset(&left, "SKU").await;
        app.asset(&right, "SKU").await;
        let (order, customer) = app.order(&format!("{round}@example.com"), "SKU", 1).await;
        app.confirm(&order).await;
        let (one, other) = tokio::join!(
            start(&app, &order, &customer, &left),
            start(&beside, &order, &customer, &right)
        );
        let answers = [one, other];
        assert_eq!(successes(&answers), 1);
        assert_eq!(codes(&answers), ["ITEM_FULLY_FULFILLED"]);
        assert_eq!(
            app.get_order(&order).await["rentalIds"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_ends_once() {
    let app = App::start().await;
    let beside = app.beside().await;
    let ends: [(&str, Value); 4] = [
        ("cancel", json!({ "reason": "other" })),
        ("buyout", json!({ "reason": "other" })),
        (
            "early-return",
            json!({ "returnCondition": "good", "reason": "x" }),
        ),
        (
            "upgrade",
            json!({
                "newSku": "SKU", "newSerialNumber": "SPARE", "contractLength": 12,
                "newMonthlyAmount": 1, "reason": "x"
            }),
        ),
    ];
    app.variant("SKU").await;
    app.asset("SPARE", "SKU").await;
    for round in 0..4 {
        let email = format!("{round}@example.com");
        let (_, _, rental) = app.renting(&email, &format!("A{round}")).await;
        let (a, b, c, d) = tokio::join!(
            app.act(&rental, ends[0].0, ends[0].1.clone()),
            beside.act(&rental, ends[1].0, ends[1].1.clone()),
            beside.act(&rental, ends[2].0, ends[2].1.clone()),
            app.act(&rental, ends[3].0, ends[3].1.clone()),
        );
        assert_eq!(successes(&[a, b, c, d]), 1);
        assert_ne!(app.rental(&rental).await["status"], "active");
        let events = app.events().await.into_iter();
        let ended = events.filter(|(kind, data)| {
            kind == "subscription.ended" && data["subscriptionId"] == rental.as_str()
        });
        assert_eq!(ended.count(), 1);
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn the_job_and_a_request_do_not_both_end_a_contract() {
    let app = App::start_with(|it| {
        it.contract_end.behaviour = ContractEndBehaviour::AutoTerminate;
    })
    .await;
    let beside = app.beside().await;
    let mut rentals = Vec::new();
    for round in 0..6 {
        let email = format!("{round}@example.com");
        rentals.push(app.renting(&email, &format!("A{round}")).await.2);
    }
    app.advance_days(365);
    let complete = async {
        for rental in &rentals {
            let answer = app.act(rental, "complete", json!({})).await;
            assert!(answer.status.is_success() || codes(&[answer]) == ["SUBSCRIPTION_NOT_ACTIVE"]);
        }
    };
    let (_, first, second) = tokio::join!(
        complete,
        app.service.end_contracts(),
        beside.service.end_contracts()
    );
    first.and(second).expect("the job runs");
    let kinds = app.event_kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "subscription.ended")
            .count(),
        rentals.len()
    );
    for rental in &rentals {
        assert_eq!(app.rental(rental).await["status"], "ended_completed");
    }
    beside.finish().await;
    app.finish().await;
}
