//! The document itself: its fields, its words, and the names that places give.

pub(in crate::lower) mod hints;
pub(in crate::lower) mod keywords;
pub(in crate::lower) mod nearest;
mod structure;
pub(in crate::lower) mod vocabulary;
