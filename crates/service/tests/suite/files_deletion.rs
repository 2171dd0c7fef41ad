//! Deletions of files: done once, whatever they meet, and finished by somebody.

use std::io;
use std::pin::pin;
use std::sync::{Arc, mpsc};

use hyper::Method;
use jiff::SignedDuration;
use serde_json::json;
use service::storage::{Folder, Storage};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::suite::repeats::replayed;
use crate::suite::support::{Answer, App, Race, TENANT, ok, refused};

/// A folder whose deletions wait for the test, each with whether it is to succeed. One that is never told fails when
/// the test ends.
struct Held {
    folder: Folder,
    begun: UnboundedSender<mpsc::Sender<bool>>,
}

impl Held {
    /// A server beside, and its deletions as they begin.
    async fn beside(app: &App) -> (App, UnboundedReceiver<mpsc::Sender<bool>>) {
        let (begun, deletions) = unbounded_channel();
        let folder = Folder::new(app.files());
        let held = app.beside_keeping(Arc::new(Held { folder, begun })).await;
        (held, deletions)
    }
}

impl Storage for Held {
    fn put(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.folder.put(path, content)
    }

    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.folder.get(path)
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        let (go, told) = mpsc::channel();
        let _ = self.begun.send(go);
        match told.recv() {
            Ok(true) => self.folder.delete(path),
            _ => Err(io::Error::other("the storage is broken")),
        }
    }
}

impl App {
    async fn order_with_contracts<const N: usize>(&self, email: &str) -> [String; N] {
        let (order, _) = self.order(email, "SKU", 1).await;
        let mut files = [const { String::new() }; N];
        for file in &mut files {
            *file = self.contract(&order).await;
        }
        files
    }

    async fn delete_file(&self, key: &str, file: &str) -> Answer {
        let path = format!("/v1/files/{file}");
        self.keyed(key, Method::DELETE, &path, json!({})).await
    }

    async fn is_seen(&self, file: &str) -> bool {
        self.get(&format!("/v1/files/{file}")).await.status == 200
    }

    /// Whether the file has a record and its content.
    async fn has(&self, file: &str) -> bool {
        let record = self.is_seen(file).await;
        let content = self.files().join(TENANT).join(file).exists();
        assert_eq!(record, content, "{file}");
        record
    }
}

#[tokio::test]
async fn one_deletion_that_comes_twice_at_once_is_done_once() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    };
    let delete = async |app: &App, file: &String| app.delete_file(file, file).await;
    race.run(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            let [file] = app.order_with_contracts(&email).await;
            file
        },
        delete,
        delete,
        async |file, one, other| {
            assert_eq!(one.body, other.body);
            assert_ne!(replayed(one), replayed(other));
            assert!(!app.has(file).await);
            let again = app.delete_file(file, file).await;
            assert_eq!((again.is(200), replayed(&again)), (&one.body, true));
        },
    )
    .await;
    assert_eq!(app.kept(), 0);
    app.finish().await;
}

