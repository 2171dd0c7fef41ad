//! A database with a tenant and a catalogue, and the servers on it.

use hyper::Method;
use serde_json::json;

use crate::support::{Answer, Http, Server, flexportal};
use crate::wire::{LENGTHS, VARIANTS, sku_name};

pub const TENANT: &str = "bu_history";

/// A database with servers on it.
pub struct Shop {
    pub database: String,
    pub counter: Counter,
    servers: Vec<Server>,
}

/// Where requests go.
#[derive(Clone)]
pub struct Counter {
    key: String,
    addresses: Vec<String>,
}

impl Shop {
    /// Starts so many servers on a fresh database.
    pub async fn open(database: &str, servers: usize) -> Shop {
        let run = |arguments: &[&str]| {
            let arguments = [arguments, &["--database", database]].concat();
            let (succeeded, output, errors) = flexportal(&arguments);
            assert!(succeeded, "{errors}");
            output.trim().to_owned()
        };
        run(&["tenant", "create", "--id", TENANT, "--currency", "EUR"]);
        let key = run(&["key", "create", "--tenant", TENANT]);
        let mut options = vec!["--log", "warn,server=info,flexportal=info"];
        // No request of a crowd waits too long, however slow this machine is.
        options.extend(["--lock-timeout", "60", "--transaction-timeout", "120"]);
        options.extend(["--unavailable-after", "60", "--tenant-long-requests", "64"]);
        let start = |_| Server::start(database, &options);
        let servers: Vec<Server> = (0..servers).map(start).collect();
        let addresses = servers.iter().map(|server| server.address.clone());
        let counter = Counter {
            key,
            addresses: addresses.collect(),
        };
        counter.stock().await;
        Shop {
            database: database.to_owned(),
            counter,
            servers,
        }
    }

    /// Stops the servers: what they have complained about.
    pub fn close(self) -> Vec<String> {
        let mut complaints = Vec::new();
        for server in self.servers {
            let lines = server.log.try_iter();
            let lines = lines.filter(|line| line["level"] != "INFO");
            complaints.extend(lines.map(|line| line.to_string()));
            let (succeeded, _) = server.stop();
            assert!(succeeded, "the server did not stop as asked");
        }
        complaints
    }
}

impl Counter {
    /// How many servers there are.
    pub fn servers(&self) -> usize {
        self.addresses.len()
    }

    /// Sends a request to one of the servers; an error is one of the connection.
    pub async fn send(
        &self,
        http: &Http,
        server: usize,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Answer, String> {
        let url = format!("http://{}{path}", self.addresses[server]);
        let bearer = format!("Bearer {}", self.key);
        let headers = [
            ("authorization", bearer.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
        ];
        http.try_send(method, &url, &headers, body).await
    }

    async fn stock(&self) {
        let tiers: Vec<_> = (1..=LENGTHS)
            .map(|months| json!({ "contractLength": months, "monthlyPrice": 50 }))
            .collect();
        let variants: Vec<_> = (0..VARIANTS)
            .map(|sku| {
                json!({
                    "variantSku": sku_name(sku), "variantName": "Notebook", "grade": "A",
                    "pricing": tiers
                })
            })
            .collect();
        let product = json!({
            "productSku": "P", "name": "Notebook", "specification": "16 GB", "category": "laptops",
            "brand": "Acme", "variants": variants
        });
        let http = Http::new();
        let body = product.to_string();
        let answer = self
            .send(&http, 0, Method::POST, "/v1/products", body)
            .await;
        let answer = answer.expect("the server answers");
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}
