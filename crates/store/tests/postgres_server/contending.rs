//! Transactions that meet.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use store::{
    AssetStatus, Error, Options, PostgresOptions, Store, Tx, assets, customers, params, tenants,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{add_tenant, fresh, open, options, shared, write};

/// How long a test waits for what must happen before it fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Where a transaction stops until the test lets it go on.
pub(crate) struct Gate {
    reached: UnboundedSender<()>,
    opened: UnboundedReceiver<()>,
}

/// The side of the test. If it goes, because the test has failed, the transaction fails as well.
pub(crate) struct GateKeeper {
    reached: UnboundedReceiver<()>,
    opened: UnboundedSender<()>,
}

pub(crate) fn gate() -> (Gate, GateKeeper) {
    let (here, reached) = unbounded_channel();
    let (open, opened) = unbounded_channel();
    let gate = Gate {
        reached: here,
        opened,
    };
    let keeper = GateKeeper {
        reached,
        opened: open,
    };
    (gate, keeper)
}

impl Gate {
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        self.reached.send(()).map_err(|_| Error::Closed)?;
        self.opened.blocking_recv().ok_or(Error::Closed)
    }
}

impl GateKeeper {
    pub(crate) async fn is_reached(&mut self) {
        let reached = self.reached.recv().await;
        reached.expect("the transaction comes to its gate");
    }

    /// Once: a transaction that comes again fails.
    pub(crate) fn open(self) {
        self.opened.send(()).expect("the transaction waits");
    }
}

/// Returns once a transaction in the database of the store waits for a lock of this kind.
pub(crate) async fn somebody_waits(store: &Store, kind: &'static str) {
    let deadline = Instant::now() + PATIENCE;
    let sql = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) \
               WHERE NOT granted AND locktype = $1 AND datname = current_database()";
    let waiting = async || {
        crate::read(store, move |tx| {
            tx.query_one(sql, params![kind], |row| row.get::<i64>())
        })
        .await
    };
    while waiting().await == 0 {
        assert!(Instant::now() < deadline, "nobody waits for a lock");
    }
}

/// Reads a number of the tenant's only customer and writes it back, one higher.
fn increment(tx: &mut Tx<'_>, between: impl FnOnce()) -> Result<(), Error> {
    let sql = "SELECT total_orders FROM customers WHERE tenant_id = 'a' AND id = 'cust_1'";
    let found: i64 = tx.query_one(sql, params![], |row| row.get())?;
    between();
    let sql = "UPDATE customers SET total_orders = $1 WHERE tenant_id = 'a' AND id = 'cust_1'";
    tx.execute(sql, params![found + 1]).map(drop)
}

fn total_in(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let sql = "SELECT total_orders FROM customers WHERE tenant_id = 'a' AND id = 'cust_1'";
    tx.query_one(sql, params![], |row| row.get())
}

async fn total(store: &Store) -> i64 {
    crate::read(store, total_in).await
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
    let url = cluster.create_database().expect("a database");
    // However often one loses: a slow machine needs long for 40 of them.
    let long = Duration::from_secs(120);
    let patient = Options {
        transaction_timeout: Some(long),
        postgres: PostgresOptions {
            unavailable_after: long,
            lock_timeout: long,
            ..options().postgres
        },
        ..options()
    };
    let (store, other) = (open(&url, &patient), open(&url, &patient));
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
            postgres: PostgresOptions {
                lock_timeout: Duration::from_millis(100),
                ..options().postgres
            },
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
            postgres: PostgresOptions {
                // Also for the last statement, which a slow machine must not cut off.
                statement_timeout: Duration::from_secs(3),
                ..options().postgres
            },
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

/// How a transaction of the tenant `a` writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Beside,
    Alone,
}

async fn write_a<T: Send + 'static>(
    store: Store,
    kind: Kind,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let tenant: Arc<str> = "a".into();
    let outcome = match kind {
        Kind::Beside => store.write_in(&tenant, f).await,
        Kind::Alone => store.write_alone_in(&tenant, f).await,
    };
    outcome.expect("the transaction commits")
}

/// Adds a customer whose e-mail address nobody has. `between` comes after the look and before the change.
fn add_customer(
    tx: &mut Tx<'_>,
    id: &str,
    between: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let known = customers::lock_by_email(tx, id)?;
    assert!(known.is_none(), "nobody has it");
    between()?;
    let sql = "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, \
               status, created_at, updated_at, created_by) \
               VALUES ('a', $1, $1, $1, 'A', 'B', 'individual', 'active', 0, 0, 'key')";
    tx.execute(sql, params![id]).map(drop)
}

#[tokio::test]
async fn writes_of_one_tenant_run_beside_each_other() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    let (mut keepers, mut writers) = (Vec::new(), Vec::new());
    for id in ["cust_2", "cust_3"] {
        let (mut gate, keeper) = gate();
        keepers.push(keeper);
        let add = move |tx: &mut Tx<'_>| add_customer(tx, id, || gate.stop());
        writers.push(tokio::spawn(write_a(store.clone(), Kind::Beside, add)));
    }
    for keeper in &mut keepers {
        keeper.is_reached().await;
    }
    for keeper in keepers {
        keeper.open();
    }
    for writer in writers {
        writer.await.expect("it commits");
    }
    assert_eq!(store.statistics().retries, 0);
}

