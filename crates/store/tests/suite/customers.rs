//! Soft deletion, its blockers, and the counters behind it.

use crate::suite::support::*;
use store::*;

async fn totals(store: &Store, n: u32) -> CustomerTotals {
    read(store, move |tx| customers::find(tx, &format!("cust_{n}")))
        .await
        .expect("the customer exists")
        .totals
}

async fn blocking(store: &Store, blocker: Blocker) -> Vec<(String, String)> {
    read(store, move |tx| blocker.records(tx, "cust_1", 100)).await
}

async fn deactivate(store: &Store, id: &'static str) -> bool {
    write(store, move |tx| customers::deactivate(tx, id, at(9))).await
}

async fn set_order(store: &Store, status: OrderStatus) {
    write(store, move |tx| {
        let mut row = orders::find(tx, "ord_1")?.expect("the order exists");
        row.status = status;
        orders::update(tx, &row)
    })
    .await;
}

async fn end_subscription(store: &Store, status: SubscriptionStatus) {
    write(store, move |tx| {
        let mut row = subscriptions::find(tx, "sub_1")?.expect("the subscription exists");
        row.status = status;
        subscriptions::update(tx, &row)
    })
    .await;
}

async fn return_device(store: &Store, status: AssetStatus) {
    write(store, move |tx| {
        let mut row = assets::find(tx, "SN1")?.expect("the asset exists");
        row.status = status;
        if status != AssetStatus::Sold {
            (row.customer_id, row.rental_id) = (None, None);
        }
        assets::update(tx, &row)
    })
    .await;
}

#[tokio::test]
async fn customer_without_business_is_deactivated_once_and_comes_back() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;

    assert!(deactivate(&store, "cust_1").await);
    assert!(!deactivate(&store, "cust_1").await);
    let row = read(&store, |tx| customers::find(tx, "cust_1"))
        .await
        .expect("still there");
    let expected = CustomerRow {
        status: CustomerStatus::Inactive,
        updated_at: at(9),
        ..customer("cust_1")
    };
    assert_eq!(row, expected);

    assert!(write(&store, |tx| customers::reactivate(tx, "cust_1", at(10))).await);
    assert!(!write(&store, |tx| customers::reactivate(tx, "cust_1", at(11))).await);
    let row = read(&store, |tx| customers::find(tx, "cust_1"))
        .await
        .expect("still there");
    assert_eq!(
        (row.status, row.updated_at),
        (CustomerStatus::Active, at(10))
    );
}

#[tokio::test]
async fn customer_of_another_tenant_is_unknown() {
    let database = Database::new();
    let store = database.filled().await;
    administer(&store, |tx| tenants::insert(tx, &tenant("other"))).await;
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    let other = "other".into();
    let deactivated = store.write_in(&other, |tx| customers::deactivate(tx, "cust_1", at(9)));
    assert!(!deactivated.await.expect("the transaction commits"));
    let found = store.read_in(&other, |tx| customers::find(tx, "cust_1"));
    assert_eq!(found.await.expect("the read succeeds"), None);
}

