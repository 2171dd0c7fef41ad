//! Connections to PostgreSQL that break at a chosen message.

use std::time::{Duration, Instant};

use crate::cluster::{PASSWORD, Turn, database, turn, url};
use crate::ledger::Known;
use crate::load::Client;
use crate::proxy::{Cut, Proxy};
use crate::site::{Site, faults};

/// Messages within which a cut comes soon while many clients are at work.
const SOON: usize = 200;

/// More than the largest transaction has; a sweep ends long before.
const MOST: usize = 1_000;

/// A site behind a proxy.
async fn open(kind: &'static str, cluster: &Turn, options: &[&str]) -> (Site, Proxy) {
    let proxy = Proxy::start(cluster.port()).await;
    let name = database(cluster);
    let through = url(&[proxy.port], &name);
    let mut site = Site::open(kind, &through, options, &[PASSWORD]).await;
    // The checker goes its own way.
    site.move_to(&url(&[cluster.port()], &name));
    (site, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_under_load_are_replaced() {
    let Some(cluster) = turn().await else { return };
    let (mut site, proxy) = open("PostgreSQL: connections cut", &cluster, &[]).await;
    for _ in 0..faults() {
        let load = site.load();
        load.acknowledged(site.random.between(20, 100)).await;
        let cuts = proxy.cuts();
        let cut = Cut::ALL[site.random.between(0, 2)];
        proxy.arm(site.random.between(1, SOON), cut);
        proxy.struck(cuts).await;
        let recovery = load.acknowledged(30).await;
        site.settle(load, recovery).await;
    }
    site.close().await;
}

/// What a client wants of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    Order,
    Cancel,
    Delete,
    Reactivate,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_at_any_statement_leaves_all_or_nothing() {
    let Some(cluster) = turn().await else { return };
    let kind = "PostgreSQL: cut at each statement";
    // One connection, so that a transaction's messages follow each other.
    let (mut site, proxy) = open(kind, &cluster, &["--database-connections", "1"]).await;
    site.look_elsewhere();
    let mut client = Client::alone("sweep", &site.tenants, &site.addresses, &mut site.random);
    for wish in [Wish::Order, Wish::Cancel, Wish::Delete, Wish::Reactivate] {
        for cut in Cut::ALL {
            let mut known = Vec::new();
            let mut longest = Duration::ZERO;
            let mut faults = 0;
            for number in 1..MOST {
                let mut customer = client.new_customer();
                prepare(&mut client, &mut customer, wish).await;
                let before = customer.acknowledged;
                proxy.arm(number, cut);
                let began = Instant::now();
                fulfil(&mut client, &mut customer, wish).await;
                longest = longest.max(began.elapsed());
                let struck = proxy.disarm();
                // Nothing is known of it only where it may have been committed.
                let decided = customer.acknowledged > before || customer.unknown.is_some();
                assert!(decided, "{wish:?} {cut:?} {number}: {customer:?}");
                known.push(customer);
                if !struck {
                    break;
                }
                faults += 1;
            }
            assert!(faults > 2, "{wish:?}: every change takes some messages");
            site.settle_all(known, client.problems(), faults, longest)
                .await;
        }
    }
    site.close().await;
}

/// Brings a new customer to where the wish makes sense.
async fn prepare(client: &mut Client, customer: &mut Known, wish: Wish) {
    for step in [Wish::Order, Wish::Cancel, Wish::Delete] {
        if step < wish {
            fulfil(client, customer, step).await;
        }
    }
    assert!(customer.unknown.is_none(), "nothing is cut: {customer:?}");
}

async fn fulfil(client: &mut Client, customer: &mut Known, wish: Wish) {
    let id = customer.id.clone().unwrap_or_default();
    match wish {
        Wish::Order => client.order(customer).await,
        Wish::Cancel => {
            let order = customer.state.open().first().map(|id| (*id).clone());
            client.cancel(customer, order.unwrap_or_default()).await;
        }
        Wish::Delete => client.delete(customer, &id).await,
        Wish::Reactivate => client.reactivate(customer, &id).await,
    }
}
