//! Values that arrive as text, and small pieces of Rust.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, MapRules, NumberRules, Shape, StringRules, TypeId, Use};

/// The name of a header, made once: making it takes longer than looking for the header.
pub(super) fn header_name(wire: &str) -> TokenStream {
    let name = wire.to_ascii_lowercase();
    quote! {
        {
            static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(#name);
            &NAME
        }
    }
}

/// The type with a name of its own that `value` is, aliases followed.
pub(super) fn named(api: &Api, value: &Use) -> Option<TypeId> {
    match api.shape(value) {
        Shape::Named(id) => Some(*id),
        _ => None,
    }
}

/// Whether reading a value of `shape` from text into its Rust type leaves anything to check.
pub(super) fn is_constrained(api: &Api, shape: &Shape) -> bool {
    match shape {
        Shape::String(rules) => *rules != StringRules::default(),
        // The type keeps out much of it, but only the rule says so in the contract's words.
        Shape::Integer(rules) => *rules != NumberRules::default(),
        Shape::Number(rules) => {
            NumberRules {
                int32: false,
                int64: false,
                ..rules.clone()
            } != NumberRules::default()
        }
        Shape::Array(..) => true,
        Shape::Named(id) => api.types[id.0].check.is_some(),
        Shape::Map(item, rules) => {
            *rules != MapRules::default() || is_constrained(api, api.shape(item))
        }
        _ => false,
    }
}
