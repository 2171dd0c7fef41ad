//! What is sent, in which order, and how often.

use super::*;

#[tokio::test]
async fn an_endpoint_gets_the_events_that_it_names_from_its_creation_on() {
    let app = App::start().await;
    app.order_of("early@example.com").await;
    let (_, secret) = app.endpoint(&["order.created"]).await;
    app.endpoint(&["customer.deactivated"]).await;
    let order = app.order_of("ada@example.com").await;

    let claimed = claim(&app.service).await;
    assert_eq!(
        claimed.len(),
        1,
        "neither what came before, nor other events"
    );
    let delivery = &claimed[0];
    let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
    assert_eq!(body["event"], "order.created");
    assert_eq!(body["data"]["orderId"], *order);
    let read = app.get(&format!("/v1/orders/{order}")).await;
    assert_eq!(body["timestamp"], read.is(200)["createdAt"]);

    // A receiver that was generated from the contract reads it.
    let received = receive(delivery, &secret).expect("it is what the contract says");
    assert_eq!(received.name(), "order.created");
    assert!(delivery.id.starts_with("evt_"));

    assert!(claim(&app.service).await.is_empty(), "it is being sent");
    assert_eq!(
        record(&app.service, delivery, RECEIVED).await,
        Outcome::Delivered
    );
    app.advance_days(2);
    assert!(claim(&app.service).await.is_empty(), "it was received");
    assert_eq!(app.states().await, [(1, WebhookDeliveryState::Succeeded)]);
    app.finish().await;
}

