//! How many requests of a tenant are under way at once. A tenant that sends more is asked to wait, before the
//! body is read: what it holds in memory is bounded, and others find threads and connections.
//!
//! Requests that take long are counted once more, and wait for each other: few of a tenant run at a time, and only
//! as many as leave a processor to the others while there are others. Which they are is known from the bodies that
//! they announce, and from the time that operations of the tenant took lately.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api::Operation;
use tokio::sync::oneshot;

/// Far more than a program sends at once, far less than what fills the memory.
const USUAL: usize = 128;
/// Bodies from this size on take long to read and to understand.
pub(crate) const LARGE_BYTES: u64 = 64 * 1024;
/// How long the presence of a tenant matters to the others.
const PRESENCE: Duration = Duration::from_secs(1);
/// A request that has been under way for so long is held up by its client, or by the database: others of its tenant
/// need not wait for it.
const HELD_UP: Duration = Duration::from_secs(2);
/// Most requests of a tenant that take long while it is alone.
const LONG_IN_ALL: usize = 16;
/// How long a request waits for those before it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks whether one of them is held up.
const LOOK: Duration = Duration::from_millis(250);

/// Operations, by number.
const OPERATIONS: usize = Operation::ALL.len();

/// The requests of all tenants.
#[derive(Debug)]
pub(crate) struct Running {
    shared: Arc<Shared>,
    tenants: Mutex<HashMap<Arc<str>, Count>>,
}

/// What holds for all tenants.
#[derive(Debug)]
struct Shared {
    most: AtomicUsize,
    /// Most requests of a tenant that take long, while it is alone.
    long_alone: usize,
    /// The same, beside others.
    long_beside: AtomicUsize,
    /// What an operation takes that takes long, in nanoseconds.
    long: u64,
    start: Instant,
    /// Number of the tenant that came last.
    last: AtomicUsize,
    /// When another one than before came last, in nanoseconds from the start; 0: never.
    changed: AtomicU64,
}

/// The requests of one tenant, by whatever key.
#[derive(Debug)]
pub(crate) struct Requests {
    shared: Arc<Shared>,
    number: usize,
    running: AtomicUsize,
    /// What each operation took lately, in nanoseconds.
    took: [AtomicU64; OPERATIONS],
    long: Mutex<Long>,
}

pub(crate) type Count = Arc<Requests>;

/// Those that take long.
#[derive(Debug, Default)]
struct Long {
    /// Since when, by number.
    running: Vec<(u64, Instant)>,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    next: u64,
}

/// One request that is under way, from its admission to the end of all that works on it.
#[derive(Debug)]
pub(crate) struct Place {
    requests: Count,
    operation: Operation,
}

/// The turn of a request that takes long.
#[derive(Debug)]
pub(crate) struct Turn {
    requests: Count,
    number: u64,
}

/// It has waited for long enough.
#[derive(Debug)]
pub(crate) struct Impatient;

impl Default for Running {
    fn default() -> Self {
        Self::new(Duration::from_millis(1))
    }
}

impl Running {
    /// `long`: what an operation takes of the database that takes long.
    pub(crate) fn new(long: Duration) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            shared: Arc::new(Shared {
                most: AtomicUsize::new(USUAL),
                long_alone: (4 * processors).min(LONG_IN_ALL),
                long_beside: AtomicUsize::new((processors - 1).clamp(1, LONG_IN_ALL)),
                long: nanos(long),
                start: Instant::now(),
                last: AtomicUsize::new(usize::MAX),
                changed: AtomicU64::new(0),
            }),
            tenants: Mutex::default(),
        }
    }

    /// Allows each tenant so many.
    pub(crate) fn limit(&self, most: usize) {
        self.shared.most.store(most, Relaxed);
    }

    /// Allows each tenant so many that take long, beside others.
    pub(crate) fn limit_long(&self, most: usize) {
        self.shared.long_beside.store(most.max(1), Relaxed);
    }

    /// Those of a tenant.
    pub(crate) fn of(&self, tenant: &Arc<str>) -> Count {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let number = tenants.len();
        let requests = tenants.entry(Arc::clone(tenant)).or_insert_with(|| {
            Arc::new(Requests {
                shared: Arc::clone(&self.shared),
                number,
                running: AtomicUsize::new(0),
                took: std::array::from_fn(|_| AtomicU64::new(0)),
                long: Mutex::default(),
            })
        });
        Arc::clone(requests)
    }
}

