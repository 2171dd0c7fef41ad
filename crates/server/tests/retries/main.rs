//! Writes that are sent once to three times, some at the same moment, to two processes, one of which is killed
//! now and then: each has one effect, and the same answer however often it is asked for.
//!
//! `RETRIES=100000 cargo test --release -p server --test retries` makes so many writes on each engine, with a
//! fault for every hundredth part; `RETRIES_SEED` repeats the choices of a run.

#[path = "../support/mod.rs"]
mod support;

mod effects;
mod site;
mod writes;

use std::io::Write as _;

use site::Site;
use support::Folder;

/// Writes when nobody asks.
const USUAL: usize = 600;

#[tokio::test(flavor = "multi_thread")]
async fn repeats_on_sqlite_have_one_effect_and_one_answer() {
    let folder = Folder::new();
    run("SQLite", &folder.database()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_on_postgresql_have_one_effect_and_one_answer() {
    if !test_postgres::available() {
        return;
    }
    let cluster = test_postgres::shared().expect("a cluster starts");
    let database = cluster.create_database().expect("a database can be made");
    run("PostgreSQL", &database).await;
}

async fn run(engine: &str, database: &str) {
    let count = number("RETRIES").unwrap_or(USUAL);
    let seed = number("RETRIES_SEED").unwrap_or(1);
    let site = Site::open(database).await;
    let done = writes::run(&site, count, seed).await;
    site.close().await;
    // One line, past the test harness, which swallows what a passing test prints.
    let line = format!(
        "{engine:<10} {:6} writes sent {:6} times, {:3} servers killed, RETRIES_SEED={seed}\n",
        done.writes, done.sent, done.killed
    );
    let _ = std::io::stderr().write_all(line.as_bytes());
    assert!(done.problems.is_empty(), "{:#?}", done.problems);
    assert_eq!(effects::stored(database).await, done.effects);
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(variable: &str) -> Option<T> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("the variable is a number"))
}
