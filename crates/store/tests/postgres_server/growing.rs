//! Tables that fill up before autovacuum, which the cluster of the tests does not run at all, looks at them.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use store::{Error, Json, NewEvent, Store, Tx, events};

use crate::{add_tenant, fresh, read, shared, write};

/// How long the store may take to notice.
const PATIENCE: Duration = Duration::from_secs(30);

fn append(tx: &mut Tx<'_>, count: i64) -> Result<(), Error> {
    (0..count).try_for_each(|_| {
        let event = NewEvent {
            kind: "test",
            resource: "cust_a",
            data: Json::empty_object(),
            at: Timestamp::UNIX_EPOCH,
        };
        events::append(tx, &event)
    })
}

async fn write_a(store: &Store, count: i64) {
    let tenant = "a".into();
    let written = store.write_in(&tenant, move |tx| append(tx, count));
    written.await.expect("it commits");
}

/// Rows that the planner reckons with; less than none before a table was ever analysed.
async fn known(store: &Store) -> i64 {
    let sql = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'events'::regclass";
    read(store, move |tx| tx.query_one(sql, &[], |row| row.get())).await
}

/// Goes on writing, an event at a time, until the planner reckons with so many of them.
async fn write_until_known(store: &Store, rows: i64) {
    let start = Instant::now();
    while known(store).await < rows {
        assert!(start.elapsed() < PATIENCE, "{rows} rows went unnoticed");
        write_a(store, 1).await;
    }
}

#[tokio::test]
async fn the_planner_learns_of_tables_as_they_grow() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;
    assert!(
        known(&store).await < 1,
        "nothing is known of an empty table"
    );

    write_a(&store, 100).await;
    write_until_known(&store, 100).await;
    write_a(&store, 2_000).await;
    write_until_known(&store, 2_000).await;
}
