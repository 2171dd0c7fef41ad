//! Verdicts on values agree with those of an independent judge of JSON Schema, and what is made up is accepted by it.

use std::path::{Path, PathBuf};

use contract_document::{Document, child};
use contract_example::{flaws, make};
use serde_json::{Value, json};

/// Contracts of the repository.
fn contracts() -> Vec<PathBuf> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/contracts");
    let entries = std::fs::read_dir(samples).expect("the samples are there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    files
}

/// A judge of one schema, which stands in a document of its own.
fn judge(root: &Value, pointer: &str) -> jsonschema::Validator {
    let mut document = root.clone();
    document["$ref"] = json!(format!("#{pointer}"));
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .build(&document)
        .unwrap_or_else(|error| panic!("{pointer}: {error}"))
}

/// `value` with each of its parts missing, or something else.
fn damaged(value: &Value) -> Vec<Value> {
    let others = [
        json!(null),
        json!(-1),
        json!(""),
        json!("zz"),
        json!([]),
        json!({}),
        json!(true),
        json!(1.5),
    ];
    let mut found = others.to_vec();
    match value {
        Value::Object(map) => {
            for (name, part) in map {
                let mut without = map.clone();
                without.shift_remove(name);
                found.push(Value::Object(without));
                for other in damaged(part) {
                    let mut map = map.clone();
                    map[name] = other;
                    found.push(Value::Object(map));
                }
            }
            let mut more = map.clone();
            more.insert("undeclared".to_owned(), json!(1));
            found.push(Value::Object(more));
        }
        Value::Array(items) => {
            let (twice, first) = ([&items[..], items].concat(), items.first());
            found.push(Value::Array(twice));
            let parts = first.into_iter().flat_map(damaged);
            found.extend(parts.map(|part| json!([part])));
        }
        _ => {}
    }
    found
}

#[test]
fn verdicts_are_those_of_an_independent_judge() {
    let (mut made_up, mut accepted, mut refused) = (0, 0, 0);
    for file in contracts() {
        let document = Document::load(&file).expect("samples can be read");
        let root = document.root();
        let schemas = root
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            // Properties that go one way may be left out by ours alone, formats are another matter, and some words are
            // not looked at.
            let text = match schema.to_string() {
                text if text.contains("$ref") => root.to_string(),
                text => text,
            };
            let others = [
                "readOnly",
                "writeOnly",
                "\"format\"",
                "unevaluatedItems",
                "$dynamicRef",
                "(?",
                "$anchor",
                "$id",
            ];
            if others.iter().any(|word| text.contains(word)) {
                continue;
            }
            let pointer = child("/components/schemas", name);
            let judge = judge(root, &pointer);
            let Some(made) = make(root, schema) else {
                continue;
            };
            made_up += 1;
            assert!(
                judge.is_valid(&made),
                "{}: {pointer}: {made}",
                file.display()
            );
            for value in damaged(&made) {
                let ours = flaws(root, schema, &value);
                let theirs = judge.is_valid(&value);
                let place = format!("{}: {pointer}: {value}: {ours:?}", file.display());
                assert_eq!(ours.is_empty(), theirs, "{place}");
                match theirs {
                    true => accepted += 1,
                    false => refused += 1,
                }
            }
        }
    }
    assert!(
        made_up > 30 && accepted > 100 && refused > 500,
        "{made_up} {accepted} {refused}"
    );
}
