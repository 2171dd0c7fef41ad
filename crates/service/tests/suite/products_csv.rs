//! importProductsCSV: each row like createProduct, bad rows reported, good ones applied.

use crate::suite::support::{Answer, App, TENANT};
use hyper::Method;
use serde_json::{Value, json};

pub(super) const HEADER: &str = "Product Name,Product SKU,Category,Brand,Specification,Grade,Color,Variant SKU,\
                      List Price,Acquisition Cost,6mo_Price,12mo_Price,24mo_Price,36mo_Price";

/// Sends a body of any type to the import.
async fn send(app: &App, content_type: &str, body: impl Into<hyper::body::Bytes>) -> Answer {
    let authorization = format!("Bearer {}", app.key);
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", TENANT),
        ("content-type", content_type),
    ];
    app.send(Method::POST, "/v1/products/csv", &headers, body)
        .await
}

/// Imports rows below the usual header, as bare text.
pub(super) async fn import(app: &App, rows: &[&str]) -> Answer {
    send(app, "text/csv", format!("{HEADER}\n{}\n", rows.join("\n"))).await
}

/// A form with one file.
fn form(field: &str, content: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"p.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--frontier--\r\n");
    body
}

const FORM: &str = "multipart/form-data; boundary=frontier";

/// (row, error) of every skipped row.
pub(super) fn errors(body: &Value) -> Vec<(u64, String)> {
    let errors = body["errors"].as_array().expect("errors are always sent");
    errors
        .iter()
        .map(|it| {
            (
                it["row"].as_u64().expect("a number"),
                it["error"].as_str().expect("a text").to_owned(),
            )
        })
        .collect()
}

async fn variant(app: &App, sku: &str) -> Value {
    app.get(&format!("/v1/products/variants?sku={sku}"))
        .await
        .is(200)["variants"][0]
        .clone()
}