#[tokio::test]
async fn open_order_blocks_until_it_is_closed() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        customers::insert(tx, &customer("cust_1"))?;
        let (row, items) = order("ord_1", "cust_1", 2);
        orders::insert(tx, &row, &items, &[])
    })
    .await;
    for status in [OrderStatus::Pending, OrderStatus::Confirmed] {
        set_order(&store, status).await;
        assert!(!deactivate(&store, "cust_1").await);
        assert_eq!(
            blocking(&store, Blocker::OpenOrders).await,
            [("ord_1".to_owned(), status.to_string())]
        );
        assert!(
            read(&store, |tx| order_items::variant_is_in_open_order(
                tx, "prod_1", "var_1"
            ))
            .await
        );
        assert!(
            read(&store, |tx| order_items::product_is_in_open_order(
                tx, "prod_1"
            ))
            .await
        );
        assert_eq!(faults(&store).await, Vec::<String>::new());
    }
    set_order(&store, OrderStatus::Cancelled).await;
    assert!(
        !read(&store, |tx| order_items::variant_is_in_open_order(
            tx, "prod_1", "var_1"
        ))
        .await
    );
    assert!(
        !read(&store, |tx| order_items::product_is_in_open_order(
            tx, "prod_1"
        ))
        .await
    );
    let expected = CustomerTotals {
        total_orders: 1,
        ..Default::default()
    };
    assert_eq!(totals(&store, 1).await, expected);
    assert!(deactivate(&store, "cust_1").await);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn active_subscription_then_its_device_block() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| rent(tx, 1)).await;
    let renting = CustomerTotals {
        total_orders: 1,
        total_subscriptions: 1,
        active_subscriptions: 1,
        monthly_revenue: 4_900,
        acquisition_cost: 80_000,
        subscriptions_tracked: 1,
        ..Default::default()
    };
    assert_eq!(totals(&store, 1).await, renting);
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert!(!deactivate(&store, "cust_1").await);
    assert_eq!(
        blocking(&store, Blocker::ActiveSubscriptions).await,
        [("sub_1".to_owned(), "active".to_owned())]
    );
    assert_eq!(
        read(&store, |tx| subscriptions::count_active_of_order(
            tx, "ord_1"
        ))
        .await,
        1
    );

    end_subscription(&store, SubscriptionStatus::Cancelled).await;
    let keeping = CustomerTotals {
        active_subscriptions: 0,
        monthly_revenue: 0,
        devices_out: 1,
        ..renting
    };
    assert_eq!(totals(&store, 1).await, keeping);
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert!(!deactivate(&store, "cust_1").await);
    assert_eq!(
        blocking(&store, Blocker::DevicesOut).await,
        [("SN1".to_owned(), "rented_out".to_owned())]
    );

    return_device(&store, AssetStatus::Returned).await;
    assert_eq!(
        totals(&store, 1).await,
        CustomerTotals {
            devices_out: 0,
            ..keeping
        }
    );
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert!(deactivate(&store, "cust_1").await);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn counters_do_not_depend_on_whether_device_or_subscription_goes_first() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| rent(tx, 1)).await;
    return_device(&store, AssetStatus::Sold).await;
    end_subscription(&store, SubscriptionStatus::EndedBuyout).await;
    assert_eq!(totals(&store, 1).await.devices_out, 0);
    assert_eq!(faults(&store).await, Vec::<String>::new());
    assert!(deactivate(&store, "cust_1").await);
}

#[tokio::test]
async fn changed_amount_changes_monthly_revenue() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| rent(tx, 1)).await;
    write(&store, |tx| {
        let mut row = subscriptions::find(tx, "sub_1")?.expect("the subscription exists");
        row.monthly_amount = 3_900;
        subscriptions::update(tx, &row)
    })
    .await;
    assert_eq!(totals(&store, 1).await.monthly_revenue, 3_900);
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn payments_count_when_paid_and_future_ones_are_cancelled() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        rent(tx, 1)?;
        let months = ["2026-01-01", "2026-02-01", "2026-03-01"];
        let mut rows =
            months.map(|due| payment(&format!("pay_{}", &due[5..7]), "cust_1", "sub_1", due));
        // The second is due two weeks after its period begins.
        rows[1].due_date = day("2026-02-15");
        payments::insert_all(tx, &rows)
    })
    .await;
    let due = read(&store, |tx| {
        payments::next_due_by_rental(tx, &["sub_1", "sub_2"])
    })
    .await;
    assert_eq!(
        due.into_iter().collect::<Vec<_>>(),
        [("sub_1".to_owned(), day("2026-01-01"))]
    );

    write(&store, |tx| {
        let mut row = payments::find(tx, "pay_01")?.expect("the payment exists");
        row.status = PaymentStatus::Paid;
        row.paid_at = Some(at(3));
        payments::update(tx, &row)
    })
    .await;
    assert_eq!(totals(&store, 1).await.lifetime_collected, 4_900);
    let row = read(&store, |tx| subscriptions::find(tx, "sub_1"))
        .await
        .expect("the subscription exists");
    assert_eq!(row.total_collected, 4_900);

    let scheduled = read(&store, |tx| {
        payments::scheduled(tx, "sub_1", day("2026-02-01"))
    })
    .await;
    assert_eq!((scheduled.to_come, scheduled.in_progress), (4_900, 4_900));
    let none = read(&store, |tx| {
        payments::scheduled(tx, "sub_2", day("2026-02-01"))
    })
    .await;
    assert_eq!((none.to_come, none.in_progress), (0, 0));
    let cancelled = write(&store, |tx| {
        payments::cancel_future(tx, "sub_1", day("2026-02-01"), at(4))
    })
    .await;
    assert_eq!(cancelled, 1, "a period that has begun stays collectable");
    let statuses = read(&store, |tx| payments::of_rental(tx, "sub_1")).await;
    let statuses: Vec<_> = statuses.iter().map(|row| row.status).collect();
    assert_eq!(
        statuses,
        [
            PaymentStatus::Paid,
            PaymentStatus::Pending,
            PaymentStatus::Cancelled
        ]
    );
    assert_eq!(faults(&store).await, Vec::<String>::new());

    // The key of a cancelled payment is free again, the key of any other is taken.
    let again = |id: &str, due| PaymentRow {
        id: id.into(),
        ..payment("pay", "cust_1", "sub_1", due)
    };
    let (free, taken) = (
        again("pay_new", "2026-03-01"),
        again("pay_twice", "2026-02-01"),
    );
    write(&store, move |tx| {
        payments::insert_all(tx, std::slice::from_ref(&free))
    })
    .await;
    let refused: Result<(), Error> = store
        .write_in(&"acme".into(), move |tx| {
            payments::insert_all(tx, std::slice::from_ref(&taken))
        })
        .await;
    assert!(
        matches!(refused, Err(Error::Duplicate(Unique::PaymentKey))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn ids_of_many_customers_come_oldest_first() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        for n in 1..=3 {
            rent(tx, n)?;
        }
        let (row, items) = order("ord_0", "cust_2", 1);
        let row = OrderRow {
            created_at: at(0),
            ..row
        };
        orders::insert(tx, &row, &items, &[])
    })
    .await;
    let ids = read(&store, |tx| {
        orders::ids_by_customer(tx, &["cust_1", "cust_2", "cust_9"])
    })
    .await;
    assert_eq!(ids.len(), 2);
    assert_eq!(ids["cust_1"], ["ord_1"]);
    assert_eq!(ids["cust_2"], ["ord_0", "ord_2"]);
    let ids = read(&store, |tx| subscriptions::ids_by_customer(tx, &["cust_3"])).await;
    assert_eq!(ids["cust_3"], ["sub_3"]);
    let ids = read(&store, |tx| {
        subscriptions::ids_by_order(tx, &["ord_1", "ord_2"])
    })
    .await;
    assert_eq!(ids["ord_2"], [("sub_2".to_owned(), 0)]);
}

