//! The generated validators give the verdict of an independent judge, on random instances of every
//! named schema of the contract: valid by construction, or damaged a little.
//!
//! `ORACLE_INSTANCES` sets how many instances there are; the seed is fixed.

#![allow(missing_docs, reason = "a test")]

mod instances;

use contract_document::Document;
use instances::Instances;
use serde_json::{Value, json};
use types::support::{DecodeError, Direction, SchemaEntry};

const INSTANCES: usize = 8_000;

#[test]
fn validators_agree_with_an_independent_judge() {
    let contract = Document::load(env!("CONTRACT").as_ref());
    let document = contract.unwrap_or_else(|problems| panic!("{problems}"));
    let total = std::env::var("ORACLE_INSTANCES")
        .map_or(INSTANCES, |count| count.parse().expect("a number"));
    let each = total.div_ceil(types::SCHEMAS.len());
    let mut counts = Counts::default();
    for (index, schema) in types::SCHEMAS.iter().enumerate() {
        let judge = judge(&document, schema);
        let mut instances = Instances::new(document.root(), index as u64);
        for round in 0..each {
            let mut instance = instances.of(&schema.pointer());
            // Every third stays as it was made; the others are damaged once, twice or three times.
            for _ in 0..round % 3 + usize::from(round % 9 == 8) {
                instances.damage(&mut instance);
            }
            counts.compare(schema, &judge, &instance);
        }
    }
    let Counts { accepted, refused } = counts;
    println!(
        "{} schemas, {} instances: {accepted} accepted, {refused} refused",
        types::SCHEMAS.len(),
        accepted + refused
    );
    assert!(
        accepted * 5 > total && refused * 5 > total,
        "one verdict is too rare to be tested"
    );
}

#[derive(Default)]
struct Counts {
    accepted: usize,
    refused: usize,
}

impl Counts {
    fn compare(&mut self, schema: &SchemaEntry, judge: &jsonschema::Validator, instance: &Value) {
        let bytes = instance.to_string().into_bytes();
        let ours = (schema.decode)(&bytes);
        let theirs: Vec<String> = judge
            .iter_errors(instance)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if ours.is_ok() != theirs.is_empty() {
            panic!(
                "{}: here {ours:?}, there {theirs:?}\n{instance:#}",
                schema.name
            );
        }
        match ours {
            Ok(()) => self.accepted += 1,
            Err(error) => {
                self.refused += 1;
                assert!(
                    is_explained(&error),
                    "{}: {error:?}\n{instance:#}",
                    schema.name
                );
            }
        }
    }
}

/// Whether a refusal says what is wrong, beyond that something is.
fn is_explained(error: &DecodeError) -> bool {
    match error {
        DecodeError::Syntax { .. } => false,
        DecodeError::Invalid(found) => {
            !found.is_empty()
                && found
                    .iter()
                    .all(|violation| violation.message != "does not match the contract")
        }
    }
}

fn judge(document: &Document, schema: &SchemaEntry) -> jsonschema::Validator {
    let pointer = &*schema.pointer();
    let foreign = match schema.direction {
        Direction::Request => Some("readOnly"),
        Direction::Answer => Some("writeOnly"),
        Direction::Any => None,
    };
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#{}", pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D")),
    });
    for part in ["components", "paths"] {
        schema[part] = document.root().get(part).cloned().unwrap_or_default();
    }
    // JSON Schema only notes which way a property goes. One that goes the other way is ignored.
    if let Some(flag) = foreign {
        ignore(&mut schema, flag);
    }
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        // A mailbox of RFC 5321 has no name in front.
        .with_email_options(jsonschema::EmailOptions::default().without_display_text())
        .build(&schema)
        .unwrap_or_else(|error| panic!("{pointer}: {error}"))
}

/// Takes the properties with this annotation out of all schemas in `value`.
fn ignore(value: &mut Value, flag: &str) {
    let flagged: Vec<String> = value["properties"]
        .as_object()
        .into_iter()
        .flatten()
        // What a request repeats of an answer may be declared to be read.
        .filter(|(_, property)| {
            property[flag] == json!(true) && property["x-repeated"] != json!(true)
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in flagged {
        value["properties"][&name] = json!(true);
        if let Some(required) = value.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|required| *required != json!(name));
        }
    }
    match value {
        Value::Object(entries) => entries.values_mut().for_each(|value| ignore(value, flag)),
        Value::Array(items) => items.iter_mut().for_each(|value| ignore(value, flag)),
        _ => {}
    }
}
