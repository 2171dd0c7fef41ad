//! What is said by name arrives as if it had been said by position; refusals are typed; calls can be waited for.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("calls");

use std::sync::{Arc, Mutex};

use api::*;
use client::{
    AddThingFailure, AddThingParams, Client, Error, ListThingsParams, PutPictureParams, Upload,
};
use contract_call::Blocking;
use types::support::Date;
use types::{Full, Missing, Page, Place, State, Thing};

/// Remembers what it is asked.
#[derive(Default)]
struct Desk {
    asked: Mutex<Vec<String>>,
}

impl Desk {
    fn hear(&self, request: &impl std::fmt::Debug) {
        self.asked.lock().unwrap().push(format!("{request:?}"));
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Api for Desk {
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

impl DefaultApi for Desk {
    async fn list_things(&self, request: ListThingsRequest) -> Result<ListThingsResponse, String> {
        self.hear(&request);
        let page = |things: &[&str], next: Option<&str>| Page {
            things: things.iter().map(|&name| name.to_owned()).collect(),
            next_cursor: next.map(str::to_owned),
        };
        Ok(ListThingsResponse::Ok(
            match request.start_after.as_deref() {
                None => page(&["a", "b"], Some("b")),
                Some("b") => page(&["c"], Some("c")),
                Some(_) => page(&["d"], None),
            },
        ))
    }

    async fn add_thing(&self, request: AddThingRequest) -> Result<AddThingResponse, String> {
        self.hear(&request);
        Ok(match request.shelf.as_str() {
            "none" => AddThingResponse::NotFound(Missing {
                detail: "no such shelf".to_owned(),
            }),
            "full" => AddThingResponse::Conflict(Full { holds: 7 }),
            _ => AddThingResponse::Created(request.body.name),
        })
    }

    async fn put_picture(&self, request: PutPictureRequest) -> Result<PutPictureResponse, String> {
        self.hear(&request);
        Ok(PutPictureResponse::Ok(String::new()))
    }
}

async fn site() -> (Arc<Desk>, Client) {
    let desk = Arc::new(Desk::default());
    let router = Mount::new(Arc::clone(&desk)).default().finish();
    let address = samples::serve(router).await;
    let client = Client::builder(format!("http://{address}"));
    (desk, client.build().unwrap())
}

#[tokio::test]
async fn what_is_said_by_name_is_what_is_said_by_position() {
    let (desk, client) = site().await;
    let (place, tags) = (Place::new("Ulm"), ["x y".to_owned(), "z".to_owned()]);
    let since: Date = "2026-02-03".parse().unwrap();
    client
        .list_things(
            "s",
            Some("ada"),
            Some(5),
            Some(&place),
            Some(true),
            Some("max"),
            Some("p&q"),
            Some(since),
            Some("b"),
            Some(State::Used),
            Some(&tags),
            Some(3),
            Some("dark"),
        )
        .await
        .unwrap();
    let params = ListThingsParams::new()
        .theme("dark")
        .x_depth(3)
        .tags(tags.clone())
        .state(State::Used)
        .start_after("b")
        .since(since)
        .params("p&q")
        .new_(true)
        .near(place.clone())
        .limit(5)
        .owner("max")
        .author("ada");
    client.list_things_with("s", params).await.unwrap();
    let heard = desk.heard();
    assert_eq!(heard[0], heard[1]);
    for said in [
        "author: Some(\"ada\")",
        "owner: Some(\"max\")",
        "params: Some(\"p&q\")",
        "theme: Some(\"dark\")",
        "tags: Some([\"x y\", \"z\"])",
        "town: \"Ulm\"",
    ] {
        assert!(heard[1].contains(said), "{}", heard[1]);
    }

    let nothing = ListThingsParams::default();
    client.list_things_with("s", nothing).await.unwrap();
    let heard = desk.heard();
    assert_eq!(heard[0].matches(": None").count(), 12, "{}", heard[0]);
}

#[tokio::test]
async fn what_is_required_has_to_be_said() {
    let (desk, client) = site().await;
    let thing = Thing::new("T", State::New);
    let params = AddThingParams::new("ada").draft(true);
    client.add_thing_with("s", &thing, params).await.unwrap();
    let heard = desk.heard();
    assert!(heard[0].contains("by: \"ada\""), "{}", heard[0]);
    assert!(heard[0].contains("draft: Some(true)"), "{}", heard[0]);
}

#[tokio::test]
async fn fields_of_forms_have_names_too() {
    let (desk, client) = site().await;
    let picture = Upload::new("a.png", "pixels");
    let sent = client.put_picture("s", Some(9), &picture, Some("by the sea"), Some("ada"));
    sent.await.unwrap();
    let params = PutPictureParams::new(picture)
        .artist("ada")
        .caption("by the sea")
        .quality(9);
    client.put_picture_with("s", params).await.unwrap();
    let heard = desk.heard();
    assert_eq!(heard[0], heard[1]);
    assert!(
        heard[1].contains("caption: Some(\"by the sea\")"),
        "{}",
        heard[1]
    );
}

#[tokio::test]
async fn a_list_is_read_from_the_cursor_that_is_said() {
    let (desk, client) = site().await;
    let read = async |params: ListThingsParams| {
        let mut all = client.list_things_stream_with("s", params);
        let mut things = String::new();
        while let Some(thing) = all.next().await {
            things.push_str(&thing.unwrap());
        }
        things
    };
    let params = ListThingsParams::new().owner("max");
    assert_eq!(read(params.clone()).await, "abcd");
    let heard = desk.heard();
    assert_eq!(heard.len(), 3);
    assert!(heard.iter().all(|one| one.contains("owner: Some(\"max\")")));
    assert_eq!(read(params.start_after("b")).await, "cd");
}

#[tokio::test]
async fn each_refusal_has_its_own_type() {
    let (_, client) = site().await;
    let thing = Thing::new("T", State::New);
    let error = client.add_thing("none", "ada", None, &thing).await;
    let error = error.err().unwrap();
    assert!(
        matches!(error.body(), Some(AddThingFailure::NotFound(missing)) if missing.detail == "no such shelf"),
        "{error}"
    );
    let error = client.add_thing("full", "ada", None, &thing).await;
    let error = error.err().unwrap();
    assert!(
        matches!(error.body(), Some(AddThingFailure::Conflict(full)) if full.holds == 7),
        "{error}"
    );
}

#[test]
fn calls_can_be_waited_for() {
    let served = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (desk, client) = served.block_on(site());
    let client = Blocking::new(client).unwrap();
    let thing = Thing::new("T", State::New);
    let made = client.run(|client| client.add_thing("s", "ada", None, &thing));
    assert_eq!(made.ok().unwrap().status().as_u16(), 201);
    let params = ListThingsParams::new().owner("max");
    let things: Result<String, _> = client
        .pages(|client| client.list_things_stream_with("s", params))
        .collect();
    assert_eq!(things.unwrap(), "abcd");
    assert_eq!(desk.heard().len(), 4);

    // Threads share it.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let params = ListThingsParams::new();
                client
                    .run(|client| client.list_things_with("s", params))
                    .unwrap();
            });
        }
    });
    assert_eq!(desk.heard().len(), 4);

    // Within a runtime, nothing is waited for, and nothing panics.
    let refused = served.block_on(async {
        client.run(|client| client.list_things_with("s", ListThingsParams::new()))
    });
    assert!(matches!(refused, Err(Error::InvalidRequest(_))));
    let mut pages =
        client.pages(|client| client.list_things_stream_with("s", ListThingsParams::new()));
    let refused = served.block_on(async { pages.next() });
    assert!(matches!(refused, Some(Err(Error::InvalidRequest(_)))));
    assert!(pages.next().is_none());
    assert!(desk.heard().is_empty());
}
