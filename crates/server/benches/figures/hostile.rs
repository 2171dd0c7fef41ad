//! One hostile tenant that reads and writes as much as it may over 64 connections, beside one polite tenant
//! with a single connection: how long the polite one waits with and without the other, in turns, and how
//! much memory the server takes, during the attack and after it.
//!
//! In life the attackers are other machines. Here they are a process to which the system gives what time of the
//! processors nobody else wants (`chrt --idle`): two loops that only keep two processors busy, with no request at
//! all, make the p99 of the polite tenant 12 times what it was. The server's own work for them counts in full.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use store::{Store, params};

use crate::database::{Home, prepare_tenant};
use crate::load::{Connection, Outcome, request};
use crate::measure::outcome;
use crate::options::Options;
use crate::process::{Server, is_installed};
use crate::{CONNECTIONS, TENANT, fill, report};

const POLITE: &str = "bu_polite";
/// Customers of the polite tenant; their ids are numbers.
const FRIENDS: std::ops::Range<u64> = 10_000_000..10_000_200;
/// Positions of a hostile order: as many as may be.
const POSITIONS: usize = 500;
/// Numbers of hostile orders.
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
    let mut acknowledged = 0;
    let before = orders(&home).await;
    for round in 0..options.rounds {
        let alone = politely(&server.address, &polite, length).await;
        report::load(&format!("{engine}-alone"), round, &alone);

        let stop = Arc::new(AtomicBool::new(false));
        // Orders of every round are others.
        let first = (round * 1_000_000).to_string();
        let mut attackers =
            Attackers::start(&[&server.address, &hostile, &customers.to_string(), &first]);
        let series = format!("{engine}-memory-{round}");
        let watched = watch(&server, &series, &stop);
        let (attacked, most) = tokio::join!(
            async {
                let attacked = politely(&server.address, &polite, length).await;
                attackers.stop();
                stop.store(true, Relaxed);
                attacked
            },
            watched
        );
        let done = attackers.finish();
        acknowledged += done.orders;
        let mut figures = report::figures(&attacked).to_vec();
        figures.push(("memory_mib", most));
        figures.push(("hostile_requests", done.sent as f64));
        figures.push(("hostile_succeeded", done.succeeded as f64));
        figures.push(("hostile_orders", done.orders as f64));
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

/// The process of the attackers.
struct Attackers(Child);

impl Attackers {
    /// With the arguments of [`attack`].
    fn start(arguments: &[&str]) -> Attackers {
        let this = std::env::current_exe().expect("the path of this program");
        let mut command = match is_installed("chrt") {
            true => Command::new("chrt"),
            false => Command::new("nice"),
        };
        match is_installed("chrt") {
            true => command.args(["--idle", "0"]),
            false => command.args(["-n", "19"]),
        };
        command.arg(this).arg("attackers").args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Attackers(command.spawn().expect("it starts"))
    }

    /// Makes them stop when they have their answers.
    fn stop(&mut self) {
        self.0.stdin.take();
    }

    /// What they came to.
    fn finish(mut self) -> Done {
        let mut text = String::new();
        let output = self.0.stdout.as_mut().expect("piped");
        output.read_to_string(&mut text).expect("UTF-8");
        self.0.wait().expect("it ends");
        let read = |name: &str| {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            value[name].as_u64().expect("a number") as usize
        };
        Done {
            sent: read("sent"),
            succeeded: read("succeeded"),
            orders: read("orders"),
        }
    }
}

/// Attacks until standard input ends: address, key, number of customers, number of the first order.
pub(crate) async fn attack(arguments: &[String]) {
    let [address, key, customers, first] = arguments else {
        panic!("attackers need an address, a key and two numbers");
    };
    ORDER.store(first.parse().expect("a number"), Relaxed);
    let attacks: Arc<[Attack]> = attacks(key, customers.parse().expect("a number")).into();
    let stop = Arc::new(AtomicBool::new(false));
    let attackers: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let (stop, attacks) = (Arc::clone(&stop), Arc::clone(&attacks));
            tokio::spawn(attack_on(address.clone(), number, attacks, stop))
        })
        .collect();
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let _ = ended.await;
    stop.store(true, Relaxed);
    let mut all = Done::default();
    for attacker in attackers {
        let done = attacker.await.expect("an attacker does not panic");
        all.sent += done.sent;
        all.succeeded += done.succeeded;
        all.orders += done.orders;
    }
    let Done {
        sent,
        succeeded,
        orders,
    } = all;
    let text = serde_json::json!({ "sent": sent, "succeeded": succeeded, "orders": orders });
    println!("{text}");
}

/// A request that costs much.
struct Attack {
    bytes: Vec<u8>,
    /// Where an order has its note: one that says the same within a minute is the same.
    note: Option<usize>,
}

