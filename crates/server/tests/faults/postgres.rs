//! Faults around PostgreSQL.

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::time::Instant;

use test_postgres::Cluster;

use crate::cluster::{PASSWORD, database, durable, restart, turn, url};
use crate::disk::Disk;
use crate::site::{Site, faults};

/// Gives up soon, so that errors are seen while the database is away.
const IMPATIENT: [&str; 4] = ["--unavailable-after", "1", "--lock-timeout", "1"];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let Some(cluster) = turn().await else { return };
    let url = url(&[cluster.port()], &database(&cluster));
    let mut site = Site::open("PostgreSQL: server killed", &url, &[], &[PASSWORD]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        site.kill_server(0).await;
        let began = Instant::now();
        site.start_server(&url, &[]);
        let recovery = began.elapsed() + load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_crashes_is_waited_for() {
    let Some(mut cluster) = turn().await else {
        return;
    };
    let url = url(&[cluster.port()], &database(&cluster));
    let kind = "PostgreSQL: killed, back soon";
    let mut site = Site::open(kind, &url, &[], &[PASSWORD]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        cluster.kill().expect("PostgreSQL can be killed");
        restart(&mut cluster);
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_stays_away_is_told_as_an_error() {
    let Some(mut cluster) = turn().await else {
        return;
    };
    let url = url(&[cluster.port()], &database(&cluster));
    let kind = "PostgreSQL: killed, away for long";
    let mut site = Site::open(kind, &url, &IMPATIENT, &[PASSWORD]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        cluster.kill().expect("PostgreSQL can be killed");
        load.failed(site.random.between(5, 30)).await;
        site.until_not_ready(0).await;
        restart(&mut cluster);
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_an_administrator_ends_are_replaced() {
    let Some(cluster) = turn().await else { return };
    let name = database(&cluster);
    let url = url(&[cluster.port()], &name);
    let mut site = Site::open("PostgreSQL: sessions ended", &url, &[], &[PASSWORD]).await;
    let end = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        let ended = cluster
            .sql("postgres", &end)
            .expect("sessions can be ended");
        assert_ne!(ended, "0");
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_goes_on_when_the_first_is_killed() {
    let Some(cluster) = turn().await else { return };
    let url = url(&[cluster.port()], &database(&cluster));
    let mut site = Site::open(
        "PostgreSQL: one of two servers killed",
        &url,
        &[],
        &[PASSWORD],
    )
    .await;
    site.start_server(&url, &[]);
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        site.kill_server(0).await;
        // The other one alone.
        let recovery = load.acknowledged(30).await;
        site.start_server(&url, &[]);
        load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_somebody_else_holds_is_told_as_an_error() {
    let Some(cluster) = turn().await else { return };
    let name = database(&cluster);
    let url = url(&[cluster.port()], &name);
    let mut site = Site::open("PostgreSQL: lock held", &url, &IMPATIENT, &[PASSWORD]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        // Against changes alone, or against reading as well.
        let mode = ["SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"][site.random.between(0, 1)];
        let mut holder = hold_lock(&cluster, &name, mode);
        load.failed(site.random.between(1, 24)).await;
        drop(holder.stdin.take());
        let recovery = load.acknowledged(30).await;
        holder.wait().expect("`psql` ends");
        site.settle(load, recovery).await;
    }
    // Nothing that the probe asks is behind that lock.
    assert_eq!(site.not_ready(0), 0);
    site.close().await;
}

/// Locks a table until the input ends.
fn hold_lock(cluster: &Cluster, database: &str, mode: &str) -> Child {
    let mut psql = cluster.program("psql");
    psql.args(["-XAtq", "-d", database]).stdin(Stdio::piped());
    let mut psql = psql.spawn().expect("`psql` starts");
    let sql = format!("BEGIN; LOCK TABLE flexportal.customers IN {mode} MODE;\n");
    let input = psql.stdin.as_mut().expect("piped");
    input.write_all(sql.as_bytes()).expect("`psql` reads");
    psql
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_the_standby_loses_nothing() {
    let Some(turn) = turn().await else { return };
    let mut primary = durable(&[]);
    let mut standby = primary.standby().expect("a standby starts");
    // Promoted at once, and when it has been alone for a while, without anybody to write to.
    let soon = ("PostgreSQL: failover to the standby", [].as_slice());
    let late = ("PostgreSQL: standby alone, failover", IMPATIENT.as_slice());
    for (kind, options) in [soon, late] {
        let name = database(&primary);
        let hosts = |one: &Cluster, other: &Cluster| url(&[one.port(), other.port()], &name);
        let mut site = Site::open(kind, &hosts(&primary, &standby), options, &[PASSWORD]).await;
        for fault in 1..=faults() {
            if fault > 1 {
                let url = hosts(&primary, &standby);
                site.stop_server(0).await;
                site.move_to(&url);
                site.start_server(&url, options);
            }
            let load = site.load();
            load.acknowledged(site.random.between(20, 300)).await;
            primary.kill().expect("PostgreSQL can be killed");
            if kind == late.0 {
                load.failed(site.random.between(5, 30)).await;
                site.until_not_ready(0).await;
            }
            standby.promote().expect("the standby takes over");
            let recovery = load.acknowledged(30).await;
            site.settle(load, recovery).await;
            // The next one is from the new primary to a standby of its own.
            primary = standby;
            standby = primary.standby().expect("a standby starts");
        }
        site.move_to(&hosts(&primary, &standby));
        site.close().await;
    }
    drop(turn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_the_database_server_costs_nothing_but_time() {
    let test = "postgres::a_full_disk_of_the_database_server_costs_nothing_but_time";
    if !test_postgres::available() {
        return;
    }
    let Some(disk) = Disk::of(test, 320, false) else {
        return;
    };
    let mut cluster = durable(&[("max_wal_size", "48MB"), ("min_wal_size", "32MB")]);
    let url = url(&[cluster.port()], &database(&cluster));
    let mut site = Site::open("PostgreSQL: disk full", &url, &IMPATIENT, &[PASSWORD]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        disk.fill();
        load.failed(site.random.between(1, 40)).await;
        disk.free();
        // Without room for its log, PostgreSQL gives up; whoever runs it starts it again.
        if cluster.sql("postgres", "SELECT 1").is_err() {
            restart(&mut cluster);
        }
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}
