//! Orders, subscriptions and payments of the year.

use serde_json::{Value, json};

use super::{Year, text};
use crate::suite::support::order_body;

impl Year {
    /// An order of an old or a new customer.
    pub(super) async fn order(&mut self) {
        let email = match self.emails.len() < 4 || self.random.chance(25) {
            true => {
                let email = format!("{}@example.com", self.name("c"));
                self.emails.push(email.clone());
                email
            }
            false => self.random.pick(&self.emails).clone(),
        };
        let sku = *self.random.pick(&["S", "L"]);
        let mut body = order_body(&email, sku, self.random.within(1, 3).unsigned_abs());
        body["items"][0]["contractLength"] = json!(self.random.pick(&[1, 3, 6, 12]));
        // Two orders that say the same within a minute are one.
        body["notes"] = json!(self.name("order "));
        let number = self.emails.iter().position(|it| *it == email);
        if number.is_some_and(|number| number % 2 == 0) {
            body["customer"]["customerType"] = json!("business");
        }
        let answer = self.app.post("/v1/orders", body).await;
        if self.noted("createOrder", &answer, &["CUSTOMER_INACTIVE"]) {
            self.tell("order.created", &answer.text("/orderId"));
        }
    }

    pub(super) async fn confirm(&mut self) {
        if let Some(order) = self.some("/v1/orders?status=pending", "orders").await {
            let path = format!("/v1/orders/{}/confirm", text(&order, "orderId"));
            let answer = self.app.post(&path, json!({})).await;
            self.noted("confirmOrder", &answer, &[]);
        }
    }

    pub(super) async fn cancel_order(&mut self) {
        let status = *self
            .random
            .pick(&["pending", "confirmed", "partial", "fulfilled"]);
        if let Some(order) = self
            .some(&format!("/v1/orders?status={status}"), "orders")
            .await
        {
            let path = format!("/v1/orders/{}/cancel", text(&order, "orderId"));
            let answer = self.app.post(&path, json!({})).await;
            let refusals = match status {
                "pending" | "confirmed" => &[][..],
                _ => &["ORDER_NOT_CANCELLABLE"],
            };
            self.noted("cancelOrder", &answer, refusals);
        }
    }

    /// Hands a device of an order out.
    pub(super) async fn activate(&mut self) {
        let status = *self.random.pick(&["confirmed", "partial"]);
        let order = self
            .some(&format!("/v1/orders?status={status}"), "orders")
            .await;
        let Some(order) = order else {
            return self.confirm().await;
        };
        let (sku, serial) = (text(&order["items"][0], "sku"), self.name("D"));
        self.app.asset(&serial, sku).await;
        let customer = text(&order["customer"], "customerId");
        let mut body = json!({
            "orderId": text(&order, "orderId"), "customerId": customer,
            "assetSerialNumber": serial
        });
        if self.random.chance(30) {
            let days = self.random.within(-40, 40);
            let day = self.app.clock().now() + jiff::SignedDuration::from_hours(24 * days);
            body["startDate"] = json!(day.to_string());
        }
        if self.random.chance(50) {
            let groups = format!("/v1/billing-groups?customerId={customer}&status=active");
            if let Some(group) = self.some(&groups, "billingGroups").await {
                body["billingGroupId"] = group["billingGroupId"].clone();
            }
        }
        let joins = body.get("billingGroupId").is_some();
        let answer = self.app.post("/v1/subscriptions", body).await;
        if self.noted("createSubscription", &answer, &[]) {
            self.tell("asset.assigned", &serial);
            if joins {
                self.noted("joinBillingGroup", &answer, &[]);
            }
        }
    }

    async fn rental(&mut self) -> Option<Value> {
        self.some("/v1/subscriptions?status=active", "rentals")
            .await
    }

    pub(super) async fn extend(&mut self) {
        if let Some(rental) = self.rental().await {
            let mut body = json!({
                "extensionMonths": self.random.within(1, 6), "reason": "more time"
            });
            if self.random.chance(50) {
                body["newMonthlyAmount"] = json!(self.random.within(20, 60));
            }
            self.act(&rental, "extend", body, &[]).await;
        }
    }

