//! Versions of resources: `ETag`, `If-None-Match`, `If-Match`.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{Answer, App, Race, TENANT, ok, order_body, refused};

impl App {
    pub(super) async fn conditional(
        &self,
        method: Method,
        path: &str,
        condition: (&str, &str),
        body: Option<Value>,
    ) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            condition,
        ];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body).await
    }

    pub(super) async fn version(&self, path: &str) -> String {
        let answer = self.get(path).await;
        answer.is(200);
        etag(&answer).expect("a version")
    }
}

pub(super) fn etag(answer: &Answer) -> Option<String> {
    let header = answer.headers.get("etag")?;
    Some(header.to_str().expect("text").to_owned())
}

/// Every resource with versions, and changes of it that succeed one after the other.
async fn resources(app: &App) -> Vec<(String, Vec<(Method, String, Value)>)> {
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    app.asset("A2", "SKU").await;
    let body = json!({ "customerType": "business" });
    app.put(&format!("/v1/customers/{customer}"), body)
        .await
        .is(200);
    let body = json!({
        "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": [rental]
    });
    let group = app.post("/v1/billing-groups", body).await;
    let group = group.text("/billingGroup/billingGroupId");
    let payments = app
        .get(&format!("/v1/payments?rentalId={rental}&status=pending"))
        .await;
    let payment = payments.is(200)["payments"][0]["paymentId"]
        .as_str()
        .expect("it is there")
        .to_owned();
    let product = app.get("/v1/products").await;
    let product = product.is(200)["products"][0]["productId"]
        .as_str()
        .expect("it is there")
        .to_owned();
    let (waiting, _) = app.order("bob@example.com", "SKU", 1).await;
    let at = |path: &str, action: &str| format!("{path}{action}");
    let rental = format!("/v1/subscriptions/{rental}");
    let payment = format!("/v1/payments/{payment}");
    let group = format!("/v1/billing-groups/{group}");
    let customer = format!("/v1/customers/{customer}");
    let product = format!("/v1/products/{product}");
    let waiting = format!("/v1/orders/{waiting}");
    vec![
        (
            customer.clone(),
            vec![(Method::PUT, customer, json!({ "phone": "1" }))],
        ),
        (
            format!("/v1/orders/{order}"),
            vec![(
                Method::PATCH,
                format!("/v1/orders/{order}/notes"),
                json!({ "notes": "n" }),
            )],
        ),
        (
            waiting.clone(),
            vec![
                (Method::POST, at(&waiting, "/confirm"), json!({})),
                (Method::POST, at(&waiting, "/cancel"), json!({})),
            ],
        ),
        (
            rental.clone(),
            vec![
                (
                    Method::PATCH,
                    at(&rental, "/notes"),
                    json!({ "notes": "n" }),
                ),
                (
                    Method::POST,
                    at(&rental, "/extend"),
                    json!({ "extensionMonths": 1, "reason": "r" }),
                ),
                (
                    Method::POST,
                    at(&rental, "/replace"),
                    json!({ "newSerialNumber": "A2", "replacementReason": "defective" }),
                ),
                (
                    Method::POST,
                    at(&rental, "/cancel"),
                    json!({ "reason": "customer_request" }),
                ),
            ],
        ),
        (
            payment.clone(),
            vec![
                (
                    Method::POST,
                    at(&payment, "/record-attempt"),
                    json!({ "status": "failed" }),
                ),
                (Method::POST, at(&payment, "/mark-paid"), json!({})),
            ],
        ),
        (
            group.clone(),
            vec![(Method::PATCH, group, json!({ "notes": "n" }))],
        ),
        (
            product.clone(),
            vec![(Method::PUT, product, json!({ "description": "d" }))],
        ),
        (
            "/v1/assets/A1".into(),
            vec![(
                Method::PUT,
                "/v1/assets/A1".into(),
                json!({ "acquisitionCost": 5 }),
            )],
        ),
        (
            "/v1/settings".into(),
            vec![(
                Method::PATCH,
                "/v1/settings".into(),
                json!({ "taxes": { "vatNumber": "DE1" } }),
            )],
        ),
    ]
}

