//! The seam between what is the same on every engine and what is not.
//!
//! An engine is a folder. It has a [`Dialect`] and the statements of an open transaction ([`Connection`],
//! [`EngineRow`]), which are all that tables and rules see of it.

use std::ops::ControlFlow;

use crate::value::Column;
use crate::{Error, Param, postgres, sqlite};

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
    /// That a column is among the values of a subquery, each of which is looked up by index.
    pub(crate) among: fn(column: &str, subquery: &str) -> String,
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
