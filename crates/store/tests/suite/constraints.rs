//! Violations have names, and the invariants hold against statements that ignore them.

use crate::suite::support::*;
use store::*;

async fn refuse(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
) -> Error {
    store
        .write_in(&TENANT.into(), f)
        .await
        .expect_err("the database refuses")
}

#[tokio::test]
async fn every_unique_value_has_its_own_error() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        rent(tx, 1)?;
        rent(tx, 2)?;
        keys::insert(tx, &key("key_1"))?;
        payments::insert_all(tx, &[payment("pay_1", "cust_1", "sub_1", "2026-01-01")])
    })
    .await;
    administer(&store, |tx| tenants::insert(tx, &tenant("other"))).await;
    type Write = fn(&mut Tx<'_>) -> Result<(), Error>;
    let cases: [(Unique, Write); 9] = [
        (Unique::Tenant, |tx| tenants::insert(tx, &tenant(TENANT))),
        (Unique::ApiKey, |tx| {
            keys::insert(
                tx,
                &KeyRow {
                    tenant_id: "other".into(),
                    ..key("key_1")
                },
            )
        }),
        (Unique::CustomerEmail, |tx| {
            customers::insert(
                tx,
                &CustomerRow {
                    id: "cust_9".into(),
                    ..customer("cust_1")
                },
            )
        }),
        (Unique::ProductSku, |tx| {
            products::insert(
                tx,
                &ProductRow {
                    id: "prod_9".into(),
                    ..product("prod_1")
                },
            )
        }),
        (Unique::VariantSku, |tx| {
            variants::insert(
                tx,
                &VariantRow {
                    id: "var_9".into(),
                    ..variant("var_1", "prod_1")
                },
            )
        }),
        (Unique::AssetSerial, |tx| assets::insert(tx, &asset("SN1"))),
        (Unique::ActiveRentalOfAsset, |tx| {
            subscriptions::insert(tx, &subscription("sub_9", "cust_1", "ord_1", "SN1"))
        }),
        (Unique::PaymentKey, |tx| {
            payments::insert_all(tx, &[payment("pay_9", "cust_1", "sub_1", "2026-01-01")])
        }),
        (Unique::Id, |tx| {
            customers::insert(
                tx,
                &CustomerRow {
                    email_key: "new".into(),
                    ..customer("cust_1")
                },
            )
        }),
    ];
    for (unique, write) in cases {
        let error = match unique {
            // Over all tenants.
            Unique::ApiKey => store.write(write).await.expect_err("the database refuses"),
            _ => refuse(&store, write).await,
        };
        assert!(
            matches!(error, Error::Duplicate(found) if found == unique),
            "{unique:?}: {error:?}"
        );
    }
    assert_eq!(faults(&store).await, Vec::<String>::new());
}

#[tokio::test]
async fn changed_email_of_another_customer_is_a_duplicate() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        customers::insert(tx, &customer("cust_1"))?;
        customers::insert(tx, &customer("cust_2"))?;
        customers::deactivate(tx, "cust_1", at(1))
    })
    .await;
    let error = refuse(&store, |tx| {
        let mut row = customers::find(tx, "cust_2")?.expect("exists");
        row.email_key = email_key_of(" Cust_1@Example.COM ");
        customers::update_profile(tx, &customer("cust_2"), &row).map(drop)
    })
    .await;
    assert!(
        matches!(error, Error::Duplicate(Unique::CustomerEmail)),
        "{error:?}"
    );
}

fn email_key_of(email: &str) -> String {
    customers::email_key(email)
}

#[tokio::test]
async fn inactive_customer_gets_no_order_subscription_or_device() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        customers::insert(tx, &customer("cust_1"))?;
        customers::deactivate(tx, "cust_1", at(1))
    })
    .await;
    let error = refuse(&store, |tx| {
        let (row, items) = order("ord_1", "cust_1", 1);
        orders::insert(tx, &row, &items, &[])
    })
    .await;
    assert!(
        matches!(&error, Error::Constraint(name) if name == "inactive_customer_is_settled"),
        "{error:?}"
    );

    let error = refuse(&store, |tx| {
        let (row, items) = order("ord_1", "cust_1", 1);
        orders::insert(
            tx,
            &OrderRow {
                status: OrderStatus::Cancelled,
                ..row
            },
            &items,
            &[],
        )?;
        assets::insert(tx, &asset("SN1"))?;
        subscriptions::insert(tx, &subscription("sub_1", "cust_1", "ord_1", "SN1"))
    })
    .await;
    assert!(
        matches!(&error, Error::Constraint(name) if name == "inactive_customer_is_settled"),
        "{error:?}"
    );
    assert_eq!(read(&store, |tx| orders::find(tx, "ord_1")).await, None);
}

