//! importProductsCSV: cells that cannot be saved. Their row leaves nothing behind.

use super::products_csv::{errors, import};
use crate::suite::support::App;

/// Imports a product `PX`, and then these rows, which must all be skipped. Gives why.
async fn skipped(app: &App, rows: &[&str]) -> Vec<String> {
    let good = ["Phone,PX,phones,Acme,s,A,black,PX-1,1,1,,2,,"];
    assert_eq!(import(app, &good).await.is(201)["created"], 1);
    let before = app.get("/v1/products").await.is(200).clone();
    app.advance_days(1);
    let answer = import(app, rows).await;
    let errors = errors(answer.is(201));
    assert_eq!(errors.len(), rows.len(), "{errors:?}");
    assert_eq!(*app.get("/v1/products").await.is(200), before);
    errors.into_iter().map(|(_, error)| error).collect()
}

#[tokio::test]
async fn a_row_with_a_null_character_changes_nothing() {
    let app = App::start().await;
    let rows = [
        "Renamed,PX,phones,Acme,s,A,bl\0ck,PX-1,1,1,,2,,",
        "Other,PY,phones,Acme,s,A,bl\0ck,PY-1,1,1,,2,,",
        "Other,P\0Y,phones,Acme,s,A,,PY-1,1,1,,2,,",
        "Other,PY,phones,Acme,s,A,,PY\0,1,1,,2,,",
    ];
    let columns = ["Color", "Color", "Product SKU", "Variant SKU"];
    let errors = skipped(&app, &rows).await;
    for (error, column) in errors.iter().zip(columns) {
        assert_eq!(*error, format!("{column} must not contain U+0000"));
    }
    app.finish().await;
}
