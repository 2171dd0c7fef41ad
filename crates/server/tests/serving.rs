//! What the server does around the API: health, documents, request ids, logs, bad input on the
//! wire, and an orderly end.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use hyper::Method;
use serde_json::Value;
use support::{Folder, Http, Server, flexportal};

/// A server over a demo, with its key.
fn demo(folder: &Folder, options: &[&str]) -> (Server, String) {
    let mut all = vec!["--demo"];
    all.extend(options);
    let mut server = Server::start(&folder.database(), &all);
    let output = server.output_until("/docs/");
    let key = output
        .split_once("demo key:")
        .expect("the demo prints its key")
        .1;
    let key = key.split_whitespace().next().expect("a key").to_owned();
    (server, key)
}

#[tokio::test]
async fn the_demo_prints_a_request_that_deletes_a_customer() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.database(), &["--demo"]);
    let output = server.output_until("/docs/");
    let start = output.find("curl").expect("a curl command");
    let command = output[start..]
        .split("\n\n")
        .next()
        .expect("the command ends with a blank line");
    let shown = std::process::Command::new("sh")
        .args(["-c", &format!("{command} -s")])
        .output();
    let shown = shown.expect("curl runs");
    let answer: Value = serde_json::from_slice(&shown.stdout).unwrap_or_default();
    assert_eq!(
        answer["success"],
        true,
        "{command}\n{}",
        String::from_utf8_lossy(&shown.stdout)
    );

    // A second start finds the data and leaves it alone.
    server.stop();
    let mut again = Server::start(&folder.database(), &["--demo"]);
    assert!(
        again
            .output_until("hint")
            .contains("the database is not empty")
    );
}

#[tokio::test]
async fn health_and_documents_need_no_key() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let (http, base) = (Http::new(), format!("http://{}", server.address));
    assert_eq!(http.get(&format!("{base}/healthz")).await.status, 200);
    assert_eq!(http.get(&format!("{base}/readyz")).await.status, 200);
    let json = http.get(&format!("{base}/openapi.json")).await.json();
    assert_eq!(json["servers"][0]["url"], "/");
    let yaml = http.get(&format!("{base}/openapi.yaml")).await;
    assert!(yaml.text.starts_with("openapi: 3.1.0\n"));
    assert_eq!(http.get(&format!("{base}/docs/")).await.status, 200);
    let unknown = http.get(&format!("{base}/v2/customers")).await;
    assert_eq!(
        (
            unknown.status.as_u16(),
            unknown.json()["error"]["code"].clone()
        ),
        (404, "NOT_FOUND".into())
    );
}

#[test]
fn health_is_told_by_the_exit_code() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let (ready, output, error) = flexportal(&["health", "--listen", &server.address]);
    assert!(ready && output == "ready\n", "{output}{error}");
    let everywhere = server.address.replace("127.0.0.1", "0.0.0.0");
    assert!(flexportal(&["health", "--listen", &everywhere]).0);
    let address = server.address.clone();
    assert!(server.stop().0);
    let (ready, _, error) = flexportal(&["health", "--listen", &address]);
    assert!(!ready && error.contains("does not answer"), "{error}");
}

/// A process that shares a machine must not take more than its share.
#[cfg(target_os = "linux")]
#[test]
fn as_many_threads_handle_http_as_are_asked_for() {
    let folder = Folder::new();
    for count in ["1", "3"] {
        let server = Server::start(&folder.database(), &["--threads", count]);
        let threads = std::fs::read_dir(format!("/proc/{}/task", server.child.id()));
        let names = threads
            .expect("a process has threads")
            .flatten()
            .filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
        let handling = names
            .filter(|name| name.trim() == "tokio-rt-worker")
            .count();
        assert_eq!(handling.to_string(), count);
        server.stop();
    }
}

#[tokio::test]
async fn a_request_id_is_answered_and_logged_and_secrets_are_not() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &[]);
    let url = format!(
        "http://{}/v1/customers?email=ada%40example.com",
        server.address
    );
    let authorization = format!("Bearer {key}");
    let headers = |id| {
        [
            ("authorization", authorization.as_str()),
            ("tenant-id", "demo"),
            ("x-request-id", id),
        ]
    };
    let mine = Http::new()
        .send(Method::GET, &url, &headers("order-4711"), "")
        .await;
    assert_eq!(mine.headers["x-request-id"], "order-4711");
    let made = Http::new()
        .send(Method::GET, &url, &headers("not \"acceptable\""), "")
        .await;
    assert_eq!(made.headers["x-request-id"].len(), 24);

    server.signal("TERM");
    let log: Vec<Value> = server.log.iter().collect();
    let line = log
        .iter()
        .find(|line| line["span"]["id"] == "order-4711")
        .expect("the request is logged");
    assert_eq!(line["operation"], "listCustomers");
    assert_eq!(line["status"], 200);
    let text = log.iter().map(Value::to_string).collect::<String>();
    for secret in [key.as_str(), "ada@example.com", "ada%40example.com"] {
        assert!(!text.contains(secret), "`{secret}` is in the log");
    }
}

