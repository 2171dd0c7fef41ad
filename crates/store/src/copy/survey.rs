//! What a database holds, table by table, read once from beginning to end within one transaction.

use super::error::{Error, Unfit};
use super::rows::{Content, Row, Summing, Value, Which, key_of, page};
use super::tables::{TABLES, Table};
use super::{Phase, Progress, SHOWN, Watch};
use crate::{Error as Store, Tx, verify_invariants};

/// What a database holds, in the order of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Survey(pub(super) Vec<Surveyed>);

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surveyed {
    pub(super) table: &'static str,
    pub(super) content: Content,
    /// Rows with values that have to wait.
    pub(super) waiting: u64,
}

/// Values that PostgreSQL could not hold, or that do not have the type of their column.
#[derive(Debug, Default)]
pub(super) struct Findings {
    shown: Vec<Unfit>,
    all: u64,
}

impl Survey {
    pub(super) fn of(&self, table: &str) -> &Surveyed {
        self.0
            .iter()
            .find(|surveyed| surveyed.table == table)
            .expect("a survey has every table of the catalogue")
    }
}

impl Findings {
    /// An error, if there are any.
    pub(super) fn check(self) -> Result<(), Error> {
        match self.all {
            0 => Ok(()),
            all => Err(Error::Unfit(self.shown, all)),
        }
    }

    fn look_at(&mut self, table: &'static Table, row: &Row) {
        for (column, value) in table.columns.iter().zip(row) {
            let why = match value {
                Value::Text(text) if text.contains('\0') => "contains U+0000",
                Value::Unreadable => "is neither an integer nor UTF-8 text",
                value if !value.fits(column.kind) => "does not have the type of its column",
                _ => continue,
            };
            self.all += 1;
            if self.shown.len() < SHOWN {
                self.shown.push(Unfit {
                    table: table.name,
                    key: key_text(table, row),
                    column: column.name,
                    why,
                });
            }
        }
    }
}

/// Reads every table.
pub(super) fn take(
    tx: &mut Tx<'_>,
    phase: Phase,
    batch: u32,
    watch: &Watch,
) -> Result<(Survey, Findings), Store> {
    let mut findings = Findings::default();
    let mut all = Vec::new();
    for table in TABLES {
        all.push(read(tx, table, phase, batch, watch, &mut findings)?);
    }
    Ok((Survey(all), findings))
}

/// Reads one table.
pub(super) fn read(
    tx: &mut Tx<'_>,
    table: &'static Table,
    phase: Phase,
    batch: u32,
    watch: &Watch,
    findings: &mut Findings,
) -> Result<Surveyed, Store> {
    let of = count(tx, table)?;
    let mut summing = Summing::new(table);
    let (mut rows, mut waiting, mut after) = (0, 0, None);
    loop {
        let page = page(tx, table, Which::All, after.as_deref(), batch)?;
        for row in &page {
            summing.add(row);
            findings.look_at(table, row);
            if let Some(later) = &table.later
                && row[table.position(later.of)] != Value::Null
            {
                waiting += 1;
            }
        }
        rows += page.len() as u64;
        watch(&Progress {
            phase,
            table: table.name,
            rows,
            of,
        });
        let Some(last) = page.last().filter(|_| page.len() == batch as usize) else {
            break;
        };
        let key = key_of(table, last);
        if key.iter().any(unfit) {
            // It is among the findings; statements cannot name it, nor what is behind it.
            break;
        }
        after = Some(key);
    }
    Ok(Surveyed {
        table: table.name,
        content: summing.finish(),
        waiting,
    })
}

fn unfit(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains('\0'),
        Value::Unreadable => true,
        Value::Null | Value::Integer(_) => false,
    }
}

/// What is wrong with the rows as a whole: references into nothing, and whatever
/// [`verify_invariants`] finds.
pub(super) fn faults(tx: &mut Tx<'_>) -> Result<Vec<String>, Store> {
    let mut faults = references(tx)?;
    let tenants = tx.query_all("SELECT id FROM tenants ORDER BY id", &[], |row| {
        row.get::<String>()
    })?;
    for tenant in tenants {
        let found = verify_invariants(tx, &tenant)?;
        faults.extend(
            found
                .into_iter()
                .map(|fault| format!("tenant `{tenant}`: {fault}")),
        );
    }
    Ok(faults)
}

fn references(tx: &mut Tx<'_>) -> Result<Vec<String>, Store> {
    tx.query_all(tx.dialect().broken_references, &[], |row| row.get())
}

fn count(tx: &mut Tx<'_>, table: &Table) -> Result<u64, Store> {
    let sql = format!("SELECT count(*) FROM {}", table.name);
    let count: i64 = tx.query_one(&sql, &[], |row| row.get())?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The primary key of a row, for people.
pub(super) fn key_text(table: &Table, row: &Row) -> String {
    let values: Vec<String> = key_of(table, row).iter().map(Value::to_string).collect();
    values.join(" ")
}
