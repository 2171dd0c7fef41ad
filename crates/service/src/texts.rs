//! Limits of what is stored that no schema can state: of texts that are trimmed before they are
//! measured, of cells of an import, and of custom fields together. The others stand in the contract.

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

/// Refuses the text at `path` if it is too long.
pub(crate) fn check(path: &str, text: &str) -> Result<(), Error> {
    match too_long(path, text) {
        None => Ok(()),
        Some(violation) => Err(invalid_all(vec![violation])),
    }
}
