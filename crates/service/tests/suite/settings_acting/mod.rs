//! Every setting acts: each is set through the API, and the test that has its name fails when the
//! rules do not ask for it.

mod billing;
pub(super) mod contracts;
mod ends;
mod orders;

use serde_json::{Value, json};

use crate::suite::support::{Answer, App, order_body};

impl App {
    /// An order of one `SKU` for 12 months at 50.00, changed by `more`.
    async fn ordered(&self, more: Value) -> Answer {
        if self.get("/v1/products/variants?sku=SKU").await.is(200)["count"] == 0 {
            self.variant("SKU").await;
        }
        let mut order = order_body("ada@example.com", "SKU", 1);
        merge(&mut order, more);
        // Orders that say the same within a minute are one.
        self.advance(jiff::SignedDuration::from_mins(2));
        self.post("/v1/orders", order).await
    }

    /// A subscription of 12 months at 50.00 from today: the answer that tells of it.
    async fn begun(&self, customer_type: &str, more: Value) -> Value {
        let customer = json!({ "customer": { "customerType": customer_type } });
        let answer = self.ordered(customer).await;
        answer.is(201);
        let (order, serial) = (answer.text("/orderId"), self.spare("SKU").await);
        self.confirm(&order).await;
        let mut body = json!({
            "orderId": order, "customerId": answer.text("/order/customer/customerId"),
            "assetSerialNumber": serial
        });
        merge(&mut body, more);
        let answer = self.post("/v1/subscriptions", body).await;
        answer.is(201)["rental"].clone()
    }

    /// A device that nobody has.
    async fn spare(&self, sku: &str) -> String {
        let count = self.get("/v1/assets?limit=100").await.is(200)["count"].clone();
        let serial = format!("{sku}-{count}");
        self.asset(&serial, sku).await;
        serial
    }

    /// What is scheduled for a subscription, by due date.
    async fn schedule(&self, rental: &Value) -> Vec<Value> {
        let id = rental["rentalId"].as_str().expect("an id");
        let path = format!("/v1/payments?rentalId={id}&sortBy=dueDate&sortDir=asc&limit=100");
        let payments = self.get(&path).await.is(200)["payments"].clone();
        payments.as_array().expect("a list").clone()
    }

    /// An operation of a subscription.
    async fn done(&self, rental: &Value, action: &str, body: Value) -> Answer {
        let id = rental["rentalId"].as_str().expect("an id");
        self.post(&format!("/v1/subscriptions/{id}/{action}"), body)
            .await
    }

    /// A subscription as it is now.
    async fn now(&self, rental: &Value) -> Value {
        let id = rental["rentalId"].as_str().expect("an id");
        let path = format!("/v1/subscriptions/{id}");
        self.get(&path).await.is(200).clone()
    }
}

/// A property of each.
fn each<'a>(rows: &'a [Value], name: &str) -> Vec<&'a Value> {
    rows.iter().map(|row| &row[name]).collect()
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (name, value) in more {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

#[tokio::test]
async fn what_is_only_stored_is_read_back() {
    let app = App::start().await;
    let rounding = json!({ "enabled": true, "mode": "up", "to": 5 });
    for (section, name, value) in [
        ("pricing", "valueRecoveryPercent", json!(80.0)),
        ("pricing", "profitMargin", json!(12.5)),
        ("pricing", "rounding", rounding),
        ("catalog", "categories", json!(["laptops", "phones"])),
        (
            "catalog",
            "conditions",
            json!([{ "name": "worn", "factor": 0.4 }]),
        ),
    ] {
        let before = app.get("/v1/settings").await.is(200)[section][name].clone();
        assert_ne!(before, value, "{name}");
        let settings = app.set(json!({ section: { name: value } })).await;
        assert_eq!(settings[section][name], value);
    }
    app.finish().await;
}
