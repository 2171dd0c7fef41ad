//! Several requests beside a deletion, spread over two servers: what must never be seen.

use serde_json::json;

use super::deletion_races::{ORDERS, SUBSCRIPTIONS, act, check, order_body, renting, settled};
use crate::suite::support::{App, ROUNDS};

#[tokio::test]
async fn whoever_comes_last_decides_between_deletion_and_reactivation() {
    let app = App::start().await;
    let customer = settled(&app, 0).await;
    let path = format!("/v1/customers/{customer}");
    let status = async || app.get_customer(&customer).await["status"].clone();
    app.delete(&path).await.is(200);
    app.put(&path, json!({ "status": "active" })).await.is(200);
    assert_eq!(status().await, "active");
    app.put(&path, json!({ "status": "active" })).await.is(200);
    app.delete(&path).await.is(200);
    assert_eq!(status().await, "inactive");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_upgrade_never_shows_a_moment_without_an_active_subscription() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    for round in 0..ROUNDS {
        let (customer, rental) = renting(&app, round).await;
        let serial = format!("NEW{round}");
        app.asset(&serial, "SKU").await;
        let body = json!({
            "newSku": "SKU", "newSerialNumber": serial, "contractLength": 24,
            "newMonthlyAmount": 60, "reason": "newer"
        });
        let watch = async |server: &App| {
            for _ in 0..4 {
                let shown = server.get_customer(&customer).await;
                assert_eq!(shown["totalDevicesRented"], 1);
                assert_eq!(shown["status"], "active");
            }
        };
        let path = format!("/v1/customers/{customer}");
        let (upgraded, deleted, (), ()) = tokio::join!(
            act(&app, &rental, "upgrade", body),
            beside.delete(&path),
            watch(&app),
            watch(&beside)
        );
        upgraded.is(200);
        deleted.refused(409, SUBSCRIPTIONS);
        check(&app, &customer).await;
    }
    beside.finish().await;
    app.finish().await;
}

/// Many deletions, reactivations and orders for the same customer, all at once: no rule about who
/// wins, only what must never be seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_at_one_customer_leaves_it_consistent() {
    let app = App::start().await;
    let beside = app.beside().await;
    app.variant("SKU").await;
    let customer = settled(&app, 0).await;
    let path = format!("/v1/customers/{customer}");
    for round in 0..ROUNDS {
        let order = async |server: &App, quantity| {
            let answer = server.post("/v1/orders", order_body(0, quantity)).await;
            match answer.status.as_u16() {
                201 => {
                    let cancel = format!("/v1/orders/{}/cancel", answer.text("/orderId"));
                    server.post(&cancel, json!({})).await.is(200);
                }
                _ => {
                    answer.refused(400, "CUSTOMER_INACTIVE");
                }
            }
        };
        let delete = async |server: &App| {
            let answer = server.delete(&path).await;
            if answer.status != 200 {
                answer.refused(409, ORDERS);
            }
        };
        let reactivate = async |server: &App| {
            let answer = server.put(&path, json!({ "status": "active" })).await;
            answer.is(200);
        };
        // Other quantities make other orders.
        let first = 2 + 4 * round as u64;
        tokio::join!(
            order(&app, first),
            delete(&app),
            reactivate(&app),
            order(&beside, first + 1),
            delete(&beside),
            reactivate(&beside),
            order(&beside, first + 2),
            delete(&app)
        );
        check(&app, &customer).await;
    }
    beside.finish().await;
    app.finish().await;
}
