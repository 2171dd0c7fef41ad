//! Request bodies, answers, their content and headers.

use std::collections::HashSet;

use contract_document::child;
use serde_json::Value;

use super::parameters::is_token;
use super::status::{status, status_ident, status_phrase};
use crate::lower::names::{Names, escaped, snake};
use crate::lower::schemas::facts::{Extra, Facts, Part as SchemaPart};
use crate::lower::schemas::plan::Plan;
use crate::lower::schemas::values::Types;
use crate::lower::{Lowering, examples, flag, owned, text};
use crate::model::{
    Answer, Body, Content, Header, Method, Part, RequestBody, Shape, Status, StringRules, Use,
};

/// The extension, at the root of a contract, that says what a missing body is read as.
const MISSING_BODY: &str = "x-missing-body";

/// Whether a media type is JSON.
pub(in crate::lower) fn is_json(media_type: &str) -> bool {
    let name = essence(media_type);
    name == "application/json" || name.ends_with("+json")
}

/// A media type in lower case, without parameters.
fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
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

impl<'a> Lowering<'a> {
    pub(in crate::lower) fn lower_body(
        &mut self,
        operation: &str,
        method: Method,
    ) -> Option<RequestBody> {
        let used = child(operation, "requestBody");
        self.get(&used)?;
        let (pointer, value) = self.resolve(&used)?;
        if matches!(method, Method::Get | Method::Head | Method::Trace) {
            self.refuse_key(
                &used,
                "a GET, HEAD or TRACE request has no body",
                "pass the values as query parameters, or use POST",
            );
        }
        let content = self.lower_content(&pointer, true);
        if content.is_empty() && value.get("content").is_some_and(Value::is_object) {
            let at = child(&pointer, "content");
            if self.all_entries(&at).is_empty() {
                self.refuse(
                    &at,
                    "the body has no media type",
                    "declare one, or remove the body",
                );
            }
        }
        Some(RequestBody {
            required: flag(value, "required"),
            missing_is_empty: self.missing_is_empty(),
            content,
            description: owned(value, "description"),
        })
    }

    /// Whether the contract has missing bodies read as `{}`.
    fn missing_is_empty(&mut self) -> bool {
        let at = format!("/{MISSING_BODY}");
        match self.get(&at) {
            None => false,
            Some(Value::Object(fields)) if fields.is_empty() => true,
            Some(_) => {
                self.refuse(
                    &at,
                    format!("`{MISSING_BODY}` can only be an empty object"),
                    "write `{}`, or remove it: a missing body that is required is then refused",
                );
                false
            }
        }
    }

