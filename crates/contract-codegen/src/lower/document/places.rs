//! Names of operations and webhooks, chosen before anything is lowered: inline schemas are named by them.

use std::collections::HashMap;

use contract_document::child;
use serde_json::Value;

use crate::lower::media::is_json;
use crate::lower::names::{escaped, pascal, snake};
use crate::lower::source::owned;
use crate::lower::{Problems, Source};
use crate::model::Method;

/// What the places of a contract are called.
#[derive(Debug)]
pub(in crate::lower) struct Places<'a> {
    pub(in crate::lower) source: Source<'a>,
    /// Pointer of an operation → its names.
    pub(super) operations: HashMap<String, OperationNames>,
    /// Pointer of the operation of a webhook → its name in Pascal case.
    pub(super) webhooks: HashMap<String, String>,
}

/// Names of an operation.
#[derive(Debug, Clone)]
pub(in crate::lower) struct OperationNames {
    pub(in crate::lower) id: String,
    pub(in crate::lower) snake: String,
    pub(in crate::lower) ident: String,
    /// Status of the one success answer with a JSON body, if there is exactly one.
    pub(super) only_success: Option<String>,
}

const METHODS: [(&str, Method); 9] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
    ("query", Method::Query),
];

/// The method that a key of a path item stands for, if it is that of an operation.
pub(in crate::lower) fn method(key: &str) -> Option<Method> {
    let mut methods = METHODS.iter();
    methods.find_map(|(name, method)| (*name == key).then(|| method.clone()))
}

/// The method of an additional operation; one that has a field of its own is that, nevertheless.
fn named_method(name: &str) -> Method {
    let known = METHODS.iter().find(|(_, method)| method.as_str() == name);
    known.map_or_else(
        || Method::Other(name.to_owned()),
        |(_, method)| method.clone(),
    )
}

/// Every operation: path, method, pointer and value.
pub(in crate::lower) fn operations<'a>(
    source: Source<'a>,
) -> Vec<(&'a str, Method, String, &'a Value)> {
    let mut found = Vec::new();
    for (path, item, _) in source.entries("/paths") {
        for (key, pointer, operation) in source.entries(&item) {
            if let Some(method) = method(key) {
                found.push((path, method, pointer, operation));
            } else if key == "additionalOperations" {
                for (name, pointer, operation) in source.all_entries(&pointer) {
                    found.push((path, named_method(name), pointer, operation));
                }
            }
        }
    }
    found
}

impl<'a> Places<'a> {
    /// Chooses the names, and refuses those of operations that are used twice.
    pub(in crate::lower) fn new(source: Source<'a>, problems: &mut Problems) -> Places<'a> {
        Places {
            source,
            operations: name_operations(source, problems),
            webhooks: name_webhooks(source),
        }
    }

    /// The names of the operation at `pointer`.
    pub(in crate::lower) fn operation(&self, pointer: &str) -> Option<&OperationNames> {
        self.operations.get(pointer)
    }

    /// Every `operationId`, in no order.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.operations.values().map(|names| names.id.as_str())
    }
}

fn name_operations(source: Source<'_>, problems: &mut Problems) -> HashMap<String, OperationNames> {
    let mut named = HashMap::new();
    let mut ids: HashMap<String, String> = HashMap::new();
    for (path, _, pointer, operation) in operations(source) {
        let method = pointer.rsplit('/').next().unwrap_or_default();
        let id = owned(operation, "operationId").filter(|id| !id.is_empty());
        let mut id = id.unwrap_or_else(|| derived_id(method, path));
        // `list2` and `list_2` differ as functions, but not as types.
        if let Some(other) = ids.get(&pascal(&id)) {
            let derived = derived_id(method, path);
            let numbered = (2..).map(|number| format!("{derived}_{number}"));
            let mut others = std::iter::once(derived.clone()).chain(numbered);
            let own = others
                .find(|own| !ids.contains_key(&pascal(own)))
                .unwrap_or(derived);
            let at = child(&pointer, "operationId");
            let told = format!("this one is `{}`", snake(&own));
            if *other == id {
                let hint = "give each operation its own `operationId`";
                problems.violation(&at, format!("`{id}` is used twice: {told}"), hint);
            } else {
                let name = snake(&id);
                let message = format!("`{id}` and `{other}` are both `{name}` in Rust: {told}");
                problems.warn(&at, message, "rename one of them");
            }
            id = own;
        }
        ids.insert(pascal(&id), id.clone());
        let name = snake(&id);
        let names = OperationNames {
            ident: pascal(&id),
            snake: escaped(name),
            id,
            only_success: only_success(source, &pointer),
        };
        named.insert(pointer, names);
    }
    named
}

fn only_success(source: Source<'_>, operation: &str) -> Option<String> {
    let mut found = None;
    for (status, pointer, _) in source.entries(&child(operation, "responses")) {
        let Some((pointer, _)) = source.resolve(&pointer) else {
            continue;
        };
        let content = source.all_entries(&child(&pointer, "content"));
        let has_json = content.iter().any(|(name, ..)| is_json(name));
        if status.starts_with('2') && has_json && found.replace(status.to_owned()).is_some() {
            return None;
        }
    }
    found
}

/// What inline bodies of webhooks are called by.
fn name_webhooks(source: Source<'_>) -> HashMap<String, String> {
    let mut named = HashMap::new();
    for (name, pointer, _) in source.all_entries("/webhooks") {
        if let Some((item, _)) = source.resolve(&pointer) {
            // Of two that share a path item, the first names the body.
            let names = named.entry(child(&item, "post"));
            names.or_insert_with(|| pascal(name));
        }
    }
    named
}

/// `get /pets/{id}` → `get_pets_by_id`.
fn derived_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        id.push('_');
        if segment.starts_with('{') {
            id.push_str("by_");
        }
        id.push_str(segment);
    }
    snake(&id)
}
