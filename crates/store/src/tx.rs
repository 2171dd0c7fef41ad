//! One transaction: statements, parameters, rows.

use std::ops::ControlFlow;

use crate::engine::{Connection, Dialect, EngineRow};
use crate::value::FromColumn;
use crate::{Error, Param, postgres, sqlite};

/// An open transaction, handed to the closures of [`Store::write`](crate::Store::write) and
/// [`Store::read`](crate::Store::read).
///
/// Rules use the functions of the resource modules. The statement methods are public for tests and tools.
///
/// Placeholders are `$1`, `$2`, … numbered in the order in which they first appear in the text (SQLite
/// numbers named parameters that way); debug builds check it.
pub struct Tx<'a> {
    connection: Connection<'a>,
    /// Whose rows it reads and writes; none if it was opened across tenants.
    tenant: Option<&'a str>,
    /// Those of pages, once somebody has asked for them.
    statements: Option<Vec<String>>,
}

/// A result row, read from left to right.
pub struct Row<'a> {
    row: EngineRow<'a>,
    next: usize,
    bytes: usize,
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(transaction: sqlite::Transaction<'a>, tenant: Option<&'a str>) -> Self {
        Self::of(Connection::Sqlite(transaction), tenant)
    }

    pub(crate) fn postgres(
        transaction: &'a mut postgres::Transaction,
        tenant: Option<&'a str>,
    ) -> Self {
        Self::of(Connection::Postgres(transaction), tenant)
    }

    fn of(connection: Connection<'a>, tenant: Option<&'a str>) -> Self {
        Self {
            connection,
            tenant,
            statements: None,
        }
    }

    /// The tenant that it was opened for: whose rows the functions of the resource modules read and write.
    ///
    /// # Errors
    /// [`Error::NoTenant`] if it was opened across tenants.
    pub fn tenant(&self) -> Result<&'a str, Error> {
        self.tenant.ok_or(Error::NoTenant)
    }

    /// [`Tx::tenant`], of which a row is.
    ///
    /// # Errors
    /// [`Error::OtherTenant`] if it is another one's, [`Error::NoTenant`].
    pub(crate) fn own(&self, tenant_id: &str) -> Result<&'a str, Error> {
        let tenant = self.tenant()?;
        (tenant == tenant_id)
            .then_some(tenant)
            .ok_or(Error::OtherTenant)
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// Constraint violations as named variants, [`Error::WriteInRead`] inside a read transaction,
    /// [`Error::NulCharacter`] for a text that not every engine can store.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        self.check(params)?;
        self.connection.execute(sql, params)
    }

    /// Runs a statement that is not expected to fail, of whose outcome nobody but the transaction has to hear. On
    /// PostgreSQL it travels with the next one, or with COMMIT, which fails if it fails: that saves a trip.
    ///
    /// # Errors
    /// As [`Tx::execute`]; what the engine finds wrong, maybe later.
    pub fn post(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), Error> {
        self.check(params)?;
        self.connection.post(sql, params)
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
        self.query_opt(sql, params, map)?.ok_or_else(Error::no_row)
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
        let (mut map, mut first) = (Some(map), None);
        self.connection.query(sql, params, &mut |row| {
            if let Some(map) = map.take() {
                first = Some(map(&mut Row::new(row))?);
            }
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
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
        let mut all = Vec::new();
        self.connection.query(sql, params, &mut |row| {
            all.push(map(&mut Row::new(row))?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
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
        let mut all = Vec::new();
        self.connection.query_alone(sql, params, &mut |row| {
            all.push(map(&mut Row::new(row))?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
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
        self.connection
            .query_until(sql, params, &mut |row| take(&mut Row::new(row)))
    }

    /// The statements that the pages of lists were read with since this was called first, for tests of how an
    /// engine means to run them.
    pub fn page_statements(&mut self) -> Vec<String> {
        std::mem::take(self.statements.get_or_insert_default())
    }

    pub(crate) fn dialect(&self) -> &'static Dialect {
        self.connection.dialect()
    }

    /// Undoes this run and asks for another one, with the error to end it with: what was read in order to lock
    /// it has changed meanwhile. Only an engine on which that can happen is asked.
    pub(crate) fn run_again(&mut self) -> Error {
        self.connection.run_again()
    }

    /// Begins a part of the transaction that can be undone alone, by [`Tx::undo_part`]; until then, or
    /// [`Tx::keep_part`], there is no other one.
    ///
    /// # Errors
    /// Engine failures.
    pub fn begin_part(&mut self) -> Result<(), Error> {
        self.post("SAVEPOINT part", &[])
    }

    /// Keeps the part: it is undone only with everything else.
    ///
    /// # Errors
    /// Engine failures.
    pub fn keep_part(&mut self) -> Result<(), Error> {
        self.post("RELEASE SAVEPOINT part", &[])
    }

    /// Undoes the part. `false`: a statement of it failed, after which some engines run nothing any more; the whole
    /// transaction has to be given up.
    ///
    /// # Errors
    /// Engine failures.
    pub fn undo_part(&mut self) -> Result<bool, Error> {
        if self.connection.has_failed() {
            return Ok(false);
        }
        self.post("ROLLBACK TO SAVEPOINT part", &[])?;
        self.keep_part()?;
        Ok(true)
    }

    /// Rows for the elements of the JSON array that is bound to `placeholder`: [`Dialect::each_of`].
    pub(crate) fn each_of(&self, placeholder: &str, alias: &str) -> String {
        (self.dialect().each_of)(placeholder, alias)
    }

    /// A condition that few rows meet: [`Dialect::rarely`].
    pub(crate) fn rarely(&self, condition: &str) -> String {
        (self.dialect().rarely)(condition)
    }

    /// That a column is among the values of a subquery: [`Dialect::among`].
    pub(crate) fn among(&self, column: &str, subquery: &str) -> String {
        (self.dialect().among)(column, subquery)
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
    fn new(row: EngineRow<'a>) -> Self {
        Self {
            row,
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
        let column = self.row.column(index)?;
        self.bytes += column.map_or(0, T::bytes);
        column
            .and_then(T::from_column)
            .ok_or_else(|| self.row.corrupt(index))
    }

    /// How many bytes the texts read so far take in a JSON answer, at most.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}
