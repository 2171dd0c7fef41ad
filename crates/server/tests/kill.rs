//! What was acknowledged survives `kill -9`: the server is killed twenty times while deletions
//! run, started again on the same file, and asked.

mod support;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use store::{CustomerStatus, Store, customers};
use support::load::{Connection, delete_request};
use support::{Folder, Server, fill, flexportal};

const KILLS: usize = 20;
const CONNECTIONS: usize = 16;
const CUSTOMERS_PER_KILL: usize = 2_000;
const TENANT: &str = "bu_kill";

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_deletions_survive_kill_9() {
    let folder = Folder::new();
    let database = folder.database();
    let created = flexportal(&[
        "tenant",
        "create",
        "--id",
        TENANT,
        "--currency",
        "EUR",
        "--database",
        &database,
    ]);
    assert!(created.0, "{}", created.2);
    let (_, key, _) = flexportal(&["key", "create", "--tenant", TENANT, "--database", &database]);
    let key = key.trim().to_owned();

    let mut acknowledged = HashSet::new();
    for round in 0..KILLS {
        let ids: Vec<String> = (0..CUSTOMERS_PER_KILL)
            .map(|index| format!("cust_{round:02}x{index:05}"))
            .collect();
        let store = Store::open(&database).expect("the database opens after a kill");
        fill::customers(&store, TENANT, ids.clone()).await;
        store.close();

        let server = Server::start(&database, &["--log", "warn,server=info,flexportal=info"]);
        // A different moment each time, always in the middle of the load.
        let kill_after = 50 + round * 37;
        let answers = load_until_killed(server, &key, ids, kill_after).await;
        assert!(
            answers.len() >= kill_after,
            "round {round}: only {} answers",
            answers.len()
        );
        acknowledged.extend(answers);
    }

    let store = Store::open(&database).expect("the database opens");
    let (lost, broken) = store
        .read(move |tx| {
            let mut lost = Vec::new();
            for id in &acknowledged {
                let row = customers::find(tx, TENANT, id)?;
                let events = store::events::count(tx, TENANT, "customer.deactivated", id)?;
                let kept =
                    row.is_some_and(|row| row.status == CustomerStatus::Inactive) && events == 1;
                if !kept {
                    lost.push(id.clone());
                }
            }
            println!(
                "{} acknowledged deletions over {KILLS} kills, {} lost",
                acknowledged.len(),
                lost.len()
            );
            Ok::<_, store::Error>((lost, store::verify_invariants(tx, TENANT)?))
        })
        .await
        .expect("the database is readable");
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(
        broken.is_empty(),
        "the stored data is inconsistent: {broken:#?}"
    );
}

/// Deletes the customers over many connections, kills the server once `kill_after` deletions were
/// acknowledged, and gives the ids whose deletion was.
async fn load_until_killed(
    server: Server,
    key: &str,
    ids: Vec<String>,
    kill_after: usize,
) -> Vec<String> {
    let address = server.address.clone();
    let server = Arc::new(Mutex::new(Some(server)));
    let (next, ids) = (Arc::new(AtomicUsize::new(0)), Arc::new(ids));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let mut workers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(&address)
            .await
            .expect("the server accepts");
        let (server, next, ids) = (Arc::clone(&server), Arc::clone(&next), Arc::clone(&ids));
        let (acknowledged, key) = (Arc::clone(&acknowledged), key.to_owned());
        workers.push(tokio::spawn(async move {
            while let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) {
                match connection.send(&delete_request(id, TENANT, &key)).await {
                    Ok(status) => assert_eq!(status, 200),
                    // The server is gone.
                    Err(_) => return,
                }
                let count = {
                    let mut acknowledged = acknowledged.lock().expect("no panic while locked");
                    acknowledged.push(id.clone());
                    acknowledged.len()
                };
                if count == kill_after {
                    let server = server.lock().expect("no panic while locked").take();
                    server.expect("killed once").signal("KILL");
                }
            }
        }));
    }
    for worker in workers {
        worker.await.expect("a worker does not panic");
    }
    let acknowledged = acknowledged.lock().expect("no panic while locked");
    acknowledged.clone()
}
