//! Billing groups, devices that come back, and customers who leave and return.

use serde_json::{Value, json};

use super::business::early_return;
use super::{Year, text};

impl Year {
    async fn customer(&mut self, filter: &str) -> Option<String> {
        let path = format!("/v1/customers?{filter}");
        let customer = self.some(&path, "customers").await?;
        Some(text(&customer, "customerId").to_owned())
    }

    /// Makes a billing group, changes one, or dissolves one.
    pub(super) async fn group(&mut self) {
        let group = self.some("/v1/billing-groups", "billingGroups").await;
        match (group, self.random.below(10)) {
            (Some(group), 0) => {
                let path = format!("/v1/billing-groups/{}", text(&group, "billingGroupId"));
                let answer = self.app.delete(&path).await;
                self.noted("deleteBillingGroup", &answer, &[]);
            }
            (Some(group), 1..=6) => self.change_group(&group).await,
            _ => {
                let kind = *self
                    .random
                    .pick(&["business", "business", "business", "individual"]);
                let filter = format!("status=active&customerType={kind}&hasActiveRentals=true");
                let Some(customer) = self.customer(&filter).await else {
                    return;
                };
                let rentals = self.some_rentals(&customer).await;
                if rentals.is_empty() {
                    return;
                }
                let body = json!({
                    "customerId": customer, "groupName": self.name("Group "),
                    "billingDay": self.random.within(1, 28), "rentalIds": rentals
                });
                let answer = self.app.post("/v1/billing-groups", body).await;
                self.noted("createBillingGroup", &answer, &["CUSTOMER_NOT_BUSINESS"]);
            }
        }
    }

    async fn change_group(&mut self, group: &Value) {
        let change = match self.random.below(4) {
            0 => json!({ "billingDay": self.random.within(1, 28) }),
            1 => json!({ "status": self.random.pick(&["active", "inactive", "active"]) }),
            2 => json!({ "status": "active", "billingDay": self.random.within(1, 28) }),
            _ => {
                let customer = text(group, "customerId");
                json!({ "rentalIds": self.some_rentals(customer).await })
            }
        };
        let path = format!("/v1/billing-groups/{}", text(group, "billingGroupId"));
        let answer = self.app.patch(&path, change).await;
        self.noted("updateBillingGroup", &answer, &["CUSTOMER_INACTIVE"]);
    }

    /// Some of the active subscriptions of a customer.
    async fn some_rentals(&mut self, customer: &str) -> Vec<String> {
        let path = format!("/v1/subscriptions?customerId={customer}&status=active");
        let rentals = self.all(&path, "rentals").await;
        let ids = rentals.iter().map(|it| text(it, "rentalId").to_owned());
        ids.filter(|_| self.random.chance(70)).collect()
    }

    /// Records that a device came back whose contract is over.
    pub(super) async fn return_device(&mut self) {
        let devices = self.all("/v1/assets?status=rented_out", "assets").await;
        for device in devices {
            let rental = format!("/v1/subscriptions/{}", text(&device, "rentalId"));
            let over = self.app.get(&rental).await.is(200)["status"] != "active";
            if over && self.random.chance(50) {
                return self.take_back(text(&device, "serialNumber")).await;
            }
        }
    }

    async fn take_back(&mut self, serial: &str) {
        let body = json!({ "status": self.random.pick(&["returned", "available"]) });
        let answer = self.app.put(&format!("/v1/assets/{serial}"), body).await;
        if self.noted("returnDevice", &answer, &[]) {
            self.tell("asset.returned", serial);
        }
    }

    /// Deletes a customer, or is refused by exactly what stands in the way.
    pub(super) async fn delete_customer(&mut self) {
        let Some(customer) = self.customer("status=active").await else {
            return;
        };
        let of = format!("customerId={customer}");
        let path = format!("/v1/subscriptions?status=active&{of}");
        let renting = !self.all(&path, "rentals").await.is_empty();
        let mut ordering = false;
        for status in ["pending", "confirmed", "partial"] {
            let path = format!("/v1/orders?status={status}&{of}");
            ordering |= !self.all(&path, "orders").await.is_empty();
        }
        let path = format!("/v1/assets?status=rented_out&{of}");
        let holding = !self.all(&path, "assets").await.is_empty();
        let answer = self.app.delete(&format!("/v1/customers/{customer}")).await;
        let refusals = match (renting, ordering, holding) {
            (true, ..) => &["CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS"][..],
            (_, true, _) => &["CUSTOMER_HAS_PENDING_ORDERS"],
            (_, _, true) => &["CUSTOMER_HAS_UNRETURNED_DEVICES"],
            _ => &[],
        };
        if self.noted("deleteCustomer", &answer, refusals) {
            assert!(
                refusals.is_empty(),
                "{customer} is deleted despite {refusals:?}"
            );
            self.tell("customer.deactivated", &customer);
        }
    }

    pub(super) async fn reactivate(&mut self) {
        if let Some(customer) = self.customer("status=inactive").await {
            let body = json!({ "status": "active" });
            let path = format!("/v1/customers/{customer}");
            let answer = self.app.put(&path, body).await;
            if self.noted("reactivate", &answer, &[]) {
                self.tell("customer.reactivated", &customer);
            }
        }
    }

    /// A customer settles everything that stands in the way of a deletion, and is deleted.
    pub(super) async fn one_customer_leaves(&mut self) {
        let Some(customer) = self.customer("status=active").await else {
            return;
        };
        let of = format!("customerId={customer}");
        let path = format!("/v1/subscriptions?status=active&{of}");
        for rental in self.all(&path, "rentals").await {
            self.finish(&rental, "early-return", early_return(), &[])
                .await;
        }
        for status in ["pending", "confirmed", "partial"] {
            let path = format!("/v1/orders?status={status}&{of}");
            for order in self.all(&path, "orders").await {
                let path = format!("/v1/orders/{}/cancel", text(&order, "orderId"));
                let answer = self.app.post(&path, json!({})).await;
                self.noted("cancelOrder", &answer, &[]);
            }
        }
        let path = format!("/v1/assets?status=rented_out&{of}");
        for device in self.all(&path, "assets").await {
            self.take_back(text(&device, "serialNumber")).await;
        }
        let answer = self.app.delete(&format!("/v1/customers/{customer}")).await;
        if self.noted("deleteCustomer", &answer, &[]) {
            self.tell("customer.deactivated", &customer);
        }
    }
}
