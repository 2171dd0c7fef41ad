//! One customer after the other, from the first order to the deletion and back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::tally::Tally;
use crate::TENANT;
use crate::load::{Connection, request};

/// Shoppers that share a customer, so that deletions race with orders.
const SHARING: u64 = 4;

/// How long they share one before they go on to the next. An answer names all orders a customer ever had:
/// with a customer for ever, answers would grow as long as the soak lasts, and memory with them.
const SHARED_SECONDS: u64 = 60;

/// Where to shop, and for how long.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) address: String,
    pub(super) key: String,
    /// From the start of one request of a shopper to the start of the next.
    pub(super) between: Duration,
    pub(super) end: Instant,
    pub(super) tally: Arc<Tally>,
}

/// A shopper. Its customers, orders and devices are nobody else's, so every answer is known
/// beforehand; only those of the shared customer depend on who was first.
pub(super) struct Shopper {
    shop: Shop,
    number: u64,
    connection: Option<Connection>,
    next: Instant,
}

/// Puts the product on offer.
pub(super) async fn offer(shop: &Shop) {
    let mut shopper = Shopper::new(shop.clone(), 0);
    let product = json!({
        "productSku": "P-NB", "name": "Notebook", "specification": "16 GB", "category": "Laptops",
        "brand": "Example", "variants": [{
            "variantSku": "NB-14", "variantName": "Notebook 14", "grade": "A", "listPrice": 1000,
            "acquisitionCost": 600, "pricing": [{ "contractLength": 12, "monthlyPrice": 50 }]
        }]
    });
    let made = shopper.post("/v1/products", product, &[201]).await;
    made.expect("the product is new");
}

impl Shopper {
    pub(super) fn new(shop: Shop, number: u64) -> Shopper {
        // The first requests are spread over the interval.
        let next = Instant::now() + shop.between.mul_f64(number as f64 / 16.0);
        Shopper {
            shop,
            number,
            connection: None,
            next,
        }
    }

    /// Shops until the end.
    pub(super) async fn shop(mut self) {
        let serial = format!("NB-{:04}", self.number);
        let asset = json!({ "serialNumber": serial, "sku": "NB-14" });
        // `None` ends a story early: the end has come, or an answer was wrong, which is counted.
        let _ = self.post("/v1/assets", asset, &[201]).await;
        let mut story = 0;
        while Instant::now() < self.shop.end {
            let early = story % 2 == 1;
            let _ = self.whole_life(story, &serial, early).await;
            let _ = self.shared_customer(story).await;
            let _ = self.lists().await;
            story += 1;
        }
    }

    /// A customer orders, rents, gives back, is deleted, comes back, and is deleted again.
    async fn whole_life(&mut self, story: u64, serial: &str, early: bool) -> Option<()> {
        let email = format!("shopper{}.{story}@example.com", self.number);
        let made = self.order(&email, 1, &[201]).await?;
        let (order, customer) = ids(&made)?;
        let at = format!("/v1/customers/{customer}");
        self.send("DELETE", &at, None, &[409]).await?;
        self.post(&format!("/v1/orders/{order}/confirm"), json!({}), &[200])
            .await?;
        let rental = json!({
            "orderId": order, "customerId": customer, "assetSerialNumber": serial
        });
        let rental = self.post("/v1/subscriptions", rental, &[201]).await?;
        let rental = rental["rentalId"].as_str()?.to_owned();
        self.send("DELETE", &at, None, &[409]).await?;
        let shown = self.send("GET", &at, None, &[200]).await?;
        self.expect(shown["totalDevicesRented"] == 1, "one device is rented");

        let path = format!("/v1/subscriptions/{rental}");
        if early {
            let back = json!({ "returnCondition": "good", "reason": "project over" });
            self.post(&format!("{path}/early-return"), back, &[200])
                .await?;
        } else {
            let why = json!({ "reason": "customer_request" });
            self.post(&format!("{path}/cancel"), why, &[200]).await?;
            self.send("DELETE", &at, None, &[409]).await?;
            self.asset(serial, "returned").await?;
        }
        self.asset(serial, "available").await?;

        self.send("DELETE", &at, None, &[200]).await?;
        let shown = self.send("GET", &at, None, &[200]).await?;
        self.expect(shown["status"] == "inactive", "the customer is inactive");
        self.order(&email, 2, &[400]).await?;
        let active = json!({ "status": "active" });
        self.send("PUT", &at, Some(active), &[200]).await?;
        // Another quantity, or it would count as a repeat of the first order.
        let made = self.order(&email, 3, &[201]).await?;
        let (order, _) = ids(&made)?;
        self.send("DELETE", &at, None, &[409]).await?;
        self.post(&format!("/v1/orders/{order}/cancel"), json!({}), &[200])
            .await?;
        self.send("DELETE", &at, None, &[200]).await?;
        self.send("DELETE", &at, None, &[200]).await.map(drop)
    }

