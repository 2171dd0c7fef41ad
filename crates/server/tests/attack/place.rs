//! Where the attack takes place: a server over a fresh database with two tenants.

#![allow(unreachable_pub, reason = "items of a test, which has no outside")]

use std::path::PathBuf;

use hyper::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Folder, Http, Server, flexportal};

/// Most memory that the server may ever have held, whatever is done to it.
pub const MOST_RESIDENT_MIB: u64 = 256;

/// A server under attack.
pub struct Place {
    _folder: Folder,
    pub database: String,
    pub server: Server,
    pub hostile: Tenant,
    pub polite: Tenant,
}

/// A tenant, as its programs know it.
#[derive(Clone)]
pub struct Tenant {
    pub id: String,
    key: String,
    base: String,
    http: Http,
}

/// A database of each engine that is here.
pub fn databases(folder: &Folder) -> Vec<String> {
    let mut databases = vec![folder.database()];
    if test_postgres::available() {
        let cluster = test_postgres::shared().expect("the cluster starts");
        databases.push(cluster.create_database().expect("a database"));
    }
    databases
}

impl Place {
    /// One on each engine.
    pub fn each(options: &[&str]) -> Vec<Place> {
        let folder = Folder::new();
        let databases = databases(&folder);
        let starts = databases
            .into_iter()
            .map(|database| match database.starts_with("sqlite") {
                true => Place::start(Folder::new(), None, options),
                false => Place::start(Folder::new(), Some(database), options),
            });
        starts.collect()
    }

    /// One on SQLite.
    pub fn single(options: &[&str]) -> Place {
        Place::start(Folder::new(), None, options)
    }

    fn start(folder: Folder, database: Option<String>, options: &[&str]) -> Place {
        let database = database.unwrap_or_else(|| folder.database());
        let keys = ["bu_hostile", "bu_polite"].map(|id| (id, tenant(id, &database)));
        let quiet = ["--log", "warn,flexportal=info,contract_serve::request=warn"];
        let server = Server::start(&database, &[&quiet, options].concat());
        let [hostile, polite] = keys.map(|(id, key)| Tenant {
            id: id.to_owned(),
            key,
            base: format!("http://{}", server.address),
            http: Http::new(),
        });
        Place {
            _folder: folder,
            database,
            server,
            hostile,
            polite,
        }
    }

    /// The most memory that the process has ever held, in MiB; `None` where nobody tells.
    pub fn most_resident_mib(&self) -> Option<u64> {
        let status = PathBuf::from(format!("/proc/{}/status", self.server.child.id()));
        let status = std::fs::read_to_string(status).ok()?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kib / 1024)
    }

    /// Fails if the process has ever held more than it may.
    pub fn assert_memory(&self) {
        if let Some(resident) = self.most_resident_mib() {
            assert!(resident < MOST_RESIDENT_MIB, "{resident} MiB were resident");
        }
    }

    /// What contradicts itself in the database of a tenant.
    pub async fn contradictions(&self, tenant: &Tenant) -> Vec<String> {
        let store = store::Store::open(&self.database).expect("the database opens");
        let id = tenant.id.clone();
        let checked = store.read(move |tx| store::verify_invariants(tx, &id));
        let checked: Result<Vec<String>, store::Error> = checked.await;
        checked.expect("the database is readable")
    }
}

fn tenant(id: &str, database: &str) -> String {
    let place = ["--database", database];
    let create = ["tenant", "create", "--id", id, "--currency", "EUR"];
    let (created, _, error) = flexportal(&[&create[..], &place].concat());
    assert!(created, "{error}");
    let create = ["key", "create", "--tenant", id];
    let (created, key, error) = flexportal(&[&create[..], &place].concat());
    assert!(created, "{error}");
    key.trim().to_owned()
}

impl Tenant {
    /// Sends a request with the tenant's key; `body` is JSON.
    pub async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        self.send_as(method, path, "application/json", body).await
    }

    /// [`Tenant::send`] of another media type.
    pub async fn send_as(&self, method: Method, path: &str, media: &str, body: &str) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", authorization.as_str()),
            ("tenant-id", &self.id),
            ("content-type", media),
        ];
        let url = format!("{}{path}", self.base);
        let sent = self
            .http
            .try_send(method.clone(), &url, &headers, body.to_owned());
        sent.await
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The head of a request whose body is still to come.
    pub fn head(&self, method: &str, path: &str, length: usize) -> String {
        let (id, key) = (&self.id, &self.key);
        format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ntenant-id: {id}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\nexpect: 100-continue\r\n\r\n"
        )
    }

    /// A product with one variant, `SKU`.
    pub async fn catalogue(&self) {
        let product = json!({
            "productSku": "P", "name": "Product", "specification": "plain", "category": "Laptops",
            "brand": "Example",
            "variants": [{"variantSku": "SKU", "variantName": "Variant", "grade": "A",
                "pricing": [{"contractLength": 12, "monthlyPrice": 10}]}],
        });
        let made = self
            .send(Method::POST, "/v1/products", &product.to_string())
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
    }

    /// Lives the life of a customer: ordered, changed, listed, refused, cancelled, deleted. All of it has
    /// to succeed.
    pub async fn polite_round(&self, number: usize) {
        let email = format!("polite-{number}@example.com");
        let order = order(&email, 1).to_string();
        let made = self.send(Method::POST, "/v1/orders", &order).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let made = made.json();
        let id = |value: &Value| value.as_str().expect("an id").to_owned();
        let (order, customer) = (
            id(&made["orderId"]),
            id(&made["order"]["customer"]["customerId"]),
        );
        let customer = format!("/v1/customers/{customer}");
        let expected = [
            (Method::PUT, customer.clone(), r#"{"phone": "1"}"#, 200),
            (Method::GET, "/v1/customers".to_owned(), "", 200),
            (Method::GET, "/v1/orders?limit=5".to_owned(), "", 200),
            (Method::DELETE, customer.clone(), "", 409),
            (
                Method::POST,
                format!("/v1/orders/{order}/cancel"),
                "{}",
                200,
            ),
            (Method::DELETE, customer.clone(), "", 200),
            (Method::GET, customer, "", 200),
        ];
        for (method, path, body, status) in expected {
            let answer = self.send(method.clone(), &path, body).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        }
    }
}

/// An order of so many positions.
pub fn order(email: &str, positions: usize) -> Value {
    json!({
        "customer": {"email": email, "firstName": "Ada", "lastName": "Lovelace"},
        "billingAddress": {"contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1",
            "city": "Berlin", "country": "DE"},
        "items": vec![json!({"sku": "SKU", "quantity": 1}); positions],
    })
}
