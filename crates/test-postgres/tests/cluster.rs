//! Clusters start, crash, come back and are replicated as they promise.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use test_postgres::{Cluster, PoolMode, Setup, available, pooler_available, shared};

fn durable() -> Cluster {
    let setup = Setup {
        durable: true,
        settings: Vec::new(),
    };
    Cluster::start(&setup).expect("a cluster starts")
}

#[test]
fn the_role_of_a_database_owns_it_and_is_no_superuser() {
    if !available() {
        return;
    }
    let cluster = shared().expect("a cluster starts");
    let url = cluster.create_database().expect("a database is created");
    let (_, name) = url.rsplit_once('/').expect("a path");
    let output = cluster
        .program("psql")
        .args(["-XAtq", &url, "-c"])
        .arg("CREATE SCHEMA flexportal; SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE \
             rolname = current_user")
        .output()
        .expect("psql runs");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "flexportal|f|f",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'flexportal'";
    assert_eq!(cluster.sql(name, schemas).expect("a count"), "1");
    let other = cluster.create_database().expect("a database is created");
    let (_, other) = other.rsplit_once('/').expect("a path");
    assert_eq!(cluster.sql(other, schemas).expect("a count"), "0");
}

#[test]
fn a_refused_statement_is_an_error_with_its_reason() {
    if !available() {
        return;
    }
    let cluster = shared().expect("a cluster starts");
    let error = cluster
        .sql("postgres", "SELECT 1; SELECT missing")
        .expect_err("there is no such column");
    assert!(error.to_string().contains("missing"), "{error}");
}

#[test]
fn a_database_given_back_goes_when_the_next_is_made() {
    if !available() {
        return;
    }
    let setup = Setup::default();
    let cluster = Cluster::start(&setup).expect("a cluster starts");
    let made = |_: &str| {};
    let first = cluster.create_database_as(made).expect("a database");
    let (_, name) = first.rsplit_once('/').expect("a path");
    let mut connected = cluster.program("psql");
    connected.args(["-XAtq", &first, "-f", "-"]);
    connected.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut connected = connected.stderr(Stdio::piped()).spawn().expect("psql runs");
    let statements = connected.stdin.as_mut().expect("piped");
    writeln!(statements, "SELECT 'connected';").expect("it reads");
    let mut said = [0; 10];
    let answers = connected.stdout.as_mut().expect("piped");
    answers.read_exact(&mut said).expect("it answers");
    let there = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    cluster.give_back(&first);
    assert_eq!(cluster.sql("postgres", &there).expect("a count"), "1");
    cluster.create_database_as(made).expect("another one");
    assert_eq!(cluster.sql("postgres", &there).expect("a count"), "0");
    drop(connected.stdin.take());
    connected.wait().expect("psql ends");
}

#[test]
fn settings_reach_the_server() {
    if !available() {
        return;
    }
    let setup = Setup {
        durable: true,
        settings: vec![("lock_timeout".into(), "'7s'".into())],
    };
    let cluster = Cluster::start(&setup).expect("a cluster starts");
    let shown = cluster.sql(
        "postgres",
        "SHOW lock_timeout; SHOW fsync; SHOW synchronous_commit; SHOW listen_addresses",
    );
    assert_eq!(shown.expect("settings"), "7s\non\non\n127.0.0.1");
}

#[test]
fn committed_rows_survive_a_kill_and_a_restart() {
    if !available() {
        return;
    }
    let mut cluster = durable();
    let port = cluster.port();
    cluster
        .sql(
            "postgres",
            "CREATE TABLE t (n int); INSERT INTO t VALUES (1)",
        )
        .expect("a row is inserted");
    cluster.kill().expect("the server is killed");
    cluster
        .sql("postgres", "SELECT 1")
        .expect_err("a killed server does not answer");
    cluster.restart().expect("the server starts again");
    assert_eq!(cluster.port(), port);
    assert_eq!(cluster.sql("postgres", "TABLE t").expect("rows"), "1");

    for _ in 0..5 {
        cluster.kill().expect("the server is killed");
        cluster.restart().expect("the server starts again");
    }

    cluster.stop().expect("the server is stopped");
    cluster
        .sql("postgres", "SELECT 1")
        .expect_err("a stopped server does not answer");
    cluster.restart().expect("the server starts again");
    assert_eq!(cluster.sql("postgres", "TABLE t").expect("rows"), "1");
}

#[test]
fn a_promoted_standby_has_every_acknowledged_row_and_accepts_writes() {
    if !available() {
        return;
    }
    let mut primary = durable();
    primary
        .sql(
            "postgres",
            "CREATE TABLE t (n int); INSERT INTO t VALUES (1)",
        )
        .expect("a row is inserted");
    let standby = primary.standby().expect("a standby starts");
    let state = "SELECT sync_state FROM pg_stat_replication";
    assert_eq!(primary.sql("postgres", state).expect("a state"), "sync");
    standby
        .sql("postgres", "INSERT INTO t VALUES (0)")
        .expect_err("a standby only reads");
    for n in 2..=50 {
        primary
            .sql("postgres", &format!("INSERT INTO t VALUES ({n})"))
            .expect("a row is inserted");
    }
    primary.kill().expect("the primary is killed");
    standby.promote().expect("the standby becomes a primary");
    standby
        .sql("postgres", "INSERT INTO t VALUES (51)")
        .expect("a primary writes");
    let rows = standby.sql("postgres", "SELECT count(*), sum(n) FROM t");
    assert_eq!(rows.expect("rows"), "51|1326");
}

#[test]
fn a_pooler_keeps_to_its_mode_and_comes_back_where_it_was() {
    if !pooler_available() {
        return;
    }
    let cluster = shared().expect("a cluster starts");
    let url = cluster.create_database().expect("a database is created");
    let (_, name) = url.rsplit_once('/').expect("a path");
    let ask = |url: &str, sql: &str| {
        let mut psql = cluster.program("psql");
        let output = psql.args(["-XAtq", url, "-c", sql]).output();
        let output = output.expect("psql runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    for (mode, left) in [(PoolMode::Transaction, "mine"), (PoolMode::Session, "")] {
        let mut pooler = cluster.pooler(mode, 1, &[]).expect("a pooler starts");
        let port = pooler.port();
        for _ in 0..2 {
            ask(&pooler.url(name), "SET a.b = 'mine'");
            let found = ask(&pooler.url(name), "SELECT current_setting('a.b', true)");
            assert_eq!(found, left, "{mode:?}");
            pooler.kill().expect("the pooler is killed");
            assert_eq!(ask(&pooler.url(name), "SELECT 1"), "", "nobody listens");
            pooler.restart().expect("the pooler starts again");
        }
        assert_eq!(pooler.port(), port);
        let pools = pooler.command(cluster, "SHOW POOLS").expect("its console");
        assert!(pools.contains("pgbouncer"), "{pools}");
    }
}
