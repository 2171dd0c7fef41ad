//! The PostgreSQL engine: a few connections, one thread each, that run one transaction at a time.
//!
//! Writes of a tenant are READ COMMITTED and rest on locks: after a lock, every statement sees what whoever held
//! it before has committed. First comes the tenant's lock, shared by all that write but exclusive for what looks
//! across customers (the catalogue); then the row of the customer, then those of assets. Writes across tenants
//! are few and SERIALIZABLE; reads are one REPEATABLE READ snapshot. Whatever loses is run again. BEGIN travels
//! with the first statement, and nobody waits for the end of a read. Deletions that wait for a connection become
//! one statement.
//!
//! A session may be somebody else's after each transaction, where a pooler gives it. So the tenant is set within
//! each transaction, everywhere; behind a pooler, so are all settings, and statements are not prepared.

mod config;
mod dialect;
mod error;
mod growth;
mod host;
mod migrate;
mod open;
mod session;
mod transaction;
mod value;
mod wall;
mod worker;

pub(crate) use dialect::DIALECT;
pub use open::PostgresOptions;
pub(crate) use open::open;
pub(crate) use transaction::Transaction;
pub(crate) use value::{column, corrupt};
