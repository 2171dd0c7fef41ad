//! createOrder and getOrder. What happens to orders afterwards is in `orders_lifecycle.rs`.

use crate::suite::support::{App, TENANT};
use hyper::Method;
use serde_json::{Value, json};
use service::settings::{TaxCalculation, Taxes};

fn address() -> Value {
    json!({
        "contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1", "city": "Berlin",
        "postalCode": "10119", "country": "DE"
    })
}

/// An order by `email` for these items.
fn order_of(email: &str, items: Value) -> Value {
    json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": address(),
        "items": items
    })
}

/// A product with one variant `sku` and this pricing.
async fn variant_priced(app: &App, sku: &str, pricing: Value) -> String {
    let body = json!({
        "productSku": format!("P-{sku}"), "name": "Notebook", "specification": "16 GB",
        "category": "laptops", "brand": "Acme",
        "variants": [{
            "variantSku": sku, "variantName": "Notebook grey", "grade": "A", "pricing": pricing
        }]
    });
    let answer = app.post("/v1/products", body).await;
    answer.is(201);
    answer.text("/productId")
}

/// How many customers and orders there are.
async fn counts(app: &App) -> (Value, Value) {
    let customers = app.get("/v1/customers?status=all").await.is(200)["count"].clone();
    (
        customers,
        app.get("/v1/orders").await.is(200)["count"].clone(),
    )
}

#[tokio::test]
async fn an_order_captures_prices_names_and_addresses() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let body = json!({
        "customer": {
            "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace",
            "company": "Engines Ltd", "phone": "+44 1", "customerType": "business"
        },
        "billingAddress": address(),
        "shippingAddress": { "contactName": "Bob", "streetAddress": "2", "city": "Bonn", "country": "DE" },
        "items": [
            { "sku": "SKU", "quantity": 2, "contractLength": 24 },
            { "sku": "SKU", "quantity": 1, "contractLength": 12 }
        ],
        "customFields": { "costCentre": "4711" },
        "notes": "ring twice"
    });
    let answer = app.post("/v1/orders", body.clone()).await;
    let order = &answer.is(201)["order"];
    let (id, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    let variant = answer.text("/order/items/0/variantId");
    let item = |quantity: u64, price: f64, months: u64| {
        json!({
            "sku": "SKU", "productName": "Notebook", "quantity": quantity, "unitPrice": price,
            "contractLength": months, "productId": product, "variantId": variant,
            "listPrice": 1000.0, "listPriceSource": "variant",
            "acquisitionCost": 600.0, "acquisitionCostSource": "variant",
            "usedListPriceAsAcquisition": false, "rentalIds": [], "rentalStatus": "pending"
        })
    };
    assert_eq!(
        order,
        &json!({
            "orderId": id, "tenantId": TENANT, "status": "pending", "orderType": "standard",
            "customer": {
                "customerId": customer, "email": "ada@example.com", "firstName": "Ada",
                "lastName": "Lovelace", "company": "Engines Ltd", "phone": "+44 1",
                "customerType": "business"
            },
            "billingAddress": body["billingAddress"], "shippingAddress": body["shippingAddress"],
            "items": [item(2, 40.0, 24), item(1, 50.0, 12)],
            "totals": {
                "subtotal": 130.0, "taxAmount": 0.0, "total": 130.0, "currency": "EUR",
                "totalDevices": 3
            },
            "rentalProgress": { "totalDevices": 3, "rentedDevices": 0 },
            "rentalIds": [], "customFields": { "costCentre": "4711" }, "notes": "ring twice",
            "createdAt": answer.text("/order/createdAt"),
            "updatedAt": answer.text("/order/createdAt"),
            "createdBy": answer.text("/order/createdBy"),
        })
    );
    assert!(answer.text("/order/createdBy").starts_with("key_"));
    assert_eq!(app.get(&format!("/v1/orders/{id}")).await.is(200), order);
    let events = app.events().await;
    assert_eq!(events.len(), 1);
    let data = json!({ "orderId": id, "customerId": customer });
    assert_eq!(events[0], ("order.created".into(), data));
    app.finish().await;
}

#[tokio::test]
async fn what_is_left_out_has_its_default() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_of("ada@example.com", json!([{ "sku": "SKU", "quantity": 1 }]));
    body["customFields"] = Value::Null;
    let answer = app.post("/v1/orders", body).await;
    let order = &answer.is(201)["order"];
    assert_eq!(order["orderType"], "standard");
    assert_eq!(order["customer"]["customerType"], "individual");
    assert_eq!(order["shippingAddress"], address());
    assert_eq!(
        order["items"][0]["contractLength"], 12,
        "the tenant's default length"
    );
    assert_eq!(order.get("customFields"), None);
    assert_eq!(order.get("notes"), None);
    app.finish().await;
}

