//! Events that become visible in another order than that of their numbers.

use std::sync::mpsc;
use std::time::Duration;

use jiff::Timestamp;
use store::{Error, Json, NewEvent, Store, Tx, events, params};

use crate::{add_tenant, fresh, read_in, shared, write};

fn append(tx: &mut Tx<'_>, resource: &str) -> Result<(), Error> {
    let event = NewEvent {
        kind: "test",
        resource,
        data: Json::empty_object(),
        at: Timestamp::UNIX_EPOCH,
    };
    events::append(tx, &event)
}

/// The resources of the events after a number, up to what is settled, and the last number.
async fn deliver(store: &Store, after: i64, until: i64) -> (Vec<String>, i64) {
    let events = read_in(store, "a", move |tx| events::after(tx, after, until, 100)).await;
    let last = events.last().map_or(after, |event| event.sequence);
    (
        events.into_iter().map(|event| event.resource).collect(),
        last,
    )
}

/// How long it must not be settled; what is never settled needs no longer to show it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The transaction with the older id takes the later number and commits first.
#[tokio::test]
async fn no_event_is_passed_over_when_a_later_number_is_committed_first() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    write(&store, |tx| add_tenant(tx, "a")).await;

    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let older = store.clone();
    let older = tokio::spawn(async move {
        let outcome: Result<(), Error> = older
            .write_in(&"a".into(), move |tx| {
                let sql = "UPDATE customers SET total_orders = 1 WHERE tenant_id = 'a'";
                tx.execute(sql, params![])?;
                begun.send(()).map_err(|_| Error::Closed)?;
                may_go_on.recv().map_err(|_| Error::Closed)?;
                append(tx, "second")
            })
            .await;
        outcome.expect("it commits");
    });
    let (appended, has_appended) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || has_begun.recv().expect("it has an id"))
        .await
        .expect("the thread runs");
    let younger = store.clone();
    let younger = tokio::spawn(async move {
        let outcome: Result<(), Error> = younger
            .write_in(&"a".into(), move |tx| {
                append(tx, "first")?;
                // What is appended travels with the next statement.
                assert_eq!(events::count(tx, "test", "first")?, 1);
                appended.send(()).map_err(|_| Error::Closed)?;
                may_end.recv().map_err(|_| Error::Closed)
            })
            .await;
        outcome.expect("it commits");
    });
    tokio::task::spawn_blocking(move || has_appended.recv().expect("it has a number"))
        .await
        .expect("the thread runs");
    go_on.send(()).expect("the older one waits");
    older.await.expect("it commits");

    // The second event is committed, the first is not: nothing is settled yet, however often it is asked.
    assert_eq!(deliver(&store, 0, i64::MAX).await.0, ["second"]);
    let early = tokio::time::timeout(PATIENCE, events::settled(&store)).await;
    assert!(
        early.is_err(),
        "the first event can still appear: {early:?}"
    );
    end.send(()).expect("the younger one waits");
    younger.await.expect("it commits");
    let settled = events::settled(&store).await.expect("it is settled");
    let (resources, last) = deliver(&store, 0, settled).await;
    assert_eq!(resources, ["first", "second"]);
    assert!(deliver(&store, last, i64::MAX).await.0.is_empty());
}
