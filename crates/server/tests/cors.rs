//! The API from a page of another origin: by its headers, and in a real browser.
//!
//! Needs Chromium for the latter. Where it is missing the test says so and passes, except under
//! `CI`, where it fails.

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use hyper::Method;
use serde_json::{Value, json};
use support::{Answer, Folder, Http, Server, flexportal};

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

async fn ask(server: &Server, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let url = format!("http://{}{path}", server.address);
    Http::new().send(method, &url, headers, "").await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .and_then(|it| it.to_str().ok())
        .unwrap_or("none")
}

#[tokio::test]
async fn nothing_is_let_in_unless_asked_for() {
    let folder = Folder::new();
    let (server, _) = demo(&folder, &[]);
    let preflight = [
        ("origin", "https://app.example"),
        ("access-control-request-method", "DELETE"),
    ];
    let answer = ask(&server, Method::OPTIONS, "/v1/customers", &preflight).await;
    assert_eq!(answer.status, 405);
    assert_eq!(header(&answer, "access-control-allow-origin"), "none");
}

#[tokio::test]
async fn only_pages_of_named_origins_may_read_answers() {
    let folder = Folder::new();
    let origins = "https://app.example,http://localhost:3000";
    let (server, _) = demo(&folder, &["--cors-origin", origins]);
    for (origin, allowed) in [
        ("https://app.example", true),
        ("http://localhost:3000", true),
        ("https://app.example.evil.example", false),
        ("http://app.example", false),
        ("null", false),
    ] {
        let expected = if allowed { origin } else { "none" };
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            (
                "access-control-request-headers",
                "authorization,content-type,tenant-id",
            ),
        ];
        let answer = ask(&server, Method::OPTIONS, "/v1/customers/x", &preflight).await;
        assert!(answer.status.is_success(), "{origin}: {}", answer.status);
        assert_eq!(header(&answer, "access-control-allow-origin"), expected);
        assert!(header(&answer, "access-control-allow-methods").contains("PUT"));
        let headers = header(&answer, "access-control-allow-headers");
        for name in ["authorization", "content-type", "tenant-id", "x-request-id"] {
            assert!(headers.contains(name), "`{name}` not in `{headers}`");
        }
        assert!(
            header(&answer, "vary")
                .to_ascii_lowercase()
                .contains("origin")
        );
        // Errors, too: a page must learn why it was refused.
        for (method, path, status) in [
            (Method::GET, "/healthz", 200),
            (Method::GET, "/v1/customers", 401),
            (Method::GET, "/v1/nothing", 404),
            (Method::PATCH, "/v1/customers", 405),
            (Method::OPTIONS, "/v1/customers", 405),
        ] {
            let answer = ask(&server, method.clone(), path, &[("origin", origin)]).await;
            assert_eq!(answer.status, status, "{method} {path}");
            if method == Method::OPTIONS {
                continue;
            }
            assert_eq!(
                header(&answer, "access-control-allow-origin"),
                expected,
                "{path}"
            );
            assert!(
                header(&answer, "vary")
                    .to_ascii_lowercase()
                    .contains("origin"),
                "{path}"
            );
            assert_eq!(header(&answer, "access-control-allow-credentials"), "none");
            let exposed = header(&answer, "access-control-expose-headers");
            for name in [
                "x-request-id",
                "retry-after",
                "allow",
                "ratelimit",
                "ratelimit-policy",
            ] {
                assert!(exposed.contains(name), "`{name}` not in `{exposed}`");
            }
        }
    }
}

#[test]
fn origins_that_no_browser_sends_are_refused_at_the_start() {
    for origin in [
        "*",
        "null",
        "app.example",
        "https://app.example/",
        "https://*.example",
    ] {
        let (ok, _, error) = flexportal(&["--cors-origin", origin]);
        assert!(!ok && error.contains("origin"), "{origin}: {error}");
    }
}

/// What the page tries, each with what it must get: reading and changing, and what is refused.
const SCRIPT: &str = r#"
const call = async (method, path, headers, body) => {
  try {
    const answer = await fetch(api + path, { method, headers, body });
    const json = await answer.json();
    return [answer.status, json.error ? json.error.code : "ok", !!answer.headers.get("x-request-id")];
  } catch (error) { return ["" + error]; }
};
(async () => {
  const known = { "Authorization": "Bearer " + key, "Tenant-ID": "demo" };
  const json = { ...known, "Content-Type": "application/json" };
  const results = [
    await call("GET", "/v1/customers?limit=1", known),
    await call("PUT", "/v1/customers/cust_nobody", json, "{}"),
    await call("DELETE", "/v1/customers/cust_nobody", known),
    await call("GET", "/v1/customers", {}),
    await call("GET", "/v1/nothing", known),
    await call("POST", "/v1/orders", { ...known, "Content-Type": "text/xml" }, "<order/>"),
  ];
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
})();
"#;

/// Serves `page` on `listener` until it reports, and gives the report.
fn report(listener: &TcpListener, page: &str) -> Value {
    loop {
        let (stream, _) = listener.accept().expect("the browser connects");
        let mut reader = BufReader::new(stream);
        let (mut first, mut length) = (String::new(), 0);
        let _ = reader.read_line(&mut first);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        let _ = reader.read_exact(&mut body);
        let text = if first.starts_with("GET / ") {
            page
        } else {
            ""
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        );
        let _ = reader.get_mut().write_all(answer.as_bytes());
        if first.starts_with("POST /results ") {
            return serde_json::from_slice(&body).expect("a report");
        }
    }
}

struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn chromium() -> Option<&'static str> {
    let runs = |program: &&str| {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(runs);
    if found.is_none() {
        test_postgres::missing(
            "Chromium is not installed; no page of another origin was tested\n\
             hint: on Debian, `apt-get install chromium`",
        );
    }
    found
}

#[test]
fn a_page_of_another_origin_uses_the_api() {
    let Some(chromium) = chromium() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let folder = Folder::new();
    let (server, key) = demo(&folder, &["--cors-origin", &origin]);
    let api = format!("http://{}", server.address);
    let page = format!(
        "<!doctype html><script>const api = {}, key = {};{SCRIPT}</script>",
        json!(api),
        json!(key)
    );
    let profile = format!(
        "--user-data-dir={}",
        folder.path().join("profile").display()
    );
    let browser = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .args(["--remote-debugging-port=0", &profile, &origin])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _browser = Browser(browser.expect("Chromium starts"));
    assert_eq!(
        report(&listener, &page),
        json!([
            [200, "ok", true],
            [404, "NOT_FOUND", true],
            [404, "NOT_FOUND", true],
            [401, "AUTH_REQUIRED", true],
            [404, "NOT_FOUND", true],
            [415, "UNSUPPORTED_MEDIA_TYPE", true]
        ])
    );
}
