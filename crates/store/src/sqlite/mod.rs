//! The SQLite engine: one writing connection that commits in groups, several reading ones.

pub(crate) mod connection;
mod dialect;
pub(crate) mod error;
pub(crate) mod migrate;
mod open;
pub(crate) mod place;
mod reader;
mod transaction;
mod writer;

pub(crate) use dialect::DIALECT;
pub use open::SqliteOptions;
pub(crate) use open::open;
pub(crate) use transaction::{Transaction, column, corrupt};
