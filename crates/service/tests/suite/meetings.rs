//! Two requests that cannot both be granted, on two servers at the same moment: one is, and the other hears why not.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{Answer, App, order_body};

/// Rounds of each meeting, half of them on one server.
const ROUNDS: usize = 10;

/// Who was granted it, and who was not.
#[track_caller]
fn one_of(one: Answer, other: Answer) -> (Answer, Answer) {
    match (one.status.is_success(), other.status.is_success()) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => panic!(
            "{} {}, {} {}",
            one.status, one.body, other.status, other.body
        ),
    }
}

/// Lets two requests meet; what a round needs comes from `prepare`.
async fn meet<T>(
    app: &App,
    prepare: impl AsyncFn(usize) -> T,
    one: impl AsyncFn(&App, &T) -> Answer,
    other: impl AsyncFn(&App, &T) -> Answer,
    check: impl AsyncFn(&T, Answer, Answer),
) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let with = prepare(round).await;
        let second = if round % 2 == 0 { &beside } else { app };
        let (first, then) = tokio::join!(one(app, &with), other(second, &with));
        check(&with, first, then).await;
    }
    beside.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_customers_who_want_one_address() {
    let app = App::start().await;
    meet(
        &app,
        async |round| {
            let ada = app.customer(&format!("ada{round}@example.com")).await;
            let bob = app.customer(&format!("bob{round}@example.com")).await;
            ([ada, bob], format!("new{round}@example.com"))
        },
        async |server, ([ada, _], email)| {
            let path = format!("/v1/customers/{ada}");
            server.put(&path, json!({ "email": email })).await
        },
        async |server, ([_, bob], email)| {
            let path = format!("/v1/customers/{bob}");
            let body = json!({ "email": email.to_uppercase(), "firstName": "Bob" });
            server.put(&path, body).await
        },
        async |(_, email), one, other| {
            let (won, lost) = one_of(one, other);
            lost.refused(409, "EMAIL_IN_USE");
            let list = app.get(&format!("/v1/customers?email={email}")).await;
            assert_eq!(list.is(200)["count"], 1);
            assert_eq!(list.body["customers"][0], won.body["customer"]);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_customer_and_a_first_order_that_want_one_address() {
    let app = App::start().await;
    meet(
        &app,
        async |round| {
            let ada = app.customer(&format!("ada{round}@example.com")).await;
            (ada, format!("new{round}@example.com"))
        },
        async |server, (ada, email)| {
            let path = format!("/v1/customers/{ada}");
            server.put(&path, json!({ "email": email })).await
        },
        async |server, (_, email)| server.post("/v1/orders", order_body(email, "SKU", 1)).await,
        async |(ada, email), moved, ordered| {
            // The order is Ada's if she has the address, and a new customer's if she came too late.
            let customer = ordered.is(201)["order"]["customer"]["customerId"].clone();
            match moved.status.as_u16() {
                200 => assert_eq!(customer, ada.as_str()),
                _ => drop(moved.refused(409, "EMAIL_IN_USE")),
            }
            let list = app.get(&format!("/v1/customers?email={email}")).await;
            assert_eq!(list.is(200)["count"], 1);
            assert_eq!(list.body["customers"][0]["customerId"], customer);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_save_one_product() {
    let app = App::start().await;
    let product = |round: &usize, name: &str| {
        json!({
            "productSku": format!("P{round}"), "name": name, "specification": "s", "category": "c",
            "brand": "b", "variants": [{
                "variantSku": format!("V{round}-{name}"), "variantName": "v", "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }]
            }]
        })
    };
    meet(
        &app,
        async |round| round,
        async |server, round| server.post("/v1/products", product(round, "one")).await,
        async |server, round| server.post("/v1/products", product(round, "other")).await,
        async |_, one, other| {
            let mut operations = [one, other].map(|answer| {
                answer.is(201);
                (answer.text("/productId"), answer.text("/operation"))
            });
            operations.sort_by(|a, b| a.1.cmp(&b.1));
            let [(first, created), (second, updated)] = operations;
            assert_eq!((&*created, &*updated), ("created", "updated"));
            assert_eq!(first, second);
            let read = app.get(&format!("/v1/products/{first}")).await;
            assert_eq!(read.is(200)["variants"].as_array().map(Vec::len), Some(2));
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_products_that_want_one_variant() {
    let app = App::start().await;
    let product = |sku: String, round: &usize| {
        json!({
            "productSku": sku, "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{
                "variantSku": format!("V{round}"), "variantName": "v", "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }]
            }]
        })
    };
    meet(
        &app,
        async |round| round,
        async |server, round| {
            let body = product(format!("A{round}"), round);
            server.post("/v1/products", body).await
        },
        async |server, round| {
            let body = product(format!("B{round}"), round);
            server.post("/v1/products", body).await
        },
        async |round, one, other| {
            let (won, lost) = one_of(one, other);
            lost.refused(409, "DUPLICATE_SKU");
            let list = app
                .get(&format!("/v1/products/variants?sku=V{round}"))
                .await;
            assert_eq!(list.is(200)["count"], 1);
            let found = list.body["variants"][0]["productId"].clone();
            assert_eq!(found, won.text("/productId"));
        },
    )
    .await;
    let products = app.get("/v1/products").await;
    assert_eq!(products.is(200)["count"], ROUNDS);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_extensions_that_are_too_long_together() {
    let app = App::start().await;
    let extend = async |server: &App, rental: &String| {
        let body = json!({ "extensionMonths": 60, "reason": "r" });
        let path = format!("/v1/subscriptions/{rental}/extend");
        server.post(&path, body).await
    };
    meet(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            app.renting(&email, &format!("S{round}")).await.2
        },
        extend,
        extend,
        async |rental, one, other| {
            let (_, lost) = one_of(one, other);
            lost.refused(400, "INVALID_EXTENSION_MONTHS");
            let path = format!("/v1/subscriptions/{rental}");
            assert_eq!(app.get(&path).await.is(200)["contractLength"], 72);
            let path = format!("/v1/payments?rentalId={rental}&limit=100");
            assert_eq!(app.get(&path).await.is(200)["count"], 72);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_extensions_where_one_is_allowed() {
    let app = App::start_with(|it| it.extensions.max_per_subscription = Some(1)).await;
    let extend = async |server: &App, rental: &String| {
        let body = json!({ "extensionMonths": 1, "reason": "r" });
        let path = format!("/v1/subscriptions/{rental}/extend");
        server.post(&path, body).await
    };
    meet(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            app.renting(&email, &format!("S{round}")).await.2
        },
        extend,
        extend,
        async |_, one, other| {
            let (_, lost) = one_of(one, other);
            lost.refused(400, "EXTENSION_NOT_ALLOWED");
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_mark_one_payment_as_paid() {
    let app = App::start().await;
    let pay = async |server: &App, (_, id): &(String, String)| {
        let path = format!("/v1/payments/{id}/mark-paid");
        server.post(&path, json!({})).await
    };
    meet(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            let (customer, _, rental) = app.renting(&email, &format!("S{round}")).await;
            let list = app.get(&format!("/v1/payments?rentalId={rental}")).await;
            (customer, list.text("/payments/0/paymentId"))
        },
        pay,
        pay,
        async |(customer, _), one, other| {
            let (_, lost) = one_of(one, other);
            lost.refused(400, "ALREADY_PAID");
            assert_eq!(app.get_customer(customer).await["lifetimeCollected"], 50.0);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_attempts_that_failed_are_both_counted() {
    let app = App::start().await;
    let fail = async |server: &App, id: &String| {
        let path = format!("/v1/payments/{id}/record-attempt");
        server.post(&path, json!({ "status": "failed" })).await
    };
    meet(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            let rental = app.renting(&email, &format!("S{round}")).await.2;
            let list = app.get(&format!("/v1/payments?rentalId={rental}")).await;
            list.text("/payments/0/paymentId")
        },
        fail,
        fail,
        async |id, one, other| {
            one.is(200);
            other.is(200);
            let read = app.get(&format!("/v1/payments/{id}")).await;
            assert_eq!(read.is(200)["payment"]["captureAttempts"], 2);
        },
    )
    .await;
    app.finish().await;
}

/// Pairs of the same request on one record, of which the second finds it done already.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_ask_for_the_same_end() {
    let app = App::start().await;
    app.variant("SKU").await;
    for (what, code, status) in [
        ("confirm", "ORDER_NOT_CONFIRMABLE", 400),
        ("dissolve", "NOT_FOUND", 404),
        ("remove", "NOT_FOUND", 404),
        ("waive", "ALREADY_CANCELLED", 400),
    ] {
        let prepare = async |round: usize| -> (Method, String, Value) {
            let email = format!("{what}{round}@example.com");
            let serial = format!("{what}{round}");
            match what {
                "confirm" => {
                    let (order, _) = app.order(&email, "SKU", 1).await;
                    let path = format!("/v1/orders/{order}/confirm");
                    (Method::POST, path, json!({}))
                }
                "waive" => {
                    let rental = app.renting(&email, &serial).await.2;
                    let list = app.get(&format!("/v1/payments?rentalId={rental}")).await;
                    let path =
                        format!("/v1/payments/{}/cancel", list.text("/payments/0/paymentId"));
                    (Method::POST, path, json!({ "reason": "r" }))
                }
                "dissolve" => {
                    let (customer, _, rental) = app.renting(&email, &serial).await;
                    let business = json!({ "customerType": "business" });
                    app.put(&format!("/v1/customers/{customer}"), business)
                        .await
                        .is(200);
                    let body = json!({
                        "customerId": customer, "groupName": "G", "billingDay": 1,
                        "rentalIds": [rental]
                    });
                    let group = app.post("/v1/billing-groups", body).await;
                    let id = group.text("/billingGroup/billingGroupId");
                    (
                        Method::DELETE,
                        format!("/v1/billing-groups/{id}"),
                        Value::Null,
                    )
                }
                _ => {
                    let (order, _) = app.order(&email, "SKU", 1).await;
                    let file = app.contract(&order).await;
                    (
                        Method::DELETE,
                        format!("/v1/files/{file}"),
                        json!({ "deleteFromStorage": false }),
                    )
                }
            }
        };
        let send = async |server: &App, (method, path, body): &(Method, String, Value)| {
            let body = Some(body.clone()).filter(|body| !body.is_null());
            server.json(method.clone(), path, body).await
        };
        meet(&app, prepare, send, send, async |_, one, other| {
            let (_, lost) = one_of(one, other);
            lost.refused(status, code);
        })
        .await;
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_deactivation_by_update_and_a_new_order() {
    let app = App::start().await;
    meet(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            (app.customer(&email).await, email)
        },
        async |server, (customer, _)| {
            let path = format!("/v1/customers/{customer}");
            server.put(&path, json!({ "status": "inactive" })).await
        },
        async |server, (_, email)| server.post("/v1/orders", order_body(email, "SKU", 2)).await,
        async |(customer, _), updated, ordered| {
            let inactive = updated.status.is_success();
            let (_, lost) = one_of(updated, ordered);
            match inactive {
                true => lost.refused(400, "CUSTOMER_INACTIVE"),
                false => lost.refused(409, "CUSTOMER_HAS_PENDING_ORDERS"),
            };
            let status = if inactive { "inactive" } else { "active" };
            assert_eq!(app.get_customer(customer).await["status"], status);
        },
    )
    .await;
    app.finish().await;
}
