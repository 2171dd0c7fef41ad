//! What the shoppers saw.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many troubles are told in words.
const TOLD: usize = 20;

/// Counts requests and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Tally {
    requests: AtomicUsize,
    wrong: AtomicUsize,
    latencies: Mutex<Vec<f64>>,
}

impl Tally {
    /// An answer arrived.
    pub(super) fn answered(&self, took: Duration) {
        self.requests.fetch_add(1, Relaxed);
        lock(&self.latencies).push(took.as_secs_f64() * 1e3);
    }

    /// An answer was none that may be, or there was none. The first ones are told at once.
    pub(super) fn trouble(&self, what: &str) {
        let before = self.wrong.fetch_add(1, Relaxed);
        if before < TOLD {
            eprintln!("  {what}");
        }
    }

    /// Latencies in milliseconds since the last call, ascending.
    pub(super) fn take_latencies(&self) -> Vec<f64> {
        let mut latencies = std::mem::take(&mut *lock(&self.latencies));
        latencies.sort_by(f64::total_cmp);
        latencies
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    pub(super) fn wrong(&self) -> usize {
        self.wrong.load(Relaxed)
    }

    pub(super) fn summary(&self) -> String {
        format!("{} requests, {} wrong", self.requests(), self.wrong())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
