//! The document, to be read.

use contract_document::{Document, child};
use serde_json::Value;

/// The contract as data. Whoever has this alone reads, and changes nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) document: &'a Document,
    pub(super) root: &'a Value,
}

impl<'a> Source<'a> {
    pub(super) fn new(document: &'a Document) -> Source<'a> {
        Source {
            document,
            root: document.root(),
        }
    }

    /// Whether the contract is written in OpenAPI 3.2 or later.
    pub(super) fn is_since_3_2(self) -> bool {
        let version = self.document.version();
        !version.starts_with("3.0.") && !version.starts_with("3.1.")
    }

    /// Value at `pointer`.
    pub(super) fn get(self, pointer: &str) -> Option<&'a Value> {
        contract_document::value_at(self.root, pointer)
    }

    /// Follows the `$ref`s of an object that is no schema; `None` where they lead nowhere.
    pub(super) fn resolve(self, pointer: &str) -> Option<(String, &'a Value)> {
        match self.get(pointer)?.get("$ref") {
            None => Some((pointer.to_owned(), self.get(pointer)?)),
            Some(_) => self.document.resolve(pointer).ok(),
        }
    }

    /// Pointer that the `$ref` of `schema` leads to, one step.
    pub(super) fn target(self, schema: &Value) -> Option<String> {
        let reference = text(schema, "$ref")?.strip_prefix('#')?;
        Some(decoded(reference)).filter(|target| self.get(target).is_some())
    }

    /// Pointer that the `$dynamicRef` of `schema` leads to where it stands.
    pub(super) fn dynamic_target(self, schema: &Value) -> Option<String> {
        let reference = text(schema, "$dynamicRef")?.strip_prefix('#')?;
        Some(decoded(reference)).filter(|target| self.get(target).is_some())
    }

    /// Whether any schema has a `$dynamicRef`.
    pub(super) fn is_dynamic(self) -> bool {
        fn within(value: &Value) -> bool {
            match value {
                Value::Object(entries) => {
                    entries.contains_key("$dynamicRef") || entries.values().any(within)
                }
                Value::Array(items) => items.iter().any(within),
                _ => false,
            }
        }
        within(self.root)
    }

    /// Entries of a map of the contract's own names, which may start with `x-`.
    pub(super) fn all_entries(self, pointer: &str) -> Vec<(&'a str, String, &'a Value)> {
        let object = self.get(pointer).and_then(Value::as_object);
        let entries = object.into_iter().flatten();
        entries
            .map(|(key, value)| (key.as_str(), child(pointer, key), value))
            .collect()
    }

    /// Entries of an object of OpenAPI, without extensions, each with its pointer.
    pub(super) fn entries(self, pointer: &str) -> Vec<(&'a str, String, &'a Value)> {
        let mut entries = self.all_entries(pointer);
        entries.retain(|(key, ..)| !key.starts_with("x-"));
        entries
    }
}

/// Text under `key`.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Owned text under `key`.
pub(super) fn owned(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(str::to_owned)
}

/// Whether `key` is `true`.
pub(super) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// The whole number from 0 under `key`, which may be written with a fraction of zero.
pub(super) fn count(value: &Value, key: &str) -> Option<u64> {
    whole_count(value.get(key)?)
}

/// `value` as a whole number from 0.
pub(super) fn whole_count(value: &Value) -> Option<u64> {
    let whole =
        |float: &f64| float.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(float);
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(whole).map(|float| float as u64))
}

/// What is listed under `key`.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    let list = value.get(key).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// `example` and `examples` of a parameter, header or media type or schema.
pub(super) fn examples(value: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = value.get("example").cloned().into_iter().collect();
    match value.get("examples") {
        Some(Value::Array(examples)) => found.extend(examples.iter().cloned()),
        Some(Value::Object(examples)) => {
            let examples = examples.values();
            found.extend(examples.filter_map(|example| example.get("value").cloned()));
        }
        _ => {}
    }
    found
}

/// A URI fragment with percent-encoding undone.
pub(super) fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| first == b'%');
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}
