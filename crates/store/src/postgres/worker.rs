//! A thread with a connection: takes transactions from the queue and runs each until it is decided.

use std::sync::Arc;
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
    session: Option<Session>,
    /// Cheap randomness, so that transactions which lost against each other do not meet again.
    jitter: u64,
}

/// First and longest pause before a transaction is run again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// First and longest pause between two rounds over all hosts.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(400));

impl Worker {
    pub(crate) fn new(
        config: Arc<Config>,
        queue: Arc<Queue<Task>>,
        recorder: Arc<Recorder>,
        number: usize,
    ) -> Self {
        Self {
            config,
            queue,
            recorder,
            session: None,
            jitter: number as u64 + 1,
        }
    }

    /// Serves the queue until it is closed and empty.
    pub(crate) fn run(mut self) {
        while let Some(task) = self.queue.take() {
            if self.session.is_none() && self.is_crowded_out() {
                // Those of the pool that have a connection get to it sooner.
                self.queue.put_back(task);
                thread::sleep(RECONNECT.1);
            } else {
                self.serve(task);
            }
        }
    }

    /// Connects, unless the server has no room for another connection while the pool has one already.
    fn is_crowded_out(&mut self) -> bool {
        match Session::open(&self.config) {
            Ok(session) => {
                self.session = Some(session.counted(&self.recorder));
                false
            }
            Err(failure) => failure.is_for_want_of_room() && self.recorder.connections() > 0,
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
            let mut transaction = Transaction::new(session, access, tenant.clone(), looks);
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
        let session = open(&self.config, deadline, || self.queue.is_closed())?;
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
