//! Statements of one transaction.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, StatementStatus, ToSql};

use super::error::of_statement;
use crate::engine::{EngineRow, Take};
use crate::value::Column;
use crate::{Error, Param, pace};

/// An open transaction of a connection.
pub(crate) struct Transaction<'a> {
    connection: &'a Connection,
    writable: bool,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(connection: &'a Connection, writable: bool) -> Self {
        pace::begin();
        Self {
            connection,
            writable,
        }
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        if !self.writable {
            return Err(Error::WriteInRead);
        }
        let mut statement = self.prepare(sql, params)?;
        let changed = statement.raw_execute().map_err(of_statement)?;
        Ok(changed as u64)
    }

    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        take: Take<'_>,
    ) -> Result<(), Error> {
        let mut statement = self.prepare(sql, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(of_statement)? {
            if take(EngineRow::Sqlite(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A cached statement with its parameters bound.
    fn prepare(&self, sql: &str, params: &[Param<'_>]) -> Result<CachedStatement<'a>, Error> {
        pace::give_way();
        let mut statement = self.connection.prepare_cached(sql).map_err(of_statement)?;
        debug_assert_eq!(
            statement.get_status(StatementStatus::RePrepare),
            0,
            "cached statement was compiled again: {sql}"
        );
        let expected = statement.parameter_count();
        if expected != params.len() {
            return Err(of_statement(rusqlite::Error::InvalidParameterCount(
                params.len(),
                expected,
            )));
        }
        for (index, param) in params.iter().enumerate() {
            debug_assert_eq!(
                statement.parameter_name(index + 1),
                Some(format!("${}", index + 1).as_str()),
                "placeholders are numbered in order of first appearance: {sql}"
            );
            statement
                .raw_bind_parameter(index + 1, param)
                .map_err(of_statement)?;
        }
        Ok(statement)
    }
}

/// `None` for a type that the schema does not have.
#[inline]
pub(crate) fn column<'r>(row: &'r Row<'_>, index: usize) -> Result<Option<Column<'r>>, Error> {
    Ok(match row.get_ref(index).map_err(of_statement)? {
        ValueRef::Null => Some(Column::Null),
        ValueRef::Integer(value) => Some(Column::Integer(value)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().map(Column::Text),
        ValueRef::Real(_) | ValueRef::Blob(_) => None,
    })
}

/// A column that cannot be read as the type asked for.
pub(crate) fn corrupt(row: &Row<'_>, index: usize) -> Error {
    let column = row.as_ref().column_name(index).unwrap_or("?").to_owned();
    Error::Corrupt { column }
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
