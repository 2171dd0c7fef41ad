//! Saving products: what creates, what updates, what is refused.

use crate::suite::products_bodies::{paths, product, with};
use crate::suite::support::{self, App};
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_sku_creates_a_product_that_reads_back_whole() {
    let app = App::start().await;
    let answer = app.post("/v1/products", product(&["X-A", "X-B"])).await;
    let body = answer.is(201);
    assert_eq!(body["operation"], "created");
    assert_eq!(body["productSku"], "PHONE-X");
    assert_eq!(
        body["variantResults"],
        json!([
            { "variantSku": "X-A", "operation": "create" },
            { "variantSku": "X-B", "operation": "create" }
        ])
    );
    let id = answer.text("/productId");
    assert!(id.starts_with("prod_"));

    let read = app.get(&format!("/v1/products/{id}")).await.is(200).clone();
    assert_eq!(read["productId"], id.as_str());
    assert_eq!(read["tenantId"], support::TENANT);
    assert_eq!(read["name"], "Phone X");
    assert_eq!(read["description"], "With charger");
    assert_eq!(
        read["images"],
        json!(["https://cdn.example.com/x/front.jpg"])
    );
    assert_eq!(read["status"], "active");
    assert_eq!(read["_sync"], json!({ "source": "manual" }));
    assert_eq!(read["createdAt"], read["updatedAt"]);
    assert!(read.get("variantCount").is_none());

    let first = &read["variants"][0];
    assert!(
        first["variantId"]
            .as_str()
            .is_some_and(|id| id.starts_with("var_"))
    );
    assert_eq!(first["productSku"], "PHONE-X");
    assert_eq!(first["variantSku"], "X-A");
    assert_eq!(first["grade"], "B");
    assert_eq!(first["condition"], "like_new");
    assert_eq!(first["colorName"], "black");
    assert_eq!(first["listPrice"], 799.0);
    assert_eq!(first["acquisitionCost"], 620.5);
    assert_eq!(first["status"], "active");
    assert_eq!(
        first["pricing"],
        json!([
            { "contractLength": 12, "monthlyPrice": 49.99, "setupFee": 19.0, "source": "suggested",
              "calculatedAt": "2026-03-10T09:00:00.000Z", "presetUsed": "electronics" },
            { "contractLength": 24, "monthlyPrice": 39.0,
              "discount": { "type": "percentage", "value": 12.5, "description": "two years" } },
            { "contractLength": 36, "monthlyPrice": 35.0, "discount": { "type": "fixed", "value": 2.5 } }
        ])
    );
    app.finish().await;
}

#[tokio::test]
async fn a_known_sku_is_updated_and_answered_with_201_all_the_same() {
    let app = App::start().await;
    let created = app.post("/v1/products", product(&["X-A", "X-B"])).await;
    let id = created.text("/productId");

    let mut again = product(&["X-B", "X-C"]);
    again["name"] = json!("Phone X2");
    again
        .as_object_mut()
        .expect("an object")
        .remove("description");
    again.as_object_mut().expect("an object").remove("images");
    again["variants"][0] = json!({
        "variantSku": "X-B", "variantName": "Phone X2 white", "grade": "A",
        "pricing": [{ "contractLength": 6, "monthlyPrice": 60 }]
    });
    let answer = app.post("/v1/products", again).await;
    let body = answer.is(201);
    assert_eq!(body["operation"], "updated");
    assert_eq!(body["productId"], id.as_str());
    assert_eq!(
        body["variantResults"][0],
        json!({ "variantSku": "X-B", "operation": "update" })
    );
    assert_eq!(
        body["variantResults"][1],
        json!({ "variantSku": "X-C", "operation": "create" })
    );

    let read = app.get(&format!("/v1/products/{id}")).await.is(200).clone();
    assert_eq!(read["name"], "Phone X2");
    assert_eq!(
        read["description"], "With charger",
        "what is left out stays"
    );
    assert_eq!(
        read["images"],
        json!(["https://cdn.example.com/x/front.jpg"])
    );
    assert!(read["updatedAt"].as_str() > read["createdAt"].as_str());
    let skus: Vec<&str> = read["variants"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| it["variantSku"].as_str())
        .collect();
    assert_eq!(
        skus,
        ["X-A", "X-B", "X-C"],
        "absent variants are never deleted"
    );
    assert_eq!(
        read["variants"][0]["pricing"].as_array().map(Vec::len),
        Some(3),
        "X-A is untouched"
    );
    assert_eq!(read["variants"][1]["grade"], "A");
    assert_eq!(
        read["variants"][1]["colorName"], "black",
        "what is left out stays"
    );
    assert_eq!(
        read["variants"][1]["pricing"],
        json!([{ "contractLength": 6, "monthlyPrice": 60.0 }]),
        "a given price list replaces the whole list"
    );
    app.finish().await;
}

