//! Every setting with a range, on both sides of every bound; and that a change acts on what comes after it only.

use serde_json::{Value, json};

use crate::suite::support::App;

/// `{section: {name: value}}` for `section.name`.
fn of(path: &str, value: Value) -> Value {
    path.rsplit('.')
        .fold(value, |value, name| json!({ name: value }))
}

#[tokio::test]
async fn numbers_are_taken_up_to_their_bounds_and_not_beyond() {
    let app = App::start().await;
    for (path, good, bad) in [
        (
            "taxes.defaultRate",
            vec![json!(0), json!(100), json!(7.7)],
            vec![json!(-0.01), json!(100.01)],
        ),
        (
            "billing.dayOfMonth",
            vec![json!(1), json!(28)],
            vec![json!(0), json!(29), json!(1.5)],
        ),
        (
            "orders.maxQuantity",
            vec![json!(1), json!(null)],
            vec![json!(0), json!(-1), json!(1.5)],
        ),
        (
            "orders.minQuantity",
            vec![json!(1), json!(null)],
            vec![json!(0), json!(-1), json!(1.5)],
        ),
        (
            "extensions.maxPerSubscription",
            vec![json!(0), json!(1), json!(null)],
            vec![json!(-1), json!(0.5)],
        ),
        (
            "extensions.windowDays",
            vec![json!(0), json!(1), json!(null)],
            vec![json!(-1), json!(0.5)],
        ),
        (
            "extensions.options",
            vec![json!([1, 120]), json!([])],
            vec![
                json!([0]),
                json!([121]),
                json!([1.5]),
                json!(null),
                json!("6"),
            ],
        ),
        (
            "buyout.flatFee",
            vec![json!(0), json!(0.01)],
            vec![json!(-0.01), json!(0.001)],
        ),
        (
            "buyout.rrpPercent",
            vec![json!(0), json!(100), json!(12.5)],
            vec![json!(-0.1), json!(100.1)],
        ),
        (
            "earlyReturn.flatFee",
            vec![json!(0), json!(0.01)],
            vec![json!(-0.01), json!(0.001)],
        ),
        (
            "earlyReturn.penaltyPercent",
            vec![json!(0), json!(100), json!(12.5)],
            vec![json!(-0.1), json!(100.1)],
        ),
        (
            "earlyReturn.gracePeriodDays",
            vec![json!(0), json!(1)],
            vec![json!(-1), json!(0.5), json!(null)],
        ),
        (
            "pricing.valueRecoveryPercent",
            vec![json!(10), json!(100)],
            vec![json!(9.99), json!(100.01)],
        ),
        (
            "pricing.profitMargin",
            vec![json!(0), json!(100)],
            vec![json!(-0.01), json!(100.01)],
        ),
        (
            "pricing.rounding.to",
            vec![json!(1), json!(5), json!(10), json!(100)],
            vec![json!(0), json!(2), json!(50), json!(1000)],
        ),
        (
            "pricing.contractLengths",
            vec![
                json!([{ "months": 1, "adjustmentPercent": -50 }, { "months": 120, "adjustmentPercent": 100 }]),
                json!([]),
            ],
            vec![
                json!([{ "months": 0 }]),
                json!([{ "months": 121 }]),
                json!([{ "months": 6, "adjustmentPercent": -50.1 }]),
                json!([{ "months": 6, "adjustmentPercent": 100.1 }]),
                json!([{ "default": true }]),
            ],
        ),
        (
            "general.idPrefix",
            vec![json!("A"), json!("a1B2c"), json!("12345"), json!(null)],
            vec![
                json!(""),
                json!("ABCDEF"),
                json!("A-B"),
                json!("A B"),
                json!("Ä"),
                json!("_"),
            ],
        ),
    ] {
        for value in good {
            let answer = app.patch("/v1/settings", of(path, value.clone())).await;
            let pointer = format!("/settings/{}", path.replace('.', "/"));
            let stored = answer.is(200).pointer(&pointer).expect(path).clone();
            match (value.as_f64(), value.is_array()) {
                (Some(number), _) => assert_eq!(stored.as_f64(), Some(number), "{path}"),
                // Objects in it have their defaults now.
                (None, true) => assert_eq!(
                    stored.as_array().map(Vec::len),
                    value.as_array().map(Vec::len)
                ),
                (None, false) => assert_eq!(stored, value, "{path}"),
            }
        }
        let before = app.get("/v1/settings").await.body;
        for value in bad {
            let answer = app.patch("/v1/settings", of(path, value.clone())).await;
            answer.refused(400, "VALIDATION_ERROR");
            let found = answer.details()[0].0.clone();
            assert!(found.starts_with(path), "{path} {value}: {found}");
        }
        assert_eq!(app.get("/v1/settings").await.body, before, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn words_are_those_of_the_contract() {
    let app = App::start().await;
    for (path, words) in [
        (
            "localization.dateFormat",
            &[
                "DD/MM/YYYY",
                "MM/DD/YYYY",
                "YYYY-MM-DD",
                "DD-MM-YYYY",
                "DD.MM.YYYY",
            ][..],
        ),
        ("taxes.calculation", &["exclusive", "inclusive"]),
        (
            "billing.start",
            &["immediate", "first_of_next_month", "same_day_next_month"],
        ),
        (
            "billing.cycle",
            &["subscription_start", "fixed_day", "every_30_days"],
        ),
        (
            "billing.firstPayment",
            &[
                "full_month",
                "prorated",
                "free_until_cycle",
                "collected_externally",
            ],
        ),
        (
            "billing.paymentTerms",
            &["due_immediately", "net_7", "net_14", "net_30"],
        ),
        (
            "buyout.method",
            &[
                "flat_fee",
                "remaining_months",
                "rrp_percentage",
                "remaining_months_plus_rrp",
            ],
        ),
        (
            "earlyReturn.method",
            &["remaining_months", "flat_fee", "no_fee"],
        ),
        (
            "contractEnd.behaviour",
            &[
                "require_action",
                "auto_terminate",
                "auto_renew_monthly",
                "auto_renew_same_term",
            ],
        ),
        ("fees.partialMonthRounding", &["up", "down"]),
        ("pricing.rounding.mode", &["nearest", "up", "down"]),
    ] {
        for word in words {
            let settings = app.set(of(path, json!(word))).await;
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(settings.pointer(&pointer), Some(&json!(word)));
        }
        for none in [json!("none"), json!(""), json!(1), json!(null)] {
            let answer = app.patch("/v1/settings", of(path, none)).await;
            answer.refused(400, "VALIDATION_ERROR");
            assert_eq!(answer.details()[0].0, path);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn no_extension_at_all_may_be_allowed_and_only_on_the_last_day() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    let path = format!("/v1/subscriptions/{rental}/extend");
    let extend = async || {
        app.post(&path, json!({ "extensionMonths": 1, "reason": "r" }))
            .await
    };
    app.set(json!({ "extensions": { "maxPerSubscription": 0 } }))
        .await;
    extend().await.refused(400, "EXTENSION_NOT_ALLOWED");
    app.set(json!({ "extensions": { "maxPerSubscription": null, "windowDays": 0 } }))
        .await;
    // The last day is 9 March 2027.
    app.advance_days(363);
    extend().await.refused(400, "EXTENSION_NOT_ALLOWED");
    app.advance_days(1);
    extend().await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn what_was_made_before_a_change_stays_as_it_is() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    let everything = async || {
        let mut all = Vec::new();
        for path in [
            format!("/v1/customers/{customer}"),
            format!("/v1/orders/{order}"),
            format!("/v1/subscriptions/{rental}"),
            format!("/v1/payments?rentalId={rental}"),
            "/v1/assets/A1".into(),
        ] {
            all.push(app.get(&path).await.is(200).clone());
        }
        all
    };
    let before = everything().await;
    app.set(json!({
        "general": { "idPrefix": "NEW" },
        "taxes": { "enabled": true, "defaultRate": 19, "calculation": "inclusive" },
        "billing": {
            "start": "first_of_next_month", "cycle": "fixed_day", "dayOfMonth": 5,
            "firstPayment": "prorated", "paymentTerms": "net_30"
        },
        "orders": { "requireConfirmation": false, "minQuantity": 5 },
        "contractEnd": { "behaviour": "auto_renew_monthly" },
        "pricing": { "contractLengths": [{ "months": 24, "default": true }] },
        "addresses": { "fields": { "company": { "required": true } } },
        "customFields": [{ "id": "a", "type": "text", "section": "order", "required": true }],
        "assets": { "imeiCategories": ["laptops"] }
    }))
    .await;
    assert_eq!(everything().await, before);
    // An extension goes on in the rhythm of the contract, and is taxed as it is made.
    let path = format!("/v1/subscriptions/{rental}/extend");
    app.post(&path, json!({ "extensionMonths": 1, "reason": "r" }))
        .await
        .is(200);
    let path = format!("/v1/payments?rentalId={rental}&sortBy=dueDate");
    let last = app.get(&path).await.is(200)["payments"][0].clone();
    assert_eq!(last["dueDate"], "2027-03-10");
    assert_eq!([&last["subtotal"], &last["total"]], [42.02, 50.0]);
    app.finish().await;
}
