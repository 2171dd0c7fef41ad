//! Subscriptions over HTTP: every rule of their life, each under the name of what it demands.

mod buyout;
mod cancel;
mod complete;
mod contract_end;
mod create;
mod create_checks;
mod device_races;
mod early_return;
mod extend;
mod figures;
mod list;
mod periods;
mod races;
mod read;
mod replace;
mod schedule;
mod upgrade;

use crate::suite::support::{Answer, App, TENANT};
use serde_json::{Value, json};
use store::{BillingGroupRow, BillingGroupStatus, PaymentRow, PaymentStatus};

/// The body of an order of `quantity` × `sku` for 12 months.
fn order_body(email: &str, sku: &str, quantity: u64) -> Value {
    json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada Lovelace", "streetAddress": "Torstrasse 1", "city": "Berlin",
            "country": "DE"
        },
        "items": [{ "sku": sku, "quantity": quantity, "contractLength": 12 }]
    })
}

impl App {
    /// What the server tells of a subscription.
    async fn rental(&self, id: &str) -> Value {
        self.get(&format!("/v1/subscriptions/{id}"))
            .await
            .is(200)
            .clone()
    }

    /// A lifecycle operation of a subscription.
    async fn act(&self, id: &str, action: &str, body: Value) -> Answer {
        self.post(&format!("/v1/subscriptions/{id}/{action}"), body)
            .await
    }

    async fn get_asset(&self, serial: &str) -> Value {
        self.get(&format!("/v1/assets/{serial}"))
            .await
            .is(200)
            .clone()
    }

    async fn get_order(&self, id: &str) -> Value {
        self.get(&format!("/v1/orders/{id}")).await.is(200).clone()
    }

    /// The payments of a subscription by due date.
    async fn payments(&self, rental: &str) -> Vec<PaymentRow> {
        let rental = rental.to_owned();
        let rows = self.service.store();
        rows.read_in(&TENANT.into(), move |tx| {
            store::payments::of_rental(tx, &rental)
        })
        .await
        .expect("payments are readable")
    }

    /// Due dates of the payments in a status.
    async fn due(&self, rental: &str, status: PaymentStatus) -> Vec<String> {
        let rows = self.payments(rental).await.into_iter();
        rows.filter(|row| row.status == status)
            .map(|row| row.due_date.to_string())
            .collect()
    }

    /// Marks the first payments of a subscription as paid.
    async fn pay(&self, rental: &str, count: usize) {
        let now = self.clock().now();
        for mut row in self.payments(rental).await.into_iter().take(count) {
            row.status = PaymentStatus::Paid;
            row.paid_at = Some(now);
            let written = self.service.store();
            written
                .write_in(&TENANT.into(), move |tx| store::payments::update(tx, &row))
                .await
                .expect("payments are writable");
        }
    }

    /// A contract of `months` × `price` for a customer and a device of its own. `more` goes into
    /// the request, but `setupFee` into the price list and `customerType` into the order.
    async fn lend(&self, serial: &str, months: u64, price: Value, mut more: Value) -> String {
        let mut tier = json!({ "contractLength": months, "monthlyPrice": price });
        let mut order = order_body(&format!("{serial}@example.com"), serial, 1);
        order["items"][0]["contractLength"] = json!(months);
        let more = more.as_object_mut().expect("an object");
        if let Some(fee) = more.remove("setupFee") {
            tier["setupFee"] = fee;
        }
        if let Some(kind) = more.remove("customerType") {
            order["customer"]["customerType"] = kind;
        }
        self.priced(serial, json!([tier])).await;
        self.asset(serial, serial).await;
        let answer = self.post("/v1/orders", order).await;
        answer.is(201);
        let (id, customer) = (
            answer.text("/orderId"),
            answer.text("/order/customer/customerId"),
        );
        self.confirm(&id).await;
        let mut body =
            json!({ "orderId": id, "customerId": customer, "assetSerialNumber": serial });
        body.as_object_mut()
            .expect("an object")
            .append(&mut more.clone());
        let answer = self.post("/v1/subscriptions", body).await;
        answer.is(201);
        answer.text("/rentalId")
    }

    /// A billing group.
    async fn group(&self, id: &str, customer: &str, status: BillingGroupStatus) {
        let row = BillingGroupRow {
            tenant_id: TENANT.into(),
            id: id.into(),
            customer_id: customer.into(),
            group_name: "Studio".into(),
            billing_day: 1,
            status,
            notes: None,
            created_at: self.clock().now(),
            updated_at: self.clock().now(),
            created_by: "key".into(),
        };
        let written = self.service.store();
        written
            .write_in(&TENANT.into(), move |tx| {
                store::billing_groups::insert(tx, &row)
            })
            .await
            .expect("groups are writable");
    }

    /// A product with one variant `sku` at these prices.
    async fn priced(&self, sku: &str, pricing: Value) {
        self.post(
            "/v1/products",
            json!({
                "productSku": format!("P-{sku}"),
                "name": format!("Device {sku}"),
                "specification": "16 GB",
                "category": "laptops",
                "brand": "Acme",
                "variants": [{
                    "variantSku": sku, "variantName": sku, "grade": "A", "pricing": pricing
                }]
            }),
        )
        .await
        .is(201);
    }

    /// Types of the events since there were `before` of them.
    async fn events_since(&self, before: usize) -> Vec<String> {
        self.event_kinds().await.split_off(before)
    }
}

/// The refusal that every lifecycle operation gives for an ended subscription.
const ENDED: (u16, &str) = (400, "SUBSCRIPTION_NOT_ACTIVE");

/// Every operation that needs an active subscription, with a body that is otherwise right.
fn operations_on_active() -> Vec<(&'static str, Value)> {
    vec![
        (
            "extend",
            json!({ "extensionMonths": 6, "reason": "more time" }),
        ),
        (
            "upgrade",
            json!({
                "newSku": "SKU", "newSerialNumber": "SPARE", "contractLength": 12,
                "newMonthlyAmount": 60, "reason": "more power"
            }),
        ),
        (
            "replace",
            json!({ "newSerialNumber": "SPARE", "replacementReason": "damaged" }),
        ),
        ("buyout", json!({ "reason": "customer_request" })),
        (
            "early-return",
            json!({ "returnCondition": "good", "reason": "done" }),
        ),
        ("complete", json!({})),
    ]
}
