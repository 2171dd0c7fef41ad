//! Pages neither skip nor repeat, in both directions, and every list has an index for its usual form.

use crate::suite::support::*;
use store::*;

/// Ten customers: four created at the same instant, revenue in two groups.
async fn ten_customers(store: &Store) {
    write(store, |tx| {
        for n in 0..10 {
            let created = if n < 4 { at(1) } else { at(n) };
            customers::insert(
                tx,
                &CustomerRow {
                    created_at: created,
                    ..customer(&format!("cust_{n}"))
                },
            )?;
        }
        tx.execute(
            "UPDATE customers SET monthly_revenue = 500 WHERE id >= 'cust_5'",
            &[],
        )?;
        Ok(())
    })
    .await;
}

fn page(sort: CustomerSort, descending: bool, limit: u32) -> Page<CustomerSort> {
    Page {
        sort,
        descending,
        after: None,
        limit,
    }
}

/// Ids in the order of walking all pages, and the sizes of the pages.
async fn walk(
    store: &Store,
    filter: CustomerFilter,
    mut page: Page<CustomerSort>,
) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let (filter, wanted) = (filter.clone(), page.clone());
        let listing = read(store, move |tx| customers::list(tx, &filter, &wanted)).await;
        sizes.push(listing.rows.len());
        assert!(sizes.len() <= 20, "the pages come to an end");
        ids.extend(listing.rows.into_iter().map(|it| it.row.id));
        match listing.next {
            Some(next) => page.after = Some(next),
            None => return (ids, sizes),
        }
    }
}

#[tokio::test]
async fn pages_over_equal_values_neither_skip_nor_repeat() {
    let database = Database::new();
    let store = database.filled().await;
    ten_customers(&store).await;
    let ascending: Vec<String> = (0..10).map(|n| format!("cust_{n}")).collect();
    let descending: Vec<String> = ascending.iter().rev().cloned().collect();
    for sort in [
        CustomerSort::CreatedAt,
        CustomerSort::TotalMonthlyRevenue,
        CustomerSort::FirstName,
        CustomerSort::Email,
    ] {
        for limit in [1, 2, 3, 9, 10, 11] {
            let (ids, sizes) =
                walk(&store, CustomerFilter::default(), page(sort, false, limit)).await;
            assert_eq!(ids, ascending, "{sort:?} by {limit}");
            assert_eq!(
                sizes.len(),
                10_usize.div_ceil(limit as usize),
                "no empty last page"
            );
            let (ids, _) = walk(&store, CustomerFilter::default(), page(sort, true, limit)).await;
            assert_eq!(ids, descending, "{sort:?} by {limit}, descending");
        }
    }
}

#[tokio::test]
async fn position_stays_valid_when_its_row_leaves_the_list() {
    let database = Database::new();
    let store = database.filled().await;
    ten_customers(&store).await;
    let active = CustomerFilter {
        status: Some(CustomerStatus::Active),
        ..Default::default()
    };
    let filter = active.clone();
    let first = read(&store, move |tx| {
        customers::list(tx, &filter, &page(CustomerSort::CreatedAt, true, 3))
    })
    .await;
    let ids: Vec<_> = first.rows.iter().map(|it| it.row.id.as_str()).collect();
    assert_eq!(ids, ["cust_9", "cust_8", "cust_7"]);

    write(&store, |tx| {
        assert!(
            customers::deactivate(tx, "cust_7", at(20))?,
            "the row of the position"
        );
        customers::deactivate(tx, "cust_5", at(20))
    })
    .await;
    let rest = Page {
        after: first.next,
        ..page(CustomerSort::CreatedAt, true, 100)
    };
    let (ids, _) = walk(&store, active, rest).await;
    assert_eq!(
        ids,
        ["cust_6", "cust_4", "cust_3", "cust_2", "cust_1", "cust_0"]
    );
}

