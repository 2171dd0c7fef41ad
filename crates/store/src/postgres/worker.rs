//! A thread with a connection: takes transactions from the queue and runs each until it is decided.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::config::Config;
use super::error::{Failure, Remedy};
use super::growth::{self, Growth};
use super::session::Session;
use super::transaction::{End, Transaction};
use crate::engine::Access;
use crate::job::{Ran, Task};
use crate::queue::{Lane, Queue, Turn};
use crate::statistics::Recorder;
use crate::{Error, Tx};

/// Most changes that are made together.
const TOGETHER: usize = 256;

/// Connections for one batch at a time.
const LANE: usize = 8;

/// How many of a pool work on batches at a time. Changes that come while all do wait and become the next
/// batch: fewer and larger ones do more. With two, one works while the other waits for the disk.
pub(crate) fn lanes_together(connections: usize) -> usize {
    (connections / LANE).max(1)
}

/// What a task wants a connection for.
pub(crate) fn lane(task: &Task) -> Lane {
    match task.access {
        Access::Read => Lane::Read,
        Access::Write | Access::WriteAlone => Lane::Write,
        Access::WriteTogether => Lane::Together,
    }
}

/// One of the pool. Its connection is opened when it is first needed, and again when it broke.
pub(crate) struct Worker {
    config: Arc<Config>,
    queue: Arc<Queue<Task>>,
    recorder: Arc<Recorder>,
    growth: Arc<Growth>,
    session: Option<Session>,
    /// Connecting is not what a tenant asked for: its time begins here.
    connected_at: Instant,
    /// There was no room for a connection of its own the last time it looked.
    crowded_out: bool,
    /// Cheap randomness, so that transactions which lost against each other do not meet again.
    jitter: u64,
}

/// First and longest pause before a transaction is run again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// How long a connection may take while others of the pool have one. A pooler that has none to give lets us wait.
const ROOM: Duration = Duration::from_secs(2);

/// First and longest pause between two rounds over all hosts.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(400));

impl Worker {
    pub(crate) fn new(
        config: Arc<Config>,
        queue: Arc<Queue<Task>>,
        recorder: Arc<Recorder>,
        growth: Arc<Growth>,
        number: usize,
    ) -> Self {
        Self {
            config,
            queue,
            recorder,
            growth,
            session: None,
            connected_at: Instant::now(),
            crowded_out: false,
            jitter: number as u64 + 1,
        }
    }

    /// Serves the queue until it is closed and empty.
    pub(crate) fn run(mut self) {
        let mut over = None;
        while let Some((task, mut turn)) = {
            self.wait_for_room();
            self.queue.take(over.take())
        } {
            let Some(task) = task.in_time(&self.recorder) else {
                over = Some(turn);
                continue;
            };
            let lane = lane(&task);
            self.drop_broken();
            let task = self.with_others(task, &turn);
            if let Some(back) = self.serve(task) {
                self.crowded_out = true;
                // Those of the pool that have a connection get to it sooner.
                self.queue.put_back(&turn, [back]);
                continue;
            }
            turn.began(self.connected_at);
            if lane != Lane::Read && self.growth.is_due() {
                self.analyse();
            }
            over = Some(turn);
        }
    }

    /// Lets PostgreSQL know how large tables have become. What goes wrong here goes wrong for nobody.
    fn analyse(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        session.limit(None);
        if growth::analyse(session).is_err() {
            self.session = None;
            self.recorder.reconnected();
        }
    }

    /// Adds to a change those of its kind and tenant that wait.
    fn with_others(&self, mut task: Task, turn: &Turn) -> Task {
        if let Some(kind) = task.job.kind() {
            let others = self
                .queue
                .take_along(turn, TOGETHER - 1, |it| it.job.kind() == Some(kind));
            for other in others {
                if let Some(other) = other.in_time(&self.recorder) {
                    task.job.join(other.job);
                }
            }
        }
        task
    }

    /// Keeps the connection if it is of further use.
    fn keep(&mut self, transaction: Transaction) {
        self.session = transaction.leave();
        if self.session.is_none() {
            self.recorder.reconnected();
        }
    }

    /// Whoever was crowded out takes nothing before it has a connection, as long as others of the pool have one.
    fn wait_for_room(&mut self) {
        while std::mem::take(&mut self.crowded_out) && !self.queue.is_closed() {
            thread::sleep(RECONNECT.1);
            match Session::open_within(&self.config, ROOM) {
                Ok(session) => self.session = Some(session.counted(&self.recorder)),
                Err(failure) => self.crowded_out = is_crowded(&failure, &self.recorder),
            }
        }
    }