#[tokio::test]
async fn one_product_serves_a_sku_however_often_it_is_posted() {
    let app = App::start().await;
    for _ in 0..3 {
        app.post("/v1/products", product(&["X-A"])).await.is(201);
    }
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 1);
    assert_eq!(app.get("/v1/products/variants").await.is(200)["count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn a_variant_sku_sent_twice_means_the_same_variant() {
    let app = App::start().await;
    let body = with(product(&["X-A", "X-A"]), "/variants/1/grade", json!("D"));
    let answer = app.post("/v1/products", body).await;
    assert_eq!(answer.is(201)["variantResults"][0]["operation"], "create");
    assert_eq!(answer.is(201)["variantResults"][1]["operation"], "update");
    let list = app.get("/v1/products/variants").await.is(200).clone();
    assert_eq!(list["count"], 1);
    assert_eq!(list["variants"][0]["grade"], "D");
    app.finish().await;
}

#[tokio::test]
async fn a_variant_sku_of_another_product_is_a_conflict_and_nothing_is_saved() {
    let app = App::start().await;
    app.post("/v1/products", product(&["X-A"])).await.is(201);
    let mut other = product(&["Y-A", "X-A"]);
    other["productSku"] = json!("PHONE-Y");
    app.post("/v1/products", other)
        .await
        .refused(409, "DUPLICATE_SKU");
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 1);
    assert_eq!(app.get("/v1/products/variants").await.is(200)["count"], 1);

    let owner = app.other_tenant("bu_other").await;
    let answer = app
        .json_as(
            &owner,
            "bu_other",
            hyper::Method::POST,
            "/v1/products",
            Some(product(&["X-A"])),
        )
        .await;
    assert_eq!(
        answer.is(201)["operation"],
        "created",
        "SKUs are unique per tenant only"
    );
    app.finish().await;
}

#[tokio::test]
async fn price_lists_that_no_order_could_use_are_refused() {
    let app = App::start().await;
    let tier = |months: Value| json!({ "contractLength": months, "monthlyPrice": 10 });
    let percent = |value: f64| {
        json!([{ "contractLength": 12, "monthlyPrice": 10,
                 "discount": { "type": "percentage", "value": value } }])
    };
    for pricing in [
        json!([]),
        json!([tier(json!(12)), tier(json!(24)), tier(json!(12))]),
        json!([tier(json!(0))]),
        json!([tier(json!(-12))]),
        json!([tier(json!(121))]),
        percent(100.01),
    ] {
        let body = with(product(&["X-A"]), "/variants/0/pricing", pricing.clone());
        app.post("/v1/products", body)
            .await
            .refused(400, "INVALID_PRICING");
    }
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);
    for pricing in [json!([tier(json!(1)), tier(json!(120))]), percent(100.0)] {
        app.post(
            "/v1/products",
            with(product(&["X-A"]), "/variants/0/pricing", pricing),
        )
        .await
        .is(201);
    }
    app.finish().await;
}

#[tokio::test]
async fn malformed_products_are_refused_with_every_violation() {
    let app = App::start().await;
    let answer = app.post("/v1/products", json!({ "variants": [] })).await;
    answer.refused(400, "VALIDATION_ERROR");
    let mut found = paths(&answer);
    found.sort();
    assert_eq!(
        found,
        [
            "brand",
            "category",
            "name",
            "productSku",
            "specification",
            "variants"
        ]
    );

    for (pointer, value) in [
        ("/variants/0/grade", json!("F")),
        ("/variants/0/grade", json!("AB")),
        ("/variants/0/listPrice", json!(-1)),
        ("/variants/0/pricing/0/monthlyPrice", json!(-0.01)),
        ("/variants/0/pricing/0/contractLength", json!(12.5)),
        ("/variants/0/pricing/0/contractLength", json!("12")),
        ("/images", json!(["no address"])),
        ("/name", json!("")),
    ] {
        let answer = app
            .post("/v1/products", with(product(&["X-A"]), pointer, value))
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        assert!(!paths(&answer).is_empty(), "{pointer}");
    }
    app.finish().await;
}

