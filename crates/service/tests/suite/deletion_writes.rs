//! Writes that touch a deleted customer: no new business, but corrections as for anybody.

use crate::suite::support::{Answer, App};
use hyper::Method;
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

/// An inactive customer with a fulfilled order, an ended subscription and a returned device, and
/// one cancelled order; and what everything looked like.
struct Inactive {
    app: App,
    customer: String,
    fulfilled: String,
    cancelled: String,
    rental: String,
    before: Value,
}

impl Inactive {
    async fn start() -> Inactive {
        let app = App::start().await;
        let (customer, fulfilled, rental) = app.renting(ADA, "S1").await;
        let body = json!({ "returnCondition": "good", "reason": "done" });
        app.post(&format!("/v1/subscriptions/{rental}/early-return"), body)
            .await
            .is(200);
        let (cancelled, _) = app.order(ADA, "SKU", 2).await;
        app.cancel_order(&cancelled).await;
        app.asset("S2", "SKU").await;
        app.delete(&format!("/v1/customers/{customer}"))
            .await
            .is(200);
        let before = Value::Null;
        let mut it = Inactive {
            app,
            customer,
            fulfilled,
            cancelled,
            rental,
            before,
        };
        it.before = it.everything().await;
        it
    }

    async fn everything(&self) -> Value {
        let mut all = Vec::new();
        for path in [
            "/v1/customers?status=all",
            "/v1/orders",
            "/v1/subscriptions",
            "/v1/assets",
        ] {
            all.push(self.app.get(path).await.is(200).clone());
        }
        all.push(json!(self.app.event_kinds().await));
        json!(all)
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.app.post(path, body).await
    }

    async fn subscription(&self, action: &str, body: Value) -> Answer {
        self.post(&format!("/v1/subscriptions/{}/{action}", self.rental), body)
            .await
    }

    async fn update(&self, body: Value) -> Answer {
        self.app
            .put(&format!("/v1/customers/{}", self.customer), body)
            .await
    }

    /// Ends a test whose requests were all refused.
    async fn finish_unchanged(self) {
        assert_eq!(self.everything().await, self.before);
        self.app.finish().await;
    }
}

fn order_by(email: &str) -> Value {
    json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "New", "streetAddress": "New", "city": "New", "country": "DE"
        },
        "items": [{ "sku": "SKU", "quantity": 9, "contractLength": 12 }]
    })
}

#[tokio::test]
async fn no_order_is_placed_with_its_email() {
    let it = Inactive::start().await;
    // Neither case nor blanks around it make it another address.
    let blanks = format!("\t {ADA} ");
    for email in [ADA, "ADA@EXAMPLE.COM", "Ada@Example.com", &blanks] {
        it.post("/v1/orders", order_by(email))
            .await
            .refused(400, "CUSTOMER_INACTIVE");
    }
    let mut other_name = order_by(ADA);
    other_name["customer"] = json!({
        "email": ADA, "firstName": "Eve", "lastName": "Else", "company": "Other",
        "phone": "9", "customerType": "business"
    });
    it.post("/v1/orders", other_name)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    it.finish_unchanged().await;
}

#[tokio::test]
async fn no_order_of_any_type_is_placed() {
    let it = Inactive::start().await;
    let mut extension = order_by(ADA);
    extension["orderType"] = json!("extension");
    extension["extensionDetails"] = json!({
        "originalOrderId": it.fulfilled, "extensionMonths": 6,
        "previousEndDate": "2027-03-09", "newEndDate": "2027-09-09"
    });
    it.post("/v1/orders", extension)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    let mut upgrade = order_by(ADA);
    upgrade["orderType"] = json!("upgrade");
    upgrade["upgradeDetails"] = json!({
        "previousDevice": "Notebook", "previousSerialNumber": "S1",
        "previousMonthlyAmount": 50, "previousRentalId": it.rental
    });
    it.post("/v1/orders", upgrade)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    it.finish_unchanged().await;
}

#[tokio::test]
async fn the_refusal_comes_after_the_schema_and_before_the_variants() {
    let it = Inactive::start().await;
    let mut bad = order_by(ADA);
    bad["items"][0]["quantity"] = json!(0);
    it.post("/v1/orders", bad)
        .await
        .refused(400, "VALIDATION_ERROR");
    let mut unknown = order_by(ADA);
    unknown["items"][0]["sku"] = json!("NONE");
    it.post("/v1/orders", unknown)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    it.finish_unchanged().await;
}