#[tokio::test]
async fn an_order_without_a_length_takes_the_only_one_there_is() {
    let app = App::start().await;
    variant_priced(
        &app,
        "ONE",
        json!([{ "contractLength": 36, "monthlyPrice": 10 }]),
    )
    .await;
    let items = json!([{ "sku": "ONE", "quantity": 1 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    assert_eq!(answer.is(201)["order"]["items"][0]["contractLength"], 36);
    assert_eq!(answer.body["order"]["items"][0]["unitPrice"], 10.0);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_length_without_a_price_is_refused() {
    let app = App::start().await;
    app.variant("SKU").await;
    let two = json!([{ "contractLength": 24, "monthlyPrice": 2 }, { "contractLength": 36, "monthlyPrice": 1 }]);
    variant_priced(&app, "TWO", two).await;
    let items = [
        json!({ "sku": "SKU", "quantity": 1, "contractLength": 18 }),
        json!({ "sku": "SKU", "quantity": 1, "contractLength": 12.5 }),
        json!({ "sku": "SKU", "quantity": 1, "contractLength": 0 }),
        json!({ "sku": "SKU", "quantity": 1, "contractLength": -12 }),
        // Neither the tenant's default of 12 months nor a single tier.
        json!({ "sku": "TWO", "quantity": 1 }),
    ];
    for item in items {
        let answer = app
            .post("/v1/orders", order_of("ada@example.com", json!([item])))
            .await;
        answer.refused(400, "INVALID_CONTRACT_LENGTH");
        assert_eq!(answer.details()[0].0, "items.0.contractLength");
    }
    let items = json!([{ "sku": "SKU", "quantity": 1, "contractLength": "12" }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(counts(&app).await, (json!(0), json!(0)));
    app.finish().await;
}

#[tokio::test]
async fn discounts_lower_the_unit_price() {
    let app = App::start().await;
    for (sku, discount, price) in [
        (
            "PERCENT",
            json!({ "type": "percentage", "value": 12.5 }),
            35.0,
        ),
        ("FIXED", json!({ "type": "fixed", "value": 1.5 }), 38.5),
        ("FREE", json!({ "type": "fixed", "value": 100 }), 0.0),
    ] {
        let tier = json!({ "contractLength": 12, "monthlyPrice": 40, "discount": discount });
        variant_priced(&app, sku, json!([tier])).await;
        let items = json!([{ "sku": sku, "quantity": 1, "contractLength": 12 }]);
        let answer = app
            .post("/v1/orders", order_of("ada@example.com", items))
            .await;
        assert_eq!(
            answer.is(201)["order"]["items"][0]["unitPrice"],
            price,
            "{sku}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn unknown_prices_are_said_to_be_unknown() {
    let app = App::start().await;
    variant_priced(
        &app,
        "BARE",
        json!([{ "contractLength": 12, "monthlyPrice": 10 }]),
    )
    .await;
    let items = json!([{ "sku": "BARE", "quantity": 1, "contractLength": 12 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    let item = &answer.is(201)["order"]["items"][0];
    assert_eq!(
        (item.get("listPrice"), item.get("acquisitionCost")),
        (None, None)
    );
    assert_eq!(item["listPriceSource"], "unknown");
    assert_eq!(item["acquisitionCostSource"], "unknown");
    app.finish().await;
}

#[tokio::test]
async fn tax_is_added_to_exclusive_prices() {
    let taxes = Taxes {
        enabled: true,
        default_rate: 19.0,
        calculation: TaxCalculation::Exclusive,
        ..Taxes::default()
    };
    let app = App::start_with(|settings| settings.taxes = taxes).await;
    app.variant("SKU").await;
    let items = json!([{ "sku": "SKU", "quantity": 3, "contractLength": 12 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    let totals = &answer.is(201)["order"]["totals"];
    assert_eq!(totals["subtotal"], 150.0);
    assert_eq!(totals["taxAmount"], 28.5);
    assert_eq!(totals["total"], 178.5);
    app.finish().await;
}

#[tokio::test]
async fn tax_is_contained_in_inclusive_prices() {
    let taxes = Taxes {
        enabled: true,
        default_rate: 19.0,
        calculation: TaxCalculation::Inclusive,
        ..Taxes::default()
    };
    let app = App::start_with(|settings| settings.taxes = taxes).await;
    app.variant("SKU").await;
    let items = json!([{ "sku": "SKU", "quantity": 1, "contractLength": 12 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    let totals = &answer.is(201)["order"]["totals"];
    assert_eq!(totals["subtotal"], 42.02);
    assert_eq!(totals["taxAmount"], 7.98);
    assert_eq!(totals["total"], 50.0);
    app.finish().await;
}

#[tokio::test]
async fn tax_is_rounded_for_each_item_and_setup_fees_are_left_out() {
    let taxes = Taxes {
        enabled: true,
        default_rate: 5.0,
        ..Taxes::default()
    };
    let app = App::start_with(|settings| settings.taxes = taxes).await;
    let tier = json!([{ "contractLength": 12, "monthlyPrice": 0.1, "setupFee": 99 }]);
    variant_priced(&app, "S", tier).await;
    let item = |quantity: u64| json!({ "sku": "S", "quantity": quantity, "contractLength": 12 });
    // 5 % of 0.10 is 0.005; of three of them at once it is 0.015.
    for (items, subtotal, tax, total) in [
        (json!([item(1)]), 0.1, 0.01, 0.11),
        (json!([item(1), item(1), item(1)]), 0.3, 0.03, 0.33),
        (json!([item(3)]), 0.3, 0.02, 0.32),
    ] {
        let answer = app
            .post("/v1/orders", order_of("ada@example.com", items))
            .await;
        let totals = &answer.is(201)["order"]["totals"];
        assert_eq!(totals["subtotal"], subtotal);
        assert_eq!(totals["taxAmount"], tax);
        assert_eq!(totals["total"], total);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_discount_leaves_half_a_cent_to_the_lessor() {
    let app = App::start().await;
    for (sku, price, percent, unit) in [
        ("A", 0.05, 50.0, 0.03),
        ("B", 0.05, 49.9, 0.03),
        ("C", 0.05, 50.1, 0.02),
        ("D", 49.99, 12.5, 43.74),
        ("E", 10.0, 33.333, 6.67),
    ] {
        let discount = json!({ "type": "percentage", "value": percent });
        let tier = json!({ "contractLength": 12, "monthlyPrice": price, "discount": discount });
        variant_priced(&app, sku, json!([tier])).await;
        let items = json!([{ "sku": sku, "quantity": 1, "contractLength": 12 }]);
        let answer = app
            .post("/v1/orders", order_of("ada@example.com", items))
            .await;
        assert_eq!(
            answer.is(201)["order"]["items"][0]["unitPrice"],
            unit,
            "{sku}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn an_amount_beyond_all_bounds_is_refused() {
    let app = App::start().await;
    let dear = json!([{ "contractLength": 12, "monthlyPrice": 999_999_999.0 }]);
    variant_priced(&app, "DEAR", dear).await;
    let items = json!([{ "sku": "DEAR", "quantity": 1_000_000_000, "contractLength": 12 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    let items = json!([{ "sku": "DEAR", "quantity": u64::MAX, "contractLength": 12 }]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(counts(&app).await, (json!(0), json!(0)));
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_variant_is_refused_and_no_customer_is_made() {
    let app = App::start().await;
    app.variant("SKU").await;
    let items = json!([
        { "sku": "SKU", "quantity": 1, "contractLength": 12 },
        { "sku": "NONE", "quantity": 1, "contractLength": 12 }
    ]);
    let answer = app
        .post("/v1/orders", order_of("ada@example.com", items))
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    assert_eq!(answer.details()[0].0, "items.1.sku");
    assert_eq!(counts(&app).await, (json!(0), json!(0)));
    assert!(app.events().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn inactive_variants_and_variants_of_discontinued_products_are_refused() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let product = format!("/v1/products/{product}");
    let order = order_of("ada@example.com", json!([{ "sku": "SKU", "quantity": 1 }]));

    let variants = app.get(&product).await;
    let status = format!(
        "/v1/products/variants/{}/status",
        variants.text("/variants/0/variantId")
    );
    app.patch(&status, json!({ "status": "inactive" }))
        .await
        .is(200);
    app.post("/v1/orders", order.clone())
        .await
        .refused(400, "VARIANT_INACTIVE");
    app.patch(&status, json!({ "status": "active" }))
        .await
        .is(200);

    app.put(&product, json!({ "status": "discontinued" }))
        .await
        .is(200);
    app.patch(&status, json!({ "status": "active" })).await;
    app.post("/v1/orders", order)
        .await
        .refused(400, "VARIANT_INACTIVE");
    assert_eq!(counts(&app).await, (json!(0), json!(0)));
    app.finish().await;
}

#[tokio::test]
async fn later_changes_of_the_catalogue_leave_an_order_alone() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    let before = app.get(&format!("/v1/orders/{id}")).await.is(200).clone();
    let changed = json!({ "name": "Other", "variants": [{
        "variantSku": "SKU", "listPrice": 1, "acquisitionCost": 1,
        "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }]
    }] });
    app.put(&format!("/v1/products/{product}"), changed)
        .await
        .is(200);
    assert_eq!(app.get(&format!("/v1/orders/{id}")).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn a_known_customer_keeps_its_profile_and_gets_the_addresses() {
    let app = App::start().await;
    let id = app.customer("ada@example.com").await;
    let before = app.get_customer(&id).await;
    let billing =
        json!({ "contactName": "A", "streetAddress": "9", "city": "Bonn", "country": "DE" });
    let answer = app
        .post(
            "/v1/orders",
            json!({
                "customer": {
                    "email": "ADA@Example.com", "firstName": "Eve", "lastName": "Else",
                    "company": "Other", "phone": "9", "customerType": "business"
                },
                "billingAddress": billing,
                "items": [{ "sku": "SKU", "quantity": 7 }]
            }),
        )
        .await;
    let order = &answer.is(201)["order"];
    assert_eq!(order["customer"]["customerId"], id);
    assert_eq!(order["customer"]["firstName"], "Eve");
    assert_eq!(order["customer"]["email"], "ADA@Example.com");

    let mut expected = before.clone();
    let after = app.get_customer(&id).await;
    expected["totalOrders"] = json!(2);
    expected["orderIds"]
        .as_array_mut()
        .unwrap()
        .push(order["orderId"].clone());
    expected["lastBillingAddress"] = billing.clone();
    expected["lastShippingAddress"] = billing;
    expected["updatedAt"] = order["createdAt"].clone();
    assert_eq!(after, expected);
    app.finish().await;
}

#[tokio::test]
async fn names_must_not_be_empty() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_of("ada@example.com", json!([{ "sku": "SKU", "quantity": 1 }]));
    body["customer"]["firstName"] = json!("");
    body["customer"]["lastName"] = json!("");
    let answer = app.post("/v1/orders", body).await;
    answer.refused(400, "VALIDATION_ERROR");
    let paths: Vec<String> = answer
        .details()
        .into_iter()
        .map(|(path, ..)| path)
        .collect();
    assert_eq!(paths, ["customer.firstName", "customer.lastName"]);
    app.finish().await;
}

#[tokio::test]
async fn everything_the_schema_forbids_is_reported_at_once() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = json!({
        "orderType": "gift",
        "customer": { "email": "nobody", "firstName": "Ada" },
        "items": [{ "sku": "SKU", "quantity": 0 }, { "quantity": 1.5 }],
        "notes": null
    });
    let answer = app.post("/v1/orders", body).await;
    answer.refused(400, "VALIDATION_ERROR");
    let mut found: Vec<(String, String)> = answer
        .details()
        .into_iter()
        .map(|(path, _, code)| (path, code))
        .collect();
    found.sort();
    let expected = [
        ("billingAddress", "required"),
        ("customer.email", "invalid_string"),
        ("customer.lastName", "required"),
        ("items.0.quantity", "too_small"),
        ("items.1.quantity", "invalid_type"),
        ("items.1.sku", "required"),
        ("notes", "invalid_type"),
        ("orderType", "invalid_enum_value"),
    ];
    assert_eq!(
        found,
        expected.map(|(path, code)| (path.to_owned(), code.to_owned()))
    );
    let body = order_of("ada@example.com", json!([]));
    app.post("/v1/orders", body)
        .await
        .refused(400, "VALIDATION_ERROR");
    let answer = app.json(Method::POST, "/v1/orders", None).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(
        answer.details().len(),
        3,
        "a missing body is read as an empty object"
    );
    assert_eq!(counts(&app).await, (json!(0), json!(0)));
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (id, _) = app.order("ada@example.com", "SKU", 1).await;
    app.get("/v1/orders/ord_none")
        .await
        .refused(404, "NOT_FOUND");
    let key = app.other_tenant("bu_other").await;
    let path = format!("/v1/orders/{id}");
    let foreign = app
        .json_as(&key, "bu_other", Method::GET, &path, None)
        .await;
    foreign.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn ids_carry_the_prefix_of_the_tenant() {
    let app = App::start_with(|settings| settings.general.id_prefix = Some("ELE".into())).await;
    app.variant("SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    assert!(order.starts_with("ord_ELE"), "{order}");
    assert!(customer.starts_with("cust_ELE"), "{customer}");
    app.finish().await;
}

#[tokio::test]
async fn a_variant_of_another_tenant_is_unknown() {
    let app = App::start().await;
    app.variant("SKU").await;
    let key = app.other_tenant("bu_other").await;
    let body = order_of("ada@example.com", json!([{ "sku": "SKU", "quantity": 1 }]));
    let answer = app
        .json_as(&key, "bu_other", Method::POST, "/v1/orders", Some(body))
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    app.finish().await;
}
