//! Figures for Prometheus, served on a listener of their own so that the API never exposes them.
//!
//! Recording is a few relaxed additions a request, and nothing at all without `--metrics-listen`; what
//! Prometheus wants summed up is summed up when it asks.

mod exposition;
mod process;
mod render;

pub(crate) use self::process::max_fds as file_handles;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use api::Operation;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use service::Service;

/// Upper bounds of the latency classes, in microseconds: from what a deletion takes to what a client waits.
const BOUNDS_US: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// What is counted while the server runs.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// By operation; the last is for what belongs to none (documents, health, unknown routes).
    operations: Vec<Answers>,
    requests_in_flight: AtomicU64,
    connections: AtomicU64,
    connections_accepted: AtomicU64,
    started: SystemTime,
}

/// Answers of one operation.
#[derive(Debug, Default)]
struct Answers {
    /// 1xx to 5xx.
    by_class: [AtomicU64; 5],
    /// Those that took up to [`BOUNDS_US`], each in one class only; the last is for all slower ones.
    by_latency: [AtomicU64; BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

/// Counts one up now and one down when it is dropped, however that comes about.
#[derive(Debug)]
pub(crate) struct Present(&'static AtomicU64);

impl Metrics {
    /// Figures that all start at 0. They live as long as the process: nobody has to count who uses them.
    pub(crate) fn start() -> &'static Metrics {
        Box::leak(Box::new(Metrics {
            operations: (0..=Operation::ALL.len())
                .map(|_| Answers::default())
                .collect(),
            requests_in_flight: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            connections_accepted: AtomicU64::new(0),
            started: SystemTime::now(),
        }))
    }

    /// A request begins.
    pub(crate) fn request(&'static self) -> Present {
        Present::new(&self.requests_in_flight)
    }

    /// A connection was accepted.
    pub(crate) fn connection(&'static self) -> Present {
        self.connections_accepted.fetch_add(1, Relaxed);
        Present::new(&self.connections)
    }

    /// A request was answered.
    pub(crate) fn answered(
        &self,
        operation: Option<Operation>,
        status: StatusCode,
        took: Duration,
    ) {
        let index = operation.map_or(Operation::ALL.len(), |it| it as usize);
        let answers = &self.operations[index];
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        let latency = BOUNDS_US.partition_point(|bound| *bound < micros);
        answers.by_class[class].fetch_add(1, Relaxed);
        answers.by_latency[latency].fetch_add(1, Relaxed);
        answers.sum_us.fetch_add(micros, Relaxed);
    }
}

impl Present {
    fn new(count: &'static AtomicU64) -> Present {
        count.fetch_add(1, Relaxed);
        Present(count)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// `/metrics`, and nothing else.
pub(crate) fn router(metrics: &'static Metrics, service: Service) -> Router {
    Router::new().route(
        "/metrics",
        get(async move || {
            let text = render::render(metrics, &service);
            ([(header::CONTENT_TYPE, exposition::MEDIA_TYPE)], text)
        }),
    )
}
