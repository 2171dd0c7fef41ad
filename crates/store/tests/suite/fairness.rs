//! What one tenant asks for does not keep another one waiting, and nobody is kept longer than agreed.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use store::*;

use super::support::*;

const MANY: usize = 300;

/// Runs until it is stopped, on every engine.
const ENDLESS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i % 7 + 1 FROM n) SELECT count(*) FROM n";

/// Everything that is written, and on PostgreSQL also read, has to pass one thread.
fn narrow() -> Options {
    Options {
        sqlite: SqliteOptions {
            readers: 1,
            ..SqliteOptions::default()
        },
        postgres: PostgresOptions {
            connections: 1,
            ..PostgresOptions::default()
        },
        ..Options::default()
    }
}

static CROWD: LazyLock<Arc<str>> = LazyLock::new(|| "crowd".into());
static POLITE: LazyLock<Arc<str>> = LazyLock::new(|| "polite".into());

/// Who was served, in order.
#[derive(Clone, Default)]
struct Served(Arc<Mutex<Vec<&'static str>>>);

impl Served {
    fn note(
        &self,
        who: &'static str,
    ) -> impl FnMut(&mut Tx<'_>) -> Result<(), Error> + Send + use<> {
        let served = self.clone();
        move |_| {
            served.0.lock().expect("no rule panicked").push(who);
            Ok(())
        }
    }

    fn place_of(&self, who: &str) -> Option<usize> {
        let served = self.0.lock().expect("no rule panicked");
        served.iter().position(|it| *it == who)
    }
}

#[tokio::test]
async fn polite_tenant_is_next_however_many_of_another_wait() {
    let database = Database::new();
    let store = database.open_with(&narrow());
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (entering, entered) = tokio::sync::oneshot::channel::<()>();
    let mut entering = Some(entering);
    let holding = move |_: &mut Tx<'_>| {
        entering.take().map(|entering| entering.send(()));
        held.recv().expect("the test releases the writer");
        Ok::<_, Error>(())
    };
    let (served, mut waiting) = (Served::default(), Vec::new());
    let holding = queued(store.write_in(&CROWD, holding)).await;
    // Else it begins together with those that come next, while nobody else is there.
    entered.await.expect("it begins");
    for _ in 0..MANY {
        waiting.push(queued(store.write_in(&CROWD, served.note("crowd"))).await);
    }
    let administration = queued(store.write(served.note("administration"))).await;
    let last = queued(store.write_in(&POLITE, served.note("polite"))).await;
    release.send(()).expect("the writer waits");
    holding.await.expect("committed");
    last.await.expect("committed");
    administration.await.expect("committed");
    for one in waiting {
        one.await.expect("committed");
    }
    // Administration pays for what it has had, opening included, so only the newcomer is sure to be next.
    let place = served.place_of("polite");
    assert!(place < Some(3), "{place:?}");
}

#[tokio::test]
async fn no_tenant_has_all_connections_even_while_nobody_else_wants_one() {
    let database = Database::new();
    let options = Options {
        sqlite: SqliteOptions {
            readers: 4,
            ..SqliteOptions::default()
        },
        postgres: PostgresOptions {
            connections: 4,
            ..PostgresOptions::default()
        },
        ..Options::default()
    };
    let store = database.open_with(&options);
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (held, begun) = (Arc::new(Mutex::new(held)), Arc::new(AtomicUsize::new(0)));
    let mut waiting = Vec::new();
    for _ in 0..MANY {
        let (held, begun) = (Arc::clone(&held), Arc::clone(&begun));
        let read = move |_: &mut Tx<'_>| {
            begun.fetch_add(1, SeqCst);
            // Until the test is over.
            let _ = held.lock().expect("no rule panicked").recv();
            Ok::<_, Error>(())
        };
        waiting.push(queued(store.read_in(&CROWD, read)).await);
    }
    // Neither waits for the crowd.
    let read = store.read_in(&POLITE, |_| Ok::<_, Error>(()));
    read.await.expect("there is a connection");
    let administration = store.read(|_| Ok::<_, Error>(()));
    administration.await.expect("there is a connection");
    assert!(begun.load(SeqCst) <= 3, "{begun:?} of 4 connections");
    drop(release);
    for one in waiting {
        one.await.expect("read");
    }
    assert_eq!(begun.load(SeqCst), MANY);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_begun() {
    let database = Database::new();
    let store = database.open_with(&narrow());
    let release = hold_writer(&store).await;
    let served = Served::default();
    let gone = queued(store.write_in(&CROWD, served.note("gone"))).await;
    let gone_too = queued(store.write_in(&CROWD, served.note("gone"))).await;
    let stays = queued(store.write_in(&CROWD, served.note("stays"))).await;
    drop((gone, gone_too));
    release.send(()).expect("the writer waits");
    stays.await.expect("committed");
    assert_eq!(*served.0.lock().expect("no rule panicked"), ["stays"]);
    assert_eq!(store.statistics().abandoned, 2);
}

