//! Endpoints: made, listed, removed.

use hyper::Method;
use serde_json::json;

use contract_webhooks::Secret;

use super::*;

#[tokio::test]
async fn an_endpoint_is_created_with_a_secret_that_is_shown_once() {
    let app = App::start().await;
    let events = ["order.created", "customer.deactivated", "order.created"];
    let body = json!({ "url": URL, "events": events });
    let created = app.post("/v1/webhook-endpoints", body).await;
    let id = created.text("/endpointId");
    assert!(id.starts_with("whk_"), "{id}");
    assert!(created.text("/secret").parse::<Secret>().is_ok());
    let endpoint = json!({
        "endpointId": id, "tenantId": TENANT, "url": URL,
        "events": ["order.created", "customer.deactivated"],
        "createdBy": created.body["endpoint"]["createdBy"],
        "createdAt": created.body["endpoint"]["createdAt"],
    });
    assert_eq!(created.is(201)["endpoint"], endpoint);

    let listed = app.get("/v1/webhook-endpoints").await;
    let expected = json!({
        "success": true, "endpoints": [endpoint], "count": 1, "limit": 50, "hasMore": false, "nextCursor": null
    });
    assert_eq!(listed.is(200), &expected);
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_makes_one_endpoint_and_shows_the_same_secret() {
    let app = App::start().await;
    let authorization = format!("Bearer {}", app.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
        ("content-type", "application/json"),
        ("idempotency-key", "k1"),
    ];
    let body = json!({ "url": URL, "events": ["order.created"] }).to_string();
    let mut answers = vec![];
    for _ in 0..2 {
        let answer = app
            .send(
                Method::POST,
                "/v1/webhook-endpoints",
                &headers,
                body.clone(),
            )
            .await;
        answers.push(answer.is(201).clone());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(app.endpoint_ids().await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn urls_that_nothing_may_be_sent_to_are_refused() {
    let app = App::start().await;
    for url in [
        "hooks.example.com",
        "http://hooks.example.com",
        "https://user:password@hooks.example.com",
        "https://hooks.example.com/#part",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
    ] {
        let body = json!({ "url": url, "events": ["order.created"] });
        let answer = app.post("/v1/webhook-endpoints", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "url", "{url}");
    }
    let long = format!("https://hooks.example.com/{}", "a".repeat(2048));
    for (body, path) in [
        (json!({ "url": long, "events": ["order.created"] }), "url"),
        (json!({ "url": URL, "events": [] }), "events"),
        (json!({ "url": URL, "events": ["order.eaten"] }), "events.0"),
        (json!({ "url": URL }), "events"),
    ] {
        let answer = app.post("/v1/webhook-endpoints", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, path);
    }
    assert!(app.endpoint_ids().await.is_empty());
    app.service.allow_private_webhooks();
    let body = json!({ "url": "http://127.0.0.1:9/", "events": ["order.created"] });
    app.post("/v1/webhook-endpoints", body).await.is(201);
    app.finish().await;
}

#[tokio::test]
async fn endpoints_are_listed_page_by_page_newest_first() {
    let app = App::start().await;
    let mut made = vec![];
    for _ in 0..3 {
        made.push(app.endpoint(&["order.created"]).await.0);
    }
    made.reverse();
    assert_eq!(app.endpoint_ids().await, made);
    let first = app.get("/v1/webhook-endpoints?limit=2").await;
    assert_eq!(first.is(200)["hasMore"], true);
    let cursor = first.text("/nextCursor");
    let second = app
        .get(&format!(
            "/v1/webhook-endpoints?limit=2&startAfter={cursor}"
        ))
        .await;
    assert_eq!(second.is(200)["endpoints"][0]["endpointId"], *made[2]);
    assert_eq!(second.body["count"], 1);
    let other = format!("/v1/customers?startAfter={cursor}");
    app.get(&other).await.refused(400, "INVALID_CURSOR");
    app.finish().await;
}

#[tokio::test]
async fn a_deleted_endpoint_is_unknown_and_gets_nothing_more() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 1);
    let path = format!("/v1/webhook-endpoints/{id}");
    assert_eq!(app.delete(&path).await.is(200)["endpointId"], *id);
    app.delete(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(
        record(&app.service, &claimed[0], DOWN).await,
        Outcome::Overtaken
    );
    app.order_of("bob@example.com").await;
    app.advance_days(1);
    assert!(claim(&app.service).await.is_empty());
    assert!(app.states().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn tenants_and_permissions_are_kept_apart() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    let path = format!("/v1/webhook-endpoints/{id}");
    let other = app.other_tenant("bu_other").await;
    let list = "/v1/webhook-endpoints";
    let as_other =
        async |method, path, body| app.json_as(&other, "bu_other", method, path, body).await;
    let listed = as_other(Method::GET, list, None).await;
    assert_eq!(listed.is(200)["count"], 0);
    as_other(Method::DELETE, path.as_str(), None)
        .await
        .refused(404, "NOT_FOUND");
    let body = json!({ "url": URL, "events": ["order.created"] });
    as_other(Method::POST, list, Some(body.clone()))
        .await
        .is(201);

    // Only the endpoint of the tenant gets its events.
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].queue().endpoint(), id);

    let reader = app.key_with(&["webhooks:read"]).await;
    let as_reader =
        async |method, path, body| app.json_as(&reader, TENANT, method, path, body).await;
    as_reader(Method::GET, list, None).await.is(200);
    for (method, path, body) in [
        (Method::POST, list, Some(body)),
        (Method::DELETE, path.as_str(), None),
    ] {
        as_reader(method, path, body)
            .await
            .refused(403, "INSUFFICIENT_PERMISSIONS");
    }
    app.finish().await;
}

/// What is asked for while the endpoint is being removed is done before that, or the endpoint is unknown.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_the_removal_of_an_endpoint_leaves_nothing_behind() {
    let app = App::start().await;
    let beside = app.beside().await;
    for round in 0..10 {
        let (id, _) = app.endpoint(&["order.created"]).await;
        app.order_of(&format!("c{round}@example.com")).await;
        let event = claim(&app.service).await.remove(0);
        record(&app.service, &event, RECEIVED).await;
        let path = format!("/v1/webhook-endpoints/{id}");
        let again = format!("deliveries/{}/redeliver", event.id);
        let answers = tokio::join!(
            app.act_on(&id, "ping"),
            beside.act_on(&id, "ping"),
            app.act_on(&id, &again),
            beside.act_on(&id, "rotate-secret"),
            async {
                claim(&beside.service).await;
                app.delete(&path).await
            },
        );
        let (first, second, third, fourth, deleted) = answers;
        deleted.is(200);
        for answer in [first, second, third, fourth] {
            if answer.status != 200 {
                answer.refused(404, "NOT_FOUND");
            }
        }
        assert!(app.states().await.is_empty());
    }
    beside.finish().await;
    app.finish().await;
}
