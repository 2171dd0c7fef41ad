//! `Idempotency-Key`: a request is done once, however often it comes.

use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::suite::products_csv::HEADER;
use crate::suite::support::{Answer, App, Race, TENANT, ok, order_body, refused};

impl App {
    /// A request with a key of its caller's choice, and JSON.
    pub(super) async fn keyed(&self, key: &str, method: Method, path: &str, body: Value) -> Answer {
        self.keyed_as(&self.key, TENANT, key, method, path, body)
            .await
    }

    /// Imports products under a key.
    async fn import(&self, key: &str, csv: &str) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "text/csv"),
            ("idempotency-key", key),
        ];
        let path = "/v1/products/csv";
        self.send(Method::POST, path, &headers, csv.to_owned())
            .await
    }

    async fn keyed_as(
        &self,
        api_key: &str,
        tenant: &str,
        key: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> Answer {
        let authorization = format!("Bearer {api_key}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", tenant),
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        self.send(method, path, &headers, body.to_string()).await
    }
}

pub(super) fn replayed(answer: &Answer) -> bool {
    let header = answer.headers.get("idempotency-replayed");
    header.is_some_and(|it| it == "true")
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_does_nothing() {
    let app = App::start().await;
    app.variant("SKU").await;
    let order = order_body("ada@example.com", "SKU", 1);
    let send = async |key: &str, order: &Value| {
        app.keyed(key, Method::POST, "/v1/orders", order.clone())
            .await
    };
    let first = send("a", &order).await;
    first.is(201);
    assert!(!replayed(&first));
    let events = app.events().await;
    // Also much later than two orders would be taken for one.
    app.advance(SignedDuration::from_hours(23));
    for _ in 0..2 {
        let again = send("a", &order).await;
        assert_eq!(again.is(201), &first.body);
        assert!(replayed(&again));
    }
    assert_eq!(app.events().await, events);
    // Whoever says that it is another request means it, although nothing tells the two apart.
    let another = send("b", &order).await;
    another.is(201);
    assert_ne!(another.text("/orderId"), first.text("/orderId"));
    assert!(!replayed(&another));
    // A day later, the key is new.
    app.advance(SignedDuration::from_hours(1));
    let later = send("a", &order).await;
    assert!(!replayed(&later));
    assert_ne!(later.text("/orderId"), first.text("/orderId"));
    assert!(replayed(&send("a", &order).await));
    app.finish().await;
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_operation_and_tenant() {
    let app = App::start().await;
    app.variant("SKU").await;
    let order = order_body("ada@example.com", "SKU", 1);
    let first = app
        .keyed("k", Method::POST, "/v1/orders", order.clone())
        .await;
    first.is(201);
    let mut other = order.clone();
    other["notes"] = json!("another");
    for (path, body) in [("/v1/orders", &other), ("/v1/orders?x=1", &order)] {
        let answer = app.keyed("k", Method::POST, path, body.clone()).await;
        answer.refused(409, "IDEMPOTENCY_KEY_REUSED");
        assert!(!replayed(&answer));
    }
    let id = first.text("/orderId");
    let notes = json!({ "notes": "x" });
    let path = format!("/v1/orders/{id}/notes");
    app.keyed("k", Method::PATCH, &path, notes.clone())
        .await
        .is(200);
    let (second, _) = app.order("bob@example.com", "SKU", 1).await;
    let path = format!("/v1/orders/{second}/notes");
    let answer = app.keyed("k", Method::PATCH, &path, notes).await;
    answer.refused(409, "IDEMPOTENCY_KEY_REUSED");

    let key = app.other_tenant("bu_other").await;
    let body = json!({
        "productSku": "P", "name": "N", "specification": "S", "category": "c", "brand": "B",
        "variants": [{
            "variantSku": "V", "variantName": "VN", "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": 10 }]
        }]
    });
    let path = "/v1/products";
    let ours = app.keyed("p", Method::POST, path, body.clone()).await;
    let theirs = app
        .keyed_as(&key, "bu_other", "p", Method::POST, path, body)
        .await;
    ours.is(201);
    theirs.is(201);
    assert!(!replayed(&theirs));
    assert_ne!(ours.text("/productId"), theirs.text("/productId"));
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_is_remembered_and_has_changed_nothing() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 1).await;
    let path = format!("/v1/customers/{customer}");
    let delete = async |key: &str| app.keyed(key, Method::DELETE, &path, json!({})).await;
    let events = app.events().await.len();
    let first = delete("a").await;
    first.refused(409, "CUSTOMER_HAS_PENDING_ORDERS");
    app.cancel_order(&order).await;
    let again = delete("a").await;
    assert_eq!(
        again.refused(409, "CUSTOMER_HAS_PENDING_ORDERS"),
        &first.body
    );
    assert!(replayed(&again));
    assert_eq!(app.events().await.len(), events, "cancelling has no event");
    delete("b").await.is(200);
    assert!(replayed(&delete("b").await));
    assert_eq!(
        app.event_kinds().await.last().unwrap(),
        "customer.deactivated"
    );
    assert_eq!(app.event_kinds().await.len(), events + 1);
    let unknown = "/v1/customers/cust_none";
    for replay in [false, true] {
        let answer = app.keyed("c", Method::DELETE, unknown, json!({})).await;
        answer.refused(404, "NOT_FOUND");
        assert_eq!(replayed(&answer), replay);
    }
    let twice = json!({ "serialNumber": "A1", "sku": "SKU" });
    app.asset("A1", "SKU").await;
    for replay in [false, true] {
        let answer = app
            .keyed("d", Method::POST, "/v1/assets", twice.clone())
            .await;
        answer.refused(409, "ASSET_EXISTS");
        assert_eq!(replayed(&answer), replay);
    }
    app.finish().await;
}

