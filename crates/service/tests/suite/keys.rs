//! Serial numbers and SKUs: trimmed wherever they come in, serial numbers compared without case.

use serde_json::{Value, json};

use crate::suite::products_csv::{errors, import};
use crate::suite::support::{App, order_body};

/// A URL segment or query value.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_serial_number_is_one_device_however_it_is_written() {
    let app = App::start().await;
    app.variant("SKU").await;
    let body = |serial: &str| json!({ "serialNumber": serial, "sku": " SKU\t" });
    for (first, others) in [
        (" X1\u{a0}", ["X1", "x1", "X1\r\n", "\u{feff}x1\u{200b}"]),
        (
            "Stra\u{df}e",
            ["STRASSE", "stra\u{df}e", "STRA\u{1e9e}E", "strasse "],
        ),
        (
            "\u{c4}-7",
            ["A\u{308}-7", "a\u{308}-7", "\u{e4}-7", " \u{c4}-7"],
        ),
        // A joiner between letters is seen in some scripts, and still it is no other device.
        (
            "\u{645}\u{200c}\u{62e}",
            [
                "\u{645}\u{62e}",
                "\u{200c}\u{645}\u{62e}",
                "\u{645}\u{200d}\u{62e}",
                "\u{645}\u{62e}\u{200d}",
            ],
        ),
    ] {
        let stored = first.trim();
        let answer = app.post("/v1/assets", body(first)).await;
        answer.is(201);
        assert_eq!(answer.text("/asset/serialNumber"), stored);
        assert_eq!(answer.text("/asset/sku"), "SKU");
        for other in others {
            let answer = app.post("/v1/assets", body(other)).await;
            answer.refused(409, "ASSET_EXISTS");
            let path = format!("/v1/assets/{}", encoded(other));
            assert_eq!(app.get(&path).await.is(200)["serialNumber"], stored);
            let change = json!({ "serialNumber": stored, "sku": "SKU ", "notes": other });
            let answer = app.put(&path, change).await;
            assert_eq!(answer.is(200)["asset"]["serialNumber"], stored);
            assert_eq!(app.delete(&path).await.is(200)["serialNumber"], stored);
        }
    }
    assert_eq!(app.get("/v1/assets").await.is(200)["count"], 4);
    app.finish().await;
}

