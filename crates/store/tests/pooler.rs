//! The store on PostgreSQL behind PgBouncer, which gives every transaction another session.

mod suite;

const ENGINE: suite::support::Engine = suite::support::Engine::Pooler;
