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
