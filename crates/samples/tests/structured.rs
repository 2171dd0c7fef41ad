//! Parameters that are objects, unions or lists of such: what the client writes in each style, the server
//! reads; and what others write.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("structured");

use std::net::SocketAddr;
use std::sync::Arc;

use api::*;
use serde_json::{Value, json};
use types::{Filter, Flat};

/// Answers what it read, as JSON.
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

macro_rules! echo {
    ($($name:ident $request:ident $response:ident { $($field:ident),* })*) => {
        impl DefaultApi for Echo {
            $(async fn $name(&self, request: $request) -> Result<$response, String> {
                Ok($response::Ok(json!({ $(stringify!($field): request.$field),* })))
            })*
        }
    };
}

echo! {
    get_deep GetDeepRequest GetDeepResponse { filter }
    get_spread GetSpreadRequest GetSpreadResponse { filter, other }
    get_joined GetJoinedRequest GetJoinedResponse { commas, pipes, spaces }
    get_unions GetUnionsRequest GetUnionsResponse { id, ids, level, x_ref, mark }
    get_paths GetPathsRequest GetPathsResponse { simple, exploded, label, matrix }
    get_exploded GetExplodedRequest GetExplodedResponse { label, list, object, plain }
    get_elsewhere GetElsewhereRequest GetElsewhereResponse { x_flat, x_exploded, marks, joined }
    get_content GetContentRequest GetContentResponse { filter, x_filter, note }
    get_whole GetWholeRequest GetWholeResponse { whole }
    get_form GetFormRequest GetFormResponse { form }
}

async fn site() -> (SocketAddr, client::Client) {
    let router = Mount::new(Arc::new(Echo)).default().finish();
    let address = samples::serve(router).await;
    let url = format!("http://{address}");
    (address, client::Client::builder(url).build().unwrap())
}

fn of<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    T::deserialize(value).unwrap()
}

/// What is hard to write: separators, blanks, other scripts.
fn hard() -> Value {
    json!({ "count": 3, "name": "a,b=c&d;e|f g/h.%2C+ü" })
}

#[tokio::test]
async fn what_a_client_writes_a_server_reads() {
    let (_, client) = site().await;
    let filter = json!({
        "name": "a[b]&c=ü", "range": { "from": 1, "to": 2.5 }, "tags": ["x", "y,z"],
        "parts": [{ "size": 1 }, { "size": 2 }], "more": 4
    });
    let deep = client.get_deep(Some(&of(&filter))).await.unwrap();
    assert_eq!(deep["filter"], filter);

    let spread = json!({ "count": 3, "name": "a&b", "tags": ["x", "y"] });
    let read = client
        .get_spread(Some(&of(&spread)), Some("o"))
        .await
        .unwrap();
    assert_eq!(*read, json!({ "filter": spread, "other": "o" }));
    let read = client.get_spread(None, None).await.unwrap();
    assert_eq!(*read, json!({ "filter": null, "other": null }));

    let (flat, plain) = (hard(), json!({ "count": 1, "name": "no-space" }));
    let (one, two): (Flat, Flat) = (of(&flat), of(&plain));
    let read = client.get_joined(Some(&one), Some(&one), Some(&two));
    let expected = json!({ "commas": flat, "pipes": flat, "spaces": plain });
    assert_eq!(*read.await.unwrap(), expected);

    let flats: Flat = of(&flat);
    let read = client
        .get_paths(&flats, &flats, &[1, 2, 3], &flats)
        .await
        .unwrap();
    let expected = json!({ "simple": flat, "exploded": flat, "label": [1, 2, 3], "matrix": flat });
    assert_eq!(*read, expected);
    let list = ["a;b".to_owned(), "c.d".to_owned()];
    let dots: Flat = of(&json!({ "count": 2, "name": "no dot" }));
    let read = client.get_exploded(&dots, &list, &flats, 7).await.unwrap();
    let expected = json!({ "label": dots, "list": list, "object": flat, "plain": 7 });
    assert_eq!(*read, expected);

    let header = json!({ "count": 5, "name": "a b" });
    let (one, two): (Flat, Flat) = (of(&header), of(&flat));
    let read = client.get_elsewhere(Some(&one), Some(&one), Some(&two), Some(&[4, 5]));
    let expected =
        json!({ "x_flat": header, "x_exploded": header, "marks": [4, 5], "joined": flat });
    assert_eq!(*read.await.unwrap(), expected);

    let filters: Filter = of(&filter);
    let read = client
        .get_content(Some(&filters), Some("note"), Some(&two))
        .await
        .unwrap();
    assert_eq!(
        *read,
        json!({ "filter": filter, "x_filter": flat, "note": "note" })
    );
    assert_eq!(
        client.get_whole(Some(&filters)).await.unwrap()["whole"],
        filter
    );
    let read = client.get_form(Some(&of(&spread))).await.unwrap();
    assert_eq!(read["form"], spread);
}

