//! Writing Rust: files, documentation, identifiers and numbers. It is the same for every target.

pub(crate) mod docs;
mod file;
mod short;
mod tokens;

pub(crate) use file::{Page, file, file_of_parts, head, more_items};
pub(crate) use tokens::{float, ident, int, option, source};
