//! Texts that are keys, or that lists are sorted by, must fit an index and a cursor.

use serde_json::{Value, json};

use crate::suite::products_csv::{errors, import};
use crate::suite::support::{Answer, App, order_body};

/// The longest text there may be, in characters of two bytes.
fn longest() -> String {
    "ä".repeat(255)
}

fn too_long() -> String {
    "ä".repeat(256)
}

#[track_caller]
fn refused_for(answer: &Answer, paths: &[&str]) {
    answer.refused(400, "VALIDATION_ERROR");
    let expected: Vec<_> = paths
        .iter()
        .map(|path| {
            let message = "must have at most 255 characters".to_owned();
            ((*path).to_owned(), message, "too_big".to_owned())
        })
        .collect();
    assert_eq!(answer.details(), expected);
}

/// Serial numbers and SKUs are measured without the blanks around them.
#[track_caller]
fn refused_as_keys(answer: &Answer, paths: &[&str]) {
    answer.refused(400, "VALIDATION_ERROR");
    let message = "must have 1 to 255 characters besides blanks around it, none of them invisible, \
                   and not be `.` or `..`, which no URL can address";
    let code = "invalid_string".to_owned();
    let expected = paths
        .iter()
        .map(|path| ((*path).to_owned(), message.to_owned(), code.clone()));
    assert_eq!(answer.details(), expected.collect::<Vec<_>>());
}

/// A product whose names and SKUs are these.
fn product(sku: &str, name: &str, variant: &str) -> Value {
    json!({
        "productSku": sku, "name": name, "specification": "s", "category": "c", "brand": "b",
        "variants": [{ "variantSku": variant, "variantName": "v", "grade": "A",
                       "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] }]
    })
}

#[tokio::test]
async fn names_of_customers_have_a_longest_length() {
    let app = App::start().await;
    app.variant("SKU").await;
    let mut body = order_body("ada@example.com", "SKU", 1);
    body["customer"]["firstName"] = json!(too_long());
    body["customer"]["lastName"] = json!(too_long());
    let answer = app.post("/v1/orders", body.clone()).await;
    refused_for(&answer, &["customer.firstName", "customer.lastName"]);
    body["customer"]["firstName"] = json!(longest());
    body["customer"]["lastName"] = json!(longest());
    let answer = app.post("/v1/orders", body).await;
    answer.is(201);

    let path = format!(
        "/v1/customers/{}",
        answer.text("/order/customer/customerId")
    );
    let answer = app
        .put(
            &path,
            json!({ "firstName": too_long(), "lastName": too_long() }),
        )
        .await;
    refused_for(&answer, &["firstName", "lastName"]);
    app.put(&path, json!({ "firstName": longest() }))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn names_and_skus_of_products_have_a_longest_length() {
    let app = App::start().await;
    let answer = app
        .post("/v1/products", product(&too_long(), "name", &too_long()))
        .await;
    refused_as_keys(&answer, &["productSku", "variants.0.variantSku"]);
    let answer = app
        .post("/v1/products", product("sku", &too_long(), "variant"))
        .await;
    refused_for(&answer, &["name"]);
    let answer = app
        .post("/v1/products", product(&longest(), &longest(), &longest()))
        .await;
    answer.is(201);

    let path = format!("/v1/products/{}", answer.text("/productId"));
    let variant = product("", "", &too_long())["variants"][0].clone();
    let change = json!({ "productSku": too_long(), "variants": [variant] });
    let answer = app.put(&path, change).await;
    refused_as_keys(&answer, &["productSku", "variants.0.variantSku"]);
    app.finish().await;
}

#[tokio::test]
async fn a_row_of_an_import_with_too_long_a_text_is_skipped() {
    let app = App::start().await;
    let rows = [
        format!("{},PX,c,b,s,A,,PX-1,1,1,,2,,", too_long()),
        format!("Phone,{},c,b,s,A,,PX-1,1,1,,2,,", too_long()),
        format!("Phone,PX,c,b,s,A,,{},1,1,,2,,", too_long()),
    ];
    let answer = import(&app, &rows.each_ref().map(String::as_str)).await;
    let errors = errors(answer.is(201));
    let columns = ["Product Name", "Product SKU", "Variant SKU"];
    assert_eq!(errors.len(), columns.len());
    for ((_, error), column) in errors.iter().zip(columns) {
        assert_eq!(*error, format!("{column} must have at most 255 characters"));
    }
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn serial_numbers_have_a_longest_length() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = json!({ "serialNumber": too_long(), "sku": "SKU" });
    let answer = app.post("/v1/assets", body).await;
    refused_as_keys(&answer, &["serialNumber"]);
    app.asset(&longest(), "SKU").await;
    app.finish().await;
}

#[tokio::test]
async fn a_page_may_end_at_the_longest_texts() {
    let app = App::start().await;
    app.variant("SKU").await;
    // Nothing that a key may hold is longer in a cursor than a quote, which is escaped, or a
    // character of four bytes.
    for last in ["\u{1f600}", "\u{1f601}"] {
        let serial_number = "\u{1f600}\"".repeat(127) + last;
        app.asset(&serial_number, "SKU").await;
    }
    let path = "/v1/assets?sortBy=serialNumber&sortDir=asc&limit=1";
    let first = app.get(path).await;
    let next = format!("{path}&startAfter={}", first.text("/nextCursor"));
    let second = app.get(&next).await;
    assert!(second.text("/assets/0/serialNumber").ends_with('\u{1f601}'));
    assert_eq!(second.body["hasMore"], false);
    app.finish().await;
}
