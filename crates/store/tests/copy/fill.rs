//! A rental business in SQL that every engine runs: rows in every table, references in both directions,
//! nulls beside empty texts, and counters that are right.

use store::{Error, Tx};

/// Rows of one tenant. Of every ten customers one has been deleted; the others rent a device, and two of
/// them had another one before, which was upgraded or bought.
pub(crate) fn tenant(tx: &mut Tx<'_>, id: &str, customers: u32) -> Result<(), Error> {
    for statement in STATEMENTS {
        let sql = statement
            .replace("{tenant}", &format!("'{id}'"))
            .replace(
                "{numbers}",
                &format!(
                    "WITH RECURSIVE numbers (i) AS (SELECT 100000001 UNION ALL \
                     SELECT i + 1 FROM numbers WHERE i < 100000000 + {customers})"
                ),
            )
            .replace("{renting}", "i % 10 <> 0")
            .replace("{upgraded}", "i % 10 = 1")
            .replace("{bought}", "i % 10 = 2")
            .replace("{earlier}", "i % 10 IN (1, 2)")
            .replace("{devices}", "CASE WHEN i % 10 IN (1, 2) THEN 2 ELSE 1 END")
            .replace("{rented}", "CASE WHEN i % 10 <> 0 THEN 1 ELSE 0 END");
        tx.execute(&sql, &[])?;
    }
    Ok(())
}

