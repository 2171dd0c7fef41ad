//! Webhooks are verified, then read as what they say they are.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("webhooks");

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use contract_webhooks::{Error, Received, Receiver, Secret, Signed, sign};
use types::support::{DecodeError, TaggedEvent, parse_event_as, violations};
use types::{LostAndFoundBody, OrderCreated, OrderCreatedData, OrderCreatedEvent, Webhook};

#[test]
fn a_signed_body_is_read_as_the_event_it_says() {
    let sent = Webhook::OrderCreated(OrderCreated {
        event: OrderCreatedEvent::OrderCreated.into(),
        data: OrderCreatedData {
            order_id: "ord_1".into(),
        },
    });
    let body = sent.to_json().unwrap();
    let expected = r#"{"event":"order.created","data":{"orderId":"ord_1"}}"#;
    assert_eq!(std::str::from_utf8(&body).unwrap(), expected);
    let received = receive(&body).unwrap();
    assert_eq!(received.delivery.id, "evt_1");
    assert_eq!(received.event, sent);
    assert_eq!(received.event.name(), "order.created");
}

#[test]
fn a_forged_body_is_not_read() {
    let body = br#"{"event":"order.created","data":{"orderId":"ord_1"}}"#;
    let changed = br#"{"event":"order.created","data":{"orderId":"ord_2"}}"#;
    let receiver = Receiver::new(secret());
    let refused = receiver.receive::<Webhook>(&signed(body).headers()[..], changed, now());
    assert_eq!(refused, Err(Error::NoSignatureMatches));
    // What is wrong with it, somebody else need not be told.
    let refused = receiver.receive::<Webhook>(&signed(body).headers()[..], b"{", now());
    assert_eq!(refused, Err(Error::NoSignatureMatches));
}

#[test]
fn an_event_of_a_later_contract_is_passed_on() {
    let body = br#"{"event":"order.lost","data":{"where":[1, 2]}}"#;
    let event = receive(body).unwrap().event;
    assert_eq!(event.name(), "order.lost");
    let Webhook::Unknown(unknown) = &event else {
        panic!("{event:?}")
    };
    assert_eq!(unknown.body(), body);
    assert_eq!(event.to_json().unwrap(), body);
}

#[test]
fn a_later_contract_may_say_more_in_an_event_that_is_known() {
    let body = br#"{"event":"order.rated","stars":6,"mood":"mixed","by":"Ada"}"#;
    let Webhook::OrderRated(rated) = receive(body).unwrap().event else {
        panic!("another event")
    };
    assert_eq!((rated.stars, rated.mood.as_str()), (6, "mixed"));
    let found: Vec<String> = violations(&rated).iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_body_that_cannot_be_read_is_refused_with_its_places() {
    for (body, expected) in [
        (
            r#"{"event":"order.created","data":{}}"#,
            "`data.orderId` is required",
        ),
        (
            r#"{"event":"order.created","data":{"orderId":7}}"#,
            "`data.orderId` must be a string",
        ),
        (
            r#"{"event":"order.rated","stars":"5","mood":"good"}"#,
            "`stars` must be an integer",
        ),
        (r#"{"data":{"orderId":"ord_1"}}"#, "`event` is required"),
        (r#"{"event":null}"#, "`event` must be a string"),
        (r#"["event"]"#, "must be an object"),
        (
            r#"{"event":"thing.lost","things":["a",2]}"#,
            "`things.1` must be a string",
        ),
        (
            r#"{"event":"order.created","event":"order.created","data":{"orderId":"x"}}"#,
            "must not have the property `event` twice",
        ),
        (
            "{",
            "not JSON: the text ends inside an object at line 1 column 1",
        ),
    ] {
        match receive(body.as_bytes()) {
            Err(Error::Invalid(error)) => assert_eq!(error.to_string(), expected, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
        let read = Webhook::parse(body.as_bytes());
        assert_eq!(read.unwrap_err().to_string(), expected);
    }
}

#[test]
fn what_tells_webhooks_apart_need_not_be_their_key() {
    assert_eq!(
        Webhook::NAMES,
        ["order.created", "order.rated", "lostAndFound"]
    );
    assert_eq!(Webhook::TAG, "event");
    assert_eq!(
        Webhook::TAGS,
        ["order.created", "order.rated", "thing.lost"]
    );
    let body = br#"{"event":"thing.lost","things":["glove"]}"#;
    let lost = receive(body).unwrap().event;
    assert_eq!(lost.name(), "lostAndFound");
    let Webhook::LostAndFound(LostAndFoundBody { things, .. }) = &lost else {
        panic!("{lost:?}")
    };
    assert_eq!(things.as_deref(), Some(&["glove".to_owned()][..]));
    // Whoever knows the key may say it; the body is then what the contract says it is.
    assert_eq!(parse_event_as("lostAndFound", body), Ok(lost));
    let other: Result<Webhook, _> = parse_event_as("order.created", body);
    assert!(matches!(other, Err(DecodeError::Invalid(_))), "{other:?}");
}

#[test]
fn a_receiver_may_be_told_what_it_receives() {
    let body = br#"{"event":"order.rated","stars":5,"mood":"good"}"#;
    let receiver = Receiver::new(secret());
    let receive = |name, body: &[u8]| {
        receiver.receive_as::<Webhook>(name, &signed(body).headers()[..], body, now())
    };
    assert_eq!(
        receive("order.rated", body).unwrap().event.name(),
        "order.rated"
    );
    let unknown = receive("order.lost", b"not JSON").unwrap().event;
    assert_eq!(unknown.to_json().unwrap(), b"not JSON");
}

fn receive(body: &[u8]) -> Result<Received<Webhook>, Error> {
    Receiver::new(secret()).receive(&signed(body).headers()[..], body, now())
}

fn signed(body: &[u8]) -> Signed {
    sign(&[secret()], "evt_1", now(), body).unwrap()
}

fn secret() -> Secret {
    Secret::from_bytes(&[7; 32]).unwrap()
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_764_667_800)
}
