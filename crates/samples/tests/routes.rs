//! Paths and methods that are unusual: the client sends them as the server reads them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("routes");

use std::net::SocketAddr;
use std::sync::Arc;

use api::*;

/// Answers which operation it was.
struct Signs;

impl Api for Signs {
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

macro_rules! signs {
    ($($name:ident $request:ident $response:ident;)*) => {
        impl DefaultApi for Signs {
            $(async fn $name(&self, request: $request) -> Result<$response, String> {
                Ok($response::Ok(format!("{request:?}")))
            })*

            async fn get_undeclared(
                &self,
                request: GetUndeclaredRequest,
            ) -> Result<GetUndeclaredResponse, String> {
                assert_eq!(request.id, "a/b");
                Ok(GetUndeclaredResponse::Default(axum::http::StatusCode::ACCEPTED))
            }
        }
    };
}

signs! {
    get_word GetWordRequest GetWordResponse;
    get_beta GetBetaRequest GetBetaResponse;
    get_things GetThingsRequest GetThingsResponse;
    find_things FindThingsRequest FindThingsResponse;
    copy_things CopyThingsRequest CopyThingsResponse;
    share_things ShareThingsRequest ShareThingsResponse;
    get_only GetOnlyRequest GetOnlyResponse;
    get_größe GetGrößeRequest GetGrößeResponse;
    get_page GetPageRequest GetPageResponse;
    put_pages_by_name_extension PutPagesByNameExtensionRequest PutPagesByNameExtensionResponse;
    get_elsewhere GetElsewhereRequest GetElsewhereResponse;
}

async fn site() -> (SocketAddr, client::Client) {
    let router = Mount::new(Arc::new(Signs)).default().finish();
    let address = samples::serve(router).await;
    let url = format!("http://{address}");
    (address, client::Client::builder(url).build().unwrap())
}

async fn text(answer: client::ResponseValue<client::ByteStream>) -> String {
    let mut stream = answer.into_inner_stream();
    let mut text = Vec::new();
    while let Some(piece) =
        std::future::poll_fn(|cx| futures_core::Stream::poll_next(stream.as_mut(), cx)).await
    {
        text.extend_from_slice(&piece.unwrap());
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn what_a_client_asks_for_is_what_a_server_serves() {
    let (_, client) = site().await;
    let read = text(client.get_word("übel").await.unwrap()).await;
    assert_eq!(read, "GetWordRequest { wort: \"übel\" }");
    let read = text(client.get_beta(Some(3)).await.unwrap()).await;
    assert_eq!(read, "GetBetaRequest { page: Some(3) }");
    assert_eq!(
        text(client.get_things().await.unwrap()).await,
        "GetThingsRequest"
    );
    let read = text(client.find_things("red").await.unwrap()).await;
    assert_eq!(read, "FindThingsRequest { body: \"red\" }");
    assert_eq!(
        text(client.copy_things().await.unwrap()).await,
        "CopyThingsRequest"
    );
    assert_eq!(
        text(client.share_things().await.unwrap()).await,
        "ShareThingsRequest"
    );
    assert_eq!(
        text(client.get_only().await.unwrap()).await,
        "GetOnlyRequest"
    );
    let accepted = client.get_undeclared("a/b").await.unwrap();
    assert_eq!(accepted.status(), 202);
    // The extension is always the same, so that it is no parameter.
    let read = text(client.get_page("a.json").await.unwrap()).await;
    assert_eq!(read, "GetPageRequest { name: \"a.json\" }");
    let read = client.put_pages_by_name_extension("b").await.unwrap();
    assert_eq!(
        text(read).await,
        "PutPagesByNameExtensionRequest { name: \"b\" }"
    );
}

#[test]
fn operations_know_what_the_contract_calls_their_path() {
    let facts = Operation::ALL.map(contract_serve::Operation::facts);
    let keys = facts.map(|it| it.key.unwrap_or(it.path));
    let whole: serde_json::Value = serde_json::from_str(CONTRACT_JSON).unwrap();
    for path in whole["paths"].as_object().unwrap().keys() {
        assert!(keys.contains(&path.as_str()), "{path}");
    }
}

#[tokio::test]
async fn a_fixed_query_belongs_to_the_path() {
    let (address, _) = site().await;
    for (line, status, body) in [
        (
            "GET /things?page=1&beta=true",
            200,
            "GetBetaRequest { page: Some(1) }",
        ),
        ("GET /things?beta=false", 200, "GetThingsRequest"),
        ("HEAD /things?beta=true", 200, ""),
        ("GET /only?part=%c3%bc&mode=a", 200, "GetOnlyRequest"),
        ("GET /only?mode=a", 404, ""),
        ("POST /only?mode=a&part=%C3%BC", 405, ""),
        ("GET /pages/a.json", 200, "GetPageRequest { name: \"a\" }"),
        ("GET /pages/a.xml", 404, ""),
        (
            "GET /w%C3%B6rter/x/a%20b",
            200,
            "GetWordRequest { wort: \"x\" }",
        ),
    ] {
        let request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = samples::raw(address, request.as_bytes()).await.unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status}")),
            "{line}: {head}"
        );
        if status == 200 {
            assert_eq!(text, body, "{line}");
        }
        if status == 405 && line.contains("/only") {
            assert!(head.to_lowercase().contains("allow: get, head"), "{head}");
        }
    }
}
