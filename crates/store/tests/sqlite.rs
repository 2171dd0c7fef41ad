//! The store on SQLite.

mod suite;

const ENGINE: suite::support::Engine = suite::support::Engine::Sqlite;
