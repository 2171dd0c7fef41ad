//! What is refused before anything is copied.

use store::Error;
use store::copy;

use crate::support::{Place, assert_holds, contents_at, quietly, run, ways_in, write};

/// Statements on a SQLite file, with foreign keys and checks off, as another program might run them.
fn damage(place: &Place, sql: &str) {
    let path = place.file.as_ref().expect("a SQLite file");
    let connection = rusqlite::Connection::open(path).expect("the file opens");
    connection
        .execute_batch(&format!(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"
        ))
        .expect("the damage is done");
}

async fn untouched(to: &Place) {
    let contents = contents_at(to).await;
    assert!(contents.iter().all(|(_, rows)| rows.is_empty()));
}

#[tokio::test]
async fn a_target_with_data_is_refused_and_stays_as_it_is() {
    for (from, to) in ways_in() {
        let (from, to) = (from().filled().await, to());
        let store = to.open().expect("the target opens");
        write(&store, |tx| crate::fill::tenant(tx, "live", 1)).await;
        let before = contents_at(&to).await;
        let error = run(&from, &to, quietly())
            .await
            .expect_err("it is somebody's");
        assert!(
            matches!(error, copy::Error::NotEmpty { table: "tenants" }),
            "{error:?}"
        );
        assert_holds(&to, &before).await;
    }
}

#[tokio::test]
async fn values_that_postgresql_cannot_hold_are_named() {
    for (sql, table, key, column) in [
        (
            "UPDATE customers SET phone = 'a' || char(0) WHERE id = 'cust_100000005' AND tenant_id = 'acme'",
            "customers",
            "acme cust_100000005",
            "phone",
        ),
        (
            "UPDATE customers SET phone = CAST(x'ff' AS TEXT) WHERE id = 'cust_100000005' AND tenant_id = 'acme'",
            "customers",
            "acme cust_100000005",
            "phone",
        ),
        (
            "UPDATE order_items SET list_price = 1.5 WHERE tenant_id = 'other' AND order_id = 'ord_100000002'",
            "order_items",
            "other ord_100000002 0",
            "list_price",
        ),
        (
            "UPDATE events SET at = 'now' WHERE tenant_id = 'other' AND sequence = 4",
            "events",
            "other 4",
            "at",
        ),
        (
            "UPDATE order_fields SET value = char(0) WHERE tenant_id = 'acme' AND order_id = 'ord_100000013'",
            "order_fields",
            "acme cost_center \\0 100000013 ord_100000013",
            "value",
        ),
    ] {
        for (_, to) in ways_in() {
            let (from, to) = (Place::sqlite().filled().await, to());
            damage(&from, sql);
            let error = run(&from, &to, quietly()).await.expect_err(sql);
            let copy::Error::Unfit(shown, all) = error else {
                panic!("{sql}: {error:?}")
            };
            assert_eq!(all, 1, "{shown:?}");
            let unfit = &shown[0];
            assert_eq!(
                (unfit.table, unfit.key.as_str(), unfit.column),
                (table, key, column)
            );
            untouched(&to).await;
        }
    }
}

#[tokio::test]
async fn a_source_that_contradicts_itself_is_refused() {
    for (sql, fault) in [
        (
            "UPDATE orders SET customer_id = 'cust_0' WHERE id = 'ord_100000001'",
            "refers to missing rows of `customers`",
        ),
        (
            "UPDATE customers SET open_orders = 1 WHERE id = 'cust_100000003'",
            "order counters",
        ),
        (
            "UPDATE customers SET status = 'inactive' WHERE id = 'cust_100000003' AND tenant_id = 'other'",
            "tenant `other`: inactive customer has an active subscription: `cust_100000003`",
        ),
    ] {
        for (_, to) in ways_in() {
            let (from, to) = (Place::sqlite().filled().await, to());
            damage(&from, sql);
            let error = run(&from, &to, quietly()).await.expect_err(sql);
            let copy::Error::Inconsistent(faults) = error else {
                panic!("{sql}: {error:?}")
            };
            assert!(
                faults.iter().any(|found| found.contains(fault)),
                "{faults:?}"
            );
            untouched(&to).await;
        }
    }
}

#[tokio::test]
async fn an_unfinished_copy_cannot_be_copied() {
    for (from, to) in ways_in() {
        let (from, to) = (from().filled().await, to());
        assert!(crate::support::interrupted(&from, &to, 5).await);
        assert!(matches!(to.open().map(drop), Err(Error::UnfinishedCopy)));
    }
}
