//! Payments: what was paid, waived or tried counts once, and is never undone.

use serde_json::{Value, json};

use crate::suite::support::{Answer, App, Race, ok, refused};

impl App {
    pub(super) async fn payment(&self, id: &str) -> Value {
        let answer = self.get(&format!("/v1/payments/{id}")).await;
        answer.is(200)["payment"].clone()
    }

    /// An operation on a payment.
    pub(super) async fn settle(&self, id: &str, action: &str, body: Value) -> Answer {
        self.post(&format!("/v1/payments/{id}/{action}"), body)
            .await
    }

    /// Ids of a subscription's payments by due date.
    async fn scheduled(&self, rental: &str) -> Vec<String> {
        let path = format!("/v1/payments?rentalId={rental}&sortBy=dueDate&sortDir=asc");
        ids(&self.get(&path).await)
    }
}

fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.is(200);
    let payments = body["payments"].as_array().expect("payments");
    assert_eq!(
        (&body["success"], &body["count"]),
        (&json!(true), &json!(payments.len()))
    );
    let id = |payment: &Value| payment["paymentId"].as_str().expect("an id").to_owned();
    payments.iter().map(id).collect()
}

/// A customer with a subscription at 50.00 for 12 months: (customer, subscription, its payments).
async fn renting(app: &App) -> (String, String, Vec<String>) {
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    let due = app.scheduled(&rental).await;
    assert_eq!(due.len(), 12);
    (customer, rental, due)
}

#[tokio::test]
async fn a_scheduled_payment_says_what_it_is_for() {
    let app = App::start().await;
    let (customer, rental, due) = renting(&app).await;
    let payment = app.payment(&due[1]).await;
    let expected = json!({
        "paymentId": due[1], "tenantId": "bu_test", "customerId": customer, "rentalId": rental,
        "subtotal": 50.0, "taxAmount": 0.0, "taxRate": 0.0, "total": 50.0, "amount": 50.0, "currency": "EUR",
        "paymentType": "individual", "billingPeriod": "2026-04", "status": "pending",
        "manuallyMarked": false, "captureAttempts": 0, "lateFeeApplied": false,
        "idempotencyKey": format!("{rental}:2026-04"), "dueDate": "2026-04-10",
        "paidAt": null, "lastCaptureAttempt": null, "nextRetryAt": null,
        "createdAt": payment["createdAt"], "updatedAt": payment["createdAt"],
    });
    assert_eq!(payment, expected);
    app.finish().await;
}

#[tokio::test]
async fn what_is_marked_as_paid_counts_for_subscription_and_customer() {
    let app = App::start().await;
    let (customer, rental, due) = renting(&app).await;
    let body =
        json!({ "paymentReference": "SEPA 4711", "reference": "other", "notes": "by transfer" });
    let answer = app.settle(&due[0], "mark-paid", body).await;
    assert_eq!(answer.is(200)["success"], true);
    let payment = answer.body["payment"].clone();
    assert_eq!(payment, app.payment(&due[0]).await);
    assert_eq!(payment["paidAt"], payment["updatedAt"], "now unless said");
    for (name, value) in [
        ("status", json!("paid")),
        ("provider", json!("manual")),
        ("manuallyMarked", json!(true)),
        ("paymentReference", json!("SEPA 4711")),
        ("notes", json!("by transfer")),
    ] {
        assert_eq!(payment[name], value, "{name}");
    }
    let marked_by = payment["markedBy"].as_str().expect("a key");
    assert!(marked_by.starts_with("key_") && !app.key.contains(marked_by));
    let rental_now = app.get(&format!("/v1/subscriptions/{rental}")).await;
    assert_eq!(rental_now.is(200)["totalCollected"], 50.0);
    let customer_now = app.get_customer(&customer).await;
    assert_eq!(customer_now["lifetimeCollected"], 50.0);
    let expected = json!({ "paymentId": due[0], "subscriptionId": rental, "customerId": customer });
    let last = app.events().await.pop().expect("an event");
    assert_eq!(last, ("payment.succeeded".into(), expected));
    app.finish().await;
}

