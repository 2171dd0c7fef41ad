//! Durable delete transactions in process: group commit against one commit each, in turns.
//!
//! A delete is what the service runs for `deleteCustomer`: the conditional update and its event. Every
//! commit is flushed. Prints medians, their ratio, and the flush latency of the disk beside them.
//! `cargo bench -p store -- 1` runs one round instead of five.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use jiff::Timestamp;
use store::{
    CustomerRow, CustomerStatus, CustomerTotals, CustomerType, Error, Json, NewEvent, Options,
    SqliteOptions, Store, TenantRow, TenantStatus, customers, events, tenants,
};

const TENANT: &str = "bench";
/// Callers that wait for an answer at a time.
const CALLERS: u32 = 512;
const GROUPED: u32 = 100_000;
const ALONE: u32 = 10_000;

fn main() {
    // `cargo test --benches` only has to compile this.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .build()
        .expect("a runtime");
    let (mut grouped, mut alone, mut flushes) = (Vec::new(), Vec::new(), Vec::new());
    let rounds = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(5);
    for round in 1..=rounds {
        let group = runtime.block_on(run(Options::default(), GROUPED));
        let single = runtime.block_on(run(
            Options {
                sqlite: SqliteOptions {
                    group_limit: 1,
                    ..SqliteOptions::default()
                },
                ..Options::default()
            },
            ALONE,
        ));
        let flush = flush_latency();
        println!(
            "round {round}: grouped {:>7.0}/s in groups of {:>3}, alone {:>6.0}/s, flush {:.3} ms",
            group.rate, group.size, single.rate, flush
        );
        grouped.push(group.rate);
        alone.push(single.rate);
        flushes.push(flush);
    }
    let (grouped, alone, flush) = (median(grouped), median(alone), median(flushes));
    println!(
        "median:  grouped {grouped:.0}/s, alone {alone:.0}/s, ratio {:.1}, flush {flush:.3} ms",
        grouped / alone
    );
}

struct Measured {
    /// Transactions a second.
    rate: f64,
    /// Mean transactions in a commit.
    size: u64,
}

async fn run(options: Options, deletes: u32) -> Measured {
    let file = File::new("writes");
    let store = Store::open_with(&format!("sqlite:{}", file.0.display()), &options).expect("opens");
    fill(&store, deletes).await;
    let before = store.statistics();
    let next = Arc::new(AtomicU32::new(0));
    let started = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (store, next) = (store.clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let n = next.fetch_add(1, Relaxed);
                    if n >= deletes {
                        break;
                    }
                    let deleted = delete(&store, format!("cust_{n:08}"))
                        .await
                        .expect("commits");
                    assert!(deleted, "every customer is deleted once");
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("no panic");
    }
    let took = started.elapsed();
    let after = store.statistics();
    let size = (after.transactions - before.transactions) / (after.commits - before.commits).max(1);
    Measured {
        rate: f64::from(deletes) / took.as_secs_f64(),
        size,
    }
}

async fn delete(store: &Store, id: String) -> Result<bool, Error> {
    let at = now();
    store
        .write_in(&TENANT.into(), move |tx| {
            let deleted = customers::deactivate(tx, &id, at)?;
            if deleted {
                let data = Json::of(&serde_json::json!({"customerId": id}))?;
                events::append(
                    tx,
                    &NewEvent {
                        kind: "customer.deactivated",
                        resource: &id,
                        data,
                        at,
                    },
                )?;
            }
            Ok(deleted)
        })
        .await
}

async fn fill(store: &Store, count: u32) {
    let at = now();
    let filled: Result<(), Error> = store
        .write_in(&TENANT.into(), move |tx| {
            tenants::insert(
                tx,
                &TenantRow {
                    id: TENANT.into(),
                    name: TENANT.into(),
                    currency: "EUR".into(),
                    country: None,
                    timezone: "UTC".into(),
                    industry: None,
                    tier: "growth".into(),
                    status: TenantStatus::Active,
                    settings: Json::empty_object(),
                    created_at: at,
                    updated_at: at,
                },
            )?;
            for n in 0..count {
                customers::insert(tx, &customer(n, at))?;
            }
            Ok(())
        })
        .await;
    filled.expect("fills");
}

fn customer(n: u32, at: Timestamp) -> CustomerRow {
    CustomerRow {
        tenant_id: TENANT.into(),
        id: format!("cust_{n:08}"),
        email: format!("customer{n}@example.com"),
        email_key: format!("customer{n}@example.com"),
        first_name: "Ada".into(),
        last_name: "Lovelace".into(),
        company: None,
        phone: Some("+49 30 1234567".into()),
        customer_type: CustomerType::Individual,
        status: CustomerStatus::Active,
        custom_fields: None,
        billing_address: Some(address()),
        shipping_address: Some(address()),
        totals: CustomerTotals::default(),
        first_start: None,
        created_at: at,
        updated_at: at,
        created_by: "key_bench".into(),
    }
}

fn address() -> Json {
    let address = serde_json::json!({
        "contactName": "Ada Lovelace", "streetAddress": "Example Street 1", "city": "Berlin", "country": "DE",
    });
    Json::of(&address).expect("JSON")
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// Median milliseconds to append a page to a file and flush it.
fn flush_latency() -> f64 {
    use std::io::Write;
    let path = File::new("flush");
    let mut file = std::fs::File::create(&path.0).expect("creates");
    let page = [0_u8; 4096];
    let times = (0..200)
        .map(|_| {
            let started = Instant::now();
            file.write_all(&page).expect("writes");
            file.sync_data().expect("flushes");
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    median(times)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A file that goes away.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let file = Self(
            PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("bench-{name}-{}.db", std::process::id())),
        );
        file.remove();
        file
    }

    fn remove(&self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}
