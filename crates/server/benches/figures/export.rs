//! What exporting all subscriptions of a tenant costs: time, and memory of the server meanwhile, which must not
//! depend on how many there are.

use std::time::{Duration, Instant};

use store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::database::{Home, prepare};
use crate::load::request;
use crate::options::Options;
use crate::process::Server;
use crate::{TENANT, fill, report};

/// Subscriptions in one transaction of filling.
const CHUNK: u64 = 50_000;
/// How often the memory of the server is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// The end of an answer, in which the totals stand.
const TAIL: usize = 1024;

/// Runs the measurement on an engine.
pub(crate) async fn measure(engine: &str, options: &Options) {
    let full = if engine == "sqlite" {
        1_000_000
    } else {
        200_000
    };
    let subscriptions = options.pick(full, 3_000);
    let home = Home::new(engine);
    let store = Store::open(home.url()).expect("a fresh database");
    let key = prepare(&store).await;
    store.close();
    fill_in(&home, subscriptions).await;

    let server = Server::flexportal(home.url(), &[]);
    let few = r#"{"customerIds":["cust_none"]}"#;
    export(
        &server,
        &request("POST", "/v1/exports/rentals", TENANT, &key, Some(few)),
    )
    .await;
    let before = server.memory_mib();
    let all = request("POST", "/v1/exports/rentals", TENANT, &key, Some("{}"));
    for round in 0..options.rounds {
        let exported = export(&server, &all).await;
        assert_eq!(exported.rows, subscriptions, "every subscription is a row");
        let figures = [
            (
                "per_second",
                subscriptions as f64 / exported.took.as_secs_f64(),
            ),
            ("first_byte_ms", exported.first.as_secs_f64() * 1e3),
            ("answer_mib", exported.bytes as f64 / 1024.0 / 1024.0),
            ("memory_mib", exported.memory_mib),
            ("growth_mib", exported.memory_mib - before),
        ];
        report::sample("export", round, &figures);
    }
    for line in server.complaints() {
        eprintln!("  {engine}: {line}");
    }
}

/// Customers with an order, a device and a subscription each.
async fn fill_in(home: &Home, subscriptions: u64) {
    let started = Instant::now();
    home.run(fill::catalogue(TENANT).to_vec()).await;
    for first in (0..subscriptions).step_by(CHUNK as usize) {
        let count = CHUNK.min(subscriptions - first);
        let [customers, _, orders, items, assets, rentals, _] =
            fill::business(TENANT, first, count);
        home.run(vec![customers, orders, items, assets, rentals])
            .await;
    }
    home.settle();
    let took = started.elapsed().as_secs();
    eprintln!("  {subscriptions} subscriptions filled in {took} s");
}

struct Exported {
    rows: u64,
    bytes: usize,
    first: Duration,
    took: Duration,
    /// The most that the server had meanwhile.
    memory_mib: f64,
}

/// Reads an export, and keeps nothing of it but its end.
async fn export(server: &Server, request: &[u8]) -> Exported {
    let mut stream = TcpStream::connect(&server.address)
        .await
        .expect("the server accepts");
    let sent = Instant::now();
    stream.write_all(request).await.expect("it reads");
    let mut buffer = vec![0; 64 * 1024];
    let (mut tail, mut bytes, mut first) = (Vec::new(), 0, None);
    let (mut looked, mut memory_mib) = (sent, server.memory_mib());
    while !tail.ends_with(b"\r\n0\r\n\r\n") && !tail.ends_with(b"}}") {
        let read = stream.read(&mut buffer).await.expect("it answers");
        assert!(
            read > 0,
            "the answer broke off: {}",
            String::from_utf8_lossy(&tail)
        );
        first.get_or_insert_with(|| sent.elapsed());
        bytes += read;
        tail.extend_from_slice(&buffer[..read]);
        tail.drain(..tail.len().saturating_sub(TAIL));
        if looked.elapsed() >= LOOK {
            memory_mib = server.memory_mib().max(memory_mib);
            looked = Instant::now();
        }
    }
    let took = sent.elapsed();
    let end = String::from_utf8_lossy(&tail);
    let rows = end.split_once("\"totalRecords\":").map(|(_, rest)| rest);
    let rows = rows.and_then(|rest| rest.split(',').next()?.parse().ok());
    Exported {
        rows: rows.unwrap_or_else(|| panic!("an export: {end}")),
        bytes,
        first: first.unwrap_or_default(),
        took,
        memory_mib: server.memory_mib().max(memory_mib),
    }
}