#[tokio::test]
async fn a_resource_that_has_not_changed_is_not_sent_again() {
    let app = App::start().await;
    for (path, _) in resources(&app).await {
        let read = app.get(&path).await;
        let version = etag(&read).expect("a version");
        assert!(
            version.starts_with('"') && version.ends_with('"'),
            "{version}"
        );
        for known in [
            version.clone(),
            format!("W/{version}"),
            format!("\"x\", {version}"),
            "*".into(),
        ] {
            let condition = ("if-none-match", known.as_str());
            let answer = app.conditional(Method::GET, &path, condition, None).await;
            assert_eq!(answer.is(304), &Value::Null, "{known}");
            assert_eq!(etag(&answer).as_ref(), Some(&version));
            assert!(answer.headers.get("content-type").is_none());
        }
        let condition = ("if-none-match", "\"other\"");
        let answer = app.conditional(Method::GET, &path, condition, None).await;
        assert_eq!(answer.is(200), &read.body);
        let head = app.json(Method::HEAD, &path, None).await;
        assert_eq!(etag(&head), Some(version));
    }
    let missing = ("if-none-match", "*");
    let answer = app
        .conditional(Method::GET, "/v1/customers/none", missing, None)
        .await;
    answer.refused(404, "NOT_FOUND");
    assert_eq!(etag(&answer), None);
    app.finish().await;
}

#[tokio::test]
async fn a_change_of_another_version_is_refused_and_changes_nothing() {
    let app = App::start().await;
    for (path, changes) in resources(&app).await {
        for (method, at, body) in changes {
            let before = app.get(&path).await;
            let version = etag(&before).expect("a version");
            let events = app.events().await.len();
            for other in [
                "\"other\"".to_owned(),
                format!("W/{version}"),
                String::new(),
            ] {
                let condition = ("if-match", other.as_str());
                let answer = app
                    .conditional(method.clone(), &at, condition, Some(body.clone()))
                    .await;
                answer.refused(412, "PRECONDITION_FAILED");
            }
            assert_eq!(app.get(&path).await.body, before.body, "{at}");
            assert_eq!(app.events().await.len(), events);
            let condition = ("if-match", version.as_str());
            let changed = app.conditional(method, &at, condition, Some(body)).await;
            changed.is(200);
            let now = app.version(&path).await;
            assert_eq!(etag(&changed).as_ref(), Some(&now), "{at}");
            assert_ne!(now, version, "{at}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn any_version_will_do_for_a_star_and_nothing_differs_without_a_condition() {
    let app = App::start().await;
    let customer = app.customer("ada@example.com").await;
    let path = format!("/v1/customers/{customer}");
    let plain = app.put(&path, json!({ "phone": "1" })).await;
    plain.is(200);
    assert_eq!(etag(&plain), None);
    let change = Some(json!({ "phone": "2" }));
    let any = ("if-match", "*");
    let changed = app
        .conditional(Method::PUT, &path, any, change.clone())
        .await;
    changed.is(200);
    assert_eq!(etag(&changed), Some(app.version(&path).await));
    let unknown = app
        .conditional(Method::PUT, "/v1/customers/none", any, change)
        .await;
    unknown.refused(404, "NOT_FOUND");
    // What does not belong to the body of the resource does not change its version.
    let version = app.version(&path).await;
    app.variant("OTHER").await;
    assert_eq!(app.version(&path).await, version);
    let deleted = app
        .conditional(Method::DELETE, &path, ("if-match", &version), None)
        .await;
    deleted.is(200);
    assert_eq!(etag(&deleted), Some(app.version(&path).await));
    app.finish().await;
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_is_made() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(200), refused(412, "PRECONDITION_FAILED")),
        other_first: (refused(412, "PRECONDITION_FAILED"), ok(200)),
    };
    race.run(
        &app,
        async |round| {
            let body = order_body(&format!("c{round}@example.com"), "SKU", 1);
            let order = app.post("/v1/orders", body).await.text("/orderId");
            let path = format!("/v1/orders/{order}");
            let version = app.version(&path).await;
            (path, version)
        },
        async |app, (path, version)| {
            let at = format!("{path}/notes");
            let change = Some(json!({ "notes": "one" }));
            app.conditional(Method::PATCH, &at, ("if-match", version), change)
                .await
        },
        async |app, (path, version)| {
            let at = format!("{path}/confirm");
            let change = Some(json!({}));
            app.conditional(Method::POST, &at, ("if-match", version), change)
                .await
        },
        async |(path, _), one, other| {
            let order = app.get(path).await;
            let noted = order.is(200)["notes"] == "one";
            let confirmed = order.body["status"] == "confirmed";
            assert_eq!((noted, confirmed), (one.status == 200, other.status == 200));
        },
    )
    .await;
    app.finish().await;
}
