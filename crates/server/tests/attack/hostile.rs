//! A tenant with a key, which does all it may as often as it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hyper::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::place::{Place, Tenant, order};
use crate::support::Answer;

/// Connections of the hostile tenant.
const CONNECTIONS: usize = 32;
/// Rounds of each.
const ROUNDS: usize = 3;
/// Most positions of an order.
const POSITIONS: usize = 500;

/// Requests at a time that cost as much as possible: (name, method, path, media type, body).
type Request = (&'static str, Method, String, &'static str, String);

fn requests(number: usize) -> Vec<Request> {
    let json_type = "application/json";
    let get = |name, path: String| (name, Method::GET, path, json_type, String::new());
    let post = |name, path: &str, body: String| (name, Method::POST, path.into(), json_type, body);
    let filters: Vec<String> = (0..300).map(|it| format!("customField_f{it}=x")).collect();
    let fields: serde_json::Map<String, Value> = (0..5_000)
        .map(|it| (format!("f{it}"), "x".into()))
        .collect();
    let email = format!("hostile-{number}@example.com");
    let mut fat = order(&email, 1);
    fat["customFields"] = fields.into();
    let mut wide = order(&email, 1);
    wide["billingAddress"]["company"] = "x".repeat(500_000).into();
    let rows: String = (0..5_000).map(|it| format!("{it},\"\n")).collect();
    let sorts = [
        "firstName",
        "lastName",
        "email",
        "totalMonthlyRevenue",
        "createdAt",
    ];
    let mut requests = vec![
        get("many filters", format!("/v1/orders?{}", filters.join("&"))),
        get("large pages", "/v1/orders?limit=100".into()),
        get("variants", "/v1/products/variants?limit=5000".into()),
        post(
            "as many positions as may be",
            "/v1/orders",
            order(&email, POSITIONS).to_string(),
        ),
        post(
            "too many positions",
            "/v1/orders",
            order(&email, 15_000).to_string(),
        ),
        post("many custom fields", "/v1/orders", fat.to_string()),
        post("a wide address", "/v1/orders", wide.to_string()),
        post("deep nesting", "/v1/orders", "[".repeat(500_000)),
        (
            "a file of bad rows",
            Method::POST,
            "/v1/products/csv".into(),
            "text/csv",
            format!(
                "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,\
                 Variant SKU,List Price,Acquisition Cost,6mo_Price\n{rows}"
            ),
        ),
    ];
    requests.extend(sorts.map(|sort| {
        get(
            "sorted lists",
            format!("/v1/customers?sortBy={sort}&limit=100&status=all"),
        )
    }));
    // Each connection begins elsewhere, so that all kinds meet all others.
    requests.rotate_left(number % 14);
    requests
}

/// Everything but an order that is as large as it may be is small or refused.
fn assert_answered(name: &str, answer: &Answer, sent: usize) {
    let status = answer.status.as_u16();
    assert!(
        [200, 201, 400, 413, 429, 503].contains(&status),
        "{name}: {status} {}",
        answer.text.chars().take(500).collect::<String>()
    );
    if [429, 503].contains(&status) {
        let waits = answer.headers.get("retry-after");
        assert!(waits.is_some(), "{name}: {status} without Retry-After");
    }
    if status >= 400 {
        // A refusal must not cost the network more than the request did.
        let most = sent.max(64 * 1024);
        assert!(
            answer.text.len() <= most,
            "{name}: {} bytes",
            answer.text.len()
        );
    }
    match name {
        "many filters" | "too many positions" | "many custom fields" | "a wide address"
        | "deep nesting" => assert!(
            [400, 413, 429, 503].contains(&status),
            "{name} was accepted"
        ),
        _ => {}
    }
}

