//! Billing groups: one payment a month for several subscriptions, and never one too many or too few.

mod changes;
mod checks;
mod ends;
mod payments;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::suite::support::{App, order_body};

/// What is pending of a customer: (due, `individual` or `consolidated`, total).
pub(crate) type Pending = Vec<(String, String, f64)>;

impl App {
    /// A business customer with subscriptions of these devices, each 50.00 a month for a year from today:
    /// (customer, subscriptions).
    pub(super) async fn company(&self, email: &str, serials: &[&str]) -> (String, Vec<String>) {
        if self.get("/v1/products/variants?sku=SKU").await.is(200)["count"] == 0 {
            self.variant("SKU").await;
        }
        let mut order = order_body(email, "SKU", serials.len() as u64);
        order["customer"]["customerType"] = json!("business");
        let answer = self.post("/v1/orders", order).await;
        answer.is(201);
        let (id, customer) = (
            answer.text("/orderId"),
            answer.text("/order/customer/customerId"),
        );
        self.confirm(&id).await;
        let mut rentals = Vec::new();
        for serial in serials {
            self.asset(serial, "SKU").await;
            rentals.push(self.subscribe(&id, &customer, serial).await);
        }
        (customer, rentals)
    }

    /// A group that collects on a day: its id.
    pub(super) async fn grouped(&self, customer: &str, day: i64, rentals: &[String]) -> String {
        let body = json!({
            "customerId": customer, "groupName": "Office", "billingDay": day, "rentalIds": rentals
        });
        let answer = self.post("/v1/billing-groups", body).await;
        answer.is(201);
        answer.text("/billingGroup/billingGroupId")
    }

    async fn regroup(&self, group: &str, change: Value) -> Value {
        let answer = self
            .patch(&format!("/v1/billing-groups/{group}"), change)
            .await;
        let changed = answer.is(200)["billingGroup"].clone();
        let read = self.get(&format!("/v1/billing-groups/{group}")).await;
        assert_eq!(read.is(200)["billingGroup"], changed);
        changed
    }

    /// Payments by due date; `filter` as in a query.
    async fn bills(&self, filter: &str) -> Vec<Value> {
        let path = format!("/v1/payments?{filter}&sortBy=dueDate&sortDir=asc&limit=100");
        let answer = self.get(&path).await;
        assert_eq!(answer.is(200)["hasMore"], false);
        answer.body["payments"].as_array().expect("a list").clone()
    }

    async fn pending(&self, customer: &str) -> Pending {
        let filter = format!("customerId={customer}&status=pending");
        let text =
            |payment: &Value, name: &str| payment[name].as_str().expect("it is there").to_owned();
        let payments = self.bills(&filter).await.into_iter();
        payments
            .map(|it| {
                let total = it["total"].as_f64().expect("it is there");
                (text(&it, "dueDate"), text(&it, "paymentType"), total)
            })
            .collect()
    }

    /// What is pending for each subscription, by billing period: payments of groups count by their line items.
    async fn owed(&self, customer: &str) -> BTreeMap<(String, String), f64> {
        let mut owed = BTreeMap::new();
        let filter = format!("customerId={customer}&status=pending");
        for payment in self.bills(&filter).await {
            let period = payment["billingPeriod"].as_str().expect("it is there");
            let mut add = |rental: &Value, amount: &Value| {
                let key = (
                    rental.as_str().expect("it is there").to_owned(),
                    period.to_owned(),
                );
                let before = owed.insert(key.clone(), amount.as_f64().expect("it is there"));
                assert_eq!(before, None, "{key:?} is owed twice");
            };
            match payment["lineItems"].as_array() {
                None => add(&payment["rentalId"], &payment["subtotal"]),
                Some(items) => {
                    let sum: f64 = items
                        .iter()
                        .map(|it| it["amount"].as_f64().expect("it is there"))
                        .sum();
                    assert_eq!(Some(sum), payment["subtotal"].as_f64());
                    for item in items {
                        add(&item["rentalId"], &item["amount"]);
                    }
                }
            }
        }
        owed
    }

    async fn read_rental(&self, id: &str) -> Value {
        let answer = self.get(&format!("/v1/subscriptions/{id}")).await;
        answer.is(200).clone()
    }
}
