//! ECMA-262 patterns → the syntax of the `regex` crate.

use super::Lowering;

impl Lowering<'_> {
    /// `source` translated; refused where that is not possible.
    pub(super) fn pattern(&mut self, source: &str, pointer: &str) -> String {
        if let Err(error) = regex::Regex::new(source) {
            self.refuse(pointer, format!("`{source}` is no pattern: {error}"), "");
        }
        source.to_owned()
    }
}