#[tokio::test]
async fn what_did_not_begin_is_not_remembered() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = json!({ "serialNumber": "A1", "sku": "SKU" });
    let reader = app.key_with(&["assets:read"]).await;
    for (key, status) in [
        ("fp_nobody_x", 401),
        (reader.as_str(), 403),
        (app.key.as_str(), 201),
    ] {
        let answer = app
            .keyed_as(key, TENANT, "k", Method::POST, "/v1/assets", body.clone())
            .await;
        answer.is(status);
        assert!(!replayed(&answer));
    }
    for key in ["", " ", "a b", &"k".repeat(256), "a\tb"] {
        let answer = app
            .keyed(key, Method::POST, "/v1/assets", body.clone())
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "Idempotency-Key");
    }
    app.keyed(&"k".repeat(255), Method::DELETE, "/v1/assets/A1", json!({}))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_change_of_another_version_is_not_remembered() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("A1", "SKU").await;
    let version = app.version("/v1/assets/A1").await;
    let authorization = format!("Bearer {}", app.key);
    for (version, notes, status) in [("\"0\"", "one", 412), (&*version, "two", 200)] {
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
            ("idempotency-key", "k"),
            ("if-match", version),
        ];
        let body = json!({ "notes": notes }).to_string();
        let answer = app.send(Method::PUT, "/v1/assets/A1", &headers, body).await;
        answer.is(status);
        assert!(!replayed(&answer));
    }
    assert_eq!(app.get("/v1/assets/A1").await.is(200)["notes"], "two");
    app.finish().await;
}

#[tokio::test]
async fn an_import_is_done_once() {
    let app = App::start().await;
    let csv = format!("{HEADER}\nN,P,c,B,S,,,V,9,9,,10,,\n");
    let send = async |key: &str, text: &str| app.import(key, text).await;
    let first = send("a", &csv).await;
    let again = send("a", &csv).await;
    assert_eq!(first.is(201)["created"], 1);
    assert_eq!(again.is(201), &first.body);
    assert_eq!((replayed(&first), replayed(&again)), (false, true));
    send("a", &csv.replace("10", "11"))
        .await
        .refused(409, "IDEMPOTENCY_KEY_REUSED");
    for replay in [false, true] {
        let answer = send("b", "nonsense").await;
        answer.refused(400, "INVALID_CSV");
        assert_eq!(replayed(&answer), replay);
    }
    app.finish().await;
}

