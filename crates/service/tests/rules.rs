//! The rules on SQLite, on PostgreSQL, and behind PgBouncer.

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
    // Much calculation over what PostgreSQL gave: a pooler before it adds nothing but time.
    let calculated = ["suite::money::", "suite::year::", "suite::lists_large::"];
    Engine::Pooler.runs_the_suite_without(&calculated);
}
