//! What is `readOnly` is asked of answers alone, and what is `writeOnly` of requests alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("direction");

use std::sync::Arc;

use api::*;
use types::support::{Direction, Maybe, Violation, decode, violations};
use types::*;

struct Desk;

#[derive(Debug)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = Never;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }

    fn invalid_answer(&self, operation: Operation, violations: &[Violation]) {
        panic!("{operation} answers {violations:?}");
    }
}

fn stored(account: AccountInput2) -> Account {
    // The password went in; there is no place for it on the way out.
    assert_eq!(account.password, "geheim");
    Account {
        id: "a1".to_owned(),
        name: account.name,
    }
}

impl DefaultApi for Desk {
    async fn put_account(&self, request: PutAccountRequest) -> Result<PutAccountResponse, Never> {
        Ok(PutAccountResponse::Ok(stored(request.body)))
    }

    async fn put_nested(&self, request: PutNestedRequest) -> Result<PutNestedResponse, Never> {
        Ok(PutNestedResponse::Ok(nested(request.body)))
    }

    async fn put_open(&self, request: PutOpenRequest) -> Result<PutOpenResponse, Never> {
        let mut kept = request.body.additional_properties;
        assert_eq!(request.body.secret, "s");
        assert!(!kept.contains_key("id"), "readOnly is not kept");
        // Who puts it there by hand does not get it out.
        kept.insert("secret".to_owned(), "s".into());
        let open = Open {
            id: "o1".to_owned(),
            additional_properties: kept,
        };
        Ok(PutOpenResponse::Ok(open))
    }

    async fn put_closed(&self, request: PutClosedRequest) -> Result<PutClosedResponse, Never> {
        assert_eq!(request.body.secret, "s");
        Ok(PutClosedResponse::Ok(Closed {
            id: "c1".to_owned(),
            again: request.body.again,
        }))
    }

    async fn put_animal(&self, request: PutAnimalRequest) -> Result<PutAnimalResponse, Never> {
        Ok(PutAnimalResponse::Ok(animal(request.body)))
    }

    async fn send_form(&self, request: SendFormRequest) -> Result<SendFormResponse, Never> {
        let SendFormForm { note, account } = request.body;
        let name = account.and_then(|account| account.name);
        Ok(SendFormResponse::Ok(format!("{note} {name:?}")))
    }
}

fn animal(sent: AnimalInput) -> Animal {
    let id = || "a1".to_owned();
    match sent {
        AnimalInput::Cat(cat) => Animal::Cat(Cat {
            kind: cat.kind,
            id: id(),
            friend: cat.friend.map(|friend| Box::new(animal(*friend))),
        }),
        AnimalInput::Dog(dog) => Animal::Dog(Dog {
            kind: dog.kind,
            id: id(),
            chip: "c1".to_owned(),
        }),
    }
}

fn nested(sent: NestedInput) -> Nested {
    let audited = sent.audited;
    Nested {
        number: "n1".to_owned(),
        audited: Audited {
            id: "a1".to_owned(),
            name: audited.name,
            changed_at: "now".to_owned(),
        },
        list: sent.list.map(|list| list.into_iter().map(stored).collect()),
        by_name: sent.by_name.map(|map| {
            map.into_iter()
                .map(|(key, one)| (key, stored(one)))
                .collect()
        }),
        either: sent.either.map(|either| match either {
            NestedEitherInput::Account(account) => NestedEither::Account(stored(account)),
            NestedEitherInput::Integer(number) => NestedEither::Integer(number),
        }),
        unshared: sent.unshared,
        marks: Some(vec!["m".to_owned()]),
        again: sent.again.map(|again| Box::new(nested(*again))),
    }
}

async fn site() -> std::net::SocketAddr {
    let router = Mount::new(Arc::new(Desk))
        .default()
        .check_answers(true)
        .finish();
    samples::serve(router).await
}

