//! Every webhook of the contract has an example, which is read as that webhook.

#![allow(missing_docs, reason = "a test")]

use contract_document::Document;
use serde_json::Value;
use types::Webhook;
use types::support::{SchemaEntry, TaggedEvent};

#[test]
fn examples_are_what_they_are_examples_of() {
    let examples = examples();
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, Webhook::NAMES);
    for (name, example) in &examples {
        let body = example.to_string();
        let event = Webhook::parse(body.as_bytes());
        let event = event.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(event.name(), name);
        // Nothing of it is dropped: every property of the example is declared.
        let written: Value = serde_json::from_slice(&event.to_json().unwrap()).unwrap();
        assert_eq!(written, *example, "{name}");
        // Nor is it merely readable.
        let verdict = (schema_of(&event).decode)(body.as_bytes());
        assert_eq!(verdict, Ok(()), "{name}");
    }
}

#[test]
fn ids_that_are_always_there_are_required() {
    for (name, example) in examples() {
        let ids = example["data"].as_object().unwrap();
        for id in ids.keys() {
            let mut without = example.clone();
            without["data"].as_object_mut().unwrap().remove(id);
            let read = Webhook::parse(without.to_string().as_bytes());
            let optional = match name.as_str() {
                "payment.scheduled" | "payment.succeeded" | "payment.failed" => {
                    id == "subscriptionId"
                }
                "asset.returned" => id != "serialNumber",
                _ => false,
            };
            match read {
                Ok(_) => assert!(optional, "{name} without `{id}`"),
                Err(error) => {
                    assert!(!optional, "{name} without `{id}`: {error}");
                    assert_eq!(error.to_string(), format!("`data.{id}` is required"));
                }
            }
        }
    }
}

#[test]
fn the_event_says_which_it_is() {
    assert_eq!(Webhook::TAG, "event");
    assert_eq!(Webhook::TAGS, Webhook::NAMES);
}

/// The key and the example of each webhook, in the order of the contract.
fn examples() -> Vec<(String, Value)> {
    let contract = Document::load(env!("CONTRACT").as_ref());
    let document = contract.unwrap_or_else(|problems| panic!("{problems}"));
    let webhooks = document.root()["webhooks"].as_object();
    let webhooks = webhooks.expect("the contract has webhooks");
    let example = |name: &String| {
        let pointer = format!("/webhooks/{name}");
        let item = document.resolve(&pointer);
        let (_, item) = item.unwrap_or_else(|problem| panic!("{problem:?}"));
        item["post"]["requestBody"]["content"]["application/json"]["example"].clone()
    };
    webhooks
        .keys()
        .map(|name| (name.clone(), example(name)))
        .collect()
}

/// The schema of what a variant holds; it is called as the variant.
fn schema_of(event: &Webhook) -> &'static SchemaEntry {
    let shown = format!("{event:?}");
    let variant = shown.split('(').next().unwrap_or_default();
    let mut schemas = types::SCHEMAS.iter();
    let found = schemas.find(|schema| schema.name == format!("{variant}Webhook"));
    found.unwrap_or_else(|| panic!("no schema for `{variant}`"))
}
