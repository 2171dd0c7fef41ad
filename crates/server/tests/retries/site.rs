//! A database with a tenant and a subscription, and two servers on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::{Mutex, RwLock};

use crate::support::{Answer, Http, Server, flexportal};

pub(crate) const TENANT: &str = "bu_retries";

/// Pause of a client after a request that failed, as a polite client makes one.
const PAUSE: Duration = Duration::from_millis(20);
/// Longest wait for an answer, on a busy machine.
const WAIT: Duration = Duration::from_secs(60);

/// Two servers, and what is needed to speak to them.
pub(crate) struct Site {
    database: String,
    key: String,
    servers: Mutex<Vec<Server>>,
    addresses: RwLock<Vec<String>>,
    /// A payment that is tried again and again.
    pub(crate) payment: String,
}

/// A request that may be sent more than once.
pub(crate) struct Write {
    pub(crate) key: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

impl Site {
    pub(crate) async fn open(database: &str) -> Arc<Site> {
        let run = |arguments: &[&str]| {
            let arguments = [arguments, &["--database", database]].concat();
            let (succeeded, output, errors) = flexportal(&arguments);
            assert!(succeeded, "{errors}");
            output.trim().to_owned()
        };
        run(&["tenant", "create", "--id", TENANT, "--currency", "EUR"]);
        let key = run(&["key", "create", "--tenant", TENANT]);
        let servers: Vec<Server> = (0..2).map(|_| start(database)).collect();
        let addresses = servers.iter().map(|server| server.address.clone());
        let mut site = Site {
            database: database.to_owned(),
            key,
            addresses: RwLock::new(addresses.collect()),
            servers: Mutex::new(servers),
            payment: String::new(),
        };
        site.payment = site.subscription().await;
        Arc::new(site)
    }

    /// Ends a server as a crash does, and starts another one in its place.
    pub(crate) async fn kill(&self, index: usize) {
        let mut servers = self.servers.lock().await;
        let server = &mut servers[index];
        server.signal("KILL");
        let _ = server.child.wait();
        let database = self.database.clone();
        let started = tokio::task::spawn_blocking(move || start(&database)).await;
        *server = started.expect("a server starts");
        self.addresses.write().await[index] = server.address.clone();
    }

    /// Sends a write, over and over, until one of the servers answers.
    pub(crate) async fn send(&self, http: &Http, first: usize, write: &Write) -> Answer {
        let began = Instant::now();
        let bearer = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", bearer.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
            ("idempotency-key", &write.key),
        ];
        let body = write
            .body
            .as_ref()
            .map_or_else(String::new, Value::to_string);
        for server in first.. {
            let address = self.addresses.read().await[server % 2].clone();
            let url = format!("http://{address}{}", write.path);
            let sent = http.try_send(write.method.clone(), &url, &headers, body.clone());
            match sent.await {
                Ok(answer) if answer.status.as_u16() < 500 => return answer,
                failed => assert!(began.elapsed() < WAIT, "no answer: {failed:?}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        unreachable!("there is always a next server")
    }

    pub(crate) async fn close(&self) {
        for server in self.servers.lock().await.drain(..) {
            let (succeeded, _) = server.stop();
            assert!(succeeded, "the server did not stop as asked");
        }
    }

    /// Something to order, and a subscription of it: its first payment.
    async fn subscription(&self) -> String {
        let http = Http::new();
        let post = async |path: &str, body: Value| {
            let write = post(format!("setup {path}"), path, body);
            let answer = self.send(&http, 0, &write).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
            answer.json()
        };
        let product = json!({
            "productSku": "NB", "name": "Notebook", "specification": "16 GB",
            "category": "Laptops", "brand": "Example", "variants": [{"variantSku": "NB-14",
            "variantName": "Notebook 14", "grade": "A",
            "pricing": [{"contractLength": 12, "monthlyPrice": 49.90}]}],
        });
        post("/v1/products", product).await;
        let device = json!({"serialNumber": "S1", "sku": "NB-14", "grade": "A"});
        post("/v1/assets", device).await;
        let order = post("/v1/orders", order("first@example.com", "first")).await;
        let (id, customer) = (&order["orderId"], &order["order"]["customer"]["customerId"]);
        let path = format!("/v1/orders/{}/confirm", id.as_str().expect("an id"));
        post(&path, json!({})).await;
        let rental = json!({"orderId": id, "customerId": customer, "assetSerialNumber": "S1"});
        let rental = post("/v1/subscriptions", rental).await;
        let rental = rental["rentalId"].as_str().expect("an id");
        let path = format!("/v1/payments?rentalId={rental}&limit=1");
        let write = Write {
            key: "none".into(),
            method: Method::GET,
            path,
            body: None,
        };
        let payments = self.send(&http, 0, &write).await.json();
        let payment = payments["payments"][0]["paymentId"].as_str();
        payment.expect("a payment").to_owned()
    }
}

pub(crate) fn post(key: String, path: &str, body: Value) -> Write {
    Write {
        key: key.replace(' ', "-"),
        method: Method::POST,
        path: path.into(),
        body: Some(body),
    }
}

pub(crate) fn order(email: &str, notes: &str) -> Value {
    json!({
        "customer": {"email": email, "firstName": "Ada", "lastName": "Lovelace"},
        "billingAddress": {"contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1",
            "city": "Berlin", "country": "DE"},
        "items": [{"sku": "NB-14", "quantity": 1}], "notes": notes,
    })
}

fn start(database: &str) -> Server {
    Server::start(database, &["--log", "warn,flexportal=info"])
}