/// Orders that were acknowledged.
async fn attack(tenant: Tenant, connection: usize, next: Arc<AtomicUsize>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for _ in 0..ROUNDS {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let mut all = requests(number);
        all.rotate_left(connection % 14);
        for (name, method, path, media, body) in all {
            let answer = tenant.send_as(method, &path, media, &body).await;
            assert_answered(name, &answer, body.len());
            if name == "as many positions as may be" && answer.status == 201 {
                let id = answer.json()["orderId"].as_str().expect("an id").to_owned();
                acknowledged.push(id);
            }
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_tenant_takes_nothing_from_a_polite_one() {
    for place in Place::each(&[]) {
        place.hostile.catalogue().await;
        place.polite.catalogue().await;
        let (next, done) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let attackers: Vec<_> = (0..CONNECTIONS)
            .map(|number| tokio::spawn(attack(place.hostile.clone(), number, Arc::clone(&next))))
            .collect();
        let polite = tokio::spawn({
            let (tenant, done) = (place.polite.clone(), Arc::clone(&done));
            async move {
                let mut rounds = 0;
                while !done.load(Ordering::Relaxed) || rounds == 0 {
                    tenant.polite_round(rounds).await;
                    rounds += 1;
                }
                rounds
            }
        });
        let mut acknowledged = Vec::new();
        for attacker in attackers {
            acknowledged.extend(
                attacker
                    .await
                    .expect("every answer is one that may be given"),
            );
        }
        done.store(true, Ordering::Relaxed);
        let rounds = polite.await.expect("everything polite succeeds");
        assert!(
            rounds > 1,
            "the polite tenant got on while the attack lasted"
        );
        assert!(!acknowledged.is_empty(), "the hostile one got on as well");

        for id in acknowledged {
            let path = format!("/v1/orders/{id}");
            let found = place.hostile.send(Method::GET, &path, "").await;
            assert_eq!(found.status, 200, "an acknowledged order is lost");
            let items = found.json()["items"].as_array().map(Vec::len);
            assert_eq!(items, Some(POSITIONS));
        }
        // Pages end where they are too large, and go on: nothing is skipped or repeated.
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/orders?limit=100{cursor}");
            let page = place.hostile.send(Method::GET, &path, "").await;
            assert_eq!(page.status, 200, "{}", page.text);
            assert!(
                page.text.len() < 8 << 20,
                "a page of {} bytes",
                page.text.len()
            );
            let page = page.json();
            let orders = page["orders"].as_array().expect("orders").clone();
            ids.extend(orders.into_iter().map(|order| order["orderId"].to_string()));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&startAfter={next}"),
                None => break,
            }
        }
        let listed = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), listed, "no order is listed twice");
        place.assert_memory();
        for tenant in [&place.hostile, &place.polite] {
            assert_eq!(place.contradictions(tenant).await, Vec::<String>::new());
        }
    }
}

/// Reads up to the end of a head.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("the server answers"));
    }
    String::from_utf8(head).expect("a head is text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_holds_its_requests_waits_for_itself_alone() {
    let place = Place::single(&["--tenant-requests", "2"]);
    let mut held = Vec::new();
    for _ in 0..2 {
        let connected = TcpStream::connect(&place.server.address).await;
        let mut stream = connected.expect("the server accepts");
        let head = place.hostile.head("POST", "/v1/orders", 2);
        stream.write_all(head.as_bytes()).await.expect("it reads");
        // It asks for the body once the request is let in.
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 100 "));
        held.push(stream);
    }
    let path = "/v1/customers";
    let refused = place.hostile.send(Method::GET, path, "").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(refused.json()["error"]["code"], json!("RATE_LIMITED"));
    let polite = place.polite.send(Method::GET, path, "").await;
    assert_eq!(polite.status, 200, "{}", polite.text);
    for mut stream in held {
        stream.write_all(b"{}").await.expect("it reads");
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 400 "));
    }
    // What was answered has left its place, at the latest a moment later.
    while place.hostile.send(Method::GET, path, "").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_one_tenant_open_nothing_of_another() {
    for place in Place::each(&[]) {
        place.polite.catalogue().await;
        place.polite.polite_round(0).await;
        let customers = place
            .polite
            .send(Method::GET, "/v1/customers?status=all", "")
            .await;
        let id = customers.json()["customers"][0]["customerId"].clone();
        let path = format!("/v1/customers/{}", id.as_str().expect("an id"));
        for (method, body) in [
            (Method::GET, ""),
            (Method::PUT, r#"{"status": "active"}"#),
            (Method::DELETE, ""),
        ] {
            let answer = place.hostile.send(method, &path, body).await;
            assert_eq!(answer.status, 404, "{}", answer.text);
        }
        let mut borrowed = place.hostile.clone();
        borrowed.id.clone_from(&place.polite.id);
        for path in ["/v1/customers", &path] {
            let answer = borrowed.send(Method::GET, path, "").await;
            assert_eq!(answer.json()["error"]["code"], json!("NO_TENANT_ACCESS"));
        }
    }
}
