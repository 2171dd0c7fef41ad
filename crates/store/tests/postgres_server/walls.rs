//! Row-level security.

use std::sync::Arc;

use store::{Error, params};

use crate::{add_tenant, count, fresh, open, options, psql, shared, write};

#[tokio::test]
async fn transaction_of_a_tenant_neither_sees_nor_changes_rows_of_others() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    assert!(store.walls_off_tenants());
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "b")
    })
    .await;
    let a: Arc<str> = "a".into();

    // Statements that forgot the tenant.
    let seen = store.read_in(&a, |tx| count(tx, "SELECT count(*) FROM customers"));
    assert_eq!(seen.await.expect("reads"), 1);
    let changed: Result<u64, Error> = store
        .write_in(&a, |tx| {
            tx.execute("UPDATE customers SET company = 'of a'", params![])
        })
        .await;
    assert_eq!(changed.expect("writes"), 1);
    // Statements that name the wrong one.
    let taken: Result<u64, Error> = store
        .write_in(&a, |tx| {
            tx.execute(
                "UPDATE customers SET tenant_id = 'b', id = 'x' WHERE id = 'cust_1'",
                params![],
            )
        })
        .await;
    assert!(matches!(taken, Err(Error::Statement(_))), "{taken:?}");
    let planted: Result<(), Error> = store.write_in(&a, |tx| add_tenant(tx, "c")).await;
    assert!(matches!(planted, Err(Error::Statement(_))), "{planted:?}");

    let all = store.read(|tx| count(tx, "SELECT count(*) FROM customers WHERE company IS NULL"));
    assert_eq!(
        all.await.expect("reads"),
        1,
        "the customer of b is untouched"
    );
}

#[tokio::test]
async fn scope_changes_with_each_transaction_of_one_connection() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    let mut options = options();
    options.connections = 1;
    let store = open(&url, &options);
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "o'hara")
    })
    .await;
    for tenant in ["a", "o'hara", "a", "nobody"] {
        let scope: Arc<str> = tenant.into();
        let failed: Result<(), Error> = store.write_in(&scope, |_| Err(Error::Closed)).await;
        assert!(failed.is_err());
        let seen = store.read_in(&scope, |tx| {
            tx.query_all("SELECT id FROM tenants", params![], |row| {
                row.get::<String>()
            })
        });
        let expected: Vec<&str> = [tenant].into_iter().filter(|it| *it != "nobody").collect();
        assert_eq!(seen.await.expect("reads"), expected);
    }
    let all = store.read(|tx| count(tx, "SELECT count(*) FROM tenants"));
    assert_eq!(all.await.expect("reads"), 2);
}

#[tokio::test]
async fn session_that_names_no_tenant_sees_nothing() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    assert_eq!(
        psql(cluster, &url, "SELECT count(*) FROM flexportal.customers"),
        "0"
    );
    let scoped = "SET flexportal.tenant = 'a'; SELECT count(*) FROM flexportal.customers";
    assert_eq!(psql(cluster, &url, scoped), "1");
}

#[tokio::test]
async fn superuser_is_known_not_to_be_walled_off() {
    let Some(cluster) = shared() else { return };
    let (_, url) = fresh(cluster);
    let store = open(&cluster.admin_url(crate::name(&url)), &options());
    assert!(!store.walls_off_tenants());
}
