//! What only SQLite has: a file, one writer for all processes, groups of transactions in one commit.

#[path = "sqlite_file/checks.rs"]
mod checks;
#[path = "sqlite_file/groups.rs"]
mod groups;
#[path = "sqlite_file/locking.rs"]
mod locking;
#[path = "sqlite_file/opening.rs"]
mod opening;
#[path = "suite/support/mod.rs"]
mod support;

fn engine() -> test_postgres::Engine {
    test_postgres::Engine::Sqlite
}
