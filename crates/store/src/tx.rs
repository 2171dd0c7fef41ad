//! One transaction: statements, parameters, rows.

use std::ops::ControlFlow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, StatementStatus, ToSql};

use crate::value::{Column, FromColumn};
use crate::{Error, Param, pace, postgres, sqlite};

/// An open transaction, handed to the closures of [`Store::write`](crate::Store::write) and
/// [`Store::read`](crate::Store::read).
///
/// Rules use the functions of the resource modules. The statement methods are public for tests and tools.
///
/// Placeholders are `$1`, `$2`, … numbered in the order in which they first appear in the text (SQLite
/// numbers named parameters that way); debug builds check it.
pub struct Tx<'a> {
    engine: Engine<'a>,
    /// Those of pages, once somebody has asked for them.
    statements: Option<Vec<String>>,
}

/// Which SQL the engine speaks, where the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Where a statement goes. One variant per engine.
enum Engine<'a> {
    Sqlite {
        connection: &'a Connection,
        writable: bool,
    },
    Postgres(&'a mut postgres::Transaction),
}

/// A result row, read from left to right.
pub struct Row<'a> {
    row: EngineRow<'a>,
    next: usize,
    bytes: usize,
}

enum EngineRow<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a Connection, writable: bool) -> Self {
        pace::begin();
        Self {
            engine: Engine::Sqlite {
                connection,
                writable,
            },
            statements: None,
        }
    }

    pub(crate) fn postgres(transaction: &'a mut postgres::Transaction) -> Self {
        Self {
            engine: Engine::Postgres(transaction),
            statements: None,
        }
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// Constraint violations as named variants, [`Error::WriteInRead`] inside a read transaction,
    /// [`Error::NulCharacter`] for a text that not every engine can store.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        self.check(params)?;
        match &mut self.engine {
            Engine::Sqlite {
                connection,
                writable,
            } => execute_on_sqlite(connection, *writable, sql, params),
            Engine::Postgres(transaction) => transaction.execute(sql, params),
        }
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
        self.check(params)?;
        match &mut self.engine {
            Engine::Sqlite { connection, .. } => {
                let mut statement = prepare(connection, sql, params)?;
                let mut rows = statement.raw_query();
                match rows.next().map_err(sqlite::error::of_statement)? {
                    Some(row) => map(&mut Row::sqlite(row)).map(Some),
                    None => Ok(None),
                }
            }
            Engine::Postgres(transaction) => {
                let rows = transaction.query(sql, params)?;
                rows.first()
                    .map(|row| map(&mut Row::postgres(row)))
                    .transpose()
            }
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
        self.check(params)?;
        match &mut self.engine {
            Engine::Sqlite { connection, .. } => {
                let mut statement = prepare(connection, sql, params)?;
                let mut rows = statement.raw_query();
                let mut all = Vec::new();
                while let Some(row) = rows.next().map_err(sqlite::error::of_statement)? {
                    all.push(map(&mut Row::sqlite(row))?);
                }
                Ok(all)
            }
            Engine::Postgres(transaction) => {
                let rows = transaction.query(sql, params)?;
                rows.iter()
                    .map(|row| map(&mut Row::postgres(row)))
                    .collect()
            }
        }
    }

    /// [`Tx::query_all`] of a statement that is the whole transaction: it is committed when this returns. That
    /// saves a trip to PostgreSQL; on SQLite it is one like the others.
    pub(crate) fn query_alone<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.check(params)?;
        match &mut self.engine {
            Engine::Sqlite { .. } => self.query_all(sql, params, map),
            Engine::Postgres(transaction) => {
                let rows = transaction.query_alone(sql, params)?;
                rows.iter()
                    .map(|row| map(&mut Row::postgres(row)))
                    .collect()
            }
        }
    }

    /// Rows in the order of the statement until `take` has enough of them. Those after that are not kept in
    /// memory, whatever their number and size.
    pub(crate) fn query_until(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut take: impl FnMut(&mut Row<'_>) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        self.check(params)?;
        if let Some(statements) = &mut self.statements {
            statements.push(sql.to_owned());
        }
        match &mut self.engine {
            Engine::Sqlite { connection, .. } => {
                let mut statement = prepare(connection, sql, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(sqlite::error::of_statement)? {
                    if take(&mut Row::sqlite(row))?.is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Engine::Postgres(transaction) => {
                let mut taken = Ok(());
                transaction.query_until(sql, params, |row| {
                    take(&mut Row::postgres(row)).unwrap_or_else(|error| {
                        taken = Err(error);
                        ControlFlow::Break(())
                    })
                })?;
                taken
            }
        }
    }

    /// The statements that the pages of lists were read with since this was called first, for tests of how an
    /// engine means to run them.
    pub fn page_statements(&mut self) -> Vec<String> {
        std::mem::take(self.statements.get_or_insert_default())
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Undoes this run and asks for another one, with the error to end it with: what was read in order to lock
    /// it has changed meanwhile. Only an engine on which that can happen is asked.
    pub(crate) fn run_again(&mut self) -> Error {
        match &mut self.engine {
            Engine::Sqlite { .. } => Error::changed_meanwhile(),
            Engine::Postgres(transaction) => transaction.run_again(),
        }
    }

    /// Begins a part of the transaction that can be undone alone, by [`Tx::undo_part`]; until then, or
    /// [`Tx::keep_part`], there is no other one.
    ///
    /// # Errors
    /// Engine failures.
    pub fn begin_part(&mut self) -> Result<(), Error> {
        self.execute("SAVEPOINT part", &[]).map(drop)
    }

    /// Keeps the part: it is undone only with everything else.
    ///
    /// # Errors
    /// Engine failures.
    pub fn keep_part(&mut self) -> Result<(), Error> {
        self.execute("RELEASE SAVEPOINT part", &[]).map(drop)
    }

    /// Undoes the part. `false`: a statement of it failed, after which some engines run nothing any more; the whole
    /// transaction has to be given up.
    ///
    /// # Errors
    /// Engine failures.
    pub fn undo_part(&mut self) -> Result<bool, Error> {
        if let Engine::Postgres(transaction) = &self.engine
            && transaction.has_failed()
        {
            return Ok(false);
        }
        self.execute("ROLLBACK TO SAVEPOINT part", &[])?;
        self.keep_part()?;
        Ok(true)
    }

    /// What to append to a SELECT that must lock its rows. Empty on SQLite, whose writer is alone anyway.
    pub(crate) fn lock_suffix(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            // As an UPDATE locks; rows that refer to this one by foreign key can still be written.
            Dialect::Postgres => " FOR NO KEY UPDATE",
        }
    }

    /// What stands in a FROM for the elements of the JSON array that is bound to `placeholder`: rows with one
    /// column `value`, an element.
    pub(crate) fn each_of(&self, placeholder: &str, alias: &str) -> String {
        match self.dialect() {
            Dialect::Sqlite => format!("json_each({placeholder}) AS {alias}"),
            Dialect::Postgres => format!(
                "jsonb_array_elements(CAST(CAST({placeholder} AS TEXT) AS JSONB)) AS {alias} (value)"
            ),
        }
    }

    /// That a column is among the values of a subquery, each of which is looked up by index: PostgreSQL would
    /// rather join, and read the whole table.
    pub(crate) fn among(&self, column: &str, subquery: &str) -> String {
        match self.dialect() {
            Dialect::Sqlite => format!("{column} IN ({subquery})"),
            Dialect::Postgres => format!("{column} = ANY (ARRAY({subquery}))"),
        }
    }

    /// Refuses values that not every engine can store.
    pub(crate) fn check<'p>(
        &self,
        params: impl IntoIterator<Item = &'p Param<'p>>,
    ) -> Result<(), Error> {
        let nul =
            |param: &Param<'_>| matches!(param, Param::Text(text) if text.as_bytes().contains(&0));
        if params.into_iter().any(nul) {
            return Err(Error::NulCharacter);
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self {
            row: EngineRow::Sqlite(row),
            next: 0,
            bytes: 0,
        }
    }

    pub(crate) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self {
            row: EngineRow::Postgres(row),
            next: 0,
            bytes: 0,
        }
    }

    /// The next column.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the value does not fit `T`.
    pub fn get<T: FromColumn>(&mut self) -> Result<T, Error> {
        let index = self.next;
        self.next += 1;
        let column = match self.row {
            EngineRow::Sqlite(row) => sqlite_column(row, index)?,
            EngineRow::Postgres(row) => postgres::column(row, index),
        };
        self.bytes += column.map_or(0, T::bytes);
        column
            .and_then(T::from_column)
            .ok_or_else(|| match self.row {
                EngineRow::Sqlite(row) => {
                    let column = row.as_ref().column_name(index).unwrap_or("?").to_owned();
                    Error::Corrupt { column }
                }
                EngineRow::Postgres(row) => postgres::corrupt(row, index),
            })
    }
}

impl Row<'_> {
    /// How many bytes the texts read so far take in a JSON answer, at most.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// `None` for a type that the schema does not have.
fn sqlite_column<'r>(
    row: &'r rusqlite::Row<'_>,
    index: usize,
) -> Result<Option<Column<'r>>, Error> {
    let value = row.get_ref(index).map_err(sqlite::error::of_statement)?;
    Ok(match value {
        ValueRef::Null => Some(Column::Null),
        ValueRef::Integer(value) => Some(Column::Integer(value)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().map(Column::Text),
        ValueRef::Real(_) | ValueRef::Blob(_) => None,
    })
}

fn execute_on_sqlite(
    connection: &Connection,
    writable: bool,
    sql: &str,
    params: &[Param<'_>],
) -> Result<u64, Error> {
    if !writable {
        return Err(Error::WriteInRead);
    }
    let mut statement = prepare(connection, sql, params)?;
    let changed = statement
        .raw_execute()
        .map_err(sqlite::error::of_statement)?;
    Ok(changed as u64)
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
    pace::give_way();
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