    /// Nothing is begun on a connection that is known to be lost.
    fn drop_broken(&mut self) {
        if self.session.as_mut().is_some_and(|it| !it.is_alive()) {
            self.session = None;
            self.recorder.reconnected();
        }
    }

    /// Runs a task until it is answered; gives it back where only others have a connection.
    fn serve(&mut self, task: Task) -> Option<Task> {
        let deadline = self.patience(&task);
        let Task {
            mut job,
            access,
            tenant,
            submitted,
            deadline: until,
        } = task;
        let _running = self.recorder.running();
        // Runs that found a value taken; those that lost a race are not counted.
        let mut looks = 0;
        for attempt in 0.. {
            let session = match self.connected(deadline) {
                Ok(session) => session,
                Err(NotConnected::Crowded) => {
                    return Some(Task {
                        job,
                        access,
                        tenant,
                        submitted,
                        deadline: until,
                    });
                }
                Err(NotConnected::Failed(error)) => {
                    job.answer(Err(error));
                    return None;
                }
            };
            let mut transaction = Transaction::new(session, access, tenant.clone(), until, looks);
            let ran = job.run(&mut Tx::postgres(&mut transaction, tenant.as_deref()));
            let (recorder, count) = (&self.recorder, job.count());
            // A group of which nothing was made has only locked.
            let keep = ran == Ran::Keep && count > 0;
            let end = transaction.end(keep, |took| recorder.committed(count, took));
            match end {
                End::Answer(outcome) => {
                    // The caller need not wait for the end of a read, or of what was refused.
                    job.answer(outcome);
                    self.keep(transaction);
                    return None;
                }
                End::Again { error, reconnect } => {
                    self.session = if reconnect { None } else { transaction.leave() };
                    if self.session.is_none() {
                        recorder.reconnected();
                    }
                    // A second look is part of the answer, however late it is.
                    let looks_again = matches!(error, Error::Duplicate(_));
                    let late = Instant::now() >= deadline && !looks_again;
                    if ran == Ran::Panicked || late {
                        let outcome = if ran == Ran::Panicked {
                            Ok(())
                        } else {
                            Err(error)
                        };
                        job.answer(outcome);
                        return None;
                    }
                    looks += u32::from(looks_again);
                    recorder.retried();
                    self.pause(attempt);
                }
            }
        }
        None
    }

    /// Until when a task is tried again.
    fn patience(&self, task: &Task) -> Instant {
        let patience = task.submitted + self.config.unavailable_after;
        task.deadline.map_or(patience, |it| it.min(patience))
    }

    fn connected(&mut self, deadline: Instant) -> Result<Session, NotConnected> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let recorder = &self.recorder;
        let crowded = |failure: &Failure| is_crowded(failure, recorder);
        let session = open(&self.config, deadline, || self.queue.is_closed(), crowded)?;
        self.connected_at = Instant::now();
        Ok(session.counted(&self.recorder))
    }

    /// Waits longer each time, by a random part.
    fn pause(&mut self, attempt: u32) {
        let (first, longest) = BACK_OFF;
        let most = first.saturating_mul(1 << attempt.min(10)).min(longest);
        // Xorshift: any spread will do.
        self.jitter ^= self.jitter << 13;
        self.jitter ^= self.jitter >> 7;
        self.jitter ^= self.jitter << 17;
        let share = u32::try_from(self.jitter % 1000).unwrap_or(0);
        thread::sleep(most / 4 + most * share / 1000);
    }
}

/// Whether there is no room for another connection while the pool has one.
fn is_crowded(failure: &Failure, recorder: &Recorder) -> bool {
    failure.is_for_want_of_room() && recorder.connections() > 0
}

/// Why there is no connection.
pub(super) enum NotConnected {
    /// Others are to do without it.
    Crowded,
    Failed(Error),
}

/// Tries all hosts until one writes, the deadline has passed, the server says that it never will, or `crowded`
/// says that it is no use.
pub(super) fn open(
    config: &Config,
    deadline: Instant,
    closing: impl Fn() -> bool,
    crowded: impl Fn(&Failure) -> bool,
) -> Result<Session, NotConnected> {
    let (mut pause, longest) = RECONNECT;
    let mut limit = ROOM.min(config.connect_within);
    loop {
        match Session::open_within(config, limit) {
            Ok(session) => return Ok(session),
            Err(failure) if crowded(&failure) => return Err(NotConnected::Crowded),
            Err(failure) => {
                let hopeless = failure.remedy == Remedy::Answer;
                if hopeless || closing() || Instant::now() >= deadline {
                    return Err(NotConnected::Failed(failure.error));
                }
                limit = config.connect_within;
                thread::sleep(pause);
                pause = (pause * 2).min(longest);
            }
        }
    }
}
