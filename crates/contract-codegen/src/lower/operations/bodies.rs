//! Request bodies, and the media types of bodies and answers.

use contract_document::child;
use serde_json::{Map, Value};

use super::forms::lower_form;
use super::streams::streamed;
use super::{raw, sequences};
use crate::lower::media::{essence, is_json, variant};
use crate::lower::names::Names;
use crate::lower::schemas::{Schemas, any};
use crate::lower::source::{examples, flag, owned};
use crate::lower::{Problems, Source};
use crate::model::{Body, Content, Method, RequestBody, Shape, Size, StringRules, Use};

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
        let method = method.as_str();
        schemas.planner.problems.warn_key(
            &used,
            format!("what a body means in a {method} request is not defined; many hosts on the way drop it"),
            "pass the values as query parameters, or use POST",
        );
    }
    let content = lower_content(schemas, &pointer, true);
    let media_types = value.get("content").and_then(Value::as_object);
    if media_types.is_some_and(Map::is_empty) {
        let message = "the body has no media type, and may be of any";
        let hint = "declare one, or remove the body";
        let problems = &mut schemas.planner.problems;
        problems.violation(&child(&pointer, "content"), message, hint);
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
    let at = child(pointer, "content");
    let mut entries = schemas.source.all_entries(&at);
    if entries.is_empty() && in_request {
        entries.push(("*/*", at, &Value::Null));
    }
    let has_json = entries
        .iter()
        .any(|(key, ..)| essence(key) == "application/json");
    for (media_type, pointer, value) in without_doubles(schemas, entries) {
        let schema = child(&pointer, "schema");
        let schema = value.get("schema").map(|_| schema);
        let place = Place {
            media_type: &media_type,
            pointer: &pointer,
            schema: schema.as_deref(),
            in_request,
            has_json,
        };
        let bodies = match sequences::lower(schemas, &place, value) {
            Some(body) => vec![(media_type.clone(), body)],
            None => lower_media(schemas, &place),
        };
        for (media_type, body) in bodies {
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

/// Each media type once, with where it is described. Parameters of media types are not distinguished: of two that
/// differ in these alone, one may leave to the other what it is.
fn without_doubles<'a>(
    schemas: &mut Schemas<'a>,
    entries: Vec<(&'a str, String, &'a Value)>,
) -> Vec<(String, String, &'a Value)> {
    let mut kept: Vec<(String, String, &Value)> = Vec::new();
    for (key, pointer, value) in entries {
        let media_type = essence(key);
        // It may be one of `components`.
        let (pointer, value) = schemas.source.resolve(&pointer).unwrap_or((pointer, value));
        let Some(known) = kept.iter_mut().find(|(known, ..)| *known == media_type) else {
            kept.push((media_type, pointer, value));
            continue;
        };
        let message = format!("the media type `{media_type}` is declared twice");
        let hint = "parameters of media types are not distinguished; keep one of the two";
        let idle = match [known.2, value].map(|one| one.get("schema")) {
            [Some(first), Some(second)] if first != second => {
                schemas.refuse_key(&pointer, message, hint);
                continue;
            }
            [None, Some(_)] => {
                known.2 = value;
                std::mem::replace(&mut known.1, pointer)
            }
            _ => pointer,
        };
        let message = format!("{message}, and this one has no effect");
        schemas.planner.problems.warn_key(&idle, message, hint);
    }
    kept
}

/// A media type of a body.
pub(super) struct Place<'a> {
    pub(super) media_type: &'a str,
    pub(super) pointer: &'a str,
    pub(super) schema: Option<&'a str>,
    pub(super) in_request: bool,
    /// The same body can also be `application/json`.
    pub(super) has_json: bool,
}

/// What is read under the media type at `place`: nothing after a refusal; two bodies under a range that covers
/// JSON, whose other types cannot be looked into.
fn lower_media(schemas: &mut Schemas<'_>, place: &Place<'_>) -> Vec<(String, Body)> {
    let media_type = place.media_type.to_owned();
    if is_json(&media_type) {
        let value = match place.schema {
            Some(schema) => schemas.lower_schema(schema),
            None => any(),
        };
        return vec![(media_type, Body::Json(value))];
    }
    let is_form = media_type == "application/x-www-form-urlencoded";
    if !is_form && media_type != "multipart/form-data" {
        return raw::lower(schemas, place);
    }
    if place.in_request
        && let Some(form) = lower_form(schemas, place.schema, place.pointer, is_form)
    {
        let body = match is_form {
            true => Body::Form(form),
            false => Body::Multipart(form),
        };
        return vec![(media_type, body)];
    }
    let (message, hint) = match place.in_request {
        true => (
            format!("a body of `{media_type}` is an object: another one is handed over as it is"),
            "list the parts under `properties`",
        ),
        false => (
            format!("an answer of `{media_type}` is not looked into: it is handed over as it is"),
            "answer JSON to have it looked into",
        ),
    };
    let problems = &mut *schemas.planner.problems;
    problems.warn_key(place.pointer, message, hint);
    let body = match is_form {
        true => Body::Text(text()),
        false => Body::Binary(Size::default()),
    };
    vec![(media_type, body)]
}

/// Any text.
pub(super) fn text() -> Use {
    Use {
        shape: Shape::String(StringRules::default()),
        nullable: false,
    }
}
