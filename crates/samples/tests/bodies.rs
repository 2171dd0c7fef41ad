//! Bodies that are not read, under a server that knows nothing of the contract: the connection goes on, or the
//! answer says that it ends and arrives whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("requests");

use std::net::SocketAddr;
use std::sync::Arc;

use api::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
        Err(Denial::unauthenticated("auth", "nobody is let in"))
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Desk {
    async fn get_thing(&self, request: GetThingRequest) -> Result<GetThingResponse, Never> {
        Ok(GetThingResponse::Ok(format!("{}", request.number)))
    }

    async fn add_thing(&self, _: AddThingRequest) -> Result<AddThingResponse, Never> {
        Ok(AddThingResponse::Ok(String::new()))
    }

    async fn change_thing(&self, _: ChangeThingRequest) -> Result<ChangeThingResponse, Never> {
        Ok(ChangeThingResponse::Ok(String::new()))
    }

    async fn add_text(&self, request: AddTextRequest) -> Result<AddTextResponse, Never> {
        Ok(AddTextResponse::Ok(request.body))
    }

    async fn add_form(&self, _: AddFormRequest) -> Result<AddFormResponse, Never> {
        Ok(AddFormResponse::Ok(String::new()))
    }

    async fn get_me(&self, _: (), _: GetMeRequest) -> Result<GetMeResponse, Never> {
        Ok(GetMeResponse::Ok("me".to_owned()))
    }
}

async fn site() -> SocketAddr {
    let mount = Mount::new(Arc::new(Desk)).default();
    samples::serve(mount.document_limit(100_000).finish()).await
}

/// A request whose body is `announced` and the answer to which has this status, before the body is read.
fn early(announced: &str) -> [(u16, String); 6] {
    let head = |line: &str, headers: &str| {
        format!("{line} HTTP/1.1\r\nHost: x\r\n{headers}{announced}\r\n\r\n")
    };
    [
        (404, head("POST /nothing", "")),
        (405, head("DELETE /things", "")),
        (401, head("GET /me", "")),
        (415, head("POST /things", "Content-Type: text/xml\r\n")),
        (
            415,
            head(
                "POST /things",
                "Content-Type: application/json\r\nContent-Encoding: br\r\n",
            ),
        ),
        // It has no body, and answers.
        (200, head("GET /things/1", "")),
    ]
}

/// Head and body of the next answer.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    loop {
        let seen = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = seen.split_once("\r\n\r\n") {
            if head.starts_with("HTTP/1.1 100") {
                return seen;
            }
            let lower = head.to_lowercase();
            let length = lower
                .lines()
                .find_map(|it| it.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse().unwrap() {
                return seen;
            }
        }
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "the answer ends within: {seen}");
        text.extend_from_slice(&piece[..read]);
    }
}

fn status(answer: &str) -> u16 {
    answer[9..12].parse().unwrap()
}

fn says_close(answer: &str) -> bool {
    answer.to_lowercase().contains("\r\nconnection: close\r\n")
}

#[tokio::test]
async fn a_small_body_is_read_away_and_the_connection_goes_on() {
    let mut stream = TcpStream::connect(site().await).await.unwrap();
    let body = vec![b' '; 90_000];
    for turn in 0..2 {
        for (expected, head) in early("Content-Length: 90000") {
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&body).await.unwrap();
            let answer = answer(&mut stream).await;
            assert_eq!(status(&answer), expected, "turn {turn}: {head}\n{answer}");
            assert!(!says_close(&answer), "turn {turn}: {head}\n{answer}");
        }
        for (expected, head) in early("Transfer-Encoding: chunked") {
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(b"15F90\r\n").await.unwrap();
            stream.write_all(&body).await.unwrap();
            stream.write_all(b"\r\n0\r\n\r\n").await.unwrap();
            let answer = answer(&mut stream).await;
            assert_eq!(status(&answer), expected, "turn {turn}: {head}\n{answer}");
            assert!(!says_close(&answer), "turn {turn}: {head}\n{answer}");
        }
    }
}

#[tokio::test]
async fn the_answer_to_a_large_body_arrives_whole_and_ends_the_connection() {
    let address = site().await;
    let body = vec![b' '; 20_000_000];
    let mut all = early("Content-Length: 20000000").to_vec();
    all.push((
        413,
        "POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 20000000\r\n\r\n"
            .to_owned(),
    ));
    for (expected, head) in all {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // As clients do that look at the answer when they have sent everything.
        stream.write_all(&body).await.unwrap();
        let answer = answer(&mut stream).await;
        // It is too large for every type.
        let expected = if expected == 415 { 413 } else { expected };
        assert_eq!(status(&answer), expected, "{head}\n{answer}");
        assert!(says_close(&answer), "{head}\n{answer}");
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0, "it ends");
    }
}

#[tokio::test]
async fn who_waits_to_be_asked_for_a_body_is_not_asked() {
    let address = site().await;
    for (expected, head) in early("Content-Length: 90000\r\nExpect: 100-continue") {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = answer(&mut stream).await;
        // A body whose type is not accepted is looked at, since it may be empty.
        if status(&answer) == 100 {
            assert_eq!(expected, 415, "{head}\n{answer}");
            continue;
        }
        assert_eq!(status(&answer), expected, "{head}\n{answer}");
        assert!(says_close(&answer), "{head}\n{answer}");
    }
}

#[tokio::test]
async fn a_body_that_stands_still_holds_nothing_up() {
    let address = site().await;
    for (expected, head) in early("Content-Length: 90000").into_iter().take(1) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(b"only this").await.unwrap();
        let answer = answer(&mut stream).await;
        assert_eq!(status(&answer), expected, "{head}\n{answer}");
        assert!(says_close(&answer), "{head}\n{answer}");
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0, "it ends");
    }
}
