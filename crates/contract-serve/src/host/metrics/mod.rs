//! Figures for Prometheus, best served on a listener of their own, so that the API never exposes them.
//!
//! Recording is a few relaxed additions a request; what Prometheus wants summed up is summed up when it asks.

mod exposition;
mod process;

pub use self::exposition::{Figures, Kind};
pub use self::process::max_fds as file_handles;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;

use self::exposition::Kind::{Counter, Gauge, Histogram};
use crate::{Facts, Operation};

/// Upper bounds of the latency classes, in microseconds: from what a small write takes to what a client waits.
const BOUNDS_US: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// What belongs to no operation: documents, health, unknown routes.
const NO_OPERATION: &str = "none";

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What is counted while the server runs.
#[derive(Debug)]
pub struct Metrics {
    prefix: &'static str,
    /// By operation, in the order of where its facts lie, which is that of the contract.
    operations: Vec<(&'static Facts, Answers)>,
    /// For what belongs to no operation.
    others: Answers,
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
pub struct Present(&'static AtomicU64);

impl Metrics {
    /// Figures that all start at 0, of these operations, in families whose names begin with `prefix` and `_`. They
    /// live as long as the process: nobody has to count who uses them.
    pub fn start(
        prefix: &'static str,
        served: impl IntoIterator<Item = impl Operation>,
    ) -> &'static Metrics {
        let served = served.into_iter().map(Operation::facts);
        let mut operations: Vec<_> = served.map(|it| (it, Answers::default())).collect();
        operations.sort_unstable_by_key(|(facts, _)| place(facts));
        Box::leak(Box::new(Metrics {
            prefix,
            operations,
            others: Answers::default(),
            requests_in_flight: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            connections_accepted: AtomicU64::new(0),
            started: SystemTime::now(),
        }))
    }

    /// A connection was accepted: to be given to [`listen`](super::listen()).
    pub fn connection(&'static self) -> Present {
        self.connections_accepted.fetch_add(1, Relaxed);
        Present::new(&self.connections)
    }

    /// A request begins.
    pub(super) fn request(&'static self) -> Present {
        Present::new(&self.requests_in_flight)
    }

    /// A request was answered.
    pub(super) fn answered(
        &self,
        operation: Option<&'static Facts>,
        status: StatusCode,
        took: Duration,
    ) {
        let index = operation.and_then(|facts| {
            let places = |(it, _): &(&'static Facts, Answers)| place(it);
            self.operations
                .binary_search_by_key(&place(facts), places)
                .ok()
        });
        let answers = index.map_or(&self.others, |index| &self.operations[index].1);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        let latency = BOUNDS_US.partition_point(|bound| *bound < micros);
        answers.by_class[class].fetch_add(1, Relaxed);
        answers.by_latency[latency].fetch_add(1, Relaxed);
        answers.sum_us.fetch_add(micros, Relaxed);
    }

    /// `/metrics`, and nothing else: these figures, what `more` adds, and what the system knows of the process.
    pub fn router(
        &'static self,
        more: impl Fn(&mut Figures) + Clone + Send + Sync + 'static,
    ) -> Router {
        let render = move || {
            let mut figures = Figures::default();
            self.requests(&mut figures);
            more(&mut figures);
            self.process(&mut figures);
            figures.finish()
        };
        Router::new().route(
            "/metrics",
            get(async move || ([(header::CONTENT_TYPE, exposition::MEDIA_TYPE)], render())),
        )
    }

    fn requests(&self, figures: &mut Figures) {
        let prefix = self.prefix;
        let of_operations = self.operations.iter().map(|(it, answers)| (it.id, answers));
        let others = [(NO_OPERATION, &self.others)];
        let served = || of_operations.clone().chain(others);

        let name = format!("{prefix}_http_requests_total");
        let help = "Answered requests, by operation and class of status.";
        figures.family(&name, Counter, help);
        for (operation, answers) in served() {
            for (class, count) in CLASSES.iter().zip(&answers.by_class) {
                let labels = [("operation", operation), ("status", *class)];
                figures.sample(&name, &labels, count.load(Relaxed));
            }
        }

        let name = format!("{prefix}_http_request_duration_seconds");
        let help = "From the head of a request to its answer, by operation.";
        figures.family(&name, Histogram, help);
        let [bucket, sum, count] = ["bucket", "sum", "count"].map(|it| format!("{name}_{it}"));
        for (operation, answers) in served() {
            let operation = ("operation", operation);
            let mut total = 0;
            let bounds = BOUNDS_US.iter().map(|bound| seconds(*bound).to_string());
            let bounds = bounds.chain(["+Inf".to_owned()]);
            for (bound, latency) in bounds.zip(&answers.by_latency) {
                total += latency.load(Relaxed);
                figures.sample(&bucket, &[operation, ("le", &bound)], total);
            }
            figures.sample(&sum, &[operation], seconds(answers.sum_us.load(Relaxed)));
            // The same number as the last class, also while requests are being counted.
            figures.sample(&count, &[operation], total);
        }

        for (name, kind, help, count) in [
            (
                "http_requests_in_flight",
                Gauge,
                "Requests that are being handled.",
                &self.requests_in_flight,
            ),
            (
                "http_connections",
                Gauge,
                "Open connections of clients.",
                &self.connections,
            ),
            (
                "http_connections_accepted_total",
                Counter,
                "Connections accepted from clients.",
                &self.connections_accepted,
            ),
        ] {
            figures.single(&format!("{prefix}_{name}"), kind, help, count.load(Relaxed));
        }
    }

    /// Under the names that every process has.
    fn process(&self, figures: &mut Figures) {
        if let Ok(since) = self.started.duration_since(UNIX_EPOCH) {
            let help = "Start of the process, since the Unix epoch.";
            let name = "process_start_time_seconds";
            figures.single(name, Gauge, help, since.as_secs_f64());
        }
        for (name, help, figure) in [
            (
                "process_resident_memory_bytes",
                "Resident memory.",
                process::resident_memory_bytes(),
            ),
            (
                "process_open_fds",
                "Open file descriptors.",
                process::open_fds(),
            ),
            (
                "process_max_fds",
                "Most file descriptors it may open.",
                process::max_fds(),
            ),
        ] {
            if let Some(figure) = figure {
                figures.single(name, Gauge, help, figure);
            }
        }
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

/// Where the facts of an operation lie, which tells it from all others, also of other contracts.
fn place(facts: &'static Facts) -> usize {
    std::ptr::from_ref(facts).addr()
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
