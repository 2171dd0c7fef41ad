//! The histories of PostgreSQL, over one server and over two.

use test_postgres::{Cluster, Setup};

use crate::is_linearisable;

/// Requests unless asked otherwise: fewer, because transactions that meet are run again.
const ON_POSTGRESQL: usize = 4_000;

/// A cluster of its own, which knows how large its tables are.
fn new_cluster() -> Cluster {
    let setup = Setup {
        settings: vec![("autovacuum".into(), "on".into())],
        ..Setup::default()
    };
    Cluster::start(&setup).expect("a cluster")
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_is_linearisable() {
    if !test_postgres::available() {
        return;
    }
    let cluster = new_cluster();
    let database = cluster.create_database().expect("a database");
    is_linearisable("PostgreSQL", &database, 1, ON_POSTGRESQL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_postgresql_are_linearisable() {
    if !test_postgres::available() {
        return;
    }
    let cluster = new_cluster();
    let database = cluster.create_database().expect("a database");
    is_linearisable("PostgreSQL, two servers", &database, 2, ON_POSTGRESQL).await;
}
