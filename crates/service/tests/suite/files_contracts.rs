//! What contracts say, for how long their links lead to them, and that they are nobody else's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::settings_acting::contracts::{text_of, written};
use crate::suite::support::{App, TENANT, order_body};

/// An order of another type than `standard`, with what it refers to: (orders by type).
async fn one_of_each_type(app: &App) -> [(&'static str, String); 3] {
    let (_, standard, rental) = app.renting("ada@example.com", "A1").await;
    let mut extension = order_body("ada@example.com", "SKU", 1);
    extension["orderType"] = json!("extension");
    extension["extensionDetails"] = json!({
        "originalOrderId": standard, "extensionMonths": 3,
        "previousEndDate": "2027-03-09", "newEndDate": "2027-06-09"
    });
    let mut upgrade = order_body("ada@example.com", "SKU", 1);
    upgrade["orderType"] = json!("upgrade");
    upgrade["upgradeDetails"] = json!({
        "previousDevice": "Notebook", "previousSerialNumber": "A1", "previousMonthlyAmount": 50,
        "previousRentalId": rental
    });
    let extension = app.post("/v1/orders", extension).await.text("/orderId");
    let upgrade = app.post("/v1/orders", upgrade).await.text("/orderId");
    [
        ("order", standard),
        ("extension", extension),
        ("upgrade", upgrade),
    ]
}

#[tokio::test]
async fn the_type_of_the_order_decides_where_no_type_is_named() {
    let app = App::start().await;
    let orders = one_of_each_type(&app).await;
    for kind in ["order", "extension", "upgrade"] {
        let template = json!({ "title": format!("Paper for {kind}"), "terms": "T" });
        app.set(json!({ "contracts": { "templates": { kind: template } } }))
            .await;
    }
    for (kind, order) in &orders {
        let file = app.contract(order).await;
        let text = text_of(&app, &file).await;
        assert!(text.contains(&format!("Paper for {kind}")), "{text}");
        // Whatever the type of the order, another kind can be asked for.
        for (other, _) in &orders {
            let text = written(&app, order, other).await;
            assert!(text.contains(&format!("Paper for {other}")), "{text}");
        }
    }
    for none in ["", "Order", "standard"] {
        let body = json!({ "orderId": orders[0].1, "contractType": none });
        let answer = app.post("/v1/files/contracts/generate", body).await;
        answer.refused(400, "TEMPLATE_NOT_FOUND");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_contract_is_written_in_every_state_of_its_order() {
    let app = App::start().await;
    app.variant("SKU").await;
    for serial in ["A1", "A2"] {
        app.asset(serial, "SKU").await;
    }
    let (order, customer) = app.order("ada@example.com", "SKU", 2).await;
    let (gone, _) = app.order("bob@example.com", "SKU", 1).await;
    let state = async |order: &str, expected: &str| {
        let read = app.get(&format!("/v1/orders/{order}")).await;
        assert_eq!(read.is(200)["status"], expected);
        app.contract(order).await;
        let after = app.get(&format!("/v1/orders/{order}")).await;
        assert_eq!(after.body, read.body, "it only says what there is");
    };
    state(&order, "pending").await;
    app.confirm(&order).await;
    state(&order, "confirmed").await;
    app.subscribe(&order, &customer, "A1").await;
    state(&order, "partial").await;
    app.subscribe(&order, &customer, "A2").await;
    state(&order, "fulfilled").await;
    app.cancel_order(&gone).await;
    state(&gone, "cancelled").await;
    let list = app.get(&format!("/v1/files?orderId={order}")).await;
    assert_eq!(list.is(200)["count"], 4);
    app.finish().await;
}

#[tokio::test]
async fn a_contract_says_what_the_order_captured_and_not_what_is_true_now() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let (order, customer) = app.order("ada@example.com", "SKU", 3).await;
    let before = written(&app, &order, "order").await;
    for said in ["Ada Lovelace", "Torstrasse 1", "Berlin", "Notebook", &order] {
        assert!(before.contains(said), "{said}: {before}");
    }
    // Three devices, twelve months, each and all of them a month.
    for said in ["3", "12", "50.00", "150.00"] {
        assert!(before.split(' ').any(|it| it == said), "{said}: {before}");
    }
    let address = json!({ "contactName": "N", "streetAddress": "Elsewhere 9", "city": "Bonn", "country": "DE" });
    let change =
        json!({ "firstName": "Eve", "email": "eve@example.com", "billingAddress": address });
    app.put(&format!("/v1/customers/{customer}"), change)
        .await
        .is(200);
    let change = json!({ "name": "Other", "variants": [{
        "variantSku": "SKU", "pricing": [{ "contractLength": 12, "monthlyPrice": 99 }]
    }] });
    app.put(&format!("/v1/products/{product}"), change)
        .await
        .is(200);
    assert_eq!(written(&app, &order, "order").await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_link_ends_when_it_says_and_not_before() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let file = app.contract(&order).await;
    for (minutes, action) in [
        (json!(1), "view"),
        (json!(1440), "download"),
        (json!(null), "view"),
    ] {
        let mut body = json!({ "fileId": file, "action": action, "expiresInMinutes": minutes });
        if minutes.is_null() {
            body.as_object_mut()
                .expect("an object")
                .remove("expiresInMinutes");
        }
        let before = app.clock().now().as_millisecond();
        let answer = app.post("/v1/files/url", body).await;
        let lifetime = answer.is(200)["expiresAt"].as_i64().expect("a number") - before;
        let wanted = minutes.as_i64().unwrap_or(60) * 60_000;
        // The clock of tests goes on by a millisecond whenever it is read.
        assert!((wanted..wanted + 100).contains(&lifetime), "{lifetime}");
        let link = answer.text("/url");
        let link = link.strip_prefix(&app.base).expect("it leads here");
        app.advance(SignedDuration::from_millis(wanted - 1_000));
        app.open(link).await.is(200);
        app.advance(SignedDuration::from_millis(1_000));
        app.open(link).await.refused(404, "NOT_FOUND");
    }
    for (minutes, code) in [
        (json!(0), "too_small"),
        (json!(0.99), "too_small"),
        (json!(-1), "too_small"),
        (json!(1440.01), "too_big"),
        (json!("60"), "invalid_type"),
        (json!(null), "invalid_type"),
    ] {
        let body = json!({ "fileId": file, "expiresInMinutes": minutes });
        let answer = app.post("/v1/files/url", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        let (path, _, found) = answer.details().remove(0);
        assert_eq!((&*path, &*found), ("expiresInMinutes", code), "{minutes}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_link_is_for_its_own_file_tenant_purpose_and_time() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let (file, other) = (app.contract(&order).await, app.contract(&order).await);
    let link = app.link(json!({ "fileId": file })).await;
    let (head, signature) = link.rsplit_once('.').expect("a signature");
    let (place, text) = head.rsplit_once('/').expect("a token");
    let text = URL_SAFE_NO_PAD.decode(text).expect("base64");
    let text = String::from_utf8(text).expect("text");
    assert_eq!(text.split('/').count(), 4, "{text}");
    let rewritten = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        let token = URL_SAFE_NO_PAD.encode(text.replacen(from, to, 1));
        format!("{place}/{token}.{signature}")
    };
    app.open(&rewritten(&file, &file)).await.is(200);
    let end = text.rsplit('/').next().expect("an end");
    for (from, to) in [
        (file.as_str(), other.as_str()),
        (TENANT, "bu_other"),
        ("/v/", "/d/"),
        ("/v/", "/x/"),
        (end, &format!("9{end}")),
        (end, &format!("0{end}")),
        (end, "x"),
    ] {
        app.open(&rewritten(from, to))
            .await
            .refused(404, "NOT_FOUND");
    }
    // Neither a key nor a tenant is asked for, and none helps.
    let answer = app.json(Method::GET, &rewritten("/v/", "/d/"), None).await;
    answer.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn the_list_repeats_its_filters_and_says_where_it_stands() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let empty = app.get("/v1/files").await;
    let expected = json!({
        "files": [], "count": 0, "limit": 50, "offset": 0, "filters": {}, "hasMore": false,
        "nextCursor": null
    });
    assert_eq!(*empty.is(200), expected);
    app.contract(&order).await;
    for (query, filters, count) in [
        ("type=contract", json!({ "type": "contract" }), 1),
        ("type=document", json!({ "type": "document" }), 0),
        ("type=attachment", json!({ "type": "attachment" }), 0),
        ("orderId=none", json!({ "orderId": "none" }), 0),
        ("customerId=none", json!({}), 0),
    ] {
        let list = app.get(&format!("/v1/files?{query}")).await;
        assert_eq!(list.is(200)["filters"], filters, "{query}");
        assert_eq!(list.body["count"], count, "{query}");
    }
    app.finish().await;
}

#[tokio::test]
async fn whether_the_bytes_go_is_a_yes_or_no() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let file = app.contract(&order).await;
    let path = format!("/v1/files/{file}");
    for bad in [json!("true"), json!(1), json!(null)] {
        let body = Some(json!({ "deleteFromStorage": bad }));
        let answer = app.json(Method::DELETE, &path, body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "deleteFromStorage");
    }
    app.get(&path).await.is(200);
    let body = Some(json!({ "deleteFromStorage": true }));
    let answer = app.json(Method::DELETE, &path, body).await;
    let expected = json!({ "success": true, "message": answer.body["message"], "fileId": file });
    assert_eq!(*answer.is(200), expected);
    assert_eq!(app.kept(), 0);
    app.finish().await;
}
