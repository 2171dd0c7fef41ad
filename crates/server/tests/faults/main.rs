//! Faults, injected under parallel load against real processes. After each: no acknowledged change
//! is lost, none is half there, the invariants hold over the whole database, and service is back
//! without anybody restarting the server.
//!
//! `FAULTS=200 cargo test -p server --test faults` injects that many over the kinds that choose
//! their moment at random, besides one at every message of a transaction with PostgreSQL;
//! `FAULT_SEED` repeats the choices of a run. Each kind says on standard error what came of it.
//!
//! Full and read-only disks need root, or a kernel that lets users have namespaces; PostgreSQL and
//! PgBouncer must be installed. What a machine cannot have is said, and is a failure where `CI` is set.

#[path = "../support/mod.rs"]
mod support;

mod check;
mod cluster;
mod cuts;
mod disk;
mod http;
mod ledger;
mod load;
mod planted;
mod pooler;
mod postgres;
mod proxy;
mod random;
mod site;
mod sqlite;
mod tally;
mod turn;
mod watch;