#[tokio::test]
async fn what_comes_too_late_is_not_begun_and_may_be_repeated() {
    let database = Database::new();
    let options = Options {
        transaction_timeout: Some(Duration::ZERO),
        ..narrow()
    };
    let store = database.open_with(&options);
    let served = Served::default();
    let late = store.write_in(&CROWD, served.note("late")).await;
    assert!(matches!(late, Err(Error::Late)), "{late:?}");
    assert!(late.is_err_and(|error| error.is_passing()));
    let late = store.read(served.note("late")).await;
    assert!(matches!(late, Err(Error::Late)), "{late:?}");
    let deactivation = Deactivation {
        tenant: Arc::clone(&CROWD),
        customer: "cust_1".into(),
        kind: "customer.deactivated",
        data: Json::empty_object(),
        at: at(0),
    };
    let late = store.deactivate(deactivation).await;
    assert!(matches!(late, Err(Error::Late)), "{late:?}");
    assert_eq!(served.place_of("late"), None);
    assert_eq!(store.statistics().late, 3);
}

#[tokio::test]
async fn reads_are_cut_off_at_their_deadline() {
    let database = Database::new();
    let options = Options {
        transaction_timeout: Some(Duration::from_millis(200)),
        ..narrow()
    };
    let store = database.open_with(&options);
    let endless = store.read_in(&CROWD, |tx| {
        tx.query_one(ENDLESS, &[], |row| row.get::<i64>())
    });
    let cut: Result<i64, Error> = endless.await;
    // A pooler that has no session left for the cancellation keeps it; the connection is given up then.
    let passing = cut.as_ref().is_err_and(Error::is_passing);
    assert!(passing, "{cut:?}");
    // The connection is of use again, or there is another one. A slow machine needs more than the 200 ms for it.
    let count = async || -> Result<i64, Error> {
        let count = store.read_in(&POLITE, |tx| {
            tx.query_one("SELECT count(*) FROM tenants", &[], |row| row.get::<i64>())
        });
        count.await
    };
    let is_slow = |error: &Error| match error {
        Error::Late => true,
        Error::Unavailable { doing, .. } => *doing == "connecting",
        _ => false,
    };
    let mut next = count().await;
    for _ in 0..100 {
        if next.as_ref().is_err_and(is_slow) {
            next = count().await;
        }
    }
    assert_eq!(next.expect("reads"), 0);
}

#[tokio::test]
async fn too_many_that_wait_are_turned_away_without_harm_to_others() {
    let database = Database::new();
    let options = Options {
        tenant_waiting: 2,
        ..narrow()
    };
    let store = database.open_with(&options);
    let release = hold_writer(&store).await;
    let served = Served::default();
    let first = queued(store.write_in(&CROWD, served.note("crowd"))).await;
    let second = queued(store.write_in(&CROWD, served.note("crowd"))).await;
    let third = store.write_in(&CROWD, served.note("third")).await;
    assert!(matches!(third, Err(Error::Overloaded)), "{third:?}");
    assert!(third.is_err_and(|error| error.is_passing()));
    let other = queued(store.write_in(&POLITE, served.note("polite"))).await;
    release.send(()).expect("the writer waits");
    for one in [first.await, second.await, other.await] {
        one.expect("committed");
    }
    assert_eq!(served.place_of("third"), None);
    assert_eq!(store.statistics().overloaded, 1);
}
