//! A small tenant to try things on, made by the same rules as everything else.

use serde_json::{Value, json};
use types::support::{Wire, decode};

use api::{
    AssetsApi as _, CancelOrderRequest, CancelOrderResponse, ConfirmOrderRequest,
    ConfirmOrderResponse, CreateAssetRequest, CreateAssetResponse, CreateOrderRequest,
    CreateOrderResponse, CreateProductRequest, CreateProductResponse, CreateSubscriptionRequest,
    CreateSubscriptionResponse, OrdersApi as _, ProductsApi as _, SubscriptionsApi as _,
};

use crate::admin::{self, NewKey, NewTenant};
use crate::call::Context;
use crate::serve::Service;

/// Id of the demo's tenant.
const TENANT: &str = "demo";

/// What to tell somebody who wants to try the demo.
pub struct Demo {
    /// Value of the `Tenant-ID` header.
    pub tenant: &'static str,
    /// A key with every permission.
    pub key: String,
    /// A customer whom nothing keeps from being deleted.
    pub deletable_customer: String,
}

/// Fills an empty database with a tenant, a catalogue, devices, and customers in different
/// situations; `None` when there is a tenant already.
///
/// # Errors
/// A text for people, when the store fails or a rule refuses.
pub async fn fill(service: &Service) -> Result<Option<Demo>, String> {
    let (store, clock) = (service.store(), service.clock());
    if !admin::list_tenants(store).await.map_err(text)?.is_empty() {
        return Ok(None);
    }
    let tenant = NewTenant {
        id: TENANT.into(),
        name: "Demo devices".into(),
        currency: "EUR".into(),
        preset: Some("electronics".into()),
        timezone: "Europe/Berlin".into(),
        tier: "growth".into(),
    };
    admin::create_tenant(store, clock, tenant)
        .await
        .map_err(text)?;
    let key = NewKey {
        tenant: TENANT.into(),
        name: "demo".into(),
        permissions: Vec::new(),
        expires_in_days: None,
    };
    let key = admin::create_key(store, clock, key).await.map_err(text)?;
    let context = service.context(&key.secret, TENANT).await?;

    let demo = Filling { service, context };
    demo.product(
        "NB-14",
        "Notebook 14",
        "Laptops",
        1_299.0,
        840.0,
        [69.0, 54.0],
    )
    .await?;
    demo.product("TAB-11", "Tablet 11", "Tablets", 649.0, 410.0, [34.5, 27.0])
        .await?;
    demo.product(
        "MON-27",
        "Monitor 27",
        "Monitors",
        449.0,
        280.0,
        [21.0, 16.5],
    )
    .await?;
    for (serial, sku) in [
        ("NB14-0001", "NB-14"),
        ("NB14-0002", "NB-14"),
        ("NB14-0003", "NB-14"),
        ("TAB11-0001", "TAB-11"),
        ("TAB11-0002", "TAB-11"),
        ("MON27-0001", "MON-27"),
    ] {
        demo.asset(serial, sku).await?;
    }

    // Rents a notebook and a monitor.
    let (order, ada) = demo
        .order("ada@example.com", ["Ada", "Lovelace"], &["NB-14", "MON-27"])
        .await?;
    demo.confirm(&order).await?;
    demo.subscribe(&order, &ada, "NB14-0001").await?;
    demo.subscribe(&order, &ada, "MON27-0001").await?;
    // Waits for a tablet.
    let (order, _) = demo
        .order("grace@example.com", ["Grace", "Hopper"], &["TAB-11"])
        .await?;
    demo.confirm(&order).await?;
    // Has just ordered.
    demo.order("alan@example.com", ["Alan", "Turing"], &["NB-14"])
        .await?;
    // Changed his mind: nothing is open, so he can be deleted.
    let (order, edsger) = demo
        .order("edsger@example.com", ["Edsger", "Dijkstra"], &["TAB-11"])
        .await?;
    demo.cancel(&order).await?;

    Ok(Some(Demo {
        tenant: TENANT,
        key: key.secret,
        deletable_customer: edsger,
    }))
}

struct Filling<'a> {
    service: &'a Service,
    context: Context,
}