#[tokio::test]
async fn rows_become_products_with_variants() {
    let app = App::start().await;
    let answer = import(
        &app,
        &[
            "Phone X,PX,phones,Acme,\"6.1 inch, 128 GB\",B,black,PX-B,799.00,620,,49.00,39.5,",
            "Phone X,PX,phones,Acme,\"6.1 inch, 128 GB\",,,PX-A,899,700.10,60,,,31.50",
            "Book 14\" M3,BK,laptops,Acme,16 GB,A,grey,BK-A,1999.00,1500.00,,99,,",
        ],
    )
    .await;
    let body = answer.is(201);
    assert_eq!(body["success"], true);
    assert_eq!(
        (&body["created"], &body["updated"]),
        (&json!(2), &json!(0)),
        "products are counted"
    );
    assert_eq!(body["errors"], json!([]));

    let black = variant(&app, "PX-B").await;
    assert_eq!(black["productSku"], "PX");
    assert_eq!(
        (&black["grade"], &black["colorName"]),
        (&json!("B"), &json!("black"))
    );
    assert_eq!(
        (&black["listPrice"], &black["acquisitionCost"]),
        (&json!(799.0), &json!(620.0))
    );
    assert_eq!(
        black["pricing"],
        json!([
            { "contractLength": 12, "monthlyPrice": 49.0 },
            { "contractLength": 24, "monthlyPrice": 39.5 }
        ])
    );
    assert_eq!(black["status"], "active");
    let plain = variant(&app, "PX-A").await;
    assert_eq!(plain["grade"], "A", "grade A when the cell is empty");
    assert!(plain.get("colorName").is_none());
    assert_eq!(
        plain["pricing"],
        json!([
            { "contractLength": 6, "monthlyPrice": 60.0 },
            { "contractLength": 36, "monthlyPrice": 31.5 }
        ])
    );
    let product = app
        .get(&format!(
            "/v1/products/{}",
            plain["productId"].as_str().expect("an id")
        ))
        .await;
    assert_eq!(product.is(200)["specification"], "6.1 inch, 128 GB");
    let book = app.get("/v1/products?category=laptops").await;
    assert_eq!(
        book.is(200)["products"][0]["name"],
        "Book 14\" M3",
        "an unescaped quote stays"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_form_with_the_file_is_read_like_the_bare_text() {
    let app = App::start().await;
    let text = format!("\u{feff}{HEADER}\r\nPhone,PX,phones,Acme,s,A,,PX-A,1,1,1,,,\r\n");
    let answer = send(&app, FORM, form("csvFile", text.as_bytes())).await;
    assert_eq!(answer.is(201)["created"], 1);
    let answer = send(&app, "text/csv; charset=utf-8", text).await;
    let body = answer.is(201);
    assert_eq!((&body["created"], &body["updated"]), (&json!(0), &json!(1)));

    send(&app, FORM, form("other", b"x"))
        .await
        .refused(400, "VALIDATION_ERROR");
    send(&app, "application/json", "{}")
        .await
        .refused(415, "UNSUPPORTED_MEDIA_TYPE");
    app.finish().await;
}

#[tokio::test]
async fn bad_rows_are_skipped_and_named_by_their_line() {
    let app = App::start().await;
    app.variant("TAKEN").await;
    let rows = [
        "Phone,PX,phones,Acme,s,A,,PX-1,1,1,,2,,",
        "Phone,PX,phones,Acme,s,F,,PX-2,1,1,,2,,",
        "Phone,PX,phones,Acme,s,A,,PX-3,1,1,,,,",
        "Phone,PX,phones,Acme,s,A,,,,1,,2,,",
        "",
        "Phone,PX,phones,Acme,s,A,,PX-4,1.999,-1,,cheap,,1e3",
        "Phone,PX,phones,Acme,s,A,,TAKEN,1,1,,2,,",
        "Phone,PX,phones,Acme,s,A,,PX-5,1,1,,2,,,stray",
        "Phone,\"P",
        "Y\",phones,Acme,s,A,,PX-6,1,1,,2,,",
        "Phone,PX,phones,Acme,s,A,,PX-7,1,1",
        "Phone,PX,phones,Acme,s,A,,PX-8,1,1,,2,,",
    ];
    let answer = import(&app, &rows).await;
    let body = answer.is(201);
    assert_eq!(
        (&body["success"], &body["created"]),
        (&json!(true), &json!(1))
    );
    let errors = errors(body);
    let lines: Vec<u64> = errors.iter().map(|(row, _)| *row).collect();
    assert_eq!(lines, [3, 4, 5, 7, 8, 9, 10, 11, 12]);
    assert!(errors[0].1.contains("Grade"), "{errors:?}");
    assert!(errors[1].1.contains("12mo_Price"), "{errors:?}");
    assert!(
        errors[2].1.contains("Variant SKU") && errors[2].1.contains("List Price"),
        "{errors:?}"
    );
    for column in ["List Price", "Acquisition Cost", "12mo_Price", "36mo_Price"] {
        assert!(
            errors[3].1.contains(column),
            "every problem of a row is named: {errors:?}"
        );
    }
    assert!(errors[4].1.contains("another product"), "{errors:?}");

    let list = app
        .get("/v1/products/variants?sku=PX")
        .await
        .is(200)
        .clone();
    let skus: Vec<_> = list["variants"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| &it["variantSku"])
        .collect();
    assert_eq!(skus.len(), 2, "{skus:?}");
    assert_eq!(variant(&app, "TAKEN").await["listPrice"], 1000.0);
    app.finish().await;
}

#[tokio::test]
async fn a_product_whose_rows_all_fail_is_not_created() {
    let app = App::start().await;
    let answer = import(&app, &["Phone,PX,phones,Acme,s,Z,,PX-1,1,1,,2,,"]).await;
    let body = answer.is(201);
    assert_eq!(
        (&body["success"], &body["created"], &body["updated"]),
        (&json!(true), &json!(0), &json!(0))
    );
    assert_eq!(errors(body).len(), 1);
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn importing_again_updates_and_keeps_what_no_column_says() {
    let app = App::start().await;
    app.post(
        "/v1/products",
        json!({
            "productSku": "PX", "name": "Old", "specification": "s", "category": "c", "brand": "b",
            "description": "Long text",
            "variants": [
                { "variantSku": "PX-1", "variantName": "Curated name", "grade": "C", "colorName": "red",
                  "condition": "good", "listPrice": 5,
                  "pricing": [{ "contractLength": 12, "monthlyPrice": 1, "setupFee": 9 }] },
                { "variantSku": "PX-2", "variantName": "Other", "grade": "C",
                  "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] }
            ]
        }),
    )
    .await
    .is(201);
    let answer = import(
        &app,
        &[
            "New,PX,c2,b2,s2,B,,PX-1,7,6,,,3,",
            "New,PX,c2,b2,s2,B,,PX-3,7,6,,,3,",
            "New,PX,c2,b2,s2,B,blue,PX-1,8,6,,,4,",
        ],
    )
    .await;
    let body = answer.is(201);
    assert_eq!((&body["created"], &body["updated"]), (&json!(0), &json!(1)));

    let first = variant(&app, "PX-1").await;
    assert_eq!(first["variantName"], "Curated name");
    assert_eq!(
        (&first["condition"], &first["colorName"]),
        (&json!("good"), &json!("blue"))
    );
    assert_eq!(
        (&first["grade"], &first["listPrice"]),
        (&json!("B"), &json!(8.0)),
        "the last row wins"
    );
    assert_eq!(
        first["pricing"],
        json!([
            { "contractLength": 12, "monthlyPrice": 1.0, "setupFee": 9.0 },
            { "contractLength": 24, "monthlyPrice": 4.0 }
        ]),
        "prices that no cell gives stay"
    );
    assert_eq!(
        variant(&app, "PX-2").await["grade"],
        "C",
        "absent variants are untouched"
    );
    let id = first["productId"].as_str().expect("an id").to_owned();
    let product = app.get(&format!("/v1/products/{id}")).await.is(200).clone();
    assert_eq!(
        (&product["name"], &product["description"]),
        (&json!("New"), &json!("Long text"))
    );

    app.delete(&format!("/v1/products/{id}")).await.is(200);
    import(&app, &["New,PX,c2,b2,s2,B,,PX-1,7,6,,,3,"])
        .await
        .is(201);
    let product = app.get(&format!("/v1/products/{id}")).await.is(200).clone();
    assert_eq!(
        product["status"], "discontinued",
        "an import does not reactivate"
    );
    assert_eq!(product["variants"][0]["status"], "inactive");
    app.finish().await;
}

#[tokio::test]
async fn files_that_cannot_be_used_as_a_whole_are_refused() {
    let app = App::start().await;
    let answer = send(&app, "text/csv", "Product Name,Brand\nPhone,Acme\n").await;
    answer.refused(400, "INVALID_CSV");
    let details = answer.details();
    assert_eq!(details.len(), 6, "{details:?}");
    assert!(
        details
            .iter()
            .any(|(_, message, code)| message.contains("Variant SKU") && code == "required")
    );
    send(&app, FORM, form("csvFile", b""))
        .await
        .refused(400, "INVALID_CSV");

    let latin = [HEADER.as_bytes(), b"\nM\xfcller,PX,c,b,s,A,,V,1,1,1,,,\n"].concat();
    send(&app, "text/csv", latin.clone())
        .await
        .refused(400, "INVALID_CSV");
    send(&app, FORM, form("csvFile", &latin))
        .await
        .refused(400, "INVALID_CSV");
    let utf16: Vec<u8> = "\u{feff}Product Name"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let answer = send(&app, FORM, form("csvFile", &utf16)).await;
    answer.refused(400, "INVALID_CSV");
    assert!(
        answer.details()[0].1.contains("UTF-16"),
        "{:?}",
        answer.details()
    );

    let semicolons = HEADER.replace(',', ";");
    let answer = send(
        &app,
        "text/csv",
        format!("{semicolons}\nP;PX;c;b;s;A;;V;1;1;1;;;\n"),
    )
    .await;
    answer.refused(400, "INVALID_CSV");
    let details = answer.details();
    assert_eq!(details.len(), 1, "{details:?}");
    assert!(details[0].1.contains("`;`"), "{details:?}");

    let too_many = format!("{HEADER}\n{}", "P,PX,c,b,s,A,,V,1,1,1,,,\n".repeat(10_001));
    send(&app, "text/csv", too_many)
        .await
        .refused(400, "INVALID_CSV");

    let limit = 10 * 1024 * 1024;
    let too_large = format!("{HEADER}\n{}", " ".repeat(limit));
    send(&app, "text/csv", too_large.clone())
        .await
        .refused(413, "PAYLOAD_TOO_LARGE");
    send(&app, FORM, form("csvFile", too_large.as_bytes()))
        .await
        .refused(413, "PAYLOAD_TOO_LARGE");
    send(&app, "text/csv", " ".repeat(3 * limit))
        .await
        .refused(413, "PAYLOAD_TOO_LARGE");
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);

    let mut largest = format!("{HEADER}\nP,PX,c,b,s,A,,V,1,1,1,,,\n");
    largest.push_str(&"\n".repeat(limit - largest.len()));
    send(&app, FORM, form("csvFile", largest.as_bytes()))
        .await
        .is(201);
    app.finish().await;
}

#[tokio::test]
async fn another_separator_is_named_and_so_is_the_right_one() {
    let app = App::start().await;
    for (separator, name) in [(";", "`;`"), ("\t", "tab")] {
        let text = format!("{HEADER}\nP,PX,c,b,s,A,,V,1,1,1,,,\n").replace(',', separator);
        for answer in [
            send(&app, "text/csv", text.clone()).await,
            send(&app, FORM, form("csvFile", text.as_bytes())).await,
        ] {
            answer.refused(400, "INVALID_CSV");
            let details = answer.details();
            assert_eq!(details.len(), 1, "{details:?}");
            assert!(details[0].1.contains(name), "{details:?}");
            assert!(details[0].1.contains("`,`"), "{details:?}");
        }
    }
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn lines_end_in_either_way_and_columns_stand_in_any_order() {
    let app = App::start().await;
    let row = "Phone,PX,phones,Acme,s,A,,PX-A,1,1,,2,,";
    let reversed = |line: &str| line.rsplit(',').collect::<Vec<_>>().join(",");
    for (number, text) in [
        format!("{HEADER}\n{row}\n"),
        format!("{HEADER}\r\n{row}\r\n"),
        format!("{HEADER}\n{row}"),
        format!("\u{feff}{HEADER}\n\n{row}\n\n"),
        format!("{}\n{}\n", reversed(HEADER), reversed(row)),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = send(&app, "text/csv", text).await;
        let body = answer.is(201);
        assert_eq!(body["errors"], json!([]), "{number}");
        let done = if number == 0 { "created" } else { "updated" };
        assert_eq!(body[done], 1, "{number}: {body}");
    }
    assert_eq!(
        variant(&app, "PX-A").await["pricing"][0]["monthlyPrice"],
        2.0
    );
    app.finish().await;
}

#[tokio::test]
async fn an_import_without_rows_changes_nothing() {
    let app = App::start().await;
    let answer = import(&app, &[]).await;
    let body = answer.is(201);
    assert_eq!(
        (&body["created"], &body["updated"], &body["errors"]),
        (&json!(0), &json!(0), &json!([]))
    );
    app.finish().await;
}

/// A file of many rows must not keep everybody else of the tenant waiting.
#[tokio::test]
async fn orders_are_placed_while_a_large_file_is_imported() {
    let app = App::start().await;
    let rows: Vec<String> = (0..2_000)
        .map(|n| format!("Phone {n},P{n},phones,Acme,128 GB,A,,P{n}-A,100,50,,10,,"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let importing = import(&app, &rows);
    let ordering = async {
        while variant(&app, "P0-A").await.is_null() {}
        app.order("early@example.com", "P0-A", 1).await
    };
    tokio::pin!(importing);
    tokio::select! {
        _ = &mut importing => panic!("the order had to wait for the whole file"),
        _ = ordering => {}
    }
    assert_eq!(importing.await.is(201)["created"], 2_000);
}

#[tokio::test]
async fn ten_thousand_rows_are_not_too_many() {
    let app = App::start().await;
    // Rows that cannot be saved are read all the same.
    let rows = ["x"; 10_000];
    let answer = import(&app, &rows).await;
    assert_eq!(answer.is(201)["success"], true);
    let rows = ["x"; 10_001];
    import(&app, &rows).await.refused(400, "INVALID_CSV");
    app.finish().await;
}
