//! Events that are sent again because somebody asks for it.

use super::*;

impl App {
    async fn redeliver(&self, endpoint: &str, event: &str) -> Answer {
        let action = format!("deliveries/{event}/redeliver");
        self.act_on(endpoint, &action).await
    }
}

#[tokio::test]
async fn what_was_received_is_sent_again_under_its_id() {
    let app = App::start().await;
    let (id, secret) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let first = claim(&app.service).await.remove(0);
    record(&app.service, &first, RECEIVED).await;
    app.advance_days(2);

    let answer = app.redeliver(&id, &first.id).await;
    let expected = json!({
        "success": true, "message": answer.body["message"], "endpointId": id, "eventId": first.id,
    });
    assert_eq!(answer.is(200), &expected);
    let told = &app.deliveries(&id).await[0];
    assert_eq!(
        (&told["status"], &told["attempts"]),
        (&json!("pending"), &json!(1))
    );
    let again = claim(&app.service).await.remove(0);
    assert_eq!((&again.id, &again.body), (&first.id, &first.body));
    assert!(receive(&again, &secret).is_some());
    assert_eq!(again.attempt(), 2);
    assert_eq!(
        record(&app.service, &again, RECEIVED).await,
        Outcome::Delivered
    );
    app.advance_days(2);
    assert!(claim(&app.service).await.is_empty());
    assert_eq!(app.states().await, [(2, WebhookDeliveryState::Succeeded)]);
    app.finish().await;
}

#[tokio::test]
async fn what_is_heard_late_of_an_earlier_try_does_not_stand_for_it() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let slow = claim(&app.service).await.remove(0);
    app.advance(SignedDuration::from_secs(60));
    let second = claim(&app.service).await.remove(0);
    record(&app.service, &second, RECEIVED).await;
    app.redeliver(&id, &slow.id).await.is(200);
    for late in [RECEIVED, DOWN] {
        let outcome = record(&app.service, &slow, late).await;
        assert_eq!(outcome, Outcome::Overtaken);
    }
    let again = claim(&app.service).await;
    assert_eq!((again.len(), &again[0].id), (1, &slow.id));
    app.finish().await;
}

#[tokio::test]
async fn what_was_given_up_has_another_day() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let mut tries = 0;
    let give_up = async |app: &App, tries: &mut i64| {
        let start = app.clock().now();
        let mut waits = vec![];
        loop {
            let one = &claim(&app.service).await[0];
            waits.push(app.clock().now().duration_since(start).as_secs());
            *tries += 1;
            assert_eq!(one.attempt(), *tries);
            if record(&app.service, one, DOWN).await == Outcome::GivenUp {
                break waits;
            }
            let told = &app.deliveries(&id).await[0];
            app.wait_until(at(&told["nextAttemptAt"]) + SignedDuration::from_millis(1));
        }
    };
    let first = give_up(&app, &mut tries).await;
    assert_eq!(
        first,
        [0, 5, 35, 335, 2135, 9335, 27335, 56135, 84935, 86400]
    );
    let told = app.deliveries(&id).await;
    assert_eq!(told[0]["status"], "failed");
    assert_eq!(told[0]["lastError"], "no connection");
    let event = told[0]["eventId"].as_str().expect("an id").to_owned();
    app.advance_days(3);
    app.redeliver(&id, &event).await.is(200);
    // As long as at first, and as soon.
    assert_eq!(give_up(&app, &mut tries).await, first);
    assert_eq!(app.states().await, [(tries, WebhookDeliveryState::Failed)]);
    app.finish().await;
}

#[tokio::test]
async fn what_is_still_to_be_sent_stays_as_it_is() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let first = claim(&app.service).await.remove(0);
    app.redeliver(&id, &first.id).await.is(200);
    assert!(claim(&app.service).await.is_empty(), "it is being sent");
    record(&app.service, &first, DOWN).await;
    let before = app.deliveries(&id).await;
    app.redeliver(&id, &first.id).await.is(200);
    assert_eq!(app.deliveries(&id).await, before);
    assert!(claim(&app.service).await.is_empty(), "it waits");
    app.finish().await;
}

#[tokio::test]
async fn it_goes_before_what_waits_of_its_resource_and_beside_all_else() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created", "order.fulfilled"]).await;
    app.renting("ada@example.com", "A1").await;
    let created = claim(&app.service).await.remove(0);
    record(&app.service, &created, RECEIVED).await;
    let fulfilled = claim(&app.service).await.remove(0);
    assert_eq!(event(&fulfilled), "order.fulfilled");
    record(&app.service, &fulfilled, DOWN).await;
    app.redeliver(&id, &created.id).await.is(200);
    app.advance(SignedDuration::from_mins(1));
    app.order_of("bob@example.com").await;

    let claimed = claim(&app.service).await;
    let ids: Vec<&str> = claimed.iter().map(|it| &*it.id).collect();
    assert_eq!(ids.len(), 2);
    assert!(
        ids.contains(&&*created.id) && !ids.contains(&&*fulfilled.id),
        "{ids:?}"
    );
    let again = claimed.iter().find(|it| it.id == created.id).expect("it");
    record(&app.service, again, RECEIVED).await;
    let next = claim(&app.service).await;
    assert_eq!((next.len(), &next[0].id), (1, &fulfilled.id));
    app.finish().await;
}

#[tokio::test]
async fn only_what_was_for_the_endpoint_can_be_asked_for() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    let (other, _) = app.endpoint(&["customer.deactivated"]).await;
    app.order_of("ada@example.com").await;
    let first = claim(&app.service).await.remove(0);
    record(&app.service, &first, RECEIVED).await;
    for (endpoint, event) in [
        (&*other, &*first.id),
        (&id, "evt_unknown"),
        ("whk_unknown", &first.id),
    ] {
        app.redeliver(endpoint, event)
            .await
            .refused(404, "NOT_FOUND");
    }
    assert!(claim(&app.service).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_sends_once() {
    let app = App::start().await;
    let (id, _) = app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let first = claim(&app.service).await.remove(0);
    record(&app.service, &first, RECEIVED).await;
    let path = format!(
        "/v1/webhook-endpoints/{id}/deliveries/{}/redeliver",
        first.id
    );
    for sent in [1, 0] {
        app.keyed("k", Method::POST, &path, json!({})).await.is(200);
        let claimed = claim(&app.service).await;
        assert_eq!(claimed.len(), sent);
        for one in claimed {
            record(&app.service, &one, RECEIVED).await;
        }
    }
    app.finish().await;
}
