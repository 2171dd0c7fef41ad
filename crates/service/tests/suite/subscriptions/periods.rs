//! What a payment pays for: an end keeps the periods that have begun and cancels the others,
//! whenever they fall due, and what is still to come is worth what was scheduled for it.

use jiff::SignedDuration;
use serde_json::{Value, json};
use service::admin;
use service::settings::{
    BillingCycle, BillingStart, ContractEndBehaviour, FirstPayment, PaymentTerms, Settings,
    TaxCalculation,
};
use store::PaymentStatus;

use crate::suite::support::{App, TENANT};

/// What is owed and what was paid of a subscription's schedule, in minor units, net.
async fn owed(app: &App, rental: &str) -> i64 {
    let rows = app.payments(rental).await.into_iter();
    rows.filter(|row| row.status != PaymentStatus::Cancelled)
        .map(|row| row.subtotal)
        .sum()
}

async fn fee(app: &App, rental: &str) -> f64 {
    let path = "/v1/subscriptions/calculate-early-return-fee";
    let answer = app.post(path, json!({ "rentalId": rental })).await;
    answer.is(200)["earlyReturnFee"].as_f64().expect("a number")
}

async fn price(app: &App, rental: &str) -> f64 {
    let path = "/v1/subscriptions/calculate-buyout";
    let answer = app.post(path, json!({ "rentalId": rental })).await;
    let body = answer.is(200);
    assert_eq!(body["buyoutPrice"], body["remainingPayments"]);
    body["buyoutPrice"].as_f64().expect("a number")
}

fn later(day: &str) -> Value {
    json!({ "startDate": day, "billingStartOption": "same_day_next_month" })
}

fn returned() -> Value {
    json!({ "returnCondition": "good", "reason": "done" })
}

async fn cancel(app: &App, rental: &str) {
    let body = json!({ "reason": "other" });
    app.act(rental, "cancel", body).await.is(200);
}

/// The tests' today is 10 March 2026.
#[tokio::test]
async fn a_contract_billed_in_arrears_and_completed_on_its_last_day_keeps_all_payments() {
    let app = App::start().await;
    let rental = app.lend("A1", 12, json!(10), later("2025-03-11")).await;
    app.act(&rental, "complete", json!({})).await.is(200);
    assert_eq!(owed(&app, &rental).await, 12_000);
    let due = app.due(&rental, PaymentStatus::Pending).await;
    assert_eq!(due.last().map(String::as_str), Some("2026-03-11"));
    app.finish().await;
}

#[tokio::test]
async fn a_cancellation_owes_the_month_that_has_begun_however_late_it_is_billed() {
    let app = App::start_with(|it| it.billing.payment_terms = PaymentTerms::Net30).await;
    let starts = [
        ("A1", "immediate"),
        ("A2", "first_of_next_month"),
        ("A3", "same_day_next_month"),
    ];
    for (serial, option) in starts {
        let more = json!({ "billingStartOption": option, "customerType": "business" });
        let rental = app.lend(serial, 12, json!(10), more).await;
        cancel(&app, &rental).await;
        assert_eq!(owed(&app, &rental).await, 1_000, "{option}");
    }
    // Nothing has begun of a contract that starts tomorrow, not even what is billed today.
    let rental = app
        .lend("A4", 12, json!(10), json!({ "startDate": "2026-03-11" }))
        .await;
    cancel(&app, &rental).await;
    assert_eq!(owed(&app, &rental).await, 0);
    app.finish().await;
}

