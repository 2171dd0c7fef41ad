//! The queue between callers and the threads that own connections, fair between tenants.
//!
//! Each tenant waits in a line of its own, and a thread that is free takes from the line of the tenant that has
//! the fewest transactions running; among equals, that has had the least time. So whatever one tenant asks for,
//! another one is next. What takes long cannot be interrupted for that, hence the shares: no tenant has all threads
//! at once. One that has been alone for a while has all but one, with which whoever comes next begins. Administration,
//! which works for no tenant, has a line like a tenant, and no share.
//!
//! Time counts as in start-time fair queueing: who comes back after a pause starts where the others are, so that a
//! pause is not saved up; who took more than the others owes it while they want theirs.
//!
//! Where one thread serves all, whoever comes while it is busy waits. So a tenant with transactions that take long has
//! to leave it free for some time after each, while others are there.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a thread is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// What waits for no lock.
    Read,
    /// What may wait for locks.
    Write,
    /// Changes that stand alone, several of which become one statement.
    Together,
}

const LANES: usize = 3;

/// How many may run, and wait, at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// By [`Lane`].
    pub(crate) lanes: [usize; LANES],
    /// Of one tenant beside others.
    pub(crate) share: Share,
    /// Of a tenant that is alone.
    pub(crate) alone: Share,
    /// Of one tenant that wait.
    pub(crate) waiting: usize,
}

/// How many of one tenant may run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    /// By [`Lane`].
    pub(crate) lanes: [usize; LANES],
    /// In all lanes.
    pub(crate) all: usize,
}

impl Limits {
    /// Of so many threads that do anything, of which a tenant may have a share, in percent. A quarter of them is
    /// kept from writes, which wait for locks: for reads, and readiness.
    pub(crate) fn shared(threads: usize, together: usize, share: usize, waiting: usize) -> Self {
        let writes = (threads - threads.div_ceil(4)).max(1);
        let part = |of: usize| (of * share / 100).clamp(1, of);
        // A share of everything is one that was asked for.
        let but_one = |of: usize| part(of).max(of - 1);
        Self {
            lanes: [threads, writes, together],
            share: Share {
                lanes: [threads, part(writes), together],
                all: part(threads),
            },
            alone: Share {
                lanes: [threads, but_one(writes), together],
                all: but_one(threads),
            },
            waiting,
        }
    }

    /// Of one thread, which is everybody's in turn.
    pub(crate) fn single(waiting: usize) -> Self {
        let one = Share {
            lanes: [1; LANES],
            all: 1,
        };
        Self {
            lanes: one.lanes,
            share: one,
            alone: one,
            waiting,
        }
    }
}

/// Many producers, one or several consumers, closable. A consumer sees everything pushed before `close`.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    work: Condvar,
    limits: Limits,
}

/// Why an item was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The queue is closed.
    Closed,
    /// Too many of this tenant wait.
    Full,
}

/// What a consumer holds while it works on an item, and gives back when it asks for the next one.
#[derive(Debug)]
#[must_use = "a turn that is not given back is never over"]
pub(crate) struct Turn {
    line: usize,
    lane: Lane,
    since: Instant,
    number: u64,
    /// What transactions took that took long.
    long: Duration,
}

impl Turn {
    /// A transaction took so long that others must not meet one such after the other.
    pub(crate) fn took_long(&mut self, time: Duration) {
        self.long += time;
    }

    /// What happened before `at` is not the tenant's affair.
    pub(crate) fn began(&mut self, at: Instant) {
        self.since = self.since.max(at);
    }
}

struct State<T> {
    /// The first is administration's.
    lines: Vec<Line<T>>,
    index: HashMap<Arc<str>, usize>,
    running: [usize; LANES],
    waiting: usize,
    /// Consumers that wait for work.
    idle: usize,
    /// Numbers items, so that a tenant's are served in their order.
    next: u64,
    /// Where a tenant starts that has nothing running or waiting: at the time of the last one served.
    now: u64,
    /// The tenant that came last.
    latest: Option<usize>,
    /// When last a tenant came that was another one than the one before.
    mixed: Option<Instant>,
    closed: bool,
}

