//! Processes share a file: one writes at a time, the others wait.

use store::*;

use crate::support::*;

#[tokio::test]
async fn a_writer_of_another_process_is_waited_for_then_reported() {
    let database = Database::new();
    database.filled().await.close();
    let options = Options {
        sqlite: SqliteOptions {
            busy_timeout: std::time::Duration::from_millis(50),
            ..SqliteOptions::default()
        },
        ..Options::default()
    };
    let store = Store::open_with(&database.url(), &options).expect("opens");
    let other = rusqlite::Connection::open(database.path()).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locks");
    let refused: Result<(), Error> = store
        .write_in(&"acme".into(), |tx| {
            customers::insert(tx, &customer("cust_1"))
        })
        .await;
    assert!(
        matches!(refused, Err(Error::Unavailable { .. })),
        "{refused:?}"
    );
    assert_eq!(
        read(&store, |tx| customers::find(tx, "cust_1")).await,
        None,
        "reading goes on"
    );
    other.execute_batch("ROLLBACK").expect("unlocks");
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
}

#[tokio::test]
async fn nobody_else_writes_between_the_reads_and_writes_of_a_transaction() {
    let database = Database::new();
    let store = database.filled().await;
    let path = database.path().to_owned();
    let locked = write(&store, move |tx| {
        assert_eq!(customers::find(tx, "cust_1")?, None);
        let other = rusqlite::Connection::open(&path).expect("opens");
        other.busy_timeout(std::time::Duration::ZERO).expect("sets");
        let refused = other.execute_batch("BEGIN IMMEDIATE").is_err();
        customers::insert(tx, &customer("cust_1"))?;
        Ok(refused)
    })
    .await;
    assert!(
        locked,
        "another process could have written after the transaction read"
    );
}
