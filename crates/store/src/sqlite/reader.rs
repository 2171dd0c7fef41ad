//! A reading thread: each job sees one snapshot.

use rusqlite::Connection;

use crate::job::Job;
use crate::queue::Queue;
use crate::sqlite::error::translate;
use crate::{Error, Tx};

/// Serves the queue until it is closed and empty.
pub(crate) fn run(connection: &Connection, queue: &Queue<Box<dyn Job>>) {
    while let Some(mut job) = queue.take() {
        let outcome = read(connection, job.as_mut());
        job.answer(outcome);
    }
}

fn read(connection: &Connection, job: &mut dyn Job) -> Result<(), Error> {
    // The first statement of the job fixes the snapshot; it stays until the end of the transaction.
    execute(connection, "BEGIN")?;
    job.run(&mut Tx::sqlite(connection, false));
    execute(connection, "COMMIT")
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|error| translate(error, "reading"))
}
