//! The contract as readers other than ours take it: generators of clients, linters, viewers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(missing_docs, reason = "a test")]

use std::path::{Path, PathBuf};

use contract_document::Document;
use serde_json::Value;

/// Nouns that languages for which clients are generated have at hand without an import, or that
/// generators use themselves. A schema of that name hides them, or is renamed (`ModelFile`).
const TAKEN: &str = "
    Array Blob Boolean Cache Client Collection Comment Date Document Element Error Event File FileList
    Function History Image Iterator Location Lock Map Node Notification Number Object Option Option
    Origin Plugin Promise Proxy Range Record Report Request Response Selection Set Storage String
    Symbol Text Touch URL Worker
    Any Exception Generic Iterable List Literal Mapping NoneType Optional Sequence Tuple Type Union
    Warning
    Class Double Enum Float Integer Long Module Override Package Process Short Thread Void
    Box Default Err None Ok Result Self Some ToString Vec
    ApiClient ApiException ApiResponse BaseModel Configuration Decimal Model Unset UUID
";

#[test]
fn no_schema_hides_what_languages_have_themselves() {
    let contract = contract();
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    let taken: Vec<&str> = TAKEN.split_whitespace().collect();
    let hiding: Vec<&String> = schemas
        .keys()
        .filter(|name| taken.iter().any(|it| it.eq_ignore_ascii_case(name)))
        .collect();
    assert!(hiding.is_empty(), "{hiding:?}");
}

/// RFC 3986 has no braces in a fragment, and some readers refuse them.
#[test]
fn references_are_uris_in_every_file() {
    let mut found = 0;
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        for (index, line) in text.lines().enumerate() {
            let Some((_, reference)) = line.split_once("$ref: ") else {
                continue;
            };
            let reference = reference.trim_matches('\'');
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&()*+,;=:@/?#%".contains(c);
            let place = format!("{}:{}", file.display(), index + 1);
            assert!(reference.chars().all(allowed), "{place}: {reference}");
            found += 1;
        }
    }
    assert!(found > 500, "{found} references");
}

/// The body of a link may be any value, and readers expect an expression in a text.
#[test]
fn links_have_no_literal_body() {
    let mut links = 0;
    walk(&contract(), "#", &mut |at, node| {
        if node.get("operationId").is_some() && at.contains("/links/") {
            links += 1;
            assert!(node.get("requestBody").is_none(), "{at}");
        }
    });
    assert!(links > 10, "{links} links");
}

/// Viewers and generators of requests send every example they find; only what each request should
/// send has one.
#[test]
fn only_required_parameters_have_an_example() {
    let mut seen = 0;
    walk(&contract(), "#", &mut |at, node| {
        if node.get("in").is_some() && node.get("schema").is_some() {
            let required = node.get("required") == Some(&Value::Bool(true));
            let example = node.get("example").is_some() || node.get("examples").is_some();
            assert_eq!(example, required, "{at}");
            seen += 1;
        }
    });
    assert!(seen > 50, "{seen} parameters");
}

#[test]
fn whole_numbers_say_their_width() {
    let mut seen = 0;
    walk(&contract(), "#", &mut |at, node| {
        let kind = node.get("type");
        let is_integer = |kind: &Value| kind == "integer";
        if kind.is_some_and(is_integer)
            || kind
                .and_then(Value::as_array)
                .is_some_and(|it| it.iter().any(is_integer))
        {
            let format = node.get("format").and_then(Value::as_str);
            assert!(
                matches!(format, Some("int32" | "int64")),
                "{at}: {format:?}"
            );
            seen += 1;
        }
    });
    assert!(seen > 50, "{seen} integers");
}

/// openapi-generator takes a boolean of one value for a text in Python: `True` is none of `'true'`.
#[test]
fn constant_booleans_keep_their_value_apart() {
    let mut seen = 0;
    walk(&contract(), "#", &mut |at, node| {
        if node.get("type").is_some_and(|kind| kind == "boolean") {
            let apart = node.get("const").is_none() && node.get("enum").is_none();
            assert!(apart, "{at}");
            seen += 1;
        }
    });
    assert!(seen > 30, "{seen} booleans");
}

#[test]
fn every_body_has_examples_and_they_are_valid() {
    let contract = contract();
    let mut seen = 0;
    walk(&contract, "#", &mut |at, node| {
        let is_body = at.contains("/content/") && !at.contains("/example");
        let Some(schema) = node.get("schema").filter(|_| is_body) else {
            return;
        };
        let named = node.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten();
        let named = named.map(|(_, example)| &example["value"]);
        let examples: Vec<&Value> = node.get("example").into_iter().chain(named).collect();
        assert!(!examples.is_empty(), "{at} has no example");
        for example in examples {
            let Some(name) = schema.get("$ref").and_then(Value::as_str) else {
                assert!(example.is_string() && schema["type"] == "string", "{at}");
                continue;
            };
            // A part of a form is bytes, not JSON.
            if at.ends_with("/multipart~1form-data") {
                continue;
            }
            let pointer = name.strip_prefix('#').unwrap();
            let entry = types::SCHEMAS.iter().find(|it| it.pointer() == pointer);
            let bytes = example.to_string().into_bytes();
            if let Err(error) = (entry.unwrap().decode)(&bytes) {
                panic!("{at}: {error:?}");
            }
            seen += 1;
        }
    });
    assert!(seen > 150, "{seen} examples");
}

fn walk(node: &Value, at: &str, see: &mut dyn FnMut(&str, &Value)) {
    see(at, node);
    match node {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                walk(value, &format!("{at}/{key}"), see);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{at}/{index}"), see);
            }
        }
        _ => {}
    }
}

fn contract() -> Value {
    let entry = folder().join("flexportal.yaml");
    let document = Document::load(&entry).unwrap_or_else(|problems| panic!("{problems}"));
    document.root().clone()
}

fn sources() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|it| it.extension().is_some_and(|it| it == "yaml"))
        .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi")
}
