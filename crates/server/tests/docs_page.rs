//! The documentation page in a real browser: it lists the operations, and "try it out" deletes a
//! customer of the demo.
//!
//! Needs Chromium and its driver. Where they are missing the test says so and passes, except
//! under `CI=true`, where it fails.

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use hyper::Method;
use serde_json::{Value, json};
use support::{Folder, Http, Server};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_lists_operations_and_deletes_a_demo_customer() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let folder = Folder::new();
    let mut server = Server::start(&folder.database(), &["--demo"]);
    let demo = server.output_until("/docs/");
    let word_after = |label: &str| {
        let rest = demo
            .split_once(label)
            .unwrap_or_else(|| panic!("no `{label}` in: {demo}"))
            .1;
        rest.split_whitespace()
            .next()
            .expect("a value")
            .trim_matches('\'')
            .to_owned()
    };
    let key = word_after("demo key:");
    let tenant = word_after("demo tenant:");
    let customer = word_after("/v1/customers/");

    let browser = Browser::open(&driver, folder.path()).await;
    browser
        .go(&format!("http://{}/docs/", server.address))
        .await;
    browser.wait_for(".opblock").await;

    let contract = Http::new()
        .get(&format!("http://{}/openapi.json", server.address))
        .await
        .json();
    let operations: usize = contract["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| item.as_object().expect("a path item").values())
        .filter(|operation| operation.get("responses").is_some())
        .count();
    let listed = browser
        .run(
            "return document.querySelectorAll('.opblock').length",
            json!([]),
        )
        .await;
    assert_eq!(listed, json!(operations));

    // Authorize.
    browser.click("button.authorize").await;
    browser.type_into(".auth-container input", &key).await;
    browser.click(".auth-btn-wrapper button.authorize").await;
    browser.click(".auth-btn-wrapper button.btn-done").await;

    // Try the deletion.
    browser
        .click("#operations-Customers-deleteCustomer .opblock-summary-control")
        .await;
    let row = |name: &str| {
        format!("#operations-Customers-deleteCustomer tr[data-param-name='{name}'] input")
    };
    browser.type_into(&row("customerId"), &customer).await;
    browser.type_into(&row("Tenant-ID"), &tenant).await;
    browser
        .click("#operations-Customers-deleteCustomer button.execute")
        .await;
    browser
        .wait_for(".live-responses-table .response-col_status")
        .await;
    let status = browser
        .run("return document.querySelector('.live-responses-table .response .response-col_status').innerText.trim().slice(0, 3)", json!([]))
        .await;
    browser.screenshot(folder.path()).await;
    assert_eq!(status, json!("200"));

    let authorization = format!("Bearer {key}");
    let answer = Http::new()
        .send(
            Method::GET,
            &format!("http://{}/v1/customers/{customer}", server.address),
            &[("authorization", &authorization), ("tenant-id", &tenant)],
            "",
        )
        .await;
    assert_eq!(answer.json()["status"], "inactive");
    browser.close().await;
}

/// A running `chromedriver`.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start() -> Option<Driver> {
        let found = |program: &str| {
            Command::new(program)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        let chromium = ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .any(|it| found(it));
        if !chromium || !found("chromedriver") {
            let message = "Chromium or its driver is not installed; the documentation page was not tested\n\
                           hint: on Debian, `apt-get install chromium chromium-driver`";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{message}");
            eprintln!("{message}");
            return None;
        }
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| {
                let rest = line
                    .split_once("on port ")?
                    .1
                    .trim_end_matches('.')
                    .to_owned();
                rest.parse::<u16>().ok().filter(|port| *port != 0)
            })
            .expect("chromedriver names its port");
        Some(Driver {
            child,
            url: format!("http://127.0.0.1:{port}"),
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser window, driven over WebDriver (W3C).
struct Browser {
    http: Http,
    session: String,
}

impl Browser {
    async fn open(driver: &Driver, folder: &std::path::Path) -> Browser {
        let http = Http::new();
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1600",
            &profile,
        ];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            // Elements are waited for this long, so that the test need not poll.
            "timeouts": { "implicit": 30_000, "pageLoad": 60_000, "script": 30_000 }
        } } });
        let browser = Browser {
            http,
            session: format!("{}/session", driver.url),
        };
        let answer = browser.post("", capabilities).await;
        let id = answer["sessionId"].as_str().expect("a session").to_owned();
        Browser {
            session: format!("{}/{id}", browser.session),
            ..browser
        }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.session);
        let headers = [("content-type", "application/json")];
        let answer = self
            .http
            .send(Method::POST, &url, &headers, body.to_string())
            .await;
        assert!(answer.status.is_success(), "{path} {body}: {}", answer.text);
        answer.json()["value"].clone()
    }

    async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Waits for an element and gives its WebDriver id.
    async fn wait_for(&self, selector: &str) -> String {
        let found = self
            .post(
                "/element",
                json!({ "using": "css selector", "value": selector }),
            )
            .await;
        let ids = found.as_object().expect("an element reference");
        ids.values()
            .next()
            .and_then(Value::as_str)
            .expect("an element id")
            .to_owned()
    }

    async fn click(&self, selector: &str) {
        let element = self.wait_for(selector).await;
        self.post(&format!("/element/{element}/click"), json!({}))
            .await;
    }

    async fn type_into(&self, selector: &str, text: &str) {
        let element = self.wait_for(selector).await;
        self.post(&format!("/element/{element}/clear"), json!({}))
            .await;
        self.post(
            &format!("/element/{element}/value"),
            json!({ "text": text }),
        )
        .await;
    }

    async fn run(&self, script: &str, arguments: Value) -> Value {
        self.post(
            "/execute/sync",
            json!({ "script": script, "args": arguments }),
        )
        .await
    }

    /// Keeps what the page looks like beside the test's other files, if
    /// `FLEXPORTAL_SCREENSHOT` names where.
    async fn screenshot(&self, _folder: &std::path::Path) {
        let Ok(target) = std::env::var("FLEXPORTAL_SCREENSHOT") else {
            return;
        };
        let answer = self
            .http
            .get(&format!("{}/screenshot", self.session))
            .await
            .json();
        std::fs::write(target, answer["value"].as_str().unwrap_or_default()).expect("writable");
    }

    async fn close(&self) {
        self.http.send(Method::DELETE, &self.session, &[], "").await;
    }
}
