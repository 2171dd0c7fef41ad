//! Assets in stock: what may be registered, listed and corrected.

use crate::suite::support::{self, App};
use hyper::Method;
use serde_json::{Value, json};

async fn serials(app: &App, query: &str) -> Vec<String> {
    let list = app.get(&format!("/v1/assets{query}")).await;
    let assets = list.is(200)["assets"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assets
        .iter()
        .filter_map(|it| it["serialNumber"].as_str())
        .map(str::to_owned)
        .collect()
}

/// A product in a category with the variant `sku` and pictures of its own.
async fn phone(app: &App, category: &str, sku: &str) {
    let body = json!({
        "productSku": format!("P-{sku}"), "name": "Phone", "specification": "s", "category": category,
        "brand": "b", "images": ["https://cdn.example.com/product.jpg"],
        "variants": [{
            "variantSku": sku, "variantName": "Phone black", "grade": "A",
            "images": ["https://cdn.example.com/black.jpg", "https://cdn.example.com/back.jpg"],
            "pricing": [{ "contractLength": 12, "monthlyPrice": 10 }]
        }]
    });
    app.post("/v1/products", body).await.is(201);
}

async fn deactivate(app: &App, sku: &str) {
    let id = app
        .get(&format!("/v1/products/variants?sku={sku}"))
        .await
        .text("/variants/0/variantId");
    let path = format!("/v1/products/variants/{id}/status");
    app.patch(&path, json!({ "status": "inactive" }))
        .await
        .is(200);
}

#[tokio::test]
async fn a_serial_number_and_a_sku_make_an_asset() {
    let app = App::start().await;
    let product = app.variant("BOOK").await;
    let answer = app
        .post(
            "/v1/assets",
            json!({ "serialNumber": "SN 1/ä", "sku": "BOOK" }),
        )
        .await;
    let asset = answer.is(201)["asset"].clone();
    assert_eq!(asset["serialNumber"], "SN 1/ä");
    assert_eq!(asset["tenantId"], support::TENANT);
    assert_eq!(
        (&asset["sku"], &asset["productName"]),
        (&json!("BOOK"), &json!("Notebook grey"))
    );
    assert_eq!(asset["productId"], product.as_str());
    assert!(
        asset["variantId"]
            .as_str()
            .is_some_and(|id| id.starts_with("var_"))
    );
    assert_eq!(asset["status"], "available");
    assert_eq!(asset["acquisitionDate"], "2026-03-10", "today unless given");
    assert_eq!(asset["createdAt"], asset["updatedAt"]);
    for absent in [
        "customerId",
        "rentalId",
        "location",
        "notes",
        "acquisitionCost",
        "productImageUrl",
    ] {
        assert!(asset.get(absent).is_none(), "{absent}");
    }
    let read = app.get("/v1/assets/SN%201%2F%C3%A4").await;
    assert_eq!(read.is(200), &asset, "the path is percent-decoded");
    app.finish().await;
}

#[tokio::test]
async fn fields_that_the_server_sets_are_accepted_and_not_used() {
    let app = App::start().await;
    phone(&app, "tablets", "TAB").await;
    let answer = app
        .post(
            "/v1/assets",
            json!({
                "serialNumber": "S1", "sku": "TAB", "status": "returned", "location": "shelf 4",
                "notes": "scratch", "condition": "good", "acquisitionCost": 620.55,
                "acquisitionDate": "2025-11-21",
                "tenantId": "bu_other", "productName": "Mine", "productId": "prod_x", "variantId": "var_x",
                "productImageUrl": "https://example.com/mine.jpg", "customerId": "cust_x",
                "rentalId": "sub_x", "createdAt": "once", "updatedAt": "later"
            }),
        )
        .await;
    let asset = &answer.is(201)["asset"];
    assert_eq!(asset["status"], "returned");
    assert_eq!(
        (&asset["location"], &asset["notes"]),
        (&json!("shelf 4"), &json!("scratch"))
    );
    assert_eq!(
        (&asset["condition"], &asset["acquisitionCost"]),
        (&json!("good"), &json!(620.55))
    );
    assert_eq!(asset["acquisitionDate"], "2025-11-21");
    assert_eq!(asset["tenantId"], support::TENANT);
    assert_eq!(asset["productName"], "Phone black");
    assert_ne!(asset["productId"], "prod_x");
    assert_eq!(
        asset["productImageUrl"],
        "https://cdn.example.com/black.jpg"
    );
    assert!(asset.get("customerId").is_none() && asset.get("rentalId").is_none());
    assert_ne!(asset["createdAt"], "once");
    assert!(app.events().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn today_is_the_tenant_s_day() {
    let app =
        App::start_with(|settings| settings.localization.timezone = "Asia/Dubai".into()).await;
    app.variant("BOOK").await;
    app.advance(jiff::SignedDuration::from_hours(12));
    app.asset("S1", "BOOK").await;
    assert_eq!(
        app.get("/v1/assets/S1").await.is(200)["acquisitionDate"],
        "2026-03-11"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_serial_number_is_taken_once_and_for_all() {
    let app = App::start().await;
    app.variant("BOOK").await;
    app.asset("S1", "BOOK").await;
    let again = json!({ "serialNumber": "S1", "sku": "BOOK" });
    app.post("/v1/assets", again.clone())
        .await
        .refused(409, "ASSET_EXISTS");
    app.delete("/v1/assets/S1").await.is(200);
    app.post("/v1/assets", again.clone())
        .await
        .refused(409, "ASSET_EXISTS");
    let first = json!({ "serialNumber": "S1", "sku": "NONE", "status": "sold" });
    app.post("/v1/assets", first)
        .await
        .refused(409, "ASSET_EXISTS");

    let stranger = app.other_tenant("bu_other").await;
    let answer = app
        .json_as(
            &stranger,
            "bu_other",
            Method::POST,
            "/v1/assets",
            Some(again),
        )
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn an_asset_needs_a_known_and_active_variant() {
    let app = App::start().await;
    app.variant("BOOK").await;
    app.post("/v1/assets", json!({ "serialNumber": "S1", "sku": "NONE" }))
        .await
        .refused(400, "VARIANT_NOT_FOUND");
    deactivate(&app, "BOOK").await;
    app.post("/v1/assets", json!({ "serialNumber": "S1", "sku": "BOOK" }))
        .await
        .refused(400, "VARIANT_INACTIVE");
    app.get("/v1/assets/S1").await.refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn a_new_asset_is_available_returned_or_unavailable() {
    let app = App::start().await;
    app.variant("BOOK").await;
    let body = |serial: &str, status: &str| json!({ "serialNumber": serial, "sku": "BOOK", "status": status });
    for (index, status) in ["available", "returned", "unavailable"].iter().enumerate() {
        let answer = app
            .post("/v1/assets", body(&format!("S{index}"), status))
            .await;
        assert_eq!(answer.is(201)["asset"]["status"], *status);
    }
    for status in ["rented_out", "sold", "lost", "Available", ""] {
        app.post("/v1/assets", body("S9", status))
            .await
            .refused(400, "INVALID_STATUS");
    }
    let wrong_type = json!({ "serialNumber": "S9", "sku": "BOOK", "status": 1 });
    app.post("/v1/assets", wrong_type)
        .await
        .refused(400, "VALIDATION_ERROR");
    app.finish().await;
}

#[tokio::test]
async fn phone_categories_demand_an_imei() {
    let app = App::start().await;
    for (category, sku) in [
        ("phones", "P1"),
        ("Smartphone", "P2"),
        (" PHONE ", "P3"),
        ("headphones", "H"),
    ] {
        phone(&app, category, sku).await;
    }
    for (sku, serial) in [
        ("P1", "490154203237519"),
        ("P2", "49015420323751"),
        ("P3", "SN-1"),
        ("P1", "4901542032375180"),
    ] {
        let answer = app
            .post("/v1/assets", json!({ "serialNumber": serial, "sku": sku }))
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, "serialNumber");
    }
    app.asset("490154203237518", "P1").await;
    app.asset("356938035643809", "P2").await;
    app.asset("SN-1", "H").await;
    app.finish().await;
}

#[tokio::test]
async fn the_categories_that_demand_an_imei_are_a_setting() {
    let app =
        App::start_with(|settings| settings.assets.imei_categories = vec!["Laptops".into()]).await;
    app.variant("BOOK").await;
    phone(&app, "phones", "P1").await;
    app.post("/v1/assets", json!({ "serialNumber": "S1", "sku": "BOOK" }))
        .await
        .refused(400, "VALIDATION_ERROR");
    app.asset("S1", "P1").await;
    app.finish().await;
}

#[tokio::test]
async fn malformed_assets_are_refused() {
    let app = App::start().await;
    app.variant("BOOK").await;
    let answer = app.post("/v1/assets", json!({})).await;
    answer.refused(400, "VALIDATION_ERROR");
    let paths: Vec<_> = answer
        .details()
        .into_iter()
        .map(|(path, _, _)| path)
        .collect();
    assert_eq!(paths, ["serialNumber", "sku"]);
    for (key, value) in [
        ("serialNumber", json!("")),
        ("acquisitionCost", json!(-1)),
        ("acquisitionDate", json!("2026-02-30")),
        ("acquisitionDate", json!("yesterday")),
        ("acquisitionDate", json!("0000-01-01")),
        ("acquisitionDate", json!("0001-01-01")),
        ("acquisitionDate", json!("1899-12-31")),
        ("acquisitionDate", json!("2200-01-01")),
        ("acquisitionDate", json!("9999-12-31")),
    ] {
        let mut body = json!({ "serialNumber": "S1", "sku": "BOOK" });
        body[key] = value;
        let answer = app.post("/v1/assets", body).await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, key);
    }
    app.finish().await;
}

#[tokio::test]
async fn lists_filter_and_sort() {
    let app = App::start().await;
    app.variant("BOOK").await;
    app.variant("TAB").await;
    for (serial, sku) in [("B", "BOOK"), ("C", "TAB"), ("A", "BOOK")] {
        app.asset(serial, sku).await;
    }
    app.delete("/v1/assets/B").await.is(200);
    assert_eq!(
        serials(&app, "").await,
        ["A", "C", "B"],
        "newest first, nothing hidden"
    );
    assert_eq!(
        serials(&app, "?sortBy=serialNumber&sortDir=asc").await,
        ["A", "B", "C"]
    );
    assert_eq!(serials(&app, "?sortBy=updatedAt").await, ["B", "A", "C"]);
    assert_eq!(
        serials(&app, "?sortBy=sku&sortDir=asc").await,
        ["A", "B", "C"]
    );
    assert_eq!(serials(&app, "?sortBy=status").await, ["B", "C", "A"]);
    assert_eq!(serials(&app, "?sku=BOOK&status=available").await, ["A"]);
    assert_eq!(serials(&app, "?status=unavailable").await, ["B"]);
    assert_eq!(serials(&app, "?customerId=cust_none").await, [""; 0]);

    let first = app
        .get("/v1/assets?limit=2&sortBy=serialNumber&sortDir=asc")
        .await;
    let page = first.is(200);
    assert_eq!(
        (&page["count"], &page["limit"], &page["hasMore"]),
        (&json!(2), &json!(2), &json!(true))
    );
    let cursor = first.text("/nextCursor");
    let last = app
        .get(&format!(
            "/v1/assets?limit=2&sortBy=serialNumber&sortDir=asc&startAfter={cursor}"
        ))
        .await;
    let page = last.is(200);
    assert_eq!(
        (&page["count"], &page["hasMore"], &page["nextCursor"]),
        (&json!(1), &json!(false), &Value::Null)
    );
    assert_eq!(page["assets"][0]["serialNumber"], "C");

    for query in [
        "?limit=0",
        "?limit=101",
        "?status=lost",
        "?sortBy=location",
        "?startAfter=x",
    ] {
        app.get(&format!("/v1/assets{query}"))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    app.get(&format!("/v1/assets?startAfter={cursor}"))
        .await
        .refused(400, "INVALID_CURSOR");
    app.finish().await;
}

#[tokio::test]
async fn updating_changes_only_what_is_sent() {
    let app = App::start().await;
    app.variant("BOOK").await;
    let body = json!({ "serialNumber": "S1", "sku": "BOOK", "location": "shelf", "notes": "n", "acquisitionCost": 5 });
    let before = app.post("/v1/assets", body).await.is(201)["asset"].clone();

    let body = json!({ "notes": "", "acquisitionCost": 7.5, "acquisitionDate": "2024-02-29", "condition": "fair" });
    let after = app.put("/v1/assets/S1", body).await.is(200)["asset"].clone();
    assert_eq!(
        (&after["notes"], &after["location"]),
        (&json!(""), &json!("shelf"))
    );
    assert_eq!(
        (&after["acquisitionCost"], &after["acquisitionDate"]),
        (&json!(7.5), &json!("2024-02-29"))
    );
    assert_eq!(
        (&after["condition"], &after["status"]),
        (&json!("fair"), &json!("available"))
    );
    assert!(after["updatedAt"].as_str() > before["updatedAt"].as_str());
    assert_eq!(app.get("/v1/assets/S1").await.is(200), &after);

    let server_side = json!({ "tenantId": "x", "customerId": "cust_x", "rentalId": "sub_x", "productName": "Mine",
                              "createdAt": "once", "sku": "BOOK", "status": "available", "serialNumber": "S1" });
    let same = app.put("/v1/assets/S1", server_side).await.is(200)["asset"].clone();
    assert_eq!(
        same, after,
        "what the server sets is not used, and sameness changes nothing"
    );
    app.json(Method::PUT, "/v1/assets/S1", None).await.is(200);
    app.put("/v1/assets/S1", json!({ "acquisitionCost": 0.001 }))
        .await
        .refused(400, "INVALID_PRICING");
    app.finish().await;
}

#[tokio::test]
async fn the_serial_number_never_changes() {
    let app = App::start().await;
    app.variant("BOOK").await;
    app.asset("S1", "BOOK").await;
    let answer = app
        .put(
            "/v1/assets/S1",
            json!({ "serialNumber": "S2", "notes": "n" }),
        )
        .await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "serialNumber");
    assert!(
        app.get("/v1/assets/S1")
            .await
            .is(200)
            .get("notes")
            .is_none()
    );
    app.finish().await;
}

#[tokio::test]
async fn a_new_sku_brings_the_fields_of_its_variant() {
    let app = App::start().await;
    app.variant("BOOK").await;
    phone(&app, "tablets", "TAB").await;
    app.asset("S1", "BOOK").await;
    let asset = app
        .put("/v1/assets/S1", json!({ "sku": "TAB" }))
        .await
        .is(200)["asset"]
        .clone();
    assert_eq!(
        (&asset["sku"], &asset["productName"]),
        (&json!("TAB"), &json!("Phone black"))
    );
    assert_eq!(
        asset["productImageUrl"],
        "https://cdn.example.com/black.jpg"
    );
    assert_eq!(serials(&app, "?sku=TAB").await, ["S1"]);

    app.put("/v1/assets/S1", json!({ "sku": "NONE" }))
        .await
        .refused(400, "VARIANT_NOT_FOUND");
    deactivate(&app, "BOOK").await;
    app.put("/v1/assets/S1", json!({ "sku": "BOOK" }))
        .await
        .refused(400, "VARIANT_INACTIVE");
    deactivate(&app, "TAB").await;
    app.put("/v1/assets/S1", json!({ "sku": "TAB", "notes": "n" }))
        .await
        .is(200);
    app.finish().await;
}

#[tokio::test]
async fn unknown_serial_numbers_are_not_found() {
    let app = App::start().await;
    app.variant("BOOK").await;
    app.asset("S1", "BOOK").await;
    app.get("/v1/assets/S2").await.refused(404, "NOT_FOUND");
    app.put("/v1/assets/S2", json!({ "status": "lost" }))
        .await
        .refused(404, "NOT_FOUND");
    app.delete("/v1/assets/S2").await.refused(404, "NOT_FOUND");
    let stranger = app.other_tenant("bu_other").await;
    for method in [Method::GET, Method::DELETE] {
        let answer = app
            .json_as(&stranger, "bu_other", method, "/v1/assets/S1", None)
            .await;
        answer.refused(404, "NOT_FOUND");
    }
    let list = app
        .json_as(&stranger, "bu_other", Method::GET, "/v1/assets", None)
        .await;
    assert_eq!(list.is(200)["count"], 0);
    app.finish().await;
}

#[tokio::test]
async fn reading_and_writing_assets_need_their_own_permissions() {
    let app = App::start().await;
    app.variant("BOOK").await;
    let reader = app.key_with(&["assets:read"]).await;
    let writer = app.key_with(&["assets:write"]).await;
    let body = Some(json!({ "serialNumber": "S1", "sku": "BOOK" }));
    let tenant = support::TENANT;
    app.json_as(&reader, tenant, Method::GET, "/v1/assets", None)
        .await
        .is(200);
    let refused = app
        .json_as(&reader, tenant, Method::POST, "/v1/assets", body.clone())
        .await;
    refused.refused(403, "INSUFFICIENT_PERMISSIONS");
    app.json_as(&writer, tenant, Method::POST, "/v1/assets", body)
        .await
        .is(201);
    let refused = app
        .json_as(&writer, tenant, Method::GET, "/v1/assets/S1", None)
        .await;
    refused.refused(403, "INSUFFICIENT_PERMISSIONS");
    app.finish().await;
}
