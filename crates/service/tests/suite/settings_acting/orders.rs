//! Orders, ids, days, addresses, fields of the tenant's own, and devices.

use serde_json::{Value, json};

use crate::suite::support::{App, address};

#[tokio::test]
async fn general_id_prefix_marks_customers_orders_and_subscriptions() {
    let app = App::start().await;
    app.set(json!({ "general": { "idPrefix": "ACM" } })).await;
    let rental = app.begun("individual", json!({})).await;
    for (name, start) in [
        ("customerId", "cust_ACM"),
        ("orderId", "ord_ACM"),
        ("rentalId", "sub_ACM"),
    ] {
        let id = rental[name].as_str().expect("an id");
        assert!(id.starts_with(start), "{id}");
    }
    app.set(json!({ "general": { "idPrefix": null } })).await;
    let rental = app.begun("individual", json!({})).await;
    let id = rental["rentalId"].as_str().expect("an id");
    assert!(!id.starts_with("sub_ACM"), "{id}");
    app.finish().await;
}

#[tokio::test]
async fn localization_timezone_decides_what_day_it_is() {
    let app = App::start().await;
    // Shortly after 09:00 UTC: in these it is yesterday, or tomorrow.
    app.advance(jiff::SignedDuration::from_hours(2));
    for (zone, day) in [
        ("UTC", "2026-03-10"),
        ("Pacific/Kiritimati", "2026-03-11"),
        ("Pacific/Niue", "2026-03-10"),
        ("Etc/GMT+12", "2026-03-09"),
    ] {
        app.set(json!({ "localization": { "timezone": zone } }))
            .await;
        let rental = app.begun("individual", json!({})).await;
        assert_eq!(rental["startDate"], day, "{zone}");
        assert_eq!(app.schedule(&rental).await[0]["dueDate"], day, "{zone}");
    }
    app.finish().await;
}