#[tokio::test]
async fn of_several_choices_the_first_that_takes_the_text_is_meant() {
    let (address, client) = site().await;
    let read = client
        .get_unions(
            Some(&of(&json!(12))),
            Some(&of(&json!(["a", "long one"]))),
            Some(&of(&json!("high"))),
            Some(&of(&json!(true))),
            Some(&of(&json!("all"))),
        )
        .await
        .unwrap();
    let expected = json!({
        "id": 12, "ids": ["a", "long one"], "level": "high", "x_ref": true, "mark": "all"
    });
    assert_eq!(*read, expected);
    for (query, expected) in [
        (
            "",
            json!({ "id": null, "ids": null, "level": 7, "x_ref": null, "mark": null }),
        ),
        (
            "id=abc&ids=ab",
            json!({ "id": "abc", "ids": "ab", "level": 7, "x_ref": null, "mark": null }),
        ),
        (
            "ids=abcd&level=8",
            json!({ "id": null, "ids": ["abcd"], "level": 8, "x_ref": null, "mark": null }),
        ),
    ] {
        assert_eq!(
            ask(address, &format!("/unions?{query}")).await,
            (200, expected),
            "{query}"
        );
    }
    let (status, refused) = ask(address, "/unions?id=A1").await;
    assert_eq!(status, 400);
    assert!(refused.to_string().contains("id"), "{refused}");
}

#[tokio::test]
async fn what_others_write_is_read() {
    let (address, _) = site().await;
    for (query, expected) in [
        (
            "filter[tags][]=a&filter[tags][]=b",
            json!({ "tags": ["a", "b"] }),
        ),
        (
            "filter[tags][1]=b&filter[tags][0]=a",
            json!({ "tags": ["a", "b"] }),
        ),
        (
            "filter%5Brange%5D%5Bto%5D=1e1",
            json!({ "range": { "to": 10.0 } }),
        ),
        ("filter[tags]=only", json!({ "tags": ["only"] })),
    ] {
        let (status, read) = ask(address, &format!("/deep?{query}")).await;
        assert_eq!((status, &read["filter"]), (200, &expected), "{query}");
    }
    let (_, read) = ask(address, "/joined?spaces=count+1+name+x").await;
    assert_eq!(read["spaces"], json!({ "count": 1, "name": "x" }));
}

#[tokio::test]
async fn what_is_wrong_is_said_where_it_stands() {
    let (address, _) = site().await;
    for (path, place) in [
        ("/deep?filter[range][from]=x", "filter.range.from"),
        ("/deep?filter[range]=x", "filter.range"),
        ("/deep?filter[name]=a&filter[name]=b", "filter.name"),
        ("/deep?filter[a=1", "filter"),
        ("/deep?filter[more]=x", "filter.more"),
        ("/spread?count=10", "count"),
        ("/spread?name=x", "count"),
        ("/joined?commas=count", "commas"),
        ("/joined?commas=count,x", "commas.count"),
        ("/content?filter=%7B", "filter"),
        ("/content?filter=%7B%22name%22:1%7D", "filter.name"),
        ("/content?note=too-long", "note"),
        ("/whole?x", "whole"),
        ("/exploded/count=1/;list=a/;count=1/;plain=1", "label"),
        ("/exploded/.count=1/;list=a/;count=1/;other=1", "plain"),
    ] {
        let (status, refused) = ask(address, path).await;
        let told = refused.to_string();
        assert_eq!(status, 400, "{path}: {told}");
        assert!(told.contains(place), "{path}: {told}");
    }
}

async fn ask(address: SocketAddr, path: &str) -> (u16, Value) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = samples::raw(address, request.as_bytes()).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn what_could_not_be_read_back_is_not_sent() {
    let (_, client) = site().await;
    let empty = json!({ "count": 1, "tags": [] });
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let error = client
        .get_spread(Some(&of(&empty)), None)
        .await
        .unwrap_err();
    assert!(told(&error).contains("empty list"), "{error}");
    let error = client
        .get_deep(Some(&of(&json!({ "tags": [] }))))
        .await
        .unwrap_err();
    assert!(told(&error).contains("empty list"), "{error}");
    // Within one text, JSON has a form for it.
    let joined = client
        .get_joined(Some(&of(&empty)), None, None)
        .await
        .unwrap();
    assert_eq!(joined["commas"], empty);
}
