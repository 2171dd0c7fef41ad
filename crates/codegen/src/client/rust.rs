//! Rust spelling of what the model describes, over the module `types`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::model::{Api, Field, Kind, NumberRules, Shape, TypeId, Use};

/// An identifier of the model, which may be raw.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The type of a body. `answer`: it is received, so that enums take values this client does not
/// know.
pub(super) fn body_type(api: &Api, value: &Use, answer: bool) -> TokenStream {
    let plain = match &value.shape {
        Shape::Named(id) => named(api, *id, answer),
        Shape::String(_) => quote!(String),
        Shape::Integer(rules) => {
            let name = ident(integer(rules));
            quote!(#name)
        }
        Shape::Number(_) => quote!(f64),
        Shape::Boolean => quote!(bool),
        Shape::Literal(Value::Bool(true)) => quote!(types::support::True),
        Shape::Literal(Value::Bool(false)) => quote!(types::support::False),
        Shape::Literal(_) | Shape::Any => quote!(serde_json::Value),
        Shape::Array(item, _) => {
            let item = body_type(api, item, answer);
            quote!(Vec<#item>)
        }
        Shape::Map(item, _) if item.shape == Shape::Any => {
            quote!(serde_json::Map<String, serde_json::Value>)
        }
        Shape::Map(item, _) => {
            let item = body_type(api, item, answer);
            quote!(std::collections::BTreeMap<String, #item>)
        }
        Shape::Binary => quote!(Vec<u8>),
    };
    if value.nullable {
        quote!(Option<#plain>)
    } else {
        plain
    }
}

fn named(api: &Api, id: TypeId, answer: bool) -> TokenStream {
    let definition = &api.types[id.0];
    let name = ident(&definition.name);
    match definition.kind {
        Kind::Enum(_) if answer => quote!(types::support::Open<types::#name>),
        _ => quote!(types::#name),
    }
}

/// The integer type that holds every value `rules` allows.
pub(super) fn integer(rules: &NumberRules) -> &'static str {
    let natural = [&rules.minimum, &rules.exclusive_minimum]
        .into_iter()
        .flatten()
        .any(|bound| bound.as_f64().is_some_and(|bound| bound >= 0.0));
    match (natural, rules.int32) {
        (true, false) => "u64",
        (true, true) => "u32",
        (false, false) => "i64",
        (false, true) => "i32",
    }
}

/// How a method takes a parameter.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    /// `&'a str`.
    Text,
    /// A whole number of that type.
    Integer(&'static str),
    /// `f64`.
    Number,
    /// `bool`.
    Boolean,
    /// A string enum, by value.
    Enum(TypeId),
    /// A list of text, numbers, or enums: `&'a [T]`.
    List(TokenStream),
    /// Anything else, borrowed.
    Borrowed(TokenStream),
}

impl Argument {
    /// How a method takes a value of `value`.
    pub(super) fn of(api: &Api, value: &Use) -> Argument {
        match &value.shape {
            Shape::Named(id) => match &api.types[id.0].kind {
                Kind::Alias(inner) => Argument::of(api, inner),
                Kind::Enum(_) => Argument::Enum(*id),
                Kind::Struct(_) | Kind::Union(_) => Argument::Borrowed(named(api, *id, false)),
            },
            Shape::String(_) | Shape::Literal(Value::String(_)) => Argument::Text,
            Shape::Integer(rules) => Argument::Integer(integer(rules)),
            Shape::Number(_) => Argument::Number,
            Shape::Boolean => Argument::Boolean,
            Shape::Array(item, _) => Argument::List(body_type(api, item, false)),
            _ => Argument::Borrowed(body_type(
                api,
                &Use {
                    shape: value.shape.clone(),
                    nullable: false,
                },
                false,
            )),
        }
    }

    /// Its type in a signature.
    pub(super) fn tokens(&self, api: &Api) -> TokenStream {
        match self {
            Argument::Text => quote!(&'a str),
            Argument::Integer(name) => {
                let name = ident(name);
                quote!(#name)
            }
            Argument::Number => quote!(f64),
            Argument::Boolean => quote!(bool),
            Argument::Enum(id) => named(api, *id, false),
            Argument::List(item) => quote!(&'a [#item]),
            Argument::Borrowed(plain) => quote!(&'a #plain),
        }
    }
}

/// The field `name` of the struct that `value` is; `None` if it is no struct or has no such field.
pub(super) fn field<'m>(api: &'m Api, value: &Use, name: &str) -> Option<&'m Field> {
    let Shape::Named(id) = &value.shape else {
        return None;
    };
    match &api.types[id.0].kind {
        Kind::Struct(object) => object.fields.iter().find(|field| field.ident == name),
        Kind::Alias(inner) => field(api, inner, name),
        _ => None,
    }
}

/// The shape that `value` has once aliases are followed.
pub(super) fn resolved<'m>(api: &'m Api, value: &'m Use) -> &'m Shape {
    match &value.shape {
        Shape::Named(id) => match &api.types[id.0].kind {
            Kind::Alias(inner) => resolved(api, inner),
            _ => &value.shape,
        },
        shape => shape,
    }
}
