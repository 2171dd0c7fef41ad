//! Connections as bytes: requests whose bodies nobody reads, heads that are too large or
//! ambiguous, clients that are slow or too many, and signals.

mod support;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use support::{Folder, Server, patiently};

/// Guards against hanging; no test waits for it.
const AT_MOST: Duration = Duration::from_secs(60);
/// More than the server reads with the head, less than what it reads away.
const SMALL: usize = 200_000;
/// More than what it reads away, and more than sockets buffer.
const LARGE: usize = 32 << 20;
/// How long it reads away.
const READ_AWAY: Duration = Duration::from_secs(1);
/// How long a client that still sends may be silent.
const SILENCE: Duration = Duration::from_secs(2);

struct Demo {
    _folder: Folder,
    server: Server,
    key: String,
}

fn demo(options: &[&str]) -> Demo {
    let folder = Folder::new();
    let mut all = vec!["--demo"];
    all.extend(options);
    let mut server = Server::start(&folder.database(), &all);
    let output = server.output_until("/docs/");
    let key = output
        .split_once("demo key:")
        .expect("the demo prints its key")
        .1;
    let key = key.split_whitespace().next().expect("a key").to_owned();
    Demo {
        _folder: folder,
        server,
        key,
    }
}

impl Demo {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.server.address).expect("the server accepts");
        stream
            .set_read_timeout(Some(AT_MOST))
            .expect("a time limit");
        stream
            .set_write_timeout(Some(AT_MOST))
            .expect("a time limit");
        stream
    }

    /// Requests that are answered before their body is read, with the status: (name, head, status).
    fn early(&self) -> Vec<(&'static str, String, &'static [u16])> {
        let key = &self.key;
        let authorized = format!("authorization: Bearer {key}\r\ntenant-id: demo\r\n");
        let json = "content-type: application/json\r\n";
        let cases: [(&str, String, &[u16]); 10] = [
            (
                "no route",
                format!("POST /v1/nothing HTTP/1.1\r\n{json}"),
                &[404],
            ),
            (
                "no method",
                format!("PATCH /v1/customers HTTP/1.1\r\n{json}"),
                &[405],
            ),
            (
                "no key",
                format!("POST /v1/orders HTTP/1.1\r\n{json}"),
                &[401],
            ),
            (
                "wrong key",
                format!("POST /v1/orders HTTP/1.1\r\nauthorization: Bearer fp_no_body\r\n{json}"),
                &[401],
            ),
            (
                "no tenant",
                format!("POST /v1/orders HTTP/1.1\r\nauthorization: Bearer {key}\r\n{json}"),
                &[403],
            ),
            (
                "no media type",
                format!("POST /v1/orders HTTP/1.1\r\n{authorized}content-type: text/xml\r\n"),
                // Or what is too large for every type.
                &[415, 413],
            ),
            (
                "too large",
                format!("POST /v1/orders HTTP/1.1\r\n{authorized}{json}"),
                &[413],
            ),
            (
                "not asked for",
                format!("GET /v1/customers HTTP/1.1\r\n{authorized}{json}"),
                &[200],
            ),
            (
                "beside the contract",
                "POST /healthz HTTP/1.1\r\n".to_owned(),
                &[405],
            ),
            ("a page", "POST /docs/ HTTP/1.1\r\n".to_owned(), &[405]),
        ];
        cases.into()
    }
}

/// An answer: its head in lower case, and its body.
fn answer(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.and_then(|it| it.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn status(head: &str) -> u16 {
    head.get(9..12).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Everything up to the end; `None`: the connection was reset.
fn to_end(stream: &mut TcpStream) -> Option<String> {
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Ok(_) => Some(String::from_utf8_lossy(&all).to_ascii_lowercase()),
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::WouldBlock, "the server hangs");
            None
        }
    }
}

/// Sends a request with a body on a connection of its own, and reads to the end.
fn exchange(demo: &Demo, request: &[u8]) -> String {
    let mut stream = demo.connect();
    stream.write_all(request).expect("written");
    to_end(&mut stream).expect("the answer arrives whole")
}

