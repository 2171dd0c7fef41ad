//! The SQLite engine: one writing connection that commits in groups, several reading ones.

pub(crate) mod connection;
mod dialect;
pub(crate) mod error;
pub(crate) mod migrate;
pub(crate) mod place;
pub(crate) mod reader;
mod transaction;
pub(crate) mod writer;

pub(crate) use dialect::DIALECT;
pub(crate) use transaction::{Transaction, column, corrupt};
