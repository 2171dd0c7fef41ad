//! Scalar custom fields of orders as text, one row each, for the exact filter of the order list.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::orders::OrderRow;
use crate::page::Select;
use crate::statement::{InsertAll, json_rows};
use crate::table::{Entry as _, all_in, table};
use crate::{Error, Tx, params};

table! {
    /// A row of `order_fields`.
    FieldRow<'a> of "order_fields" by (tenant_id, field_id, value, created_at, order_id) below ("orders") {
        tenant_id: &'a str,
        field_id: Cow<'a, str>,
        value: Cow<'a, str>,
        created_at: Timestamp,
        order_id: &'a str,
    }
}

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| FieldRow::TABLE.insert_all());

/// Adds the fields of an order.
pub(crate) fn insert_all<'f>(
    tx: &mut Tx<'_>,
    order: &'f OrderRow,
    fields: &'f [(String, String)],
) -> Result<(), Error> {
    let row = |(field, value): &'f (String, String)| FieldRow {
        tenant_id: &order.tenant_id,
        field_id: searched(field),
        value: searched(value),
        created_at: order.created_at,
        order_id: &order.id,
    };
    let rows: Vec<FieldRow<'_>> = fields.iter().map(row).collect();
    let values = all_in(&rows, tx)?;
    INSERT.run(tx, values)
}

/// Those of the field ids that some order of the tenant has, with a value that can be filtered by.
///
/// # Errors
/// Engine failures.
pub fn known<'f>(tx: &mut Tx<'_>, fields: &[&'f str]) -> Result<HashSet<&'f str>, Error> {
    // No engine stores U+0000.
    let storable = fields.iter().filter(|field| !field.contains('\0'));
    let storable: Vec<(&str, Cow<'_, str>)> =
        storable.map(|field| (*field, searched(field))).collect();
    if storable.is_empty() {
        return Ok(HashSet::new());
    }
    // A subquery with a LIMIT is looked up for each field; a semi-join might read the table.
    let sql = format!(
        "SELECT w.value ->> 0 FROM {} WHERE (SELECT 1 FROM order_fields f \
         WHERE f.tenant_id = $2 AND f.field_id = w.value ->> 0 LIMIT 1) IS NOT NULL",
        tx.each_of("$1", "w")
    );
    let rows = json_rows(storable.iter().map(|(_, searched)| [&**searched]))?;
    let found: HashSet<String> = tx
        .query_all(&sql, params![rows, tx.tenant()?], |row| row.get())?
        .into_iter()
        .collect();
    let known = storable
        .iter()
        .filter(|(_, searched)| found.contains(&**searched));
    Ok(known.map(|(field, _)| *field).collect())
}

/// Fields and values that orders must have.
pub(crate) struct Wanted<'f> {
    /// Under which orders are looked up.
    first: (Cow<'f, str>, Cow<'f, str>),
    /// The others, as JSON, so that the statement is the same however many there are.
    others: String,
}

impl<'f> Wanted<'f> {
    /// `None` if nothing is wanted. Of several fields the one that fewest orders have comes first.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        fields: &'f [(String, String)],
    ) -> Result<Option<Self>, Error> {
        let mut searched: Vec<_> = fields
            .iter()
            .map(|(field, value)| [searched(field), searched(value)])
            .collect();
        if searched.len() > 1 {
            let rarest = rarest(tx, &searched)?;
            searched.swap(0, rarest.min(fields.len() - 1));
        }
        let mut searched = searched.into_iter();
        let Some([field, value]) = searched.next() else {
            return Ok(None);
        };
        Ok(Some(Self {
            first: (field, value),
            others: json_rows(searched)?,
        }))
    }

    /// The statement over `order_fields f` and `orders o`.
    pub(crate) fn select<'a>(
        &'a self,
        tx: &Tx<'_>,
        columns: &'a str,
        tenant: &'a str,
    ) -> Select<'a> {
        // A CROSS JOIN, because SQLite takes it in the order that is written.
        let from = "order_fields f CROSS JOIN orders o";
        let mut select = Select::new(columns, from, "f.tenant_id", tenant);
        let others = format!(
            "NOT EXISTS (SELECT 1 FROM {} WHERE NOT EXISTS (SELECT 1 FROM order_fields g \
             WHERE g.tenant_id = f.tenant_id AND g.field_id = w.value ->> 0 AND g.value = w.value ->> 1 \
             AND g.created_at = f.created_at AND g.order_id = f.order_id))",
            tx.each_of("{}", "w")
        );
        select
            .equals("f.field_id", Some(&*self.first.0))
            .equals("f.value", Some(&*self.first.1))
            .condition("o.tenant_id = f.tenant_id AND o.id = f.order_id")
            .condition_with(&others, self.others.as_str());
        select
    }
}

/// Which of several fields and values fewest orders have, as far as is worth counting.
fn rarest(tx: &mut Tx<'_>, fields: &[[Cow<'_, str>; 2]]) -> Result<usize, Error> {
    let sql = format!(
        "SELECT CAST(w.value ->> 2 AS BIGINT) FROM {} \
         ORDER BY (SELECT count(*) FROM (SELECT 1 FROM order_fields f WHERE f.tenant_id = $2 \
         AND f.field_id = w.value ->> 0 AND f.value = w.value ->> 1 LIMIT 1000) AS counted) LIMIT 1",
        tx.each_of("$1", "w")
    );
    let numbered = fields.iter().enumerate();
    let rows =
        json_rows(numbered.map(|(index, [field, value])| {
            [field.clone(), value.clone(), index.to_string().into()]
        }))?;
    let index: i64 = tx.query_one(&sql, params![rows, tx.tenant()?], |row| row.get())?;
    Ok(usize::try_from(index).unwrap_or(0))
}

/// Longest field id or value, in bytes, that is searched as it is.
const LONGEST_SEARCHED: usize = 255;

/// A field id or value as `order_fields` has it. Both are part of its key, and PostgreSQL refuses an index row
/// of more than 2704 bytes, so that a long text is represented by its hash. Rows are only compared for
/// equality, and the order itself keeps the text.
fn searched(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_SEARCHED {
        return Cow::Borrowed(text);
    }
    let hash = Sha256::digest(text.as_bytes());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Cow::Owned(format!("sha256:{hex}"))
}
