//! Small measuring tools.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// The middle of a list of numbers.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The value that `share` (0–1) of an ascending list does not exceed.
pub(crate) fn percentile(ascending: &[f64], share: f64) -> f64 {
    let last = ascending.len().saturating_sub(1);
    let index = (last as f64 * share) as usize;
    ascending.get(index).copied().unwrap_or_default()
}

/// Median time of writing a page and flushing it, in milliseconds.
pub(crate) fn flush_ms(folder: &Path) -> f64 {
    let path = folder.join("flush");
    let mut file = std::fs::File::create(&path).expect("a file");
    let times = (0..200).map(|_| {
        file.write_all(&[7; 4096]).expect("written");
        let started = Instant::now();
        file.sync_data().expect("flushed");
        started.elapsed().as_secs_f64() * 1e3
    });
    let median = median(times.collect());
    let _ = std::fs::remove_file(path);
    median
}

/// Different numbers below `limit` in an order without pattern, the same in every run.
pub(crate) fn scattered(limit: u64, seed: u64) -> impl Iterator<Item = u64> {
    // A step that shares no factor with the limit visits every number once.
    let mut step = (limit as f64 * 0.618_033_988_75) as u64 | 1;
    while gcd(step, limit) != 1 {
        step += 2;
    }
    (0..limit).map(move |index| (seed + index * step) % limit)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Sums up answers of several workers.
pub(crate) fn outcome(
    mut latencies: Vec<Duration>,
    other: usize,
    elapsed: Duration,
) -> crate::load::Outcome {
    latencies.sort_unstable();
    crate::load::Outcome {
        succeeded: latencies.len() - other,
        other,
        elapsed,
        latencies,
    }
}
