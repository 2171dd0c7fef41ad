//! What has the form of the contract and is refused all the same has a code that says why; what has
//! not is `VALIDATION_ERROR`. So clients that check requests by the contract know which is theirs.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{App, order_body};

/// A product of one variant, with a place to change.
fn product(pointer: &str, value: Value) -> Value {
    let mut body = json!({
        "productSku": "P", "name": "n", "specification": "s", "category": "c", "brand": "b",
        "variants": [{ "variantSku": "P-1", "variantName": "v", "grade": "A", "listPrice": 1,
            "acquisitionCost": 1, "pricing": [{ "contractLength": 12, "monthlyPrice": 1, "setupFee": 1,
            "discount": { "type": "fixed", "value": 0 } }] }]
    });
    *body.pointer_mut(pointer).expect("a place") = value;
    body
}

#[tokio::test]
async fn cursors_are_malformed_or_of_another_list() {
    let app = App::start().await;
    for email in ["a@example.com", "b@example.com"] {
        app.customer(email).await;
    }
    let cursor = app.get("/v1/customers?limit=1").await.text("/nextCursor");
    for list in [
        "/v1/assets",
        "/v1/orders",
        "/v1/customers",
        "/v1/products/variants",
    ] {
        for malformed in ["", "nonsense", "WyJ", "WyJ%20", "%00", "e30"] {
            let answer = app.get(&format!("{list}?startAfter={malformed}")).await;
            answer.refused(400, "VALIDATION_ERROR");
            let expected = ("startAfter", "must be the `nextCursor` of a page");
            let (path, message, _) = answer.details().remove(0);
            assert_eq!((&*path, &*message), expected);
        }
        for wrong in ["WyJjdXN0b21lcnMi", &format!("{cursor}A"), "WyJ_____"] {
            let answer = app.get(&format!("{list}?startAfter={wrong}")).await;
            answer.refused(400, "INVALID_CURSOR");
        }
    }
    let other = format!("/v1/orders?startAfter={cursor}");
    app.get(&other).await.refused(400, "INVALID_CURSOR");
    app.get(&format!("/v1/customers?startAfter={cursor}"))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn amounts_are_too_large_for_the_contract_or_too_precise_for_the_currency() {
    let app = App::start().await;
    let places = [
        "/variants/0/listPrice",
        "/variants/0/acquisitionCost",
        "/variants/0/pricing/0/monthlyPrice",
        "/variants/0/pricing/0/setupFee",
        "/variants/0/pricing/0/discount/value",
    ];
    for place in places {
        let answer = app
            .post("/v1/products", product(place, json!(100_000_000_000.01)))
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        let answer = app.post("/v1/products", product(place, json!(0.001))).await;
        answer.refused(400, "INVALID_PRICING");
        assert_eq!(answer.details()[0].0, place[1..].replace('/', "."));
        assert_eq!(answer.details()[0].1, "must have at most 2 decimals");
        let answer = app
            .post("/v1/products", product(place, json!(100_000_000_000.0)))
            .await;
        answer.is(201);
    }
    let asset = json!({ "serialNumber": "S", "sku": "P-1", "acquisitionCost": 0.001 });
    app.post("/v1/assets", asset)
        .await
        .refused(400, "INVALID_PRICING");
    let rental = app.renting("ada@example.com", "R").await.2;
    let path = |action: &str| format!("/v1/subscriptions/{rental}/{action}");
    for (action, body, code) in [
        (
            "extend",
            json!({ "extensionMonths": 1, "reason": "r", "newMonthlyAmount": 0.001 }),
            "INVALID_PRICING",
        ),
        (
            "buyout",
            json!({ "buyoutPrice": 0.001, "reason": "other" }),
            "INVALID_BUYOUT_PRICE",
        ),
        (
            "buyout",
            json!({ "buyoutPrice": -1e300, "reason": "other" }),
            "INVALID_BUYOUT_PRICE",
        ),
        (
            "buyout",
            json!({ "buyoutPrice": 1e300, "reason": "other" }),
            "INVALID_BUYOUT_PRICE",
        ),
        (
            "early-return",
            json!({ "earlyReturnFee": 0.001, "reason": "r", "returnCondition": "good" }),
            "INVALID_FEE",
        ),
    ] {
        app.post(&path(action), body).await.refused(400, code);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_body_repeats_the_id_of_its_path_or_is_refused() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "R 1").await;
    let cancel = format!("/v1/subscriptions/{rental}/cancel");
    let (customers, asset) = (format!("/v1/customers/{customer}"), "/v1/assets/R%201");
    for (path, body) in [
        (
            &*customers,
            json!({ "customerId": "cust_other", "phone": "1" }),
        ),
        (&*customers, json!({ "customerId": "", "phone": "1" })),
        (asset, json!({ "serialNumber": "R2", "notes": "n" })),
    ] {
        app.put(path, body).await.refused(400, "VALIDATION_ERROR");
    }
    let body = json!({ "rentalId": "sub_other", "reason": "other" });
    let answer = app.post(&cancel, body).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "rentalId");
    app.put(&customers, json!({ "customerId": customer, "phone": "1" }))
        .await
        .is(200);
    app.put(asset, json!({ "serialNumber": " r 1 ", "notes": "n" }))
        .await
        .is(200);
    app.post(&cancel, json!({ "rentalId": rental, "reason": "other" }))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn days_are_days_or_moments() {
    let app = App::start().await;
    let list = |day: &str| {
        format!(
            "/v1/subscriptions?endDateFrom={}",
            day.replace('+', "%2B").replace(' ', "%20")
        )
    };
    for day in [
        "2028-02-29",
        "2000-02-29",
        "0001-01-01",
        "9999-12-31",
        "2026-03-10T09:00:00Z",
        "2026-03-10t09:00:00z",
        "2026-03-10T09:00:00.123456789+05:30",
        "2026-03-10T23:59:59-00:00",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+23:59",
    ] {
        app.get(&list(day)).await.is(200);
    }
    for none in [
        "",
        "0000-01-01",
        "2026-03-10 23:59:59Z",
        "2027-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-1-1",
        "20260101",
        "2026-03-10T24:00:00Z",
        "2026-03-10T09:00:00",
        "2026-03-10T09:00:00+0100",
        "yesterday",
        "2026-03-10 ",
        "-000001-01-01",
        "2026-03-10%00",
    ] {
        let answer = app.get(&list(none)).await;
        answer.refused(400, "VALIDATION_ERROR");
        let expected = ("endDateFrom", "must be a date, as YYYY-MM-DD or RFC 3339");
        let (path, message, _) = answer.details().remove(0);
        assert_eq!((&*path, &*message), expected, "{none}");
    }
    app.finish().await;
}

#[tokio::test]
async fn blanks_around_an_email_address_do_not_count() {
    let app = App::start().await;
    app.variant("SKU").await;
    let local = "a".repeat(64);
    let domain = format!("{0}.{0}.{1}", "b".repeat(60), "c".repeat(67 - 4));
    let longest = format!("{local}@{domain}");
    assert!(longest.len() <= 254);
    for (given, stored) in [
        (" ada@example.com", "ada@example.com"),
        ("bob@example.com\r\n", "bob@example.com"),
        (&*format!("   {longest}   "), &*longest),
    ] {
        let answer = app.post("/v1/orders", order_body(given, "SKU", 1)).await;
        answer.is(201);
        assert_eq!(answer.text("/order/customer/email"), stored);
    }
    let ada = app.customer("ada@example.com").await;
    let path = format!("/v1/customers/{ada}");
    let answer = app
        .put(&path, json!({ "email": "\tADA@example.com " }))
        .await;
    assert_eq!(answer.is(200)["customer"]["email"], "ADA@example.com");
    let taken = json!({ "email": " BOB@example.com " });
    app.put(&path, taken).await.refused(409, "EMAIL_IN_USE");
    app.put(&path, json!({ "email": "a da@example.com" }))
        .await
        .refused(400, "VALIDATION_ERROR");
    // Deletion cannot be got around by a blank either.
    let eve = app
        .post("/v1/orders", order_body("eve@example.com", "SKU", 1))
        .await;
    app.cancel_order(&eve.text("/orderId")).await;
    let gone = eve.text("/order/customer/customerId");
    app.delete(&format!("/v1/customers/{gone}")).await.is(200);
    let again = order_body(" Eve@example.com ", "SKU", 1);
    app.post("/v1/orders", again)
        .await
        .refused(400, "CUSTOMER_INACTIVE");
    app.finish().await;
}

#[tokio::test]
async fn the_null_character_is_read_as_the_replacement_character() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["customer"]["firstName"] = json!("A\u{0}da");
    body["customer"]["lastName"] = json!("back\\u0000slash");
    body["customFields"] = json!({ "k\u{0}": { "deep": ["\u{0}"] } });
    let answer = app.post("/v1/orders", body).await;
    let stored = app
        .get(&format!("/v1/orders/{}", answer.text("/orderId")))
        .await;
    assert_eq!(stored.is(200), &answer.is(201)["order"]);
    assert_eq!(stored.text("/customer/firstName"), "A\u{fffd}da");
    assert_eq!(stored.text("/customer/lastName"), "back\\u0000slash");
    let fields = json!({ "k\u{fffd}": { "deep": ["\u{fffd}"] } });
    assert_eq!(stored.body["customFields"], fields);

    for (path, status) in [
        ("/v1/customers/a%00b", 404),
        ("/v1/assets/a%00b", 404),
        ("/v1/products?category=%00", 200),
        ("/v1/customers?email=%00&search=%00", 200),
        ("/v1/assets?sku=a%00&customerId=%00", 200),
    ] {
        app.json(Method::GET, path, None).await.is(status);
    }
    app.delete("/v1/customers/a%00b")
        .await
        .refused(404, "NOT_FOUND");
    // Keys have neither.
    for key in ["X\u{0}1", "\u{0}", "X\u{fffd}1"] {
        let body = json!({ "serialNumber": key, "sku": "SKU" });
        app.post("/v1/assets", body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    app.finish().await;
}

#[tokio::test]
async fn what_an_order_refers_to_is_unknown_and_not_malformed() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["orderType"] = json!("extension");
    let answer = app.post("/v1/orders", body.clone()).await;
    answer.refused(400, "ORDER_NOT_FOUND");
    assert_eq!(answer.details()[0].0, "extensionDetails");
    body["extensionDetails"] = json!({
        "originalOrderId": "ord_none", "extensionMonths": 1,
        "previousEndDate": "2026-01-31", "newEndDate": "2026-02-28"
    });
    app.post("/v1/orders", body.clone())
        .await
        .refused(400, "ORDER_NOT_FOUND");
    for day in ["1899-12-31", "2200-01-01", "2026-02-29", "soon"] {
        body["extensionDetails"]["newEndDate"] = json!(day);
        app.post("/v1/orders", body.clone())
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["orderType"] = json!("upgrade");
    app.post("/v1/orders", body.clone())
        .await
        .refused(400, "SUBSCRIPTION_NOT_FOUND");
    body["items"][0]["quantity"] = json!(1_000_000_001_u64);
    let answer = app.post("/v1/orders", body).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].1, "must be at most 1000000000");
    app.finish().await;
}

#[tokio::test]
async fn a_new_variant_that_lacks_something_is_unknown() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product("/name", json!("n")))
        .await
        .text("/productId");
    let body = json!({ "variants": [{ "variantSku": "P-2", "grade": "B" }] });
    let answer = app.put(&format!("/v1/products/{id}"), body).await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    let paths: Vec<_> = answer.details().into_iter().map(|it| it.0).collect();
    assert_eq!(paths, ["variants.0.variantName", "variants.0.pricing"]);
    app.finish().await;
}
