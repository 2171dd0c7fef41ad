//! Moving house: everything in one database into another, of the same engine or a different one.
//!
//! The source is read in one snapshot, twice: once to learn what it holds (rows and checksum of every
//! table) and whether the target could hold it, and once to copy it. Servers may go on working on the
//! source meanwhile; what they change after the snapshot is not in the copy, and the [`Report`] says so.
//!
//! The target starts empty. Every transaction there adds some rows together with the record of how far the
//! copy has come, so that it can go on after being interrupted at any point. It goes on only if the source
//! still holds exactly what it held at first; so the target is never a mixture of two states. At the end
//! everything is read back and compared. Only then is the record removed, in the transaction that makes
//! the tenants active; until then [`Store::open`] refuses the target, and a server that already runs on it
//! leaves inactive tenants alone.
//!
//! Constraints are in force all the time. Rows that refer to each other in a circle get stand-ins first and
//! their own values in a second pass.

mod error;
mod record;
mod rows;
mod snapshot;
mod survey;
mod tables;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::{Error as StoreError, Store, Tx};

pub use error::{Error, Unfit};
pub use rows::{Checksum, Content};
pub use tables::{Column, Kind, Later, NOT_COPIED, TABLES, Table};

pub(crate) use record::exists as unfinished;

use record::State;
use rows::{Row, Which};
use snapshot::{Batch, Message};
use survey::{Findings, Survey};

/// Faults and values that an error lists at most.
pub const SHOWN: usize = 20;

/// How a copy works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Rows in one transaction.
    pub batch: u32,
}

/// What is going on.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Table.
    pub table: &'static str,
    /// Rows of it so far.
    pub rows: u64,
    /// Rows that it has.
    pub of: u64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading the source, to learn what it holds.
    Reading,
    /// Copying.
    Copying,
    /// Filling in what had to wait for other tables.
    Completing,
    /// Reading the target back.
    Verifying,
}

/// What was copied.
#[derive(Debug)]
pub struct Report {
    /// Every table, as the source and the target hold it; both are equal.
    pub tables: Vec<Compared>,
    /// Rows that an earlier run had copied.
    pub resumed_rows: u64,
    /// Tables of the source that were changed after the snapshot; what was changed is not in the copy.
    pub changed_since: Vec<&'static str>,
}

/// A table on both sides.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// Name.
    pub table: &'static str,
    /// What the source holds.
    pub source: Content,
    /// What the target holds.
    pub target: Content,
}

/// Is told what is going on, from any thread.
pub type Watch = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Rows of one table in one pass.
#[derive(Debug, Clone, Copy)]
struct Step {
    table: &'static Table,
    which: Which,
}

/// Failures of transactions on the target, and on the source.
struct AtTarget(Error);
struct AtSource(Error);

impl Default for Options {
    fn default() -> Self {
        Self { batch: 1_000 }
    }
}

impl Compared {
    /// Both sides hold the same.
    pub fn equal(&self) -> bool {
        self.source == self.target
    }
}

/// Copies everything in `source` into `target`, which has been opened with
/// [`Purpose::CopyInto`](crate::Purpose::CopyInto) and is empty or holds what an interrupted copy of the same
/// source left.
///
/// # Errors
/// [`Error`]; the target is untouched or stays marked as unfinished.
pub async fn copy(
    source: &Store,
    target: &Store,
    options: &Options,
    watch: Watch,
) -> Result<Report, Error> {
    let batch = options.batch.clamp(1, 10_000);
    // One batch is written while the next is read.
    let (sender, messages) = mpsc::channel(1);
    let (start, starting) = oneshot::channel();
    let reading = snapshot::read(source, batch, watch.clone(), sender, starting);
    let writing = write(target, messages, start, &watch);
    let (read, written) = tokio::join!(reading, writing);
    // Without messages the writing side can only say that they ended; the reading side knows why.
    let written = match (read, written) {
        (_, Err(error)) | (Err(error), Ok(_)) => return Err(error),
        (Ok(()), Ok(None)) => return Err(Error::SnapshotLost),
        (Ok(()), Ok(Some(written))) => written,
    };

    let survey = &written.survey;
    let (compared, changed_since) = tokio::join!(
        verify(target, survey.clone(), batch, watch.clone()),
        changes(source, survey.clone(), batch)
    );
    let (compared, changed_since) = (compared?, changed_since?);
    let mut tables = vec![finish(target, survey, written.tenants, batch).await?];
    tables.extend(compared);
    Ok(Report {
        tables,
        resumed_rows: written.resumed_rows,
        changed_since,
    })
}

/// Every step, in order. The waiting tenants are the last change of all, made by [`finish`].
fn steps() -> Vec<Step> {
    let all = TABLES.iter().map(|table| Step {
        table,
        which: Which::All,
    });
    let waiting = TABLES[1..]
        .iter()
        .rev()
        .filter(|table| table.later.is_some());
    all.chain(waiting.map(|table| Step {
        table,
        which: Which::Waiting,
    }))
    .collect()
}

/// What the writing side has done.
struct Written {
    survey: Survey,
    resumed_rows: u64,
    tenants: Vec<Row>,
}

