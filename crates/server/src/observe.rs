//! What is said about each request: a request id, answered as a header, and one log line. Keys,
//! bodies and query strings are never logged.

use std::time::Instant;

use api::Operation;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::metrics::Metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: takes the caller's request id or makes one, answers it, logs the request and counts it.
pub(crate) async fn observe(
    State(metrics): State<Option<&'static Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let _in_flight = metrics.map(Metrics::request);
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .filter(|value| acceptable(value))
        .cloned()
        .unwrap_or_else(fresh);
    let started = Instant::now();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());

    #[cfg(feature = "otel")]
    let traced = crate::trace::begin(&request);
    let answering = next.run(request).instrument(span.clone());
    #[cfg(feature = "otel")]
    let answering = answering.instrument(traced.clone());
    let mut response = answering.await;

    let status = response.status();
    // The operation, not the path: paths contain ids and serial numbers.
    let operation = response.extensions().get::<Operation>().copied();
    #[cfg(feature = "otel")]
    crate::trace::end(&traced, operation, status);
    let took = started.elapsed();
    if let Some(metrics) = metrics {
        metrics.answered(operation, status, took);
    }
    let _entered = span.enter();
    tracing::info!(
        target: "flexportal::request",
        %method,
        operation = operation.map_or("-", Operation::id),
        status = status.as_u16(),
        duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// A caller's id is taken over when it is short and cannot break a log line.
fn acceptable(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

fn fresh() -> HeaderValue {
    let mut random = [0_u8; 12];
    // Ids only have to differ; without randomness the log still has times and routes.
    let _ = getrandom::fill(&mut random);
    let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&text).expect("hexadecimal digits are a header value")
}
