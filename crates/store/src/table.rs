//! Tables, each declared once: of one list of columns, `table!` makes the struct of a row, what statements write
//! and read of it, and what [`crate::copy`] has to know. Where a column stands in a statement is the macro's
//! affair alone, so that no value can get into another column of the same type.

use crate::copy::Later;
use crate::{Error, Param, Row, Tx};

/// A table, the same on every engine.
#[derive(Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Primary key, in its order.
    pub key: &'static [&'static str],
    /// Tables that its foreign keys name.
    pub parents: &'static [&'static str],
    /// Every column.
    pub columns: &'static [Column],
    /// What a copy cannot write in its first pass; [`crate::copy::TABLES`] says it.
    pub later: Option<Later>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Who writes and reads it.
    pub(crate) role: Role,
}

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `BIGINT`.
    Integer,
    /// `TEXT`, ordered by its bytes.
    Text,
}

/// Who writes and reads a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Written when its row is added, and read with it.
    Fixed,
    /// Also written when its row is changed.
    Changes,
    /// Read with its row; written by statements of its own, or by the engine.
    Kept,
    /// Written when its row is added, and only there for conditions.
    Derived,
}

/// A type that columns have.
pub(crate) trait Stored {
    /// Type of the column.
    const KIND: Kind;

    /// What is bound for a value.
    fn param(&self) -> Param<'_>;
}

/// A row to be added.
pub(crate) trait Entry {
    /// Its table.
    const TABLE: Table;

    /// The values of [`Table::insert`]; those of derived columns have to follow.
    fn values(&self) -> Vec<Param<'_>>;

    /// [`Entry::values`] of a row of the transaction's tenant.
    ///
    /// # Errors
    /// [`Error::OtherTenant`] if it is another one's, [`Error::NoTenant`].
    fn values_in(&self, tx: &Tx<'_>) -> Result<Vec<Param<'_>>, Error> {
        let values = self.values();
        let columns = Self::TABLE.columns.iter();
        let mut added = columns.filter(|it| it.role != Role::Kept).zip(&values);
        is_own(added.find(|(it, _)| it.name == TENANT).map(|it| it.1), tx)?;
        Ok(values)
    }
}

/// The column that says whose a row is.
const TENANT: &str = "tenant_id";

/// Refuses the rows of others than the transaction's tenant.
fn is_own(tenant: Option<&Param<'_>>, tx: &Tx<'_>) -> Result<(), Error> {
    match tenant {
        Some(Param::Text(tenant)) => tx.own(tenant).map(drop),
        _ => Err(Error::OtherTenant),
    }
}

/// [`Entry::values_in`] of several rows.
pub(crate) fn all_in<'r, E: Entry>(
    rows: &'r [E],
    tx: &Tx<'_>,
) -> Result<Vec<Vec<Param<'r>>>, Error> {
    rows.iter().map(|row| row.values_in(tx)).collect()
}

/// A row that is read and changed as well.
pub(crate) trait Record: Entry + Sized {
    /// What to select for [`Record::from_row`].
    fn columns() -> &'static str;

