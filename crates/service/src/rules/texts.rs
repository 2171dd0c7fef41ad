//! Limits of what is stored that no schema can state: of texts that are trimmed before they are
//! measured, of cells of an import, and of custom fields together. The others stand in the contract.
//!
//! Keys (serial numbers, SKUs) are typed, scanned and pasted: they are trimmed wherever they come
//! in, and none is stored that nobody could tell from another one or address in a URL.

use std::io;

use serde_json::{Map, Value};

use crate::error::{Error, invalid_all};

/// Most characters of a text that is a key, a name or the like: it must fit the index of every
/// engine, and the cursor of the page that ends with it.
const LONGEST: usize = 255;

/// Most characters of free text, as in the contract.
const LONGEST_FREE: usize = 5_000;

/// Most bytes of the custom fields of an order or customer, as JSON.
const MOST_CUSTOM: u64 = 16 * 1024;

/// Whether nobody sees the character: Unicode's default ignorable code points and separators of lines. Joiners
/// are none of them: scripts need them within a text. Nor are those beyond U+FFFF: the contract says the same in a
/// pattern, where many readers take each of these for two characters.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}')
}

/// Whether the character only says how its neighbours are joined.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// A violation as [`invalid_all`] takes it.
pub(crate) type Violation = (String, &'static str, String);

/// What is wrong with the text at `path`, if it is too long.
pub(crate) fn too_long(path: impl Into<String>, text: &str) -> Option<Violation> {
    excess(text).map(|message| (path.into(), "too_big", message))
}

/// What to say of a text that is too long.
pub(crate) fn excess(text: &str) -> Option<String> {
    longer(text, LONGEST)
}

/// What to say of free text that is too long.
pub(crate) fn free_excess(text: &str) -> Option<String> {
    longer(text, LONGEST_FREE)
}

fn longer(text: &str, longest: usize) -> Option<String> {
    // Characters are never more than bytes.
    let long = text.len() > longest && text.chars().count() > longest;
    long.then(|| format!("must have at most {longest} characters"))
}

/// What is wrong with custom fields that are too large, or one of whose ids is.
pub(crate) fn custom_fields(path: &str, fields: &Map<String, Value>) -> Vec<Violation> {
    let ids = fields
        .keys()
        .filter_map(|id| excess(id).map(|why| (id, why)));
    let mut violations: Vec<Violation> = ids
        .map(|(id, why)| {
            let start: String = id.chars().take(LONGEST).collect();
            (
                format!("{path}.{start}"),
                "too_big",
                format!("the field id {why}"),
            )
        })
        .collect();
    let mut size = Size(0);
    if serde_json::to_writer(&mut size, fields).is_ok() && size.0 > MOST_CUSTOM {
        let message = format!("must be at most {MOST_CUSTOM} bytes as JSON");
        violations.push((path.to_owned(), "too_big", message));
    }
    violations
}

/// Counts what is written.
struct Size(u64);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text without what nobody sees at its ends.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || invisible(c) || joins(c))
}

/// What is wrong with a trimmed key: the code of the violation, and what to say.
pub(crate) fn key_fault(key: &str) -> Option<(&'static str, String)> {
    if key.is_empty() {
        return Some(("too_small", "must not be empty".into()));
    }
    if let Some(message) = excess(key) {
        return Some(("too_big", message));
    }
    if let Some(found) = unseen(key) {
        let code = u32::from(found);
        let message = format!("must not contain invisible characters such as U+{code:04X}");
        return Some(("invalid_string", message));
    }
    let dots = matches!(key, "." | "..");
    dots.then(|| {
        let message = "must not be `.` or `..`, which no URL can address";
        ("invalid_string", message.into())
    })
}

/// The first character of a key that cannot be told from another one, or from none: blanks other than the
/// space look like it, and a joiner after a letter that is never joined is not seen.
fn unseen(key: &str) -> Option<char> {
    let mut before = ' ';
    key.chars().find(|&c| {
        let joins_nothing = joins(c) && before.is_ascii();
        before = c;
        let blank = c.is_whitespace() && c != ' ';
        // U+FFFD stands for what could not be read: two keys may have the same.
        c.is_control() || blank || invisible(c) || c == '\u{fffd}' || joins_nothing
    })
}

