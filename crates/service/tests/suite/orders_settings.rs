//! What a tenant's settings demand of an order, and orders that refer to earlier business.

use crate::suite::support::App;
use serde_json::{Value, json};
use service::settings::{AddressField, CustomField};

fn order() -> Value {
    json!({
        "customer": { "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
        },
        "items": [{ "sku": "SKU", "quantity": 3 }]
    })
}

/// Paths and codes of the details of a refused order.
async fn refused(app: &App, body: Value) -> Vec<(String, String)> {
    refused_as(app, body, "VALIDATION_ERROR").await
}

async fn refused_as(app: &App, body: Value, code: &str) -> Vec<(String, String)> {
    let answer = app.post("/v1/orders", body).await;
    answer.refused(400, code);
    assert_eq!(app.get("/v1/orders").await.is(200)["count"], 0);
    answer
        .details()
        .into_iter()
        .map(|(path, _, code)| (path, code))
        .collect()
}

fn only(path: &str, code: &str) -> Vec<(String, String)> {
    vec![(path.into(), code.into())]
}

fn field(of: Value) -> CustomField {
    serde_json::from_value(of).expect("a custom field")
}

#[tokio::test]
async fn quantities_keep_within_the_limits_of_the_tenant() {
    let app = App::start_with(|settings| {
        settings.orders.min_quantity = Some(2);
        settings.orders.max_quantity = Some(4);
    })
    .await;
    app.variant("SKU").await;
    for (quantity, code) in [(1, "too_small"), (5, "too_big")] {
        let mut body = order();
        body["items"] =
            json!([{ "sku": "SKU", "quantity": 2 }, { "sku": "SKU", "quantity": quantity }]);
        assert_eq!(refused(&app, body).await, only("items.1.quantity", code));
    }
    for quantity in [2, 4] {
        let mut body = order();
        body["items"][0]["quantity"] = json!(quantity);
        app.post("/v1/orders", body).await.is(201);
    }
    app.finish().await;
}

#[tokio::test]
async fn required_order_fields_are_missed_and_values_checked() {
    let app = App::start_with(|settings| {
        settings.custom_fields = vec![
            field(json!({ "id": "costCentre", "type": "text", "section": "order", "required": true,
                "pattern": "^[0-9]{4}$" })),
            field(json!({ "id": "size", "type": "select", "section": "order", "options": ["S", "L"] })),
            field(json!({ "id": "birthday", "type": "text", "section": "customer", "required": true })),
        ];
    })
    .await;
    app.variant("SKU").await;
    assert_eq!(
        refused(&app, order()).await,
        only("customFields.costCentre", "required")
    );
    let mut body = order();
    body["customFields"] = json!({ "costCentre": "47", "size": "M" });
    assert_eq!(
        refused(&app, body.clone()).await,
        [
            only("customFields.costCentre", "invalid_string"),
            only("customFields.size", "invalid_enum_value")
        ]
        .concat()
    );
    let fields = json!({ "costCentre": "4711", "size": "L", "unknown": [1, { "a": null }] });
    body["customFields"] = fields.clone();
    let answer = app.post("/v1/orders", body).await;
    assert_eq!(
        answer.is(201)["order"]["customFields"],
        fields,
        "unknown keys are stored"
    );
    app.finish().await;
}

#[tokio::test]
async fn parts_of_both_addresses_can_be_required() {
    let app = App::start_with(|settings| {
        for name in ["postalCode", "company"] {
            settings.addresses.fields.insert(
                name.into(),
                AddressField {
                    required: true,
                    ..AddressField::default()
                },
            );
        }
    })
    .await;
    app.variant("SKU").await;
    let mut body = order();
    body["billingAddress"]["company"] = json!("Engines Ltd");
    body["shippingAddress"] = json!({
        "contactName": "Bob", "streetAddress": "2", "city": "Bonn", "country": "DE",
        "postalCode": "53111"
    });
    assert_eq!(
        refused(&app, body.clone()).await,
        [
            only("billingAddress.postalCode", "required"),
            only("shippingAddress.company", "required")
        ]
        .concat()
    );
    body["billingAddress"]["postalCode"] = json!("10119");
    body["shippingAddress"]["company"] = json!("Engines Ltd");
    app.post("/v1/orders", body).await.is(201);
    app.finish().await;
}

#[tokio::test]
async fn street_city_and_country_are_always_required() {
    // That the settings ask for one of them as well must not name it twice.
    let app = App::start_with(|settings| {
        let required = AddressField {
            required: true,
            ..AddressField::default()
        };
        settings.addresses.fields.insert("city".into(), required);
    })
    .await;
    app.variant("SKU").await;
    let parts = ["streetAddress", "city", "country"];
    let mut body = order();
    body["shippingAddress"] = body["billingAddress"].clone();
    for (part, blank) in parts.into_iter().zip(["", " ", "\t"]) {
        body["billingAddress"][part] = json!(blank);
        body["shippingAddress"][part] = json!(blank);
    }
    let expected: Vec<_> = ["billingAddress", "shippingAddress"]
        .into_iter()
        .flat_map(|of| parts.map(|part| (format!("{of}.{part}"), "too_small".into())))
        .collect();
    assert_eq!(refused(&app, body.clone()).await, expected);

    let answer = app.post("/v1/orders", order()).await;
    let customer = answer.text("/order/customer/customerId");
    let change = json!({ "billingAddress": body["billingAddress"] });
    let answer = app.put(&format!("/v1/customers/{customer}"), change).await;
    answer.refused(400, "VALIDATION_ERROR");
    let found: Vec<_> = answer.details().into_iter().map(|it| it.0).collect();
    assert_eq!(found, parts.map(|part| format!("billingAddress.{part}")));
    assert_eq!(answer.details()[0].1, "must not be empty");
    app.finish().await;
}

