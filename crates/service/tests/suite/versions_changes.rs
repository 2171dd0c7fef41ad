//! `If-Match` on every change that the contract has: none is made to another version than was read.

use hyper::Method;
use serde_json::{Value, json};

use super::versions::etag;
use crate::suite::support::{App, declaring, order_body, strike};

/// Which resource, how it is changed, and whether it is still there afterwards.
pub(super) struct Change {
    pub(super) resource: String,
    pub(super) method: Method,
    pub(super) at: String,
    pub(super) body: Value,
    stays: bool,
}

fn change(resource: &str, method: Method, action: &str, body: Value) -> Change {
    Change {
        resource: resource.into(),
        method,
        at: format!("{resource}{action}"),
        body,
        stays: true,
    }
}

impl App {
    /// A contract of its own for each name: the path of the subscription.
    pub(super) async fn contract_of(&self, name: &str, start: &str) -> String {
        let order = order_body(&format!("{name}@example.com"), "SKU", 1);
        let order = self.post("/v1/orders", order).await;
        order.is(201);
        self.confirm(&order.text("/orderId")).await;
        self.asset(name, "SKU").await;
        let body = json!({
            "orderId": order.text("/orderId"), "assetSerialNumber": name, "startDate": start,
            "customerId": order.text("/order/customer/customerId")
        });
        let made = self.post("/v1/subscriptions", body).await;
        made.is(201);
        format!("/v1/subscriptions/{}", made.text("/rentalId"))
    }

    /// The path of the subscription's first payment.
    pub(super) async fn payment_of(&self, rental: &str) -> String {
        let id = rental.rsplit('/').next().expect("an id");
        let path = format!("/v1/payments?rentalId={id}&sortBy=dueDate&sortDir=asc");
        let list = self.get(&path).await;
        format!("/v1/payments/{}", list.text("/payments/0/paymentId"))
    }

    /// The path of a group of a business customer with one subscription.
    async fn group_of(&self, name: &str) -> String {
        let rental = self.contract_of(name, "2026-03-10").await;
        let read = self.get(&rental).await;
        let customer = read.text("/customerId");
        let path = format!("/v1/customers/{customer}");
        let business = json!({ "customerType": "business" });
        self.put(&path, business).await.is(200);
        let body = json!({
            "customerId": customer, "groupName": name, "billingDay": 1,
            "rentalIds": [read.text("/rentalId")]
        });
        let group = self.post("/v1/billing-groups", body).await;
        group.is(201);
        let id = group.text("/billingGroup/billingGroupId");
        format!("/v1/billing-groups/{id}")
    }
}

