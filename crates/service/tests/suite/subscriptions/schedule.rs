//! The payments that a subscription begins with.

use serde_json::{Value, json};
use service::settings::{
    BillingCycle, BillingStart, FirstPayment, PaymentTerms, Settings, TaxCalculation,
};
use store::{PaymentRow, PaymentStatus, PaymentType};

use super::order_body;
use crate::suite::support::App;

/// A subscription of 3 months at 31.00 and a setup fee of 5.00, started on 20 January 2026.
async fn started(
    change: impl FnOnce(&mut Settings),
    customer_type: &str,
    more: Value,
) -> (App, String, Vec<PaymentRow>) {
    let app = App::start_with(change).await;
    app.priced(
        "S",
        json!([{ "contractLength": 3, "monthlyPrice": 31, "setupFee": 5 }]),
    )
    .await;
    app.asset("A1", "S").await;
    let mut body = order_body("ada@example.com", "S", 1);
    body["items"][0]["contractLength"] = json!(3);
    body["customer"]["customerType"] = json!(customer_type);
    let answer = app.post("/v1/orders", body).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;
    let mut body = json!({
        "orderId": order, "customerId": customer, "assetSerialNumber": "A1",
        "startDate": "2026-01-20"
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let answer = app.post("/v1/subscriptions", body).await;
    answer.is(201);
    let rental = answer.text("/rentalId");
    let payments = app.payments(&rental).await;
    (app, rental, payments)
}

/// Due date and total of each payment.
fn dues(payments: &[PaymentRow]) -> Vec<(String, i64)> {
    payments
        .iter()
        .map(|row| (row.due_date.to_string(), row.total))
        .collect()
}

fn due(day: &str, total: i64) -> (String, i64) {
    (day.into(), total)
}

#[tokio::test]
async fn every_payment_of_the_contract_is_pending_from_the_beginning() {
    let (app, rental, payments) = started(|_| {}, "individual", json!({})).await;
    assert_eq!(
        dues(&payments),
        [
            due("2026-01-20", 3_600),
            due("2026-02-20", 3_100),
            due("2026-03-20", 3_100)
        ]
    );
    for (row, period) in payments.iter().zip(["2026-01", "2026-02", "2026-03"]) {
        assert_eq!(row.status, PaymentStatus::Pending);
        assert_eq!(row.payment_type, PaymentType::Individual);
        assert_eq!(row.billing_period, period);
        assert_eq!(row.idempotency_key, format!("{rental}:{period}"));
        assert_eq!(
            (row.subtotal, row.tax_amount, row.tax_rate),
            (row.total, 0, 0)
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn tax_comes_on_top_of_exclusive_prices_and_out_of_inclusive_ones() {
    let taxed = |calculation| {
        move |it: &mut Settings| {
            it.taxes.enabled = true;
            it.taxes.default_rate = 19.0;
            it.taxes.calculation = calculation;
        }
    };
    let line = |row: &PaymentRow| (row.subtotal, row.tax_amount, row.total, row.tax_rate);
    let (app, _, payments) =
        started(taxed(TaxCalculation::Exclusive), "individual", json!({})).await;
    assert_eq!(line(&payments[0]), (3_600, 684, 4_284, 1_900));
    assert_eq!(line(&payments[1]), (3_100, 589, 3_689, 1_900));
    app.finish().await;
    let (app, _, payments) =
        started(taxed(TaxCalculation::Inclusive), "individual", json!({})).await;
    assert_eq!(line(&payments[1]), (2_605, 495, 3_100, 1_900));
    app.finish().await;
}

#[tokio::test]
async fn only_business_customers_have_payment_terms() {
    let net = |it: &mut Settings| it.billing.payment_terms = PaymentTerms::Net14;
    let (app, _, payments) = started(net, "business", json!({})).await;
    assert_eq!(dues(&payments)[0], due("2026-02-03", 3_600));
    assert_eq!(payments[0].billing_period, "2026-01");
    app.finish().await;
    let (app, _, payments) = started(net, "individual", json!({})).await;
    assert_eq!(dues(&payments)[0], due("2026-01-20", 3_600));
    app.finish().await;
}

#[tokio::test]
async fn the_billing_start_of_the_request_goes_before_the_setting() {
    let next_month = |it: &mut Settings| it.billing.start = BillingStart::FirstOfNextMonth;
    let (app, _, payments) = started(next_month, "individual", json!({})).await;
    assert_eq!(payments[0].due_date.to_string(), "2026-02-01");
    app.finish().await;
    let option = json!({ "billingStartOption": "same_day_next_month" });
    let (app, rental, payments) = started(next_month, "individual", option).await;
    assert_eq!(payments[0].due_date.to_string(), "2026-02-20");
    assert_eq!(app.rental(&rental).await["nextBillingDate"], "2026-02-20");
    app.finish().await;
}

#[tokio::test]
async fn thirty_day_cycles_are_keyed_by_due_date() {
    let cycle = |it: &mut Settings| it.billing.cycle = BillingCycle::Every30Days;
    let (app, rental, payments) = started(cycle, "individual", json!({})).await;
    assert_eq!(
        dues(&payments),
        [
            due("2026-01-20", 3_600),
            due("2026-02-19", 3_100),
            due("2026-03-21", 3_100)
        ]
    );
    assert_eq!(payments[1].idempotency_key, format!("{rental}:2026-02-19"));
    app.finish().await;
}

#[tokio::test]
async fn a_fixed_day_prorates_the_first_payment_and_collects_the_rest_last() {
    let fixed = |it: &mut Settings| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 15;
        it.billing.first_payment = FirstPayment::Prorated;
    };
    let (app, rental, payments) = started(fixed, "individual", json!({})).await;
    assert_eq!(
        dues(&payments),
        [
            due("2026-01-20", 3_100),
            due("2026-02-15", 3_100),
            due("2026-03-15", 3_100),
            due("2026-04-15", 500)
        ]
    );
    assert_eq!(
        payments[0].idempotency_key,
        format!("{rental}:2026-01:first")
    );
    app.finish().await;
}

#[tokio::test]
async fn what_is_collected_externally_is_paid_from_the_beginning() {
    let external = |it: &mut Settings| it.billing.first_payment = FirstPayment::CollectedExternally;
    let (app, rental, payments) = started(external, "individual", json!({})).await;
    let first = &payments[0];
    assert_eq!(
        (first.status, first.provider.as_deref()),
        (PaymentStatus::Paid, Some("manual"))
    );
    assert!(first.paid_at.is_some());
    assert_eq!(payments[1].status, PaymentStatus::Pending);
    let shown = app.rental(&rental).await;
    assert_eq!(shown["totalCollected"], 36.0);
    assert_eq!(shown["nextBillingDate"], "2026-02-20");
    let customer = shown["customerId"].as_str().unwrap();
    assert_eq!(app.get_customer(customer).await["lifetimeCollected"], 36.0);
    let kinds = app.event_kinds().await;
    let count = |kind: &str| kinds.iter().filter(|it| *it == kind).count();
    assert_eq!(
        (count("payment.succeeded"), count("payment.scheduled")),
        (1, 2)
    );
    app.finish().await;
}

#[tokio::test]
async fn the_first_of_next_month_is_never_the_first_of_this_one() {
    for (day, first) in [
        ("2026-01-01", "2026-02-01"),
        ("2026-01-31", "2026-02-01"),
        ("2025-12-02", "2026-01-01"),
    ] {
        let option = json!({ "billingStartOption": "first_of_next_month", "startDate": day });
        let (app, _, payments) = started(|_| {}, "individual", option).await;
        assert_eq!(payments[0].due_date.to_string(), first, "{day}");
        app.finish().await;
    }
}

#[tokio::test]
async fn thirty_day_cycles_begin_where_billing_starts() {
    for (option, days) in [
        ("immediate", ["2026-01-20", "2026-02-19", "2026-03-21"]),
        (
            "first_of_next_month",
            ["2026-02-01", "2026-03-03", "2026-04-02"],
        ),
        (
            "same_day_next_month",
            ["2026-02-20", "2026-03-22", "2026-04-21"],
        ),
    ] {
        let cycle = |it: &mut Settings| it.billing.cycle = BillingCycle::Every30Days;
        let more = json!({ "billingStartOption": option });
        let (app, _, payments) = started(cycle, "individual", more).await;
        let found = dues(&payments);
        assert_eq!(
            found.iter().map(|it| &*it.0).collect::<Vec<_>>(),
            days,
            "{option}"
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn a_fixed_day_goes_by_itself_whatever_the_billing_start() {
    for option in ["immediate", "first_of_next_month", "same_day_next_month"] {
        let fixed = |it: &mut Settings| {
            it.billing.cycle = BillingCycle::FixedDay;
            it.billing.day_of_month = 15;
            it.billing.start = BillingStart::SameDayNextMonth;
        };
        let more = json!({ "billingStartOption": option });
        let (app, rental, payments) = started(fixed, "individual", more).await;
        assert_eq!(
            dues(&payments),
            [
                due("2026-01-20", 3_600),
                due("2026-02-15", 3_100),
                due("2026-03-15", 3_100)
            ],
            "{option}"
        );
        let keys: Vec<_> = payments.iter().map(|row| &*row.idempotency_key).collect();
        let expected = ["2026-01:first", "2026-02", "2026-03"];
        assert_eq!(keys, expected.map(|key| format!("{rental}:{key}")));
        app.finish().await;
    }
}

#[tokio::test]
async fn a_start_on_the_day_of_the_cycle_has_nothing_before_it() {
    for first in [
        FirstPayment::FullMonth,
        FirstPayment::Prorated,
        FirstPayment::FreeUntilCycle,
        FirstPayment::CollectedExternally,
    ] {
        let fixed = |it: &mut Settings| {
            it.billing.cycle = BillingCycle::FixedDay;
            it.billing.day_of_month = 20;
            it.billing.first_payment = first;
        };
        let (app, rental, payments) = started(fixed, "individual", json!({})).await;
        assert_eq!(
            dues(&payments),
            [
                due("2026-01-20", 3_600),
                due("2026-02-20", 3_100),
                due("2026-03-20", 3_100)
            ]
        );
        assert_eq!(payments[0].idempotency_key, format!("{rental}:2026-01"));
        app.finish().await;
    }
}

#[tokio::test]
async fn part_of_a_month_is_rounded_half_up_and_the_sum_stays() {
    let fixed = |it: &mut Settings| {
        it.billing.cycle = BillingCycle::FixedDay;
        it.billing.day_of_month = 1;
        it.billing.first_payment = FirstPayment::Prorated;
    };
    // 15 of 30 days of 0.05, and 14 of 28 of 0.03.
    for (serial, day, price, part) in [
        ("A", "2026-04-16", 0.05, 3),
        ("B", "2026-02-15", 0.03, 2),
        ("C", "2026-02-15", 0.04, 2),
    ] {
        let app = App::start_with(fixed).await;
        let rental = app
            .lend(serial, 2, json!(price), json!({ "startDate": day }))
            .await;
        let amounts: Vec<i64> = app
            .payments(&rental)
            .await
            .iter()
            .map(|row| row.total)
            .collect();
        let month = (price * 100.0) as i64;
        assert_eq!(amounts, [part, month, month - part], "{serial}");
        app.finish().await;
    }
}

#[tokio::test]
async fn payment_terms_of_thirty_days_come_after_the_end_of_a_month_is_clamped() {
    let net = |it: &mut Settings| it.billing.payment_terms = PaymentTerms::Net30;
    let more = json!({ "startDate": "2026-01-31" });
    let (app, rental, payments) = started(net, "business", more).await;
    assert_eq!(
        dues(&payments),
        [
            due("2026-03-02", 3_600),
            due("2026-03-30", 3_100),
            due("2026-04-30", 3_100)
        ]
    );
    let periods: Vec<_> = payments.iter().map(|row| &*row.billing_period).collect();
    assert_eq!(periods, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(payments[1].idempotency_key, format!("{rental}:2026-02"));
    app.finish().await;
}