impl Shared {
    /// A tenant has come. That it is the same as the last time is what nearly all find.
    fn came(&self, number: usize) {
        if self.last.load(Relaxed) != number && self.last.swap(number, Relaxed) != usize::MAX {
            self.changed.store(nanos(self.start.elapsed()), Relaxed);
        }
    }

    /// Most requests of a tenant that take long.
    fn most_long(&self) -> usize {
        let changed = self.changed.load(Relaxed);
        let since = nanos(self.start.elapsed()).saturating_sub(changed);
        let beside = self.long_beside.load(Relaxed);
        match changed > 0 && since < nanos(PRESENCE) {
            true => beside,
            false => self.long_alone.max(beside),
        }
    }
}

impl Requests {
    /// A place for one more, if there is one.
    pub(crate) fn enter(self: &Arc<Self>, operation: Operation) -> Option<Place> {
        self.shared.came(self.number);
        let most = self.shared.most.load(Relaxed);
        let more = |running: usize| (running < most).then_some(running + 1);
        self.running.fetch_update(Relaxed, Relaxed, more).ok()?;
        Some(Place {
            requests: Arc::clone(self),
            operation,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Long> {
        self.long.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets in whoever has waited longest, as long as there is room.
    fn let_in(self: &Arc<Self>) {
        let most = self.shared.most_long();
        loop {
            let mut long = self.lock();
            if !long.has_room(most) {
                return;
            }
            let Some(first) = long.waiting.pop_front() else {
                return;
            };
            let turn = self.turn(&mut long);
            drop(long);
            // One that has left gives its turn back at once.
            let _ = first.send(turn);
        }
    }

    fn turn(self: &Arc<Self>, long: &mut Long) -> Turn {
        let number = long.next;
        long.next += 1;
        long.running.push((number, Instant::now()));
        Turn {
            requests: Arc::clone(self),
            number,
        }
    }

    /// Waits for the turn of a request that takes long.
    async fn wait(self: &Arc<Self>) -> Result<Turn, Impatient> {
        let mut granted = {
            let mut long = self.lock();
            if long.waiting.is_empty() && long.has_room(self.shared.most_long()) {
                return Ok(self.turn(&mut long));
            }
            let (sender, granted) = oneshot::channel();
            long.waiting.push_back(sender);
            granted
        };
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Ok(turn) = tokio::time::timeout(LOOK, &mut granted).await {
                return turn.map_err(|_| Impatient);
            }
            self.let_in();
        }
        Err(Impatient)
    }
}

impl Long {
    fn has_room(&self, most: usize) -> bool {
        let moving = self.running.iter().filter(|it| it.1.elapsed() < HELD_UP);
        self.running.len() < LONG_IN_ALL.max(most) && moving.count() < most
    }
}

impl Place {
    /// The turn that the request needs, if it takes long. `large`: its body is, or may be.
    pub(crate) async fn turn(&self, large: bool) -> Result<Option<Turn>, Impatient> {
        let took = self.requests.took[self.operation as usize].load(Relaxed);
        if !large && took < self.requests.shared.long {
            return Ok(None);
        }
        self.requests.wait().await.map(Some)
    }

    /// A transaction of the request took so long.
    pub(crate) fn took(&self, time: Duration) {
        let took = &self.requests.took[self.operation as usize];
        let (before, time) = (took.load(Relaxed), nanos(time));
        // One that is lost to another thread is as good as one that did not happen.
        took.store(before - before / 8 + time / 8, Relaxed);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.requests.running.fetch_sub(1, Relaxed);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let number = self.number;
        self.requests.lock().running.retain(|it| it.0 != number);
        self.requests.let_in();
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const READ: Operation = Operation::ListOrders;

    #[test]
    fn places_are_bounded_by_tenant_and_free_again() {
        let running = Running::default();
        running.limit(2);
        let (one, other) = (running.of(&"one".into()), running.of(&"other".into()));
        let first = one.enter(READ).expect("a place");
        let second = running.of(&"one".into()).enter(READ).expect("a place");
        assert!(one.enter(READ).is_none(), "both are taken");
        assert!(other.enter(READ).is_some(), "others have their own");
        drop((first, second));
        assert_eq!(one.running.load(Relaxed), 0);
    }

    fn now<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    /// However slow this machine is, the other tenant is still there, and none of these is held up.
    fn stop_time(requests: &Requests) {
        requests.shared.changed.store(u64::MAX, Relaxed);
        for (_, since) in &mut requests.lock().running {
            *since = Instant::now() + Duration::from_secs(3_600);
        }
    }

    #[tokio::test]
    async fn few_that_take_long_run_beside_others_and_in_their_order() {
        let running = Running::default();
        let one = running.of(&"one".into());
        let place = one.enter(READ).expect("a place");
        let alone = running.shared.long_alone;
        let turns: Vec<_> = (0..alone)
            .map(|_| now(pin!(place.turn(true))).expect("alone it has many"))
            .collect();
        drop(turns);
        // Now there is another tenant.
        let _other = running.of(&"other".into()).enter(READ);
        assert_ne!(running.shared.changed.load(Relaxed), 0);
        stop_time(&one);
        let mut turns: Vec<_> = (0..running.shared.long_beside.load(Relaxed))
            .map(|_| now(pin!(place.turn(true))).expect("there is room"))
            .collect();
        stop_time(&one);
        let mut next = pin!(place.turn(true));
        let mut last = pin!(place.turn(true));
        assert!(now(next.as_mut()).is_none() && now(last.as_mut()).is_none());
        turns.pop();
        stop_time(&one);
        assert!(now(last.as_mut()).is_none(), "one came before");
        let turn = now(next.as_mut()).expect("it was next").expect("in time");
        drop(turn);
        assert!(now(last.as_mut()).is_some());
    }

    #[tokio::test]
    async fn one_that_leaves_gives_its_turn_to_the_next() {
        let running = Running::default();
        let one = running.of(&"one".into());
        let _other = running.of(&"other".into()).enter(READ);
        let place = one.enter(READ).expect("a place");
        stop_time(&one);
        let turns: Vec<_> = (0..running.shared.long_beside.load(Relaxed))
            .map(|_| now(pin!(place.turn(true))))
            .collect();
        stop_time(&one);
        let mut left = Box::pin(place.turn(true));
        assert!(now(left.as_mut()).is_none());
        let mut last = pin!(place.turn(true));
        assert!(now(last.as_mut()).is_none());
        drop(left);
        drop(turns);
        assert!(now(last.as_mut()).is_some());
        // Also one that leaves when its turn has come already.
        let turn = now(pin!(place.turn(true)));
        stop_time(&one);
        let mut left = Box::pin(place.turn(true));
        assert!(now(left.as_mut()).is_none());
        drop(turn);
        drop(left);
        assert!(one.lock().running.is_empty());
    }

    #[tokio::test]
    async fn what_took_long_lately_takes_a_turn() {
        let running = Running::default();
        let place = running.of(&"one".into()).enter(READ).expect("a place");
        let turn = place.turn(false).await.expect("at once");
        assert!(turn.is_none(), "nothing is known of it");
        for _ in 0..3 {
            place.took(Duration::from_millis(20));
        }
        assert!(place.turn(false).await.expect("at once").is_some());
        for _ in 0..100 {
            place.took(Duration::from_micros(100));
        }
        assert!(place.turn(false).await.expect("at once").is_none());
    }
}
