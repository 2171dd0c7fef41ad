//! What stays visible of a deleted customer, and what does not.

use crate::suite::support::{App, TENANT};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

async fn delete(app: &App, customer: &str) {
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
}

/// E-mail addresses of the customers on the page at `path`.
async fn emails(app: &App, path: &str) -> Vec<String> {
    let answer = app.get(path).await;
    let customers = answer.is(200)["customers"].as_array().expect("customers");
    customers
        .iter()
        .map(|it| it["email"].as_str().expect("an e-mail").to_owned())
        .collect()
}

/// Ada is inactive, Bob and Cyd are active.
async fn ada_inactive() -> App {
    let app = App::start().await;
    app.customer("bob@example.com").await;
    let ada = app.customer(ADA).await;
    app.customer("cyd@example.com").await;
    delete(&app, &ada).await;
    app
}

/// A deleted customer with a whole history: an order, an ended subscription, a sold device.
struct Past {
    customer: String,
    order: String,
    rental: String,
}

/// `read` is asked before and after the deletion, and must not see a difference.
async fn unchanged_by_deletion(read: impl AsyncFn(&App, &Past) -> Value) {
    let app = App::start_with(|settings| {
        settings.billing.first_payment = service::settings::FirstPayment::CollectedExternally;
    })
    .await;
    let (customer, order, rental) = app.renting(ADA, "S1").await;
    app.renting("bob@example.com", "S2").await;
    let path = format!("/v1/subscriptions/{rental}/buyout");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
    let past = Past {
        customer,
        order,
        rental,
    };
    let before = read(&app, &past).await;
    delete(&app, &past.customer).await;
    assert_eq!(read(&app, &past).await, before);
    app.finish().await;
}

/// The body of a read that finds something.
async fn found(app: &App, path: String) -> Value {
    let body = app.get(&path).await.is(200).clone();
    assert_ne!(body["count"], json!(0), "{path} finds nothing");
    body
}

#[tokio::test]
async fn a_deleted_customer_is_read_with_all_its_fields() {
    unchanged_by_deletion(async |app, past| {
        let mut customer = app.get_customer(&past.customer).await;
        assert_eq!(customer["orderIds"], json!([past.order]));
        assert_eq!(customer["rentalIds"], json!([past.rental]));
        assert_eq!(customer["lifetimeCollected"], 50.0);
        assert_eq!(customer["lastBillingAddress"]["city"], "Berlin");
        customer
            .as_object_mut()
            .unwrap()
            .retain(|name, _| name != "status" && name != "updatedAt");
        customer
    })
    .await;
}

#[tokio::test]
async fn orders_are_unchanged() {
    unchanged_by_deletion(async |app, past| {
        let single = found(app, format!("/v1/orders/{}", past.order)).await;
        let of_customer = found(app, format!("/v1/orders?customerId={}", past.customer)).await;
        assert_eq!(of_customer["count"], 1);
        json!([single, of_customer, found(app, "/v1/orders".into()).await])
    })
    .await;
}

#[tokio::test]
async fn subscriptions_are_unchanged() {
    unchanged_by_deletion(async |app, past| {
        let single = found(app, format!("/v1/subscriptions/{}", past.rental)).await;
        let path = format!("/v1/subscriptions?customerId={}", past.customer);
        let of_customer = found(app, path).await;
        assert_eq!(of_customer["count"], 1);
        json!([
            single,
            of_customer,
            found(app, "/v1/subscriptions".into()).await
        ])
    })
    .await;
}

#[tokio::test]
async fn assets_are_unchanged() {
    unchanged_by_deletion(async |app, past| {
        let single = found(app, "/v1/assets/S1".into()).await;
        assert_eq!(
            single["customerId"],
            past.customer.as_str(),
            "who bought it stays known"
        );
        let of_customer = found(app, format!("/v1/assets?customerId={}", past.customer)).await;
        assert_eq!(of_customer["count"], 1);
        json!([single, of_customer, found(app, "/v1/assets".into()).await])
    })
    .await;
}

