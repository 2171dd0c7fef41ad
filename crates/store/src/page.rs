//! Lists: filters, sorting, keyset pagination.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::value::FromColumn;
use crate::{Error, Param, Row, Tx};

/// Which part of a list is wanted.
#[derive(Debug, Clone)]
pub struct Page<S> {
    /// The field to sort by; ties are broken by id in the same direction.
    pub sort: S,
    /// Largest first.
    pub descending: bool,
    /// Where the previous page ended.
    pub after: Option<Position>,
    /// Rows wanted, at least 1.
    pub limit: u32,
}

/// The place of a row in a sorted list. It stays valid when the row changes or leaves the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The row's value in the field sorted by.
    pub value: SortValue,
    /// The row's id.
    pub id: String,
}

/// A value sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortValue {
    /// Instants (microseconds), money (minor units), counts.
    Integer(i64),
    /// Names, ids, statuses, calendar dates.
    Text(String),
}

/// Most bytes of an answer with a list: a page ends before it would take more, and has at least one row. An
/// answer has some properties of its own besides the rows, hence a little less than 4 MiB.
const ANSWER_BYTES: usize = 4 * 1024 * 1024 - 16 * 1024;

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// At most `limit` rows, and fewer if they are large: an answer with them stays below 4 MiB.
    pub rows: Vec<T>,
    /// Where the next page starts; `None` on the last page.
    pub next: Option<Position>,
}

/// A field a list can be sorted by.
pub(crate) trait SortField: Copy {
    /// Bytes that an item of the list takes in an answer besides its texts, at most: names of properties,
    /// numbers, punctuation.
    const ITEM_BYTES: usize;

    /// The column, qualified if the statement joins.
    fn column(self) -> &'static str;
}

/// Declares the sort fields of a resource: contract name and column; before them, the bytes of an item.
macro_rules! sort_fields {
    ($(#[$meta:meta])* $name:ident, $bytes:literal { $($variant:ident = $text:literal, $column:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl $name {
            /// The name in the contract's `sortBy`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The field of a `sortBy` value.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl $crate::page::SortField for $name {
            const ITEM_BYTES: usize = $bytes;

            fn column(self) -> &'static str {
                match self {
                    $(Self::$variant => $column,)*
                }
            }
        }
    };
}
pub(crate) use sort_fields;

/// A SELECT under construction. Values are bound in the order in which their placeholders appear.
pub(crate) struct Select<'a> {
    columns: &'a str,
    from: &'a str,
    conditions: String,
    params: Vec<Param<'a>>,
}

impl<'a> Select<'a> {
    /// Starts with the tenant, as every condition does; `tenant_column` is qualified if `from` joins.
    pub(crate) fn new(
        columns: &'a str,
        from: &'a str,
        tenant_column: &str,
        tenant: &'a str,
    ) -> Self {
        Self {
            columns,
            from,
            conditions: format!("{tenant_column} = $1"),
            params: vec![tenant.into()],
        }
    }

