//! Webhooks from the real binary to a real receiver, which verifies them with the library of the standard.

mod support;

use std::io::Read as _;
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
use tokio::net::TcpSocket;
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
    fn start(script: Vec<Response>) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        Receiver::instead_of(listener, script)
    }

    /// Takes the place of what has accepted connections and answered none. They end here.
    fn instead_of(silent: TcpListener, script: Vec<Response>) -> Receiver {
        silent.set_nonblocking(true).expect("it is a socket");
        while silent.accept().is_ok() {}
        let listener = tokio::net::TcpListener::from_std(silent).expect("a listener");
        Receiver::on(listener, script)
    }

    fn on(listener: tokio::net::TcpListener, script: Vec<Response>) -> Receiver {
        let address = listener.local_addr().expect("an address");
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

    async fn take(&mut self) -> Request {
        let request = tokio::time::timeout(PATIENCE, self.requests.recv()).await;
        request.expect("something comes").expect("it runs")
    }

    /// The next webhook, if it is signed with `secret`: its id and its body.
    async fn next(&mut self, secret: &str) -> (String, Value) {
        let (headers, body) = self.take().await;
        assert!(verifies(secret, &headers, &body), "it is signed");
        assert_eq!(headers["content-type"], "application/json");
        let id = headers["webhook-id"].to_str().expect("text").to_owned();
        (id, serde_json::from_slice(&body).expect("JSON"))
    }
}

