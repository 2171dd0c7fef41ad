//! Everything that a request can store has a longest length or a largest number.

use super::products_csv::import;
use crate::suite::support::App;
use hyper::Method;
use serde_json::{Value, json};

fn text(length: usize) -> Value {
    // Characters count, not bytes.
    Value::from("ä".repeat(length))
}

fn list(count: usize, item: &Value) -> Value {
    vec![item.clone(); count].into()
}

/// Sends `body` with the value at `pointer` at its limit and one beyond it: only the latter is refused for
/// its size, at `path`.
async fn bound(
    app: &App,
    (method, path): (Method, &str),
    body: &Value,
    (pointer, most, more): (&str, Value, Value),
) {
    for (value, fits) in [(most, true), (more, false)] {
        let mut body = body.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).expect("the parent is there");
        parent[name] = value;
        let answer = app.json(method.clone(), path, Some(body)).await;
        let too_big = answer.body["error"]["details"]
            .as_array()
            .is_some_and(|details| {
                let place = pointer[1..].replace('/', ".");
                details.iter().any(|it| {
                    it["code"] == "too_big"
                        && it["path"].as_str().is_some_and(|at| at.starts_with(&place))
                })
            });
        assert_eq!(too_big, !fits, "{path} {pointer}: {}", answer.body);
        if !fits {
            answer.refused(400, "VALIDATION_ERROR");
        }
    }
}

fn address() -> Value {
    json!({ "contactName": "A", "streetAddress": "1", "city": "B", "country": "DE" })
}

fn order() -> Value {
    json!({
        "customer": { "email": "ada@example.com", "firstName": "Ada", "lastName": "L" },
        "billingAddress": address(),
        "shippingAddress": address(),
        "items": [{ "sku": "SKU", "quantity": 1 }],
        "extensionDetails": { "originalOrderId": "o", "extensionMonths": 1, "previousEndDate": "2026-01-01",
            "newEndDate": "2026-01-01" },
        "upgradeDetails": { "previousDevice": "d", "previousSerialNumber": "s", "previousMonthlyAmount": 1,
            "previousRentalId": "r" }
    })
}

fn product() -> Value {
    let images: [&str; 0] = [];
    json!({
        "productSku": "P", "name": "N", "specification": "S", "category": "C", "brand": "B", "images": images,
        "variants": [{ "variantSku": "V", "variantName": "N", "grade": "A", "images": images,
            "pricing": [{ "contractLength": 12, "monthlyPrice": 1,
                "discount": { "type": "fixed", "value": 0 } }] }]
    })
}

