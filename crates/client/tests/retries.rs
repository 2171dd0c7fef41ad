//! Which refused requests are sent again, and when.

mod support;

use std::future::Future;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use client::{RetryPolicy, Sleeper};
use support::{Clock, Server, answer, customer, deleted, no_answer, refusal};

/// A client whose waits are written down.
fn with_clock(server: &Server, policy: RetryPolicy) -> (client::Client, Clock) {
    let clock = Clock::default();
    let policy = policy.sleeper(Arc::new(clock.clone()));
    (
        server
            .builder()
            .retry(policy)
            .build()
            .expect("the settings are complete"),
        clock,
    )
}

#[tokio::test]
async fn retry_after_in_seconds_is_waited_for() {
    let busy = || refusal(429, "RATE_LIMITED").with("Retry-After", "7");
    let server = Server::start(vec![busy(), busy(), deleted("cust_1")]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(clock.waits_ms(), [7_000, 7_000]);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert!(
        seen.iter()
            .all(|request| request.header("authorization") == Some("Bearer secret-key"))
    );
}

#[tokio::test]
async fn retry_after_as_a_date_counts_from_the_servers_clock() {
    for until in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        let busy = refusal(503, "INTERNAL_ERROR")
            .with("Date", "Sun, 06 Nov 1994 08:49:07 GMT")
            .with("Retry-After", until);
        let server = Server::start(vec![busy, deleted("cust_1")]);
        let (client, clock) = with_clock(&server, RetryPolicy::default());
        client.delete_customer("cust_1").await.unwrap();
        assert_eq!(clock.waits_ms(), [30_000], "{until}");
    }
}

