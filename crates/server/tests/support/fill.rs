//! Customers put into a database directly, many at a time.

use jiff::Timestamp;
use store::{CustomerRow, CustomerStatus, CustomerTotals, CustomerType, Store, customers};

/// Adds active customers without any business.
pub async fn customers(store: &Store, tenant: &str, ids: Vec<String>) {
    let id = tenant.into();
    let tenant = tenant.to_owned();
    store
        .write_in(&id, move |tx| {
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

/// A statement, for every engine, that adds active customers without any business. Their ids are the
/// numbers `first..first + count`.
pub fn numbered(tenant: &str, first: u64, count: u64) -> String {
    let (last, at) = (first + count, created_at(0));
    format!(
        "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, \
         status, created_at, updated_at, created_by) \
         WITH RECURSIVE n(i) AS (SELECT CAST({first} AS BIGINT) UNION ALL \
         SELECT i + 1 FROM n WHERE i + 1 < {last}) \
         SELECT '{tenant}', CAST(i AS TEXT), CAST(i AS TEXT) || '@example.com', \
         CAST(i AS TEXT) || '@example.com', 'Ada', 'Lovelace', 'individual', 'active', {at} + i, \
         {at} + i, 'key_bench' FROM n"
    )
}

/// Id of the `number`th customer of [`business`].
pub fn customer_id(number: u64) -> String {
    format!("cust_01KBENCH0000000000{number:08}")
}

/// Id of the first payment of the `number`th customer of [`business`].
pub fn payment_id(number: u64) -> String {
    format!("pay_01KBENCH0000000000{number:08}1")
}

/// Statements, for every engine, after which nothing of [`business`] has been paid.
pub const UNPAID: [&str; 3] = [
    "UPDATE payments SET status = 'pending'",
    "UPDATE subscriptions SET total_collected = 0",
    "UPDATE customers SET lifetime_collected = 0",
];

/// When the `number`th customer of [`business`] came into being, in microseconds: a second after
/// the one before.
pub fn created_at(number: u64) -> u64 {
    1_780_000_000_000_000 + number * 1_000_000
}

/// Statements, for every engine, that add the catalogue of [`business`].
pub fn catalogue(tenant: &str) -> [String; 2] {
    let at = created_at(0);
    [
        format!(
            "INSERT INTO products (tenant_id, id, product_sku, name, specification, category, brand, \
             images, status, created_at, updated_at) VALUES ('{tenant}', 'prod_bench', 'P-NB', \
             'Notebook', '16 GB', 'Laptops', 'Example', '[]', 'active', {at}, {at})"
        ),
        format!(
            "INSERT INTO variants (tenant_id, id, product_id, variant_sku, name, grade, images, \
             list_price, acquisition_cost, pricing, status, created_at, updated_at) \
             VALUES ('{tenant}', 'var_bench', 'prod_bench', 'NB-14', 'Notebook 14', 'A', '[]', \
             100000, 60000, '[{{\"contractLength\":12,\"monthlyPrice\":5000}}]', 'active', {at}, {at})"
        ),
    ]
}

/// Statements, for every engine, that add customers with the numbers `first..first + count`, each
/// with a past: a fulfilled order, a returned device, an ended subscription, two paid payments.
/// Nothing keeps them from being deleted.
pub fn business(tenant: &str, first: u64, count: u64) -> [String; 7] {
    let last = first + count;
    // What stands behind one prefix and the number, as wide as the ids of the server.
    let id = |prefix: &str| {
        format!("'{prefix}01KBENCH0000000000' || substr(CAST(100000000 + i AS TEXT), 2)")
    };
    let (customer, order, rental) = (id("cust_"), id("ord_"), id("sub_"));
    let serial = id("NB-");
    let email = format!("{} || '@example.com'", id("mail."));
    let at = format!("{} + i * 1000000", created_at(0));
    let address = "'{\"contactName\":\"Ada Lovelace\",\"streetAddress\":\"Torstrasse 1\",\
                   \"city\":\"Berlin\",\"postalCode\":\"10119\",\"country\":\"DE\"}'";
    let snapshot = format!(
        "'{{\"customerId\":\"' || {customer} || '\",\"email\":\"' || {email} || \
         '\",\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"customerType\":\"individual\"}}'"
    );
    let insert = |table: &str, values: &[(&str, &str)]| {
        let columns: Vec<&str> = values.iter().map(|(column, _)| *column).collect();
        let values: Vec<&str> = values.iter().map(|(_, value)| *value).collect();
        format!(
            "INSERT INTO {table} (tenant_id, {}) \
             WITH RECURSIVE n(i) AS (SELECT CAST({first} AS BIGINT) UNION ALL \
             SELECT i + 1 FROM n WHERE i + 1 < {last}) SELECT '{tenant}', {} FROM n",
            columns.join(", "),
            values.join(", "),
        )
    };
    let customers = insert(
        "customers",
        &[
            ("id", &customer),
            ("email", &email),
            ("email_key", &format!("lower({email})")),
            ("first_name", "'Ada'"),
            ("last_name", "'Lovelace'"),
            ("phone", "'+49 30 1234567'"),
            ("customer_type", "'individual'"),
            ("status", "'active'"),
            ("billing_address", address),
            ("shipping_address", address),
            ("total_orders", "1"),
            ("total_subscriptions", "1"),
            ("lifetime_collected", "10000"),
            ("acquisition_cost", "60000"),
            ("subscriptions_tracked", "1"),
            ("first_start", "'2025-01-15'"),
            ("created_at", &at),
            ("updated_at", &at),
            ("created_by", "'key_bench'"),
        ],
    );
    let names = insert(
        "customer_names",
        &[
            ("customer_id", &customer),
            ("first_name", "'Ada'"),
            ("last_name", "'Lovelace'"),
        ],
    );
    let orders = insert(
        "orders",
        &[
            ("id", &order),
            ("customer_id", &customer),
            ("status", "'fulfilled'"),
            ("order_type", "'standard'"),
            ("customer", &snapshot),
            ("billing_address", address),
            ("shipping_address", address),
            ("subtotal", "5000"),
            ("tax_amount", "950"),
            ("total", "5950"),
            ("currency", "'EUR'"),
            ("total_devices", "1"),
            ("rented_devices", "1"),
            ("fingerprint", &id(&"f".repeat(38))),
            ("created_at", &at),
            ("updated_at", &at),
            ("created_by", "'key_bench'"),
        ],
    );
    let items = insert(
        "order_items",
        &[
            ("order_id", &order),
            ("position", "0"),
            ("sku", "'NB-14'"),
            ("product_id", "'prod_bench'"),
            ("variant_id", "'var_bench'"),
            ("product_name", "'Notebook'"),
            ("quantity", "1"),
            ("rented", "1"),
            ("unit_price", "5000"),
            ("setup_fee", "0"),
            ("contract_length", "12"),
            ("list_price", "100000"),
            ("list_price_source", "'variant'"),
            ("acquisition_cost", "60000"),
            ("acquisition_cost_source", "'variant'"),
            ("open", "0"),
        ],
    );
    let assets = insert(
        "assets",
        &[
            ("serial_number", &serial),
            ("serial_key", &format!("lower({serial})")),
            ("sku", "'NB-14'"),
            ("product_id", "'prod_bench'"),
            ("variant_id", "'var_bench'"),
            ("product_name", "'Notebook'"),
            ("status", "'returned'"),
            ("created_at", &at),
            ("updated_at", &at),
        ],
    );
    let subscriptions = insert(
        "subscriptions",
        &[
            ("id", &rental),
            ("customer_id", &customer),
            ("order_id", &order),
            ("order_item", "0"),
            ("serial_number", &serial),
            ("sku", "'NB-14'"),
            ("product_id", "'prod_bench'"),
            ("variant_id", "'var_bench'"),
            ("product_name", "'Notebook'"),
            ("customer_email", &email),
            ("customer_name", "'Ada Lovelace'"),
            ("status", "'ended_completed'"),
            ("monthly_amount", "5000"),
            ("currency", "'EUR'"),
            ("original_contract_length", "12"),
            ("contract_length", "12"),
            ("start_date", "'2025-01-15'"),
            ("end_date", "'2026-01-14'"),
            ("list_price_source", "'variant'"),
            ("acquisition_cost", "60000"),
            ("acquisition_cost_source", "'variant'"),
            ("total_collected", "10000"),
            ("extension_history", "'[]'"),
            ("replacement_history", "'[]'"),
            ("created_at", &at),
            ("updated_at", &at),
            ("created_by", "'key_bench'"),
        ],
    );
    // Two payments each: the number of the payment is that of the customer and `k`.
    let payment = format!("{} || k", id("pay_"));
    let payments = insert(
        "payments",
        &[
            ("id", &payment),
            ("customer_id", &customer),
            ("rental_id", &rental),
            ("status", "'paid'"),
            ("payment_type", "'individual'"),
            ("subtotal", "5000"),
            ("tax_amount", "950"),
            ("tax_rate", "1900"),
            ("total", "5950"),
            ("currency", "'EUR'"),
            ("billing_period", "'2025-0' || k"),
            ("due_date", "'2025-0' || k || '-15'"),
            ("idempotency_key", &payment),
            ("manually_marked", "0"),
            ("capture_attempts", "0"),
            ("created_at", &at),
            ("updated_at", &at),
        ],
    ) + " CROSS JOIN (SELECT '1' AS k UNION ALL SELECT '2') AS each_month";
    [
        customers,
        names,
        orders,
        items,
        assets,
        subscriptions,
        payments,
    ]
}
