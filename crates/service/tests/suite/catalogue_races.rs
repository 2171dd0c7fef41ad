//! Changes of the catalogue against orders at the same moment: what is taken out of the offer is in
//! no open order, and no order sees half of a change.

use serde_json::{Value, json};

use crate::suite::support::{Answer, App, ROUNDS, Race, ok, order_body, refused};

/// A product of one round with one variant.
struct Offer {
    product: String,
    variant: String,
    sku: String,
}

async fn offer(app: &App, round: usize) -> Offer {
    // Of one length: the filter is a prefix.
    let sku = format!("SKU{round:02}");
    let product = app.variant(&sku).await;
    let variant = shown(app, &sku).await.text("/variants/0/variantId");
    Offer {
        product: format!("/v1/products/{product}"),
        variant: format!("/v1/products/variants/{variant}/status"),
        sku,
    }
}

/// What the server shows of the variant.
async fn shown(app: &App, sku: &str) -> Answer {
    app.get(&format!("/v1/products/variants?sku={sku}")).await
}

/// Orders of one customer against what takes their variant out of the offer, refused with `code`
/// once it is ordered.
async fn an_order_against(code: &str, withdraw: impl AsyncFn(&App, &Offer) -> Answer) {
    let app = App::start().await;
    let race = Race {
        one_first: (ok(201), refused(409, code)),
        other_first: (refused(400, "VARIANT_INACTIVE"), ok(200)),
    };
    race.run(
        &app,
        async |round| offer(&app, round).await,
        async |server, offer| {
            let body = order_body("ada@example.com", &offer.sku, 1);
            server.post("/v1/orders", body).await
        },
        async |server, offer| withdraw(server, offer).await,
        async |offer, ordered, _| {
            let status = shown(&app, &offer.sku).await.text("/variants/0/status");
            let ordered = ordered.status == 201;
            assert_eq!(status, if ordered { "active" } else { "inactive" });
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_against_the_deactivation_of_its_variant() {
    an_order_against("VARIANT_IN_USE", async |server, offer| {
        server
            .patch(&offer.variant, json!({ "status": "inactive" }))
            .await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_against_the_deletion_of_its_product() {
    an_order_against("PRODUCT_HAS_ACTIVE_ORDERS", async |server, offer| {
        server.delete(&offer.product).await
    })
    .await;
}

/// Both variants of the product, for 12 months only, at this price a month.
fn prices(monthly: usize) -> Value {
    let pricing = json!([{ "contractLength": 12, "monthlyPrice": monthly }]);
    json!([
        { "variantSku": "A", "variantName": "A", "grade": "A", "pricing": pricing },
        { "variantSku": "B", "variantName": "B", "grade": "A", "pricing": pricing }
    ])
}

/// Orders both variants, each several times, and gives the prices in the order's items.
async fn ordered_prices(server: &App, email: &str) -> Vec<Value> {
    let mut body = order_body(email, "A", 1);
    let skus = ["A", "B", "A", "B", "A", "B", "A", "B"].iter();
    body["items"] = skus
        .map(|sku| json!({ "sku": sku, "quantity": 1, "contractLength": 12 }))
        .collect();
    let answer = server.post("/v1/orders", body).await;
    let items = answer.is(201)["order"]["items"].as_array();
    let items = items.expect("an order has items").iter();
    items.map(|item| item["unitPrice"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_sees_all_of_a_change_of_prices_or_nothing() {
    let app = App::start().await;
    let beside = app.beside().await;
    let body = json!({
        "productSku": "P", "name": "Notebook", "specification": "16 GB", "category": "laptops",
        "brand": "Acme", "variants": prices(10)
    });
    let answer = app.post("/v1/products", body).await;
    answer.is(201);
    let product = format!("/v1/products/{}", answer.text("/productId"));
    let old = ordered_prices(&app, "before@example.com").await;
    assert_eq!(old, vec![json!(10.0); 8]);

    for round in 0..ROUNDS {
        let (old, new) = (json!((10 + round) as f64), json!((11 + round) as f64));
        let emails: Vec<_> = (0..4)
            .map(|n| format!("{n}of{round}@example.com"))
            .collect();
        let change = json!({ "variants": prices(11 + round) });
        let (a, b, changed, c, d) = tokio::join!(
            ordered_prices(&app, &emails[0]),
            ordered_prices(&beside, &emails[1]),
            app.put(&product, change),
            ordered_prices(&app, &emails[2]),
            ordered_prices(&beside, &emails[3]),
        );
        changed.is(200);
        for seen in [a, b, c, d] {
            let whole = |price: &Value| seen.iter().all(|it| it == price);
            assert!(whole(&old) || whole(&new), "round {round}: {seen:?}");
        }
        let after = ordered_prices(&app, &format!("after{round}@example.com")).await;
        assert_eq!(after, vec![new; 8]);
    }
    beside.finish().await;
    app.finish().await;
}
