//! Statements over whole rows, written from the declaration of their table.

use crate::table::{Column, Kind, Role, Table};
use crate::{Error, Param, Tx};

impl Table {
    /// `prefix` and name of each column that is read with a row.
    pub(crate) fn read_list(&self, prefix: &str) -> String {
        let read = self.columns.iter().filter(|it| it.role != Role::Derived);
        let names: Vec<String> = read.map(|it| format!("{prefix}{}", it.name)).collect();
        names.join(", ")
    }

    /// `SELECT columns FROM table`, and what follows.
    pub(crate) fn select(&self, rest: &str) -> String {
        format!("SELECT {} FROM {} {rest}", self.read_list(""), self.name)
    }

    /// `INSERT INTO table (columns) VALUES ($1, …)`.
    pub(crate) fn insert(&self) -> String {
        insert(self.name, &names(self.added()), 1)
    }

    /// [`Table::insert`] of any number of rows.
    pub(crate) fn insert_all(&self) -> InsertAll {
        let integers = self.added().filter(|it| it.kind == Kind::Integer);
        let integers: Vec<&str> = integers.map(|it| it.name).collect();
        InsertAll::new(self.name, &names(self.added()), &integers)
    }

    /// `UPDATE table SET a = $1, … WHERE key1 = $n AND …`.
    pub(crate) fn update(&self) -> String {
        self.update_without(&[])
    }

    /// [`Table::update`] of other columns than these: SQLite writes the indexes of all that are named anew.
    pub(crate) fn update_without(&self, kept: &[&str]) -> String {
        let mut number = 0;
        let mut assign = |name: &str| {
            number += 1;
            format!("{name} = ${number}")
        };
        let set = self.changing().filter(|it| !kept.contains(&it.name));
        let set: Vec<String> = set.map(|it| assign(it.name)).collect();
        let key: Vec<String> = self.key.iter().map(|name| assign(name)).collect();
        format!(
            "UPDATE {} SET {} WHERE {}",
            self.name,
            set.join(", "),
            key.join(" AND ")
        )
    }

    /// What [`UpdateEach`] sets to change whole rows; each is given its id and [`crate::table::Record::changes`].
    pub(crate) fn set_each(&self) -> String {
        let set = self
            .changing()
            .enumerate()
            .map(|(index, it)| format!("{} = {}", it.name, element(index + 1, it.kind)));
        set.collect::<Vec<_>>().join(", ")
    }

    fn added(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|it| it.role != Role::Kept)
    }

    fn changing(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|it| it.role == Role::Changes)
    }
}

fn names<'c>(columns: impl Iterator<Item = &'c Column>) -> String {
    columns.map(|it| it.name).collect::<Vec<_>>().join(", ")
}

