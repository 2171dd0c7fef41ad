//! A copy that was interrupted goes on; nobody works on its target in between.

use std::sync::{Arc, Mutex};

use store::Error;
use store::copy;

use crate::support::{
    Place, assert_holds, contents_at, interrupted, once_behind, quietly, run, ways, ways_in, write,
};

#[tokio::test]
async fn interrupted_behind_any_transaction_it_ends_the_same() {
    // Behind every one within SQLite; behind some of them on the other ways, which take longer.
    for ((from, to), every) in ways().into_iter().zip([1, 8, 8, 8]) {
        let from = from().filled().await;
        let expected = contents_at(&from).await;
        let mut after = 0;
        loop {
            let to = to();
            if !interrupted(&from, &to, after).await {
                break;
            }
            let refused = to.open().map(drop);
            assert!(
                matches!(refused, Err(Error::UnfinishedCopy)),
                "{after}: {refused:?}"
            );
            // A second interruption, further on, and then to the end.
            interrupted(&from, &to, 3).await;
            if to.open().is_err() {
                let report = run(&from, &to, quietly()).await.expect("the copy goes on");
                assert!(report.resumed_rows > 0);
            }
            assert_holds(&to, &expected).await;
            after += every;
        }
        assert!(after > 30, "the copy ended behind {after} transactions");
    }
}

#[tokio::test]
async fn a_source_that_changed_in_between_is_noticed() {
    for (from, to) in ways_in() {
        let (from, to) = (from().filled().await, to());
        assert!(interrupted(&from, &to, 12).await);
        let change =
            "UPDATE customers SET phone = NULL WHERE tenant_id = 'other' AND id = 'cust_100000003'";
        let store = from.open().expect("the source opens");
        write(&store, |tx| tx.execute(change, &[])).await;

        let error = run(&from, &to, quietly())
            .await
            .expect_err("a mixture is refused");
        assert!(
            matches!(&error, copy::Error::OtherCopy { tables } if tables == &["customers"]),
            "{error:?}"
        );
        assert!(matches!(to.open().map(drop), Err(Error::UnfinishedCopy)));

        let back =
            "UPDATE customers SET phone = '' WHERE tenant_id = 'other' AND id = 'cust_100000003'";
        write(&store, |tx| tx.execute(back, &[])).await;
        run(&from, &to, quietly())
            .await
            .expect("the same source again");
        assert_holds(&to, &contents_at(&from).await).await;
    }
}

#[tokio::test]
async fn a_row_changed_on_the_target_is_noticed() {
    for (from, to) in ways_in() {
        for tampering in [
            "UPDATE customers SET company = '' WHERE tenant_id = 'acme' AND id = 'cust_100000007'",
            "UPDATE orders SET total = total + 1 WHERE tenant_id = 'other'",
            "DELETE FROM order_fields WHERE tenant_id = 'other'",
            "UPDATE tenants SET name = 'x' WHERE id = 'other'",
        ] {
            let (from, to) = (from().filled().await, to());
            assert!(interrupted(&from, &to, 30).await);
            write(&to.target(), move |tx| tx.execute(tampering, &[])).await;

            let error = run(&from, &to, quietly()).await.expect_err(tampering);
            let copy::Error::Different(tables) = &error else {
                panic!("{tampering}: {error:?}")
            };
            let names: Vec<_> = tables.iter().map(|compared| compared.table).collect();
            assert!(
                names.len() == 1 && tampering.contains(names[0]),
                "{tampering}: {names:?}"
            );
            assert!(
                matches!(to.open().map(drop), Err(Error::UnfinishedCopy)),
                "{tampering}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_written_meanwhile_is_not_in_the_copy_and_is_reported() {
    for (from, to) in ways_in() {
        let (from, to) = (from().filled().await, to());
        let expected = contents_at(&from).await;
        let url = from.url.clone();
        let meanwhile = move || {
            elsewhere(&url, |store| async move {
                write(&store, |tx| {
                    tx.execute(
                        "UPDATE customers SET phone = '112' WHERE tenant_id = 'acme'",
                        &[],
                    )
                })
                .await;
            });
        };
        let report = run(&from, &to, once_behind(0, meanwhile))
            .await
            .expect("the copy succeeds");
        assert_eq!(report.changed_since, ["customers"]);
        assert_holds(&to, &expected).await;
        assert!(contents_at(&from).await != expected);
    }
}

#[tokio::test]
async fn of_two_copies_into_one_target_one_gives_up() {
    for (from, to) in ways_in() {
        for after in [0, 5, 30] {
            let (from, to) = (Arc::new(from().filled().await), Arc::new(to()));
            let second = Arc::new(Mutex::new(None));
            let meanwhile = {
                let (from, to, second) = (from.clone(), to.clone(), second.clone());
                move || {
                    let (from, to) = (from.clone(), to.clone());
                    let outcome = in_a_thread(async move { run(&from, &to, quietly()).await });
                    *second.lock().expect("no panic while locked") = Some(outcome);
                }
            };
            let first = run(&from, &to, once_behind(after, meanwhile)).await;
            assert!(
                matches!(first, Err(copy::Error::Concurrent)),
                "{after}: {first:?}"
            );
            let second = second.lock().expect("no panic while locked").take();
            assert!(matches!(second, Some(Ok(_))), "{after}: {second:?}");
            assert_holds(&to, &contents_at(&from).await).await;
        }
    }
}

#[tokio::test]
async fn a_server_that_already_runs_on_the_target_leaves_it_alone() {
    for (from, to) in ways_in() {
        let (from, to) = (from().filled().await, to());
        let running = to.open().expect("the empty target opens");
        assert!(interrupted(&from, &to, 30).await);
        // Neither keys nor the daily jobs work for tenants that are not active.
        let active = "SELECT count(*) FROM tenants WHERE status = 'active'";
        let count: i64 = running
            .read(move |tx| tx.query_one(active, &[], |row| row.get()))
            .await
            .expect("the target is readable");
        assert_eq!(count, 0);
        run(&from, &to, quietly()).await.expect("the copy goes on");
        let count: i64 = running
            .read(|tx| {
                tx.query_one(
                    "SELECT count(*) AS n FROM tenants WHERE status = 'active'",
                    &[],
                    |row| row.get(),
                )
            })
            .await
            .expect("the target is readable");
        assert_eq!(count, 2);
    }
}

fn elsewhere<F: Future<Output = ()> + Send>(
    url: &str,
    f: impl FnOnce(store::Store) -> F + Send + 'static,
) {
    let place = Place {
        url: url.to_owned(),
        file: None,
    };
    in_a_thread(async move { f(place.open().expect("the database opens")).await });
}

/// Runs to the end on a runtime of its own, while the caller blocks.
fn in_a_thread<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(future)
        });
        thread.join().expect("the thread does not panic")
    })
}
