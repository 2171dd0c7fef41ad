//! Transactions that meet.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use jiff::Timestamp;
use store::{Error, Json, NewEvent, Options, Store, Tx, customers, params, tenants};

use crate::{add_tenant, fresh, open, options, shared, write};

/// Reads a number of the tenant's only customer and writes it back, one higher.
fn increment(tx: &mut Tx<'_>, between: impl FnOnce()) -> Result<(), Error> {
    let sql = "SELECT total_orders FROM customers WHERE tenant_id = 'a' AND id = 'cust_1'";
    let found: i64 = tx.query_one(sql, params![], |row| row.get())?;
    between();
    let sql = "UPDATE customers SET total_orders = $1 WHERE tenant_id = 'a' AND id = 'cust_1'";
    tx.execute(sql, params![found + 1]).map(drop)
}

async fn total(store: &Store) -> i64 {
    let sql = "SELECT total_orders FROM customers WHERE tenant_id = 'a' AND id = 'cust_1'";
    crate::read(store, move |tx| {
        tx.query_one(sql, params![], |row| row.get())
    })
    .await
}

#[tokio::test]
async fn transaction_that_lost_is_run_again() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let barrier = Arc::new(Barrier::new(2));
    let mut both = Vec::new();
    for _ in 0..2 {
        let (store, barrier) = (store.clone(), Arc::clone(&barrier));
        let mut first = true;
        both.push(tokio::spawn(async move {
            write(&store, move |tx| {
                let first = std::mem::take(&mut first);
                // Both have read before either writes.
                increment(tx, || {
                    if first {
                        barrier.wait();
                    }
                })
            })
            .await;
        }));
    }
    for one in both {
        one.await.expect("it commits");
    }
    assert_eq!(total(&store).await, 2);
    assert_eq!(store.statistics().retries, 1);
}

#[tokio::test]
async fn nothing_is_lost_between_many_writers_of_one_row() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    let other = open(&url, &options());
    write(&store, |tx| add_tenant(tx, "a")).await;
    let mut writers = Vec::new();
    for n in 0..40 {
        let store = if n % 2 == 0 {
            store.clone()
        } else {
            other.clone()
        };
        writers.push(tokio::spawn(async move {
            write(&store, |tx| increment(tx, || ())).await;
        }));
    }
    for writer in writers {
        writer.await.expect("it commits");
    }
    assert_eq!(total(&store).await, 40);
}

#[tokio::test]
async fn swallowed_failure_is_not_taken_for_a_success() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let outcome: Result<(), Error> = store
        .write(|tx| {
            increment(tx, || ())?;
            // The duplicate ends the transaction, whatever the closure thinks.
            let _ = add_tenant(tx, "a");
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(Error::Duplicate(_))), "{outcome:?}");
    assert_eq!(total(&store).await, 0);
}

#[tokio::test]
async fn lock_held_too_long_is_an_error_and_then_over() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let impatient = open(
        &url,
        &Options {
            lock_timeout: Duration::from_millis(100),
            ..options()
        },
    );
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let holder = tokio::spawn(async move {
        write(&store, move |tx| {
            increment(tx, || ())?;
            locked.send(()).expect("the test waits");
            released.recv().map_err(|_| Error::Closed)
        })
        .await;
    });
    tokio::task::spawn_blocking(move || is_locked.recv().expect("the row is locked"))
        .await
        .expect("the thread runs");
    let refused: Result<(), Error> = impatient.write(|tx| increment(tx, || ())).await;
    assert!(
        matches!(refused, Err(Error::Unavailable { .. })),
        "{refused:?}"
    );
    release.send(()).expect("the holder waits");
    holder.await.expect("it commits");
    write(&impatient, |tx| increment(tx, || ())).await;
    assert_eq!(total(&impatient).await, 2);
}

#[tokio::test]
async fn statement_that_takes_too_long_is_an_error_and_then_over() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    let hasty = open(
        &url,
        &Options {
            statement_timeout: Duration::from_millis(100),
            ..options()
        },
    );
    let slow: Result<(), Error> = hasty
        .read(|tx| {
            tx.query_all("SELECT pg_sleep(60)::TEXT", params![], |_| Ok(()))
                .map(drop)
        })
        .await;
    assert!(matches!(slow, Err(Error::Unavailable { .. })), "{slow:?}");
    let none = crate::read(&hasty, |tx| tenants::find(tx, "a")).await;
    assert!(none.is_none());
}

#[tokio::test]
async fn nothing_follows_a_deletion_that_stands_alone() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let delete = |tx: &mut Tx<'_>| {
        let event = NewEvent {
            tenant_id: "a",
            kind: "customer.deactivated",
            resource: "cust_1",
            data: Json::empty_object(),
            at: Timestamp::UNIX_EPOCH,
        };
        customers::deactivate_alone(tx, "a", "cust_1", &event)
    };
    let outcome: Result<(), Error> = store
        .write(move |tx| {
            assert!(delete(tx)?);
            increment(tx, || ())
        })
        .await;
    assert!(matches!(outcome, Err(Error::AfterCommit)), "{outcome:?}");
    // The second time there is nothing to delete, and the transaction goes on.
    write(&store, move |tx| {
        assert!(!delete(tx)?);
        increment(tx, || ())
    })
    .await;
    assert_eq!(total(&store).await, 1);
}
