//! The same order sent again is recognised, and does not become a second one.

use crate::suite::support::App;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn order_body(email: &str, sku: &str, quantity: u64) -> Value {
    json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
        },
        "items": [{ "sku": sku, "quantity": quantity, "contractLength": 12 }]
    })
}

async fn place(app: &App, body: &Value) -> String {
    let answer = app.post("/v1/orders", body.clone()).await;
    answer.is(201);
    answer.text("/orderId")
}

fn two_items(first: Value, second: Value) -> Value {
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["items"] = json!([first, second]);
    body
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_order_that_exists() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = app.post("/v1/orders", body.clone()).await;
    app.advance(SignedDuration::from_secs(59));
    let customer = app
        .get_customer(&first.text("/order/customer/customerId"))
        .await;
    let again = app.post("/v1/orders", body).await;
    assert_eq!(again.is(201)["order"], first.is(201)["order"]);
    assert_eq!(again.body["orderId"], first.body["orderId"]);
    assert_eq!(app.event_kinds().await, ["order.created"]);
    assert_eq!(
        app.get_customer(&first.text("/order/customer/customerId"))
            .await,
        customer
    );
    app.finish().await;
}

#[tokio::test]
async fn after_sixty_seconds_it_is_a_new_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = place(&app, &body).await;
    app.advance(SignedDuration::from_secs(60));
    assert_ne!(place(&app, &body).await, first);
    app.finish().await;
}

#[tokio::test]
async fn after_a_cancellation_it_is_a_new_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = place(&app, &body).await;
    app.cancel_order(&first).await;
    assert_ne!(place(&app, &body).await, first);
    app.finish().await;
}

#[tokio::test]
async fn after_its_fulfilment_it_is_a_new_order() {
    let app = App::start().await;
    let (customer, first, _) = app.renting("ada@example.com", "A1").await;
    let body = crate::suite::support::order_body("ada@example.com", "SKU", 1);
    let second = place(&app, &body).await;
    assert_ne!(second, first);
    assert_eq!(place(&app, &body).await, second);
    assert_eq!(app.get_customer(&customer).await["totalOrders"], 2);
    app.finish().await;
}

#[tokio::test]
async fn after_a_reactivation_it_is_a_new_order() {
    let app = App::start().await;
    let (customer, first, rental) = app.renting("ada@example.com", "A1").await;
    let cancel = json!({ "reason": "other" });
    app.post(&format!("/v1/subscriptions/{rental}/cancel"), cancel)
        .await
        .is(200);
    app.put("/v1/assets/A1", json!({ "status": "available" }))
        .await
        .is(200);
    let path = format!("/v1/customers/{customer}");
    app.delete(&path).await.is(200);
    app.put(&path, json!({ "status": "active" })).await.is(200);
    let body = crate::suite::support::order_body("ada@example.com", "SKU", 1);
    assert_ne!(place(&app, &body).await, first);
    app.finish().await;
}

#[tokio::test]
async fn a_confirmed_order_is_still_the_same_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = place(&app, &body).await;
    app.confirm(&first).await;
    assert_eq!(place(&app, &body).await, first);
    app.finish().await;
}

#[tokio::test]
async fn an_order_that_says_anything_else_is_another_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = place(&app, &body).await;

    // The same, written in another way.
    let mut same = body.clone();
    same["customer"]["email"] = json!("ADA@example.com");
    same["customer"]["company"] = json!("");
    same["customer"]["customerType"] = json!("individual");
    same["billingAddress"]["postalCode"] = json!(null);
    same["shippingAddress"] = body["billingAddress"].clone();
    same["items"][0]["sku"] = json!(" SKU ");
    same["notes"] = json!("");
    same["customFields"] = json!({});
    same["orderType"] = json!("standard");
    assert_eq!(place(&app, &same).await, first);

    for (pointer, value) in [
        ("/items/0/quantity", json!(2)),
        ("/items/0/contractLength", json!(24)),
        ("/customer/email", json!("bob@example.com")),
        ("/customer/firstName", json!("Augusta")),
        ("/customer/lastName", json!("King")),
        ("/customer/company", json!("Engines")),
        ("/customer/phone", json!("1")),
        ("/customer/customerType", json!("business")),
        ("/billingAddress/city", json!("London")),
        ("/billingAddress/postalCode", json!("10119")),
        (
            "/shippingAddress",
            json!({ "contactName": "Ada", "streetAddress": "2", "city": "Berlin",
                                     "country": "DE" }),
        ),
        ("/notes", json!("again")),
        ("/customFields", json!({ "a": 1 })),
    ] {
        let mut other = body.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match other.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            object => object[name] = value,
        }
        let placed = place(&app, &other).await;
        assert_ne!(placed, first, "{pointer}");
        assert_eq!(place(&app, &other).await, placed, "{pointer}");
    }
    let mut fields = body.clone();
    fields["customFields"] = json!({ "a": { "x": 1, "y": 2 }, "b": 2 });
    let with_fields = place(&app, &fields).await;
    fields["customFields"] = json!({ "b": 2, "a": { "y": 2, "x": 1 } });
    assert_eq!(place(&app, &fields).await, with_fields);
    let mut without_length = body;
    without_length["items"][0]
        .as_object_mut()
        .unwrap()
        .remove("contractLength");
    assert_ne!(place(&app, &without_length).await, first);
    app.finish().await;
}

