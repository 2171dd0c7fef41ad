//! What is not compared, and why: one function each.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The contract and the description of the code, in one form.
pub(crate) fn both(contract: &Value, code: &Value) -> (Value, Value) {
    let names = |side: &Value| -> BTreeSet<String> {
        let schemas = side["components"]["schemas"].as_object();
        schemas.into_iter().flat_map(Map::keys).cloned().collect()
    };
    let mut common: BTreeSet<String> = names(contract)
        .intersection(&names(code))
        .cloned()
        .collect();
    common.retain(|name| !is_form(contract, name));
    let normal = |side: &Value| {
        let side = prose(shared_parts(side.clone()));
        let side = default_security(path_item_parameters(side));
        let side = single_values(united_scalars(transparent_names(side, &common)));
        let side = property_defaults(widest_formats(null_beside(side)));
        let side = header_names(required_headers(default_styles(side)));
        let side = bytes(default_tag(side));
        let side = unordered(numbers(inclusive_bounds(optional_by_default(side))));
        json!({ "paths": side["paths"], "components": { "schemas": side["components"]["schemas"] } })
    };
    (normal(contract), normal(code))
}

/// Words and examples are documentation in Rust, too, and no behaviour. A query parameter that is not
/// declared has no description.
pub(crate) fn prose(mut side: Value) -> Value {
    fn strip(value: &mut Value, names: bool) {
        match value {
            Value::Object(object) => {
                if !names {
                    // Of a request, it says nothing of what is read.
                    if object.shift_remove("x-repeated").is_some() {
                        object.shift_remove("readOnly");
                    }
                    for word in [
                        "description",
                        "summary",
                        "title",
                        "example",
                        "examples",
                        "links",
                        "externalDocs",
                        "deprecated",
                        "x-undeclared-query",
                        "x-pattern-says",
                        "x-trim",
                        "x-status",
                    ] {
                        object.shift_remove(word);
                    }
                }
                for (key, value) in object {
                    // Names of properties are no keywords.
                    let names =
                        !names && ["properties", "schemas", "headers"].contains(&key.as_str());
                    strip(value, names);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
            _ => {}
        }
    }
    strip(&mut side, false);
    side
}

/// A form is a struct of its parts, which each operation has of its own: what is described under a
/// name of the contract is the JSON that the form is not.
fn is_form(contract: &Value, name: &str) -> bool {
    let target = json!({ "$ref": format!("#/components/schemas/{name}") });
    let paths = contract["paths"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    let operations = paths.filter_map(Value::as_object).flat_map(Map::values);
    let contents =
        operations.filter_map(|operation| operation["requestBody"]["content"].as_object());
    let forms = ["multipart/form-data", "application/x-www-form-urlencoded"];
    contents
        .flat_map(|contents| forms.iter().filter_map(|form| contents.get(*form)))
        .any(|form| form["schema"] == target)
}

/// Rust has no items for shared parameters, answers and headers.
pub(crate) fn shared_parts(side: Value) -> Value {
    fn follow(value: Value, root: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let target = object.get("$ref").and_then(Value::as_str);
                let target = target.filter(|target| !target.starts_with("#/components/schemas/"));
                if let Some(found) =
                    target.and_then(|target| root.pointer(target.trim_start_matches('#')))
                {
                    return follow(found.clone(), root);
                }
                let entries = object.into_iter();
                Value::Object(
                    entries
                        .map(|(key, value)| (key, follow(value, root)))
                        .collect(),
                )
            }
            Value::Array(items) => items.into_iter().map(|item| follow(item, root)).collect(),
            other => other,
        }
    }
    follow(side.clone(), &side)
}

/// Each request struct has all of its parameters.
fn path_item_parameters(side: Value) -> Value {
    paths(side, |path| {
        let shared = path.shift_remove("parameters");
        path.retain(|key, _| METHODS.contains(&key.as_str()));
        for operation in path.values_mut() {
            let own = operation["parameters"].take();
            let own = own.as_array().cloned().unwrap_or_default();
            let same = |one: &Value, other: &Value| {
                one["name"] == other["name"] && one["in"] == other["in"]
            };
            let mut all: Vec<Value> = shared
                .as_ref()
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            all.retain(|shared| !own.iter().any(|own| same(own, shared)));
            all.extend(own);
            operation["parameters"] = all.into();
        }
    })
}

/// Each operation knows what it asks for.
fn default_security(side: Value) -> Value {
    let default = side.get("security").cloned().unwrap_or_else(|| json!([]));
    operations(side, |operation| {
        if operation.get("security").is_none() {
            operation.insert("security".to_owned(), default.clone());
        }
    })
}

/// An alias is no type of its own in Rust, and an inline schema is one.
fn transparent_names(mut side: Value, common: &BTreeSet<String>) -> Value {
    fn inline(value: Value, schemas: &Value, common: &BTreeSet<String>) -> Value {
        match value {
            Value::Object(mut object) => {
                let name = object.get("$ref").and_then(Value::as_str);
                let name = name.and_then(|target| target.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| !common.contains(*name)) {
                    let definition = schemas.get(name).cloned().unwrap_or_default();
                    object.shift_remove("$ref");
                    let mut definition = inline(definition, schemas, common);
                    // What stands beside the reference holds as well.
                    if let Some(definition) = definition.as_object_mut() {
                        definition.extend(object);
                    }
                    return definition;
                }
                let entries = object.into_iter();
                Value::Object(
                    entries
                        .map(|(key, value)| (key, inline(value, schemas, common)))
                        .collect(),
                )
            }
            Value::Array(items) => {
                let items = items.into_iter();
                items.map(|item| inline(item, schemas, common)).collect()
            }
            other => other,
        }
    }
    let schemas = side["components"]["schemas"].clone();
    side = inline(side, &schemas, common);
    if let Some(schemas) = side["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| common.contains(name));
    }
    side
}

/// A scalar with several schemas is one type in Rust.
fn united_scalars(side: Value) -> Value {
    everywhere(side, |object| {
        let Some(parts) = object.get("allOf").and_then(Value::as_array) else {
            return;
        };
        let is_scalar = |part: &Value| part.get("const").is_some() || part["type"] == "boolean";
        if parts.iter().all(is_scalar) {
            let parts = parts.clone();
            object.shift_remove("allOf");
            for part in parts {
                object.extend(part.as_object().cloned().unwrap_or_default());
            }
        }
    })
}

/// utoipa has no `const`; an `enum` of one value is the same.
fn single_values(side: Value) -> Value {
    everywhere(side, |object| {
        if let Some(value) = object.shift_remove("const") {
            object.insert("enum".to_owned(), json!([value]));
        }
    })
}

/// A named Rust type cannot include `null`, so `Option` puts it beside.
fn null_beside(side: Value) -> Value {
    everywhere(side, |object| {
        let Some([null, other]) = object
            .get("oneOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        else {
            return;
        };
        let Some(mut other) = other
            .as_object()
            .filter(|_| *null == json!({ "type": "null" }))
            .cloned()
        else {
            return;
        };
        let Some(kind) = other.get("type").cloned().filter(Value::is_string) else {
            return;
        };
        other.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(values) = other.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
        object.shift_remove("oneOf");
        object.extend(other);
    })
}

/// utoipa gives every number a format; `int64` and `double` add nothing.
fn widest_formats(side: Value) -> Value {
    everywhere(side, |object| {
        if object.get("type").is_some()
            && object
                .get("format")
                .is_some_and(|format| *format == "int64" || *format == "double")
        {
            object.shift_remove("format");
        }
    })
}

/// The default of a property is documentation: absent stays absent.
fn property_defaults(side: Value) -> Value {
    everywhere(side, |object| {
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            for schema in properties.values_mut().filter_map(Value::as_object_mut) {
                schema.shift_remove("default");
            }
        }
    })
}

