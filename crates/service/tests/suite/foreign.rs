//! Records of another tenant are no records at all: not by their paths, and not where a body names them.

use hyper::Method;
use serde_json::{Value, json};

use super::versions_changes::{Change, every_change};
use crate::suite::support::{Answer, App, address};

/// Another tenant of the same server.
struct Stranger<'a> {
    app: &'a App,
    key: String,
}

impl Stranger<'_> {
    async fn come(app: &App) -> Stranger<'_> {
        let key = app.other_tenant("bu_other").await;
        Stranger { app, key }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let body = Some(body).filter(|body| !body.is_null());
        self.app
            .json_as(&self.key, "bu_other", method, path, body)
            .await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }
}

#[tokio::test]
async fn no_path_leads_to_them() {
    let app = App::start().await;
    let changes = every_change(&app).await;
    let (order, _) = app.order("file@example.com", "SKU", 1).await;
    let file = format!("/v1/files/{}", app.contract(&order).await);
    let endpoint = json!({ "url": "https://hooks.example.com/", "events": ["order.created"] });
    let hook = app.post("/v1/webhook-endpoints", endpoint).await;
    let hook = format!("/v1/webhook-endpoints/{}", hook.text("/endpointId"));
    let variant = app.get("/v1/products/variants").await;
    let variant = format!(
        "/v1/products/variants/{}/status",
        variant.text("/variants/0/variantId")
    );
    let stranger = Stranger::come(&app).await;
    let events = app.events().await;
    for Change {
        resource,
        method,
        at,
        body,
        ..
    } in changes
    {
        // Settings are those of whoever asks.
        if resource == "/v1/settings" {
            continue;
        }
        let before = app.get(&resource).await;
        let read = stranger.send(Method::GET, &resource, Value::Null).await;
        read.refused(404, "NOT_FOUND");
        let changed = stranger.send(method, &at, body).await;
        changed.refused(404, "NOT_FOUND");
        assert_eq!(app.get(&resource).await.body, before.body, "{at}");
    }
    for (method, path, body) in [
        (Method::GET, file.clone(), Value::Null),
        (Method::DELETE, file.clone(), Value::Null),
        (Method::PATCH, variant, json!({ "status": "inactive" })),
        (Method::GET, format!("{hook}/deliveries"), Value::Null),
        (Method::POST, format!("{hook}/ping"), Value::Null),
        (Method::POST, format!("{hook}/rotate-secret"), Value::Null),
        (Method::DELETE, hook, Value::Null),
    ] {
        let answer = stranger.send(method, &path, body).await;
        answer.refused(404, "NOT_FOUND");
    }
    app.get(&file).await.is(200);
    let active = app.get("/v1/products/variants?status=inactive").await;
    assert_eq!(active.is(200)["count"], 0);
    assert_eq!(app.events().await, events);
    app.finish().await;
}

