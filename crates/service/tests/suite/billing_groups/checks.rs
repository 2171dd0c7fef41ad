//! What is refused, in the order of the contract, and who may be a member.

use serde_json::{Value, json};

use crate::suite::support::{App, Race, ok, refused};

#[tokio::test]
async fn a_group_is_refused_for_its_first_fault() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let (other, others) = app.company("bob@example.com", &["B1"]).await;
    let (person, _, personal) = app.renting("eve@example.com", "E1").await;
    let gone = app.customer("gone@example.com").await;
    app.delete(&format!("/v1/customers/{gone}")).await.is(200);
    let ended = &rentals[1];
    let path = format!("/v1/subscriptions/{ended}/cancel");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);

    let of = |customer: &str, rentals: Value, day: i64| {
        let group = json!({ "customerId": customer, "groupName": "G", "billingDay": day });
        let mut group = group.as_object().expect("an object").clone();
        group.insert("rentalIds".into(), rentals);
        Value::Object(group)
    };
    let nobody = "cust_nobody";
    for (body, code) in [
        (of(nobody, json!(["sub_none"]), 0), "CUSTOMER_NOT_FOUND"),
        (of(&gone, json!(["sub_none"]), 0), "CUSTOMER_INACTIVE"),
        (of(&person, json!([personal]), 0), "CUSTOMER_NOT_BUSINESS"),
        (
            of(&customer, json!([rentals[0], "sub_none", others[0]]), 0),
            "SUBSCRIPTION_NOT_FOUND",
        ),
        (
            of(&customer, json!([rentals[0], others[0], ended]), 0),
            "SUBSCRIPTION_DIFFERENT_CUSTOMER",
        ),
        (
            of(&customer, json!([rentals[0], ended]), 0),
            "SUBSCRIPTION_NOT_ACTIVE",
        ),
        (of(&customer, json!([rentals[0]]), 0), "INVALID_BILLING_DAY"),
        (
            of(&customer, json!([rentals[0]]), 29),
            "INVALID_BILLING_DAY",
        ),
        (
            of(&customer, json!([rentals[0]]), -1),
            "INVALID_BILLING_DAY",
        ),
        (of(&customer, json!([]), 1), "VALIDATION_ERROR"),
        (of(&customer, json!(["sub_none", 1]), 1), "VALIDATION_ERROR"),
        (json!({}), "VALIDATION_ERROR"),
    ] {
        app.post("/v1/billing-groups", body)
            .await
            .refused(400, code);
    }
    let answer = app
        .post(
            "/v1/billing-groups",
            of(&customer, json!([rentals[0], "sub_none"]), 1),
        )
        .await;
    answer.refused(400, "SUBSCRIPTION_NOT_FOUND");
    assert_eq!(answer.details()[0].0, "rentalIds.1");
    assert_eq!(app.get("/v1/billing-groups").await.is(200)["count"], 0);

    let group = app.grouped(&other, 1, &others).await;
    let path = format!("/v1/billing-groups/{group}");
    for (body, code) in [
        (
            json!({ "rentalIds": ["sub_none"], "billingDay": 0 }),
            "SUBSCRIPTION_NOT_FOUND",
        ),
        (
            json!({ "rentalIds": [rentals[0]] }),
            "SUBSCRIPTION_DIFFERENT_CUSTOMER",
        ),
        (json!({ "billingDay": 31 }), "INVALID_BILLING_DAY"),
        (json!({ "groupName": "" }), "VALIDATION_ERROR"),
        (json!({ "status": "closed" }), "VALIDATION_ERROR"),
    ] {
        app.patch(&path, body).await.refused(400, code);
    }
    for method in ["GET", "PATCH", "DELETE"] {
        let path = "/v1/billing-groups/bg_none";
        let answer = app.json(method.parse().unwrap(), path, None).await;
        answer.refused(404, "NOT_FOUND");
    }
    app.finish().await;
}

