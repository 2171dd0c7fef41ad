//! The store on PostgreSQL.

mod suite;

const ENGINE: suite::support::Engine = suite::support::Engine::Postgres;
