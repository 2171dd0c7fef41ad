//! What is said by name arrives as if it had been said by position.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("calls");

use std::sync::{Arc, Mutex};

use api::*;
use client::{AddThingParams, Client, ListThingsParams, PutPictureParams, Upload};
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

fn place() -> Place {
    Place {
        town: "Ulm".to_owned(),
        street: None,
    }
}

#[tokio::test]
async fn what_is_said_by_name_is_what_is_said_by_position() {
    let (desk, client) = site().await;
    let (place, tags) = (place(), ["x y".to_owned(), "z".to_owned()]);
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
    let thing = Thing {
        name: "T".to_owned(),
        state: State::New,
        note: Default::default(),
        place: None,
    };
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
