//! Values of a contract's schemas: whether a value keeps to one ([`flaws`]), a value that does ([`make`]), and what an
//! operation could answer ([`Examples`]).
//!
//! Schemas are read as data, by JSON Schema 2020-12, in the dialect that
//! [`Document::root`](contract_document::Document::root) has. Formats are those that generated code checks.
//!
//! **Architecture Invariant:** nothing of any contract, and no Rust is written. No schema and no value makes it panic
//! or run for ever.

mod answer;
mod check;
mod facts;
mod make;
mod schema;
mod text;

pub use answer::{Example, Examples};
pub use check::{Flaw, flaws};
pub use make::{make, make_sent};
