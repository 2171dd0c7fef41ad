//! Lists of the catalogue, and what it takes to leave the offer and to come back.

use crate::suite::support::App;
use hyper::Method;
use serde_json::{Value, json};

fn tier() -> Value {
    json!([{ "contractLength": 12, "monthlyPrice": 10 }])
}

/// Saves a product with one variant per grade given, `<sku>-<grade>`.
async fn save(app: &App, sku: &str, category: &str, brand: &str, grades: &[&str]) -> String {
    let variants: Vec<Value> = grades
        .iter()
        .map(|grade| {
            json!({ "variantSku": format!("{sku}-{grade}"), "variantName": sku, "grade": grade,
                    "pricing": tier() })
        })
        .collect();
    let body = json!({ "productSku": sku, "name": format!("Name {sku}"), "specification": "s",
                       "category": category, "brand": brand, "variants": variants });
    let answer = app.post("/v1/products", body).await;
    answer.is(201);
    answer.text("/productId")
}

/// Texts of one property of all items of a list.
fn column(list: &Value, items: &str, key: &str) -> Vec<String> {
    let items = list[items].as_array().expect("a list");
    items
        .iter()
        .map(|item| item[key].as_str().expect("a text").to_owned())
        .collect()
}

async fn products(app: &App, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/v1/products{query}")).await;
    column(answer.is(200), "products", "productSku")
}

async fn variants(app: &App, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/v1/products/variants{query}")).await;
    column(answer.is(200), "variants", "variantSku")
}

async fn variant_id(app: &App, sku: &str) -> String {
    app.get(&format!("/v1/products/variants?sku={sku}"))
        .await
        .text("/variants/0/variantId")
}

async fn statuses(app: &App, product: &str) -> (String, Vec<String>) {
    let read = app.get(&format!("/v1/products/{product}")).await;
    (
        read.text("/status"),
        column(read.is(200), "variants", "status"),
    )
}

#[tokio::test]
async fn lists_filter_sort_and_count_variants() {
    let app = App::start().await;
    save(&app, "B1", "phones", "Acme", &["A", "B"]).await;
    save(&app, "C2", "laptops", "Acme", &["A"]).await;
    save(&app, "A3", "phones", "Bolt", &["C"]).await;
    let gone = save(&app, "D4", "phones", "Acme", &["E"]).await;
    app.delete(&format!("/v1/products/{gone}")).await.is(200);

    assert_eq!(
        products(&app, "").await,
        ["D4", "A3", "C2", "B1"],
        "newest first, nothing hidden"
    );
    assert_eq!(products(&app, "?status=active").await, ["A3", "C2", "B1"]);
    assert_eq!(products(&app, "?status=discontinued").await, ["D4"]);
    assert_eq!(
        products(&app, "?category=phones&brand=Acme").await,
        ["D4", "B1"]
    );
    assert_eq!(products(&app, "?category=phone").await, [""; 0]);
    assert_eq!(
        products(&app, "?sortBy=productSku&sortDir=asc").await,
        ["A3", "B1", "C2", "D4"]
    );
    assert_eq!(
        products(&app, "?sortBy=name").await,
        ["D4", "C2", "B1", "A3"]
    );
    assert_eq!(
        products(&app, "?sortBy=updatedAt&sortDir=asc").await,
        ["B1", "C2", "A3", "D4"]
    );

    let list = app.get("/v1/products?sortDir=asc").await.is(200).clone();
    assert_eq!(list["count"], 4);
    assert_eq!(list["limit"], 50);
    assert_eq!(list["hasMore"], false);
    assert_eq!(list["nextCursor"], Value::Null);
    assert_eq!(list["products"][0]["variantCount"], 2);
    assert!(list["products"][0].get("variants").is_none());
    assert_eq!(list["products"][0]["_sync"]["source"], "manual");
    app.finish().await;
}

