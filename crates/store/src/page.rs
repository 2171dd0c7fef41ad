//! Lists: filters, sorting, keyset pagination.

use std::ops::ControlFlow;

use crate::found::{Found, FoundRow};
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
pub(crate) const ANSWER_BYTES: usize = 4 * 1024 * 1024 - 16 * 1024;

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

    /// Whether no two rows of a tenant have the same value, so that ids break no ties.
    fn is_unique(self) -> bool;
}

/// Declares the sort fields of a resource: contract name and column, `unique` if ids break no ties; before them,
/// the bytes of an item.
macro_rules! sort_fields {
    ($(#[$meta:meta])* $name:ident, $bytes:literal {
        $($variant:ident = $text:literal, $column:literal $($unique:ident)?;)*
    }) => {
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

            fn is_unique(self) -> bool {
                match self {
                    $(Self::$variant => false $(|| stringify!($unique) == "unique")?,)*
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
    tenant: &'a str,
    conditions: String,
    params: Vec<Param<'a>>,
}

impl<'a> Select<'a> {
    /// Starts with the tenant, as every condition does; `tenant_column` is qualified if `from` joins.
    pub(crate) fn new(
        columns: &'a str,
        from: &'a str,
        tenant_column: &'a str,
        tenant: &'a str,
    ) -> Self {
        Self {
            columns,
            from,
            tenant: tenant_column,
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

    /// `column = value`, by which rows are looked up if they are few; else the list is walked in its order, and
    /// the others are passed over. Sorting so reads no more rows than either way needs. Whether they are few.
    pub(crate) fn narrow<P: Into<Param<'a>> + Clone>(
        &mut self,
        tx: &mut Tx<'_>,
        column: &str,
        value: Option<P>,
    ) -> Result<bool, Error> {
        let Some(given) = value.clone() else {
            return Ok(false);
        };
        let condition = format!("{column} = $2");
        let tenant = self.params[0].clone();
        let few = few(
            tx,
            self.from,
            self.tenant,
            &condition,
            &[tenant, given.into()],
        )?;
        match few {
            true => self.equals(column, value),
            false => self.equals_unindexed(column, value),
        };
        Ok(few)
    }

    /// Reads from there instead.
    pub(crate) fn from(&mut self, from: &'a str) -> &mut Self {
        self.from = from;
        self
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

    /// The number of the next value.
    pub(crate) fn next_placeholder(&self) -> usize {
        self.params.len() + 1
    }

    /// A condition with values whose placeholders, from [`Select::next_placeholder`] on, stand in it.
    pub(crate) fn condition_with_all<P: Into<Param<'a>>>(
        &mut self,
        sql: &str,
        values: impl IntoIterator<Item = P>,
    ) -> &mut Self {
        self.params.extend(values.into_iter().map(Into::into));
        self.condition(sql)
    }

    /// Runs the statement for one page.
    pub(crate) fn page<T, S: SortField>(
        self,
        tx: &mut Tx<'_>,
        id_column: &str,
        page: &'a Page<S>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        let order = match page.sort.is_unique() {
            true => Order::Unique,
            false => Order::Ties,
        };
        self.page_by(tx, (page.sort.column(), id_column), order, page, map)
    }

    /// [`Select::page`] by columns that have the values of the sort field and the id. They are read after the
    /// columns of the row.
    pub(crate) fn page_by<T, S: SortField>(
        mut self,
        tx: &mut Tx<'_>,
        (sort, id_column): (&str, &str),
        order: Order,
        page: &'a Page<S>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        let (operator, direction) = if page.descending {
            ("<", "DESC")
        } else {
            (">", "ASC")
        };
        if let Some(Position { value, id }) = &page.after {
            let at = self.params.len() + 1;
            let (condition, values) = match order {
                Order::Ties => (
                    format!("({sort}, {id_column}) {operator} (${at}, ${})", at + 1),
                    vec![value.into(), id.into()],
                ),
                Order::Unique => (format!("{sort} {operator} ${at}"), vec![value.into()]),
                Order::OneValue => (format!("{id_column} {operator} ${at}"), vec![id.into()]),
            };
            self.condition(&condition);
            self.params.extend(values);
        }
        let order = match order {
            Order::Ties => format!("{sort} {direction}, {id_column} {direction}"),
            Order::Unique => format!("{sort} {direction}"),
            Order::OneValue => format!("{id_column} {direction}"),
        };
        let limit = page.limit.max(1) as usize;
        // One row more than wanted tells whether there is a next page.
        self.params.push(Param::Integer(limit as i64 + 1));
        let sql = format!(
            "SELECT {}, {sort}, {id_column} FROM {} WHERE {} ORDER BY {order} LIMIT ${}",
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

/// What a list is in the order of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// The values, and the ids of rows with the same one.
    Ties,
    /// The values, which are unique.
    Unique,
    /// The ids, because all rows have the same value.
    OneValue,
}

/// Most rows that are sorted rather than found in their order.
const FEW: i64 = 1_000;

/// Whether at most [`FEW`] rows of a tenant meet a condition that an index answers. The tenant is `$1`.
pub(crate) fn few(
    tx: &mut Tx<'_>,
    from: &str,
    tenant_column: &str,
    condition: &str,
    params: &[Param<'_>],
) -> Result<bool, Error> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {tenant_column} = $1 AND {condition} \
         LIMIT {}) AS few",
        FEW + 1
    );
    Ok(tx.query_one(&sql, params, |row| row.get::<i64>())? <= FEW)
}

/// The least text that is greater than every text with this prefix, by code points; `None` if there is none.
pub(crate) fn beyond(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // Surrogates are no characters.
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
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
