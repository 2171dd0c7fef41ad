//! What is told of deliveries, and for how long.

use store::{Json, NewEvent, WebhookDeliveryRow};

use super::*;

impl App {
    /// Deliveries that were received just now.
    async fn received(&self, endpoint: &str, count: u32) {
        let (endpoint, now) = (endpoint.to_owned(), self.clock().now());
        let tenant = TENANT.into();
        let written = self.service.store().write_in(&tenant, move |tx| {
            let event = NewEvent {
                kind: "order.created",
                resource: "ord_1",
                data: Json::of(&json!({}))?,
                at: now,
            };
            let mut rows = vec![];
            for index in 0..count {
                rows.push(WebhookDeliveryRow {
                    tenant_id: TENANT.into(),
                    endpoint_id: endpoint.clone(),
                    sequence: store::events::append_numbered(tx, &event)?,
                    event_id: format!("evt_{index}"),
                    resource: event.resource.into(),
                    state: WebhookDeliveryState::Succeeded,
                    attempts: 1,
                    attempts_before: 0,
                    first_attempt: Some(now),
                    last_attempt: Some(now),
                    next_attempt: now,
                    last_status: Some(204),
                    last_error: None,
                    created_at: now,
                    finished_at: Some(now),
                });
            }
            store::webhooks::deliveries::insert_all(tx, &rows)
        });
        written.await.expect("rows");
    }
}

#[tokio::test]
async fn a_delivery_is_told_from_the_first_moment_to_the_last() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    app.service
        .fan_out_events()
        .await
        .expect("events are looked at");
    let seconds = |from: &Value, to: &Value| at(to).duration_since(at(from)).as_secs();
    let told = app.deliveries(&id).await;
    assert_eq!(told.len(), 1);
    let created = &told[0]["createdAt"];
    let mut expected = json!({
        "eventId": told[0]["eventId"], "event": "order.created", "status": "pending", "attempts": 0,
        "createdAt": created, "lastAttemptAt": null, "nextAttemptAt": created,
        "lastStatus": null, "lastError": null,
    });
    assert_eq!(told[0], expected);

    app.advance(SignedDuration::from_secs(1));
    let first = &claim(&app.service).await[0];
    assert_eq!(expected["eventId"], *first.id);
    let told = &app.deliveries(&id).await[0];
    let tried = &told["lastAttemptAt"];
    assert_eq!(seconds(created, tried), 1);
    assert_eq!(
        seconds(tried, &told["nextAttemptAt"]),
        60,
        "it is being sent"
    );
    expected["attempts"] = json!(1);
    expected["lastAttemptAt"] = tried.clone();
    expected["nextAttemptAt"] = told["nextAttemptAt"].clone();
    assert_eq!(told, &expected);

    record(&app.service, first, Attempt::Answered(503)).await;
    let told = &app.deliveries(&id).await[0];
    assert_eq!(seconds(tried, &told["nextAttemptAt"]), 5);
    expected["nextAttemptAt"] = told["nextAttemptAt"].clone();
    expected["lastStatus"] = json!(503);
    assert_eq!(told, &expected);

    app.advance(SignedDuration::from_secs(5));
    let second = &claim(&app.service).await[0];
    record(&app.service, second, Attempt::Unanswered("timeout")).await;
    let told = &app.deliveries(&id).await[0];
    assert_eq!(told["attempts"], 2);
    assert_eq!(
        (&told["lastStatus"], &told["lastError"]),
        (&Value::Null, &json!("timeout"))
    );

    app.advance(SignedDuration::from_secs(30));
    let third = &claim(&app.service).await[0];
    record(&app.service, third, RECEIVED).await;
    let told = &app.deliveries(&id).await[0];
    assert_eq!(seconds(created, &told["lastAttemptAt"]), 36);
    expected["status"] = json!("succeeded");
    expected["attempts"] = json!(3);
    expected["lastAttemptAt"] = told["lastAttemptAt"].clone();
    expected["nextAttemptAt"] = Value::Null;
    expected["lastStatus"] = json!(204);
    assert_eq!(told, &expected);
    app.finish().await;
}

