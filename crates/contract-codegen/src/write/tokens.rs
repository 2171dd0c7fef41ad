//! Identifiers, numbers and other small pieces of Rust.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use serde_json::Number;

/// An identifier of the model, which may be a raw one.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Rust source as tokens; for numbers, whose sign is no part of a literal.
pub(crate) fn source(text: &str) -> TokenStream {
    text.parse().expect("numbers are Rust source")
}

/// An optional value.
pub(crate) fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote! { ::std::option::Option::Some(#value) },
        None => quote! { ::std::option::Option::None },
    }
}

/// A whole number of the contract; `None`: it has a fraction.
pub(crate) fn int(number: &Number) -> Option<TokenStream> {
    if let Some(value) = number.as_u64() {
        let literal = Literal::u64_unsuffixed(value);
        return Some(quote!(#literal));
    }
    let literal = Literal::u64_unsuffixed(number.as_i64()?.unsigned_abs());
    Some(quote!(-#literal))
}

/// A number of the contract as an `f64` literal.
pub(crate) fn float(number: &Number) -> TokenStream {
    source(&format!("{:?}", number.as_f64().unwrap_or_default()))
}