#[tokio::test]
async fn repeating_an_earlier_order_is_refused_as_well() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("S1", "SKU").await;
    let mut body = order_by(ADA);
    body["items"][0]["quantity"] = json!(1);
    let answer = app.post("/v1/orders", body.clone()).await;
    let (order, customer) = (
        answer.text("/orderId"),
        answer.text("/order/customer/customerId"),
    );
    app.confirm(&order).await;
    let rental = app.subscribe(&order, &customer, "S1").await;
    let end = json!({ "returnCondition": "good", "reason": "done" });
    app.post(&format!("/v1/subscriptions/{rental}/early-return"), end)
        .await
        .is(200);
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    // Within the window, and the earlier order is not cancelled.
    app.post("/v1/orders", body)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    app.finish().await;
}

#[tokio::test]
async fn its_orders_are_neither_confirmed_nor_cancelled() {
    let it = Inactive::start().await;
    for (order, cancel) in [
        (&it.cancelled, "ALREADY_CANCELLED"),
        (&it.fulfilled, "ORDER_NOT_CANCELLABLE"),
    ] {
        let path = format!("/v1/orders/{order}");
        let confirmed = it.post(&format!("{path}/confirm"), json!({})).await;
        confirmed.refused(400, "ORDER_NOT_CONFIRMABLE");
        it.post(&format!("{path}/cancel"), json!({}))
            .await
            .refused(400, cancel);
    }
    it.finish_unchanged().await;
}

#[tokio::test]
async fn no_subscription_is_made_from_its_orders() {
    let it = Inactive::start().await;
    for (order, code) in [
        (&it.cancelled, "ORDER_NOT_CONFIRMED"),
        (&it.fulfilled, "ITEM_FULLY_FULFILLED"),
    ] {
        let body =
            json!({ "orderId": order, "customerId": it.customer, "assetSerialNumber": "S2" });
        it.post("/v1/subscriptions", body).await.refused(400, code);
    }
    it.finish_unchanged().await;
}

#[tokio::test]
async fn its_subscriptions_are_not_active_any_more() {
    let it = Inactive::start().await;
    for (action, body) in [
        (
            "extend",
            json!({ "extensionMonths": 6, "reason": "likes it" }),
        ),
        (
            "upgrade",
            json!({
                "newSku": "SKU", "newSerialNumber": "S2", "contractLength": 12,
                "newMonthlyAmount": 60, "reason": "newer"
            }),
        ),
        (
            "replace",
            json!({ "newSerialNumber": "S2", "replacementReason": "lost" }),
        ),
        ("buyout", json!({ "reason": "other" })),
        (
            "early-return",
            json!({ "returnCondition": "good", "reason": "done" }),
        ),
        ("complete", json!({})),
    ] {
        it.subscription(action, body)
            .await
            .refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    }
    for quote in ["calculate-buyout", "calculate-early-return-fee"] {
        let body = json!({ "rentalId": it.rental });
        let answer = it.post(&format!("/v1/subscriptions/{quote}"), body).await;
        answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    }
    let answer = it
        .subscription("cancel", json!({ "reason": "other" }))
        .await;
    answer.refused(400, "ALREADY_ENDED");
    it.finish_unchanged().await;
}

#[tokio::test]
async fn a_cancelled_subscription_stays_cancelled() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    let cancel = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&cancel, json!({ "reason": "other" }))
        .await
        .is(200);
    app.put("/v1/assets/S1", json!({ "status": "returned" }))
        .await
        .is(200);
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    app.post(&cancel, json!({ "reason": "other" }))
        .await
        .refused(400, "ALREADY_CANCELLED");
    app.finish().await;
}

#[tokio::test]
async fn notes_and_devices_are_changed_as_for_anybody() {
    let it = Inactive::start().await;
    let notes = json!({ "notes": "paid in cash" });
    let order = format!("/v1/orders/{}/notes", it.fulfilled);
    it.app.patch(&order, notes.clone()).await.is(200);
    let rental = format!("/v1/subscriptions/{}/notes", it.rental);
    it.app.patch(&rental, notes).await.is(200);
    let asset = json!({ "status": "available", "notes": "cleaned" });
    it.app.put("/v1/assets/S1", asset).await.is(200);
    assert_eq!(
        it.app.get_customer(&it.customer).await,
        it.before[0]["customers"][0]
    );
    it.app.finish().await;
}

#[tokio::test]
async fn a_returned_device_goes_to_somebody_else() {
    let it = Inactive::start().await;
    it.app
        .put("/v1/assets/S1", json!({ "status": "available" }))
        .await
        .is(200);
    let (order, bob) = it.app.order("bob@example.com", "SKU", 1).await;
    it.app.confirm(&order).await;
    it.app.subscribe(&order, &bob, "S1").await;
    it.app.finish().await;
}

