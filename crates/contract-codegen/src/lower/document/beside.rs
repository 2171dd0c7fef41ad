//! What fields of one object may stand beside each other, and what they may be called.

use contract_document::child;
use serde_json::{Map, Value};

use crate::lower::operations::is_token;
use crate::lower::source::{list, text};
use crate::lower::{Problems, Source};

/// Fields that exclude each other: the object, one field, the others.
const EXCLUSIVE: &[(&str, &str, &[&str])] = &[
    ("parameter", "example", &["examples"]),
    ("header", "example", &["examples"]),
    ("media type", "example", &["examples"]),
    (
        "parameter",
        "content",
        &["schema", "style", "explode", "allowReserved"],
    ),
    ("header", "content", &["schema", "style", "explode"]),
    (
        "media type",
        "encoding",
        &["prefixEncoding", "itemEncoding"],
    ),
    ("encoding", "encoding", &["prefixEncoding", "itemEncoding"]),
    (
        "example",
        "value",
        &["dataValue", "serializedValue", "externalValue"],
    ),
    ("example", "serializedValue", &["externalValue"]),
    ("xml description", "nodeType", &["attribute", "wrapped"]),
];

/// Methods that have a field of their own in a path item.
const METHODS: [&str; 9] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY",
];

/// Notes what of `fields`, those of the object `kind` at `pointer`, is against OpenAPI.
pub(super) fn check(
    source: Source<'_>,
    fields: &Map<String, Value>,
    pointer: &str,
    kind: &str,
    problems: &mut Problems,
) {
    for (_, one, others) in EXCLUSIVE.iter().filter(|(of, ..)| *of == kind) {
        let beside = others.iter().find(|other| fields.contains_key(**other));
        if let Some(other) = beside.filter(|_| fields.contains_key(*one)) {
            let message = format!("`{one}` and `{other}` exclude each other");
            problems.violation(&child(pointer, other), message, "keep one of the two");
        }
    }
    match kind {
        "parameter" => parameter(source, fields, pointer, problems),
        "path item" => {
            if let Some(Value::Object(operations)) = fields.get("additionalOperations") {
                methods(
                    operations,
                    &child(pointer, "additionalOperations"),
                    problems,
                );
            }
            query_strings(source, fields, None, pointer, problems);
            for (key, operation) in fields.iter().filter(|(_, value)| value.is_object()) {
                if METHODS.contains(&key.to_uppercase().as_str()) {
                    query_strings(
                        source,
                        fields,
                        Some(operation),
                        &child(pointer, key),
                        problems,
                    );
                }
            }
        }
        "response" => {
            let headers = fields.get("headers").and_then(Value::as_object);
            let names = headers.into_iter().flatten().map(|(name, _)| name);
            for name in names.filter(|name| !is_token(name)) {
                let at = child(&child(pointer, "headers"), name);
                let message = format!(
                    "`{name}` cannot be the name of a header: no answer has it, and it is left out"
                );
                problems.violation(&at, message, "use letters, digits, `-` and `_`");
            }
        }
        _ => {}
    }
}

fn parameter(
    source: Source<'_>,
    fields: &Map<String, Value>,
    pointer: &str,
    problems: &mut Problems,
) {
    let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let (place, name) = (word("in"), word("name"));
    let message = format!("`{name}` cannot be the name of a {place} parameter");
    match place {
        "header" | "cookie" if !is_token(name) => {
            let message = format!("{message}: no request has it, and it is left out");
            let hint = "use letters, digits, `-` and `_`";
            problems.violation(&child(pointer, "name"), message, hint);
        }
        "path" if name.contains(['{', '}']) => {
            problems.refuse(&child(pointer, "name"), message, "use a word, such as `id`");
        }
        _ => {}
    }
    // What is not percent-encoded has nothing reserved; before 3.2, only queries were meant.
    let is_encoded = match place {
        "query" => true,
        "path" => source.is_since_3_2(),
        "cookie" => source.is_since_3_2() && word("style") != "cookie",
        _ => false,
    };
    if fields.contains_key("allowReserved") && !is_encoded {
        let message = format!("`allowReserved` has no effect in a {place} parameter");
        problems.violation(&child(pointer, "allowReserved"), message, "remove it");
    }
    if place == "querystring" && fields.contains_key("schema") {
        let message = "a whole query string is described by `content`, not by `schema`";
        let hint =
            "move the schema to `content`, below the media type that the query is written in";
        problems.violation(&child(pointer, "schema"), message, hint);
    }
}

/// Notes methods that have a field of their own.
fn methods(operations: &Map<String, Value>, at: &str, problems: &mut Problems) {
    for method in operations.keys() {
        if !is_token(method) {
            let message = format!("`{method}` cannot be a method");
            problems.refuse_key(
                &child(at, method),
                message,
                "use letters, digits, `-` and `_`",
            );
        }
        if METHODS.contains(&method.as_str()) {
            let message = format!("`{method}` has a field of its own");
            let hint = format!("move the operation to `{}`", method.to_lowercase());
            problems.violation(&child(at, method), message, hint);
        }
    }
}

/// Notes parameters of a query beside one that is the whole of it: those of a path item, or with those of one
/// of its operations.
fn query_strings(
    source: Source<'_>,
    item: &Map<String, Value>,
    operation: Option<&Value>,
    pointer: &str,
    problems: &mut Problems,
) {
    let shared = item.get("parameters").and_then(Value::as_array);
    let own = operation.map_or(&[][..], |operation| list(operation, "parameters"));
    let (mut whole, mut single) = (0, 0);
    for parameter in shared.into_iter().flatten().chain(own) {
        let found = match text(parameter, "$ref") {
            Some(_) => source
                .target(parameter)
                .and_then(|target| source.get(&target)),
            None => Some(parameter),
        };
        match found.and_then(|found| text(found, "in")) {
            Some("querystring") => whole += 1,
            Some("query") => single += 1,
            _ => {}
        }
    }
    if whole > 1 || (whole == 1 && single > 0) {
        let message = "a parameter that is the whole query string has no other beside it";
        let hint = "keep the one, or declare each parameter with `in: query`";
        problems.refuse(&child(pointer, "parameters"), message, hint);
    }
}
