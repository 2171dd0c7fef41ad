//! The writing thread: takes the transactions that wait, tenant by tenant, runs each in a savepoint (changes that stand
//! alone without one), commits them together, and only then answers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::job::{Job, Ran, Task};
use crate::queue::{Queue, Turn};
use crate::sqlite::Transaction;
use crate::sqlite::error;
use crate::sqlite::place::Watch;
use crate::statistics::Recorder;
use crate::{Error, Tx, pace};

/// How large groups get.
#[derive(Clone, Copy)]
pub(crate) struct Groups {
    /// Most transactions of one.
    pub(crate) limit: usize,
    /// How long one takes in further transactions.
    pub(crate) time: Duration,
}

impl Groups {
    /// The same once several tenants are in it: what one of them does a lot of is not what the others wait for.
    fn time_when_mixed(self) -> Duration {
        self.time / 5
    }
}

/// Serves the queue until it is closed and empty, then moves the log into the database.
pub(crate) fn serve(
    connection: &Connection,
    queue: &Queue<Task>,
    groups: Groups,
    recorder: &Recorder,
    watch: &Watch,
) {
    while let Some((task, turn)) = queue.take(None) {
        // No more than wait already: those that come meanwhile are the next group, while callers of this one
        // work on their answers.
        let (taken, waiting) = queue.take_rest(&turn, groups.limit.saturating_sub(1));
        let group = Group {
            queue,
            recorder,
            watch,
            places: groups.limit.min(1 + taken.len() + waiting),
            taken,
            until: Instant::now() + groups.time,
            groups,
            tenant: task.tenant.clone(),
        };
        commit_together(connection, group, task, turn);
    }
    // Best effort: what stays in the log is as durable there, and the next opening takes it up.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
}

/// Where the transactions of one commit come from.
struct Group<'q> {
    queue: &'q Queue<Task>,
    recorder: &'q Recorder,
    watch: &'q Watch,
    /// Those of a tenant that is alone, taken at once: with a lock for each, writer and callers would get in each
    /// other's way.
    taken: VecDeque<Task>,
    places: usize,
    groups: Groups,
    until: Instant,
    /// Of the first one.
    tenant: Option<Arc<str>>,
}

impl Group<'_> {
    /// The next one that is in time, unless the group is complete. `turn` is over.
    fn next(&mut self, mut turn: Turn) -> Option<(Task, Turn)> {
        while self.places > 1 {
            let now = Instant::now();
            if now >= self.until {
                break;
            }
            self.places -= 1;
            let (task, next) = match self.taken.pop_front() {
                Some(task) => (task, turn),
                None => self.queue.take_waiting(&turn)?,
            };
            if let Some(task) = task.in_time_at(now, self.recorder) {
                if task.tenant != self.tenant {
                    self.until = self.until.min(now + self.groups.time_when_mixed());
                }
                return Some((task, next));
            }
            turn = next;
        }
        self.end(&turn);
        None
    }

    fn end(&mut self, turn: &Turn) {
        self.queue.put_back(turn, std::mem::take(&mut self.taken));
    }
}

/// Runs and commits a group; all of it, unless the engine gives up in between.
fn commit_together(connection: &Connection, mut group: Group<'_>, first: Task, turn: Turn) {
    let first = match first.in_time(group.recorder) {
        Some(first) => Some((first, turn)),
        None => group.next(turn),
    };
    let Some((task, turn)) = first else {
        return;
    };
    // IMMEDIATE takes the write lock before anything is read, so another process (an administration
    // command) can never make the snapshot stale; waiting for it is the busy timeout's work.
    if let Err(error) = execute(connection, "BEGIN IMMEDIATE") {
        // The others have waited with it, and would wait as long again.
        group.until = Instant::now() + group.groups.time;
        let mut next = Some((task, turn));
        while let Some((task, turn)) = next {
            task.job.answer(Err(error.clone()));
            next = group.next(turn);
        }
        return;
    }
    let mut done: Vec<Box<dyn Job>> = Vec::with_capacity(group.places);
    let mut next = Some((task, turn));
    while let Some((task, mut turn)) = next {
        let Task {
            mut job, tenant, ..
        } = task;
        let tenant = tenant.as_deref();
        let outcome = match job.kind() {
            Some(_) => run_by_itself(connection, job.as_mut(), tenant),
            None => run_in_savepoint(connection, job.as_mut(), tenant),
        };
        if let Some(time) = pace::long() {
            turn.took_long(time);
        }
        done.push(job);
        if let Err(error) = outcome {
            // What was to be undone cannot be undone alone (disk full, I/O error): what ran before in
            // this group may be gone too. Undo it all; the jobs that have not run yet get a transaction
            // of their own.
            group.end(&turn);
            if !connection.is_autocommit() {
                let _ = execute(connection, "ROLLBACK");
            }
            return answer_all(done, &Err(error));
        }
        next = group.next(turn);
    }
    let started = Instant::now();
    let outcome = run(connection, "COMMIT").map_err(error::of_commit);
    // Into which file, if it is no longer the one that was opened?
    let outcome = outcome.and_then(|()| group.watch.glance().map_err(unknown));
    group.recorder.committed(done.len(), started.elapsed());
    if outcome.is_err() && !connection.is_autocommit() {
        let _ = execute(connection, "ROLLBACK");
    }
    // A refusal may rest on what an earlier job of the group did, so it waits for the commit as well.
    answer_all(done, &outcome);
}

fn unknown(error: Error) -> Error {
    match error {
        Error::Unavailable { cause, .. } => Error::OutcomeUnknown(cause),
        other => other,
    }
}

fn run_in_savepoint(
    connection: &Connection,
    job: &mut dyn Job,
    tenant: Option<&str>,
) -> Result<(), Error> {
    execute(connection, "SAVEPOINT job")?;
    let ran = job.run(&mut Tx::sqlite(Transaction::new(connection, true), tenant));
    if connection.is_autocommit() {
        // A full disk or an I/O error makes SQLite roll back the whole transaction on its own.
        return Err(gone("the engine rolled the transaction back"));
    }
    if ran != Ran::Keep {
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")
}

/// A change that stands alone does nothing when it refuses, and fails only when the engine does. So it goes
/// without a savepoint, for which SQLite would copy every page that it changes.
fn run_by_itself(
    connection: &Connection,
    job: &mut dyn Job,
    tenant: Option<&str>,
) -> Result<(), Error> {
    let ran = job.run(&mut Tx::sqlite(Transaction::new(connection, true), tenant));
    match ran {
        Ran::Keep if !connection.is_autocommit() => Ok(()),
        _ => Err(gone("a change of the same commit could not be finished")),
    }
}

fn gone(why: &str) -> Error {
    Error::Unavailable {
        doing: "writing",
        cause: Arc::new(std::io::Error::other(why)),
    }
}

fn answer_all(jobs: Vec<Box<dyn Job>>, outcome: &Result<(), Error>) {
    for job in jobs {
        job.answer(outcome.clone());
    }
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    run(connection, sql).map_err(|error| error::translate(error, "writing"))
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}
