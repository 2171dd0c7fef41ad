//! What a plan allows in a minute: counted over all keys and servers of a tenant, and told with every answer.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{Error, Options, PostgresOptions, SqliteOptions, params};

use super::support::{Answer, App, ORGANISATION_KEY, TENANT};

/// A tenant of its own.
pub(super) struct Starter {
    pub(super) id: String,
    pub(super) key: String,
}

impl Starter {
    /// Made over the API, as an organisation does.
    pub(super) async fn new(app: &App) -> Starter {
        let authorization = format!("Bearer {ORGANISATION_KEY}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let body = json!({
            "name": "Small", "currency": "EUR", "country": "DE", "timezone": "Europe/Berlin",
            "industry": "electronics", "tier": "starter"
        });
        let made = app
            .send(Method::POST, "/v1/tenants", &headers, body.to_string())
            .await;
        made.is(201);
        without_quota(&made);
        let id = made.text("/tenantId");
        let key = Starter::key(app, &id, json!({ "name": "shop" })).await;
        Starter { id, key }
    }

    pub(super) async fn key(app: &App, id: &str, body: Value) -> String {
        let authorization = format!("Bearer {ORGANISATION_KEY}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let path = format!("/v1/tenants/{id}/api-keys");
        let made = app
            .send(Method::POST, &path, &headers, body.to_string())
            .await;
        made.text("/apiKey")
    }

    async fn send(&self, app: &App, method: Method, path: &str, body: Option<Value>) -> Answer {
        app.json_as(&self.key, &self.id, method, path, body).await
    }

    async fn get(&self, app: &App) -> Answer {
        self.send(app, Method::GET, "/v1/customers", None).await
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer
        .headers
        .get(name)
        .map(|it| it.to_str().expect("text"))
}

/// What is left, and for how many seconds.
#[track_caller]
fn quota(answer: &Answer) -> (u32, u32) {
    assert_eq!(
        header(answer, "ratelimit-policy"),
        Some("\"minute\";q=100;w=60")
    );
    let left = header(answer, "ratelimit").expect("a limited tenant hears what is left");
    let left = left
        .strip_prefix("\"minute\";r=")
        .expect("the policy's name");
    let (remaining, reset) = left.split_once(";t=").expect("both parameters");
    (
        remaining.parse().expect("a number"),
        reset.parse().expect("a number"),
    )
}

#[track_caller]
fn without_quota(answer: &Answer) {
    for name in ["ratelimit", "ratelimit-policy"] {
        assert_eq!(header(answer, name), None, "{name}");
    }
}

#[tokio::test]
async fn the_request_beyond_the_limit_is_refused_on_every_server() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let beside = app.beside().await;
    app.advance(SignedDuration::from_secs(20));
    for sent in 0..100 {
        let server = if sent % 3 == 0 { &beside } else { &app };
        let answer = starter.get(server).await;
        answer.is(200);
        assert_eq!(quota(&answer).0, 99 - sent);
    }
    // One that is started now, too.
    let later = app.beside().await;
    for server in [&app, &beside, &later] {
        let product = json!({ "name": "none" });
        let path = "/v1/customers/x";
        let answer = starter
            .send(server, Method::DELETE, path, Some(product))
            .await;
        answer.refused(429, "RATE_LIMITED");
        let (remaining, reset) = quota(&answer);
        let retry = header(&answer, "retry-after").expect("when to come again");
        assert_eq!((remaining, retry.parse()), (0, Ok(reset)));
        assert!((30..=40).contains(&reset), "{reset}");
        // Others are not counted.
        let other = server.get("/v1/customers").await;
        other.is(200);
        without_quota(&other);
    }
    app.advance(SignedDuration::from_secs(40));
    let answer = starter.get(&beside).await;
    answer.is(200);
    assert_eq!(quota(&answer).0, 99);
    assert_eq!(quota(&starter.get(&app).await).0, 98);
    later.finish().await;
    beside.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn every_answer_says_what_is_left_and_keys_share_it() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let reads = json!({ "name": "reads", "permissions": ["customers:read"] });
    let reads = Starter {
        key: Starter::key(&app, &starter.id, reads).await,
        id: starter.id.clone(),
    };
    let get = |path: &'static str| starter.send(&app, Method::GET, path, None);
    let answers = [
        (200, get("/v1/customers").await),
        (400, get("/v1/customers?limit=0").await),
        (404, get("/v1/customers/nobody").await),
        (403, reads.send(&app, Method::GET, "/v1/orders", None).await),
        (
            400,
            starter
                .send(&app, Method::POST, "/v1/orders", Some(json!({})))
                .await,
        ),
        (200, reads.get(&app).await),
    ];
    for ((status, answer), left) in answers.iter().zip((0..100).rev()) {
        answer.is(*status);
        assert_eq!(quota(answer).0, left, "{status}");
    }
    let etag = get("/v1/settings").await.headers["etag"].clone();
    let authorization = format!("Bearer {}", starter.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", &starter.id),
        ("if-none-match", etag.to_str().expect("text")),
    ];
    let unchanged = app.send(Method::GET, "/v1/settings", &headers, "").await;
    unchanged.is(304);
    assert_eq!(quota(&unchanged).0, 92);

    // Whose tenant nobody knows is not counted.
    let stranger = app
        .json_as(&starter.key, TENANT, Method::GET, "/v1/customers", None)
        .await;
    stranger.refused(403, "NO_TENANT_ACCESS");
    without_quota(&stranger);
    let wrong = app
        .json_as("fp_x_y", &starter.id, Method::GET, "/v1/customers", None)
        .await;
    wrong.refused(401, "INVALID_TOKEN");
    without_quota(&wrong);
    assert_eq!(quota(&starter.get(&app).await).0, 91);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_request_changes_nothing() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let product = |sku: &str| {
        json!({ "productSku": sku, "name": "n", "specification": "s", "category": "c", "brand": "b",
                "variants": [{ "variantSku": sku, "variantName": "v", "grade": "A",
                               "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] }] })
    };
    let path = "/v1/products";
    let made = starter.send(&app, Method::POST, path, Some(product("A")));
    made.await.is(201);
    for _ in 1..100 {
        starter.get(&app).await.is(200);
    }
    let refused = starter.send(&app, Method::POST, path, Some(product("B")));
    refused.await.refused(429, "RATE_LIMITED");
    app.advance(SignedDuration::from_secs(60));
    let list = starter.send(&app, Method::GET, path, None).await;
    assert_eq!(list.is(200)["count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    for _ in 0..100 {
        starter.get(&app).await.is(200);
    }
    let authorization = format!("Bearer {}", starter.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", &starter.id),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    let change = async |number: &str| {
        let body = json!({ "taxes": { "vatNumber": number } }).to_string();
        app.send(Method::PATCH, "/v1/settings", &headers, body)
            .await
    };
    change("one").await.refused(429, "RATE_LIMITED");
    app.advance(SignedDuration::from_secs(60));
    // It may be sent again, also changed.
    let changed = change("two").await;
    assert_eq!(changed.is(200)["settings"]["taxes"]["vatNumber"], "two");
    assert_eq!(header(&changed, "idempotency-replayed"), None);
    change("one").await.refused(409, "IDEMPOTENCY_KEY_REUSED");
    app.finish().await;
}

#[tokio::test]
async fn of_a_crowd_on_two_servers_as_many_pass_as_may() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let beside = app.beside().await;
    for round in 0..3 {
        let half = |server| (0..80).map(move |_| server);
        let mut crowd = Vec::new();
        for (one, other) in half(&app).zip(half(&beside)) {
            crowd.push(Box::pin(starter.get(one)));
            crowd.push(Box::pin(starter.get(other)));
        }
        let answers = at_once(crowd).await;
        let passed: Vec<_> = answers.iter().filter(|it| it.status == 200).collect();
        assert_eq!(passed.len(), 100, "round {round}");
        let refused = answers.iter().filter(|it| it.status == 429);
        assert_eq!(refused.count(), 60, "round {round}");
        app.advance(SignedDuration::from_secs(60));
    }
    beside.finish().await;
    app.finish().await;
}

/// All of them, in the order in which they were given.
async fn at_once<F: Future<Output = Answer> + Unpin>(mut all: Vec<F>) -> Vec<Answer> {
    let mut answers = vec![None; all.len()];
    let mut left: BTreeSet<usize> = (0..all.len()).collect();
    std::future::poll_fn(|context| {
        left.retain(
            |index| match std::pin::Pin::new(&mut all[*index]).poll(context) {
                std::task::Poll::Ready(answer) => {
                    answers[*index] = Some(answer);
                    false
                }
                std::task::Poll::Pending => true,
            },
        );
        match left.is_empty() {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_database_that_does_not_count_in_time_refuses_nobody_for_the_rate() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let hasty = Options {
        sqlite: SqliteOptions {
            busy_timeout: Duration::from_millis(50),
            ..SqliteOptions::default()
        },
        postgres: PostgresOptions {
            lock_timeout: Duration::from_millis(50),
            ..PostgresOptions::default()
        },
        ..Options::default()
    };
    let hasty = app.beside_with(hasty).await;
    assert_eq!(quota(&starter.get(&hasty).await).0, 99);
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (locking, locked) = tokio::sync::oneshot::channel::<()>();
    let mut locking = Some(locking);
    let store = app.service.store().clone();
    let holder = tokio::spawn(async move {
        let held: Result<(), Error> = store
            .write(move |tx| {
                tx.execute("UPDATE rate_windows SET requests = requests", params![])?;
                let _ = locking.take().expect("runs once").send(());
                held.recv().expect("the test releases it");
                Ok(())
            })
            .await;
        held
    });
    locked.await.expect("the count is locked");
    let put_off = starter.get(&hasty).await;
    put_off.refused(503, "SERVICE_UNAVAILABLE");
    assert_eq!(header(&put_off, "retry-after"), Some("1"));
    // Nobody waits for that who has no limit.
    hasty.get("/v1/customers").await.is(200);
    release.send(()).expect("the holder waits");
    holder.await.expect("no panic").expect("committed");
    assert_eq!(quota(&starter.get(&hasty).await).0, 98);
    hasty.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn growth_and_enterprise_have_no_limit() {
    let app = App::start().await;
    let authorization = format!("Bearer {ORGANISATION_KEY}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    for tier in ["growth", "enterprise"] {
        let body = json!({ "name": "Large", "currency": "EUR", "country": "DE", "tier": tier });
        let path = "/v1/tenants";
        let made = app
            .send(Method::POST, path, &headers, body.to_string())
            .await;
        let id = made.text("/tenantId");
        let key = Starter::key(&app, &id, json!({ "name": "shop" })).await;
        let large = Starter { id, key };
        for _ in 0..=100 {
            let answer = large.get(&app).await;
            answer.is(200);
            without_quota(&answer);
        }
    }
    app.finish().await;
}
