//! What an implementation has to provide beside `Api`: a trait for each tag.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::parameters::RequestField;
use crate::model::{Operation, Tag};
use crate::write::{Page, docs::doc, ident};

impl Emitter<'_> {
    /// Everything of one tag.
    pub(super) fn tag(
        &self,
        index: usize,
        tag: &Tag,
        written: &mut HashSet<String>,
        page: &mut Page,
    ) {
        let api = self.api;
        let operations: Vec<&Operation> = api
            .operations
            .iter()
            .filter(|operation| operation.tag == index)
            .collect();
        let trait_name = ident(&tag.trait_name());
        let mut title = format!("Operations of the tag `{}`.", tag.name);
        if let Some(description) = &tag.description {
            title.push_str(&format!("\n\n{description}"));
        }
        let title = doc(&title);
        let methods = operations.iter().map(|operation| {
            let name = ident(&operation.snake);
            let docs = doc(&operation_docs(operation));
            let deprecated = operation
                .deprecated
                .then(|| quote!(#[doc = ""] #[doc = " Deprecated."]));
            let context = context_parameter(operation);
            let request = ident(&operation.request_type());
            let response = ident(&operation.response_type());
            quote! {
                #docs
                #deprecated
                fn #name(
                    &self,
                    #context
                    request: #request,
                ) -> impl Future<Output = Result<#response, Self::Fault>> + Send;
            }
        });
        let methods: TokenStream = methods.collect();
        page.add(quote! {
            #title
            pub trait #trait_name: Api<Contract = Contract> { #methods }
        });
        for operation in operations {
            page.add(self.operation(operation, &trait_name, written));
        }
    }

    /// The trait by which `Mount` serves tags.
    pub(super) fn mounts(&self) -> TokenStream {
        let signatures: Vec<TokenStream> = self
            .api
            .tags
            .iter()
            .map(|tag| {
                let (method, trait_name) = (ident(&tag.mount), ident(&tag.trait_name()));
                quote!(fn #method(self) -> Mount<A> where A: #trait_name)
            })
            .collect();
        let docs = self
            .api
            .tags
            .iter()
            .map(|tag| doc(&format!("Serves the tag `{}`.", tag.name)));
        let bodies = (0..self.api.tags.len()).map(|index| {
            let operations = self.api.operations.iter();
            let operations = operations.filter(|operation| operation.tag == index);
            let endpoints = operations.map(|operation| ident(&operation.ident));
            quote!(self #(.add::<endpoint::#endpoints>())*)
        });
        quote! {
            /// The tags of the contract, on [`Mount`]: each is served by who implements its trait.
            pub trait Tags<A: Api>: Sized { #(#docs #signatures;)* }

            impl<A: Api> Tags<A> for Mount<A> { #(#signatures { #bodies })* }
        }
    }

    /// Everything of one operation: request, answers, and how they are served.
    fn operation(
        &self,
        operation: &Operation,
        trait_name: &proc_macro2::Ident,
        written: &mut HashSet<String>,
    ) -> TokenStream {
        let request = self.request(operation);
        let answers = self.answers(operation, written);
        let endpoint = ident(&operation.ident);
        let name = ident(&operation.snake);
        let request_name = ident(&operation.request_type());
        let response_name = ident(&operation.response_type());
        let (access, context, arguments) = if operation.security.is_empty() {
            (quote!(Anybody), quote!(_: ()), quote!(request))
        } else if is_optional(operation) {
            let context = quote!(context: Option<A::Context>);
            (quote!(Either), context, quote!(context, request))
        } else {
            let context = quote!(context: A::Context);
            (quote!(Known), context, quote!(context, request))
        };
        quote! {
            #request
            #answers

            impl<A: #trait_name> support::Endpoint<A> for endpoint::#endpoint {
                const OPERATION: Operation = Operation::#endpoint;
                type Access = support::#access;
                type Request = #request_name;
                type Answer = #response_name;

                fn handle(
                    api: &A,
                    #context,
                    request: #request_name,
                ) -> impl Future<Output = Result<#response_name, A::Fault>> + Send {
                    // By its path: operations may be called like methods of other traits.
                    <A as #trait_name>::#name(api, #arguments)
                }
            }
        }
    }

    /// The request struct of `operation`, and how it is read.
    fn request(&self, operation: &Operation) -> TokenStream {
        let name = ident(&operation.request_type());
        let parameters = operation.parameters.iter();
        let mut fields: Vec<_> = parameters
            .filter(|one| !self.api.is_credential(operation, one))
            .map(|parameter| self.parameter(operation, parameter))
            .collect();
        if operation.undeclared_query {
            fields.push(super::parameters::undeclared(operation));
        }
        if operation.negotiates() {
            fields.push(super::parameters::accepted(operation));
        }
        fields.extend(super::parameters::last_event(operation));
        let mut items = TokenStream::new();
        let mut read_payload = None;
        if let Some(body) = &operation.body {
            let code = self.request_body(operation, body);
            items = code.items;
            let accepts = code.accepts;
            read_payload = Some(quote! {
                fn payload<A: Api>(
                    call: &support::Call<A>,
                    body: &mut support::Rest,
                ) -> impl Future<Output = Result<support::Payload, Rejection>> + Send {
                    support::body(call, body, const { &#accepts })
                }
            });
            fields.push(code.field);
        }
        let declarations = fields.iter().map(|field| &field.declaration);
        let reads = fields.iter().map(|field| &field.read);
        let builds = fields.iter().map(|field| &field.build);
        let title = doc(&format!("Request of [`Operation::{}`].", operation.ident));
        // Ending it needs no change.
        let changes = |field: &RequestField| {
            let read = field.read.to_string().replace("input . refused", "");
            read.contains("input")
        };
        let mutable = fields.iter().any(changes).then(|| quote!(mut));
        let payload = if operation.body.is_some() {
            quote!(payload)
        } else {
            quote!(_payload)
        };
        let contents = operation.body.iter().flat_map(|body| &body.content);
        let derives = super::answers::derives(contents);
        quote! {
            #title
            #derives
            pub struct #name { #(#declarations)* }

            #items

            impl support::FromRequest for #name {
                #read_payload

                fn decode(
                    #mutable input: support::Input<'_>,
                    #payload: support::Payload,
                ) -> Result<Self, Rejection> {
                    #(#reads)*
                    input.finish()?;
                    Ok(Self { #(#builds)* })
                }
            }
        }
    }
}

fn is_optional(operation: &Operation) -> bool {
    operation.security.iter().any(Vec::is_empty)
}

fn context_parameter(operation: &Operation) -> TokenStream {
    if operation.security.is_empty() {
        quote!()
    } else if is_optional(operation) {
        quote!(context: Option<Self::Context>,)
    } else {
        quote!(context: Self::Context,)
    }
}

fn operation_docs(operation: &Operation) -> String {
    let mut text = String::new();
    if let Some(summary) = &operation.summary {
        text.push_str(summary);
        text.push_str("\n\n");
    }
    text.push_str(&format!(
        "`{} {}`",
        operation.method.as_str(),
        operation.path
    ));
    if let Some(description) = &operation.description {
        text.push_str(&format!("\n\n{description}"));
    }
    text
}
