//! Durable deletions on PostgreSQL, default durability: the server over 64 connections (`http`),
//! `pgbench` running the server's statement over as many database connections as the server has
//! (`pgbench`), and `pgbench` running it as five round trips (`pgbench-five`), on one cluster.

use store::Store;

use crate::database::{Home, prepare};
use crate::load::delete_requests;
use crate::options::Options;
use crate::pgbench::{self, DATABASE_CONNECTIONS, Form};
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, fill, report};

/// Ids are numbers of eight digits.
const FIRST: u64 = 10_000_000;

/// Runs the comparison.
pub(crate) async fn compare(options: &Options) {
    let home = Home::new("postgres");
    let store = Store::open(home.url()).expect("a fresh database");
    let key = prepare(&store).await;
    store.close();
    let server = Server::flexportal(home.url(), &[]);

    let count = options.pick(1_500, 100) * DATABASE_CONNECTIONS;
    let mut first = FIRST;
    for round in 0..options.rounds {
        let mut sides = ["http", "pgbench", "pgbench-five"];
        // Nobody is always the first after filling.
        sides.rotate_left(round % 3);
        let fresh = fill::numbered(TENANT, first, count * 3);
        home.run(vec![fresh]).await;
        home.settle();
        for side in sides {
            match side {
                "http" => {
                    let ids: Vec<String> =
                        (first..first + count).map(|id| id.to_string()).collect();
                    let requests = delete_requests(ids.iter().map(String::as_str), TENANT, &key);
                    let (outcome, figures) = server.measured(CONNECTIONS, requests).await;
                    assert_eq!(outcome.other, 0, "every deletion succeeds");
                    report::sample(side, round, &figures);
                }
                side => {
                    let form = match side {
                        "pgbench" => Form::OneStatement,
                        _ => Form::FiveRoundTrips,
                    };
                    let figures = pgbench::delete(&home, form, first, count).figures();
                    report::sample(side, round, &figures);
                }
            }
            let deleted = pgbench::deleted(&home, first, count);
            assert_eq!(deleted, count, "each side deletes all of its customers");
            first += count;
        }
    }
}
