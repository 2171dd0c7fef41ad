//! A thread with a connection: takes transactions from the queue and runs each until it is decided.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::config::Config;
use super::error::Remedy;
use super::session::Session;
use super::transaction::{Access, End, Transaction};
use crate::job::{Job, Ran};
use crate::queue::Queue;
use crate::statistics::Recorder;
use crate::{Error, Tx};

/// A transaction on its way to a worker.
pub(crate) struct Task {
    pub(crate) job: Box<dyn Job>,
    pub(crate) access: Access,
    pub(crate) tenant: Option<Arc<str>>,
    pub(crate) submitted: Instant,
}

/// One of the pool. Its connection is opened when it is first needed, and again when it broke.
pub(crate) struct Worker {
    config: Arc<Config>,
    queue: Arc<Queue<Task>>,
    recorder: Arc<Recorder>,
    contention: Arc<Contention>,
    session: Option<Session>,
    /// Cheap randomness, so that transactions which lost against each other do not meet again.
    jitter: u64,
}

/// First and longest pause before a transaction is run again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// Whether transactions of this process have lost against others lately.
///
/// PostgreSQL notices conflicts of SERIALIZABLE transactions by the page, and the newest rows of a table share
/// pages: under load nearly every two of them conflict, and running them again and again costs more than it
/// does. So the first loss makes all that write queue up for a while, tenant by tenant.
#[derive(Debug)]
pub(crate) struct Contention {
    start: Instant,
    /// Milliseconds after the start.
    until: AtomicU64,
}

/// How long a loss is remembered.
const MEMORY: Duration = Duration::from_secs(1);

impl Contention {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            until: AtomicU64::new(0),
        }
    }

    fn noticed(&self) {
        let until = self.millis() + MEMORY.as_millis() as u64;
        self.until.fetch_max(until, Relaxed);
    }

    fn is_high(&self) -> bool {
        self.millis() < self.until.load(Relaxed)
    }

    fn millis(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }
}

/// First and longest pause between two rounds over all hosts.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(400));

impl Worker {
    pub(crate) fn new(
        config: Arc<Config>,
        queue: Arc<Queue<Task>>,
        recorder: Arc<Recorder>,
        contention: Arc<Contention>,
        number: usize,
    ) -> Self {
        Self {
            config,
            queue,
            recorder,
            contention,
            session: None,
            jitter: number as u64 + 1,
        }
    }

    /// Serves the queue until it is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(task) = self.queue.take() {
            self.serve(task);
        }
    }

    fn serve(&mut self, task: Task) {
        let Task {
            mut job,
            access,
            tenant,
            submitted,
        } = task;
        let _running = self.recorder.running();
        let deadline = submitted + self.config.unavailable_after;
        // Runs that found a value taken; those that lost a race are not counted.
        let mut looks = 0;
        for attempt in 0.. {
            let session = match self.connected(deadline) {
                Ok(session) => session,
                Err(error) => return job.answer(Err(error)),
            };
            let queue = access == Access::Write && (attempt > 0 || self.contention.is_high());
            let mut transaction = Transaction::new(session, access, tenant.clone(), looks, queue);
            let ran = job.run(&mut Tx::postgres(&mut transaction));
            let recorder = &self.recorder;
            let end = transaction.end(ran == Ran::Keep, |took| recorder.committed(1, took));
            match end {
                End::Answer(outcome) => {
                    // The caller need not wait for the end of a read, or of what was refused.
                    job.answer(outcome);
                    self.session = transaction.leave();
                    if self.session.is_none() {
                        recorder.reconnected();
                    }
                    return;
                }
                End::Again { error, reconnect } => {
                    self.session = if reconnect { None } else { transaction.leave() };
                    if self.session.is_none() {
                        recorder.reconnected();
                    }
                    if ran == Ran::Panicked || Instant::now() >= deadline {
                        let outcome = if ran == Ran::Panicked {
                            Ok(())
                        } else {
                            Err(error)
                        };
                        return job.answer(outcome);
                    }
                    looks += u32::from(matches!(error, Error::Duplicate(_)));
                    if !reconnect {
                        self.contention.noticed();
                    }
                    recorder.retried();
                    self.pause(attempt);
                }
            }
        }
    }

    fn connected(&mut self, deadline: Instant) -> Result<Session, Error> {
        if let Some(mut session) = self.session.take() {
            if session.is_alive() {
                return Ok(session);
            }
            self.recorder.reconnected();
        }
        open(&self.config, deadline, || self.queue.is_closed())
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

/// Tries all hosts until one writes, the deadline has passed, or the server says that it never will.
pub(super) fn open(
    config: &Config,
    deadline: Instant,
    closing: impl Fn() -> bool,
) -> Result<Session, Error> {
    let (mut pause, longest) = RECONNECT;
    loop {
        match Session::open(config) {
            Ok(session) => return Ok(session),
            Err(failure) => {
                let hopeless = failure.remedy == Remedy::Answer;
                if hopeless || closing() || Instant::now() >= deadline {
                    return Err(failure.error);
                }
                thread::sleep(pause);
                pause = (pause * 2).min(longest);
            }
        }
    }
}
