//! The store on SQLite, on PostgreSQL, and behind PgBouncer.

use test_postgres::Engine;

mod suite;

fn engine() -> Engine {
    Engine::current()
}

#[test]
fn also_on_postgresql() {
    Engine::Postgres.runs_the_suite();
}

#[test]
fn also_behind_pgbouncer() {
    Engine::Pooler.runs_the_suite();
}
