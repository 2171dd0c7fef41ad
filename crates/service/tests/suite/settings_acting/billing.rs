//! Taxes, and when payments are due.

use serde_json::json;

use super::each;
use crate::suite::support::App;

#[tokio::test]
async fn taxes_enabled_and_default_rate_tax_orders_and_payments() {
    let app = App::start().await;
    for (taxes, tax) in [
        (json!({ "enabled": true, "defaultRate": 19 }), 9.5),
        (json!({ "defaultRate": 7 }), 3.5),
        (json!({ "enabled": false }), 0.0),
    ] {
        app.set(json!({ "taxes": taxes })).await;
        let order = app.ordered(json!({})).await;
        let totals = &order.is(201)["order"]["totals"];
        assert_eq!(
            [&totals["taxAmount"], &totals["total"]],
            [tax, 50.0 + tax],
            "{taxes}"
        );
        let rental = app.begun("individual", json!({})).await;
        let payment = &app.schedule(&rental).await[0];
        assert_eq!(
            [
                &payment["subtotal"],
                &payment["taxAmount"],
                &payment["total"]
            ],
            [50.0, tax, 50.0 + tax],
            "{taxes}"
        );
        assert_eq!(payment["taxRate"], tax * 2.0);
    }
    app.finish().await;
}

#[tokio::test]
async fn taxes_calculation_inclusive_takes_tax_out_of_the_price() {
    let app = App::start().await;
    app.set(json!({
        "taxes": { "enabled": true, "defaultRate": 25, "calculation": "inclusive" }
    }))
    .await;
    let order = app.ordered(json!({})).await;
    let totals = &order.is(201)["order"]["totals"];
    assert_eq!([&totals["taxAmount"], &totals["total"]], [10.0, 50.0]);
    let rental = app.begun("individual", json!({})).await;
    let payment = &app.schedule(&rental).await[0];
    assert_eq!([&payment["subtotal"], &payment["total"]], [40.0, 50.0]);
    app.finish().await;
}

/// The first three due dates of a contract that begins on 20 March 2026, under some `billing`.
async fn dues(app: &App, billing: serde_json::Value) -> [String; 3] {
    app.set(json!({ "billing": billing })).await;
    let start = json!({ "startDate": "2026-03-20" });
    let rental = app.begun("individual", start).await;
    let schedule = app.schedule(&rental).await;
    [0, 1, 2].map(|index| {
        let due = schedule[index]["dueDate"].as_str();
        due.expect("a day").to_owned()
    })
}

#[tokio::test]
async fn billing_start_decides_when_the_first_payment_is_due() {
    let app = App::start().await;
    for (start, days) in [
        (
            "first_of_next_month",
            ["2026-04-01", "2026-05-01", "2026-06-01"],
        ),
        (
            "same_day_next_month",
            ["2026-04-20", "2026-05-20", "2026-06-20"],
        ),
        ("immediate", ["2026-03-20", "2026-04-20", "2026-05-20"]),
    ] {
        assert_eq!(dues(&app, json!({ "start": start })).await, days, "{start}");
    }
    app.finish().await;
}

#[tokio::test]
async fn billing_cycle_decides_how_payments_follow_each_other() {
    let app = App::start().await;
    for (cycle, days) in [
        ("fixed_day", ["2026-03-20", "2026-04-01", "2026-05-01"]),
        ("every_30_days", ["2026-03-20", "2026-04-19", "2026-05-19"]),
        (
            "subscription_start",
            ["2026-03-20", "2026-04-20", "2026-05-20"],
        ),
    ] {
        assert_eq!(dues(&app, json!({ "cycle": cycle })).await, days, "{cycle}");
    }
    app.finish().await;
}

#[tokio::test]
async fn billing_day_of_month_is_the_day_of_a_fixed_cycle() {
    let app = App::start().await;
    for (day, days) in [
        (25, ["2026-03-20", "2026-03-25", "2026-04-25"]),
        (5, ["2026-03-20", "2026-04-05", "2026-05-05"]),
        (20, ["2026-03-20", "2026-04-20", "2026-05-20"]),
    ] {
        let billing = json!({ "cycle": "fixed_day", "dayOfMonth": day });
        assert_eq!(dues(&app, billing).await, days, "{day}");
    }
    app.finish().await;
}

#[tokio::test]
async fn billing_first_payment_decides_what_is_due_before_a_fixed_cycle() {
    let app = App::start().await;
    app.set(json!({ "billing": { "cycle": "fixed_day", "dayOfMonth": 5 } }))
        .await;
    for (first, day, amount, status, count) in [
        // 16 of the 31 days of March.
        ("prorated", "2026-03-20", 25.81, "pending", 13),
        ("free_until_cycle", "2026-04-05", 50.0, "pending", 12),
        ("collected_externally", "2026-03-20", 50.0, "paid", 12),
        ("full_month", "2026-03-20", 50.0, "pending", 12),
    ] {
        app.set(json!({ "billing": { "firstPayment": first } }))
            .await;
        let start = json!({ "startDate": "2026-03-20" });
        let rental = app.begun("individual", start).await;
        let schedule = app.schedule(&rental).await;
        let found = &schedule[0];
        assert_eq!(found["dueDate"], day, "{first}");
        assert_eq!(found["total"], amount, "{first}");
        assert_eq!(found["status"], status, "{first}");
        assert_eq!(schedule.len(), count, "{first}");
        assert_eq!(schedule[1]["status"], "pending", "{first}");
    }
    app.finish().await;
}

#[tokio::test]
async fn billing_payment_terms_give_business_customers_days_to_pay() {
    for (terms, day) in [
        ("net_7", "2026-03-17"),
        ("net_14", "2026-03-24"),
        ("net_30", "2026-04-09"),
        ("due_immediately", "2026-03-10"),
    ] {
        let app = App::start().await;
        app.set(json!({ "billing": { "paymentTerms": terms } }))
            .await;
        let business = app.begun("business", json!({})).await;
        assert_eq!(app.schedule(&business).await[0]["dueDate"], day, "{terms}");
        app.finish().await;
    }
    let app = App::start().await;
    app.set(json!({ "billing": { "paymentTerms": "net_30" } }))
        .await;
    let individual = app.begun("individual", json!({})).await;
    let schedule = app.schedule(&individual).await;
    assert_eq!(each(&schedule, "dueDate")[0], "2026-03-10");
    app.finish().await;
}

#[tokio::test]
async fn general_currency_is_that_of_all_money_and_stays() {
    let app = App::start_in("JPY", |_| {}).await;
    let change = json!({ "general": { "currency": "EUR" } });
    app.patch("/v1/settings", change)
        .await
        .refused(400, "VALIDATION_ERROR");
    let rental = app.begun("individual", json!({})).await;
    assert_eq!(rental["currency"], "JPY");
    assert_eq!(app.schedule(&rental).await[0]["currency"], "JPY");
    let body = json!({ "extensionMonths": 1, "newMonthlyAmount": 49.5, "reason": "x" });
    app.done(&rental, "extend", body)
        .await
        .refused(400, "INVALID_PRICING");
    app.finish().await;
}
