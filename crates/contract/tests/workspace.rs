//! A workspace that `contract new` made, as its owner gets it: copied toolchain, no network. It is built, its tests are
//! run, and its server is asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(program: &Path) -> Server {
        let mut command = Command::new(program);
        command
            .args(["--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        log.read_line(&mut line).expect("the log is text");
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        let address = address
            .unwrap_or_else(|| panic!("no address: {line}"))
            .to_owned();
        Server {
            child,
            address,
            log,
        }
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), "")
    }

    /// What it answers `request`, a method and a path, with this body.
    fn ask(&self, request: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        let length = body.len();
        let request = format!(
            "{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server answers");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Runs `program` in the workspace; what it says is shown if it fails.
fn run(program: &mut Command) -> String {
    let output = program.output().expect("it starts");
    let told =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let told = told.concat();
    assert!(output.status.success(), "{program:?}: {told}");
    told
}

#[test]
fn a_new_workspace_builds_without_a_warning_and_answers_examples() {
    let here = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // What was compiled for the last run is used again.
    let (folder, target) = (here.join("workspace"), here.join("workspace-target"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
    }
    let museum = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspace.yaml");
    let mut contract = Command::new(env!("CARGO_BIN_EXE_contract"));
    contract
        .arg("new")
        .arg(&folder)
        .arg("--contract")
        .arg(museum);
    run(contract.args(["--vendor", "--name", "museum"]));

    let mut test = Command::new(env!("CARGO"));
    test.args(["test", "--workspace", "--offline"])
        .current_dir(&folder);
    test.env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", "-D warnings");
    let told = run(test.env("CARGO_INCREMENTAL", "0"));
    assert!(!told.contains("warning"), "{told}");
    assert!(
        told.contains("the_first_operation_is_answered ... ok"),
        "{told}"
    );
    run(Command::new(env!("CARGO"))
        .args(["fmt", "--all", "--check"])
        .current_dir(&folder));

    let program: PathBuf = target.join("debug/museum");
    let mut server = Server::start(&program);
    assert!(server.get("/docs/").contains("<title>Museum API</title>"));
    let night = r#"{"name":"night","places":7}"#;
    for (request, body, status, part) in [
        // Of paths that the pages have as well, the contract's come first.
        ("GET /", "", 200, "Come in."),
        ("GET /tours", "", 200, night),
        ("POST /tours", night, 201, "places: 3\r\n"),
        ("GET /tours/day", "", 200, night),
        ("DELETE /tours/day", "", 204, ""),
        ("GET /tours/day/poster", "", 200, "content-type: text/html"),
        ("GET /state", "", 200, r#""code":"closed""#),
        // Refusals look like the contract's errors, and say why.
        (
            "POST /tours",
            "{}",
            400,
            r#"{"code":"closed","message":"request violates"#,
        ),
        ("GET /nowhere", "", 404, r#""message":"no such route""#),
    ] {
        let answer = server.ask(request, body);
        let start = format!("HTTP/1.1 {status} ");
        assert!(
            answer.starts_with(&start) && answer.contains(part),
            "{request}: {answer}"
        );
    }
    let mut line = String::new();
    let told = ["not written yet: answers an example", "listTours"];
    while !told.iter().all(|part| line.contains(part)) {
        line.clear();
        let read = server.log.read_line(&mut line).expect("the log is text");
        assert_ne!(
            read, 0,
            "the log does not say that the operation is not written"
        );
    }
}
