//! Schemas that are others in disguise: plain references, and schemas that look alike.

use std::collections::HashSet;

use serde_json::Value;

use super::facts::Part;
use crate::lower::Lowering;
use crate::lower::document::vocabulary::EXTENSIONS;
use crate::model::{Shape, Use};

impl Lowering<'_> {
    /// `parts` without what constrains nothing, with plain references followed up to components.
    pub(in crate::lower) fn reduced(&self, parts: &[Part], top: Option<&str>) -> Vec<Part> {
        let mut reduced = Vec::new();
        let mut seen = HashSet::new();
        for part in parts {
            self.reduce(part, top, &mut seen, &mut reduced);
        }
        reduced
    }

    fn reduce(
        &self,
        part: &Part,
        top: Option<&str>,
        seen: &mut HashSet<Part>,
        out: &mut Vec<Part>,
    ) {
        let is_top = top == Some(part.pointer.as_str()) && seen.is_empty();
        let is_new = seen.insert(part.clone());
        if self.names_component(part) && !is_top {
            if !out.contains(part) {
                out.push(part.clone());
            }
            return;
        }
        if !is_new {
            return;
        }
        let Some(Value::Object(schema)) = self.get(&part.pointer) else {
            if self.get(&part.pointer) == Some(&Value::Bool(false)) {
                out.push(part.clone());
            }
            return;
        };
        let mut constraints = schema.keys().filter(|key| !is_annotation(key));
        match (constraints.next().map(String::as_str), constraints.next()) {
            (None, _) => {}
            (Some("$ref"), None) => {
                if let Some(pointer) = schema.get("$ref").and_then(|_| {
                    self.get(&part.pointer)
                        .and_then(|schema| self.target(schema))
                }) {
                    let top_includes =
                        top.is_some_and(|top| self.is_parent_of(&pointer, &[top.to_owned()]));
                    self.reduce(
                        &Part {
                            bare: part.bare || top_includes,
                            pointer,
                        },
                        top,
                        seen,
                        out,
                    );
                }
            }
            (Some("allOf"), None) => {
                let count = schema
                    .get("allOf")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
                for index in 0..count {
                    let pointer = format!("{}/allOf/{index}", part.pointer);
                    self.reduce(
                        &Part {
                            pointer,
                            bare: part.bare,
                        },
                        top,
                        seen,
                        out,
                    );
                }
            }
            _ => out.push(part.clone()),
        }
    }

    pub(in crate::lower) fn names_component(&self, part: &Part) -> bool {
        !part.bare && self.components.contains_key(&part.pointer)
    }

    /// The component that `parts` are, if all others only repeat its type.
    pub(in crate::lower) fn named_component(&mut self, parts: &[Part]) -> Option<Use> {
        let mut components = parts.iter().filter(|part| self.names_component(part));
        let component = components.next()?.clone();
        if components.next().is_some() {
            return None;
        }
        let others: Vec<Part> = parts
            .iter()
            .filter(|part| **part != component)
            .cloned()
            .collect();
        if !others.is_empty() {
            let types = self.types_of(std::slice::from_ref(&component));
            let facts = self.facts(&others)?;
            if !facts.demands_only(types) {
                return None;
            }
        }
        let id = *self.components.get(&component.pointer)?;
        let nullable = parts
            .iter()
            .all(|part| self.accepts_null(std::slice::from_ref(part)));
        Some(Use {
            shape: Shape::Named(id),
            nullable,
        })
    }

    /// Text that is equal for parts that demand the same.
    pub(in crate::lower) fn canonical(&self, parts: &[Part]) -> String {
        let mut text = String::new();
        for part in parts {
            if let Some(schema) = self.get(&part.pointer) {
                text.push_str(if part.bare { "bare " } else { "" });
                text.push_str(&canonical_schema(schema).to_string());
                text.push('\n');
            }
        }
        text
    }
}

/// Whether a keyword leaves the values alone.
pub(in crate::lower) fn is_annotation(key: &str) -> bool {
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