/// Whether the library of the standard takes it for a webhook of the owner of `secret`.
fn verifies(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let webhook = Webhook::new(secret).expect("a secret of the standard");
    webhook.verify(body, headers).is_ok()
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

    /// A new endpoint for what happens to customers: (secret, path).
    async fn new_endpoint(&self, url: &str) -> (String, String) {
        let body =
            json!({ "url": url, "events": ["customer.deactivated", "customer.reactivated"] });
        let answer = self.send(Method::POST, "/v1/webhook-endpoints", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let made = answer.json();
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        let path = format!("/v1/webhook-endpoints/{}", text("endpointId"));
        (text("secret"), path)
    }

    /// The secret of a new endpoint for what happens to customers.
    async fn endpoint(&self, url: &str) -> String {
        self.new_endpoint(url).await.0
    }

    /// A POST that succeeds: what is answered.
    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.send(Method::POST, path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// What is told of the newest delivery to an endpoint, once `property` is `value`.
    async fn told(&self, endpoint: &str, property: &str, value: Value) -> Value {
        let path = format!("{endpoint}/deliveries");
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        for _ in 0..600 {
            tick.tick().await;
            let answer = self.send(Method::GET, &path, Value::Null).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let newest = &answer.json()["deliveries"][0];
            if newest[property] == value {
                return newest.clone();
            }
        }
        panic!("`{property}` is never `{value}`");
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
    let mut elsewhere = Receiver::start(vec![]);
    let away = redirect(&format!("http://{}/metadata", elsewhere.address));
    let script = vec![
        away,
        StatusCode::NO_CONTENT.into_response(),
        StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    ];
    let mut receiver = Receiver::start(script);
    let url = format!("http://{}/hooks", receiver.address);
    let secret = caller.endpoint(&url).await;
    caller.turn(2).await;

    let (first, body) = receiver.next(&secret).await;
    assert_eq!(body["event"], BOTH[0]);
    assert_eq!(body["data"], json!({ "customerId": CUSTOMER }));
    let (again, same) = receiver.next(&secret).await;
    assert_eq!((again, same), (first.clone(), body), "the same, once more");
    let refused = receiver.next(&secret).await;
    assert_eq!(refused.1["event"], BOTH[1]);
    assert_eq!(receiver.next(&secret).await, refused, "the same, once more");
    let mut ids = vec![first, refused.0];
    for event in BOTH {
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
    // Nobody else gets the port, and nobody listens on it.
    let down = TcpSocket::new_v4().expect("a socket");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    down.bind(any).expect("a free port");
    let address = down.local_addr().expect("an address");
    let secret = caller.endpoint(&format!("http://{address}/")).await;
    caller.turn(1).await;
    assert_eq!(tried(&folder).await, "no connection");
    server.signal("KILL");
    drop(server);

    let server = Server::start(&folder.database(), &options);
    let listener = down.listen(64).expect("it is bound");
    let mut receiver = Receiver::on(listener, vec![]);
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

#[tokio::test(flavor = "multi_thread")]
async fn pings_and_what_is_asked_for_again_arrive_under_their_ids() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let mut receiver = Receiver::start(vec![]);
    let mut other = Receiver::start(vec![]);
    let (secret, endpoint) = caller
        .new_endpoint(&format!("http://{}/", receiver.address))
        .await;
    caller.endpoint(&format!("http://{}/", other.address)).await;

    let asked = caller.post(&format!("{endpoint}/ping"), json!({})).await;
    let ping = receiver.next(&secret).await;
    assert_eq!(asked["eventId"], *ping.0);
    assert_eq!(ping.1["event"], "ping");
    assert_eq!(ping.1["data"]["endpointId"], asked["endpointId"]);
    let told = caller.told(&endpoint, "status", json!("succeeded")).await;
    assert_eq!(told["lastStatus"], 204);

    let again = format!("{endpoint}/deliveries/{}/redeliver", ping.0);
    caller.post(&again, json!({})).await;
    assert_eq!(receiver.next(&secret).await, ping);
    let told = caller.told(&endpoint, "attempts", json!(2)).await;
    assert_eq!(
        (&told["eventId"], &told["event"]),
        (&asked["eventId"], &json!("ping"))
    );
    assert!(other.requests.try_recv().is_err(), "it is for one endpoint");
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_replaced_either_one_verifies() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let mut receiver = Receiver::start(vec![]);
    let (old, endpoint) = caller
        .new_endpoint(&format!("http://{}/", receiver.address))
        .await;
    let rotate = async |body| {
        let answer = caller
            .post(&format!("{endpoint}/rotate-secret"), body)
            .await;
        answer["secret"].as_str().expect("a secret").to_owned()
    };
    let ping = format!("{endpoint}/ping");

    let new = rotate(json!({})).await;
    caller.post(&ping, json!({})).await;
    let (mut headers, body) = receiver.take().await;
    let text = headers["webhook-signature"].to_str().expect("text");
    let signatures: Vec<String> = text.split(' ').map(str::to_owned).collect();
    assert_eq!(signatures.len(), 2, "{text}");
    for secret in [&new, &old] {
        assert!(verifies(secret, &headers, &body));
    }
    // The new one comes first.
    let first = signatures[0].parse().expect("a header");
    headers.insert("webhook-signature", first);
    assert!(verifies(&new, &headers, &body) && !verifies(&old, &headers, &body));

    let newest = rotate(json!({ "expiresInHours": 0 })).await;
    caller.post(&ping, json!({})).await;
    let (headers, body) = receiver.take().await;
    assert!(verifies(&newest, &headers, &body));
    assert!(!verifies(&new, &headers, &body) && !verifies(&old, &headers, &body));
    assert!(!headers["webhook-signature"].as_bytes().contains(&b' '));
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_never_answers_is_tried_again_and_holds_up_no_other() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    // Connections are accepted by the system, and nobody reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("an address").to_string();
    let (secret, endpoint) = caller.new_endpoint(&format!("http://{address}/")).await;
    let mut other = Receiver::start(vec![]);
    let of_other = caller.endpoint(&format!("http://{}/", other.address)).await;
    caller.turn(1).await;

    let mut ids = vec![];
    for event in BOTH {
        let (id, body) = other.next(&of_other).await;
        assert_eq!(body["event"], event);
        ids.push(id);
    }
    let waits = caller.told(&endpoint, "attempts", json!(0)).await;
    assert_eq!(waits["eventId"], *ids[1], "it is behind the first one");
    let why = tried(&folder).await;
    assert_eq!(why, "timeout");
    let mut receiver = Receiver::instead_of(silent, vec![]);
    for (event, id) in BOTH.iter().zip(&ids) {
        let (same, body) = receiver.next(&secret).await;
        assert_eq!((&body["event"], &same), (&json!(event), id));
    }
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_under_way_when_the_server_was_killed_comes_again_under_its_id() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("an address").to_string();
    let (secret, endpoint) = caller.new_endpoint(&format!("http://{address}/")).await;
    caller.turn(1).await;
    let accept = move || silent.accept().map(|(connection, _)| (silent, connection));
    let accepted = tokio::task::spawn_blocking(accept).await;
    let (silent, mut connection) = accepted.expect("no panic").expect("it is sent");
    let under_way = format!("{endpoint}/deliveries?status=pending");
    let told = caller
        .send(Method::GET, &under_way, Value::Null)
        .await
        .json();
    let first = told["deliveries"]
        .as_array()
        .and_then(|it| it.last())
        .expect("it is told of");
    let (id, tries) = (&first["eventId"], &first["attempts"]);
    assert_eq!(tries, 1);
    let limited = connection.set_read_timeout(Some(PATIENCE));
    limited.expect("a time limit");
    let (mut seen, mut part) = (String::new(), [0; 4096]);
    while !seen.contains(id.as_str().expect("an id")) {
        let length = connection.read(&mut part).expect("it is being sent");
        assert!(length > 0, "{seen}");
        seen += &String::from_utf8_lossy(&part[..length]);
    }
    server.signal("KILL");
    drop(server);

    // Nobody waits here for the minute after which somebody else may send it.
    let path = folder.path().join("test.db");
    let database = rusqlite::Connection::open(&path).expect("the database");
    let sql = "UPDATE webhook_deliveries SET next_attempt = 0 WHERE state = 'pending'";
    database.execute(sql, []).expect("it is written");
    drop(database);
    let server = Server::start(&folder.database(), &options);
    let mut receiver = Receiver::instead_of(silent, vec![]);
    let (again, body) = receiver.next(&secret).await;
    assert_eq!((&json!(again), &body["event"]), (id, &json!(BOTH[0])));
    assert_eq!(receiver.next(&secret).await.1["event"], BOTH[1]);
    assert!(server.stop().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_where_it_may_not_go_any_more_even_if_it_is_asked_for() {
    let folder = Folder::new();
    let options = ["--demo", "--webhook-allow-private"];
    let mut server = Server::start(&folder.database(), &options);
    let caller = Caller::new(&mut server);
    let mut receiver = Receiver::start(vec![]);
    let url = format!("http://{}/", receiver.address);
    let (secret, endpoint) = caller.new_endpoint(&url).await;
    caller.post(&format!("{endpoint}/ping"), json!({})).await;
    let (ping, _) = receiver.next(&secret).await;
    caller.told(&endpoint, "status", json!("succeeded")).await;
    assert!(server.stop().0);

    let mut server = Server::start(&folder.database(), &["--demo"]);
    let caller = Caller::new(&mut server);
    let again = format!("{endpoint}/deliveries/{ping}/redeliver");
    caller.post(&again, json!({})).await;
    let why = json!("the URL is not allowed");
    caller.told(&endpoint, "lastError", why.clone()).await;
    caller.post(&format!("{endpoint}/ping"), json!({})).await;
    let told = caller.told(&endpoint, "lastError", why).await;
    assert_eq!(told["lastStatus"], Value::Null);
    assert!(receiver.requests.try_recv().is_err(), "something was sent");
    assert!(server.stop().0);
}
