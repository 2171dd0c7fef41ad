//! Members whose contracts end: exactly the periods that have begun are owed.

use serde_json::json;

use crate::suite::support::App;

#[tokio::test]
async fn a_member_that_ends_leaves_the_payments_to_come() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    // 20 May: the third month has begun, its payment of the group is due.
    app.advance_days(71);
    let end = async |rental: &str| {
        let path = format!("/v1/subscriptions/{rental}/cancel");
        let body = json!({ "reason": "customer_request" });
        app.post(&path, body).await.is(200);
    };
    end(&rentals[0]).await;
    let owed = app.owed(&customer).await;
    let months = owed.keys().filter(|(rental, _)| *rental == rentals[0]);
    let months: Vec<&str> = months.map(|(_, month)| month.as_str()).collect();
    assert_eq!(months, ["2026-03", "2026-04", "2026-05"]);
    let payments = app
        .bills(&format!("billingGroupId={id}&status=pending"))
        .await;
    assert_eq!(
        (&payments[1]["total"], &payments[2]["total"]),
        (&json!(100.0), &json!(50.0))
    );
    let group = app.get(&format!("/v1/billing-groups/{id}")).await;
    let group = &group.is(200)["billingGroup"];
    assert_eq!(
        group["rentalIds"],
        json!(rentals),
        "ended members stay listed"
    );
    assert_eq!(
        (&group["totalMonthlyAmount"], &group["activeRentalCount"]),
        (&json!(50.0), &json!(1))
    );
    end(&rentals[1]).await;
    let payments = app.bills(&format!("billingGroupId={id}")).await;
    let left = payments.iter().filter(|it| it["status"] == "pending");
    assert_eq!(left.count(), 2, "what is empty is cancelled");
    assert_eq!(app.owed(&customer).await.len(), 6);
    app.finish().await;
}

#[tokio::test]
async fn a_period_that_has_not_begun_is_not_owed_although_the_group_has_it_due() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    app.grouped(&customer, 5, &rentals).await;
    // 7 April: due on the 5th, for a month that begins on the 10th.
    app.advance_days(28);
    let path = format!("/v1/subscriptions/{}/cancel", rentals[0]);
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
    let owed = app.owed(&customer).await;
    let months = owed.keys().filter(|(rental, _)| *rental == rentals[0]);
    assert_eq!(months.count(), 1);
    assert_eq!(owed.len(), 13);
    app.finish().await;
}

#[tokio::test]
async fn a_buyout_costs_a_member_what_it_costs_everybody() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let price = async |rental: &str| {
        let body = json!({ "rentalId": rental });
        let answer = app.post("/v1/subscriptions/calculate-buyout", body).await;
        answer.is(200)["buyoutPrice"].clone()
    };
    let before = price(&rentals[0]).await;
    assert_eq!(before, 550.0);
    let id = app.grouped(&customer, 15, &rentals).await;
    assert_eq!(price(&rentals[0]).await, before);
    let payment = app.bills(&format!("billingGroupId={id}")).await[0].clone();
    let path = format!(
        "/v1/payments/{}/mark-paid",
        payment["paymentId"].as_str().unwrap()
    );
    app.post(&path, json!({})).await.is(200);
    assert_eq!(price(&rentals[0]).await, 500.0, "paid ahead");
    let path = format!("/v1/subscriptions/{}/buyout", rentals[0]);
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
    let own = app
        .bills(&format!("rentalId={}&status=pending", rentals[0]))
        .await;
    let totals: Vec<f64> = own.iter().map(|it| it["total"].as_f64().unwrap()).collect();
    assert_eq!(totals, [50.0, 500.0]);
    app.finish().await;
}

#[tokio::test]
async fn what_is_waived_for_a_group_stays_waived() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    let payment = app.bills(&format!("billingGroupId={id}")).await[0].clone();
    let path = format!(
        "/v1/payments/{}/cancel",
        payment["paymentId"].as_str().unwrap()
    );
    app.post(&path, json!({ "reason": "goodwill" }))
        .await
        .is(200);
    app.regroup(&id, json!({ "rentalIds": [rentals[0]] })).await;
    app.regroup(&id, json!({ "rentalIds": rentals })).await;
    app.delete(&format!("/v1/billing-groups/{id}"))
        .await
        .is(200);
    let owed = app.owed(&customer).await;
    assert!(owed.keys().all(|(_, month)| month != "2026-04"));
    assert_eq!(owed.len(), 22);
    app.finish().await;
}
