//! Model → client.
//!
//! Progenitor writes the methods it can write as the contract means them, over a lowered document
//! whose schemas all stand for our own types ([`lowered`]); the rest are ours in the same style
//! ([`own`]). On top come streams over list operations ([`stream`]) and the builder ([`surface`]).
//! What is the same for every contract is the crate `contract-call`.
//!
//! | Rule | |
//! |---|---|
//! | Arguments | positional: path, query by name, body, headers; enums by value, text and structs borrowed |
//! | Optional arguments | also by name: a method `…_with` takes a struct `…Params`, see [`params`] |
//! | Header parameters of every operation | set once on the builder, not per call |
//! | Several request media types | JSON, then multipart, form, text, bytes; each further one is a method `…_as_…` |
//! | Success | every declared status below 400; several types: an enum `…Success` by status |
//! | Errors, one JSON type | `Error<T>` for every status from 400 |
//! | Errors, several types | an enum `…Failure` by status |
//! | Errors, none declared | the error type of the contract, or `Error<()>` |
//! | Several media types at one status | what is read in different ways: an enum `…Body`; `with_accept` asks for one |
//! | Answers that are not JSON | numbers, booleans, enums: typed; successes: a stream of bytes; errors: text or bytes |
//! | Ranges of media types | the caller says of which type a body is |
//! | Statuses that are not declared | `Error::UnexpectedResponse` with the beginning of the body |
//! | Redirects | declared ones are answers; others are followed where the builder says so, within the origin |
//! | Values | the server reads back what was given, or nothing is sent: see `path` and `request` of `contract-call` |

mod adjust;
mod answers;
mod lowered;
mod own;
mod params;
mod plan;
mod rust;
mod stream;
mod surface;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ImplItemFn;

use self::params::Named;
use self::plan::Plan;
use self::rust::Context;
use crate::model::{Api, OF_CLIENTS};
use crate::write::{self, docs};
use crate::{Contract, Runtime};

pub(crate) fn generate(contract: &Contract, runtime: Runtime) -> String {
    let api = contract.model();
    let context = Context::new(api);
    let shared = api.shared_headers();
    let mut plans: Vec<Plan<'_>> = api
        .operations
        .iter()
        .flat_map(|operation| Plan::all(&context, operation, &shared))
        .collect();
    let (items, methods) = methods(&context, &mut plans);

    let (mut body, mut structures) = (TokenStream::new(), TokenStream::new());
    let mut names = names(api, &plans);
    for (plan, (method, named)) in plans.iter().zip(&methods) {
        let params = params::write(plan, method, named, &mut names);
        let streams = stream::methods(&context, plan, method, params.as_ref(), &mut names);
        let twin = params.as_ref().map(|params| &params.twin);
        body.extend(quote!(#method #twin #(#streams)*));
        structures.extend(params.map(|params| params.structure));
    }
    let enums = plans.iter().map(answers::enums);
    let surface = surface::write(&context, &shared);
    let call = match runtime {
        Runtime::Crates => quote!(::contract_call),
        Runtime::Carried => quote!(crate::call),
    };
    let tokens = quote! {
        use #call as support;
        #[allow(unused_imports, reason = "not every contract has types")]
        use super::types;

        pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
        pub use support::{
            Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue, RetryPolicy, Sleeper, Upload,
        };

        #(#items)*

        #surface

        impl Client { #body }

        #structures

        #(#enums)*
    };
    let mut file: syn::File = syn::parse2(tokens).expect("the generator writes Rust");
    docs::by_line(&mut file.items);
    write::head(contract) + &write::items(file.into_token_stream())
}

/// A method, and what it can be told by name.
type Written = (ImplItemFn, Vec<Named>);

/// Names that methods have before any is made of another.
fn names(api: &Api, plans: &[Plan<'_>]) -> BTreeSet<String> {
    let own = OF_CLIENTS.iter().map(|name| (*name).to_owned());
    let snake = api.operations.iter().map(|one| one.snake.clone());
    let plans = plans.iter().map(|plan| plan.name.clone());
    own.chain(snake).chain(plans).collect()
}

/// The method of every plan. What progenitor would get wrong moves to our own writer.
fn methods(context: &Context<'_>, plans: &mut [Plan<'_>]) -> (Vec<syn::Item>, Vec<Written>) {
    let generated = adjust::run(context.api, lowered::lower(context, plans));
    let mut written: BTreeMap<String, ImplItemFn> = generated
        .methods
        .into_iter()
        .filter(adjust::arguments_are_distinct)
        .map(|method| (method.sig.ident.to_string(), method))
        .collect();
    let mut methods = Vec::new();
    for plan in plans {
        let found = written
            .remove(&plan.name)
            .filter(|method| plan.progenitor && adjust::arguments(method).len() == plan.arguments())
            .and_then(|method| adjust::completed(plan, method))
            .and_then(|method| Some((adjust::named(plan, &method)?, method)));
        methods.push(match found {
            Some((named, method)) => (method, named),
            None => {
                plan.progenitor = false;
                own::method(context, plan)
            }
        });
    }
    (generated.items, methods)
}
