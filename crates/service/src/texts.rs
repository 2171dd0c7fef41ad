//! How long texts may be that are keys, or that lists are sorted by: they must fit the index of
//! every engine, and the cursor of the page that ends with them. The published contract names no
//! limit.

use crate::error::{Error, invalid_all};

/// Most characters of such a text.
const LONGEST: usize = 255;

/// A violation as [`invalid_all`] takes it.
pub(crate) type Violation = (String, &'static str, String);

/// What is wrong with the text at `path`, if it is too long.
pub(crate) fn too_long(path: impl Into<String>, text: &str) -> Option<Violation> {
    excess(text).map(|message| (path.into(), "too_big", message))
}

/// What to say of a text that is too long.
pub(crate) fn excess(text: &str) -> Option<String> {
    // Characters are never more than bytes.
    let long = text.len() > LONGEST && text.chars().count() > LONGEST;
    long.then(|| format!("must be at most {LONGEST} characters"))
}

/// Refuses the text at `path` if it is too long.
pub(crate) fn check(path: &str, text: &str) -> Result<(), Error> {
    match too_long(path, text) {
        None => Ok(()),
        Some(violation) => Err(invalid_all(vec![violation])),
    }
}
