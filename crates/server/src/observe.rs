//! What happens around each request: it is refused if its head can be read in two ways, its answer
//! gets the headers that every answer has, and it is logged and counted.
//!
//! A log line has the request's id, which is answered as a header, and names the operation by its
//! path template. Keys, bodies and query strings are never logged.

use std::sync::Arc;
use std::time::Instant;

use api::Operation;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use contract_serve::host::{
    NoRequest, PIECE_BYTES, REQUEST_ID, harden, in_pieces, objection, request_id, settled,
};
use service::Holding;
use tracing::Instrument as _;

use crate::assets::StaticFile;
use crate::cors::Cors;
use crate::metrics::Metrics;

/// Longest path of a log line, in bytes: nobody answers for more.
const PATH_BYTES: usize = 200;
/// Longest tenant id; what is longer is none of ours.
const TENANT_BYTES: usize = 64;
/// Longest error code.
const CODE_BYTES: usize = 64;

/// What is done around each request.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    /// Where requests are counted.
    pub(crate) metrics: Option<&'static Metrics>,
    /// Pages of which origins may read answers.
    pub(crate) cors: Option<Arc<Cors>>,
}

/// Middleware: takes the caller's request id or makes one, answers it, logs the request and counts it.
pub(crate) async fn observe(
    State(around): State<Around>,
    mut request: Request,
    next: Next,
) -> Response {
    let holding = Holding::default();
    request.extensions_mut().insert(holding.clone());
    let _in_flight = around.metrics.map(Metrics::request);
    let id = request_id(request.headers());
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let tenant = request.headers().get("tenant-id").cloned();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());

    #[cfg(feature = "otel")]
    let traced = crate::trace::begin(&request);
    let answering = answer(&around, request, next).instrument(span.clone());
    #[cfg(feature = "otel")]
    let answering = answering.instrument(traced.clone());
    let mut response = answering.await;

    let status = response.status();
    let operation = response.extensions().get::<Operation>().copied();
    #[cfg(feature = "otel")]
    crate::trace::end(&traced, operation, status);
    let took = started.elapsed();
    if let Some(metrics) = around.metrics {
        metrics.answered(operation, status, took);
    }
    let code = error_code(&mut response).await;
    let _entered = span.enter();
    // One line for both levels, which a macro has to know beforehand.
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "flexportal::request",
                %method,
                operation = operation.map_or("-", Operation::id),
                // The template where there is one: paths contain ids and serial numbers.
                path = operation.map_or_else(|| shown_path(&uri), |it| it.path()),
                status = status.as_u16(),
                code = code.as_deref(),
                tenant = tenant.as_ref().and_then(shown_tenant),
                duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                "answered"
            )
        };
    }
    if response.extensions().get::<StaticFile>().is_some() {
        line!(debug);
    } else {
        line!(info);
    }
    harden(response.headers_mut());
    response.headers_mut().insert(REQUEST_ID, id);
    response.extensions_mut().remove::<Holding>();
    hold(response, holding)
}

/// Holds what the request holds until a large answer has been sent, or one that is still being made; the others fit
/// into what systems keep for a connection.
fn hold(response: Response, holding: Holding) -> Response {
    match response.body().size_hint().exact() {
        Some(bytes) if bytes <= PIECE_BYTES as u64 => response,
        _ => response.map(|body| in_pieces(body, holding)),
    }
}

/// The answer to a request that is not taken, after which the connection ends.
fn refused(why: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONNECTION, "close"),
    ];
    let body = error("VALIDATION_ERROR", why);
    (StatusCode::BAD_REQUEST, headers, body).into_response()
}

/// The answer to bytes that are no request, which is logged here, since no middleware sees it.
pub(crate) fn no_request(refused: &NoRequest<'_>) -> axum::http::Response<String> {
    let code = match refused.status {
        StatusCode::BAD_REQUEST => "VALIDATION_ERROR",
        _ => "PAYLOAD_TOO_LARGE",
    };
    tracing::info!(
        target: "flexportal::request",
        id = refused.id.to_str().unwrap_or_default(),
        status = refused.status.as_u16(),
        code,
        "refused"
    );
    let mut response = axum::http::Response::new(error(code, refused.message));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn error(code: &str, message: &str) -> String {
    serde_json::json!({ "error": { "code": code, "message": message } }).to_string()
}

async fn answer(around: &Around, request: Request, next: Next) -> Response {
    if let Some(why) = objection(&request) {
        return settled(request, async |_| refused(why)).await;
    }
    match &around.cors {
        Some(cors) => cors.answer(request, next).await,
        None => next.run(request).await,
    }
}

/// The code of an error, which is what the body of an error begins with.
async fn error_code(response: &mut Response) -> Option<String> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    if !failed || response.body().is_end_stream() {
        return None;
    }
    // It is there as a whole, so that nothing is waited for.
    response.body().size_hint().exact()?;
    let body = std::mem::replace(response.body_mut(), Body::empty());
    let bytes = axum::body::to_bytes(body, usize::MAX).await.ok()?;
    let code = bytes
        .strip_prefix(b"{\"error\":{\"code\":\"")
        .and_then(|rest| {
            rest.iter()
                .take(CODE_BYTES)
                .position(|byte| *byte == b'"')
                .map(|end| &rest[..end])
        })
        .and_then(|code| std::str::from_utf8(code).ok())
        .map(str::to_owned);
    *response.body_mut() = Body::from(bytes);
    code
}

/// A path that belongs to no operation. A URI has no control characters; what else could end a
/// line or a string is escaped by the log itself.
fn shown_path(uri: &Uri) -> &str {
    let path = uri.path();
    let end = path.floor_char_boundary(path.len().min(PATH_BYTES));
    &path[..end]
}

/// The tenant as the caller names it, whoever that is.
fn shown_tenant(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (text.len() <= TENANT_BYTES && text.bytes().all(known)).then_some(text)
}
