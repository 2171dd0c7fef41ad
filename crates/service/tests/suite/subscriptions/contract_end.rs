//! What happens by itself at the end of a contract.

use serde_json::json;
use service::settings::{ContractEndBehaviour, Rounding, Settings};
use store::PaymentStatus;

use crate::suite::support::{App, TENANT};

fn at_end(behaviour: ContractEndBehaviour) -> impl FnOnce(&mut Settings) {
    move |it| it.contract_end.behaviour = behaviour
}

/// Runs the job.
async fn run(app: &App) {
    app.service.end_contracts().await.expect("the job runs");
}

#[tokio::test]
async fn by_default_a_contract_goes_on_without_new_payments() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(400);
    let before = app.rental(&rental).await;
    run(&app).await;
    assert_eq!(app.rental(&rental).await, before);
    assert_eq!(app.payments(&rental).await.len(), 12);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_terminates_the_day_after_its_last_one() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoTerminate)).await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(364);
    run(&app).await;
    assert_eq!(app.rental(&rental).await["status"], "active");
    app.advance_days(1);
    let before = app.event_kinds().await.len();
    run(&app).await;
    run(&app).await;
    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "ended_completed");
    // The job comes when the next month has begun, which the customer did not rent.
    assert_eq!(
        [&shown["actualMonthsRented"], &shown["monthsSaved"]],
        [12, 0]
    );
    assert_eq!(app.get_asset("A1").await["status"], "rented_out");
    assert_eq!(app.due(&rental, PaymentStatus::Pending).await.len(), 12);
    assert_eq!(app.events_since(before).await, ["subscription.ended"]);
    let path = format!("/v1/customers/{customer}");
    app.delete(&path)
        .await
        .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    app.finish().await;
}

#[tokio::test]
async fn a_terminated_contract_was_rented_for_its_months_however_they_are_rounded() {
    for rounding in [Rounding::Up, Rounding::Down] {
        let app = App::start_with(|it| {
            it.contract_end.behaviour = ContractEndBehaviour::AutoTerminate;
            it.fees.partial_month_rounding = rounding;
        })
        .await;
        let (_, _, rental) = app.renting("ada@example.com", "A1").await;
        // The job was off for a while.
        app.advance_days(440);
        run(&app).await;
        let shown = app.rental(&rental).await;
        assert_eq!(
            [&shown["actualMonthsRented"], &shown["monthsSaved"]],
            [12, 0]
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn the_day_is_that_of_the_tenants_zone() {
    let app = App::start_with(|it| {
        it.localization.timezone = "Asia/Dubai".into();
        it.contract_end.behaviour = ContractEndBehaviour::AutoTerminate;
    })
    .await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    // 9 March 2027, 13:00 in Dubai: its midnight is 11 hours away.
    app.advance(jiff::SignedDuration::from_hours(364 * 24 + 10));
    run(&app).await;
    assert_eq!(app.rental(&rental).await["status"], "active");
    app.advance(jiff::SignedDuration::from_hours(1));
    run(&app).await;
    assert_eq!(app.rental(&rental).await["status"], "ended_completed");
    app.finish().await;
}

#[tokio::test]
async fn a_contract_renews_by_months_until_its_end_is_ahead() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoRenewMonthly)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(365);
    let before = app.event_kinds().await.len();
    run(&app).await;
    run(&app).await;
    let shown = app.rental(&rental).await;
    assert_eq!(shown["status"], "active");
    assert_eq!(
        [&shown["contractLength"], &shown["endDate"]],
        [&json!(13), &json!("2027-04-09")]
    );
    let entry = &shown["extensionHistory"][0];
    assert_eq!(
        [&entry["extensionMonths"], &entry["newContractLength"]],
        [1, 13]
    );
    assert_eq!(entry["extendedBy"]["userId"], "contract-end");
    assert_eq!(
        app.payments(&rental).await[12].due_date.to_string(),
        "2027-03-10"
    );
    let kinds = app.events_since(before).await;
    assert_eq!(kinds, ["subscription.extended", "payment.scheduled"]);
    // Three months later, three renewals at once.
    app.advance_days(92);
    run(&app).await;
    assert_eq!(app.rental(&rental).await["endDate"], "2027-07-09");
    assert_eq!(app.payments(&rental).await.len(), 16);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_renews_for_the_term_it_began_with() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoRenewSameTerm)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let body = json!({ "extensionMonths": 3, "reason": "x" });
    app.act(&rental, "extend", body).await.is(200);
    app.advance_days(500);
    run(&app).await;
    let shown = app.rental(&rental).await;
    assert_eq!(
        [&shown["contractLength"], &shown["endDate"]],
        [&json!(27), &json!("2028-06-09")]
    );
    assert_eq!(app.payments(&rental).await.len(), 27);
    app.finish().await;
}

#[tokio::test]
async fn renewals_go_on_beyond_what_histories_can_say() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoRenewSameTerm)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(365 * 12);
    run(&app).await;
    let shown = app.rental(&rental).await;
    assert_eq!(shown["contractLength"], 144);
    let history = shown["extensionHistory"].as_array().unwrap();
    assert_eq!(history.last().unwrap()["newContractLength"], 120);
    // Answers that say months of such a contract stay within the contract of the API, too.
    app.act(
        &rental,
        "early-return",
        json!({ "returnCondition": "poor", "reason": "x" }),
    )
    .await
    .is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_long_overdue_contract_catches_up_over_several_runs() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoRenewMonthly)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.advance_days(365 + 365 * 3);
    run(&app).await;
    assert_eq!(app.rental(&rental).await["contractLength"], 36);
    run(&app).await;
    assert_eq!(app.rental(&rental).await["contractLength"], 48);
    run(&app).await;
    assert_eq!(app.rental(&rental).await["contractLength"], 48);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_that_fails_does_not_keep_the_others_from_going_on() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoRenewMonthly)).await;
    let (_, _, broken) = app.renting("ada@example.com", "A1").await;
    let (_, _, sound) = app.renting("bob@example.com", "B1").await;
    let id = broken.clone();
    app.service
        .store()
        .write_in(&TENANT.into(), move |tx| {
            let row = store::subscriptions::find(tx, &id)?;
            let mut row = row.expect("the subscription is stored");
            row.schedule = None;
            store::subscriptions::update(tx, &row)
        })
        .await
        .expect("subscriptions are writable");
    app.advance_days(365);
    assert!(app.service.end_contracts().await.is_err());
    assert_eq!(app.rental(&broken).await["contractLength"], 12);
    assert_eq!(app.rental(&sound).await["contractLength"], 13);
    app.finish().await;
}

#[tokio::test]
async fn ended_subscriptions_and_other_tenants_are_left_alone() {
    let app = App::start_with(at_end(ContractEndBehaviour::AutoTerminate)).await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    app.other_tenant("bu_other").await;
    app.advance_days(400);
    let before = app.event_kinds().await.len();
    run(&app).await;
    assert_eq!(app.rental(&rental).await["status"], "cancelled");
    assert_eq!(app.event_kinds().await.len(), before);
    app.finish().await;
}
