//! How requests and answers describe themselves through utoipa: the code for builds that ask for
//! it.
//!
//! What is emitted points at the fields and variants of the generated items, whose types the
//! compiler knows, and makes a sample of each answer, whose status, media type and headers show
//! when it is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::parameters::field_name;
use crate::Contract;
use crate::model::{Answer, Body, Content, Form, Framing, Location, Operation, Parameter};
use crate::model::{Shape, Status, Style, Use};
use crate::write::ident;

/// Rust source that belongs behind that of [`super::generate`].
pub(crate) fn generate(contract: &Contract) -> String {
    let emitter = Emitter::new(contract);
    let operations = &emitter.api.operations;
    let described: TokenStream = operations
        .iter()
        .map(|operation| emitter.described(operation))
        .collect();
    let arms = operations.iter().map(|operation| {
        let name = ident(&operation.ident);
        let request = ident(&operation.request_type());
        let response = ident(&operation.response_type());
        quote!(Operation::#name => describe::operation::<#request, #response>(),)
    });
    let (title, version) = (&emitter.api.title, &emitter.api.version);
    let items = quote! {
        pub use support::describe;

        /// What this code says of itself.
        pub fn description() -> utoipa::openapi::OpenApi {
            describe::assemble::<Contract>(#title, #version, &Operation::ALL, |operation| {
                match operation { #(#arms)* }
            })
        }

        impl describe::DescribedContract for Contract {
            fn definitions() -> &'static types::describe::Components {
                static DEFINITIONS: std::sync::LazyLock<types::describe::Components> =
                    std::sync::LazyLock::new(types::descriptions);
                &DEFINITIONS
            }
        }

        /// What each request and answer says of itself.
        #[allow(unreachable_patterns, reason = "some enums have a single variant")]
        mod described {
            use super::*;
            use utoipa::openapi::path::ParameterIn;

            #described
        }
    };
    let file: syn::File = syn::parse2(items).expect("the generator writes Rust");
    format!("\n{}", prettyplease::unparse(&file))
}

