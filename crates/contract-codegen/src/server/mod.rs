//! Model → Rust for servers: an enum of operations, a request struct and an answer enum for each,
//! a trait per tag, and the router in front of them.
//!
//! What is the same for every contract is the crate `contract-serve`; what is generated on it is
//! mostly data.

mod answers;
mod bodies;
pub(crate) mod describe;

mod headers;
mod operations;
mod parameters;
mod traits;
mod values;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Contract;
use crate::model::{Api, Body};
use crate::types;
use crate::write::{self, ident};
use values::named;

/// Rust source of the server side of `contract`.
pub(crate) fn generate(contract: &Contract) -> String {
    let items = Emitter::new(contract).items();
    format!(
        "{}{}\n/// The contract as JSON.\npub const CONTRACT_JSON: &str = include_str!({:?});\n",
        write::head(contract),
        write::items(items),
        contract.json().name
    )
}

/// Work in progress.
struct Emitter<'a> {
    api: &'a Api,
    /// Names of types so far.
    names: Names,
    /// Names of fields of `SentCredentials` so far.
    credential_names: Names,
    /// Spells the wire types.
    types: types::Emitter<'a>,
    header_names: headers::HeaderNames,
    /// Structs of headers that several answers share, by the answers' name.
    shared_headers: HashMap<String, Ident>,
    item_names: describe::ItemNames,
}

impl<'a> Emitter<'a> {
    fn new(contract: &'a Contract) -> Emitter<'a> {
        let api = contract.model();
        let mut names = Names::taken(&[
            "Contract",
            "Operation",
            "Credentials",
            "SentCredentials",
            "Api",
            "Tags",
            "Mount",
            "Denial",
            "Rejection",
            "ErrorBody",
        ]);
        for operation in &api.operations {
            names.unique(&format!("{}Request", operation.ident));
            names.unique(&format!("{}Response", operation.ident));
        }
        for tag in &api.tags {
            names.unique(&format!("{}Api", tag.ident));
        }
        Emitter {
            api,
            names,
            credential_names: Names::taken(&["bearer", "basic", "headers", "extensions"]),
            types: types::Emitter::new(api, quote!(types::), quote!(wire)),
            header_names: headers::HeaderNames::new(api),
            shared_headers: HashMap::new(),
            item_names: describe::ItemNames::default(),
        }
    }

    fn items(&mut self) -> TokenStream {
        let operations = self.operations();
        let credentials = self.credentials();
        let contract = self.contract();
        let api = self.api;
        let mut tags = TokenStream::new();
        for (index, tag) in api.tags.iter().enumerate() {
            tags.extend(self.tag(index, tag));
        }
        let mounts = self.mounts();
        let endpoints = api
            .operations
            .iter()
            .map(|operation| ident(&operation.ident));
        quote! {
            pub use ::contract_serve as support;
            pub use support::{Api, Denial, Mount, Rejection};
            pub use types::support as wire;

            #contract
            #operations
            #credentials
            #mounts
            #tags
            /// What stands for the operations where types are asked for.
            mod endpoint { #(pub(super) struct #endpoints;)* }
        }
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

/// Names that are unique.
struct Names(HashSet<String>);

impl Names {
    fn taken(names: &[&str]) -> Names {
        Names(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// `name`, with a number if it is taken.
    fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut count = 1;
        while !self.0.insert(unique.clone()) {
            count += 1;
            unique = format!("{name}{count}");
        }
        unique
    }
}
