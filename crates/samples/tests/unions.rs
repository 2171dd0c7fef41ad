//! Nothing that a choice declares is lost, on the way in or out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("unions");

use std::sync::Arc;

use api::*;
use serde_json::{Value, json};
use types::support::{Violation, decode, violations};
use types::*;

/// Answers what it was sent, as far as it was read.
struct Echo;

#[derive(Debug)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl Api for Echo {
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

impl DefaultApi for Echo {
    async fn put_party(&self, request: PutPartyRequest) -> Result<PutPartyResponse, Never> {
        Ok(PutPartyResponse::Ok(request.body))
    }

    async fn put_contact(&self, request: PutContactRequest) -> Result<PutContactResponse, Never> {
        Ok(PutContactResponse::Ok(request.body))
    }

    async fn put_list(&self, request: PutListRequest) -> Result<PutListResponse, Never> {
        Ok(PutListResponse::Ok(request.body))
    }

    async fn put_pet(&self, request: PutPetRequest) -> Result<PutPetResponse, Never> {
        Ok(PutPetResponse::Ok(request.body))
    }

    async fn put_home(&self, request: PutHomeRequest) -> Result<PutHomeResponse, Never> {
        Ok(PutHomeResponse::Ok(request.body))
    }

    async fn put_event(&self, request: PutEventRequest) -> Result<PutEventResponse, Never> {
        Ok(PutEventResponse::Ok(request.body))
    }

    async fn put_ride(&self, request: PutRideRequest) -> Result<PutRideResponse, Never> {
        Ok(PutRideResponse::Ok(request.body))
    }

    async fn put_axle(&self, request: PutAxleRequest) -> Result<PutAxleResponse, Never> {
        Ok(PutAxleResponse::Ok(request.body))
    }

    async fn put_switch(&self, request: PutSwitchRequest) -> Result<PutSwitchResponse, Never> {
        Ok(PutSwitchResponse::Ok(request.body))
    }
}

async fn site() -> std::net::SocketAddr {
    let router = Mount::new(Arc::new(Echo))
        .default()
        .check_answers(true)
        .finish();
    samples::serve(router).await
}

