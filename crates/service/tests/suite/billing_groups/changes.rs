//! Members that come and go, days that move, groups that rest and end.

use serde_json::json;

use crate::suite::support::App;

#[tokio::test]
async fn members_come_and_go_without_owing_twice_or_never() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2", "A3"]).await;
    let owed = app.owed(&customer).await;
    assert_eq!(owed.len(), 36);
    let one = app.grouped(&customer, 15, &rentals[..2]).await;
    let two = app.grouped(&customer, 5, &rentals[2..]).await;
    let changes = [
        (&one, json!({ "rentalIds": [rentals[0]] })),
        (&one, json!({ "rentalIds": rentals })),
        (
            &two,
            json!({ "rentalIds": [rentals[1], rentals[2]], "billingDay": 28 }),
        ),
        (&one, json!({ "status": "inactive" })),
        (&one, json!({ "rentalIds": [rentals[0], rentals[1]] })),
        (&one, json!({ "status": "active", "billingDay": 7 })),
        (&two, json!({ "rentalIds": [], "status": "inactive" })),
        (
            &two,
            json!({ "rentalIds": [rentals[2]], "status": "active" }),
        ),
        (&one, json!({ "groupName": "Renamed" })),
        (&one, json!({ "status": "active" })),
        (
            &one,
            json!({ "rentalIds": [rentals[2]], "status": "inactive" }),
        ),
    ];
    for (group, change) in changes {
        app.regroup(group, change.clone()).await;
        assert_eq!(app.owed(&customer).await, owed, "{change}");
    }
    // As time goes by, too: what is due stays with the group, the rest moves.
    app.regroup(&one, json!({ "rentalIds": rentals, "status": "active" }))
        .await;
    app.advance_days(45);
    app.regroup(&one, json!({ "rentalIds": [rentals[0]] }))
        .await;
    assert_eq!(app.owed(&customer).await, owed);
    for group in [one, two] {
        let path = format!("/v1/billing-groups/{group}");
        app.delete(&path).await.is(200);
        app.delete(&path).await.refused(404, "NOT_FOUND");
        app.get(&path).await.refused(404, "NOT_FOUND");
        assert_eq!(app.owed(&customer).await, owed);
    }
    app.finish().await;
}

#[tokio::test]
async fn another_day_moves_what_is_not_due_yet() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    // 16 April: the first payment of the group is due.
    app.advance_days(37);
    let group = app.regroup(&id, json!({ "billingDay": 20 })).await;
    assert_eq!(group["billingDay"], 20);
    let due = app.pending(&customer).await;
    let due: Vec<&str> = due.iter().map(|it| it.0.as_str()).take(4).collect();
    assert_eq!(
        due,
        ["2026-03-10", "2026-04-15", "2026-05-20", "2026-06-20"]
    );
    let rental = app.read_rental(&rentals[0]).await;
    assert_eq!(rental["nextBillingDate"], "2026-03-10");
    app.finish().await;
}

#[tokio::test]
async fn a_group_that_rests_keeps_its_members_and_a_dissolved_one_its_past() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    let group = app.regroup(&id, json!({ "status": "inactive" })).await;
    assert_eq!(group["rentalIds"], json!(rentals));
    assert_eq!(
        app.read_rental(&rentals[0]).await["billingGroupId"],
        id.as_str()
    );
    let kinds = app.pending(&customer).await;
    assert!(kinds.iter().all(|it| it.1 == "individual"), "{kinds:?}");
    assert_eq!(kinds[1].0, "2026-04-10");
    app.regroup(&id, json!({ "status": "active" })).await;
    let kinds = app.pending(&customer).await;
    assert_eq!(kinds.iter().filter(|it| it.1 == "consolidated").count(), 11);

    let first = app
        .bills(&format!("billingGroupId={id}&status=pending"))
        .await[0]
        .clone();
    let path = format!(
        "/v1/payments/{}/mark-paid",
        first["paymentId"].as_str().unwrap()
    );
    app.post(&path, json!({})).await.is(200);
    app.delete(&format!("/v1/billing-groups/{id}"))
        .await
        .is(200);
    let rental = app.read_rental(&rentals[0]).await;
    assert!(rental.get("billingGroupId").is_none(), "{rental}");
    let paid = app.bills(&format!("billingGroupId={id}&status=paid")).await;
    assert_eq!(paid.len(), 1);
    assert_eq!(paid[0]["billingGroupId"], id.as_str());
    // It can be in another one, which does not collect the settled month again.
    app.grouped(&customer, 1, &rentals).await;
    assert_eq!(app.owed(&customer).await.len(), 11);
    app.finish().await;
}

#[tokio::test]
async fn extensions_are_paid_by_the_group() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    let path = format!("/v1/subscriptions/{}/extend", rentals[0]);
    let body = json!({ "extensionMonths": 3, "newMonthlyAmount": 40, "reason": "stays" });
    app.post(&path, body).await.is(200);
    let payments = app
        .bills(&format!("billingGroupId={id}&status=pending"))
        .await;
    assert_eq!(payments.len(), 14);
    assert_eq!(payments[13]["dueDate"], "2027-05-15");
    assert_eq!(payments[13]["total"], 40.0);
    let group = app.get(&format!("/v1/billing-groups/{id}")).await;
    assert_eq!(group.is(200)["billingGroup"]["totalMonthlyAmount"], 40.0);
    app.finish().await;
}
