//! Paths and webhooks → operations and what is sent.
//!
//! This room reads the document, has [`Schemas`] make types of the schemas that it meets, and gives
//! operations, webhooks, tags and security schemes. Only types that are there already are asked about.

mod answers;
pub(in crate::lower) mod api;
mod bodies;
mod encoding;
mod forms;
mod items;
mod paging;
mod parameters;
mod parts;
mod paths;
mod raw;
mod security;
mod sequences;
pub(in crate::lower) mod served;
mod status;
mod streams;
pub(in crate::lower) mod webhooks;

use contract_document::child;
use serde_json::Value;

use self::api::Lowered;
pub(in crate::lower) use self::parameters::is_token;
use crate::lower::document::{OperationNames, places};
use crate::lower::schemas::Schemas;
use crate::lower::source::{flag, owned};
use crate::model::{Header, Method, Operation, Status};

/// Tag of operations without one.
const DEFAULT_TAG: &str = "Default";

/// Every operation, in the order of the document.
pub(in crate::lower) fn lower(schemas: &mut Schemas<'_>) -> Vec<Lowered> {
    paths::check(schemas.source, schemas.planner.problems);
    let operations = places::operations(schemas.source).into_iter();
    let lowered = operations.filter_map(|(path, method, pointer, value)| {
        let names = schemas.places.operation(&pointer)?.clone();
        Some(operation(schemas, names, path, method, pointer, value))
    });
    lowered.collect()
}

fn operation(
    schemas: &mut Schemas<'_>,
    names: OperationNames,
    key: &str,
    method: Method,
    pointer: String,
    value: &Value,
) -> Lowered {
    let has_body = value.get("requestBody").is_some();
    let item = parameters::item_of(&pointer);
    let path = paths::settled(schemas.source, item, key);
    let parameters = parameters::lower(schemas, (key, &path), &pointer, has_body);
    let body = bodies::lower(schemas, &pointer, &method);
    let paths::Template { path, query } = paths::template(&path);
    let answers = answers::lower(schemas, &pointer);
    warn_of_servers(schemas, &pointer);
    let (source, problems) = (schemas.source, &mut *schemas.planner.problems);
    let mut operation = Operation {
        id: names.id,
        snake: names.snake,
        ident: names.ident,
        tag: 0,
        method,
        key: key.to_owned(),
        path,
        query,
        summary: owned(value, "summary"),
        description: owned(value, "description"),
        deprecated: flag(value, "deprecated"),
        parameters,
        body,
        answers,
        security: security::requirements(value, &pointer, source, problems),
        undeclared_query: flag(value, "x-undeclared-query"),
        repeats: false,
        conditional: false,
        limited: false,
        paging: None,
        pointer,
    };
    operation.paging = paging::paging(&operation, &schemas.table);
    settle_conditions(&mut operation);
    streams::check(&operation, problems);
    let tag = value.pointer("/tags/0").and_then(Value::as_str);
    Lowered {
        operation,
        tag: tag.unwrap_or(DEFAULT_TAG).to_owned(),
    }
}

/// Warns of servers beside those of the contract. A client is told one base URL, which may be that of a test, and
/// sends credentials there alone.
fn warn_of_servers(schemas: &mut Schemas<'_>, operation: &str) {
    let item = parameters::item_of(operation);
    let own = child(operation, "servers");
    let all = schemas.source.get("/servers");
    for at in [child(item, "servers"), own] {
        let servers = schemas.source.get(&at);
        let some = servers
            .and_then(Value::as_array)
            .is_some_and(|it| !it.is_empty());
        if some && servers != all {
            let message = "a client calls every operation at the base URL that it is given, whatever `servers` says";
            let hint = "build another client with that base URL";
            schemas.planner.problems.warn_key(&at, message, hint);
        }
    }
}

/// Headers that say how much of a limit on requests is left; the one means nothing without the other.
const LIMIT: [&str; 2] = ["RateLimit", "RateLimit-Policy"];

/// Finds out what is decided around the handler; what is written there is none of its answers.
fn settle_conditions(operation: &mut Operation) {
    let takes = |name: &str| operation.parameters.iter().any(|one| one.is_header(name));
    let is = |header: &Header, name: &str| header.wire.eq_ignore_ascii_case(name);
    let mut done = operation.answers.iter().filter(|it| it.status.is_done());
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
