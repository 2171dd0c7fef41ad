//! getCustomer and updateCustomer. Lists are in `customers_list.rs`, deletion in `deletion_*.rs`.

use crate::suite::support::{App, TENANT};
use hyper::Method;
use serde_json::{Value, json};
use service::settings::AddressField;

/// A customer without open business, as getCustomer shows it, and its path.
async fn settled(app: &App, email: &str) -> (String, Value) {
    let id = app.customer(email).await;
    (format!("/v1/customers/{id}"), app.get_customer(&id).await)
}

#[tokio::test]
async fn the_first_order_makes_the_customer() {
    let app = App::start().await;
    app.variant("SKU").await;
    let order = app
        .post(
            "/v1/orders",
            json!({
                "customer": {
                    "email": "Ada@Example.com", "firstName": "Ada", "lastName": "Lovelace",
                    "company": "Engines Ltd", "phone": "+44 1", "customerType": "business"
                },
                "billingAddress": {
                    "contactName": "Ada", "streetAddress": "1 Row", "city": "London",
                    "postalCode": null, "country": "GB"
                },
                "items": [{ "sku": "SKU", "quantity": 2 }]
            }),
        )
        .await;
    let id = order.text("/order/customer/customerId");
    let customer = app.get_customer(&id).await;
    let address = json!({
        "contactName": "Ada", "streetAddress": "1 Row", "city": "London",
        "postalCode": null, "country": "GB"
    });
    assert_eq!(
        customer,
        json!({
            "customerId": id, "tenantId": TENANT, "email": "Ada@Example.com",
            "firstName": "Ada", "lastName": "Lovelace",
            "company": "Engines Ltd", "phone": "+44 1",
            "customerType": "business", "status": "active",
            "totalOrders": 1, "totalDevicesRented": 0, "totalMonthlyRevenue": 0.0,
            "orderIds": [order.text("/orderId")], "rentalIds": [],
            "lastBillingAddress": address, "lastShippingAddress": address,
            "lifetimeCollected": 0.0, "totalAcquisitionCost": 0.0, "customerMargin": 0.0,
            "subscriptionsTracked": 0,
            "profitability": {
                "lifetimeCollected": 0.0, "totalAcquisitionCost": 0.0,
                "averageMonthlyRevenue": 0.0, "totalDevicesEver": 0, "activeDevices": 0
            },
            "createdAt": order.text("/order/createdAt"),
            "updatedAt": order.text("/order/createdAt"),
            "createdBy": order.text("/order/createdBy"),
        })
    );
    app.finish().await;
}

#[tokio::test]
async fn figures_follow_the_subscriptions_and_what_was_collected() {
    let app = App::start_with(|settings| {
        settings.billing.first_payment = service::settings::FirstPayment::CollectedExternally;
    })
    .await;
    let (customer, order, rental) = app.renting("ada@example.com", "S1").await;
    app.advance_days(40);

    let shown = app.get_customer(&customer).await;
    assert_eq!(shown["orderIds"], json!([order]));
    assert_eq!(shown["rentalIds"], json!([rental]));
    assert_eq!(shown["totalDevicesRented"], 1);
    assert_eq!(shown["totalMonthlyRevenue"], 50.0);
    assert_eq!(shown["lifetimeCollected"], 50.0);
    assert_eq!(shown["totalAcquisitionCost"], 600.0);
    assert_eq!(shown["customerMargin"], -550.0);
    assert_eq!(shown["customerMarginPercent"], -91.67);
    assert_eq!(shown["subscriptionsTracked"], 1);
    // Two contract months have begun.
    assert_eq!(
        shown["profitability"],
        json!({
            "lifetimeCollected": 50.0, "totalAcquisitionCost": 600.0, "costRecoveryPercent": 8.33,
            "averageMonthlyRevenue": 25.0, "totalDevicesEver": 1, "activeDevices": 1
        })
    );

    let cancel = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&cancel, json!({ "reason": "customer_request" }))
        .await
        .is(200);
    let shown = app.get_customer(&customer).await;
    assert_eq!(shown["totalDevicesRented"], 0);
    assert_eq!(shown["totalMonthlyRevenue"], 0.0);
    assert_eq!(shown["rentalIds"], json!([rental]));
    assert_eq!(shown["lifetimeCollected"], 50.0);
    assert_eq!(shown["profitability"]["totalDevicesEver"], 1);
    assert_eq!(shown["profitability"]["activeDevices"], 0);
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_customer_is_not_found() {
    let app = App::start().await;
    app.get("/v1/customers/cust_nobody")
        .await
        .refused(404, "NOT_FOUND");
    app.put("/v1/customers/cust_nobody", json!({ "phone": "1" }))
        .await
        .refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn another_tenants_customer_is_not_found_and_not_changed() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let key = app.other_tenant("bu_other").await;
    let send = |method, body| app.json_as(&key, "bu_other", method, &path, body);
    send(Method::GET, None).await.refused(404, "NOT_FOUND");
    send(Method::PUT, Some(json!({ "firstName": "Eve" })))
        .await
        .refused(404, "NOT_FOUND");
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn changing_a_customer_needs_the_permission_to_write() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let key = app.key_with(&["customers:read"]).await;
    app.json_as(&key, TENANT, Method::GET, &path, None)
        .await
        .is(200);
    let body = Some(json!({ "firstName": "Eve" }));
    let answer = app.json_as(&key, TENANT, Method::PUT, &path, body).await;
    answer.refused(403, "INSUFFICIENT_PERMISSIONS");
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let billing = json!({
        "contactName": "Ada King", "streetAddress": "2 Road", "city": "Ockham", "country": "GB"
    });
    let answer = app
        .put(
            &path,
            json!({
                "customerId": before["customerId"],
                "email": "ada.king@example.com", "firstName": "Ada", "lastName": "King",
                "company": "Engines Ltd", "phone": "+44 2", "customerType": "business",
                "customFields": { "vip": true }, "billingAddress": billing
            }),
        )
        .await;
    let after = &answer.is(200)["customer"];
    let mut expected = before.clone();
    for (name, value) in [
        ("email", json!("ada.king@example.com")),
        ("lastName", json!("King")),
        ("company", json!("Engines Ltd")),
        ("phone", json!("+44 2")),
        ("customerType", json!("business")),
        ("customFields", json!({ "vip": true })),
        ("lastBillingAddress", billing),
        ("updatedAt", after["updatedAt"].clone()),
    ] {
        expected[name] = value;
    }
    assert_eq!(after, &expected);
    assert_ne!(after["updatedAt"], before["updatedAt"]);
    assert_eq!(app.get(&path).await.is(200), &expected);
    app.finish().await;
}

