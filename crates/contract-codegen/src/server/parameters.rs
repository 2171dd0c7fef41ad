//! Parameters as fields of the request, and how they are read.

use contract_wire::{Date, DateTime, TextValue, Uuid};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::Emitter;
use super::values::{header_name, is_constrained};
use crate::model::{Formatted, Kind, Location, Notation, Operation, Parameter, Shape, Style, Use};
use crate::write::{docs::doc, float, ident, int};

/// A field of the request struct.
pub(super) struct RequestField {
    /// Its declaration.
    pub(super) declaration: TokenStream,
    /// Reading it into a local variable of its name.
    pub(super) read: TokenStream,
    /// Its initializer, from that variable.
    pub(super) build: TokenStream,
}

impl Emitter<'_> {
    /// The field of `parameter`.
    pub(super) fn parameter(&self, operation: &Operation, parameter: &Parameter) -> RequestField {
        let (name, field) = (local(&parameter.ident), field_name(operation, parameter));
        let wire = parameter.wire.as_str();
        let place = place(operation, parameter);
        let value = &parameter.value;
        let plain = self.types.base_type(value, false);
        let rule = self.constraint(value);
        if let Style::Structured(written) = parameter.style {
            return self.structured(operation, parameter, written);
        }
        let read = match self.api.shape(value) {
            Shape::Array(..) => {
                let separator = ident(match parameter.style {
                    Style::Commas => "Comma",
                    Style::Repeated => "Repeated",
                    Style::Spaces => "Space",
                    Style::Pipes | Style::Structured(_) => "Pipe",
                });
                quote!(input.list(#place, #wire, support::Separator::#separator, #rule))
            }
            Shape::Map(..) => {
                let known = self.api.query_names(operation, wire);
                let read = quote!(let #name = input.others(&[#(#known),*], #rule););
                let declaration = field_declaration(&field, parameter, &quote!(#plain));
                return RequestField {
                    declaration,
                    read,
                    build: quote!(#field: support::complete(#name)?,),
                };
            }
            _ => match parameter.location {
                Location::Query => quote!(input.query(#wire, #rule)),
                _ => quote!(input.one(#place, #wire, #rule)),
            },
        };
        if operation.is_condition(parameter) {
            // Checked like the others; the handler learns of it by its context.
            let read = match parameter.required {
                true => quote! {
                    let #name: Option<Option<#plain>> = #read;
                    let _ = input.require(#wire, #name);
                },
                false => quote!(input.condition::<#plain>(#place, #wire, #rule);),
            };
            return RequestField {
                declaration: TokenStream::new(),
                read,
                build: TokenStream::new(),
            };
        }
        let default = parameter.default.as_ref().map(|default| {
            let default = self.default(value, default);
            default.expect("lowering refuses what is no value of the parameter")
        });
        let (kind, read, build) = if parameter.required {
            (
                plain.clone(),
                quote!(let #name = #read; let #name = input.require(#wire, #name);),
                quote!(support::complete(#name)?),
            )
        } else if let Some(default) = default {
            let otherwise = match self.api.shape(value) {
                Shape::String(_) | Shape::Array(..) => quote!(unwrap_or_else(|| #default)),
                _ => quote!(unwrap_or(#default)),
            };
            (
                plain.clone(),
                quote!(let #name = #read;),
                quote!(support::complete(#name)?.#otherwise),
            )
        } else {
            (
                quote!(Option<#plain>),
                quote!(let #name = #read;),
                quote!(support::complete(#name)?),
            )
        };
        // What is read is inferred from the field.
        RequestField {
            declaration: field_declaration(&field, parameter, &kind),
            read,
            build: quote!(#field: #build,),
        }
    }

    /// The field of a parameter that is put together from what is sent.
    fn structured(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        written: Notation,
    ) -> RequestField {
        let (name, field) = (local(&parameter.ident), field_name(operation, parameter));
        let (wire, place) = (parameter.wire.as_str(), place(operation, parameter));
        let written = written_as(written);
        let known = self.api.query_names(operation, wire);
        let known = match parameter.location {
            Location::Query => quote!(&[#(#known),*]),
            _ => quote!(&[]),
        };
        let default = match &parameter.default {
            Some(default) => {
                let text = default.to_string();
                quote!(Some(#text))
            }
            None => quote!(None),
        };
        let (rule, decode) = (
            self.types.rule(&parameter.value),
            self.types.decoder(&parameter.value, false),
        );
        let kind = self.types.rust_type(&parameter.value, false);
        let read = quote! {
            let #name = input.structured(
                (#place, #wire, #written), #known, #default, const { &#rule }, #decode,
            );
        };
        let is_there = parameter.required || parameter.default.is_some();
        let (kind, required) = match is_there {
            true => (kind, quote!(let #name = input.require(#wire, #name);)),
            false => (quote!(Option<#kind>), TokenStream::new()),
        };
        RequestField {
            declaration: field_declaration(&field, parameter, &kind),
            read: quote!(#read #required),
            build: quote!(#field: support::complete(#name)?,),
        }
    }

    /// What is left to check of `value` after it was read from text.
    pub(super) fn constraint(&self, value: &Use) -> TokenStream {
        let is_checked = self.api.is_checked(value);
        let shape = if is_checked {
            &value.shape
        } else {
            self.api.shape(value)
        };
        let value = Use {
            shape: shape.clone(),
            nullable: false,
        };
        if !is_checked && !is_constrained(self.api, &value.shape) {
            return quote!(None);
        }
        let rule = self.types.rule(&value);
        quote!(Some(const { &#rule }))
    }

    /// An expression for `default`, a value of `value`.
    fn default(&self, value: &Use, default: &Value) -> Option<TokenStream> {
        Some(match (self.api.shape(value), default) {
            (Shape::Named(id), Value::String(text)) => {
                let definition = &self.api.types[id.0];
                let Kind::Enum(values) = &definition.kind else {
                    return None;
                };
                let variant = ident(&values.iter().find(|known| known.wire == *text)?.ident);
                let name = ident(&definition.name);
                quote!(types::#name::#variant)
            }
            (Shape::String(_), Value::String(text)) => quote!(#text.to_owned()),
            (Shape::Formatted(format), Value::String(text)) => constant(*format, text)?,
            (Shape::Boolean, Value::Bool(flag)) => quote!(#flag),
            (Shape::Literal(_), _) => self.types.base_type(value, false),
            (Shape::Integer(_), Value::Number(number)) => int(number)?,
            (Shape::Number(_), Value::Number(number)) => float(number),
            (Shape::Array(item, _), Value::Array(values)) => {
                let values: Option<Vec<_>> = values
                    .iter()
                    .map(|value| self.default(item, value))
                    .collect();
                let values = values?;
                quote!(vec![#(#values),*])
            }
            _ => return None,
        })
    }
}

/// The value that `text` of a format is, as a constant.
fn constant(format: Formatted, text: &str) -> Option<TokenStream> {
    Some(match format {
        Formatted::DateTime => {
            let at = DateTime::from_text(text)?;
            let second = Literal::i64_unsuffixed(at.as_second());
            let nanosecond = Literal::i32_unsuffixed(at.subsec_nanosecond());
            quote!(const { types::support::DateTime::constant(#second, #nanosecond) })
        }
        Formatted::Date => {
            let day = Date::from_text(text)?;
            let year = Literal::i16_unsuffixed(day.year());
            let (month, day) = (day.month(), day.day());
            let (month, day) = (Literal::i8_unsuffixed(month), Literal::i8_unsuffixed(day));
            quote!(const { types::support::date(#year, #month, #day) })
        }
        Formatted::Uuid => {
            let value = Literal::u128_unsuffixed(Uuid::from_text(text)?.as_u128());
            quote!(const { types::support::Uuid::from_u128(#value) })
        }
    })
}

fn written_as(written: Notation) -> TokenStream {
    let (name, explode) = written.variant();
    let name = ident(name);
    match explode {
        Some(explode) => quote!(support::Notation::#name(#explode)),
        None => quote!(support::Notation::#name),
    }
}

fn place(operation: &Operation, parameter: &Parameter) -> TokenStream {
    match parameter.location {
        Location::Query => quote!(support::Place::Query),
        Location::Header => {
            let name = header_name(&parameter.wire);
            quote!(support::Place::Header(#name))
        }
        Location::Cookie => quote!(support::Place::Cookie),
        Location::Path => {
            let mut names = operation.path_names();
            let index = names.position(|name| name == parameter.wire);
            let index = index.expect("lowering refuses parameters that are not in the path");
            let index = Literal::usize_unsuffixed(index);
            quote!(support::Place::Path(#index))
        }
    }
}

/// Name of the local variable for a field; nothing else that is generated begins like it.
pub(super) fn local(field: &str) -> Ident {
    format_ident!("v_{}", field.strip_prefix("r#").unwrap_or(field))
}

/// Name of the field for a parameter; `body` is the body.
pub(super) fn field_name(operation: &Operation, parameter: &Parameter) -> Ident {
    match parameter.ident.as_str() {
        "body" if operation.body.is_some() => format_ident!("body_parameter"),
        free => ident(free),
    }
}

/// The field of query parameters that `operation` does not declare.
pub(super) fn undeclared(operation: &Operation) -> RequestField {
    let in_query = |parameter: &&Parameter| parameter.location == Location::Query;
    let known = operation.parameters.iter().filter(in_query);
    let known = known.map(|parameter| parameter.wire.as_str());
    RequestField {
        declaration: quote! {
            /// Names and values of the query parameters that are not declared, in the order of the
            /// query. A value that is no UTF-8 is `None`.
            pub undeclared_query: Vec<(String, Option<String>)>,
        },
        read: quote!(let undeclared_query = input.undeclared(&[#(#known),*]);),
        build: quote!(undeclared_query,),
    }
}

/// The field of what the caller accepts.
pub(super) fn accepted(operation: &Operation) -> RequestField {
    let mut name = "accept".to_owned();
    while operation.parameters.iter().any(|one| one.ident == name) {
        name.push('_');
    }
    let (field, name) = (ident(&name), local(&name));
    RequestField {
        declaration: quote! {
            /// The media types that the caller accepts: the header `Accept`.
            pub #field: support::Accept,
        },
        read: quote!(let #name = input.accept();),
        build: quote!(#field: #name,),
    }
}

/// The field of the event after which the caller goes on, where it is not declared.
pub(super) fn last_event(operation: &Operation) -> Option<RequestField> {
    let mut parameters = operation.parameters.iter();
    if !operation.sends_events() || parameters.any(|one| one.is_header("Last-Event-ID")) {
        return None;
    }
    let mut name = "last_event_id".to_owned();
    while operation.parameters.iter().any(|one| one.ident == name) {
        name.push('_');
    }
    let (field, name) = (ident(&name), local(&name));
    Some(RequestField {
        declaration: quote! {
            /// The `id` of the last event that the caller has, which goes on with the next: the header
            /// `Last-Event-ID`.
            pub #field: Option<String>,
        },
        read: quote!(let #name = input.last_event_id();),
        build: quote!(#field: #name,),
    })
}

fn field_declaration(field: &Ident, parameter: &Parameter, kind: &TokenStream) -> TokenStream {
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    let mut text = format!("`{}` ({place})", parameter.wire);
    match parameter
        .description
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        Some(description) => text.push_str(&format!(": {description}")),
        None => text.push('.'),
    }
    if let Some(default) = &parameter.default {
        text.push_str(&format!("\n\nDefault: `{default}`."));
    }
    if parameter.deprecated {
        text.push_str("\n\nDeprecated.");
    }
    let docs = doc(&text);
    quote!(#docs pub #field: #kind,)
}
