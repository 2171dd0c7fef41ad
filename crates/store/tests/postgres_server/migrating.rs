//! Schema versions.

use std::thread;

use store::{Error, Store};

use crate::{add_tenant, fresh, name, open, options, psql, shared, write};

#[tokio::test]
async fn processes_that_start_at_once_create_one_schema() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    thread::scope(|scope| {
        let starting: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| open(&url, &options())))
            .collect();
        for one in starting {
            one.join().expect("it opens");
        }
    });
    assert_eq!(
        psql(
            cluster,
            &url,
            "SELECT count(*) FROM flexportal.schema_version"
        ),
        "1"
    );
    write(&open(&url, &options()), |tx| add_tenant(tx, "a")).await;
}

#[tokio::test]
async fn newer_schema_is_used_as_long_as_it_allows() {
    let Some(cluster) = shared() else { return };
    let (_, url) = fresh(cluster);
    let migrated = |version: i64, oldest: i64| {
        let sql = format!(
            "INSERT INTO flexportal.schema_version (version, oldest) VALUES ({version}, {oldest})"
        );
        cluster
            .sql(name(&url), &sql)
            .expect("the newer release is recorded");
    };
    migrated(1_000, 1);
    write(&open(&url, &options()), |tx| add_tenant(tx, "a")).await;
    migrated(1_001, 1_000);
    let error = Store::open_with(&url, &options())
        .err()
        .expect("it is refused");
    assert!(
        matches!(error, Error::NewerSchema { found: 1_001, .. }),
        "{error:?}"
    );
}

#[test]
fn schema_of_another_program_is_left_alone() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    psql(cluster, &url, "CREATE SCHEMA flexportal");
    let error = Store::open_with(&url, &options())
        .err()
        .expect("it is refused");
    assert!(matches!(error, Error::ForeignDatabase), "{error:?}");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'flexportal'";
    assert_eq!(psql(cluster, &url, tables), "0");
}
