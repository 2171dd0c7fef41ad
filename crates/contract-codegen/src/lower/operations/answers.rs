//! Answers and their headers.

use std::collections::HashSet;

use contract_document::child;
use serde_json::{Map, Value};

use super::bodies::{lower_content, text};
use super::parameters::{as_text, is_token};
use super::status::{status, status_ident, status_phrase};
use crate::lower::media::is_json;
use crate::lower::names::{Names, escaped, snake};
use crate::lower::schemas::{Schemas, any};
use crate::lower::source::{flag, owned};
use crate::model::{Answer, Header, Shape, Status};

/// The answers of `operation` by status.
pub(super) fn lower(schemas: &mut Schemas<'_>, operation: &str) -> Vec<Answer> {
    let responses = child(operation, "responses");
    let mut answers = Vec::new();
    let mut refused = false;
    for (key, used, _) in schemas.source.entries(&responses) {
        let Some(status) = status(key) else {
            refused = true;
            schemas.refuse_key(
                &used,
                format!("`{key}` is no status"),
                "use `200`, a range such as `4XX`, or `default`",
            );
            continue;
        };
        let Some((pointer, value)) = schemas.source.resolve(&used) else {
            continue;
        };
        let problems = &mut *schemas.planner.problems;
        // 101 is the last of its request: what follows is of another protocol.
        if matches!(status, Status::Code(100 | 102..200) | Status::Range(1)) {
            let message = format!(
                "an answer with status `{key}` is not a final answer: it is left out, since what sends the answer \
                 that follows sends it, too"
            );
            problems.warn_key(&used, message, "declare the answer that follows it");
            continue;
        }
        if status == Status::Code(101) {
            let message = "after an answer with status `101` the connection is of another protocol, which is neither \
                           served nor called";
            problems.warn_key(&used, message, "serve the protocol beside the contract");
        }
        let bare = matches!(status, Status::Code(101 | 204 | 205 | 304));
        let content = match bare {
            true => Vec::new(),
            false => lower_content(schemas, &pointer, false),
        };
        let is_empty = |content: &Value| content.as_object().is_some_and(Map::is_empty);
        if bare && value.get("content").is_some_and(|it| !is_empty(it)) {
            let message =
                format!("an answer with status `{key}` cannot have a body: it is sent without");
            let hint = "remove its `content`, or answer with another status";
            schemas.planner.problems.warn_key(&used, message, hint);
        }
        let described = owned(value, "description").filter(|text| !text.trim().is_empty());
        answers.push(Answer {
            status,
            ident: status_ident(status),
            description: described.unwrap_or_else(|| status_phrase(status)),
            content,
            body_ident: None,
            error_ident: None,
            headers: lower_headers(schemas, &pointer),
            headers_type: None,
            limited: false,
        });
    }
    // Also where there are interim answers alone.
    if answers.is_empty() && !refused {
        answers.push(undescribed());
    }
    answers.sort_by_key(|answer| answer.status);
    let mut names = Names::default();
    for answer in &mut answers {
        answer.ident = names.claim(&answer.ident);
    }
    answers
}

/// What an operation answers that does not say so: anything, of which nothing is known.
fn undescribed() -> Answer {
    let status = Status::Default;
    Answer {
        status,
        ident: status_ident(status),
        description: status_phrase(status),
        content: Vec::new(),
        body_ident: None,
        error_ident: None,
        headers: Vec::new(),
        headers_type: None,
        limited: false,
    }
}

fn lower_headers(schemas: &mut Schemas<'_>, answer: &str) -> Vec<Header> {
    let mut names = Names::default();
    let mut seen = HashSet::new();
    let mut headers = Vec::new();
    for (wire, used, _) in schemas.source.all_entries(&child(answer, "headers")) {
        // The media type of the answer says this already; OpenAPI has it ignored here.
        if wire.eq_ignore_ascii_case("content-type") {
            continue;
        }
        if !seen.insert(wire.to_ascii_lowercase()) {
            let message =
                format!("the header `{wire}` is declared twice, and this one has no effect");
            let hint = "header names have no case; keep one of the two";
            schemas.planner.problems.warn_key(&used, message, hint);
            continue;
        }
        if !is_token(wire) {
            continue;
        }
        let Some((pointer, value)) = schemas.source.resolve(&used) else {
            continue;
        };
        let (schema, json) = header_schema(schemas, wire, &pointer, value);
        let mut lowered = match &schema {
            Some(schema) if json => schemas.lower_schema(schema),
            Some(schema) => schemas.lower_text(schema),
            None => any(),
        };
        if !json {
            lowered.nullable = false;
            as_text(&mut lowered);
        }
        let item = match schemas.table.shape_of(&lowered) {
            Some(Shape::Array(item, _)) if !json => Some(item),
            _ => None,
        };
        let list = item.is_some_and(|item| schemas.table.is_plain(item));
        if list {
            lowered = schemas.table.without_null(lowered);
        } else if !json && !schemas.table.is_plain(&lowered) {
            let message = format!(
                "the header `{wire}` is no plain value: it is handed over as text, and its schema has no effect"
            );
            let hint =
                "use text, a number, a boolean, an `enum` of text or a list of them, or `content`";
            let at = schema.as_deref().unwrap_or(&pointer);
            schemas.planner.problems.warn(at, message, hint);
            lowered = text();
        }
        headers.push(Header {
            wire: wire.to_owned(),
            ident: escaped(names.claim(&snake(wire))),
            value: lowered,
            json,
            list,
            required: flag(value, "required"),
            description: owned(value, "description"),
            pointer: used,
        });
    }
    headers
}

/// Where the schema of a header stands, and whether its value is written as JSON: by `schema`, or by the one media
/// type of its `content`.
fn header_schema(
    schemas: &mut Schemas<'_>,
    wire: &str,
    pointer: &str,
    value: &Value,
) -> (Option<String>, bool) {
    if value.get("schema").is_some() {
        return (Some(child(pointer, "schema")), false);
    }
    let content = schemas.source.all_entries(&child(pointer, "content"));
    let Some((media_type, at, medium)) = content.into_iter().next() else {
        let message = format!("the header `{wire}` has no `schema`, and may be any text");
        let hint = "describe it by `schema` or `content`";
        schemas.planner.problems.warn(pointer, message, hint);
        return (None, false);
    };
    let schema = medium.get("schema").map(|_| child(&at, "schema"));
    if is_json(media_type) {
        return (schema, true);
    }
    let is_text = schema.as_ref().is_none_or(|schema| {
        let value = schemas.lower_text(schema);
        value.shape == Shape::Any || schemas.table.is_plain(&value)
    });
    if is_text {
        return (schema, false);
    }
    let message = format!(
        "the header `{wire}` is `{media_type}`: it is handed over as text, and its schema has no effect"
    );
    let hint = "describe it by `schema`, or as JSON";
    schemas.planner.problems.warn(&at, message, hint);
    (None, false)
}