impl Emitter<'_> {
    fn described(&self, operation: &Operation) -> TokenStream {
        let name = ident(&operation.ident);
        let request = ident(&operation.request_type());
        let response = ident(&operation.response_type());
        let facts = operation.parameters.iter().map(|parameter| {
            let wire = &parameter.wire;
            let place = ident(match parameter.location {
                Location::Path => "Path",
                Location::Query => "Query",
                Location::Header => "Header",
                Location::Cookie => "Cookie",
            });
            if self.api.is_credential(operation, parameter) {
                return quote!(describe::credential(#wire, ParameterIn::#place));
            }
            let rule = self.constraint(&parameter.value);
            if operation.is_condition(parameter) {
                let plain = self.types.base_type(&parameter.value, false);
                return quote!(describe::condition::<_, #plain>(#wire, ParameterIn::#place, #rule));
            }
            let field = field_name(operation, parameter);
            let joined = self.joined(parameter);
            quote! {
                describe::parameter(#wire, ParameterIn::#place, #rule, |it: &Self| &it.#field)
                #joined
            }
        });
        let body = self.described_body(operation);
        let answers = operation.answers.iter();
        let answers = answers.flat_map(|answer| self.described_answer(answer));
        quote! {
            impl describe::Described for #request {
                type Contract = Contract;
                const OPERATION: Operation = Operation::#name;

                fn facts() -> Vec<describe::Fact<Self>> { vec![#(#facts),*] }

                fn body() -> Option<utoipa::openapi::request_body::RequestBody> { #body }
            }

            impl utoipa::IntoParams for #request {
                fn into_params(
                    _: impl Fn() -> Option<ParameterIn>,
                ) -> Vec<utoipa::openapi::path::Parameter> {
                    describe::parameters::<Self>()
                }
            }

            impl utoipa::IntoResponses for #response {
                fn responses() -> std::collections::BTreeMap<
                    String,
                    utoipa::openapi::RefOr<utoipa::openapi::Response>,
                > {
                    describe::responses(vec![#(#answers),*])
                }
            }
        }
    }

    /// How the values of a list stand together, unless that is the default of its place.
    fn joined(&self, parameter: &Parameter) -> Option<TokenStream> {
        let list = matches!(self.api.shape(&parameter.value), Shape::Array(..));
        let default = match parameter.location {
            Location::Query | Location::Cookie => Style::Repeated,
            Location::Path | Location::Header => Style::Commas,
        };
        let style = ident(match parameter.style {
            style if !list || style == default => return None,
            Style::Commas | Style::Repeated => "Form",
            Style::Spaces => "SpaceDelimited",
            Style::Pipes => "PipeDelimited",
            Style::Structured(_) => return None,
        });
        Some(quote!(.joined(utoipa::openapi::path::ParameterStyle::#style)))
    }

    fn described_body(&self, operation: &Operation) -> TokenStream {
        let Some(body) = &operation.body else {
            return quote!(None);
        };
        let required = body.required;
        // Whether it may be missing shows in the field, which would not compile otherwise.
        let whole = match required {
            true => quote!(Some(&it.body)),
            false => quote!(it.body.as_ref()),
        };
        let several = body.ident.as_ref().map(|name| ident(name));
        let contents = body.content.iter().map(|content| {
            let media_type = &content.media_type;
            let get = match &several {
                None => quote!(|it: &Self| #whole),
                Some(name) => {
                    let variant = ident(&content.ident);
                    quote!(|it: &Self| #whole.and_then(|body| match body {
                        #name::#variant(body) => Some(body),
                        _ => None
                    }))
                }
            };
            let described = match &content.body {
                Body::Multipart(form) | Body::Form(form) => match &form.whole {
                    None => self.described_form(form),
                    Some(value) => {
                        let rule = self.whole_rule(value);
                        quote!(describe::content(#get, #rule))
                    }
                },
                _ => self.described_content(content, &get),
            };
            quote!((#media_type, #described))
        });
        quote!(describe::body(#required, vec![#(#contents),*]))
    }

    fn described_form(&self, form: &Form) -> TokenStream {
        let name = ident(&form.ident);
        let parts = form.parts.iter().map(|part| {
            let (wire, required, field) = (&part.wire, part.required, ident(&part.ident));
            let rule = match self.api.shape(&part.value) {
                Shape::Binary => quote!(None),
                _ => self.whole_rule(&part.value),
            };
            quote!((#wire, #required, describe::field(|it: &#name| &it.#field), #rule))
        });
        quote!(describe::form(vec![#(#parts),*]))
    }

    fn described_content(&self, content: &Content, get: &TokenStream) -> TokenStream {
        match &content.body {
            Body::Json(value) | Body::Text(value) => {
                let rule = match self.is_free_text(value) {
                    true => quote!(None),
                    false => self.whole_rule(value),
                };
                match content.is_open() {
                    true => quote!(describe::typed(#get, #rule)),
                    false => quote!(describe::content(#get, #rule)),
                }
            }
            Body::Sequence(sequence) if sequence.framing != Framing::RawParts => {
                let rule = self.whole_rule(&sequence.item);
                quote!(describe::items(#get, #rule))
            }
            _ => quote!(describe::raw()),
        }
    }

    fn whole_rule(&self, value: &Use) -> TokenStream {
        let rule = self.types.rule(value);
        quote!(Some(const { &#rule }))
    }

    fn described_answer(&self, answer: &Answer) -> Vec<TokenStream> {
        let variant = ident(&answer.ident);
        let (key, code) = match answer.status {
            Status::Code(_) => (quote!(Status), None),
            Status::Range(class) => {
                let least = u16::from(class) * 100;
                let code = quote!(support::RangeStatus::new(support::status(#least)).expect("it is of its class"));
                (quote!(Class(#class)), Some(code))
            }
            Status::Default => (quote!(Default), Some(quote!(axum::http::StatusCode::OK))),
        };
        let (headers, made) = self.described_headers(answer);
        let limited = answer.limited.then(|| quote!(.limited()));
        let several = answer.body_ident.as_ref().map(|name| ident(name));
        let build = |body: Option<TokenStream>| {
            let fields: Vec<_> = [code.clone(), body, made.clone()]
                .into_iter()
                .flatten()
                .collect();
            match fields.is_empty() {
                true => quote!(Self::#variant),
                false => quote!(Self::#variant(#(#fields),*)),
            }
        };
        if answer.content.is_empty() {
            let sample = build(None);
            return vec![
                quote!(describe::answer(describe::Key::#key, #sample, None, #headers) #limited),
            ];
        }
        let contents = answer.content.iter().map(|content| {
            let media_type = &content.media_type;
            let mut sample = match &content.body {
                Body::Json(_) | Body::Text(_) if content.is_open() => {
                    quote!(describe::typed_sample(#media_type))
                }
                Body::Json(_) | Body::Text(_) => quote!(describe::sample()),
                Body::Binary(_) if content.is_open() => quote!(describe::blob(#media_type)),
                Body::Sequence(_) => quote!(support::Items::default()),
                _ => quote!(axum::body::Bytes::new()),
            };
            let mut pattern = quote!(body);
            if content.streamed.is_some() {
                sample = quote!(support::Streamed::piece(String::new(), std::future::pending()));
                pattern = quote!(support::Streamed::Whole(body));
            }
            if let Some(name) = &several {
                let variant = ident(&content.ident);
                sample = quote!(#name::#variant(#sample));
                pattern = quote!(#name::#variant(#pattern));
            }
            let before = code.as_ref().map(|_| quote!(_,));
            let get = quote!(|it: &Self| match it { Self::#variant(#before #pattern, ..) => Some(body), _ => None });
            let range = content.is_open().then(|| quote!(.of_range(#media_type)));
            let (sample, content) = (build(Some(sample)), self.described_content(content, &get));
            quote!(describe::answer(describe::Key::#key, #sample, Some(#content), #headers) #range #limited)
        });
        contents.collect()
    }

    /// What is declared of headers, and a sample of them all.
    fn described_headers(&self, answer: &Answer) -> (TokenStream, Option<TokenStream>) {
        let Some(of) = &answer.headers_type else {
            return (quote!(Vec::new()), None);
        };
        let name = ident(&of.ident);
        let described = answer.headers.iter().map(|header| {
            let wire = header.wire.to_ascii_lowercase();
            let (required, field) = (header.required, ident(&header.ident));
            let rule = match header.json {
                true => self.whole_rule(&header.value),
                false => self.constraint(&header.value),
            };
            quote!((#wire, #required, describe::field(|it: &#name| &it.#field), #rule))
        });
        let made = answer.headers.iter().map(|header| {
            let field = ident(&header.ident);
            match header.required {
                true => quote!(#field: describe::sample()),
                false => quote!(#field: Some(describe::sample())),
            }
        });
        (
            quote!(vec![#(#described),*]),
            Some(quote!(#name { #(#made),* })),
        )
    }
}
