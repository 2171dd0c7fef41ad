//! listOrders: filters, sorting, pages.

use crate::suite::support::App;
use serde_json::{Value, json};

/// Order ids on the page at `path`.
async fn ids(app: &App, path: &str) -> Vec<String> {
    let answer = app.get(path).await;
    let body = answer.is(200);
    let orders = body["orders"].as_array().expect("orders");
    assert_eq!(body["count"], orders.len());
    orders
        .iter()
        .map(|it| it["orderId"].as_str().expect("an id").to_owned())
        .collect()
}

async fn place(app: &App, email: &str, quantity: u64, custom_fields: Value) -> String {
    let body = json!({
        "customer": { "email": email, "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
        },
        "items": [{ "sku": "SKU", "quantity": quantity }],
        "customFields": custom_fields
    });
    let answer = app.post("/v1/orders", body).await;
    answer.is(201);
    answer.text("/orderId")
}

/// Three orders in this order: pending of 2 devices, confirmed of 3, cancelled of 1.
async fn three() -> (App, [String; 3]) {
    let app = App::start().await;
    app.variant("SKU").await;
    let pending = place(&app, "ada@example.com", 2, Value::Null).await;
    let confirmed = place(&app, "ada@example.com", 3, Value::Null).await;
    let cancelled = place(&app, "bob@example.com", 1, Value::Null).await;
    app.cancel_order(&cancelled).await;
    app.confirm(&confirmed).await;
    (app, [pending, confirmed, cancelled])
}

#[tokio::test]
async fn a_tenant_without_orders_has_an_empty_list() {
    let app = App::start().await;
    let expected =
        json!({ "orders": [], "count": 0, "limit": 50, "hasMore": false, "nextCursor": null });
    assert_eq!(app.get("/v1/orders").await.is(200), &expected);
    app.finish().await;
}

