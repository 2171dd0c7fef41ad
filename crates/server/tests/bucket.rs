//! Files in a bucket: the real binary against a real server that speaks S3, moto of Python.
//!
//! Where it is missing the tests say so and pass, except under `CI`, where they fail.

mod support;

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};
use support::{Answer, Folder, Http, Server};

const BUCKET: &str = "acme-files";
const SECRET: &str = "a-secret-that-nobody-may-read";

/// A storage in a process of its own. It forgets everything when it ends.
struct Moto {
    child: Child,
    port: u16,
    http: Http,
}

impl Moto {
    /// `None` where it is not installed. On any free port, or on one it had before.
    fn start(port: u16) -> Option<Moto> {
        let python = std::env::var("FLEXPORTAL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let port_text = port.to_string();
        let mut child = Command::new(python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port_text])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok();
        let errors = child.as_mut().and_then(|child| child.stderr.take());
        let mut lines = errors.map(|errors| BufReader::new(errors).lines());
        let listens = |line: String| {
            let (_, address) = line.split_once("http://127.0.0.1:")?;
            address.trim().parse::<u16>().ok()
        };
        let found = lines.as_mut().and_then(|lines| {
            let mut lines = lines.map_while(Result::ok);
            lines.find_map(listens)
        });
        let (Some(child), Some(port), Some(lines)) = (child, found, lines) else {
            test_postgres::missing(
                "moto is not installed; no bucket was tested\n\
                 hint: `pip install 'moto[s3]' flask flask-cors`, and name its Python in FLEXPORTAL_PYTHON",
            );
            return None;
        };
        // What it goes on to say must not fill the pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let http = Http::new();
        Some(Moto { child, port, http })
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks it as anybody with a key does; it takes every key.
    async fn send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Answer {
        let authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, \
                             SignedHeaders=host, Signature=0";
        let headers = [
            ("authorization", authorization),
            ("content-type", "application/octet-stream"),
        ];
        let url = format!("{}/{BUCKET}{path}", self.endpoint());
        self.http.send(method, &url, &headers, body).await
    }

    async fn make_bucket(&self) {
        assert_eq!(self.send(Method::PUT, "", "").await.status, 200);
    }

    /// Names of the objects.
    async fn objects(&self) -> Vec<String> {
        let list = self.send(Method::GET, "?list-type=2", "").await;
        assert_eq!(list.status, 200, "{}", list.text);
        let keys = list.text.split("<Key>").skip(1);
        keys.filter_map(|rest| Some(rest.split_once("</Key>")?.0.to_owned()))
            .collect()
    }

    /// Ends it, and gives its port.
    fn stop(mut self) -> u16 {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        self.port
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn variables(endpoint: &str) -> Vec<(&str, &str)> {
    vec![
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "a-key"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ]
}

/// The demo, with its files in the bucket.
struct Demo {
    server: Server,
    key: String,
    http: Http,
}

impl Demo {
    fn start(folder: &Folder, endpoint: &str) -> Demo {
        let options = ["--demo", "--files", "s3://acme-files/eu/files"];
        let mut server = Server::start_with(&folder.database(), &options, &variables(endpoint));
        let output = server.output_until("/docs/");
        let (_, key) = output.split_once("demo key:").expect("the demo has a key");
        let key = key.split_whitespace().next().expect("a key").to_owned();
        let http = Http::new();
        Demo { server, key, http }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", "demo"),
            ("content-type", "application/json"),
        ];
        let url = format!("http://{}{path}", self.server.address);
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.http.send(method, &url, &headers, body).await
    }

    /// The id of a contract that is written for an order of the demo.
    async fn contract(&self) -> String {
        let orders = self
            .ask(Method::GET, "/v1/orders?limit=1", Value::Null)
            .await;
        let body = json!({ "orderId": orders.json()["orders"][0]["orderId"] });
        let path = "/v1/files/contracts/generate";
        let made = self.ask(Method::POST, path, body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()["fileId"].as_str().expect("an id").to_owned()
    }

    async fn open(&self, file: &str) -> Answer {
        let body = json!({ "fileId": file });
        let link = self.ask(Method::POST, "/v1/files/url", body).await;
        assert_eq!(link.status, 200, "{}", link.text);
        let url = link.json()["url"].as_str().expect("a link").to_owned();
        self.http.get(&url).await
    }

    async fn delete(&self, file: &str) -> Answer {
        let path = format!("/v1/files/{file}");
        self.ask(Method::DELETE, &path, Value::Null).await
    }

    async fn has(&self, file: &str) -> bool {
        let path = format!("/v1/files/{file}");
        self.ask(Method::GET, &path, Value::Null).await.status == 200
    }
}

#[tokio::test]
async fn files_are_written_to_a_bucket_read_and_deleted() {
    let Some(moto) = Moto::start(0) else { return };
    moto.make_bucket().await;
    let folder = Folder::new();
    let demo = Demo::start(&folder, &moto.endpoint());
    let before = moto.objects().await;
    assert!(before.iter().all(|it| it.starts_with("eu/files/demo/")));
    let file = demo.contract().await;
    let object = format!("eu/files/demo/{file}");
    let stored = moto.send(Method::GET, &format!("/{object}"), "").await;
    assert!(stored.bytes.starts_with(b"%PDF-"));
    let opened = demo.open(&file).await;
    assert_eq!(opened.status, 200);
    assert_eq!(opened.headers["content-type"], "application/pdf");
    assert_eq!(opened.bytes, stored.bytes);
    // What is gone already is no fault.
    let other = demo.contract().await;
    let path = format!("/eu/files/demo/{other}");
    moto.send(Method::DELETE, &path, "").await;
    for file in [&file, &other] {
        assert_eq!(demo.delete(file).await.status, 200);
        assert!(!demo.has(file).await);
    }
    assert_eq!(moto.objects().await, before);
    let (stopped, _) = demo.server.stop();
    assert!(stopped);
}

#[tokio::test]
async fn a_bucket_that_is_away_costs_no_file() {
    let Some(moto) = Moto::start(0) else { return };
    moto.make_bucket().await;
    let folder = Folder::new();
    let demo = Demo::start(&folder, &moto.endpoint());
    let file = demo.contract().await;
    let content = demo.open(&file).await.bytes;

    let port = moto.stop();
    let deleted = demo.delete(&file).await;
    assert_eq!(deleted.status, 500);
    assert_eq!(deleted.json()["error"]["code"], "DELETE_FAILED");
    assert!(demo.has(&file).await);
    let opened = demo.open(&file).await;
    assert_eq!(opened.status, 500);
    assert_eq!(opened.json()["error"]["code"], "INTERNAL_ERROR");

    let moto = Moto::start(port).expect("it ran before");
    // A bucket that was emptied or lost is another fault than a file that is gone.
    let deleted = demo.delete(&file).await;
    assert_eq!(deleted.json()["error"]["code"], "DELETE_FAILED");
    moto.make_bucket().await;
    let path = format!("/eu/files/demo/{file}");
    moto.send(Method::PUT, &path, content.clone()).await;
    assert_eq!(demo.open(&file).await.bytes, content);
    assert_eq!(demo.delete(&file).await.status, 200);
    assert!(moto.objects().await.is_empty());
    assert!(!demo.has(&file).await);

    // Up to the end of the process: what it said last may still be on its way.
    demo.server.signal("TERM");
    let log: Vec<String> = demo.server.log.iter().map(|it| it.to_string()).collect();
    let said = |text: &str| log.iter().any(|line| line.contains(text));
    assert!(said("NoSuchBucket"), "{log:#?}");
    assert!(!said(SECRET) && !said("a-key"), "{log:#?}");
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_is_refused_at_the_start() {
    let folder = Folder::new();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let endpoint = format!("http://127.0.0.1:{port}");
    let starts = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flexportal"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
            command.env_remove(name);
        }
        let output = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--database", &folder.database()])
            .args(["--files", "s3://acme-files/eu"])
            .envs(variables.iter().copied())
            .output()
            .expect("the binary runs");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains(SECRET), "{said}");
        let start = "flexportal: cannot keep files in the bucket `acme-files`: ";
        let (_, why) = said.split_once(start).expect(&said);
        why.to_owned()
    };
    let without = |name: &str| {
        let mut variables = variables(&endpoint);
        variables.retain(|(it, _)| *it != name);
        variables.push(("AWS_EC2_METADATA_DISABLED", "true"));
        variables
    };
    let mut nobody = without("AWS_ACCESS_KEY_ID");
    nobody.retain(|(it, _)| *it != "AWS_SECRET_ACCESS_KEY");
    for (variables, why, hint) in [
        (nobody, "there are no credentials", "set AWS_ACCESS_KEY_ID"),
        (
            without("AWS_SECRET_ACCESS_KEY"),
            "there are no credentials",
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            without("AWS_ALLOW_HTTP"),
            "is not encrypted",
            "AWS_ALLOW_HTTP=true",
        ),
        (
            variables(&endpoint),
            "Connection refused",
            "check AWS_ENDPOINT_URL",
        ),
    ] {
        let said = starts(&variables);
        let (cause, advice) = said.split_once("\nhint: ").expect(&said);
        assert!(cause.contains(why) && advice.contains(hint), "{said}");
    }
    let Some(moto) = Moto::start(0) else { return };
    let said = starts(&variables(&moto.endpoint()));
    assert!(said.contains("`NoSuchBucket`"), "{said}");
    assert!(said.contains("hint: make the bucket"), "{said}");
}
