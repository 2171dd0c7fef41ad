//! HTTP/2 without TLS, with prior knowledge: the same answers, limits and end as with HTTP/1.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, Version};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use support::{Folder, Server};

type Http2 = Client<HttpConnector, Full<Bytes>>;

fn client() -> Http2 {
    Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http()
}

async fn send(http: &Http2, request: Request<Full<Bytes>>) -> (StatusCode, Bytes) {
    let answer = http.request(request).await.expect("an answer");
    assert_eq!(answer.version(), Version::HTTP_2);
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("a whole answer");
    (status, body.to_bytes())
}

#[tokio::test]
async fn requests_are_answered_as_with_http1() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let http = client();
    let request = |method: Method, path: &str, body: Bytes| {
        let url = format!("http://{}{path}", server.address);
        Request::builder()
            .method(method)
            .uri(url)
            .body(Full::new(body))
            .expect("a request")
    };
    let healthy = request(Method::GET, "/healthz", Bytes::new());
    assert_eq!(send(&http, healthy).await, (StatusCode::OK, "ok\n".into()));
    let unknown = send(&http, request(Method::GET, "/v1/nothing", Bytes::new())).await;
    assert_eq!(unknown.0, 404);
    // Before the body is read; the answer is not lost however much is sent, nor is the connection.
    for bytes in [1_000, 300_000, 16 << 20] {
        let body = vec![b' '; bytes].into();
        let (status, answer) = send(&http, request(Method::POST, "/v1/orders", body)).await;
        assert_eq!(status, 401, "{bytes} bytes");
        assert!(answer.starts_with(b"{\"error\""), "{bytes} bytes");
    }
    let large = send(
        &http,
        request(Method::GET, "/docs/swagger-ui-bundle.js", Bytes::new()),
    )
    .await;
    assert!(large.0 == 200 && large.1.len() > 1_000_000);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let request = Request::builder()
        .uri(format!("http://{}/healthz", server.address))
        .header("long", "x".repeat(20 * 1024))
        .body(Full::default());
    let refused = client().request(request.expect("a request")).await;
    assert!(refused.is_err() || refused.is_ok_and(|answer| answer.status() == 431));
}

/// What begins a connection: the preface and empty settings.
const OPENING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const CONTINUATION: u8 = 9;
const END_STREAM_AND_HEADERS: u8 = 5;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a small frame")
        .to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// `GET http://x/`, by the static table of RFC 7541.
const GET: &[u8] = &[0x82, 0x86, 0x84, 0x41, 1, b'x'];

fn connect(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("the server accepts");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a bound");
    stream.write_all(OPENING).expect("written");
    stream
}

/// Sends what `part` makes until the server has had enough.
fn flood(server: &Server, mut part: impl FnMut(u32) -> Vec<u8>) {
    let mut stream = connect(server);
    let mut sent = 0;
    while sent < 100_000 && stream.write_all(&part(sent)).is_ok() {
        sent += 1;
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(sent < 100_000, "the server took it all");
}

#[test]
fn floods_end_their_connection() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    flood(&server, |turn| {
        let stream = 2 * turn + 1;
        let mut both = frame(HEADERS, END_STREAM_AND_HEADERS, stream, GET);
        both.extend(frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]));
        both
    });
    flood(&server, |turn| match turn {
        0 => frame(HEADERS, 0, 1, GET),
        _ => frame(CONTINUATION, 0, 1, &[0; 1024]),
    });
    let mut alive = TcpStream::connect(&server.address).expect("the server accepts");
    alive
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .expect("written");
    let mut answer = String::new();
    alive.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"));
}

#[test]
fn connections_without_a_request_do_not_hold_up_the_end() {
    let folder = Folder::new();
    let options = ["--shutdown-timeout", "3600", "--idle-timeout", "3600"];
    let server = Server::start(&folder.database(), &options);
    let mut stream = connect(&server);
    // The server's own settings show that it has understood.
    let mut all = vec![0; 9];
    stream.read_exact(&mut all).expect("settings");
    let (success, _) = server.stop();
    assert!(success, "the server ends by itself");
    let _ = stream.read_to_end(&mut all);
    const GO_AWAY: u8 = 7;
    assert!(frames(&all).contains(&GO_AWAY), "{:?}", frames(&all));
}

/// The kinds of frames in what was received.
fn frames(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while bytes.len() >= 9 {
        let length = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]) as usize;
        kinds.push(bytes[3]);
        bytes = bytes.get(9 + length..).unwrap_or_default();
    }
    kinds
}

#[test]
fn a_connection_that_asks_for_nothing_is_closed() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &["--idle-timeout", "1"]);
    let mut stream = connect(&server);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    assert!(!all.is_empty());
}