    pub(in crate::lower) fn lower_answers(&mut self, operation: &str) -> Vec<Answer> {
        let responses = child(operation, "responses");
        let mut answers = Vec::new();
        let entries = self.entries(&responses);
        if entries.is_empty() {
            self.refuse_key(
                operation,
                "the operation declares no answer",
                "add `responses`",
            );
        }
        for (key, used, _) in entries {
            let Some(status) = status(key) else {
                self.refuse_key(
                    &used,
                    format!("`{key}` is no status"),
                    "use `200`, a range such as `4XX`, or `default`",
                );
                continue;
            };
            let Some((pointer, value)) = self.resolve(&used) else {
                continue;
            };
            let content = self.lower_content(&pointer, false);
            if let Some((problem, hint)) = impossible(status, &content) {
                let message = format!("an answer with status `{key}` {problem}");
                self.refuse_key(&used, message, hint);
            }
            let described = owned(value, "description").filter(|text| !text.trim().is_empty());
            answers.push(Answer {
                status,
                ident: status_ident(status),
                description: described.unwrap_or_else(|| status_phrase(status)),
                content,
                headers: self.lower_headers(&pointer),
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

    /// The media types of the body or answer at `pointer`.
    fn lower_content(&mut self, pointer: &str, in_request: bool) -> Vec<Content> {
        let mut contents: Vec<Content> = Vec::new();
        for (key, pointer, value) in self.all_entries(&child(pointer, "content")) {
            let media_type = essence(key);
            if contents.iter().any(|known| known.media_type == media_type) {
                self.refuse_key(
                    &pointer,
                    format!("the media type `{media_type}` is declared twice"),
                    "parameters of media types are not distinguished; keep one of the two",
                );
                continue;
            }
            let schema = child(&pointer, "schema");
            let schema = value.get("schema").map(|_| schema);
            let body = self.lower_media(&media_type, &pointer, schema.as_deref(), in_request);
            if let Some(body) = body {
                let streamed = self.streamed(&pointer, value, &body, in_request);
                contents.push(Content {
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
        &mut self,
        media_type: &str,
        pointer: &str,
        schema: Option<&str>,
        in_request: bool,
    ) -> Option<Body> {
        let is_form = media_type == "application/x-www-form-urlencoded";
        if is_json(media_type) {
            return Some(Body::Json(match schema {
                Some(schema) => self.lower_schema(schema),
                None => crate::lower::schemas::build::any(),
            }));
        }
        if is_form || media_type == "multipart/form-data" {
            if !in_request {
                self.refuse(
                    pointer,
                    format!("an answer of `{media_type}` is not supported"),
                    "answer JSON, text or bytes",
                );
                return None;
            }
            let parts = self.lower_parts_of_form(schema, pointer, is_form)?;
            return Some(if is_form {
                Body::Form(parts)
            } else {
                Body::Multipart(parts)
            });
        }
        let is_text = media_type.starts_with("text/");
        if let Some(schema) = schema
            && !self.is_opaque(schema, is_text)
        {
            self.refuse(
                schema,
                format!(
                    "a body of `{media_type}` is not looked into, so constraints have no effect"
                ),
                "use `type: string` without constraints, or JSON",
            );
            return None;
        }
        if media_type.contains('*') && !is_text {
            self.refuse_key(
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
    fn is_opaque(&mut self, schema: &str, is_text: bool) -> bool {
        let parts = [SchemaPart::new(schema)];
        if self.reduced(&parts, None).is_empty() {
            return true;
        }
        let Some(planned) = self.plan(&parts) else {
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

    /// The parts of a form: the properties of its schema.
    fn lower_parts_of_form(
        &mut self,
        schema: Option<&str>,
        pointer: &str,
        is_form: bool,
    ) -> Option<Vec<Part>> {
        let Some(schema) = schema else {
            self.refuse(
                pointer,
                "the form has no `schema`",
                "add one with `type: object`",
            );
            return None;
        };
        self.check_encoding(&child(pointer, "encoding"), schema);
        let planned = self.plan(&[SchemaPart::new(schema)])?;
        let facts = planned.facts;
        let is_object = matches!(planned.plan, Plan::One(Types::OBJECT) | Plan::Same(_));
        if !is_object || facts.properties.is_empty() {
            self.refuse(
                schema,
                "a form must be an object with `properties`",
                "list the parts under `properties`",
            );
            return None;
        }
        self.check_form(&facts, schema);
        let hint = self.hint(schema);
        let mut names = Names::default();
        let mut parts = Vec::new();
        for (wire, places) in &facts.properties {
            let (read_only, _) = self.directions(wire, places);
            // Not for requests, which forms are.
            if read_only {
                continue;
            }
            if !is_form && wire.contains(|c: char| c.is_control() || c == '"' || c == '\\') {
                let at = places.first().map(|part| part.pointer.as_str());
                self.refuse_key(
                    at.unwrap_or(schema),
                    format!("`{wire}` cannot be the name of a part"),
                    "use letters, digits, `-` and `_`",
                );
                continue;
            }
            let mut value = self.lower_parts(places, &hint.inner(wire));
            if value.shape == Shape::Any && !is_form {
                value.shape = Shape::Binary;
            }
            value.nullable = false;
            if matches!(self.shape_of(&value), Some(Shape::Array(..))) {
                self.without_null(&mut value);
            }
            let at = places
                .first()
                .map(|part| part.pointer.clone())
                .unwrap_or_default();
            if !self.is_part(&value, is_form) {
                self.refuse(
                    &at,
                    format!("the part `{wire}` cannot be written in a form"),
                    if is_form {
                        "use text, numbers, booleans, an `enum` of text, or lists of these"
                    } else {
                        "use a file, a plain value, an object, or a list of files or plain values"
                    },
                );
                continue;
            }
            let description = places.iter().find_map(|part| {
                self.get(&part.pointer)
                    .and_then(crate::lower::schemas::build::documentation)
            });
            parts.push(Part {
                wire: wire.clone(),
                ident: escaped(names.claim(&snake(wire))),
                value,
                required: facts.is_required(wire),
                description,
            });
        }
        self.build_all_pending();
        Some(parts)
    }

    /// Refuses what is said of a form as a whole: its fields are looked at one by one, and others
    /// are passed over.
    fn check_form(&mut self, facts: &Facts<'_>, schema: &str) {
        let unlisted = facts
            .required
            .iter()
            .find(|(name, _)| facts.properties.iter().all(|(known, _)| known != name));
        if let Some((name, at)) = unlisted {
            let message = format!("`{name}` is required, and no property of the form");
            self.refuse(at, message, "list it under `properties`");
        }
        let is_closed = matches!(facts.extra, Extra::Denied | Extra::Parts(_));
        for (is_said, key, hint) in [
            (
                facts.object.min_properties.is_some(),
                "minProperties",
                "list what is needed under `required`",
            ),
            (
                facts.object.max_properties.is_some(),
                "maxProperties",
                "describe the rule in `description`",
            ),
            (
                is_closed,
                "additionalProperties",
                "remove it: fields that are not listed are passed over",
            ),
        ] {
            if is_said {
                let message = format!("`{key}` of a form is not supported");
                self.refuse(schema, message, hint);
            }
        }
    }

    fn is_part(&self, value: &Use, is_form: bool) -> bool {
        match self.shape_of(value) {
            Some(Shape::Array(item, _)) => {
                self.is_plain(&item) || (!is_form && self.shape_of(&item) == Some(Shape::Binary))
            }
            None | Some(Shape::Binary | Shape::Map(..)) => !is_form || self.is_plain(value),
            Some(_) => self.is_plain(value),
        }
    }

    /// `encoding` may name the media type of parts; anything else would change how they are
    /// written.
    fn check_encoding(&mut self, encoding: &str, schema: &str) {
        let facts = self.facts(&[SchemaPart::new(schema)]);
        for (part, pointer, value) in self.all_entries(encoding) {
            let known = facts
                .as_ref()
                .is_none_or(|facts| facts.properties.iter().any(|(name, _)| name == part));
            if !known {
                let message = format!("`{part}` is no property of the form");
                self.refuse_key(&pointer, message, "correct the name, or remove the entry");
            }
            let style_is_default = text(value, "style").is_none_or(|style| style == "form")
                && value
                    .get("explode")
                    .is_none_or(|explode| explode == &Value::Bool(true))
                && !flag(value, "allowReserved");
            if !style_is_default || value.get("headers").is_some() {
                self.refuse(
                    &pointer,
                    format!("the encoding of `{part}` is not supported"),
                    "only `contentType` may be stated; lists are written as repeated parts",
                );
            }
        }
    }

    fn lower_headers(&mut self, answer: &str) -> Vec<Header> {
        let mut names = Names::default();
        let mut seen = HashSet::new();
        let mut headers = Vec::new();
        for (wire, used, _) in self.all_entries(&child(answer, "headers")) {
            // The media type of the answer says this already; OpenAPI has it ignored here.
            if wire.eq_ignore_ascii_case("content-type") {
                continue;
            }
            if !seen.insert(wire.to_ascii_lowercase()) {
                let message = format!("the header `{wire}` is declared twice");
                self.refuse_key(
                    &used,
                    message,
                    "header names have no case; keep one of the two",
                );
                continue;
            }
            if !is_token(wire) {
                self.refuse_key(
                    &used,
                    format!("`{wire}` cannot be the name of a header"),
                    "use letters, digits, `-` and `_`",
                );
                continue;
            }
            let Some((pointer, value)) = self.resolve(&used) else {
                continue;
            };
            let schema = child(&pointer, "schema");
            if value.get("schema").is_none() {
                self.refuse(
                    &pointer,
                    format!("the header `{wire}` has no `schema`"),
                    "describe it by `schema`; `content` is not supported",
                );
                continue;
            }
            let mut lowered = self.lower_schema(&schema);
            lowered.nullable = false;
            if lowered.shape == Shape::Any {
                lowered.shape = Shape::String(StringRules::default());
            }
            if !self.is_plain(&lowered) {
                self.refuse(
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
            });
        }
        headers
    }
}
