//! Settings: read whole, changed in part, and acted on from the next operation on.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{App, Race, address, ok, order_body};

impl App {
    async fn settings(&self) -> Value {
        self.get("/v1/settings").await.is(200).clone()
    }

    /// Changes settings; what the answer says is what is read afterwards.
    pub(crate) async fn set(&self, change: Value) -> Value {
        let answer = self.patch("/v1/settings", change).await;
        let settings = answer.is(200)["settings"].clone();
        assert_eq!(answer.body["success"], true);
        assert_eq!(self.settings().await, settings);
        settings
    }
}

#[tokio::test]
async fn settings_that_were_never_set_have_their_defaults() {
    let app = App::start().await;
    let part = |required: bool| json!({ "visible": true, "required": required, "label": null });
    let expected = json!({
        "general": { "displayName": "Test", "idPrefix": null, "currency": "EUR" },
        "localization": { "timezone": "UTC", "dateFormat": "YYYY-MM-DD" },
        "taxes": { "enabled": false, "vatNumber": null, "defaultRate": 0.0, "calculation": "exclusive" },
        "billing": {
            "start": "immediate", "cycle": "subscription_start", "dayOfMonth": 1,
            "firstPayment": "full_month", "paymentTerms": "due_immediately"
        },
        "orders": { "requireConfirmation": true, "minQuantity": 1, "maxQuantity": null },
        "extensions": {
            "options": [], "maxPerSubscription": null, "windowDays": null, "createOrder": false
        },
        "upgrades": { "enabled": true },
        "buyout": {
            "enabled": true, "method": "remaining_months", "flatFee": 0.0, "rrpPercent": 0.0,
            "allowManualOverride": true, "allowRrpEstimation": false
        },
        "earlyReturn": {
            "enabled": true, "method": "remaining_months", "penaltyPercent": 100.0, "flatFee": 0.0,
            "gracePeriodDays": 0, "allowManualOverride": true
        },
        "contractEnd": { "behaviour": "require_action" },
        "fees": { "partialMonthRounding": "up", "chargeCurrentMonth": false },
        "pricing": {
            "contractLengths": [
                { "months": 6, "adjustmentPercent": 0.0, "default": false },
                { "months": 12, "adjustmentPercent": 0.0, "default": true },
                { "months": 24, "adjustmentPercent": 0.0, "default": false },
                { "months": 36, "adjustmentPercent": 0.0, "default": false },
            ],
            "valueRecoveryPercent": 60.0, "profitMargin": 25.0,
            "rounding": { "enabled": false, "mode": "nearest", "to": 1 }
        },
        "customFields": [],
        "addresses": { "fields": {
            "contactName": part(false), "company": part(false), "buildingInfo": part(false),
            "streetAddress": part(true), "locality": part(false), "city": part(true),
            "adminArea": part(false), "postalCode": part(false), "country": part(true)
        } },
        "contracts": { "templates": { "order": null, "extension": null, "upgrade": null } },
        "assets": { "imeiCategories": ["phone", "phones", "smartphone", "smartphones"] },
        "catalog": {
            "categories": [],
            "conditions": [
                { "name": "new", "factor": 1.0 }, { "name": "like_new", "factor": 0.9 },
                { "name": "good", "factor": 0.8 }, { "name": "fair", "factor": 0.7 },
            ]
        }
    });
    assert_eq!(app.settings().await, expected);
    // Sent back, everything stays.
    assert_eq!(app.set(expected.clone()).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_nothing_else() {
    let app = App::start().await;
    let mut expected = app.settings().await;
    for (change, path, value) in [
        (
            json!({ "taxes": { "enabled": true } }),
            "/taxes/enabled",
            json!(true),
        ),
        (
            json!({ "taxes": { "defaultRate": 19 } }),
            "/taxes/defaultRate",
            json!(19.0),
        ),
        (
            json!({ "general": { "idPrefix": "ACME" } }),
            "/general/idPrefix",
            json!("ACME"),
        ),
        (
            json!({ "general": { "idPrefix": null } }),
            "/general/idPrefix",
            json!(null),
        ),
        (
            json!({ "general": { "displayName": "Acme" } }),
            "/general/displayName",
            json!("Acme"),
        ),
        (
            json!({ "general": { "displayName": null } }),
            "/general/displayName",
            json!("Test"),
        ),
        (
            json!({ "extensions": { "options": [3, 6] } }),
            "/extensions/options",
            json!([3, 6]),
        ),
        (
            json!({ "extensions": { "options": [] } }),
            "/extensions/options",
            json!([]),
        ),
        (
            json!({ "addresses": { "fields": { "company": { "required": true } } } }),
            "/addresses/fields/company/required",
            json!(true),
        ),
        (
            json!({ "contracts": { "templates": { "order": { "title": "Rental", "terms": "" } } } }),
            "/contracts/templates/order",
            json!({ "title": "Rental", "terms": "" }),
        ),
        (
            json!({ "contracts": { "templates": { "order": null } } }),
            "/contracts/templates/order",
            json!(null),
        ),
        (
            json!({ "localization": { "timezone": "Asia/Tokyo" } }),
            "/localization/timezone",
            json!("Asia/Tokyo"),
        ),
        (
            json!({ "pricing": { "rounding": { "to": 5 } } }),
            "/pricing/rounding/to",
            json!(5),
        ),
    ] {
        *expected.pointer_mut(path).expect(path) = value;
        assert_eq!(app.set(change).await, expected, "{path}");
    }
    // Nothing is sent, or only what nobody knows.
    assert_eq!(app.set(json!({ "unheard": { "of": 1 } })).await, expected);
    assert_eq!(
        app.set(json!({ "general": { "currency": "EUR" } })).await,
        expected
    );
    let bare = app.json(Method::PATCH, "/v1/settings", None).await;
    assert_eq!(bare.is(200)["settings"], expected);
    app.finish().await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_its_place_and_changes_nothing() {
    let app = App::start().await;
    let before = app.settings().await;
    let field = |id: &str| json!({ "id": id, "type": "text", "section": "order" });
    for (change, path) in [
        (
            json!({ "general": { "currency": "USD" } }),
            "general.currency",
        ),
        (
            json!({ "general": { "idPrefix": "TOOLONG" } }),
            "general.idPrefix",
        ),
        (
            json!({ "localization": { "timezone": "Mars/Olympus" } }),
            "localization.timezone",
        ),
        (
            json!({ "localization": { "dateFormat": "YY" } }),
            "localization.dateFormat",
        ),
        (
            json!({ "taxes": { "defaultRate": 100.5 } }),
            "taxes.defaultRate",
        ),
        (json!({ "taxes": { "enabled": "yes" } }), "taxes.enabled"),
        (
            json!({ "billing": { "dayOfMonth": 29 } }),
            "billing.dayOfMonth",
        ),
        (json!({ "billing": null }), "billing"),
        (json!({ "buyout": { "flatFee": 1.005 } }), "buyout.flatFee"),
        (
            json!({ "earlyReturn": { "flatFee": 0.001 } }),
            "earlyReturn.flatFee",
        ),
        (
            json!({ "orders": { "minQuantity": 5, "maxQuantity": 4 } }),
            "orders.minQuantity",
        ),
        (
            json!({ "orders": { "minQuantity": 0 } }),
            "orders.minQuantity",
        ),
        (
            json!({ "extensions": { "options": [0] } }),
            "extensions.options.0",
        ),
        (
            json!({ "pricing": { "contractLengths": [{ "months": 6 }, { "months": 6 }] } }),
            "pricing.contractLengths.1.months",
        ),
        (
            json!({ "pricing": { "contractLengths": [
                { "months": 6, "default": true }, { "months": 7, "default": true }] } }),
            "pricing.contractLengths",
        ),
        (
            json!({ "pricing": { "rounding": { "to": 3 } } }),
            "pricing.rounding.to",
        ),
        (
            json!({ "customFields": [field("a"), field("a")] }),
            "customFields.1.id",
        ),
        (
            json!({ "customFields": [{ "id": "a", "type": "select", "section": "order" }] }),
            "customFields.0.options",
        ),
        (
            json!({ "customFields": [{ "id": "a", "type": "text", "section": "order", "pattern": "(" }] }),
            "customFields.0.pattern",
        ),
        (
            json!({ "customFields": [
                { "id": "a", "type": "text", "section": "order", "minLength": 3, "maxLength": 2 }] }),
            "customFields.0.minLength",
        ),
        (
            json!({ "addresses": { "fields": { "city": { "required": false } } } }),
            "addresses.fields.city",
        ),
        (
            json!({ "addresses": { "fields": { "company": { "required": true, "visible": false } } } }),
            "addresses.fields.company",
        ),
        (
            json!({ "contracts": { "templates": { "order": { "title": "x" } } } }),
            "contracts.templates.order.terms",
        ),
    ] {
        let answer = app.patch("/v1/settings", change).await;
        answer.refused(400, "VALIDATION_ERROR");
        let paths: Vec<String> = answer.details().into_iter().map(|it| it.0).collect();
        assert_eq!(paths, [path]);
    }
    assert_eq!(app.settings().await, before);
    app.finish().await;
}

#[tokio::test]
async fn every_next_operation_acts_on_them() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let again = async |email: &str| app.post("/v1/orders", order_body(email, "SKU", 2)).await;

    app.set(json!({ "general": { "idPrefix": "ACM" } })).await;
    let order = again("bob@example.com").await;
    assert!(
        order.is(201)["orderId"]
            .as_str()
            .unwrap()
            .starts_with("ord_ACM")
    );
    app.set(json!({ "taxes": { "enabled": true, "defaultRate": 19 } }))
        .await;
    let taxed = again("cid@example.com").await;
    assert_eq!(taxed.is(201)["order"]["totals"]["total"], 119.0);
    app.set(json!({ "taxes": { "calculation": "inclusive" } }))
        .await;
    let taxed = again("dan@example.com").await;
    assert_eq!(taxed.is(201)["order"]["totals"]["total"], 100.0);
    app.set(json!({ "orders": { "maxQuantity": 1 } })).await;
    again("eve@example.com")
        .await
        .refused(400, "VALIDATION_ERROR");
    app.set(json!({ "orders": { "maxQuantity": null, "requireConfirmation": false } }))
        .await;
    app.asset("A2", "SKU").await;
    let id = order.text("/orderId");
    let bob = order.text("/order/customer/customerId");
    app.subscribe(&id, &bob, "A2").await;
    let body = json!({ "extensionMonths": 3, "reason": "stays" });
    let extend = format!("/v1/subscriptions/{rental}/extend");
    app.set(json!({ "extensions": { "options": [6] } })).await;
    app.post(&extend, body.clone())
        .await
        .refused(400, "INVALID_EXTENSION_MONTHS");
    app.set(json!({ "extensions": { "options": [], "windowDays": 30 } }))
        .await;
    app.post(&extend, body)
        .await
        .refused(400, "EXTENSION_NOT_ALLOWED");
    app.set(json!({ "buyout": { "enabled": false }, "earlyReturn": { "enabled": false } }))
        .await;
    for (action, body) in [
        ("buyout", json!({ "reason": "customer_request" })),
        (
            "early-return",
            json!({ "reason": "customer_request", "returnCondition": "good" }),
        ),
    ] {
        let path = format!("/v1/subscriptions/{rental}/{action}");
        app.post(&path, body).await.refused(400, "FEATURE_DISABLED");
    }
    app.set(json!({ "addresses": { "fields": { "company": { "required": true } } } }))
        .await;
    let change = json!({ "billingAddress": address() });
    let path = format!("/v1/customers/{customer}");
    let answer = app.put(&path, change).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "billingAddress.company");
    app.set(json!({ "addresses": { "fields": { "company": { "required": false } } } }))
        .await;
    let cost = json!([{ "id": "cost", "type": "number", "section": "order", "required": true }]);
    app.set(json!({ "customFields": cost })).await;
    let answer = again("fay@example.com").await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "customFields.cost");
    app.set(json!({ "assets": { "imeiCategories": ["LAPTOPS"] } }))
        .await;
    let body = json!({ "serialNumber": "A3", "sku": "SKU" });
    app.post("/v1/assets", body)
        .await
        .refused(400, "VALIDATION_ERROR");
    // 09:00 UTC is tomorrow already in the east.
    app.set(json!({ "localization": { "timezone": "Pacific/Kiritimati" }, "customFields": [] }))
        .await;
    app.advance(jiff::SignedDuration::from_hours(2));
    let export = app.post("/v1/exports/rentals", json!({})).await;
    assert_eq!(export.is(200)["filename"], "rentals-2026-03-11.csv");
    app.finish().await;
}