#[tokio::test]
async fn filters_combine() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        rent(tx, 1)?;
        for (id, customer_type) in [
            ("cust_2", CustomerType::Business),
            ("cust_3", CustomerType::Individual),
        ] {
            customers::insert(
                tx,
                &CustomerRow {
                    customer_type,
                    ..customer(id)
                },
            )?;
        }
        customers::deactivate(tx, "cust_3", at(3))
    })
    .await;
    let list = |filter: CustomerFilter| {
        let store = store.clone();
        async move {
            walk(&store, filter, page(CustomerSort::CreatedAt, false, 100))
                .await
                .0
        }
    };
    let all = CustomerFilter::default();
    assert_eq!(list(all.clone()).await, ["cust_1", "cust_2", "cust_3"]);
    let active = CustomerFilter {
        status: Some(CustomerStatus::Active),
        ..all.clone()
    };
    assert_eq!(list(active.clone()).await, ["cust_1", "cust_2"]);
    assert_eq!(
        list(CustomerFilter {
            has_active_rentals: Some(true),
            ..active.clone()
        })
        .await,
        ["cust_1"]
    );
    assert_eq!(
        list(CustomerFilter {
            has_active_rentals: Some(false),
            ..active.clone()
        })
        .await,
        ["cust_2"]
    );
    let business = CustomerFilter {
        customer_type: Some(CustomerType::Business),
        ..active
    };
    assert_eq!(list(business).await, ["cust_2"]);
    let email = CustomerFilter {
        email_key: Some("cust_3@example.com".into()),
        ..all
    };
    assert_eq!(list(email.clone()).await, ["cust_3"]);
    let active_email = CustomerFilter {
        status: Some(CustomerStatus::Active),
        ..email
    };
    assert_eq!(list(active_email).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_resource_lists_with_its_filters() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        rent(tx, 1)?;
        rent(tx, 2)?;
        let (row, items) = order("ord_3", "cust_1", 1);
        let fields = [
            ("colour".to_owned(), "red".to_owned()),
            ("size".to_owned(), "7".to_owned()),
        ];
        orders::insert(tx, &row, &items, &fields)?;
        payments::insert_all(tx, &[payment("pay_1", "cust_1", "sub_1", "2026-01-01")])
    })
    .await;
    read(&store, |tx| {
        let red = vec![
            ("colour".to_owned(), "red".to_owned()),
            ("size".to_owned(), "7".to_owned()),
        ];
        let filter = OrderFilter {
            custom_fields: red,
            customer_id: Some("cust_1".into()),
            status: Some(OrderStatus::Pending),
        };
        let page = Page {
            sort: OrderSort::Total,
            descending: true,
            after: None,
            limit: 10,
        };
        let ids: Vec<_> = orders::list(tx, &filter, &page)?
            .rows
            .into_iter()
            .map(|it| it.row.id)
            .collect();
        assert_eq!(ids, ["ord_3"]);
        let blue = OrderFilter {
            custom_fields: vec![("colour".into(), "blue".into())],
            ..Default::default()
        };
        assert_eq!(orders::list(tx, &blue, &page)?.rows, []);

        let filter = SubscriptionFilter {
            status: Some(SubscriptionStatus::Active),
            customer_id: Some("cust_2".into()),
            order_id: Some("ord_2".into()),
            serial_number: Some("SN2".into()),
            sku: Some("SKU-var_1".into()),
            end_date_from: Some(day("2026-12-31")),
            end_date_to: Some(day("2026-12-31")),
        };
        let page = Page {
            sort: SubscriptionSort::EndDate,
            descending: false,
            after: None,
            limit: 10,
        };
        let found = subscriptions::list(tx, &filter, &page)?.rows;
        assert_eq!(
            found.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ["sub_2"]
        );
        let late = SubscriptionFilter {
            end_date_from: Some(day("2027-01-01")),
            ..Default::default()
        };
        assert_eq!(subscriptions::list(tx, &late, &page)?.rows, []);

        let filter = AssetFilter {
            status: Some(AssetStatus::RentedOut),
            sku: Some("SKU-var_1".into()),
            customer_id: Some("cust_1".into()),
            rental_id: Some("sub_1".into()),
        };
        let page = Page {
            sort: AssetSort::SerialNumber,
            descending: false,
            after: None,
            limit: 10,
        };
        let found = assets::list(tx, &filter, &page)?.rows;
        assert_eq!(
            found
                .iter()
                .map(|row| row.serial_number.as_str())
                .collect::<Vec<_>>(),
            ["SN1"]
        );

        let filter = PaymentFilter {
            status: Some(PaymentStatus::Pending),
            customer_id: Some("cust_1".into()),
            due_date_to: Some(day("2026-01-01")),
            ..Default::default()
        };
        let page = Page {
            sort: PaymentSort::DueDate,
            descending: false,
            after: None,
            limit: 10,
        };
        assert_eq!(payments::list(tx, &filter, &page)?.rows.len(), 1);

        let page = Page {
            sort: ProductSort::Name,
            descending: false,
            after: None,
            limit: 10,
        };
        let filter = ProductFilter {
            status: Some(ProductStatus::Active),
            category: Some("laptops".into()),
            brand: Some("Brand".into()),
        };
        assert_eq!(
            products::list(tx, &filter, &page)?.rows,
            [(product("prod_1"), 1)]
        );

        let page = Page {
            sort: VariantSort::CreatedAt,
            descending: true,
            after: None,
            limit: 5000,
        };
        let filter = VariantFilter {
            status: Some(VariantStatus::Active),
            product_sku: Some("SKU-prod_1".into()),
            grade: Some("A".into()),
            category: Some("laptops".into()),
            brand: Some("Brand".into()),
            sku_prefix: Some("SKU-v".into()),
        };
        assert_eq!(variants::list(tx, &filter, &page)?.rows.len(), 1);
        let other = VariantFilter {
            sku_prefix: Some("sku-v".into()),
            ..Default::default()
        };
        assert_eq!(
            variants::list(tx, &other, &page)?.rows,
            [],
            "prefixes are compared exactly"
        );
        Ok(())
    })
    .await;
}

