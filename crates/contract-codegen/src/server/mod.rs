//! Model → Rust for servers: an enum of operations, a request struct and an answer enum for each,
//! a trait per tag, and the router in front of them.
//!
//! What is the same for every contract is the crate `contract-serve`; what is generated on it is
//! mostly data.

mod answers;
mod bodies;
pub(crate) mod describe;
mod forms;
mod headers;
mod operations;
mod parameters;
mod readings;
mod traits;
mod values;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::Contract;
use crate::model::{Api, Body};
use crate::types;
use crate::write::{self, Page, ident};
use values::named;

/// Rust source of the server side of `contract`.
pub(crate) fn generate(contract: &Contract) -> String {
    let emitter = Emitter::new(contract);
    let names = contract
        .model()
        .operations
        .iter()
        .map(|operation| &*operation.ident);
    let items = write::file(names, |page| emitter.items(page));
    format!(
        "{}{}\n/// The contract as JSON.\npub const CONTRACT_JSON: &str = include_str!({:?});\n",
        write::head(contract),
        items,
        contract.json().name
    )
}

/// Writes the parts of a server.
struct Emitter<'a> {
    api: &'a Api,
    /// Spells the wire types.
    types: types::Emitter<'a>,
}

impl<'a> Emitter<'a> {
    fn new(contract: &'a Contract) -> Emitter<'a> {
        let api = contract.model();
        Emitter {
            api,
            types: types::Emitter::new(api, quote!(types::), quote!(wire)),
        }
    }

    fn items(&self, page: &mut Page) {
        let api = self.api;
        page.add(quote! {
            pub use ::contract_serve as support;
            pub use support::{Api, Denial, Mount, Rejection};
            pub use types::support as wire;
        });
        page.add(self.contract());
        page.add(self.operations());
        page.add(self.credentials());
        page.add(self.mounts());
        let mut written = HashSet::new();
        for (index, tag) in api.tags.iter().enumerate() {
            self.tag(index, tag, &mut written, page);
        }
        let endpoints = api
            .operations
            .iter()
            .map(|operation| ident(&operation.ident));
        page.add(quote! {
            /// What stands for the operations where types are asked for.
            mod endpoint { #(pub(super) struct #endpoints;)* }
        });
    }

    /// The type that stands for the contract, and the body of answers that no handler gives.
    fn contract(&self) -> TokenStream {
        let (body, media_type, violations) = self.error_body();
        quote! {
            #body

            /// The contract, where a type stands for it.
            #[derive(Debug, Clone, Copy)]
            pub struct Contract;

            impl support::Contract for Contract {
                type Operation = Operation;
                type Credentials<'r> = SentCredentials<'r>;
                type ErrorBody = ErrorBody;

                const ERROR_MEDIA_TYPE: &'static str = #media_type;

                #violations
            }
        }
    }

    /// The type `ErrorBody`, its media type, and the method that holds it against the contract.
    fn error_body(&self) -> (TokenStream, &str, TokenStream) {
        let Some(error) = self.api.error else {
            let body = quote! {
                /// Body of answers that no handler gave; the contract has no type for all of them.
                pub type ErrorBody = support::Problem;
            };
            let violations = quote! {
                fn error_violations(_: &ErrorBody) -> Vec<support::Violation> { Vec::new() }
            };
            return (body, "application/problem+json", violations);
        };
        let name = ident(&self.api.types[error.0].name);
        let contents = self
            .api
            .operations
            .iter()
            .flat_map(|operation| &operation.answers);
        let media_type = contents
            .flat_map(|answer| &answer.content)
            .find(|content| matches!(&content.body, Body::Json(value) if named(self.api, value) == Some(error)))
            .map(|content| content.media_type.as_str())
            .filter(|media_type| !media_type.contains('*'))
            .unwrap_or("application/json");
        let body = quote! {
            /// Body of answers that no handler gave, as of all errors.
            pub type ErrorBody = types::#name;
        };
        let violations = quote! {
            fn error_violations(body: &ErrorBody) -> Vec<support::Violation> {
                wire::violations(body)
            }
        };
        (body, media_type, violations)
    }
}
