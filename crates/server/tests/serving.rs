//! What the server does around the API: health, documents, request ids, logs, bad input on the
//! wire, and an orderly end.

mod support;

use std::io::{BufRead as _, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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

    // A second start finds the data, leaves it alone, and gives another key for it.
    let key = |output: &str| {
        let key = output.split_once("demo key:").map(|(_, rest)| rest.trim());
        let key = key.and_then(|rest| rest.split_whitespace().next());
        key.expect("a key").to_owned()
    };
    server.stop();
    let mut again = Server::start(&folder.database(), &["--demo"]);
    let printed = again.output_until("/docs/");
    assert!(printed.contains("curl -X DELETE"), "{printed}");
    assert_ne!(key(&printed), key(&output));
    let authorization = format!("Bearer {}", key(&printed));
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", "demo"),
    ];
    let url = format!("http://{}/v1/customers?status=inactive", again.address);
    let listed = Http::new().send(Method::GET, &url, &headers, "").await;
    assert_eq!(listed.status, 200, "{}", listed.text);
    let deleted = listed.json()["customers"].as_array().map(Vec::len);
    assert!(deleted.is_some_and(|count| count >= 1), "{}", listed.text);
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
    let everywhere = server.address.replace("127.0.0.1", "0.0.0.0");
    for address in [&server.address, &everywhere] {
        let since = Instant::now();
        // Who asks gives up after 3 s, as long as a slow machine may stall.
        let (ready, output, error) = loop {
            let told = flexportal(&["health", "--listen", address]);
            if told.0 || since.elapsed() > Duration::from_secs(60) {
                break told;
            }
        };
        assert!(ready && output == "ready\n", "{output}{error}");
    }
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
        let handling = || {
            let threads = std::fs::read_dir(format!("/proc/{}/task", server.child.id()));
            let names = threads
                .expect("a process has threads")
                .flatten()
                .filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
            let handling = names.filter(|name| name.trim() == "tokio-rt-worker");
            handling.count().to_string()
        };
        // A thread is called as the one that started it until it runs.
        let since = Instant::now();
        while handling() != count && since.elapsed() < Duration::from_secs(30) {
            std::thread::yield_now();
        }
        assert_eq!(handling(), count);
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

#[tokio::test]
async fn a_log_line_names_path_code_and_tenant_and_pages_are_quiet() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &[]);
    let base = format!("http://{}", server.address);
    let authorization = format!("Bearer {key}");
    let http = Http::new();
    let send = async |method: Method, path: &str, key: &str| {
        let headers = [("authorization", key), ("tenant-id", "demo")];
        http.send(method, &format!("{base}{path}"), &headers, "")
            .await;
    };
    send(
        Method::GET,
        "/v1/customers/cust_nobody?email=a",
        &authorization,
    )
    .await;
    send(
        Method::GET,
        "/v9/%22lost%22/thing?token=secret",
        &authorization,
    )
    .await;
    send(
        Method::GET,
        &format!("/v9/{}", "x".repeat(3_000)),
        &authorization,
    )
    .await;
    send(Method::PATCH, "/v1/customers", &authorization).await;
    send(Method::GET, "/v1/customers", "Bearer fp_no_body").await;
    send(Method::GET, "/v1/customers", &authorization).await;
    send(Method::GET, "/docs/", "").await;
    send(Method::GET, "/openapi.json", "").await;
    server.signal("TERM");
    let log: Vec<Value> = server.log.iter().collect();
    let lines: Vec<&Value> = log
        .iter()
        .filter(|line| line["target"] == "contract_serve::request")
        .collect();
    let found: Vec<(&str, u64, &str, &str)> = lines
        .iter()
        .map(|line| {
            (
                line["path"].as_str().unwrap_or("none"),
                line["status"].as_u64().unwrap_or(0),
                line["code"].as_str().unwrap_or("none"),
                line["tenant"].as_str().unwrap_or("none"),
            )
        })
        .collect();
    let long = format!("/v9/{}", "x".repeat(196));
    assert_eq!(
        found,
        [
            ("/v1/customers/{customerId}", 404, "NOT_FOUND", "demo"),
            ("/v9/%22lost%22/thing", 404, "NOT_FOUND", "demo"),
            (long.as_str(), 404, "NOT_FOUND", "demo"),
            ("/v1/customers", 405, "METHOD_NOT_ALLOWED", "demo"),
            ("/v1/customers", 401, "INVALID_TOKEN", "demo"),
            ("/v1/customers", 200, "none", "demo"),
        ]
    );
}