#[tokio::test]
async fn status_cannot_be_set_around_the_checks() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| rent(tx, 1)).await;
    let error = refuse(&store, |tx| {
        tx.execute("UPDATE customers SET status = 'inactive'", &[])
            .map(drop)
    })
    .await;
    assert!(
        matches!(&error, Error::Constraint(name) if name == "inactive_customer_is_settled"),
        "{error:?}"
    );
    let error = refuse(&store, |tx| {
        tx.execute("UPDATE customers SET open_orders = -1", &[])
            .map(drop)
    })
    .await;
    assert!(
        matches!(&error, Error::Constraint(name) if name == "customer_counters"),
        "{error:?}"
    );
}

#[tokio::test]
async fn statement_and_constraints_agree_on_what_blocks() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| customers::insert(tx, &customer("cust_1"))).await;
    let is_blocker = |column: &str| Blocker::ALL.iter().any(|it| it.column() == column);
    let set = |of: &dyn Fn(&str) -> i64| {
        let columns = CustomerTotals::COLUMNS.iter();
        let set: Vec<String> = columns
            .map(|column| format!("{} = {}", column.name, of(column.name)))
            .collect();
        format!("UPDATE customers SET {}", set.join(", "))
    };
    let inactive = "UPDATE customers SET status = 'inactive'";

    // Whatever is not 0 beside the blockers blocks neither.
    let others = set(&|column| i64::from(!is_blocker(column)));
    write(&store, move |tx| {
        tx.execute(&others, &[])?;
        assert!(customers::deactivate(tx, "cust_1", at(1))?);
        customers::reactivate(tx, "cust_1", at(1))?;
        tx.execute(inactive, &[])?;
        customers::reactivate(tx, "cust_1", at(1))
    })
    .await;
    // Each blocker alone blocks both.
    for blocker in Blocker::ALL {
        let one = set(&|column| i64::from(!is_blocker(column) || column == blocker.column()));
        write(&store, move |tx| {
            tx.execute(&one, &[])?;
            assert!(!customers::deactivate(tx, "cust_1", at(1))?);
            Ok::<_, Error>(())
        })
        .await;
        let error = refuse(&store, move |tx| tx.execute(inactive, &[]).map(drop)).await;
        assert!(
            matches!(&error, Error::Constraint(name) if name != "customer_counters"),
            "{blocker:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn rows_of_another_tenant_cannot_be_referred_to() {
    let database = Database::new();
    let store = database.filled().await;
    administer(&store, |tx| tenants::insert(tx, &tenant("other"))).await;
    let other = "other".into();
    let inserted = store.write_in(&other, |tx| {
        customers::insert(
            tx,
            &CustomerRow {
                tenant_id: "other".into(),
                ..customer("cust_1")
            },
        )
    });
    inserted.await.expect("the transaction commits");
    let error = refuse(&store, |tx| {
        let (row, items) = order("ord_1", "cust_1", 1);
        orders::insert(tx, &row, &items, &[])
    })
    .await;
    assert!(matches!(error, Error::Reference(_)), "{error:?}");
}

#[tokio::test]
async fn rented_out_asset_needs_a_holder() {
    let database = Database::new();
    let store = database.filled().await;
    let error = refuse(&store, |tx| {
        assets::insert(
            tx,
            &AssetRow {
                status: AssetStatus::RentedOut,
                ..asset("SN1")
            },
        )
    })
    .await;
    assert!(
        matches!(&error, Error::Constraint(name) if name == "asset_holder"),
        "{error:?}"
    );
}

#[tokio::test]
async fn unreadable_value_names_its_column() {
    let database = Database::new();
    let store = database.filled().await;
    write(&store, |tx| {
        assets::insert(tx, &asset("SN1"))?;
        tx.execute("UPDATE assets SET acquisition_date = 'yesterday'", &[])
    })
    .await;
    let error = store
        .read_in(&TENANT.into(), |tx| assets::find(tx, "SN1"))
        .await
        .expect_err("cannot be read");
    assert!(
        matches!(&error, Error::Corrupt { column } if column == "acquisition_date"),
        "{error:?}"
    );

    // Beyond the last year of the calendar.
    write(&store, |tx| {
        customers::insert(tx, &customer("cust_1"))?;
        tx.execute("UPDATE customers SET created_at = 9223372036854775807", &[])
    })
    .await;
    let error = store
        .read_in(&TENANT.into(), |tx| customers::find(tx, "cust_1"))
        .await
        .expect_err("cannot be read");
    assert!(
        matches!(&error, Error::Corrupt { column } if column == "created_at"),
        "{error:?}"
    );
}
