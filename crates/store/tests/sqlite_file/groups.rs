//! Transactions that wait at the same time share a commit.

use std::time::Duration;

use store::*;

use crate::support::*;

#[tokio::test]
async fn transactions_of_a_group_fail_and_panic_alone() {
    let (_database, store) = patient().await;
    let before = store.statistics();

    let release = hold_writer(&store).await;
    let tenant = TENANT.into();
    let good =
        queued(store.write_in(&tenant, |tx| customers::insert(tx, &customer("cust_good")))).await;
    let tenant = TENANT.into();
    let failing = queued(store.write_in(&tenant, |tx| -> Result<(), Error> {
        customers::insert(tx, &customer("cust_failing"))?;
        Err(Error::Closed)
    }))
    .await;
    let tenant = TENANT.into();
    let panicking = queued(store.write_in(&tenant, |tx| -> Result<(), Error> {
        customers::insert(tx, &customer("cust_panicking"))?;
        panic!("as planned");
    }))
    .await;
    let tenant = TENANT.into();
    let last =
        queued(store.write_in(&tenant, |tx| customers::insert(tx, &customer("cust_last")))).await;
    release.send(()).expect("the writer waits");

    good.await.expect("committed");
    assert!(matches!(failing.await, Err(Error::Closed)));
    let panicked = panicking.await;
    assert!(
        matches!(&panicked, Err(Error::Panicked(message)) if message == "as planned"),
        "{panicked:?}"
    );
    last.await.expect("committed");

    let present = read(&store, |tx| {
        tx.query_all("SELECT id FROM customers ORDER BY id", &[], |row| {
            row.get::<String>()
        })
    })
    .await;
    assert_eq!(present, ["cust_good", "cust_last"]);
    let after = store.statistics();
    assert_eq!(after.transactions - before.transactions, 5);
    // The first holds the writer.
    assert_eq!(after.commits - before.commits, 2);
    assert_eq!(after.largest_group, 4);
}

/// A reference checked at the end makes the commit itself fail, as a full disk would.
#[tokio::test]
async fn failed_commit_is_answered_to_the_whole_group_and_applies_nothing() {
    let (database, store) = patient().await;
    let release = hold_writer(&store).await;
    let tenant = TENANT.into();
    let first =
        queued(store.write_in(&tenant, |tx| customers::insert(tx, &customer("cust_1")))).await;
    let tenant = TENANT.into();
    let refused = queued(store.write_in(&tenant, |tx| {
        assert!(customers::find(tx, "cust_1")?.is_some());
        Err::<(), _>(Error::Closed)
    }))
    .await;
    let spoiling = queued(store.write(|tx| {
        tx.execute("PRAGMA defer_foreign_keys = ON", &[])?;
        tx.execute(
            "INSERT INTO order_fields (tenant_id, field_id, value, created_at, order_id) VALUES ('acme', 'a', \
             'b', 0, 'none')",
            &[],
        )
    }))
    .await;
    release.send(()).expect("the writer waits");

    assert!(matches!(first.await, Err(Error::Reference(_))));
    // The refusal rests on a row that was never committed, so it is withdrawn as well.
    assert!(matches!(refused.await, Err(Error::Reference(_))));
    assert!(matches!(spoiling.await, Err(Error::Reference(_))));
    assert_eq!(read(&store, count_customers).await, 0);
    // What was set above makes statements be compiled again, which is an error elsewhere: another connection goes on.
    store.close();
    let store = database.open();
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    assert_eq!(read(&store, count_customers).await, 1);
}

#[tokio::test]
async fn each_transaction_commits_alone_when_asked_to() {
    let database = Database::new();
    database.filled().await.close();
    let options = Options {
        sqlite: SqliteOptions {
            group_limit: 1,
            ..SqliteOptions::default()
        },
        ..Options::default()
    };
    let store = database.open_with(&options);
    let release = hold_writer(&store).await;
    let tenant = TENANT.into();
    let mut writes = Vec::new();
    for n in 0..20 {
        let write = store.write_in(&tenant, move |tx| {
            customers::insert(tx, &customer(&format!("cust_{n}")))
        });
        writes.push(queued(write).await);
    }
    release.send(()).expect("the writer waits");
    for write in writes {
        write.await.expect("committed");
    }
    let statistics = store.statistics();
    assert_eq!((statistics.commits, statistics.largest_group), (21, 1));
}

/// Whose groups wait for all that they can take: on a busy machine some would be too late otherwise.
async fn patient() -> (Database, Store) {
    let database = Database::new();
    database.filled().await.close();
    let options = Options {
        sqlite: SqliteOptions {
            group_time: Duration::from_secs(600),
            ..SqliteOptions::default()
        },
        ..Options::default()
    };
    let store = database.open_with(&options);
    (database, store)
}

fn count_customers(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.query_one("SELECT count(*) FROM customers", &[], |row| row.get())
}
