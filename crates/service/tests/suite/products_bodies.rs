//! Bodies of the tests that save products.

#![allow(dead_code, reason = "every test file uses another part")]

use serde_json::{Value, json};

use crate::suite::support::Answer;

/// A product `PHONE-X` with the variants `skus`.
pub(crate) fn product(skus: &[&str]) -> Value {
    let variants: Vec<Value> = skus.iter().map(|sku| variant(sku)).collect();
    json!({
        "productSku": "PHONE-X",
        "name": "Phone X",
        "specification": "6.1 inch, 128 GB",
        "category": "phones",
        "brand": "Nordlicht",
        "description": "With charger",
        "images": ["https://cdn.example.com/x/front.jpg"],
        "variants": variants
    })
}

/// A variant with three prices: plain, with a percentage off, with an amount off.
pub(crate) fn variant(sku: &str) -> Value {
    json!({
        "variantSku": sku,
        "variantName": "Phone X black",
        "grade": "B",
        "condition": "like_new",
        "colorName": "black",
        "listPrice": 799,
        "acquisitionCost": 620.5,
        "pricing": [
            { "contractLength": 12, "monthlyPrice": 49.99, "setupFee": 19, "source": "suggested",
              "calculatedAt": "2026-03-10T10:00:00+01:00", "presetUsed": "electronics" },
            { "contractLength": 24, "monthlyPrice": 39,
              "discount": { "type": "percentage", "value": 12.5, "description": "two years" } },
            { "contractLength": 36, "monthlyPrice": 35, "discount": { "type": "fixed", "value": 2.5 } }
        ]
    })
}

/// Replaces one value of a body.
pub(crate) fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect("the parent is there");
    match parent {
        Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
        parent => parent[key] = value,
    }
    body
}

/// Paths of the violations of an answer.
pub(crate) fn paths(answer: &Answer) -> Vec<String> {
    answer
        .details()
        .into_iter()
        .map(|(path, _, _)| path)
        .collect()
}
