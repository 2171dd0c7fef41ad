//! Traces as a collector receives them: OTLP over HTTP, from the real binary.

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;

use hyper::Method;
use support::{Folder, Http, Server};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A collector that keeps every span it receives; gives its address.
fn collector() -> (String, mpsc::Receiver<Span>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (sender, spans) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let (mut line, mut head) = (String::new(), String::new());
            while stream.read_line(&mut line).is_ok() && !line.trim().is_empty() {
                head += &line.to_ascii_lowercase();
                line.clear();
            }
            let length = head
                .lines()
                .find_map(|it| it.strip_prefix("content-length:"));
            let length = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("the body arrives");
            let fits = head.starts_with("post /v1/traces ")
                && head.contains("content-type: application/x-protobuf");
            // Before it is answered: once the server has ended, every span is there.
            for span in fits.then(|| spans_of(&body)).into_iter().flatten() {
                let _ = sender.send(span);
            }
            let answer = if fits { "200 OK" } else { "400 Bad Request" };
            let answer =
                format!("HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    (address, spans)
}

/// What is looked at.
#[derive(Debug)]
struct Span {
    trace: String,
    id: String,
    parent: String,
    name: String,
    /// Names and values of attributes, as far as they are text.
    attributes: Vec<String>,
}

/// The spans of an `ExportTraceServiceRequest` (opentelemetry-proto, `trace/v1/trace.proto`): field 1
/// (resource spans), 2 (scope spans), 2 (spans).
fn spans_of(request: &[u8]) -> Vec<Span> {
    let inside = |messages: Vec<&[u8]>, number| -> Vec<Vec<u8>> {
        let all = messages.into_iter().flat_map(fields);
        all.filter(|(field, _)| *field == number)
            .map(|(_, value)| value)
            .collect()
    };
    let resources = inside(vec![request], 1);
    let scopes = inside(resources.iter().map(Vec::as_slice).collect(), 2);
    let spans = inside(scopes.iter().map(Vec::as_slice).collect(), 2);
    let span = |message: &Vec<u8>| {
        let all = fields(message);
        let one = |number| {
            all.iter()
                .find(|it| it.0 == number)
                .map_or(&[][..], |it| &it.1)
        };
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|it| format!("{it:02x}"))
                .collect::<String>()
        };
        let attributes = all.iter().filter(|it| it.0 == 9);
        Span {
            trace: hex(one(1)),
            id: hex(one(2)),
            parent: hex(one(4)),
            name: String::from_utf8_lossy(one(5)).into_owned(),
            attributes: attributes
                .map(|(_, it)| String::from_utf8_lossy(it).into_owned())
                .collect(),
        }
    };
    spans.iter().map(span).collect()
}

/// The fields of a message that have a length (strings, bytes, messages); others are passed over.
fn fields(mut message: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let varint = |bytes: &mut &[u8]| {
        let (mut value, mut shift) = (0_u64, 0);
        while let Some((byte, rest)) = bytes.split_first() {
            *bytes = rest;
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    };
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let length = match key & 7 {
            0 => {
                varint(&mut message);
                continue;
            }
            1 => 8,
            2 => varint(&mut message) as usize,
            5 => 4,
            other => panic!("wire type {other}"),
        };
        let (value, rest) = message.split_at(length);
        if key & 7 == 2 {
            found.push((key >> 3, value.to_vec()));
        }
        message = rest;
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_traced_below_its_caller_with_its_transaction() {
    let (collector, spans) = collector();
    let folder = Folder::new();
    let endpoint = format!("http://{collector}");
    let mut server = Server::start_with(
        &folder.database(),
        &["--demo"],
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)],
    );
    let output = server.output_until("/docs/");
    let key = output.split_once("demo key:").expect("a key").1;
    let authorization = format!("Bearer {}", key.split_whitespace().next().expect("a key"));
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", "demo"),
        ("traceparent", traceparent.as_str()),
        ("x-request-id", "traced-1"),
    ];
    let url = format!("http://{}/v1/customers/cust_nobody", server.address);
    let answer = Http::new().send(Method::DELETE, &url, &headers, "").await;
    assert_eq!(answer.status, 404);
    let unsampled = [("traceparent", format!("00-{TRACE}-{CALLER}-00"))];
    let unsampled = [(unsampled[0].0, unsampled[0].1.as_str())];
    let url = format!("http://{}/healthz", server.address);
    assert_eq!(
        Http::new()
            .send(Method::GET, &url, &unsampled, "")
            .await
            .status,
        200
    );

    // What was not sent yet is sent before the server ends.
    let log = std::mem::replace(&mut server.log, mpsc::channel().1);
    assert!(server.stop().0);
    let arrived: Vec<Span> = spans.try_iter().collect();
    let of_request: Vec<&Span> = arrived.iter().filter(|it| it.trace == TRACE).collect();
    let request = of_request
        .iter()
        .find(|it| it.parent == CALLER)
        .unwrap_or_else(|| panic!("no span below the caller's: {arrived:#?}"));
    assert_eq!(request.name, "deleteCustomer");
    let has = |text: &str| request.attributes.iter().any(|it| it.contains(text));
    assert!(has("http.response.status_code"), "{request:#?}");
    assert!(has("/v1/customers/{customerId}"), "{request:#?}");
    assert!(has("flexportal.tenant") && has("demo"), "{request:#?}");
    assert!(
        of_request
            .iter()
            .any(|it| it.name == "transaction" && it.parent == request.id),
        "{arrived:#?}"
    );
    let unwanted = of_request.iter().filter(|it| it.parent == CALLER).count();
    assert_eq!(
        unwanted, 1,
        "the caller's decision not to sample is honoured"
    );

    // Log lines are as without traces.
    let line = log
        .iter()
        .find(|line| line["span"]["id"] == "traced-1")
        .expect("the request is logged");
    assert_eq!(line["operation"], "deleteCustomer");
    assert!(!line.to_string().contains("otel"), "{line}");
}

#[test]
fn an_endpoint_that_is_none_is_refused() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(["--database", "sqlite:never-opened.db"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "somewhere else")
        .output()
        .expect("the binary runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        error.contains("cannot send traces to `somewhere else`"),
        "{error}"
    );
}
