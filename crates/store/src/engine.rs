//! The seam between what is the same on every engine and what is not.
//!
//! An engine is a folder. It opens databases and runs [`Task`]s in its own way ([`Engine`]); it has a [`Dialect`] and
//! the statements of an open transaction ([`Connection`], [`EngineRow`]), which are all that tables see of it. Another
//! one is another folder with its migrations, another variant of the two, another line of [`open`], and its options.
//! Where statements of tables are not those of every engine, they ask the [`Dialect`].

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::job::Task;
use crate::queue::Refused;
use crate::statistics::Recorder;
use crate::store::without_credentials;
use crate::value::Column;
use crate::{Error, Options, Param, postgres, sqlite};

/// Opens the database of a URL, by the engine that its scheme names.
///
/// # Errors
/// [`Error::UnsupportedUrl`], and those of the engine.
pub(crate) fn open(url: &str, options: &Options, crew: &Crew) -> Result<Box<dyn Engine>, Error> {
    match url.split_once(':') {
        Some(("sqlite", _)) => sqlite::open(url, options, crew),
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
            postgres::open(url, options, crew)
        }
        _ => Err(Error::UnsupportedUrl(without_credentials(url))),
    }
}

/// An open database.
pub(crate) trait Engine: Send + Sync {
    /// Which SQL it speaks.
    fn dialect(&self) -> &'static Dialect;

    /// Whether the files of the database are still known to be where they were opened.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if they are known not to be.
    fn known(&self) -> Result<(), Error> {
        Ok(())
    }

    /// As [`Engine::known`], after a look at them.
    ///
    /// # Errors
    /// As [`Engine::known`].
    fn look(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Takes a transaction, to be run in its turn.
    ///
    /// # Errors
    /// Gives it back if it is closed, or too many wait already.
    fn push(&self, tenant: Option<&Arc<str>>, task: Task) -> Result<(), Refused>;

    /// How many transactions wait.
    fn waiting(&self) -> usize;

    /// Takes no more of them; its threads end once those that wait are done.
    fn close(&self);

    /// Whether the database itself keeps tenants apart.
    fn walls_off_tenants(&self) -> bool {
        false
    }

    /// Whether a session may be another one after each transaction.
    fn is_pooled(&self) -> bool {
        false
    }
}

/// What a job is allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    /// Beside other writes of the tenant, each of which locks what it decides on.
    Write,
    /// While no other write of the tenant is in progress.
    WriteAlone,
    /// Beside everything: changes that wait for nobody, and look at nothing that they have not locked.
    WriteTogether,
}

/// The threads of an engine, and where they note what they did.
#[derive(Default)]
pub(crate) struct Crew {
    pub(crate) recorder: Arc<Recorder>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Crew {
    pub(crate) fn spawn(
        &self,
        name: &str,
        body: impl FnOnce() + Send + 'static,
    ) -> Result<(), Error> {
        let handle = thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map_err(|error| Error::Unavailable {
                doing: "starting a thread",
                cause: Arc::new(error),
            })?;
        self.threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(handle);
        Ok(())
    }

    /// Waits for all of them; their engine was told to close.
    pub(crate) fn join(&self) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let this = thread::current().id();
        for handle in threads.drain(..) {
            // A transaction may own the last clone; its thread cannot wait for itself.
            if handle.thread().id() != this {
                // Jobs are run under `catch_unwind`; a thread has nothing else to report.
                let _ = handle.join();
            }
        }
    }
}

