//! Customers put into a database directly, many at a time.

use jiff::Timestamp;
use store::{CustomerRow, CustomerStatus, CustomerTotals, CustomerType, Store, customers};

/// Adds active customers without any business.
pub async fn customers(store: &Store, tenant: &str, ids: Vec<String>) {
    let tenant = tenant.to_owned();
    store
        .write(move |tx| {
            for id in &ids {
                let at = Timestamp::from_second(1_780_000_000).expect("an instant");
                let email = format!("{id}@example.com");
                customers::insert(
                    tx,
                    &CustomerRow {
                        tenant_id: tenant.clone(),
                        id: id.clone(),
                        email_key: customers::email_key(&email),
                        email,
                        first_name: "Ada".into(),
                        last_name: "Lovelace".into(),
                        company: None,
                        phone: None,
                        customer_type: CustomerType::Individual,
                        status: CustomerStatus::Active,
                        custom_fields: None,
                        billing_address: None,
                        shipping_address: None,
                        totals: CustomerTotals::default(),
                        first_start: None,
                        created_at: at,
                        updated_at: at,
                        created_by: "key_test".into(),
                    },
                )?;
            }
            Ok::<_, store::Error>(())
        })
        .await
        .expect("customers can be added");
}
