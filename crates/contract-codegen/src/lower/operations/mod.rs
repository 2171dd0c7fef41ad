//! Paths → operations and tags.

mod bodies;
mod paging;
mod parameters;
mod paths;
mod security;
mod status;
mod streams;
mod webhooks;

use std::collections::HashMap;

use contract_document::child;
use serde_json::Value;

use crate::lower::names::{Names, escaped, pascal, snake, snake_ident};
use crate::lower::{Lowering, flag, owned, text};
use crate::model::{Api, Header, Method, Operation, Status, Tag, Webhooks};

/// Names of an operation, chosen before anything is lowered.
#[derive(Debug)]
pub(in crate::lower) struct OperationNames {
    pub(in crate::lower) id: String,
    pub(in crate::lower) snake: String,
    pub(in crate::lower) ident: String,
    /// Status of the one success answer with a JSON body, if there is exactly one.
    pub(in crate::lower) only_success: Option<String>,
}

/// An operation with the name of its tag.
pub(in crate::lower) struct Lowered {
    operation: Operation,
    tag: String,
}

const METHODS: [(&str, Method); 8] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
];

/// Whether a key of a path item is that of an operation.
pub(in crate::lower) fn is_method(key: &str) -> bool {
    METHODS.iter().any(|(name, _)| *name == key)
}

/// Tag of operations without one.
const DEFAULT_TAG: &str = "Default";

impl<'a> Lowering<'a> {
    /// Chooses the names of operations, and refuses those that are used twice.
    pub(in crate::lower) fn name_operations(&mut self) {
        let mut ids: HashMap<String, String> = HashMap::new();
        for (path, _, pointer, operation) in self.methods() {
            let method = pointer.rsplit('/').next().unwrap_or_default().to_owned();
            let id = owned(operation, "operationId").filter(|id| !id.is_empty());
            let id = id.unwrap_or_else(|| derived_id(&method, path));
            let name = snake(&id);
            // `list2` and `list_2` differ as functions, but not as types.
            if let Some(other) = ids.insert(pascal(&id), id.clone()) {
                let at = child(&pointer, "operationId");
                if other == id {
                    self.refuse(
                        &at,
                        format!("`{id}` is used twice"),
                        "give each operation its own `operationId`",
                    );
                } else {
                    self.refuse(
                        &at,
                        format!("`{id}` and `{other}` are both `{name}` in Rust"),
                        "rename one of them",
                    );
                }
            }
            let only_success = self.only_success(&pointer);
            let names = OperationNames {
                ident: pascal(&id),
                snake: escaped(name),
                id,
                only_success,
            };
            self.operation_names.insert(pointer, names);
        }
    }

