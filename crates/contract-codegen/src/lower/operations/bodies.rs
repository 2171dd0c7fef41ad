//! Request bodies, and the media types of bodies and answers.

use contract_document::child;
use serde_json::{Map, Value};

use super::forms::lower_form;
use super::streams::streamed;
use crate::lower::media::{essence, is_json, variant};
use crate::lower::names::Names;
use crate::lower::schemas::{Part, Plan, Schemas, any};
use crate::lower::source::{examples, flag, owned};
use crate::lower::values::Types;
use crate::lower::{Problems, Source};
use crate::model::{Body, Content, Form, Method, RequestBody, StringRules};

/// The extension, at the root of a contract, that says what a missing body is read as.
const MISSING_BODY: &str = "x-missing-body";

/// What `operation` takes.
pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    operation: &str,
    method: &Method,
) -> Option<RequestBody> {
    let used = child(operation, "requestBody");
    schemas.source.get(&used)?;
    let (pointer, value) = schemas.source.resolve(&used)?;
    if matches!(method, Method::Get | Method::Head | Method::Trace) {
        schemas.refuse_key(
            &used,
            "a GET, HEAD or TRACE request has no body",
            "pass the values as query parameters, or use POST",
        );
    }
    let content = lower_content(schemas, &pointer, true);
    let media_types = value.get("content").and_then(Value::as_object);
    if media_types.is_some_and(Map::is_empty) {
        let hint = "declare one, or remove the body";
        schemas.refuse(
            &child(&pointer, "content"),
            "the body has no media type",
            hint,
        );
    }
    Some(RequestBody {
        required: flag(value, "required"),
        missing_is_empty: missing_is_empty(schemas.source, schemas.planner.problems),
        content,
        ident: None,
        description: owned(value, "description"),
    })
}

/// Whether the contract has missing bodies read as `{}`.
fn missing_is_empty(source: Source<'_>, problems: &mut Problems) -> bool {
    let at = format!("/{MISSING_BODY}");
    match source.get(&at) {
        None => false,
        Some(Value::Object(fields)) if fields.is_empty() => true,
        Some(_) => {
            problems.refuse(
                &at,
                format!("`{MISSING_BODY}` can only be an empty object"),
                "write `{}`, or remove it: a missing body that is required is then refused",
            );
            false
        }
    }
}

/// The media types of the body or answer at `pointer`.
pub(super) fn lower_content(
    schemas: &mut Schemas<'_>,
    pointer: &str,
    in_request: bool,
) -> Vec<Content> {
    let mut contents: Vec<Content> = Vec::new();
    let mut names = Names::default();
    for (key, pointer, value) in schemas.source.all_entries(&child(pointer, "content")) {
        let media_type = essence(key);
        if contents.iter().any(|known| known.media_type == media_type) {
            schemas.refuse_key(
                &pointer,
                format!("the media type `{media_type}` is declared twice"),
                "parameters of media types are not distinguished; keep one of the two",
            );
            continue;
        }
        let schema = child(&pointer, "schema");
        let schema = value.get("schema").map(|_| schema);
        let schema = schema.as_deref();
        let body = lower_media(schemas, &media_type, &pointer, schema, in_request);
        if let Some(body) = body {
            let (table, problems) = (&schemas.table, &mut *schemas.planner.problems);
            let streamed = streamed(&pointer, value, &body, in_request, table, problems);
            contents.push(Content {
                ident: names.claim(&variant(&media_type)),
                media_type,
                body,
                streamed,
                examples: examples(value),
            });
        }
    }
    contents
}

fn lower_media(
    schemas: &mut Schemas<'_>,
    media_type: &str,
    pointer: &str,
    schema: Option<&str>,
    in_request: bool,
) -> Option<Body> {
    let is_form = media_type == "application/x-www-form-urlencoded";
    if is_json(media_type) {
        return Some(Body::Json(match schema {
            Some(schema) => schemas.lower_schema(schema),
            None => any(),
        }));
    }
    if is_form || media_type == "multipart/form-data" {
        if !in_request {
            schemas.refuse(
                pointer,
                format!("an answer of `{media_type}` is not supported"),
                "answer JSON, text or bytes",
            );
            return None;
        }
        let form = Form {
            ident: String::new(),
            parts: lower_form(schemas, schema, pointer, is_form)?,
        };
        return Some(match is_form {
            true => Body::Form(form),
            false => Body::Multipart(form),
        });
    }
    let is_text = media_type.starts_with("text/");
    if let Some(schema) = schema
        && !is_opaque(schemas, schema, is_text)
    {
        schemas.refuse(
            schema,
            format!("a body of `{media_type}` is not looked into, so constraints have no effect"),
            "use `type: string` without constraints, or JSON",
        );
        return None;
    }
    if media_type.contains('*') && !is_text {
        schemas.refuse_key(
            pointer,
            format!("`{media_type}` leaves open what the body is"),
            "name the media type",
        );
        return None;
    }
    Some(if is_text { Body::Text } else { Body::Binary })
}

/// Whether a schema says no more than that the body is text or bytes, or is about a format
/// that generated code hands over unread.
fn is_opaque(schemas: &mut Schemas<'_>, schema: &str, is_text: bool) -> bool {
    let parts = [Part::new(schema)];
    if schemas.says_nothing(&parts) {
        return true;
    }
    let Some(planned) = schemas.planner.plan(&parts) else {
        return true;
    };
    match planned.plan {
        Plan::One(Types::OBJECT | Types::ARRAY) | Plan::Choices(_) | Plan::Types(_) => !is_text,
        Plan::Any | Plan::Binary | Plan::Same(_) => true,
        Plan::One(Types::STRING) => {
            let rules = planned.facts.string;
            rules
                == StringRules {
                    format: rules.format,
                    ..StringRules::default()
                }
                && (is_text || rules.format.is_none())
        }
        _ => false,
    }
}