    /// Reads a row.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a value does not fit its column.
    fn from_row(row: &mut Row<'_>) -> Result<Self, Error>;

    /// The values of [`Table::update`].
    fn changes(&self) -> Vec<Param<'_>>;

    /// [`Record::changes`] of a row of the transaction's tenant.
    ///
    /// # Errors
    /// As [`Entry::values_in`].
    fn changes_in(&self, tx: &Tx<'_>) -> Result<Vec<Param<'_>>, Error> {
        let changes = self.changes();
        let key = Self::TABLE.key;
        let mut named = key.iter().rev().zip(changes.iter().rev());
        is_own(named.find(|it| *it.0 == TENANT).map(|it| it.1), tx)?;
        Ok(changes)
    }

    /// The values of [`Table::update_without`].
    ///
    /// # Errors
    /// As [`Entry::values_in`].
    fn changes_without(&self, kept: &[&str], tx: &Tx<'_>) -> Result<Vec<Param<'_>>, Error> {
        let columns = Self::TABLE.columns.iter();
        let mut names = columns.filter(|it| it.role == Role::Changes);
        let mut changes = self.changes_in(tx)?;
        // The values of the key follow those of the columns.
        changes.retain(|_| names.next().is_none_or(|it| !kept.contains(&it.name)));
        Ok(changes)
    }
}

/// Declares a table: `Row of "table" by (its, key) below ("tables", "that foreign keys name") { columns }`.
///
/// A column is written when its row is added, and read with it. What else happens to it follows its type:
/// `=> changes` when the row is changed, `=> kept` if other statements write it, `=> totals` if the type stands
/// for several such columns. Columns `with` which rows are added, but that are only there for conditions, come
/// last.
///
/// A struct with a lifetime is only ever added.
macro_rules! table {
    (
        $(#[$meta:meta])*
        $name:ident of $table:literal by ($($key:ident),+) $(below ($($parent:literal),+))? {
            $($(#[$column_meta:meta])* $column:ident: $type:ty $(=> $mark:ident)?,)*
        } $(with ($($derived:ident: $derived_type:ty),+))?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$column_meta])* pub $column: $type,)*
        }

        impl $crate::table::Entry for $name {
            const TABLE: $crate::table::Table = {
                const GROUPS: &[&[$crate::table::Column]] = &[
                    $($crate::table::table!(@group $column, $type $(, $mark)?),)*
                    $($(&[$crate::table::table!(@column $derived, $derived_type, derived)],)+)?
                ];
                const COLUMNS: [$crate::table::Column; $crate::table::count(GROUPS)] =
                    $crate::table::flat(GROUPS);
                $crate::table::Table {
                    name: $table,
                    key: &[$(stringify!($key)),+],
                    parents: &[$($($parent),+)?],
                    columns: &COLUMNS,
                    later: None,
                }
            };

            fn values(&self) -> Vec<$crate::Param<'_>> {
                let mut values = Vec::with_capacity(<Self as $crate::table::Entry>::TABLE.columns.len());
                $($crate::table::table!(@add values, self.$column $(, $mark)?);)*
                values
            }
        }

        impl $crate::table::Record for $name {
            fn columns() -> &'static str {
                static COLUMNS: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| <$name as $crate::table::Entry>::TABLE.read_list(""));
                &COLUMNS
            }

            fn from_row(row: &mut $crate::Row<'_>) -> Result<Self, $crate::Error> {
                Ok(Self { $($column: $crate::table::table!(@read row, $type $(, $mark)?),)* })
            }

            fn changes(&self) -> Vec<$crate::Param<'_>> {
                let mut values = Vec::with_capacity(<Self as $crate::table::Entry>::TABLE.columns.len());
                $($crate::table::table!(@change values, self.$column $(, $mark)?);)*
                $(values.push($crate::table::Stored::param(&self.$key));)+
                values
            }
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident<$life:lifetime> of $table:literal by ($($key:ident),+) below ($($parent:literal),+) {
            $($(#[$column_meta:meta])* $column:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        pub(crate) struct $name<$life> {
            $($(#[$column_meta])* pub(crate) $column: $type,)*
        }

        impl<$life> $crate::table::Entry for $name<$life> {
            const TABLE: $crate::table::Table = $crate::table::Table {
                name: $table,
                key: &[$(stringify!($key)),+],
                parents: &[$($parent),+],
                columns: &[$($crate::table::table!(@column $column, $type),)*],
                later: None,
            };

            fn values(&self) -> Vec<$crate::Param<'_>> {
                vec![$($crate::table::Stored::param(&self.$column),)*]
            }
        }
    };

    (@group $column:ident, $type:ty, totals) => { <$type>::COLUMNS };
    (@group $column:ident, $type:ty $(, $mark:ident)?) => {
        &[$crate::table::table!(@column $column, $type $(, $mark)?)]
    };
    (@column $column:ident, $type:ty $(, $mark:ident)?) => {
        $crate::table::Column {
            name: stringify!($column),
            kind: <$type as $crate::table::Stored>::KIND,
            role: $crate::table::table!(@role $($mark)?),
        }
    };

    (@role) => { $crate::table::Role::Fixed };
    (@role changes) => { $crate::table::Role::Changes };
    (@role kept) => { $crate::table::Role::Kept };
    (@role derived) => { $crate::table::Role::Derived };

    (@add $values:ident, $value:expr, kept) => {};
    (@add $values:ident, $value:expr, totals) => {};
    (@add $values:ident, $value:expr $(, changes)?) => {
        $values.push($crate::table::Stored::param(&$value))
    };

    (@read $row:ident, $type:ty, totals) => { <$type>::from_row($row)? };
    (@read $row:ident, $type:ty $(, $mark:ident)?) => { $row.get()? };

    (@change $values:ident, $value:expr, changes) => {
        $values.push($crate::table::Stored::param(&$value))
    };
    (@change $values:ident, $value:expr $(, $mark:ident)?) => {};
}
pub(crate) use table;

/// Declares what is selected for a struct: each field with its expression, or with the alias of a table of whose
/// rows it is one: `field: Type => "expression"`, `field: Row => row "alias"`.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty => $($mark:ident)? $sql:literal,)*
    }) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $name {
            /// What to select for [`Self::from_row`].
            fn columns() -> &'static str {
                static COLUMNS: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| [$($crate::table::view!(@sql $type, $sql $(, $mark)?)),*].join(", "));
                &COLUMNS
            }

            fn from_row(row: &mut $crate::Row<'_>) -> Result<Self, $crate::Error> {
                Ok(Self { $($field: $crate::table::view!(@read row, $type $(, $mark)?),)* })
            }
        }
    };
    (@sql $type:ty, $alias:literal, row) => {
        <$type as $crate::table::Entry>::TABLE.read_list(concat!($alias, "."))
    };
    (@sql $type:ty, $sql:literal) => { $sql.to_owned() };
    (@read $row:ident, $type:ty, row) => { <$type as $crate::table::Record>::from_row($row)? };
    (@read $row:ident, $type:ty) => { $row.get()? };
}
pub(crate) use view;

/// How many columns there are in all groups.
pub(crate) const fn count(groups: &[&[Column]]) -> usize {
    let (mut all, mut group) = (0, 0);
    while group < groups.len() {
        all += groups[group].len();
        group += 1;
    }
    all
}

/// The columns of all groups, of which there are [`count`].
pub(crate) const fn flat<const N: usize>(groups: &[&[Column]]) -> [Column; N] {
    let mut all = [groups[0][0]; N];
    let (mut next, mut group) = (0, 0);
    while group < groups.len() {
        let mut column = 0;
        while column < groups[group].len() {
            all[next] = groups[group][column];
            next += 1;
            column += 1;
        }
        group += 1;
    }
    all
}