/// Writes what arrives; `None` if it ended too early.
async fn write(
    target: &Store,
    mut messages: mpsc::Receiver<Message>,
    start: oneshot::Sender<Vec<State>>,
    watch: &Watch,
) -> Result<Option<Written>, Error> {
    let Some(Message::Survey(survey)) = messages.recv().await else {
        return Ok(None);
    };
    let identity = survey.clone();
    let mut states = target
        .write(move |tx| record::begin(tx, &identity))
        .await
        .map_err(|AtTarget(error)| error)?;
    let resumed_rows = states.iter().map(|state| state.rows).sum();
    if start.send(states.clone()).is_err() {
        return Ok(None);
    }
    while let Some(message) = messages.recv().await {
        let batch = match message {
            Message::Survey(_) => continue,
            Message::Batch(batch) => batch,
            Message::Tenants(tenants) => {
                return Ok(Some(Written {
                    survey,
                    resumed_rows,
                    tenants,
                }));
            }
        };
        let number = batch.number;
        states[number] = write_batch(target, batch, states[number].clone()).await?;
        let Step { table, which } = steps()[number];
        let surveyed = survey.of(table.name);
        let (phase, of) = match which {
            Which::All => (Phase::Copying, surveyed.content.rows),
            Which::Waiting => (Phase::Completing, surveyed.waiting),
        };
        watch(&Progress {
            phase,
            table: table.name,
            rows: states[number].rows,
            of,
        });
    }
    Ok(None)
}

/// One transaction: rows, and how far the copy has come with them.
async fn write_batch(target: &Store, batch: Batch, before: State) -> Result<State, Error> {
    let Batch { number, rows, last } = batch;
    let Step { table, which } = steps()[number];
    let key = rows.last().map(|row| rows::key_of(table, row));
    let after = State {
        rows: before.rows + rows.len() as u64,
        last_key: key.or_else(|| before.last_key.clone()),
        done: last,
    };
    let moved = after.clone();
    target
        .write(move |tx| {
            record::advance(tx, number, &before, &after)?;
            let outcome = match which {
                Which::All => rows::insert(tx, table, &rows),
                Which::Waiting => rows::settle(tx, table, &rows),
            };
            outcome.map_err(|error| refused(table, &rows, error))
        })
        .await
        .map_err(|AtTarget(error)| error)?;
    Ok(moved)
}

fn refused(table: &'static Table, rows: &[Row], error: StoreError) -> AtTarget {
    let names_rows = matches!(
        error,
        StoreError::Duplicate(_)
            | StoreError::Reference(_)
            | StoreError::Constraint(_)
            | StoreError::Statement(_)
    );
    match (names_rows, rows) {
        (true, [first, .., last] | [first @ last]) => AtTarget(Error::Refused {
            table: table.name,
            rows: [first, last].map(|row| survey::key_text(table, row)),
            cause: error,
        }),
        _ => error.into(),
    }
}

/// Reads the target back; everything but the tenants, which still wait.
async fn verify(
    target: &Store,
    survey: Survey,
    batch: u32,
    watch: Watch,
) -> Result<Vec<Compared>, Error> {
    target
        .write(|tx| match tx.dialect().plans_by_statistics {
            false => Ok(()),
            true => TABLES.iter().try_for_each(|table| {
                tx.execute(&format!("ANALYZE {}", table.name), &[])
                    .map(drop)
                    .map_err(AtTarget::from)
            }),
        })
        .await
        .map_err(|AtTarget(error)| error)?;
    target
        .read(move |tx| {
            let mut compared = Vec::new();
            for table in &TABLES[1..] {
                let source = survey.of(table.name).content;
                compared.push(compare(tx, table, source, batch, &watch)?);
            }
            if !compared.iter().all(Compared::equal) {
                compared.retain(|compared| !compared.equal());
                return Err(Error::Different(compared).into());
            }
            match survey::faults(tx)? {
                faults if faults.is_empty() => Ok(compared),
                faults => Err(AtTarget(Error::Broken(faults))),
            }
        })
        .await
        .map_err(|AtTarget(error)| error)
}

/// Tables of the source that have been changed since it was surveyed.
async fn changes(source: &Store, survey: Survey, batch: u32) -> Result<Vec<&'static str>, Error> {
    let quiet: Watch = Arc::new(|_| {});
    source
        .read(move |tx| {
            let (now, _) = survey::take(tx, Phase::Reading, batch, &quiet)?;
            let pairs = survey.0.iter().zip(now.0);
            let changed = pairs.filter(|(before, now)| *before != now);
            Ok(changed.map(|(before, _)| before.table).collect())
        })
        .await
        .map_err(|AtSource(error)| error)
}

/// The last transaction: the tenants become what they are, and the mark goes.
async fn finish(
    target: &Store,
    survey: &Survey,
    tenants: Vec<Row>,
    batch: u32,
) -> Result<Compared, Error> {
    let table = &TABLES[0];
    let source = survey.of(table.name).content;
    let quiet: Watch = Arc::new(|_| {});
    target
        .write(move |tx| {
            rows::settle(tx, table, &tenants)?;
            let compared = compare(tx, table, source, batch, &quiet)?;
            if !compared.equal() {
                return Err(Error::Different(vec![compared]).into());
            }
            if let Some(sql) = tx.dialect().continue_numbers {
                tx.query_opt(sql, &[], |_| Ok(()))?;
            }
            record::remove(tx)?;
            Ok(compared)
        })
        .await
        .map_err(|AtTarget(error)| error)
}

fn compare(
    tx: &mut Tx<'_>,
    table: &'static Table,
    source: Content,
    batch: u32,
    watch: &Watch,
) -> Result<Compared, StoreError> {
    let found = &mut Findings::default();
    let surveyed = survey::read(tx, table, Phase::Verifying, batch, watch, found)?;
    Ok(Compared {
        table: table.name,
        source,
        target: surveyed.content,
    })
}

impl From<StoreError> for AtTarget {
    fn from(error: StoreError) -> Self {
        Self(Error::Target(error))
    }
}

impl From<Error> for AtTarget {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<StoreError> for AtSource {
    fn from(error: StoreError) -> Self {
        Self(Error::Source(error))
    }
}