#[tokio::test]
async fn positions_are_a_multiset() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (a, b) = (
        json!({ "sku": "SKU", "quantity": 1, "contractLength": 12 }),
        json!({ "sku": "SKU", "quantity": 2, "contractLength": 24 }),
    );
    let first = place(&app, &two_items(a.clone(), b.clone())).await;
    assert_eq!(place(&app, &two_items(b.clone(), a.clone())).await, first);
    assert_ne!(place(&app, &two_items(a.clone(), a)).await, first);
    app.finish().await;
}

#[tokio::test]
async fn a_repeat_comes_before_the_checks_of_its_items() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    let first = place(&app, &body).await;
    let pricing = json!([{ "contractLength": 24, "monthlyPrice": 1 }]);
    let changed = json!({ "variants": [{ "variantSku": "SKU", "pricing": pricing }] });
    app.put(&format!("/v1/products/{product}"), changed)
        .await
        .is(200);
    assert_eq!(place(&app, &body).await, first);
    app.advance(SignedDuration::from_secs(60));
    app.post("/v1/orders", body)
        .await
        .refused(400, "INVALID_CONTRACT_LENGTH");
    app.finish().await;
}

#[tokio::test]
async fn tenants_do_not_share_orders() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = order_body("ada@example.com", "SKU", 1);
    place(&app, &body).await;
    let key = app.other_tenant("bu_other").await;
    let answer = app
        .json_as(&key, "bu_other", Method::POST, "/v1/orders", Some(body))
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_first_orders_at_once_make_one_customer() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    for round in 0..50 {
        let email = format!("new{round}@example.com");
        // Every second time through two servers.
        let second = if round % 2 == 0 { &beside } else { &app };
        let (one, two) = tokio::join!(
            app.post("/v1/orders", order_body(&email, "SKU", 1)),
            second.post("/v1/orders", order_body(&email, "SKU", 2))
        );
        one.is(201);
        two.is(201);
        let customer = one.text("/order/customer/customerId");
        assert_eq!(two.text("/order/customer/customerId"), customer);
        let shown = app.get_customer(&customer).await;
        assert_eq!(shown["totalOrders"], 2);
        assert_eq!(shown["orderIds"].as_array().unwrap().len(), 2);
    }
    beside.finish().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_order_sent_twice_at_once_is_placed_once() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    for round in 0..50 {
        let body = order_body(&format!("new{round}@example.com"), "SKU", 1);
        let second = if round % 2 == 0 { &beside } else { &app };
        let (one, two) = tokio::join!(
            app.post("/v1/orders", body.clone()),
            second.post("/v1/orders", body)
        );
        one.is(201);
        assert_eq!(one.text("/orderId"), two.text("/orderId"));
    }
    assert_eq!(app.event_kinds().await.len(), 50);
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn an_e_mail_that_moved_on_does_not_lead_to_the_order_of_another_customer() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_body("ada@example.com", "SKU", 1);
    let first = app.post("/v1/orders", body.clone()).await;
    let ada = first.text("/order/customer/customerId");
    let moved = json!({ "email": "ada@example.org" });
    app.put(&format!("/v1/customers/{ada}"), moved)
        .await
        .is(200);

    // Nobody has the address any more: a new customer.
    body["customer"]["firstName"] = json!("Bob");
    let second = app.post("/v1/orders", body.clone()).await;
    second.is(201);
    let bob = second.text("/order/customer/customerId");
    assert_ne!(bob, ada);
    assert_ne!(second.text("/orderId"), first.text("/orderId"));
    assert_eq!(place(&app, &body).await, second.text("/orderId"));

    // Another customer takes it over.
    app.put(
        &format!("/v1/customers/{bob}"),
        json!({ "email": "bob@example.com" }),
    )
    .await
    .is(200);
    app.put(
        &format!("/v1/customers/{ada}"),
        json!({ "email": "ada@example.com" }),
    )
    .await
    .is(200);
    let third = app.post("/v1/orders", body).await;
    third.is(201);
    assert_eq!(third.text("/order/customer/customerId"), ada);
    assert_ne!(third.text("/orderId"), second.text("/orderId"));
    app.finish().await;
}
