//! Chromium, driven over WebDriver (W3C).

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hyper::Method;
use serde_json::{Value, json};

use super::Http;

/// A running `chromedriver`.
pub struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    /// `None` where Chromium or its driver is not installed, after [`test_postgres::missing`].
    pub fn start() -> Option<Driver> {
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
            test_postgres::missing(
                "nothing was tested in a browser: Chromium or its driver is not installed\n\
                 hint: on Debian, `apt-get install chromium chromium-driver`",
            );
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
pub struct Browser {
    http: Http,
    session: String,
}

impl Browser {
    /// A window of this width and height; below 500 wide, that of a phone.
    pub async fn open(driver: &Driver, folder: &Path, (width, height): (u32, u32)) -> Browser {
        let http = Http::new();
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let size = format!("--window-size={width},{height}");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &size,
            &profile,
        ];
        let mut options = json!({ "args": arguments });
        if width < 500 {
            // No window of the desktop is that narrow.
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0 } });
        }
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
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

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.session);
        let headers = [("content-type", "application/json")];
        let answer = self
            .http
            .send(Method::POST, &url, &headers, body.to_string())
            .await;
        assert!(answer.status.is_success(), "{path} {body}: {}", answer.text);
        answer.json()["value"].clone()
    }

    pub async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Waits for an element and gives its WebDriver id.
    pub async fn wait_for(&self, selector: &str) -> String {
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

    pub async fn click(&self, selector: &str) {
        let element = self.wait_for(selector).await;
        self.post(&format!("/element/{element}/click"), json!({}))
            .await;
    }

    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.wait_for(selector).await;
        self.post(&format!("/element/{element}/clear"), json!({}))
            .await;
        self.post(
            &format!("/element/{element}/value"),
            json!({ "text": text }),
        )
        .await;
    }

    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        self.post(
            "/execute/sync",
            json!({ "script": script, "args": arguments }),
        )
        .await
    }

    /// Like [`Browser::click`], for what is covered or out of the window.
    pub async fn press(&self, selector: &str) {
        self.wait_for(selector).await;
        let script = "document.querySelector(arguments[0]).click()";
        self.run(script, json!([selector])).await;
    }

    /// Keeps what the page looks like as `NAME.png.base64` in the folder that
    /// `FLEXPORTAL_SCREENSHOTS` names, if it does.
    pub async fn screenshot(&self, name: &str) {
        let Ok(folder) = std::env::var("FLEXPORTAL_SCREENSHOTS") else {
            return;
        };
        let answer = self
            .http
            .get(&format!("{}/screenshot", self.session))
            .await
            .json();
        let file = Path::new(&folder).join(format!("{name}.png.base64"));
        std::fs::write(file, answer["value"].as_str().unwrap_or_default()).expect("writable");
    }

    pub async fn close(&self) {
        self.http.send(Method::DELETE, &self.session, &[], "").await;
    }
}