/// Every end of a contract of 12 × 10.00 in its sixth month, billed a month late.
#[tokio::test]
async fn every_end_keeps_the_same_periods() {
    let app = App::start_with(|it| it.early_return.penalty_percent = 0.0).await;
    app.variant("SKU").await;
    app.asset("SPARE", "SKU").await;
    let ends = [
        ("cancel", json!({ "reason": "other" })),
        ("buyout", json!({ "reason": "other", "buyoutPrice": 1 })),
        ("early-return", returned()),
        (
            "upgrade",
            json!({
                "newSku": "SKU", "newSerialNumber": "SPARE", "contractLength": 12,
                "newMonthlyAmount": 60, "reason": "more power"
            }),
        ),
    ];
    for (end, body) in ends {
        let rental = app.lend(end, 12, json!(10), later("2025-09-15")).await;
        app.act(&rental, end, body).await.is(200);
        let price = if end == "buyout" { 100 } else { 0 };
        assert_eq!(owed(&app, &rental).await, 6_000 + price, "{end}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_terminated_contract_keeps_all_payments() {
    let app = App::start_with(|it| {
        it.contract_end.behaviour = ContractEndBehaviour::AutoTerminate;
        it.billing.start = BillingStart::SameDayNextMonth;
        it.billing.payment_terms = PaymentTerms::Net7;
    })
    .await;
    let rental = app
        .lend(
            "A1",
            12,
            json!(10),
            json!({ "startDate": "2025-03-10", "customerType": "business" }),
        )
        .await;
    app.service.end_contracts().await.expect("the job runs");
    assert_eq!(app.rental(&rental).await["status"], "ended_completed");
    assert_eq!(owed(&app, &rental).await, 12_000);
    app.finish().await;
}

#[tokio::test]
async fn the_day_that_begins_a_period_is_that_of_the_tenants_zone() {
    let app = App::start_with(|it| it.localization.timezone = "Asia/Dubai".into()).await;
    let more = json!({ "startDate": "2026-02-11" });
    let (first, second) = (
        app.lend("A1", 12, json!(10), more.clone()).await,
        app.lend("A2", 12, json!(10), more).await,
    );
    // 10 March, 13:00 in Dubai.
    app.advance(SignedDuration::from_hours(10));
    cancel(&app, &first).await;
    app.advance(SignedDuration::from_hours(1));
    assert_eq!(price(&app, &second).await, 100.0);
    cancel(&app, &second).await;
    assert_eq!(
        [owed(&app, &first).await, owed(&app, &second).await],
        [1_000, 2_000]
    );
    app.finish().await;
}

/// First and last day of each payment's period.
async fn periods(app: &App, rental: &str) -> Vec<(String, String)> {
    let rows = app.payments(rental).await.into_iter();
    rows.map(|row| {
        let day = |day: Option<jiff::civil::Date>| day.expect("a period").to_string();
        (day(row.period_start), day(row.period_end))
    })
    .collect()
}

#[tokio::test]
async fn each_cycle_pays_for_its_own_periods() {
    type Change = fn(&mut Settings);
    let fixed: Change = |it| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 15;
    };
    let months = [
        ("2026-01-20", "2026-02-19"),
        ("2026-02-20", "2026-03-19"),
        ("2026-03-20", "2026-04-19"),
        ("2026-04-20", "2026-05-19"),
    ];
    type Case<'a> = (&'a str, Change, &'a [(&'a str, &'a str)]);
    let cases: [Case<'_>; 6] = [
        ("the start day", |_| {}, &months),
        ("a full month", |_| {}, &months),
        (
            "collected externally",
            |it| it.billing.first_payment = FirstPayment::CollectedExternally,
            &months,
        ),
        (
            "30 days",
            |it| it.billing.cycle = BillingCycle::Every30Days,
            &[
                ("2026-01-20", "2026-02-18"),
                ("2026-02-19", "2026-03-20"),
                ("2026-03-21", "2026-04-19"),
                ("2026-04-20", "2026-05-19"),
            ],
        ),
        (
            "prorated",
            |it| it.billing.first_payment = FirstPayment::Prorated,
            &[
                ("2026-01-20", "2026-02-14"),
                ("2026-02-15", "2026-03-14"),
                ("2026-03-15", "2026-04-14"),
                ("2026-04-15", "2026-04-19"),
                // The extension's month follows the contract's.
                ("2026-04-20", "2026-05-19"),
            ],
        ),
        (
            "free until the cycle",
            |it| it.billing.first_payment = FirstPayment::FreeUntilCycle,
            &[
                ("2026-02-15", "2026-03-14"),
                ("2026-03-15", "2026-04-14"),
                ("2026-04-15", "2026-05-14"),
                ("2026-05-15", "2026-06-14"),
            ],
        ),
    ];
    for (name, change, expected) in cases {
        let app = App::start_with(|it| {
            if !["the start day", "30 days"].contains(&name) {
                fixed(it);
            }
            change(it);
        })
        .await;
        let rental = app
            .lend("A1", 3, json!(31), json!({ "startDate": "2026-01-20" }))
            .await;
        // An extension goes on as the contract began, whatever the settings are by then.
        admin::replace_settings(
            app.service.store(),
            &app.clock(),
            TENANT,
            Settings::default(),
        )
        .await
        .expect("the tenant exists");
        let body = json!({ "extensionMonths": 1, "reason": "more time" });
        app.act(&rental, "extend", body).await.is(200);
        let found = periods(&app, &rental).await;
        let expected = expected
            .iter()
            .map(|(first, last)| ((*first).into(), (*last).into()));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{name}");
        app.finish().await;
    }
}

#[tokio::test]
async fn the_rest_of_a_prorated_contract_is_paid_for_within_it() {
    let app = App::start_with(|it| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 28;
        it.billing.first_payment = FirstPayment::Prorated;
    })
    .await;
    // The contract ends the day before its first cycle day.
    let rental = app
        .lend("A1", 1, json!(31), json!({ "startDate": "2026-01-31" }))
        .await;
    assert_eq!(app.rental(&rental).await["endDate"], "2026-02-27");
    let found = periods(&app, &rental).await;
    let expected = [("2026-01-31", "2026-02-27"), ("2026-02-27", "2026-02-27")];
    assert_eq!(
        found,
        expected.map(|(first, last)| (first.into(), last.into()))
    );
    app.finish().await;
}

