//! Two `flexportal` processes on one PostgreSQL cluster against one: 64 connections and 16 to the
//! database in all, either way.

use store::Store;

use crate::database::{Home, prepare};
use crate::load::{self, delete_requests};
use crate::options::Options;
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
    let alone = Server::flexportal(home.url(), &[]);
    let halves = [(); 2].map(|()| Server::flexportal(home.url(), &["--database-connections", "8"]));
    let one = [alone.address.as_str()];
    let two = [halves[0].address.as_str(), &halves[1].address];

    let count = options.pick(24_000, 1_600);
    let mut first = FIRST;
    for round in 0..options.rounds {
        let mut sides = [("one", &one[..]), ("two", &two[..])];
        sides.rotate_left(round % 2);
        let fresh = fill::numbered(TENANT, first, count * 2);
        home.run(vec![fresh]).await;
        home.settle();
        for (side, addresses) in sides {
            let ids: Vec<String> = (first..first + count).map(|id| id.to_string()).collect();
            let requests = delete_requests(ids.iter().map(String::as_str), TENANT, &key);
            let outcome = load::run_over(addresses, CONNECTIONS, requests).await;
            assert_eq!(outcome.other, 0, "every deletion succeeds");
            report::load(side, round, &outcome);
            first += count;
        }
    }
}
