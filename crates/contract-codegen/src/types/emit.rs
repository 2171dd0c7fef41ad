//! How the contract's values are written as Rust types.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::valid::{Place, closure};
use crate::model::{Api, Formatted, Kind, NumberRules, Shape, TypeId, Use};
use crate::write::ident;

/// Writes types and everything about them; shared by the targets, which see the types under
/// different paths.
pub(crate) struct Emitter<'a> {
    pub(super) api: &'a Api,
    /// What stands before the name of a type, e.g. `types::`.
    pub(super) root: TokenStream,
    /// The path of what the types run on, e.g. `types::support`.
    pub(super) runtime: TokenStream,
    /// Where its macros are.
    pub(super) macros: TokenStream,
    /// By type: whether a decoded value can still break the contract.
    pub(super) breakable: Cow<'a, [bool]>,
}

impl<'a> Emitter<'a> {
    /// `root` stands before every name, e.g. `types::`; `runtime` is the path of what the types run on.
    pub(crate) fn new(api: &'a Api, root: TokenStream, runtime: TokenStream) -> Emitter<'a> {
        let breakable = api.breakable.get_or_init(|| Emitter::breakable(api));
        Emitter {
            api,
            root,
            macros: runtime.clone(),
            runtime,
            breakable: Cow::Borrowed(breakable),
        }
    }

    /// The Rust type of `value`, `Option` around it when `null` is allowed. `open`: the value is
    /// part of an answer.
    pub(crate) fn rust_type(&self, value: &Use, open: bool) -> TokenStream {
        let base = self.base_type(value, open);
        if self.is_nullable(value) {
            quote! { ::std::option::Option<#base> }
        } else {
            base
        }
    }

    /// The Rust type of `value` when it is not `null`.
    pub(crate) fn base_type(&self, value: &Use, open: bool) -> TokenStream {
        let root = &self.root;
        let runtime = &self.runtime;
        match &value.shape {
            Shape::Named(id) => match &self.api.types[id.0].kind {
                // The alias includes `null`, which is written differently for a property.
                Kind::Alias(target) if self.is_nullable(target) => {
                    self.base_type(target, self.api.types[id.0].in_response)
                }
                Kind::Enum(_) if open => {
                    let name = self.name(*id);
                    quote! { #runtime::Open<#name> }
                }
                _ => self.name(*id),
            },
            Shape::String(_) | Shape::Binary => quote! { ::std::string::String },
            Shape::Formatted(format) => {
                let name = ident(format.name());
                quote! { #runtime::#name }
            }
            Shape::Integer(rules) => {
                let name = ident(integer_type(rules));
                quote! { #name }
            }
            Shape::Number(_) => quote! { f64 },
            Shape::Boolean => quote! { bool },
            Shape::Literal(Value::Null) => quote! { () },
            Shape::Literal(Value::Bool(true)) => quote! { #runtime::True },
            Shape::Literal(Value::Bool(false)) => quote! { #runtime::False },
            Shape::Literal(value) => {
                let name = ident(&self.constant_name(value));
                quote! { #root #name }
            }
            Shape::Array(item, _) => {
                let item = self.rust_type(item, open);
                quote! { ::std::vec::Vec<#item> }
            }
            Shape::Map(item, _) if matches!(item.shape, Shape::Any) => {
                quote! { ::serde_json::Map<::std::string::String, ::serde_json::Value> }
            }
            Shape::Map(item, _) => {
                let item = self.rust_type(item, open);
                quote! { ::std::collections::BTreeMap<::std::string::String, #item> }
            }
            Shape::Any => quote! { ::serde_json::Value },
            Shape::Checked(inner, _) => self.base_type(inner, open),
        }
    }

    /// The shape by which `value` is read (a type of the support code), `null` included.
    pub(crate) fn shape(&self, value: &Use, open: bool) -> TokenStream {
        let runtime = &self.runtime;
        let base = self.base_shape(value, open);
        if self.is_nullable(value) {
            quote! { #runtime::Nullable<#base> }
        } else {
            base
        }
    }

    /// The shape of `value` apart from `null`.
    pub(super) fn base_shape(&self, value: &Use, open: bool) -> TokenStream {
        let runtime = &self.runtime;
        self.special_shape(value, open).unwrap_or_else(|| {
            let base = self.base_type(value, open);
            quote! { #runtime::Plain<#base> }
        })
    }

    /// The shape of `value` apart from `null`, unless its Rust type reads itself rightly.
    pub(super) fn special_shape(&self, value: &Use, open: bool) -> Option<TokenStream> {
        let runtime = &self.runtime;
        match &value.shape {
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Alias(target) => self.special_shape(target, self.api.types[id.0].in_response),
                _ => None,
            },
            Shape::Checked(inner, _) => self.special_shape(inner, open),
            // Others would read more than the format has.
            Shape::Formatted(format) if *format != Formatted::DateTime => {
                let name = ident(format.name());
                Some(quote! { #runtime::Text<#runtime::#name> })
            }
            Shape::Integer(rules) => {
                let name = ident(integer_type(rules));
                Some(quote! { #runtime::Int<#name> })
            }
            Shape::Array(item, _) => {
                self.special_shape(item, open)?;
                let item = self.shape(item, open);
                Some(quote! { #runtime::List<#item> })
            }
            Shape::Map(item, _) => {
                self.special_shape(item, open)?;
                let item = self.shape(item, open);
                Some(quote! { #runtime::Entries<#item> })
            }
            _ => None,
        }
    }

    /// An expression that reads `value` from JSON, checks it and says what is wrong: a
    /// `Fn(&[u8]) -> Result<T, support::DecodeError>`.
    pub(crate) fn decoder(&self, value: &Use, open: bool) -> TokenStream {
        let runtime = &self.runtime;
        if let (Shape::Named(id), false) = (&value.shape, value.nullable)
            && !matches!(self.api.types[id.0].kind, Kind::Alias(_))
            && !(open && matches!(self.api.types[id.0].kind, Kind::Enum(_)))
        {
            let name = self.name(*id);
            return quote! { #runtime::decode::<#name> };
        }
        let decode = self.decode_bytes(value, open);
        quote! { |bytes: &[u8]| #decode }
    }

    /// An expression that reads `value` from `bytes`.
    pub(super) fn decode_bytes(&self, value: &Use, open: bool) -> TokenStream {
        let runtime = &self.runtime;
        let (shape, rule) = (self.shape(value, open), self.rule(value));
        let check = match self.valid(value, &Place::variable("value"), open) {
            Some(valid) => closure("value", &valid),
            None => quote! { |_| true },
        };
        quote! {
            {
                const RULE: &#runtime::Rule = &#rule;
                #runtime::decode_with::<#shape>(bytes, #check, RULE)
            }
        }
    }

    /// Whether `null` is a value, here or by way of an alias.
    pub(crate) fn is_nullable(&self, value: &Use) -> bool {
        match &value.shape {
            // Any JSON includes it already.
            Shape::Any | Shape::Literal(Value::Null) => false,
            Shape::Checked(inner, _) => self.is_nullable(inner),
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Alias(target) => {
                    let shape = &self.target(target).shape;
                    (value.nullable && !matches!(shape, Shape::Any)) || self.is_nullable(target)
                }
                _ => value.nullable,
            },
            _ => value.nullable,
        }
    }

    /// What `value` is when aliases are followed.
    pub(crate) fn target<'b>(&'b self, value: &'b Use) -> &'b Use {
        let mut value = value;
        loop {
            value = match &value.shape {
                Shape::Checked(inner, _) => inner,
                Shape::Named(id) => match &self.api.types[id.0].kind {
                    Kind::Alias(target) => target,
                    _ => return value,
                },
                _ => return value,
            };
        }
    }

    /// The path of a named type.
    pub(crate) fn name(&self, id: TypeId) -> TokenStream {
        let (root, name) = (&self.root, ident(&self.api.types[id.0].name));
        quote! { #root #name }
    }
}

/// The use of a named type, without `null`.
pub(super) fn named(id: TypeId) -> Use {
    Use {
        shape: Shape::Named(id),
        nullable: false,
    }
}

/// The Rust type of whole numbers with these constraints.
pub(crate) fn integer_type(rules: &NumberRules) -> &'static str {
    let least = [&rules.minimum, &rules.exclusive_minimum];
    let unsigned = least.iter().any(|bound| {
        bound
            .as_ref()
            .is_some_and(|bound| bound.as_f64() >= Some(0.0))
    });
    match (rules.int32, unsigned) {
        (true, true) => "u32",
        (true, false) => "i32",
        (false, true) => "u64",
        (false, false) => "i64",
    }
}
