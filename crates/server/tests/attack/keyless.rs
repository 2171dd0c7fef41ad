//! Peers without a key: heads without an end, answers that nobody reads, framings with two meanings.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::place::Place;

/// Guards against hanging; no test waits for it.
const AT_MOST: Duration = Duration::from_secs(60);

fn connect(place: &Place) -> TcpStream {
    let stream = TcpStream::connect(&place.server.address).expect("the server accepts");
    stream
        .set_read_timeout(Some(AT_MOST))
        .expect("a time limit");
    stream
        .set_write_timeout(Some(AT_MOST))
        .expect("a time limit");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_without_a_key_take_neither_memory_nor_the_end() {
    let place = Place::single(&[]);
    place.polite.catalogue().await;
    let mut open = Vec::new();
    // A head of 400 KB: refused long before.
    let header = format!("x-filler: {}\r\n", "x".repeat(4_000));
    for _ in 0..100 {
        let mut stream = connect(&place);
        let _ = stream.write_all(b"GET /v1/customers HTTP/1.1\r\nhost: localhost\r\n");
        for _ in 0..100 {
            if stream.write_all(header.as_bytes()).is_err() {
                break;
            }
        }
        open.push(stream);
    }
    // Whoever asks for the largest files and takes nothing of them.
    for _ in 0..200 {
        let mut stream = connect(&place);
        let one = b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let _ = stream.write_all(&one.repeat(16));
        open.push(stream);
    }
    // Whoever has begun to say something.
    for _ in 0..200 {
        let mut stream = connect(&place);
        let _ = stream.write_all(b"POST /v1/orders HTTP/1.1\r\nhost: local");
        open.push(stream);
    }
    for round in 0..5 {
        place.polite.polite_round(round).await;
    }
    place.assert_memory();

    // The end does not wait for any of them.
    let Place { server, .. } = place;
    let (success, _) = server.stop();
    assert!(success, "the server ends by itself");
    drop(open);
}

#[test]
fn requests_with_two_meanings_have_none() {
    let place = Place::single(&[]);
    let smuggled = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let body = |headers: &str, body: &str| {
        format!("POST /v1/orders HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n\r\n{body}")
    };
    let chunked = format!("0\r\n\r\n{smuggled}");
    for request in [
        body("content-length: 5\r\ntransfer-encoding: chunked", &chunked),
        body("transfer-encoding: gzip, chunked", &chunked),
        body("transfer-encoding: chunked, identity", &chunked),
        body("transfer-encoding: xchunked", &chunked),
        body("content-length: 0\r\ncontent-length: 5", smuggled),
        body("content-length: +5", smuggled),
        body("content-length: 0x5", smuggled),
        body("content-length : 5", smuggled),
        body("x: a\r\n b: c\r\ncontent-length : 0", smuggled),
        format!("POST /v1/orders HTTP/1.1\r\n\r\n{smuggled}"),
        format!("POST /v1/orders HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n{smuggled}"),
        format!("POST /v1/orders HTTP/1.1\r\nhost: a b\r\n\r\n{smuggled}"),
    ] {
        let mut stream = connect(&place);
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
        let mut answers = String::new();
        // Read to the end: what cannot be told apart ends the connection.
        stream
            .read_to_string(&mut answers)
            .expect("the server closes");
        assert!(
            answers.starts_with("HTTP/1.1 400 ") || answers.starts_with("HTTP/1.1 501 "),
            "{request:?}: {answers}"
        );
        assert_eq!(
            answers.matches("HTTP/1.1 ").count(),
            1,
            "{request:?}: {answers}"
        );
    }
}
