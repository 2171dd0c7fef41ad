//! Tenants, keys, events and the catalogue: every column comes back as it was written.

use crate::suite::support::*;
use store::*;

#[tokio::test]
async fn keys_are_found_counted_and_revoked_once() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        keys::insert(
            tx,
            &KeyRow {
                expires_at: Some(at(500)),
                ..key("key_1")
            },
        )?;
        keys::insert(
            tx,
            &KeyRow {
                created_at: at(1),
                ..key("key_2")
            },
        )
    })
    .await;
    let expected = KeyRow {
        expires_at: Some(at(500)),
        ..key("key_1")
    };
    assert_eq!(
        read(&store, |tx| keys::find(tx, "key_1")).await,
        Some(expected)
    );
    assert_eq!(read(&store, |tx| keys::find(tx, "key_3")).await, None);

    let used = |count, second| KeyUse {
        tenant_id: TENANT.into(),
        id: "key_1".into(),
        count,
        last_used_at: at(second),
    };
    let (late, early) = (used(3, 20), used(2, 10));
    write(&store, move |tx| {
        keys::record_uses(tx, &[late.clone(), early.clone()])
    })
    .await;
    let row = read(&store, |tx| keys::find(tx, "key_1"))
        .await
        .expect("there");
    assert_eq!((row.use_count, row.last_used_at), (5, Some(at(20))));

    assert!(!administer(&store, |tx| keys::revoke(tx, "other", "key_1", at(30))).await);
    assert!(write(&store, |tx| keys::revoke(tx, TENANT, "key_1", at(30))).await);
    assert!(!write(&store, |tx| keys::revoke(tx, TENANT, "key_1", at(31))).await);
    let listed = read(&store, |tx| keys::list(tx, TENANT)).await;
    let listed: Vec<_> = listed
        .iter()
        .map(|row| (row.id.as_str(), row.revoked_at))
        .collect();
    assert_eq!(listed, [("key_1", Some(at(30))), ("key_2", None)]);
}

#[tokio::test]
async fn tenants_keep_settings_and_status() {
    let database = Database::new();
    let store = database.filled().await;
    let settings =
        Json::of(&serde_json::json!({"orders": {"requireConfirmation": false}})).expect("JSON");
    let written = settings.clone();
    write(&store, move |tx| {
        assert!(tenants::set_settings(tx, TENANT, &written, at(1))?);
        assert!(!tenants::set_settings(tx, "other", &written, at(1))?);
        tenants::set_status(tx, TENANT, TenantStatus::Inactive, at(2))
    })
    .await;
    let expected = TenantRow {
        settings,
        status: TenantStatus::Inactive,
        updated_at: at(2),
        ..tenant(TENANT)
    };
    assert_eq!(
        read(&store, |tx| tenants::find(tx, TENANT)).await,
        Some(expected)
    );
}

#[tokio::test]
async fn events_of_a_tenant_are_read_in_order_and_from_any_of_them_on() {
    let database = Database::new();
    let store = database.filled().await;
    for (tenant, resource) in [(TENANT, "a"), ("other", "b"), (TENANT, "a")] {
        let append = move |tx: &mut Tx<'_>| {
            let event = NewEvent {
                kind: "customer.deactivated",
                resource,
                data: Json::of(&serde_json::json!({"customerId": resource}))?,
                at: at(1),
            };
            events::append(tx, &event)
        };
        let appended = store.write_in(&tenant.into(), append).await;
        appended.expect("the transaction commits");
    }
    let listed = delivered(&store, TENANT, 0, 2).await;
    let [first, second] = &listed[..] else {
        panic!("two events: {listed:?}");
    };
    assert!(first.sequence < second.sequence);
    assert_eq!(first.data.as_str(), r#"{"customerId":"a"}"#);
    assert_eq!(
        delivered(&store, TENANT, first.sequence, 1).await.first(),
        Some(second)
    );
    assert_eq!(delivered(&store, "other", 0, 1).await[0].resource, "b");
    assert_eq!(
        read(&store, |tx| events::count(tx, "customer.deactivated", "a")).await,
        2
    );
}

async fn delivered(store: &Store, tenant: &'static str, after: i64, count: usize) -> Vec<EventRow> {
    let until = events::settled(store).await.expect("the database answers");
    let tenant = tenant.into();
    let events = store.read_in(&tenant, move |tx| events::after(tx, after, until, 100));
    let events = events.await.expect("the read succeeds");
    assert_eq!(events.len(), count, "{events:?}");
    events
}

