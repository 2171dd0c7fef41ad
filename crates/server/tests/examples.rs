//! The contract's examples against the demo, as Prism, a generator of requests or a reader with
//! `curl` would send them: each operation succeeds on a fresh demo, and all of them one after the
//! other.

mod support;

use hyper::Method;
use serde_json::Value;
use support::{Answer, Folder, Http, Server, flexportal};

#[tokio::test(flavor = "multi_thread")]
async fn every_example_succeeds_on_a_fresh_demo() {
    let folder = Folder::new();
    let database = |name: &str| folder.path().join(name);
    let url = |name: &str| format!("sqlite:{}", database(name).display());
    let server = Server::start(&url("first.db"), &["--demo"]);
    let requests = requests(&contract(&server).await);
    assert!(requests.len() > 30);
    assert!(server.stop().0);

    let mut failed = Vec::new();
    for request in requests {
        std::fs::copy(database("first.db"), database("copy.db")).expect("a copy");
        let server = Server::start(&url("copy.db"), &["--demo"]);
        failed.extend(request.refused_by(server).await);
        for file in ["copy.db", "copy.db-wal", "copy.db-shm", "copy.db.lock"] {
            let _ = std::fs::remove_file(database(file));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_examples_succeed_one_after_the_other() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.database(), &["--demo", "--check-answers"]);
    let key = demo_key(&mut server);
    let mut failed = Vec::new();
    for request in requests(&contract(&server).await) {
        let answer = request.send(&server.address, &key).await;
        failed.extend(request.refused(&answer));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test]
async fn a_database_of_others_is_left_alone() {
    let folder = Folder::new();
    let database = folder.database();
    let create = |id: &str, name: &str| {
        let at = ["--database", &database, "--currency", "EUR"];
        let tenant = ["tenant", "create", "--id", id, "--name", name];
        flexportal(&[&tenant[..], &at].concat())
    };
    assert!(create("acme", "Acme").0);
    let mut server = Server::start(&database, &["--demo"]);
    let output = server.output_until("hint:");
    assert!(
        output.contains("has tenants that are not the demo") && output.contains("sqlite:demo.db"),
        "{output}"
    );
    let page = Http::new()
        .get(&format!("http://{}/docs/", server.address))
        .await;
    assert!(!page.text.contains("data-key"), "{}", page.text);
    drop(server);

    // A demo of which nothing but the tenant was made.
    assert!(create("demo", "Demo devices").0);
    let serve = ["serve", "--demo", "--listen", "127.0.0.1:0", "--database"];
    let (served, _, error) = flexportal(&[&serve[..], &[&database]].concat());
    assert!(
        !served && error.contains("was interrupted\nhint: `--database sqlite:demo.db`"),
        "{error}"
    );
}

/// A request made of nothing but examples.
struct Request {
    operation: String,
    method: Method,
    path: String,
    media_type: String,
    body: String,
}

impl Request {
    async fn send(&self, address: &str, key: &str) -> Answer {
        let url = format!("http://{address}{}", self.path);
        let authorization = format!("Bearer {key}");
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("tenant-id", "demo"),
        ];
        if !self.media_type.is_empty() {
            headers.push(("content-type", &self.media_type));
        }
        Http::new()
            .send(self.method.clone(), &url, &headers, self.body.clone())
            .await
    }

    async fn refused_by(&self, mut server: Server) -> Option<String> {
        let key = demo_key(&mut server);
        self.refused(&self.send(&server.address, &key).await)
    }

    fn refused(&self, answer: &Answer) -> Option<String> {
        let refused = !answer.status.is_success();
        refused.then(|| format!("{}: {} {}", self.operation, answer.status, answer.text))
    }
}

/// One request for each operation and each example of its body.
fn requests(contract: &Value) -> Vec<Request> {
    let mut requests = Vec::new();
    for (path, item) in contract["paths"].as_object().expect("paths") {
        let item = item.as_object().expect("a path item");
        for (method, operation) in item.iter().filter(|(_, it)| it.get("responses").is_some()) {
            let shared = item.get("parameters").and_then(Value::as_array);
            let own = operation["parameters"].as_array();
            let mut path = path.clone();
            for parameter in shared.into_iter().chain(own).flatten() {
                let parameter = resolved(contract, parameter);
                let name = parameter["name"].as_str().expect("a name");
                match parameter.get("example") {
                    Some(example) => {
                        assert_eq!(
                            parameter["in"], "path",
                            "{path}: `{name}` would be sent by default"
                        );
                        let value = example.as_str().expect("a text");
                        path = path.replace(&format!("{{{name}}}"), value);
                    }
                    None => assert_ne!(
                        parameter["required"], true,
                        "{path}: `{name}` has no example"
                    ),
                }
            }
            if operation["operationId"] == "getFileContent" {
                // Nobody can know a link to a file before it is made.
                continue;
            }
            let bodies = operation["requestBody"]["content"].as_object();
            let mut bodies: Vec<(String, String)> = bodies
                .into_iter()
                .flatten()
                .flat_map(|(media_type, content)| {
                    let named = content["examples"].as_object().into_iter().flatten();
                    let named = named.map(|(_, example)| &example["value"]);
                    let values = content.get("example").into_iter().chain(named);
                    values.map(move |value| body(media_type, value))
                })
                .collect();
            if bodies.is_empty() {
                bodies.push((String::new(), String::new()));
            }
            for (media_type, body) in bodies {
                requests.push(Request {
                    operation: operation["operationId"].to_string(),
                    method: method.to_ascii_uppercase().parse().expect("a method"),
                    path: path.clone(),
                    media_type,
                    body,
                });
            }
        }
    }
    requests
}

/// Media type and text of a body.
fn body(media_type: &str, example: &Value) -> (String, String) {
    match (media_type, example) {
        ("multipart/form-data", Value::Object(parts)) => {
            let mut text = String::new();
            for (name, part) in parts {
                let head =
                    format!("content-disposition: form-data; name=\"{name}\"; filename=\"f.csv\"");
                let part = part.as_str().expect("a text");
                text += &format!("--part\r\n{head}\r\ncontent-type: text/csv\r\n\r\n{part}\r\n");
            }
            text += "--part--\r\n";
            ("multipart/form-data; boundary=part".into(), text)
        }
        (_, Value::String(text)) => (media_type.into(), text.clone()),
        (_, value) => (media_type.into(), value.to_string()),
    }
}

fn resolved<'a>(contract: &'a Value, parameter: &'a Value) -> &'a Value {
    let Some(reference) = parameter.get("$ref").and_then(Value::as_str) else {
        return parameter;
    };
    let pointer = reference
        .strip_prefix('#')
        .expect("a reference into the document");
    contract.pointer(pointer).expect("a component")
}

async fn contract(server: &Server) -> Value {
    let url = format!("http://{}/openapi.json", server.address);
    Http::new().get(&url).await.json()
}

fn demo_key(server: &mut Server) -> String {
    let demo = server.output_until("demo key:");
    let (_, key) = demo.split_once("demo key:").expect("a key");
    key.trim().to_owned()
}