/// Calls an operation and takes the body of its success, or says what was answered instead.
macro_rules! done {
    ($answer:expr, $success:pat => $value:expr) => {
        match $answer.await {
            Ok($success) => Ok($value),
            Ok(other) => Err(format!("the demo was refused: {other:?}")),
            Err(fault) => Err(fault.to_string()),
        }
    };
}

impl Filling<'_> {
    async fn product(
        &self,
        sku: &str,
        name: &str,
        category: &str,
        list_price: f64,
        cost: f64,
        [for_12, for_24]: [f64; 2],
    ) -> Result<(), String> {
        let body = body(json!({
            "productSku": format!("P-{sku}"),
            "name": name,
            "specification": "Business edition",
            "category": category,
            "brand": "Example",
            "variants": [{
                "variantSku": sku,
                "variantName": format!("{name}, grey"),
                "grade": "A",
                "condition": "new",
                "colorName": "grey",
                "listPrice": list_price,
                "acquisitionCost": cost,
                "pricing": [
                    { "contractLength": 12, "monthlyPrice": for_12, "setupFee": 19 },
                    { "contractLength": 24, "monthlyPrice": for_24 }
                ]
            }]
        }))?;
        let request = CreateProductRequest {
            tenant_id: TENANT.into(),
            body,
        };
        let answer = self.service.create_product(self.context.clone(), request);
        done!(answer, CreateProductResponse::Created(_) => ())
    }

    async fn asset(&self, serial: &str, sku: &str) -> Result<(), String> {
        let body = body(json!({ "serialNumber": serial, "sku": sku }))?;
        let request = CreateAssetRequest {
            tenant_id: TENANT.into(),
            body,
        };
        let answer = self.service.create_asset(self.context.clone(), request);
        done!(answer, CreateAssetResponse::Created(_) => ())
    }

    /// (order id, customer id)
    async fn order(
        &self,
        email: &str,
        [first, last]: [&str; 2],
        skus: &[&str],
    ) -> Result<(String, String), String> {
        let items: Vec<Value> = skus
            .iter()
            .map(|sku| json!({ "sku": sku, "quantity": 1, "contractLength": 24 }))
            .collect();
        let body = body(json!({
            "customer": { "email": email, "firstName": first, "lastName": last },
            "billingAddress": {
                "contactName": format!("{first} {last}"),
                "streetAddress": "Torstrasse 1",
                "city": "Berlin",
                "postalCode": "10119",
                "country": "DE"
            },
            "items": items
        }))?;
        let request = CreateOrderRequest {
            tenant_id: TENANT.into(),
            body,
        };
        let answer = self.service.create_order(self.context.clone(), request);
        done!(answer, CreateOrderResponse::Created(made) => (made.order_id, made.order.customer.customer_id))
    }

    async fn confirm(&self, order: &str) -> Result<(), String> {
        let request = ConfirmOrderRequest {
            tenant_id: TENANT.into(),
            order_id: order.into(),
        };
        let answer = self.service.confirm_order(self.context.clone(), request);
        done!(answer, ConfirmOrderResponse::Ok(_) => ())
    }

    async fn cancel(&self, order: &str) -> Result<(), String> {
        let body = body(json!({ "reason": "changed his mind" }))?;
        let request = CancelOrderRequest {
            tenant_id: TENANT.into(),
            order_id: order.into(),
            body: Some(body),
        };
        let answer = self.service.cancel_order(self.context.clone(), request);
        done!(answer, CancelOrderResponse::Ok(_) => ())
    }

    async fn subscribe(&self, order: &str, customer: &str, serial: &str) -> Result<(), String> {
        let body =
            body(json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial }))?;
        let request = CreateSubscriptionRequest {
            tenant_id: TENANT.into(),
            body,
        };
        let answer = self
            .service
            .create_subscription(self.context.clone(), request);
        done!(answer, CreateSubscriptionResponse::Created(_) => ())
    }
}

/// A body of the contract, from JSON.
fn body<T: Wire>(value: Value) -> Result<T, String> {
    decode(value.to_string().as_bytes())
        .map_err(|error| format!("the demo violates the contract: {error:?}"))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
