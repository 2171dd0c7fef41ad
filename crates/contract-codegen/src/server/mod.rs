//! Model → Rust for servers: an enum of operations, a request struct and an answer enum for each,
//! a trait per tag, and the router in front of them.
//!
//! What is the same for every contract stands in `support/` as ordinary Rust and is taken over as
//! it is; what is generated beside it is mostly data.

mod answers;
mod bodies;
pub(crate) mod describe;
mod docs;
mod headers;
mod operations;
mod parameters;
mod shared;
mod traits;
mod values;

use std::collections::{BTreeSet, HashMap, HashSet};

use contract_document::{Diagnostic, Diagnostics};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::Contract;
use crate::model::{Api, Body, TypeId};
use crate::types;
use values::{ident, named};

/// Rust source of the server side of `contract`.
///
/// # Errors
/// What a server cannot be generated for.
pub(crate) fn generate(contract: &Contract) -> Result<String, Diagnostics> {
    let mut emitter = Emitter::new(contract);
    let items = emitter.items();
    Diagnostics::check(std::mem::take(&mut emitter.problems))?;
    let entry = contract.document().position("").file;
    let entry = entry.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = syn::parse2(items).map_err(|error| {
        emitter.contract.document().diagnostic(
            "",
            format!("the generated code is not Rust: {error}"),
            None,
        )
    })?;
    let mut code = format!("// generated from {entry} by crates/contract-codegen; do not edit\n\n");
    code.push_str(&spaced(&prettyplease::unparse(&file)));
    code.push_str(&constant(
        "CONTRACT_JSON",
        "The contract as JSON.",
        &contract.document().to_json(),
    ));
    code.push_str(&constant(
        "CONTRACT_YAML",
        "The contract as YAML.",
        &contract.document().to_yaml(),
    ));
    code.push_str(&shared::support());
    Ok(code)
}

/// `code` with an empty line after each item and method.
fn spaced(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len() + code.len() / 32);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let ended = matches!(line, "}" | "];" | "    }" | "    ];");
        let goes_on = lines
            .peek()
            .is_some_and(|next| !next.is_empty() && next.trim() != "}");
        let indent = |line: &str| line.len() - line.trim_start().len();
        if ended
            && goes_on
            && lines
                .peek()
                .is_some_and(|next| indent(next) == indent(line))
        {
            spaced.push('\n');
        }
    }
    spaced
}

/// Work in progress.
struct Emitter<'a> {
    contract: &'a Contract,
    api: &'a Api,
    problems: Vec<Diagnostic>,
    /// Names of types so far.
    names: Names,
    /// Names of fields of `Credentials` so far.
    credential_names: Names,
    /// Spells the wire types.
    types: types::Emitter<'a>,
    /// Enums that are read from text.
    choices: BTreeSet<TypeId>,
    header_names: headers::HeaderNames,
    /// Structs of headers that several answers share, by the answers' name.
    shared_headers: HashMap<String, Ident>,
    item_names: describe::ItemNames,
}

impl<'a> Emitter<'a> {
    fn new(contract: &'a Contract) -> Emitter<'a> {
        let api = contract.model();
        let mut names = Names::taken(&[
            "Operation",
            "Credentials",
            "Api",
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
            contract,
            api,
            problems: Vec::new(),
            names,
            credential_names: Names::taken(&["bearer", "basic", "headers", "extensions"]),
            types: types::Emitter::new(api, quote!(types::)),
            choices: BTreeSet::new(),
            header_names: headers::HeaderNames::new(api),
            shared_headers: HashMap::new(),
            item_names: describe::ItemNames::default(),
        }
    }

    fn items(&mut self) -> TokenStream {
        if self.api.operations.is_empty() {
            self.refuse::<()>(
                "",
                "there is no operation to serve",
                "declare operations under `paths`",
            );
        }
        let operations = self.operations();
        let credentials = self.credentials();
        let error = self.error_body();
        let base = self.base_trait();
        let api = self.api;
        let mut tags = TokenStream::new();
        for (index, tag) in api.tags.iter().enumerate() {
            tags.extend(self.tag(index, tag));
        }
        let endpoints = api
            .operations
            .iter()
            .map(|operation| ident(&operation.ident));
        let choices = self.choices.iter().map(|id| {
            let name = ident(&api.types[id.0].name);
            quote! {
                impl support::Scalar for types::#name {
                    fn read(text: std::borrow::Cow<'_, str>) -> Result<Self, support::Unread> {
                        support::read_choice(&text)
                    }

                    fn value(&self) -> serde_json::Value { self.as_str().into() }
                }
            }
        });
        quote! {
            pub use support::{Denial, Mount, Rejection};
            #operations
            #credentials
            #error
            #base
            #tags
            /// What stands for the operations where types are asked for.
            mod endpoint { #(pub(super) struct #endpoints;)* }
            #(#choices)*
        }
    }

    /// The body of answers that no handler gives.
    fn error_body(&self) -> TokenStream {
        let Some(error) = self.api.error else {
            return quote! {
                /// Body of answers that no handler gave; the contract has no type for all of them.
                pub type ErrorBody = support::Problem;
                pub(crate) const ERROR_MEDIA_TYPE: &str = "application/problem+json";
                pub(crate) fn error_violations(_: &ErrorBody) -> Vec<support::Violation> { Vec::new() }
            };
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
        quote! {
            /// Body of answers that no handler gave, as of all errors.
            pub type ErrorBody = types::#name;
            pub(crate) const ERROR_MEDIA_TYPE: &str = #media_type;
            pub(crate) fn error_violations(body: &ErrorBody) -> Vec<support::Violation> {
                types::support::violations(body)
            }
        }
    }

    /// Notes that the contract cannot be served because of what stands at `pointer`.
    fn refuse<T>(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        let problem = self
            .contract
            .document()
            .diagnostic(pointer, message, Some(hint.into()));
        self.problems.push(problem);
        None
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

/// A constant with `text`, readable where that is possible.
fn constant(name: &str, docs: &str, text: &str) -> String {
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    // A raw literal cannot hold a lone carriage return.
    let literal = match text.contains('\r') {
        true => format!("{text:?}"),
        false => format!("r{marks}\"{text}\"{marks}"),
    };
    format!("\n/// {docs}\npub const {name}: &str = {literal};\n")
}
