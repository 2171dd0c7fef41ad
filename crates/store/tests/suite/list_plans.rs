//! No list is sorted or read from beginning to end, whatever it is sorted and filtered by: every engine walks an
//! index in the order of the list, or looks few rows up.

use crate::suite::support::*;
use store::*;

/// More rows of each kind than would be looked up and sorted.
const ROWS: u32 = 1_100;

async fn crowded() -> (Database, Store) {
    let database = Database::new();
    let store = database.filled().await;
    let numbers = format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"
    );
    let statements = [
        "INSERT INTO products (tenant_id, id, product_sku, name, specification, category, brand, images, status, \
         created_at, updated_at) {n} SELECT 'acme', 'p' || i, 'p' || i, 'n', 's', 'c', 'b', '[]', 'active', i, \
         i FROM n",
        "INSERT INTO variants (tenant_id, id, product_id, variant_sku, name, grade, images, pricing, status, \
         created_at, updated_at) {n} SELECT 'acme', 'v' || i, 'p' || i, 'v' || i, 'n', 'A', '[]', '[]', 'active', \
         i, i FROM n",
        "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
         total_subscriptions, active_subscriptions, monthly_revenue, created_at, updated_at, created_by) \
         {n} SELECT 'acme', 'c' || i, 'c' || i, 'c' || i, 'f' || i, 'l', 'business', 'active', 1, 1, i, i, i, \
         'k' FROM n",
        "INSERT INTO customers (tenant_id, id, email, email_key, first_name, last_name, customer_type, status, \
         created_at, updated_at, created_by) \
         {n} SELECT 'acme', 'd' || i, 'd' || i, 'd' || i, 'f' || i, 'l', 'individual', 'active', i, i, 'k' FROM n",
        "INSERT INTO customer_names (tenant_id, customer_id, first_name, last_name) \
         SELECT tenant_id, id, first_name, last_name FROM customers WHERE created_at <= 10000",
        "INSERT INTO orders (tenant_id, id, customer_id, status, order_type, customer, billing_address, \
         shipping_address, subtotal, tax_amount, total, currency, total_devices, rented_devices, created_at, \
         updated_at, created_by) {n} SELECT 'acme', 'o' || i, 'c1', 'fulfilled', 'standard', '{}', '{}', '{}', 0, 0, \
         i, 'EUR', 1, 1, i, i, 'k' FROM n",
        "INSERT INTO order_items (tenant_id, order_id, position, sku, product_id, variant_id, product_name, quantity, \
         rented, unit_price, setup_fee, contract_length, list_price_source, acquisition_cost_source, open) \
         {n} SELECT 'acme', 'o' || i, 0, 'v1', 'p1', 'v1', 'n', 1, 1, 0, 0, 12, 'unknown', 'unknown', 0 FROM n",
        "INSERT INTO order_fields (tenant_id, field_id, value, created_at, order_id) \
         {n} SELECT 'acme', 'a', 'x', i, 'o' || i FROM n",
        "INSERT INTO order_fields (tenant_id, field_id, value, created_at, order_id) \
         {n} SELECT 'acme', 'b', 'y', i, 'o' || i FROM n",
        "INSERT INTO assets (tenant_id, serial_number, serial_key, sku, product_id, variant_id, product_name, status, \
         created_at, updated_at) {n} SELECT 'acme', 's' || i, 's' || i, 'v1', 'p1', 'v1', 'n', 'available', i, \
         i FROM n",
        "INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, order_item, serial_number, sku, product_id, \
         variant_id, product_name, customer_email, customer_name, status, monthly_amount, currency, \
         original_contract_length, contract_length, start_date, end_date, list_price_source, \
         acquisition_cost_source, total_collected, extension_history, replacement_history, created_at, updated_at, \
         created_by) {n} SELECT 'acme', 'r' || i, 'c1', 'o' || i, 0, 's' || i, 'v1', 'p1', 'v1', 'n', 'e', 'n', \
         'cancelled', i, 'EUR', 12, 12, '2026-01-01', '2026-12-31', 'unknown', 'unknown', 0, '[]', '[]', i, i, \
         'k' FROM n",
        "INSERT INTO webhook_endpoints (tenant_id, id, url, events, secret, position, created_at, created_by) \
         VALUES ('acme', 'w1', 'u', '[]', 's', 0, 1, 'k')",
        "INSERT INTO events (tenant_id, sequence, kind, resource, data, at) \
         {n} SELECT 'acme', i - 100000000, 'order.created', 'o1', '{}', i FROM n",
        "INSERT INTO webhook_deliveries (tenant_id, endpoint_id, sequence, event_id, resource, state, attempts, \
         attempts_before, next_attempt, created_at, finished_at) \
         {n} SELECT 'acme', 'w1', i - 100000000, 'e' || i, 'o1', 'succeeded', 1, 0, i, i, i FROM n",
    ];
    write(&store, move |tx| {
        for statement in statements {
            tx.execute(&statement.replace("{n}", &numbers), &[])?;
        }
        Ok(())
    })
    .await;
    (database, store)
}

