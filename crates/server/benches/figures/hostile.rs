//! One hostile tenant that reads and writes as much as it may over 64 connections, beside one polite tenant
//! with a single connection: how long the polite one waits with and without the other, in turns, and how
//! much memory the server takes, during the attack and after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use store::{Store, params};

use crate::database::{Home, prepare_tenant};
use crate::load::{Connection, Outcome, request};
use crate::measure::outcome;
use crate::options::Options;
use crate::process::Server;
use crate::{CONNECTIONS, TENANT, fill, report};

const POLITE: &str = "bu_polite";
/// Customers of the polite tenant; their ids are numbers.
const FRIENDS: std::ops::Range<u64> = 10_000_000..10_000_200;
/// Positions of a hostile order: as many as may be.
const POSITIONS: usize = 500;
/// Numbers of hostile orders, over all rounds.
static ORDER: AtomicUsize = AtomicUsize::new(0);
/// How often memory is read.
const LOOK: Duration = Duration::from_millis(250);

/// Runs the comparison on an engine.
pub(crate) async fn compare(engine: &str, options: &Options) {
    if !options.includes(engine) {
        return;
    }
    let home = Home::new(engine);
    let store = Store::open(home.url()).expect("a fresh database");
    let hostile = prepare_tenant(&store, TENANT).await;
    let polite = prepare_tenant(&store, POLITE).await;
    store.close();
    home.run(fill::catalogue(TENANT).to_vec()).await;
    let customers = options.pick(100_000, 2_000);
    for first in (0..customers).step_by(5_000) {
        let count = 5_000.min(customers - first);
        home.run(fill::business(TENANT, first, count).to_vec())
            .await;
    }
    let friends = fill::numbered(POLITE, FRIENDS.start, FRIENDS.end - FRIENDS.start);
    home.run(vec![friends]).await;
    home.settle();
    let server = Server::flexportal(home.url(), &[]);
    let length = Duration::from_secs(options.pick(10, 1));
    let attack = Arc::new(attack(&hostile, customers));
    let mut acknowledged = 0;
    let before = orders(&home).await;
    for round in 0..options.rounds {
        let alone = be_polite(&server.address, &polite, length).await;
        report::load(&format!("{engine}-alone"), round, &alone);

        let stop = Arc::new(AtomicBool::new(false));
        let attackers: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let (stop, attack) = (Arc::clone(&stop), Arc::clone(&attack));
                tokio::spawn(attack_on(server.address.clone(), number, attack, stop))
            })
            .collect();
        let series = format!("{engine}-memory-{round}");
        let watched = watch(&server, &series, &stop);
        let (attacked, most) = tokio::join!(
            async {
                let attacked = be_polite(&server.address, &polite, length).await;
                stop.store(true, Relaxed);
                attacked
            },
            watched
        );
        let mut sent = 0;
        for attacker in attackers {
            let (requests, orders) = attacker.await.expect("an attacker does not panic");
            sent += requests;
            acknowledged += orders;
        }
        let mut figures = report::figures(&attacked).to_vec();
        figures.push(("memory_mib", most));
        figures.push(("hostile_requests", sent as f64));
        figures.push(("polite_refused", attacked.other as f64));
        report::sample(&format!("{engine}-attacked"), round, &figures);
    }
    let kept = orders(&home).await - before;
    // More may have been kept than was acknowledged: answers that were on their way at the end.
    let lost = (acknowledged as i64 - kept).max(0);
    let figures = [
        ("lost_orders", lost as f64),
        ("memory_mib", server.memory_mib()),
    ];
    report::sample(&format!("{engine}-after"), 0, &figures);
}