/// In a short month the only cycle day can come when the contract is over: all of it is free, and
/// only who keeps the device owes the month that begins then.
#[tokio::test]
async fn days_before_the_cycle_are_free_even_if_they_are_all() {
    let app = App::start_with(|it| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 28;
        it.billing.first_payment = FirstPayment::FreeUntilCycle;
    })
    .await;
    let more = |day: &str| json!({ "startDate": day });
    // 27 and 28 February 2027.
    app.advance_days(354);
    let punctual = app.lend("A1", 1, json!(31), more("2027-01-31")).await;
    let late = app.lend("A2", 1, json!(31), more("2027-01-31")).await;
    let usual = app.lend("A3", 1, json!(31), more("2027-01-28")).await;
    assert_eq!(app.rental(&late).await["endDate"], "2027-02-27");
    app.act(&punctual, "complete", json!({})).await.is(200);
    app.act(&usual, "complete", json!({})).await.is(200);
    app.advance_days(1);
    app.act(&late, "complete", json!({})).await.is(200);
    assert_eq!(
        [
            owed(&app, &punctual).await,
            owed(&app, &late).await,
            owed(&app, &usual).await
        ],
        [0, 3_100, 3_100]
    );
    app.finish().await;
}

#[tokio::test]
async fn payments_that_happen_once_pay_for_no_period() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(&rental, "buyout", json!({ "reason": "other" }))
        .await
        .is(200);
    let payments = app.payments(&rental).await;
    let once = payments
        .iter()
        .find(|row| row.idempotency_key.ends_with(":buyout"));
    let once = once.expect("the price is scheduled");
    assert_eq!((once.period_start, once.period_end), (None, None));
    app.finish().await;
}

#[tokio::test]
async fn the_months_of_an_extension_keep_their_price_in_every_quote() {
    let app = App::start().await;
    let rental = app.lend("A1", 12, json!(49.9), json!({})).await;
    let body = json!({ "extensionMonths": 12, "newMonthlyAmount": 19.9, "reason": "cheaper" });
    app.act(&rental, "extend", body).await.is(200);
    // 11 × 49.90 + 12 × 19.90.
    assert_eq!(fee(&app, &rental).await, 787.7);
    assert_eq!(price(&app, &rental).await, 787.7);
    let answer = app.act(&rental, "early-return", returned()).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 787.7);
    // Nothing is lost or charged twice: the whole contract is owed.
    assert_eq!(owed(&app, &rental).await, 4_990 * 12 + 1_990 * 12);
    app.finish().await;
}

