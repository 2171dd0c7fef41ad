//! Lists: filters, sorting, keyset pagination.

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

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// At most `limit` rows.
    pub rows: Vec<T>,
    /// Where the next page starts; `None` on the last page.
    pub next: Option<Position>,
}

/// A field a list can be sorted by.
pub(crate) trait SortField: Copy {
    /// The column, qualified if the statement joins.
    fn column(self) -> &'static str;
}

/// Declares the sort fields of a resource: contract name and column.
macro_rules! sort_fields {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal, $column:literal;)* }) => {
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
    ) -> Result<Listing<T>, Error> {
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
    ) -> Result<Listing<T>, Error> {
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
        let mut found = tx.query_all(&sql, &self.params, |row| {
            Ok((
                map(row)?,
                Position {
                    value: row.get()?,
                    id: row.get()?,
                },
            ))
        })?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|(_, position)| position.clone());
        Ok(Listing {
            rows: found.into_iter().map(|(row, _)| row).collect(),
            next,
        })
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
