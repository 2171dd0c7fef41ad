//! What a group pays, and for whom it counts.

use serde_json::json;

use crate::suite::support::App;

#[tokio::test]
async fn members_are_paid_for_together_once_a_month() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let before = app.owed(&customer).await;
    let body = json!({
        "customerId": customer, "groupName": "Sales", "billingDay": 15, "notes": "one invoice",
        "rentalIds": [rentals[0], rentals[1], rentals[0]]
    });
    let answer = app.post("/v1/billing-groups", body).await;
    let group = answer.is(201)["billingGroup"].clone();
    let id = answer.text("/billingGroup/billingGroupId");
    assert!(id.starts_with("bg_"), "{id}");
    let expected = json!({
        "billingGroupId": id, "tenantId": "bu_test", "customerId": customer, "groupName": "Sales",
        "rentalIds": rentals, "billingDay": 15, "totalMonthlyAmount": 100.0, "activeRentalCount": 2,
        "currency": "EUR", "status": "active", "createdBy": group["createdBy"], "notes": "one invoice",
        "createdAt": group["createdAt"], "updatedAt": group["createdAt"],
    });
    assert_eq!(group, expected);
    assert!(group["createdBy"].as_str().unwrap().starts_with("key_"));

    // Due already: each for itself. Later: together, on the day of the group.
    let pending = app.pending(&customer).await;
    let first = ("2026-03-10".to_owned(), "individual".to_owned(), 50.0);
    assert_eq!(pending[..2], [first.clone(), first]);
    let days: Vec<&str> = pending[2..].iter().map(|it| it.0.as_str()).collect();
    assert_eq!(days.len(), 11);
    assert_eq!((days[0], days[10]), ("2026-04-15", "2027-02-15"));
    assert!(
        pending[2..]
            .iter()
            .all(|it| (it.1.as_str(), it.2) == ("consolidated", 100.0))
    );
    assert_eq!(app.owed(&customer).await, before);

    let payments = app.bills(&format!("billingGroupId={id}")).await;
    let payment = &payments[0];
    let expected = json!({
        "paymentId": payment["paymentId"], "tenantId": "bu_test", "customerId": customer,
        "billingGroupId": id, "subtotal": 100.0, "taxAmount": 0.0, "taxRate": 0.0, "total": 100.0,
        "amount": 100.0, "currency": "EUR", "paymentType": "consolidated", "billingPeriod": "2026-04",
        "status": "pending", "manuallyMarked": false, "captureAttempts": 0, "lateFeeApplied": false,
        "lineItems": [
            { "rentalId": rentals[0], "description": "Notebook (A1)", "amount": 50.0, "taxAmount": 0.0 },
            { "rentalId": rentals[1], "description": "Notebook (A2)", "amount": 50.0, "taxAmount": 0.0 },
        ],
        "idempotencyKey": format!("{id}:2026-04"), "dueDate": "2026-04-15",
        "paidAt": null, "lastCaptureAttempt": null, "nextRetryAt": null,
        "createdAt": payment["createdAt"], "updatedAt": payment["createdAt"],
    });
    assert_eq!(*payment, expected);
    let rental = app.read_rental(&rentals[0]).await;
    assert_eq!(rental["billingGroupId"], id.as_str());
    app.finish().await;
}