    /// `column operator value`, if there is a value.
    pub(crate) fn compare<P: Into<Param<'a>>>(
        &mut self,
        column: &str,
        operator: &str,
        value: Option<P>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.params.push(value.into());
            self.conditions
                .push_str(&format!(" AND {column} {operator} ${}", self.params.len()));
        }
        self
    }

    /// `column = value`, if there is a value.
    pub(crate) fn equals<P: Into<Param<'a>>>(
        &mut self,
        column: &str,
        value: Option<P>,
    ) -> &mut Self {
        self.compare(column, "=", value)
    }

    /// `column = value` that must not choose the index, because a narrower condition is given.
    pub(crate) fn equals_unindexed<P: Into<Param<'a>>>(
        &mut self,
        column: &str,
        value: Option<P>,
    ) -> &mut Self {
        self.compare(&format!("coalesce({column}, '')"), "=", value)
    }

    /// A condition without values.
    pub(crate) fn condition(&mut self, sql: &str) -> &mut Self {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(sql);
        self
    }

    /// A condition with one value; `{}` marks each place of it.
    pub(crate) fn condition_with<P: Into<Param<'a>>>(&mut self, sql: &str, value: P) -> &mut Self {
        self.params.push(value.into());
        let placeholder = format!("${}", self.params.len());
        self.condition(&sql.replace("{}", &placeholder))
    }

    /// Runs the statement for one page.
    pub(crate) fn page<T, S: SortField>(
        self,
        tx: &mut Tx<'_>,
        id_column: &str,
        page: &'a Page<S>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        self.page_by(tx, (page.sort.column(), id_column), page, map)
    }

    /// [`Select::page`] by columns that have the values of the sort field and the id. They are read after the
    /// columns of the row.
    pub(crate) fn page_by<T, S: SortField>(
        mut self,
        tx: &mut Tx<'_>,
        (sort, id_column): (&str, &str),
        page: &'a Page<S>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        let (operator, direction) = if page.descending {
            ("<", "DESC")
        } else {
            (">", "ASC")
        };
        if let Some(Position { value, id }) = &page.after {
            self.params.push(value.into());
            self.params.push(id.into());
            let last = self.params.len();
            self.conditions.push_str(&format!(
                " AND ({sort}, {id_column}) {operator} (${}, ${last})",
                last - 1
            ));
        }
        let limit = page.limit.max(1) as usize;
        // One row more than wanted tells whether there is a next page.
        self.params.push(Param::Integer(limit as i64 + 1));
        let sql = format!(
            "SELECT {}, {sort}, {id_column} FROM {} WHERE {} ORDER BY {sort} {direction}, {id_column} {direction} LIMIT ${}",
            self.columns,
            self.from,
            self.conditions,
            self.params.len(),
        );
        let mut found = Found {
            rows: Vec::new(),
            more: false,
        };
        let mut bytes = 0;
        tx.query_until(&sql, &self.params, |row| {
            if found.rows.len() == limit {
                found.more = true;
                return Ok(ControlFlow::Break(()));
            }
            let (value, position) = (
                map(row)?,
                Position {
                    value: row.get()?,
                    id: row.get()?,
                },
            );
            let own = row.bytes() + S::ITEM_BYTES;
            bytes += own;
            if bytes > ANSWER_BYTES && !found.rows.is_empty() {
                found.more = true;
                return Ok(ControlFlow::Break(()));
            }
            found.rows.push(FoundRow {
                value,
                position,
                bytes: own,
            });
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }
}

/// A page on the way.
pub(crate) struct Found<T> {
    pub(crate) rows: Vec<FoundRow<T>>,
    more: bool,
}

/// A row of a page, and where it stands in the list.
pub(crate) struct FoundRow<T> {
    pub(crate) value: T,
    position: Position,
    /// What it takes in an answer, with its parts.
    bytes: usize,
}

/// Rows that belong to the rows of a page: items of orders, ids of a customer's orders.
pub(crate) struct Parts<'s> {
    /// Columns, FROM, and the column with the id of the row they belong to.
    pub(crate) columns: &'s str,
    pub(crate) table: &'s str,
    pub(crate) owner: &'s str,
    /// Their order.
    pub(crate) order: &'s str,
    /// Bytes that each takes in an answer besides its texts.
    pub(crate) bytes: usize,
}

impl<T> Found<T> {
    /// The page.
    pub(crate) fn listing(self) -> Listing<T> {
        let next = self.rows.last().filter(|_| self.more);
        Listing {
            next: next.map(|row| row.position.clone()),
            rows: self.rows.into_iter().map(|row| row.value).collect(),
        }
    }

