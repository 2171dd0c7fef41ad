//! Cursors of lists: opaque outside, sort value and id inside, so that they stay valid when the
//! row they point at changes or disappears.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Value of the sort column at that place; `None` where the column is null.
    pub value: Option<String>,
    /// Id at that place.
    pub id: String,
}

/// No cursor is longer: two texts of 255 control characters, each escaped with six, are 4080
/// characters in base64, and the rest is short. Such as were stored before there was a limit fit
/// as well, unless they are absurd.
const LONGEST: usize = 8192;

#[derive(Serialize, Deserialize)]
struct Wire<'a>(&'a str, &'a str, Option<String>, String);

impl Cursor {
    /// Writes the cursor for the order `sort` (`customers.createdAt`), `direction` (`desc`).
    pub fn encode(&self, sort: &str, direction: &str) -> String {
        let wire = Wire(sort, direction, self.value.clone(), self.id.clone());
        let json = serde_json::to_string(&wire).expect("strings are JSON");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads a cursor; `None` when it is malformed or was made for another order.
    pub fn decode(text: &str, sort: &str, direction: &str) -> Option<Cursor> {
        if text.len() > LONGEST {
            return None;
        }
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        let json = String::from_utf8(json).ok()?;
        let Wire(of_sort, of_direction, value, id) = serde_json::from_str(&json).ok()?;
        (of_sort == sort && of_direction == direction).then_some(Cursor { value, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_only_under_its_own_order() {
        let cursor = Cursor {
            value: Some("1780000000000000".into()),
            id: "cust_1".into(),
        };
        let text = cursor.encode("customers.createdAt", "desc");
        assert_eq!(
            Cursor::decode(&text, "customers.createdAt", "desc"),
            Some(cursor)
        );
        assert_eq!(Cursor::decode(&text, "customers.createdAt", "asc"), None);
        assert_eq!(Cursor::decode(&text, "assets.createdAt", "desc"), None);
        assert_eq!(Cursor::decode(&text, "customers.email", "desc"), None);
        for garbage in ["", "x", "e30", "!!!!", &"A".repeat(9000)] {
            assert_eq!(Cursor::decode(garbage, "customers.createdAt", "desc"), None);
        }
    }
}