    /// Every operation: path, method, pointer and value.
    fn methods(&self) -> Vec<(&'a str, Method, String, &'a Value)> {
        let mut found = Vec::new();
        for (path, item, _) in self.entries("/paths") {
            for (key, pointer, operation) in self.entries(&item) {
                if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == key) {
                    found.push((path, *method, pointer, operation));
                }
            }
        }
        found
    }

    fn only_success(&self, operation: &str) -> Option<String> {
        let mut found = None;
        for (status, pointer, _) in self.entries(&child(operation, "responses")) {
            let Some((pointer, _)) = self.resolve(&pointer) else {
                continue;
            };
            let content = self.all_entries(&child(&pointer, "content"));
            let has_json = content.iter().any(|(name, ..)| bodies::is_json(name));
            if status.starts_with('2') && has_json && found.replace(status.to_owned()).is_some() {
                return None;
            }
        }
        found
    }

    pub(in crate::lower) fn lower_operations(&mut self) -> Vec<Lowered> {
        self.check_paths();
        let methods = self.methods();
        methods
            .into_iter()
            .filter_map(|(path, method, pointer, value)| {
                self.lower_operation(path, method, pointer, value)
            })
            .collect()
    }

    fn lower_operation(
        &mut self,
        path: &str,
        method: Method,
        pointer: String,
        value: &'a Value,
    ) -> Option<Lowered> {
        let names = self.operation_names.get(&pointer)?;
        let (id, snake, ident) = (names.id.clone(), names.snake.clone(), names.ident.clone());
        let has_body = value.get("requestBody").is_some();
        let mut operation = Operation {
            id,
            snake,
            ident,
            tag: 0,
            method,
            path: path.to_owned(),
            summary: owned(value, "summary"),
            description: owned(value, "description"),
            deprecated: flag(value, "deprecated"),
            parameters: self.lower_parameters(path, &pointer, has_body),
            body: self.lower_body(&pointer, method),
            answers: self.lower_answers(&pointer),
            security: self.lower_requirements(value, &pointer),
            undeclared_query: flag(value, "x-undeclared-query"),
            repeats: false,
            conditional: false,
            limited: false,
            paging: None,
            pointer,
        };
        operation.paging = self.paging(&operation);
        settle_conditions(&mut operation);
        self.check_streams(&operation);
        let tag = value
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or(DEFAULT_TAG);
        Some(Lowered {
            operation,
            tag: tag.to_owned(),
        })
    }

    /// Everything but the types.
    pub(in crate::lower) fn lower_root(
        &mut self,
        lowered: Vec<Lowered>,
        webhooks: Option<Webhooks>,
    ) -> Api {
        let declared: Vec<(&str, Option<String>)> = self
            .root
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| Some((text(tag, "name")?, owned(tag, "description"))))
            .collect();
        let mut order: Vec<(String, Option<String>)> = Vec::new();
        for (name, description) in declared {
            if lowered.iter().any(|lowered| lowered.tag == name)
                && !order.iter().any(|(known, _)| known == name)
            {
                order.push((name.to_owned(), description));
            }
        }
        for Lowered { tag, .. } in &lowered {
            if !order.iter().any(|(known, _)| known == tag) {
                order.push((tag.clone(), None));
            }
        }
        let (mut idents, mut snakes) = (Names::default(), Names::default());
        let tags = order.iter().map(|(name, description)| Tag {
            name: name.clone(),
            ident: idents.claim(&pascal(name)),
            snake: snakes.claim(&snake_ident(name)),
            description: description.clone(),
        });
        let tags = tags.collect();
        let operations: Vec<Operation> = lowered
            .into_iter()
            .map(|Lowered { mut operation, tag }| {
                operation.tag = order.iter().position(|(name, _)| *name == tag).unwrap_or(0);
                operation
            })
            .collect();
        let info = self.root.get("info").unwrap_or(&Value::Null);
        let servers = self.root.get("servers").and_then(Value::as_array);
        Api {
            title: owned(info, "title").unwrap_or_default(),
            version: owned(info, "version").unwrap_or_default(),
            description: owned(info, "description"),
            servers: servers
                .into_iter()
                .flatten()
                .filter_map(|s| owned(s, "url"))
                .collect(),
            tags,
            types: Vec::new(),
            webhooks,
            security_schemes: self.lower_schemes(&operations),
            error: crate::lower::schemas::usage::error_type(&operations),
            operations,
        }
    }
}

/// Headers that say how much of a limit on requests is left; the one means nothing without the other.
const LIMIT: [&str; 2] = ["RateLimit", "RateLimit-Policy"];

/// Finds out what is decided around the handler; what is written there is none of its answers.
fn settle_conditions(operation: &mut Operation) {
    let takes = |name: &str| operation.parameters.iter().any(|one| one.is_header(name));
    let is_done = |status: Status| matches!(status, Status::Code(200..=299) | Status::Range(2));
    let is = |header: &Header, name: &str| header.wire.eq_ignore_ascii_case(name);
    let mut done = operation.answers.iter().filter(|it| is_done(it.status));
    let tagged = done.any(|answer| answer.headers.iter().any(|header| is(header, "ETag")));
    let reads = operation.reads();
    let repeats = takes("Idempotency-Key");
    let conditional = tagged && takes(if reads { "If-None-Match" } else { "If-Match" });
    operation
        .answers
        .retain(|answer| !(conditional && reads && answer.status == Status::Code(304)));
    for answer in &mut operation.answers {
        let has = |name: &str| answer.headers.iter().any(|header| is(header, name));
        answer.limited = LIMIT.iter().all(|name| has(name));
        let limited = answer.limited;
        answer.headers.retain(|header| {
            !(limited && LIMIT.iter().any(|name| is(header, name))
                || conditional && is(header, "ETag")
                || repeats && is(header, "Idempotency-Replayed"))
        });
    }
    operation.limited = operation.answers.iter().any(|answer| answer.limited);
    operation.repeats = repeats;
    operation.conditional = conditional;
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
