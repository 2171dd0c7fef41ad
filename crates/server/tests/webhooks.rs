//! Webhooks from the real binary to a real receiver, which verifies them with the library of the standard.

mod support;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::Method;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use support::{Answer, Folder, Http, Server};
use tokio::sync::mpsc;

/// A customer of the demo whom nothing keeps from being deleted.
const CUSTOMER: &str = "cust_ELE01KAMTQ3N6M9S346Q3D25VT4F5";

/// Longer than the waits after the first tries.
const PATIENCE: Duration = Duration::from_secs(60);

type Request = (HeaderMap, Bytes);

/// A receiver that answers as `script` says, and 204 after it. What comes is handed on.
struct Receiver {
    address: SocketAddr,
    requests: mpsc::UnboundedReceiver<Request>,
}

impl Receiver {
    fn start(address: &str, script: Vec<Response>) -> Receiver {
        let listener = TcpListener::bind(address).expect("the port is free");
        listener.set_nonblocking(true).expect("it is a socket");
        let address = listener.local_addr().expect("an address");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let (sender, requests) = mpsc::unbounded_channel();
        let script = Arc::new(Mutex::new(script.into_iter()));
        let app = Router::new().fallback(async move |headers: HeaderMap, body: Bytes| {
            let _ = sender.send((headers, body));
            let next = script.lock().expect("nobody panics").next();
            next.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Receiver { address, requests }
    }

    /// The next webhook, if it is signed with `secret`: its id and its body.
    async fn next(&mut self, secret: &str) -> (String, Value) {
        let request = tokio::time::timeout(PATIENCE, self.requests.recv()).await;
        let (headers, body) = request.expect("something comes").expect("it runs");
        let webhook = Webhook::new(secret).expect("a secret of the standard");
        webhook.verify(&body, &headers).expect("it is signed");
        assert_eq!(headers["content-type"], "application/json");
        let id = headers["webhook-id"].to_str().expect("text").to_owned();
        (id, serde_json::from_slice(&body).expect("JSON"))
    }
}

/// What calls the demo.
struct Caller {
    base: String,
    key: String,
}

impl Caller {
    fn new(server: &mut Server) -> Caller {
        let demo = server.output_until("demo key:");
        let (_, key) = demo.split_once("demo key:").expect("a key");
        Caller {
            base: format!("http://{}", server.address),
            key: key.trim().to_owned(),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", "demo"),
            ("content-type", "application/json"),
        ];
        let url = format!("{}{path}", self.base);
        Http::new()
            .send(method, &url, &headers, body.to_string())
            .await
    }

    /// The secret of a new endpoint for what happens to customers.
    async fn endpoint(&self, url: &str) -> String {
        let body =
            json!({ "url": url, "events": ["customer.deactivated", "customer.reactivated"] });
        let answer = self.send(Method::POST, "/v1/webhook-endpoints", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["secret"]
            .as_str()
            .expect("a secret")
            .to_owned()
    }

    /// Makes the customer inactive and active again, `times` times.
    async fn turn(&self, times: usize) {
        let path = format!("/v1/customers/{CUSTOMER}");
        for _ in 0..times {
            for status in ["inactive", "active"] {
                let answer = self
                    .send(Method::PUT, &path, json!({ "status": status }))
                    .await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
        }
    }
}

fn redirect(to: &str) -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
}

const BOTH: [&str; 2] = ["customer.deactivated", "customer.reactivated"];

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_refuses_and_redirects_gets_everything_in_order() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let mut elsewhere = Receiver::start("127.0.0.1:0", vec![]);
    let away = redirect(&format!("http://{}/metadata", elsewhere.address));
    let script = vec![away, StatusCode::NO_CONTENT.into_response()];
    let mut receiver = Receiver::start("127.0.0.1:0", script);
    let url = format!("http://{}/hooks", receiver.address);
    let secret = caller.endpoint(&url).await;
    caller.turn(2).await;

    let (first, body) = receiver.next(&secret).await;
    assert_eq!(body["event"], BOTH[0]);
    assert_eq!(body["data"], json!({ "customerId": CUSTOMER }));
    let (again, same) = receiver.next(&secret).await;
    assert_eq!((again, same), (first.clone(), body), "the same, once more");
    let mut ids = vec![first];
    for event in [BOTH[1], BOTH[0], BOTH[1]] {
        let (id, body) = receiver.next(&secret).await;
        assert_eq!(body["event"], event);
        assert!(!ids.contains(&id), "{id} again");
        ids.push(id);
    }
    assert!(
        elsewhere.requests.try_recv().is_err(),
        "a redirect was followed"
    );
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_the_receiver_is_down_and_the_server_is_killed() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let secret = caller.endpoint(&format!("http://{address}/")).await;
    caller.turn(1).await;
    let down = tried(&folder).await;
    assert_eq!(down, "no connection");
    server.signal("KILL");
    drop(server);

    let server = Server::start(&folder.database(), &options);
    let mut receiver = Receiver::start(&address, vec![]);
    for event in BOTH {
        let (_, body) = receiver.next(&secret).await;
        assert_eq!(body["event"], event);
    }
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_this_machine_unless_it_is_allowed() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.database(), &["--demo"]);
    let caller = Caller::new(&mut server);
    let target = TcpListener::bind("127.0.0.1:0").expect("a free port");
    target.set_nonblocking(true).expect("it is a socket");
    let port = target.local_addr().expect("an address").port();
    let body = json!({ "url": format!("http://127.0.0.1:{port}/"), "events": BOTH });
    let refused = caller
        .send(Method::POST, "/v1/webhook-endpoints", body)
        .await;
    assert_eq!(refused.status, 400, "{}", refused.text);

    // Only whoever looks the name up knows where it leads.
    caller.endpoint(&format!("https://localhost:{port}/")).await;
    caller.turn(1).await;
    assert_eq!(
        tried(&folder).await,
        "the host has no address on the internet"
    );
    assert!(target.accept().is_err(), "somebody has connected");
    assert!(server.stop().0);
}

/// Why the first try failed, once there was one.
async fn tried(folder: &Folder) -> String {
    let path = folder.path().join("test.db");
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    for _ in 0..600 {
        tick.tick().await;
        let database = rusqlite::Connection::open(&path).expect("the database");
        let sql = "SELECT last_error FROM webhook_deliveries WHERE last_error IS NOT NULL";
        if let Ok(why) = database.query_row(sql, [], |row| row.get(0)) {
            return why;
        }
    }
    panic!("nothing was tried");
}
