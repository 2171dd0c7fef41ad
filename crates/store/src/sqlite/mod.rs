//! The SQLite engine: one writing connection that commits in groups, several reading ones.

pub(crate) mod connection;
pub(crate) mod error;
pub(crate) mod migrate;
pub(crate) mod place;
pub(crate) mod reader;
pub(crate) mod writer;
