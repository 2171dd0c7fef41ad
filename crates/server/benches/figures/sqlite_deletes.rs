//! Durable deletions on SQLite over 64 connections: the server (`http`), the same group-committed
//! transactions without HTTP (`in-process`), the server with one commit per request (`single`), and
//! the generated layer alone (`layer`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use store::{Deactivation, Error, Json, Store};

use crate::database::{Folder, with_customers};
use crate::load::{self, Outcome};
use crate::measure::outcome;
use crate::options::Options;
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, report};

/// Figures by name.
type Figures = Vec<(&'static str, f64)>;

/// Runs the comparison.
pub(crate) async fn compare(options: &Options) {
    let deletions = options.pick(100_000, 4_000);
    for round in 0..options.rounds {
        for side in ["http", "in-process", "single", "layer"] {
            // One commit each is so slow that fewer say as much.
            let deletions = match side {
                "single" => deletions / 10,
                _ => deletions,
            };
            let (outcome, figures) = measure(side, deletions).await;
            assert_eq!(outcome.succeeded, deletions, "every deletion succeeds");
            report::sample(side, round, &figures);
        }
    }
}

async fn measure(side: &str, deletions: usize) -> (Outcome, Figures) {
    let folder = Folder::new(side);
    let url = folder.sqlite();
    let ids: Vec<String> = (0..deletions)
        .map(|number| format!("cust_{number:08}"))
        .collect();
    if side == "layer" {
        return over_http(&Server::layer(), &ids, "fp_layer_0").await;
    }
    let key = with_customers(&url, &ids).await;
    match side {
        "in-process" => {
            let outcome = in_process(url, ids).await;
            let figures = report::figures(&outcome).to_vec();
            (outcome, figures)
        }
        "single" => {
            let server = Server::flexportal(&url, &["--single-commits"]);
            over_http(&server, &ids, &key).await
        }
        _ => over_http(&Server::flexportal(&url, &[]), &ids, &key).await,
    }
}

async fn over_http(server: &Server, ids: &[String], key: &str) -> (Outcome, Figures) {
    let requests = load::delete_requests(ids.iter().map(String::as_str), TENANT, key);
    server.measured(CONNECTIONS, requests).await
}

/// 64 callers of the store, on a runtime like the server's.
async fn in_process(url: String, ids: Vec<String>) -> Outcome {
    let measured = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(delete_all(&url, Arc::new(ids)))
    });
    measured.await.expect("it does not panic")
}

async fn delete_all(url: &str, ids: Arc<Vec<String>>) -> Outcome {
    let store = Store::open(url).expect("the database opens");
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (store, ids, next) = (store.clone(), Arc::clone(&ids), Arc::clone(&next));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let sent = Instant::now();
                    let deleted = delete(&store, id.clone()).await.expect("it commits");
                    latencies.push(sent.elapsed());
                    assert!(deleted, "every customer is deleted once");
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for caller in callers {
        latencies.extend(caller.await.expect("a caller does not panic"));
    }
    let elapsed = started.elapsed();
    store.close();
    outcome(latencies, 0, elapsed)
}

/// The transaction of `deleteCustomer`.
async fn delete(store: &Store, id: String) -> Result<bool, Error> {
    let deactivation = Deactivation {
        tenant: TENANT.into(),
        kind: "customer.deactivated",
        data: Json::of(&serde_json::json!({ "customerId": id }))?,
        customer: id,
        at: jiff::Timestamp::now(),
    };
    store.deactivate(deactivation).await
}