async fn put(address: std::net::SocketAddr, path: &str, body: &Value) -> (u16, Value) {
    let (status, body) = samples::put(address, path, &body.to_string())
        .await
        .unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn everything_that_a_matching_choice_declares_comes_back() {
    let address = site().await;
    for (path, body) in [
        ("/parties", json!({"name": "n"})),
        ("/parties", json!({"name": "n", "mail": "m"})),
        ("/contacts", json!(null)),
        ("/contacts", json!({"mail": "m"})),
        (
            "/contacts",
            json!({"mail": "m", "phone": "p", "at": {"city": "c", "street": "s"}}),
        ),
        ("/lists", json!([])),
        ("/lists", json!([{"name": "n", "mail": "m"}])),
        ("/lists", json!("text")),
        ("/pets", json!({"kind": "Cat", "name": "n", "lives": 9})),
        ("/pets", json!({"kind": "Lion", "lives": 9, "mane": true})),
        ("/pets", json!({"kind": "puppy", "name": "n"})),
        (
            "/homes",
            json!({
                "pets": [{"kind": "Lion", "mane": true}, {"kind": "dog"}],
                "cat": {"kind": "Lion", "mane": false},
                "favourite": {"kind": "Cat", "lives": 1},
            }),
        ),
        ("/events", json!({"code": 1, "by": "b"})),
        ("/events", json!({"code": -2, "by": "b"})),
        ("/events", json!({"code": 3, "to": "t"})),
        ("/rides", json!({"kind": "Car", "doors": 5})),
        ("/rides", json!({"kind": "Boat", "sails": 2})),
        ("/rides", json!({"kind": "kite", "tail": 3})),
        ("/axles", json!({"wheels": 2})),
        ("/axles", json!({"wheels": 3, "bell": [true]})),
        ("/axles", json!({"wheels": 6, "load": 7})),
        ("/switches", json!({"lit": true, "lux": 3})),
        ("/switches", json!({"lit": false})),
    ] {
        assert_eq!(put(address, path, &body).await, (200, body), "{path}");
    }
}

#[tokio::test]
async fn what_no_choice_allows_is_refused_where_it_stands() {
    let address = site().await;
    for (path, body, detail) in [
        (
            "/pets",
            json!({"kind": "Cat", "lives": 99}),
            "`lives` must be at most 9",
        ),
        (
            "/pets",
            json!({"kind": "zebra"}),
            "`kind` must be one of `Cat`, `dog`, `puppy`, `Lion`",
        ),
        ("/pets", json!({"name": "n"}), "`kind` is required"),
        ("/pets", json!({"kind": "Lion"}), "`mane` is required"),
        (
            "/homes",
            json!({"pets": [], "cat": {"kind": "dog"}}),
            "`cat.kind` must be one of `Cat`, `Lion`",
        ),
        (
            "/events",
            json!({"code": 4}),
            "`code` must be one of `1`, `2`, `-2`, `3`",
        ),
        (
            "/rides",
            json!({"kind": "Kite"}),
            "`kind` must be one of `Car`, `Boat`, `kite`",
        ),
        ("/axles", json!({"wheels": 3}), "`bell` is required"),
        ("/events", json!({"code": "1"}), "`code` must be an integer"),
        ("/switches", json!({"lit": true}), "`lux` is required"),
    ] {
        let (status, answer) = put(address, path, &body).await;
        assert_eq!(
            (status, answer["detail"].as_str()),
            (400, Some(detail)),
            "{path} {body}"
        );
    }
}

#[tokio::test]
async fn the_client_sends_and_receives_every_choice() {
    let client = client::Client::builder(format!("http://{}", site().await))
        .build()
        .unwrap();
    let full = Party::Full(Full {
        name: "n".to_owned(),
        mail: "m".to_owned(),
    });
    assert_eq!(client.put_party(&full).await.unwrap().into_inner(), full);
    let lion = Pet::Lion(Lion {
        kind: "Lion".to_owned(),
        name: None,
        lives: Some(3),
        mane: true,
    });
    assert_eq!(client.put_pet(&lion).await.unwrap().into_inner(), lion);
    let both = Contact::Several(vec![
        Contact::ByMail(ByMail {
            mail: "m".to_owned(),
            at: None,
        }),
        Contact::ByPhone(ByPhone {
            phone: "p".to_owned(),
            at: None,
        }),
    ]);
    let sent = Some(both);
    assert_eq!(client.put_contact(&sent).await.unwrap().into_inner(), sent);
}

#[test]
fn a_tag_that_is_not_known_is_kept_apart_in_answers_and_sent_by_nobody() {
    let text = r#"{"pets":[{"kind":"zebra","stripes":7}]}"#;
    let home: Home = serde_json::from_str(text).unwrap();
    let Some(Pet::Unlisted(zebra)) = home.pets.first() else {
        panic!("{home:?}");
    };
    assert_eq!(
        (zebra.tag(), &zebra.value()["stripes"]),
        ("zebra", &json!(7))
    );
    assert_eq!(serde_json::to_string(&home).unwrap(), text);
    assert_eq!(violations(&home)[0].path, "pets.0.kind");
    assert!(decode::<Home>(text.as_bytes()).is_err());
}

#[test]
fn choices_inside_choices_are_kept_up_to_a_depth_and_then_refused() {
    let chain = |depth: usize| {
        let link = |inner: Value, _| json!({"left": 1, "right": 2, "next": inner});
        (0..depth).fold(json!({"left": 1}), link)
    };
    let short = chain(3);
    let read: Chain = decode(short.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), short);
    // Twice the choices with every link: without a limit, this would never end.
    assert!(decode::<Chain>(chain(60).to_string().as_bytes()).is_err());
}