#[tokio::test]
async fn payments_are_unchanged() {
    unchanged_by_deletion(async |app, past| {
        let filter = store::PaymentFilter {
            customer_id: Some(past.customer.clone()),
            ..store::PaymentFilter::default()
        };
        let page = store::Page {
            sort: store::PaymentSort::CreatedAt,
            descending: false,
            after: None,
            limit: 100,
        };
        let list = move |tx: &mut store::Tx<'_>| store::payments::list(tx, &filter, &page);
        let payments = app
            .service
            .store()
            .read_in(&TENANT.into(), list)
            .await
            .expect("payments are readable");
        assert!(!payments.rows.is_empty());
        json!(format!("{:?}", payments.rows))
    })
    .await;
}

#[tokio::test]
async fn billing_groups_are_unchanged() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting(ADA, "S1").await;
    let path = format!("/v1/customers/{customer}");
    app.put(&path, json!({ "customerType": "business" }))
        .await
        .is(200);
    let body = json!({
        "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": [rental]
    });
    let group = app.post("/v1/billing-groups", body).await;
    let at = format!(
        "/v1/billing-groups/{}",
        group.text("/billingGroup/billingGroupId")
    );
    let end = json!({ "returnCondition": "good", "reason": "done" });
    app.post(&format!("/v1/subscriptions/{rental}/early-return"), end)
        .await
        .is(200);
    let read = async || {
        let of_customer = format!("/v1/billing-groups?customerId={customer}&status=active");
        json!([
            found(&app, at.clone()).await,
            found(&app, of_customer).await,
            found(&app, "/v1/billing-groups".into()).await
        ])
    };
    let before = read().await;
    delete(&app, &customer).await;
    assert_eq!(read().await, before);
    // It keeps its status when the customer comes back, too.
    app.put(&path, json!({ "status": "active" })).await.is(200);
    assert_eq!(read().await, before);
    app.finish().await;
}

#[tokio::test]
async fn files_are_unchanged_and_do_not_keep_the_customer() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = app.order(ADA, "SKU", 1).await;
    let file = app.contract(&order).await;
    app.cancel_order(&order).await;
    let link = app.link(json!({ "fileId": file })).await;
    let read = async || {
        json!([
            found(&app, format!("/v1/files/{file}")).await,
            found(&app, format!("/v1/files?customerId={customer}")).await,
            found(&app, format!("/v1/files?orderId={order}")).await,
            found(&app, "/v1/files".into()).await
        ])
    };
    let before = read().await;
    delete(&app, &customer).await;
    assert_eq!(read().await, before);
    app.open(&link).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn lists_without_a_status_hide_it_whatever_else_they_filter_by() {
    let app = ada_inactive().await;
    let (bob, cyd) = ("bob@example.com", "cyd@example.com");
    assert_eq!(emails(&app, "/v1/customers").await, [cyd, bob]);
    assert_eq!(
        emails(&app, "/v1/customers?customerType=individual").await,
        [cyd, bob]
    );
    assert_eq!(
        emails(&app, "/v1/customers?hasActiveRentals=false").await,
        [cyd, bob]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        emails(&app, "/v1/customers?email=ada%40example.com").await,
        none
    );
    for sort in [
        "createdAt",
        "email",
        "lastName",
        "totalMonthlyRevenue",
        "totalDevicesRented",
    ] {
        let path = format!("/v1/customers?sortBy={sort}");
        assert_eq!(emails(&app, &path).await, [cyd, bob], "{sort}");
    }
    assert_eq!(app.get("/v1/customers").await.is(200)["count"], 2);
    app.finish().await;
}

