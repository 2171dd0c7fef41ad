//! replaceSubscriptionDevice.

use serde_json::json;

use crate::suite::support::App;

#[tokio::test]
async fn a_replacement_swaps_the_device_and_nothing_else() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "A1").await;
    app.asset("A2", "SKU").await;
    let (before, payments) = (app.rental(&rental).await, app.payments(&rental).await);
    let events = app.event_kinds().await.len();
    let body = json!({
        "newSerialNumber": "A2", "replacementReason": "stolen", "damageAssessment": "gone",
        "insuranceClaim": true, "notes": "police report"
    });
    let answer = app.act(&rental, "replace", body).await;
    let message = answer.text("/message");
    assert_eq!(
        *answer.is(200),
        json!({
            "success": true, "message": message, "rentalId": rental, "oldSerialNumber": "A1",
            "newSerialNumber": "A2", "reason": "stolen"
        })
    );

    let mut after = app.rental(&rental).await;
    let entry = after["replacementHistory"][0].clone();
    assert_eq!(
        [&entry["oldSerialNumber"], &entry["newSerialNumber"]],
        ["A1", "A2"]
    );
    assert_eq!(
        [&entry["reason"], &entry["damageAssessment"]],
        ["stolen", "gone"]
    );
    assert_eq!(entry["insuranceClaim"], true);
    assert_eq!(entry["notes"], "police report");
    assert_eq!(after["assetSerialNumber"], "A2");
    assert_eq!(after["lastModifiedDate"], entry["replacedAt"]);
    for changed in [
        "assetSerialNumber",
        "replacementHistory",
        "updatedAt",
        "lastModifiedDate",
    ] {
        after[changed] = before[changed].clone();
    }
    after.as_object_mut().unwrap().remove("lastModifiedDate");
    assert_eq!(after, before);
    assert_eq!(app.payments(&rental).await, payments);

    let old = app.get_asset("A1").await;
    assert_eq!(old["status"], "unavailable");
    assert!(old.get("customerId").is_none() && old.get("rentalId").is_none());
    let new = app.get_asset("A2").await;
    assert_eq!(new["status"], "rented_out");
    assert_eq!(
        [&new["customerId"], &new["rentalId"]],
        [&json!(customer), &json!(rental)]
    );
    // A device that is not returned has not been returned.
    assert_eq!(app.events_since(events).await, ["asset.assigned"]);
    app.finish().await;
}

#[tokio::test]
async fn the_new_device_is_of_the_same_sku_or_of_a_named_one_of_the_same_product() {
    let app = App::start().await;
    let variants = |one: &str, other: &str| {
        json!([
            {
                "variantSku": one, "variantName": one, "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 50 }]
            },
            {
                "variantSku": other, "variantName": other, "grade": "A",
                "pricing": [{ "contractLength": 12, "monthlyPrice": 50 }]
            }
        ])
    };
    app.post(
        "/v1/products",
        json!({
            "productSku": "P", "name": "Notebook", "specification": "16 GB", "category": "laptops",
            "brand": "Acme", "variants": variants("SKU", "TWIN")
        }),
    )
    .await
    .is(201);
    app.variant("STRANGE").await;
    for (serial, sku) in [("S", "SKU"), ("T", "TWIN"), ("X", "STRANGE")] {
        app.asset(serial, sku).await;
    }
    let broken = json!({ "serialNumber": "BROKEN", "sku": "SKU", "status": "unavailable" });
    app.post("/v1/assets", broken).await.is(201);
    let (_, _, rental) = app.renting("ada@example.com", "A1").await;
    for (serial, sku, code) in [
        ("NONE", None, "ASSET_NOT_FOUND"),
        ("T", None, "SKU_MISMATCH"),
        ("X", None, "SKU_MISMATCH"),
        ("X", Some("STRANGE"), "SKU_MISMATCH"),
        ("S", Some("TWIN"), "SKU_MISMATCH"),
        ("BROKEN", None, "ASSET_NOT_AVAILABLE"),
        ("A1", None, "ASSET_NOT_AVAILABLE"),
    ] {
        let mut body = json!({ "newSerialNumber": serial, "replacementReason": "lost" });
        if let Some(sku) = sku {
            body["newSku"] = json!(sku);
        }
        app.act(&rental, "replace", body).await.refused(400, code);
    }
    let body = json!({ "newSerialNumber": "S", "replacementReason": "eaten" });
    app.act(&rental, "replace", body)
        .await
        .refused(400, "VALIDATION_ERROR");
    assert_eq!(app.get_asset("A1").await["status"], "rented_out");

    let body = json!({ "newSerialNumber": "T", "newSku": "TWIN", "replacementReason": "lost" });
    app.act(&rental, "replace", body).await.is(200);
    let shown = app.rental(&rental).await;
    assert_eq!(shown["replacementHistory"][0]["insuranceClaim"], false);
    app.finish().await;
}