/// `INSERT INTO table (columns) VALUES ($1, …), (…)`, of so many rows.
fn insert(table: &str, columns: &str, rows: usize) -> String {
    let count = columns.split(',').count();
    let row = |row: usize| {
        let values = (row * count..(row + 1) * count).map(|n| format!("${}", n + 1));
        format!("({})", values.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO {table} ({columns}) VALUES {}", rows.join(", "))
}

/// Longest list of rows of one statement, in bytes of JSON: what is on its way to the engine at once.
const LONGEST_LIST: usize = 1 << 20;

/// INSERTs of any number of rows into one table.
pub(crate) struct InsertAll {
    one: String,
    /// [`SOME`] rows.
    some: String,
    /// Any number, on PostgreSQL.
    many: String,
}

/// Changes of any number of rows of some tables, as one statement of PostgreSQL.
pub(crate) struct UpdateEach(String);

impl UpdateEach {
    /// Tables, and what is done to their rows `t`. What each is given are the elements of `r.value`, of which the
    /// first is its id.
    pub(crate) fn new(tables: &[(&str, &str)]) -> Self {
        let part = |(index, (table, set)): (usize, &(&str, &str))| {
            let (rows, place) = (format!("r{index}"), index + 2);
            // The array makes it a look-up by key for each, whatever the planner thinks of the sizes.
            format!(
                "{rows} AS MATERIALIZED ( \
                   SELECT value ->> 0 AS id, value FROM \
                   jsonb_array_elements(CAST(CAST(${place} AS TEXT) AS JSONB)) \
                 ), u{index} AS ( \
                   UPDATE {table} t SET {set} FROM {rows} r WHERE t.tenant_id = $1 \
                   AND t.id = ANY (ARRAY(SELECT id FROM {rows})) AND t.id = r.id \
                 )"
            )
        };
        let parts: Vec<String> = tables.iter().enumerate().map(part).collect();
        Self(format!("WITH {} SELECT 1", parts.join(", ")))
    }

    /// Changes rows of each table, each of which is given once: [`Tx::post`].
    pub(crate) fn post(
        &self,
        tx: &mut Tx<'_>,
        tables: &[Vec<Vec<Param<'_>>>],
    ) -> Result<(), Error> {
        let tenant = tx.tenant()?;
        tx.check(tables.iter().flatten().flatten())?;
        let lists = tables
            .iter()
            .map(|rows| json_array(rows.iter().map(|row| json_array(row.iter().map(json)))));
        let values: Vec<Param<'_>> = std::iter::once(tenant.into())
            .chain(lists.map(Param::from))
            .collect();
        tx.post(&self.0, &values)
    }
}

/// An element of `r.value` as a value of a column.
fn element(index: usize, kind: Kind) -> String {
    match kind {
        Kind::Integer => format!("CAST(r.value ->> {index} AS BIGINT)"),
        Kind::Text => format!("r.value ->> {index}"),
    }
}

/// How many rows one statement has on SQLite.
const SOME: usize = 16;

impl InsertAll {
    /// `integers` are those of the columns that are no text.
    pub(crate) fn new(table: &str, columns: &str, integers: &[&str]) -> Self {
        let names = columns.split(',').map(str::trim);
        let values: Vec<String> = names
            .enumerate()
            .map(|(index, name)| match integers.contains(&name) {
                true => element(index, Kind::Integer),
                false => element(index, Kind::Text),
            })
            .collect();
        Self {
            one: insert(table, columns, 1),
            some: insert(table, columns, SOME),
            many: format!(
                "INSERT INTO {table} ({columns}) SELECT {} \
                 FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) WITH ORDINALITY AS r (value, n) \
                 ORDER BY r.n",
                values.join(", ")
            ),
        }
    }

    /// Changes rows that are there already.
    pub(crate) fn or_update(mut self, table: &Table) -> Self {
        let set: Vec<String> = table
            .changing()
            .map(|it| format!("{0} = excluded.{0}", it.name))
            .collect();
        let conflict = format!(
            " ON CONFLICT ({}) DO UPDATE SET {}",
            table.key.join(", "),
            set.join(", ")
        );
        self.one += &conflict;
        self.some += &conflict;
        self.many += &conflict;
        self
    }

    /// Evaluates a condition first, on PostgreSQL where there are several rows.
    pub(crate) fn when(mut self, condition: &str) -> Self {
        let ordered = " ORDER BY r.n";
        self.many = self
            .many
            .replace(ordered, &format!(" WHERE {condition}{ordered}"));
        self
    }

    /// Inserts the rows, in their order. No row may be among them twice if they can be updated.
    ///
    /// On PostgreSQL several rows are one statement whatever their number, handed over as JSON: one round
    /// trip, one plan; only very long ones are several. SQLite is no trip away, and there a row takes 3 µs by
    /// itself, 2 among some and 16 out of JSON.
    pub(crate) fn run<'p>(
        &self,
        tx: &mut Tx<'_>,
        rows: impl IntoIterator<Item = Vec<Param<'p>>, IntoIter: ExactSizeIterator>,
    ) -> Result<(), Error> {
        let run =
            |tx: &mut Tx<'_>, sql: &str, values: &[Param<'_>]| tx.execute(sql, values).map(drop);
        self.each(tx, rows, run)
    }

    /// [`InsertAll::run`] of rows that nothing is expected to be wrong with: [`Tx::post`].
    pub(crate) fn post<'p>(
        &self,
        tx: &mut Tx<'_>,
        rows: impl IntoIterator<Item = Vec<Param<'p>>, IntoIter: ExactSizeIterator>,
    ) -> Result<(), Error> {
        self.each(tx, rows, |tx, sql, values| tx.post(sql, values))
    }

    fn each<'p, 't>(
        &self,
        tx: &mut Tx<'t>,
        rows: impl IntoIterator<Item = Vec<Param<'p>>, IntoIter: ExactSizeIterator>,
        run: impl Fn(&mut Tx<'t>, &str, &[Param<'_>]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rows = rows.into_iter();
        if rows.len() > 1 && tx.dialect().is_remote {
            let rows: Vec<_> = rows.collect();
            tx.check(rows.iter().flatten())?;
            let rows = rows.iter().map(|row| json_array(row.iter().map(json)));
            for list in lists(rows, LONGEST_LIST) {
                run(tx, &self.many, &[list.into()])?;
            }
            return Ok(());
        }
        let mut some = Vec::new();
        while rows.len() >= SOME {
            some.clear();
            some.extend(rows.by_ref().take(SOME).flatten());
            run(tx, &self.some, &some)?;
        }
        rows.try_for_each(|row| run(tx, &self.one, &row))
    }
}

/// JSON arrays of the values, in their order, none longer than `longest` unless one value alone is.
fn lists(values: impl IntoIterator<Item = String>, longest: usize) -> impl Iterator<Item = String> {
    let mut values = values.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut list = format!("[{}", values.next()?);
        while let Some(value) = values.next_if(|value| list.len() + value.len() + 2 <= longest) {
            list.push(',');
            list += &value;
        }
        list.push(']');
        Some(list)
    })
}

/// Rows of texts as one parameter, for [`Tx::each_of`].
///
/// # Errors
/// [`Error::NulCharacter`], which JSON could carry, but not every engine read.
pub(crate) fn json_rows<const N: usize, T: AsRef<str>>(
    rows: impl IntoIterator<Item = [T; N]>,
) -> Result<String, Error> {
    let text = |text: &T| match text.as_ref() {
        text if text.contains('\0') => Err(Error::NulCharacter),
        text => Ok(json(&text.into())),
    };
    let row = |texts: [T; N]| {
        texts
            .iter()
            .map(text)
            .collect::<Result<Vec<_>, _>>()
            .map(json_array)
    };
    rows.into_iter()
        .map(row)
        .collect::<Result<Vec<_>, _>>()
        .map(json_array)
}

fn json_array(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    format!("[{}]", values.join(","))
}

fn json(value: &Param<'_>) -> String {
    match value {
        Param::Null => "null".to_owned(),
        Param::Integer(number) => number.to_string(),
        Param::Text(text) => serde_json::Value::from(text.as_ref()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_rows_are_several() {
        let rows = ["1234", "56", "7", "1234567890", "8"].map(String::from);
        let lists: Vec<String> = lists(rows, 9).collect();
        assert_eq!(lists, ["[1234,56]", "[7]", "[1234567890]", "[8]"]);
        assert_eq!(super::lists([], 9).count(), 0);
    }
}
