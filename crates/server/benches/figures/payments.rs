//! markPaymentPaid against deleteCustomer, on one server in turns, over 64 connections. A payment is one of the
//! two of a customer who has an order, a device and a subscription beside them.

use std::sync::Arc;

use store::Store;

use crate::database::{Home, prepare};
use crate::load::{delete_requests, request};
use crate::options::Options;
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, fill, report};

/// Runs the comparison on an engine.
pub(crate) async fn compare(engine: &str, options: &Options) {
    let home = Home::new(engine);
    let store = Store::open(home.url()).expect("a fresh database");
    let key = prepare(&store).await;
    store.close();
    home.run(fill::catalogue(TENANT).to_vec()).await;
    let server = Server::flexportal(home.url(), &[]);
    let count = options.pick(5_000, 500);
    let mut first = 0;
    for round in 0..options.rounds {
        home.run(fill::business(TENANT, first, 2 * count).to_vec())
            .await;
        home.run(fill::UNPAID.map(str::to_owned).to_vec()).await;
        home.settle();
        let mut sides = ["mark-paid", "delete"];
        sides.rotate_left(round % 2);
        for side in sides {
            let customers = first..first + count;
            let requests = match side {
                "delete" => {
                    let ids: Vec<String> = customers.map(fill::customer_id).collect();
                    delete_requests(ids.iter().map(String::as_str), TENANT, &key)
                }
                _ => {
                    let paid = |number| {
                        let path = format!("/v1/payments/{}/mark-paid", fill::payment_id(number));
                        request("POST", &path, TENANT, &key, Some("{}"))
                    };
                    Arc::new(customers.map(paid).collect())
                }
            };
            let (outcome, figures) = server.measured(CONNECTIONS, requests).await;
            assert_eq!(outcome.other, 0, "every request of {side} succeeds");
            report::sample(side, round, &figures);
            first += count;
        }
    }
}