    /// The parts of each row. If they do not fit into an answer, the page ends before the first row that
    /// exceeds it, and no more than an answer of parts is held in memory on the way.
    pub(crate) fn parts<P>(
        &mut self,
        tx: &mut Tx<'_>,
        tenant: &str,
        parts: &Parts<'_>,
        map: impl Fn(&mut Row<'_>) -> Result<(String, P), Error>,
    ) -> Result<HashMap<String, Vec<P>>, Error> {
        let taken: usize = self.rows.iter().map(|row| row.bytes).sum();
        let ids: Vec<&str> = self
            .rows
            .iter()
            .map(|row| row.position.id.as_str())
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let free = ANSWER_BYTES.saturating_sub(taken);
        if let Some(all) = parts.read(tx, tenant, &ids, Some(free), &map)? {
            for row in &mut self.rows {
                row.bytes += all.get(&row.position.id).map_or(0, |(_, bytes)| *bytes);
            }
            return Ok(all
                .into_iter()
                .map(|(id, (parts, _))| (id, parts))
                .collect());
        }
        // Row by row, in the order of the page.
        let (mut gathered, mut bytes, mut kept) = (HashMap::new(), 0, 0);
        for row in &mut self.rows {
            let id = row.position.id.as_str();
            bytes += row.bytes;
            // The first one is always given, whole.
            let free = (kept > 0).then(|| ANSWER_BYTES.saturating_sub(bytes));
            let Some(mut own) = parts.read(tx, tenant, &[id], free, &map)? else {
                break;
            };
            if let Some((parts, own)) = own.remove(id) {
                gathered.insert(id.to_owned(), parts);
                bytes += own;
                row.bytes += own;
            }
            kept += 1;
        }
        self.more |= kept < self.rows.len();
        self.rows.truncate(kept);
        Ok(gathered)
    }
}

/// What belongs to each of several ids, with its bytes in an answer.
type ById<P> = HashMap<String, (Vec<P>, usize)>;

impl Parts<'_> {
    /// The parts of all the ids; `None` if they take more than `free` bytes.
    fn read<P>(
        &self,
        tx: &mut Tx<'_>,
        tenant: &str,
        ids: &[&str],
        free: Option<usize>,
        map: impl Fn(&mut Row<'_>) -> Result<(String, P), Error>,
    ) -> Result<Option<ById<P>>, Error> {
        let (places, values) = in_list(2, ids);
        let Self {
            columns,
            table,
            owner,
            order,
            ..
        } = self;
        // More rows than fit are no use. They would still have to be fetched from the server.
        let limit = free.map_or(i64::MAX, |free| (free / self.bytes) as i64 + 1);
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE tenant_id = $1 AND {owner} IN ({places}) \
             ORDER BY {owner}, {order} LIMIT ${}",
            values.len() + 2
        );
        let first = std::iter::once(tenant.into());
        let params: Vec<_> = first.chain(values).chain([Param::Integer(limit)]).collect();
        let (mut found, mut taken) = (ById::new(), 0);
        let free = free.unwrap_or(usize::MAX);
        tx.query_until(&sql, &params, |row| {
            let (id, part) = map(row)?;
            let own = row.bytes() + self.bytes;
            taken += own;
            if taken > free {
                return Ok(ControlFlow::Break(()));
            }
            let (parts, bytes) = found.entry(id).or_default();
            parts.push(part);
            *bytes += own;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((taken <= free).then_some(found))
    }
}

/// Placeholders `$first, $first+1, …` for an IN list, and the values padded with their last one to a power
/// of two, so that lists of any length share a handful of cached statements.
pub(crate) fn in_list<'a>(first: usize, values: &[&'a str]) -> (String, Vec<Param<'a>>) {
    let size = values.len().next_power_of_two();
    let placeholders: Vec<String> = (first..first + size).map(|n| format!("${n}")).collect();
    let padding = values.last().into_iter().cycle().take(size - values.len());
    let params = values
        .iter()
        .chain(padding)
        .map(|value| Param::from(*value))
        .collect();
    (placeholders.join(", "), params)
}

impl<'a> From<&'a SortValue> for Param<'a> {
    fn from(value: &'a SortValue) -> Self {
        match value {
            SortValue::Integer(value) => Self::Integer(*value),
            SortValue::Text(value) => Self::from(value),
        }
    }
}

impl FromColumn for SortValue {
    fn from_column(column: crate::value::Column<'_>) -> Option<Self> {
        match column {
            crate::value::Column::Integer(value) => Some(Self::Integer(value)),
            crate::value::Column::Text(value) => Some(Self::Text(value.to_owned())),
            crate::value::Column::Null => None,
        }
    }
}