/// The first has changed something and is in progress when the second, of another server, is to begin.
async fn second_waits_and_sees_the_change(first: Kind, second: Kind) {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    let other = open(&url, &options());
    write(&store, |tx| add_tenant(tx, "a")).await;
    let (mut gate, mut keeper) = gate();
    let first = tokio::spawn(write_a(store.clone(), first, move |tx| {
        increment(tx, || ())?;
        gate.stop()
    }));
    keeper.is_reached().await;
    let second = tokio::spawn(write_a(other.clone(), second, total_in));
    somebody_waits(&store, "advisory").await;
    keeper.open();
    first.await.expect("it commits");
    assert_eq!(second.await.expect("it commits"), 1);
    assert_eq!(other.statistics().retries, 0);
}

#[tokio::test]
async fn write_alone_waits_for_a_write_in_progress_and_sees_its_change() {
    second_waits_and_sees_the_change(Kind::Beside, Kind::Alone).await;
}

#[tokio::test]
async fn write_waits_for_a_write_alone_in_progress_and_sees_its_change() {
    second_waits_and_sees_the_change(Kind::Alone, Kind::Beside).await;
}

#[tokio::test]
async fn write_alone_waits_for_another_one_in_progress_and_sees_its_change() {
    second_waits_and_sees_the_change(Kind::Alone, Kind::Alone).await;
}

#[tokio::test]
async fn write_alone_keeps_no_other_tenant_waiting() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    let other = open(&url, &options());
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "b")
    })
    .await;
    let (mut gate, mut keeper) = gate();
    let alone = tokio::spawn(write_a(store, Kind::Alone, move |tx| {
        increment(tx, || ())?;
        gate.stop()
    }));
    keeper.is_reached().await;
    let b: Arc<str> = "b".into();
    let change = |tx: &mut Tx<'_>| {
        let sql = "UPDATE customers SET total_orders = 7 WHERE tenant_id = 'b'";
        tx.execute(sql, params![])
    };
    let beside: Result<u64, Error> = other.write_in(&b, change).await;
    assert_eq!(beside.expect("it need not wait"), 1);
    let alone_too: Result<u64, Error> = other.write_alone_in(&b, change).await;
    assert_eq!(alone_too.expect("it need not wait"), 1);
    keeper.open();
    alone.await.expect("it commits");
}

/// A free device `S1` of tenant `a`.
fn add_device(tx: &mut Tx<'_>) -> Result<(), Error> {
    for sql in [
        "INSERT INTO products (tenant_id, id, product_sku, name, specification, category, brand, images, status, \
         created_at, updated_at) VALUES ('a', 'prod_1', 'P', 'P', 'S', 'c', 'B', '[]', 'active', 0, 0)",
        "INSERT INTO variants (tenant_id, id, product_id, variant_sku, name, grade, images, pricing, status, \
         created_at, updated_at) VALUES ('a', 'var_1', 'prod_1', 'V', 'V', 'A', '[]', '[]', 'active', 0, 0)",
        "INSERT INTO assets (tenant_id, serial_number, serial_key, sku, product_id, variant_id, product_name, status, \
         created_at, updated_at) VALUES ('a', 'S1', 's1', 'V', 'prod_1', 'var_1', 'P', 'available', 0, 0)",
    ] {
        tx.execute(sql, params![])?;
    }
    Ok(())
}

/// Gives `S1` to the customer, under the locks that the order of locks asks for.
fn give_away(tx: &mut Tx<'_>) -> Result<(), Error> {
    customers::lock(tx, "cust_1")?;
    let mut device = assets::lock(tx, "S1")?.expect("the device is there");
    device.status = AssetStatus::Sold;
    device.customer_id = Some("cust_1".into());
    assets::update(tx, &device).map(drop)
}

#[tokio::test]
async fn device_that_changes_hands_before_it_is_locked_is_locked_with_its_new_holder() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    let other = open(&url, &options());
    write(&store, |tx| {
        add_tenant(tx, "a")?;
        add_device(tx)
    })
    .await;
    let (mut giving, mut giver) = gate();
    let gives = tokio::spawn(write_a(store.clone(), Kind::Beside, move |tx| {
        give_away(tx)?;
        giving.stop()
    }));
    giver.is_reached().await;
    let (mut locking, mut locker) = gate();
    let locks = tokio::spawn(write_a(other.clone(), Kind::Beside, move |tx| {
        // What it sees at first is a device without a holder.
        let device = assets::lock_with_holder(tx, "S1")?;
        locking.stop()?;
        Ok(device.expect("the device is there").customer_id)
    }));
    somebody_waits(&store, "transactionid").await;
    giver.open();
    gives.await.expect("it commits");

    locker.is_reached().await;
    let sql =
        "SELECT id FROM customers WHERE tenant_id = 'a' AND id = 'cust_1' FOR UPDATE SKIP LOCKED";
    let free = write(&store, |tx| {
        tx.query_opt(sql, params![], |row| row.get::<String>())
    })
    .await;
    assert_eq!(free, None, "the new holder is locked");
    locker.open();
    let holder = locks.await.expect("it commits");
    assert_eq!(holder.as_deref(), Some("cust_1"));
    assert_eq!(other.statistics().retries, 1);
}
