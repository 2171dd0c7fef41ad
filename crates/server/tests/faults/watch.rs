//! A look at one server all the time: it must stay alive, and say truthfully whether it is ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::http::{Connection, Outcome, Request};
use crate::load::{Tenant, is_failure};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Somebody who looks.
pub(crate) struct Watch {
    looking: Arc<Looking>,
    task: JoinHandle<Vec<String>>,
}

#[derive(Default)]
struct Looking {
    stop: AtomicBool,
    elsewhere: AtomicBool,
    not_ready: AtomicUsize,
}

impl Watch {
    /// Starts to look at the server at `address`.
    pub(crate) fn start(address: &str, tenant: &Tenant) -> Watch {
        let looking = Arc::<Looking>::default();
        let task = look(Arc::clone(&looking), address.to_owned(), tenant.clone());
        Watch {
            looking,
            task: tokio::spawn(task),
        }
    }

    /// How often the server has said that it is not ready.
    pub(crate) fn not_ready(&self) -> usize {
        self.looking.not_ready.load(Ordering::Relaxed)
    }

    /// Leaves the server to its other clients.
    pub(crate) fn look_elsewhere(&self) {
        self.looking.elsewhere.store(true, Ordering::Relaxed);
    }

    /// From here on the server may end.
    pub(crate) fn look_away(&self) {
        self.looking.stop.store(true, Ordering::Relaxed);
    }

    /// Ends the watch: what was wrong.
    pub(crate) async fn finish(self) -> Vec<String> {
        self.look_away();
        self.task.await.expect("the watch does not panic")
    }
}

async fn look(looking: Arc<Looking>, address: String, tenant: Tenant) -> Vec<String> {
    let mut problems = Vec::new();
    let mut connection = Connection::default();
    let mut contradictions = 0;
    while !looking.stop.load(Ordering::Relaxed) {
        if looking.elsewhere.load(Ordering::Relaxed) {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        let alive = ask(&mut connection, &address, "/healthz", None).await;
        let before = ask(&mut connection, &address, "/readyz", None).await;
        if before == Ok(503) {
            looking.not_ready.fetch_add(1, Ordering::Relaxed);
        }
        let read = ask(
            &mut connection,
            &address,
            "/v1/products?limit=1",
            Some(&tenant),
        )
        .await;
        let after = ask(&mut connection, &address, "/readyz", None).await;
        if looking.stop.load(Ordering::Relaxed) {
            break;
        }
        if alive != Ok(200) {
            problems.push(format!("/healthz: {alive:?}"));
        }
        if !matches!(before, Ok(200 | 503)) || !matches!(read, Ok(200 | 500 | 503)) {
            problems.push(format!("/readyz: {before:?}, a read: {read:?}"));
        }
        // The state may change between two questions, but not time after time.
        let contradiction = before == after && (before == Ok(200)) != (read == Ok(200));
        contradictions = if contradiction { contradictions + 1 } else { 0 };
        if contradictions == 3 {
            problems.push(format!("/readyz says {before:?}, while reads say {read:?}"));
        }
        tokio::time::sleep(PAUSE).await;
    }
    problems
}

async fn ask(
    connection: &mut Connection,
    address: &str,
    path: &str,
    tenant: Option<&Tenant>,
) -> Result<u16, String> {
    let request = Request {
        method: "GET",
        path,
        access: tenant.map(|tenant| (tenant.id.as_str(), tenant.key.as_str())),
        body: None,
    };
    match connection.send(address, &request).await {
        Outcome::Answer(status, body)
            if tenant.is_some() && status >= 500 && !is_failure(status, &body) =>
        {
            Err(body)
        }
        Outcome::Answer(status, _) => Ok(status),
        outcome => Err(format!("{outcome:?}")),
    }
}
