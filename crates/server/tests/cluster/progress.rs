//! When which server acknowledged changes, and what it answered instead.

use std::fmt;
use std::time::{Duration, Instant};

/// What has happened so far, by server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    /// When changes were acknowledged.
    pub(crate) acknowledged: [Vec<Instant>; 2],
    /// Answers with status 503: nothing was changed.
    pub(crate) refused: usize,
    /// Answers with another status of the server's fault: it may have been changed.
    pub(crate) unknown: usize,
}

/// What came of a fault.
pub(crate) struct Since {
    /// Longest time without an acknowledged change, by either server and by each.
    silence: Duration,
    of_each: [Duration; 2],
    refused: usize,
    unknown: usize,
}

impl Progress {
    /// What has happened since `started`, when it was `before`.
    pub(crate) fn since(&self, before: &Progress, started: Instant) -> Since {
        let [one, other] = &self.acknowledged;
        let all = one.iter().chain(other).copied().collect();
        Since {
            silence: longest_silence(all, started),
            of_each: self
                .acknowledged
                .clone()
                .map(|it| longest_silence(it, started)),
            refused: self.refused - before.refused,
            unknown: self.unknown - before.unknown,
        }
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = self.of_each;
        write!(
            f,
            "no write acknowledged for {:.2} s (server 1: {:.2} s, server 2: {:.2} s), {} answers 503, {} answers 500",
            self.silence.as_secs_f64(),
            one.as_secs_f64(),
            other.as_secs_f64(),
            self.refused,
            self.unknown
        )
    }
}

fn longest_silence(mut times: Vec<Instant>, started: Instant) -> Duration {
    times.retain(|time| *time > started);
    times.sort_unstable();
    let mut last = started;
    let mut longest = Duration::ZERO;
    for time in times {
        longest = longest.max(time - last);
        last = time;
    }
    longest
}
