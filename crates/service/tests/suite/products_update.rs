//! updateProduct: what is sent changes, what is left out stays.

use crate::suite::products_bodies::{product, variant, with};
use crate::suite::support::App;
use serde_json::json;

#[tokio::test]
async fn updating_changes_only_what_is_sent() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product(&["X-A", "X-B"]))
        .await
        .text("/productId");
    let path = format!("/v1/products/{id}");
    let before = app.get(&path).await.is(200).clone();

    let answer = app
        .put(
            &path,
            json!({ "brand": "Südlicht", "variants": [{ "variantSku": "X-B", "listPrice": 1 }] }),
        )
        .await;
    let body = answer.is(200);
    assert_eq!(body["operation"], "updated");
    assert_eq!(
        body["variantResults"],
        json!([{ "variantSku": "X-B", "operation": "update" }])
    );

    let after = app.get(&path).await.is(200).clone();
    let expected = with(before.clone(), "/brand", json!("Südlicht"));
    let expected = with(expected, "/updatedAt", after["updatedAt"].clone());
    let expected = with(expected, "/variants/1/listPrice", json!(1.0));
    let expected = with(
        expected,
        "/variants/1/updatedAt",
        after["variants"][1]["updatedAt"].clone(),
    );
    assert_eq!(after, expected);
    assert_ne!(after["updatedAt"], before["updatedAt"]);

    let nothing = app.put(&path, json!({})).await;
    assert_eq!(nothing.is(200)["variantResults"], json!([]));
    app.json(hyper::Method::PUT, &path, None).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn updating_adds_new_variants_that_are_complete() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product(&["X-A"]))
        .await
        .text("/productId");
    let path = format!("/v1/products/{id}");

    let body =
        json!({ "variants": [{ "variantSku": "X-A" }, { "variantSku": "X-B", "grade": "A" }] });
    let answer = app.put(&path, body).await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    let details: Vec<_> = answer
        .details()
        .into_iter()
        .map(|(path, _, code)| (path, code))
        .collect();
    let missing = |path: &str| (path.to_owned(), "required".to_owned());
    assert_eq!(
        details,
        [
            missing("variants.1.variantName"),
            missing("variants.1.pricing")
        ]
    );
    assert_eq!(app.get("/v1/products/variants").await.is(200)["count"], 1);

    let answer = app
        .put(&path, json!({ "variants": [variant("X-B")] }))
        .await;
    assert_eq!(answer.is(200)["variantResults"][0]["operation"], "create");
    let mut inactive = variant("X-C");
    inactive["status"] = json!("inactive");
    app.put(&path, json!({ "variants": [inactive] }))
        .await
        .is(200);
    let read = app.get(&path).await.is(200).clone();
    assert_eq!(read["variants"][1]["status"], "active");
    assert_eq!(read["variants"][2]["status"], "inactive");
    app.finish().await;
}

#[tokio::test]
async fn updating_refuses_skus_of_other_products() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product(&["X-A"]))
        .await
        .text("/productId");
    let mut other = product(&["Y-A"]);
    other["productSku"] = json!("PHONE-Y");
    app.post("/v1/products", other).await.is(201);
    let path = format!("/v1/products/{id}");

    app.put(&path, json!({ "productSku": "PHONE-Y" }))
        .await
        .refused(409, "DUPLICATE_SKU");
    let taken = json!({ "variants": [{ "variantSku": "Y-A", "grade": "E" }] });
    app.put(&path, taken).await.refused(409, "DUPLICATE_SKU");
    assert_eq!(
        app.get("/v1/products/variants?sku=Y-A").await.is(200)["variants"][0]["grade"],
        "B"
    );

    app.put(&path, json!({ "productSku": "PHONE-X" }))
        .await
        .is(200);
    let renamed = app.put(&path, json!({ "productSku": "PHONE-Z" })).await;
    assert_eq!(renamed.is(200)["productSku"], "PHONE-Z");
    assert_eq!(
        app.get("/v1/products/variants?productSku=PHONE-Z")
            .await
            .is(200)["count"],
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn updating_keeps_to_the_rules_of_pricing() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product(&["X-A"]))
        .await
        .text("/productId");
    let body = json!({ "name": "Changed", "variants": [{ "variantSku": "X-A", "pricing": [] }] });
    app.put(&format!("/v1/products/{id}"), body)
        .await
        .refused(400, "INVALID_PRICING");
    assert_eq!(
        app.get(&format!("/v1/products/{id}")).await.is(200)["name"],
        "Phone X"
    );
    app.finish().await;
}
