//! What is unusual in a contract, and is taken in the reading that loses nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("readings");

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use api::*;
use client::{Client, GetMovedSuccess, SearchSuccess};
use contract_serve::Blob;
use types::Thing;

struct Desk;

impl Api for Desk {
    type Contract = Contract;
    type Context = String;
    type Fault = Infallible;

    async fn authenticate(&self, _: Operation, sent: Credentials<'_>) -> Result<String, Denial> {
        Ok(sent.key.map(|key| key.into_owned()).unwrap_or_default())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

fn thing(name: &str) -> Thing {
    Thing {
        name: Some(name.to_owned()),
        bytes: Some("ü\0".to_owned()),
    }
}

impl DefaultApi for Desk {
    async fn search(&self, request: SearchRequest) -> Result<SearchResponse, Infallible> {
        Ok(match request.body {
            Some(thing) => SearchResponse::Ok(thing),
            None => SearchResponse::NoContent,
        })
    }

    async fn remove(&self, request: RemoveRequest) -> Result<RemoveResponse, Infallible> {
        let headers = OkHeaders {
            x_thing: request.body,
            x_list: Some(vec![1, 2]),
            x_text: 7,
        };
        Ok(RemoveResponse::Ok(headers))
    }

    async fn get_moved(&self, request: GetMovedRequest) -> Result<GetMovedResponse, Infallible> {
        Ok(match request.status.as_str() {
            "301" => GetMovedResponse::MovedPermanently,
            "302" => {
                let headers = FoundHeaders {
                    location: "/moved/200".to_owned(),
                };
                GetMovedResponse::Found(thing("there"), headers)
            }
            "307" => GetMovedResponse::TemporaryRedirect,
            _ => GetMovedResponse::Ok(thing("here")),
        })
    }

    async fn get_form(&self, _: GetFormRequest) -> Result<GetFormResponse, Infallible> {
        Ok(GetFormResponse::Created(Blob {
            content_type: "multipart/form-data; boundary=b".to_owned(),
            bytes: "--b--\r\n".into(),
        }))
    }

    async fn send_texts(&self, request: SendTextsRequest) -> Result<SendTextsResponse, Infallible> {
        let mut texts = vec![request.filter.unwrap_or_default()];
        texts.extend(request.body.picture);
        texts.extend(request.body.pictures.unwrap_or_default());
        Ok(SendTextsResponse::Ok(texts))
    }

    async fn get_me(
        &self,
        context: Option<String>,
        _: GetMeRequest,
    ) -> Result<GetMeResponse, Infallible> {
        let name = context.unwrap_or("nobody".to_owned());
        Ok(GetMeResponse::Ok(name))
    }
}

async fn site() -> (SocketAddr, Client) {
    let router = Mount::new(Arc::new(Desk)).default().finish();
    let address = samples::serve(router).await;
    let client = Client::builder(format!("http://{address}"));
    (address, client.build().unwrap())
}

#[tokio::test]
async fn any_method_can_have_a_body() {
    let (_, client) = site().await;
    let sent = thing("x");
    let found = client.search(Some(&sent)).await.unwrap().into_inner();
    assert!(matches!(found, SearchSuccess::Ok(found) if found == sent));
    let found = client.search(None).await.unwrap().into_inner();
    assert!(matches!(found, SearchSuccess::NoContent(())));
}

#[tokio::test]
async fn headers_hold_json() {
    let (_, client) = site().await;
    let answer = client.remove(&thing("é😀")).await.unwrap();
    let headers = answer.headers();
    let json = headers["x-thing"].to_str().unwrap();
    assert_eq!(
        json,
        r#"{"name":"\u00e9\ud83d\ude00","bytes":"\u00fc\u0000"}"#
    );
    assert_eq!(headers["x-list"], "[1,2]");
    assert_eq!(headers["x-text"], "7");
}

#[tokio::test]
async fn declared_redirects_are_answers_and_others_are_followed_on_demand() {
    let (_, client) = site().await;
    let moved = client.get_moved("302").await.unwrap();
    assert_eq!(moved.headers()["location"], "/moved/200");
    assert!(matches!(moved.into_inner(), GetMovedSuccess::Found(found) if found == thing("there")));
    let moved = client.get_moved("307").await.unwrap().into_inner();
    assert!(matches!(moved, GetMovedSuccess::TemporaryRedirect(())));

    // Nobody declared this one.
    let see = axum::Router::new()
        .route(
            "/moved/{status}",
            axum::routing::get(async || {
                (axum::http::StatusCode::SEE_OTHER, [("location", "/here")])
            }),
        )
        .route("/here", axum::routing::get(async || r#"{"name":"n"}"#));
    let address = samples::serve(see).await;
    let builder = Client::builder(format!("http://{address}"));
    let error = builder.clone().build().unwrap().get_moved("x").await;
    assert_eq!(error.err().unwrap().status().unwrap(), 303);
    let client = builder.follow_redirects().build().unwrap();
    let found = client.get_moved("x").await.unwrap().into_inner();
    assert!(matches!(found, GetMovedSuccess::Ok(found) if found.name.as_deref() == Some("n")));
}

#[tokio::test]
async fn forms_in_answers_are_handed_over_with_their_boundary() {
    let (_, client) = site().await;
    let answer = client.get_form().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(
        answer.headers()["content-type"],
        "multipart/form-data; boundary=b"
    );
}

#[tokio::test]
async fn bytes_in_urlencoded_forms_and_xml_in_queries_are_text() {
    let (_, client) = site().await;
    let pictures = ["1".to_owned(), "&=".to_owned()];
    let sent = client.send_texts(Some("<a>ü</a>"), Some("+"), Some(&pictures));
    let arrived = sent.await.unwrap().into_inner();
    assert_eq!(arrived, ["<a>ü</a>", "+", "1", "&="]);
}

#[tokio::test]
async fn credentials_that_may_be_left_out_are_sent_where_they_are_there() {
    let (address, client) = site().await;
    let me = async |client: &Client| {
        let mut stream = client.get_me().await.unwrap().into_inner().into_inner();
        let chunk = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await;
        String::from_utf8(chunk.unwrap().unwrap().to_vec()).unwrap()
    };
    assert_eq!(me(&client).await, "nobody");
    let known = Client::builder(format!("http://{address}")).key("secret");
    assert_eq!(me(&known.build().unwrap()).await, "secret");
}
