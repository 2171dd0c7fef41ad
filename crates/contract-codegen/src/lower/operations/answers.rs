//! Answers and their headers.

use std::collections::HashSet;

use contract_document::child;

use super::bodies::lower_content;
use super::parameters::{as_text, is_token};
use super::status::{status, status_ident, status_phrase};
use crate::lower::names::{Names, escaped, snake};
use crate::lower::schemas::Schemas;
use crate::lower::source::{flag, owned};
use crate::model::{Answer, Content, Header, Status};

/// The answers of `operation` by status.
pub(super) fn lower(schemas: &mut Schemas<'_>, operation: &str) -> Vec<Answer> {
    let responses = child(operation, "responses");
    let mut answers = Vec::new();
    let entries = schemas.source.entries(&responses);
    if entries.is_empty() {
        answers.push(undescribed());
    }
    for (key, used, _) in entries {
        let Some(status) = status(key) else {
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
        let content = lower_content(schemas, &pointer, false);
        if let Some((problem, hint)) = impossible(status, &content) {
            let message = format!("an answer with status `{key}` {problem}");
            schemas.refuse_key(&used, message, hint);
        }
        let described = owned(value, "description").filter(|text| !text.trim().is_empty());
        answers.push(Answer {
            status,
            ident: status_ident(status),
            description: described.unwrap_or_else(|| status_phrase(status)),
            content,
            body_ident: None,
            headers: lower_headers(schemas, &pointer),
            headers_type: None,
            limited: false,
        });
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
            let message = format!("the header `{wire}` is declared twice");
            let hint = "header names have no case; keep one of the two";
            schemas.refuse_key(&used, message, hint);
            continue;
        }
        if !is_token(wire) {
            schemas.refuse_key(
                &used,
                format!("`{wire}` cannot be the name of a header"),
                "use letters, digits, `-` and `_`",
            );
            continue;
        }
        let Some((pointer, value)) = schemas.source.resolve(&used) else {
            continue;
        };
        let schema = child(&pointer, "schema");
        if value.get("schema").is_none() {
            schemas.refuse(
                &pointer,
                format!("the header `{wire}` has no `schema`"),
                "describe it by `schema`; `content` is not supported",
            );
            continue;
        }
        let mut lowered = schemas.lower_text(&schema);
        lowered.nullable = false;
        as_text(&mut lowered);
        if !schemas.table.is_plain(&lowered) {
            schemas.refuse(
                &schema,
                format!("the header `{wire}` is no plain value"),
                "use text, a number, a boolean or an `enum` of text",
            );
            continue;
        }
        headers.push(Header {
            wire: wire.to_owned(),
            ident: escaped(names.claim(&snake(wire))),
            value: lowered,
            required: flag(value, "required"),
            description: owned(value, "description"),
            pointer: used,
        });
    }
    headers
}

/// Why HTTP has no such answer, and what to do (RFC 9110, section 15).
fn impossible(status: Status, content: &[Content]) -> Option<(&'static str, &'static str)> {
    match status {
        Status::Code(100..200) | Status::Range(1) => Some((
            "is not a final answer",
            "declare the answer that follows it",
        )),
        Status::Code(204 | 205 | 304) if !content.is_empty() => Some((
            "cannot have a body",
            "remove its `content`, or answer with another status",
        )),
        _ => None,
    }
}
