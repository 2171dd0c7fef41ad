//! listSubscriptions: filters, sorting, pages.

use serde_json::{Value, json};

use crate::suite::support::App;

/// Three subscriptions: Ada's two (A1 cancelled, A2), and Bob's B1 of another SKU.
async fn three() -> (App, [String; 3], [String; 2]) {
    let app = App::start().await;
    let (ada, _, first) = app.renting("ada@example.com", "A1").await;
    app.advance_days(1);
    let (_, _, second) = app.renting("ada@example.com", "A2").await;
    app.advance_days(1);
    app.priced(
        "CHEAP",
        json!([{ "contractLength": 12, "monthlyPrice": 10 }]),
    )
    .await;
    app.asset("B1", "CHEAP").await;
    let (order, bob) = app.order("bob@example.com", "CHEAP", 1).await;
    app.confirm(&order).await;
    let third = app.subscribe(&order, &bob, "B1").await;
    app.act(&first, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    (app, [first, second, third], [ada, bob])
}

fn ids(body: &Value) -> Vec<String> {
    let rentals = body["rentals"].as_array().expect("a list").iter();
    rentals
        .map(|rental| rental["rentalId"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn filters_combine() {
    let (app, [first, second, third], [ada, bob]) = three().await;
    let order = app.rental(&second).await["orderId"]
        .as_str()
        .unwrap()
        .to_owned();
    for (query, expected) in [
        (String::new(), vec![&third, &second, &first]),
        ("status=active".into(), vec![&third, &second]),
        ("status=cancelled".into(), vec![&first]),
        (format!("customerId={ada}"), vec![&second, &first]),
        (format!("customerId={ada}&status=active"), vec![&second]),
        (format!("orderId={order}"), vec![&second]),
        ("serialNumber=A1".into(), vec![&first]),
        (format!("serialNumber=A1&customerId={bob}"), vec![]),
        ("sku=CHEAP".into(), vec![&third]),
        // The contracts end on 9, 10 and 11 March 2027; both ends count.
        ("endDateFrom=2027-03-10".into(), vec![&third, &second]),
        ("endDateTo=2027-03-10".into(), vec![&second, &first]),
        (
            "endDateFrom=2027-03-10T23:59:59Z&endDateTo=2027-03-10".into(),
            vec![&second],
        ),
        (
            "endDateFrom=2027-03-10t23:59:59.999999999999z&endDateTo=2027-03-10".into(),
            vec![&second],
        ),
        ("customerId=cust_x".into(), vec![]),
    ] {
        let answer = app.get(&format!("/v1/subscriptions?{query}")).await;
        let body = answer.is(200);
        assert_eq!(ids(body).iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(body["count"], expected.len(), "{query}");
        assert_eq!(
            [&body["hasMore"], &body["nextCursor"]],
            [&json!(false), &json!(null)]
        );
        assert_eq!(body["limit"], 50);
    }
    app.finish().await;
}

#[tokio::test]
async fn values_that_cannot_be_are_refused() {
    let (app, _, _) = three().await;
    for query in [
        "status=ended",
        "limit=0",
        "limit=101",
        "limit=ten",
        "endDateFrom=tomorrow",
        "endDateFrom=0000-01-01",
        "endDateTo=-000001-01-01T00:00:00Z",
        "endDateTo=%2B010000-01-01T00:00:00Z",
        "endDateTo=2027-02-30",
        "endDateTo=2027-03-10T10Z",
        "endDateTo=2027-03-10%2010:00:00Z",
        "endDateTo=20270310T100000Z",
        "endDateTo=2027-03-10T10:00:00%2B0100",
        "endDateTo=2027-03-10T10:00:00Z[UTC]",
        "sortBy=notes",
        "sortDir=up",
        "startAfter=garbage",
    ] {
        let answer = app.get(&format!("/v1/subscriptions?{query}")).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, query.split('=').next().unwrap());
    }
    app.get("/v1/subscriptions?unknown=1").await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn every_order_can_be_walked_page_by_page() {
    let (app, [first, second, third], _) = three().await;
    for (by, ascending) in [
        ("createdAt", [&first, &second, &third]),
        ("startDate", [&first, &second, &third]),
        ("endDate", [&first, &second, &third]),
        ("updatedAt", [&second, &third, &first]),
        ("monthlyAmount", [&third, &first, &second]),
        ("status", [&second, &third, &first]),
    ] {
        let mut walked = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/v1/subscriptions?limit=1&sortBy={by}&sortDir=asc{after}");
            let answer = app.get(&path).await;
            let body = answer.is(200);
            walked.extend(ids(body));
            let Some(cursor) = body["nextCursor"].as_str() else {
                break;
            };
            after = format!("&startAfter={cursor}");
        }
        assert_eq!(walked.iter().collect::<Vec<_>>(), ascending, "{by}");
        let answer = app.get(&format!("/v1/subscriptions?sortBy={by}")).await;
        let descending = ids(answer.is(200));
        assert_eq!(
            descending.iter().rev().collect::<Vec<_>>(),
            ascending,
            "{by}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_order_only_and_outlives_changes() {
    let (app, [first, second, third], _) = three().await;
    let answer = app.get("/v1/subscriptions?limit=1&status=active").await;
    let cursor = answer.text("/nextCursor");
    let other = format!("/v1/subscriptions?sortBy=endDate&startAfter={cursor}");
    app.get(&other).await.refused(400, "INVALID_CURSOR");
    // The subscription that the cursor stands at leaves the list.
    app.act(&third, "cancel", json!({ "reason": "other" }))
        .await
        .is(200);
    let answer = app
        .get(&format!(
            "/v1/subscriptions?status=active&startAfter={cursor}"
        ))
        .await;
    assert_eq!(ids(answer.is(200)), [second.as_str()]);
    assert_ne!(first, second);
    app.finish().await;
}

#[tokio::test]
async fn subscriptions_of_inactive_customers_stay_listed() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.act(
        &rental,
        "early-return",
        json!({ "returnCondition": "good", "reason": "x" }),
    )
    .await
    .is(200);
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    for query in ["".into(), format!("?customerId={customer}")] {
        let answer = app.get(&format!("/v1/subscriptions{query}")).await;
        assert_eq!(ids(answer.is(200)), [rental.as_str()]);
    }
    assert_eq!(
        app.rental(&rental).await["customerEmail"],
        "ada@example.com"
    );
    app.finish().await;
}
