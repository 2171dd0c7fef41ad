//! Which families there are, under which names.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::UNIX_EPOCH;

use api::Operation;
use service::Service;

use super::exposition::Kind::{Counter, Gauge, Histogram};
use super::exposition::Page;
use super::{Answers, BOUNDS_US, Metrics, process};

/// What belongs to no operation: documents, health, unknown routes.
const NO_OPERATION: &str = "none";

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The page as it is now.
pub(super) fn render(metrics: &Metrics, service: &Service) -> String {
    let mut page = Page::default();
    requests(&mut page, metrics);
    store(&mut page, &service.store().statistics());
    page.single(
        "flexportal_answer_violations_total",
        Counter,
        "Answers that violated the contract (always 0 without --check-answers).",
        service.answer_violations(),
    );
    page.family(
        "flexportal_build_info",
        Gauge,
        "Always 1; the version is in the label.",
    );
    let version = env!("CARGO_PKG_VERSION");
    page.sample("flexportal_build_info", &[("version", version)], 1);
    the_process(&mut page, metrics);
    page.finish()
}

fn requests(page: &mut Page, metrics: &Metrics) {
    let served: Vec<(&str, &Answers)> = service::served()
        .into_iter()
        .map(|operation| (operation.id(), &metrics.operations[operation as usize]))
        .chain([(NO_OPERATION, &metrics.operations[Operation::ALL.len()])])
        .collect();

    let name = "flexportal_http_requests_total";
    page.family(
        name,
        Counter,
        "Answered requests, by operation and class of status.",
    );
    for (operation, answers) in &served {
        for (class, count) in CLASSES.iter().zip(&answers.by_class) {
            let labels = [("operation", *operation), ("status", *class)];
            page.sample(name, &labels, count.load(Relaxed));
        }
    }

    let name = "flexportal_http_request_duration_seconds";
    page.family(
        name,
        Histogram,
        "From the head of a request to its answer, by operation.",
    );
    let [bucket, sum, count] = ["bucket", "sum", "count"].map(|it| format!("{name}_{it}"));
    for (operation, answers) in &served {
        let operation = ("operation", *operation);
        let mut total = 0;
        let bounds = BOUNDS_US.iter().map(|bound| seconds(*bound).to_string());
        let bounds = bounds.chain(["+Inf".to_owned()]);
        for (bound, latency) in bounds.zip(&answers.by_latency) {
            total += latency.load(Relaxed);
            page.sample(&bucket, &[operation, ("le", &bound)], total);
        }
        page.sample(&sum, &[operation], seconds(answers.sum_us.load(Relaxed)));
        // The same number as the last class, also while requests are being counted.
        page.sample(&count, &[operation], total);
    }

    let now = |count: &AtomicU64| count.load(Relaxed);
    page.single(
        "flexportal_http_requests_in_flight",
        Gauge,
        "Requests that are being handled.",
        now(&metrics.requests_in_flight),
    );
    page.single(
        "flexportal_http_connections",
        Gauge,
        "Open connections of clients.",
        now(&metrics.connections),
    );
    page.single(
        "flexportal_http_connections_accepted_total",
        Counter,
        "Connections accepted from clients.",
        now(&metrics.connections_accepted),
    );
}

fn store(page: &mut Page, figures: &store::Statistics) {
    page.single(
        "flexportal_store_transactions_total",
        Counter,
        "Writing transactions that were run, also refused ones.",
        figures.transactions,
    );
    page.single(
        "flexportal_store_commits_total",
        Counter,
        "Commits, each with one flush to disk.",
        figures.commits,
    );
    page.single(
        "flexportal_store_commit_seconds_total",
        Counter,
        "Time spent committing.",
        seconds(figures.commit_us),
    );
    page.single(
        "flexportal_store_slowest_commit_seconds",
        Gauge,
        "The slowest commit since the start.",
        seconds(figures.slowest_commit_us),
    );
    page.single(
        "flexportal_store_largest_group_transactions",
        Gauge,
        "Most transactions in one commit since the start.",
        figures.largest_group,
    );
    page.single(
        "flexportal_store_retries_total",
        Counter,
        "Runs of transactions lost against a concurrent one or with a connection, and done again.",
        figures.retries,
    );
    page.single(
        "flexportal_store_reconnects_total",
        Counter,
        "Database connections that were found broken.",
        figures.reconnects,
    );
    let name = "flexportal_store_turned_away_total";
    page.family(
        name,
        Counter,
        "Transactions that were not begun: too many of the tenant waited, time was up, the caller had left.",
    );
    for (reason, count) in [
        ("overloaded", figures.overloaded),
        ("late", figures.late),
        ("abandoned", figures.abandoned),
    ] {
        page.sample(name, &[("reason", reason)], count);
    }
    page.single(
        "flexportal_store_waiting_transactions",
        Gauge,
        "Transactions that wait for a connection or for the writer.",
        figures.waiting,
    );
    page.single(
        "flexportal_store_connections",
        Gauge,
        "Connections to PostgreSQL at this moment.",
        figures.connections,
    );
    page.single(
        "flexportal_store_running_transactions",
        Gauge,
        "Transactions that have a connection at this moment (PostgreSQL).",
        figures.running,
    );
}

fn the_process(page: &mut Page, metrics: &Metrics) {
    if let Ok(since) = metrics.started.duration_since(UNIX_EPOCH) {
        page.single(
            "process_start_time_seconds",
            Gauge,
            "Start of the process, since the Unix epoch.",
            since.as_secs_f64(),
        );
    }
    if let Some(bytes) = process::resident_memory_bytes() {
        page.single(
            "process_resident_memory_bytes",
            Gauge,
            "Resident memory.",
            bytes,
        );
    }
    if let Some(count) = process::open_fds() {
        page.single("process_open_fds", Gauge, "Open file descriptors.", count);
    }
    if let Some(count) = process::max_fds() {
        page.single(
            "process_max_fds",
            Gauge,
            "Most file descriptors it may open.",
            count,
        );
    }
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
