//! The document itself, before anything in it is understood.
//!
//! This room reads the document alone. It refuses what has no place in it ([`structure`]), by the tables
//! of `keywords` and `vocabulary`, and gives the names that places have ([`Places`]): those of operations
//! and webhooks, and of the schemas that stand in them.

mod beside;
mod hints;
mod keywords;
mod nearest;
pub(in crate::lower) mod places;
pub(in crate::lower) mod structure;
mod types;
mod vocabulary;

pub(in crate::lower) use self::hints::{Hint, choice_name};
pub(in crate::lower) use self::nearest::advice;
pub(in crate::lower) use self::places::{OperationNames, Places};
pub(in crate::lower) use self::vocabulary::EXTENSIONS;
