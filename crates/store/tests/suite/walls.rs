//! A transaction belongs to one tenant: the rows of others are not there, and cannot be made.

use store::webhooks::{deliveries, endpoints};
use store::*;

use super::support::*;

const OTHER: &str = "other";

type Step = (&'static str, fn(&mut Tx<'_>) -> Result<(), Error>);

fn group() -> BillingGroupRow {
    BillingGroupRow {
        tenant_id: TENANT.into(),
        id: "group_1".into(),
        customer_id: "cust_1".into(),
        group_name: "Berlin".into(),
        billing_day: 1,
        status: BillingGroupStatus::Active,
        notes: None,
        created_at: at(2),
        updated_at: at(2),
        created_by: "key_1".into(),
    }
}

fn file() -> FileRow {
    FileRow {
        tenant_id: TENANT.into(),
        id: "file_1".into(),
        order_id: "ord_1".into(),
        customer_id: "cust_1".into(),
        file_type: FileType::ALL[0],
        category: FileCategory::ALL[0],
        filename: "contract.pdf".into(),
        original_filename: None,
        content_type: "application/pdf".into(),
        file_size: 1,
        storage_path: "acme/file_1".into(),
        secret: "00".into(),
        metadata: None,
        uploaded_by: "key_1".into(),
        created_at: at(2),
        updated_at: at(2),
        deleting_since: None,
    }
}

fn endpoint() -> WebhookEndpointRow {
    WebhookEndpointRow {
        tenant_id: TENANT.into(),
        id: "end_1".into(),
        url: "https://example.com".into(),
        events: Json::empty_array(),
        secret: Hidden("secret".into()),
        previous_secret: None,
        previous_secret_until: None,
        position: 0,
        created_at: at(2),
        created_by: "key_1".into(),
    }
}

fn due() -> PaymentRow {
    payment("pay_1", "cust_1", "sub_1", "2026-01-01")
}

fn told() -> NewEvent<'static> {
    NewEvent {
        kind: "customer.deactivated",
        resource: "cust_1",
        data: Json::empty_object(),
        at: at(2),
    }
}

/// A business of [`TENANT`], and another tenant with nothing.
async fn two_tenants(database: &Database) -> Store {
    let store = database.filled().await;
    administer(&store, |tx| tenants::insert(tx, &tenant(OTHER))).await;
    write(&store, |tx| {
        rent(tx, 1)?;
        payments::insert_all(tx, &[due()])?;
        billing_groups::insert(tx, &group())?;
        files::insert(tx, &file())?;
        endpoints::insert(tx, &endpoint())?;
        events::append(tx, &told())
    })
    .await;
    store
}

