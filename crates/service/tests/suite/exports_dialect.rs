//! The table as other programs read it: quoting, formulas, columns, figures.

use serde_json::{Value, json};

use crate::suite::support::{App, order_body};

async fn export(app: &App, body: Value) -> Value {
    app.post("/v1/exports/rentals", body).await.is(200).clone()
}

/// Cells of a table that RFC 4180 describes.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut rest) = (false, text.chars().peekable());
    while let Some(next) = rest.next() {
        match (next, quoted) {
            ('"', true) if rest.peek() == Some(&'"') => cell.extend(rest.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(rest.next(), Some('\n'), "lines end with CR and LF");
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            ('\n', false) => panic!("a line feed that is not quoted"),
            (other, _) => cell.push(other),
        }
    }
    assert!(
        !quoted && row.is_empty() && cell.is_empty(),
        "the last line ends, too"
    );
    rows
}

/// A subscription whose words are all `word`, the serial number and SKU in their way.
async fn worded(app: &App, word: &str, number: usize) {
    let (sku, serial) = (
        format!("{}{number}", word.trim()),
        format!("{}S{number}", word.trim()),
    );
    let body = json!({
        "productSku": format!("P{number}"), "name": word, "specification": "s", "category": "c",
        "brand": "b", "variants": [{
            "variantSku": sku, "variantName": "v", "grade": "A",
            "pricing": [{ "contractLength": 12, "monthlyPrice": 10 }]
        }]
    });
    app.post("/v1/products", body).await.is(201);
    app.asset(&serial, &sku).await;
    let mut order = order_body(&format!("c{number}@example.com"), &sku, 1);
    order["customer"]["firstName"] = json!(word);
    order["customer"]["company"] = json!(word);
    order["customFields"] = json!({ "own": word });
    let order = app.post("/v1/orders", order).await;
    order.is(201);
    app.confirm(&order.text("/orderId")).await;
    let customer = order.text("/order/customer/customerId");
    app.subscribe(&order.text("/orderId"), &customer, &serial)
        .await;
}

#[tokio::test]
async fn no_word_is_a_formula_whichever_column_it_stands_in() {
    let app = App::start().await;
    app.set(json!({ "customFields": [
        { "id": "own", "label": "Own", "type": "text", "section": "subscription" }
    ] }))
    .await;
    let words = [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-2", "'-2"),
        ("@cmd", "'@cmd"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("1-2", "1-2"),
        ("=a,\"b\"", "'=a,\"b\""),
    ];
    for (number, (word, _)) in words.into_iter().enumerate() {
        worded(&app, word, number).await;
    }
    let answer = export(&app, json!({})).await;
    let rows = cells(answer["csvData"].as_str().expect("a text"));
    let column = |name: &str| {
        let place = rows[0].iter().position(|it| it == name);
        place.unwrap_or_else(|| panic!("no column `{name}`"))
    };
    for (row, (number, (_, expected))) in rows[1..].iter().zip(words.into_iter().enumerate()) {
        assert_eq!(row[column("customerName")], format!("{expected} Lovelace"));
        assert_eq!(row[column("company")], expected);
        assert_eq!(row[column("productName")], expected);
        assert_eq!(row[column("own")], expected);
        assert_eq!(row[column("sku")], format!("{expected}{number}"));
        assert_eq!(row[column("serialNumber")], format!("{expected}S{number}"));
        assert_eq!(row.len(), rows[0].len());
    }
    app.finish().await;
}

#[tokio::test]
async fn line_breaks_quotes_and_letters_of_all_kinds_survive() {
    let app = App::start().await;
    let mut order = order_body("ada@example.com", "SKU", 1);
    app.variant("SKU").await;
    order["customer"]["company"] = json!("two\nlines, \"quoted\"\r\nand Łódź 東京 🚲");
    let order = app.post("/v1/orders", order).await;
    order.is(201);
    app.confirm(&order.text("/orderId")).await;
    app.asset("A1", "SKU").await;
    let customer = order.text("/order/customer/customerId");
    app.subscribe(&order.text("/orderId"), &customer, "A1")
        .await;
    let answer = export(&app, json!({})).await;
    let text = answer["csvData"].as_str().expect("a text");
    assert!(!text.starts_with('\u{feff}'));
    let rows = cells(text);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][4], "two\nlines, \"quoted\"\r\nand Łódź 東京 🚲");
    app.finish().await;
}

