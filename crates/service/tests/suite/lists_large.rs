//! However much is stored, a page of a list is an answer of at most 4 MiB, or of one item.

use std::collections::HashSet;

use crate::suite::support::{App, TENANT};
use serde_json::json;

const MOST: usize = 4 * 1024 * 1024;

/// Runs statements on what is stored, each with the texts it takes.
async fn store(app: &App, statements: Vec<(&'static str, Vec<String>)>) {
    let stored = app.service.store().write(move |tx| {
        for (sql, texts) in &statements {
            let texts: Vec<_> = texts.iter().map(store::Param::from).collect();
            tx.execute(sql, &texts)?;
        }
        Ok::<_, store::Error>(())
    });
    stored.await.expect("the rows are changed");
}

/// Ids in the order of the list at `path`, page by page, and the number of items on each page.
async fn walk(app: &App, path: &str, list: &str, id: &str) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let answer = app.get(&format!("{path}&limit=100{cursor}")).await;
        let items = answer.is(200)[list].as_array().expect("items");
        assert_eq!(answer.body["count"], items.len());
        assert!(!items.is_empty(), "a page has an item");
        let size = answer.body.to_string().len();
        assert!(
            size <= MOST || items.len() == 1,
            "{size} bytes in {} items",
            items.len()
        );
        pages.push(items.len());
        ids.extend(
            items
                .iter()
                .map(|it| it[id].as_str().expect("an id").to_owned()),
        );
        match answer.body["nextCursor"].as_str() {
            Some(next) => {
                assert_eq!(answer.body["hasMore"], true);
                cursor = format!("&startAfter={next}");
            }
            None => {
                assert_eq!(answer.body["hasMore"], false);
                return (ids, pages);
            }
        }
    }
}

/// An app with 30 orders, each of another customer, in the order of their making.
async fn thirty() -> (App, Vec<String>) {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut orders = Vec::new();
    for n in 0..30 {
        let items: Vec<_> = (0..n % 3 + 1)
            .map(|_| json!({ "sku": "SKU", "quantity": 1 }))
            .collect();
        let body = json!({
            "customer": { "email": format!("c{n}@example.com"), "firstName": "Ada", "lastName": "L" },
            "billingAddress": {
                "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
            },
            "items": items
        });
        let answer = app.post("/v1/orders", body).await;
        answer.is(201);
        orders.push(answer.text("/orderId"));
    }
    (app, orders)
}

#[tokio::test]
async fn pages_of_large_orders_end_at_the_budget_and_skip_nothing() {
    let (app, orders) = thirty().await;
    // As an answer has them, control characters take six bytes.
    let notes = "\u{1}".repeat(40_000);
    let name = "n".repeat(200_000);
    let (huge, tenant) = ("h".repeat(5_000_000), TENANT.to_owned());
    store(
        &app,
        vec![
            (
                "UPDATE orders SET notes = $1 WHERE tenant_id = $2",
                vec![notes, tenant.clone()],
            ),
            (
                "UPDATE order_items SET product_name = $1 WHERE tenant_id = $2",
                vec![name, tenant.clone()],
            ),
            (
                "UPDATE order_items SET product_name = $1 WHERE tenant_id = $2 AND order_id = $3",
                vec![huge, tenant, orders[7].clone()],
            ),
        ],
    )
    .await;
    for sort in ["orderId", "totals.total"] {
        for direction in ["asc", "desc"] {
            let path = format!("/v1/orders?sortBy={sort}&sortDir={direction}");
            let (ids, pages) = walk(&app, &path, "orders", "orderId").await;
            assert_eq!(ids.len(), 30, "{path}");
            assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 30, "{path}");
            assert!(
                pages.len() >= 5 && pages.iter().any(|size| *size > 1),
                "{pages:?}"
            );
            if sort == "orderId" {
                let mut expected = orders.clone();
                if direction == "desc" {
                    expected.reverse();
                }
                assert_eq!(ids, expected);
            }
        }
    }
    let single = app.get(&format!("/v1/orders/{}", orders[7])).await;
    assert!(
        single.is(200).to_string().len() > MOST,
        "a single order is given whole"
    );
    app.finish().await;
}

