//! Steps that most tests begin with, each one a request.

use serde_json::{Value, json};

use super::App;

/// A complete address.
pub fn address() -> Value {
    json!({
        "contactName": "Ada Lovelace",
        "streetAddress": "Torstrasse 1",
        "city": "Berlin",
        "postalCode": "10119",
        "country": "DE"
    })
}

/// The body of an order of `quantity` × `sku` for `email`.
pub fn order_body(email: &str, sku: &str, quantity: u64) -> Value {
    json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": address(),
        "items": [{ "sku": sku, "quantity": quantity, "contractLength": 12 }]
    })
}

impl App {
    /// A product `PHONE` in category `laptops` with one variant `sku`: 12 months at 50.00 a month,
    /// 24 at 40.00, list price 1000.00, acquisition cost 600.00.
    pub async fn variant(&self, sku: &str) -> String {
        let answer = self
            .post(
                "/v1/products",
                json!({
                    "productSku": format!("P-{sku}"),
                    "name": "Notebook",
                    "specification": "16 GB",
                    "category": "laptops",
                    "brand": "Acme",
                    "variants": [{
                        "variantSku": sku,
                        "variantName": "Notebook grey",
                        "grade": "A",
                        "listPrice": 1000,
                        "acquisitionCost": 600,
                        "pricing": [
                            { "contractLength": 12, "monthlyPrice": 50 },
                            { "contractLength": 24, "monthlyPrice": 40 }
                        ]
                    }]
                }),
            )
            .await;
        answer.is(201);
        answer.text("/productId")
    }

    /// An available asset.
    pub async fn asset(&self, serial: &str, sku: &str) {
        self.post("/v1/assets", json!({ "serialNumber": serial, "sku": sku }))
            .await
            .is(201);
    }

    /// A pending order: (order id, customer id).
    pub async fn order(&self, email: &str, sku: &str, quantity: u64) -> (String, String) {
        let answer = self
            .post("/v1/orders", order_body(email, sku, quantity))
            .await;
        answer.is(201);
        (
            answer.text("/orderId"),
            answer.text("/order/customer/customerId"),
        )
    }

    pub async fn confirm(&self, order: &str) {
        self.post(&format!("/v1/orders/{order}/confirm"), json!({}))
            .await
            .is(200);
    }

    pub async fn cancel_order(&self, order: &str) {
        self.post(&format!("/v1/orders/{order}/cancel"), json!({}))
            .await
            .is(200);
    }

    /// A subscription made from a confirmed order.
    pub async fn subscribe(&self, order: &str, customer: &str, serial: &str) -> String {
        let answer = self
            .post(
                "/v1/subscriptions",
                json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial }),
            )
            .await;
        answer.is(201);
        answer.text("/rentalId")
    }

    /// A customer without any open business (needs the variant `SKU`, made at the first call).
    pub async fn customer(&self, email: &str) -> String {
        if self.get("/v1/products/variants?sku=SKU").await.is(200)["count"] == 0 {
            self.variant("SKU").await;
        }
        let (order, customer) = self.order(email, "SKU", 1).await;
        self.cancel_order(&order).await;
        customer
    }

    /// A customer with one active subscription of the asset `serial`:
    /// (customer id, order id, rental id).
    pub async fn renting(&self, email: &str, serial: &str) -> (String, String, String) {
        if self.get("/v1/products/variants?sku=SKU").await.is(200)["count"] == 0 {
            self.variant("SKU").await;
        }
        self.asset(serial, "SKU").await;
        let (order, customer) = self.order(email, "SKU", 1).await;
        self.confirm(&order).await;
        let rental = self.subscribe(&order, &customer, serial).await;
        (customer, order, rental)
    }

    /// What is stored of a customer.
    pub async fn get_customer(&self, id: &str) -> Value {
        self.get(&format!("/v1/customers/{id}"))
            .await
            .is(200)
            .clone()
    }
}
