//! Methods for what progenitor does not do, in the same style: arguments in its order, its
//! answer and error types, its kind of documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ImplItemFn;

use super::answers::{arms, error_type, success_type};
use super::params::Named;
use super::plan::{Plan, Value};
use super::rust::{self, Argument, Context};
use super::sequence;
use crate::model::{
    Body, Form, Location, Method, Notation, Parameter, Part, Shape, Style, Use, Writing,
};
use crate::write::docs;

/// Names that the body of a method uses itself.
const TAKEN: [&str; 5] = ["again", "call", "encode_path", "response", "self"];

/// The method of `plan`, and what it can be told by name.
pub(super) fn method(context: &Context<'_>, plan: &Plan<'_>) -> (ImplItemFn, Vec<Named>) {
    let mut writer = Writer {
        context,
        plan,
        taken: TAKEN.map(str::to_owned).into(),
        arguments: Vec::new(),
        named: Vec::new(),
        generic: TokenStream::new(),
        steps: Vec::new(),
    };
    writer.parameters();
    writer.body();
    let named = std::mem::take(&mut writer.named);
    (writer.finish(), named)
}

struct Writer<'p, 'm> {
    context: &'p Context<'p>,
    plan: &'p Plan<'m>,
    taken: BTreeSet<String>,
    arguments: Vec<(Place, Ident, TokenStream, Option<String>)>,
    named: Vec<Named>,
    /// Further type parameters.
    generic: TokenStream,
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
            if parameter.location != Location::Path {
                self.named
                    .push(Named::parameter(&name.to_string(), parameter));
            }
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
        let label = match content.is_open() {
            true => {
                let doc = format!("the media type of the body, one of `{media_type}`");
                let name = self.argument(Place::Body, "content_type", quote!(&'a str), Some(&doc));
                self.steps.push(quote!(.of_range(#media_type, #name)));
                quote!(#name)
            }
            false => quote!(#media_type),
        };
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
                self.steps.push(quote!(.json(#label, #given)));
            }
            Body::Text(text) if matches!(self.context.api.shape(text), Shape::String(_)) => {
                let name = self.argument(Place::Body, "body", wrap(quote!(&'a str)), doc);
                let given = given(&name);
                self.steps
                    .push(quote!(.raw(#label, #given.map(str::to_owned))));
            }
            Body::Text(text) => {
                let plain = Argument::of(self.context, text).tokens(self.context);
                let name = self.argument(Place::Body, "body", wrap(plain), doc);
                let given = match required {
                    true => quote!(Some(&#name)),
                    false => quote!(#name.as_ref()),
                };
                self.steps.push(quote!(.text(#label, #given)));
            }
            Body::Sequence(sequence) => {
                self.generic = sequence::given(self.context, sequence);
                let name = self.argument(Place::Body, "body", wrap(quote!(B)), doc);
                let step = sequence::step(sequence, media_type, &given(&name));
                self.steps.push(step);
            }
            Body::Binary(_) => {
                self.generic = quote!(, B: Into<reqwest::Body>);
                let name = self.argument(Place::Body, "body", wrap(quote!(B)), doc);
                let given = given(&name);
                self.steps.push(quote!(.raw(#label, #given)));
            }
            Body::Multipart(form) => {
                let steps = self.form(form, true);
                self.steps
                    .push(quote!(.multipart(support::Multipart::new() #(#steps)*)));
            }
            Body::Form(form) => {
                let steps = self.form(form, false);
                self.steps
                    .push(quote!(.form(support::Form::new() #(#steps)*)));
            }
        }
    }

    fn form(&mut self, form: &Form, multipart: bool) -> Vec<TokenStream> {
        if let Some(value) = &form.whole {
            let plain = self.context.body_type(value, false);
            let (plain, required) = (quote!(&'a #plain), self.plan.body_required);
            let rust = if required {
                plain
            } else {
                quote!(Option<#plain>)
            };
            let name = self.argument(Place::Body, "body", rust, None);
            let given = match required {
                true => quote!(Some(#name)),
                false => quote!(#name),
            };
            return vec![quote!(.fields("body", false, #given))];
        }
        let mut steps = Vec::new();
        for part in &form.parts {
            let step = self.part(part);
            if !part.media_types.is_empty() && multipart {
                let media_types = &part.media_types;
                steps.push(quote!(.of(&[#(#media_types),*])));
            }
            let required = part.headers.iter().filter(|header| header.required);
            let required: Vec<&str> = required.map(|header| header.wire.as_str()).collect();
            if !required.is_empty() {
                steps.push(quote!(.with_headers(&[#(#required),*])));
            }
            steps.push(step);
        }
        if let Some(value) = form.others.kept() {
            let known: Vec<&str> = form.parts.iter().map(|part| part.wire.as_str()).collect();
            let is_file = *self.context.api.shape(value) == Shape::Binary;
            let (item, step) = match is_file {
                true => (quote!(Upload), quote!(other_files)),
                false => (self.context.body_type(value, false), quote!(others)),
            };
            let rust = quote!(&'a std::collections::BTreeMap<String, #item>);
            let doc = Some("what is not listed, by name");
            let name = self.argument(Place::Body, "additional_properties", rust, doc);
            steps.push(quote!(.#step(&[#(#known),*], #name)));
        }
        steps
    }

    fn part(&mut self, part: &Part) -> TokenStream {
        let api = self.context.api;
        let is_file = |value: &Use| *api.shape(value) == Shape::Binary;
        let (wire, shape) = (&part.wire, api.shape(&part.value));
        let (plain, files) = match shape {
            Shape::Binary => (quote!(&'a Upload), Some(quote!(file))),
            Shape::Array(item, _) if is_file(item) => (quote!(&'a [Upload]), Some(quote!(files))),
            _ => {
                let argument = Argument::of(self.context, &part.value);
                (argument.tokens(self.context), None)
            }
        };
        let rust = if part.required {
            plain
        } else {
            quote!(Option<#plain>)
        };
        let name = self.argument(Place::Body, &part.ident, rust, part.description.as_deref());
        self.named.push(Named::part(&name.to_string(), part));
        if let Some(step) = files {
            return match part.required {
                true => quote!(.#step(#wire, Some(#name))),
                false => quote!(.#step(#wire, #name)),
            };
        }
        let given = match part.required {
            true => quote!(Some(&#name)),
            false => quote!(#name.as_ref()),
        };
        // What is plain is written as text, a list as one part for each item.
        let argument = Argument::of(self.context, &part.value);
        let is_json = matches!(argument, Argument::Borrowed(_));
        match part.writing {
            Writing::Plain if is_json => quote!(.json(#wire, #given)),
            Writing::Plain => quote!(.field(#wire, #given)),
            Writing::Json => quote!(.json(#wire, #given)),
            Writing::Value => quote!(.value(#wire, #given)),
            Writing::Pairs => quote!(.joined(#wire, support::Style::Commas, #given)),
            Writing::Joined(style) => {
                let style = self::style(style);
                quote!(.joined(#wire, #style, #given))
            }
            Writing::Fields => quote!(.fields(#wire, false, #given)),
            Writing::Deep => quote!(.fields(#wire, true, #given)),
        }
    }

    fn finish(mut self) -> ImplItemFn {
        let plan = self.plan;
        self.arguments.sort_by_key(|(place, ..)| *place);
        let name = rust::ident(&plan.name);
        let id = &plan.operation.snake;
        let success = success_type(plan);
        let error = error_type(plan);
        let generic = &self.generic;
        let generics = quote!(<'a #generic>);
        let arguments = self
            .arguments
            .iter()
            .map(|(_, name, rust, _)| quote!(#name: #rust));
        let steps = &self.steps;
        let arms = arms(plan);
        let sends_items = plan
            .body
            .is_some_and(|content| content.sequence().is_some());
        let takes_long = sends_items || plan.gives_items(|_| true);
        let send = match (takes_long, plan.gives_items(|events| events)) {
            (true, events) => {
                let again = if events { quote!(again) } else { quote!(_) };
                quote!(let (response, #again) = self.inner.open(&self.client, call, #id).await?;)
            }
            (false, _) => quote!(let response = self.inner.send(&self.client, call, #id).await?;),
        };
        let doc = self.doc();
        syn::parse_quote! {
            #[doc = #doc]
            pub async fn #name #generics (&'a self, #(#arguments),*)
                -> Result<ResponseValue<#success>, Error<#error>>
            {
                let call = #(#steps)*;
                #send
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
            | Value::Plain { media_type, .. }
            | Value::Sequence { media_type, .. } => {
                types.push(media_type);
            }
            Value::Raw { media_types } => types.extend(media_types.iter().map(String::as_str)),
            Value::Media { choices, .. } => {
                let all = choices.iter().flat_map(|choice| &choice.media_types);
                types.extend(all.map(String::as_str));
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