#[tokio::test]
async fn no_body_can_name_them() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting("ada@example.com", "A1").await;
    app.put(
        &format!("/v1/customers/{customer}"),
        json!({ "customerType": "business" }),
    )
    .await
    .is(200);
    app.asset("FREE", "SKU").await;
    app.variant("THEIRS").await;
    let group = json!({
        "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": [rental]
    });
    let group = app.post("/v1/billing-groups", group).await;
    let group = group.text("/billingGroup/billingGroupId");
    let file = app.contract(&order).await;
    let before = app.events().await;

    // The stranger does the same business with things of the same names.
    let stranger = Stranger::come(&app).await;
    let product = json!({
        "productSku": "P-SKU", "name": "n", "specification": "s", "category": "c", "brand": "b",
        "variants": [{
            "variantSku": "SKU", "variantName": "v", "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }]
        }]
    });
    stranger.post("/v1/products", product).await.is(201);
    let asset = json!({ "serialNumber": "A1", "sku": "SKU" });
    stranger.post("/v1/assets", asset).await.is(201);
    let body = json!({
        "customer": { "email": "ada@example.com", "firstName": "Ada", "lastName": "L",
                      "customerType": "business" },
        "billingAddress": address(), "items": [{ "sku": "SKU", "quantity": 2 }]
    });
    let own = stranger.post("/v1/orders", body.clone()).await;
    own.is(201);
    let (own_order, own_customer) = (own.text("/orderId"), own.text("/order/customer/customerId"));
    assert_ne!(
        own_customer, customer,
        "the same address is another customer"
    );
    let confirm = format!("/v1/orders/{own_order}/confirm");
    stranger.post(&confirm, Value::Null).await.is(200);

    let subscription = |order: &str, customer: &str, serial: &str, group: &str| {
        let mut body =
            json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial });
        if !group.is_empty() {
            body["billingGroupId"] = json!(group);
        }
        body
    };
    let path = "/v1/subscriptions";
    for (body, code) in [
        (
            subscription(&order, &own_customer, "A1", ""),
            "ORDER_NOT_FOUND",
        ),
        (
            subscription(&own_order, &customer, "A1", ""),
            "CUSTOMER_NOT_FOUND",
        ),
        (
            subscription(&own_order, &own_customer, "FREE", ""),
            "ASSET_NOT_FOUND",
        ),
        (
            subscription(&own_order, &own_customer, "A1", &group),
            "BILLING_GROUP_NOT_FOUND",
        ),
    ] {
        stranger.post(path, body).await.refused(400, code);
    }
    let begun = subscription(&own_order, &own_customer, "A1", "");
    let own_rental = stranger.post(path, begun).await.text("/rentalId");

    let grouped = |customer: &str, rental: &str| {
        json!({
            "customerId": customer, "groupName": "G", "billingDay": 1,
            "rentalIds": [rental]
        })
    };
    let mut extension = body.clone();
    extension["orderType"] = json!("extension");
    extension["extensionDetails"] = json!({
        "originalOrderId": order, "extensionMonths": 1, "previousEndDate": "2027-03-09",
        "newEndDate": "2027-04-09"
    });
    let mut upgrade = body.clone();
    upgrade["orderType"] = json!("upgrade");
    upgrade["upgradeDetails"] = json!({
        "previousDevice": "d", "previousSerialNumber": "A1", "previousMonthlyAmount": 1,
        "previousRentalId": rental
    });
    let mut unknown = body;
    unknown["items"][0]["sku"] = json!("THEIRS");
    let act = |action: &str| format!("/v1/subscriptions/{own_rental}/{action}");
    let exchange = |sku: &str| {
        json!({
            "newSku": sku, "newSerialNumber": "FREE", "contractLength": 12,
            "newMonthlyAmount": 1, "reason": "r"
        })
    };
    for (path, body, status, code) in [
        (
            "/v1/billing-groups".into(),
            grouped(&customer, &rental),
            400,
            "CUSTOMER_NOT_FOUND",
        ),
        (
            "/v1/billing-groups".into(),
            grouped(&own_customer, &rental),
            400,
            "SUBSCRIPTION_NOT_FOUND",
        ),
        ("/v1/orders".into(), extension, 400, "ORDER_NOT_FOUND"),
        ("/v1/orders".into(), upgrade, 400, "SUBSCRIPTION_NOT_FOUND"),
        ("/v1/orders".into(), unknown, 400, "VARIANT_NOT_FOUND"),
        (
            "/v1/assets".into(),
            json!({ "serialNumber": "N", "sku": "THEIRS" }),
            400,
            "VARIANT_NOT_FOUND",
        ),
        (act("upgrade"), exchange("THEIRS"), 400, "VARIANT_NOT_FOUND"),
        (act("upgrade"), exchange("SKU"), 400, "ASSET_NOT_FOUND"),
        (
            act("replace"),
            json!({ "newSerialNumber": "FREE", "replacementReason": "lost" }),
            400,
            "ASSET_NOT_FOUND",
        ),
        (
            "/v1/files/contracts/generate".into(),
            json!({ "orderId": order }),
            400,
            "ORDER_NOT_FOUND",
        ),
        (
            "/v1/files/url".into(),
            json!({ "fileId": file }),
            404,
            "NOT_FOUND",
        ),
        (
            "/v1/subscriptions/calculate-buyout".into(),
            json!({ "rentalId": rental }),
            404,
            "NOT_FOUND",
        ),
        (
            "/v1/subscriptions/calculate-early-return-fee".into(),
            json!({ "rentalId": rental }),
            404,
            "NOT_FOUND",
        ),
    ] {
        let path: String = path;
        stranger.post(&path, body).await.refused(status, code);
    }
    // Filters find nothing of theirs, and a table has none of their rows.
    for path in [
        format!("/v1/orders?customerId={customer}"),
        format!("/v1/subscriptions?customerId={customer}"),
        format!("/v1/subscriptions?orderId={order}"),
        format!("/v1/payments?rentalId={rental}"),
        format!("/v1/payments?billingGroupId={group}"),
        format!("/v1/billing-groups?customerId={customer}"),
        format!("/v1/files?orderId={order}"),
        format!("/v1/assets?customerId={customer}"),
    ] {
        let list = stranger.send(Method::GET, &path, Value::Null).await;
        assert_eq!(list.is(200)["count"], 0, "{path}");
    }
    let filter = json!({ "customerIds": [customer, own_customer] });
    let table = stranger.post("/v1/exports/rentals", filter).await;
    assert_eq!(table.is(200)["totalRecords"], 1);
    assert_eq!(app.events().await, before);
    app.finish().await;
}
