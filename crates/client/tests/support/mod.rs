//! A server that plays a script over real TCP, and the client under test.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::future::Future;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Builder, Client, RetryPolicy, Sleeper};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// E.g. `GET /v1/customers?limit=2`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of the header `name`.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(one, _)| one.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the client writes UTF-8")
    }
}

/// An answer of the script.
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    /// Bytes that are announced and never come.
    missing: usize,
}

/// An answer with a JSON body.
pub(crate) fn answer(status: u16, body: serde_json::Value) -> Answer {
    Answer {
        status,
        headers: vec![("Content-Type", "application/json".into())],
        body: body.to_string(),
        missing: 0,
    }
}

/// None: the request arrives, and the connection ends.
pub(crate) fn no_answer() -> Answer {
    answer(0, serde_json::Value::Null)
}

/// An answer with the contract's error body.
pub(crate) fn refusal(status: u16, code: &str) -> Answer {
    answer(
        status,
        serde_json::json!({ "error": { "code": code, "message": "because" } }),
    )
}

impl Answer {
    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer, which breaks off in its body.
    pub(crate) fn cut(mut self) -> Answer {
        self.missing = 1;
        self
    }

    /// The same answer with a body that is not JSON.
    pub(crate) fn page(mut self, text: &str) -> Answer {
        self.headers = vec![("Content-Type", "text/html".into())];
        self.body = text.to_owned();
        self
    }
}

/// A server that gives one answer per request, in order, and then refuses connections.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Listens on a free port.
    pub(crate) fn start(script: Vec<Answer>) -> Server {
        Server::listen("127.0.0.1:0", script)
    }

    /// Listens at that address.
    pub(crate) fn listen(address: &str, script: Vec<Answer>) -> Server {
        let listener = TcpListener::bind(address).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        std::thread::spawn(move || {
            for answer in script {
                let Ok((stream, _)) = listener.accept() else {
                    return;
                };
                let mut reader = BufReader::new(stream);
                let Some(request) = read(&mut reader) else {
                    return;
                };
                record.lock().expect("no test panics here").push(request);
                if answer.status == 0 {
                    continue;
                }
                let mut head = format!(
                    "HTTP/1.1 {} Scripted\r\nConnection: close\r\n",
                    answer.status
                );
                for (name, value) in &answer.headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                let length = answer.body.len() + answer.missing;
                head.push_str(&format!("Content-Length: {length}\r\n\r\n"));
                let stream = reader.get_mut();
                let written = stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(answer.body.as_bytes()));
                if written.is_err() {
                    return;
                }
            }
        });
        Server { url, seen }
    }

    /// What arrived so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("no test panics here").clone()
    }

    /// A builder with credentials for this server, which waits without waiting.
    pub(crate) fn builder(&self) -> Builder {
        Client::builder(self.url.as_str())
            .token("secret-key")
            .tenant_id("acme")
            .retry(RetryPolicy::default().sleeper(Arc::new(Clock::default())))
    }

    /// A client for this server.
    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("the settings are complete")
    }
}

fn read(reader: &mut BufReader<std::net::TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request {
        line,
        headers,
        body,
    })
}

/// A clock that only writes down how long it was asked to wait.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<Vec<Duration>>>);

impl Clock {
    /// The waits so far, in milliseconds.
    pub(crate) fn waits_ms(&self) -> Vec<u128> {
        self.0
            .lock()
            .expect("no test panics here")
            .iter()
            .map(Duration::as_millis)
            .collect()
    }
}

impl Sleeper for Clock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().expect("no test panics here").push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// A customer as the server writes it.
pub(crate) fn customer(id: &str) -> serde_json::Value {
    serde_json::json!({
        "customerId": id, "tenantId": "acme", "email": "ada@example.com",
        "firstName": "Ada", "lastName": "Lovelace",
        "customerType": "individual", "status": "active", "customFields": {},
        "totalOrders": 0, "totalDevicesRented": 0, "totalMonthlyRevenue": 0,
        "orderIds": [], "rentalIds": [], "createdBy": "key_1",
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
    })
}

/// A page of customers.
pub(crate) fn page(ids: &[&str], next: Option<&str>) -> Answer {
    let customers: Vec<_> = ids.iter().map(|id| customer(id)).collect();
    answer(
        200,
        serde_json::json!({
            "customers": customers, "count": ids.len(), "limit": 2,
            "hasMore": next.is_some(), "nextCursor": next,
        }),
    )
}

/// The answer to a deletion.
pub(crate) fn deleted(id: &str) -> Answer {
    answer(
        200,
        serde_json::json!({ "success": true, "message": "gone", "customerId": id }),
    )
}
