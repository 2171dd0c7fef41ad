//! UUIDs are values of `uuid`: read as the format has them, in either case, and written in small letters.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("ids");

use std::sync::Arc;

use api::*;
use types::support::{Maybe, Uuid};
use types::{Either, Thing};

/// Answers what it read.
struct Echo;

impl Api for Echo {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Echo {
    async fn put_thing(&self, request: PutThingRequest) -> Result<PutThingResponse, String> {
        let PutThingRequest {
            id,
            of,
            any,
            x_id,
            seen,
            text,
            body,
        } = request;
        let headers = OkHeaders {
            x_id: id,
            x_read: Some(format!("{of} {any:?} {x_id:?} {seen:?} {text:?}")),
        };
        Ok(PutThingResponse::Ok(body, headers))
    }

    async fn send_form(&self, request: SendFormRequest) -> Result<SendFormResponse, String> {
        Ok(SendFormResponse::Ok(request.body.id))
    }
}

async fn site() -> std::net::SocketAddr {
    samples::serve(Mount::new(Arc::new(Echo)).default().finish()).await
}

const ONE: Uuid = Uuid::from_u128(0x0189_62d5_55c8_7e1e_a0a8_9d1a_5c3f_0001);
const OTHER: Uuid = Uuid::from_u128(0x7d44_4840_9dc0_11d1_b245_5ffd_ce74_fad2);

#[tokio::test]
async fn they_arrive_wherever_they_stand() {
    let url = format!("http://{}", site().await);
    let client = client::Client::builder(url).build().unwrap();
    for either in [Either::String(OTHER), Either::Integer(3)] {
        let thing = Thing {
            id: ONE,
            optional: Some(OTHER),
            nullable: Maybe::Value(ONE),
            all: Some(vec![ONE, OTHER]),
            by_name: Some([("a".to_owned(), OTHER)].into()),
            either: Some(either),
        };
        let any = [ONE, OTHER];
        let text = ONE.to_string();
        let answer = client
            .put_thing(
                ONE,
                Some(&any),
                Some(ONE),
                Some(&text),
                &thing,
                Some(OTHER),
                Some(ONE),
            )
            .await
            .unwrap();
        assert_eq!(answer.headers()["x-id"], ONE.to_string());
        let read = format!(
            "{ONE} {:?} {:?} {:?} {:?}",
            Some(any),
            Some(OTHER),
            Some(ONE),
            Some(&text)
        );
        assert_eq!(answer.headers()["x-read"], read);
        assert_eq!(answer.into_inner(), thing);
    }
    assert_eq!(client.send_form(OTHER).await.unwrap().into_inner(), OTHER);
}

#[tokio::test]
async fn either_case_is_read_and_small_letters_are_written() {
    let site = site().await;
    let id = "7D444840-9DC0-11D1-B245-5FFDCE74FAD2";
    let (path, body) = (format!("/things/{id}"), format!(r#"{{"id":"{id}"}}"#));
    let answer = samples::put(site, &path, &body);
    let expected = format!(r#"{{"id":"{OTHER}"}}"#);
    assert_eq!(answer.await.unwrap(), (200, expected));
}

#[tokio::test]
async fn what_is_none_is_a_violation() {
    let site = site().await;
    for text in [
        "",
        "7d4448409dc011d1b2455ffdce74fad2",
        "{7d444840-9dc0-11d1-b245-5ffdce74fad2}",
        "urn:uuid:7d444840-9dc0-11d1-b245-5ffdce74fad2",
        "7d444840-9dc0-11d1-b245-5ffdce74fadg",
    ] {
        let body = format!(r#"{{"id":"{text}"}}"#);
        let (status, said) = samples::put(site, &format!("/things/{ONE}"), &body)
            .await
            .unwrap();
        assert_eq!(status, 400, "{text}");
        assert!(said.contains("must be a UUID"), "{text}: {said}");
    }
    let (status, said) = samples::put(site, "/things/1", "{}").await.unwrap();
    assert_eq!(status, 400);
    assert!(said.contains("must be a UUID"), "{said}");
}