/// utoipa leaves `style` and `explode` out where they are the default.
fn default_styles(side: Value) -> Value {
    everywhere(side, |object| {
        let default = match object.get("in").and_then(Value::as_str) {
            Some("query" | "cookie") => ("form", true),
            Some("path" | "header") => ("simple", false),
            _ => return,
        };
        let style = object.get("style").cloned();
        let style = style.unwrap_or_else(|| json!(default.0));
        let explode = object.get("explode").cloned();
        let explode = explode.unwrap_or_else(|| json!(style == "form"));
        if style == default.0 && explode == default.1 {
            object.shift_remove("style");
            object.shift_remove("explode");
        } else {
            object.insert("style".to_owned(), style);
            object.insert("explode".to_owned(), explode);
        }
    })
}

/// Names of headers do not depend on case, and Rust writes them in lower case.
fn header_names(side: Value) -> Value {
    answers(side, |answer| {
        if let Some(headers) = answer.get_mut("headers").and_then(Value::as_object_mut) {
            let lower = std::mem::take(headers).into_iter();
            headers.extend(lower.map(|(name, header)| (name.to_ascii_lowercase(), header)));
        }
    })
}

/// utoipa has no `required` for headers; the code says it as `x-required`.
fn required_headers(side: Value) -> Value {
    answers(side, |answer| {
        let headers = answer.get_mut("headers").and_then(Value::as_object_mut);
        for header in headers
            .into_iter()
            .flat_map(Map::values_mut)
            .filter_map(Value::as_object_mut)
        {
            if let Some(required) = header.shift_remove("x-required") {
                header.insert("required".to_owned(), required);
            }
        }
    })
}