#[tokio::test]
async fn orders_require_confirmation_before_subscriptions() {
    let app = App::start().await;
    for (required, answered) in [(true, 400), (false, 201)] {
        app.set(json!({ "orders": { "requireConfirmation": required } }))
            .await;
        let order = app.ordered(json!({})).await;
        let body = json!({
            "orderId": order.text("/orderId"), "assetSerialNumber": app.spare("SKU").await,
            "customerId": order.text("/order/customer/customerId")
        });
        let answer = app.post("/v1/subscriptions", body).await;
        answer.is(answered);
        if required {
            answer.refused(400, "ORDER_NOT_CONFIRMED");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn orders_min_and_max_quantity_bound_what_is_ordered() {
    let app = App::start().await;
    let of = async |quantity: u64| {
        let items = json!([{ "sku": "SKU", "quantity": quantity, "contractLength": 12 }]);
        app.ordered(json!({ "items": items })).await
    };
    app.set(json!({ "orders": { "minQuantity": 2, "maxQuantity": 3 } }))
        .await;
    for (quantity, code) in [(1, "too_small"), (4, "too_big")] {
        let answer = of(quantity).await;
        answer.refused(400, "VALIDATION_ERROR");
        let found = &answer.details()[0];
        assert_eq!(
            (found.0.as_str(), found.2.as_str()),
            ("items.0.quantity", code)
        );
    }
    of(2).await.is(201);
    of(3).await.is(201);
    app.set(json!({ "orders": { "minQuantity": null, "maxQuantity": null } }))
        .await;
    of(1).await.is(201);
    of(4).await.is(201);
    app.finish().await;
}

#[tokio::test]
async fn pricing_contract_lengths_have_the_length_of_orders_without_one() {
    let app = App::start().await;
    let items = json!({ "items": [{ "sku": "SKU", "quantity": 1 }] });
    for (default, price) in [(24, 40.0), (12, 50.0)] {
        let lengths = json!([
            { "months": 12, "default": default == 12 }, { "months": 24, "default": default == 24 }
        ]);
        app.set(json!({ "pricing": { "contractLengths": lengths } }))
            .await;
        let order = app.ordered(items.clone()).await;
        let item = &order.is(201)["order"]["items"][0];
        assert_eq!(item["contractLength"], default);
        assert_eq!(item["unitPrice"], price);
    }
    app.finish().await;
}

/// Code of the only detail of an order with a field of this kind and value; none where it is accepted.
async fn judged(app: &App, field: &Value, value: Value) -> Option<String> {
    let mut field = field.clone();
    field["id"] = json!("f");
    if field.get("section").is_none() {
        field["section"] = json!("order");
    }
    app.set(json!({ "customFields": [field] })).await;
    let fields = match value {
        Value::Null => json!({}),
        value => json!({ "f": value, "other": [1] }),
    };
    let answer = app.ordered(json!({ "customFields": fields })).await;
    if answer.status == 201 {
        assert_eq!(answer.body["order"]["customFields"], fields);
        return None;
    }
    answer.refused(400, "VALIDATION_ERROR");
    let [(path, _, code)] = answer.details().try_into().expect("one detail");
    assert_eq!(path, "customFields.f");
    Some(code)
}

#[tokio::test]
async fn custom_fields_of_orders_are_checked() {
    let app = App::start().await;
    let text = |more: &str| {
        let more: Value = serde_json::from_str(more).expect("JSON");
        let mut field = json!({ "type": "text" });
        super::merge(&mut field, more);
        field
    };
    for (field, bad, good) in [
        (text(r#"{ "required": true }"#), json!(null), json!("x")),
        (text(r#"{ "minLength": 3 }"#), json!("ab"), json!("abc")),
        (text(r#"{ "maxLength": 3 }"#), json!("abcd"), json!("abc")),
        (text(r#"{ "exactLength": 3 }"#), json!("ab"), json!("abc")),
        (
            text(r#"{ "pattern": "^[0-9]+$" }"#),
            json!("a1"),
            json!("1"),
        ),
        (text("{}"), json!(1), json!("1")),
        (json!({ "type": "textarea" }), json!(true), json!("a\nb")),
        (
            json!({ "type": "email" }),
            json!("ada"),
            json!("ada@example.com"),
        ),
        (
            json!({ "type": "phone" }),
            json!("call me"),
            json!("+49 30 1234567"),
        ),
        (json!({ "type": "number" }), json!("many"), json!(3)),
        (
            json!({ "type": "select", "options": ["S", "L"] }),
            json!("M"),
            json!("L"),
        ),
    ] {
        assert!(judged(&app, &field, bad).await.is_some(), "{field}");
        assert_eq!(judged(&app, &field, good).await, None, "{field}");
    }
    // What belongs to customers or subscriptions, orders are not asked for.
    for section in ["customer", "subscription"] {
        let field = json!({ "type": "text", "required": true, "section": section });
        assert_eq!(judged(&app, &field, json!(null)).await, None, "{section}");
    }
    let found = app.get("/v1/orders?customField_f=L").await;
    assert_eq!(found.is(200)["count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn addresses_fields_can_be_required_of_orders_and_customers() {
    let app = App::start().await;
    let order = app.ordered(json!({})).await;
    let path = format!("/v1/customers/{}", order.text("/order/customer/customerId"));
    for field in ["company", "buildingInfo", "locality", "adminArea"] {
        app.set(json!({ "addresses": { "fields": { field: { "required": true } } } }))
            .await;
        let missed = format!("billingAddress.{field}");
        let answer = app.ordered(json!({})).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, missed);
        let change = json!({ "billingAddress": address() });
        let answer = app.put(&path, change).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, missed);
        let mut whole = address();
        whole[field] = json!("given");
        let change = json!({ "billingAddress": whole });
        app.put(&path, change.clone()).await.is(200);
        app.ordered(change).await.is(201);
        app.set(json!({ "addresses": { "fields": { field: { "required": false } } } }))
            .await;
    }
    // The others are required whatever the settings say, or asked for by the contract.
    let mut without = address();
    without["postalCode"] = json!(null);
    app.ordered(json!({ "billingAddress": without }))
        .await
        .is(201);
    app.set(json!({ "addresses": { "fields": { "postalCode": { "required": true } } } }))
        .await;
    let answer = app.ordered(json!({ "billingAddress": without })).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "billingAddress.postalCode");
    // How a form shows them is for the form.
    let shown = json!({ "company": { "visible": false, "label": "Firm" } });
    let settings = app.set(json!({ "addresses": { "fields": shown } })).await;
    let company = &settings["addresses"]["fields"]["company"];
    assert_eq!(
        [&company["visible"], &company["label"]],
        [&json!(false), &json!("Firm")]
    );
    app.finish().await;
}

#[tokio::test]
async fn assets_imei_categories_have_serial_numbers_that_are_imeis() {
    let app = App::start().await;
    app.variant("SKU").await;
    let asset = |serial: &str| json!({ "serialNumber": serial, "sku": "SKU" });
    app.set(json!({ "assets": { "imeiCategories": ["Laptops"] } }))
        .await;
    let refused = app.post("/v1/assets", asset("A1")).await;
    refused.refused(400, "VALIDATION_ERROR");
    app.post("/v1/assets", asset("490154203237518"))
        .await
        .is(201);
    app.set(json!({ "assets": { "imeiCategories": [] } })).await;
    app.post("/v1/assets", asset("A1")).await.is(201);
    app.finish().await;
}