async fn put(address: std::net::SocketAddr, path: &str, body: &str) -> (u16, serde_json::Value) {
    let (status, body) = samples::put(address, path, body).await.unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

fn client(address: std::net::SocketAddr) -> client::Client {
    client::Client::builder(format!("http://{address}"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn each_direction_requires_its_own_properties() {
    let address = site().await;
    let (status, body) = put(address, "/accounts", "{}").await;
    assert_eq!(
        (status, &body["detail"]),
        (400, &"`password` is required".into())
    );
    let (status, body) = put(address, "/accounts", r#"{"password":"geheim"}"#).await;
    assert_eq!((status, body), (200, serde_json::json!({"id": "a1"})));
    assert!(
        decode::<Account>(br#"{"name":"n"}"#).is_err(),
        "an answer has an id"
    );
}

#[tokio::test]
async fn what_an_answer_said_may_be_sent_back_and_counts_for_nothing() {
    let address = site().await;
    let body = r#"{"id":7,"password":"geheim","name":"n"}"#;
    let (status, body) = put(address, "/accounts", body).await;
    assert_eq!(
        (status, body),
        (200, serde_json::json!({"id": "a1", "name": "n"}))
    );
    let (status, _) = put(address, "/closed", r#"{"id":"x","secret":"s"}"#).await;
    assert_eq!(status, 200);
    let (status, _) = put(address, "/closed", r#"{"other":"x","secret":"s"}"#).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn what_may_be_repeated_reaches_the_server() {
    let address = site().await;
    let (status, body) = put(address, "/closed", r#"{"again":"x","secret":"s"}"#).await;
    assert_eq!(
        (status, body),
        (200, serde_json::json!({"id": "c1", "again": "x"}))
    );
    let (status, _) = put(address, "/closed", r#"{"again":1,"secret":"s"}"#).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn no_answer_shows_what_is_write_only() {
    let address = site().await;
    let (status, body) = put(address, "/open", r#"{"secret":"s","id":"x","more":1}"#).await;
    assert_eq!(
        (status, body),
        (200, serde_json::json!({"id": "o1", "more": 1}))
    );
    // An answer of another server that shows it is read without it.
    let account: Account = serde_json::from_str(r#"{"id":"a","password":"p"}"#).unwrap();
    assert_eq!(serde_json::to_string(&account).unwrap(), r#"{"id":"a"}"#);
    let open: Open = serde_json::from_str(r#"{"id":"a","secret":"p","b":1}"#).unwrap();
    assert_eq!(serde_json::to_string(&open).unwrap(), r#"{"id":"a","b":1}"#);
    assert_eq!(violations(&open), []);
}

#[tokio::test]
async fn the_client_sends_and_receives_each_shape() {
    let client = client(site().await);
    let account = || AccountInput2 {
        password: "geheim".to_owned(),
        name: Some("n".to_owned()),
    };
    let answer = client.put_account(&account()).await.unwrap().into_inner();
    assert_eq!(
        (answer.id.as_str(), answer.name.as_deref()),
        ("a1", Some("n"))
    );
    let nested = || NestedInput {
        audited: AuditedInput {
            password: "geheim".to_owned(),
            name: None,
        },
        list: Some(vec![account(), account()]),
        by_name: Some([("k".to_owned(), account())].into()),
        either: Some(NestedEitherInput::Account(account())),
        unshared: Some(AccountInput {
            x: Some("x".to_owned()),
        }),
        again: Maybe::Absent,
    };
    let mut outer = nested();
    outer.again = Box::new(nested()).into();
    let answer = client.put_nested(&outer).await.unwrap().into_inner();
    let again = answer.again.into_option().expect("it was sent");
    assert_eq!(again.list.as_ref().map(Vec::len), Some(2));
    assert_eq!(again.by_name.as_ref().unwrap()["k"].id, "a1");
    assert_eq!(again.audited.changed_at, "now");
    assert!(matches!(&again.either, Some(NestedEither::Account(account)) if account.id == "a1"));
    let answer = client.send_form("note", Some(&account())).await;
    drop(answer.unwrap());
}

#[tokio::test]
async fn families_have_the_properties_of_each_direction() {
    let address = site().await;
    for (body, detail) in [
        (r#"{"kind":"Dog","id":"x"}"#, "`password` is required"),
        (r#"{"kind":"Cat","password":"p"}"#, "`pin` is required"),
        (
            r#"{"kind":"Cat","password":"p","pin":"1","friend":{"kind":"Dog","id":"x","chip":"c"}}"#,
            "`friend.password` is required",
        ),
    ] {
        let (status, answer) = put(address, "/animals", body).await;
        assert_eq!((status, &answer["detail"]), (400, &detail.into()), "{body}");
    }
    let body = r#"{"kind":"Cat","password":"p","pin":"1","friend":{"kind":"Dog","password":"p"}}"#;
    let (status, answer) = put(address, "/animals", body).await;
    let friend = serde_json::json!({"kind": "Dog", "id": "a1", "chip": "c1"});
    let cat = serde_json::json!({"kind": "Cat", "id": "a1", "friend": friend});
    assert_eq!((status, answer), (200, cat));
}

#[test]
fn only_types_that_need_it_are_two() {
    let directions = |name: &str| {
        let found = SCHEMAS.iter().find(|schema| schema.name == name);
        found.map(|schema| schema.direction)
    };
    assert_eq!(directions("Account"), Some(Direction::Answer));
    assert_eq!(directions("AccountInput2"), Some(Direction::Request));
    assert_eq!(directions("AccountInput"), Some(Direction::Any));
}
