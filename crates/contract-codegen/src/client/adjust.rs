//! Progenitor's output, taken apart: the client, its methods and its hooks stay; its types, its
//! error and answer types, how it writes paths and reads answers, and constructors that can panic
//! make way for ours.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    FnArg, GenericArgument, ImplItem, ImplItemFn, Item, Local, Pat, PathArguments, Stmt, Type,
};

use super::lowered::Lowered;
use super::params::Named;
use super::plan::Plan;
use super::{answers, rust};
use crate::model::{Api, Formatted, Kind, Location, Parameter};

/// What progenitor wrote.
pub(super) struct Generated {
    /// `struct Client` and its `ClientInfo`.
    pub(super) items: Vec<Item>,
    /// One per operation.
    pub(super) methods: Vec<ImplItemFn>,
}

/// Runs progenitor over `lowered`, which holds what progenitor can do and nothing else.
pub(super) fn run(api: &Api, lowered: Lowered) -> Generated {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(lowered.document).expect("the lowered document is OpenAPI 3.0");
    let tokens = progenitor_impl::Generator::new(&lowered.settings)
        .generate_tokens(&document)
        .expect("progenitor knows everything in the lowered document");
    let file: syn::File = syn::parse2(tokens).expect("progenitor writes Rust");

    let mut generated = Generated {
        items: Vec::new(),
        methods: Vec::new(),
    };
    for item in file.items {
        match item {
            // Types, the prelude and the imports of progenitor's own error and answer types.
            Item::Mod(_) | Item::Use(_) => {}
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    match item {
                        ImplItem::Fn(function) if function.sig.asyncness.is_some() => {
                            generated.methods.push(by_value(api, function));
                        }
                        // `new` and `new_with_client`: the first unwraps, both skip the checks of
                        // the builder.
                        _ => {}
                    }
                }
            }
            item => generated.items.push(item),
        }
    }
    generated
}

/// Whether the arguments of `method` keep clear of each other and of the names progenitor uses in
/// its bodies.
pub(super) fn arguments_are_distinct(method: &ImplItemFn) -> bool {
    const TAKEN: [&str; 2] = ["header_map", "info"];
    let mut seen = BTreeSet::from(TAKEN.map(str::to_owned));
    arguments(method)
        .into_iter()
        .all(|(name, _)| seen.insert(name))
}

/// `method` with our way to write its path and to read its answers; `None` if it does not have the
/// form that progenitor writes, so that there is no telling where they belong.
pub(super) fn completed(plan: &Plan<'_>, mut method: ImplItemFn) -> Option<ImplItemFn> {
    let names = plan.operation.path_names();
    let values: Vec<TokenStream> = names
        .zip(arguments(&method))
        .map(|(wire, (name, _))| {
            let name = rust::ident(&name);
            quote!((#wire, support::path::value(&#name)))
        })
        .collect();
    let operation = &plan.operation.snake;
    let [
        Stmt::Local(url),
        ..,
        Stmt::Local(response),
        Stmt::Expr(answers, None),
    ] = method.block.stmts.as_mut_slice()
    else {
        return None;
    };
    if !is_named(url, "url") || !is_named(response, "response") {
        return None;
    }
    if !values.is_empty() {
        let init = url.init.as_mut()?;
        init.expr = syn::parse_quote! {
            self.inner.url(&self.baseurl, #operation, &[#(#values),*])?
        };
    }
    let arms = answers::arms(plan);
    *answers = syn::parse_quote!(match response.status().as_u16() { #arms });
    let (success, error) = (answers::success_type(plan), answers::error_type(plan));
    method.sig.output = syn::parse_quote!(-> Result<ResponseValue<#success>, Error<#error>>);
    Some(method)
}

fn is_named(local: &Local, name: &str) -> bool {
    matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == name)
}

/// Names and types of the arguments of `method` after `self`.
pub(super) fn arguments(method: &ImplItemFn) -> Vec<(String, Type)> {
    let typed = method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    typed
        .filter_map(|argument| match argument.pat.as_ref() {
            Pat::Ident(name) => Some((name.ident.to_string(), (*argument.ty).clone())),
            _ => None,
        })
        .collect()
}

/// The parameters of the query among the arguments of `method`; `None` where they are not those of `plan`.
pub(super) fn named(plan: &Plan<'_>, method: &ImplItemFn) -> Option<Vec<Named>> {
    // Progenitor has them by name, behind those of the path.
    let of_query = |one: &&&Parameter| one.location == Location::Query;
    let mut parameters: Vec<&Parameter> =
        plan.parameters.iter().filter(of_query).copied().collect();
    parameters.sort_by(|one, other| one.wire.cmp(&other.wire));
    let arguments = arguments(method);
    let arguments = arguments.iter().skip(plan.operation.path_names().count());
    let pairs = parameters.into_iter().zip(arguments);
    pairs
        .map(|(parameter, (name, _))| {
            let same = letters(name.trim_start_matches("r#")) == letters(&parameter.wire);
            same.then(|| Named::parameter(name, parameter))
        })
        .collect()
}

/// Progenitor spells arguments its own way, so only letters and digits are compared.
pub(super) fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Enums and values of formats are passed by value: progenitor borrows every type it did not write itself.
fn by_value(api: &Api, mut method: ImplItemFn) -> ImplItemFn {
    for input in &mut method.sig.inputs {
        if let FnArg::Typed(argument) = input {
            unborrow(api, &mut argument.ty);
        }
    }
    method
}

fn unborrow(api: &Api, value: &mut Type) {
    match value {
        Type::Reference(reference) if is_plain(api, &reference.elem) => {
            *value = (*reference.elem).clone();
        }
        Type::Reference(reference) => {
            // A list is borrowed as a slice.
            if let Some(item) = item_of_vec(&reference.elem) {
                *reference.elem = syn::parse_quote!([#item]);
            }
        }
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(inner) = argument {
                            unborrow(api, inner);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

fn is_plain(api: &Api, value: &Type) -> bool {
    let Type::Path(path) = value else {
        return false;
    };
    let segments: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|segment| segment.to_token_stream().to_string())
        .collect();
    match segments.as_slice() {
        [module, name] if module == "types" => api
            .types
            .iter()
            .any(|one| one.name == *name && matches!(one.kind, Kind::Enum(_))),
        [module, support, name] => {
            let of_format = Formatted::ALL.iter().any(|format| format.name() == name);
            of_format && module == "types" && support == "support"
        }
        _ => false,
    }
}

fn item_of_vec(value: &Type) -> Option<TokenStream> {
    let Type::Path(path) = value else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Vec")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let items = &arguments.args;
    Some(quote!(#items))
}