/// Checks the first two pages of a list, sorted both ways by each field and filtered by each filter.
macro_rules! walks {
    ($store:expr, $list:path, $sorts:expr, $filters:expr) => {
        for (name, filter) in $filters {
            for sort in $sorts {
                for descending in [false, true] {
                    let filter = filter.clone();
                    let plans = read(&$store, move |tx| {
                        let mut page = Page {
                            sort,
                            descending,
                            after: None,
                            limit: 20,
                        };
                        tx.page_statements();
                        let first = $list(tx, &filter, &page)?;
                        page.after = first.next;
                        assert!(page.after.is_some(), "the list has a second page");
                        $list(tx, &filter, &page)?;
                        let statements = tx.page_statements();
                        let pages = statements.into_iter().filter(|sql| !sql.contains(" IN ("));
                        pages
                            .map(|sql| Ok((plan::of(tx, &sql)?, sql)))
                            .collect::<Result<Vec<_>, Error>>()
                    })
                    .await;
                    assert!(plans.len() >= 2);
                    for (plan, sql) in plans {
                        let bad = plan.iter().find(|line| plan::sorts_or_scans(line));
                        assert_eq!(
                            bad, None,
                            "{name} by {sort:?}, {descending}\n{sql}\n{plan:#?}"
                        );
                    }
                }
            }
        }
    };
}

#[tokio::test]
async fn customers_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = CustomerFilter::default();
    let active = CustomerFilter {
        status: Some(CustomerStatus::Active),
        ..all.clone()
    };
    let filters = [
        ("all", all.clone()),
        ("active", active.clone()),
        (
            "business",
            CustomerFilter {
                customer_type: Some(CustomerType::Business),
                ..active.clone()
            },
        ),
        (
            "individual",
            CustomerFilter {
                customer_type: Some(CustomerType::Individual),
                ..active.clone()
            },
        ),
        (
            "renting",
            CustomerFilter {
                has_active_rentals: Some(true),
                ..active.clone()
            },
        ),
        (
            "idle",
            CustomerFilter {
                has_active_rentals: Some(false),
                ..active
            },
        ),
    ];
    let sorts = [
        CustomerSort::CreatedAt,
        CustomerSort::FirstName,
        CustomerSort::LastName,
        CustomerSort::Email,
        CustomerSort::TotalMonthlyRevenue,
        CustomerSort::TotalDevicesRented,
    ];
    walks!(store, customers::list, sorts, &filters);
}

/// Walking an index past everybody's in their order, for the few that are wanted, takes longer the more there are.
#[tokio::test]
async fn what_belongs_to_the_orders_of_a_page_is_looked_up() {
    let (_database, store) = crowded().await;
    if store.is_remote() {
        write(&store, |tx| tx.execute("ANALYZE", &[])).await;
    }
    let plans = read(&store, |tx| {
        let page = Page {
            sort: OrderSort::CreatedAt,
            descending: true,
            after: None,
            limit: 20,
        };
        tx.page_statements();
        orders::list(tx, &OrderFilter::default(), &page)?;
        let statements = tx.page_statements().into_iter();
        let parts = statements.filter(|sql| sql.contains("order_id IN ("));
        parts
            .map(|sql| Ok((plan::of(tx, &sql)?, sql)))
            .collect::<Result<Vec<_>, Error>>()
    })
    .await;
    assert_eq!(plans.len(), 2, "items and subscriptions");
    for (plan, sql) in plans {
        let looked_up = plan.iter().any(|line| match line.trim_start() {
            line if line.starts_with("Index Cond: ") => line.contains("order_id = ANY"),
            line => line.contains("order_id=?"),
        });
        assert!(looked_up, "{sql}\n{plan:#?}");
    }
}

#[tokio::test]
async fn orders_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = OrderFilter::default();
    let filters = [
        ("all", all.clone()),
        (
            "fulfilled",
            OrderFilter {
                status: Some(OrderStatus::Fulfilled),
                ..all.clone()
            },
        ),
    ];
    let sorts = [
        OrderSort::CreatedAt,
        OrderSort::UpdatedAt,
        OrderSort::OrderId,
        OrderSort::Status,
        OrderSort::Total,
    ];
    walks!(store, orders::list, sorts, &filters);
    let fields = |fields: &[(&str, &str)]| OrderFilter {
        custom_fields: fields
            .iter()
            .map(|(id, value)| ((*id).into(), (*value).into()))
            .collect(),
        ..all.clone()
    };
    let filters = [
        (
            "customer",
            OrderFilter {
                customer_id: Some("c1".into()),
                ..all.clone()
            },
        ),
        ("a field", fields(&[("a", "x")])),
        ("two fields", fields(&[("a", "x"), ("b", "y")])),
    ];
    walks!(store, orders::list, [OrderSort::CreatedAt], &filters);
}

