//! Traces for OpenTelemetry: a span for each request, with its transactions below it, sent to a collector
//! by OTLP over HTTP.
//!
//! On if `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set; the other standard
//! variables (`OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_…`) are the
//! SDK's own affair. A caller's `traceparent` is honoured, its sampling decision included.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use contract_serve::Facts;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Status, TraceContextExt as _, TracerProvider as _};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Instrument as _, Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// Target of the spans of requests; log lines do without them.
const REQUEST: &str = "flexportal::trace";

/// Target of the spans of transactions.
const TRANSACTION: &str = "service::transaction";

/// Longest tenant id; what is longer is none of ours.
const TENANT_BYTES: usize = 64;

/// Where spans go; to be shut down, so that the last ones arrive.
#[derive(Debug)]
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends what is waiting. Blocks meanwhile.
    pub(crate) fn finish(&self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// What turns spans into traces, if the environment names a collector.
///
/// # Errors
/// When what the environment names is no collector.
pub(crate) fn start<S>() -> Result<Option<(impl Layer<S>, Traces)>, String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let Some(endpoint) = endpoint() else {
        return Ok(None);
    };
    // The HTTP client finds it there. Somebody else may have been faster with the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter = SpanExporter::builder()
        .with_http()
        .build()
        .map_err(|error| format!("cannot send traces to `{endpoint}`: {error}"))?;
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("flexportal");
    }
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_level(false)
        .with_target(false)
        .with_tracer(provider.tracer("flexportal"))
        .with_filter(filter_fn(is_traced));
    Ok(Some((layer, Traces(provider))))
}

/// Whether it is a span for traces alone: log lines name the request already.
pub(crate) fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && [REQUEST, TRANSACTION].contains(&metadata.target())
}

/// Middleware: a span around the request.
pub(crate) async fn traced(request: Request, next: Next) -> Response {
    let span = begin(&request);
    let response = next.run(request).instrument(span.clone()).await;
    end(&span, &response);
    response
}

/// Begins the span of a request, below the caller's if it says so.
fn begin(request: &Request) -> Span {
    let span = tracing::info_span!(target: REQUEST, "request", otel.kind = "server");
    if span.is_disabled() {
        return span;
    }
    let caller = TraceContextPropagator::new().extract(&Headers(request.headers()));
    // It fails for spans that were started or are not traced, and this one is new.
    let _ = span.set_parent(caller);
    span.set_attribute("http.request.method", request.method().to_string());
    let tenant = request
        .headers()
        .get("tenant-id")
        .and_then(|it| it.to_str().ok())
        .filter(|it| it.len() <= TENANT_BYTES);
    if let Some(tenant) = tenant {
        span.set_attribute("flexportal.tenant", tenant.to_owned());
    }
    span
}

/// Ends it with what was answered.
fn end(span: &Span, response: &Response) {
    if span.is_disabled() {
        return;
    }
    let status = response.status();
    if let Some(operation) = response.extensions().get::<&'static Facts>() {
        span.context().span().update_name(operation.id);
        span.set_attribute("http.route", operation.path);
    }
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
}

fn endpoint() -> Option<String> {
    let value = |name| std::env::var(name).ok().filter(|it| !it.is_empty());
    if value("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true")) {
        return None;
    }
    value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").or_else(|| value("OTEL_EXPORTER_OTLP_ENDPOINT"))
}

/// The headers of a request, as the propagator reads them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
