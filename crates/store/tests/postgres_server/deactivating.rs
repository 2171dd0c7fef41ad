//! Deletions that wait for a connection and become one statement.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use store::{
    CustomerStatus, Deactivation, Error, Json, Options, PostgresOptions, Store, Tx, customers,
    events, params,
};
use tokio::task::JoinHandle;

use crate::{add_tenant, fresh, open, options, read, read_in, shared, write};

/// Customers beside `cust_1`: `cust_blocked` has an open order.
fn add_customers(tx: &mut Tx<'_>, tenant: &str) -> Result<(), Error> {
    for (id, open_orders) in [("cust_2", 0_i64), ("cust_3", 0), ("cust_blocked", 1)] {
        tx.execute(
            "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
             total_orders, open_orders, created_at, updated_at, created_by) \
             VALUES ($1, $2, $2, $2, 'A', 'B', 'individual', 'active', $3, $3, 0, 0, 'key')",
            params![tenant, id, open_orders],
        )?;
    }
    Ok(())
}

/// A store with one connection, which a transaction has until the sender is used.
async fn occupied(url: &str) -> (Store, mpsc::Sender<()>, JoinHandle<()>) {
    let store = open(
        url,
        &Options {
            postgres: PostgresOptions {
                connections: 1,
                // Longer than any test: what waits for a lock stays there.
                lock_timeout: Duration::from_secs(3600),
                statement_timeout: Duration::from_secs(3600),
                ..options().postgres
            },
            ..options()
        },
    );
    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let occupying = store.clone();
    let occupant = tokio::spawn(async move {
        read(&occupying, move |_| {
            begun.send(()).map_err(|_| Error::Closed)?;
            may_go_on.recv().map_err(|_| Error::Closed)
        })
        .await;
    });
    tokio::task::spawn_blocking(move || has_begun.recv().expect("it begins"))
        .await
        .expect("the thread runs");
    (store, go_on, occupant)
}

/// Asks for a deletion, and comes back when it waits.
async fn ask(store: &Store, tenant: &str, id: &str) -> JoinHandle<Result<bool, Error>> {
    let waiting = store.statistics().waiting;
    let deactivation = Deactivation {
        tenant: tenant.into(),
        customer: id.to_owned(),
        kind: "customer.deactivated",
        data: Json::of(&serde_json::json!({ "customerId": id })).expect("it is JSON"),
        at: Timestamp::UNIX_EPOCH,
    };
    let asking = store.clone();
    let asked = tokio::spawn(async move { asking.deactivate(deactivation).await });
    while store.statistics().waiting == waiting {
        tokio::task::yield_now().await;
    }
    asked
}

async fn answered(asked: JoinHandle<Result<bool, Error>>) -> bool {
    asked.await.expect("it runs").expect("it is answered")
}

async fn status(store: &Store, tenant: &'static str, id: &'static str) -> CustomerStatus {
    let found = read_in(store, tenant, move |tx| customers::find(tx, id)).await;
    found.expect("it is there").status
}

/// The customers that the events of a tenant tell of.
async fn told(store: &Store, tenant: &'static str) -> Vec<String> {
    let events = read_in(store, tenant, move |tx| events::after(tx, 0, i64::MAX, 100)).await;
    let mut told: Vec<String> = events.into_iter().map(|event| event.resource).collect();
    told.sort();
    told
}

#[tokio::test]
async fn deletions_that_wait_together_keep_their_own_outcomes() {
    let Some(cluster) = shared() else { return };
    let (setup, url) = fresh(cluster);
    for tenant in ["a", "b"] {
        write(&setup, move |tx| {
            add_tenant(tx, tenant)?;
            add_customers(tx, tenant)
        })
        .await;
    }
    let (store, go_on, occupant) = occupied(&url).await;
    let mut asked = Vec::new();
    for (tenant, id, expected) in [
        ("a", "cust_1", true),
        ("a", "cust_blocked", false),
        ("b", "cust_1", true),
        ("a", "cust_2", true),
        ("a", "nobody", false),
        ("b", "cust_3", true),
    ] {
        asked.push((tenant, id, expected, ask(&store, tenant, id).await));
    }
    let twice = [
        ask(&store, "a", "cust_3").await,
        ask(&store, "a", "cust_3").await,
    ];
    go_on.send(()).expect("the occupant waits");
    occupant.await.expect("it ends");

    for (tenant, id, expected, asked) in asked {
        assert_eq!(answered(asked).await, expected, "`{id}` of `{tenant}`");
    }
    let [one, two] = twice;
    assert!(
        answered(one).await ^ answered(two).await,
        "one of them did it"
    );

    assert_eq!(told(&store, "a").await, ["cust_1", "cust_2", "cust_3"]);
    assert_eq!(told(&store, "b").await, ["cust_1", "cust_3"]);
    assert_eq!(
        status(&store, "a", "cust_blocked").await,
        CustomerStatus::Active
    );
    assert_eq!(status(&store, "b", "cust_2").await, CustomerStatus::Active);
    assert_eq!(
        status(&store, "a", "cust_2").await,
        CustomerStatus::Inactive
    );
    assert_eq!(
        store.statistics().largest_group,
        3,
        "those of `a` went together"
    );
}

#[tokio::test]
async fn a_locked_customer_keeps_no_deletion_waiting() {
    let Some(cluster) = shared() else { return };
    let (setup, url) = fresh(cluster);
    write(&setup, |tx| {
        add_tenant(tx, "a")?;
        add_customers(tx, "a")
    })
    .await;
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let holding = setup.clone();
    let holder = tokio::spawn(async move {
        let tenant: Arc<str> = "a".into();
        let outcome: Result<(), Error> = holding
            .write_in(&tenant, move |tx| {
                customers::lock(tx, "cust_1")?;
                locked.send(()).map_err(|_| Error::Closed)?;
                released.recv().map_err(|_| Error::Closed)
            })
            .await;
        outcome.expect("it commits");
    });
    tokio::task::spawn_blocking(move || is_locked.recv().expect("it is locked"))
        .await
        .expect("the thread runs");

    let (store, go_on, occupant) = occupied(&url).await;
    let held = ask(&store, "a", "cust_1").await;
    let others = [
        ask(&store, "a", "cust_2").await,
        ask(&store, "a", "cust_3").await,
    ];
    go_on.send(()).expect("the occupant waits");
    occupant.await.expect("it ends");
    let patience = Duration::from_secs(20);
    for other in others {
        let other = tokio::time::timeout(patience, answered(other)).await;
        assert!(other.expect("it does not wait for the locked one"));
    }
    let held = tokio::time::timeout(patience, answered(held)).await;
    assert!(
        !held.expect("it does not wait"),
        "it is left to who waits for the lock"
    );
    release.send(()).expect("the holder waits");
    holder.await.expect("it commits");
    assert_eq!(told(&store, "a").await, ["cust_2", "cust_3"]);
    assert_eq!(status(&store, "a", "cust_1").await, CustomerStatus::Active);
}