#[tokio::test]
async fn the_shipping_address_is_replaced_as_a_whole() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let shipping =
        json!({ "contactName": "Bob", "streetAddress": "3 Way", "city": "Bonn", "country": "DE" });
    let answer = app.put(&path, json!({ "shippingAddress": shipping })).await;
    let after = &answer.is(200)["customer"];
    assert_eq!(after["lastShippingAddress"], shipping);
    assert_eq!(after["lastBillingAddress"], before["lastBillingAddress"]);
    app.finish().await;
}

#[tokio::test]
async fn an_empty_text_clears_company_and_phone() {
    let app = App::start().await;
    let (path, _) = settled(&app, "ada@example.com").await;
    app.put(&path, json!({ "company": "Engines Ltd", "phone": "1" }))
        .await
        .is(200);
    let answer = app.put(&path, json!({ "company": "", "phone": "" })).await;
    let after = &answer.is(200)["customer"];
    assert_eq!((after.get("company"), after.get("phone")), (None, None));
    app.finish().await;
}

#[tokio::test]
async fn an_update_without_a_change_leaves_updated_at_and_emits_nothing() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let events = app.event_kinds().await;
    for body in [
        json!({}),
        json!({ "firstName": "Ada" }),
        json!({ "status": "active" }),
    ] {
        assert_eq!(app.put(&path, body).await.is(200)["customer"], before);
    }
    assert_eq!(
        app.json(Method::PUT, &path, None).await.is(200)["customer"],
        before
    );
    assert_eq!(app.event_kinds().await, events);
    app.finish().await;
}

#[tokio::test]
async fn a_body_that_names_another_customer_is_refused() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let answer = app
        .put(&path, json!({ "customerId": "cust_other", "phone": "1" }))
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "customerId");
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn values_outside_the_contract_are_all_reported() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let body = json!({
        "email": "nobody", "firstName": "", "customerType": "ghost", "phone": 1,
        "billingAddress": { "contactName": "Ada" }
    });
    let answer = app.put(&path, body).await;
    answer.refused(400, "VALIDATION_ERROR");
    let mut found: Vec<(String, String)> = answer
        .details()
        .into_iter()
        .map(|(path, _, code)| (path, code))
        .collect();
    found.sort();
    let expected = [
        ("billingAddress.city", "required"),
        ("billingAddress.country", "required"),
        ("billingAddress.streetAddress", "required"),
        ("customerType", "invalid_enum_value"),
        ("email", "invalid_string"),
        ("firstName", "too_small"),
        ("phone", "invalid_type"),
    ];
    assert_eq!(
        found,
        expected.map(|(path, code)| (path.to_owned(), code.to_owned()))
    );
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn parts_of_an_address_that_the_tenant_requires_are_missed() {
    let app = App::start_with(|settings| {
        let required = AddressField {
            required: true,
            ..AddressField::default()
        };
        settings
            .addresses
            .fields
            .insert("postalCode".into(), required);
    })
    .await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let address = json!({
        "contactName": "Ada", "streetAddress": "1 Row", "city": "London",
        "postalCode": null, "country": "GB"
    });
    let answer = app
        .put(
            &path,
            json!({ "billingAddress": address, "firstName": "Eve" }),
        )
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    let (path_of_detail, _, code) = answer.details().remove(0);
    assert_eq!(
        (path_of_detail.as_str(), code.as_str()),
        ("billingAddress.postalCode", "required")
    );
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn the_email_of_another_customer_is_in_use() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    settled(&app, "bob@example.com").await;
    let body = json!({ "email": "BOB@example.com", "firstName": "Eve" });
    app.put(&path, body).await.refused(409, "EMAIL_IN_USE");
    assert_eq!(app.get(&path).await.is(200), &before);
    app.finish().await;
}