#[tokio::test]
async fn keys_that_cannot_be_seen_or_addressed_are_refused() {
    let app = App::start().await;
    app.variant("SKU").await;
    for key in [
        " ",
        "\u{200b}",
        ".",
        " ..\t",
        "X\n1",
        "X\u{1}",
        "X\u{200b}1",
        "X\u{200d}1",
        "X\u{a0}1",
        "X\u{fe0f}1",
        "X\u{61c}1",
        "\u{3164}",
        "\u{2800}",
        "\u{7f}",
        "X\u{85}1",
    ] {
        let answer = app
            .post("/v1/assets", json!({ "serialNumber": key, "sku": "SKU" }))
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "serialNumber", "{key:?}");
        let mut body = json!({
            "productSku": key, "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{ "variantSku": key, "variantName": "v", "grade": "A",
                           "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] }]
        });
        let answer = app.post("/v1/products", body.clone()).await;
        answer.refused(400, "VALIDATION_ERROR");
        let paths: Vec<String> = answer.details().into_iter().map(|it| it.0).collect();
        assert_eq!(paths, ["productSku", "variants.0.variantSku"], "{key:?}");
        body["productSku"] = json!("P-SKU");
        let answer = app.post("/v1/products", body).await;
        answer.refused(400, "VALIDATION_ERROR");
    }
    let rows = ["n,.,c,b,s,A,,..,1,1,,2,,", "n,a\u{1}b,c,b,s,A,,V,1,1,,2,,"];
    assert_eq!(errors(import(&app, &rows).await.is(201)).len(), 2);
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn skus_are_trimmed_wherever_they_come_in_and_keep_their_case() {
    let app = App::start().await;
    app.variant(" SKU\u{a0}").await;
    let variant = |sku: &str| {
        json!({ "variantSku": sku, "variantName": "v", "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 1 }] })
    };
    let product = |sku: &str, variants: Vec<Value>| {
        json!({ "productSku": sku, "name": "n", "specification": "s", "category": "c",
                "brand": "b", "variants": variants })
    };
    let body = product(
        "\tP- SKU ",
        vec![variant("SKU"), variant("sku"), variant(" sku ")],
    );
    let answer = app.post("/v1/products", body).await;
    let results = answer.is(201)["variantResults"].clone();
    let operations: Vec<&str> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["operation"].as_str().unwrap())
        .collect();
    assert_eq!(operations, ["update", "create", "update"]);
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 1);

    // The same ones in CSV, in a change, an order, an asset and every filter.
    let rows = ["n,\u{feff}P- SKU,c,b,s,A,,SKU\u{200b},1,1,,50,,"];
    assert_eq!(import(&app, &rows).await.is(201)["updated"], 1);
    let path = format!("/v1/products/{}", answer.text("/productId"));
    app.put(
        &path,
        json!({ "productSku": " P- SKU ", "variants": [variant(" sku")] }),
    )
    .await
    .is(200);
    let order = app
        .post("/v1/orders", order_body("ada@example.com", " SKU ", 1))
        .await;
    assert_eq!(order.is(201)["order"]["items"][0]["sku"], "SKU");
    app.asset("A1", "SKU").await;
    app.confirm(&order.text("/orderId")).await;
    let customer = order.text("/order/customer/customerId");
    app.subscribe(&order.text("/orderId"), &customer, " a1\n")
        .await;
    for (path, count) in [
        ("/v1/assets?sku=%20SKU%20", 1),
        ("/v1/assets?sku=sku", 0),
        ("/v1/subscriptions?sku=%20SKU", 1),
        ("/v1/subscriptions?serialNumber=%20a1", 1),
        ("/v1/subscriptions?serialNumber=A2", 0),
        ("/v1/products/variants?productSku=%20P-%20SKU", 2),
        ("/v1/products/variants?sku=%20SK", 1),
    ] {
        assert_eq!(app.get(path).await.is(200)["count"], count, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_device_is_rented_replaced_and_counted_under_its_own_serial_number() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "Ab1").await;
    app.asset("Cd2", "SKU").await;
    let body = json!({ "newSerialNumber": " CD2 ", "newSku": " SKU ",
                       "replacementReason": "damaged" });
    let answer = app
        .post(&format!("/v1/subscriptions/{rental}/replace"), body)
        .await;
    answer.is(200);
    assert_eq!(answer.text("/oldSerialNumber"), "Ab1");
    assert_eq!(answer.text("/newSerialNumber"), "Cd2");
    let path = format!("/v1/subscriptions/{rental}");
    assert_eq!(app.get(&path).await.is(200)["assetSerialNumber"], "Cd2");
    app.post(&format!("{path}/cancel"), json!({ "reason": "other" }))
        .await
        .is(200);
    let refused = app.delete(&format!("/v1/customers/{customer}")).await;
    refused.refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
    app.put("/v1/assets/cD2", json!({ "status": "returned" }))
        .await
        .is(200);
    app.delete(&format!("/v1/customers/{customer}"))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn two_spellings_at_once_make_one_device() {
    let app = App::start().await;
    app.variant("SKU").await;
    for round in 0..10 {
        let body =
            |letter: &str| json!({ "serialNumber": format!("{letter}{round}"), "sku": "SKU" });
        let (one, other) = tokio::join!(
            app.post("/v1/assets", body("x")),
            app.post("/v1/assets", body("X"))
        );
        let mut found = [one.status.as_u16(), other.status.as_u16()];
        found.sort_unstable();
        assert_eq!(found, [201, 409]);
    }
    app.finish().await;
}