#[tokio::test]
async fn setup_fees_and_parts_of_months_are_to_come_with_their_payments() {
    let app = App::start_with(|it| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 15;
        it.billing.first_payment = FirstPayment::Prorated;
        it.taxes.enabled = true;
        it.taxes.default_rate = 19.0;
    })
    .await;
    let more = |day: &str| json!({ "startDate": day, "setupFee": 5 });
    // 20 January to 14 February are 26 of 31 days; 5 parts are the rest of the contract.
    let begun = app.lend("A1", 3, json!(31), more("2026-01-20")).await;
    assert_eq!(price(&app, &begun).await, 31.0 + 5.0);
    let ahead = app.lend("A2", 3, json!(31), more("2026-04-20")).await;
    assert_eq!(price(&app, &ahead).await, 3.0 * 31.0 + 5.0);
    app.finish().await;
}

#[tokio::test]
async fn what_is_to_come_is_net_where_prices_include_tax() {
    let app = App::start_with(|it| {
        it.taxes.enabled = true;
        it.taxes.default_rate = 19.0;
        it.taxes.calculation = TaxCalculation::Inclusive;
    })
    .await;
    let rental = app.lend("A1", 3, json!(31), json!({})).await;
    assert_eq!(price(&app, &rental).await, 2.0 * 26.05);
    // What is asked for is then a price like any other, and contains the tax.
    app.act(&rental, "buyout", json!({ "reason": "other" }))
        .await
        .is(200);
    let payments = app.payments(&rental).await;
    let once = payments
        .iter()
        .find(|row| row.idempotency_key.ends_with(":buyout"))
        .expect("the price is scheduled");
    assert_eq!((once.total, once.subtotal), (5_210, 4_378));
    app.finish().await;
}

#[tokio::test]
async fn paid_and_cancelled_payments_are_not_to_come() {
    let app = App::start().await;
    let rental = app.lend("A1", 12, json!(10), json!({})).await;
    // This month and the next are paid, and the third is waived.
    app.pay(&rental, 2).await;
    let mut third = app.payments(&rental).await.swap_remove(2);
    third.status = PaymentStatus::Cancelled;
    let store = app.service.store();
    store
        .write_in(&TENANT.into(), move |tx| {
            store::payments::update(tx, &third)
        })
        .await
        .expect("payments are writable");
    assert_eq!(price(&app, &rental).await, 90.0);
    let answer = app.act(&rental, "early-return", returned()).await;
    assert_eq!(answer.is(200)["earlyReturnFee"], 90.0);
    assert_eq!(owed(&app, &rental).await, 11_000);
    app.finish().await;
}

#[tokio::test]
async fn the_period_in_progress_counts_where_settings_charge_it() {
    for (charged, today, after_the_end) in [(false, 110.0, 0.0), (true, 120.0, 0.0)] {
        let app = App::start_with(|it| {
            it.fees.charge_current_month = charged;
            it.billing.start = BillingStart::SameDayNextMonth;
        })
        .await;
        let rental = app.lend("A1", 12, json!(10), json!({})).await;
        assert_eq!(price(&app, &rental).await, today);
        // Whether it is paid makes no difference.
        app.pay(&rental, 1).await;
        assert_eq!(price(&app, &rental).await, today);
        let over = app
            .lend("A2", 12, json!(10), json!({ "startDate": "2025-03-10" }))
            .await;
        assert_eq!(price(&app, &over).await, after_the_end);
        // It is charged on top: the payment of the period itself stays.
        let fee = fee(&app, &rental).await;
        app.act(&rental, "early-return", returned()).await.is(200);
        assert_eq!(owed(&app, &rental).await, 1_000 + (fee * 100.0) as i64);
        app.finish().await;
    }
}

#[tokio::test]
async fn due_dates_of_later_billing_are_counted_from_the_start_day() {
    let app = App::start().await;
    let rental = app.lend("A1", 3, json!(10), later("2026-01-31")).await;
    let body = json!({ "extensionMonths": 2, "reason": "more time" });
    app.act(&rental, "extend", body).await.is(200);
    assert_eq!(
        app.due(&rental, PaymentStatus::Pending).await,
        [
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
            "2026-05-31",
            "2026-06-30"
        ]
    );
    app.finish().await;
}
