//! UUIDs, which `uuid` has a type for.

pub use uuid::Uuid;

use super::{Format, TextValue};

/// Written with hyphens and small letters, whatever letters it was read with.
impl TextValue for Uuid {
    const FORMAT: Format = Format::Uuid;

    fn from_text(text: &str) -> Option<Uuid> {
        // The parser takes other spellings, too, such as those without hyphens.
        let is_one = Format::Uuid.accepts(text);
        is_one.then(|| Uuid::try_parse(text).ok()).flatten()
    }
}