#[test]
fn a_small_body_that_nobody_reads_is_read_away() {
    let demo = demo(&["--body-limit", "4096"]);
    let framings = [
        (format!("content-length: {SMALL}\r\n\r\n"), String::new()),
        (
            format!("transfer-encoding: chunked\r\n\r\n{SMALL:x}\r\n"),
            "\r\n0\r\n\r\n".to_owned(),
        ),
    ];
    for (name, head, expected) in demo.early() {
        for (before, after) in &framings {
            let mut request = format!("{head}host: x\r\n{before}").into_bytes();
            request.extend(vec![b' '; SMALL]);
            request.extend_from_slice(after.as_bytes());
            patiently(READ_AWAY, || {
                let mut stream = demo.connect();
                for turn in 0..2 {
                    let broken = |why: &str| format!("{name}, turn {turn}: {why}");
                    let sent = stream.write_all(&request);
                    sent.map_err(|error| broken(&error.to_string()))?;
                    let (head, _) = answer(&mut stream).ok_or_else(|| broken("no answer"))?;
                    assert!(expected.contains(&status(&head)), "{name}: {head}");
                    if head.contains("connection: close") {
                        return Err(broken(&head));
                    }
                }
                Ok(())
            });
        }
    }
}

#[test]
fn a_large_body_that_nobody_reads_ends_the_connection_after_the_answer() {
    let demo = demo(&[]);
    let framings = [
        format!("content-length: {LARGE}\r\n\r\n"),
        format!("transfer-encoding: chunked\r\n\r\n{LARGE:x}\r\n"),
    ];
    for (name, head, expected) in demo.early() {
        for before in &framings {
            // Most clients send everything before they read: what is sent must go somewhere.
            let mut request = format!("{head}host: x\r\n{before}").into_bytes();
            request.extend(vec![b' '; LARGE]);
            patiently(SILENCE, || {
                let mut stream = demo.connect();
                let sent = stream.write_all(&request);
                sent.map_err(|error| format!("{name}: {error}"))?;
                let (head, body) =
                    answer(&mut stream).ok_or_else(|| format!("{name}: no answer"))?;
                assert!(expected.contains(&status(&head)), "{name}: {head}");
                assert!(head.contains("connection: close"), "{name}: {head}");
                assert!(expected == [405] || !body.is_empty(), "{name}");
                let end = to_end(&mut stream).ok_or_else(|| format!("{name}: reset"))?;
                assert_eq!(end, "", "{name}");
                Ok(())
            });
        }
    }
}

#[test]
fn a_body_that_stops_arriving_does_not_hold_up_its_answer() {
    let demo = demo(&[]);
    for (name, head, expected) in demo.early() {
        if expected == [413] {
            continue;
        }
        let mut stream = demo.connect();
        let request = format!("{head}host: x\r\ncontent-length: 100\r\n\r\nhalf");
        stream.write_all(request.as_bytes()).expect("written");
        let (head, _) = answer(&mut stream).unwrap_or_else(|| panic!("{name}: no answer"));
        assert!(expected.contains(&status(&head)), "{name}: {head}");
        assert!(head.contains("connection: close"), "{name}: {head}");
    }
}