#[tokio::test]
async fn orders_are_sorted_by_each_field() {
    let (app, [pending, confirmed, cancelled]) = three().await;
    let (p, c, x) = (pending.as_str(), confirmed.as_str(), cancelled.as_str());
    assert_eq!(ids(&app, "/v1/orders").await, [x, c, p]);
    for (field, ascending) in [
        ("createdAt", [p, c, x]),
        ("updatedAt", [p, x, c]),
        ("orderId", [p, c, x]),
        ("status", [x, c, p]),
        ("totals.total", [x, p, c]),
    ] {
        let path = format!("/v1/orders?sortBy={field}");
        assert_eq!(
            ids(&app, &format!("{path}&sortDir=asc")).await,
            ascending,
            "{field}"
        );
        let descending: Vec<&str> = ascending.into_iter().rev().collect();
        assert_eq!(
            ids(&app, &format!("{path}&sortDir=desc")).await,
            descending,
            "{field}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_each_other_under_every_order() {
    let (app, _) = three().await;
    for field in [
        "createdAt",
        "updatedAt",
        "orderId",
        "status",
        "totals.total",
    ] {
        for direction in ["asc", "desc"] {
            let path = format!("/v1/orders?sortBy={field}&sortDir={direction}");
            let whole = ids(&app, &path).await;
            let first = app.get(&format!("{path}&limit=2")).await;
            assert_eq!(first.is(200)["hasMore"], true);
            let cursor = first.text("/nextCursor");
            let second = app
                .get(&format!("{path}&limit=2&startAfter={cursor}"))
                .await;
            assert_eq!(second.is(200)["hasMore"], false);
            assert_eq!(second.body["nextCursor"], Value::Null);
            let found = [
                first.text("/orders/0/orderId"),
                first.text("/orders/1/orderId"),
                second.text("/orders/0/orderId"),
            ];
            assert_eq!(found.as_slice(), whole, "{field} {direction}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn orders_are_filtered_by_status_and_customer() {
    let (app, [pending, confirmed, cancelled]) = three().await;
    assert_eq!(
        ids(&app, "/v1/orders?status=pending").await,
        [pending.as_str()]
    );
    assert_eq!(
        ids(&app, "/v1/orders?status=confirmed").await,
        [confirmed.as_str()]
    );
    assert_eq!(
        ids(&app, "/v1/orders?status=cancelled").await,
        [cancelled.as_str()]
    );
    assert!(ids(&app, "/v1/orders?status=partial").await.is_empty());

    let order = app.get(&format!("/v1/orders/{pending}")).await;
    let ada = order.text("/customer/customerId");
    let of_ada = format!("/v1/orders?customerId={ada}");
    assert_eq!(
        ids(&app, &of_ada).await,
        [confirmed.as_str(), pending.as_str()]
    );
    assert_eq!(
        ids(&app, &format!("{of_ada}&status=pending")).await,
        [pending.as_str()]
    );
    assert!(
        ids(&app, &format!("{of_ada}&status=cancelled"))
            .await
            .is_empty()
    );
    assert!(
        ids(&app, "/v1/orders?customerId=cust_none")
            .await
            .is_empty()
    );
    app.finish().await;
}

#[tokio::test]
async fn custom_fields_filter_exactly() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mail = "ada@example.com";
    let one = place(&app, mail, 1, json!({ "centre": "4711", "rush": true })).await;
    let two = place(&app, mail, 2, json!({ "centre": 4711, "floor": "a b&c" })).await;
    let three = place(
        &app,
        mail,
        3,
        json!({ "centre": "47110", "list": ["4711"] }),
    )
    .await;
    let filter = |query: &str| format!("/v1/orders?sortDir=asc&{query}");
    assert_eq!(
        ids(&app, &filter("customField_centre=4711")).await,
        [one.as_str(), two.as_str()]
    );
    assert_eq!(
        ids(&app, &filter("customField_rush=true")).await,
        [one.as_str()]
    );
    assert_eq!(
        ids(&app, &filter("customField_floor=a%20b%26c")).await,
        [two.as_str()]
    );
    let both = filter("customField_centre=4711&customField_rush=true");
    assert_eq!(ids(&app, &both).await, [one.as_str()]);
    let none = filter("customField_centre=4711&customField_rush=false");
    assert!(ids(&app, &none).await.is_empty());
    assert!(ids(&app, &filter("customField_centre=47")).await.is_empty());
    for (query, found) in [
        ("customField=centre%3D4711", vec![&one, &two]),
        ("customField=centre=4711", vec![&one, &two]),
        ("customField=floor%3Da%20b%26c", vec![&two]),
        (
            "customField=centre%3D4711&customField=rush%3Dtrue",
            vec![&one],
        ),
        (
            "customField=centre%3D4711&customField_rush=true",
            vec![&one],
        ),
        ("customField=floor%3D", vec![]),
    ] {
        assert_eq!(
            ids(&app, &filter(query)).await,
            found.into_iter().cloned().collect::<Vec<_>>(),
            "{query}"
        );
    }
    let all = [one.as_str(), two.as_str(), three.as_str()];
    for unknown in [
        "offset=4711",
        "utm_source=a&utm_source=b",
        "filter[status]=pending",
        "x=%FF",
    ] {
        assert_eq!(
            ids(&app, &filter(unknown)).await,
            all,
            "unknown names are ignored"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn what_only_looks_like_a_filter_by_a_custom_field_is_refused() {
    let app = App::start_with(|settings| {
        let field = json!({ "id": "costCentre", "type": "text", "section": "order" });
        settings.custom_fields = vec![serde_json::from_value(field).expect("a field")];
    })
    .await;
    app.variant("SKU").await;
    place(
        &app,
        "ada@example.com",
        1,
        json!({ "floor": "7", "list": ["x"] }),
    )
    .await;
    assert!(
        ids(&app, "/v1/orders?customField_costCentre=x")
            .await
            .is_empty()
    );
    for (query, name, hint) in [
        (
            "costCentre=x",
            "costCentre",
            "`customField=costCentre=value`",
        ),
        ("floor=7", "floor", "`customField_floor=value`"),
        // As clients write names in their own languages.
        (
            "CostCentre=x",
            "CostCentre",
            "`customField=costCentre=value`",
        ),
        (
            "cost_centre=x",
            "cost_centre",
            "`customField=costCentre=value`",
        ),
        (
            "cost-centre[]=x",
            "cost-centre[]",
            "`customField=costCentre=value`",
        ),
        (
            "costCentre:eq=x",
            "costCentre:eq",
            "`customField=costCentre=value`",
        ),
        (
            "customFields[costCentre]=x",
            "customFields[costCentre]",
            "`customField_costCentre=value`",
        ),
        (
            "customFields%5Bfloor%5D=7",
            "customFields[floor]",
            "`customField_floor=value`",
        ),
        (
            "customField[costCentre]=x",
            "customField[costCentre]",
            "`customField=costCentre=value`",
        ),
        (
            "customFields=costCentre,x",
            "customFields",
            "`customField=fieldId=value`",
        ),
        (
            "customFields.floor=7",
            "customFields.floor",
            "`customField_floor=value`",
        ),
        (
            "filter[floor]=7",
            "filter[floor]",
            "`customField_floor=value`",
        ),
        ("customField_nobodys=x", "customField_nobodys", "`nobodys`"),
        ("customField_list=x", "customField_list", "`list`"),
        ("customField_=x", "customField_", "``"),
        ("customField_floor=%FF", "customField_floor", "UTF-8"),
        ("customField=floor", "customField.0", "must match"),
        ("customField=nobodys%3Dx", "customField.0", "`nobodys`"),
        (
            "customField=floor%3D7&customField_floor=8",
            "customField_floor",
            "second time",
        ),
    ] {
        let answer = app.get(&format!("/v1/orders?{query}")).await;
        // Meant as a filter, and one that cannot be.
        let meant = ["`nobodys`", "`list`", "``", "second time"].contains(&hint);
        let code = if meant {
            "INVALID_FILTER"
        } else {
            "VALIDATION_ERROR"
        };
        answer.refused(400, code);
        let body = &answer.body["error"]["details"][0];
        assert_eq!(body["path"], name, "{query}");
        let message = body["message"].as_str().expect("a message");
        assert!(message.contains(hint), "{query}: {message}");
    }
    app.finish().await;
}

#[tokio::test]
async fn at_most_ten_custom_fields_are_filtered_by() {
    let app = App::start().await;
    app.variant("SKU").await;
    let names = || (0..12).map(|n| format!("f{n}"));
    let fields: serde_json::Map<_, _> = names().map(|name| (name, json!("x"))).collect();
    let order = place(&app, "ada@example.com", 1, Value::Object(fields)).await;
    let query = |count: usize| {
        let filters: Vec<_> = names()
            .take(count)
            .map(|name| format!("customField_{name}=x"))
            .collect();
        format!("/v1/orders?{}", filters.join("&"))
    };
    assert_eq!(ids(&app, &query(10)).await, [order.as_str()]);
    let other = query(10).replace("f9=x", "f9=y");
    assert!(ids(&app, &other).await.is_empty());
    for path in [query(11), format!("{}&customField=f11%3Dx", query(10))] {
        app.get(&path).await.refused(400, "VALIDATION_ERROR");
    }
    app.finish().await;
}

#[tokio::test]
async fn orders_with_a_custom_field_are_sorted_and_paged_by_each_field() {
    let app = App::start().await;
    app.variant("SKU").await;
    for (n, quantity) in [2, 3, 1, 3, 2].into_iter().enumerate() {
        let mail = |field: &str| format!("{field}{n}@example.com");
        place(
            &app,
            &mail("x"),
            quantity,
            json!({ "a": "x", "b": quantity }),
        )
        .await;
        place(&app, &mail("y"), quantity, json!({ "a": "y" })).await;
    }
    for field in [
        "createdAt",
        "updatedAt",
        "orderId",
        "status",
        "totals.total",
    ] {
        for direction in ["asc", "desc"] {
            let path = format!("/v1/orders?customField_a=x&sortBy={field}&sortDir={direction}");
            let whole = ids(&app, &path).await;
            assert_eq!(whole.len(), 5);
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = app.get(&format!("{path}&limit=2{cursor}")).await;
                let orders = page.is(200)["orders"].as_array().expect("orders");
                found.extend(
                    orders
                        .iter()
                        .map(|it| it["orderId"].as_str().expect("an id").to_owned()),
                );
                match page.body["nextCursor"].as_str() {
                    Some(next) => cursor = format!("&startAfter={next}"),
                    None => break,
                }
            }
            assert_eq!(found, whole, "{field} {direction}");
        }
    }
    let pending = "/v1/orders?customField_a=x&customField_b=3&status=pending";
    assert_eq!(ids(&app, pending).await.len(), 2);
    assert!(
        ids(&app, "/v1/orders?customField_a=x&status=cancelled")
            .await
            .is_empty()
    );
    app.finish().await;
}

#[tokio::test]
async fn bad_parameters_are_refused_by_name() {
    let app = App::start().await;
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1.5", "limit"),
        ("status=open", "status"),
        ("sortBy=total", "sortBy"),
        ("sortDir=up", "sortDir"),
        ("startAfter=!", "startAfter"),
    ] {
        let answer = app.get(&format!("/v1/orders?{query}")).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, name, "{query}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_list_shows_its_own_tenant_only() {
    let (app, _) = three().await;
    let key = app.other_tenant("bu_other").await;
    let answer = app
        .json_as(&key, "bu_other", hyper::Method::GET, "/v1/orders", None)
        .await;
    assert_eq!(answer.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn a_listed_order_is_the_same_as_a_single_one() {
    let app = App::start().await;
    let (_, order, rental) = app.renting("ada@example.com", "S1").await;
    let listed = app.get("/v1/orders").await.is(200)["orders"][0].clone();
    assert_eq!(listed["rentalIds"], json!([rental]));
    assert_eq!(
        &listed,
        app.get(&format!("/v1/orders/{order}")).await.is(200)
    );
    app.finish().await;
}

/// Letters and digits without repetition, which no index can compress.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let digits = std::iter::from_fn(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from_digit((state >> 33) as u32 % 36, 36)
    });
    digits.take(length).collect()
}

#[tokio::test]
async fn orders_are_found_by_custom_fields_of_any_length() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (long, value) = (noise(5_000), "x".repeat(255));
    // As long as a field id may be, and longer in bytes.
    let id = format!("{}ä", &long[..254]);
    let fields = json!({ "note": long, "limit": value, id.as_str(): "yes" });
    let order = place(&app, "ada@example.com", 1, fields).await;
    let near = format!("{}!", &long[..4_999]);
    place(&app, "ada@example.com", 2, json!({ "note": near })).await;
    for filter in [
        format!("note={long}"),
        format!("limit={value}"),
        format!("{}=yes", id.replace('ä', "%C3%A4")),
    ] {
        let found = ids(&app, &format!("/v1/orders?customField_{filter}")).await;
        assert_eq!(found, [order.as_str()]);
    }
    app.finish().await;
}
