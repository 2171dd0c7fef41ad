//! What cannot be done now is answered with 503 and `Retry-After`, has changed nothing, and can be repeated.

use std::time::Duration;

use hyper::Method;
use serde_json::json;
use store::{Error, Options, PostgresOptions, SqliteOptions, params};

use super::support::{Answer, App, TENANT};

fn is_put_off(answer: &Answer) -> bool {
    answer.status == 503
        && answer.body["error"]["code"] == "SERVICE_UNAVAILABLE"
        && answer
            .headers
            .get("retry-after")
            .is_some_and(|it| it == "1")
}

#[tokio::test]
async fn lock_that_is_not_granted_in_time_is_no_failure_of_the_server() {
    let app = App::start().await;
    let customer = app.customer("ada@example.com").await;
    let path = format!("/v1/customers/{customer}");
    let hasty = Options {
        sqlite: SqliteOptions {
            busy_timeout: Duration::from_millis(50),
            ..SqliteOptions::default()
        },
        postgres: PostgresOptions {
            lock_timeout: Duration::from_millis(50),
            ..PostgresOptions::default()
        },
        ..Options::default()
    };
    let hasty = app.beside_with(hasty).await;
    hasty.get(&path).await.is(200);

    let (release, held) = std::sync::mpsc::channel::<()>();
    let (locking, locked) = tokio::sync::oneshot::channel::<()>();
    let mut locking = Some(locking);
    let store = app.service.store().clone();
    let holder = tokio::spawn(async move {
        let held: Result<(), Error> = store
            .write(move |tx| {
                tx.execute(
                    "UPDATE customers SET total_orders = total_orders",
                    params![],
                )?;
                let _ = locking.take().expect("runs once").send(());
                held.recv().expect("the test releases it");
                Ok(())
            })
            .await;
        held
    });
    locked.await.expect("the customer is locked");
    let change = json!({"firstName": "Grace"});
    let changed = hasty.put(&path, change.clone()).await;
    assert!(is_put_off(&changed), "{changed:?}");
    let deleted = hasty.delete(&path).await;
    assert!(is_put_off(&deleted), "{deleted:?}");
    release.send(()).expect("the holder waits");
    holder.await.expect("no panic").expect("committed");

    let unchanged = hasty.get(&path).await;
    assert_eq!(unchanged.body["firstName"], "Ada", "{unchanged:?}");
    assert_eq!(unchanged.body["status"], "active", "{unchanged:?}");
    hasty.put(&path, change).await.is(200);
    hasty.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn key_that_cannot_be_checked_in_time_is_not_called_wrong() {
    let app = App::start().await;
    let late = Options {
        transaction_timeout: Some(Duration::ZERO),
        ..Options::default()
    };
    let late = app.beside_with(late).await;
    let answer = late
        .json_as(&app.key, TENANT, Method::GET, "/v1/customers", None)
        .await;
    assert!(is_put_off(&answer), "{answer:?}");
    app.finish().await;
}