/// Statements of the form that `page` gives to the usual lists, in each engine's plan: no sorting step, no
/// scan, starting at the position.
#[tokio::test]
async fn usual_lists_walk_an_index_in_order() {
    let database = Database::new();
    let store = database.filled().await;
    let usual = [
        ("customers", "", "id", "customers_by_creation"),
        ("customers", "AND status = $2", "id", "customers_by_status"),
        (
            "customers",
            "AND status = $2 AND active_subscriptions > 0",
            "id",
            "customers_renting",
        ),
        ("orders", "", "id", "orders_by_creation"),
        ("orders", "AND status = $2", "id", "orders_by_status"),
        (
            "orders",
            "AND customer_id = $2 AND coalesce(status, '') = $3",
            "id",
            "orders_by_customer",
        ),
        ("subscriptions", "", "id", "subscriptions_by_creation"),
        (
            "subscriptions",
            "AND status = $2",
            "id",
            "subscriptions_by_status",
        ),
        (
            "subscriptions",
            "AND customer_id = $2 AND coalesce(status, '') = $3",
            "id",
            "subscriptions_by_customer",
        ),
        (
            "subscriptions",
            "AND order_id = $2",
            "id",
            "subscriptions_by_order",
        ),
        (
            "subscriptions",
            "AND serial_number = $2",
            "id",
            "subscriptions_by_asset",
        ),
        ("products", "", "id", "products_by_creation"),
        ("products", "AND status = $2", "id", "products_by_status"),
        ("assets", "", "serial_number", "assets_by_creation"),
        (
            "assets",
            "AND status = $2",
            "serial_number",
            "assets_by_status",
        ),
        (
            "assets",
            "AND sku = $2 AND coalesce(status, '') = $3",
            "serial_number",
            "assets_by_sku",
        ),
        (
            "assets",
            "AND customer_id = $2",
            "serial_number",
            "assets_by_customer",
        ),
        ("payments", "", "id", "payments_by_creation"),
        ("payments", "AND status = $2", "id", "payments_by_status"),
        (
            "payments",
            "AND customer_id = $2",
            "id",
            "payments_by_customer",
        ),
    ];
    for (table, filter, id, index) in usual {
        let values = filter.matches('$').count();
        let [created, tie, limit] = [values + 2, values + 3, values + 4];
        let sql = format!(
            "SELECT * FROM {table} WHERE tenant_id = $1 {filter} AND (created_at, {id}) < (${created}, ${tie}) \
             ORDER BY created_at DESC, {id} DESC LIMIT ${limit}"
        );
        let types = ["text"].repeat(values + 1).into_iter();
        let types: Vec<_> = types.chain(["bigint", "text", "bigint"]).collect();
        let walk = read(&store, move |tx| plan::walk(tx, &sql, &types)).await;
        assert_eq!(
            walk,
            Ok(plan::Walk {
                index: index.to_owned(),
                from_position: true
            }),
            "{table} {filter}"
        );
    }
}