/// What differs in SQL, as data.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Whether statements travel to a server: what can be one statement is one then.
    pub(crate) is_remote: bool,
    /// Appended to a SELECT that must lock its rows.
    pub(crate) lock: &'static str,
    /// The same for the rows of one table, by its alias, without those that somebody else has locked.
    pub(crate) lock_free: fn(alias: &str) -> String,
    /// The clock of the database, in microseconds since 1970.
    pub(crate) now_us: &'static str,
    /// What stands in a FROM for the elements of the JSON array that is bound to a placeholder: rows with one
    /// column `value`, an element.
    pub(crate) each_of: fn(placeholder: &str, alias: &str) -> String,
    /// A condition that few rows meet, whose index is to be chosen.
    pub(crate) rarely: fn(condition: &str) -> String,
    /// That a column is among the values of a subquery, each of which is looked up by index.
    pub(crate) among: fn(column: &str, subquery: &str) -> String,
    /// The text column that few rows are sorted by first, which are found by something else.
    pub(crate) sorted_by: fn(column: &str) -> String,
    /// Appends an event: tenant, kind, resource, data, instant.
    pub(crate) append_event: &'static str,
    /// A number that no event of a tenant has that is written by a transaction which begins later.
    pub(crate) last_event: &'static str,
    /// Whether events are numbered in the order in which they are committed.
    pub(crate) numbers_as_committed: bool,
    /// Goes on numbering events after those that were copied into the database, where that does not follow from
    /// them.
    pub(crate) continue_numbers: Option<&'static str>,
    /// How many tables of a name there are.
    pub(crate) tables: &'static str,
    /// Foreign keys that do not hold, in words.
    pub(crate) broken_references: &'static str,
    /// Whether statements are planned by statistics, which a database that was just filled does not have.
    pub(crate) plans_by_statistics: bool,
}

/// An open transaction.
pub(crate) enum Connection<'a> {
    Sqlite(sqlite::Transaction<'a>),
    Postgres(&'a mut postgres::Transaction),
}

/// A row of a result.
#[derive(Clone, Copy)]
pub(crate) enum EngineRow<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// What is done with each row: whether the next one is wanted.
pub(crate) type Take<'t> = &'t mut dyn FnMut(EngineRow<'_>) -> Result<ControlFlow<()>, Error>;

impl Connection<'_> {
    pub(crate) fn dialect(&self) -> &'static Dialect {
        match self {
            Self::Sqlite(_) => &sqlite::DIALECT,
            Self::Postgres(_) => &postgres::DIALECT,
        }
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, params),
            Self::Postgres(transaction) => transaction.execute(sql, params),
        }
    }

    /// Runs a statement of whose outcome nobody but the transaction has to hear: a server is sent it with the next
    /// one.
    pub(crate) fn post(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, params).map(drop),
            Self::Postgres(transaction) => transaction.post(sql, params),
        }
    }

    /// Hands the rows of a statement on, which are few, until no more are wanted.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        take: Take<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.query(sql, params, take),
            Self::Postgres(transaction) => hand_on(&transaction.query(sql, params)?, take),
        }
    }

    /// [`Connection::query`] of a statement that is the whole transaction: a server commits it with it.
    pub(crate) fn query_alone(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        take: Take<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.query(sql, params, take),
            Self::Postgres(transaction) => hand_on(&transaction.query_alone(sql, params)?, take),
        }
    }

    /// The same for rows of any number: what is not wanted is not kept in memory.
    pub(crate) fn query_until(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        take: Take<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.query(sql, params, take),
            Self::Postgres(transaction) => {
                let mut taken = Ok(());
                transaction.query_until(sql, params, |row| {
                    take(EngineRow::Postgres(row)).unwrap_or_else(|error| {
                        taken = Err(error);
                        ControlFlow::Break(())
                    })
                })?;
                taken
            }
        }
    }

    /// Undoes this run and asks for another one, with the error to end it with.
    pub(crate) fn run_again(&mut self) -> Error {
        match self {
            // Its writer is alone: nothing can have changed.
            Self::Sqlite(_) => Error::changed_meanwhile(),
            Self::Postgres(transaction) => transaction.run_again(),
        }
    }

    /// Whether a statement failed, so that none runs any more.
    pub(crate) fn has_failed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(transaction) => transaction.has_failed(),
        }
    }
}

fn hand_on(rows: &[tokio_postgres::Row], take: Take<'_>) -> Result<(), Error> {
    for row in rows {
        if take(EngineRow::Postgres(row))?.is_break() {
            break;
        }
    }
    Ok(())
}

impl<'a> EngineRow<'a> {
    /// A column by its index; `None` for a type that the schema does not have.
    #[inline]
    pub(crate) fn column(self, index: usize) -> Result<Option<Column<'a>>, Error> {
        match self {
            Self::Sqlite(row) => sqlite::column(row, index),
            Self::Postgres(row) => Ok(postgres::column(row, index)),
        }
    }

    /// What is said of a column that cannot be read as the type asked for.
    pub(crate) fn corrupt(self, index: usize) -> Error {
        match self {
            Self::Sqlite(row) => sqlite::corrupt(row, index),
            Self::Postgres(row) => postgres::corrupt(row, index),
        }
    }
}