/// What is wrong with the key at `path`, trimmed or not.
pub(crate) fn bad_key(path: impl Into<String>, key: &str) -> Option<Violation> {
    key_fault(trimmed(key)).map(|(code, message)| (path.into(), code, message))
}

/// The key at `path`, trimmed.
///
/// # Errors
/// A violation when no record can have it.
pub(crate) fn key<'a>(path: &str, text: &'a str) -> Result<&'a str, Error> {
    match bad_key(path, text) {
        None => Ok(trimmed(text)),
        Some(violation) => Err(invalid_all(vec![violation])),
    }
}

#[cfg(test)]
mod tests {
    use types::support::decode;

    use super::*;

    #[test]
    fn what_nobody_sees_is_trimmed_at_both_ends() {
        for text in [
            " X 1 ",
            "\tX 1\r\n",
            "\u{a0}X 1\u{3000}",
            "\u{feff}X 1\u{200b}",
            "\u{200e}X 1\u{200d}\u{2060}",
            "\u{3164}X 1\u{2800}\u{fe0f}",
        ] {
            assert_eq!(trimmed(text), "X 1", "{text:?}");
        }
    }

    #[test]
    fn the_contract_says_of_keys_what_is_checked_of_the_cells_of_an_import() {
        let letters = [
            "",
            "a",
            ".",
            " ",
            "\t",
            "\n",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{ad}",
            "\u{200b}",
            "\u{200d}",
            "\u{2028}",
            "\u{3000}",
            "\u{feff}",
            "\u{fffd}",
            "\u{e4}",
            "\u{1f600}",
            "\u{61c}",
            "\u{206f}",
            "\u{3164}",
            "\u{fff0}",
            "\u{fffc}",
            "\u{1bca0}",
            "\u{1d17a}",
            "\u{e0031}",
            "\u{e1000}",
        ];
        let mut texts = Vec::new();
        for first in letters {
            for second in letters {
                texts.extend(letters.map(|third| [first, second, third].concat()));
            }
        }
        for length in [1, 2, 254, 255, 256] {
            for dots in ["", "."] {
                texts.push(format!(" {dots}{}\t", "\u{e4}".repeat(length - dots.len())));
            }
        }
        for text in texts {
            let key = trimmed(&text);
            let pairs = key.chars().zip(key.chars().skip(1));
            // What a pattern cannot say and count to 255 at once.
            if pairs
                .clone()
                .any(|(one, next)| one.is_ascii() && joins(next))
            {
                continue;
            }
            let body = serde_json::json!({ "serialNumber": text, "sku": "s" }).to_string();
            let fits = decode::<types::AssetCreate>(body.as_bytes()).is_ok();
            assert_eq!(fits, key_fault(trimmed(&text)).is_none(), "{text:?}");
        }
    }

    #[test]
    fn keys_can_be_seen_and_addressed() {
        for key in [
            "X",
            "X 1",
            "a/b",
            "...",
            "%2e",
            "\u{e4}",
            "\u{645}\u{200c}\u{62e}",
            "\u{915}\u{94d}\u{200d}\u{937}",
        ] {
            assert_eq!(key_fault(key), None, "{key:?}");
        }
        for key in [
            "",
            ".",
            "..",
            "X\u{0}1",
            "X\n1",
            "X\u{7f}",
            "X\u{200b}1",
            "X\u{202e}1",
            "X\u{a0}1",
            "X\u{3000}1",
            "X\u{200d}1",
            "X\u{61c}1",
            "X\u{34f}1",
            "X\u{2061}1",
            "X\u{fe0f}1",
        ] {
            assert!(key_fault(key).is_some(), "{key:?}");
        }
        assert!(key_fault(&"x".repeat(255)).is_none() && key_fault(&"x".repeat(256)).is_some());
    }
}
