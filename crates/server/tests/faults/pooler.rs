//! Faults around a pooler before PostgreSQL, in both of its modes, with fewer sessions than the server wants.

use test_postgres::{PoolMode, Pooler};

use crate::cluster::{PASSWORD, Turn, database, restart, turn, url};
use crate::site::{Site, faults};

/// Sessions that the pooler gives to the server's 16 connections.
const SESSIONS: usize = 6;

/// A site behind a pooler, and the name of its database.
async fn open(kind: &'static str, mode: PoolMode, cluster: &Turn) -> (Site, Pooler, String) {
    let pooler = cluster.pooler(mode, SESSIONS, &[]);
    let pooler = pooler.expect("PgBouncer starts");
    let name = database(cluster);
    let mut site = Site::open(kind, &url(&[pooler.port()], &name), &[], &[PASSWORD]).await;
    // The checker goes its own way.
    site.move_to(&url(&[cluster.port()], &name));
    (site, pooler, name)
}

/// Waits for the other tests with PostgreSQL; `None` where it or PgBouncer is not installed.
async fn pooled() -> Option<Turn> {
    if !test_postgres::pooler_available() {
        return None;
    }
    turn().await
}

async fn pooler_killed(kind: &'static str, mode: PoolMode) {
    let Some(cluster) = pooled().await else {
        return;
    };
    let (mut site, mut pooler, _) = open(kind, mode, &cluster).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        pooler.kill().expect("PgBouncer can be killed");
        pooler.restart().expect("PgBouncer starts again");
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

async fn database_killed(kind: &'static str, mode: PoolMode) {
    let Some(mut cluster) = pooled().await else {
        return;
    };
    let (mut site, pooler, _) = open(kind, mode, &cluster).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        cluster.kill().expect("PostgreSQL can be killed");
        restart(&mut cluster);
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
    drop(pooler);
}

async fn sessions_ended(kind: &'static str, mode: PoolMode) {
    let Some(cluster) = pooled().await else {
        return;
    };
    let (mut site, pooler, name) = open(kind, mode, &cluster).await;
    let end = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        let ended = cluster.sql("postgres", &end);
        assert_ne!(ended.expect("sessions can be ended"), "0");
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
    drop(pooler);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_a_pooler_of_transactions_is_killed() {
    pooler_killed("pooler of transactions: killed", PoolMode::Transaction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_a_pooler_of_sessions_is_killed() {
    pooler_killed("pooler of sessions: killed", PoolMode::Session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_killed_behind_a_pooler_of_transactions_is_waited_for() {
    let kind = "pooler of transactions: PostgreSQL killed";
    database_killed(kind, PoolMode::Transaction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_killed_behind_a_pooler_of_sessions_is_waited_for() {
    database_killed("pooler of sessions: PostgreSQL killed", PoolMode::Session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_ended_behind_a_pooler_of_transactions_are_replaced() {
    let kind = "pooler of transactions: sessions ended";
    sessions_ended(kind, PoolMode::Transaction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_ended_behind_a_pooler_of_sessions_are_replaced() {
    sessions_ended("pooler of sessions: sessions ended", PoolMode::Session).await;
}