#[tokio::test]
async fn imports_at_the_same_moment_over_two_servers_are_one_import() {
    const PRODUCTS: usize = 50;
    let app = App::start().await;
    let race = Race {
        one_first: (ok(201), ok(201)),
        other_first: (ok(201), ok(201)),
    };
    let import = async |app: &App, round: &usize| {
        let mut csv = format!("{HEADER}\n");
        for number in 0..PRODUCTS {
            csv += &format!("N,P{round}-{number},c,B,S,,,V{round}-{number},9,9,,10,,\n");
        }
        // Twice the same product, and one row that is skipped.
        csv += &format!(
            "N,P{round}-0,c,B,S,,,W{round},9,9,,10,,\nN,P{round}-0,c,B,S,,,X{round},,,,,,\n"
        );
        app.import(&format!("import-{round}"), &csv).await
    };
    race.run(
        &app,
        async |round| round,
        import,
        import,
        async |_, one, other| {
            assert_eq!(one.body, other.body);
            assert_eq!(one.body["created"], PRODUCTS);
            assert_eq!(one.body["updated"], 0);
            assert_eq!(one.body["errors"].as_array().unwrap().len(), 1);
            assert_ne!(replayed(one), replayed(other));
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn one_key_for_two_files_imports_one_of_them() {
    let app = App::start().await;
    let race = Race {
        one_first: (ok(201), refused(409, "IDEMPOTENCY_KEY_REUSED")),
        other_first: (refused(409, "IDEMPOTENCY_KEY_REUSED"), ok(201)),
    };
    let import = async |app: &App, sku: String, round: &usize| {
        let csv = format!("{HEADER}\nN,{sku},c,B,S,,,{sku},9,9,,10,,\n");
        app.import(&format!("import-{round}"), &csv).await
    };
    race.run(
        &app,
        async |round| round,
        async |app, round| import(app, format!("A{round}"), round).await,
        async |app, round| import(app, format!("B{round}"), round).await,
        async |round, one, _| {
            let answer = app.get("/v1/products?limit=1").await;
            let newest = answer.is(200)["products"][0]["productSku"].clone();
            let done = if one.status == 201 { "A" } else { "B" };
            assert_eq!(newest, format!("{done}{round}"));
            let again = import(&app, format!("A{round}"), round).await;
            assert_eq!(again.status, one.status, "what was answered stands");
        },
    )
    .await;
    let answer = app.get("/v1/products?limit=100").await;
    assert_eq!(answer.is(200)["count"], crate::suite::support::ROUNDS + 2);
    app.finish().await;
}

#[tokio::test]
async fn repeats_at_the_same_moment_over_two_servers_are_done_once() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(201), ok(201)),
        other_first: (ok(201), ok(201)),
    };
    let order = async |app: &App, round: &usize| {
        let body = order_body(&format!("c{round}@example.com"), "SKU", 1);
        let key = format!("order-{round}");
        app.keyed(&key, Method::POST, "/v1/orders", body).await
    };
    race.run(
        &app,
        async |round| round,
        order,
        order,
        async |_, one, other| {
            assert_eq!(one.body, other.body);
            assert_ne!(replayed(one), replayed(other));
        },
    )
    .await;
    let orders = app.event_kinds().await;
    let orders = orders.iter().filter(|kind| *kind == "order.created");
    assert_eq!(orders.count(), crate::suite::support::ROUNDS + 2);
    app.finish().await;
}

#[tokio::test]
async fn a_deletion_and_its_repeat_meet_another_order_in_between() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(200), refused(400, "CUSTOMER_INACTIVE")),
        other_first: (refused(409, "CUSTOMER_HAS_PENDING_ORDERS"), ok(201)),
    };
    race.run(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            (email.clone(), app.customer(&email).await)
        },
        async |app, (_, customer)| {
            let path = format!("/v1/customers/{customer}");
            app.keyed(customer, Method::DELETE, &path, json!({})).await
        },
        async |app, (email, customer)| {
            let body = order_body(email, "SKU", 2);
            app.keyed(customer, Method::POST, "/v1/orders", body).await
        },
        async |(email, customer), deleted, ordered| {
            let path = format!("/v1/customers/{customer}");
            let again = app.keyed(customer, Method::DELETE, &path, json!({})).await;
            assert_eq!((again.status, &again.body), (deleted.status, &deleted.body));
            let body = order_body(email, "SKU", 2);
            let again = app.keyed(customer, Method::POST, "/v1/orders", body).await;
            assert_eq!((again.status, &again.body), (ordered.status, &ordered.body));
        },
    )
    .await;
    app.finish().await;
}
