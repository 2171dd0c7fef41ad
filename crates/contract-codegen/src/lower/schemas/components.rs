//! Component schemas, and schemas that are others in disguise: plain references, and schemas that look
//! alike.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::facts::Part;
use super::families::is_parent_of;
use super::plan::Planner;
use super::whole::is_dynamic;
use crate::lower::Source;
use crate::lower::document::EXTENSIONS;
use crate::lower::source::list;
use crate::model::{Shape, TypeId, Use};

/// The component schemas: where they stand, and which types they are.
#[derive(Debug)]
pub(super) struct Components<'a> {
    source: Source<'a>,
    types: HashMap<String, TypeId>,
    /// Whether there are references that depend on the way to them.
    is_dynamic: bool,
}

impl<'a> Components<'a> {
    pub(super) fn new(source: Source<'a>, types: HashMap<String, TypeId>) -> Components<'a> {
        Components {
            source,
            types,
            is_dynamic: source.is_dynamic(),
        }
    }

    /// The type of the component that stands at `pointer`.
    pub(super) fn at(&self, pointer: &str) -> Option<TypeId> {
        self.types.get(pointer).copied()
    }

    /// The component that the schema at `pointer` is or refers to.
    pub(super) fn meant(&self, pointer: &str) -> Option<String> {
        match self.types.contains_key(pointer) {
            true => Some(pointer.to_owned()),
            false => self.source.target(self.source.get(pointer)?),
        }
    }

    pub(super) fn is_named(&self, part: &Part) -> bool {
        !part.bare && self.types.contains_key(&part.pointer)
    }

    /// `parts` without what constrains nothing, with plain references followed up to components.
    pub(super) fn reduced(&self, parts: &[Part], top: Option<&str>) -> Vec<Part> {
        let mut reduced = Vec::new();
        let mut seen = HashSet::new();
        for part in parts {
            self.reduce(part.clone(), top, &mut seen, &mut reduced);
        }
        reduced
    }

    fn reduce(&self, part: Part, top: Option<&str>, seen: &mut HashSet<Part>, out: &mut Vec<Part>) {
        let is_top = top == Some(part.pointer.as_str()) && seen.is_empty();
        let is_new = seen.insert(part.clone());
        if self.is_named(&part) && !is_top {
            if !out.contains(&part) {
                out.push(part);
            }
            return;
        }
        if !is_new {
            return;
        }
        let schema = self.source.get(&part.pointer).unwrap_or(&Value::Null);
        let Value::Object(keywords) = schema else {
            if *schema == Value::Bool(false) {
                out.push(part);
            }
            return;
        };
        let mut constraints = keywords.keys().filter(|key| !is_annotation(key));
        match (constraints.next().map(String::as_str), constraints.next()) {
            (None, _) => {}
            // What it refers to depends on it.
            _ if self.is_dynamic && is_dynamic(self.source, &part.pointer) => out.push(part),
            (Some("$ref"), None) => {
                if let Some(pointer) = self.source.target(schema) {
                    let includes_top =
                        |top: &str| is_parent_of(self.source, &pointer, &[top.to_owned()]);
                    let bare = part.bare || top.is_some_and(includes_top);
                    self.reduce(Part { pointer, bare }, top, seen, out);
                }
            }
            (Some("allOf"), None) => {
                for index in 0..list(schema, "allOf").len() {
                    let pointer = format!("{}/allOf/{index}", part.pointer);
                    let bare = part.bare;
                    self.reduce(Part { pointer, bare }, top, seen, out);
                }
            }
            _ => out.push(part),
        }
    }

    /// The component that `parts` are, if all others only repeat its type.
    pub(super) fn named(&self, parts: &[Part], planner: &mut Planner<'_>) -> Option<Use> {
        let mut components = parts.iter().filter(|part| self.is_named(part));
        let component = components.next()?;
        if components.next().is_some() {
            return None;
        }
        let others = parts.iter().filter(|part| *part != component);
        let others: Vec<Part> = others.cloned().collect();
        if !others.is_empty() {
            let types = planner.types_of(std::slice::from_ref(component));
            if !planner.facts(&others)?.demands_only(types) {
                return None;
            }
        }
        let mut all = parts.iter();
        Some(Use {
            shape: Shape::Named(self.at(&component.pointer)?),
            nullable: all.all(|part| planner.accepts_null(std::slice::from_ref(part))),
        })
    }
}

/// Text that is equal for parts that demand the same.
pub(super) fn canonical(source: Source<'_>, parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        if let Some(schema) = source.get(&part.pointer) {
            text.push_str(if part.bare { "bare " } else { "" });
            text.push_str(&canonical_schema(schema).to_string());
            text.push('\n');
        }
    }
    text
}

/// Whether a keyword leaves the values alone.
pub(super) fn is_annotation(key: &str) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "title"
                | "description"
                | "default"
                | "example"
                | "examples"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "externalDocs"
                | "xml"
                | "$comment"
                | "$schema"
                | "$defs"
                | "definitions"
                | "$id"
                | "$anchor"
                | "$dynamicAnchor"
                | "$vocabulary"
                | "contentSchema"
        )
}

/// `schema` without annotations that do not end up in the type.
fn canonical_schema(schema: &Value) -> Value {
    let Value::Object(entries) = schema else {
        return schema.clone();
    };
    let dropped = [
        "title",
        "description",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
    ];
    let is_foreign =
        |key: &str| key.starts_with("x-") && EXTENSIONS.iter().all(|(name, ..)| *name != key);
    let kept = entries
        .iter()
        .filter(|(key, _)| !is_foreign(key) && !dropped.contains(&key.as_str()));
    let kept = kept.map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("properties" | "$defs", Value::Object(properties)) => Value::Object(
                properties
                    .iter()
                    .map(|(k, v)| (k.clone(), canonical_schema(v)))
                    .collect(),
            ),
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                Value::Array(parts.iter().map(canonical_schema).collect())
            }
            ("items" | "additionalProperties", value) => canonical_schema(value),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(kept.collect())
}
