//! The cluster of `docs/operating.md` as operators run it, with the configuration files that they are given: its parts
//! are killed one after the other while clients go on. Nothing acknowledged is lost or done twice, and nobody has to
//! start a server again.
//!
//! Patroni, etcd, HAProxy, PgBouncer and PostgreSQL must be installed. Where one is missing, that is said, and is a
//! failure where `CI` is set. How long writes were refused is said on standard error.

#[path = "../faults/check.rs"]
mod check;
#[path = "../faults/ledger.rs"]
#[allow(dead_code, reason = "nobody reactivates customers here")]
mod ledger;
#[path = "../support/mod.rs"]
mod support;

mod clients;
mod faults;
mod progress;

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_postgres::{PatroniCluster, patroni_available};

use check::check;
use clients::{Clients, Site};
use support::{Http, Server, flexportal};

const TENANT: &str = "bu_cluster";

/// Changes that each server acknowledges before the next part is killed, and after it.
const CHANGES: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_part_is_killed_nothing_acknowledged_is_lost_or_done_twice() {
    if !patroni_available() {
        return;
    }
    let began = Instant::now();
    let mut cluster = PatroniCluster::start().expect("a cluster starts");
    say(&format!(
        "the cluster is up after {}",
        seconds(began.elapsed())
    ));
    let key = set_up(&cluster.url(0));
    // Each server has a proxy of its own, and knows the other one.
    let mut servers = [0, 1].map(|proxy| {
        let log = ["--log", "warn,flexportal::serve=info"];
        // They wait for each other no longer than 10 s, which is short on a slow machine: none has to.
        let all_at_once = ["--tenant-long-requests", "64"];
        Server::start(&cluster.url(proxy), &[log, all_at_once].concat())
    });
    let processes = servers.each_ref().map(|server| server.child.id());
    offer(&servers[0].address, &key).await;
    let site = Site {
        addresses: servers.each_ref().map(|server| server.address.clone()),
        tenant: TENANT.to_owned(),
        key,
    };
    let clients = Clients::start(site.clone());
    for fault in faults::ALL {
        clients.acknowledged_by_each(CHANGES).await;
        let (before, started) = (clients.progress(), Instant::now());
        let part = (fault.strike)(&mut cluster);
        loop {
            clients.acknowledged_by_each(CHANGES).await;
            if started.elapsed() >= fault.lasts {
                break;
            }
        }
        let since = clients.since(&before, started);
        say(&format!("{}: {since}", fault.name));
        (fault.repair)(&mut cluster, part);
        cluster.wait_until_whole().expect("it is whole again");
    }
    clients.acknowledged_by_each(CHANGES).await;
    let (ledger, problems) = clients.finish().await;

    assert!(problems.is_empty(), "{problems:#?}");
    let http = Http::new();
    for (server, process) in servers.iter_mut().zip(processes) {
        let ended = server.child.try_wait().expect("it can be looked at");
        assert_eq!((server.child.id(), ended), (process, None));
        let ready = http.get(&format!("http://{}/readyz", server.address)).await;
        assert_eq!(ready.status, 200, "{}", ready.text);
        assert_answers(&http, &server.address, &site, &ledger).await;
    }
    let findings = check(&cluster.direct_url(), &[TENANT.to_owned()], &ledger).await;
    assert!(findings.lost.is_empty(), "lost: {:#?}", findings.lost);
    assert!(
        findings.violations.is_empty(),
        "violations: {:#?}",
        findings.violations
    );
    assert_eq!(
        findings.unknown, 0,
        "everything was repeated until it was acknowledged"
    );
    for server in servers {
        assert_quiet_log(server, &cluster);
    }
    say(&format!(
        "{} acknowledged changes of {} customers are there, each once; {} in all",
        findings.checked,
        ledger.len(),
        seconds(began.elapsed())
    ));
}

/// A tenant and a key for it.
fn set_up(database: &str) -> String {
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--database", database]);
        let (success, output, error) = flexportal(&all);
        assert!(success, "{error}");
        output.trim().to_owned()
    };
    run(&[
        "tenant",
        "create",
        "--id",
        TENANT,
        "--currency",
        "EUR",
        "--tier",
        "enterprise",
    ]);
    run(&["key", "create", "--tenant", TENANT])
}

async fn offer(address: &str, key: &str) {
    let product = json!({
        "productSku": "NB", "name": "Notebook", "specification": "16 GB", "category": "Laptops",
        "brand": "Example", "variants": [{"variantSku": "NB-14", "variantName": "Notebook 14",
        "grade": "A", "pricing": [{"contractLength": 12, "monthlyPrice": 49.90}]}],
    });
    let bearer = format!("Bearer {key}");
    let headers = [
        ("tenant-id", TENANT),
        ("authorization", &bearer),
        ("content-type", "application/json"),
    ];
    let url = format!("http://{address}/v1/products");
    let http = Http::new();
    let answer = http
        .send(hyper::Method::POST, &url, &headers, product.to_string())
        .await;
    assert!(answer.status.is_success(), "{}", answer.text);
}

/// A server answers what was acknowledged, whoever acknowledged it.
async fn assert_answers(http: &Http, address: &str, site: &Site, ledger: &[ledger::Known]) {
    let bearer = format!("Bearer {}", site.key);
    let headers = [("tenant-id", TENANT), ("authorization", &bearer)];
    for known in [ledger.first(), ledger.last()].into_iter().flatten() {
        for (order, open) in &known.state.orders {
            let url = format!("http://{address}/v1/orders/{order}");
            let answer = http.send(hyper::Method::GET, &url, &headers, "").await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert_eq!(
                answer.json()["status"] != "cancelled",
                *open,
                "{}",
                answer.text
            );
        }
    }
}

/// Nobody panicked, and nobody told the password.
fn assert_quiet_log(mut server: Server, cluster: &PatroniCluster) {
    server.signal("TERM");
    let ended = server.child.wait().expect("the server ends");
    assert!(ended.success(), "{ended}");
    // Complete: the process has ended.
    for line in server.log.iter().map(|line: Value| line.to_string()) {
        assert!(!line.contains("panicked"), "{line}");
        assert!(!line.contains(cluster.password()), "{line}");
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Past the test harness, which swallows what a passing test prints.
fn say(line: &str) {
    // Nobody may be reading any more.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
