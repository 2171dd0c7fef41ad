//! Answers that come before the body was read, as other people's programs see them: Python's
//! requests and httpx, curl, and nginx as a proxy that keeps its connections.
//!
//! Where a program is missing the test says so and passes, except under `CI`, where it fails.

mod support;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::{Folder, Server, patiently};

fn demo(folder: &Folder) -> (Server, String) {
    let options = ["--demo", "--body-limit", "4096"];
    let mut server = Server::start(&folder.database(), &options);
    let output = server.output_until("/docs/");
    let key = output
        .split_once("demo key:")
        .expect("the demo prints its key")
        .1;
    let key = key.split_whitespace().next().expect("a key").to_owned();
    (server, key)
}

/// Whether the program runs; says what is not tested if it does not.
fn present(program: &mut Command, what: &str, hint: &str) -> bool {
    let run = program.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let present = run.is_ok_and(|status| status.success());
    if !present {
        test_postgres::missing(&format!(
            "{what} is not installed; nothing was tested with it\nhint: {hint}"
        ));
    }
    present
}

/// A Python with requests and httpx: the one that `FLEXPORTAL_PYTHON` names, or `python3`.
fn python() -> Option<String> {
    let python = std::env::var("FLEXPORTAL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(&python);
    command.args(["-c", "import requests, httpx"]);
    let hint = "`pip install requests httpx`, and name its Python in FLEXPORTAL_PYTHON";
    present(&mut command, "Python with requests and httpx", hint).then_some(python)
}

fn run_python(python: &str, base: &str, key: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/early_answers.py");
    let run = Command::new(python).args([script, base, key]).output();
    let run = run.expect("Python runs");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let all = format!("{}{}", text(&run.stdout), text(&run.stderr));
    assert!(run.status.success(), "{all}");
}

#[test]
fn python_gets_every_answer() {
    let Some(python) = python() else { return };
    let folder = Folder::new();
    let (server, key) = demo(&folder);
    run_python(&python, &format!("http://{}", server.address), &key);
}

#[test]
fn curl_gets_every_answer_and_keeps_its_connection() {
    let mut version = Command::new("curl");
    if !present(version.arg("--version"), "curl", "`apt-get install curl`") {
        return;
    }
    let folder = Folder::new();
    let (server, key) = demo(&folder);
    let orders = format!("http://{}/v1/orders", server.address);
    let authorization = format!("authorization: Bearer {key}");
    for version in ["--http1.1", "--http2-prior-knowledge"] {
        // With 2 MB curl waits for `100 Continue`; without `Expect` it just sends.
        for (bytes, expect, connections) in [
            (5_000, "expect:", "1"),
            (2_000_000, "expect: 100-continue", "2"),
            (40_000_000, "expect:", "2"),
        ] {
            let body = folder.path().join("body");
            std::fs::write(&body, vec![b' '; bytes]).expect("a file");
            let data = format!("@{}", body.display());
            let mut command = Command::new("curl");
            command
                .args(["-sS", version, "-o", "/dev/null", "-o", "/dev/null"])
                .args([
                    "-w",
                    "%{http_code} %{num_connects}\n",
                    "--data-binary",
                    &data,
                ])
                .args([
                    "-H",
                    "content-type: application/json",
                    "-H",
                    "tenant-id: demo",
                ])
                .args(["-H", &authorization, "-H", expect, &orders]);
            // Of HTTP/2 without TLS, curl 7.88 does not use a connection twice.
            let requests = if version == "--http1.1" { 2 } else { 1 };
            if requests == 2 {
                command.arg(&orders);
            }
            // How long a small body is read away, and how long a client that still sends may be silent.
            let at_least = Duration::from_secs(if bytes == 5_000 { 1 } else { 2 });
            patiently(at_least, || {
                let run = command.output().expect("curl runs");
                let shown = String::from_utf8_lossy(&run.stdout).into_owned();
                let error = String::from_utf8_lossy(&run.stderr).into_owned();
                let answers: Vec<(&str, &str)> = shown
                    .lines()
                    .filter_map(|line| line.split_once(' '))
                    .collect();
                let opened = answers.iter().filter_map(|it| it.1.parse::<u32>().ok());
                let opened = opened.sum::<u32>().to_string();
                let answered = answers.len() == requests && answers.iter().all(|it| it.0 == "413");
                if answered && (requests == 1 || opened == connections) {
                    return Ok(());
                }
                Err(format!("{version}, {bytes} bytes: {shown}{error}"))
            });
        }
    }
}

/// A running nginx, which listens on `port`.
struct Nginx(Child);

impl Nginx {
    fn start(folder: &Folder, port: u16, upstream: &str) -> Nginx {
        let path = folder.path().display();
        let config = format!(
            "daemon off; master_process off; pid {path}/nginx.pid; error_log stderr crit;
             events {{}}
             http {{
               access_log off;
               client_body_temp_path {path}/body; proxy_temp_path {path}/proxy;
               fastcgi_temp_path {path}/fastcgi; uwsgi_temp_path {path}/uwsgi; scgi_temp_path {path}/scgi;
               client_max_body_size 0;
               upstream flexportal {{ server {upstream}; keepalive 8; }}
               server {{
                 listen 127.0.0.1:{port};
                 location / {{
                   proxy_pass http://flexportal; proxy_http_version 1.1;
                   proxy_set_header Connection ''; proxy_set_header Host $host;
                 }}
               }}
             }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).expect("a file");
        let child = Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .spawn()
            .expect("nginx starts");
        // It listens before it says anything.
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        Nginx(child)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn nginx_passes_every_answer_on() {
    let mut version = Command::new("nginx");
    if !present(version.arg("-v"), "nginx", "`apt-get install nginx-light`") {
        return;
    }
    let Some(python) = python() else { return };
    let folder = Folder::new();
    let (server, key) = demo(&folder);
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    // With its usual buffering: without, nginx itself ends connections of clients unannounced.
    let _nginx = Nginx::start(&folder, port, &server.address);
    run_python(&python, &format!("http://127.0.0.1:{port}"), &key);
}
