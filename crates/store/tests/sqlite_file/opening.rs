//! Opening: what is accepted, created, migrated and refused.

use rusqlite::Connection;
use store::*;

use crate::support::*;

fn refused(url: &str) -> Error {
    match Store::open(url) {
        Ok(_) => panic!("`{url}` opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn new_file_is_created_and_opens_again() {
    let database = Database::new();
    assert!(!database.path().exists());
    drop(database.open());
    assert!(database.path().exists());
    assert_eq!(read(&database.open(), tenants::list).await, []);
}

#[test]
fn commits_are_flushed_and_references_checked() {
    let database = Database::new();
    drop(database.open());
    let connection = Connection::open(database.path()).expect("opens");
    let mode: String = connection
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .expect("a row");
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn writer_runs_with_full_synchronisation() {
    let database = Database::new();
    let store = database.open();
    let settings = write(&store, |tx| {
        let synchronous = tx.query_one("PRAGMA synchronous", &[], |row| row.get::<i64>())?;
        Ok((
            synchronous,
            tx.query_one("PRAGMA foreign_keys", &[], |row| row.get::<i64>())?,
        ))
    })
    .await;
    assert_eq!(settings, (2, 1), "2 is FULL");
}

#[test]
fn newer_schema_is_refused_with_both_versions() {
    let database = Database::new();
    drop(database.open());
    Connection::open(database.path())
        .expect("opens")
        .execute_batch("PRAGMA user_version = 999")
        .expect("sets");
    let error = refused(&database.url());
    assert!(
        matches!(error, Error::NewerSchema { found: 999, .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("schema version 999"), "{error}");
}

#[test]
fn database_of_another_program_is_refused_and_left_alone() {
    let database = Database::new();
    let other = Connection::open(database.path()).expect("opens");
    other
        .execute_batch("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")
        .expect("creates");
    drop(other);
    let error = refused(&database.url());
    assert!(matches!(error, Error::ForeignDatabase), "{error:?}");
    let other = Connection::open(database.path()).expect("opens");
    let tables: i64 = other
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .expect("a row");
    assert_eq!(tables, 1);
}

#[test]
fn file_that_is_no_database_is_refused() {
    let database = Database::new();
    std::fs::write(
        database.path(),
        "not a database at all, but long enough to look at. ".repeat(100),
    )
    .expect("writes");
    let error = refused(&database.url());
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
}

#[test]
fn missing_folder_is_unavailable_with_its_cause() {
    let database = Database::new();
    let error = refused(&format!(
        "sqlite:{}/missing/flexportal.db",
        database.path().display()
    ));
    assert!(
        matches!(
            error,
            Error::Unavailable {
                doing: "opening the database",
                ..
            }
        ),
        "{error:?}"
    );
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn unsupported_urls_are_refused_without_their_password() {
    for url in [
        "mysql://host/db",
        "flexportal.db",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:file.db?mode=memory",
    ] {
        let message = refused(url).to_string();
        let shown = url.split('?').next().expect("a first part");
        assert_eq!(message, format!("unsupported database `{shown}`"));
    }
    let message = refused("mysql://user:secret@host/db").to_string();
    assert!(
        message.starts_with("unsupported database `mysql://…@host/db`"),
        "{message}"
    );
}

#[tokio::test]
async fn full_database_is_unavailable_and_applies_nothing() {
    let database = Database::new();
    let store = database.filled().await;
    // The limit belongs to the connection, so it is set where the writes run.
    let pages = write(&store, |tx| {
        tx.query_one("PRAGMA page_count", &[], |row| row.get::<i64>())
    })
    .await;
    write(&store, move |tx| {
        tx.query_one(
            &format!("PRAGMA max_page_count = {}", pages + 2),
            &[],
            |row| row.get::<i64>(),
        )
    })
    .await;
    let large = "x".repeat(100_000);
    let refused: Result<(), Error> = store
        .write_in(&"acme".into(), move |tx| {
            customers::insert(tx, &customer("cust_1"))?;
            customers::insert(
                tx,
                &CustomerRow {
                    company: Some(large.clone()),
                    ..customer("cust_2")
                },
            )
        })
        .await;
    assert!(
        matches!(refused, Err(Error::Unavailable { .. })),
        "{refused:?}"
    );
    assert_eq!(read(&store, |tx| customers::find(tx, "cust_1")).await, None);
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
}

#[test]
fn objects_of_somebody_else_are_refused_by_name() {
    for (object, sql) in [
        (
            "trigger `t`",
            "CREATE TRIGGER t AFTER UPDATE ON customers BEGIN DELETE FROM orders; END",
        ),
        ("view `v`", "CREATE VIEW v AS SELECT 1"),
        ("table `x`", "CREATE TABLE x (a)"),
        ("index `i`", "CREATE UNIQUE INDEX i ON orders (customer_id)"),
        ("index `orders_by_status`", "DROP INDEX orders_by_status"),
        (
            "table `events`",
            "ALTER TABLE events ADD COLUMN g TEXT GENERATED ALWAYS AS (data) VIRTUAL",
        ),
    ] {
        let database = Database::new();
        drop(database.open());
        let other = Connection::open(database.path()).expect("opens");
        other.execute_batch(sql).expect("changes the schema");
        drop(other);
        let error = refused(&database.url());
        assert!(
            matches!(&error, Error::ForeignObject { object: found, .. } if found == object),
            "{sql}: {error:?}"
        );
    }
    // What the engine itself makes is no reason.
    let database = Database::new();
    drop(database.open());
    let other = Connection::open(database.path()).expect("opens");
    other.execute_batch("ANALYZE").expect("analyses");
    drop(other);
    drop(database.open());
}

#[test]
fn database_that_is_only_looked_at_is_not_created() {
    let options = Options {
        create: false,
        ..Options::default()
    };
    let database = Database::new();
    let missing = |url: &str| match Store::open_with(url, &options) {
        Ok(_) => panic!("`{url}` opened"),
        Err(error) => assert!(matches!(error, Error::Missing(_)), "{error:?}"),
    };
    missing(&database.url());
    assert!(!database.path().exists());
    std::fs::write(database.path(), "").expect("writes");
    missing(&database.url());
    assert_eq!(std::fs::read(database.path()).expect("readable"), b"");
    drop(database.open());
    Store::open_with(&database.url(), &options).expect("it is there now");
}

#[cfg(unix)]
#[tokio::test]
async fn files_of_a_database_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = Database::new();
    let store = database.filled().await;
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", database.path().display());
        let mode = std::fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    drop(store);
}

#[test]
fn database_with_a_second_name_and_log_of_another_are_refused() {
    let database = Database::new();
    drop(database.open());
    let second = database.path().with_extension("second");
    std::fs::hard_link(database.path(), &second).expect("links");
    let error = refused(&format!("sqlite:{}", second.display()));
    assert!(error.to_string().contains("several names"), "{error}");
    std::fs::remove_file(&second).expect("removes");
    drop(database.open());

    for suffix in ["-wal", "-shm", "-journal"] {
        let log = format!("sqlite:{}{suffix}", database.path().display());
        let error = refused(&log);
        assert!(
            error.to_string().contains("log of another database"),
            "{error}"
        );
    }
}

/// What is written into a file that nobody finds again is lost, so it is not acknowledged.
#[cfg(unix)]
#[tokio::test]
async fn files_that_are_moved_away_are_written_no_more() {
    for suffix in ["", "-wal"] {
        let database = Database::new();
        let store = database.filled().await;
        let file = format!("{}{suffix}", database.path().display());
        let aside = format!("{file}.aside");
        std::fs::rename(&file, &aside).expect("moves");
        let first: Result<(), Error> = store
            .write_in(&"acme".into(), |tx| {
                customers::insert(tx, &customer("cust_1"))
            })
            .await;
        assert!(
            matches!(first, Err(Error::OutcomeUnknown(_))),
            "{suffix}: {first:?}"
        );
        // Also when it comes back: nobody knows what happened to it meanwhile.
        std::fs::rename(&aside, &file).expect("moves back");
        let second: Result<(), Error> = store
            .write_in(&"acme".into(), |tx| {
                customers::insert(tx, &customer("cust_2"))
            })
            .await;
        assert!(
            matches!(second, Err(Error::Unavailable { .. })),
            "{second:?}"
        );
        let read: Result<Vec<_>, Error> = store.read(tenants::list).await;
        assert!(matches!(read, Err(Error::Unavailable { .. })), "{read:?}");
        assert!(store.look_after_files().is_err());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_that_is_replaced_is_noticed_while_nobody_writes() {
    let (database, other) = (Database::new(), Database::new());
    let store = database.filled().await;
    store.look_after_files().expect("all is there");
    drop(other.open());
    std::fs::rename(other.path(), database.path()).expect("replaces");
    assert!(store.look_after_files().is_err());
    let read: Result<Vec<_>, Error> = store.read(tenants::list).await;
    assert!(matches!(read, Err(Error::Unavailable { .. })), "{read:?}");
}