#[tokio::test]
async fn many_catalogue_rows_are_added_and_written_together() {
    let database = Database::new();
    let store = database.filled().await;
    let named = |row: ProductRow, name: &str| ProductRow {
        name: name.into(),
        ..row
    };
    let rows = vec![
        named(product("prod_1"), "changed"),
        named(product("prod_2"), "new"),
    ];
    let written = rows.clone();
    write(&store, move |tx| products::save_all(tx, &written)).await;
    let skus = ["SKU-prod_2", "SKU-prod_1", "SKU-none"];
    let mut found = read(&store, move |tx| products::of_skus(tx, &skus)).await;
    found.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(found, rows);

    // More than goes into one statement.
    let picture = format!("https://example.com/{}", "x".repeat(300_000));
    let rows: Vec<VariantRow> = (1..=8)
        .map(|number| VariantRow {
            images: Json::of(&[&picture]).expect("JSON"),
            list_price: (number > 1).then_some(number),
            ..variant(&format!("var_{number}"), "prod_1")
        })
        .collect();
    for _ in 0..2 {
        let written = rows.clone();
        write(&store, move |tx| variants::save_all(tx, &written)).await;
    }
    let mut found = read(&store, |tx| variants::of_product(tx, "prod_1")).await;
    found.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(found, rows);

    // A SKU is taken once, whatever else is written with it.
    let taken = VariantRow {
        id: "var_9".into(),
        ..variant("var_1", "prod_1")
    };
    let rows = [variant("var_2", "prod_1"), taken];
    let refused = store
        .write_in(&TENANT.into(), move |tx| variants::save_all(tx, &rows))
        .await;
    assert!(
        matches!(refused, Err(Error::Duplicate(Unique::VariantSku))),
        "{refused:?}"
    );
    assert_eq!(read(&store, |tx| variants::find(tx, "var_9")).await, None);
}

#[tokio::test]
async fn catalogue_rows_are_updated_whole() {
    let database = Database::new();
    let store = database.filled().await;
    let changed = ProductRow {
        name: "Notebook".into(),
        description: Some("new".into()),
        ..product("prod_1")
    };
    let written = changed.clone();
    assert!(write(&store, move |tx| products::update(tx, &written)).await);
    assert_eq!(
        read(&store, |tx| products::find_by_sku(tx, "SKU-prod_1")).await,
        Some(changed)
    );

    let changed = VariantRow {
        list_price: None,
        color_name: Some("red".into()),
        ..variant("var_1", "prod_1")
    };
    let written = changed.clone();
    assert!(write(&store, move |tx| variants::update(tx, &written)).await);
    let found = read(&store, |tx| variants::find_by_sku(tx, "SKU-var_1"))
        .await
        .expect("there");
    assert_eq!(found.variant, changed);
    assert_eq!(
        (found.product_sku.as_str(), found.product_name.as_str()),
        ("SKU-prod_1", "Notebook")
    );

    assert_eq!(
        write(&store, |tx| variants::deactivate_all(tx, "prod_1", at(5))).await,
        1
    );
    assert_eq!(
        write(&store, |tx| variants::deactivate_all(tx, "prod_1", at(6))).await,
        0
    );
    let of_product = read(&store, |tx| variants::of_product(tx, "prod_1")).await;
    assert_eq!(
        of_product,
        [VariantRow {
            status: VariantStatus::Inactive,
            updated_at: at(5),
            ..changed
        }]
    );
}

#[tokio::test]
async fn order_items_subscriptions_assets_and_payments_come_back_as_written() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        rent(tx, 1)?;
        payments::insert_all(tx, &[payment("pay_1", "cust_1", "sub_1", "2026-01-01")])
    })
    .await;
    read(&store, |tx| {
        let (row, mut items) = order("ord_1", "cust_1", 1);
        let expected = OrderRow {
            status: OrderStatus::Fulfilled,
            rented_devices: 1,
            ..row
        };
        assert_eq!(orders::find(tx, "ord_1")?, Some(expected));
        items[0].rented = 1;
        assert_eq!(order_items::of_order(tx, "ord_1")?, items);
        assert_eq!(
            order_items::by_order(tx, &["ord_1", "ord_2"])?["ord_1"],
            items
        );
        let rental = subscription("sub_1", "cust_1", "ord_1", "SN1");
        assert_eq!(subscriptions::find(tx, "sub_1")?, Some(rental));
        assert_eq!(
            subscriptions::active_of_asset(tx, "SN1")?.as_deref(),
            Some("sub_1")
        );
        assert_eq!(
            subscriptions::past_end(tx, day("2026-12-31"), 10)?,
            Vec::<String>::new()
        );
        assert_eq!(
            subscriptions::past_end(tx, day("2027-01-01"), 10)?,
            ["sub_1"]
        );
        let pay = payment("pay_1", "cust_1", "sub_1", "2026-01-01");
        assert_eq!(payments::find(tx, "pay_1")?, Some(pay));
        Ok(())
    })
    .await;
    assert!(
        !write(&store, |tx| order_items::take_unit(tx, "ord_1", 0)).await,
        "all units are taken"
    );
}

#[tokio::test]
async fn billing_groups_know_their_members() {
    let database = Database::new();
    let store = database.filled().await;
    let group = BillingGroupRow {
        tenant_id: TENANT.into(),
        id: "bg_1".into(),
        customer_id: "cust_1".into(),
        group_name: "Office".into(),
        billing_day: 5,
        status: BillingGroupStatus::Active,
        notes: None,
        created_at: at(1),
        updated_at: at(1),
        created_by: "key_1".into(),
    };
    let written = group.clone();
    write(&store, move |tx| {
        rent(tx, 1)?;
        billing_groups::insert(tx, &written)?;
        let mut row = subscriptions::find(tx, "sub_1")?.expect("there");
        row.billing_group_id = Some("bg_1".into());
        subscriptions::update(tx, &row)
    })
    .await;
    assert_eq!(
        read(&store, |tx| billing_groups::find(tx, "bg_1")).await,
        Some(group)
    );
    let members = read(&store, |tx| billing_groups::members(tx, &["bg_1"])).await;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].rental_id, "sub_1");
}