#[tokio::test]
async fn texts_and_lists_of_an_order_are_bounded() {
    let app = App::start().await;
    app.variant("SKU").await;
    let texts = [
        ("/customer/firstName", 255),
        ("/customer/lastName", 255),
        ("/customer/company", 255),
        ("/customer/phone", 255),
        ("/notes", 5_000),
        ("/extensionDetails/originalOrderId", 255),
        ("/extensionDetails/reason", 1_000),
        ("/upgradeDetails/previousDevice", 255),
        ("/upgradeDetails/previousSerialNumber", 1_000),
        ("/upgradeDetails/previousRentalId", 255),
        ("/upgradeDetails/upgradeReason", 1_000),
    ];
    let create = (Method::POST, "/v1/orders");
    for (pointer, most) in texts {
        bound(
            &app,
            create.clone(),
            &order(),
            (pointer, text(most), text(most + 1)),
        )
        .await;
    }
    for address in ["billingAddress", "shippingAddress"] {
        for part in [
            "contactName",
            "company",
            "buildingInfo",
            "streetAddress",
            "locality",
            "city",
            "adminArea",
            "postalCode",
            "country",
        ] {
            let pointer = format!("/{address}/{part}");
            bound(
                &app,
                create.clone(),
                &order(),
                (&pointer, text(255), text(256)),
            )
            .await;
        }
    }
    let item = json!({ "sku": "SKU", "quantity": 1 });
    let items = ("/items", list(500, &item), list(501, &item));
    bound(&app, create.clone(), &order(), items).await;
    let fields = |count: usize| -> Value {
        let fields = (0..count).map(|n| (format!("f{n}"), json!(n)));
        Value::Object(fields.collect())
    };
    let most = ("/customFields", fields(64), fields(65));
    bound(&app, create.clone(), &order(), most).await;
    let sized = |size: usize| json!({ "a": "x".repeat(size - 8) });
    let most = ("/customFields", sized(16 * 1024), sized(16 * 1024 + 1));
    bound(&app, create.clone(), &order(), most).await;
    let named = |length: usize| json!({ "ä".repeat(length): 1 });
    bound(
        &app,
        create,
        &order(),
        ("/customFields", named(255), named(256)),
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn an_order_of_the_most_items_is_stored_and_answered_whole() {
    let app = App::start().await;
    let mut skus = Vec::new();
    for sku in ["SKU", "SKU2", "SKU3"] {
        app.variant(sku).await;
        skus.push(sku);
    }
    let mut body = order();
    for details in ["extensionDetails", "upgradeDetails"] {
        body.as_object_mut().expect("an object").remove(details);
    }
    let items = (0..500).map(|n| json!({ "sku": skus[n % 3], "quantity": n + 1 }));
    body["items"] = items.collect();
    body["customFields"] = (0..64)
        .map(|n| (format!("f{n}"), json!(format!("quote \" and ü {n}"))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let answer = app.post("/v1/orders", body.clone()).await;
    let order = answer.is(201)["order"].clone();
    for (n, item) in order["items"].as_array().expect("items").iter().enumerate() {
        assert_eq!(
            (item["sku"].as_str(), item["quantity"].as_u64()),
            (Some(skus[n % 3]), Some(n as u64 + 1))
        );
    }
    let stored = app
        .get(&format!("/v1/orders/{}", answer.text("/orderId")))
        .await;
    assert_eq!(stored.is(200), &order);
    let found = app
        .get("/v1/orders?customField_f63=quote%20%22%20and%20%C3%BC%2063")
        .await;
    assert_eq!(found.is(200)["orders"][0], order);
    app.finish().await;
}

#[tokio::test]
async fn texts_and_lists_of_a_product_are_bounded() {
    let app = App::start().await;
    let create = (Method::POST, "/v1/products");
    for (pointer, most) in [
        ("/name", 255),
        ("/specification", 5_000),
        ("/category", 255),
        ("/brand", 255),
        ("/description", 5_000),
        ("/variants/0/variantName", 255),
        ("/variants/0/condition", 255),
        ("/variants/0/colorName", 255),
        ("/variants/0/pricing/0/presetUsed", 255),
        ("/variants/0/pricing/0/discount/description", 255),
    ] {
        bound(
            &app,
            create.clone(),
            &product(),
            (pointer, text(most), text(most + 1)),
        )
        .await;
    }
    let image = |length: usize| json!([format!("https://a.example/{}", "x".repeat(length - 18))]);
    for pointer in ["/images", "/variants/0/images"] {
        bound(
            &app,
            create.clone(),
            &product(),
            (pointer, image(2048), image(2049)),
        )
        .await;
        let one = image(30)[0].clone();
        bound(
            &app,
            create.clone(),
            &product(),
            (pointer, list(50, &one), list(51, &one)),
        )
        .await;
    }
    let tier = json!({ "contractLength": 12, "monthlyPrice": 1 });
    let tiers = ("/variants/0/pricing", list(120, &tier), list(121, &tier));
    bound(&app, create.clone(), &product(), tiers).await;
    let variant = product()["variants"][0].clone();
    let variants = ("/variants", list(500, &variant), list(501, &variant));
    bound(&app, create, &product(), variants).await;
    app.finish().await;
}

#[tokio::test]
async fn texts_of_customers_assets_and_subscriptions_are_bounded() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    let customer = format!("/v1/customers/{customer}");
    let empty = json!({ "billingAddress": address() });
    for (pointer, most) in [
        ("/firstName", 255),
        ("/lastName", 255),
        ("/company", 255),
        ("/phone", 255),
        ("/billingAddress/city", 255),
    ] {
        let change = (pointer, text(most), text(most + 1));
        bound(&app, (Method::PUT, &customer), &empty, change).await;
    }
    let sized = |size: usize| json!({ "a": "x".repeat(size - 8) });
    let most = ("/customFields", sized(16 * 1024), sized(16 * 1024 + 1));
    bound(&app, (Method::PUT, &customer), &empty, most).await;
    for (pointer, most) in [("/location", 255), ("/condition", 255), ("/notes", 5_000)] {
        let change = (pointer, text(most), text(most + 1));
        bound(
            &app,
            (Method::PUT, "/v1/assets/S1"),
            &json!({}),
            change.clone(),
        )
        .await;
        let asset = json!({ "serialNumber": "S1", "sku": "none" });
        bound(&app, (Method::POST, "/v1/assets"), &asset, change).await;
    }
    for (action, pointer, most) in [
        ("extend", "/reason", 1_000),
        ("extend", "/notes", 5_000),
        ("upgrade", "/reason", 1_000),
        ("upgrade", "/notes", 5_000),
        ("replace", "/damageAssessment", 5_000),
        ("replace", "/notes", 5_000),
        ("buyout", "/notes", 5_000),
        ("early-return", "/reason", 1_000),
        ("early-return", "/damageAssessment", 5_000),
        ("early-return", "/notes", 5_000),
        ("cancel", "/notes", 1_000),
        ("complete", "/notes", 5_000),
        ("notes", "/notes", 5_000),
    ] {
        let method = if action == "notes" {
            Method::PATCH
        } else {
            Method::POST
        };
        let path = format!("/v1/subscriptions/{rental}/{action}");
        // Refused for another reason, so that nothing ends the subscription.
        let body = json!({ "rentalId": "another" });
        bound(
            &app,
            (method, &path),
            &body,
            (pointer, text(most), text(most + 1)),
        )
        .await;
    }
    let body = json!({ "orderId": "o", "assetSerialNumber": "s", "customerId": "c" });
    let notes = ("/notes", text(5_000), text(5_001));
    bound(&app, (Method::POST, "/v1/subscriptions"), &body, notes).await;
    app.finish().await;
}

#[tokio::test]
async fn cells_of_an_import_have_the_limits_of_the_contract() {
    let app = App::start().await;
    let cells = [
        "N", "P", "C", "B", "S", "A", "red", "V", "1", "1", "1", "", "", "",
    ];
    for (index, most) in [(0, 255), (2, 255), (3, 255), (4, 5_000), (6, 255)] {
        for (length, errors) in [(most, 0), (most + 1, 1)] {
            let long = "ä".repeat(length);
            let mut cells = cells;
            cells[index] = &long;
            let answer = import(&app, &[&cells.join(",")]).await;
            let found = answer.is(201)["errors"].as_array().expect("errors").len();
            assert_eq!(found, errors, "column {index} of {length}: {}", answer.body);
        }
    }
    app.finish().await;
}
