//! Rows as they travel: read in the order of the primary key, written many at a time, and summed up.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::tables::{Kind, Table};
use crate::value::{Column, FromColumn};
use crate::{Error, Param, Tx};

/// A value of any column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// Neither an integer nor UTF-8 text. SQLite lets any column hold any bytes.
    Unreadable,
}

/// Values in the order of the catalogue's columns.
pub(super) type Row = Vec<Value>;

/// SHA-256 over every column of every row, in the order of the primary key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Checksum([u8; 32]);

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Number of rows.
    pub rows: u64,
    /// Checksum of the rows.
    pub checksum: Checksum,
}

/// Sums rows up.
pub(super) struct Summing {
    rows: u64,
    hash: Sha256,
    encoded: Vec<u8>,
}

/// Parameters of one statement, to save round trips to PostgreSQL; twenty times as many were not faster. SQLite
/// looks each one up by its name in a list when it compiles the statement.
const PARAMETERS: usize = 1_000;

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All of them.
    All,
    /// Those with values that had to wait.
    Waiting,
}

/// The next rows behind a key, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    table: &Table,
    which: Which,
    after: Option<&[Value]>,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let key = table.key.join(", ");
    let mut conditions = Vec::new();
    if let (Which::Waiting, Some(later)) = (which, &table.later) {
        conditions.push(format!("{} IS NOT NULL", later.of));
    }
    let mut params: Vec<Param<'_>> = Vec::new();
    if let Some(after) = after {
        conditions.push(format!("({key}) > ({})", placeholders(0, after.len())));
        params.extend(after.iter().map(Value::param));
    }
    let condition = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    // The limit stands in the text, so that PostgreSQL plans for the few rows that are wanted.
    let sql = format!(
        "SELECT {} FROM {}{condition} ORDER BY {key} LIMIT {limit}",
        table.column_list(),
        table.name
    );
    tx.query_all(&sql, &params, |row| {
        let mut values = Row::with_capacity(table.columns.len());
        for _ in table.columns {
            values.push(match row.get() {
                Err(Error::Corrupt { .. }) => Value::Unreadable,
                other => other?,
            });
        }
        Ok(values)
    })
}

/// The primary key of a row.
pub(super) fn key_of(table: &Table, row: &Row) -> Vec<Value> {
    let value = |name: &&str| row[table.position(name)].clone();
    table.key.iter().map(value).collect()
}

/// Adds rows, with stand-ins for what has to wait.
pub(super) fn insert(tx: &mut Tx<'_>, table: &Table, rows: &[Row]) -> Result<(), Error> {
    write(tx, table, rows, "", |row| {
        let mut params: Vec<Param<'_>> = row.iter().map(Value::param).collect();
        if let Some(later) = &table.later
            && row[table.position(later.of)] != Value::Null
        {
            for (column, stand_in) in later.stand_ins {
                params[table.position(column)] = (*stand_in).into();
            }
        }
        params
    })
}

/// Gives rows that are there the values that had to wait.
pub(super) fn settle(tx: &mut Tx<'_>, table: &Table, rows: &[Row]) -> Result<(), Error> {
    let later = table
        .later
        .as_ref()
        .map_or(&[][..], |later| later.stand_ins);
    let set: Vec<String> = later
        .iter()
        .map(|(column, _)| format!("{column} = excluded.{column}"))
        .collect();
    let conflict = format!(
        " ON CONFLICT ({}) DO UPDATE SET {}",
        table.key.join(", "),
        set.join(", ")
    );
    write(tx, table, rows, &conflict, |row| {
        row.iter().map(Value::param).collect()
    })
}

fn write<'r>(
    tx: &mut Tx<'_>,
    table: &Table,
    rows: &'r [Row],
    conflict: &str,
    params: impl Fn(&'r Row) -> Vec<Param<'r>>,
) -> Result<(), Error> {
    let width = table.columns.len();
    for chunk in rows.chunks((PARAMETERS / width).max(1)) {
        let values: Vec<String> = (0..chunk.len())
            .map(|row| format!("({})", placeholders(row * width, width)))
            .collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES {}{conflict}",
            table.name,
            table.column_list(),
            values.join(", ")
        );
        let params: Vec<Param<'_>> = chunk.iter().flat_map(&params).collect();
        tx.execute(&sql, &params)?;
    }
    Ok(())
}

/// `$from+1, …`.
fn placeholders(from: usize, count: usize) -> String {
    let all: Vec<String> = (from + 1..=from + count).map(|n| format!("${n}")).collect();
    all.join(", ")
}

impl Value {
    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Null | Self::Unreadable => Param::Null,
            Self::Integer(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    /// Whether a column of this kind may hold it; every column may be null as far as the kind goes.
    pub(super) fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Null => true,
            Self::Integer(_) => kind == Kind::Integer,
            Self::Text(_) => kind == Kind::Text,
            Self::Unreadable => false,
        }
    }
}

impl FromColumn for Value {
    fn from_column(column: Column<'_>) -> Option<Self> {
        Some(match column {
            Column::Null => Self::Null,
            Column::Integer(value) => Self::Integer(value),
            Column::Text(text) => Self::Text(text.to_owned()),
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(text) => write!(f, "{}", text.escape_debug()),
            Self::Unreadable => f.write_str("?"),
        }
    }
}

impl Summing {
    pub(super) fn new(table: &Table) -> Self {
        let mut hash = Sha256::new();
        hash.update(table.name.as_bytes());
        Self {
            rows: 0,
            hash,
            encoded: Vec::new(),
        }
    }

    /// Every value is preceded by its type, and text by its length: null, 0 and empty differ, and nothing
    /// can move from one column into the next.
    pub(super) fn add(&mut self, row: &Row) {
        let encoded = &mut self.encoded;
        encoded.clear();
        for value in row {
            match value {
                Value::Null => encoded.push(0),
                Value::Integer(value) => {
                    encoded.push(1);
                    encoded.extend(value.to_be_bytes());
                }
                Value::Text(text) => {
                    encoded.push(2);
                    encoded.extend((text.len() as u64).to_be_bytes());
                    encoded.extend(text.as_bytes());
                }
                Value::Unreadable => encoded.push(3),
            }
        }
        self.hash.update(&*encoded);
        self.rows += 1;
    }

    pub(super) fn finish(self) -> Content {
        Content {
            rows: self.rows,
            checksum: Checksum(self.hash.finalize().into()),
        }
    }
}

impl Checksum {
    /// All of it, in hexadecimal digits.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The first 16 of 64 hexadecimal digits.
impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..8]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
