//! What stands around a router: log lines, metrics, health, and the page on which a contract is read.

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, middleware};
use contract_serve::host::{
    Around, DocsPage, Errors, Metrics, docs, health, observe, served_contract,
};
use contract_serve::{Facts, Operation};
use tower_service::Service as _;

static FACTS: [Facts; 3] = [
    facts("getTour", "/tours/{name}"),
    facts("getShop", "/shop"),
    Facts {
        key: Some("/führung"),
        ..facts("get_führung", "/f%C3%BChrung")
    },
];

const fn facts(id: &'static str, path: &'static str) -> Facts {
    Facts {
        id,
        method: "GET",
        path,
        tag: "Museum",
        ..Facts::PLAIN
    }
}

/// An operation, as generated code has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tour(usize);

impl Operation for Tour {
    fn facts(self) -> &'static Facts {
        &FACTS[self.0]
    }
}

/// An answer of the first operation, as a mounted one gives it.
fn answered(status: StatusCode, body: &'static str) -> Response {
    let mut response = (status, body).into_response();
    response.extensions_mut().insert(Tour(0).facts());
    response
}

async fn ask(app: &mut Router, path: &str) -> (axum::http::response::Parts, String) {
    let request = Request::get(path)
        .header("host", "museum")
        .header("museum", "night-1")
        .body(Body::empty());
    let Ok(response) = app.call(request.expect("a request")).await;
    let (head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .expect("a body");
    (head, String::from_utf8(bytes.to_vec()).expect("text"))
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn requests_are_logged_by_template_and_counted_by_operation() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let metrics = Metrics::start("museum", [Tour(1), Tour(0)]);
    let around = Around {
        metrics: Some(metrics),
        errors: Errors {
            code: |body| std::str::from_utf8(body.strip_prefix(b"code ")?).ok(),
            ..Errors::default()
        },
        tenant: Some("museum".parse().expect("a name")),
        ..Around::default()
    };
    let mut app = Router::new()
        .route(
            "/tours/night",
            get(async || answered(StatusCode::OK, "open")),
        )
        .route(
            "/tours/day",
            get(async || answered(StatusCode::CONFLICT, "code FULL")),
        )
        .layer(middleware::from_fn_with_state(around, observe));
    let (head, body) = ask(&mut app, "/tours/night?key=secret").await;
    assert_eq!((head.status, &*body), (StatusCode::OK, "open"));
    assert_eq!(head.headers["cache-control"], "no-store");
    assert_eq!(head.headers["x-request-id"].len(), 24);
    let (_, body) = ask(&mut app, "/tours/day").await;
    assert_eq!(body, "code FULL");
    ask(&mut app, "/elsewhere").await;

    let text = String::from_utf8(lines.0.lock().expect("a lock").clone()).expect("text");
    let logged: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .map(|mut line: serde_json::Value| {
            assert_eq!(line["target"], "contract_serve::request");
            assert_eq!(line["tenant"], "night-1");
            serde_json::json!([
                line["operation"].take(),
                line["path"].take(),
                line["status"].take(),
                line["code"].take()
            ])
        })
        .collect();
    let expected = serde_json::json!([
        ["getTour", "/tours/{name}", 200, null],
        ["getTour", "/tours/{name}", 409, "FULL"],
        ["-", "/elsewhere", 404, null],
    ]);
    assert_eq!(serde_json::Value::from(logged), expected);
    assert!(!text.contains("secret"));

    let mut page = metrics.router(|figures| {
        figures.single(
            "museum_visitors",
            contract_serve::host::Kind::Gauge,
            "Inside.",
            7,
        );
    });
    let (_, page) = ask(&mut page, "/metrics").await;
    for line in [
        r#"museum_http_requests_total{operation="getTour",status="2xx"} 1"#,
        r#"museum_http_requests_total{operation="getTour",status="4xx"} 1"#,
        r#"museum_http_requests_total{operation="getShop",status="2xx"} 0"#,
        r#"museum_http_requests_total{operation="none",status="4xx"} 1"#,
        r#"museum_http_request_duration_seconds_count{operation="getTour"} 2"#,
        "museum_http_requests_in_flight 0",
        "museum_visitors 7",
    ] {
        assert!(page.lines().any(|it| it == line), "`{line}` in {page}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_ready_says_why() {
    let mut app = health(async || Err("the cellar is flooded".to_owned()));
    let (head, body) = ask(&mut app, "/readyz").await;
    assert_eq!(head.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(head.headers["retry-after"], "1");
    assert_eq!(body, "not ready: the cellar is flooded\n");
    assert_eq!(ask(&mut app, "/healthz").await.0.status, StatusCode::OK);
    let mut app = health(async || Ok(()));
    assert_eq!(ask(&mut app, "/readyz").await.0.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_shows_what_is_served() {
    let contract = r#"{
        "openapi": "3.1.0", "info": {"title": "Museum", "version": "1"},
        "paths": {
            "/tours/{name}": {"get": {"operationId": "getTour", "responses": {}}},
            "/shop": {"get": {"operationId": "getShop", "responses": {}}},
            "/führung": {"get": {"responses": {}}}
        }
    }"#;
    let contract = served_contract(contract, &[Tour(0), Tour(2)], true).expect("an object");
    let mut app = docs(&contract, &DocsPage::default());
    let (head, page) = ask(&mut app, "/docs/").await;
    assert!(page.contains("<title>Museum</title>"), "{page}");
    assert!(head.headers.contains_key("content-security-policy"));
    let (_, json) = ask(&mut app, "/openapi.json").await;
    assert!(
        json.contains("getTour") && json.contains("/führung") && !json.contains("getShop"),
        "{json}"
    );
    assert!(json.contains("This server"));
    let (_, yaml) = ask(&mut app, "/openapi.yaml").await;
    assert!(yaml.starts_with("openapi: "), "{yaml}");
    assert_eq!(ask(&mut app, "/").await.0.headers["location"], "/docs/");
    for file in ["start.js", "resolve.js", "icon.svg", "swagger-ui-bundle.js"] {
        let (head, _) = ask(&mut app, &format!("/docs/{file}")).await;
        assert_eq!(head.status, StatusCode::OK, "{file}");
    }
    assert_eq!(
        ask(&mut app, "/docs/nothing").await.0.status,
        StatusCode::NOT_FOUND
    );
}
