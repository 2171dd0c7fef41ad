//! Changes that are made together: those that wait are one transaction on PostgreSQL, and none pays for another.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use store::*;

use super::support::*;

/// Adds a customer, together with others.
struct Adding {
    id: &'static str,
    how: How,
    groups: Arc<Mutex<Vec<usize>>>,
}

enum How {
    /// Once the test lets it.
    Held(Sender<()>, Mutex<Receiver<()>>),
    Added,
    Refused,
    Failing,
    /// Once it is committed.
    FailingLate,
    Panicking,
}

impl Grouped for Adding {
    type Made = &'static str;

    fn make(tx: &mut Tx<'_>, all: &[&Self]) -> Result<Vec<Option<Self::Made>>, Error> {
        let groups = all.first().map(|it| it.groups.lock());
        groups
            .into_iter()
            .flatten()
            .for_each(|mut it| it.push(all.len()));
        let add = |tx: &mut Tx<'_>, id| customers::insert(tx, &customer(id)).map(|()| Some(id));
        let made = all.iter().map(|it| match &it.how {
            How::Held(begun, released) => {
                begun.send(()).expect("the test listens");
                let released = released.lock().expect("nobody panicked with it");
                released.recv().expect("the test lets it go");
                add(tx, it.id)
            }
            How::Added => add(tx, it.id),
            How::Refused => Ok(None),
            // There is one already.
            How::Failing => add(tx, "cust_0"),
            How::FailingLate => {
                let sql = "UPDATE customers SET open_orders = -1 WHERE tenant_id = $1 AND id = $2";
                tx.post(sql, params![TENANT, "cust_0"])
                    .map(|()| Some(it.id))
            }
            How::Panicking => panic!("on purpose"),
        });
        made.collect()
    }
}

/// What became of a customer who is added while another one is, and of others who come meanwhile; and how many were
/// added at once each time.
async fn outcomes(
    store: &Store,
    others: Vec<(&'static str, How)>,
) -> (Vec<Result<Option<&'static str>, Error>>, Vec<usize>) {
    let tenant: Arc<str> = TENANT.into();
    let groups = Arc::default();
    let adding = |id, how| {
        let groups = Arc::clone(&groups);
        queued(store.write_together(&tenant, Adding { id, how, groups }))
    };
    let (begun, begins) = channel();
    let (release, released) = channel();
    let first = adding("cust_0", How::Held(begun, Mutex::new(released))).await;
    begins.recv().expect("it begins");
    let mut waiting = Vec::new();
    for (id, how) in others {
        waiting.push(adding(id, how).await);
    }
    release.send(()).expect("it waits");
    let mut outcomes = vec![first.await];
    for one in waiting {
        outcomes.push(one.await);
    }
    let groups = groups.lock().expect("nobody panicked with it").clone();
    (outcomes, groups)
}

fn narrow() -> Options {
    Options {
        postgres: PostgresOptions {
            connections: 1,
            ..PostgresOptions::default()
        },
        ..Options::default()
    }
}

#[tokio::test]
async fn changes_that_wait_are_made_together() {
    let database = Database::new();
    database.filled().await.close();
    let store = database.open_with(&narrow());
    let others = vec![
        ("cust_1", How::Added),
        ("cust_2", How::Refused),
        ("cust_3", How::Added),
    ];
    let (outcomes, groups) = outcomes(&store, others).await;
    let made: Result<Vec<_>, Error> = outcomes.into_iter().collect();
    assert_eq!(
        made.expect("each is answered"),
        [Some("cust_0"), Some("cust_1"), None, Some("cust_3")]
    );
    match store.is_remote() {
        true => assert_eq!(groups, [1, 3]),
        false => assert_eq!(groups, [1, 1, 1, 1]),
    }
    for (id, there) in [("cust_1", true), ("cust_2", false), ("cust_3", true)] {
        let found = read(&store, move |tx| customers::find(tx, id)).await;
        assert_eq!(found.is_some(), there, "{id}");
    }
}

/// On SQLite such changes share a commit, and its fate.
#[tokio::test]
async fn of_a_group_that_fails_each_is_left_to_its_own_transaction() {
    for how in [How::Failing, How::FailingLate, How::Panicking] {
        let database = Database::new();
        database.filled().await.close();
        let store = database.open_with(&narrow());
        if !store.is_remote() {
            return;
        }
        let others = vec![("cust_1", How::Added), ("cust_2", how)];
        let (outcomes, _) = outcomes(&store, others).await;
        let made: Result<Vec<_>, Error> = outcomes.into_iter().collect();
        assert_eq!(
            made.expect("each is answered"),
            [Some("cust_0"), None, None]
        );
        let found = read(&store, |tx| customers::find(tx, "cust_1")).await;
        assert_eq!(found, None);
        write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    }
}
