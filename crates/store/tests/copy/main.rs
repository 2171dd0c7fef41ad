//! `store::copy` between every pair of engines.

mod catalogue;
mod fill;
mod interruption;
mod refusal;
mod support;

use support::{assert_holds, contents_at, quietly, run, ways};

#[tokio::test]
async fn every_value_of_every_row_arrives_unchanged() {
    for (from, to) in ways() {
        let (from, to) = (from().filled().await, to());
        let before = contents_at(&from).await;
        let report = run(&from, &to, quietly()).await.expect("the copy succeeds");
        assert_holds(&to, &before).await;
        // The source stays as it is.
        assert_holds(&from, &before).await;
        assert!(
            before.iter().all(|(_, rows)| !rows.is_empty()),
            "every table is tried"
        );

        let counts: Vec<_> = before
            .iter()
            .map(|(table, rows)| (*table, rows.len() as u64))
            .collect();
        let reported: Vec<_> = report
            .tables
            .iter()
            .map(|table| (table.table, table.target.rows))
            .collect();
        assert_eq!(reported, counts);
        assert!(report.changed_since.is_empty());
        assert_eq!(report.resumed_rows, 0);
    }
}

#[tokio::test]
async fn a_round_trip_ends_where_it_began() {
    for (from, to) in ways() {
        let (first, second, third) = (from().filled().await, to(), from());
        let there = run(&first, &second, quietly())
            .await
            .expect("the copy succeeds");
        let back = run(&second, &third, quietly())
            .await
            .expect("the copy succeeds");
        for (there, back) in there.tables.iter().zip(&back.tables) {
            assert_eq!((there.table, there.source), (back.table, back.target));
        }
        assert_holds(&third, &contents_at(&first).await).await;
    }
}

#[tokio::test]
async fn an_empty_database_can_be_copied() {
    for (from, to) in ways() {
        let (from, to) = (from(), to());
        let report = run(&from, &to, quietly()).await.expect("the copy succeeds");
        assert!(report.tables.iter().all(|table| table.target.rows == 0));
        to.open().expect("the copy is a database like any other");
    }
}

#[tokio::test]
async fn the_copy_goes_on_numbering_events_and_keeps_its_constraints() {
    for (from, to) in ways() {
        let (from, to) = (from().filled().await, to());
        run(&from, &to, quietly()).await.expect("the copy succeeds");
        let store = to.open().expect("the copy opens");
        let highest = "SELECT max(sequence) FROM events WHERE tenant_id = 'acme'";
        let tenant = "acme".into();
        let appended = store.write_in(&tenant, move |tx| {
            let before = tx.query_one(highest, &[], |row| row.get())?;
            store::events::append(
                tx,
                &store::NewEvent {
                    kind: "customer.deactivated",
                    resource: "cust_1",
                    data: store::Json::empty_object(),
                    at: jiff::Timestamp::UNIX_EPOCH,
                },
            )?;
            let after = tx.query_one(highest, &[], |row| row.get())?;
            Ok::<(i64, i64), store::Error>((before, after))
        });
        let (before, after) = appended.await.expect("the transaction commits");
        assert!(after > before, "{after} behind {before}");

        for forbidden in [
            "UPDATE assets SET rental_id = 'rent_nowhere' WHERE status = 'rented_out'",
            "DELETE FROM order_items WHERE tenant_id = 'acme'",
            "UPDATE customers SET status = 'inactive' WHERE active_subscriptions > 0",
            "UPDATE customers SET email_key = 'ada@example.com' WHERE tenant_id = 'acme'",
        ] {
            let refused = store.write(move |tx| tx.execute(forbidden, &[])).await;
            assert!(
                matches!(
                    refused,
                    Err(store::Error::Reference(_)
                        | store::Error::Constraint(_)
                        | store::Error::Duplicate(_))
                ),
                "{forbidden}: {refused:?}"
            );
        }
    }
}
