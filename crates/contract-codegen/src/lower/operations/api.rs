//! Everything together but the types.

use serde_json::Value;

use super::{items, security};
use crate::lower::Problems;
use crate::lower::names::{Names, pascal, snake_ident};
use crate::lower::source::{Source, list, owned, text};
use crate::model::{Api, Body, Operation, Shape, Status, Tag, TypeId, Use, Webhooks};

/// An operation with the name of its tag.
pub(in crate::lower) struct Lowered {
    pub(super) operation: Operation,
    pub(super) tag: String,
}

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
        webhooks,
        security_schemes: security::schemes(&operations, source, problems),
        error: error_type(&operations),
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
    let tags = order.into_iter().map(|(name, description)| Tag {
        name: name.to_owned(),
        ident: idents.claim(&pascal(name)),
        snake: snakes.claim(&snake_ident(name)),
        description,
    });
    tags.collect()
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