#[tokio::test]
async fn everything_the_settings_forbid_is_reported_at_once() {
    let app = App::start_with(|settings| {
        settings.orders.max_quantity = Some(1);
        let of = json!({ "id": "a", "type": "number", "section": "order", "required": true });
        settings.custom_fields = vec![field(of)];
    })
    .await;
    app.variant("SKU").await;
    let mut body = order();
    body["orderType"] = json!("upgrade");
    let paths: Vec<String> = refused(&app, body)
        .await
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    // What the order refers to is looked at when nothing else is wrong.
    assert_eq!(paths, ["items.0.quantity", "customFields.a"]);
    app.finish().await;
}

fn extension(of: &str) -> Value {
    let mut body = order();
    body["orderType"] = json!("extension");
    body["extensionDetails"] = json!({
        "originalOrderId": of, "extensionMonths": 6,
        "previousEndDate": "2026-03-09", "newEndDate": "2026-09-09", "reason": "likes it"
    });
    body
}

#[tokio::test]
async fn dates_of_an_extension_are_dates_of_this_age_and_answered_as_days() {
    let app = App::start_with(|it| it.localization.timezone = "Asia/Dubai".into()).await;
    app.variant("SKU").await;
    let first = app.post("/v1/orders", order()).await.text("/orderId");
    for bad in [
        "soon",
        "",
        "0001-01-01",
        "9999-12-30",
        "2200-01-01",
        "1899-12-31",
    ] {
        let mut body = extension(&first);
        body["extensionDetails"]["previousEndDate"] = json!(bad);
        body["extensionDetails"]["newEndDate"] = json!(bad);
        let answer = app.post("/v1/orders", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        let paths: Vec<_> = answer.details().into_iter().map(|it| it.0).collect();
        let expected = [
            "extensionDetails.previousEndDate",
            "extensionDetails.newEndDate",
        ];
        assert_eq!(paths, expected, "{bad}");
    }
    let mut body = extension(&first);
    body["extensionDetails"]["newEndDate"] = json!("2026-09-09T22:00:00Z");
    let answer = app.post("/v1/orders", body).await;
    let details = &answer.is(201)["order"]["extensionDetails"];
    assert_eq!(
        [&details["previousEndDate"], &details["newEndDate"]],
        ["2026-03-09", "2026-09-10"]
    );
    app.finish().await;
}

fn upgrade(of: &str) -> Value {
    let mut body = order();
    body["orderType"] = json!("upgrade");
    body["upgradeDetails"] = json!({
        "previousDevice": "Notebook", "previousSerialNumber": "S1",
        "previousMonthlyAmount": 50, "previousRentalId": of
    });
    body
}

#[tokio::test]
async fn extension_and_upgrade_orders_need_their_details() {
    let app = App::start().await;
    app.variant("SKU").await;
    for (order_type, details, code) in [
        ("extension", "extensionDetails", "ORDER_NOT_FOUND"),
        ("upgrade", "upgradeDetails", "SUBSCRIPTION_NOT_FOUND"),
    ] {
        let mut body = order();
        body["orderType"] = json!(order_type);
        let found = refused_as(&app, body, code).await;
        assert_eq!(found, only(details, "required"));
    }
    app.finish().await;
}

#[tokio::test]
async fn details_must_refer_to_known_business_of_the_customer() {
    let app = App::start().await;
    app.variant("SKU").await;
    let path = "extensionDetails.originalOrderId";
    let found = refused_as(&app, extension("ord_none"), "ORDER_NOT_FOUND").await;
    assert_eq!(found, only(path, "custom"));
    let path = "upgradeDetails.previousRentalId";
    let found = refused_as(&app, upgrade("sub_none"), "SUBSCRIPTION_NOT_FOUND").await;
    assert_eq!(found, only(path, "custom"));
    let mut body = extension("ord_none");
    body["extensionDetails"]["extensionMonths"] = json!(0);
    let path = "extensionDetails.extensionMonths";
    assert_eq!(refused(&app, body).await, only(path, "too_small"));

    // Another customer's order is as unknown as none at all.
    let (foreign, _) = app.order("bob@example.com", "SKU", 1).await;
    app.post("/v1/orders", extension(&foreign))
        .await
        .refused(400, "ORDER_NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn an_extension_order_keeps_its_details() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (original, _) = app.order("ada@example.com", "SKU", 1).await;
    let body = extension(&original);
    let answer = app.post("/v1/orders", body.clone()).await;
    let order = &answer.is(201)["order"];
    assert_eq!(order["orderType"], "extension");
    assert_eq!(order["status"], "pending");
    assert_eq!(order["extensionDetails"], body["extensionDetails"]);
    app.finish().await;
}

#[tokio::test]
async fn an_upgrade_order_keeps_its_details() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "S1").await;
    let mut body = upgrade(&rental);
    body["upgradeDetails"]["previousMonthlyAmount"] = json!(50.001);
    let answer = app.post("/v1/orders", body).await;
    answer.refused(400, "INVALID_PRICING");
    assert_eq!(
        answer.details()[0].0,
        "upgradeDetails.previousMonthlyAmount"
    );

    let answer = app.post("/v1/orders", upgrade(&rental)).await;
    let order = &answer.is(201)["order"];
    assert_eq!(order["orderType"], "upgrade");
    assert_eq!(order["upgradeDetails"]["previousRentalId"], rental.as_str());
    assert_eq!(order["upgradeDetails"]["previousMonthlyAmount"], 50.0);
    app.finish().await;
}
