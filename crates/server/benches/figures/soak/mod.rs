//! Mixed load for as long as one likes, on every engine at the same time: does memory stay flat, is
//! every answer one that the contract and the rules allow, do the invariants hold at the end?

mod shopper;
mod tally;

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::Store;

use crate::database::{Home, prepare};
use crate::measure::{median, percentile};
use crate::options::Options;
use crate::process::Server;
use crate::{TENANT, report};
use shopper::{Shop, Shopper};
use tally::Tally;

/// Shoppers at a time, each with a connection of its own.
const SHOPPERS: u64 = 16;

/// Soaks the engines.
pub(crate) async fn run(options: &Options) {
    let engines = ["sqlite", "postgres"].map(|engine| async move {
        if options.includes(engine) {
            soak(engine, options).await;
        }
    });
    let [sqlite, postgres] = engines;
    tokio::join!(sqlite, postgres);
}

async fn soak(engine: &'static str, options: &Options) {
    let home = Home::new(engine);
    let store = Store::open(home.url()).expect("a fresh database");
    let key = prepare(&store).await;
    store.close();
    drop(store);

    // Every answer is held against the contract.
    let server = Server::flexportal(home.url(), &["--check-answers"]);
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let tally = Arc::new(Tally::default());
    let shop = Shop {
        address: server.address.clone(),
        key,
        between: Duration::from_secs_f64(SHOPPERS as f64 / options.rate as f64),
        end,
        tally: Arc::clone(&tally),
    };
    shopper::offer(&shop).await;
    let shoppers: Vec<_> = (0..SHOPPERS)
        .map(|number| tokio::spawn(Shopper::new(shop.clone(), number).shop()))
        .collect();

    let mut memory = Vec::new();
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.tick().await;
    let mut second = 0.0;
    while Instant::now() < end {
        tick.tick().await;
        second += 1.0;
        let latencies = tally.take_latencies();
        memory.push(server.memory_mib());
        let figures = [
            ("second", second),
            ("per_second", latencies.len() as f64),
            ("p50_ms", percentile(&latencies, 0.5)),
            ("p99_ms", percentile(&latencies, 0.99)),
            ("memory_mib", server.memory_mib()),
        ];
        report::point(engine, &figures);
        if (second as u64).is_multiple_of(60) {
            eprintln!("  {engine}: {} s, {}", second, tally.summary());
        }
    }
    for shopper in shoppers {
        shopper.await.expect("a shopper does not panic");
    }
    let complaints = server.complaints();
    drop(server);
    finish(engine, &home, &tally, &memory, &complaints).await;
}

/// Judges the whole of it.
async fn finish(engine: &str, home: &Home, tally: &Tally, memory: &[f64], complaints: &[String]) {
    let store = Store::open(home.url()).expect("the database opens again");
    let faults = store
        .read(|tx| store::verify_invariants(tx, TENANT))
        .await
        .expect("the invariants can be read");
    store.close();
    for line in complaints.iter().chain(&faults).take(20) {
        eprintln!("  {engine}: {line}");
    }
    let quarter = memory.len() / 4;
    let settled = median(memory[quarter..2 * quarter].to_vec());
    let last = median(memory[memory.len() - quarter..].to_vec());
    let figures = [
        ("seconds", memory.len() as f64),
        ("requests", tally.requests() as f64),
        (
            "outside_contract",
            (tally.wrong() + complaints.len()) as f64,
        ),
        ("invariant_faults", faults.len() as f64),
        ("memory_second_quarter_mib", settled),
        ("memory_last_quarter_mib", last),
        ("memory_growth", last / settled),
    ];
    report::sample(engine, 0, &figures);
}