#[tokio::test]
async fn dates_count_right_over_leap_days_and_years() {
    let busy = refusal(503, "INTERNAL_ERROR")
        .with("Date", "Wed, 28 Feb 2024 23:59:30 GMT")
        .with("Retry-After", "Thu, 29 Feb 2024 00:00:00 GMT");
    let again = refusal(503, "INTERNAL_ERROR")
        .with("Date", "Tue, 31 Dec 2024 23:59:50 GMT")
        .with("Retry-After", "Wed, 01 Jan 2025 00:00:10 GMT");
    let march = refusal(503, "INTERNAL_ERROR")
        .with("Date", "Thu, 29 Feb 2024 23:59:59 GMT")
        .with("Retry-After", "Fri, 01 Mar 2024 00:00:05 GMT");
    let server = Server::start(vec![busy, again, march, deleted("cust_1")]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(clock.waits_ms(), [30_000, 20_000, 6_000]);
}

#[tokio::test]
async fn attempts_are_bounded_and_the_last_refusal_is_given() {
    let busy = || refusal(429, "RATE_LIMITED").with("Retry-After", "1");
    let server = Server::start(vec![busy(), busy(), busy(), deleted("cust_1")]);
    let (client, clock) = with_clock(&server, RetryPolicy::default().attempts(3));
    let error = client.delete_customer("cust_1").await.unwrap_err();
    assert_eq!(error.code().as_deref(), Some("RATE_LIMITED"));
    assert_eq!((clock.waits_ms().len(), server.seen().len()), (2, 3));
}

#[tokio::test]
async fn a_server_that_asks_for_too_much_is_not_asked_again() {
    let busy = |seconds: &str| refusal(429, "RATE_LIMITED").with("Retry-After", seconds);
    let server = Server::start(vec![busy("40"), busy("40")]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    let error = client.delete_customer("cust_1").await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 429);
    assert_eq!(
        clock.waits_ms(),
        [40_000],
        "80 s are more than the 60 s a call may wait"
    );
}

#[tokio::test]
async fn without_the_header_waits_double() {
    let busy = || refusal(429, "RATE_LIMITED");
    let server = Server::start(vec![busy(), busy(), busy(), deleted("cust_1")]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(clock.waits_ms(), [500, 1_000, 2_000]);
}

#[tokio::test]
async fn a_change_that_may_have_happened_is_not_repeated() {
    let quote = || client::types::BuyoutQuoteRequest {
        rental_id: "sub_1".into(),
    };
    let server = Server::start(vec![refusal(503, "INTERNAL_ERROR"), no_answer()]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    let error = client.calculate_buyout_price(&quote()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
    let error = client.calculate_buyout_price(&quote()).await.unwrap_err();
    assert_eq!(error.status(), None, "{error}");
    assert!(clock.waits_ms().is_empty());
}

#[tokio::test]
async fn what_does_no_harm_twice_is_repeated_without_an_answer() {
    let server = Server::start(vec![
        no_answer(),
        no_answer(),
        answer(200, customer("cust_1")),
    ]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.get_customer("cust_1").await.unwrap();
    assert_eq!(clock.waits_ms(), [500, 1_000]);
    assert_eq!(server.seen().len(), 3);

    let server = Server::start(vec![
        no_answer(),
        no_answer(),
        answer(200, customer("cust_1")),
    ]);
    let (client, _) = with_clock(&server, RetryPolicy::default().attempts(2));
    let error = client.get_customer("cust_1").await.unwrap_err();
    assert_eq!(error.to_string(), "the connection failed");
    assert_eq!(server.seen().len(), 2);
}

/// Starts a server when it is first waited.
struct Late {
    address: String,
    server: OnceLock<Server>,
}

impl Sleeper for Late {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let script = || vec![refusal(400, "VALIDATION_ERROR")];
        self.server
            .get_or_init(|| Server::listen(&self.address, script()));
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_change_that_met_no_server_is_sent_again() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let late = Arc::new(Late {
        address: address.clone(),
        server: OnceLock::new(),
    });
    let client = client::Client::builder(format!("http://{address}"))
        .token("k")
        .tenant_id("acme")
        .retry(RetryPolicy::default().sleeper(Arc::clone(&late) as Arc<dyn Sleeper>))
        .build()
        .unwrap();
    let quote = client::types::BuyoutQuoteRequest {
        rental_id: "sub_1".into(),
    };
    let error = client.calculate_buyout_price(&quote).await.unwrap_err();
    assert_eq!(error.code().as_deref(), Some("VALIDATION_ERROR"));
    assert_eq!(late.server.get().unwrap().seen().len(), 1);
}

#[tokio::test]
async fn a_call_can_have_a_limit_of_its_own() {
    // It takes connections, and never reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client::Client::builder(format!("http://{}", silent.local_addr().unwrap()))
        .token("k")
        .tenant_id("acme")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let hurried = client.with_timeout(Duration::from_millis(20));
    let started = Instant::now();
    let error = hurried.get_customer("cust_1").await.unwrap_err();
    assert_eq!(error.to_string(), "the answer took too long");
    let usual = Duration::from_secs(30);
    assert!(started.elapsed() < usual, "that is the limit of every call");
}

#[tokio::test]
async fn a_change_with_a_key_is_repeated_under_it_whatever_happened() {
    let server = Server::start(vec![
        no_answer(),
        refusal(503, "INTERNAL_ERROR"),
        deleted("cust_1"),
        deleted("cust_1"),
    ]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(clock.waits_ms(), [500, 1_000]);
    client.delete_customer("cust_1").await.unwrap();
    let seen = server.seen();
    let keys: Vec<&str> = seen
        .iter()
        .map(|request| request.header("idempotency-key").expect("a key"))
        .collect();
    assert_eq!(keys.len(), 4);
    assert_eq!((keys[0], keys[1]), (keys[1], keys[2]));
    assert_ne!(keys[2], keys[3], "another call");
    assert!(keys[0].len() >= 32, "{keys:?}");
}

#[tokio::test]
async fn keys_and_versions_can_be_given() {
    let server = Server::start(vec![no_answer(), deleted("cust_1"), deleted("cust_1")]);
    let (client, _) = with_clock(&server, RetryPolicy::default());
    let mine = client.with_idempotency_key("order 4711").unwrap();
    mine.delete_customer("cust_1").await.unwrap();
    let mine = client.with_if_match("\"abc\"").unwrap();
    mine.delete_customer("cust_1").await.unwrap();
    let seen = server.seen();
    for request in &seen[..2] {
        assert_eq!(request.header("idempotency-key"), Some("order 4711"));
        assert_eq!(request.header("if-match"), None);
    }
    assert_eq!(seen[2].header("if-match"), Some("\"abc\""));
    assert_ne!(seen[2].header("idempotency-key"), Some("order 4711"));
    let refused = client.with_idempotency_key("two\nlines").unwrap_err();
    assert!(refused.to_string().contains("line break"), "{refused}");
}

#[tokio::test]
async fn uploads_are_sent_again_whole() {
    let server = Server::start(vec![
        refusal(429, "RATE_LIMITED").with("Retry-After", "0"),
        refusal(400, "VALIDATION_ERROR"),
    ]);
    let (client, _) = with_clock(&server, RetryPolicy::default());
    let file = client::Upload::new("a.csv", "sku\n");
    client.import_products_csv(&file).await.unwrap_err();
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn other_refusals_and_switched_off_retries_are_final() {
    let server = Server::start(vec![
        refusal(409, "CUSTOMER_HAS_PENDING_ORDERS").with("Retry-After", "1"),
    ]);
    let (client, clock) = with_clock(&server, RetryPolicy::default());
    client.delete_customer("cust_1").await.unwrap_err();
    assert!(clock.waits_ms().is_empty());

    let server = Server::start(vec![refusal(429, "RATE_LIMITED").with("Retry-After", "1")]);
    let (client, clock) = with_clock(&server, RetryPolicy::none());
    client.delete_customer("cust_1").await.unwrap_err();
    assert!(clock.waits_ms().is_empty());
}

#[tokio::test]
async fn reads_follow_redirects_within_their_origin_only() {
    let server = Server::start(vec![
        answer(307, serde_json::json!({})).with("Location", "/v1/customers/cust_2"),
        answer(200, customer("cust_2")),
    ]);
    let following = |server: &Server| server.builder().follow_redirects().build().unwrap();
    let found = following(&server).get_customer("cust_1").await.unwrap();
    assert_eq!(found.customer_id, "cust_2");

    let elsewhere = Server::start(vec![answer(200, customer("cust_2"))]);
    let server = Server::start(vec![
        answer(307, serde_json::json!({})).with("Location", format!("{}/steal", elsewhere.url)),
    ]);
    let error = following(&server).get_customer("cust_1").await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn changes_follow_no_redirect() {
    let server = Server::start(vec![
        answer(308, serde_json::json!({})).with("Location", "/v1/customers/cust_2"),
        deleted("cust_2"),
    ]);
    let client = server.builder().follow_redirects().build().unwrap();
    let error = client.delete_customer("cust_1").await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 308);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn policies_have_at_least_one_attempt() {
    let text = format!(
        "{:?}",
        RetryPolicy::default()
            .attempts(0)
            .total_wait(Duration::ZERO)
    );
    assert!(text.contains("attempts: 1"), "{text}");
}
