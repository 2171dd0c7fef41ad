//! Figures of the writer, for metrics and benchmarks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Totals since the store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Transactions run by the writer, also refused ones.
    pub transactions: u64,
    /// Commits, each with one flush to disk.
    pub commits: u64,
    /// Most transactions in one commit.
    pub largest_group: u64,
    /// Time spent committing, in microseconds.
    pub commit_us: u64,
    /// The slowest commit, in microseconds.
    pub slowest_commit_us: u64,
    /// Runs of transactions that were lost against a concurrent one, or with a connection, and done again.
    pub retries: u64,
    /// Connections that were found broken.
    pub reconnects: u64,
    /// Transactions turned away because too many of their tenant waited.
    pub overloaded: u64,
    /// Transactions that were not begun because their time was up.
    pub late: u64,
    /// Transactions that were not begun because their caller had left.
    pub abandoned: u64,
    /// PostgreSQL: connections open at this moment.
    pub connections: u64,
    /// Transactions waiting for a thread at this moment.
    pub waiting: u64,
    /// PostgreSQL: transactions that have a thread, and with it a connection, at this moment.
    pub running: u64,
}

/// Where the writer counts.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    transactions: AtomicU64,
    commits: AtomicU64,
    largest_group: AtomicU64,
    commit_us: AtomicU64,
    slowest_commit_us: AtomicU64,
    retries: AtomicU64,
    reconnects: AtomicU64,
    overloaded: AtomicU64,
    late: AtomicU64,
    abandoned: AtomicU64,
    connections: AtomicU64,
    running: AtomicU64,
}

/// Counts a transaction as long as it runs.
pub(crate) struct Running(Arc<Recorder>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
    }
}

/// Counts a connection as long as it is there.
pub(crate) struct Connected(Arc<Recorder>);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Relaxed);
    }
}

impl Recorder {
    pub(crate) fn committed(&self, transactions: usize, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let transactions = transactions as u64;
        self.transactions.fetch_add(transactions, Relaxed);
        self.commits.fetch_add(1, Relaxed);
        self.largest_group.fetch_max(transactions, Relaxed);
        self.commit_us.fetch_add(micros, Relaxed);
        self.slowest_commit_us.fetch_max(micros, Relaxed);
    }

    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn reconnected(&self) {
        self.reconnects.fetch_add(1, Relaxed);
    }

    pub(crate) fn overloaded(&self) {
        self.overloaded.fetch_add(1, Relaxed);
    }

    pub(crate) fn late(&self) {
        self.late.fetch_add(1, Relaxed);
    }

    pub(crate) fn abandoned(&self) {
        self.abandoned.fetch_add(1, Relaxed);
    }

    /// A transaction runs until what is given back is dropped.
    pub(crate) fn running(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Relaxed);
        Running(Arc::clone(self))
    }

    /// A connection is there until what is given back is dropped.
    pub(crate) fn connected(self: &Arc<Self>) -> Connected {
        self.connections.fetch_add(1, Relaxed);
        Connected(Arc::clone(self))
    }

    /// How many connections are there.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Relaxed)
    }

    pub(crate) fn read(&self, waiting: usize) -> Statistics {
        Statistics {
            transactions: self.transactions.load(Relaxed),
            commits: self.commits.load(Relaxed),
            largest_group: self.largest_group.load(Relaxed),
            commit_us: self.commit_us.load(Relaxed),
            slowest_commit_us: self.slowest_commit_us.load(Relaxed),
            retries: self.retries.load(Relaxed),
            reconnects: self.reconnects.load(Relaxed),
            overloaded: self.overloaded.load(Relaxed),
            late: self.late.load(Relaxed),
            abandoned: self.abandoned.load(Relaxed),
            connections: self.connections(),
            waiting: waiting as u64,
            running: self.running.load(Relaxed),
        }
    }
}