#[test]
fn nobody_is_asked_to_send_a_body_that_is_not_read() {
    let demo = demo(&["--body-limit", "4096"]);
    for (name, head, expected) in demo.early() {
        let mut stream = demo.connect();
        let request =
            format!("{head}host: x\r\nexpect: 100-continue\r\ncontent-length: 5000\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("written");
        let (head, _) = answer(&mut stream).unwrap_or_else(|| panic!("{name}: no answer"));
        assert!(expected.contains(&status(&head)), "{name}: {head}");
        assert!(head.contains("connection: close"), "{name}: {head}");
        // A client that sends it all the same still gets the end in order.
        stream.write_all(&[b' '; 5000]).expect("written");
        assert_eq!(to_end(&mut stream).as_deref(), Some(""), "{name}");
    }
}

#[test]
fn a_head_that_is_too_large_is_refused_whole() {
    let demo = demo(&[]);
    let long = "x".repeat(400 * 1024);
    let many = "a: b\r\n".repeat(101);
    for (name, request) in [
        (
            "one header",
            format!("GET /healthz HTTP/1.1\r\nhost: x\r\nlong: {long}\r\n\r\n"),
        ),
        (
            "the path",
            format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
        ),
        (
            "the number",
            format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n"),
        ),
    ] {
        let answer = exchange(&demo, request.as_bytes());
        assert_eq!(status(&answer), 431, "{name}: {answer}");
        assert!(answer.contains("connection: close"), "{name}: {answer}");
        assert_is_whole(&answer, "PAYLOAD_TOO_LARGE");
    }
    let fits = "x".repeat(15 * 1024);
    let request =
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nlong: {fits}\r\n\r\n");
    assert_eq!(status(&exchange(&demo, request.as_bytes())), 200);
}

#[test]
fn what_is_no_request_is_answered_as_everything_else() {
    let demo = demo(&[]);
    for (name, bytes) in [
        ("no request line", "hello\r\n\r\n"),
        ("no header", "GET / HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n"),
        ("another version", "GET / HTTP/9.9\r\nhost: x\r\n\r\n"),
        (
            "a length that is none",
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n",
        ),
        ("TLS", "\x16\x03\x01\x02\r\n\r\n"),
    ] {
        let answer = exchange(&demo, bytes.as_bytes());
        assert_eq!(status(&answer), 400, "{name}: {answer}");
        assert_is_whole(&answer, "VALIDATION_ERROR");
    }
    // After a request that was answered, too.
    let answers = exchange(
        &demo,
        b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nhello\r\n\r\n",
    );
    assert_eq!(status(&answers), 200, "{answers}");
    let second = answers.find("http/1.1 400 ").expect("a second answer");
    assert_is_whole(&answers[second..], "VALIDATION_ERROR");
}

/// An error with its id, its code, and all of its body.
fn assert_is_whole(answer: &str, code: &str) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let length = format!("content-length: {}", body.len());
    for line in ["x-request-id: ", "x-content-type-options: nosniff", &length] {
        assert!(head.contains(line), "`{line}`: {answer}");
    }
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    // What was read is in lower case.
    assert_eq!(body["error"]["code"], code.to_lowercase(), "{answer}");
}

#[test]
fn a_head_that_can_be_read_in_two_ways_is_refused() {
    let demo = demo(&[]);
    let chunked = "0\r\n\r\n";
    let cases = [
        ("no host", "", ""),
        ("two hosts", "host: a\r\nhost: a\r\n", ""),
        ("two different hosts", "host: a\r\nhost: b\r\n", ""),
        ("an empty host", "host:\r\n", ""),
        ("no host name", "host: a/b\r\n", ""),
        ("user and host", "host: a@b\r\n", ""),
        (
            "gzip",
            "host: a\r\ntransfer-encoding: gzip, chunked\r\n",
            chunked,
        ),
        (
            "chunked twice",
            "host: a\r\ntransfer-encoding: chunked, chunked\r\n",
            chunked,
        ),
        (
            "two codings",
            "host: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
            chunked,
        ),
        ("identity", "host: a\r\ntransfer-encoding: identity\r\n", ""),
        (
            "chunked before others",
            "host: a\r\ntransfer-encoding: chunked, gzip\r\n",
            chunked,
        ),
        ("unknown", "host: a\r\ntransfer-encoding: xchunked\r\n", ""),
        (
            "two lengths",
            "host: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n",
            "xx",
        ),
        (
            "a list of lengths",
            "host: a\r\ncontent-length: 1, 2\r\n",
            "xx",
        ),
        ("a signed length", "host: a\r\ncontent-length: +1\r\n", "x"),
        ("a folded line", "host: a\r\nlong: a\r\n b\r\n", ""),
        ("a blank before the colon", "host : a\r\n", ""),
        ("no colon", "host: a\r\nnothing\r\n", ""),
        ("a control character", "host: a\r\nx: a\u{1}b\r\n", ""),
        ("a lone carriage return", "host: a\r\nx: a\rb\r\n", ""),
    ];
    for (name, headers, body) in cases {
        let mut stream = demo.connect();
        let next = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
        let request = format!("POST /v1/orders HTTP/1.1\r\n{headers}\r\n{body}{next}");
        stream.write_all(request.as_bytes()).expect("written");
        stream.shutdown(Shutdown::Write).expect("half closed");
        let answers = to_end(&mut stream).unwrap_or_else(|| panic!("{name}: reset"));
        assert_eq!(status(&answers), 400, "{name}: {answers}");
        assert!(answers.contains("connection: close"), "{name}: {answers}");
        // What follows cannot be trusted to be a request.
        assert_eq!(answers.matches("http/1.1 ").count(), 1, "{name}: {answers}");
    }
    let old = exchange(&demo, b"GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(status(&old), 200, "{old}");
}

#[test]
fn what_follows_two_framings_is_never_taken_for_a_request() {
    let demo = demo(&[]);
    let next = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    for framing in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    ] {
        let head = format!("POST /v1/orders HTTP/1.1\r\nhost: a\r\n{framing}\r\n");
        let answers = exchange(&demo, format!("{head}0\r\n\r\n{next}").as_bytes());
        assert_eq!(status(&answers), 400, "{answers}");
        assert!(answers.contains("connection: close"), "{answers}");
        assert_eq!(answers.matches("http/1.1 ").count(), 1, "{answers}");
        // Behind another request it is too late to say so; the coding counts, and the
        // connection ends (RFC 9112, section 6.1).
        let answers = exchange(&demo, format!("{next}{head}0\r\n\r\n{next}").as_bytes());
        assert!(answers.contains("connection: close"), "{answers}");
        assert_eq!(answers.matches("http/1.1 ").count(), 2, "{answers}");
    }
}

