//! Streams over list operations, on top of the methods that fetch one page.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ImplItemFn;

use super::plan::{Plan, Success, Value};
use super::rust::{self, Argument, Context};
use super::{adjust, answers};
use crate::model::{Api, Body, Paging, Shape};

/// The stream of `plan` over its `method`; `None` where the operation does not page, or its cursor
/// is not text.
pub(super) fn method(
    context: &Context<'_>,
    plan: &Plan<'_>,
    method: &ImplItemFn,
) -> Option<ImplItemFn> {
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

    let fetch = &method.sig.ident;
    let mut name = format!("{}_stream", plan.operation.snake.trim_start_matches("r#"));
    while api
        .operations
        .iter()
        .any(|operation| operation.snake == name)
    {
        name.push('_');
    }
    let name = rust::ident(&name);
    let item = context.body_type(&paging.item, true);
    let error = answers::error_type(plan);
    let arguments = adjust::arguments(method);
    let taken = arguments
        .iter()
        .filter(|(name, _)| *name != cursor)
        .map(|(name, rust)| {
            let name = rust::ident(name);
            quote!(#name: #rust)
        });
    let given = arguments.iter().map(|(name, _)| {
        if *name == cursor {
            return quote!(cursor.as_deref());
        }
        let name = rust::ident(name);
        quote!(#name)
    });
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
    let doc = format!(
        "The items of [`Client::{fetch}`], page after page.\n\nA page is fetched when its first \
         item is asked for. The stream ends where the answer has no next cursor, and after an \
         error; a cursor that comes a second time is an error.",
    );
    Some(syn::parse_quote! {
        #[doc = #doc]
        pub fn #name<'a>(&'a self, #(#taken),*) -> Pages<'a, #item, #error> {
            Pages::new(move |cursor: Option<String>| async move {
                let page = self.#fetch(#(#given),*).await?.into_inner();
                Ok(support::Page { next: #next, items: #items })
            })
        }
    })
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
    // Progenitor spells arguments its own way, so compare letters and digits only.
    let letters = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
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
