//! Replacing the secret of an endpoint.

use super::*;

impl App {
    async fn rotate(&self, endpoint: &str, body: Value) -> Answer {
        let path = format!("/v1/webhook-endpoints/{endpoint}/rotate-secret");
        self.post(&path, body).await
    }

    /// What is sent to the only endpoint when a customer orders.
    async fn sent(&self, email: &str) -> Delivery {
        self.order_of(email).await;
        let mut claimed = claim(&self.service).await;
        assert_eq!(claimed.len(), 1);
        claimed.remove(0)
    }

    /// How many secrets are stored of those that were replaced.
    async fn previous_secrets(&self) -> usize {
        let store = self.service.store();
        let tenant = TENANT.into();
        let read = store.write_in(&tenant, store::webhooks::endpoints::lock_all);
        let rows = read.await.expect("endpoints are readable");
        rows.iter()
            .filter(|row| row.previous_secret.is_some())
            .count()
    }
}

fn verifies(delivery: &Delivery, secrets: &[&str]) -> Vec<bool> {
    let verifies = |secret: &&str| receive(delivery, secret).is_some();
    secrets.iter().map(verifies).collect()
}

#[tokio::test]
async fn for_a_day_both_secrets_sign_the_new_one_first() {
    let app = App::start().await;
    let (id, old) = app.endpoint(&["order.created"]).await;
    let before = app.clock().now();
    let answer = app.act_on(&id, "rotate-secret").await;
    let new = answer.text("/secret");
    let expires = answer.text("/previousSecretExpiresAt");
    let expected = json!({
        "success": true, "message": answer.body["message"], "endpointId": id, "secret": new,
        "previousSecretExpiresAt": expires,
    });
    assert_eq!(answer.is(200), &expected);
    assert_ne!(new, old);
    let until = at(&answer.body["previousSecretExpiresAt"]);
    let lasting = until.duration_since(before);
    assert_eq!(lasting.as_hours(), 24);
    assert!(lasting < SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    let listed = app.get("/v1/webhook-endpoints").await;
    assert_eq!(
        listed.is(200)["endpoints"][0]["previousSecretExpiresAt"],
        *expires
    );
    assert!(!listed.body.to_string().contains("whsec_"));

    let delivery = app.sent("ada@example.com").await;
    assert_eq!(verifies(&delivery, &[&new, &old]), [true, true]);
    let revealed: Vec<String> = delivery.secrets.iter().map(|it| it.reveal()).collect();
    assert_eq!(revealed, [&*new, &*old]);
    record(&app.service, &delivery, RECEIVED).await;

    app.wait_until(until - SignedDuration::from_secs(1));
    let delivery = app.sent("bob@example.com").await;
    assert_eq!(verifies(&delivery, &[&new, &old]), [true, true]);
    record(&app.service, &delivery, RECEIVED).await;
    app.wait_until(until);
    let delivery = app.sent("eve@example.com").await;
    assert_eq!(verifies(&delivery, &[&new, &old]), [true, false]);
    let listed = app.get("/v1/webhook-endpoints").await;
    assert_eq!(
        listed.is(200)["endpoints"][0].get("previousSecretExpiresAt"),
        None
    );
    assert_eq!(app.previous_secrets().await, 1);
    app.service.forget_webhooks().await.expect("it clears up");
    assert_eq!(app.previous_secrets().await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_old_secret_ends_when_the_request_says() {
    let app = App::start().await;
    let (id, first) = app.endpoint(&["order.created"]).await;
    for body in [
        json!({ "expiresInHours": -1 }),
        json!({ "expiresInHours": 169 }),
        json!({ "expiresInHours": 1.5 }),
        json!({ "expiresInHours": "24" }),
    ] {
        let answer = app.rotate(&id, body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "expiresInHours");
    }
    let week = app.rotate(&id, json!({ "expiresInHours": 168 })).await;
    let second = week.text("/secret");
    let delivery = app.sent("ada@example.com").await;
    assert_eq!(verifies(&delivery, &[&second, &first]), [true, true]);
    record(&app.service, &delivery, RECEIVED).await;
    app.service.forget_webhooks().await.expect("it clears up");
    assert_eq!(app.previous_secrets().await, 1, "it has its time");

    // Neither those before nor the one before them.
    let at_once = app.rotate(&id, json!({ "expiresInHours": 0 })).await;
    let third = at_once.text("/secret");
    assert!(at(&at_once.is(200)["previousSecretExpiresAt"]) <= app.clock().now());
    assert_eq!(app.previous_secrets().await, 0);
    let delivery = app.sent("bob@example.com").await;
    let known = verifies(&delivery, &[&third, &second, &first]);
    assert_eq!(known, [true, false, false]);
    app.finish().await;
}

#[tokio::test]
async fn the_latest_two_secrets_sign() {
    let app = App::start().await;
    let (id, first) = app.endpoint(&["order.created"]).await;
    let second = app
        .rotate(&id, json!({ "expiresInHours": 168 }))
        .await
        .text("/secret");
    let third = app.rotate(&id, json!({})).await.text("/secret");
    let delivery = app.sent("ada@example.com").await;
    let known = verifies(&delivery, &[&third, &second, &first]);
    assert_eq!(known, [true, true, false]);
    // What failed is signed anew with every try.
    record(&app.service, &delivery, DOWN).await;
    let fourth = app.rotate(&id, json!({})).await.text("/secret");
    app.advance(SignedDuration::from_secs(5));
    let again = claim(&app.service).await;
    assert_eq!(again[0].id, delivery.id);
    let known = verifies(&again[0], &[&fourth, &third, &second]);
    assert_eq!(known, [true, true, false]);
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_rotation_happens_once() {
    let app = App::start().await;
    let (id, first) = app.endpoint(&["order.created"]).await;
    let path = format!("/v1/webhook-endpoints/{id}/rotate-secret");
    let mut secrets = vec![];
    for _ in 0..2 {
        let answer = app.keyed("k", Method::POST, &path, json!({})).await;
        secrets.push(answer.text("/secret"));
    }
    assert_eq!(secrets[0], secrets[1]);
    let delivery = app.sent("ada@example.com").await;
    assert_eq!(verifies(&delivery, &[&secrets[0], &first]), [true, true]);
    app.finish().await;
}
