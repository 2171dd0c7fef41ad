//! listCustomers: filters, sorting, pages. What deletion hides is in `deletion_visibility.rs`.

use crate::suite::support::App;
use serde_json::json;

/// E-mail addresses of the customers on the page at `path`.
async fn emails(app: &App, path: &str) -> Vec<String> {
    let answer = app.get(path).await;
    let body = answer.is(200);
    let customers = body["customers"].as_array().expect("customers");
    assert_eq!(body["count"], customers.len());
    customers
        .iter()
        .map(|it| it["email"].as_str().expect("an e-mail").to_owned())
        .collect()
}

/// Three customers, in this order.
async fn three() -> App {
    let app = App::start().await;
    for email in ["bob@example.com", "ada@example.com", "cyd@example.com"] {
        app.customer(email).await;
    }
    app
}

#[tokio::test]
async fn a_tenant_without_customers_has_an_empty_list() {
    let app = App::start().await;
    let answer = app.get("/v1/customers").await;
    let expected =
        json!({ "customers": [], "count": 0, "limit": 50, "hasMore": false, "nextCursor": null });
    assert_eq!(answer.is(200), &expected);
    app.finish().await;
}

#[tokio::test]
async fn the_newest_come_first_unless_another_order_is_asked_for() {
    let app = three().await;
    let (ada, bob, cyd) = ("ada@example.com", "bob@example.com", "cyd@example.com");
    assert_eq!(emails(&app, "/v1/customers").await, [cyd, ada, bob]);
    assert_eq!(
        emails(&app, "/v1/customers?sortDir=asc").await,
        [bob, ada, cyd]
    );
    assert_eq!(
        emails(&app, "/v1/customers?sortBy=email").await,
        [cyd, bob, ada]
    );
    assert_eq!(
        emails(&app, "/v1/customers?sortBy=email&sortDir=asc").await,
        [ada, bob, cyd]
    );
    app.finish().await;
}

#[tokio::test]
async fn every_sort_field_leads_through_all_pages_in_both_directions() {
    let app = three().await;
    for field in [
        "createdAt",
        "firstName",
        "lastName",
        "email",
        "totalMonthlyRevenue",
        "totalDevicesRented",
    ] {
        for direction in ["asc", "desc"] {
            let path = format!("/v1/customers?sortBy={field}&sortDir={direction}");
            let whole = emails(&app, &path).await;
            let mut found = Vec::new();
            let mut next = format!("{path}&limit=1");
            loop {
                let answer = app.get(&next).await;
                let body = answer.is(200);
                assert_eq!((&body["count"], &body["limit"]), (&json!(1), &json!(1)));
                found.push(answer.text("/customers/0/email"));
                assert_eq!(body["hasMore"], !body["nextCursor"].is_null());
                let Some(cursor) = body["nextCursor"].as_str() else {
                    break;
                };
                next = format!("{path}&limit=1&startAfter={cursor}");
            }
            assert_eq!(found, whole, "{field} {direction}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_email_is_found_without_regard_to_case_and_blanks() {
    let app = three().await;
    let found = emails(&app, "/v1/customers?email=%20ADA%40Example.com%20").await;
    assert_eq!(found, ["ada@example.com"]);
    assert_eq!(
        emails(&app, "/v1/customers?email=ada").await,
        Vec::<String>::new()
    );
    app.finish().await;
}

#[tokio::test]
async fn filters_combine() {
    let app = three().await;
    let id = app
        .get("/v1/customers?email=ada%40example.com")
        .await
        .text("/customers/0/customerId");
    app.put(
        &format!("/v1/customers/{id}"),
        json!({ "customerType": "business" }),
    )
    .await
    .is(200);
    let business = "/v1/customers?customerType=business";
    assert_eq!(emails(&app, business).await, ["ada@example.com"]);
    assert_eq!(
        emails(&app, "/v1/customers?customerType=individual").await,
        ["cyd@example.com", "bob@example.com"]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        emails(&app, &format!("{business}&email=bob%40example.com")).await,
        none
    );
    assert_eq!(
        emails(&app, &format!("{business}&hasActiveRentals=true")).await,
        none
    );
    assert_eq!(
        emails(&app, &format!("{business}&hasActiveRentals=false")).await,
        ["ada@example.com"]
    );
    app.finish().await;
}

#[tokio::test]
async fn customers_with_and_without_active_subscriptions_are_told_apart() {
    let app = App::start().await;
    app.customer("bob@example.com").await;
    app.renting("ada@example.com", "S1").await;
    let found = emails(&app, "/v1/customers?hasActiveRentals=true").await;
    assert_eq!(found, ["ada@example.com"]);
    let found = emails(&app, "/v1/customers?hasActiveRentals=false").await;
    assert_eq!(found, ["bob@example.com"]);
    let found = emails(&app, "/v1/customers?sortBy=totalMonthlyRevenue").await;
    assert_eq!(found, ["ada@example.com", "bob@example.com"]);
    app.finish().await;
}

#[tokio::test]
async fn bad_parameters_are_refused_by_name() {
    let app = App::start().await;
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("status=deleted", "status"),
        ("customerType=ghost", "customerType"),
        ("hasActiveRentals=yes", "hasActiveRentals"),
        ("sortBy=phone", "sortBy"),
        ("sortDir=down", "sortDir"),
        ("startAfter=garbage", "startAfter"),
    ] {
        let answer = app.get(&format!("/v1/customers?{query}")).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, name, "{query}");
    }
    app.get("/v1/customers?colour=blue").await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_made_under_another_order_is_refused() {
    let app = three().await;
    let cursor = app.get("/v1/customers?limit=1").await.text("/nextCursor");
    for order in ["sortBy=email", "sortDir=asc"] {
        let path = format!("/v1/customers?limit=1&{order}&startAfter={cursor}");
        app.get(&path).await.refused(400, "INVALID_CURSOR");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_list_shows_its_own_tenant_only() {
    let app = three().await;
    let key = app.other_tenant("bu_other").await;
    let answer = app
        .json_as(
            &key,
            "bu_other",
            hyper::Method::GET,
            "/v1/customers?status=all",
            None,
        )
        .await;
    assert_eq!(answer.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn a_listed_customer_is_the_same_as_a_single_one() {
    let app = App::start().await;
    let (id, _, _) = app.renting("ada@example.com", "S1").await;
    let listed = app.get("/v1/customers").await.is(200)["customers"][0].clone();
    assert_eq!(listed, app.get_customer(&id).await);
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_is_good_for_one_list_only() {
    let app = three().await;
    let cursor = app.get("/v1/customers?limit=1").await.text("/nextCursor");
    for list in [
        "assets",
        "orders",
        "products",
        "products/variants",
        "subscriptions",
    ] {
        let path = format!("/v1/{list}?startAfter={cursor}");
        let answer = app.get(&path).await;
        answer.refused(400, "INVALID_CURSOR");
        assert_eq!(answer.details()[0].0, "startAfter");
    }
    app.finish().await;
}
