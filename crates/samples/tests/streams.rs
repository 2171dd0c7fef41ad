//! An answer that is sent while it is made is what the contract says, or no JSON at all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("streams");

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use api::support::{Respond as _, Streamed};
use api::*;
use client::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;
use types::{Problem, Table};

/// Answers with the table that is asked for.
#[derive(Default)]
struct Desk {
    heard: Mutex<Vec<String>>,
    endless: Arc<Endless>,
}

/// A table without end.
#[derive(Default)]
struct Endless {
    pieces: AtomicUsize,
    dropped: Notify,
}

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        Problem {
            detail: rejection.to_string(),
        }
    }

    fn broken_off(&self, operation: Operation, reason: &str) {
        self.hear(format!("{} broke off: {reason}", operation.id()));
    }

    fn invalid_answer(&self, _: Operation, violations: &[support::Violation]) {
        for violation in violations {
            self.hear(format!("{} {}", violation.path, violation.message));
        }
    }
}

impl Desk {
    fn hear(&self, what: String) {
        self.heard.lock().unwrap().push(what);
    }
}

/// Text that JSON has to escape, in pieces.
const PIECES: [&str; 5] = ["a,\"b\"\r\n", "", "\u{1}\\ü", "\u{1f980}", "last\n"];

fn table(text: &str, lines: u64) -> Table {
    Table {
        title: "T".into(),
        text: text.into(),
        lines,
        mean: Some(39.0),
    }
}

/// The pieces from here on, and what comes after the first of them.
fn pieces(rest: &'static [&'static str], last: fn() -> Result<Table, String>) -> Streamed<Table> {
    match rest {
        [] => unreachable!("there is a first piece"),
        [piece] => Streamed::piece((*piece).into(), async move { last().map(Streamed::Whole) }),
        [piece, rest @ ..] => Streamed::piece((*piece).into(), async move {
            tokio::task::yield_now().await;
            Ok(pieces(rest, last))
        }),
    }
}

struct Dropped(Arc<Endless>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.dropped.notify_one();
    }
}

fn endless(on: Dropped) -> Streamed<Table> {
    on.0.pieces.fetch_add(1, Ordering::Relaxed);
    Streamed::piece("x".repeat(1024 * 1024), async move { Ok(endless(on)) })
}

impl DefaultApi for Desk {
    async fn get_table(&self, request: GetTableRequest) -> Result<GetTableResponse, String> {
        let good = GetTableResponse::success;
        Ok(match request.name.as_str() {
            "whole" => good(table("all of it", 1).into()),
            "pieces" => good(pieces(&PIECES, || Ok(table("", 3)))),
            "rest" => good(pieces(&PIECES, || Ok(table("of \"it\"", 3)))),
            "broken" => good(pieces(&PIECES, || Err("the database is gone".into()))),
            "panics" => good(pieces(&PIECES, || panic!("out of paper"))),
            "wrong" => good(pieces(&PIECES, || Ok(table("", 1001)))),
            "endless" => good(endless(Dropped(Arc::clone(&self.endless)))),
            _ => GetTableResponse::NotFound(Problem {
                detail: "no such table".into(),
            }),
        })
    }

    async fn get_log(&self, _: GetLogRequest) -> Result<GetLogResponse, String> {
        let log = pieces(&PIECES, || Ok(table("", 3)));
        Ok(GetLogResponse::Ok(GetLogOkBody::VndLogJson(log)))
    }
}

async fn serve() -> (SocketAddr, Arc<Desk>) {
    let desk = Arc::new(Desk::default());
    let mount = Mount::new(Arc::clone(&desk)).default();
    let router = mount.check_answers(true).finish();
    (samples::serve(router).await, desk)
}

/// Head and body of an answer. With HTTP/1.0 the body is what comes until the connection is closed.
async fn get(address: SocketAddr, path: &str) -> (String, String) {
    let request = format!("GET {path} HTTP/1.0\r\nHost: x\r\n\r\n");
    let answer = samples::raw(address, request.as_bytes()).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn client(address: SocketAddr) -> Client {
    let builder = Client::builder(format!("http://{address}"));
    builder.build().unwrap()
}

#[tokio::test]
async fn a_table_in_pieces_is_the_object_that_is_declared() {
    let (address, desk) = serve().await;
    for (path, text) in [
        ("/tables/pieces", PIECES.concat()),
        ("/tables/rest", PIECES.concat() + "of \"it\""),
        ("/logs", PIECES.concat()),
    ] {
        let (head, body) = get(address, path).await;
        assert!(!head.contains("content-length"), "{head}");
        let body: Value = serde_json::from_str(&body).unwrap();
        let expected = json!({ "title": "T", "text": text, "lines": 3, "mean": 39.0 });
        assert_eq!(body, expected, "{path}");
    }
    let read = client(address).get_table("pieces").await.unwrap();
    assert_eq!(read.into_inner(), table(&PIECES.concat(), 3));
    assert_eq!(desk.heard.lock().unwrap()[..], [] as [&str; 0]);
}

#[tokio::test]
async fn a_table_without_pieces_is_an_answer_as_every_other() {
    let (address, _) = serve().await;
    let (head, body) = get(address, "/tables/whole").await;
    assert!(head.contains("content-length: 54"), "{head}");
    let expected = r#"{"title":"T","text":"all of it","lines":1,"mean":39.0}"#;
    assert_eq!(body, expected);
    let error = client(address).get_table("none").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_json_and_is_heard_of_once() {
    for (name, reason) in [
        ("broken", "the database is gone"),
        ("panics", "handler panicked: out of paper"),
    ] {
        let (address, desk) = serve().await;
        let request = format!("GET /tables/{name} HTTP/1.1\r\nHost: x\r\n\r\n");
        // The connection is closed, although nobody asked for that.
        let answer = samples::raw(address, request.as_bytes()).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(!answer.contains('}'), "{answer}");
        assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
        let heard = desk.heard.lock().unwrap().clone();
        assert_eq!(heard, [format!("getTable broke off: {reason}")]);
        let error = client(address).get_table(name).await.unwrap_err();
        let broke_off = matches!(&error, client::Error::ResponseBodyError(..));
        assert!(broke_off, "clients notice: {error}");
    }
}

#[tokio::test]
async fn what_comes_last_is_held_against_the_contract() {
    let (address, desk) = serve().await;
    let (_, body) = get(address, "/tables/wrong").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["lines"], 1001);
    let heard = desk.heard.lock().unwrap().clone();
    assert_eq!(heard, ["lines must be at most 1000"]);
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_work() {
    let (address, desk) = serve().await;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = b"GET /tables/endless HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut head = [0; 1024];
    stream.read_exact(&mut head).await.unwrap();
    drop(stream);
    desk.endless.dropped.notified().await;
    // What systems keep for a connection, and no more.
    let made = desk.endless.pieces.load(Ordering::Relaxed);
    assert!(made <= 32, "{made} MiB for a client that reads nothing");
    assert_eq!(desk.heard.lock().unwrap()[..], [] as [&str; 0]);
}
