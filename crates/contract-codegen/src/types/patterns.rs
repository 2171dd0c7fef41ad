//! The patterns of the contract, each compiled once when it is first needed.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::Runtime;
use crate::lower::looks_around;
use crate::model::{Additional, Api, Body, Kind, Shape, StringRules, Use, Word};
use crate::write::docs::printable;
use crate::write::ident;

/// The module `patterns`; nothing when the contract has none.
pub(super) fn module(api: &Api, runtime: Runtime) -> TokenStream {
    let mut found = BTreeMap::new();
    visit(api, &mut |rules| {
        if let Some(pattern) = &rules.pattern {
            found.insert(
                name(pattern),
                (pattern.clone(), rules.pattern_source.clone()),
            );
        }
    });
    for word in api.checks.schemas.iter().flat_map(|check| &check.words) {
        let mut add = |pattern: &String, written: Option<String>| {
            found.insert(name(pattern), (pattern.clone(), written));
        };
        match word {
            Word::Text(rules) => {
                if let Some(pattern) = &rules.pattern {
                    add(pattern, rules.pattern_source.clone());
                }
            }
            Word::Object { matching, .. } => {
                for (source, pattern, _) in matching {
                    add(pattern, Some(source.clone()));
                }
            }
            _ => {}
        }
    }
    if found.is_empty() {
        return TokenStream::new();
    }
    let lookaround = match runtime {
        Runtime::Crates => quote! { super::support::fancy_regex::Regex },
        Runtime::Carried => quote! { ::fancy_regex::Regex },
    };
    let plain = found.values().any(|(pattern, _)| !looks_around(pattern));
    let compile = plain.then(|| {
        quote! {
            use ::regex::Regex;

            fn compile(pattern: &str) -> Regex {
                Regex::new(pattern).expect("patterns are compiled before code is generated from them")
            }
        }
    });
    let functions = found.into_iter().map(|(name, (pattern, written))| {
        let doc = printable(&format!(
            " Whether `text` matches `{}`.",
            written.as_ref().unwrap_or(&pattern)
        ));
        let name = ident(&name);
        // Nearly every text that must not be blank begins with what shows it.
        let shortcut = (written.as_deref() == Some(NOT_BLANK)).then(|| {
            quote! { text.as_bytes().first().is_some_and(u8::is_ascii_graphic) || }
        });
        if looks_around(&pattern) {
            return quote! {
                #[doc = #doc]
                pub fn #name(text: &str) -> bool {
                    static PATTERN: LazyLock<#lookaround> = LazyLock::new(|| {
                        #lookaround::new(#pattern)
                            .expect("patterns are compiled before code is generated from them")
                    });
                    // A text that takes too long matches as little as one that does not.
                    PATTERN.is_match(text).unwrap_or(false)
                }
            };
        }
        quote! {
            #[doc = #doc]
            pub fn #name(text: &str) -> bool {
                static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile(#pattern));
                #shortcut PATTERN.is_match(text)
            }
        }
    });
    quote! {
        /// Patterns of the contract.
        #[doc(hidden)]
        pub mod patterns {
            use ::std::sync::LazyLock;

            #compile

            #(#functions)*
        }
    }
}

/// As contracts write that a text must not be blank.
const NOT_BLANK: &str = r"\S";

/// Name of the function for `pattern`: by content, so that it stays when others come and go.
pub(super) fn name(pattern: &str) -> String {
    // 64-bit FNV-1a.
    let hash = pattern
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("p{hash:016x}")
}

/// Shows `see` every constraint on text.
fn visit(api: &Api, see: &mut impl FnMut(&StringRules)) {
    for def in &api.types {
        match &def.kind {
            Kind::Struct(object) => {
                object
                    .fields
                    .iter()
                    .for_each(|field| visit_use(&field.value, see));
                if let Additional::Kept(value) = &object.additional {
                    visit_use(value, see);
                }
            }
            Kind::Union(union) => union
                .variants
                .iter()
                .for_each(|variant| visit_use(&variant.value, see)),
            Kind::Alias(target) => visit_use(target, see),
            Kind::Enum(_) => {}
        }
    }
    for operation in &api.operations {
        operation
            .parameters
            .iter()
            .for_each(|parameter| visit_use(&parameter.value, see));
        let answers = operation.answers.iter();
        answers
            .clone()
            .flat_map(|answer| &answer.headers)
            .for_each(|header| visit_use(&header.value, see));
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        for content in bodies.chain(answers.flat_map(|answer| &answer.content)) {
            match &content.body {
                Body::Json(value) => visit_use(value, see),
                Body::Multipart(form) | Body::Form(form) => {
                    form.uses().for_each(|value| visit_use(value, see));
                }
                Body::Text(value) => visit_use(value, see),
                Body::Sequence(sequence) => visit_use(&sequence.item, see),
                Body::Binary(_) => {}
            }
        }
    }
}

fn visit_use(value: &Use, see: &mut impl FnMut(&StringRules)) {
    match &value.shape {
        Shape::String(rules) => see(rules),
        Shape::Array(item, _) | Shape::Map(item, _) | Shape::Checked(item, _) => {
            visit_use(item, see);
        }
        _ => {}
    }
}
