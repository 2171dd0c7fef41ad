//! The PostgreSQL engine: a few connections, one thread each, that run one transaction at a time.
//!
//! Writes are SERIALIZABLE: a rule that is right when transactions follow each other is right here as well,
//! because PostgreSQL aborts what cannot be put in an order and the worker runs it again. Reads are one
//! REPEATABLE READ snapshot. BEGIN travels with the first statement, and nobody waits for the end of a read.

pub(crate) mod config;
mod error;
pub(crate) mod migrate;
mod session;
mod transaction;
mod value;
pub(crate) mod worker;

pub(crate) use transaction::{Access, Transaction};
pub(crate) use value::{column, corrupt};
