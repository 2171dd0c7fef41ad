//! What `/metrics` says of the product, beside requests and process.

use contract_serve::host::Figures;
use contract_serve::host::Kind::{Counter, Gauge};
use service::Service;

/// The store, violations of the contract, and the version.
pub(crate) fn render(figures: &mut Figures, service: &Service) {
    store(figures, &service.store().statistics());
    figures.single(
        "flexportal_answer_violations_total",
        Counter,
        "Answers that violated the contract (always 0 without --check-answers).",
        service.answer_violations(),
    );
    figures.family(
        "flexportal_build_info",
        Gauge,
        "Always 1; the version is in the label.",
    );
    let version = env!("CARGO_PKG_VERSION");
    figures.sample("flexportal_build_info", &[("version", version)], 1);
}

fn store(figures: &mut Figures, store: &store::Statistics) {
    figures.single(
        "flexportal_store_transactions_total",
        Counter,
        "Writing transactions that were run, also refused ones.",
        store.transactions,
    );
    figures.single(
        "flexportal_store_commits_total",
        Counter,
        "Commits, each with one flush to disk.",
        store.commits,
    );
    figures.single(
        "flexportal_store_commit_seconds_total",
        Counter,
        "Time spent committing.",
        seconds(store.commit_us),
    );
    figures.single(
        "flexportal_store_slowest_commit_seconds",
        Gauge,
        "The slowest commit since the start.",
        seconds(store.slowest_commit_us),
    );
    figures.single(
        "flexportal_store_largest_group_transactions",
        Gauge,
        "Most transactions in one commit since the start.",
        store.largest_group,
    );
    figures.single(
        "flexportal_store_retries_total",
        Counter,
        "Runs of transactions lost against a concurrent one or with a connection, and done again.",
        store.retries,
    );
    figures.single(
        "flexportal_store_reconnects_total",
        Counter,
        "Database connections that were found broken.",
        store.reconnects,
    );
    let name = "flexportal_store_turned_away_total";
    figures.family(
        name,
        Counter,
        "Transactions that were not begun: too many of the tenant waited, time was up, the caller had left.",
    );
    for (reason, count) in [
        ("overloaded", store.overloaded),
        ("late", store.late),
        ("abandoned", store.abandoned),
    ] {
        figures.sample(name, &[("reason", reason)], count);
    }
    figures.single(
        "flexportal_store_waiting_transactions",
        Gauge,
        "Transactions that wait for a connection or for the writer.",
        store.waiting,
    );
    figures.single(
        "flexportal_store_connections",
        Gauge,
        "Connections to PostgreSQL at this moment.",
        store.connections,
    );
    figures.single(
        "flexportal_store_running_transactions",
        Gauge,
        "Transactions that have a connection at this moment (PostgreSQL).",
        store.running,
    );
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
