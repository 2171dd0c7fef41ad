//! The decision table of deleteCustomer: what refuses it, in which order, and what it changes.

use crate::suite::support::{Answer, App, TENANT};
use hyper::Method;
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

async fn delete(app: &App, customer: &str) -> Answer {
    app.delete(&format!("/v1/customers/{customer}")).await
}

async fn cancel(app: &App, rental: &str) {
    let path = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
}

async fn return_device(app: &App, serial: &str) {
    app.put(
        &format!("/v1/assets/{serial}"),
        json!({ "status": "returned" }),
    )
    .await
    .is(200);
}

/// Asserts that deletion is refused for these records (path, id, status), and changes nothing.
async fn refused(app: &App, customer: &str, code: &str, blockers: &[(&str, &str, &str)]) {
    let (before, events) = (app.get_customer(customer).await, app.event_kinds().await);
    let answer = delete(app, customer).await;
    answer.refused(409, code);
    let found = answer.details();
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(path, id, status)| (&**path, &**id, &**status))
        .collect();
    assert_eq!(found, blockers);
    assert_eq!(app.get_customer(customer).await, before);
    assert_eq!(app.event_kinds().await, events);
}

/// An order of another type than `standard`, pending.
async fn order_of_type(app: &App, order_type: &str, details: (&str, Value)) -> String {
    let mut body = json!({
        "orderType": order_type,
        "customer": { "email": ADA, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
        },
        "items": [{ "sku": "SKU", "quantity": 1 }]
    });
    body[details.0] = details.1;
    let answer = app.post("/v1/orders", body).await;
    answer.is(201);
    answer.text("/orderId")
}

#[tokio::test]
async fn an_unknown_customer_is_not_found() {
    let app = App::start().await;
    delete(&app, "cust_nobody").await.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn another_tenants_customer_is_not_found_and_stays_active() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let key = app.other_tenant("bu_other").await;
    let path = format!("/v1/customers/{customer}");
    let answer = app
        .json_as(&key, "bu_other", Method::DELETE, &path, None)
        .await;
    answer.refused(404, "NOT_FOUND");
    assert_eq!(app.get_customer(&customer).await["status"], "active");
    app.finish().await;
}

#[tokio::test]
async fn credentials_tenant_and_permission_come_first() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let paths = [
        format!("/v1/customers/{customer}"),
        "/v1/customers/cust_nobody".into(),
    ];
    let reader = app.key_with(&["customers:read", "orders:write"]).await;
    for path in &paths {
        let delete = |key, tenant| app.json_as(key, tenant, Method::DELETE, path, None);
        let answer = app
            .send(Method::DELETE, path, &[("tenant-id", TENANT)], "")
            .await;
        answer.refused(401, "AUTH_REQUIRED");
        delete("fp_none", TENANT)
            .await
            .refused(401, "INVALID_TOKEN");
        delete(&app.key, "bu_other")
            .await
            .refused(403, "NO_TENANT_ACCESS");
        delete(&reader, TENANT)
            .await
            .refused(403, "INSUFFICIENT_PERMISSIONS");
    }
    assert_eq!(app.get_customer(&customer).await["status"], "active");
    let writer = app.key_with(&["customers:write"]).await;
    app.json_as(&writer, TENANT, Method::DELETE, &paths[0], None)
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_settled_customer_becomes_inactive_and_nothing_else_changes() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    cancel(&app, &rental).await;
    return_device(&app, "S1").await;
    let (before, events) = (app.get_customer(&customer).await, app.events().await);
    app.advance_days(1);

    let answer = delete(&app, &customer).await;
    let body = answer.is(200);
    assert_eq!(body["success"], true);
    assert_eq!(body["customerId"], customer);
    assert!(!answer.text("/message").is_empty());
    assert_eq!(body.as_object().unwrap().len(), 3);

    let after = app.get_customer(&customer).await;
    let mut expected = before.clone();
    expected["status"] = json!("inactive");
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, expected);
    assert!(after["updatedAt"].as_str() > before["updatedAt"].as_str());

    let all = app.events().await;
    let news = (
        "customer.deactivated".to_owned(),
        json!({ "customerId": customer }),
    );
    assert_eq!(all[events.len()..], [news]);
    app.finish().await;
}

#[tokio::test]
async fn deleting_again_answers_the_same_and_changes_nothing() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let first = delete(&app, &customer).await;
    first.is(200);
    let (before, events) = (app.get_customer(&customer).await, app.events().await);
    app.advance_days(1);
    for _ in 0..3 {
        assert_eq!(delete(&app, &customer).await.is(200), &first.body);
    }
    assert_eq!(
        app.get_customer(&customer).await,
        before,
        "updatedAt is kept"
    );
    assert_eq!(app.events().await, events);
    app.finish().await;
}

