//! The README's tour with the Rust client: order, delete, list, reactivate.
//!
//! `cargo run -p client --example tour -- http://127.0.0.1:8080 TENANT KEY`

use client::types::support::{DecodeError, decode_value};
use client::types::{
    CustomerStatus, CustomerStatusFilter, CustomerUpdate, OrderCreate, ProductCreate,
};
use client::{Client, ListCustomersParams};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, tenant, key] = arguments.as_slice() else {
        return Err("usage: tour URL TENANT KEY".into());
    };
    let client = Client::builder(url).token(key).tenant_id(tenant).build()?;

    client.create_product(&notebook()?).await?;
    let order = client.create_order(&order("grace@example.com")?).await?;
    let customer = &order.order.customer.customer_id;

    // While the order is open, deletion is refused and says what stands in the way.
    if let Err(error) = client.delete_customer(customer).await {
        println!("not yet: {error}");
    }
    client.cancel_order(&order.order_id, None).await?;
    println!("{}", client.delete_customer(customer).await?.message);

    // Hidden by default, and still there.
    let inactive = ListCustomersParams::new().status(CustomerStatusFilter::Inactive);
    let mut customers = client.list_customers_stream_with(inactive);
    while let Some(customer) = customers.next().await {
        let customer = customer?;
        println!("{} {}", customer.email, customer.status.as_str());
    }

    let active = CustomerUpdate {
        status: Some(CustomerStatus::Active),
        ..Default::default()
    };
    println!(
        "{}",
        client
            .update_customer(customer, Some(&active))
            .await?
            .message
    );
    Ok(())
}

/// Bodies can be built field by field, or read from JSON, which checks them against the contract.
fn notebook() -> Result<ProductCreate, DecodeError> {
    decode_value(&json!({
        "productSku": "NB",
        "name": "Notebook",
        "specification": "16 GB",
        "category": "Laptops",
        "brand": "Example",
        "variants": [{
            "variantSku": "NB-14",
            "variantName": "Notebook 14",
            "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": 49.90 }]
        }]
    }))
}

fn order(email: &str) -> Result<OrderCreate, DecodeError> {
    decode_value(&json!({
        "customer": { "email": email, "firstName": "Grace", "lastName": "Hopper" },
        "billingAddress": {
            "contactName": "Grace Hopper",
            "streetAddress": "Torstrasse 1",
            "city": "Berlin",
            "country": "DE"
        },
        "items": [{ "sku": "NB-14", "quantity": 1 }]
    }))
}
