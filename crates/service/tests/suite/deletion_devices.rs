//! Devices that a customer has not returned refuse its deletion, however their subscriptions ended.

use crate::suite::support::{Answer, App};
use serde_json::json;

const ADA: &str = "ada@example.com";

async fn delete(app: &App, customer: &str) -> Answer {
    app.delete(&format!("/v1/customers/{customer}")).await
}

async fn cancel(app: &App, rental: &str) {
    let path = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
}

async fn return_device(app: &App, serial: &str) {
    app.put(
        &format!("/v1/assets/{serial}"),
        json!({ "status": "returned" }),
    )
    .await
    .is(200);
}

/// Asserts that deletion is refused for these records (path, id, status), and changes nothing.
async fn refused(app: &App, customer: &str, code: &str, blockers: &[(&str, &str, &str)]) {
    let (before, events) = (app.get_customer(customer).await, app.event_kinds().await);
    let answer = delete(app, customer).await;
    answer.refused(409, code);
    let found = answer.details();
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(path, id, status)| (&**path, &**id, &**status))
        .collect();
    assert_eq!(found, blockers);
    assert_eq!(app.get_customer(customer).await, before);
    assert_eq!(app.event_kinds().await, events);
}

#[tokio::test]
async fn devices_out_after_a_cancellation_refuse_and_are_named_oldest_first() {
    let app = App::start().await;
    app.variant("SKU").await;
    for serial in ["S2", "S1", "S3"] {
        app.asset(serial, "SKU").await;
    }
    let (order, customer) = app.order(ADA, "SKU", 3).await;
    app.confirm(&order).await;
    for serial in ["S1", "S2", "S3"] {
        let rental = app.subscribe(&order, &customer, serial).await;
        cancel(&app, &rental).await;
    }
    return_device(&app, "S3").await;
    let blockers = [
        ("serialNumbers", "S2", "rented_out"),
        ("serialNumbers", "S1", "rented_out"),
    ];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_UNRETURNED_DEVICES",
        &blockers,
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_device_out_after_an_upgrade_refuses() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.asset("S2", "SKU").await;
    let answer = app
        .post(
            &format!("/v1/subscriptions/{rental}/upgrade"),
            json!({
                "newSku": "SKU", "newSerialNumber": "S2", "contractLength": 12,
                "newMonthlyAmount": 60, "reason": "wants a newer one"
            }),
        )
        .await;
    answer.is(200);
    let upgraded = answer.text("/newRentalId");
    let blockers = [("rentalIds", upgraded.as_str(), "active")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;

    let path = format!("/v1/subscriptions/{upgraded}/early-return");
    app.post(
        &path,
        json!({ "returnCondition": "good", "reason": "done" }),
    )
    .await
    .is(200);
    let blockers = [("serialNumbers", "S1", "rented_out")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_UNRETURNED_DEVICES",
        &blockers,
    )
    .await;
    return_device(&app, "S1").await;
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_device_out_after_the_contract_ended_by_itself_refuses() {
    let app = App::start_with(|settings| {
        settings.contract_end.behaviour = service::settings::ContractEndBehaviour::AutoTerminate;
    })
    .await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.advance_days(400);
    let blockers = [("rentalIds", rental.as_str(), "active")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;
    app.service.end_contracts().await.expect("the job runs");
    let blockers = [("serialNumbers", "S1", "rented_out")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_UNRETURNED_DEVICES",
        &blockers,
    )
    .await;
    app.finish().await;
}
