//! What the generated server layer costs: route, authenticate, decode, validate and encode, against
//! handlers written by hand with the same checks, in the same process, without a network.
//!
//! `cargo bench -p api` prints time per request, in turns so that neither side has the quieter
//! machine, and instructions per request where valgrind is installed.

mod generated;
mod hand;

use std::process::Command;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower_service::Service as _;

const TOKEN: &str = "fpk_live_0123456789abcdef0123456789abcdef";
const TENANT: &str = "bu_berlin";
const KEY: &str = "key_01";
const CUSTOMER: &str = "cust_ELE01J9ZQ2W3E4R5T6Y7U8";
const ORDER: &str = "ord_ELE01J9ZQ2W3E4R5T6Y7U8";
const PRODUCT: &str = "Laptop 14";
const PRICE: f64 = 129.0;
const CURRENCY: &str = "EUR";
/// 2026-11-22T08:00:00Z, which each side writes in its own way.
const NOW: Timestamp = Timestamp::constant(1_795_334_400, 0);
const DELETED: &str = "customer deactivated";
const CREATED: &str = "order created";

/// A body as shops send it: two addresses, four items, fields of the tenant.
const BODY: &str = r#"{
  "orderType": "standard",
  "customer": {
    "email": "ada.lovelace@example.com", "firstName": "Ada", "lastName": "Lovelace",
    "company": "Analytical Engines Ltd", "phone": "+49 30 1234567", "customerType": "business"
  },
  "billingAddress": {
    "contactName": "Ada Lovelace", "company": "Analytical Engines Ltd", "streetAddress": "Unter den Linden 1",
    "city": "Berlin", "postalCode": "10117", "country": "DE"
  },
  "shippingAddress": {
    "contactName": "Goods In", "buildingInfo": "Gate 2", "streetAddress": "Industriestraße 7",
    "city": "Potsdam", "adminArea": "Brandenburg", "postalCode": null, "country": "DE"
  },
  "items": [
    {"sku": "LAP-14-16-512", "quantity": 2, "contractLength": 24},
    {"sku": "MON-27-4K", "quantity": 4, "contractLength": 12},
    {"sku": "DOC-USBC", "quantity": 2},
    {"sku": "PHO-6-128", "quantity": 1, "contractLength": 36}
  ],
  "customFields": {"costCentre": "4711", "approvedBy": "Charles"},
  "notes": "Deliver before noon."
}"#;

/// What is measured.
#[derive(Clone, Copy)]
enum Case {
    DeleteCustomer,
    CreateOrder,
}

impl Case {
    const ALL: [(Case, &'static str); 2] = [
        (Case::DeleteCustomer, "deleteCustomer"),
        (Case::CreateOrder, "createOrder"),
    ];

    fn request(self) -> Request<Body> {
        let (method, path, body) = match self {
            Case::DeleteCustomer => ("DELETE", "/v1/customers/cust_ELE01J9ZQ2W3E4R5T6Y7U8", ""),
            Case::CreateOrder => ("POST", "/v1/orders", BODY),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "api.example.com")
            .header("user-agent", "shop/1.0")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("tenant-id", TENANT);
        let request = match body {
            "" => request.body(Body::empty()),
            body => request
                .header("content-type", "application/json")
                .header("content-length", body.len())
                .body(Body::from(body)),
        };
        request.expect("the request is well-formed")
    }

    fn status(self) -> StatusCode {
        match self {
            Case::DeleteCustomer => StatusCode::OK,
            Case::CreateOrder => StatusCode::CREATED,
        }
    }
}

/// The two sides.
const SIDES: [&str; 2] = ["generated", "hand"];

/// A run that only makes requests.
const NOBODY: &str = "nobody";

fn router(side: &str) -> Router {
    match side {
        "generated" => generated::router(),
        _ => hand::router(),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    if let ["run", side, case, count] = arguments.as_slice() {
        let case = Case::ALL.iter().find(|(_, name)| name == case);
        let case = case.expect("a case").0;
        let count = count.parse().expect("a number");
        if *side == NOBODY {
            (0..count).for_each(|_| drop(case.request()));
        } else {
            runtime.block_on(rounds(&mut router(side), case, count));
        }
        return;
    }
    runtime.block_on(both_answer_alike());
    // Without `--bench` this is a test run, in which figures would mean nothing.
    if arguments.contains(&"--bench") {
        for (case, name) in Case::ALL {
            runtime.block_on(times(case, name));
            instructions(name);
        }
    }
}

/// Sends `count` requests, one after the other; gives nanoseconds per request, from the request as
/// hyper would hand it over to the end of its answer.
async fn rounds(router: &mut Router, case: Case, count: usize) -> f64 {
    // Few at a time: a server has just read its request, so it is in the cache.
    const AT_ONCE: usize = 10;
    let mut elapsed = Duration::ZERO;
    for _ in 0..count / AT_ONCE {
        let requests: [_; AT_ONCE] = std::array::from_fn(|_| case.request());
        let start = Instant::now();
        for request in requests {
            let Ok(response) = router.call(request).await;
            assert_eq!(response.status(), case.status());
        }
        elapsed += start.elapsed();
    }
    elapsed.as_nanos() as f64 / count as f64
}

/// Neither side is fast by leaving something out: their answers are equal.
async fn both_answer_alike() {
    for (case, name) in Case::ALL {
        let mut bodies = Vec::new();
        for side in SIDES {
            let Ok(response) = router(side).call(case.request()).await;
            let bytes = response
                .into_body()
                .collect()
                .await
                .expect("a body in memory")
                .to_bytes();
            let body: serde_json::Value =
                serde_json::from_slice(&bytes).expect("an answer is JSON");
            bodies.push(body);
        }
        assert_eq!(bodies[0], bodies[1], "{name}");
    }
}

async fn times(case: Case, name: &str) {
    const ROUNDS: usize = 101;
    const REQUESTS: usize = 1000;
    let mut routers = SIDES.map(router);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for turn in 0..2 {
            let side = (turn + round) % 2;
            times[side].push(rounds(&mut routers[side], case, REQUESTS).await);
        }
    }
    let [generated, hand] = times.map(median);
    println!(
        "{name}: {generated:.0} ns generated, {hand:.0} ns by hand; requests/s {:.3} times",
        hand / generated
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Instructions per request, counted by callgrind: those of a long run less those of a short one,
/// which leaves out the start, less those of making the request.
fn instructions(name: &str) {
    let requests = counted(NOBODY, name);
    let [Some(generated), Some(hand)] = SIDES.map(|side| Some(counted(side, name)? - requests?))
    else {
        println!("{name}: instructions not counted; install valgrind");
        return;
    };
    println!(
        "{name}: {generated:.0} instructions generated, {hand:.0} by hand; {:.3} times",
        generated / hand
    );
}

fn counted(side: &str, case: &str) -> Option<f64> {
    const FEW: usize = 200;
    const MANY: usize = 1200;
    let few = collected(side, case, FEW)?;
    let many = collected(side, case, MANY)?;
    Some((many - few) / (MANY - FEW) as f64)
}

/// Instructions of a whole run.
fn collected(side: &str, case: &str, count: usize) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["run", side, case, &count.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}
