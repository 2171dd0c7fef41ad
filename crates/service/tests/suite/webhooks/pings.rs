//! Pings: an endpoint is tried out.

use super::*;

#[tokio::test]
async fn a_ping_goes_to_one_endpoint_which_need_not_ask_for_it() {
    let app = App::start().await;
    let (id, secret) = app.endpoint(&["order.created"]).await;
    app.endpoint(&["order.created"]).await;
    let answer = app.act_on(&id, "ping").await;
    let expected = json!({
        "success": true, "message": answer.body["message"], "endpointId": id,
        "eventId": answer.body["eventId"],
    });
    assert_eq!(answer.is(200), &expected);
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 1);
    let ping = &claimed[0];
    assert_eq!(ping.queue().endpoint(), id);
    assert_eq!(ping.id, answer.text("/eventId"));
    let body: Value = serde_json::from_str(&ping.body).expect("JSON");
    let now = app.deliveries(&id).await[0]["createdAt"].clone();
    assert_eq!(
        body,
        json!({ "event": "ping", "timestamp": now, "data": { "endpointId": id } })
    );
    let Some(types::Webhook::Ping(read)) = receive(ping, &secret) else {
        panic!("it is no ping");
    };
    assert_eq!(read.data.endpoint_id, id);

    record(&app.service, ping, RECEIVED).await;
    let told = app.deliveries(&id).await;
    assert_eq!((told.len(), &told[0]["event"]), (1, &json!("ping")));
    assert_eq!(told[0]["status"], "succeeded");
    // Events go on as before.
    app.order_of("ada@example.com").await;
    assert_eq!(claim(&app.service).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn pings_wait_for_nothing_and_hold_up_nothing() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let order = claim(&app.service).await.remove(0);
    record(&app.service, &order, DOWN).await;
    app.act_on(&id, "ping").await.is(200);
    let ping = claim(&app.service).await.remove(0);
    assert_eq!(event(&ping), "ping");
    record(&app.service, &ping, DOWN).await;
    app.act_on(&id, "ping").await.is(200);
    let second = claim(&app.service).await;
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].id, ping.id);
    record(&app.service, &second[0], RECEIVED).await;
    // The first one is tried again, as any event.
    app.advance(SignedDuration::from_secs(5));
    let again = claim(&app.service).await;
    assert!(again.iter().any(|it| it.id == ping.id));
    app.finish().await;
}

#[tokio::test]
async fn nobody_subscribes_to_pings() {
    let app = App::start().await;
    let body = json!({ "url": URL, "events": ["ping"] });
    let answer = app.post("/v1/webhook-endpoints", body).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "events.0");
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_sends_one_ping() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    let path = format!("/v1/webhook-endpoints/{id}/ping");
    let mut ids = vec![];
    for _ in 0..2 {
        let answer = app.keyed("k", Method::POST, &path, json!({})).await;
        ids.push(answer.text("/eventId"));
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(claim(&app.service).await.len(), 1);
    app.finish().await;
}
