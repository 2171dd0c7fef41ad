//! Lists of the usual forms walk an index.

use crate::support::*;

/// Plans of the form that `page` gives to the usual lists: no sorting step, no scan, starting at the position.
#[tokio::test]
async fn usual_lists_walk_an_index_in_order() {
    let database = Database::new();
    let store = database.filled().await;
    drop(store);
    let connection = rusqlite::Connection::open(database.path()).expect("opens");
    let usual = [
        ("customers", "", "id", "customers_by_creation"),
        ("customers", "AND status = ?", "id", "customers_by_status"),
        (
            "customers",
            "AND status = ? AND active_subscriptions > 0",
            "id",
            "customers_renting",
        ),
        ("orders", "", "id", "orders_by_creation"),
        ("orders", "AND status = ?", "id", "orders_by_status"),
        (
            "orders",
            "AND customer_id = ? AND coalesce(status, '') = ?",
            "id",
            "orders_by_customer",
        ),
        ("subscriptions", "", "id", "subscriptions_by_creation"),
        (
            "subscriptions",
            "AND status = ?",
            "id",
            "subscriptions_by_status",
        ),
        (
            "subscriptions",
            "AND customer_id = ? AND coalesce(status, '') = ?",
            "id",
            "subscriptions_by_customer",
        ),
        (
            "subscriptions",
            "AND order_id = ?",
            "id",
            "subscriptions_by_order",
        ),
        (
            "subscriptions",
            "AND serial_number = ?",
            "id",
            "subscriptions_by_asset",
        ),
        ("products", "", "id", "products_by_creation"),
        ("products", "AND status = ?", "id", "products_by_status"),
        ("assets", "", "serial_number", "assets_by_creation"),
        (
            "assets",
            "AND status = ?",
            "serial_number",
            "assets_by_status",
        ),
        (
            "assets",
            "AND sku = ? AND coalesce(status, '') = ?",
            "serial_number",
            "assets_by_sku",
        ),
        (
            "assets",
            "AND customer_id = ?",
            "serial_number",
            "assets_by_customer",
        ),
        ("payments", "", "id", "payments_by_creation"),
        ("payments", "AND status = ?", "id", "payments_by_status"),
        (
            "payments",
            "AND customer_id = ?",
            "id",
            "payments_by_customer",
        ),
    ];
    for (table, filter, id, index) in usual {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE tenant_id = ? {filter} AND (created_at, {id}) < (?, ?) \
             ORDER BY created_at DESC, {id} DESC LIMIT ?"
        );
        let mut statement = connection.prepare(&sql).expect("prepares");
        let plan: Vec<String> = statement
            .raw_query()
            .mapped(|row| row.get::<_, String>(3))
            .collect::<Result<_, _>>()
            .expect("explains");
        assert_eq!(plan.len(), 1, "{table} {filter}: {plan:?}");
        assert!(
            plan[0].starts_with(&format!("SEARCH {table} USING INDEX {index} (")),
            "{table} {filter}: {plan:?}"
        );
        assert!(
            plan[0].contains("created_at"),
            "{table} {filter} starts at the position: {plan:?}"
        );
    }
}
