//! Bodies of media types that a contract leaves open, of several types, and of text and bytes with rules.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("media");

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use api::*;
use client::{Client, Error};
use contract_serve::{Blob, Typed, Violation};
use types::{Color, Other, Thing};

/// Sends everything back, and remembers what was wrong with its answers.
#[derive(Default)]
struct Desk {
    wrong: Mutex<Vec<Violation>>,
    defects: Mutex<Vec<String>>,
    chosen: Mutex<Vec<String>>,
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

    fn invalid_answer(&self, _: Operation, violations: &[Violation]) {
        self.wrong.lock().unwrap().extend_from_slice(violations);
    }

    fn defect(&self, _: Operation, defect: &str) {
        self.defects.lock().unwrap().push(defect.to_owned());
    }
}

impl DefaultApi for Desk {
    async fn send_any(&self, request: SendAnyRequest) -> Result<SendAnyResponse, String> {
        Ok(SendAnyResponse::Ok(request.body))
    }

    async fn send_image(&self, request: SendImageRequest) -> Result<SendImageResponse, String> {
        Ok(SendImageResponse::Ok(request.body.unwrap_or_default()))
    }

    async fn send_vendor(&self, request: SendVendorRequest) -> Result<SendVendorResponse, String> {
        Ok(SendVendorResponse::Ok(request.body))
    }

    async fn send_note(&self, request: SendNoteRequest) -> Result<SendNoteResponse, String> {
        let mut note = request.body;
        note.body.push_str("!!");
        Ok(SendNoteResponse::Ok(note))
    }

    async fn send_object(&self, request: SendObjectRequest) -> Result<SendObjectResponse, String> {
        Ok(SendObjectResponse::Ok(match request.body {
            SendObjectBody::Json(thing) => SendObjectOkBody::Json(thing),
            SendObjectBody::Any(blob) => SendObjectOkBody::Any(blob),
        }))
    }

    async fn send_closest(
        &self,
        request: SendClosestRequest,
    ) -> Result<SendClosestResponse, String> {
        let chosen = match request.body {
            SendClosestBody::Any(blob) => format!("any {}", blob.content_type),
            SendClosestBody::Image(blob) => format!("image {}", blob.content_type),
            SendClosestBody::Png(_) => "png".to_owned(),
            SendClosestBody::Json(thing) => format!("json {}", thing.content_type),
        };
        self.chosen.lock().unwrap().push(chosen);
        Ok(SendClosestResponse::NoContent)
    }

    async fn get_report(&self, request: GetReportRequest) -> Result<GetReportResponse, String> {
        let declared = [
            "application/json",
            "application/vnd.other+json",
            "text/csv",
            "application/pdf",
            "image/png",
        ];
        let name = request.id;
        Ok(GetReportResponse::Ok(
            match request.accept.prefers(&declared) {
                Some("application/vnd.other+json") => {
                    GetReportOkBody::VndOtherJson(Other { title: name })
                }
                Some("text/csv") => GetReportOkBody::Csv(format!("name\n{name}")),
                Some("application/pdf") => GetReportOkBody::Pdf(name.into()),
                Some("image/png") => GetReportOkBody::Image(Blob {
                    content_type: "image/png".to_owned(),
                    bytes: name.into(),
                }),
                _ => GetReportOkBody::Json(Thing { name }),
            },
        ))
    }

    async fn send_number(&self, request: SendNumberRequest) -> Result<SendNumberResponse, String> {
        Ok(match request.body {
            3 => SendNumberResponse::BadRequest(3),
            number => SendNumberResponse::Ok(number + 4),
        })
    }

    async fn send_word(&self, request: SendWordRequest) -> Result<SendWordResponse, String> {
        Ok(SendWordResponse::Ok(match request.body.as_deref() {
            Some("red") => Color::Red,
            _ => Color::Green,
        }))
    }

    async fn send_pieces(&self, request: SendPiecesRequest) -> Result<SendPiecesResponse, String> {
        Ok(SendPiecesResponse::Ok(request.body))
    }
}

async fn site() -> (Arc<Desk>, SocketAddr, Client) {
    let desk = Arc::new(Desk::default());
    let router = Mount::new(Arc::clone(&desk)).default();
    let router = router.check_answers(true).finish();
    let address = samples::serve(router).await;
    let client = Client::builder(format!("http://{address}"));
    (desk, address, client.build().unwrap())
}

async fn post(address: SocketAddr, path: &str, media_type: &str, body: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = samples::raw(address, request.as_bytes()).await.unwrap();
    answer.to_lowercase()
}

async fn whole(stream: client::ByteStream) -> Vec<u8> {
    let mut stream = stream.into_inner();
    let mut all = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        all.extend_from_slice(&chunk.unwrap());
    }
    all
}