#[tokio::test]
async fn one_key_for_two_files_deletes_one_of_them() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(200), refused(409, "IDEMPOTENCY_KEY_REUSED")),
        other_first: (refused(409, "IDEMPOTENCY_KEY_REUSED"), ok(200)),
    };
    race.run(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            app.order_with_contracts::<2>(&email).await
        },
        async |app, [file, _]| app.delete_file(file, file).await,
        async |app, [key, file]| app.delete_file(key, file).await,
        async |[one_file, other_file], one, _| {
            let (deleted, kept) = match one.status.as_u16() {
                200 => (one_file, other_file),
                _ => (other_file, one_file),
            };
            assert!(!app.has(deleted).await);
            assert!(app.has(kept).await);
            let link = app.link(json!({ "fileId": kept })).await;
            app.open(&link).await.is(200);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_being_deleted_is_gone_for_everybody() {
    let app = App::start().await;
    app.variant("SKU").await;
    let [file] = app.order_with_contracts("ada@example.com").await;
    let path = format!("/v1/files/{file}");
    let link = app.link(json!({ "fileId": file })).await;
    let (held, mut deletions) = Held::beside(&app).await;
    let looked = async {
        let go = deletions.recv().await.expect("it is begun");
        assert!(app.files().join(TENANT).join(&file).exists());
        app.get(&path).await.refused(404, "NOT_FOUND");
        app.delete(&path).await.refused(404, "NOT_FOUND");
        app.open(&link).await.refused(404, "NOT_FOUND");
        let body = json!({ "fileId": file });
        app.post("/v1/files/url", body)
            .await
            .refused(404, "NOT_FOUND");
        assert_eq!(app.get("/v1/files").await.is(200)["count"], 0);
        go.send(true).expect("it waits");
    };
    let (answer, ()) = tokio::join!(held.delete(&path), looked);
    answer.is(200);
    assert!(!app.has(&file).await);
    app.finish().await;
    held.finish().await;
}

#[tokio::test]
async fn content_that_cannot_be_deleted_brings_the_file_back_and_frees_the_key() {
    let app = App::start().await;
    app.variant("SKU").await;
    let [file] = app.order_with_contracts("ada@example.com").await;
    let (held, mut deletions) = Held::beside(&app).await;
    for key in ["k", "k", "other"] {
        let failing = async { drop(deletions.recv().await) };
        let (answer, ()) = tokio::join!(held.delete_file(key, &file), failing);
        answer.refused(500, "DELETE_FAILED");
        assert!(!replayed(&answer));
        assert!(app.has(&file).await);
        let link = app.link(json!({ "fileId": file })).await;
        app.open(&link).await.is(200);
    }
    let answer = app.delete_file("k", &file).await;
    assert!(answer.is(200)["success"] == true && !replayed(&answer));
    assert!(!app.has(&file).await);
    app.finish().await;
    held.finish().await;
}

/// What becomes of a deletion and its repeat that are under way at once, the repeat later, by which of them the
/// storage fails and who ends first.
#[tokio::test]
async fn a_deletion_and_its_repeat_agree_on_what_the_storage_did() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (held, mut deletions) = Held::beside(&app).await;
    let cases = [
        ((true, true), true, (200, 200)),
        ((true, true), false, (200, 200)),
        // Whoever finds the work done has nothing to complain of.
        ((true, false), true, (200, 200)),
        ((false, true), false, (200, 200)),
        // The repeat may yet succeed, and does.
        ((false, true), true, (500, 200)),
        // The repeat was the last to begin, so it brings the file back; and then it goes after all.
        ((true, false), false, (200, 500)),
        ((false, false), true, (500, 500)),
        ((false, false), false, (500, 500)),
    ];
    for (number, (succeed, first_ends_first, expected)) in cases.into_iter().enumerate() {
        let email = format!("c{number}@example.com");
        let [file] = app.order_with_contracts(&email).await;
        let mut one = pin!(held.delete_file(&file, &file));
        let mut other = pin!(held.delete_file(&file, &file));
        let go_one = tokio::select! {
            _ = &mut one => panic!("it waits for the storage"),
            go = deletions.recv() => go.expect("it is begun"),
        };
        let go_other = tokio::select! {
            _ = &mut one => panic!("it waits for the storage"),
            _ = &mut other => panic!("it waits for the storage"),
            go = deletions.recv() => go.expect("it is begun"),
        };
        let (first, second) = if first_ends_first {
            go_one.send(succeed.0).expect("it waits");
            let first = one.await;
            // Whatever came of it, the repeat is at it.
            assert!(!app.is_seen(&file).await, "case {number}");
            go_other.send(succeed.1).expect("it waits");
            (first, other.await)
        } else {
            go_other.send(succeed.1).expect("it waits");
            let second = other.await;
            assert_eq!(app.is_seen(&file).await, !succeed.1, "case {number}");
            go_one.send(succeed.0).expect("it waits");
            (one.await, second)
        };
        let found = (first.status.as_u16(), second.status.as_u16());
        assert_eq!(found, expected, "case {number}");
        let gone = succeed.0 || succeed.1;
        assert_eq!(app.has(&file).await, !gone, "case {number}");
        let again = app.delete_file(&file, &file).await;
        again.is(200);
        assert_eq!(replayed(&again), gone, "case {number}");
    }
    app.finish().await;
    held.finish().await;
}

#[tokio::test]
async fn a_deletion_that_is_left_is_finished_by_somebody_else() {
    let app = App::start().await;
    app.variant("SKU").await;
    let [left, repeated] = app.order_with_contracts("ada@example.com").await;
    let (held, mut deletions) = Held::beside(&app).await;
    let mut waiting = Vec::new();
    for file in [&left, &repeated] {
        // Whoever deletes it has gone before it is done.
        tokio::select! {
            _ = held.delete_file(file, file) => panic!("it waits for the storage"),
            go = deletions.recv() => waiting.push(go.expect("it is begun")),
        }
        let path = format!("/v1/files/{file}");
        app.get(&path).await.refused(404, "NOT_FOUND");
    }
    app.service.finish_deletions().await.expect("it runs");
    assert_eq!(app.kept(), 2, "somebody may be at it");
    let again = app.delete_file(&repeated, &repeated).await;
    assert!(replayed(&again) && again.is(200)["success"] == true);
    assert_eq!(app.kept(), 1);

    app.advance(SignedDuration::from_mins(6));
    // A storage that fails now puts it off.
    let failing = async { drop(deletions.recv().await) };
    let (finished, ()) = tokio::join!(held.service.finish_deletions(), failing);
    finished.expect_err("the storage is broken");
    app.service.finish_deletions().await.expect("it runs");
    assert_eq!(app.kept(), 1);
    app.advance(SignedDuration::from_mins(6));
    app.service.finish_deletions().await.expect("it runs");
    assert_eq!(app.kept(), 0);
    for file in [&left, &repeated] {
        assert!(!app.has(file).await);
        let again = app.delete_file(file, file).await;
        assert!(replayed(&again) && again.is(200)["success"] == true);
    }
    let rows = app.service.store().read(|tx| {
        let sql = "SELECT count(*) FROM files";
        tx.query_one(sql, store::params![], |row| row.get::<i64>())
    });
    assert_eq!(rows.await.expect("the files are counted"), 0);
    drop(waiting);
    app.finish().await;
    held.finish().await;
}