#[tokio::test]
async fn deliveries_are_listed_page_by_page_newest_first_and_by_status() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    let (other, _) = app.endpoint(&["customer.deactivated"]).await;
    let mut ids = vec![];
    for email in [
        "ada@example.com",
        "bob@example.com",
        "eve@example.com",
        "zoe@example.com",
    ] {
        app.order_of(email).await;
        let claimed = claim(&app.service).await;
        ids.insert(0, claimed[0].id.clone());
        match email {
            "ada@example.com" => drop(record(&app.service, &claimed[0], RECEIVED).await),
            "bob@example.com" => drop(record(&app.service, &claimed[0], DOWN).await),
            _ => {}
        }
        app.advance(SignedDuration::from_secs(1));
    }
    let path = format!("/v1/webhook-endpoints/{id}/deliveries");
    let listed = async |query: &str| {
        let answer = app.get(&format!("{path}?{query}")).await;
        let of = |it: &Value| it["eventId"].as_str().expect("an id").to_owned();
        let found = answer.is(200)["deliveries"].as_array().expect("deliveries");
        assert_eq!(answer.body["count"], found.len());
        let found: Vec<String> = found.iter().map(of).collect();
        (found, answer)
    };
    assert_eq!(listed("").await.0, ids);
    let (page, first) = listed("limit=3").await;
    assert_eq!(page, ids[..3]);
    assert_eq!(
        (&first.body["limit"], &first.body["hasMore"]),
        (&json!(3), &json!(true))
    );
    let cursor = first.text("/nextCursor");
    let (page, last) = listed(&format!("limit=3&startAfter={cursor}")).await;
    assert_eq!(page, ids[3..]);
    assert_eq!(last.body["nextCursor"], Value::Null);
    assert_eq!(listed("status=pending").await.0, ids[..3]);
    assert_eq!(listed("status=succeeded").await.0, ids[3..]);
    assert!(listed("status=failed").await.0.is_empty());
    assert!(app.deliveries(&other).await.is_empty());

    for query in ["status=lost", "limit=0", "limit=101"] {
        let answer = app.get(&format!("{path}?{query}")).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    let cursor = format!("/v1/webhook-endpoints?startAfter={cursor}");
    app.get(&cursor).await.refused(400, "INVALID_CURSOR");
    app.finish().await;
}

#[tokio::test]
async fn it_is_known_for_thirty_days_after_the_end() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    record(&app.service, &claimed[0], RECEIVED).await;
    // Nobody ends it, so it is not over.
    app.order_of("bob@example.com").await;
    app.service
        .fan_out_events()
        .await
        .expect("events are looked at");

    let told = &app.deliveries(&id).await[1];
    let end = at(&told["lastAttemptAt"]) + SignedDuration::from_hours(30 * 24);
    app.wait_until(end - SignedDuration::from_secs(1));
    app.service.forget_webhooks().await.expect("it clears up");
    assert_eq!(app.deliveries(&id).await.len(), 2);
    app.wait_until(end + SignedDuration::from_secs(1));
    app.service.forget_webhooks().await.expect("it clears up");
    let left = app.deliveries(&id).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["status"], "pending");
    let again = format!("deliveries/{}/redeliver", claimed[0].id);
    app.act_on(&id, &again).await.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn more_than_a_transaction_clears_away_is_gone_all_the_same() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.received(&id, 801).await;
    assert_eq!(app.states().await.len(), 801);
    app.advance_days(31);
    app.service.forget_webhooks().await.expect("it clears up");
    assert!(app.states().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn other_tenants_and_readers_may_do_none_of_it() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let event = claim(&app.service).await[0].id.clone();
    let other = app.other_tenant("bu_other").await;
    let (reader, writer) = (
        app.key_with(&["webhooks:read"]).await,
        app.key_with(&["webhooks:write"]).await,
    );
    let below = |path: &str| format!("/v1/webhook-endpoints/{id}/{path}");
    let redeliver = format!("deliveries/{event}/redeliver");
    for path in ["rotate-secret", &redeliver, "ping"] {
        let path = below(path);
        let ask = async |key: &str, tenant: &str| {
            app.json_as(key, tenant, Method::POST, &path, None).await
        };
        ask(&other, "bu_other").await.refused(404, "NOT_FOUND");
        ask(&reader, TENANT)
            .await
            .refused(403, "INSUFFICIENT_PERMISSIONS");
        ask(&writer, TENANT).await.is(200);
        let unknown = path.replace(&id, "whk_unknown");
        app.json(Method::POST, &unknown, None)
            .await
            .refused(404, "NOT_FOUND");
    }
    let path = below("deliveries");
    let ask =
        async |key: &str, tenant: &str| app.json_as(key, tenant, Method::GET, &path, None).await;
    ask(&other, "bu_other").await.refused(404, "NOT_FOUND");
    ask(&writer, TENANT)
        .await
        .refused(403, "INSUFFICIENT_PERMISSIONS");
    ask(&reader, TENANT).await.is(200);
    app.finish().await;
}