#[tokio::test]
async fn its_profile_can_be_corrected_and_it_stays_inactive() {
    let it = Inactive::start().await;
    let address =
        json!({ "contactName": "A", "streetAddress": "9", "city": "Bonn", "country": "DE" });
    let body = json!({
        "firstName": "Augusta", "email": "augusta@example.com", "billingAddress": address
    });
    let answer = it.update(body).await;
    let after = &answer.is(200)["customer"];
    let mut expected = it.before[0]["customers"][0].clone();
    expected["firstName"] = json!("Augusta");
    expected["email"] = json!("augusta@example.com");
    expected["lastBillingAddress"] = address;
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, &expected);
    assert_eq!(after["status"], "inactive");
    assert_eq!(json!(it.app.event_kinds().await), it.before[4], "no event");
    // The old address belongs to nobody now, the new one to an inactive customer.
    it.post("/v1/orders", order_by("augusta@example.com"))
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    it.post("/v1/orders", order_by(ADA)).await.is(201);
    it.app.finish().await;
}

#[tokio::test]
async fn its_email_stays_taken() {
    let it = Inactive::start().await;
    let bob = it.app.customer("bob@example.com").await;
    let path = format!("/v1/customers/{bob}");
    let before = it.app.get_customer(&bob).await;
    for email in [ADA, "ADA@example.com"] {
        let body = json!({ "email": email, "firstName": "Eve" });
        it.app.put(&path, body).await.refused(409, "EMAIL_IN_USE");
    }
    assert_eq!(it.app.get_customer(&bob).await, before);
    it.app.finish().await;
}

#[tokio::test]
async fn it_cannot_take_the_email_of_another() {
    let it = Inactive::start().await;
    it.app.customer("bob@example.com").await;
    let body = json!({ "email": "bob@example.com", "status": "active" });
    it.update(body).await.refused(409, "EMAIL_IN_USE");
    assert_eq!(
        it.app.get_customer(&it.customer).await["status"],
        "inactive"
    );
    it.app.finish().await;
}

#[tokio::test]
async fn its_email_is_free_in_another_tenant() {
    let it = Inactive::start().await;
    let key = it.app.other_tenant("bu_other").await;
    let answer = it
        .app
        .json_as(
            &key,
            "bu_other",
            Method::POST,
            "/v1/orders",
            Some(order_by(ADA)),
        )
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    it.finish_unchanged().await;
}

#[tokio::test]
async fn payments_are_settled_and_files_made_as_for_anybody() {
    let it = Inactive::start().await;
    let path = format!("/v1/payments?rentalId={}&status=pending", it.rental);
    let list = it.app.get(&path).await;
    let id = list.text("/payments/0/paymentId");
    let act = async |id: &str, action: &str, body: Value| {
        it.post(&format!("/v1/payments/{id}/{action}"), body).await
    };
    for status in ["processing", "failed"] {
        let answer = act(&id, "record-attempt", json!({ "status": status })).await;
        assert_eq!(answer.is(200)["payment"]["status"], status);
    }
    let answer = act(&id, "cancel", json!({ "reason": "goodwill" })).await;
    assert_eq!(answer.is(200)["payment"]["status"], "cancelled");
    let other = list.text("/payments/1/paymentId");
    let answer = act(&other, "mark-paid", json!({})).await;
    let collected = answer.is(200)["payment"]["subtotal"].clone();
    let customer = it.app.get_customer(&it.customer).await;
    assert_eq!(customer["lifetimeCollected"], collected);
    assert_eq!(customer["status"], "inactive");
    for order in [&it.fulfilled, &it.cancelled] {
        let file = it.app.contract(order).await;
        it.app.delete(&format!("/v1/files/{file}")).await.is(200);
    }
    let body = json!({
        "customerId": it.customer, "groupName": "G", "billingDay": 1, "rentalIds": [it.rental]
    });
    it.post("/v1/billing-groups", body)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    it.app.finish().await;
}

#[tokio::test]
async fn what_is_malformed_or_unknown_is_said_before_that_the_customer_is_inactive() {
    let it = Inactive::start().await;
    let mut unknown = order_by(ADA);
    unknown["orderType"] = json!("extension");
    unknown["extensionDetails"] = json!({
        "originalOrderId": "ord_none", "extensionMonths": 6,
        "previousEndDate": "2027-03-09", "newEndDate": "2027-09-09"
    });
    it.post("/v1/orders", unknown)
        .await
        .refused(400, "ORDER_NOT_FOUND");
    let settings = json!({
        "orders": { "maxQuantity": 8 },
        "customFields": [{ "id": "a", "type": "text", "section": "order", "required": true }]
    });
    it.app.patch("/v1/settings", settings).await.is(200);
    let answer = it.post("/v1/orders", order_by(ADA)).await;
    answer.refused(400, "VALIDATION_ERROR");
    let paths: Vec<_> = answer.details().into_iter().map(|it| it.0).collect();
    assert_eq!(paths, ["items.0.quantity", "customFields.a"]);
    it.finish_unchanged().await;
}