#[tokio::test]
async fn the_status_filter_tells_who_is_shown() {
    let app = ada_inactive().await;
    let (bob, cyd) = ("bob@example.com", "cyd@example.com");
    let none: [&str; 0] = [];
    assert_eq!(
        emails(&app, "/v1/customers?status=active").await,
        [cyd, bob]
    );
    assert_eq!(emails(&app, "/v1/customers?status=inactive").await, [ADA]);
    assert_eq!(
        emails(&app, "/v1/customers?status=all").await,
        [cyd, ADA, bob]
    );
    let of_ada = "email=ADA%40example.com";
    assert_eq!(
        emails(&app, &format!("/v1/customers?status=active&{of_ada}")).await,
        none
    );
    assert_eq!(
        emails(&app, &format!("/v1/customers?status=inactive&{of_ada}")).await,
        [ADA]
    );
    assert_eq!(
        emails(&app, &format!("/v1/customers?status=all&{of_ada}")).await,
        [ADA]
    );
    let path = "/v1/customers?status=inactive&hasActiveRentals=true";
    assert_eq!(emails(&app, path).await, none);
    let sorted = "/v1/customers?status=all&sortBy=email&sortDir=asc";
    assert_eq!(emails(&app, sorted).await, [ADA, bob, cyd]);
    app.finish().await;
}

#[tokio::test]
async fn a_reactivated_customer_is_shown_again() {
    let app = App::start().await;
    let ada = app.customer(ADA).await;
    delete(&app, &ada).await;
    let path = format!("/v1/customers/{ada}");
    app.put(&path, json!({ "status": "active" })).await.is(200);
    assert_eq!(emails(&app, "/v1/customers").await, [ADA]);
    let none: [&str; 0] = [];
    assert_eq!(emails(&app, "/v1/customers?status=inactive").await, none);
    app.finish().await;
}

/// Walks the list in pages of two and deletes a customer between the first page and the second:
/// the one on place `victim` of six. Gives who was seen, by place.
async fn walked(query: &str, victim: usize) -> Vec<usize> {
    let app = App::start().await;
    let mut customers = Vec::new();
    for name in ["f", "e", "d", "c", "b", "a"] {
        customers.push(app.customer(&format!("{name}@example.com")).await);
    }
    // The newest come first, and so do the first letters.
    customers.reverse();
    let path = format!("/v1/customers?limit=2&{query}");
    let mut seen = Vec::new();
    let mut next = path.clone();
    loop {
        let answer = app.get(&next).await;
        for customer in answer.is(200)["customers"].as_array().expect("customers") {
            let id = customer["customerId"].as_str().expect("an id");
            seen.push(
                customers
                    .iter()
                    .position(|it| it == id)
                    .expect("a known customer"),
            );
        }
        if seen.len() == 2 {
            delete(&app, &customers[victim]).await;
        }
        match answer.body["nextCursor"].as_str() {
            Some(cursor) => next = format!("{path}&startAfter={cursor}"),
            None => break,
        }
    }
    app.finish().await;
    seen
}

#[tokio::test]
async fn a_walk_loses_the_deleted_one_and_nobody_else() {
    for query in [
        "",
        "sortBy=email&sortDir=asc",
        "sortBy=totalDevicesRented",
        "status=active",
    ] {
        // Seen already.
        assert_eq!(walked(query, 0).await, [0, 1, 2, 3, 4, 5], "{query}");
        // The very one that the cursor points at.
        assert_eq!(walked(query, 1).await, [0, 1, 2, 3, 4, 5], "{query}");
        assert_eq!(walked(query, 2).await, [0, 1, 3, 4, 5], "{query}");
        assert_eq!(walked(query, 3).await, [0, 1, 2, 4, 5], "{query}");
        assert_eq!(walked(query, 5).await, [0, 1, 2, 3, 4], "{query}");
    }
}

#[tokio::test]
async fn a_walk_over_all_statuses_loses_nobody() {
    for victim in [1, 2, 5] {
        assert_eq!(walked("status=all", victim).await, [0, 1, 2, 3, 4, 5]);
    }
}
