//! New files: there whole, or not at all.

use std::io;
use std::sync::{Arc, mpsc};

use hyper::Method;
use jiff::SignedDuration;
use serde_json::json;
use service::storage::{Folder, Storage};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::repeats::replayed;
use crate::suite::support::App;

/// A folder that says when it keeps something, and is then told whether that succeeds. One that is never told fails.
struct Held {
    folder: Folder,
    kept: UnboundedSender<mpsc::Sender<bool>>,
}

impl Held {
    /// A server beside, and what it keeps.
    async fn beside(app: &App) -> (App, UnboundedReceiver<mpsc::Sender<bool>>) {
        let (kept, keeping) = unbounded_channel();
        let folder = Folder::new(app.files());
        let held = app.beside_keeping(Arc::new(Held { folder, kept })).await;
        (held, keeping)
    }
}

impl Storage for Held {
    fn put(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.folder.put(path, content)?;
        let (go, told) = mpsc::channel();
        let _ = self.kept.send(go);
        match told.recv() {
            Ok(true) => Ok(()),
            _ => Err(io::Error::other("the storage is broken")),
        }
    }

    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.folder.get(path)
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        self.folder.delete(path)
    }
}

const GENERATE: &str = "/v1/files/contracts/generate";

impl App {
    /// Records of files, those that nobody sees included.
    async fn records(&self) -> i64 {
        let rows = self.service.store().read(|tx| {
            let sql = "SELECT count(*) FROM files";
            tx.query_one(sql, store::params![], |row| row.get::<i64>())
        });
        rows.await.expect("the files are counted")
    }

    async fn files_of(&self, order: &str) -> u64 {
        let list = self.get(&format!("/v1/files?orderId={order}")).await;
        list.is(200)["count"].as_u64().expect("a number")
    }
}

#[tokio::test]
async fn a_contract_that_cannot_be_kept_leaves_nothing() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (held, mut keeping) = Held::beside(&app).await;
    let failing = async { drop(keeping.recv().await) };
    let body = json!({ "orderId": order });
    let (answer, ()) = tokio::join!(held.post(GENERATE, body), failing);
    answer.refused(500, "INTERNAL_ERROR");
    assert_eq!((app.kept(), app.records().await), (0, 0));
    app.finish().await;
    held.finish().await;
}

#[tokio::test]
async fn a_contract_that_could_not_be_kept_may_be_asked_for_again_under_its_key() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (held, mut keeping) = Held::beside(&app).await;
    let ask = async |server: &App, kind: &str| {
        let body = json!({ "orderId": order, "contractType": kind });
        server.keyed("k", Method::POST, GENERATE, body).await
    };
    let failing = async { drop(keeping.recv().await) };
    let (answer, ()) = tokio::join!(ask(&held, "order"), failing);
    answer.refused(500, "INTERNAL_ERROR");
    // Also as another request: nothing was done under the key.
    let made = ask(&app, "upgrade").await;
    made.is(201);
    assert!(!replayed(&made));
    assert_eq!((app.kept(), app.records().await), (1, 1));
    ask(&app, "order")
        .await
        .refused(409, "IDEMPOTENCY_KEY_REUSED");
    app.finish().await;
    held.finish().await;
}

#[tokio::test]
async fn a_contract_is_seen_once_it_is_kept_and_cleared_away_if_it_is_left() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (held, mut keeping) = Held::beside(&app).await;
    let body = json!({ "orderId": order });
    // Whoever makes it has gone before it is done.
    let left = tokio::select! {
        _ = held.post(GENERATE, body.clone()) => panic!("it waits for the storage"),
        go = keeping.recv() => go.expect("it is kept"),
    };
    assert_eq!((app.kept(), app.records().await), (1, 1));
    assert_eq!(app.files_of(&order).await, 0);
    app.service.finish_deletions().await.expect("it runs");
    assert_eq!(app.kept(), 1, "somebody may be at it");
    app.advance(SignedDuration::from_mins(6));
    app.service.finish_deletions().await.expect("it runs");
    assert_eq!((app.kept(), app.records().await), (0, 0));

    let waiting = async { keeping.recv().await.expect("it is kept").send(true) };
    let (made, told) = tokio::join!(held.post(GENERATE, body), waiting);
    told.expect("it waits");
    made.is(201);
    assert_eq!((app.kept(), app.records().await), (1, 1));
    assert_eq!(app.files_of(&order).await, 1);
    drop(left);
    app.finish().await;
    held.finish().await;
}