#[tokio::test]
async fn groups_of_an_inactive_customer_can_be_wound_up() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let id = app.grouped(&customer, 1, &rentals).await;
    let path = format!("/v1/subscriptions/{}/early-return", rentals[0]);
    let body = json!({ "reason": "customer_request", "returnCondition": "good" });
    app.post(&path, body).await.is(200);
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);

    let listed = app
        .get(&format!("/v1/billing-groups?customerId={customer}"))
        .await;
    assert_eq!(listed.is(200)["billingGroups"][0]["activeRentalCount"], 0);
    let path = format!("/v1/billing-groups/{id}");
    let again =
        json!({ "rentalIds": [rentals[0]], "notes": "done", "billingDay": 2, "groupName": "Old" });
    assert_eq!(app.regroup(&id, again).await["rentalIds"], json!(rentals));
    app.regroup(&id, json!({ "rentalIds": [] })).await;
    let answer = app.patch(&path, json!({ "rentalIds": rentals })).await;
    answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
    app.regroup(&id, json!({ "status": "inactive" })).await;
    let answer = app.patch(&path, json!({ "status": "active" })).await;
    answer.refused(400, "CUSTOMER_INACTIVE");
    app.delete(&path).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn groups_are_listed_newest_first_by_customer_and_state() {
    let app = App::start().await;
    let (ada, of_ada) = app.company("ada@example.com", &["A1", "A2"]).await;
    let (bob, of_bob) = app.company("bob@example.com", &["B1"]).await;
    let first = app.grouped(&ada, 1, &of_ada[..1]).await;
    let second = app.grouped(&bob, 2, &of_bob).await;
    let third = app.grouped(&ada, 3, &of_ada[1..]).await;
    app.regroup(&first, json!({ "status": "inactive" })).await;
    let ids = async |query: &str| {
        let answer = app.get(&format!("/v1/billing-groups?{query}")).await;
        let groups = answer.is(200)["billingGroups"].as_array().unwrap().clone();
        assert_eq!(answer.body["count"], groups.len());
        assert!(answer.body.get("limit").is_none());
        let ids = groups
            .iter()
            .map(|it| it["billingGroupId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [&*third, &second, &first]);
    assert_eq!(ids(&format!("customerId={ada}")).await, [&*third, &first]);
    assert_eq!(ids("status=inactive").await, [&*first]);
    assert_eq!(
        ids(&format!("status=active&customerId={ada}")).await,
        [&*third]
    );
    assert!(ids("customerId=nobody").await.is_empty());
    let page = app.get("/v1/billing-groups?limit=2").await;
    let next = page.is(200)["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(page.body["hasMore"], true);
    assert_eq!(ids(&format!("limit=2&startAfter={next}")).await, [first]);
    for (query, code) in [
        ("limit=101", "VALIDATION_ERROR"),
        ("status=gone", "VALIDATION_ERROR"),
        ("startAfter=nonsense", "VALIDATION_ERROR"),
    ] {
        let answer = app.get(&format!("/v1/billing-groups?{query}")).await;
        answer.refused(400, code);
    }
    let payments = app.get("/v1/payments?limit=1").await;
    let foreign = payments.is(200)["nextCursor"].as_str().unwrap().to_owned();
    let path = format!("/v1/billing-groups?startAfter={foreign}");
    app.get(&path).await.refused(400, "INVALID_CURSOR");
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_is_in_one_group_whoever_comes_first() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let rental = &rentals[0];
    let owed = app.owed(&customer).await;
    let create = async |app: &App, day: &i64| {
        let body = json!({
            "customerId": customer, "groupName": "G", "billingDay": day, "rentalIds": [rental]
        });
        app.post("/v1/billing-groups", body).await
    };
    let race = Race {
        one_first: (ok(201), ok(201)),
        other_first: (ok(201), ok(201)),
    };
    race.run(
        &app,
        async |round| 1 + round as i64 % 28,
        create,
        create,
        async |_, one, other| {
            let now = app.read_rental(rental).await["billingGroupId"].clone();
            let ids = [one, other].map(|it| it.text("/billingGroup/billingGroupId"));
            for id in &ids {
                let group = app.get(&format!("/v1/billing-groups/{id}")).await;
                let members = &group.is(200)["billingGroup"]["rentalIds"];
                let is_member = now == id.as_str();
                assert_eq!(*members == json!([rental]), is_member);
            }
            assert_eq!(app.owed(&customer).await, owed);
            for id in ids {
                app.delete(&format!("/v1/billing-groups/{id}"))
                    .await
                    .is(200);
            }
            assert_eq!(app.owed(&customer).await, owed);
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_deletion_waits_for_a_group_or_the_group_for_it() {
    let app = App::start().await;
    let blocked = || refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS");
    let race = Race {
        one_first: (ok(201), blocked()),
        other_first: (ok(201), blocked()),
    };
    race.run(
        &app,
        async |round| {
            let serial = format!("A{round}");
            app.company(&format!("c{round}@example.com"), &[&serial])
                .await
        },
        async |app, (customer, rentals)| {
            let body = json!({
                "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": rentals
            });
            app.post("/v1/billing-groups", body).await
        },
        async |app, (customer, _)| app.delete(&format!("/v1/customers/{customer}")).await,
        async |_, _, _| {},
    )
    .await;
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_group_is_refused_with_its_place() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let body = |name: &str, value: Value| {
        let mut body = json!({
            "customerId": customer, "groupName": "G", "billingDay": 1, "rentalIds": rentals
        });
        body[name] = value;
        body
    };
    for (name, bad) in [
        ("groupName", vec![json!(""), json!(null), json!(1)]),
        ("billingDay", vec![json!(1.5), json!("1"), json!(null)]),
        (
            "rentalIds",
            vec![json!([]), json!("x"), json!(null), json!([1])],
        ),
        ("customerId", vec![json!(null), json!(1)]),
        ("notes", vec![json!(1)]),
    ] {
        for value in bad {
            let answer = app
                .post("/v1/billing-groups", body(name, value.clone()))
                .await;
            answer.refused(400, "VALIDATION_ERROR");
            let path = answer.details()[0].0.clone();
            assert!(path.starts_with(name), "{name} {value}: {path}");
        }
    }
    // Both ends of the days that every month has.
    for day in [1, 28] {
        let made = app
            .post("/v1/billing-groups", body("billingDay", json!(day)))
            .await;
        assert_eq!(made.is(201)["billingGroup"]["billingDay"], day);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_subscription_can_begin_as_a_member() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1"]).await;
    let group = app.grouped(&customer, 15, &rentals).await;
    let owed = app.owed(&customer).await;
    let mut order = crate::suite::support::order_body("ada@example.com", "SKU", 1);
    order["notes"] = json!("another one");
    let order = app.post("/v1/orders", order).await.text("/orderId");
    app.confirm(&order).await;
    app.asset("A2", "SKU").await;
    let body = json!({
        "orderId": order, "customerId": customer, "assetSerialNumber": "A2",
        "billingGroupId": group
    });
    let made = app.post("/v1/subscriptions", body).await;
    let rental = made.is(201)["rental"].clone();
    assert_eq!(rental["billingGroupId"], group.as_str());
    let read = app.get(&format!("/v1/billing-groups/{group}")).await;
    let read = &read.is(200)["billingGroup"];
    assert_eq!(read["rentalIds"], json!([rentals[0], rental["rentalId"]]));
    assert_eq!(
        [&read["totalMonthlyAmount"], &read["activeRentalCount"]],
        [&json!(100.0), &json!(2)]
    );
    // One payment a month for both, from the month after this one.
    let payments = app
        .bills(&format!("billingGroupId={group}&status=pending"))
        .await;
    assert_eq!(payments.len(), 11);
    assert!(payments.iter().all(|it| it["total"] == 100.0));
    assert_eq!(app.owed(&customer).await.len(), owed.len() + 12);
    app.finish().await;
}

#[tokio::test]
async fn members_that_are_named_again_change_nothing() {
    let app = App::start().await;
    let (customer, rentals) = app.company("ada@example.com", &["A1", "A2"]).await;
    let group = app.grouped(&customer, 15, &rentals).await;
    let payments = app.bills(&format!("billingGroupId={group}")).await;
    let events = app.event_kinds().await;
    let again = json!([rentals[1], rentals[0], rentals[1]]);
    let after = app
        .regroup(&group, json!({ "rentalIds": again, "status": "active" }))
        .await;
    assert_eq!(after["rentalIds"], json!(rentals));
    assert_eq!(
        app.bills(&format!("billingGroupId={group}")).await,
        payments
    );
    assert_eq!(app.event_kinds().await, events);
    app.finish().await;
}
