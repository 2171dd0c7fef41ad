//! Rust spelling of what the model describes, over the module `types`.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::model::{Api, Field, Formatted, Kind, Shape, TypeId, Use};
use crate::types::Emitter;
pub(super) use crate::write::ident;

/// The contract, and how its values are written in Rust.
pub(super) struct Context<'m> {
    pub(super) api: &'m Api,
    types: Emitter<'m>,
}

impl<'m> Context<'m> {
    pub(super) fn new(api: &'m Api) -> Context<'m> {
        Context {
            api,
            types: Emitter::new(api, quote!(types::), quote!(types::support)),
        }
    }

    /// An expression that reads a value of an answer from JSON, and checks it.
    pub(super) fn decoder(&self, value: &Use) -> TokenStream {
        self.types.decoder(value, true)
    }

    /// The type of a body. `answer`: it is received, so that enums take values this client does
    /// not know.
    pub(super) fn body_type(&self, value: &Use, answer: bool) -> TokenStream {
        self.types.rust_type(value, answer)
    }
}

/// How a method takes a parameter.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    /// `&'a str`.
    Text,
    /// A whole number of that type.
    Integer(String),
    /// `f64`.
    Number,
    /// `bool`.
    Boolean,
    /// A value of a format, by value.
    Formatted(Formatted),
    /// A string enum, by value.
    Enum(TypeId),
    /// A list of text, numbers, or enums: `&'a [T]`.
    List(TokenStream),
    /// Anything else, borrowed.
    Borrowed(TokenStream),
}

impl Argument {
    /// How a method takes a value of `value`.
    pub(super) fn of(context: &Context<'_>, value: &Use) -> Argument {
        match &value.shape {
            Shape::Named(id) => match &context.api.types[id.0].kind {
                Kind::Alias(inner) => Argument::of(context, inner),
                Kind::Enum(_) => Argument::Enum(*id),
                Kind::Struct(_) | Kind::Union(_) => Argument::Borrowed(context.types.name(*id)),
            },
            Shape::Checked(inner, _) => Argument::of(context, inner),
            Shape::String(_) | Shape::Literal(Value::String(_)) => Argument::Text,
            Shape::Formatted(format) => Argument::Formatted(*format),
            Shape::Integer(_) => {
                Argument::Integer(context.types.base_type(value, false).to_string())
            }
            Shape::Number(_) => Argument::Number,
            Shape::Boolean => Argument::Boolean,
            Shape::Array(item, _) => Argument::List(context.body_type(item, false)),
            _ => Argument::Borrowed(context.types.base_type(value, false)),
        }
    }

    /// Its type in a signature.
    pub(super) fn tokens(&self, context: &Context<'_>) -> TokenStream {
        match self {
            Argument::Text => quote!(&'a str),
            Argument::Integer(name) => {
                let name = ident(name);
                quote!(#name)
            }
            Argument::Formatted(format) => {
                let name = ident(format.name());
                quote!(types::support::#name)
            }
            Argument::Number => quote!(f64),
            Argument::Boolean => quote!(bool),
            Argument::Enum(id) => context.types.name(*id),
            Argument::List(item) => quote!(&'a [#item]),
            Argument::Borrowed(plain) => quote!(&'a #plain),
        }
    }
}

/// The field `name` of the struct that `value` is; `None` if it is no struct or has no such field.
pub(super) fn field<'m>(api: &'m Api, value: &Use, name: &str) -> Option<&'m Field> {
    let id = match &value.shape {
        Shape::Named(id) => id,
        Shape::Checked(inner, _) => return field(api, inner, name),
        _ => return None,
    };
    match &api.types[id.0].kind {
        Kind::Struct(object) => object.fields.iter().find(|field| field.ident == name),
        Kind::Alias(inner) => field(api, inner, name),
        _ => None,
    }
}