#[tokio::test]
async fn amounts_have_at_most_the_decimals_of_the_currency() {
    let app = App::start().await;
    let mut body = product(&["X-A", "X-B"]);
    body["variants"][0]["listPrice"] = json!(799.999);
    body["variants"][0]["acquisitionCost"] = json!(1e-7);
    body["variants"][1]["pricing"][0]["monthlyPrice"] = json!(0.001);
    body["variants"][1]["pricing"][0]["setupFee"] = json!(1.005);
    body["variants"][1]["pricing"][2]["discount"]["value"] = json!(0.123);
    let answer = app.post("/v1/products", body).await;
    answer.refused(400, "INVALID_PRICING");
    assert_eq!(
        paths(&answer),
        [
            "variants.0.listPrice",
            "variants.0.acquisitionCost",
            "variants.1.pricing.0.monthlyPrice",
            "variants.1.pricing.0.setupFee",
            "variants.1.pricing.2.discount.value"
        ]
    );
    assert_eq!(app.get("/v1/products").await.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn unknown_products_are_not_found() {
    let app = App::start().await;
    let id = app
        .post("/v1/products", product(&["X-A"]))
        .await
        .text("/productId");
    for id in ["prod_none", "variants%20"] {
        let path = format!("/v1/products/{id}");
        app.get(&path).await.refused(404, "NOT_FOUND");
        app.put(&path, json!({ "name": "x" }))
            .await
            .refused(404, "NOT_FOUND");
        app.delete(&path).await.refused(404, "NOT_FOUND");
    }
    let stranger = app.other_tenant("bu_other").await;
    let path = format!("/v1/products/{id}");
    for (method, body) in [
        (hyper::Method::GET, None),
        (hyper::Method::PUT, Some(json!({ "name": "taken over" }))),
        (hyper::Method::DELETE, None),
    ] {
        let answer = app
            .json_as(&stranger, "bu_other", method, &path, body)
            .await;
        answer.refused(404, "NOT_FOUND");
    }
    assert_eq!(app.get(&path).await.is(200)["name"], "Phone X");
    app.finish().await;
}

#[tokio::test]
async fn reading_and_writing_products_need_their_own_permissions() {
    let app = App::start().await;
    let reader = app.key_with(&["products:read"]).await;
    let writer = app.key_with(&["products:write"]).await;
    let tenant = support::TENANT;
    let (get, post) = (hyper::Method::GET, hyper::Method::POST);
    app.json_as(&reader, tenant, get.clone(), "/v1/products", None)
        .await
        .is(200);
    let refused = app
        .json_as(
            &reader,
            tenant,
            post.clone(),
            "/v1/products",
            Some(product(&["X"])),
        )
        .await;
    refused.refused(403, "INSUFFICIENT_PERMISSIONS");
    app.json_as(&writer, tenant, post, "/v1/products", Some(product(&["X"])))
        .await
        .is(201);
    let refused = app
        .json_as(&writer, tenant, get, "/v1/products/variants", None)
        .await;
    refused.refused(403, "INSUFFICIENT_PERMISSIONS");
    app.finish().await;
}

#[tokio::test]
async fn a_state_is_not_taken_from_what_creates() {
    let app = App::start().await;
    let body = with(product(&["X-A"]), "/status", json!("discontinued"));
    let body = with(body, "/variants/0/status", json!("inactive"));
    let created = app.post("/v1/products", body.clone()).await;
    created.is(201);
    let path = format!("/v1/products/{}", created.text("/productId"));
    let states = async || {
        let read = app.get(&path).await;
        (read.text("/status"), read.text("/variants/0/status"))
    };
    assert_eq!(states().await, ("active".into(), "active".into()));
    // Nor does saving it again change anything about it.
    app.post("/v1/products", body).await.is(201);
    assert_eq!(states().await, ("active".into(), "active".into()));
    app.delete(&path).await.is(200);
    let body = with(product(&["X-A"]), "/status", json!("active"));
    let body = with(body, "/variants/0/status", json!("active"));
    app.post("/v1/products", body).await.is(201);
    assert_eq!(states().await, ("discontinued".into(), "inactive".into()));
    app.finish().await;
}

#[tokio::test]
async fn the_words_of_products_are_those_of_the_contract() {
    let app = App::start().await;
    for (pointer, good, bad) in [
        (
            "/variants/0/grade",
            json!(["A", "B", "C", "D", "E"]),
            json!(["F", "a", "", "AA"]),
        ),
        (
            "/variants/0/pricing/0/discount",
            json!([{ "type": "percentage", "value": 0 }, { "type": "fixed", "value": 0 }]),
            json!([{ "type": "free", "value": 0 }, { "type": "fixed", "value": -1 }, { "type": "fixed" }]),
        ),
        (
            "/variants/0/pricing/0/source",
            json!(["suggested", "manual"]),
            json!(["preset", ""]),
        ),
        (
            "/variants/0/pricing/0/contractLength",
            json!([1, 120]),
            json!([1.5, "12", null]),
        ),
        (
            "/variants/0/pricing/0/monthlyPrice",
            json!([0, 0.01]),
            json!([-0.01, "1"]),
        ),
        (
            "/variants/0/pricing/0/setupFee",
            json!([0, 0.01]),
            json!([-0.01, "1"]),
        ),
        (
            "/variants/0/listPrice",
            json!([0, 0.01]),
            json!([-0.01, "1"]),
        ),
        (
            "/variants/0/acquisitionCost",
            json!([0, 0.01]),
            json!([-0.01, "1"]),
        ),
        ("/description", json!(["d", ""]), json!([1])),
        ("/name", json!(["n"]), json!(["", 1])),
    ] {
        for value in good.as_array().expect("a list") {
            let body = with(product(&["X-A"]), pointer, value.clone());
            app.post("/v1/products", body).await.is(201);
        }
        for value in bad.as_array().expect("a list") {
            let body = with(product(&["X-A"]), pointer, value.clone());
            let answer = app.post("/v1/products", body).await;
            answer.refused(400, "VALIDATION_ERROR");
            let place = pointer[1..].replace('/', ".");
            assert!(paths(&answer)[0].starts_with(&place), "{pointer} {value}");
        }
    }
    app.finish().await;
}
