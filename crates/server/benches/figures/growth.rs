//! What a hundred times the customers cost: deleteCustomer and a page of listCustomers over HTTP, at
//! both sizes in turns. Every customer has an order, a device, a subscription and two
//! payments.

use std::sync::Arc;

use service::cursor::Cursor;
use store::Store;

use crate::database::{Home, prepare};
use crate::load::{self, delete_requests, request};
use crate::measure::{percentile, scattered};
use crate::options::Options;
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, fill, report};

/// Customers in one transaction of filling.
const CHUNK: u64 = 5_000;
/// Rows of a page.
const PAGE: usize = 50;

/// Figures by name.
type Figures = Vec<(&'static str, f64)>;

/// A filled database and its server.
struct Side {
    name: &'static str,
    customers: u64,
    home: Home,
    key: String,
    server: Server,
}

/// Runs the comparison on an engine.
pub(crate) async fn compare(engine: &str, options: &Options) {
    let [few, many] = options.pick([10_000, 1_000_000], [2_000, 20_000]);
    let small = Side::start(engine, "small", few).await;
    let large = Side::start(engine, "large", many).await;
    for side in [&small, &large] {
        // Caches fill first, as they are in a server that has run for a while.
        side.delete(options, options.rounds as u64).await;
        side.list(options, options.rounds as u64).await;
    }
    for round in 0..options.rounds {
        for side in [&small, &large] {
            let deleted = side.delete(options, round as u64).await;
            let listed = side.list(options, round as u64).await;
            for (what, figures) in [("delete", deleted), ("list", listed)] {
                report::sample(&format!("{what}-{}", side.name), round, &figures);
            }
        }
    }
    for side in [&small, &large] {
        side.walk(options).await;
    }
}

impl Side {
    async fn start(engine: &str, name: &'static str, customers: u64) -> Side {
        let home = Home::new(engine);
        let store = Store::open(home.url()).expect("a fresh database");
        let key = prepare(&store).await;
        store.close();
        home.run(fill::catalogue(TENANT).to_vec()).await;
        let started = std::time::Instant::now();
        let mut first = 0;
        while first < customers {
            let count = CHUNK.min(customers - first);
            home.run(fill::business(TENANT, first, count).to_vec())
                .await;
            first += count;
            if first == CHUNK.min(customers) {
                verify(&home).await;
            }
        }
        home.settle();
        let took = started.elapsed().as_secs();
        eprintln!("  {engine}: {customers} customers filled in {took} s");
        let server = Server::flexportal(home.url(), &[]);
        Side {
            name,
            customers,
            home,
            key,
            server,
        }
    }

    /// Deletes customers all over the table, then makes them active again for the next round.
    async fn delete(&self, options: &Options, round: u64) -> Figures {
        let numbers = scattered(self.customers, round * 7_919);
        let numbers = numbers.take(options.pick(4_000, 500));
        let ids: Vec<String> = numbers.map(fill::customer_id).collect();
        let requests = delete_requests(ids.iter().map(String::as_str), TENANT, &self.key);
        let (outcome, figures) = self.server.measured(CONNECTIONS, requests).await;
        assert_eq!(outcome.other, 0, "every deletion succeeds");
        let again = "UPDATE customers SET status = 'active' WHERE status = 'inactive'";
        self.home.run(vec![again.to_owned()]).await;
        figures
    }

    /// Reads pages that begin anywhere in the list.
    async fn list(&self, options: &Options, round: u64) -> Figures {
        let numbers = scattered(self.customers, round * 104_729);
        let requests = numbers.take(options.pick(2_000, 64)).map(|number| {
            let cursor = Cursor {
                value: Some(fill::created_at(number).to_string()),
                id: fill::customer_id(number),
            };
            let cursor = cursor.encode("customers.createdAt", "desc");
            self.page(Some(&cursor))
        });
        let requests = Arc::new(requests.collect());
        let (outcome, figures) = self.server.measured(CONNECTIONS, requests).await;
        assert_eq!(outcome.other, 0, "every page is read");
        figures
    }

    /// Follows the cursor from the newest customer on: a page deep in the list costs what the first does.
    async fn walk(&self, options: &Options) {
        let pages = options.pick(self.customers as usize / PAGE, 20).min(2_000);
        let mut connection = load::Connection::open(&self.server.address)
            .await
            .expect("the server accepts");
        let (mut cursor, mut times) = (None, Vec::new());
        for _ in 0..pages {
            let request = self.page(cursor.as_deref());
            let sent = std::time::Instant::now();
            let answer = connection.exchange(&request).await;
            times.push(sent.elapsed().as_secs_f64() * 1e3);
            let (status, body) = answer.expect("the server answers");
            assert_eq!(status, 200);
            let page: serde_json::Value = serde_json::from_slice(body).expect("JSON");
            cursor = page["nextCursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        for (index, part) in times.chunks(times.len().div_ceil(10)).enumerate() {
            let mut part = part.to_vec();
            part.sort_by(f64::total_cmp);
            let figures = [
                ("tenth", index as f64),
                ("pages", part.len() as f64),
                ("p50_ms", percentile(&part, 0.5)),
            ];
            report::point(&format!("walk-{}", self.name), &figures);
        }
    }

    fn page(&self, cursor: Option<&str>) -> Vec<u8> {
        let after = cursor.map_or_else(String::new, |cursor| format!("&startAfter={cursor}"));
        let path = format!("/v1/customers?limit={PAGE}{after}");
        request("GET", &path, TENANT, &self.key, None)
    }
}

/// What was filled in is what the rules would have made.
async fn verify(home: &Home) {
    let store = Store::open(home.url()).expect("the database opens");
    let faults = store.read(|tx| store::verify_invariants(tx, TENANT)).await;
    let faults = faults.expect("the invariants can be read");
    assert!(faults.is_empty(), "the filling is consistent: {faults:?}");
    store.close();
}