#[tokio::test]
async fn subscriptions_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = SubscriptionFilter::default();
    let (status, sku) = (Some(SubscriptionStatus::Cancelled), Some("v1".to_owned()));
    let day = Some(day("2026-12-31"));
    let filters = [
        ("all", all.clone()),
        (
            "cancelled",
            SubscriptionFilter {
                status,
                ..all.clone()
            },
        ),
        ("sku", SubscriptionFilter { sku, ..all.clone() }),
        (
            "ending",
            SubscriptionFilter {
                end_date_from: day,
                end_date_to: day,
                ..all.clone()
            },
        ),
    ];
    let sorts = [
        SubscriptionSort::CreatedAt,
        SubscriptionSort::UpdatedAt,
        SubscriptionSort::StartDate,
        SubscriptionSort::EndDate,
        SubscriptionSort::MonthlyAmount,
        SubscriptionSort::Status,
    ];
    walks!(store, subscriptions::list, sorts, &filters);
    let filters = [(
        "customer",
        SubscriptionFilter {
            customer_id: Some("c1".into()),
            ..all
        },
    )];
    walks!(
        store,
        subscriptions::list,
        [SubscriptionSort::CreatedAt],
        &filters
    );
}

#[tokio::test]
async fn products_and_variants_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = ProductFilter::default();
    let filters = [
        ("all", all.clone()),
        (
            "active",
            ProductFilter {
                status: Some(ProductStatus::Active),
                ..all.clone()
            },
        ),
        (
            "category",
            ProductFilter {
                category: Some("c".into()),
                ..all.clone()
            },
        ),
        (
            "brand",
            ProductFilter {
                brand: Some("b".into()),
                ..all
            },
        ),
    ];
    let sorts = [
        ProductSort::CreatedAt,
        ProductSort::UpdatedAt,
        ProductSort::Name,
        ProductSort::ProductSku,
    ];
    walks!(store, products::list, sorts, &filters);
    let all = VariantFilter::default();
    let filters = [
        ("all", all.clone()),
        (
            "active",
            VariantFilter {
                status: Some(VariantStatus::Active),
                ..all.clone()
            },
        ),
        (
            "grade",
            VariantFilter {
                grade: Some("A".into()),
                ..all.clone()
            },
        ),
        (
            "category",
            VariantFilter {
                category: Some("c".into()),
                ..all.clone()
            },
        ),
        (
            "brand",
            VariantFilter {
                brand: Some("b".into()),
                ..all.clone()
            },
        ),
        (
            "prefix",
            VariantFilter {
                sku_prefix: Some("v".into()),
                ..all
            },
        ),
    ];
    walks!(store, variants::list, [VariantSort::CreatedAt], &filters);
}

#[tokio::test]
async fn assets_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = AssetFilter::default();
    let filters = [
        ("all", all.clone()),
        (
            "available",
            AssetFilter {
                status: Some(AssetStatus::Available),
                ..all.clone()
            },
        ),
        (
            "sku",
            AssetFilter {
                sku: Some("v1".into()),
                ..all
            },
        ),
    ];
    let sorts = [
        AssetSort::CreatedAt,
        AssetSort::UpdatedAt,
        AssetSort::SerialNumber,
        AssetSort::Status,
        AssetSort::Sku,
    ];
    walks!(store, assets::list, sorts, &filters);
}

#[tokio::test]
async fn customers_with_and_without_revenue_are_one_list() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        for n in 0..12 {
            customers::insert(tx, &customer(&format!("cust_{n:02}")))?;
        }
        tx.execute(
            "UPDATE customers SET monthly_revenue = 500 WHERE id >= 'cust_08'",
            &[],
        )?;
        tx.execute(
            "UPDATE customers SET monthly_revenue = 900 WHERE id = 'cust_03'",
            &[],
        )
    })
    .await;
    let expected: Vec<String> = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 3]
        .into_iter()
        .map(|n| format!("cust_{n:02}"))
        .collect();
    for limit in 1..=13 {
        for descending in [false, true] {
            let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
            loop {
                let page = Page {
                    sort: CustomerSort::TotalMonthlyRevenue,
                    descending,
                    after: after.take(),
                    limit,
                };
                let listing = read(&store, move |tx| {
                    customers::list(tx, &CustomerFilter::default(), &page)
                })
                .await;
                pages += 1;
                assert!(!listing.rows.is_empty());
                found.extend(listing.rows.into_iter().map(|it| it.row.id));
                match listing.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let mut expected = expected.clone();
            if descending {
                expected.reverse();
            }
            assert_eq!(found, expected, "by {limit}");
            assert_eq!(pages, 12_usize.div_ceil(limit as usize), "by {limit}");
        }
    }
}

#[tokio::test]
async fn deliveries_are_never_sorted() {
    let (_database, store) = crowded().await;
    let all = WebhookDeliveryFilter {
        endpoint_id: "w1".into(),
        state: None,
    };
    let succeeded = WebhookDeliveryFilter {
        state: Some(WebhookDeliveryState::Succeeded),
        ..all.clone()
    };
    let filters = [("all", all), ("succeeded", succeeded)];
    let sorts = [WebhookDeliverySort::CreatedAt];
    walks!(store, webhooks::history::list, sorts, &filters);
}
