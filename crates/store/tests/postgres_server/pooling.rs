//! Behind PgBouncer, which gives sessions of the server for a transaction or for as long as a client is there.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use store::{
    Deactivation, Error, Json, Options, PostgresOptions, Store, customers, params, tenants,
};
use test_postgres::{Cluster, PoolMode, Pooler, Setup};
use tokio::sync::watch;

use crate::{
    add_tenant, count, fresh, name, open, open_in_the_end, options, psql, read, read_in, shared,
    write, write_in_the_end,
};

/// More connections than any pooler here has for them.
fn many() -> Options {
    Options {
        postgres: PostgresOptions {
            connections: 8,
            ..PostgresOptions::default()
        },
        ..Options::default()
    }
}

/// A pooler with few connections, and a fresh database behind it: its name.
fn pooler(mode: PoolMode, size: usize) -> Option<(&'static Cluster, Pooler, String)> {
    if !test_postgres::pooler_available() {
        return None;
    }
    let cluster = shared()?;
    let pooler = cluster.pooler(mode, size, &[]).expect("PgBouncer starts");
    let url = cluster.create_database().expect("a database");
    Some((cluster, pooler, name(&url).to_owned()))
}

/// Writes and reads for two tenants in alternation, many at a time, by statements that forget the tenant: what they
/// find and change is what the policies let them.
async fn alternate(store: &Store, rounds: usize) {
    write(store, |tx| {
        add_tenant(tx, "a")?;
        add_tenant(tx, "b")
    })
    .await;
    let mut clients = Vec::new();
    for client in 0..8 {
        let store = store.clone();
        clients.push(tokio::spawn(async move {
            for round in 0..rounds {
                let tenant: Arc<str> = ["a", "b"][(client + round) % 2].into();
                let own = Arc::clone(&tenant);
                let changed: Result<u64, Error> = store
                    .write_in(&tenant, move |tx| {
                        let sql =
                            "UPDATE customers SET total_orders = total_orders + 1, company = $1";
                        tx.execute(sql, params![&*own])
                    })
                    .await;
                assert_eq!(changed.expect("it commits"), 1);
                let own = Arc::clone(&tenant);
                let seen: Result<(i64, i64), Error> = store
                    .read_in(&tenant, move |tx| {
                        let others = "SELECT count(*) FROM customers WHERE tenant_id <> $1";
                        let others = tx.query_one(others, params![&*own], |row| row.get())?;
                        Ok((count(tx, "SELECT count(*) FROM customers")?, others))
                    })
                    .await;
                assert_eq!(seen.expect("it reads"), (1, 0));
            }
        }));
    }
    for client in clients {
        client.await.expect("every tenant sees its own");
    }
    let half = i64::try_from(8 * rounds / 2).expect("few");
    let sql = "SELECT count(*) FROM customers WHERE company = tenant_id AND total_orders = $1";
    let kept = read(store, move |tx| {
        tx.query_one(sql, params![half], |row| row.get::<i64>())
    });
    assert_eq!(kept.await, 2);
}

fn durable() -> Cluster {
    let setup = Setup {
        durable: true,
        ..Setup::default()
    };
    Cluster::start(&setup).expect("the cluster starts")
}

