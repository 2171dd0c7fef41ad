//! Faults, injected under parallel load against real processes. After each: no acknowledged change
//! is lost, none is half there, the invariants hold over the whole database, and service is back
//! without anybody restarting the server.
//!
//! `FAULTS=200 cargo test -p server --test faults` injects that many over all kinds, and
//! `FAULT_SEED` repeats the choices of a run.

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
mod postgres;
mod proxy;
mod random;
mod site;
mod sqlite;
mod tally;
mod turn;
mod watch;