#[test]
fn clients_that_are_slow_are_dropped() {
    let demo = demo(&["--read-timeout", "1", "--idle-timeout", "1"]);
    for start in ["", "GET / HTTP/1.1\r\nho", "PRI * HT"] {
        let mut stream = demo.connect();
        stream.write_all(start.as_bytes()).expect("written");
        // Dropped without an answer; a byte now and then does not help.
        let mut one = [0];
        let ended = matches!(stream.read(&mut one), Ok(0) | Err(_));
        assert!(ended, "`{start}` is still connected");
    }
    let mut stream = demo.connect();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .expect("written");
    assert!(answer(&mut stream).is_some());
    assert_eq!(
        to_end(&mut stream).as_deref(),
        Some(""),
        "an idle connection"
    );
}

/// One of the server's own figures.
fn figure(metrics: &str, name: &str) -> u64 {
    let mut stream = TcpStream::connect(metrics).expect("metrics are served");
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .expect("written");
    let page = to_end(&mut stream).expect("figures");
    let mut lines = page.lines().filter_map(|line| line.split_once(' '));
    let value = lines.find(|(found, _)| *found == name);
    value.and_then(|(_, it)| it.parse().ok()).expect("a figure")
}

#[test]
fn a_client_that_does_not_take_its_answers_is_dropped() {
    let folder = Folder::new();
    let server = Server::start_with(
        &folder.database(),
        &[
            "--write-timeout",
            "1",
            "--write-rate",
            "100000000",
            "--metrics-listen",
            "127.0.0.1:0",
        ],
        &[],
    );
    let line = server
        .log
        .iter()
        .find_map(|line| line["metrics_address"].as_str().map(str::to_owned));
    let metrics = line.expect("the address of the figures is logged");
    let mut stream = TcpStream::connect(&server.address).expect("the server accepts");
    let request = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    stream.write_all(request.as_bytes()).expect("written");
    while figure(&metrics, "flexportal_http_connections_accepted_total") == 0 {}
    while figure(&metrics, "flexportal_http_connections") > 0 {}
    // Of 100 answers of 1.4 MB, those that fit into the buffers of the system were sent.
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received);
    assert!(received.len() < 50_000_000, "{} bytes", received.len());
}

#[test]
fn whoever_waits_longest_for_nothing_makes_room() {
    let demo = demo(&["--connections", "3"]);
    let half: Vec<TcpStream> = (0..3)
        .map(|_| {
            let mut stream = demo.connect();
            stream.write_all(b"GET / HTTP/1.1\r\n").expect("written");
            stream
        })
        .collect();
    for _ in 0..10 {
        let answer = exchange(
            &demo,
            b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        );
        assert_eq!(status(&answer), 200);
    }
    drop(half);
}

