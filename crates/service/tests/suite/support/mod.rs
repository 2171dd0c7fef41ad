//! One way to test a rule: a real server on a free port, a real database, a clock that the test
//! moves, and requests as a client sends them.
//!
//! ```ignore
//! let app = App::start().await;
//! let customer = app.customer("ada@example.com").await;
//! app.delete(&format!("/v1/customers/{customer}")).await.is(200);
//! app.finish().await;
//! ```

#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test file uses another part"
)]

mod contract;
mod database;
mod race;
mod random;
mod steps;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::http::response::Parts;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use service::admin::{self, NewKey, NewTenant};
use service::settings::Settings;
use service::storage::{Folder, Storage};
use service::{Clock, RouterOptions, Service};
use store::{Json, Options, Store, params};

pub use contract::{declaring, strike};
use database::Database;
pub use race::{Outcomes, ROUNDS, Race, ok, refused};
pub use random::Random;
pub use steps::{address, order_body};

/// Tenant of every test.
pub const TENANT: &str = "bu_test";

/// Key of the organisation in every test.
pub const ORGANISATION_KEY: &str = "org_0123456789abcdef0123456789abcdef";

/// A running server with one tenant.
pub struct App {
    pub base: String,
    pub key: String,
    pub service: Service,
    now: Arc<AtomicI64>,
    client: Client<HttpConnector, Full<Bytes>>,
    server: tokio::task::JoinHandle<()>,
    database: Arc<Database>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    what: String,
}

impl App {
    /// A tenant with default settings: EUR, UTC, 2026-03-10 09:00.
    pub async fn start() -> App {
        App::start_with(|_| {}).await
    }

    /// A tenant whose settings `change` has changed.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> App {
        App::start_in("EUR", change).await
    }

    /// [`App::start_with`] for a tenant with another currency.
    pub async fn start_in(currency: &str, change: impl FnOnce(&mut Settings)) -> App {
        let database = Arc::new(Database::new());
        let start: Timestamp = "2026-03-10T09:00:00Z".parse().expect("an instant");
        let now = Arc::new(AtomicI64::new(start.as_microsecond()));
        let (store, clock) = (database.open(), ticking(&now));
        create_tenant(&store, &clock, TENANT, currency, change).await;
        let key = create_key(&store, &clock, TENANT, &[]).await;
        let files = Arc::new(Folder::new(database.files()));
        App::serve(database, store, files, now, key).await
    }

    /// The folder that files are kept in.
    pub fn files(&self) -> std::path::PathBuf {
        self.database.files()
    }

    /// A second server on the same database, with the same clock, tenant and key.
    pub async fn beside(&self) -> App {
        let files = Arc::new(Folder::new(self.files()));
        self.serve_beside(self.database.open(), files).await
    }

    /// [`App::beside`] with a store that works in another way.
    pub async fn beside_with(&self, options: Options) -> App {
        let store = self.database.open_with(options);
        let files = Arc::new(Folder::new(self.files()));
        self.serve_beside(store, files).await
    }

    /// [`App::beside`] with a storage for the same files that works in another way.
    pub async fn beside_keeping(&self, files: Arc<dyn Storage>) -> App {
        self.serve_beside(self.database.open(), files).await
    }

    async fn serve_beside(&self, store: Store, files: Arc<dyn Storage>) -> App {
        let (database, now) = (Arc::clone(&self.database), Arc::clone(&self.now));
        App::serve(database, store, files, now, self.key.clone()).await
    }

    async fn serve(
        database: Arc<Database>,
        store: Store,
        files: Arc<dyn Storage>,
        now: Arc<AtomicI64>,
        key: String,
    ) -> App {
        let service = Service::new(store, ticking(&now));
        let router = service::mount(
            Arc::new(service.clone()),
            RouterOptions {
                body_limit: 1024 * 1024,
                body_timeout: Duration::from_secs(30),
                check_answers: true,
            },
        )
        .finish();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        service.set_organisation_key(ORGANISATION_KEY);
        service.keep_files(files, &base);
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the server runs");
        });
        let client = Client::builder(TokioExecutor::new()).build_http();
        App {
            base,
            key,
            service,
            now,
            client,
            server,
            database,
        }
    }

    /// A second tenant and its key.
    pub async fn other_tenant(&self, id: &str) -> String {
        create_tenant(self.service.store(), &self.clock(), id, "EUR", |_| {}).await;
        create_key(self.service.store(), &self.clock(), id, &[]).await
    }

    /// A further key of the test's tenant, with these permissions only.
    pub async fn key_with(&self, permissions: &[&str]) -> String {
        create_key(self.service.store(), &self.clock(), TENANT, permissions).await
    }

    /// The clock of the server.
    pub fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::from_fn(move || {
            Timestamp::from_microsecond(now.load(Ordering::Relaxed)).expect("within the calendar")
        })
    }

    /// Moves the clock.
    pub fn advance(&self, by: SignedDuration) {
        let us = i64::try_from(by.as_micros()).expect("a test's time span");
        self.now.fetch_add(us, Ordering::Relaxed);
    }

    /// Moves the clock by days.
    pub fn advance_days(&self, days: i64) {
        self.advance(SignedDuration::from_hours(24 * days));
    }

    /// Sends any request. `tenant` and `key` empty: without that header.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let (parts, bytes) = self.exchange(request).await;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()))
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            what: format!("{method} {path}"),
        }
    }

    /// What an address leads to, as anybody opens it.
    pub async fn download(&self, path: &str) -> Bytes {
        let request = Request::get(format!("{}{path}", self.base));
        let request = request.body(Full::default()).expect("a request");
        let (parts, bytes) = self.exchange(request).await;
        assert_eq!(parts.status, StatusCode::OK, "{path}");
        bytes
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> (Parts, Bytes) {
        let response = self
            .client
            .request(request)
            .await
            .expect("the server answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the answer arrives whole");
        (parts, bytes.to_bytes())
    }

    /// Sends JSON as the test's tenant.
    pub async fn json(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.json_as(&self.key, TENANT, method, path, body).await
    }

    /// Sends JSON with any key to any tenant.
    pub async fn json_as(
        &self,
        key: &str,
        tenant: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let authorization = format!("Bearer {key}");
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("tenant-id", tenant),
        ];
        let bytes = body.map(|body| body.to_string()).unwrap_or_default();
        if !bytes.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, bytes).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.json(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.json(Method::DELETE, path, None).await
    }

    /// Events of the test's tenant so far, oldest first: (type, data).
    pub async fn events(&self) -> Vec<(String, Value)> {
        self.service
            .store()
            .read(|tx| {
                let sql = "SELECT kind, data FROM events WHERE tenant_id = $1 ORDER BY sequence";
                tx.query_all(sql, params![TENANT], |row| {
                    Ok((row.get::<String>()?, row.get::<Json>()?))
                })
            })
            .await
            .expect("events are readable")
            .into_iter()
            .map(|(kind, data)| (kind, data.read().expect("event data is JSON")))
            .collect()
    }

    /// Types of the events so far, oldest first.
    pub async fn event_kinds(&self) -> Vec<String> {
        self.events()
            .await
            .into_iter()
            .map(|(kind, _)| kind)
            .collect()
    }

    /// Ends the test: the stored data must be consistent, the deletion invariant must hold, and
    /// no answer may have violated the contract.
    pub async fn finish(self) {
        let broken = self
            .service
            .store()
            .read(|tx| store::verify_invariants(tx, TENANT))
            .await
            .expect("the database is readable");
        assert!(
            broken.is_empty(),
            "the stored data is inconsistent: {broken:#?}"
        );
        let violations = self.service.answer_violations();
        assert_eq!(
            violations, 0,
            "{violations} answers violated the contract (see the output above)"
        );
        self.server.abort();
    }
}