/// Everything that costs much.
fn attacks(key: &str, customers: u64) -> Vec<Attack> {
    let send = |method: &str, path: &str, body: Option<&str>| {
        let bytes = request(method, path, TENANT, key, body);
        let mark = b"\"notes\": \"00000000\"";
        let found = bytes.windows(mark.len()).position(|it| it == mark);
        Attack {
            note: found.map(|at| at + 10),
            bytes,
        }
    };
    let mut all = Vec::new();
    for sort in [
        "createdAt",
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
    let paths = [
        "/v1/customers?search=ada&limit=100".to_owned(),
        "/v1/customers?hasActiveRentals=true&limit=100".to_owned(),
        "/v1/orders?limit=100&sortBy=totals.total".to_owned(),
        "/v1/orders?limit=100&sortBy=updatedAt".to_owned(),
        "/v1/subscriptions?limit=100&sortBy=updatedAt".to_owned(),
        "/v1/subscriptions?limit=100&sortBy=endDate".to_owned(),
        "/v1/assets?limit=100&sortBy=updatedAt".to_owned(),
        "/v1/assets?limit=100&sortBy=sku".to_owned(),
        "/v1/products/variants?limit=5000".to_owned(),
        format!("/v1/orders?{}", filters.join("&")),
    ];
    all.extend(paths.iter().map(|path| send("GET", path, None)));
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
        let change = r#"{"status": "active", "lastName": "Hostile"}"#;
        all.push(send("PUT", &path, Some(change)));
        let device = format!(r#"{{"serialNumber": "H-{number}", "sku": "NB-14"}}"#);
        all.push(send("POST", "/v1/assets", Some(&device)));
    }
    all.push(import(key));
    all
}

/// As much of a catalogue as one file may have.
fn import(key: &str) -> Attack {
    let head = "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,Variant SKU,\
                List Price,Acquisition Cost,6mo_Price,12mo_Price,24mo_Price,36mo_Price\n";
    let padding = "x".repeat(200);
    let rows = (0..5_000).map(|row| {
        format!(
            "N{row},P-{row},Phones,Brand,{padding},A,black,V-{row},100.00,60.00,,9.00,8.00,7.00\n"
        )
    });
    let text = rows.fold(head.to_owned(), |text, row| text + &row);
    let length = text.len();
    let bytes = format!(
        "POST /v1/products/csv HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         tenant-id: {TENANT}\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n\r\n{text}"
    );
    Attack {
        bytes: bytes.into_bytes(),
        note: None,
    }
}

/// What an attacker came to.
#[derive(Debug, Default)]
struct Done {
    sent: usize,
    /// With 2xx.
    succeeded: usize,
    /// Acknowledged.
    orders: usize,
}

/// Sends all of it again and again.
async fn attack_on(
    address: String,
    number: usize,
    attacks: Arc<[Attack]>,
    stop: Arc<AtomicBool>,
) -> Done {
    let mut done = Done::default();
    let mut next = number * 7;
    while !stop.load(Relaxed) {
        let Ok(mut connection) = Connection::open(&address).await else {
            continue;
        };
        // Until the server closes it, as after a body that it did not want to read.
        while !stop.load(Relaxed) {
            let attack = &attacks[next % attacks.len()];
            next += 1;
            let sent = match attack.note {
                None => connection.send(&attack.bytes).await,
                Some(at) => {
                    let number = ORDER.fetch_add(1, Relaxed) % 100_000_000;
                    let mut bytes = attack.bytes.clone();
                    bytes[at..at + 8].copy_from_slice(format!("{number:08}").as_bytes());
                    connection.send(&bytes).await
                }
            };
            let Ok(status) = sent else { break };
            done.sent += 1;
            done.succeeded += usize::from((200..300).contains(&status));
            done.orders += usize::from(status == 201 && attack.note.is_some());
        }
    }
    done
}

/// [`be_polite`] on a thread of its own.
async fn politely(address: &str, key: &str, length: Duration) -> Outcome {
    let (address, key) = (address.to_owned(), key.to_owned());
    let polite = tokio::task::spawn_blocking(move || be_polite(&address, &key, length));
    polite.await.expect("everything is answered")
}

/// A page, a change, a page, a change …, one after the other.
fn be_polite(address: &str, key: &str, length: Duration) -> Outcome {
    let mut stream = TcpStream::connect(address).expect("the server accepts");
    stream.set_nodelay(true).expect("a socket has that option");
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
        let status = exchange(&mut stream, &request).expect("it is answered");
        latencies.push(sent.elapsed());
        refused += usize::from(status != 200);
        number += 1;
    }
    for which in 0..2 {
        let mut some: Vec<_> = latencies.iter().skip(which).step_by(2).copied().collect();
        some.sort();
        let at = |p: f64| some[((some.len() - 1) as f64 * p) as usize].as_micros();
        eprintln!(
            "WHICH {which} p50 {} p90 {} p95 {} p98 {} p99 {} p999 {}",
            at(0.5),
            at(0.9),
            at(0.95),
            at(0.98),
            at(0.99),
            at(0.999)
        );
    }
    outcome(latencies, refused, started.elapsed())
}

/// Sends a request and waits for its whole answer: the status.
fn exchange(stream: &mut TcpStream, request: &[u8]) -> std::io::Result<u16> {
    stream.write_all(request)?;
    let (mut answer, mut piece) = (Vec::with_capacity(32 * 1024), [0; 32 * 1024]);
    loop {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&piece[..read]);
        if let Some((status, length)) = measure(&answer)
            && answer.len() >= length
        {
            return Ok(status);
        }
    }
}

/// Status of an answer and its whole length, once its head is there.
fn measure(answer: &[u8]) -> Option<(u16, usize)> {
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let named = name.eq_ignore_ascii_case("content-length");
        named.then(|| value.trim().parse::<usize>().ok()).flatten()
    })?;
    Some((head.get(9..12)?.parse().ok()?, end + length))
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