/// Something of every module, as far as it is found.
fn found(tx: &mut Tx<'_>) -> Result<Vec<&'static str>, Error> {
    let all = [
        ("customer", customers::find(tx, "cust_1")?.is_some()),
        ("lock", customers::lock(tx, "cust_1")?.is_some()),
        ("order", orders::find(tx, "ord_1")?.is_some()),
        ("items", !order_items::of_order(tx, "ord_1")?.is_empty()),
        ("rental", subscriptions::find(tx, "sub_1")?.is_some()),
        ("payment", payments::find(tx, "pay_1")?.is_some()),
        ("payments", !payments::of_rental(tx, "sub_1")?.is_empty()),
        ("asset", assets::find(tx, "SN1")?.is_some()),
        ("holder", assets::lock_with_holder(tx, "SN1")?.is_some()),
        ("product", products::find(tx, "prod_1")?.is_some()),
        ("skus", !products::of_skus(tx, &["SKU-prod_1"])?.is_empty()),
        ("variant", variants::find(tx, "var_1")?.is_some()),
        ("group", billing_groups::find(tx, "group_1")?.is_some()),
        ("file", files::find(tx, "file_1")?.is_some()),
        ("endpoint", endpoints::exists(tx, "end_1")?),
        ("events", !events::after(tx, 0, i64::MAX, 9)?.is_empty()),
    ];
    Ok(all.iter().filter(|it| it.1).map(|it| it.0).collect())
}

#[tokio::test]
async fn rows_of_another_tenant_are_not_found() {
    let database = Database::new();
    let store = two_tenants(&database).await;
    assert_eq!(write(&store, found).await.len(), 16);
    let others = store.write_in(&OTHER.into(), found).await;
    assert_eq!(others.expect("the rows are read"), [""; 0]);
}

/// Functions that are given a row, which is [`TENANT`]'s.
const GIVEN: &[Step] = &[
    ("customers", |tx| customers::insert(tx, &customer("cust_2"))),
    ("profile", |tx| {
        let row = customer("cust_1");
        customers::update_profile(tx, &row, &row).map(drop)
    }),
    ("addresses", |tx| {
        customers::update_addresses(tx, &customer("cust_1")).map(drop)
    }),
    ("orders", |tx| {
        let (row, items) = order("ord_2", "cust_1", 1);
        orders::insert(tx, &row, &items, &[])
    }),
    ("subscriptions", |tx| {
        subscriptions::insert(tx, &subscription("sub_2", "cust_1", "ord_1", "SN1"))
    }),
    ("list price", |tx| {
        let row = subscription("sub_1", "cust_1", "ord_1", "SN1");
        subscriptions::set_list_price(tx, &row).map(drop)
    }),
    ("payments", |tx| payments::insert_all(tx, &[due(), due()])),
    ("assets", |tx| assets::insert(tx, &asset("SN2"))),
    ("products", |tx| products::insert(tx, &product("prod_2"))),
    ("product", |tx| {
        products::update(tx, &product("prod_1")).map(drop)
    }),
    ("variants", |tx| {
        variants::save_all(tx, &[variant("var_2", "prod_1")])
    }),
    ("variant", |tx| {
        variants::update(tx, &variant("var_1", "prod_1")).map(drop)
    }),
    ("groups", |tx| billing_groups::insert(tx, &group())),
    ("group", |tx| billing_groups::update(tx, &group()).map(drop)),
    ("files", |tx| files::insert(tx, &file())),
    ("endpoints", |tx| endpoints::insert(tx, &endpoint())),
];

#[tokio::test]
async fn rows_of_another_tenant_are_refused() {
    let database = Database::new();
    let store = two_tenants(&database).await;
    for (name, step) in GIVEN {
        let refused = store.write_in(&OTHER.into(), step).await;
        assert!(
            matches!(refused, Err(Error::OtherTenant)),
            "{name}: {refused:?}"
        );
    }
    assert_eq!(faults(&store).await, [""; 0]);
}

/// Whether something was changed by name alone.
fn changed(tx: &mut Tx<'_>) -> Result<Vec<&'static str>, Error> {
    let long_ago = day("2000-01-01");
    let all = [
        ("deactivate", customers::deactivate(tx, "cust_1", at(9))?),
        ("reactivate", customers::reactivate(tx, "cust_1", at(9))?),
        ("unit", order_items::take_unit(tx, "ord_1", 0)?),
        ("order", orders::update(tx, &own_order())?),
        (
            "future",
            payments::cancel_future(tx, "sub_1", long_ago, at(9))? > 0,
        ),
        (
            "variants",
            variants::deactivate_all(tx, "prod_1", at(9))? > 0,
        ),
        ("mark", files::mark(tx, "file_1", Some(at(9)))?),
        ("file", files::delete(tx, "file_1")?),
        ("group", billing_groups::delete(tx, "group_1")?),
        ("endpoint", endpoints::delete(tx, "end_1")?),
    ];
    Ok(all.iter().filter(|it| it.1).map(|it| it.0).collect())
}

/// The id of an order of [`TENANT`] in a row of the other one.
fn own_order() -> OrderRow {
    OrderRow {
        tenant_id: OTHER.into(),
        ..order("ord_1", "cust_1", 1).0
    }
}

#[tokio::test]
async fn names_of_another_tenants_rows_change_nothing() {
    let database = Database::new();
    let store = two_tenants(&database).await;
    let others = store.write_in(&OTHER.into(), changed).await;
    assert_eq!(others.expect("there is nothing to change"), [""; 0]);
    assert_eq!(write(&store, found).await.len(), 16);
    assert_eq!(faults(&store).await, [""; 0]);
}

/// Functions of every module.
const OF_ONE: &[Step] = &[
    ("customers", |tx| customers::find(tx, "cust_1").map(drop)),
    ("deactivate", |tx| {
        customers::deactivate(tx, "cust_1", at(9)).map(drop)
    }),
    ("insert", |tx| customers::insert(tx, &customer("cust_2"))),
    ("orders", |tx| orders::find(tx, "ord_1").map(drop)),
    ("items", |tx| order_items::of_order(tx, "ord_1").map(drop)),
    ("subscriptions", |tx| {
        subscriptions::find(tx, "sub_1").map(drop)
    }),
    ("payments", |tx| payments::find(tx, "pay_1").map(drop)),
    ("assets", |tx| assets::find(tx, "SN1").map(drop)),
    ("products", |tx| products::find(tx, "prod_1").map(drop)),
    ("variants", |tx| variants::find(tx, "var_1").map(drop)),
    ("groups", |tx| billing_groups::find(tx, "group_1").map(drop)),
    ("files", |tx| files::find(tx, "file_1").map(drop)),
    ("endpoints", |tx| endpoints::lock_all(tx).map(drop)),
    ("deliveries", |tx| deliveries::of_tenant(tx).map(drop)),
    ("events", |tx| events::append(tx, &told())),
];

#[tokio::test]
async fn a_transaction_across_tenants_is_nobodys() {
    let database = Database::new();
    let store = two_tenants(&database).await;
    for (name, step) in OF_ONE {
        let refused = store.write(step).await;
        assert!(
            matches!(refused, Err(Error::NoTenant)),
            "{name}: {refused:?}"
        );
    }
    assert_eq!(faults(&store).await, [""; 0]);
}
