//! How many requests a tenant may make in a minute, where its plan limits them: over all its keys and all processes.
//!
//! The count stands in the database, in a row for each tenant and minute, so that neither another process nor a
//! restart lets in one more. What waits at the same moment is counted together: a tenant has one transaction at a
//! time in a process, and no more than its limit in a minute, since a full minute is remembered.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use api::Denial;
use api::support::{Policy, Quota};
use store::Store;
use types::ErrorCode;

use crate::clock::Clock;
use crate::error::Error;
use crate::face::auth::not_in_time;
use crate::face::serve::Service;

/// What a tenant on the `starter` plan may do; the other plans have no limit.
static STARTER: Policy = Policy {
    name: "minute",
    limit: 100,
    window_seconds: 60,
};

/// Minutes behind the present one whose counts are kept, for processes whose clocks are behind.
const KEPT_MINUTES: i64 = 60;

/// The tenants that were counted lately.
#[derive(Default)]
pub(crate) struct Rates {
    tenants: Mutex<HashMap<Arc<str>, Arc<Counter>>>,
}

/// What a process knows of the requests of a tenant.
#[derive(Default)]
struct Counter {
    waiting: AtomicU32,
    minute: tokio::sync::Mutex<Minute>,
}

/// The minute that was counted last.
#[derive(Default)]
struct Minute {
    number: i64,
    /// Requests that were counted in all processes, as far as is known.
    counted: i64,
    /// Those of them that this process has counted and not let in yet.
    in_hand: u32,
}

impl Rates {
    /// Lets a request of a limited tenant in, or refuses it; in both cases with what is left.
    pub(crate) async fn count(
        &self,
        store: &Store,
        clock: &Clock,
        tenant: &Arc<str>,
    ) -> Result<Quota, Denial> {
        let counter = self.counter(tenant);
        let waiting = Waiting::behind(&counter.waiting);
        let mut minute = counter.minute.lock().await;
        // Before the next one has its turn, which counts those that still wait.
        drop(waiting);
        // Read in turn, so that it does not go back behind another request's.
        let now = clock.now();
        let window = i64::from(STARTER.window_seconds);
        let number = now.as_second().div_euclid(window);
        if number != minute.number {
            *minute = Minute {
                number,
                ..Minute::default()
            };
        }
        let limit = i64::from(STARTER.limit);
        if minute.in_hand == 0 && minute.counted < limit {
            // This one, and those behind it.
            let behind = counter.waiting.load(Ordering::Acquire);
            let wanted = behind.saturating_add(1).min(STARTER.limit);
            let id = Arc::clone(tenant);
            let before = store
                .write(move |tx| Ok::<_, Error>(store::rates::count(tx, &id, number, wanted)?))
                .await
                .map_err(|error| not_in_time(&error, "the requests of the tenant", "counted"))?;
            let granted = (limit - before).clamp(0, i64::from(wanted));
            minute.in_hand = u32::try_from(granted).unwrap_or_default();
            minute.counted = (before + i64::from(wanted)).min(limit);
        }
        let left = u32::try_from(limit - minute.counted).unwrap_or_default() + minute.in_hand;
        let ends_in = (number + 1) * window - now.as_second();
        let quota = Quota {
            policy: &STARTER,
            remaining: left.saturating_sub(1),
            reset_seconds: u32::try_from(ends_in).unwrap_or(1).max(1),
        };
        if minute.in_hand == 0 {
            let message = format!("the tenant may make {limit} requests a minute");
            let code = ErrorCode::RateLimited.as_str();
            let seconds = quota.reset_seconds.into();
            return Err(Denial::too_many_requests(code, message, seconds).with_quota(quota));
        }
        minute.in_hand -= 1;
        Ok(quota)
    }

    fn counter(&self, tenant: &Arc<str>) -> Arc<Counter> {
        let mut all = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(Arc::clone(tenant)).or_default())
    }
}

/// A request that waits for its turn. One that is given up waits no more.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn behind(count: &'a AtomicU32) -> Waiting<'a> {
        count.fetch_add(1, Ordering::AcqRel);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Forgets the counts of minutes that have long ended; how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn forget(service: &Service) -> Result<u64, Error> {
    let minute = service.clock().now().as_second().div_euclid(60) - KEPT_MINUTES;
    service
        .store()
        .write(move |tx| Ok(store::rates::forget(tx, minute)?))
        .await
}