/// Each change that declares `If-Match`, of a resource that it succeeds on.
pub(super) async fn every_change(app: &App) -> Vec<Change> {
    let product = format!("/v1/products/{}", app.variant("SKU").await);
    let (post, patch, put, delete) = (Method::POST, Method::PATCH, Method::PUT, Method::DELETE);
    let mut all = Vec::new();
    let customer = format!("/v1/customers/{}", app.customer("c@example.com").await);
    all.push(change(&customer, put.clone(), "", json!({ "phone": "1" })));
    all.push(change(&customer, delete.clone(), "", Value::Null));
    let (order, _) = app.order("o@example.com", "SKU", 1).await;
    let order = format!("/v1/orders/{order}");
    all.push(change(
        &order,
        patch.clone(),
        "/notes",
        json!({ "notes": "n" }),
    ));
    all.push(change(&order, post.clone(), "/confirm", json!({})));
    all.push(change(&order, post.clone(), "/cancel", json!({})));
    for spare in ["SPARE", "NEW"] {
        app.asset(spare, "SKU").await;
    }
    for (action, start, body) in [
        (
            "extend",
            "2026-03-10",
            json!({ "extensionMonths": 1, "reason": "r" }),
        ),
        (
            "replace",
            "2026-03-10",
            json!({ "newSerialNumber": "SPARE", "replacementReason": "lost" }),
        ),
        (
            "upgrade",
            "2026-03-10",
            json!({
                "newSku": "SKU", "newSerialNumber": "NEW", "contractLength": 24,
                "newMonthlyAmount": 40, "reason": "r"
            }),
        ),
        ("buyout", "2026-03-10", json!({ "reason": "other" })),
        (
            "early-return",
            "2026-03-10",
            json!({ "returnCondition": "good", "reason": "r" }),
        ),
        ("cancel", "2026-03-10", json!({ "reason": "other" })),
        ("complete", "2025-03-10", json!({})),
    ] {
        let rental = app.contract_of(action, start).await;
        all.push(change(&rental, post.clone(), &format!("/{action}"), body));
    }
    let rental = app.contract_of("notes", "2026-03-10").await;
    all.push(change(
        &rental,
        patch.clone(),
        "/notes",
        json!({ "notes": "n" }),
    ));
    let payment = app.payment_of(&rental).await;
    let failed = json!({ "status": "failed" });
    all.push(change(&payment, post.clone(), "/record-attempt", failed));
    all.push(change(&payment, post.clone(), "/mark-paid", json!({})));
    let rental = app.contract_of("waived", "2026-03-10").await;
    let payment = app.payment_of(&rental).await;
    all.push(change(&payment, post, "/cancel", json!({ "reason": "r" })));
    let group = app.group_of("group").await;
    all.push(change(
        &group,
        patch.clone(),
        "",
        json!({ "billingDay": 2 }),
    ));
    all.push(Change {
        stays: false,
        ..change(&group, delete.clone(), "", Value::Null)
    });
    app.asset("STOCK", "SKU").await;
    all.push(change(
        "/v1/assets/STOCK",
        put.clone(),
        "",
        json!({ "notes": "n" }),
    ));
    all.push(change("/v1/assets/STOCK", delete.clone(), "", Value::Null));
    all.push(change(&product, put, "", json!({ "brand": "b" })));
    let idle = format!("/v1/products/{}", app.variant("IDLE").await);
    all.push(change(&idle, delete, "", Value::Null));
    let settings = json!({ "taxes": { "vatNumber": "DE1" } });
    all.push(change("/v1/settings", patch, "", settings));
    all
}

#[tokio::test]
async fn every_change_is_made_only_to_the_version_that_was_read() {
    let app = App::start().await;
    let mut left = declaring("If-Match");
    for Change {
        resource,
        method,
        at,
        body,
        stays,
    } in every_change(&app).await
    {
        strike(&mut left, &method, &at);
        let before = app.get(&resource).await;
        let version = etag(&before).expect("a version");
        let events = app.events().await.len();
        let body = Some(body).filter(|body| !body.is_null());
        let send = async |version: &str| {
            let condition = ("if-match", version);
            app.conditional(method.clone(), &at, condition, body.clone())
                .await
        };
        for other in ["\"0\"", &format!("W/{version}"), "\"0\", \"1\""] {
            send(other).await.refused(412, "PRECONDITION_FAILED");
        }
        assert_eq!(app.get(&resource).await.body, before.body, "{method} {at}");
        assert_eq!(app.events().await.len(), events, "{method} {at}");
        // One of several is enough.
        let changed = send(&format!("\"0\", {version}")).await;
        changed.is(200);
        let after = app.get(&resource).await;
        match stays {
            true => {
                assert_ne!(after.is(200), &before.body, "{method} {at}");
                assert_eq!(etag(&changed), etag(&after), "{method} {at}");
                // What was read before is not the present version any more.
                send(&version).await.refused(412, "PRECONDITION_FAILED");
            }
            false => {
                after.refused(404, "NOT_FOUND");
                assert_eq!(etag(&changed), None);
                send(&version).await.refused(404, "NOT_FOUND");
            }
        }
    }
    assert!(left.is_empty(), "not tried: {left:?}");
    app.finish().await;
}

