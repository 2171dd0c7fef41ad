//! importProductsCSV: cells that cannot be saved. Their row leaves nothing behind.

use serde_json::json;

use super::products_csv::{errors, import};
use crate::suite::support::App;

/// Imports a product `PX`, and then these rows, which must all be skipped. Gives why.
async fn skipped(app: &App, rows: &[&str]) -> Vec<String> {
    let good = ["Phone,PX,phones,Acme,s,A,black,PX-1,1,1,,2,,"];
    assert_eq!(import(app, &good).await.is(201)["created"], 1);
    let before = app.get("/v1/products").await.is(200).clone();
    app.advance_days(1);
    let answer = import(app, rows).await;
    let errors = errors(answer.is(201));
    assert_eq!(errors.len(), rows.len(), "{errors:?}");
    assert_eq!(*app.get("/v1/products").await.is(200), before);
    errors.into_iter().map(|(_, error)| error).collect()
}

#[tokio::test]
async fn a_row_with_a_null_character_changes_nothing() {
    let app = App::start().await;
    let rows = [
        "Renamed,PX,phones,Acme,s,A,bl\0ck,PX-1,1,1,,2,,",
        "Other,PY,phones,Acme,s,A,bl\0ck,PY-1,1,1,,2,,",
        "Other,P\0Y,phones,Acme,s,A,,PY-1,1,1,,2,,",
        "Other,PY,phones,Acme,s,A,,PY\0,1,1,,2,,",
    ];
    let columns = ["Color", "Color", "Product SKU", "Variant SKU"];
    let errors = skipped(&app, &rows).await;
    for (error, column) in errors.iter().zip(columns) {
        assert_eq!(*error, format!("{column} must not contain U+0000"));
    }
    app.finish().await;
}

#[tokio::test]
async fn rows_that_do_not_fit_the_header_shift_nothing() {
    let app = App::start().await;
    let rows = [
        "Other,PY,phones,Acme,s,A,,PY-1,1,1,10,9,50,,",
        "Other,PY,phones,Acme,s,A,,PY-1,1,1,,2,,,",
        "Other,PY,phones,Acme,s,A,,PY-1,1,1,,2,",
        "Other,PY,phones,Acme,\"6.1 inch,A,,PY-1,1,1,,2,,",
        "Other,PY,phones,Acme,\"s\" x,A,,PY-1,1,1,,2,,",
    ];
    let errors = skipped(&app, &rows).await;
    for (error, part) in errors.iter().zip([
        "15 cells",
        "15 cells",
        "13 cells",
        "not closed",
        "after a closing",
    ]) {
        assert!(error.contains(part), "{error}");
    }
    app.finish().await;
}

#[tokio::test]
async fn amounts_are_digits_with_a_point() {
    let app = App::start().await;
    let cells = [
        "\"9,50\"",
        "1e3",
        "NaN",
        "inf",
        "-1",
        "+1",
        "1 000",
        "1'000",
        "\"1,000.00\"",
        "\u{20ac}5",
        "5 EUR",
        "1.",
        ".5",
        "1.999",
        "1.000",
        "1.000.00",
        "1_000",
        "(5)",
        "5%",
        "\u{661}",
        "\u{ff11}",
        "99999999999999999999999",
        "0x1",
    ];
    let rows: Vec<String> = cells
        .iter()
        .map(|cell| format!("Other,PY,phones,Acme,s,A,,PY-1,1,1,,{cell},,"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    for error in skipped(&app, &rows).await {
        assert!(error.starts_with("12mo_Price "), "{error}");
    }
    app.finish().await;
}

#[tokio::test]
async fn what_a_row_does_not_say_stays_with_a_known_variant() {
    let app = App::start().await;
    let row = ["Phone,PX,phones,Acme,s,C,red,PX-1,1,1,6,12,,"];
    assert_eq!(import(&app, &row).await.is(201)["created"], 1);
    let row = ["Phone,PX,phones,Acme,s,,,PX-1,2,1,,11.50,24,"];
    assert_eq!(import(&app, &row).await.is(201)["updated"], 1);
    let found = app.get("/v1/products/variants?sku=PX-1").await;
    let variant = &found.is(200)["variants"][0];
    assert_eq!(
        (&variant["grade"], &variant["colorName"]),
        (&json!("C"), &json!("red"))
    );
    assert_eq!(
        variant["pricing"],
        json!([
            { "contractLength": 6, "monthlyPrice": 6.0 },
            { "contractLength": 12, "monthlyPrice": 11.5 },
            { "contractLength": 24, "monthlyPrice": 24.0 }
        ])
    );
    app.finish().await;
}

/// Rows are saved together and still one after the other.
#[tokio::test]
async fn each_row_meets_what_the_rows_before_it_have_saved() {
    let app = App::start().await;
    let rows = [
        "Phone,PX,phones,Acme,s,B,red,V1,1,1,6,,,",
        "Other,PY,phones,Acme,s,A,,V1,9,9,9,,,",
        "Phone 2,PX,phones,Acme,s,,,V1,2,1,,12,,",
        "Phone 9,PX,phones,Acme,s,Z,,V1,9,9,9,,,",
        "Phone 3,PX,phones,Acme,s,,,V2,3,1,6,,,",
    ];
    let answer = import(&app, &rows).await;
    let body = answer.is(201);
    assert_eq!((&body["created"], &body["updated"]), (&json!(1), &json!(0)));
    let errors = errors(body);
    let lines: Vec<u64> = errors.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 5]);
    assert!(errors[0].1.contains("another product"), "{errors:?}");

    let products = app.get("/v1/products").await.is(200).clone();
    assert_eq!(products["count"], 1);
    let product = &products["products"][0];
    assert_eq!(
        (&product["name"], &product["variantCount"]),
        (&json!("Phone 3"), &json!(2))
    );
    let found = app.get("/v1/products/variants?sku=V1").await;
    let variant = &found.is(200)["variants"][0];
    assert_eq!(
        (
            &variant["grade"],
            &variant["colorName"],
            &variant["listPrice"]
        ),
        (&json!("B"), &json!("red"), &json!(2.0))
    );
    assert_eq!(
        variant["pricing"],
        json!([
            { "contractLength": 6, "monthlyPrice": 6.0 },
            { "contractLength": 12, "monthlyPrice": 12.0 }
        ])
    );
    app.finish().await;
}

#[tokio::test]
async fn an_answer_does_not_report_every_one_of_many_rows() {
    let app = App::start().await;
    let rows = ["x"; 250];
    let answer = import(&app, &rows).await;
    assert_eq!(errors(answer.is(201)).len(), 100);
    let message = answer.text("/message");
    assert!(message.contains("skipped: 250, 150 of them"), "{message}");
    app.finish().await;
}