async fn deactivate(store: &Store, tenant: &str) -> bool {
    let deactivation = Deactivation {
        tenant: tenant.into(),
        customer: "cust_1".to_owned(),
        kind: "customer.deactivated",
        data: Json::empty_object(),
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    let done = store.deactivate(deactivation).await;
    done.expect("it is answered")
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_are_never_mixed_on_shared_sessions() {
    let Some((cluster, pooler, database)) = pooler(PoolMode::Transaction, 2) else {
        return;
    };
    let store = open(&pooler.url(&database), &many());
    assert!(store.walls_off_tenants() && store.is_pooled());
    alternate(&store, 40).await;
    // As transactions of their own.
    assert!(deactivate(&store, "a").await && !deactivate(&store, "nobody").await);
    let a = read_in(&store, "a", |tx| customers::find(tx, "cust_1")).await;
    let b = read_in(&store, "b", |tx| customers::find(tx, "cust_1")).await;
    assert_ne!(
        a.expect("it is there").status,
        b.expect("it is there").status
    );

    // Nothing of it stays behind for whoever is given the session next.
    let left = "SELECT count(*) FROM flexportal.customers; \
                SELECT coalesce(current_setting('flexportal.tenant', true), ''), current_setting('lock_timeout'), \
                current_setting('search_path') = reset_val FROM pg_settings WHERE name = 'search_path'";
    for _ in 0..4 {
        assert_eq!(psql(cluster, &pooler.url(&database), left), "0\n|0|t");
    }
    assert_eq!(store.statistics().reconnects, 0);
}

/// Statements that another client prepared under the same name, settings and tables it left, and its rights.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_leave_in_a_session_changes_nothing() {
    let Some((cluster, pooler, database)) = pooler(PoolMode::Transaction, 1) else {
        return;
    };
    let url = pooler.url(&database);
    let store = open(&url, &many());
    let litter = "SET flexportal.tenant = '*'; SET synchronous_commit = off; SET search_path = pg_catalog; \
                  SET statement_timeout = 3600000; CREATE TEMP TABLE customers (tenant_id TEXT); \
                  PREPARE s0 AS SELECT 1; PREPARE s1 AS SELECT 1; PREPARE s2 AS SELECT 1; SELECT 1";
    psql(cluster, &url, litter);
    alternate(&store, 5).await;
    let shown = read(&store, |tx| {
        let sql = "SELECT current_setting('synchronous_commit') = (SELECT reset_val FROM pg_settings \
                   WHERE name = 'synchronous_commit'), (SELECT setting::BIGINT FROM pg_settings \
                   WHERE name = 'statement_timeout'), current_setting('lock_timeout'), current_setting('jit'), \
                   current_setting('max_parallel_workers_per_gather')";
        tx.query_one(sql, params![], |row| {
            Ok((
                row.get::<bool>()?,
                row.get::<i64>()?,
                row.get::<String>()?,
                [row.get::<String>()?, row.get()?],
            ))
        })
    });
    let (durable, statement_ms, lock, costly) = shown.await;
    // A statement may take what is left to its transaction, not the hour that somebody else allowed theirs.
    let left = many()
        .transaction_timeout
        .expect("transactions are bounded");
    let statement = Duration::from_millis(u64::try_from(statement_ms).expect("it is positive"));
    assert!(
        !statement.is_zero() && statement <= left,
        "{statement:?} of {left:?}"
    );
    assert_eq!((durable, lock.as_str()), (true, "5s"));
    assert_eq!(costly, ["off", "0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_sessions_than_the_pool_wants_are_enough() {
    let Some((_, pooler, database)) = pooler(PoolMode::Session, 2) else {
        return;
    };
    for told in ["", "?pooler=session"] {
        let url = format!("{}{told}", pooler.url(&database));
        let store = open(&url, &many());
        if told.is_empty() {
            alternate(&store, 20).await;
        }
        assert!(read(&store, |tx| tenants::find(tx, "a")).await.is_some());
        assert!(store.statistics().connections <= 2);
        store.close();
    }
}

/// Those that find no session again do not keep what others could do.
#[tokio::test(flavor = "multi_thread")]
async fn work_goes_to_those_who_find_a_session_after_a_pooler_was_lost() {
    let Some((_, mut pooler, database)) = pooler(PoolMode::Session, 2) else {
        return;
    };
    let store = open(&pooler.url(&database), &many());
    write(&store, |tx| add_tenant(tx, "a")).await;
    for _ in 0..2 {
        let (stop, stopped) = watch::channel(false);
        let clients: Vec<_> = (0..8)
            .map(|_| {
                let (store, stopped) = (store.clone(), stopped.clone());
                tokio::spawn(async move {
                    let (mut done, tenant) = (0, Arc::<str>::from("a"));
                    while !*stopped.borrow() {
                        let changed: Result<u64, Error> = store
                            .write_in(&tenant, |tx| {
                                tx.execute("UPDATE customers SET total_orders = 1", params![])
                            })
                            .await;
                        match changed {
                            Ok(_) => done += 1,
                            // It was being committed when the pooler went.
                            Err(Error::OutcomeUnknown(_)) => {}
                            Err(error) => panic!("{error:?}"),
                        }
                    }
                    done
                })
            })
            .collect();
        pooler.restart().expect("PgBouncer starts again");
        for _ in 0..50 {
            assert!(read(&store, |tx| tenants::find(tx, "a")).await.is_some());
        }
        stop.send(true).expect("clients listen");
        for client in clients {
            client.await.expect("it is answered");
        }
    }
}

/// What the URL says is wrong, and no mark tells: the sessions themselves do.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_do_not_stay_are_noticed_by_what_they_lack() {
    let Some((cluster, pooler, database)) = pooler(PoolMode::Transaction, 3) else {
        return;
    };
    let store = open(
        &format!("{}?pooler=session", pooler.url(&database)),
        &many(),
    );
    alternate(&store, 10).await;
    // New sessions know neither settings nor statements.
    let sql = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'"
    );
    cluster.sql("postgres", &sql).expect("the sessions end");
    assert!(read(&store, |tx| tenants::find(tx, "a")).await.is_some());
    // And to be told is enough.
    let store = open(
        &format!("{}?pooler=transaction", pooler.url(&database)),
        &many(),
    );
    assert!(read(&store, |tx| tenants::find(tx, "b")).await.is_some());
}

#[test]
fn processes_that_start_at_once_behind_a_pooler_create_one_schema() {
    let Some((cluster, pooler, database)) = pooler(PoolMode::Transaction, 3) else {
        return;
    };
    let url = pooler.url(&database);
    thread::scope(|scope| {
        let starting: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| open(&url, &options())))
            .collect();
        for one in starting {
            one.join().expect("it opens");
        }
    });
    let versions = "SELECT count(*) FROM flexportal.schema_version";
    assert_eq!(psql(cluster, &cluster.url(&database), versions), "1");
}