#[tokio::test]
async fn pages_of_many_items_end_at_the_budget() {
    let (app, orders) = thirty().await;
    let more = "INSERT INTO order_items (tenant_id, order_id, position, sku, product_id, variant_id, product_name, \
                quantity, rented, unit_price, setup_fee, contract_length, list_price_source, \
                acquisition_cost_source, open) \
                WITH RECURSIVE numbers (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) \
                SELECT i.tenant_id, i.order_id, n, i.sku, i.product_id, i.variant_id, i.product_name, 1, 0, \
                i.unit_price, 0, i.contract_length, i.list_price_source, i.acquisition_cost_source, 1 \
                FROM order_items i CROSS JOIN numbers WHERE i.position = 0 AND i.tenant_id = $1";
    let counted = "UPDATE orders SET total_devices = total_devices + 1991 WHERE tenant_id = $1";
    let tenant = vec![TENANT.to_owned()];
    store(&app, vec![(more, tenant.clone()), (counted, tenant)]).await;
    let (ids, pages) = walk(
        &app,
        "/v1/orders?sortBy=orderId&sortDir=asc",
        "orders",
        "orderId",
    )
    .await;
    assert_eq!(ids, orders);
    assert!(pages.len() > 3, "{pages:?}");
    let page = app.get("/v1/orders?sortBy=orderId&sortDir=asc").await;
    let items = page.is(200)["orders"][1]["items"]
        .as_array()
        .expect("items");
    assert_eq!(items.len(), 1991 + 2, "with all of its items");
    app.finish().await;
}

#[tokio::test]
async fn pages_of_large_customers_and_subscriptions_end_at_the_budget() {
    let (app, _) = thirty().await;
    let (_, _, rental) = app.renting("renter@example.com", "S1").await;
    let (_, _, other) = app.renting("other@example.com", "S2").await;
    let fields = json!({ "a": "x".repeat(400_000) }).to_string();
    let history = "x".repeat(3_000_000);
    store(
        &app,
        vec![
            (
                "UPDATE customers SET custom_fields = $1 WHERE tenant_id = $2",
                vec![fields, TENANT.to_owned()],
            ),
            (
                "UPDATE subscriptions SET notes = $1 WHERE tenant_id = $2",
                vec![history, TENANT.to_owned()],
            ),
        ],
    )
    .await;
    for sort in ["createdAt", "email", "lastName"] {
        let path = format!("/v1/customers?sortBy={sort}");
        let (ids, pages) = walk(&app, &path, "customers", "customerId").await;
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 32);
        assert_eq!(ids.len(), 32);
        assert!(pages.len() >= 4, "{pages:?}");
    }
    let (ids, pages) = walk(&app, "/v1/subscriptions?sortDir=asc", "rentals", "rentalId").await;
    assert_eq!((ids, pages), (vec![rental, other], vec![1, 1]));
    app.finish().await;
}

#[tokio::test]
async fn pages_of_customers_with_many_orders_end_at_the_budget() {
    let (app, _) = thirty().await;
    let more = "INSERT INTO orders (tenant_id, id, customer_id, status, order_type, customer, billing_address, \
                shipping_address, subtotal, tax_amount, total, currency, total_devices, rented_devices, created_at, \
                updated_at, created_by) \
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000) \
                SELECT o.tenant_id, o.id || '_' || n, o.customer_id, 'cancelled', o.order_type, o.customer, \
                o.billing_address, o.shipping_address, 0, 0, 0, o.currency, 0, 0, o.created_at, o.updated_at, \
                o.created_by FROM orders o CROSS JOIN numbers WHERE o.tenant_id = $1";
    let counted = "UPDATE customers SET total_orders = total_orders + 3000 WHERE tenant_id = $1";
    let tenant = vec![TENANT.to_owned()];
    store(&app, vec![(more, tenant.clone()), (counted, tenant)]).await;
    let (ids, pages) = walk(&app, "/v1/customers?sortDir=asc", "customers", "customerId").await;
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 30);
    assert_eq!(ids.len(), 30);
    assert!(pages.len() >= 2, "{pages:?}");
    let first = app.get("/v1/customers?sortDir=asc&limit=1").await;
    let orders = first.is(200)["customers"][0]["orderIds"]
        .as_array()
        .expect("ids");
    assert_eq!(orders.len(), 3001, "with all of its orders");
    app.finish().await;
}
