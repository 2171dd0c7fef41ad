//! One transaction: statements, parameters, rows.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, StatementStatus, ToSql};

use crate::value::{Column, FromColumn};
use crate::{Error, Param, sqlite};

/// An open transaction, handed to the closures of [`Store::write`](crate::Store::write) and
/// [`Store::read`](crate::Store::read).
///
/// Rules use the functions of the resource modules. The statement methods are public for tests and tools.
///
/// Placeholders are `$1`, `$2`, … numbered in the order in which they first appear in the text (SQLite
/// numbers named parameters that way); debug builds check it.
pub struct Tx<'a> {
    engine: Engine<'a>,
}

/// Where a statement goes. One variant per engine.
enum Engine<'a> {
    Sqlite {
        connection: &'a Connection,
        writable: bool,
    },
}

/// A result row, read from left to right.
pub struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    next: usize,
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a Connection, writable: bool) -> Self {
        Self {
            engine: Engine::Sqlite {
                connection,
                writable,
            },
        }
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// Constraint violations as named variants, [`Error::WriteInRead`] inside a read transaction.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let Engine::Sqlite {
            connection,
            writable,
        } = self.engine;
        if !writable {
            return Err(Error::WriteInRead);
        }
        let mut statement = prepare(connection, sql, params)?;
        let changed = statement
            .raw_execute()
            .map_err(sqlite::error::of_statement)?;
        Ok(changed as u64)
    }

    /// The first row, which the statement always has (counts, sums).
    ///
    /// # Errors
    /// As [`Tx::query_all`]; [`Error::Statement`] without a row.
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.query_opt(sql, params, map)?
            .ok_or_else(|| sqlite::error::of_statement(rusqlite::Error::QueryReturnedNoRows))
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Tx::query_all`].
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let Engine::Sqlite { connection, .. } = self.engine;
        let mut statement = prepare(connection, sql, params)?;
        let mut rows = statement.raw_query();
        match rows.next().map_err(sqlite::error::of_statement)? {
            Some(row) => map(&mut Row { row, next: 0 }).map(Some),
            None => Ok(None),
        }
    }

    /// All rows in the order of the statement.
    ///
    /// # Errors
    /// Engine failures, or [`Error::Corrupt`] when a column cannot be read as the type asked for.
    pub fn query_all<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let Engine::Sqlite { connection, .. } = self.engine;
        let mut statement = prepare(connection, sql, params)?;
        let mut rows = statement.raw_query();
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(sqlite::error::of_statement)? {
            all.push(map(&mut Row { row, next: 0 })?);
        }
        Ok(all)
    }

    /// What to append to a SELECT that must lock its rows. Empty on SQLite, whose writer is alone anyway.
    pub(crate) fn lock_suffix(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "",
        }
    }
}

impl Row<'_> {
    /// The next column.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the value does not fit `T`.
    pub fn get<T: FromColumn>(&mut self) -> Result<T, Error> {
        let index = self.next;
        self.next += 1;
        let column = match self
            .row
            .get_ref(index)
            .map_err(sqlite::error::of_statement)?
        {
            ValueRef::Null => Some(Column::Null),
            ValueRef::Integer(value) => Some(Column::Integer(value)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().map(Column::Text),
            ValueRef::Real(_) | ValueRef::Blob(_) => None,
        };
        column
            .and_then(T::from_column)
            .ok_or_else(|| self.corrupt(index))
    }

    fn corrupt(&self, index: usize) -> Error {
        let column = self
            .row
            .as_ref()
            .column_name(index)
            .unwrap_or("?")
            .to_owned();
        Error::Corrupt { column }
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// A cached statement with its parameters bound.
fn prepare<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<CachedStatement<'c>, Error> {
    let mut statement = connection
        .prepare_cached(sql)
        .map_err(sqlite::error::of_statement)?;
    debug_assert_eq!(
        statement.get_status(StatementStatus::RePrepare),
        0,
        "cached statement was compiled again: {sql}"
    );
    let expected = statement.parameter_count();
    if expected != params.len() {
        return Err(sqlite::error::of_statement(
            rusqlite::Error::InvalidParameterCount(params.len(), expected),
        ));
    }
    for (index, param) in params.iter().enumerate() {
        debug_assert_eq!(
            statement.parameter_name(index + 1),
            Some(format!("${}", index + 1).as_str()),
            "placeholders are numbered in order of first appearance: {sql}"
        );
        statement
            .raw_bind_parameter(index + 1, param)
            .map_err(sqlite::error::of_statement)?;
    }
    Ok(statement)
}