#[tokio::test]
async fn groups_of_columns_can_be_combined_and_are_all_there_by_default() {
    let app = App::start().await;
    app.set(json!({ "customFields": [
        { "id": "one", "type": "text", "section": "subscription" },
        { "id": "elsewhere", "type": "text", "section": "order" },
        { "id": "two", "type": "number", "section": "subscription" }
    ] }))
    .await;
    let customer = ["customerId", "customerEmail", "customerName", "company"];
    let device = ["sku", "productName", "serialNumber"];
    let always = ["status", "startDate", "endDate", "contractLength"];
    let financial = [
        "monthlyAmount",
        "currency",
        "totalCollected",
        "acquisitionCost",
        "costRecoveryPercent",
    ];
    for chosen in 0..16_u32 {
        let part = |bit: u32| chosen & bit != 0;
        let mut expected = vec!["subscriptionId"];
        let mut take = |columns: &[&'static str], taken: bool| {
            expected.extend(columns.iter().filter(|_| taken));
        };
        take(&customer, part(1));
        take(&device, part(2));
        take(&always, true);
        take(&financial, part(4));
        take(&["one", "two"], part(8));
        let fields = json!({
            "customerDetails": part(1), "deviceDetails": part(2), "financialDetails": part(4),
            "customFields": part(8)
        });
        let answer = export(&app, json!({ "includeFields": fields })).await;
        let rows = cells(answer["csvData"].as_str().expect("a text"));
        assert_eq!(rows, [expected], "{fields}");
    }
    for body in [json!({}), json!({ "includeFields": {} })] {
        let answer = export(&app, body).await;
        let rows = cells(answer["csvData"].as_str().expect("a text"));
        assert_eq!(rows[0].len(), 1 + 4 + 3 + 4 + 5 + 2);
    }
    app.finish().await;
}

#[tokio::test]
async fn figures_count_what_is_in_the_table() {
    let app = App::start().await;
    let mut rentals = Vec::new();
    for (number, price) in [10.0, 10.01, 10.01, 0.0].into_iter().enumerate() {
        let sku = format!("S{number}");
        let body = json!({
            "productSku": sku, "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{
                "variantSku": sku, "variantName": "v", "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": price }]
            }]
        });
        app.post("/v1/products", body).await.is(201);
        app.asset(&sku, &sku).await;
        let (order, customer) = app.order(&format!("{sku}@example.com"), &sku, 1).await;
        app.confirm(&order).await;
        rentals.push(app.subscribe(&order, &customer, &sku).await);
    }
    let path = format!("/v1/subscriptions/{}/cancel", rentals[0]);
    app.post(&path, json!({ "reason": "other" })).await.is(200);
    for (rental, count) in [(&rentals[1], 2), (&rentals[2], 1)] {
        let path = format!("/v1/payments?rentalId={rental}&sortBy=dueDate&sortDir=asc");
        let list = app.get(&path).await;
        for payment in list.is(200)["payments"]
            .as_array()
            .expect("payments")
            .iter()
            .take(count)
        {
            let id = payment["paymentId"].as_str().expect("an id");
            let path = format!("/v1/payments/{id}/mark-paid");
            app.post(&path, json!({})).await.is(200);
        }
    }
    for (body, rows, active, revenue, average) in [
        // 30.02 over 4 is 7.505.
        (json!({}), 4, 3, 30.03, 7.51),
        (json!({ "status": "active" }), 3, 3, 30.03, 6.67),
        (json!({ "status": "cancelled" }), 1, 0, 0.0, 10.0),
        (json!({ "status": "ended_buyout" }), 0, 0, 0.0, 0.0),
    ] {
        let answer = export(&app, body.clone()).await;
        assert_eq!(
            [&answer["totalRecords"], &answer["totalRentals"]],
            [rows, rows],
            "{body}"
        );
        assert_eq!(answer["activeRentals"], active, "{body}");
        assert_eq!(answer["totalRevenue"], revenue, "{body}");
        assert_eq!(answer["averageMonthlyRevenue"], average, "{body}");
        let lines = cells(answer["csvData"].as_str().expect("a text"));
        assert_eq!(lines.len(), rows + 1, "{body}");
    }
    app.finish().await;
}