#[tokio::test]
async fn a_customer_may_spell_its_own_email_differently() {
    let app = App::start().await;
    let (path, _) = settled(&app, "ada@example.com").await;
    let answer = app.put(&path, json!({ "email": "Ada@Example.com" })).await;
    assert_eq!(answer.is(200)["customer"]["email"], "Ada@Example.com");
    app.finish().await;
}

#[tokio::test]
async fn an_email_given_up_is_free_for_others() {
    let app = App::start().await;
    let (ada, _) = settled(&app, "ada@example.com").await;
    let (bob, _) = settled(&app, "bob@example.com").await;
    app.put(&ada, json!({ "email": "lovelace@example.com" }))
        .await
        .is(200);
    app.put(&bob, json!({ "email": "ada@example.com" }))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn orders_keep_the_name_and_email_they_captured() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    let body = json!({ "email": "new@example.com", "firstName": "New", "billingAddress": {
        "contactName": "New", "streetAddress": "New", "city": "New", "country": "GB"
    } });
    app.put(&path, body).await.is(200);
    let order = before["orderIds"][0].as_str().unwrap();
    let order = app
        .get(&format!("/v1/orders/{order}"))
        .await
        .is(200)
        .clone();
    assert_eq!(order["customer"]["email"], "ada@example.com");
    assert_eq!(order["customer"]["firstName"], "Ada");
    assert_eq!(order["billingAddress"], before["lastBillingAddress"]);
    app.finish().await;
}

#[tokio::test]
async fn a_mailbox_is_one_customer_however_it_is_quoted() {
    let app = App::start().await;
    let (path, _) = settled(&app, "q1@example.com").await;
    let id = path.rsplit('/').next().expect("an id").to_owned();
    for email in [r#""q1"@example.com"#, r#""Q\1"@EXAMPLE.com"#] {
        let (_, customer) = app.order(email, "SKU", 1).await;
        assert_eq!(customer, id, "{email}");
    }
    let list = app.get("/v1/customers?email=%22q1%22%40example.com").await;
    assert_eq!(list.is(200)["customers"][0]["customerId"], id.as_str());
    let (other, _) = settled(&app, "bob@example.com").await;
    app.put(&other, json!({ "email": r#""q1"@example.com"# }))
        .await
        .refused(409, "EMAIL_IN_USE");
    app.finish().await;
}

#[tokio::test]
async fn addresses_have_a_longest_length() {
    let app = App::start().await;
    let (path, _) = settled(&app, "ada@example.com").await;
    let domain = |last: usize| {
        let label = "d".repeat(61);
        format!("{label}.{label}.{label}.{}", "d".repeat(last))
    };
    let email = |last: usize| format!("{}@{}", "a".repeat(64), domain(last));
    assert_eq!(email(3).len(), 254);
    app.put(&path, json!({ "email": email(3) })).await.is(200);
    let answer = app.put(&path, json!({ "email": email(4) })).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "email");
    let mut body = crate::suite::support::order_body("x", "SKU", 1);
    for longer in [email(4), email(57)] {
        body["customer"]["email"] = json!(longer);
        let answer = app.post("/v1/orders", body.clone()).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "customer.email");
    }
    body["customer"]["email"] = json!(email(2));
    app.post("/v1/orders", body).await.is(201);
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_address_is_refused_and_told_why() {
    let app = App::start().await;
    let (path, before) = settled(&app, "ada@example.com").await;
    for address in [
        "m\u{fc}ller@example.com",
        "ada@m\u{fc}ller.example",
        "ada@example.com.",
        "ada(work)@example.com",
        "Ada <ada@example.com>",
        "ada@example.com\u{200b}",
        "a..b@example.com",
        "ada@example@com",
        "ada@-example.com",
        &format!("{}@example.com", "a".repeat(65)),
    ] {
        let mut body = crate::suite::support::order_body("x", "SKU", 1);
        body["customer"]["email"] = json!(address);
        for answer in [
            app.put(&path, json!({ "email": address })).await,
            app.post("/v1/orders", body).await,
        ] {
            answer.refused(400, "VALIDATION_ERROR");
            let (path, message, code) = answer.details()[0].clone();
            assert!(path.ends_with("email"), "{address}: {path}");
            assert!(message.contains("ASCII"), "{address}: {message}");
            assert_eq!(code, "invalid_string", "{address}");
        }
    }
    assert_eq!(*app.get(&path).await.is(200), before);
    app.finish().await;
}