#[tokio::test]
async fn repeat_of_an_order_is_found_within_the_window_unless_cancelled() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        customers::insert(tx, &customer("cust_1"))?;
        let (row, items) = order("ord_1", "cust_1", 1);
        orders::insert(tx, &row, &items, &[])
    })
    .await;
    let find = |print: &'static str, since| {
        let store = store.clone();
        async move {
            read(&store, move |tx| {
                orders::find_by_fingerprint(tx, print, since)
            })
            .await
            .map(|row| row.id)
        }
    };
    assert_eq!(
        find("print of ord_1", at(0)).await.as_deref(),
        Some("ord_1")
    );
    assert_eq!(find("print of ord_1", at(1)).await, None);
    assert_eq!(find("print of ord_2", at(0)).await, None);
    set_order(&store, OrderStatus::Cancelled).await;
    assert_eq!(find("print of ord_1", at(0)).await, None);
}

#[tokio::test]
async fn planted_faults_are_found() {
    let plants = [
        (
            "UPDATE customers SET open_orders = 1",
            "order counters of the customer are wrong: `cust_1`",
        ),
        (
            "UPDATE customers SET total_orders = 7",
            "order counters of the customer are wrong: `cust_1`",
        ),
        (
            "UPDATE customers SET monthly_revenue = 1",
            "subscription counters of the customer are wrong: `cust_1`",
        ),
        (
            "UPDATE customers SET first_start = NULL",
            "subscription counters of the customer are wrong: `cust_1`",
        ),
        (
            "UPDATE customers SET devices_out = 1",
            "device counter of the customer is wrong: `cust_1`",
        ),
        (
            "UPDATE customers SET lifetime_collected = 1",
            "collected sum of the customer is wrong: `cust_1`",
        ),
        (
            "UPDATE subscriptions SET total_collected = 1",
            "collected sum of the subscription is wrong: `sub_1`",
        ),
        (
            "UPDATE order_items SET open = 1",
            "items of the order are open while it is not, or closed while it is open: `ord_1`",
        ),
        (
            "UPDATE order_items SET rented = 0",
            "progress of the order item does not match its subscriptions: `ord_1`",
        ),
        (
            "UPDATE orders SET status = 'partial'",
            "progress or status of the order does not match its items: `ord_1`",
        ),
        (
            "UPDATE assets SET status = 'returned', customer_id = NULL, rental_id = NULL",
            "asset of the active subscription is not rented out by it: `sub_1`",
        ),
        (
            "UPDATE customers SET status = 'inactive', active_subscriptions = 0",
            "inactive customer has an active subscription: `cust_1`",
        ),
    ];
    for (sql, fault) in plants {
        let database = Database::new();
        let store = database.filled().await;
        write(&store, |tx| rent(tx, 1)).await;
        assert_eq!(faults(&store).await, Vec::<String>::new());
        write(&store, move |tx| tx.execute(sql, &[])).await;
        let found = faults(&store).await;
        assert!(
            found.iter().any(|line| line == fault),
            "`{sql}` gives {found:#?}"
        );
    }
}