#[tokio::test]
async fn a_request_body_is_ignored() {
    let app = App::start().await;
    let customer = app.customer(ADA).await;
    let path = format!("/v1/customers/{customer}");
    let bearer = format!("Bearer {}", app.key);
    let headers = [
        ("authorization", bearer.as_str()),
        ("tenant-id", TENANT),
        ("content-type", "text/csv"),
    ];
    app.send(Method::DELETE, &path, &headers, "{ this is no JSON")
        .await
        .is(200);
    assert_eq!(app.get_customer(&customer).await["status"], "inactive");
    app.finish().await;
}

#[tokio::test]
async fn active_subscriptions_refuse_and_are_named_oldest_first() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 3).await;
    app.confirm(&order).await;
    let mut rentals = Vec::new();
    // Serial numbers against the order of creation.
    for serial in ["S3", "S2", "S1"] {
        app.asset(serial, "SKU").await;
        rentals.push(app.subscribe(&order, &customer, serial).await);
    }
    cancel(&app, &rentals[1]).await;
    let blockers = [
        ("rentalIds", rentals[0].as_str(), "active"),
        ("rentalIds", rentals[2].as_str(), "active"),
    ];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_that_starts_in_the_future_is_active() {
    let app = App::start().await;
    app.variant("SKU").await;
    app.asset("S1", "SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 1).await;
    app.confirm(&order).await;
    let answer = app
        .post(
            "/v1/subscriptions",
            json!({
                "orderId": order, "customerId": customer, "assetSerialNumber": "S1",
                "startDate": "2027-01-01"
            }),
        )
        .await;
    answer.is(201);
    let rental = answer.text("/rentalId");
    let blockers = [("rentalIds", rental.as_str(), "active")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_past_its_end_is_active() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.advance_days(1000);
    let blockers = [("rentalIds", rental.as_str(), "active")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn open_orders_refuse_and_are_named_oldest_first_with_their_status() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (partial, customer) = app.order(ADA, "SKU", 4).await;
    app.confirm(&partial).await;
    app.asset("S1", "SKU").await;
    let rental = app.subscribe(&partial, &customer, "S1").await;
    cancel(&app, &rental).await;
    return_device(&app, "S1").await;
    let (cancelled, _) = app.order(ADA, "SKU", 3).await;
    app.cancel_order(&cancelled).await;
    let (pending, _) = app.order(ADA, "SKU", 2).await;
    let (confirmed, _) = app.order(ADA, "SKU", 1).await;
    app.confirm(&confirmed).await;
    let blockers = [
        ("orderIds", partial.as_str(), "partial"),
        ("orderIds", pending.as_str(), "pending"),
        ("orderIds", confirmed.as_str(), "confirmed"),
    ];
    refused(&app, &customer, "CUSTOMER_HAS_PENDING_ORDERS", &blockers).await;
    app.finish().await;
}

#[tokio::test]
async fn open_orders_refuse_whatever_their_type() {
    let app = App::start().await;
    let (customer, order, rental) = app.renting(ADA, "S1").await;
    cancel(&app, &rental).await;
    return_device(&app, "S1").await;
    let details = json!({
        "originalOrderId": order, "extensionMonths": 6,
        "previousEndDate": "2027-03-09", "newEndDate": "2027-09-09"
    });
    let extension = order_of_type(&app, "extension", ("extensionDetails", details)).await;
    let blockers = [("orderIds", extension.as_str(), "pending")];
    refused(&app, &customer, "CUSTOMER_HAS_PENDING_ORDERS", &blockers).await;
    app.cancel_order(&extension).await;

    let details = json!({
        "previousDevice": "Notebook", "previousSerialNumber": "S1",
        "previousMonthlyAmount": 50, "previousRentalId": rental
    });
    let upgrade = order_of_type(&app, "upgrade", ("upgradeDetails", details)).await;
    let blockers = [("orderIds", upgrade.as_str(), "pending")];
    refused(&app, &customer, "CUSTOMER_HAS_PENDING_ORDERS", &blockers).await;
    app.finish().await;
}

#[tokio::test]
async fn at_most_100_blockers_are_named() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut orders = Vec::new();
    let mut customer = String::new();
    // Other quantities make other orders.
    for quantity in 1..=102 {
        let (order, of) = app.order(ADA, "SKU", quantity).await;
        orders.push(order);
        customer = of;
    }
    let answer = delete(&app, &customer).await;
    answer.refused(409, "CUSTOMER_HAS_PENDING_ORDERS");
    let named: Vec<String> = answer.details().into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(named, orders[..100]);
    assert!(
        answer.text("/error/message").contains("102"),
        "the message counts them all"
    );
    app.finish().await;
}

#[tokio::test]
async fn at_most_100_subscriptions_and_devices_are_named() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 101).await;
    app.confirm(&order).await;
    let (mut rentals, mut serials) = (Vec::new(), Vec::new());
    for number in 0..101 {
        // The alphabet goes against the order of creation.
        let serial = format!("S{}", 999 - number);
        app.asset(&serial, "SKU").await;
        rentals.push(app.subscribe(&order, &customer, &serial).await);
        serials.push(serial);
    }
    for (code, path, records) in [
        ("CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS", "rentalIds", &rentals),
        ("CUSTOMER_HAS_UNRETURNED_DEVICES", "serialNumbers", &serials),
    ] {
        let answer = delete(&app, &customer).await;
        answer.refused(409, code);
        let details = answer.details();
        assert!(details.iter().all(|it| it.0 == path), "{details:?}");
        let named: Vec<String> = details.into_iter().map(|it| it.1).collect();
        assert_eq!(named, records[..100]);
        assert!(answer.text("/error/message").contains("101"));
        if path == "rentalIds" {
            for rental in &rentals {
                cancel(&app, rental).await;
            }
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn only_the_first_rule_that_fails_is_reported() {
    let app = App::start().await;
    app.variant("SKU").await;
    for serial in ["S1", "S2"] {
        app.asset(serial, "SKU").await;
    }
    // A device out, an active subscription and two open orders at once.
    let (order, customer) = app.order(ADA, "SKU", 3).await;
    app.confirm(&order).await;
    let ended = app.subscribe(&order, &customer, "S1").await;
    cancel(&app, &ended).await;
    let active = app.subscribe(&order, &customer, "S2").await;
    let (pending, _) = app.order(ADA, "SKU", 1).await;

    let blockers = [("rentalIds", active.as_str(), "active")];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
        &blockers,
    )
    .await;
    cancel(&app, &active).await;
    let blockers = [
        ("orderIds", order.as_str(), "partial"),
        ("orderIds", pending.as_str(), "pending"),
    ];
    refused(&app, &customer, "CUSTOMER_HAS_PENDING_ORDERS", &blockers).await;
    app.cancel_order(&order).await;
    app.cancel_order(&pending).await;
    let blockers = [
        ("serialNumbers", "S1", "rented_out"),
        ("serialNumbers", "S2", "rented_out"),
    ];
    refused(
        &app,
        &customer,
        "CUSTOMER_HAS_UNRETURNED_DEVICES",
        &blockers,
    )
    .await;
    return_device(&app, "S1").await;
    return_device(&app, "S2").await;
    delete(&app, &customer).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn pending_payments_never_refuse() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    app.advance_days(40);
    let path = format!("/v1/subscriptions/{rental}/early-return");
    app.post(
        &path,
        json!({ "returnCondition": "good", "reason": "done" }),
    )
    .await
    .is(200);
    let open = payments_pending(&app, &customer).await;
    assert!(open > 0, "what fell due before is still owed");
    delete(&app, &customer).await.is(200);
    assert_eq!(
        payments_pending(&app, &customer).await,
        open,
        "debts stay collectable"
    );
    app.finish().await;
}

/// How many payments the customer owes.
async fn payments_pending(app: &App, customer: &str) -> usize {
    let customer = customer.to_owned();
    let filter = store::PaymentFilter {
        status: Some(store::PaymentStatus::Pending),
        customer_id: Some(customer),
        ..store::PaymentFilter::default()
    };
    let page = store::Page {
        sort: store::PaymentSort::CreatedAt,
        descending: false,
        after: None,
        limit: 100,
    };
    let list = move |tx: &mut store::Tx<'_>| store::payments::list(tx, &filter, &page);
    app.service
        .store()
        .read_in(&TENANT.into(), list)
        .await
        .expect("payments are readable")
        .rows
        .len()
}

#[tokio::test]
async fn one_customers_business_does_not_keep_another() {
    let app = App::start().await;
    let ada = app.customer(ADA).await;
    let (bob, ..) = app.renting("bob@example.com", "S1").await;
    delete(&app, &ada).await.is(200);
    delete(&app, &bob)
        .await
        .refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    app.finish().await;
}
