//! How many requests of a tenant are under way at once. A tenant that sends more is asked to wait, before the
//! body is read: what it holds in memory is bounded, and others find threads and connections.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// Far more than a program sends at once, far less than what fills the memory.
const USUAL: usize = 128;

/// The requests of all tenants.
#[derive(Debug)]
pub(crate) struct Running {
    most: AtomicUsize,
    tenants: Mutex<HashMap<Arc<str>, Arc<AtomicUsize>>>,
}

/// The requests of one tenant, by whatever key.
pub(crate) type Count = Arc<AtomicUsize>;

/// One request that is under way, from its admission to the end of all that works on it. What is done beside
/// (a clone) counts as well.
#[derive(Debug)]
pub(crate) struct Place(Count);

impl Default for Running {
    fn default() -> Self {
        Self {
            most: AtomicUsize::new(USUAL),
            tenants: Mutex::default(),
        }
    }
}

impl Running {
    /// Allows each tenant so many.
    pub(crate) fn limit(&self, most: usize) {
        self.most.store(most, Relaxed);
    }

    /// Those of a tenant.
    pub(crate) fn of(&self, tenant: &Arc<str>) -> Count {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tenants.entry(Arc::clone(tenant)).or_default())
    }

    /// A place for one more, if there is one.
    pub(crate) fn enter(&self, count: &Count) -> Option<Place> {
        let most = self.most.load(Relaxed);
        let more = |running: usize| (running < most).then_some(running + 1);
        count.fetch_update(Relaxed, Relaxed, more).ok()?;
        Some(Place(Arc::clone(count)))
    }
}

impl Clone for Place {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Relaxed);
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_by_tenant_and_free_again() {
        let running = Running::default();
        running.limit(2);
        let (one, other) = (running.of(&"one".into()), running.of(&"other".into()));
        let first = running.enter(&one).expect("a place");
        let second = running.enter(&running.of(&"one".into())).expect("a place");
        assert!(running.enter(&one).is_none(), "both are taken");
        assert!(running.enter(&other).is_some(), "others have their own");
        drop(second);
        let beside = first.clone();
        assert!(running.enter(&one).is_none(), "what is done beside counts");
        drop((first, beside));
        assert_eq!(one.load(Relaxed), 0);
    }
}
