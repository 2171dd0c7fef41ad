//! Two `flexportal` processes on one PostgreSQL cluster against one: 64 connections, 16 to the database
//! and a thread for each processor in all, either way.

use store::Store;

use crate::database::{Home, prepare};
use crate::load::{self, Outcome, delete_requests};
use crate::options::Options;
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, fill, report};

/// Ids are numbers of eight digits.
const FIRST: u64 = 10_000_000;

/// Turns of each side in a round: short, because the speed of a shared machine changes within seconds.
const TURNS: u64 = 8;

/// Runs the comparison.
pub(crate) async fn compare(options: &Options) {
    let home = Home::new("postgres");
    let store = Store::open(home.url()).expect("a fresh database");
    let key = prepare(&store).await;
    store.close();
    let alone = Server::flexportal(home.url(), &[]);
    // All that one process takes by default, shared out.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let half = (threads / 2).max(1).to_string();
    let shares = ["--database-connections", "8", "--threads", &half];
    let halves = [(); 2].map(|()| Server::flexportal(home.url(), &shares));
    let one = [alone.address.as_str()];
    let two = [halves[0].address.as_str(), &halves[1].address];

    let count = options.pick(4_000, 800);
    let mut first = FIRST;
    for round in 0..options.rounds {
        let fresh = fill::numbered(TENANT, first, count * 2 * TURNS);
        home.run(vec![fresh]).await;
        home.settle();
        let mut outcomes = [Outcome::default(), Outcome::default()];
        for turn in 0..2 * TURNS as usize {
            // One, two, two, one: neither is always the one that follows.
            let side = usize::from(turn % 4 == 1 || turn % 4 == 2);
            let addresses = [&one[..], &two[..]][side];
            let ids: Vec<String> = (first..first + count).map(|id| id.to_string()).collect();
            let requests = delete_requests(ids.iter().map(String::as_str), TENANT, &key);
            let outcome = load::run_over(addresses, CONNECTIONS, requests).await;
            assert_eq!(outcome.other, 0, "every deletion succeeds");
            outcomes[side].add(outcome);
            first += count;
        }
        for (side, outcome) in ["one", "two"].into_iter().zip(&outcomes) {
            report::load(side, round, outcome);
        }
    }
}