/// Everything that costs much, as requests.
fn attack(key: &str, customers: u64) -> Vec<Vec<u8>> {
    let send =
        |method: &str, path: &str, body: Option<&str>| request(method, path, TENANT, key, body);
    let mut all = Vec::new();
    for sort in [
        "firstName",
        "lastName",
        "email",
        "totalMonthlyRevenue",
        "totalDevicesRented",
    ] {
        for direction in ["asc", "desc"] {
            let path =
                format!("/v1/customers?status=all&limit=100&sortBy={sort}&sortDir={direction}");
            all.push(send("GET", &path, None));
        }
    }
    let filters: Vec<String> = (0..10).map(|it| format!("customField_f{it}=x")).collect();
    all.push(send(
        "GET",
        &format!("/v1/orders?{}", filters.join("&")),
        None,
    ));
    for list in ["orders", "subscriptions", "assets"] {
        all.push(send(
            "GET",
            &format!("/v1/{list}?limit=100&sortBy=updatedAt"),
            None,
        ));
    }
    let items = vec![r#"{"sku": "NB-14", "quantity": 1}"#; POSITIONS].join(",");
    for number in 0..8 {
        let order = format!(
            r#"{{"customer": {{"email": "h{number}@example.com", "firstName": "H", "lastName": "H"}},
            "billingAddress": {{"contactName": "H", "streetAddress": "S", "city": "C", "country": "DE"}},
            "notes": "00000000", "items": [{items}]}}"#
        );
        all.push(send("POST", "/v1/orders", Some(&order)));
        let huge = format!(r#"{{"items": [{}]}}"#, vec!["{}"; 300_000].join(","));
        all.push(send("POST", "/v1/orders", Some(&huge)));
        let customer = fill::customer_id(number * 37 % customers);
        let path = format!("/v1/customers/{customer}");
        all.push(send("DELETE", &path, None));
        all.push(send(
            "PUT",
            &path,
            Some(r#"{"status": "active", "lastName": "Hostile"}"#),
        ));
    }
    all
}

/// Sends all of it again and again: how many requests, and how many orders were acknowledged.
async fn attack_on(
    address: String,
    number: usize,
    requests: Arc<Vec<Vec<u8>>>,
    stop: Arc<AtomicBool>,
) -> (usize, usize) {
    let (mut sent, mut orders) = (0, 0);
    let next = AtomicUsize::new(number * 7);
    while !stop.load(Relaxed) {
        let Ok(mut connection) = Connection::open(&address).await else {
            continue;
        };
        // Until the server closes it, as after a body that it did not want to read.
        while !stop.load(Relaxed) {
            let request = &requests[next.fetch_add(1, Relaxed) % requests.len()];
            // Each order is another one: an order that says the same within a minute is the same.
            let request = numbered(request, ORDER.fetch_add(1, Relaxed));
            let Ok(status) = connection.send(&request).await else {
                break;
            };
            sent += 1;
            orders += usize::from(status == 201);
        }
    }
    (sent, orders)
}

/// The request with another note of the same length.
fn numbered(request: &[u8], number: usize) -> Vec<u8> {
    let mark = b"\"notes\": \"00000000\"";
    let mut request = request.to_vec();
    if let Some(at) = request.windows(mark.len()).position(|it| it == mark) {
        let note = format!("{:08}", number % 100_000_000);
        request[at + 10..at + 18].copy_from_slice(note.as_bytes());
    }
    request
}

/// A page, a change, a page, a change …, one after the other.
async fn be_polite(address: &str, key: &str, length: Duration) -> Outcome {
    let mut connection = Connection::open(address).await.expect("the server accepts");
    let (started, mut latencies, mut refused) = (Instant::now(), Vec::new(), 0);
    let mut number = 0;
    while started.elapsed() < length {
        let customer = FRIENDS.start + number % (FRIENDS.end - FRIENDS.start);
        let path = format!("/v1/customers/{customer}");
        let request = match number % 2 {
            0 => request("GET", "/v1/customers?limit=25", POLITE, key, None),
            _ => request("PUT", &path, POLITE, key, Some(r#"{"phone": "1"}"#)),
        };
        let sent = Instant::now();
        let status = connection.send(&request).await.expect("it is answered");
        latencies.push(sent.elapsed());
        refused += usize::from(status != 200);
        number += 1;
    }
    outcome(latencies, refused, started.elapsed())
}

/// The curve of the server's memory until `stop` and for a while after; its highest point.
async fn watch(server: &Server, series: &str, stop: &AtomicBool) -> f64 {
    let (started, mut most, mut after) = (Instant::now(), 0.0_f64, 0);
    while after < 20 {
        let now = server.memory_mib();
        most = most.max(now);
        let second = started.elapsed().as_secs_f64();
        report::point(series, &[("second", second), ("memory_mib", now)]);
        after += usize::from(stop.load(Relaxed));
        tokio::time::sleep(LOOK).await;
    }
    most
}

/// Orders of the hostile tenant.
async fn orders(home: &Home) -> i64 {
    let store = Store::open(home.url()).expect("the database opens");
    let counted = store.read(|tx| {
        let sql = "SELECT count(*) FROM orders WHERE tenant_id = $1";
        tx.query_one(sql, params![TENANT], |row| row.get::<i64>())
    });
    let counted: Result<i64, store::Error> = counted.await;
    store.close();
    counted.expect("the database is readable")
}