#[test]
fn one_address_has_no_more_connections_than_it_may() {
    let demo = demo(&["--connections-per-address", "2"]);
    let get = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut first = [demo.connect(), demo.connect()];
    for stream in &mut first {
        stream.write_all(get).expect("written");
        assert!(answer(stream).is_some());
    }
    let mut third = demo.connect();
    let _ = third.write_all(get);
    assert!(answer(&mut third).is_none(), "a third connection is served");
    drop(first);
    // The server learns of it in its own time.
    loop {
        let mut next = demo.connect();
        if next.write_all(get).is_ok() && answer(&mut next).is_some() {
            break;
        }
    }
}

#[test]
fn connections_without_a_request_do_not_hold_up_the_end() {
    for signal in ["TERM", "INT", "QUIT"] {
        // Longer than the test may take: only connections that owe something get it.
        let demo = demo(&["--shutdown-timeout", "3600", "--read-timeout", "3600"]);
        let mut waiting = Vec::new();
        for start in ["", "GET / HTTP/1.1\r\nhost:", "PRI * HTTP/2.0\r\n"] {
            let mut stream = demo.connect();
            stream.write_all(start.as_bytes()).expect("written");
            waiting.push(stream);
        }
        let mut idle = demo.connect();
        idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .expect("written");
        assert!(answer(&mut idle).is_some());
        // A request that was accepted is answered.
        let key = &demo.key;
        let mut accepted = demo.connect();
        let head = format!(
            "PUT /v1/customers/cust_nobody HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
             tenant-id: demo\r\ncontent-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n"
        );
        accepted.write_all(head.as_bytes()).expect("written");
        let (interim, _) = answer(&mut accepted).expect("an interim answer");
        assert_eq!(status(&interim), 100);
        demo.server.signal(signal);
        for mut stream in waiting {
            assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)), "{signal}");
        }
        accepted.write_all(b"{}").expect("written");
        let (last, _) = answer(&mut accepted).expect("an answer");
        assert_eq!(status(&last), 404, "{last}");
        assert!(demo.server.stop().0, "{signal}: the server ends by itself");
    }
}

#[test]
fn an_answer_that_is_taken_slowly_is_whole_when_the_server_stops() {
    let folder = Folder::new();
    let options = ["--shutdown-timeout", "3600"];
    let server = Server::start_with(&folder.database(), &options, &[]);
    let mut stream = TcpStream::connect(&server.address).expect("the server accepts");
    // More than the buffers of the system hold: the server is in the middle of one of them.
    let request = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    stream.write_all(request.as_bytes()).expect("written");
    let mut received = vec![0; 4 << 20];
    stream.read_exact(&mut received).expect("the first answers");
    server.signal("TERM");
    let _ = stream.read_to_end(&mut received);
    let (mut rest, mut answers) = (&received[..], 0);
    while !rest.is_empty() {
        let head = rest.windows(4).position(|it| it == b"\r\n\r\n");
        let (head, body) = rest.split_at(head.expect("a whole head") + 4);
        let head = String::from_utf8_lossy(head).to_lowercase();
        let length = head
            .lines()
            .find_map(|it| it.strip_prefix("content-length: "));
        let length: usize = length.expect("a length").parse().expect("a number");
        assert!(length <= body.len(), "{} of {length} bytes", body.len());
        (rest, answers) = (&body[length..], answers + 1);
    }
    assert!(answers < 100, "the server stops");
}

#[test]
fn signals_that_are_not_ours_are_ignored() {
    let demo = demo(&[]);
    for signal in ["HUP", "USR1", "USR2"] {
        demo.server.signal(signal);
        let line = demo
            .server
            .log
            .iter()
            .find(|line| line["message"] == "ignored a signal");
        assert_eq!(line.expect("a line")["signal"], format!("SIG{signal}"));
    }
    let answer = exchange(
        &demo,
        b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert_eq!(status(&answer), 200);
    assert!(demo.server.stop().0);
}
