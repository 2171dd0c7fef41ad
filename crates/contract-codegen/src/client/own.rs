//! Methods for what progenitor does not do, in the same style: arguments in its order, its
//! answer and error types, its kind of documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ImplItemFn;

use super::answers::{arms, error_type, success_type};
use super::plan::{Plan, Value};
use super::rust::{self, Argument, Context};
use crate::model::{Body, Location, Method, Notation, Parameter, Part, Shape, Style};
use crate::write::docs;

/// Names that the body of a method uses itself.
const TAKEN: [&str; 4] = ["call", "encode_path", "response", "self"];

/// The method of `plan`.
pub(super) fn method(context: &Context<'_>, plan: &Plan<'_>) -> ImplItemFn {
    let mut writer = Writer {
        context,
        plan,
        taken: TAKEN.map(str::to_owned).into(),
        arguments: Vec::new(),
        generic: false,
        steps: Vec::new(),
    };
    writer.parameters();
    writer.body();
    writer.finish()
}

struct Writer<'p, 'm> {
    context: &'p Context<'p>,
    plan: &'p Plan<'m>,
    taken: BTreeSet<String>,
    arguments: Vec<(Place, Ident, TokenStream, Option<String>)>,
    generic: bool,
    /// Calls on the request that is built.
    steps: Vec<TokenStream>,
}

/// Progenitor's order of arguments.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Path,
    Query,
    Body,
    Header,
}

impl Writer<'_, '_> {
    fn argument(
        &mut self,
        place: Place,
        name: &str,
        rust: TokenStream,
        doc: Option<&str>,
    ) -> Ident {
        let mut name = name.to_owned();
        while !self.taken.insert(name.trim_start_matches("r#").to_owned()) {
            name.push('_');
        }
        let name = rust::ident(&name);
        self.arguments
            .push((place, name.clone(), rust, doc.map(docs::line)));
        name
    }

