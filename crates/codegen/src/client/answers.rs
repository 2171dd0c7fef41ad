//! What our own methods make of an answer, by its status.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::plan::{Plan, Success, Value};
use super::rust;
use crate::model::Status;

/// The enum that an operation with several kinds of success answers with.
pub(super) fn success_enum(plan: &Plan<'_>) -> Option<TokenStream> {
    let Success::Several(values) = &plan.success else {
        return None;
    };
    if plan.alternative {
        return None;
    }
    let name = success_name(plan);
    let doc = format!("What `{}` gives when it succeeds.", plan.operation.id);
    let variants = values.iter().map(|(status, value)| {
        let variant = variant(plan, *status);
        let doc = match status {
            Status::Code(code) => format!("Status {code}."),
            Status::Range(digit) => format!("A status from {digit}00 to {digit}99."),
            Status::Default => "Any other status.".to_owned(),
        };
        let rust = value_type(value);
        quote! { #[doc = #doc] #variant(#rust) }
    });
    let derive = if values
        .iter()
        .any(|(_, value)| matches!(value, Value::Raw { .. }))
    {
        TokenStream::new()
    } else {
        quote!(#[derive(Debug)])
    };
    Some(quote! { #[doc = #doc] #derive pub enum #name { #(#variants),* } })
}

pub(super) fn success_arms(plan: &Plan<'_>) -> TokenStream {
    let statuses = |only: Option<Status>| -> Vec<Status> {
        let declared: Vec<Status> = plan
            .operation
            .answers
            .iter()
            .map(|answer| answer.status)
            .filter(|status| matches!(status, Status::Code(200..=299) | Status::Range(2)))
            .filter(|status| only.is_none_or(|only| only == *status))
            .collect();
        if declared.is_empty() {
            vec![Status::Range(2)]
        } else {
            declared
        }
    };
    let mut arms = TokenStream::new();
    match &plan.success {
        Success::One(value) => {
            let receive = receive(value);
            for status in statuses(None) {
                let pattern = pattern(status);
                arms.extend(quote!(#pattern => Ok(#receive),));
            }
        }
        Success::Several(values) => {
            let name = success_name(plan);
            for (status, value) in values {
                let receive = receive(value);
                let variant = variant(plan, *status);
                let pattern = pattern(*status);
                arms.extend(quote!(#pattern => Ok(#receive.map(#name::#variant)),));
            }
        }
    }
    arms
}

pub(super) fn error_arms(plan: &Plan<'_>) -> TokenStream {
    let errors = &plan.errors;
    let receive = receive(&if errors.empty {
        Value::Empty
    } else {
        Value::Json {
            rust: errors.rust.clone(),
            media_type: String::new(),
        }
    });
    let mut arms = TokenStream::new();
    // Declared without JSON: said first, as a range or the default may stand for the others.
    for answer in &plan.operation.answers {
        let untyped = matches!(answer.status, Status::Code(400..=599));
        if untyped && !errors.covers_all() && !errors.typed.contains(&answer.status) {
            let pattern = pattern(answer.status);
            arms.extend(quote!(#pattern => Err(Error::UnexpectedResponse(response)),));
        }
    }
    for status in &errors.typed {
        let pattern = pattern(*status);
        arms.extend(quote!(#pattern => Err(Error::ErrorResponse(#receive)),));
    }
    if !errors.typed.contains(&Status::Default) {
        arms.extend(quote!(_ => Err(Error::UnexpectedResponse(response)),));
    }
    arms
}

fn receive(value: &Value) -> TokenStream {
    match value {
        Value::Json { rust, .. } => quote!(ResponseValue::<#rust>::from_response(response).await?),
        Value::Raw { .. } => quote!(ResponseValue::stream(response)),
        Value::Empty => quote!(ResponseValue::empty(response)),
    }
}

pub(super) fn success_type(plan: &Plan<'_>) -> TokenStream {
    match &plan.success {
        Success::One(value) => value_type(value),
        Success::Several(_) => {
            let name = success_name(plan);
            quote!(#name)
        }
    }
}

fn success_name(plan: &Plan<'_>) -> Ident {
    format_ident!("{}Success", plan.operation.ident)
}

fn variant(plan: &Plan<'_>, status: Status) -> Ident {
    let answer = plan
        .operation
        .answers
        .iter()
        .find(|answer| answer.status == status);
    rust::ident(answer.map_or("Other", |answer| &answer.ident))
}

fn value_type(value: &Value) -> TokenStream {
    match value {
        Value::Json { rust, .. } => rust.clone(),
        Value::Raw { .. } => quote!(ByteStream),
        Value::Empty => quote!(()),
    }
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(digit) => {
            let low = proc_macro2::Literal::u16_unsuffixed(u16::from(digit) * 100);
            let high = proc_macro2::Literal::u16_unsuffixed(u16::from(digit) * 100 + 99);
            quote!(#low..=#high)
        }
        Status::Default => quote!(_),
    }
}
