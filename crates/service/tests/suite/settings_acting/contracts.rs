//! What the settings say in generated contracts, read back from the files.

use serde_json::{Value, json};

use crate::suite::support::App;

/// The text of a contract of an order.
pub(in crate::suite) async fn written(app: &App, order: &str, kind: &str) -> String {
    let body = json!({ "orderId": order, "contractType": kind });
    let answer = app.post("/v1/files/contracts/generate", body).await;
    answer.is(201);
    text_of(app, &answer.text("/fileId")).await
}

/// The text of a contract that is kept as a file.
pub(in crate::suite) async fn text_of(app: &App, file: &str) -> String {
    let answer = app.post("/v1/files/url", json!({ "fileId": file })).await;
    answer.is(200);
    let url = answer.text("/url");
    let path = url.strip_prefix(&app.base).expect("it leads here");
    let file = app.download(path).await;
    let document = lopdf::Document::load_mem(&file).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("it has text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An order, and whether its contract says a text before and after settings are changed.
async fn changes(app: &App, change: Value, kind: &str, said: &str) {
    let order = app.ordered(json!({})).await;
    order.is(201);
    let order = order.text("/orderId");
    let before = written(app, &order, kind).await;
    assert!(!before.contains(said), "{said}: {before}");
    app.set(change).await;
    let after = written(app, &order, kind).await;
    assert!(after.contains(said), "{said}: {after}");
}

#[tokio::test]
async fn general_display_name_is_the_lessor_of_contracts() {
    let app = App::start().await;
    let change = json!({ "general": { "displayName": "Acme Rentals" } });
    changes(&app, change, "order", "Acme Rentals").await;
    app.finish().await;
}

#[tokio::test]
async fn taxes_vat_number_stands_in_contracts() {
    let app = App::start().await;
    let change = json!({ "taxes": { "vatNumber": "DE811907980" } });
    changes(&app, change, "order", "DE811907980").await;
    app.finish().await;
}

#[tokio::test]
async fn localization_date_format_is_that_of_contracts() {
    let app = App::start().await;
    for (format, said) in [
        ("DD/MM/YYYY", "10/03/2026"),
        ("MM/DD/YYYY", "03/10/2026"),
        ("DD-MM-YYYY", "10-03-2026"),
        ("DD.MM.YYYY", "10.03.2026"),
        ("YYYY-MM-DD", "2026-03-10"),
    ] {
        let change = json!({ "localization": { "dateFormat": format } });
        changes(&app, change, "order", said).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn contracts_templates_are_the_words_of_each_kind() {
    let app = App::start().await;
    for kind in ["order", "extension", "upgrade"] {
        for (name, said) in [("title", "Miete"), ("terms", "Gerichtsstand")] {
            let mut template = json!({ "title": "T", "terms": "B" });
            template[name] = json!(format!("{said} {kind}"));
            let change = json!({ "contracts": { "templates": { kind: template } } });
            changes(&app, change, kind, &format!("{said} {kind}")).await;
        }
    }
    app.finish().await;
}