#[tokio::test]
async fn changes_at_the_same_moment_are_both_kept() {
    let app = App::start().await;
    let race = Race {
        one_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    };
    race.run(
        &app,
        async |round| round as i64,
        async |app, round| {
            let change = json!({ "buyout": { "flatFee": round } });
            app.patch("/v1/settings", change).await
        },
        async |app, round| {
            let change = json!({ "buyout": { "rrpPercent": round } });
            app.patch("/v1/settings", change).await
        },
        async |round, _, _| {
            let buyout = app.settings().await["buyout"].clone();
            let both = (buyout["flatFee"].as_f64(), buyout["rrpPercent"].as_f64());
            assert_eq!(both, (Some(*round as f64), Some(*round as f64)));
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn settings_are_read_and_written_with_permissions_of_their_own() {
    let app = App::start().await;
    let path = "/v1/settings";
    for (permission, read, written) in [
        ("settings:read", 200, 403),
        ("settings:write", 403, 200),
        ("orders:write", 403, 403),
    ] {
        let key = app.key_with(&[permission]).await;
        let of = async |method: Method, body: Option<Value>| {
            app.json_as(&key, "bu_test", method, path, body).await
        };
        of(Method::GET, None).await.is(read);
        of(Method::PATCH, Some(json!({}))).await.is(written);
    }
    app.finish().await;
}
