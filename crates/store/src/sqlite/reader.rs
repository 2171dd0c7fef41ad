//! A reading thread: each job sees one snapshot, and has until its deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use rusqlite::Connection;

use crate::job::Task;
use crate::queue::Queue;
use crate::sqlite::Transaction;
use crate::sqlite::error::translate;
use crate::statistics::Recorder;
use crate::{Error, Tx, pace};

/// Serves the queue until it is closed and empty.
pub(crate) fn serve(
    connection: &Connection,
    limit: &TimeLimit,
    queue: &Queue<Task>,
    recorder: &Recorder,
) {
    let mut over = None;
    while let Some((task, turn)) = queue.take(over.take()) {
        if let Some(task) = task.in_time(recorder) {
            read(connection, limit, task);
        }
        over = Some(turn);
    }
}

fn read(connection: &Connection, limit: &TimeLimit, mut task: Task) {
    limit.set(task.deadline);
    let mut run = || {
        // The first statement of the job fixes the snapshot; it stays until the end of the transaction.
        execute(connection, "BEGIN")?;
        let transaction = Transaction::new(connection, false);
        task.job
            .run(&mut Tx::sqlite(transaction, task.tenant.as_deref()));
        limit.set(None);
        execute(connection, "COMMIT")
    };
    let outcome = run();
    task.job.answer(outcome);
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|error| translate(error, "reading"))
}

/// Interrupts the statements of a connection once a time has come.
pub(crate) struct TimeLimit {
    start: Instant,
    /// Nanoseconds after the start.
    until: Arc<AtomicU64>,
}

impl TimeLimit {
    pub(crate) fn of(connection: &mut Connection) -> Result<Self, Error> {
        let (start, until) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
        let watched = Arc::clone(&until);
        let is_over = move || {
            pace::give_way();
            nanos(start, Instant::now()) >= watched.load(Relaxed)
        };
        connection
            .progress_handler(pace::STEPS, Some(is_over))
            .map_err(|error| translate(error, "opening the database"))?;
        Ok(Self { start, until })
    }

    fn set(&self, deadline: Option<Instant>) {
        let until = deadline.map_or(u64::MAX, |deadline| nanos(self.start, deadline));
        self.until.store(until, Relaxed);
    }
}

fn nanos(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.saturating_duration_since(from).as_nanos()).unwrap_or(u64::MAX)
}
