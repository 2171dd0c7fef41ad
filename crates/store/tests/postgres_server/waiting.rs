//! What a lock that somebody holds does to everything that does not need it.

use std::sync::Arc;
use std::time::Duration;

use store::{Error, Options, PostgresOptions, Unique, params};

use crate::contending::{PATIENCE, gate, somebody_waits};
use crate::{add_tenant, count, fresh, open, open_in_the_end, options, shared, write};

const CUSTOMERS: &str = "SELECT count(*) FROM customers WHERE tenant_id = 'a'";
const CHANGE: &str = "UPDATE customers SET total_orders = 7";

/// BEGIN takes the lock of the tenant, in the same packet as the scope, but in a message of its own.
#[tokio::test]
async fn lock_that_is_not_granted_leaves_no_scope_behind() {
    let Some(cluster) = shared() else { return };
    let (holder, url) = fresh(cluster);
    write(&holder, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "b")
    })
    .await;
    let impatient = Options {
        postgres: PostgresOptions {
            connections: 1,
            lock_timeout: Duration::from_millis(100),
            ..options().postgres
        },
        ..options()
    };
    let impatient = open(&url, &impatient);
    let (a, b): (Arc<str>, Arc<str>) = ("a".into(), "b".into());
    let seen = async || impatient.read_in(&a, |tx| count(tx, CUSTOMERS)).await;
    assert_eq!(seen().await.expect("reads"), 1);

    let (mut stop, mut keeper) = gate();
    let held = tokio::spawn(async move {
        let alone = holder.write_alone_in(&b, move |tx| {
            tx.execute(CHANGE, params![])?;
            stop.stop()
        });
        let outcome: Result<(), Error> = alone.await;
        outcome.expect("it commits");
    });
    keeper.is_reached().await;
    let refused: Result<u64, Error> = impatient
        .write_in(&"b".into(), |tx| tx.execute(CHANGE, params![]))
        .await;
    assert!(
        matches!(refused, Err(Error::Unavailable { .. })),
        "{refused:?}"
    );
    assert_eq!(
        seen().await.expect("reads"),
        1,
        "rows of `a` are still there"
    );
    keeper.open();
    held.await.expect("it commits");
}

#[tokio::test]
async fn reads_find_a_connection_while_writes_wait_for_a_lock() {
    let Some(cluster) = shared() else { return };
    let (holder, url) = fresh(cluster);
    write(&holder, |tx| add_tenant(tx, "a")).await;
    let pool = open(&url, &options());
    let (mut stop, mut keeper) = gate();
    let held = tokio::spawn(async move {
        write(&holder, move |tx| {
            tx.execute(CHANGE, params![])?;
            stop.stop()
        })
        .await;
    });
    keeper.is_reached().await;

    let tenant: Arc<str> = "a".into();
    let mut writes = Vec::new();
    for _ in 0..2 * options().postgres.connections {
        let (pool, tenant) = (pool.clone(), Arc::clone(&tenant));
        writes.push(tokio::spawn(async move {
            let outcome: Result<u64, Error> = pool
                .write_in(&tenant, |tx| tx.execute(CHANGE, params![]))
                .await;
            outcome.expect("it gets the lock in the end");
        }));
    }
    let read = pool.read_in(&tenant, |tx| count(tx, CUSTOMERS));
    let read = tokio::time::timeout(PATIENCE, read).await;
    assert_eq!(read.expect("not behind writes").expect("reads"), 1);
    somebody_waits(&pool, "transactionid").await;
    keeper.open();
    held.await.expect("it commits");
    for write in writes {
        write.await.expect("it commits");
    }
}

/// What a rule makes of an error.
#[derive(Debug, PartialEq)]
enum Refusal {
    Taken,
    /// Nothing: the rule was not asked.
    Store(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Store(error.to_string())
    }
}

#[tokio::test]
async fn rule_has_the_last_word_however_late_it_is() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    let hasty = Options {
        postgres: PostgresOptions {
            // The one that opening has made.
            connections: 1,
            unavailable_after: Duration::ZERO,
            ..options().postgres
        },
        ..options()
    };
    let store = open_in_the_end(&url, &hasty);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let sql = "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
               created_at, updated_at, created_by) VALUES ('a', 'cust_2', 'a@b.example', 'a@b.example', 'A', 'B', \
               'individual', 'active', 0, 0, 'key')";
    let outcome: Result<u64, Refusal> = store
        .write_in(&"a".into(), move |tx| match tx.execute(sql, params![]) {
            Err(Error::Duplicate(Unique::CustomerEmail)) => Err(Refusal::Taken),
            other => Ok(other?),
        })
        .await;
    assert_eq!(outcome, Err(Refusal::Taken));
}
