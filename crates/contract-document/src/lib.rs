//! An OpenAPI contract as data: read from YAML or JSON, resolved over files, with the position of
//! every node.
//!
//! Start at [`Document::load`]. A contract passes these steps:
//!
//! 1. `yaml` and `json` read a text into nodes that know where they stand;
//! 2. `bundle` follows references into other files and turns their targets into components, so
//!    that one self-contained document remains, in which lists are lists (`shapes`);
//! 3. `nothing`, `redirect` and `dangling` give a reading to what is written without a value, refers to another
//!    kind of object, or refers to nothing;
//! 4. `check` looks at the outermost structure, the dialect, and references that have no reading;
//! 5. `upgrade` rewrites OpenAPI 3.0 as 3.1, so that readers meet one dialect.
//!
//! Limits: a file has at most 32 MiB, nodes nest at most 128 deep, and the aliases of one file
//! copy at most a million nodes. What exceeds them is refused, like everything else that cannot be
//! read, with its position. References to the network are not followed.
//!
//! **Architecture Invariant:** nothing in here writes Rust or knows a particular API. Reading has
//! no effect but reading files, and no text makes it panic.

mod bundle;
mod check;
mod dangling;
mod diagnostic;
mod document;
mod examples;
mod files;
mod identify;
mod json;
mod kind;
mod metaschemas;
mod node;
mod nothing;
mod pointer;
mod problem;
mod redirect;
mod reference;
mod scalar;
mod select;
mod sequences;
mod shapes;
mod text;
mod upgrade;
mod uri;
mod write;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Position, Severity, explained};
pub use document::Document;
pub use examples::Given;
pub use pointer::{child, escape, parent, pointer, segments, unescape, value_at};
pub use select::OperationHead;
pub use sequences::{EVENT_DATA, Sequence};
pub use write::to_yaml;