/// Sends bytes as they are; the status and the body of the answer.
fn raw(address: &str, request: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).expect("the server accepts");
    stream.write_all(request).expect("written");
    stream
        .shutdown(std::net::Shutdown::Write)
        .expect("half closed");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the answer ends");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_answered_in_the_contracts_form_and_changes_nothing() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &["--body-limit", "4096"]);
    let snapshot = || async {
        let authorization = format!("Bearer {key}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", "demo"),
        ];
        let mut all = String::new();
        for path in [
            "orders",
            "customers?status=all",
            "products",
            "assets",
            "subscriptions",
        ] {
            let url = format!("http://{}/v1/{path}", server.address);
            all += &Http::new().send(Method::GET, &url, &headers, "").await.text;
        }
        all
    };
    let before = snapshot().await;

    let head = format!(
        "host: x\r\nauthorization: Bearer {key}\r\ntenant-id: demo\r\nconnection: close\r\n"
    );
    let post = |media: &str, body: &[u8]| {
        let length = body.len();
        let mut request =
            format!("POST /v1/orders HTTP/1.1\r\n{head}content-type: {media}\r\ncontent-length: {length}\r\n\r\n")
                .into_bytes();
        request.extend_from_slice(body);
        raw(&server.address, &request)
    };
    let get = |path: &str| {
        raw(
            &server.address,
            format!("GET {path} HTTP/1.1\r\n{head}\r\n").as_bytes(),
        )
    };
    let json = "application/json";
    let deep = "[".repeat(2_000);
    let huge = vec![b' '; 5_000];
    let cases = [
        ("malformed JSON", post(json, b"{\"customer\":"), 400, "VALIDATION_ERROR"),
        ("not an object", post(json, b"[1, 2]"), 400, "VALIDATION_ERROR"),
        ("wrong types", post(json, b"{\"customer\": 7, \"items\": {}}"), 400, "VALIDATION_ERROR"),
        ("deep nesting", post(json, deep.as_bytes()), 400, "VALIDATION_ERROR"),
        ("bad UTF-8", post(json, b"{\"notes\": \"\xff\xfe\"}"), 400, "VALIDATION_ERROR"),
        ("missing body", post(json, b""), 400, "VALIDATION_ERROR"),
        ("huge body", post(json, &huge), 413, "PAYLOAD_TOO_LARGE"),
        ("wrong media type", post("text/xml", b"<order/>"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("unknown id", get("/v1/customers/cust_nobody"), 404, "NOT_FOUND"),
        ("bad escape", get("/v1/customers/%ff"), 400, "VALIDATION_ERROR"),
        ("bad cursor", get("/v1/customers?startAfter=nonsense"), 400, "VALIDATION_ERROR"),
        ("limit too large", get("/v1/customers?limit=101"), 400, "VALIDATION_ERROR"),
        ("limit no number", get("/v1/customers?limit=ten"), 400, "VALIDATION_ERROR"),
        ("unknown status", get("/v1/customers?status=gone"), 400, "VALIDATION_ERROR"),
        ("wrong method", raw(&server.address, format!("PATCH /v1/customers HTTP/1.1\r\n{head}\r\n").as_bytes()), 405, "METHOD_NOT_ALLOWED"),
        ("no key", raw(&server.address, b"GET /v1/customers HTTP/1.1\r\nhost: x\r\ntenant-id: demo\r\nconnection: close\r\n\r\n"), 401, "AUTH_REQUIRED"),
    ];
    for (what, (status, body), expected_status, expected_code) in cases {
        let found = (status, body["error"]["code"].as_str().unwrap_or("none"));
        assert_eq!(found, (expected_status, expected_code), "{what}: {body}");
        assert!(body["error"]["message"].is_string(), "{what}: {body}");
    }
    assert_eq!(snapshot().await, before, "refused requests change nothing");
}

#[tokio::test]
async fn what_was_accepted_is_answered_when_the_server_stops() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &[]);
    // Half a request is accepted, then the server is asked to stop, then the rest arrives.
    let mut stream = TcpStream::connect(&server.address).expect("the server accepts");
    let head = format!(
        "PUT /v1/customers/cust_nobody HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         tenant-id: demo\r\ncontent-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("written");
    // The interim answer shows that the request is being handled.
    let mut interim = [0_u8; 25];
    stream.read_exact(&mut interim).expect("an interim answer");
    assert!(interim.starts_with(b"HTTP/1.1 100"));
    server.signal("TERM");
    while TcpStream::connect(&server.address).is_ok() {}
    stream.write_all(b"{}").expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let (success, _) = server.stop();
    assert!(success, "the server ends by itself");
}

#[test]
fn a_port_that_is_taken_is_explained() {
    let folder = Folder::new();
    let server = Server::start(&folder.database(), &[]);
    let database = format!("sqlite:{}", folder.path().join("other.db").display());
    let (ok, _, error) = flexportal(&["--listen", &server.address, "--database", &database]);
    assert!(!ok);
    assert!(
        error.contains("hint: another server may run there"),
        "{error}"
    );
}
