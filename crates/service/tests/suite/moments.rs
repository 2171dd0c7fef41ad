//! Every moment in every answer has three decimals, whatever the clock says: clients with strict
//! parsers read each, and they sort as text.

use serde_json::{Value, json};

use crate::suite::support::App;

/// Paths in `value` of texts that begin as a moment does, with the text.
fn moments(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(properties) => {
            for (name, value) in properties {
                moments(&format!("{path}.{name}"), value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|it| moments(path, it, found)),
        Value::String(text) if text.get(10..11) == Some("T") && text.starts_with("20") => {
            found.push((path.to_owned(), text.clone()));
        }
        _ => {}
    }
}

fn has_three_decimals(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T00:00:00.000Z"
}

#[tokio::test]
async fn every_moment_has_three_decimals() {
    let app = App::start().await;
    let tier = json!({ "contractLength": 12, "monthlyPrice": 50, "source": "suggested",
                       "calculatedAt": "2026-01-31T10:00:00+01:00" });
    app.post(
        "/v1/products",
        json!({
            "productSku": "P", "name": "n", "specification": "s", "category": "c", "brand": "b",
            "variants": [{ "variantSku": "SKU", "variantName": "v", "grade": "A", "listPrice": 9,
                           "acquisitionCost": 5, "pricing": [tier] }]
        }),
    )
    .await
    .is(201);
    let ends = [
        ("cancel", json!({ "reason": "other" })),
        ("buyout", json!({ "reason": "other" })),
        (
            "early-return",
            json!({ "returnCondition": "good", "reason": "done" }),
        ),
    ];
    // Fractions of a second of every length, none included.
    let fractions = [0, 100_000, 123_456, 1, 999_999, 120_000];
    for (index, (end, body)) in ends.into_iter().enumerate() {
        let tick = |number: usize| {
            let fraction = fractions[(index * 2 + number) % fractions.len()];
            app.advance(jiff::SignedDuration::from_micros(1_000_000 + fraction));
        };
        tick(0);
        let (email, serial) = (format!("a{index}@example.com"), format!("A{index}"));
        let (_, _, rental) = app.renting(&email, &serial).await;
        tick(1);
        app.asset(&format!("B{index}"), "SKU").await;
        let path = |action: &str| format!("/v1/subscriptions/{rental}/{action}");
        let extension = json!({ "extensionMonths": 1, "reason": "more" });
        app.post(&path("extend"), extension).await.is(200);
        tick(2);
        let spare = json!({ "newSerialNumber": format!("B{index}"), "replacementReason": "lost" });
        app.post(&path("replace"), spare).await.is(200);
        tick(3);
        app.post(&path(end), body).await.is(200);
    }
    let (order, _) = app.order("z@example.com", "SKU", 1).await;
    app.cancel_order(&order).await;

    let mut found = Vec::new();
    for path in [
        "orders",
        "subscriptions",
        "products",
        "products/variants",
        "assets",
        "customers",
    ] {
        let list = app.get(&format!("/v1/{path}")).await;
        moments(path, list.is(200), &mut found);
    }
    for (path, text) in &found {
        assert!(has_three_decimals(text), "{path}: {text}");
    }
    for property in [
        "createdAt",
        "updatedAt",
        "cancelledAt",
        "calculatedAt",
        "extendedAt",
        "replacedAt",
        "returnedAt",
        "buyoutDate",
        "lastModifiedDate",
        "listPriceCapturedAt",
        "acquisitionCostCapturedAt",
    ] {
        let property = format!(".{property}");
        assert!(
            found.iter().any(|(path, _)| path.ends_with(&property)),
            "{property} is in no answer"
        );
    }
    app.finish().await;
}