#[test]
fn pooler_that_splits_transactions_is_refused_with_its_reason() {
    let Some((_, pooler, database)) = pooler(PoolMode::Statement, 2) else {
        return;
    };
    let hasty = Options {
        postgres: PostgresOptions {
            // Twice as long as a connection may take at first.
            unavailable_after: Duration::from_secs(5),
            ..options().postgres
        },
        ..options()
    };
    let error = Store::open_with(&pooler.url(&database), &hasty)
        .err()
        .expect("it is refused");
    let told = crate::connecting::told(&error);
    assert!(told.contains("transaction blocks not allowed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_pooler_or_server_costs_no_error() {
    if !test_postgres::pooler_available() {
        return;
    }
    let mut cluster = durable();
    let url = cluster.create_database().expect("a database");
    let mut pooler = cluster
        .pooler(PoolMode::Transaction, 2, &[])
        .expect("PgBouncer starts");
    let store = open(&pooler.url(name(&url)), &many());
    for round in 0..3 {
        let tenant = format!("p{round}");
        write(&store, move |tx| add_tenant(tx, &tenant)).await;
        pooler.restart().expect("PgBouncer starts again");
        let tenant = format!("s{round}");
        write(&store, move |tx| add_tenant(tx, &tenant)).await;
        cluster.kill().expect("PostgreSQL is killed");
        cluster.restart().expect("PostgreSQL starts again");
    }
    assert_eq!(
        read(&store, |tx| count(tx, "SELECT count(*) FROM tenants")).await,
        6
    );
}

/// The client stays connected while the pooler turns to a server that lags behind.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_from_a_standby_that_a_pooler_leads_to() {
    if !test_postgres::pooler_available() {
        return;
    }
    let primary = durable();
    let url = primary.create_database().expect("a database");
    let pooler = primary
        .pooler(PoolMode::Transaction, 2, &[])
        .expect("PgBouncer starts");
    let hasty = Options {
        postgres: PostgresOptions {
            connections: 2,
            unavailable_after: Duration::from_millis(300),
            ..options().postgres
        },
        ..options()
    };
    let store = open_in_the_end(&pooler.url(name(&url)), &hasty);
    write_in_the_end(&store, |tx| add_tenant(tx, "a")).await;
    let standby = primary.standby().expect("a standby starts");
    pooler.lead_to(&standby).expect("it turns to the standby");
    let tenant: Arc<str> = "a".into();
    for _ in 0..3 {
        let seen: Result<i64, Error> = store
            .read_in(&tenant, |tx| count(tx, "SELECT count(*) FROM customers"))
            .await;
        assert!(matches!(seen, Err(Error::Unavailable { .. })), "{seen:?}");
        let written: Result<(), Error> = store.write(|tx| add_tenant(tx, "b")).await;
        assert!(
            matches!(written, Err(Error::Unavailable { .. })),
            "{written:?}"
        );
    }
    pooler.lead_to(&primary).expect("it turns back");
    write_in_the_end(&store, |tx| add_tenant(tx, "c")).await;
    drop(standby);
}

#[tokio::test]
async fn statements_are_prepared_only_in_sessions_that_stay() {
    let Some(cluster) = shared() else { return };
    let (store, _) = fresh(cluster);
    let prepared = "SELECT count(*) FROM pg_prepared_statements";
    assert!(!store.is_pooled());
    assert!(read(&store, |tx| count(tx, prepared)).await > 0);
    if !test_postgres::pooler_available() {
        return;
    }
    let pooler = cluster
        .pooler(PoolMode::Transaction, 2, &[])
        .expect("PgBouncer starts");
    let url = cluster.create_database().expect("a database");
    let store = open(&pooler.url(name(&url)), &options());
    assert_eq!(read(&store, |tx| count(tx, prepared)).await, 0);
}
