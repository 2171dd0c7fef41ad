//! When a refused request is sent again.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// When and how often a request is sent again that was refused with 429 or 503, or got no answer.
///
/// The wait is what `Retry-After` says, in seconds or as a date. Without it, waits are 0.5 s, 1 s, 2 s and so on.
///
/// | What happened | Sent again |
/// |---|---|
/// | 429, 503 with `Retry-After` | always |
/// | no connection: refused, or not there in time | always, nothing was sent |
/// | 503 without it; the connection broke, or the answer took too long | where a repeat does no harm |
///
/// A repeat does no harm if the method is idempotent (RFC 9110, section 9.2.2) or the request has an
/// `Idempotency-Key`, which every operation that takes one gets by itself: all tries of a call have the same. A request
/// whose body is a stream is never sent again.
#[derive(Clone)]
pub struct RetryPolicy {
    attempts: u32,
    total_wait: Duration,
    sleeper: Arc<dyn Sleeper>,
}

/// Waits between attempts. The default is tokio's clock; tests bring their own.
pub trait Sleeper: Send + Sync {
    /// Returns once `duration` has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

struct Tokio;

impl Sleeper for Tokio {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

impl Default for RetryPolicy {
    /// Four attempts that wait 60 seconds altogether, the usual window of a rate limit.
    fn default() -> Self {
        RetryPolicy {
            attempts: 4,
            total_wait: Duration::from_secs(60),
            sleeper: Arc::new(Tokio),
        }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("total_wait", &self.total_wait)
            .finish_non_exhaustive()
    }
}

impl RetryPolicy {
    /// Every request is sent once.
    pub fn none() -> Self {
        RetryPolicy::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long one call waits at most, all its waits together. A server that asks for more is not
    /// asked again.
    pub fn total_wait(mut self, limit: Duration) -> Self {
        self.total_wait = limit;
        self
    }

    /// Waits by another clock.
    pub fn sleeper(mut self, sleeper: Arc<dyn Sleeper>) -> Self {
        self.sleeper = sleeper;
        self
    }

    pub(super) async fn sleep(&self, duration: Duration) {
        self.sleeper.sleep(duration).await;
    }

    /// How long to wait before the attempt after `attempt`; `None`: this answer is final. `repeats`: one more
    /// request like this does no harm.
    pub(super) fn wait(
        &self,
        repeats: bool,
        status: StatusCode,
        headers: &HeaderMap,
        attempt: u32,
        waited: Duration,
    ) -> Option<Duration> {
        let busy = matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        );
        if !busy || attempt >= self.attempts {
            return None;
        }
        let wait = match headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
        {
            Some(text) => asked_for(text, headers)?,
            None if status == StatusCode::SERVICE_UNAVAILABLE && !repeats => return None,
            None => step(attempt),
        };
        (waited.saturating_add(wait) <= self.total_wait).then_some(wait)
    }

    /// [`RetryPolicy::wait`] after no answer, for a request that may be repeated all the same.
    pub(super) fn wait_unanswered(&self, attempt: u32, waited: Duration) -> Option<Duration> {
        let wait = step(attempt);
        let again = attempt < self.attempts && waited.saturating_add(wait) <= self.total_wait;
        again.then_some(wait)
    }
}

fn step(attempt: u32) -> Duration {
    Duration::from_millis(500).saturating_mul(1 << (attempt - 1).min(16))
}

/// The wait that `Retry-After` asks for. A date counts from the server's own clock if it sent it.
fn asked_for(text: &str, headers: &HeaderMap) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let until = http_date(text)?;
    let now = headers
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(http_date);
    let now = now.or_else(|| {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .map(|since| since.as_secs())
    })?;
    Some(Duration::from_secs(until.saturating_sub(now)))
}

/// Seconds since 1970 of an HTTP date in any of the three forms of RFC 9110, 5.6.7.
fn http_date(text: &str) -> Option<u64> {
    let words: Vec<&str> = text
        .split([' ', ',', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let (day, month, year, time) = match words.as_slice() {
        // Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, time, "GMT"] => (*day, *month, *year, *time),
        // Sun Nov  6 08:49:37 1994
        [_, month, day, time, year] => (*day, *month, *year, *time),
        _ => return None,
    };
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let day: u64 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let year = match (year.len(), year.parse::<u64>().ok()?) {
        (2, short) if short < 70 => 2000 + short,
        (2, short) => 1900 + short,
        (4, year) if year >= 1970 => year,
        _ => return None,
    };
    let mut clock = time.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days since 1970 in the proleptic Gregorian calendar, with years that begin in March.
    let shifted = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}