/// One tenant, or administration.
struct Line<T> {
    tenant: Option<Arc<str>>,
    waiting: [VecDeque<Waiting<T>>; LANES],
    running: [usize; LANES],
    /// Nanoseconds it was served, from a start of its own.
    served: u64,
    /// Nothing of it is taken before.
    rests_until: Option<Instant>,
}

struct Waiting<T> {
    item: T,
    number: u64,
}

const ADMINISTRATION: usize = 0;

/// So many lines are kept, also when nobody stands in them.
const KEPT: usize = 64;

/// How long nobody else must have come for a tenant to be alone: it then has what others may want the next moment.
const ALONE: Duration = Duration::from_secs(60);

/// How long the presence of a tenant matters to those with transactions that take long.
const PRESENCE: Duration = Duration::from_secs(1);

/// How many times as long as those took they leave the thread to the others: who comes then meets one of them once in
/// seven times.
const REST: u32 = 6;
/// Nobody rests longer, whatever it took.
const LONGEST_REST: Duration = Duration::from_millis(50);

/// A consumer looks around from time to time, although everything wakes it.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

impl<T> Queue<T> {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            state: Mutex::new(State {
                lines: vec![Line::new(None)],
                index: HashMap::new(),
                running: [0; LANES],
                waiting: 0,
                idle: 0,
                next: 0,
                now: 0,
                latest: None,
                mixed: None,
                closed: false,
            }),
            work: Condvar::new(),
            limits,
        }
    }

    /// Puts an item at the end of its tenant's line; without a tenant, of administration's.
    pub(crate) fn push(
        &self,
        tenant: Option<&Arc<str>>,
        lane: Lane,
        item: T,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.closed {
            return Err(Refused::Closed);
        }
        let line = state.line_of(tenant);
        if state.lines[line].waiting() >= self.limits.waiting {
            return Err(Refused::Full);
        }
        if state.lines[line].is_empty() {
            state.start(line);
        }
        state.came(line);
        let number = state.next;
        state.next += 1;
        state.waiting += 1;
        state.lines[line].waiting[lane as usize].push_back(Waiting { item, number });
        self.wake(state);
        Ok(())
    }

    /// Gives back the turn that is over, and waits for the next item that may be taken; `None` once the queue is
    /// closed and empty.
    pub(crate) fn take(&self, over: Option<Turn>) -> Option<(T, Turn)> {
        let mut state = self.lock();
        if let Some(turn) = over {
            state.end(&turn);
        }
        loop {
            if let Some(taken) = state.pick(&self.limits) {
                if state.closed && state.waiting == 0 {
                    // Those that wait for what they may not take have to learn that it is gone.
                    self.work.notify_all();
                } else if state.idle > 0 && state.next_line(&self.limits).is_some() {
                    // The turn that ended made room for more than what was taken.
                    self.work.notify_one();
                }
                return Some(taken);
            }
            if state.closed && state.waiting == 0 {
                return None;
            }
            state.idle += 1;
            let rest = state.end_of_rest().unwrap_or(LONGEST_WAIT);
            let waited = self.work.wait_timeout(state, rest);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
        }
    }

    /// As [`Queue::take`], for the only consumer: does not wait.
    pub(crate) fn take_waiting(&self, over: &Turn) -> Option<(T, Turn)> {
        let mut state = self.lock();
        state.end(over);
        state.pick(&self.limits)
    }

    /// For the only consumer: what else waits in the line and lane of this turn, up to `limit`, unless others wait,
    /// too; and how many wait then.
    pub(crate) fn take_rest(&self, turn: &Turn, limit: usize) -> (VecDeque<T>, usize) {
        let mut state = self.lock();
        let all = match state.others_came() {
            false => state.waiting,
            true => usize::MAX,
        };
        let waiting = &mut state.lines[turn.line].waiting[turn.lane as usize];
        let count = match waiting.len() {
            own if own == all => own.min(limit),
            _ => 0,
        };
        let taken = waiting.drain(..count).map(|it| it.item).collect();
        state.waiting -= count;
        (taken, state.waiting)
    }

    /// Takes those of the same tenant and lane that are wanted, up to `limit`, without waiting for any: they share
    /// the turn.
    pub(crate) fn take_along(
        &self,
        turn: &Turn,
        limit: usize,
        wanted: impl Fn(&T) -> bool,
    ) -> Vec<T> {
        let mut state = self.lock();
        let mut taken = Vec::new();
        let waiting = &mut state.lines[turn.line].waiting[turn.lane as usize];
        let mut index = 0;
        while index < waiting.len() && taken.len() < limit {
            if wanted(&waiting[index].item) {
                taken.extend(waiting.remove(index).map(|it| it.item));
            } else {
                index += 1;
            }
        }
        state.waiting -= taken.len();
        if state.closed && state.waiting == 0 {
            self.work.notify_all();
        }
        taken
    }

    /// Gives back the turn and what was not done in it: items are put where they were taken from, in their order;
    /// also when the queue was closed since.
    pub(crate) fn put_back<I>(&self, turn: &Turn, items: I)
    where
        I: IntoIterator<Item = T, IntoIter: DoubleEndedIterator + ExactSizeIterator>,
    {
        let items = items.into_iter();
        let mut state = self.lock();
        state.end(turn);
        let number = turn.number;
        state.waiting += items.len();
        let waiting = &mut state.lines[turn.line].waiting[turn.lane as usize];
        for item in items.rev() {
            waiting.push_front(Waiting { item, number });
        }
        self.wake(state);
    }

    /// Refuses further items and wakes every consumer.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// How many items wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().waiting
    }

    /// Wakes a consumer, if one waits and there is something that it may take.
    fn wake(&self, state: MutexGuard<'_, State<T>>) {
        let wanted = state.idle > 0
            && (state.next_line(&self.limits).is_some() || state.end_of_rest().is_some());
        drop(state);
        if wanted {
            self.work.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code that can panic runs under the lock, so a poisoned state is still a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// Where the tenant's line is; a new one takes the place of one in which nobody stands, once there are many.
    fn line_of(&mut self, tenant: Option<&Arc<str>>) -> usize {
        let Some(tenant) = tenant else {
            return ADMINISTRATION;
        };
        if let Some(line) = self.index.get(tenant) {
            return *line;
        }
        let now = self.now;
        let free = |line: &Line<T>| line.is_empty() && line.served <= now;
        let reused = match self.lines.len() {
            ..KEPT => None,
            _ => self.lines.iter().skip(1).position(free).map(|it| it + 1),
        };
        let line = Line::new(Some(Arc::clone(tenant)));
        let place = reused.unwrap_or(self.lines.len());
        match self.lines.get_mut(place) {
            Some(old) => {
                let left = std::mem::replace(old, line).tenant;
                left.map(|left| self.index.remove(&left));
            }
            None => self.lines.push(line),
        }
        self.index.insert(Arc::clone(tenant), place);
        place
    }

    /// Nobody stands in this line: it starts where the others are.
    fn start(&mut self, line: usize) {
        if self.waiting == 0 && self.running == [0; LANES] {
            // Nobody is there to whom anybody could owe anything.
            let latest = self.lines.iter().map(|it| it.served).max();
            self.now = latest.unwrap_or(0);
        }
        self.lines[line].served = self.lines[line].served.max(self.now);
    }

    fn came(&mut self, line: usize) {
        if line != ADMINISTRATION && self.latest != Some(line) {
            if self.latest.is_some() {
                self.mixed = Some(Instant::now());
            }
            self.latest = Some(line);
        }
    }

    /// Whether several tenants are there, or were a moment ago.
    fn others_came(&self) -> bool {
        self.mixed.is_some_and(|at| at.elapsed() < PRESENCE)
    }

    /// Whether only one tenant is there, and was for a while.
    fn is_lone(&self) -> bool {
        let mut there = self.lines.iter().skip(1).filter(|line| !line.is_empty());
        there.nth(1).is_none() && self.mixed.is_none_or(|at| at.elapsed() >= ALONE)
    }

    /// How long it takes until a tenant has rested of which something waits.
    fn end_of_rest(&self) -> Option<Duration> {
        let waiting = self.lines.iter().filter(|line| line.waiting() > 0);
        let until = waiting.filter_map(|line| line.rests_until).min()?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// The line that is served next, and the lane.
    fn next_line(&self, limits: &Limits) -> Option<(usize, Lane)> {
        let share = match self.is_lone() {
            true => &limits.alone,
            false => &limits.share,
        };
        let lines = self.lines.iter().enumerate();
        let ready = lines.filter_map(|(index, line)| {
            if line.rests_until.is_some_and(|at| at > Instant::now()) && !self.closed {
                return None;
            }
            let share = match index {
                ADMINISTRATION => &limits.lanes,
                _ if line.running() < share.all => &share.lanes,
                _ => return None,
            };
            let lane = line.next_lane(|lane| {
                let at = lane as usize;
                self.running[at] < limits.lanes[at] && line.running[at] < share[at]
            })?;
            Some(((line.running(), line.served), index, lane))
        });
        let next = ready.min_by_key(|(rank, ..)| *rank);
        next.map(|(_, index, lane)| (index, lane))
    }

    fn pick(&mut self, limits: &Limits) -> Option<(T, Turn)> {
        if self.waiting == 0 {
            return None;
        }
        let (index, lane) = self.next_line(limits)?;
        let line = &mut self.lines[index];
        let Waiting { item, number } = line.waiting[lane as usize].pop_front()?;
        line.running[lane as usize] += 1;
        self.now = self.now.max(line.served);
        self.running[lane as usize] += 1;
        self.waiting -= 1;
        let turn = Turn {
            line: index,
            lane,
            since: Instant::now(),
            number,
            long: Duration::ZERO,
        };
        Some((item, turn))
    }

    fn end(&mut self, turn: &Turn) {
        let took = u64::try_from(turn.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let rests = self.others_came() && !turn.long.is_zero() && turn.line != ADMINISTRATION;
        let line = &mut self.lines[turn.line];
        line.running[turn.lane as usize] -= 1;
        line.served = line.served.saturating_add(took);
        line.rests_until = rests.then(|| Instant::now() + LONGEST_REST.min(turn.long * REST));
        self.running[turn.lane as usize] -= 1;
    }
}

impl<T> Line<T> {
    fn new(tenant: Option<Arc<str>>) -> Self {
        Self {
            tenant,
            waiting: std::array::from_fn(|_| VecDeque::new()),
            running: [0; LANES],
            served: 0,
            rests_until: None,
        }
    }

    fn waiting(&self) -> usize {
        self.waiting.iter().map(VecDeque::len).sum()
    }

    fn running(&self) -> usize {
        self.running.iter().sum()
    }

    fn is_empty(&self) -> bool {
        self.running() == 0 && self.waiting() == 0
    }

    /// The lane of the first item, of those that are free.
    fn next_lane(&self, is_free: impl Fn(Lane) -> bool) -> Option<Lane> {
        let first = |lane: Lane| {
            let first = self.waiting[lane as usize].front()?;
            is_free(lane).then_some((first.number, lane))
        };
        let lanes = [Lane::Read, Lane::Write, Lane::Together];
        let next = lanes.into_iter().filter_map(first).min_by_key(|it| it.0);
        next.map(|(_, lane)| lane)
    }
}

#[cfg(test)]
mod tests;