#[tokio::test]
async fn every_get_with_a_version_declares_it_and_answers_304() {
    let app = App::start().await;
    let mut left = declaring("If-None-Match");
    for Change { resource, .. } in every_change(&app).await {
        strike(&mut left, &Method::GET, &resource);
        let version = etag(&app.get(&resource).await).expect("a version");
        let known = ("if-none-match", version.as_str());
        let unchanged = app.conditional(Method::GET, &resource, known, None).await;
        assert_eq!(unchanged.is(304), &Value::Null, "{resource}");
    }
    assert!(left.is_empty(), "not tried: {left:?}");
    app.finish().await;
}

/// What one of two clients sends: method, what follows the path of the resource, and a body with a text.
type Half<'a> = (&'a Method, &'a str, fn(&str) -> Value);

/// Two clients read one version and change it at the same moment, each on a server of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_changes_of_one_version_one_is_made_whatever_the_resource() {
    let app = App::start().await;
    let beside = app.beside().await;
    let product = format!("/v1/products/{}", app.variant("SKU").await);
    let customer = format!("/v1/customers/{}", app.customer("c@example.com").await);
    let (order, _) = app.order("o@example.com", "SKU", 1).await;
    let order = format!("/v1/orders/{order}");
    let rental = app.contract_of("rental", "2026-03-10").await;
    let payment = app.payment_of(&rental).await;
    let group = app.group_of("group").await;
    app.asset("STOCK", "SKU").await;
    let (post, patch, put) = (&Method::POST, &Method::PATCH, &Method::PUT);
    let pairs: [(&str, Half<'_>, Half<'_>); 8] = [
        (
            &customer,
            (put, "", |text| json!({ "phone": text })),
            (put, "", |text| json!({ "company": text })),
        ),
        (
            &order,
            (patch, "/notes", |text| json!({ "notes": text })),
            (patch, "/notes", |text| json!({ "notes": text })),
        ),
        (
            &rental,
            (patch, "/notes", |text| json!({ "notes": text })),
            (
                post,
                "/extend",
                |text| json!({ "extensionMonths": 1, "reason": text }),
            ),
        ),
        (
            &payment,
            (
                post,
                "/record-attempt",
                |text| json!({ "status": "failed", "errorCode": text }),
            ),
            (
                post,
                "/record-attempt",
                |text| json!({ "status": "failed", "errorMessage": text }),
            ),
        ),
        (
            &group,
            (patch, "", |text| json!({ "groupName": text })),
            (patch, "", |text| json!({ "notes": text })),
        ),
        (
            "/v1/assets/STOCK",
            (put, "", |text| json!({ "notes": text })),
            (put, "", |text| json!({ "location": text })),
        ),
        (
            &product,
            (put, "", |text| json!({ "brand": text })),
            (put, "", |text| json!({ "description": text })),
        ),
        (
            "/v1/settings",
            (
                patch,
                "",
                |text| json!({ "general": { "displayName": text } }),
            ),
            (patch, "", |text| json!({ "taxes": { "vatNumber": text } })),
        ),
    ];
    for (resource, one, other) in pairs {
        for round in 0..12 {
            let version = app.version(resource).await;
            let send = async |server: &App, (method, action, body): Half<'_>, by: &str| {
                let at = format!("{resource}{action}");
                let condition = ("if-match", version.as_str());
                let body = Some(body(&format!("{by} {round}")));
                server
                    .conditional(method.clone(), &at, condition, body)
                    .await
            };
            let second = if round % 3 == 0 { &app } else { &beside };
            let (first, second) =
                tokio::join!(send(&app, one, "one"), send(second, other, "other"));
            let (made, refused) = match first.status.as_u16() {
                200 => (first, second),
                _ => (second, first),
            };
            made.is(200);
            refused.refused(412, "PRECONDITION_FAILED");
            assert_eq!(etag(&made), Some(app.version(resource).await), "{resource}");
        }
    }
    beside.finish().await;
    app.finish().await;
}
