//! The real binary as a real process: started on a free port over a fresh database, spoken to
//! over TCP, stopped at the end of the test.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test file uses another part"
)]

pub mod browser;
pub mod fill;
pub mod load;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A folder that goes with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "server-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("the test folder can be made");
        Folder(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// URL of a database in this folder.
    pub fn database(&self) -> String {
        format!("sqlite:{}", self.0.join("test.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `flexportal` to its end: (exit is success, standard output, standard error).
pub fn flexportal(arguments: &[&str]) -> (bool, String, String) {
    // A command waits 2 s for a connection, as long as a slow machine may stall. It has begun nothing then.
    let mut run = run_once(arguments);
    for _ in 0..20 {
        if run.2.contains("while connecting: no answer in time") {
            run = run_once(arguments);
        }
    }
    run
}

fn run_once(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(arguments)
        .env_remove("FLEXPORTAL_DATABASE")
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// What comes of an `exchange` with a server that gives its clients some time, `at_least`. One that took longer before
/// it broke off is repeated: a slow machine stalls for so long.
pub fn patiently<T>(at_least: Duration, mut exchange: impl FnMut() -> Result<T, String>) -> T {
    let mut broken = String::new();
    for _ in 0..20 {
        let since = Instant::now();
        match exchange() {
            Ok(outcome) => return outcome,
            Err(error) => broken = error,
        }
        assert!(since.elapsed() >= at_least, "{broken}");
    }
    panic!("{broken}, each time after {at_least:?} or more");
}

/// A running `flexportal serve`.
pub struct Server {
    pub address: String,
    pub child: Child,
    /// Log lines behind the first, as JSON.
    pub log: mpsc::Receiver<Value>,
    stdout: std::process::ChildStdout,
}

impl Server {
    /// Starts a server on `database` and waits until it listens.
    pub fn start(database: &str, options: &[&str]) -> Server {
        Server::start_with(database, options, &[])
    }

    /// [`Server::start`] with further environment variables.
    pub fn start_with(database: &str, options: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_flexportal"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .args(["--log-format", "json"])
            .args(options)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stdout = child.stdout.take().expect("piped");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let mut seen = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("the server did not start: {seen}")
            };
            seen.push_str(&line);
            let line: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = line["address"].as_str() {
                break address.to_owned();
            }
        };
        let (sender, log) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap_or(Value::String(line)));
            }
        });
        Server {
            address,
            child,
            log,
            stdout,
        }
    }

    /// Asks the server to stop, waits for its end, and gives its standard output.
    pub fn stop(mut self) -> (bool, String) {
        self.signal("TERM");
        let status = self.child.wait().expect("the server ends");
        let mut output = String::new();
        self.stdout
            .read_to_string(&mut output)
            .expect("output is UTF-8");
        (status.success(), output)
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Standard output up to the first line that contains `until`.
    pub fn output_until(&mut self, until: &str) -> String {
        let mut output = String::new();
        for line in BufReader::new(&mut self.stdout).lines() {
            output.push_str(&line.expect("output is UTF-8"));
            output.push('\n');
            if output.contains(until) {
                break;
            }
        }
        output
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP client.
#[derive(Clone)]
pub struct Http(Client<HttpConnector, Full<Bytes>>);

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }
}

impl Http {
    pub fn new() -> Http {
        Http(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Sends a request; an error is one of the connection.
    pub async fn try_send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let response = self
            .0
            .request(request)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let (parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            text,
            bytes,
        })
    }

    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        self.try_send(method, url, headers, body)
            .await
            .expect("the server answers")
    }

    pub async fn get(&self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], "").await
    }
}