    fn parameters(&mut self) {
        let plan = self.plan;
        let place = |parameter: &Parameter| match parameter.location {
            Location::Path => Place::Path,
            Location::Query => Place::Query,
            Location::Header | Location::Cookie => Place::Header,
        };
        let mut parameters = plan.parameters.clone();
        parameters.sort_by_key(|parameter| match parameter.location {
            Location::Path => {
                let at = plan.operation.path.find(&format!("{{{}}}", parameter.wire));
                (Place::Path, at, String::new())
            }
            _ => (place(parameter), None, parameter.wire.clone()),
        });
        let mut path_values = Vec::new();
        for parameter in parameters {
            let argument = Argument::of(self.context, &parameter.value);
            let plain = argument.tokens(self.context);
            let required = parameter.required || parameter.location == Location::Path;
            let rust = if required {
                plain
            } else {
                quote!(Option<#plain>)
            };
            let name = self.argument(
                place(parameter),
                &parameter.ident,
                rust,
                parameter.description.as_deref(),
            );
            let wire = &parameter.wire;
            let value = match required {
                true => quote!(Some(&#name)),
                false => quote!(#name.as_ref()),
            };
            if let Style::Structured(written) = parameter.style {
                let written = written_as(written);
                match parameter.location {
                    Location::Path => path_values
                        .push(quote!((#wire, support::path::structured(#wire, #written, &#name)))),
                    location => {
                        let place = format_ident!("{}", format!("{location:?}"));
                        self.steps.push(quote!(
                            .structured(support::Place::#place, #wire, #written, #value)
                        ));
                    }
                }
                continue;
            }
            match parameter.location {
                Location::Path => path_values.push(quote!((#wire, support::path::value(&#name)))),
                Location::Query if is_map(self.context, parameter) => {
                    let known = self.context.api.query_names(plan.operation, wire);
                    self.steps
                        .push(quote!(.query_map(#wire, &[#(#known),*], #value)));
                }
                Location::Query => {
                    let style = style(parameter.style);
                    self.steps.push(quote!(.query(#wire, #style, #value)));
                }
                Location::Header => self.steps.push(quote!(.header(#wire, #value))),
                Location::Cookie => self.steps.push(quote!(.cookie(#wire, #value))),
            }
        }
        let method = method_of(&plan.operation.method);
        let accept = accept(plan);
        let (operation, path) = (&plan.operation.snake, &plan.operation.path);
        let url = match path_values.as_slice() {
            [] => {
                let template = format!("{{}}{path}");
                quote!(format!(#template, self.baseurl))
            }
            values => quote!(self.inner.url(&self.baseurl, #operation, &[#(#values),*])?),
        };
        let fixed = plan.operation.query.iter();
        let fixed =
            fixed.map(|(name, value)| quote!(.query(#name, support::Style::Commas, Some(#value))));
        self.steps.insert(
            0,
            quote!(support::Call::new(#method, #url) #(#fixed)* #accept),
        );
    }

    fn body(&mut self) {
        let Some(content) = self.plan.body else {
            return;
        };
        let media_type = &content.media_type;
        let doc = self
            .plan
            .operation
            .body
            .as_ref()
            .and_then(|body| body.description.clone());
        let doc = doc.as_deref();
        let required = self.plan.body_required;
        let wrap = |plain: TokenStream| {
            if required {
                plain
            } else {
                quote!(Option<#plain>)
            }
        };
        // A required body is handed on as an optional one that is there.
        let given = |name: &Ident| {
            if required {
                quote!(Some(#name))
            } else {
                quote!(#name)
            }
        };
        match &content.body {
            Body::Json(value) => {
                let plain = self.context.body_type(value, false);
                let name = self.argument(Place::Body, "body", wrap(quote!(&'a #plain)), doc);
                let given = given(&name);
                self.steps.push(quote!(.json(#media_type, #given)));
            }
            Body::Text => {
                let name = self.argument(Place::Body, "body", wrap(quote!(&'a str)), doc);
                let given = given(&name);
                self.steps
                    .push(quote!(.raw(#media_type, #given.map(str::to_owned))));
            }
            Body::Binary => {
                self.generic = true;
                let name = self.argument(Place::Body, "body", wrap(quote!(B)), doc);
                let given = given(&name);
                self.steps.push(quote!(.raw(#media_type, #given)));
            }
            Body::Multipart(form) => {
                let steps = self.parts(&form.parts, true);
                self.steps
                    .push(quote!(.multipart(support::Multipart::new() #(#steps)*)));
            }
            Body::Form(form) => {
                let steps = self.parts(&form.parts, false);
                self.steps
                    .push(quote!(.form(support::Form::new() #(#steps)*)));
            }
        }
    }

    fn parts(&mut self, parts: &[Part], multipart: bool) -> Vec<TokenStream> {
        let mut steps = Vec::new();
        for part in parts {
            let is_file = |shape: &Shape| *shape == Shape::Binary;
            let shape = self.context.api.shape(&part.value);
            let (plain, step) = match shape {
                Shape::Binary => (quote!(&'a Upload), quote!(file)),
                Shape::Array(item, _) if is_file(&item.shape) => {
                    (quote!(&'a [Upload]), quote!(files))
                }
                _ => {
                    let argument = Argument::of(self.context, &part.value);
                    // What is plain is written as text, a list as one part for each item.
                    let is_json = multipart && matches!(argument, Argument::Borrowed(_));
                    let step = if is_json { quote!(json) } else { quote!(field) };
                    (argument.tokens(self.context), step)
                }
            };
            let rust = if part.required {
                plain
            } else {
                quote!(Option<#plain>)
            };
            let name = self.argument(Place::Body, &part.ident, rust, part.description.as_deref());
            let wire = &part.wire;
            steps.push(match (step.to_string().as_str(), part.required) {
                ("field" | "json", true) => quote!(.#step(#wire, Some(&#name))),
                ("field" | "json", false) => quote!(.#step(#wire, #name.as_ref())),
                (_, true) => quote!(.#step(#wire, Some(#name))),
                (_, false) => quote!(.#step(#wire, #name)),
            });
        }
        steps
    }

    fn finish(mut self) -> ImplItemFn {
        let plan = self.plan;
        self.arguments.sort_by_key(|(place, ..)| *place);
        let name = rust::ident(&plan.name);
        let id = &plan.operation.snake;
        let success = success_type(plan);
        let error = error_type(plan);
        let generics = if self.generic {
            quote!(<'a, B: Into<reqwest::Body>>)
        } else {
            quote!(<'a>)
        };
        let arguments = self
            .arguments
            .iter()
            .map(|(_, name, rust, _)| quote!(#name: #rust));
        let steps = &self.steps;
        let arms = arms(plan);
        let doc = self.doc();
        syn::parse_quote! {
            #[doc = #doc]
            pub async fn #name #generics (&'a self, #(#arguments),*)
                -> Result<ResponseValue<#success>, Error<#error>>
            {
                let call = #(#steps)*;
                let response = self.inner.send(&self.client, call, #id).await?;
                match response.status().as_u16() {
                    #arms
                }
            }
        }
    }

    fn doc(&self) -> String {
        let operation = self.plan.operation;
        let mut doc = String::new();
        if let Some(summary) = &operation.summary {
            let _ = write!(
                doc,
                "{}\n\n",
                docs::line(summary).trim_end_matches(['.', ','])
            );
        }
        if operation.deprecated {
            doc.push_str("**Deprecated.**\n\n");
        }
        if let Some(description) = &operation.description {
            let _ = write!(doc, "{}\n\n", docs::prose(description));
        }
        let method = operation.method.as_str();
        let _ = write!(doc, "Sends a `{method}` request to `{}`", operation.path);
        if let Some(content) = self.plan.body {
            let _ = write!(doc, " with a body of type `{}`", content.media_type);
        }
        doc.push_str("\n\n");
        if self.arguments.iter().any(|(.., doc)| doc.is_some()) {
            doc.push_str("Arguments:\n");
            for (_, name, _, text) in &self.arguments {
                let _ = match text {
                    Some(text) => writeln!(doc, "- `{name}`: {text}"),
                    None => writeln!(doc, "- `{name}`"),
                };
            }
        }
        doc
    }
}

fn method_of(method: &Method) -> TokenStream {
    match method {
        Method::Query | Method::Other(_) => {
            let name = method.as_str();
            quote!(support::method(#name))
        }
        method => {
            let name = format_ident!("{}", method.as_str());
            quote!(reqwest::Method::#name)
        }
    }
}

fn accept(plan: &Plan<'_>) -> Option<TokenStream> {
    let (successes, errors) = plan.values();
    let mut types: Vec<&str> = Vec::new();
    for value in successes.into_iter().chain(errors) {
        match value {
            Value::Json { media_type, .. }
            | Value::Raw {
                media_type: Some(media_type),
            } => types.push(media_type),
            Value::Media { choices, .. } => {
                types.extend(choices.iter().map(|choice| choice.media_type.as_str()));
            }
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    types.retain(|one| seen.insert(*one));
    let types = types.join(", ");
    (!types.is_empty()).then(|| quote!(.accept(#types)))
}

fn written_as(written: Notation) -> TokenStream {
    let (name, explode) = written.variant();
    let name = format_ident!("{name}");
    match explode {
        Some(explode) => quote!(support::Notation::#name(#explode)),
        None => quote!(support::Notation::#name),
    }
}

fn style(style: Style) -> TokenStream {
    match style {
        Style::Commas => quote!(support::Style::Commas),
        Style::Repeated => quote!(support::Style::Repeated),
        Style::Spaces => quote!(support::Style::Spaces),
        Style::Pipes | Style::Structured(_) => quote!(support::Style::Pipes),
    }
}

fn is_map(context: &Context<'_>, parameter: &Parameter) -> bool {
    matches!(context.api.shape(&parameter.value), Shape::Map(..))
}