#[tokio::test]
async fn answers_are_not_kept_nor_taken_for_what_they_are_not() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &[]);
    let base = format!("http://{}", server.address);
    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", "demo"),
    ];
    let http = Http::new();
    for path in [
        "/v1/customers",
        "/v1/customers/nobody",
        "/v1/nothing",
        "/healthz",
        "/readyz",
    ] {
        let answer = http
            .send(Method::GET, &format!("{base}{path}"), &headers, "")
            .await;
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert_eq!(
            answer.headers["x-content-type-options"], "nosniff",
            "{path}"
        );
    }
    let page = http.get(&format!("{base}/docs/")).await;
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let policy = page.headers["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(policy.contains("script-src 'self';"), "{policy}");
    // Kept by browsers, and asked for again by its tag alone.
    let tag = page.headers["etag"].to_str().expect("text");
    let again = [("if-none-match", tag)];
    let again = http
        .send(Method::GET, &format!("{base}/docs/"), &again, "")
        .await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    let packed = [("accept-encoding", "gzip")];
    let bundle = format!("{base}/docs/swagger-ui-bundle.js");
    let packed = http.send(Method::GET, &bundle, &packed, "").await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(packed.text.len() < http.get(&bundle).await.text.len());
}

#[tokio::test]
async fn wrong_keys_are_limited_by_address_and_right_ones_are_not() {
    let folder = Folder::new();
    let options = ["--failed-keys", "5", "--trusted-proxy", "127.0.0.1"];
    let (server, key) = demo(&folder, &options);
    let url = format!("http://{}/v1/customers", server.address);
    let authorization = format!("Bearer {key}");
    let http = Http::new();
    let send = async |key: &str, from: &str| {
        let headers = [
            ("authorization", key),
            ("tenant-id", "demo"),
            ("x-forwarded-for", from),
        ];
        http.send(Method::GET, &url, &headers, "").await
    };
    let mut statuses = Vec::new();
    for number in 0..8 {
        let answer = send(&format!("Bearer fp_key{number}_wrong"), "192.0.2.1").await;
        statuses.push(answer.status.as_u16());
        if answer.status == 429 {
            assert_eq!(answer.json()["error"]["code"], "RATE_LIMITED");
            let seconds: u64 = answer.headers["retry-after"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            assert!((1..=60).contains(&seconds));
        }
    }
    // A minute may end in between, after which five more are answered.
    assert!(statuses.starts_with(&[401; 3]), "{statuses:?}");
    assert!(
        statuses.contains(&429) || statuses == [401; 8],
        "{statuses:?}"
    );
    assert_eq!(send(&authorization, "192.0.2.1").await.status, 200);
    assert_eq!(send("Bearer fp_other_wrong", "192.0.2.2").await.status, 401);
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
    let patch = format!("PATCH /v1/customers HTTP/1.1\r\n{head}\r\n");
    let without_key =
        b"GET /v1/customers HTTP/1.1\r\nhost: x\r\ntenant-id: demo\r\nconnection: close\r\n\r\n";
    // A table, with a line for each case.
    #[rustfmt::skip]
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
        ("wrong method", raw(&server.address, patch.as_bytes()), 405, "METHOD_NOT_ALLOWED"),
        ("no key", raw(&server.address, without_key), 401, "AUTH_REQUIRED"),
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
        error.contains("hint: stop it, or take another port"),
        "{error}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_whose_database_was_moved_is_not_ready_and_acknowledges_nothing() {
    let folder = Folder::new();
    let (server, key) = demo(&folder, &[]);
    let (http, base) = (Http::new(), format!("http://{}", server.address));
    assert_eq!(http.get(&format!("{base}/readyz")).await.status, 200);
    let (file, aside) = (
        folder.path().join("test.db"),
        folder.path().join("aside.db"),
    );
    std::fs::rename(&file, &aside).expect("moves");
    // Asked until it is so; the harness ends what never is.
    let cause = loop {
        let ready = http.get(&format!("{base}/readyz")).await;
        if ready.status == 503 {
            break ready.text;
        }
        tokio::task::yield_now().await;
    };
    assert!(
        !cause.contains("aside") && !cause.contains("test.db"),
        "{cause}"
    );
    std::fs::rename(&aside, &file).expect("moves back");
    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", "demo"),
    ];
    let url = format!("{base}/v1/customers");
    let refused = http.send(Method::GET, &url, &headers, "").await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after"));
    let logged = server
        .log
        .iter()
        .find(|line| line["message"] == "the database is gone");
    let logged = logged.expect("it is logged").to_string();
    assert!(logged.contains("moved or deleted"), "{logged}");
}

/// `flexportal serve 2>&1 | head` ends the reader of the log, and nothing else.
#[test]
fn a_log_that_nobody_reads_any_more_does_not_end_the_server() {
    let folder = Folder::new();
    let options = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(options)
        .args(["--database", &folder.database()])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut log = std::io::BufReader::new(child.stderr.take().expect("piped"));
    let address = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).expect("a log line"), 0, "no start");
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(address) = line["address"].as_str() {
            break address.to_owned();
        }
    };
    drop(log);
    for _ in 0..3 {
        let mut connection = TcpStream::connect(&address).expect("it listens");
        let request = "GET /v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        connection.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert!(child.try_wait().expect("asked").is_none(), "it runs on");
    child.kill().expect("killed");
    child.wait().expect("ended");
}