#[tokio::test]
async fn a_reference_has_two_names_and_a_time_of_its_own() {
    let app = App::start().await;
    let (_, _, due) = renting(&app).await;
    let body = json!({ "reference": "cash", "paidAt": "2026-02-01T23:30:00.5+01:00" });
    let answer = app.settle(&due[0], "mark-paid", body).await;
    let payment = &answer.is(200)["payment"];
    assert_eq!(payment["paymentReference"], "cash");
    assert_eq!(payment["paidAt"], "2026-02-01T22:30:00.500Z");
    // A body is optional.
    let path = format!("/v1/payments/{}/mark-paid", due[1]);
    let answer = app.json(hyper::Method::POST, &path, None).await;
    assert!(answer.is(200)["payment"].get("paymentReference").is_none());

    let future = json!({ "paidAt": "2026-03-11T00:00:00Z" });
    let answer = app.settle(&due[2], "mark-paid", future).await;
    answer.refused(400, "INVALID_DATE");
    assert_eq!(answer.details()[0].0, "paidAt");
    for impossible in ["0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "yesterday"] {
        let body = json!({ "paidAt": impossible });
        let answer = app.settle(&due[2], "mark-paid", body).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(app.payment(&due[2]).await["status"], "pending");
    app.finish().await;
}

#[tokio::test]
async fn what_is_waived_keeps_the_reason() {
    let app = App::start().await;
    let (customer, rental, due) = renting(&app).await;
    let reason = || json!({ "reason": "defective all month" });
    let payment = app.settle(&due[0], "cancel", reason()).await;
    assert_eq!(payment.is(200)["payment"]["status"], "cancelled");
    assert_eq!(payment.body["payment"]["notes"], "defective all month");
    for missing in [json!({}), json!({ "reason": "" })] {
        let answer = app.settle(&due[1], "cancel", missing).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    let rental = app.get(&format!("/v1/subscriptions/{rental}")).await;
    assert_eq!(rental.is(200)["totalCollected"], 0.0);
    assert_eq!(app.get_customer(&customer).await["lifetimeCollected"], 0.0);
    app.finish().await;
}

#[tokio::test]
async fn attempts_are_counted_and_the_last_reason_kept() {
    let app = App::start().await;
    let (customer, rental, due) = renting(&app).await;
    let id = &due[0];
    let tried = json!({ "status": "processing" });
    let answer = app.settle(id, "record-attempt", tried).await;
    let payment = &answer.is(200)["payment"];
    assert_eq!(
        (&payment["status"], &payment["captureAttempts"]),
        (&json!("processing"), &json!(0))
    );
    assert_eq!(payment["lastCaptureAttempt"], payment["updatedAt"]);
    for (sent, code, message) in [
        (
            json!({ "errorCode": "card_declined", "errorMessage": "expired" }),
            "card_declined",
            "expired",
        ),
        (json!({}), "unknown", "the provider gave no reason"),
    ] {
        let mut body = sent;
        body["status"] = json!("failed");
        app.settle(id, "record-attempt", body).await.is(200);
        let error = &app.payment(id).await["lastCaptureError"];
        assert_eq!(*error, json!({ "code": code, "message": message }));
    }
    let payment = app.payment(id).await;
    assert_eq!(
        (&payment["status"], &payment["captureAttempts"]),
        (&json!("failed"), &json!(2))
    );
    assert_eq!(
        payment["nextRetryAt"],
        Value::Null,
        "nobody tries by himself"
    );
    let failed = json!({ "paymentId": id, "subscriptionId": rental, "customerId": customer });
    let events = app.events().await;
    let failures = events.iter().filter(|(kind, _)| kind == "payment.failed");
    assert_eq!(
        failures.map(|it| &it.1).collect::<Vec<_>>(),
        [&failed, &failed]
    );
    // What failed can be paid by other means.
    app.settle(id, "mark-paid", json!({})).await.is(200);
    assert_eq!(app.get_customer(&customer).await["lifetimeCollected"], 50.0);
    app.finish().await;
}

#[tokio::test]
async fn every_state_allows_what_the_contract_says() {
    let app = App::start().await;
    let (_, _, due) = renting(&app).await;
    let actions = [
        ("mark-paid", json!({})),
        ("cancel", json!({ "reason": "waived" })),
        ("record-attempt", json!({ "status": "processing" })),
        ("record-attempt", json!({ "status": "failed" })),
    ];
    const BUSY: &str = "PAYMENT_PROCESSING";
    for (index, (ways, codes)) in [
        (vec![2], [BUSY, BUSY, BUSY, ""]),
        (vec![0], ["ALREADY_PAID"; 4]),
        (
            vec![1],
            [
                "PAYMENT_CANCELLED",
                "ALREADY_CANCELLED",
                "PAYMENT_CANCELLED",
                "PAYMENT_CANCELLED",
            ],
        ),
        (
            vec![2, 3],
            ["", "ALREADY_PAID", "ALREADY_PAID", "ALREADY_PAID"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id = &due[index];
        for way in ways {
            let (action, body) = actions[way].clone();
            app.settle(id, action, body).await.is(200);
        }
        for ((action, body), code) in actions.clone().into_iter().zip(codes) {
            let before = app.payment(id).await;
            let answer = app.settle(id, action, body.clone()).await;
            if code.is_empty() {
                answer.is(200);
                continue;
            }
            answer.refused(400, code);
            assert_eq!(app.payment(id).await, before, "{action} {body} of {index}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn what_is_owed_can_be_paid_after_the_end_and_after_the_deletion() {
    let app = App::start().await;
    let (customer, rental, due) = renting(&app).await;
    let returned = json!({ "returnCondition": "good", "reason": "moved" });
    let path = format!("/v1/subscriptions/{rental}/early-return");
    app.post(&path, returned).await.is(200);
    let path = format!("/v1/customers/{customer}");
    app.delete(&path).await.is(200);
    app.settle(&due[0], "mark-paid", json!({})).await.is(200);
    let deleted = app.get_customer(&customer).await;
    assert_eq!(
        (&deleted["status"], &deleted["lifetimeCollected"]),
        (&json!("inactive"), &json!(50.0))
    );
    // The months that had not begun are nobody's debt.
    let answer = app.settle(&due[5], "mark-paid", json!({})).await;
    answer.refused(400, "PAYMENT_CANCELLED");
    app.finish().await;
}

#[tokio::test]
async fn payments_are_filtered_and_sorted() {
    let app = App::start().await;
    let (ada, rental, due) = renting(&app).await;
    let (bob, _, other) = app.renting("bob@example.com", "B1").await;
    let others = app.scheduled(&other).await;
    app.settle(&due[3], "mark-paid", json!({})).await.is(200);
    let list = async |query: &str| ids(&app.get(&format!("/v1/payments?limit=100&{query}")).await);
    assert_eq!(list("").await.len(), 24);
    assert_eq!(list(&format!("customerId={bob}")).await.len(), 12);
    assert_eq!(
        list(&format!("customerId={ada}&status=paid")).await,
        [due[3].clone()]
    );
    assert_eq!(list("status=paid").await, [due[3].clone()]);
    assert_eq!(list("billingGroupId=grp_none").await.len(), 0);
    let of = format!("rentalId={rental}&sortBy=dueDate&sortDir=asc");
    let within = "dueDateFrom=2026-04-10&dueDateTo=2026-06-10T12:00:00Z";
    assert_eq!(list(&format!("{of}&{within}")).await, due[1..4].to_vec());
    assert_eq!(
        list(&format!("{of}&dueDateFrom=2026-04-11")).await,
        due[2..].to_vec()
    );
    for (sort, first) in [
        ("dueDate", &due[0]),
        ("createdAt", &due[0]),
        ("status", &due[3]),
        ("total", &due[0]),
    ] {
        let sorted = list(&format!("sortBy={sort}&sortDir=asc")).await;
        assert_eq!(sorted.len(), 24, "{sort}");
        if sort == "dueDate" {
            assert!([first, &others[0]].contains(&&sorted[0]));
        } else if sort != "total" {
            assert_eq!(&sorted[0], first, "{sort}");
        }
    }
    // Page by page nothing is missing and nothing comes twice.
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app
            .get(&format!("/v1/payments?limit=7&sortBy=dueDate{cursor}"))
            .await;
        walked.extend(ids(&page));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&startAfter={next}"),
            None => break,
        }
        assert_eq!(page.body["hasMore"], true);
    }
    assert_eq!(walked, list("sortBy=dueDate").await);
    for wrong in [
        "status=open",
        "sortBy=amount",
        "limit=0",
        "dueDateFrom=tomorrow",
    ] {
        let answer = app.get(&format!("/v1/payments?{wrong}")).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    app.finish().await;
}

#[tokio::test]
async fn payments_are_those_of_the_tenant_and_of_who_may() {
    let app = App::start().await;
    let (_, _, due) = renting(&app).await;
    let id = &due[0];
    let key = app.other_tenant("bu_other").await;
    let get = hyper::Method::GET;
    let path = format!("/v1/payments/{id}");
    let answer = app
        .json_as(&key, "bu_other", get.clone(), &path, None)
        .await;
    answer.refused(404, "NOT_FOUND");
    let answer = app
        .json_as(&key, "bu_other", get.clone(), "/v1/payments", None)
        .await;
    assert_eq!(ids(&answer).len(), 0);
    let paid = format!("{path}/mark-paid");
    let body = || Some(json!({}));
    let post = hyper::Method::POST;
    let answer = app
        .json_as(&key, "bu_other", post.clone(), &paid, body())
        .await;
    answer.refused(404, "NOT_FOUND");
    let reader = app.key_with(&["payments:read"]).await;
    app.json_as(&reader, "bu_test", get, &path, None)
        .await
        .is(200);
    let answer = app.json_as(&reader, "bu_test", post, &paid, body()).await;
    answer.refused(403, "INSUFFICIENT_PERMISSIONS");
    for action in ["mark-paid", "cancel", "record-attempt"] {
        let body = json!({ "reason": "x", "status": "failed" });
        app.settle("pay_unknown", action, body)
            .await
            .refused(404, "NOT_FOUND");
    }
    assert_eq!(app.payment(id).await["status"], "pending");
    app.finish().await;
}

#[tokio::test]
async fn of_two_who_settle_the_same_payment_one_does() {
    let app = App::start().await;
    app.variant("SKU").await;
    let race = Race {
        one_first: (ok(200), refused(400, "ALREADY_PAID")),
        other_first: (refused(400, "PAYMENT_CANCELLED"), ok(200)),
    };
    race.run(
        &app,
        async |round| {
            let email = format!("c{round}@example.com");
            let (customer, _, rental) = app.renting(&email, &format!("S{round}")).await;
            (customer, app.scheduled(&rental).await.remove(0))
        },
        async |app, (_, id)| app.settle(id, "mark-paid", json!({})).await,
        async |app, (_, id)| {
            app.settle(id, "cancel", json!({ "reason": "waived" }))
                .await
        },
        async |(customer, _), paid, _| {
            let collected = if paid.status.is_success() { 50.0 } else { 0.0 };
            assert_eq!(
                app.get_customer(customer).await["lifetimeCollected"],
                collected
            );
        },
    )
    .await;
    app.finish().await;
}