#[tokio::test]
async fn any_type_of_a_range_is_taken_and_seen() {
    let (_, address, client) = site().await;
    let answer = client.send_any("font/woff2", "ab").await.unwrap();
    assert_eq!(answer.headers()["content-type"], "font/woff2");
    assert_eq!(whole(answer.into_inner()).await, b"ab");

    let answer = client
        .send_image("image/svg+xml; q=1", Some("<svg/>"))
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "image/svg+xml; q=1");

    let thing = Thing { name: "x".into() };
    let answer = client.send_vendor("application/vnd.x+json", &thing).await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/vnd.x+json");
    assert_eq!(answer.name, "x");

    let answer = post(address, "/notes", "Text/Markdown", "abc").await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(
        answer.contains("content-type: text/markdown; charset=utf-8\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_is_none_of_a_range_is_refused_on_both_sides() {
    let (_, address, client) = site().await;
    let thing = Thing { name: "x".into() };
    for wrong in ["application/json", "application/*+json", "text/x+json", ""] {
        let error = client.send_vendor(wrong, &thing).await.unwrap_err();
        assert_eq!(error.parameter(), Some("Content-Type"), "{wrong}");
        let answer = post(address, "/vendors", wrong, "{\"name\":\"x\"}").await;
        assert!(answer.starts_with("http/1.1 415"), "{wrong}: {answer}");
    }
    let answer = post(address, "/any", "*/*", "x").await;
    assert!(answer.starts_with("http/1.1 415"), "{answer}");
    let answer = post(address, "/notes", "text/x; charset=latin1", "x").await;
    assert!(answer.starts_with("http/1.1 415"), "{answer}");
}

#[tokio::test]
async fn the_closest_declared_type_is_that_of_a_body() {
    let (desk, address, _) = site().await;
    for media_type in [
        "image/png",
        "image/gif",
        "application/x.y+json",
        "application/x",
        "text/plain; charset=latin1",
    ] {
        let answer = post(address, "/closest", media_type, "{\"name\":\"x\"}").await;
        assert!(answer.starts_with("http/1.1 204"), "{media_type}: {answer}");
    }
    let expected = [
        "png",
        "image image/gif",
        "json application/x.y+json",
        "any application/x",
        "any text/plain; charset=latin1",
    ];
    assert_eq!(*desk.chosen.lock().unwrap(), expected);
}

#[tokio::test]
async fn json_under_any_type_is_looked_into() {
    use client::SendObjectOkBody as Body;
    let (_, address, client) = site().await;
    let thing = Thing { name: "x".into() };
    let answer = client.send_object(&thing).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(matches!(answer.into_inner(), Body::Json(thing) if thing.name == "x"));
    let answer = client.send_object_as_other("text/xml", "<x/>").await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/xml");
    assert!(matches!(answer.into_inner(), Body::Any(_)));
    let answer = post(address, "/objects", "application/json", "{\"other\":1}").await;
    assert!(answer.starts_with("http/1.1 400"), "{answer}");
}

#[tokio::test]
async fn the_client_says_what_it_wants_and_gets_it() {
    use client::GetReportOkBody as Body;
    let (_, _, client) = site().await;
    let get = async |accept: &str| {
        let client = client.with_accept(accept).unwrap();
        let answer = client.get_report("x").await.unwrap();
        answer.into_inner()
    };
    let first = client.get_report("x").await.unwrap();
    assert_eq!(first.headers()["content-type"], "application/json");
    assert!(matches!(get("application/json").await, Body::Json(_)));
    assert!(matches!(
        get("application/*;q=0.1, text/*;q=0.2").await,
        Body::Csv(_)
    ));
    assert!(matches!(
        get("application/vnd.other+json").await,
        Body::VndOtherJson(_)
    ));
    assert!(matches!(get("application/pdf").await, Body::Pdf(_)));
    assert!(matches!(get("image/*").await, Body::Image(_)));
    let Body::Csv(csv) = get("text/csv").await else {
        panic!("no CSV");
    };
    assert_eq!(whole(csv).await, b"name\nx");
    assert!(client.with_accept("a\nb").is_err());
}

#[tokio::test]
async fn rules_hold_for_text_and_bytes() {
    let (desk, address, client) = site().await;
    assert_eq!(client.send_number(5).await.unwrap().into_inner(), 9);
    let error = client.send_number(10).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    let Error::ErrorResponse(answer) = client.send_number(3).await.unwrap_err() else {
        panic!("not declared");
    };
    assert_eq!(answer.into_inner(), 3);
    for (path, media_type, body, status) in [
        ("/numbers", "text/plain", "x", 400),
        ("/numbers", "text/plain", "0", 400),
        ("/numbers", "text/plain", "9", 200),
        ("/words", "text/plain", "red", 200),
        ("/words", "text/plain", "Red", 400),
        ("/words", "text/plain", "redde", 400),
        ("/words", "text/plain", "", 400),
        ("/images", "image/png", "12345678", 200),
        ("/images", "image/png", "123456789", 400),
        ("/notes", "text/plain", "123456", 400),
    ] {
        let answer = post(address, path, media_type, body).await;
        let expected = format!("http/1.1 {status}");
        assert!(answer.starts_with(&expected), "{path} {body}: {answer}");
    }
    desk.wrong.lock().unwrap().clear();
    // The answer of the server is too large, and is sent all the same.
    assert_eq!(client.send_number(9).await.unwrap().into_inner(), 13);
    post(address, "/notes", "text/plain", "12345").await;
    let wrong = desk.wrong.lock().unwrap();
    let wrong: Vec<_> = wrong.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

#[tokio::test]
async fn text_answers_are_what_they_stand_for() {
    let (_, _, client) = site().await;
    let color = client.send_word(Some("red")).await.unwrap().into_inner();
    assert_eq!(color.to_string(), "red");
}

#[tokio::test]
async fn the_boundary_of_parts_arrives_with_them() {
    let (_, _, client) = site().await;
    let label = "multipart/mixed; boundary=b";
    let body = "--b\r\n\r\nx\r\n--b--\r\n";
    let answer = client.send_pieces(label, body).await.unwrap();
    assert_eq!(answer.headers()["content-type"], label);
    assert_eq!(whole(answer.into_inner()).await, body.as_bytes());
}

#[tokio::test]
async fn an_answer_of_a_type_that_is_none_of_the_range_is_a_defect() {
    let (desk, address, _) = site().await;
    let answer = post(address, "/images", "image/png", "").await;
    // Without a body, the handler answers with a type that is none.
    assert!(answer.starts_with("http/1.1 500"), "{answer}");
    assert_eq!(desk.defects.lock().unwrap().len(), 1);
    let _ = Typed::<String>::default();
}
