//! What hooks see of each attempt, and what they change.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Attempt, Outcome};
use support::{Server, deleted, no_answer, refusal};

#[tokio::test]
async fn hooks_stand_before_and_after_each_attempt() {
    let server = Server::start(vec![
        no_answer(),
        refusal(429, "RATE_LIMITED").with("Request-Id", "req_1"),
        deleted("cust_1").with("X-Request-Id", "req_2"),
    ]);
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let (early, late) = (Arc::clone(&heard), Arc::clone(&heard));
    let before = move |attempt: &mut Attempt<'_>| {
        let number = attempt.number();
        assert!(attempt.request().headers().contains_key("authorization"));
        assert!(!format!("{attempt:?}").contains("secret-key"));
        let value = number.to_string().parse().unwrap();
        attempt.headers_mut().append("x-attempt", value);
        let said = format!("{} {number}", attempt.operation());
        early.lock().unwrap().push(said);
    };
    let after = move |outcome: &Outcome<'_>| {
        assert!(outcome.duration() > Duration::ZERO);
        assert!(!format!("{outcome:?}").contains("cust_1"), "{outcome:?}");
        let said = format!(
            "{} {} {:?} {:?} {}",
            outcome.operation(),
            outcome.attempt(),
            outcome.status().map(|status| status.as_u16()),
            outcome.request_id(),
            outcome.error().is_some(),
        );
        late.lock().unwrap().push(said);
    };
    let client = server.builder().before_attempt(before).after_attempt(after);
    client
        .build()
        .unwrap()
        .delete_customer("cust_1")
        .await
        .unwrap();
    assert_eq!(
        *heard.lock().unwrap(),
        [
            "deleteCustomer 1",
            "deleteCustomer 1 None None true",
            "deleteCustomer 2",
            "deleteCustomer 2 Some(429) Some(\"req_1\") false",
            "deleteCustomer 3",
            "deleteCustomer 3 Some(200) Some(\"req_2\") false",
        ]
    );
    let seen = server.seen();
    let numbers: Vec<_> = seen.iter().map(|one| one.header("x-attempt")).collect();
    assert_eq!(numbers, [Some("1"), Some("2"), Some("3")]);
    let key = |index: usize| seen[index].header("idempotency-key").unwrap();
    assert_eq!((key(0), key(1)), (key(1), key(2)));
}

#[tokio::test]
async fn hooks_are_called_in_their_order() {
    let server = Server::start(vec![deleted("cust_1")]);
    let say = |word: &'static str| {
        move |attempt: &mut Attempt<'_>| {
            let said = attempt.headers_mut().remove("x-said");
            let said = said.map_or(String::new(), |said| said.to_str().unwrap().to_owned());
            let value = format!("{said}{word}").parse().unwrap();
            attempt.headers_mut().insert("x-said", value);
        }
    };
    let builder = server.builder().before_attempt(say("a"));
    let client = builder.before_attempt(say("b")).build().unwrap();
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(server.seen()[0].header("x-said"), Some("ab"));
}
