//! What only PostgreSQL has: several clients that write at once, a wall between tenants, connections that
//! break, poolers, migrations beside running servers, TLS.

#[path = "postgres_server/connecting.rs"]
mod connecting;
#[path = "postgres_server/contending.rs"]
mod contending;
#[path = "postgres_server/deactivating.rs"]
mod deactivating;
#[path = "postgres_server/growing.rs"]
mod growing;
#[path = "postgres_server/migrating.rs"]
mod migrating;
#[path = "postgres_server/outbox.rs"]
mod outbox;
#[path = "postgres_server/pooling.rs"]
mod pooling;
#[path = "postgres_server/tls.rs"]
mod tls;
#[path = "postgres_server/waiting.rs"]
mod waiting;
#[path = "postgres_server/walls.rs"]
mod walls;

use std::process::Command;
use std::time::Instant;

use contending::PATIENCE;
use store::{Error, Options, PostgresOptions, Store, Tx, params};
use test_postgres::Cluster;

/// The cluster of this test process; `None` where PostgreSQL is not installed.
fn shared() -> Option<&'static Cluster> {
    test_postgres::available().then(|| test_postgres::shared().expect("the cluster starts"))
}

/// A store with few connections on a fresh database, and its URL.
fn fresh(cluster: &Cluster) -> (Store, String) {
    let url = cluster.create_database().expect("a database");
    (open(&url, &options()), url)
}

fn options() -> Options {
    Options {
        postgres: PostgresOptions {
            connections: 4,
            ..PostgresOptions::default()
        },
        ..Options::default()
    }
}

fn open(url: &str, options: &Options) -> Store {
    Store::open_with(url, options).expect("the database opens")
}

/// Opens with less patience than connecting may take on a slow machine.
fn open_in_the_end(url: &str, options: &Options) -> Store {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match Store::open_with(url, options) {
            Err(Error::Unavailable { .. }) if Instant::now() < deadline => {}
            opened => return opened.expect("the database opens"),
        }
    }
}

/// The name of the database in a URL.
fn name(url: &str) -> &str {
    url.rsplit('/').next().expect("a path")
}

async fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    store.write(f).await.expect("the transaction commits")
}

/// Writes with less patience than connecting may take on a slow machine.
async fn write_in_the_end(store: &Store, f: fn(&mut Tx<'_>) -> Result<(), Error>) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match store.write(f).await {
            Err(Error::Unavailable { .. }) if Instant::now() < deadline => {}
            written => return written.expect("the transaction commits"),
        }
    }
}

async fn read<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    store.read(f).await.expect("the rows are readable")
}

/// A read for one tenant.
async fn read_in<T: Send + 'static>(
    store: &Store,
    tenant: &str,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let outcome = store.read_in(&tenant.into(), f).await;
    outcome.expect("the rows are readable")
}

/// A tenant with one customer, `cust_1`.
fn add_tenant(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO tenants (id, name, currency, timezone, tier, status, settings, created_at, updated_at) \
         VALUES ($1, 'Test', 'EUR', 'UTC', 'growth', 'active', '{}', 0, 0)",
        params![id],
    )?;
    tx.execute(
        "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
         created_at, updated_at, created_by) \
         VALUES ($1, 'cust_1', 'a@b.example', 'a@b.example', 'A', 'B', 'individual', 'active', 0, 0, 'key')",
        params![id],
    )
    .map(drop)
}

fn count(tx: &mut Tx<'_>, sql: &str) -> Result<i64, Error> {
    tx.query_one(sql, params![], |row| row.get())
}

/// Runs a statement as the role of the server, without the server.
fn psql(cluster: &Cluster, url: &str, sql: &str) -> String {
    let mut psql: Command = cluster.program("psql");
    let output = psql
        .args(["-XAtq", "-c", sql, url])
        .output()
        .expect("psql runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
