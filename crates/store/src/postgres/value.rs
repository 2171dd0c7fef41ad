//! Values on their way to and from PostgreSQL.

use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::{Column, Error, Param};

type Failure = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // As the server reads them where it decides on the type.
            Self::Integer(value) if *ty == Type::UNKNOWN => {
                out.extend_from_slice(value.to_string().as_bytes());
                Ok(IsNull::No)
            }
            Self::Integer(value) => match *ty {
                Type::INT8 => value.to_sql(ty, out),
                Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
                _ => Err(format!("an integer is bound where `{ty}` is expected").into()),
            },
            Self::Text(text) => match *ty {
                Type::TEXT | Type::VARCHAR | Type::UNKNOWN => text.as_ref().to_sql(ty, out),
                _ => Err(format!("a text is bound where `{ty}` is expected").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, ty: &Type) -> Format {
        if *ty == Type::UNKNOWN {
            Format::Text
        } else {
            Format::Binary
        }
    }

    to_sql_checked!();
}

/// A value of a row: what the schema knows, and what `count`, `EXISTS` and literals give.
struct Value<'a>(Column<'a>);

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *ty {
            Type::INT8 => Column::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Column::Integer(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Column::Integer(bool::from_sql(ty, raw)?.into()),
            _ => Column::Text(<&str>::from_sql(ty, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(Column::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::BOOL | Type::TEXT | Type::VARCHAR
        )
    }
}

/// The value of a column; `None` for a type that the schema does not have.
pub(crate) fn column(row: &Row, index: usize) -> Option<Column<'_>> {
    row.try_get::<_, Value<'_>>(index).ok().map(|value| value.0)
}

/// The error of a column that cannot be read as the type asked for.
pub(crate) fn corrupt(row: &Row, index: usize) -> Error {
    let name = row.columns().get(index).map_or("?", |column| column.name());
    Error::Corrupt {
        column: name.to_owned(),
    }
}
