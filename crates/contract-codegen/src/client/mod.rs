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
//! | Sequences of items | `Items`: a stream of the type of an item, for answers of success; a `Stream` for bodies |
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
mod sequence;
mod stream;
mod surface;

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::ImplItemFn;

use self::params::Named;
use self::plan::Plan;
use self::rust::Context;
use crate::model::{Api, OF_CLIENTS};
use crate::write::{self, Page};
use crate::{Contract, Runtime};

/// So many operations are written at a time: what they are on the way takes far more room than their text.
const AT_A_TIME: usize = 64;

pub(crate) fn generate(contract: &Contract, runtime: Runtime) -> String {
    let names = contract.model().operations.iter();
    let names = names.map(|operation| &*operation.ident);
    let client = write::file(names, |page| self::write(contract, runtime, page));
    write::head(contract) + &client
}

fn write(contract: &Contract, runtime: Runtime, page: &mut Page) {
    let api = contract.model();
    let context = Context::new(api);
    let shared = api.shared_headers();
    let mut plans: Vec<Plan<'_>> = api
        .operations
        .iter()
        .flat_map(|operation| Plan::all(&context, operation, &shared))
        .collect();
    let call = match runtime {
        Runtime::Crates => quote!(::contract_call),
        Runtime::Carried => quote!(crate::call),
    };
    page.foreign_docs = true;
    page.add(quote! {
        use #call as support;
        #[allow(unused_imports, reason = "not every contract has types")]
        use super::types;

        pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
        pub use support::{
            Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue, RetryPolicy, Sleeper, Upload,
        };
    });
    let mut names = names(api, &plans);
    let mut structures = Vec::new();
    let mut start = 0;
    loop {
        let end = plans.len().min(start + AT_A_TIME);
        let (items, methods) = methods(&context, &mut plans[start..end]);
        // They are the same each time.
        if start == 0 {
            page.add(quote!(#(#items)*));
            page.add(surface::write(&context, &shared));
            page.add(sequence::surface(api));
            page.add(quote!(impl Client {}));
        }
        for (plan, (method, named)) in plans[start..end].iter().zip(&methods) {
            let params = params::write(plan, method, named, &mut names);
            let streams = stream::methods(&context, plan, method, params.as_ref(), &mut names);
            let twin = params.as_ref().map(|params| &params.twin);
            page.add_methods("impl Client", quote!(#method #twin #(#streams)*));
            structures.extend(params.map(|params| params.structure));
        }
        start = end;
        if start == plans.len() {
            break;
        }
    }
    for structure in structures {
        page.add(structure);
    }
    for plan in &plans {
        page.add(answers::enums(plan));
    }
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