impl Answer {
    /// Asserts the status and gives the body.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Value {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}: {:#}",
            self.what,
            self.body
        );
        &self.body
    }

    /// Asserts a refusal and gives the body.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Value {
        let found = self.body["error"]["code"].as_str().unwrap_or("none");
        assert_eq!(
            (self.status.as_u16(), found),
            (status, code),
            "{}: {:#}",
            self.what,
            self.body
        );
        &self.body
    }

    /// A text property of the body.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value
            .unwrap_or_else(|| panic!("{}: no text at {pointer}: {:#}", self.what, self.body))
            .to_owned()
    }

    /// The `details` of an error as (path, message, code).
    pub fn details(&self) -> Vec<(String, String, String)> {
        let text = |detail: &Value, key: &str| detail[key].as_str().unwrap_or_default().to_owned();
        let details = self.body["error"]["details"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let details = details.iter();
        details
            .map(|it| (text(it, "path"), text(it, "message"), text(it, "code")))
            .collect()
    }
}

async fn create_tenant(
    store: &Store,
    clock: &Clock,
    id: &str,
    currency: &str,
    change: impl FnOnce(&mut Settings),
) {
    let mut settings = Settings::default();
    change(&mut settings);
    let new = NewTenant {
        id: id.into(),
        name: "Test".into(),
        currency: currency.into(),
        preset: None,
        timezone: settings.localization.timezone.clone(),
        tier: "growth".into(),
    };
    admin::create_tenant(store, clock, new)
        .await
        .expect("the tenant is new");
    admin::replace_settings(store, clock, id, settings)
        .await
        .expect("the tenant exists");
}

async fn create_key(store: &Store, clock: &Clock, tenant: &str, permissions: &[&str]) -> String {
    let new = NewKey {
        tenant: tenant.into(),
        name: "test".into(),
        permissions: permissions.iter().map(|it| (*it).to_owned()).collect(),
        expires_in_days: None,
    };
    admin::create_key(store, clock, new)
        .await
        .expect("a key can be made")
        .secret
}

/// Each reading is a millisecond later than the one before: creations have an order, and answers show it.
fn ticking(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Clock::from_fn(move || {
        let us = now.fetch_add(1_000, Ordering::Relaxed);
        Timestamp::from_microsecond(us).expect("within the calendar")
    })
}