const STATEMENTS: &[&str] = &[
    "INSERT INTO tenants (id, name, currency, timezone, tier, status, settings, created_at, updated_at)
     VALUES ({tenant}, 'Größe „1“ 😀', 'EUR', 'Europe/Berlin', 'growth', 'active', '{}', 1, 2)",
    "INSERT INTO api_keys (tenant_id, id, name, hash, permissions, created_at)
     VALUES ({tenant}, 'key_' || {tenant}, '', 'hash', '[]', 1)",
    "INSERT INTO products (tenant_id, id, product_sku, name, specification, category, brand, description,
       images, status, created_at, updated_at)
     VALUES ({tenant}, 'prod_1', 'P', 'N', '', 'C', 'B', '', '[]', 'active', -1, 9223372036854775807)",
    "INSERT INTO variants (tenant_id, id, product_id, variant_sku, name, grade, images, pricing, status,
       created_at, updated_at)
     VALUES ({tenant}, 'var_1', 'prod_1', 'V', 'N', 'A', '[]', '[]', 'active', 1, 1)",
    "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, company, phone, customer_type,
       status, custom_fields, total_orders, total_subscriptions, active_subscriptions, monthly_revenue,
       lifetime_collected, acquisition_cost, subscriptions_tracked, first_start, created_at, updated_at,
       created_by)
     {numbers} SELECT {tenant}, 'cust_' || i, 'Ada.' || i || '@example.com', 'ada.' || i || '@example.com', 'Ada',
       'Lovelace', NULL, '', 'individual', CASE WHEN {renting} THEN 'active' ELSE 'inactive' END,
       '{\"note\":\"line\\n' || i || '\"}', {rented}, CASE WHEN {renting} THEN {devices} ELSE 0 END, {rented},
       {rented} * 4990, {rented} * 4990, CASE WHEN {renting} THEN {devices} * 84000 ELSE 0 END,
       CASE WHEN {renting} THEN {devices} ELSE 0 END, CASE WHEN {renting} THEN '2026-01-01' END, i, i, 'key_1'
     FROM numbers",
    "INSERT INTO customer_names (tenant_id, customer_id, first_name, last_name)
     SELECT tenant_id, id, first_name, last_name FROM customers WHERE tenant_id = {tenant}",
    "INSERT INTO customer_terms (tenant_id, customer_id, term, created_at, era)
     {numbers} SELECT {tenant}, 'cust_' || i, 'ada.' || i || '@example.com', i, 0 FROM numbers WHERE {renting}",
    "INSERT INTO orders (tenant_id, id, customer_id, status, order_type, customer, billing_address,
       shipping_address, subtotal, tax_amount, total, currency, total_devices, rented_devices, notes, created_at,
       updated_at, created_by)
     {numbers} SELECT {tenant}, 'ord_' || i, 'cust_' || i, 'fulfilled', 'standard', '{}', '{}', '{}', 4990, 948,
       5938, 'EUR', {devices}, {devices}, 'please ring twice', i, i, 'key_1' FROM numbers WHERE {renting}",
    "INSERT INTO order_items (tenant_id, order_id, position, sku, product_id, variant_id, product_name, quantity,
       rented, unit_price, setup_fee, contract_length, list_price_source, acquisition_cost_source, open)
     {numbers} SELECT {tenant}, 'ord_' || i, 0, 'V', 'prod_1', 'var_1', 'N', {devices}, {devices}, 4990, 0, 12,
       'none', 'none', 0 FROM numbers WHERE {renting}",
    "INSERT INTO order_fields (tenant_id, field_id, value, created_at, order_id)
     {numbers} SELECT {tenant}, 'cost_center', 'Z ' || (i % 7), i, 'ord_' || i FROM numbers WHERE {renting}",
    "INSERT INTO billing_groups (tenant_id, id, customer_id, group_name, billing_day, status, created_at,
       updated_at, created_by)
     {numbers} SELECT {tenant}, 'bg_' || i, 'cust_' || i, 'all', 1, 'active', i, i, 'key_1'
     FROM numbers WHERE {earlier}",
    "INSERT INTO assets (tenant_id, serial_number, serial_key, sku, product_id, variant_id, product_name, status,
       created_at, updated_at)
     {numbers} SELECT {tenant}, 'A' || i, 'a' || i, 'V', 'prod_1', 'var_1', 'N', 'available', i, i
       FROM numbers WHERE {renting}
     UNION ALL SELECT {tenant}, 'B' || i, 'b' || i, 'V', 'prod_1', 'var_1', 'N', 'available', i, i
       FROM numbers WHERE {earlier}
     UNION ALL SELECT {tenant}, 'C' || i, 'c' || i, 'V', 'prod_1', 'var_1', 'N', 'unavailable', i, i FROM numbers",
    // The earlier contract has the greater id.
    "INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, order_item, serial_number, sku, product_id,
       variant_id, product_name, customer_email, customer_name, status, monthly_amount, currency,
       original_contract_length, contract_length, start_date, end_date, list_price_source, acquisition_cost,
       acquisition_cost_source, total_collected, extension_history, replacement_history, created_at, updated_at,
       created_by)
     {numbers} SELECT {tenant}, 'rent_z' || i, 'cust_' || i, 'ord_' || i, 0, 'B' || i, 'V', 'prod_1', 'var_1', 'N',
       'ada@example.com', 'Ada', CASE WHEN {upgraded} THEN 'ended_upgrade' ELSE 'ended_buyout' END, 4990, 'EUR', 12,
       12, '2026-01-01', '2026-12-31', 'none', 84000, 'variant', 0, '[]', '[]', i, i, 'key_1'
     FROM numbers WHERE {earlier}",
    "INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, order_item, upgrade_from_rental_id,
       billing_group_id, serial_number, sku, product_id, variant_id, product_name, customer_email, customer_name,
       status, monthly_amount, currency, original_contract_length, contract_length, start_date, end_date,
       list_price_source, acquisition_cost, acquisition_cost_source, total_collected, extension_history,
       replacement_history, created_at, updated_at, created_by)
     {numbers} SELECT {tenant}, 'rent_a' || i, 'cust_' || i, 'ord_' || i, 0,
       CASE WHEN {upgraded} THEN 'rent_z' || i END, CASE WHEN {earlier} THEN 'bg_' || i END, 'A' || i, 'V',
       'prod_1', 'var_1', 'N', 'ada@example.com', 'Ada', 'active', 4990, 'EUR', 12, 12, '2026-02-01',
       '2027-01-31', 'none', 84000, 'variant', 4990, '[]', '[]', i, i, 'key_1' FROM numbers WHERE {renting}",
    "UPDATE customers SET first_start = '2026-02-01' WHERE tenant_id = {tenant} AND total_subscriptions = 1",
    "UPDATE assets SET status = 'rented_out', rental_id = 'rent_a' || substr(serial_number, 2),
       customer_id = 'cust_' || substr(serial_number, 2)
     WHERE tenant_id = {tenant} AND substr(serial_number, 1, 1) = 'A'",
    "UPDATE assets SET status = 'sold', rental_id = 'rent_z' || substr(serial_number, 2),
       customer_id = 'cust_' || substr(serial_number, 2)
     WHERE tenant_id = {tenant} AND substr(serial_number, 1, 1) = 'B' AND EXISTS (
       SELECT 1 FROM subscriptions s WHERE s.tenant_id = {tenant} AND s.id = 'rent_z' || substr(serial_number, 2)
       AND s.status = 'ended_buyout')",
    "INSERT INTO payments (tenant_id, id, customer_id, rental_id, status, payment_type, subtotal, tax_amount,
       tax_rate, total, currency, billing_period, due_date, period_start, period_end, idempotency_key,
       manually_marked, capture_attempts, created_at, updated_at)
     {numbers} SELECT {tenant}, 'pay_' || i, 'cust_' || i, 'rent_a' || i, 'paid', 'individual', 4990, 948, 1900,
       5938, 'EUR', '2026-02', '2026-02-01', '2026-02-01', '2026-02-28', 'k' || i, 0, 1, i, i
     FROM numbers WHERE {renting}",
    "INSERT INTO payments (tenant_id, id, customer_id, billing_group_id, status, payment_type, subtotal,
       tax_amount, tax_rate, total, currency, billing_period, due_date, idempotency_key, manually_marked,
       capture_attempts, created_at, updated_at)
     {numbers} SELECT {tenant}, 'pay_c' || i, 'cust_' || i, 'bg_' || i, 'pending', 'consolidated', 4990, 948,
       1900, 5938, 'EUR', '2026-03', '2026-03-01', 'c' || i, 0, 0, i, i FROM numbers WHERE {earlier}",
    // What each of them took the place of; its id comes before that of the other.
    "INSERT INTO payments (tenant_id, id, customer_id, rental_id, status, payment_type, subtotal, tax_amount,
       tax_rate, total, currency, billing_period, due_date, period_start, period_end, idempotency_key,
       consolidated_in, manually_marked, capture_attempts, created_at, updated_at)
     {numbers} SELECT {tenant}, 'pay_a' || i, 'cust_' || i, 'rent_a' || i, 'cancelled', 'individual', 4990, 948,
       1900, 5938, 'EUR', '2026-03', '2026-03-01', '2026-03-01', '2026-03-31', 'a' || i, 'pay_c' || i, 0, 0, i, i
     FROM numbers WHERE {earlier}",
    "INSERT INTO files (tenant_id, id, order_id, customer_id, file_type, category, filename, content_type, file_size,
       storage_path, secret, uploaded_by, created_at, updated_at, deleting_since)
     {numbers} SELECT {tenant}, 'file_' || i, 'ord_' || i, 'cust_' || i, 'contract', 'generated', 'c.pdf',
       'application/pdf', i, 'a/' || i, 'ff', 'key_1', i, i, CASE WHEN i % 2 = 0 THEN i END
     FROM numbers WHERE {renting}",
    "INSERT INTO idempotency_keys (tenant_id, operation, key, fingerprint, code, body, created_at)
     {numbers} SELECT {tenant}, 'createOrder', 'k' || i, 'f' || i, CASE WHEN i % 2 = 0 THEN 'NOT_FOUND' END, '{}', i
     FROM numbers",
    "INSERT INTO events (tenant_id, sequence, kind, resource, data, at)
     {numbers} SELECT {tenant}, i - 100000000, 'order.created', 'ord_' || i, '{}', i FROM numbers",
    "INSERT INTO webhook_endpoints (tenant_id, id, url, events, secret, previous_secret, previous_secret_until,
       position, created_at, created_by)
     VALUES ({tenant}, 'whk_1', 'https://example.com', '[\"order.created\"]', 'whsec_', 'whsec_old', 9, 7, 1,
       'key_1')",
    "INSERT INTO webhook_deliveries (tenant_id, endpoint_id, sequence, event_id, resource, state, attempts,
       attempts_before, first_attempt, last_attempt, next_attempt, last_status, last_error, created_at, finished_at)
     {numbers} SELECT {tenant}, 'whk_1', i - 100000000, 'evt_' || i, 'ord_' || i,
       CASE WHEN {renting} THEN 'succeeded' ELSE 'pending' END, 2, 1, i, i, i, CASE WHEN {renting} THEN 204 END,
       CASE WHEN {renting} THEN NULL ELSE 'timeout' END, i, CASE WHEN {renting} THEN i END FROM numbers",
];