    /// Several shoppers at once: each answer is one of those that some order of events has.
    async fn shared_customer(&mut self, story: u64) -> Option<()> {
        // No two orders alike, or one would count as a repeat of the other.
        let quantity = 1 + self.number % SHARING + story % 100_000 * SHARING;
        // Counted from the end, which is the same for all.
        let left = self.shop.end.saturating_duration_since(Instant::now());
        let turn = left.as_secs() / SHARED_SECONDS;
        let email = format!("shared{}.{turn}@example.com", self.number / SHARING);
        // 400: another shopper has just deleted the customer.
        let made = self.order(&email, quantity, &[201, 400]).await?;
        let Some((order, customer)) = ids(&made) else {
            let path = format!("/v1/customers?status=all&limit=1&email={email}");
            let found = self.send("GET", &path, None, &[200]).await?;
            let customer = found["customers"][0]["customerId"].as_str()?;
            let active = json!({ "status": "active" });
            let at = format!("/v1/customers/{customer}");
            return self.send("PUT", &at, Some(active), &[200]).await.map(drop);
        };
        let at = format!("/v1/customers/{customer}");
        self.send("DELETE", &at, None, &[409]).await?;
        self.post(&format!("/v1/orders/{order}/cancel"), json!({}), &[200])
            .await?;
        self.send("DELETE", &at, None, &[200, 409]).await.map(drop)
    }

    /// A few pages, by cursor.
    async fn lists(&mut self) -> Option<()> {
        let mut path = "/v1/customers?limit=20&status=all".to_owned();
        for _ in 0..2 {
            let page = self.send("GET", &path, None, &[200]).await?;
            match page["nextCursor"].as_str() {
                Some(next) => path = format!("/v1/customers?limit=20&status=all&startAfter={next}"),
                None => break,
            }
        }
        for path in [
            "/v1/orders?limit=10&status=cancelled",
            "/v1/subscriptions?limit=10",
            "/v1/assets?limit=10&status=rented_out",
        ] {
            self.send("GET", path, None, &[200]).await?;
        }
        Some(())
    }

    async fn order(&mut self, email: &str, quantity: u64, allowed: &[u16]) -> Option<Value> {
        let order = json!({
            "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
            "billingAddress": {
                "contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1", "city": "Berlin",
                "postalCode": "10119", "country": "DE"
            },
            "items": [{ "sku": "NB-14", "quantity": quantity, "contractLength": 12 }]
        });
        self.post("/v1/orders", order, allowed).await
    }

    async fn asset(&mut self, serial: &str, status: &str) -> Option<Value> {
        let path = format!("/v1/assets/{serial}");
        let change = json!({ "status": status });
        self.send("PUT", &path, Some(change), &[200]).await
    }

    async fn post(&mut self, path: &str, body: Value, allowed: &[u16]) -> Option<Value> {
        self.send("POST", path, Some(body), allowed).await
    }

    /// Sends a request when its time has come; the body of an allowed answer.
    async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<Value>,
        allowed: &[u16],
    ) -> Option<Value> {
        tokio::time::sleep_until(self.next.into()).await;
        self.next = (self.next + self.shop.between).max(Instant::now());
        if Instant::now() >= self.shop.end {
            return None;
        }
        let body = body.map(|body| body.to_string());
        let bytes = request(method, path, TENANT, &self.shop.key, body.as_deref());
        let sent = Instant::now();
        let answer = exchange(&mut self.connection, &self.shop.address, &bytes).await;
        match answer {
            Ok((status, body)) => {
                self.shop.tally.answered(sent.elapsed());
                if allowed.contains(&status) {
                    return Some(body);
                }
                let what = format!("{method} {path}: {status} instead of {allowed:?}: {body}");
                self.shop.tally.trouble(&what);
            }
            Err(error) => {
                self.connection = None;
                let what = format!("{method} {path}: {error}");
                self.shop.tally.trouble(&what);
            }
        }
        None
    }

    fn expect(&self, holds: bool, what: &str) {
        if !holds {
            let what = format!("it does not hold that {what}");
            self.shop.tally.trouble(&what);
        }
    }
}

async fn exchange(
    connection: &mut Option<Connection>,
    address: &str,
    request: &[u8],
) -> std::io::Result<(u16, Value)> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(Connection::open(address).await?),
    };
    let (status, body) = connection.exchange(request).await?;
    let body = serde_json::from_slice(body).map_err(std::io::Error::other)?;
    Ok((status, body))
}

/// Ids of a new order and its customer.
fn ids(made: &Value) -> Option<(String, String)> {
    let customer = &made["order"]["customer"]["customerId"];
    Some((
        made["orderId"].as_str()?.to_owned(),
        customer.as_str()?.to_owned(),
    ))
}
