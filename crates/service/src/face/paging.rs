//! Between the paging parameters of list operations and the pages of the store.

use store::{Page, Position, SortValue};
use types::{ErrorCode, ListDirection};

use crate::error::{Error, refuse_value};
use crate::face::cursor::Cursor;

/// The order of a list: what it is sorted by, and which way. Cursors are good for one order of one
/// list only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sorting {
    /// Which list.
    pub list: &'static str,
    /// Value of `sortBy`.
    pub by: &'static str,
    /// Whether the column holds numbers (instants, money, counts) and not text.
    pub numeric: bool,
    /// Value of `sortDir`.
    pub direction: ListDirection,
}

impl Sorting {
    /// The order of a list that has no other.
    pub(crate) fn newest_first(list: &'static str) -> Sorting {
        Sorting {
            list,
            by: "createdAt",
            numeric: true,
            direction: ListDirection::Desc,
        }
    }

    /// Whether the largest comes first.
    pub(crate) fn descending(self) -> bool {
        self.direction == ListDirection::Desc
    }

    /// The page that a request asks for; `sort` is the column of this order.
    ///
    /// # Errors
    /// As [`Sorting::position`].
    pub(crate) fn page<S>(
        self,
        sort: S,
        start_after: Option<&str>,
        limit: u32,
    ) -> Result<Page<S>, Error> {
        Ok(Page {
            sort,
            descending: self.descending(),
            after: self.position(start_after)?,
            limit,
        })
    }

    /// Where the page begins that `startAfter` asks for.
    ///
    /// # Errors
    /// `INVALID_CURSOR` when it is none, or was made for another list or order.
    pub(crate) fn position(self, start_after: Option<&str>) -> Result<Option<Position>, Error> {
        let Some(text) = start_after else {
            return Ok(None);
        };
        let position = Cursor::decode(text, &self.order(), self.direction.as_str()).and_then(
            |Cursor { value, id }| {
                Some(Position {
                    value: self.sort_value(value?)?,
                    id,
                })
            },
        );
        match position {
            Some(position) => Ok(Some(position)),
            None => Err(refuse_value(
                ErrorCode::InvalidCursor,
                "startAfter",
                "is no cursor of this list in this order; begin again without it",
            )),
        }
    }

    /// The cursor of the page that begins at `next`.
    pub(crate) fn cursor(self, next: Option<Position>) -> Option<String> {
        let Position { value, id } = next?;
        let value = match value {
            SortValue::Integer(number) => number.to_string(),
            SortValue::Text(text) => text,
        };
        Some(
            Cursor {
                value: Some(value),
                id,
            }
            .encode(&self.order(), self.direction.as_str()),
        )
    }

    /// The order as cursors name it: two lists can be sorted by columns of the same name.
    fn order(self) -> String {
        format!("{}.{}", self.list, self.by)
    }

    fn sort_value(self, text: String) -> Option<SortValue> {
        match self.numeric {
            true => text.parse().ok().map(SortValue::Integer),
            false => Some(SortValue::Text(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_NUMBER: Sorting = Sorting {
        list: "customers",
        by: "createdAt",
        numeric: true,
        direction: ListDirection::Desc,
    };
    const BY_TEXT: Sorting = Sorting {
        list: "customers",
        by: "email",
        numeric: false,
        direction: ListDirection::Asc,
    };

    #[test]
    fn a_cursor_leads_back_to_its_position() {
        let number = Position {
            value: SortValue::Integer(-7),
            id: "cust_1".into(),
        };
        let text = Position {
            value: SortValue::Text("12".into()),
            id: "cust_2".into(),
        };
        for (sorting, position) in [(BY_NUMBER, number), (BY_TEXT, text)] {
            let cursor = sorting.cursor(Some(position.clone()));
            assert_eq!(sorting.position(cursor.as_deref()).unwrap(), Some(position));
        }
        assert!(BY_TEXT.position(None).unwrap().is_none());
        assert!(BY_TEXT.cursor(None).is_none());
    }

    #[test]
    fn cursors_that_do_not_fit_are_refused() {
        let text = Cursor {
            value: Some("word".into()),
            id: "x".into(),
        };
        let forged = text.encode("customers.createdAt", "desc");
        let valueless = Cursor {
            value: None,
            id: "x".into(),
        }
        .encode("customers.email", "asc");
        assert!(BY_NUMBER.position(Some(&forged)).is_err());
        assert!(BY_TEXT.position(Some(&forged)).is_err());
        assert!(BY_TEXT.position(Some(&valueless)).is_err());
        assert!(BY_TEXT.position(Some("garbage")).is_err());

        let of_customers = BY_TEXT.cursor(Some(Position {
            value: SortValue::Text("word".into()),
            id: "x".into(),
        }));
        let of_others = Sorting {
            list: "others",
            ..BY_TEXT
        };
        assert!(BY_TEXT.position(of_customers.as_deref()).is_ok());
        assert!(of_others.position(of_customers.as_deref()).is_err());
    }
}