#[tokio::test]
async fn variants_filter_by_their_own_and_their_product_s_values() {
    let app = App::start().await;
    save(&app, "B1", "phones", "Acme", &["A", "B"]).await;
    save(&app, "C2", "laptops", "Acme", &["A"]).await;
    save(&app, "b1", "phones", "Bolt", &["C"]).await;
    let id = variant_id(&app, "C2-A").await;
    app.patch(
        &format!("/v1/products/variants/{id}/status"),
        json!({ "status": "inactive" }),
    )
    .await
    .is(200);

    assert_eq!(variants(&app, "").await, ["b1-C", "C2-A", "B1-B", "B1-A"]);
    assert_eq!(variants(&app, "?status=inactive").await, ["C2-A"]);
    assert_eq!(variants(&app, "?status=active&grade=A").await, ["B1-A"]);
    assert_eq!(variants(&app, "?productSku=B1").await, ["B1-B", "B1-A"]);
    assert_eq!(
        variants(&app, "?category=phones&brand=Bolt").await,
        ["b1-C"]
    );
    assert_eq!(
        variants(&app, "?sku=B1-").await,
        ["B1-B", "B1-A"],
        "a prefix, in this letter case"
    );
    assert_eq!(variants(&app, "?sku=%25").await, [""; 0], "no wildcards");
    let list = app.get("/v1/products/variants").await.is(200).clone();
    assert_eq!((&list["limit"], &list["count"]), (&json!(5000), &json!(4)));
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps_or_repeats() {
    let app = App::start().await;
    for number in 1..=5 {
        save(&app, &format!("P{number}"), "c", "b", &["A"]).await;
    }
    for (path, items, key) in [
        (
            "/v1/products?sortBy=name&sortDir=asc",
            "products",
            "productSku",
        ),
        ("/v1/products?sortBy=createdAt", "products", "productSku"),
        ("/v1/products/variants?brand=b", "variants", "variantSku"),
    ] {
        let whole = column(app.get(path).await.is(200), items, key);
        assert_eq!(whole.len(), 5);
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = app.get(&format!("{path}&limit=2{cursor}")).await;
            let page = answer.is(200);
            assert_eq!(page["hasMore"], !page["nextCursor"].is_null());
            assert_eq!(page["limit"], 2);
            walked.extend(column(page, items, key));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&startAfter={next}"),
                None => break,
            }
        }
        assert_eq!(walked, whole, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn bad_list_parameters_are_refused() {
    let app = App::start().await;
    save(&app, "P1", "c", "b", &["A"]).await;
    save(&app, "P2", "c", "b", &["A"]).await;
    for query in [
        "?limit=0",
        "?limit=101",
        "?limit=ten",
        "?status=inactive",
        "?sortBy=brand",
        "?sortDir=up",
        "?startAfter=nonsense",
    ] {
        app.get(&format!("/v1/products{query}"))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    for query in [
        "?limit=5001",
        "?limit=0",
        "?status=discontinued",
        "?grade=F",
        "?startAfter=!",
    ] {
        app.get(&format!("/v1/products/variants{query}"))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    let cursor = app.get("/v1/products?limit=1").await.text("/nextCursor");
    app.get(&format!("/v1/products?startAfter={cursor}"))
        .await
        .is(200);
    for other in ["sortDir=asc", "sortBy=name"] {
        let answer = app
            .get(&format!("/v1/products?{other}&startAfter={cursor}"))
            .await;
        answer.refused(400, "INVALID_CURSOR");
        assert_eq!(answer.details()[0].0, "startAfter");
    }
    app.finish().await;
}

#[tokio::test]
async fn deleting_discontinues_the_product_and_all_its_variants() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A", "B"]).await;
    let path = format!("/v1/products/{id}");
    let answer = app.delete(&path).await;
    let body = answer.is(200);
    assert_eq!(
        (&body["productId"], &body["productSku"]),
        (&json!(id), &json!("P1"))
    );
    assert_eq!(
        statuses(&app, &id).await,
        ("discontinued".into(), vec!["inactive".into(); 2])
    );

    let before = app.get(&path).await.is(200).clone();
    app.delete(&path).await.is(200);
    assert_eq!(
        app.get(&path).await.is(200),
        &before,
        "a repeat changes nothing"
    );
    assert!(app.events().await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn saving_a_discontinued_product_does_not_bring_it_back() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A"]).await;
    app.delete(&format!("/v1/products/{id}")).await.is(200);
    assert_eq!(save(&app, "P1", "c", "new brand", &["A", "B"]).await, id);
    assert_eq!(
        statuses(&app, &id).await,
        ("discontinued".into(), vec!["inactive".into(); 2])
    );
    app.finish().await;
}

#[tokio::test]
async fn a_reactivated_product_gets_its_variants_back_one_by_one() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A", "B"]).await;
    let path = format!("/v1/products/{id}");
    app.put(&path, json!({ "status": "discontinued" }))
        .await
        .is(200);
    assert_eq!(
        statuses(&app, &id).await,
        ("discontinued".into(), vec!["inactive".into(); 2])
    );
    app.put(&path, json!({ "status": "active" })).await.is(200);
    assert_eq!(
        statuses(&app, &id).await,
        ("active".into(), vec!["inactive".into(); 2])
    );

    let variant = variant_id(&app, "P1-A").await;
    let answer = app
        .patch(
            &format!("/v1/products/variants/{variant}/status"),
            json!({ "status": "active" }),
        )
        .await;
    assert_eq!(answer.is(200)["variantId"], variant.as_str());
    assert_eq!(statuses(&app, &id).await.1, ["active", "inactive"]);
    let body = json!({ "variants": [{ "variantSku": "P1-B", "status": "active" }] });
    app.put(&path, body).await.is(200);
    assert_eq!(statuses(&app, &id).await.1, ["active", "active"]);
    app.finish().await;
}

#[tokio::test]
async fn deleting_again_covers_a_variant_that_was_set_active_meanwhile() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A", "B"]).await;
    app.delete(&format!("/v1/products/{id}")).await.is(200);
    let variant = variant_id(&app, "P1-A").await;
    let path = format!("/v1/products/variants/{variant}/status");
    app.patch(&path, json!({ "status": "active" }))
        .await
        .is(200);
    app.delete(&format!("/v1/products/{id}")).await.is(200);
    assert_eq!(statuses(&app, &id).await.1, ["inactive", "inactive"]);
    app.finish().await;
}

#[tokio::test]
async fn the_state_a_variant_has_already_changes_nothing() {
    let app = App::start().await;
    save(&app, "P1", "c", "b", &["A"]).await;
    let before = app.get("/v1/products/variants").await.is(200).clone();
    let id = variant_id(&app, "P1-A").await;
    let path = format!("/v1/products/variants/{id}/status");
    app.patch(&path, json!({ "status": "active" }))
        .await
        .is(200);
    assert_eq!(app.get("/v1/products/variants").await.is(200), &before);
    app.patch(&path, json!({ "status": "discontinued" }))
        .await
        .refused(400, "VALIDATION_ERROR");
    let answer = app.patch(&path, json!({})).await;
    answer.refused(400, "VALIDATION_ERROR");
    assert_eq!(answer.details()[0].0, "status");
    app.json(Method::PATCH, &path, None)
        .await
        .refused(400, "VALIDATION_ERROR");
    let unknown = "/v1/products/variants/var_none/status";
    app.patch(unknown, json!({ "status": "active" }))
        .await
        .refused(404, "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn open_orders_keep_a_variant_and_its_product_in_the_offer() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A", "B"]).await;
    let (product, variant) = (format!("/v1/products/{id}"), variant_id(&app, "P1-A").await);
    let variant = format!("/v1/products/variants/{variant}/status");
    let (order, _) = app.order("ada@example.com", "P1-A", 1).await;
    for state in ["pending", "confirmed"] {
        let before = app.get(&product).await.is(200).clone();
        app.delete(&product)
            .await
            .refused(409, "PRODUCT_HAS_ACTIVE_ORDERS");
        let discontinued = json!({ "name": "new", "status": "discontinued" });
        app.put(&product, discontinued)
            .await
            .refused(409, "PRODUCT_HAS_ACTIVE_ORDERS");
        app.patch(&variant, json!({ "status": "inactive" }))
            .await
            .refused(409, "VARIANT_IN_USE");
        let body =
            json!({ "name": "new", "variants": [{ "variantSku": "P1-A", "status": "inactive" }] });
        app.put(&product, body).await.refused(409, "VARIANT_IN_USE");
        assert_eq!(
            app.get(&product).await.is(200),
            &before,
            "refused while {state}"
        );
        if state == "pending" {
            app.confirm(&order).await;
        }
    }
    let other = variant_id(&app, "P1-B").await;
    let other = format!("/v1/products/variants/{other}/status");
    app.patch(&other, json!({ "status": "inactive" }))
        .await
        .is(200);

    app.cancel_order(&order).await;
    app.patch(&variant, json!({ "status": "inactive" }))
        .await
        .is(200);
    app.delete(&product).await.is(200);
    app.finish().await;
}

#[tokio::test]
async fn a_partly_fulfilled_order_is_open_and_a_fulfilled_one_is_not() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A"]).await;
    app.asset("S1", "P1-A").await;
    app.asset("S2", "P1-A").await;
    let (order, customer) = app.order("ada@example.com", "P1-A", 2).await;
    app.confirm(&order).await;
    let first = app.subscribe(&order, &customer, "S1").await;
    app.delete(&format!("/v1/products/{id}"))
        .await
        .refused(409, "PRODUCT_HAS_ACTIVE_ORDERS");
    app.subscribe(&order, &customer, "S2").await;
    app.delete(&format!("/v1/products/{id}")).await.is(200);
    let rental = app.get(&format!("/v1/subscriptions/{first}")).await;
    assert_eq!(
        rental.is(200)["status"],
        "active",
        "active subscriptions go on"
    );
    app.finish().await;
}