#[tokio::test]
async fn what_a_group_pays_counts_for_each_member_and_once_for_the_customer() {
    let app = App::start_with(|settings| {
        settings.taxes.enabled = true;
        settings.taxes.default_rate = 19.0;
    })
    .await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    let payment = app.bills(&format!("billingGroupId={id}")).await[0].clone();
    assert_eq!(
        (
            &payment["subtotal"],
            &payment["taxAmount"],
            &payment["taxRate"],
            &payment["total"]
        ),
        (&json!(100.0), &json!(19.0), &json!(19.0), &json!(119.0))
    );
    assert_eq!(payment["lineItems"][0]["taxAmount"], 9.5);
    let path = format!(
        "/v1/payments/{}/mark-paid",
        payment["paymentId"].as_str().unwrap()
    );
    app.post(&path, json!({})).await.is(200);
    for rental in &rentals {
        assert_eq!(app.read_rental(rental).await["totalCollected"], 50.0);
    }
    let collected = &app.get_customer(&customer).await["lifetimeCollected"];
    assert_eq!(*collected, 100.0);
    // It is settled: who leaves does not get it back, who comes pays that month alone.
    app.regroup(&id, json!({ "rentalIds": [rentals[1]] })).await;
    let periods = app.owed(&customer).await;
    assert!(!periods.contains_key(&(rentals[0].clone(), "2026-04".into())));
    assert!(periods.contains_key(&(rentals[0].clone(), "2026-05".into())));
    assert_eq!(app.read_rental(&rentals[0]).await["totalCollected"], 50.0);
    app.finish().await;
}

#[tokio::test]
async fn who_comes_after_a_month_is_settled_pays_that_month_alone() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let id = app.grouped(&customer, 15, &rentals[..1]).await;
    let payment = app.bills(&format!("billingGroupId={id}")).await[0].clone();
    let path = format!(
        "/v1/payments/{}/mark-paid",
        payment["paymentId"].as_str().unwrap()
    );
    app.post(&path, json!({})).await.is(200);
    let before = app.owed(&customer).await;
    app.regroup(&id, json!({ "rentalIds": rentals })).await;
    assert_eq!(app.owed(&customer).await, before);
    let own = app
        .bills(&format!("rentalId={}&status=pending", rentals[1]))
        .await;
    let due: Vec<_> = own.iter().map(|it| it["dueDate"].clone()).collect();
    assert_eq!(due, ["2026-03-10", "2026-04-10"]);
    app.finish().await;
}

#[tokio::test]
async fn payment_terms_come_on_top_of_the_day() {
    let app = App::start_with(|settings| {
        settings.billing.payment_terms = service::settings::PaymentTerms::Net14;
    })
    .await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    app.grouped(&customer, 20, &rentals).await;
    let due = app.pending(&customer).await;
    // The first month is due on 24 March for itself: after today, so it is taken over, too.
    let due: Vec<&str> = due.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        (due.len(), due[0], due[1]),
        (12, "2026-04-03", "2026-05-04")
    );
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_overdue_from_the_beginning() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    // 8 April: the payment of April is due on the 10th, and the 5th has passed.
    app.advance_days(29);
    let id = app.grouped(&customer, 5, &rentals).await;
    let due = app.bills(&format!("billingGroupId={id}")).await;
    let due: Vec<_> = due
        .iter()
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            (text("billingPeriod"), text("dueDate"))
        })
        .take(3)
        .collect();
    let of = |period: &str, day: &str| (period.to_owned(), day.to_owned());
    assert!(due.contains(&of("2026-04", "2026-05-05")), "{due:?}");
    assert!(due.contains(&of("2026-05", "2026-05-05")), "{due:?}");
    assert!(due.contains(&of("2026-06", "2026-06-05")), "{due:?}");
    let next = &app.read_rental(&rentals[0]).await["nextBillingDate"];
    assert_eq!(*next, "2026-03-10", "what is overdue comes first");
    app.finish().await;
}

#[tokio::test]
async fn two_payments_of_a_month_become_one_line() {
    let app = App::start_with(|settings| {
        settings.billing.cycle = service::settings::BillingCycle::Every30Days;
    })
    .await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let id = app.grouped(&customer, 15, &rentals).await;
    let payments = app.bills(&format!("billingGroupId={id}")).await;
    let total: f64 = payments
        .iter()
        .map(|it| it["total"].as_f64().unwrap())
        .sum();
    assert_eq!(total, 550.0);
    for payment in &payments {
        assert_eq!(payment["lineItems"].as_array().unwrap().len(), 1);
    }
    app.finish().await;
}