/// In Rust each operation belongs to a trait; without a tag, to that of `Default`.
fn default_tag(side: Value) -> Value {
    operations(side, |operation| {
        operation
            .entry("tags")
            .or_insert_with(|| json!(["Default"]));
    })
}

/// A body of bytes needs no schema; its media type says it all.
fn bytes(side: Value) -> Value {
    fn drop(part: &mut Value) {
        let contents = part.get_mut("content").and_then(Value::as_object_mut);
        let contents = contents.into_iter().flat_map(Map::values_mut);
        for content in contents.filter_map(Value::as_object_mut) {
            if content
                .get("schema")
                .is_some_and(|schema| schema["format"] == "binary")
            {
                content.shift_remove("schema");
            }
        }
    }
    operations(side, |operation| {
        operation.get_mut("requestBody").into_iter().for_each(drop);
        let answers = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        answers.into_iter().flat_map(Map::values_mut).for_each(drop);
    })
}

/// What is not said to be `required` is not: parameters, bodies and headers.
fn optional_by_default(side: Value) -> Value {
    fn say(part: &mut Value) {
        if part["required"].is_null() {
            part["required"] = json!(false);
        }
    }
    let side = operations(side, |operation| {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        parameters.into_iter().flatten().for_each(say);
        operation.get_mut("requestBody").into_iter().for_each(say);
    });
    answers(side, |answer| {
        let headers = answer.get_mut("headers").and_then(Value::as_object_mut);
        headers.into_iter().flat_map(Map::values_mut).for_each(say);
    })
}

/// Bounds of whole numbers include themselves in Rust.
fn inclusive_bounds(side: Value) -> Value {
    everywhere(side, |object| {
        if object.get("type").is_none_or(|kind| *kind != "integer") {
            return;
        }
        for (exclusive, inclusive, step) in [
            ("exclusiveMinimum", "minimum", 1),
            ("exclusiveMaximum", "maximum", -1),
        ] {
            if let Some(bound) = object.get(exclusive).and_then(Value::as_i64) {
                object.shift_remove(exclusive);
                object.insert(inclusive.to_owned(), json!(bound + step));
            }
        }
    })
}

/// The order of parameters, required properties and types means nothing.
fn unordered(side: Value) -> Value {
    let side = everywhere(side, |object| {
        for key in ["required", "type"] {
            if let Some(items) = object.get_mut(key).and_then(Value::as_array_mut) {
                items.sort_by_key(Value::to_string);
            }
        }
        if object
            .get("required")
            .is_some_and(|required| *required == json!([]))
        {
            object.shift_remove("required");
        }
    });
    operations(side, |operation| {
        if let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        {
            parameters.sort_by_key(|parameter| format!("{}{}", parameter["in"], parameter["name"]));
        }
    })
}

/// `1` and `1.0` are the same number in JSON Schema.
fn numbers(side: Value) -> Value {
    match side {
        Value::Number(number) => match number.as_f64() {
            Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => json!(value as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(numbers).collect(),
        Value::Object(object) => {
            let entries = object.into_iter();
            Value::Object(entries.map(|(key, value)| (key, numbers(value))).collect())
        }
        other => other,
    }
}

fn everywhere(mut side: Value, change: impl Fn(&mut Map<String, Value>) + Copy) -> Value {
    fn visit(value: &mut Value, change: impl Fn(&mut Map<String, Value>) + Copy) {
        match value {
            Value::Object(object) => {
                object.values_mut().for_each(|value| visit(value, change));
                change(object);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
            _ => {}
        }
    }
    visit(&mut side, change);
    side
}

fn paths(mut side: Value, change: impl Fn(&mut Map<String, Value>)) -> Value {
    let paths = side["paths"].as_object_mut().into_iter();
    paths
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
        .for_each(change);
    side
}

fn operations(side: Value, change: impl Fn(&mut Map<String, Value>)) -> Value {
    paths(side, |path| {
        let operations = path
            .iter_mut()
            .filter(|(key, _)| METHODS.contains(&key.as_str()));
        operations
            .filter_map(|(_, operation)| operation.as_object_mut())
            .for_each(&change);
    })
}

fn answers(side: Value, change: impl Fn(&mut Map<String, Value>)) -> Value {
    operations(side, |operation| {
        let answers = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let answers = answers.into_iter().flat_map(Map::values_mut);
        answers.filter_map(Value::as_object_mut).for_each(&change);
    })
}
