//! What an implementation has to provide: one trait for all, one per tag.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Emitter;
use super::docs::doc;
use super::values::ident;
use crate::model::{Operation, Tag};

/// Names of [`Mount`](super) that a tag cannot have.
const MOUNT_METHODS: [&str; 10] = [
    "new",
    "document_limit",
    "upload_limit",
    "body_timeout",
    "replace_nul",
    "check_answers",
    "label_answers",
    "served",
    "finish",
    "add",
];

impl Emitter<'_> {
    /// The trait that all others build on.
    pub(super) fn base_trait(&self) -> TokenStream {
        quote! {
            /// What all operations have in common.
            pub trait Api: Send + Sync + 'static {
                /// Who calls, and what they may do. Only [`Api::authenticate`] makes one, so an
                /// operation that takes one cannot run without it.
                type Context: Send;

                /// An unexpected error of a handler. It is answered with 500, or with 503 where
                /// [`Api::retry_after_seconds`] says so; what it says goes to [`Api::fault`] alone.
                type Fault: std::fmt::Display + Send;

                /// Says who calls, or why they may not. Called before anything of the request but
                /// its route is looked at, and not for operations without security.
                fn authenticate(
                    &self,
                    operation: Operation,
                    credentials: Credentials<'_>,
                ) -> impl Future<Output = Result<Self::Context, Denial>> + Send;

                /// The body for an answer that no handler gave. `operation` is `None` where there
                /// is none: 404 and 405.
                fn rejection(&self, operation: Option<Operation>, rejection: &Rejection) -> ErrorBody;

                /// Hears of every unexpected error of a handler.
                fn fault(&self, operation: Operation, fault: &Self::Fault) {
                    let _ = (operation, fault);
                }

                /// After how many seconds a request that ended with `fault` may be repeated, if it
                /// changed nothing and a repeat can succeed. It is answered with 503 and
                /// `Retry-After` then.
                fn retry_after_seconds(&self, fault: &Self::Fault) -> Option<u64> {
                    let _ = fault;
                    None
                }

                /// Hears of what must not happen: a handler that panicked, an answer that cannot
                /// be written, credentials that could not be checked. It was answered with 500.
                fn defect(&self, operation: Operation, defect: &str) {
                    let _ = (operation, defect);
                }

                /// Hears of answers that violate the contract, if they are checked at all (see
                /// [`Mount::check_answers`]). They were sent all the same.
                fn invalid_answer(&self, operation: Operation, violations: &[support::Violation]) {
                    let _ = (operation, violations);
                }
            }
        }
    }

    /// Everything of one tag.
    pub(super) fn tag(&mut self, index: usize, tag: &Tag) -> Option<TokenStream> {
        let api = self.api;
        let operations: Vec<&Operation> = api
            .operations
            .iter()
            .filter(|operation| operation.tag == index)
            .collect();
        let trait_name = format_ident!("{}Api", tag.ident);
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
            let request = format_ident!("{}Request", operation.ident);
            let response = format_ident!("{}Response", operation.ident);
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
        let mut items = TokenStream::new();
        let mut ok = true;
        for operation in &operations {
            match self.operation(operation, &trait_name) {
                Some(code) => items.extend(code),
                None => ok = false,
            }
        }
        let mount = self.mount_method(tag);
        let endpoints = operations.iter().map(|operation| ident(&operation.ident));
        let mount_docs = doc(&format!("Serves the tag `{}`.", tag.name));
        ok.then(|| {
            quote! {
                #title
                pub trait #trait_name: Api { #methods }

                impl<A: #trait_name> Mount<A> {
                    #mount_docs
                    pub fn #mount(mut self) -> Mount<A> {
                        #(self.add::<endpoint::#endpoints>();)*
                        self
                    }
                }

                #items
            }
        })
    }

    /// Name of the method of [`Mount`](super) that serves `tag`: no other tag has it.
    fn mount_method(&self, tag: &Tag) -> proc_macro2::Ident {
        let mut name = tag.snake.clone();
        while MOUNT_METHODS.contains(&name.as_str())
            || (name != tag.snake && self.api.tags.iter().any(|other| other.snake == name))
        {
            name.push_str("_tag");
        }
        ident(&name)
    }

    /// Everything of one operation: request, answers, and how they are served.
    fn operation(
        &mut self,
        operation: &Operation,
        trait_name: &proc_macro2::Ident,
    ) -> Option<TokenStream> {
        let request = self.request(operation);
        let answers = self.answers(operation);
        let ((request, payload), answers) = (request?, answers?);
        let endpoint = ident(&operation.ident);
        let name = ident(&operation.snake);
        let request_name = format_ident!("{}Request", operation.ident);
        let response_name = format_ident!("{}Response", operation.ident);
        let (context, admit, arguments) = if operation.security.is_empty() {
            (quote!(()), quote!(admit_anybody), quote!(request))
        } else if is_optional(operation) {
            (
                quote!(Option<A::Context>),
                quote!(admit_either),
                quote!(context, request),
            )
        } else {
            (
                quote!(A::Context),
                quote!(admit_known),
                quote!(context, request),
            )
        };
        let unused = operation
            .security
            .is_empty()
            .then(|| quote!(_: Self::Context,));
        let context_parameter = unused.unwrap_or_else(|| quote!(context: Self::Context,));
        Some(quote! {
            #request
            #answers

            impl<A: #trait_name> support::Endpoint<A> for endpoint::#endpoint {
                const OPERATION: Operation = Operation::#endpoint;
                type Context = #context;
                type Request = #request_name;
                type Answer = #response_name;

                fn admit(
                    call: &support::Call<A>,
                ) -> impl Future<Output = Result<Self::Context, Denial>> + Send {
                    support::#admit(call)
                }

                fn payload(
                    call: &support::Call<A>,
                    body: &mut support::Rest,
                ) -> impl Future<Output = Result<support::Payload, Rejection>> + Send {
                    #payload
                }

                fn handle(
                    api: &A,
                    #context_parameter
                    request: #request_name,
                ) -> impl Future<Output = Result<#response_name, A::Fault>> + Send {
                    // By its path: operations may be called like methods of other traits.
                    <A as #trait_name>::#name(api, #arguments)
                }
            }
        })
    }

    /// The request struct of `operation`, and how its body is read.
    fn request(&mut self, operation: &Operation) -> Option<(TokenStream, TokenStream)> {
        let name = format_ident!("{}Request", operation.ident);
        let mut fields = Vec::new();
        let mut complete = true;
        let parameters = operation.parameters.iter();
        for parameter in parameters.filter(|one| !self.api.is_credential(operation, one)) {
            match self.parameter(operation, parameter) {
                Some(field) => fields.push(field),
                None => complete = false,
            }
        }
        if operation.undeclared_query {
            fields.push(super::parameters::undeclared(operation));
        }
        let mut items = TokenStream::new();
        let mut payload_code = quote!(support::no_body(call, body));
        if let Some(body) = &operation.body {
            match self.request_body(operation, body) {
                Some(code) => {
                    items = code.items;
                    let accepts = code.accepts;
                    payload_code = quote!(support::body(call, body, const { &#accepts }));
                    fields.push(code.field);
                }
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        let declarations = fields.iter().map(|field| &field.declaration);
        let reads = fields.iter().map(|field| &field.read);
        let builds = fields.iter().map(|field| &field.build);
        let title = doc(&format!("Request of [`Operation::{}`].", operation.ident));
        let mutable = (!fields.is_empty()).then(|| quote!(mut));
        let payload = if operation.body.is_some() {
            quote!(payload)
        } else {
            quote!(_payload)
        };
        let code = quote! {
            #title
            #[derive(Debug, Clone, PartialEq)]
            pub struct #name { #(#declarations)* }

            #items

            impl support::FromRequest for #name {
                fn decode(
                    #mutable input: support::Input<'_>,
                    #payload: support::Payload,
                ) -> Result<#name, Rejection> {
                    #(#reads)*
                    input.finish()?;
                    Ok(#name { #(#builds)* })
                }
            }
        };
        Some((code, payload_code))
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
