//! The contract as progenitor can read it: OpenAPI 3.0.3 in which every schema is a scalar or a
//! reference to a component that stands for one of our types.
//!
//! It is written from the model rather than from the document. The model has already resolved what
//! 3.1 adds (type arrays, `const`, numeric exclusive bounds) and named every inline schema, and
//! validation is not progenitor's business here. So progenitor emits no types of its own, and none
//! of its or typify's assertions can meet a construct it does not expect.

use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Map, Value as Json, json};

use super::plan::{Plan, Success, Value};
use super::rust::{Argument, Context};
use crate::model::{Body, Location, Parameter};
use crate::write::docs;

/// The document, and the settings under which progenitor reads it.
pub(super) struct Lowered {
    pub(super) document: Json,
    pub(super) settings: GenerationSettings,
}

/// Writes down the operations of `plans` that progenitor does.
pub(super) fn lower(context: &Context<'_>, plans: &[Plan<'_>]) -> Lowered {
    let mut types = Types::default();
    let mut paths = Map::new();
    for plan in plans.iter().filter(|plan| plan.progenitor) {
        let item = paths
            .entry(plan.operation.path.clone())
            .or_insert_with(|| json!({}));
        item[plan.operation.method.as_str().to_ascii_lowercase()] =
            operation(context, plan, &mut types);
    }
    let mut info = json!({ "title": docs::line(&context.api.title), "version": header_text(&context.api.version) });
    if let Some(description) = &context.api.description {
        info["description"] = docs::prose(description).into();
    }
    let schemas: Map<String, Json> = types
        .names()
        .map(|name| (name, json!({ "type": "object" })))
        .collect();
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(support::Inner));
    for (name, rust) in types.names().zip(&types.rust) {
        // Parameters are turned into text, which every scalar of ours can.
        settings.with_replacement(name, rust, [TypeImpl::Display].into_iter());
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": info,
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Lowered { document, settings }
}

/// Components that stand for Rust types.
#[derive(Default)]
struct Types {
    rust: Vec<String>,
}

impl Types {
    fn reference(&mut self, rust: &TokenStream) -> Json {
        let rust = rust.to_string();
        let index = self
            .rust
            .iter()
            .position(|one| *one == rust)
            .unwrap_or_else(|| {
                self.rust.push(rust);
                self.rust.len() - 1
            });
        json!({ "$ref": format!("#/components/schemas/{}", Types::name(index)) })
    }

    fn name(index: usize) -> String {
        format!("T{index}")
    }

    fn names(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.rust.len()).map(Types::name)
    }
}

fn operation(context: &Context<'_>, plan: &Plan<'_>, types: &mut Types) -> Json {
    let operation = plan.operation;
    let mut lowered = json!({ "operationId": operation.snake, "responses": {} });
    if let Some(summary) = &operation.summary {
        lowered["summary"] = docs::line(summary).into();
    }
    let mut description = operation
        .description
        .as_deref()
        .map(docs::prose)
        .unwrap_or_default();
    if operation.deprecated {
        description = format!("**Deprecated.** {description}")
            .trim_end()
            .to_owned();
    }
    lowered["description"] = description.into();
    let parameters: Vec<Json> = plan
        .parameters
        .iter()
        .map(|parameter| self::parameter(context, parameter, types))
        .collect();
    lowered["parameters"] = parameters.into();
    if let Some(content) = plan.body {
        let schema = match &content.body {
            Body::Json(body) => types.reference(&context.body_type(body, false)),
            Body::Text(_) => json!({ "type": "string" }),
            _ => json!({ "type": "string", "format": "binary" }),
        };
        let mut body = json!({ "required": true, "content": {} });
        body["content"][&content.media_type] = json!({ "schema": schema });
        if let Some(text) = operation
            .body
            .as_ref()
            .and_then(|body| body.description.as_deref())
        {
            body["description"] = docs::line(text).into();
        }
        lowered["requestBody"] = body;
    }
    // Only for `Accept`: what becomes of answers is ours.
    if let Success::One(value) = &plan.success {
        lowered["responses"]["2XX"] = answer(value, types);
    }
    lowered
}

fn parameter(context: &Context<'_>, parameter: &Parameter, types: &mut Types) -> Json {
    let schema = match Argument::of(context, &parameter.value) {
        Argument::Text => json!({ "type": "string" }),
        Argument::Integer(name) => {
            let format = match name.as_str() {
                "u64" => "uint64",
                "u32" => "uint32",
                "i32" => "int32",
                _ => "int64",
            };
            json!({ "type": "integer", "format": format })
        }
        Argument::Number => json!({ "type": "number", "format": "double" }),
        Argument::Boolean => json!({ "type": "boolean" }),
        argument @ (Argument::Enum(_) | Argument::Formatted(_)) => {
            types.reference(&argument.tokens(context))
        }
        Argument::List(item) => types.reference(&quote!(Vec<#item>)),
        Argument::Borrowed(plain) => types.reference(&plain),
    };
    let mut lowered = json!({
        "name": parameter.wire,
        "in": match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        },
        "required": parameter.required,
        "schema": schema,
    });
    if let Some(description) = &parameter.description {
        lowered["description"] = docs::line(description).into();
    }
    lowered
}

fn answer(value: &Value, types: &mut Types) -> Json {
    match value {
        Value::Json { rust, .. } => json!({
            "description": "",
            "content": { "application/json": { "schema": types.reference(rust) } },
        }),
        Value::Raw { .. } => json!({
            "description": "",
            "content": { "application/octet-stream": {} },
        }),
        Value::Media { .. }
        | Value::Sequence { .. }
        | Value::Plain { .. }
        | Value::Text
        | Value::Bytes
        | Value::Empty => {
            json!({ "description": "" })
        }
    }
}

/// `version` as progenitor needs it: the value of a header, which it makes without looking.
fn header_text(version: &str) -> String {
    version
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .collect()
}
