//! Everything together but the types.

use std::sync::OnceLock;

use serde_json::Value;

use super::{items, security};
use crate::lower::names::{Names, pascal, snake_ident};
use crate::lower::source::{list, owned, text};
use crate::lower::{Problems, Source};
use crate::model::{Api, Body, Checks, Operation, Shape, Status, Tag, TypeId, Use, Webhooks};

/// An operation with the name of its tag.
pub(in crate::lower) struct Lowered {
    pub(super) operation: Operation,
    pub(super) tag: String,
}

/// Methods of `Mount` that a tag cannot have the names of. The last two every type has.
const MOUNT_METHODS: [&str; 12] = [
    "new",
    "document_limit",
    "upload_limit",
    "body_timeout",
    "replace_nul",
    "check_answers",
    "label_answers",
    "served",
    "finish",
    "add",
    "into",
    "try_into",
];

/// The model, still without types.
pub(in crate::lower) fn assemble(
    lowered: Vec<Lowered>,
    webhooks: Option<Webhooks>,
    source: Source<'_>,
    problems: &mut Problems,
) -> Api {
    let tags = tags(&lowered, source);
    let operations = lowered.into_iter().map(|Lowered { mut operation, tag }| {
        operation.tag = tags.iter().position(|it| it.name == tag).unwrap_or(0);
        operation
    });
    let mut operations: Vec<Operation> = operations.collect();
    items::name(&tags, &mut operations);
    let info = source.root.get("info").unwrap_or(&Value::Null);
    let servers = list(source.root, "servers").iter();
    Api {
        title: owned(info, "title").unwrap_or_default(),
        version: owned(info, "version").unwrap_or_default(),
        description: owned(info, "description"),
        servers: servers.filter_map(|server| owned(server, "url")).collect(),
        tags,
        types: Vec::new(),
        checks: Checks::default(),
        webhooks,
        security_schemes: security::schemes(&operations, source, problems),
        error: error_type(&operations),
        breakable: OnceLock::new(),
        operations,
    }
}

/// Tags that have operations: those of the document in its order, then the others.
fn tags(lowered: &[Lowered], source: Source<'_>) -> Vec<Tag> {
    let mut order: Vec<(&str, Option<String>)> = Vec::new();
    for tag in list(source.root, "tags") {
        let Some(name) = text(tag, "name") else {
            continue;
        };
        let is_used = lowered.iter().any(|lowered| lowered.tag == name);
        if is_used && !order.iter().any(|(known, _)| *known == name) {
            order.push((name, owned(tag, "description")));
        }
    }
    for Lowered { tag, .. } in lowered {
        if !order.iter().any(|(known, _)| known == tag) {
            order.push((tag, None));
        }
    }
    let (mut idents, mut snakes) = (Names::default(), Names::default());
    let snakes: Vec<String> = order
        .iter()
        .map(|(name, _)| snakes.claim(&snake_ident(name)))
        .collect();
    let tags = order.into_iter().zip(&snakes);
    let tags = tags.map(|((name, description), snake)| Tag {
        name: name.to_owned(),
        ident: idents.claim(&pascal(name)),
        mount: mount(snake, &snakes),
        description,
    });
    tags.collect()
}

/// `snake`, or that with `_tag`, so that no method and no other tag has it.
fn mount(snake: &str, snakes: &[String]) -> String {
    let mut name = snake.to_owned();
    while MOUNT_METHODS.contains(&name.as_str()) || (name != snake && snakes.contains(&name)) {
        name.push_str("_tag");
    }
    name
}

/// The one JSON type of every answer with a status from 400, `default` included.
fn error_type(operations: &[Operation]) -> Option<TypeId> {
    let mut found = None;
    for answer in operations.iter().flat_map(|operation| &operation.answers) {
        let is_error = match answer.status {
            Status::Code(code) => code >= 400,
            Status::Range(digit) => digit >= 4,
            Status::Default => true,
        };
        for content in answer.content.iter().filter(|_| is_error) {
            let Body::Json(value) = &content.body else {
                continue;
            };
            let Use {
                shape: Shape::Named(id),
                nullable: false,
            } = value
            else {
                return None;
            };
            if *found.get_or_insert(*id) != *id {
                return None;
            }
        }
    }
    found
}