#[tokio::test]
async fn changed_prices_leave_earlier_orders_alone() {
    let app = App::start().await;
    let id = save(&app, "P1", "c", "b", &["A"]).await;
    let (order, _) = app.order("ada@example.com", "P1-A", 1).await;
    let dearer = json!([{ "contractLength": 12, "monthlyPrice": 99 }]);
    let body = json!({ "variants": [{ "variantSku": "P1-A", "pricing": dearer }] });
    app.put(&format!("/v1/products/{id}"), body).await.is(200);
    let read = app.get(&format!("/v1/orders/{order}")).await;
    assert_eq!(read.is(200)["items"][0]["unitPrice"], 10.0);
    let (later, _) = app.order("bea@example.com", "P1-A", 1).await;
    let read = app.get(&format!("/v1/orders/{later}")).await;
    assert_eq!(read.is(200)["items"][0]["unitPrice"], 99.0);
    app.finish().await;
}

#[tokio::test]
async fn changed_costs_leave_earlier_orders_and_subscriptions_alone() {
    let app = App::start().await;
    let product = app.variant("SKU").await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    let (order, bob) = app.order("bob@example.com", "SKU", 2).await;
    let read = async |path: String| app.get(&path).await.is(200).clone();
    let (rental, order_path) = (
        format!("/v1/subscriptions/{rental}"),
        format!("/v1/orders/{order}"),
    );
    let before = [read(rental.clone()).await, read(order_path.clone()).await];
    let change =
        json!({ "variants": [{ "variantSku": "SKU", "listPrice": 1, "acquisitionCost": 2 }] });
    app.put(&format!("/v1/products/{product}"), change)
        .await
        .is(200);
    app.put("/v1/assets/S1", json!({ "acquisitionCost": 3 }))
        .await
        .is(200);
    assert_eq!([read(rental).await, read(order_path).await], before);
    let figures = app.get_customer(&customer).await;
    assert_eq!(figures["totalAcquisitionCost"], 600.0);
    // The order has captured the costs of the variant; only a device has a cost of its own.
    app.confirm(&order).await;
    app.asset("S2", "SKU").await;
    let own = json!({ "serialNumber": "S3", "sku": "SKU", "acquisitionCost": 4 });
    app.post("/v1/assets", own).await.is(201);
    for (serial, cost, source) in [("S2", 600.0, "variant"), ("S3", 4.0, "manual")] {
        let rental = app.subscribe(&order, &bob, serial).await;
        let shown = read(format!("/v1/subscriptions/{rental}")).await;
        assert_eq!(shown["listPrice"], 1000.0, "{serial}");
        assert_eq!(shown["acquisitionCost"], cost, "{serial}");
        assert_eq!(shown["acquisitionCostSource"], source, "{serial}");
    }
    // What is ordered from now on has the new ones.
    let (later, _) = app.order("cid@example.com", "SKU", 1).await;
    let later = read(format!("/v1/orders/{later}")).await;
    let item = &later["items"][0];
    assert_eq!([&item["listPrice"], &item["acquisitionCost"]], [1.0, 2.0]);
    app.finish().await;
}