    pub(super) async fn upgrade(&mut self) {
        if let Some(rental) = self.rental().await {
            let (sku, serial) = (*self.random.pick(&["S", "L"]), self.name("D"));
            self.app.asset(&serial, sku).await;
            let body = json!({
                "newSku": sku, "newSerialNumber": serial, "newMonthlyAmount": 45,
                "contractLength": self.random.pick(&[1, 3, 6, 12]), "reason": "more power"
            });
            if self.act(&rental, "upgrade", body, &[]).await {
                self.tell("asset.assigned", &serial);
            }
        }
    }

    pub(super) async fn replace(&mut self) {
        if let Some(rental) = self.rental().await {
            let serial = self.name("D");
            self.app.asset(&serial, text(&rental, "sku")).await;
            let body = json!({ "newSerialNumber": serial, "replacementReason": "damaged" });
            if self.act(&rental, "replace", body, &[]).await {
                self.tell("asset.assigned", &serial);
            }
        }
    }

    /// Ends some contract in some way.
    pub(super) async fn end(&mut self) {
        let Some(rental) = self.rental().await else {
            return;
        };
        let action =
            *self
                .random
                .pick(&["buyout", "early-return", "cancel", "complete", "complete"]);
        // What can be completed is rare: it is looked for.
        let rental = match action {
            "complete" => {
                let today = self.app.clock().now();
                let path = format!("/v1/subscriptions?status=active&endDateTo={today}");
                self.some(&path, "rentals").await.unwrap_or(rental)
            }
            _ => rental,
        };
        let (body, refusals) = match action {
            "buyout" => (json!({ "reason": "other" }), &[][..]),
            "early-return" => (early_return(), &[][..]),
            "cancel" => (json!({ "reason": "other" }), &[][..]),
            _ => (json!({}), &["CONTRACT_NOT_ENDED"][..]),
        };
        self.finish(&rental, action, body, refusals).await;
    }

    /// Ends a contract.
    pub(super) async fn finish(
        &mut self,
        rental: &Value,
        action: &str,
        body: Value,
        refusals: &[&str],
    ) {
        let ended = self.act(rental, action, body, refusals).await;
        if ended && ["early-return", "complete"].contains(&action) {
            self.tell("asset.returned", text(rental, "assetSerialNumber"));
        }
    }

    async fn act(&mut self, rental: &Value, action: &str, body: Value, refusals: &[&str]) -> bool {
        let path = format!("/v1/subscriptions/{}/{action}", text(rental, "rentalId"));
        let answer = self.app.post(&path, body).await;
        self.noted(action, &answer, refusals)
    }

    /// Mostly what is due is paid; some payments fail, some are waived.
    pub(super) async fn settle_payment(&mut self) {
        let today = self.app.clock().now();
        let filter = *self
            .random
            .pick(&["pending", "pending", "failed", "processing"]);
        // Now and then somebody pays ahead.
        let path = match self.random.chance(15) {
            true => format!("/v1/payments?status={filter}"),
            false => format!("/v1/payments?status={filter}&dueDateTo={today}"),
        };
        let Some(payment) = self.some(&path, "payments").await else {
            return;
        };
        let (action, operation, body) = match self.random.below(10) {
            0 => ("cancel", "cancelPayment", json!({ "reason": "waived" })),
            1 => (
                "record-attempt",
                "record-attempt",
                json!({ "status": "processing" }),
            ),
            2 | 3 => (
                "record-attempt",
                "record-attempt",
                json!({ "status": "failed" }),
            ),
            _ => ("mark-paid", "mark-paid", json!({})),
        };
        let path = format!("/v1/payments/{}/{action}", text(&payment, "paymentId"));
        let answer = self.app.post(&path, body).await;
        let refusals = match filter {
            "processing" => &["PAYMENT_PROCESSING"][..],
            _ => &[],
        };
        self.noted(operation, &answer, refusals);
    }
}

pub(super) fn early_return() -> Value {
    json!({ "returnCondition": "good", "reason": "done" })
}
