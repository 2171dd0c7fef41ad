//! What methods make of an answer, by its status.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::plan::{Errors, Plan, Success, Value, is_success};
use super::rust;
use crate::model::Status;

/// The enums of what an operation gives: one where there are several successes, and one where there
/// are several errors.
pub(super) fn enums(plan: &Plan<'_>) -> TokenStream {
    if plan.alternative {
        return TokenStream::new();
    }
    let id = &plan.operation.id;
    let (successes, errors) = plan.values();
    let mut enums: TokenStream = successes.into_iter().chain(errors).map(media).collect();
    if let Success::Several(values) = &plan.success {
        let doc = format!("What `{id}` gives when it succeeds.");
        // A stream of bytes has no debug form.
        let derive =
            (!values.iter().any(|(_, value)| value.has_stream())).then(|| quote!(#[derive(Debug)]));
        let name = success_name(plan);
        let variants = variants(plan, values);
        enums.extend(quote! { #[doc = #doc] #derive pub enum #name { #variants } });
    }
    if let Errors::Several(values) = &plan.errors {
        let doc = format!("How `{id}` is refused.");
        let name = failure_name(plan);
        let variants = variants(plan, values);
        let arms = values.iter().map(|(status, value)| {
            let variant = variant(plan, *status);
            match value {
                Value::Json { .. } | Value::Media { .. } | Value::Plain { .. } | Value::Text => {
                    quote!(#name::#variant(body) => body.serialize(serializer),)
                }
                _ => quote!(#name::#variant(_) => serializer.serialize_unit(),),
            }
        });
        let serialize = serialize(&name, arms);
        enums.extend(quote! {
            #[doc = #doc]
            #[derive(Debug)]
            #[non_exhaustive]
            pub enum #name { #variants }

            #serialize
        });
    }
    enums
}

/// The enum of a body that has several media types; nothing for others.
fn media(value: &Value) -> TokenStream {
    let Value::Media { name, choices } = value else {
        return TokenStream::new();
    };
    let variants = choices.iter().map(|choice| {
        let doc = format!("`{}`", choice.media_types.join("`, `"));
        let (variant, rust) = (&choice.variant, value_type(&choice.value));
        quote!(#[doc = #doc] #variant(#rust))
    });
    let streams = value.has_stream();
    let derive = (!streams).then(|| quote!(#[derive(Debug)]));
    let arms = choices.iter().map(|choice| {
        let variant = &choice.variant;
        match choice.value {
            Value::Bytes => quote!(#name::#variant(_) => serializer.serialize_unit(),),
            _ => quote!(#name::#variant(body) => body.serialize(serializer),),
        }
    });
    let serialize = (!streams).then(|| serialize(name, arms));
    quote! {
        /// A body, by media type.
        #derive
        pub enum #name { #(#variants),* }

        #serialize
    }
}

fn serialize(name: &Ident, arms: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote! {
        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self { #(#arms)* }
            }
        }
    }
}

fn variants(plan: &Plan<'_>, values: &[(Status, Value)]) -> TokenStream {
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
    quote!(#(#variants),*)
}

/// The arms of a `match` over the status of `response`.
pub(super) fn arms(plan: &Plan<'_>) -> TokenStream {
    let mut arms = TokenStream::new();
    match &plan.success {
        Success::One(value) => {
            let receive = receive(value);
            for status in success_statuses(plan) {
                let pattern = pattern(status);
                arms.extend(quote!(#pattern => Ok(#receive),));
            }
        }
        Success::Several(values) => {
            let name = success_name(plan);
            for (status, value) in values {
                let receive = receive(value);
                let variant = variant(plan, *status);
                // The default answer is that of errors as well.
                let pattern = pattern(match status {
                    Status::Default => Status::Range(2),
                    status => *status,
                });
                arms.extend(quote!(#pattern => Ok(#receive.map(#name::#variant)),));
            }
        }
    }
    let mut rest = quote! {
        _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
    };
    let mut failure = |status: Status, answer: TokenStream| {
        let pattern = pattern(status);
        let arm = quote!(#pattern => Err(Error::ErrorResponse(#answer)),);
        match status {
            Status::Default => rest = arm,
            _ => arms.extend(arm),
        }
    };
    match &plan.errors {
        Errors::One(value, statuses) => {
            for status in statuses {
                failure(*status, receive(value));
            }
        }
        Errors::Several(values) => {
            let name = failure_name(plan);
            for (status, value) in values {
                let receive = receive(value);
                let variant = variant(plan, *status);
                failure(*status, quote!(#receive.map(#name::#variant)));
            }
        }
    }
    arms.extend(rest);
    arms
}

/// The statuses of the one success; the default answer is one if no other is.
fn success_statuses(plan: &Plan<'_>) -> Vec<Status> {
    let answers = plan.operation.answers.iter().map(|answer| answer.status);
    let mut statuses: Vec<Status> = answers.filter(|status| is_success(*status)).collect();
    let has_default = plan
        .operation
        .answers
        .iter()
        .any(|answer| answer.status == Status::Default);
    if statuses.is_empty() || (has_default && !statuses.iter().any(|one| one.is_done())) {
        statuses.push(Status::Range(2));
    }
    statuses
}

fn receive(value: &Value) -> TokenStream {
    match value {
        Value::Json { rust, .. } => quote!(ResponseValue::<#rust>::from_response(response).await?),
        Value::Media { name, choices } => {
            let (mut exact, mut ranges) = (Vec::new(), Vec::new());
            let mut fallback = None;
            for choice in choices {
                let (variant, receive) = (&choice.variant, receive(&choice.value));
                let receive = quote!(#receive.map(#name::#variant));
                let of_range = |one: &&String| one.contains('*');
                let types = choice.media_types.iter().filter(|one| !of_range(one));
                let types: Vec<_> = types.collect();
                // Where nothing fits, the first says so.
                if fallback.is_none() {
                    fallback = Some(receive);
                    continue;
                }
                if !types.is_empty() {
                    exact.push(quote!(#(#types)|* => #receive,));
                }
                for range in choice.media_types.iter().filter(of_range) {
                    let closeness = range.replace('*', "").len();
                    let arm = quote!(media if support::covers(#range, media) => #receive,);
                    ranges.push((closeness, arm));
                }
            }
            ranges.sort_by_key(|(closeness, _)| std::cmp::Reverse(*closeness));
            let ranges = ranges.into_iter().map(|(_, arm)| arm);
            // Before any range, so that none takes what is declared by itself.
            let first = choices.first().map(|first| &first.media_types);
            let first: Vec<_> = first
                .into_iter()
                .flatten()
                .filter(|one| !one.contains('*'))
                .collect();
            let named =
                (ranges.len() > 0 && !first.is_empty()).then(|| quote!(#(#first)|* => #fallback,));
            quote! {
                match ResponseValue::media_type(&response).as_str() {
                    #(#exact)* #named #(#ranges)* _ => #fallback,
                }
            }
        }
        Value::Plain { rust, .. } => quote!(ResponseValue::<#rust>::from_text(response).await?),
        Value::Sequence { reader, events, .. } => {
            let again = match events {
                true => quote!(Some(again)),
                false => quote!(None),
            };
            quote!(Items::new(response, || #reader, #again))
        }
        Value::Raw { .. } => quote!(ResponseValue::stream(response)),
        Value::Text => quote!(ResponseValue::text(response).await?),
        Value::Bytes => quote!(ResponseValue::bytes(response).await?),
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

/// `E` of `Error<E>`.
pub(super) fn error_type(plan: &Plan<'_>) -> TokenStream {
    match &plan.errors {
        Errors::One(value, _) => value_type(value),
        Errors::Several(_) => {
            let name = failure_name(plan);
            quote!(#name)
        }
    }
}

fn success_name(plan: &Plan<'_>) -> Ident {
    format_ident!("{}Success", plan.operation.ident)
}

fn failure_name(plan: &Plan<'_>) -> Ident {
    format_ident!("{}Failure", plan.operation.ident)
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
        Value::Json { rust, .. } | Value::Plain { rust, .. } => rust.clone(),
        Value::Media { name, .. } => quote!(#name),
        Value::Sequence { item, .. } => quote!(Items<#item>),
        Value::Raw { .. } => quote!(ByteStream),
        Value::Text => quote!(::std::string::String),
        Value::Bytes => quote!(bytes::Bytes),
        Value::Empty => quote!(()),
    }
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(digit) => {
            let low = Literal::u16_unsuffixed(u16::from(digit) * 100);
            let high = Literal::u16_unsuffixed(u16::from(digit) * 100 + 99);
            quote!(#low..=#high)
        }
        Status::Default => quote!(_),
    }
}
