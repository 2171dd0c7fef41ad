//! What a transaction promises: all or nothing, durable, isolated from its neighbours in the group.

use std::sync::mpsc;

use crate::suite::support::*;
use store::*;

#[tokio::test]
async fn write_is_visible_to_the_next_read() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    let found = read(&store, |tx| customers::find(tx, "cust_1")).await;
    assert_eq!(found, Some(customer("cust_1")));
}

#[tokio::test]
async fn write_survives_reopening() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    store.close();
    drop(store);
    let store = database.open();
    assert!(
        read(&store, |tx| customers::find(tx, "cust_1"))
            .await
            .is_some()
    );
}

#[tokio::test]
async fn refused_transaction_leaves_nothing() {
    let database = Database::new();
    let store = database.filled().await;
    let refused: Result<(), Refusal> = store
        .write_in(&TENANT.into(), |tx| {
            customers::insert(tx, &customer("cust_1"))?;
            Err(Refusal::Rule)
        })
        .await;
    assert!(matches!(refused, Err(Refusal::Rule)));
    assert_eq!(read(&store, |tx| customers::find(tx, "cust_1")).await, None);
}

#[tokio::test]
async fn read_sees_one_snapshot_and_cannot_write() {
    let database = Database::new();
    let store = database.filled().await;
    let (reading, started) = tokio::sync::oneshot::channel::<()>();
    let (resume, resumed) = mpsc::channel::<()>();
    let mut reading = Some(reading);
    let counting = tokio::spawn({
        let store = store.clone();
        async move {
            read(&store, move |tx| {
                let before = count_customers(tx)?;
                let _ = reading.take().expect("runs once").send(());
                resumed.recv().expect("the test resumes");
                Ok((before, count_customers(tx)?))
            })
            .await
        }
    });
    started.await.expect("the read runs");
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    resume.send(()).expect("the read waits");
    assert_eq!(counting.await.expect("no panic"), (0, 0));
    assert_eq!(read(&store, count_customers).await, 1);

    let refused: Result<(), Error> = store
        .read_in(&TENANT.into(), |tx| {
            customers::insert(tx, &customer("cust_2"))
        })
        .await;
    assert!(matches!(refused, Err(Error::WriteInRead)), "{refused:?}");
}

const RENAME: &str = "UPDATE customers SET first_name = $1 WHERE tenant_id = $2 AND id = $3";

#[tokio::test]
async fn posted_statements_happen_in_their_order_before_what_follows() {
    let database = Database::new();
    let store = database.filled().await;
    let name = |tx: &mut Tx<'_>| Ok(customers::find(tx, "cust_1")?.map(|it| it.first_name));
    let seen = write(&store, move |tx| {
        tx.post("UPDATE tenants SET name = name", &[])?;
        customers::insert(tx, &customer("cust_1"))?;
        tx.post(RENAME, params!["One", TENANT, "cust_1"])?;
        tx.post(RENAME, params!["Two", TENANT, "cust_1"])?;
        let seen = name(tx)?;
        tx.post(RENAME, params!["Three", TENANT, "cust_1"])?;
        Ok(seen)
    })
    .await;
    assert_eq!(seen.as_deref(), Some("Two"));
    assert_eq!(read(&store, name).await.as_deref(), Some("Three"));

    // As the whole transaction, and in a part that is undone.
    write(&store, |tx| {
        tx.post(RENAME, params!["Four", TENANT, "cust_1"])
    })
    .await;
    assert_eq!(read(&store, name).await.as_deref(), Some("Four"));
    write(&store, |tx| {
        tx.begin_part()?;
        tx.post(RENAME, params!["Five", TENANT, "cust_1"])?;
        assert!(tx.undo_part()?);
        Ok(())
    })
    .await;
    assert_eq!(read(&store, name).await.as_deref(), Some("Four"));
}

#[tokio::test]
async fn what_was_posted_and_fails_fails_the_transaction() {
    let database = Database::new();
    let store = database.filled().await;
    let outcome: Result<(), Error> = store
        .write_in(&TENANT.into(), |tx| {
            customers::insert(tx, &customer("cust_1"))?;
            let sql = "UPDATE customers SET open_orders = 2 WHERE tenant_id = $1 AND id = $2";
            tx.post(sql, params![TENANT, "cust_1"])
        })
        .await;
    let named = matches!(&outcome, Err(Error::Constraint(name)) if name == "customer_counters");
    assert!(named, "{outcome:?}");
    let refused: Result<(), Refusal> = store
        .write_in(&TENANT.into(), |tx| {
            customers::insert(tx, &customer("cust_2"))?;
            tx.post(RENAME, params!["Two", TENANT, "cust_2"])?;
            Err(Refusal::Rule)
        })
        .await;
    assert!(matches!(refused, Err(Refusal::Rule)));
    assert_eq!(read(&store, count_customers).await, 0);
    let refused: Result<(), Error> = store
        .read_in(&TENANT.into(), |tx| {
            tx.post(RENAME, params!["Two", TENANT, "cust_2"])
        })
        .await;
    assert!(matches!(refused, Err(Error::WriteInRead)), "{refused:?}");
}

/// The rule of placing an order: who finds nobody with an e-mail address inserts a customer.
#[tokio::test]
async fn of_two_that_find_an_address_free_one_takes_it_and_the_other_finds_it_taken() {
    let database = Database::new();
    let store = database.filled().await;
    let other = database.open();
    for round in 0..50 {
        let take = |store: &Store, name: &str| {
            let row = CustomerRow {
                email_key: format!("{round}@example.com"),
                ..customer(&format!("cust_{round}_{name}"))
            };
            let store = store.clone();
            tokio::spawn(async move {
                write(&store, move |tx| {
                    match customers::lock_by_email(tx, &row.email_key)? {
                        Some(found) => Ok(found.id),
                        None => customers::insert(tx, &row).map(|()| row.id.clone()),
                    }
                })
                .await
            })
        };
        let (one, two) = (take(&store, "one"), take(&other, "two"));
        let (one, two) = (one.await.expect("no panic"), two.await.expect("no panic"));
        assert_eq!(one, two);
    }
    assert_eq!(read(&store, count_customers).await, 50);
}

#[tokio::test]
async fn closing_answers_what_was_accepted_and_refuses_the_rest() {
    let database = Database::new();
    let store = database.filled().await;
    let release = hold_writer(&store).await;
    let tenant = TENANT.into();
    let mut accepted = Vec::new();
    for n in 0..200 {
        let write = store.write_in(&tenant, move |tx| {
            customers::insert(tx, &customer(&format!("cust_{n}")))
        });
        accepted.push(queued(write).await);
    }
    release.send(()).expect("the writer waits");
    store.close();
    for answer in accepted {
        answer.await.expect("accepted before closing");
    }
    let refused: Result<i64, Error> = store.write(count_customers).await;
    assert!(matches!(refused, Err(Error::Closed)), "{refused:?}");
    let refused: Result<i64, Error> = store.read(count_customers).await;
    assert!(matches!(refused, Err(Error::Closed)), "{refused:?}");
    assert_eq!(read(&database.open(), count_customers).await, 200);
}

fn count_customers(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.query_one("SELECT count(*) FROM customers", &[], |row| row.get())
}

#[derive(Debug)]
enum Refusal {
    Rule,
    #[expect(dead_code, reason = "printed when a test fails")]
    Store(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}
