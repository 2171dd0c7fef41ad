//! Which schemas say what no type can: values of these are held against the schema as a whole.

use std::collections::HashSet;

use contract_document::{child, parent};
use serde_json::Value;

use crate::lower::source::text;
use crate::lower::values::Types;
use crate::lower::{MAX_DEPTH, Source};

/// Words that no type has.
pub(super) const WORDS: &[&str] = &[
    "not",
    "if",
    "dependentSchemas",
    "dependentRequired",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "contains",
    "unevaluatedItems",
    "$dynamicRef",
];

/// Words that hold a schema, a list of schemas, or schemas by name.
const INNER: [&[&str]; 3] = [
    &[
        "not",
        "if",
        "then",
        "else",
        "propertyNames",
        "items",
        "contains",
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
    ],
    &["allOf", "anyOf", "oneOf", "prefixItems"],
    &[
        "properties",
        "patternProperties",
        "dependentSchemas",
        "$defs",
        "definitions",
    ],
];

/// Every schema that stands in the one at `pointer`.
fn inner(source: Source<'_>, pointer: &str) -> Vec<String> {
    let Some(Value::Object(schema)) = source.get(pointer) else {
        return Vec::new();
    };
    let [single, lists, named] = INNER;
    let mut found = Vec::new();
    for (key, value) in schema {
        let key = key.as_str();
        let at = child(pointer, key);
        match value {
            _ if single.contains(&key) => found.push(at),
            Value::Array(schemas) if lists.contains(&key) => {
                found.extend((0..schemas.len()).map(|index| child(&at, index)));
            }
            Value::Object(schemas) if named.contains(&key) => {
                found.extend(schemas.keys().map(|name| child(&at, name)));
            }
            _ => {}
        }
    }
    found
}

/// Whether a list or map at `pointer` consists of such lists or maps and nothing else: no alias can be that.
pub(super) fn contains_itself(source: Source<'_>, pointer: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(at) = open.pop() {
        let is_struct = |schema: &Value| schema.get("properties").is_some();
        if source.get(&at).is_none_or(is_struct) {
            continue;
        }
        for key in ["items", "additionalProperties"] {
            let mut inner = child(&at, key);
            // Circles of references alone are refused elsewhere.
            for _ in 0..MAX_DEPTH {
                let Some(target) = source.get(&inner).and_then(|schema| source.target(schema))
                else {
                    break;
                };
                inner = target;
                if inner == pointer {
                    return true;
                }
            }
            if seen.insert(inner.clone()) {
                open.push(inner);
            }
        }
    }
    false
}

/// Where the resource of the schema at `pointer` stands: the nearest schema around it with an `$id`, or the
/// whole document.
pub(super) fn resource_of(source: Source<'_>, pointer: &str) -> String {
    let mut at = Some(pointer);
    while let Some(pointer) = at {
        let schema = source.get(pointer);
        if schema.is_some_and(|schema| text(schema, "$id").is_some()) {
            return pointer.to_owned();
        }
        at = parent(pointer);
    }
    String::new()
}

/// Resources with their dynamic anchors, and the schemas that have these.
pub(super) struct Resources(pub(super) Vec<(String, Vec<(String, String)>)>);

impl Resources {
    /// Those of the components.
    pub(super) fn of(source: Source<'_>) -> Resources {
        let mut found = Resources(vec![(String::new(), Vec::new())]);
        let components = source.all_entries("/components/schemas");
        let mut open: Vec<(String, usize)> = components
            .into_iter()
            .map(|(_, pointer, _)| (pointer, 0))
            .collect();
        while let Some((pointer, mut resource)) = open.pop() {
            let Some(schema) = source.get(&pointer) else {
                continue;
            };
            if text(schema, "$id").is_some() {
                resource = found.0.len();
                found.0.push((pointer.clone(), Vec::new()));
            }
            if let Some(anchor) = text(schema, "$dynamicAnchor") {
                found.0[resource]
                    .1
                    .push((anchor.to_owned(), pointer.clone()));
            }
            let inner = inner(source, &pointer).into_iter();
            open.extend(inner.map(|pointer| (pointer, resource)));
        }
        found
    }

    fn has(&self, resource: &str, anchor: &str) -> bool {
        let mut anchors = self.0.iter().filter(|(at, _)| at == resource);
        anchors.any(|(_, anchors)| anchors.iter().any(|(name, _)| name == anchor))
    }
}

/// Whether what the schema at `pointer` demands of inner values depends on that they are reached through it:
/// dynamic references lead to the outermost resource that has their anchor.
pub(super) fn is_dynamic(source: Source<'_>, pointer: &str) -> bool {
    let mut anchors: HashSet<String> = HashSet::new();
    let mut seen = HashSet::from([pointer.to_owned()]);
    let mut open = vec![pointer.to_owned()];
    while let Some(pointer) = open.pop() {
        let Some(schema) = source.get(&pointer) else {
            continue;
        };
        let target = source.dynamic_target(schema);
        let anchor = target
            .as_ref()
            .and_then(|target| text(source.get(target)?, "$dynamicAnchor"));
        anchors.extend(anchor.map(str::to_owned));
        let targets = target.into_iter().chain(source.target(schema));
        let all = inner(source, &pointer).into_iter().chain(targets);
        open.extend(all.filter(|next| seen.insert(next.clone())));
    }
    if anchors.is_empty() {
        return false;
    }
    let (resources, own) = (Resources::of(source), resource_of(source, pointer));
    anchors.iter().any(|anchor| resources.has(&own, anchor))
}

/// Whether the schema at `pointer` allows `null`.
pub(super) fn takes_null(source: Source<'_>, pointer: &str, depth: usize) -> bool {
    let Some(schema) = source.get(pointer) else {
        return true;
    };
    if depth > MAX_DEPTH {
        return true;
    }
    let takes = |pointer: &str| takes_null(source, pointer, depth + 1);
    let each = |key: &str| -> Option<Vec<bool>> {
        let at = child(pointer, key);
        let count = schema.get(key)?.as_array()?.len();
        Some((0..count).map(|index| takes(&child(&at, index))).collect())
    };
    let typed = match Types::stated(schema) {
        Some(types) => types.contains(Types::NULL),
        None => schema != &Value::Bool(false),
    };
    let listed = match schema.get("enum") {
        Some(Value::Array(values)) => values.contains(&Value::Null),
        _ => true,
    };
    let condition = || takes(&child(pointer, "if"));
    typed
        && listed
        && schema.get("const").is_none_or(Value::is_null)
        && source.target(schema).is_none_or(|target| takes(&target))
        && source
            .dynamic_target(schema)
            .is_none_or(|target| takes(&target))
        && each("allOf").is_none_or(|all| all.iter().all(|one| *one))
        && each("anyOf").is_none_or(|all| all.contains(&true))
        && each("oneOf").is_none_or(|all| all.iter().filter(|one| **one).count() == 1)
        && schema
            .get("not")
            .is_none_or(|_| !takes(&child(pointer, "not")))
        && schema.get("if").is_none_or(|_| match condition() {
            true => schema
                .get("then")
                .is_none_or(|_| takes(&child(pointer, "then"))),
            false => schema
                .get("else")
                .is_none_or(|_| takes(&child(pointer, "else"))),
        })
}
