//! Faults around a SQLite database.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::disk::{Disk, Frozen};
use crate::site::{Site, faults};
use crate::support::Folder;
use crate::turn;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let _turn = turn::sqlite().await;
    let folder = Folder::new();
    let database = folder.database();
    let mut site = Site::open("SQLite: server killed", &database, &[], &[]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        site.kill_server(0).await;
        let began = Instant::now();
        site.start_server(&database, &[]);
        let recovery = began.elapsed() + load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_nothing_but_time() {
    let name = "sqlite::a_full_disk_costs_nothing_but_time";
    let Some(disk) = Disk::of(name, 96, false) else {
        return;
    };
    let database = format!("sqlite:{}", disk.path().join("full.db").display());
    let mut site = Site::open("SQLite: disk full", &database, &[], &[]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        disk.fill();
        load.failed(site.random.between(1, 40)).await;
        disk.free();
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    // Reads were answered all the time.
    assert_eq!(site.not_ready(0), 0);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_turns_read_only_costs_nothing_but_time() {
    let _turn = turn::sqlite().await;
    let folder = Folder::new();
    if !Frozen::possible(folder.path()) {
        return;
    }
    let files = ["test.db", "test.db-wal"].map(|file| folder.path().join(file));
    let mut site = Site::open("SQLite: disk read-only", &folder.database(), &[], &[]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        let frozen = Frozen::start(&files);
        load.failed(site.random.between(1, 40)).await;
        drop(frozen);
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    // Reads were answered all the time.
    assert_eq!(site.not_ready(0), 0);
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_onto_a_read_only_disk_is_survived() {
    let name = "sqlite::a_crash_onto_a_read_only_disk_is_survived";
    let Some(disk) = Disk::of(name, 96, true) else {
        return;
    };
    let database = format!("sqlite:{}", disk.path().join("crash.db").display());
    let mut site = Site::open("SQLite: killed, disk read-only", &database, &[], &[]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 300)).await;
        site.kill_server(0).await;
        disk.set_read_only(true);
        let said = first_words_of_a_server(&database);
        if !said.contains("database unavailable") {
            site.problem(format!("on a read-only disk: {said}"));
        }
        disk.set_read_only(false);
        let began = Instant::now();
        site.start_server(&database, &[]);
        let recovery = began.elapsed() + load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

/// The first line that a server writes, which listens then or has given up.
fn first_words_of_a_server(database: &str) -> String {
    let mut server = Command::new(env!("CARGO_BIN_EXE_flexportal"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut said = String::new();
    let errors = server.stderr.take().expect("piped");
    let read = BufReader::new(errors).read_line(&mut said);
    read.expect("what it says is UTF-8");
    // A server that did start would not end by itself.
    let _ = server.kill();
    server.wait().expect("the server ends");
    said
}
