//! The writing thread: takes every waiting transaction, runs each in a savepoint, commits them together,
//! and only then answers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;

use crate::job::{Job, Ran};
use crate::queue::Queue;
use crate::sqlite::error::translate;
use crate::statistics::Recorder;
use crate::{Error, Tx};

type Group = VecDeque<Box<dyn Job>>;

/// Serves the queue until it is closed and empty, then moves the log into the database.
pub(crate) fn run(
    connection: &Connection,
    queue: &Queue<Box<dyn Job>>,
    group_limit: usize,
    recorder: &Recorder,
) {
    let mut group = Group::new();
    while queue.take_group(group_limit, &mut group) {
        while !group.is_empty() {
            commit_together(connection, &mut group, recorder);
        }
    }
    // Best effort: what stays in the log is as durable there, and the next opening takes it up.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
}

/// Runs and commits jobs from the front of `group`; all of them, unless the engine gave up in between.
fn commit_together(connection: &Connection, group: &mut Group, recorder: &Recorder) {
    // IMMEDIATE takes the write lock before anything is read, so another process (an administration
    // command) can never make the snapshot stale; waiting for it is the busy timeout's work.
    if let Err(error) = execute(connection, "BEGIN IMMEDIATE") {
        return answer_all(group.drain(..), Err(error));
    }
    let mut done = Group::with_capacity(group.len());
    while let Some(mut job) = group.pop_front() {
        let outcome = run_in_savepoint(connection, job.as_mut());
        done.push_back(job);
        if let Err(error) = outcome {
            // The savepoint itself failed (disk full, I/O error): what ran before in this group may be
            // gone too. Undo it all; the jobs that have not run yet get a transaction of their own.
            if !connection.is_autocommit() {
                let _ = execute(connection, "ROLLBACK");
            }
            return answer_all(done.into_iter(), Err(error));
        }
    }
    let started = Instant::now();
    let outcome = execute(connection, "COMMIT");
    recorder.committed(done.len(), started.elapsed());
    if outcome.is_err() && !connection.is_autocommit() {
        let _ = execute(connection, "ROLLBACK");
    }
    // A refusal may rest on what an earlier job of the group did, so it waits for the commit as well.
    answer_all(done.into_iter(), outcome);
}

fn run_in_savepoint(connection: &Connection, job: &mut dyn Job) -> Result<(), Error> {
    execute(connection, "SAVEPOINT job")?;
    let ran = job.run(&mut Tx::sqlite(connection, true));
    if connection.is_autocommit() {
        // A full disk or an I/O error makes SQLite roll back the whole transaction on its own.
        let cause = Arc::new(std::io::Error::other(
            "the engine rolled the transaction back",
        ));
        return Err(Error::Unavailable {
            doing: "writing",
            cause,
        });
    }
    if ran != Ran::Keep {
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")
}

fn answer_all(jobs: impl Iterator<Item = Box<dyn Job>>, outcome: Result<(), Error>) {
    for job in jobs {
        job.answer(outcome.clone());
    }
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run()
        .map(drop)
        .map_err(|error| translate(error, "committing"))
}
