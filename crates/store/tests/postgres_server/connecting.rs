//! Hosts, credentials, connections that break.

use std::error::Error as _;
use std::time::{Duration, Instant};

use store::{Error, Options, PostgresOptions, Store, tenants};

use crate::contending::PATIENCE;
use crate::{add_tenant, fresh, name, open, open_in_the_end, options, read, shared, write};

fn refused(url: &str) -> Error {
    Store::open_with(url, &options())
        .err()
        .expect("it is refused")
}

/// The error with all its causes, as a log shows it.
pub(crate) fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[test]
fn unusable_urls_say_why_and_keep_secrets() {
    let urls = [
        ("postgres://flexportal:hunter2@127.0.0.1:bad/db", "port"),
        (
            "postgres://flexportal:hunter2@127.0.0.1/db?sslmode=perhaps",
            "`sslmode`",
        ),
        (
            "postgres://flexportal:hunter2@db.example/db?sslrootcert=/nowhere/ca.pem",
            "/nowhere/ca.pem",
        ),
        (
            "postgres://flexportal:hunter2@127.0.0.1/db?colour=red",
            "colour",
        ),
        (
            "postgres://flexportal:hunter2@127.0.0.1/db?pooler=statement",
            "`pooler`",
        ),
        (
            "postgres://flexportal:hunter2@127.0.0.1,127.0.0.1/db?hostaddr=127.0.0.1",
            "`hostaddr`",
        ),
        ("postgres:///db", "user"),
    ];
    for (url, why) in urls {
        let error = refused(url);
        assert!(
            matches!(error, Error::UnusableUrl { .. }),
            "{url}: {error:?}"
        );
        let text = format!("{} {error:?}", told(&error));
        assert!(text.contains(why), "{url}: {text}");
        assert!(!text.contains("hunter2"), "{url}: {text}");
    }
}

#[test]
fn unknown_database_is_refused_without_waiting_for_it() {
    let Some(cluster) = shared() else { return };
    let url = format!(
        "postgres://flexportal:hunter2@127.0.0.1:{}/nowhere",
        cluster.port()
    );
    let error = refused(&url);
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    let text = format!("{} {error:?}", told(&error));
    assert!(
        text.contains("nowhere") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn server_that_is_not_there_is_an_error_after_the_time_given() {
    let error = Store::open_with(
        "postgres://flexportal@127.0.0.1:1/db",
        &Options {
            postgres: PostgresOptions {
                unavailable_after: Duration::from_millis(200),
                ..options().postgres
            },
            ..options()
        },
    );
    let error = error.err().expect("nobody listens on port 1");
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn first_host_that_answers_is_used() {
    let Some(cluster) = shared() else { return };
    let (_, url) = fresh(cluster);
    let hosts = format!("127.0.0.1:1,127.0.0.1:{}", cluster.port());
    let url = format!(
        "postgres://flexportal@{hosts}/{}?target_session_attrs=read-write",
        name(&url)
    );
    write(&open(&url, &options()), |tx| add_tenant(tx, "a")).await;
}

#[tokio::test]
async fn pool_that_gets_fewer_connections_than_it_wants_works_with_those() {
    let Some(cluster) = shared() else { return };
    let url = cluster.create_database().expect("a database");
    let wanted = Options {
        postgres: PostgresOptions {
            connections: 8,
            unavailable_after: Duration::from_secs(1),
            ..options().postgres
        },
        ..options()
    };
    let store = open_in_the_end(&url, &wanted);
    // The server notices the end of the connections that opening took in its own time, and counts them until then.
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'",
        name(&url)
    );
    let counted = || cluster.sql("postgres", &sql).expect("it counts");
    while counted().trim() != store.statistics().connections.to_string() {}
    let limit = format!("ALTER DATABASE {} CONNECTION LIMIT 2", name(&url));
    cluster.sql("postgres", &limit).expect("it is limited");
    // More at once than there are connections, for longer than a transaction waits for one, and until there is a
    // second one: those of the pool that found no room look again in their own time.
    let until = Instant::now() + 2 * wanted.postgres.unavailable_after;
    let latest = until + PATIENCE;
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let goes_on = |now: Instant| {
                    now < until || now < latest && store.statistics().connections < 2
                };
                while goes_on(Instant::now()) {
                    read(&store, |tx| tenants::find(tx, "a")).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("every transaction gets a connection");
    }
    assert_eq!(store.statistics().connections, 2);
}

#[tokio::test]
async fn broken_connections_are_replaced_without_an_error() {
    let Some(cluster) = shared() else { return };
    let (store, url) = fresh(cluster);
    for round in 0..5 {
        let tenant = format!("t{round}");
        write(&store, move |tx| add_tenant(tx, &tenant)).await;
        let sql = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'",
            name(&url)
        );
        cluster.sql("postgres", &sql).expect("the sessions end");
    }
    assert!(read(&store, |tx| tenants::find(tx, "t4")).await.is_some());
    assert!(store.statistics().reconnects > 0);
}