#[tokio::test]
async fn two_endpoints_get_an_event_under_one_id() {
    let app = App::start().await;
    let (_, first) = app.endpoint(&["order.created"]).await;
    let (_, second) = app.endpoint(&["order.created", "order.fulfilled"]).await;
    assert_ne!(first, second);
    app.order_of("ada@example.com").await;
    let claimed = claim(&app.service).await;
    assert_eq!(claimed.len(), 2);
    assert_eq!(claimed[0].id, claimed[1].id);
    assert_eq!(claimed[0].body, claimed[1].body);
    // One of them is down; the other one does not wait for it.
    record(&app.service, &claimed[0], DOWN).await;
    record(&app.service, &claimed[1], RECEIVED).await;
    app.order_of("bob@example.com").await;
    assert_eq!(claim(&app.service).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn events_of_a_resource_wait_for_the_earlier_one() {
    let app = App::start().await;
    app.endpoint(&["order.created", "order.fulfilled"]).await;
    app.renting("ada@example.com", "A1").await;
    app.order_of("bob@example.com").await;
    let kinds: Vec<String> = app.event_kinds().await;
    assert!(kinds.contains(&"order.fulfilled".to_owned()));

    let claimed = claim(&app.service).await;
    let events: Vec<String> = claimed.iter().map(event).collect();
    assert_eq!(
        events,
        ["order.created", "order.created"],
        "one of each order"
    );
    record(&app.service, &claimed[0], DOWN).await;
    record(&app.service, &claimed[1], RECEIVED).await;
    assert!(claim(&app.service).await.is_empty());

    app.advance(SignedDuration::from_secs(5));
    let again = claim(&app.service).await;
    assert_eq!(again.len(), 1);
    assert_eq!(
        (&again[0].id, &again[0].body),
        (&claimed[0].id, &claimed[0].body)
    );
    assert!(claim(&app.service).await.is_empty(), "it still waits");
    record(&app.service, &again[0], RECEIVED).await;
    let next = claim(&app.service).await;
    let events: Vec<String> = next.iter().map(event).collect();
    assert_eq!(events, ["order.fulfilled"]);
    assert_ne!(next[0].id, claimed[0].id);
    app.finish().await;
}

#[tokio::test]
async fn whatever_is_not_2xx_is_tried_again_after_longer_and_longer_waits() {
    let app = App::start().await;
    app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let mut ids = vec![];
    for (attempt, wait) in [
        (Attempt::Answered(500), 5),
        (Attempt::Answered(302), 30),
        (Attempt::Answered(404), 300),
        (Attempt::Answered(199), 1800),
        (DOWN, 7200),
    ] {
        let claimed = claim(&app.service).await;
        assert_eq!(claimed.len(), 1, "before {attempt:?}");
        ids.push(claimed[0].id.clone());
        assert_eq!(
            record(&app.service, &claimed[0], attempt).await,
            Outcome::PutOff
        );
        app.advance(SignedDuration::from_secs(wait - 1));
        assert!(claim(&app.service).await.is_empty(), "before {wait} s");
        app.advance(SignedDuration::from_secs(1));
    }
    let claimed = claim(&app.service).await;
    ids.push(claimed[0].id.clone());
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    record(&app.service, &claimed[0], Attempt::Answered(299)).await;
    assert_eq!(app.states().await, [(6, WebhookDeliveryState::Succeeded)]);
    app.finish().await;
}

#[tokio::test]
async fn after_a_day_it_is_given_up_and_the_next_event_is_sent() {
    let app = App::start().await;
    app.endpoint(&["order.created", "order.fulfilled"]).await;
    app.renting("ada@example.com", "A1").await;
    let start = app.clock().now();
    let mut tries = 0;
    loop {
        let claimed = claim(&app.service).await;
        if claimed.is_empty() {
            app.advance(SignedDuration::from_mins(10));
            continue;
        }
        assert_eq!(event(&claimed[0]), "order.created");
        tries += 1;
        if record(&app.service, &claimed[0], DOWN).await == Outcome::GivenUp {
            break;
        }
    }
    let hours = app.clock().now().duration_since(start).as_hours();
    assert_eq!(hours, 24);
    assert!(tries > 5, "{tries}");
    let next = claim(&app.service).await;
    assert_eq!(event(&next[0]), "order.fulfilled");
    // It has a day of its own.
    assert_eq!(record(&app.service, &next[0], DOWN).await, Outcome::PutOff);
    let states: Vec<_> = app.states().await.into_iter().map(|it| it.1).collect();
    let expected = [WebhookDeliveryState::Failed, WebhookDeliveryState::Pending];
    assert_eq!(states, expected);
    app.finish().await;
}

#[tokio::test]
async fn what_a_process_left_behind_is_sent_by_another_one() {
    let app = App::start().await;
    app.endpoint(&["order.created"]).await;
    app.order_of("ada@example.com").await;
    let beside = app.beside().await;
    let lost = claim(&app.service).await;
    assert_eq!(lost.len(), 1);
    assert!(claim(&beside.service).await.is_empty(), "it is being sent");
    app.advance(SignedDuration::from_secs(60));
    let again = claim(&beside.service).await;
    assert_eq!((again.len(), &again[0].id), (1, &lost[0].id));
    // The first one was not gone, only slow: what it heard counts if it is good news.
    assert_eq!(
        record(&app.service, &lost[0], DOWN).await,
        Outcome::Overtaken
    );
    assert_eq!(
        record(&app.service, &lost[0], RECEIVED).await,
        Outcome::Delivered
    );
    assert_eq!(
        record(&beside.service, &again[0], DOWN).await,
        Outcome::Overtaken
    );
    assert_eq!(app.states().await, [(2, WebhookDeliveryState::Succeeded)]);
    beside.finish().await;
    app.finish().await;
}

/// Two processes look at the same events, and claim the same deliveries, while events are written.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_claimed_once_whoever_looks() {
    let app = App::start().await;
    app.endpoint(&["order.created", "customer.deactivated"])
        .await;
    app.variant("V").await;
    let beside = app.beside().await;
    let writing = async {
        for index in 0..40 {
            app.order(&format!("c{index}@example.com"), "V", 1).await;
        }
    };
    let receiving = async |service: &Service| {
        let mut received = vec![];
        for _ in 0..60 {
            for delivery in claim(service).await {
                record(service, &delivery, RECEIVED).await;
                received.push(delivery.id);
            }
        }
        received
    };
    let ((), first, second) =
        tokio::join!(writing, receiving(&app.service), receiving(&beside.service));
    let mut received = [first, second].concat();
    loop {
        let rest = claim(&app.service).await;
        if rest.is_empty() {
            break;
        }
        for delivery in rest {
            record(&app.service, &delivery, RECEIVED).await;
            received.push(delivery.id);
        }
    }
    received.sort();
    let count = received.len();
    received.dedup();
    assert_eq!((received.len(), count), (40, 40));
    beside.finish().await;
    app.finish().await;
}