#[tokio::test]
async fn subscriptions_of_a_discontinued_product_go_on() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "S1").await;
    app.asset("S2", "SKU").await;
    let product = app.get("/v1/products").await.text("/products/0/productId");
    app.delete(&format!("/v1/products/{product}")).await.is(200);
    let act = async |action: &str, body: Value| {
        let path = format!("/v1/subscriptions/{rental}/{action}");
        app.post(&path, body).await
    };
    let extension = json!({ "extensionMonths": 1, "reason": "r" });
    act("extend", extension).await.is(200);
    // No new contract is made with it, and no device comes into stock.
    let upgrade = json!({
        "newSku": "SKU", "newSerialNumber": "S2", "contractLength": 24, "newMonthlyAmount": 1,
        "reason": "r"
    });
    act("upgrade", upgrade)
        .await
        .refused(400, "VARIANT_INACTIVE");
    let asset = json!({ "serialNumber": "S3", "sku": "SKU" });
    app.post("/v1/assets", asset)
        .await
        .refused(400, "VARIANT_INACTIVE");
    let replacement = json!({ "newSerialNumber": "S2", "replacementReason": "defective" });
    act("replace", replacement).await.is(200);
    let returned = json!({ "returnCondition": "good", "reason": "r" });
    act("early-return", returned).await.is(200);
    app.finish().await;
}
