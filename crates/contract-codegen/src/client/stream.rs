//! Streams over list operations, on top of the methods that fetch one page.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ImplItemFn, Type};

use super::adjust::letters;
use super::params::{self, Params};
use super::plan::{Plan, Success, Value};
use super::rust::{self, Argument, Context};
use super::{adjust, answers};
use crate::model::{Api, Body, Paging, Shape};

/// The streams of `plan` over its `method`, by position and by name; none where the operation does not page, or its
/// cursor is not text.
pub(super) fn methods(
    context: &Context<'_>,
    plan: &Plan<'_>,
    method: &ImplItemFn,
    params: Option<&Params>,
    names: &mut BTreeSet<String>,
) -> Vec<ImplItemFn> {
    let Some(list) = List::of(context, plan, method) else {
        return Vec::new();
    };
    let name = format!("{}_stream", params::stem(&plan.operation.snake));
    let by_position = list.by_position(params::free(&name, names));
    let by_name = params.and_then(|params| {
        let name = format!("{name}_with");
        list.by_name(params::free(&name, names), params)
    });
    [by_position].into_iter().chain(by_name).collect()
}

/// A method that fetches one page of a list.
struct List<'a> {
    method: &'a ImplItemFn,
    arguments: Vec<(String, Type)>,
    /// The argument that takes the cursor.
    cursor: String,
    item: TokenStream,
    error: TokenStream,
    /// Of a `page`: the cursor of the next one, and the items.
    next: TokenStream,
    items: TokenStream,
}

impl<'a> List<'a> {
    fn of(context: &Context<'_>, plan: &Plan<'_>, method: &'a ImplItemFn) -> Option<List<'a>> {
        let api = context.api;
        let paging = plan
            .operation
            .paging
            .as_ref()
            .filter(|_| !plan.alternative)?;
        let answer = answer(api, plan)?;
        let items = rust::field(api, answer, &paging.items_field)?;
        let next = rust::field(api, answer, &paging.cursor_field)?;
        let cursor = cursor(context, plan, paging, method)?;
        let is_text = matches!(api.shape(&next.value), Shape::String(_));
        if !is_text || !sends_again(plan) {
            return None;
        }
        let next = taken_out(&next.ident, next.required, next.value.nullable);
        let items = {
            let taken = taken_out(&items.ident, items.required, items.value.nullable);
            if items.required && !items.value.nullable {
                let field = rust::ident(&items.ident);
                quote!(page.#field)
            } else {
                quote!(#taken.unwrap_or_default())
            }
        };
        Some(List {
            method,
            arguments: adjust::arguments(method),
            cursor,
            item: context.body_type(&paging.item, true),
            error: answers::error_type(plan),
            next,
            items,
        })
    }

    fn by_position(&self, name: Ident) -> ImplItemFn {
        let arguments = self
            .arguments
            .iter()
            .filter(|(name, _)| *name != self.cursor);
        let taken = arguments.map(|(name, rust)| {
            let name = params::beside(name);
            quote!(#name: #rust)
        });
        let given = self.arguments.iter().map(|(name, _)| {
            if *name == self.cursor {
                return quote!(cursor.as_deref());
            }
            let name = params::beside(name);
            quote!(#name)
        });
        let List {
            item,
            error,
            next,
            items,
            ..
        } = self;
        let fetch = &self.method.sig.ident;
        let doc = format!(
            "The items of [`Client::{fetch}`], page after page.\n\nA page is fetched when its first \
             item is asked for. The stream ends where the answer has no next cursor, and after an \
             error; a cursor that comes a second time is an error.",
        );
        syn::parse_quote! {
            #[doc = #doc]
            pub fn #name<'a>(&'a self, #(#taken),*) -> Pages<'a, #item, #error> {
                Pages::new(move |cursor: Option<String>| async move {
                    let page = self.#fetch(#(#given),*).await?.into_inner();
                    Ok(support::Page { next: #next, items: #items })
                })
            }
        }
    }

    /// It begins at the cursor that `params` say.
    fn by_name(&self, name: Ident, params: &Params) -> Option<ImplItemFn> {
        let cursor = params.field(&self.cursor)?;
        let beside = self
            .arguments
            .iter()
            .filter(|(name, _)| params.field(name).is_none());
        let beside: Vec<_> = beside
            .map(|(name, of)| (params::beside(name), of))
            .collect();
        let taken = beside.iter().map(|(name, of)| quote!(#name: #of,));
        let given = beside.iter().map(|(name, _)| quote!(#name,));
        let List {
            item,
            error,
            next,
            items,
            ..
        } = self;
        let (twin, structure) = (&params.twin.sig.ident, &params.name);
        let doc = format!(
            "The items of [`Client::{twin}`], page after page, from the cursor of `params` on, if it has one.",
        );
        Some(syn::parse_quote! {
            #[doc = #doc]
            pub fn #name<'a>(
                &'a self,
                #(#taken)*
                params: #structure
            ) -> Pages<'a, #item, #error> {
                Pages::new(move |cursor: Option<String>| {
                    let mut params = params.clone();
                    params.#cursor = cursor.or(params.#cursor);
                    async move {
                        let page = self.#twin(#(#given)* params).await?.into_inner();
                        Ok(support::Page { next: #next, items: #items })
                    }
                })
            }
        })
    }
}

fn answer<'m>(api: &Api, plan: &Plan<'m>) -> Option<&'m crate::model::Use> {
    if !matches!(&plan.success, Success::One(Value::Json { .. })) {
        return None;
    }
    let success = plan
        .operation
        .answers
        .iter()
        .flat_map(|answer| &answer.content);
    success
        .filter_map(|content| match &content.body {
            Body::Json(body) => Some(body),
            _ => None,
        })
        .find(|body| {
            plan.operation
                .paging
                .as_ref()
                .is_some_and(|paging| rust::field(api, body, &paging.items_field).is_some())
        })
}

/// The name of the argument of `method` that takes the cursor, if it is optional text.
fn cursor(
    context: &Context<'_>,
    plan: &Plan<'_>,
    paging: &Paging,
    method: &ImplItemFn,
) -> Option<String> {
    let parameter = plan
        .parameters
        .iter()
        .find(|one| one.wire == paging.cursor_parameter)?;
    if parameter.required || !matches!(Argument::of(context, &parameter.value), Argument::Text) {
        return None;
    }
    let mut found = adjust::arguments(method)
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| letters(name.trim_start_matches("r#")) == letters(&parameter.wire));
    found.next().filter(|_| found.next().is_none())
}

/// Whether the arguments can be used for a second page: all but owned bodies.
fn sends_again(plan: &Plan<'_>) -> bool {
    plan.body
        .is_none_or(|content| matches!(content.body, Body::Json(_)))
}

/// The value of a field of `page` as an `Option`.
fn taken_out(name: &str, required: bool, nullable: bool) -> TokenStream {
    let name = rust::ident(name);
    match (required, nullable) {
        (true, false) => quote!(Some(page.#name)),
        (false, true) => quote!(page.#name.into_option()),
        _ => quote!(page.#name),
    }
}
