//! What happens around each request: it is refused if its head can be read in two ways, its answer
//! gets the headers that every answer has, and it is logged and counted.
//!
//! A log line has the request's id, which is answered as a header, and names the operation by its
//! path template. Keys, bodies and query strings are never logged.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::{
    Cors, Errors, Metrics, NoRequest, PIECE_BYTES, REQUEST_ID, harden, in_pieces, objection,
    request_id, settled,
};
use crate::{Facts, Holding};

/// Longest path of a log line, in bytes: nobody answers for more.
const PATH_BYTES: usize = 200;
/// Longest tenant; what is longer is none.
const TENANT_BYTES: usize = 64;

/// What is done around each request: the state of [`observe`].
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Where requests are counted.
    pub metrics: Option<&'static Metrics>,
    /// Pages of which origins may read answers.
    pub cors: Option<Arc<Cors>>,
    /// How errors look, here and in [`Host`](super::Host).
    pub errors: Errors,
    /// The header in which callers name their tenant, whom log lines name then.
    pub tenant: Option<HeaderName>,
}

/// Extension of answers that are logged at DEBUG: files of pages, of which nobody wants to read.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

/// Middleware: takes the caller's request id or makes one, answers it, logs the request and counts it. To be laid
/// around everything else:
///
/// ```
/// use axum::{Router, middleware};
/// use contract_serve::host::{Around, observe};
///
/// let app: Router = Router::new();
/// let app = app.layer(middleware::from_fn_with_state(Around::default(), observe));
/// ```
pub async fn observe(State(around): State<Around>, mut request: Request, next: Next) -> Response {
    let holding = Holding::default();
    request.extensions_mut().insert(holding.clone());
    let _in_flight = around.metrics.map(Metrics::request);
    let id = request_id(request.headers());
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let tenant = around.tenant.as_ref();
    let tenant = tenant.and_then(|name| request.headers().get(name).cloned());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let answering = answer(&around, &id, request, next).instrument(span.clone());
    let mut response = answering.await;

    let status = response.status();
    let operation = response.extensions().get::<&'static Facts>().copied();
    let took = started.elapsed();
    if let Some(metrics) = around.metrics {
        metrics.answered(operation, status, took);
    }
    let code = error_code(&around.errors, &mut response).await;
    let _entered = span.enter();
    // One line for both levels, which a macro has to know beforehand.
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "contract_serve::request",
                %method,
                operation = operation.map_or("-", |it| it.id),
                // The template where there is one: paths contain ids and names.
                path = operation.map_or_else(|| shown_path(&uri), |it| it.path),
                status = status.as_u16(),
                code = code.as_deref(),
                tenant = tenant.as_ref().and_then(shown_tenant),
                duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                "answered"
            )
        };
    }
    if response.extensions().get::<Quiet>().is_some() {
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

async fn answer(around: &Around, id: &HeaderValue, request: Request, next: Next) -> Response {
    if let Some(message) = objection(&request) {
        let refused = NoRequest {
            status: axum::http::StatusCode::BAD_REQUEST,
            message,
            id,
        };
        let mut response = (around.errors.refuse)(&refused).map(Body::from);
        *response.status_mut() = refused.status;
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return settled(request, async |_| response).await;
    }
    match &around.cors {
        Some(cors) => cors.answer(request, next).await,
        None => next.run(request).await,
    }
}

/// The code of an error, if its body is there as a whole, so that nothing is waited for.
async fn error_code(errors: &Errors, response: &mut Response) -> Option<String> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    if !failed || response.body().is_end_stream() {
        return None;
    }
    response.body().size_hint().exact()?;
    let body = std::mem::replace(response.body_mut(), Body::empty());
    let bytes = axum::body::to_bytes(body, usize::MAX).await.ok()?;
    let code = (errors.code)(&bytes).map(str::to_owned);
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
