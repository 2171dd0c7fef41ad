//! Objects with known properties.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::emit::{Emitter, ident};
use super::rules::is_required;
use super::valid::{Place, all};
use crate::model::{Additional, Field, Shape, Struct, TypeDef, TypeId, Use};

impl Emitter<'_> {
    pub(super) fn structure(&self, id: TypeId, def: &TypeDef, object: &Struct) -> TokenStream {
        let docs = docs::of_type(def);
        let name = self.name(id);
        let fields = object.fields.iter().map(|field| self.field(def, field));
        let rest = self.additional(def, object);
        let default = object.fields.iter().all(|field| !is_required(def, field));
        let default = default.then(|| quote! { Default, });
        let deny = matches!(object.additional, Additional::Denied).then(|| quote! { , deny_unknown_fields });
        let rule = self.object_rule(def, object);
        let valid = self.struct_valid(def, object).unwrap_or_else(|| quote! { true });
        let text = &def.name;
        quote! {
            #docs
            #[derive(Debug, Clone, #default PartialEq, ::serde::Serialize, ::serde::Deserialize)]
            #[serde(remote = "Self" #deny)]
            pub struct #name {
                #(#fields)*
                #rest
            }

            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    Self::serialize(self, serializer)
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    Self::deserialize(support::OnlyObjects(deserializer))
                }
            }

            impl support::Wire for #name {
                const NAME: &'static str = #text;

                fn rule() -> &'static support::Rule {
                    const RULE: &support::Rule = &#rule;
                    RULE
                }

                fn is_valid(&self) -> bool {
                    #valid
                }
            }
        }
    }

    fn field(&self, def: &TypeDef, field: &Field) -> TokenStream {
        let docs = docs::of_field(field);
        let name = ident(&field.ident);
        let (required, nullable) = (is_required(def, field), self.is_nullable(&field.value));
        let mut base = self.base_type(&field.value, def.in_response);
        let mut special = self.special_shape(&field.value, def.in_response);
        if field.boxed {
            special = special.map(|shape| quote! { support::Boxed<#shape> });
            base = quote! { ::std::boxed::Box<#base> };
        }
        // Serde's own `Option` takes a missing property for `null`.
        let shape = special.clone().unwrap_or_else(|| quote! { support::Plain<#base> });
        let (value, shape) = match (required, nullable) {
            (true, false) => (base, special),
            (true, true) => (quote! { ::std::option::Option<#base> }, Some(quote! { support::Nullable<#shape> })),
            (false, false) => (quote! { ::std::option::Option<#base> }, Some(quote! { support::Present<#shape> })),
            (false, true) => {
                (quote! { support::Maybe<#base> }, special.map(|shape| quote! { support::Tristate<#shape> }))
            }
        };
        let mut options = Vec::new();
        if field.ident.trim_start_matches("r#") != field.wire {
            let wire = &field.wire;
            options.push(quote! { rename = #wire });
        }
        if !required {
            let absent = if nullable { "support::Maybe::is_absent" } else { "::std::option::Option::is_none" };
            options.push(quote! { default });
            options.push(quote! { skip_serializing_if = #absent });
        }
        if let Some(shape) = shape {
            let function = path_text(&quote! { support::decode_as::<#shape, _> });
            options.push(quote! { deserialize_with = #function });
        }
        let options = (!options.is_empty()).then(|| quote! { #[serde(#(#options),*)] });
        quote! { #docs #options pub #name: #value, }
    }

    /// The map of properties that are not listed.
    fn additional(&self, def: &TypeDef, object: &Struct) -> TokenStream {
        let Some(value) = kept(object) else { return TokenStream::new() };
        let name = ident(&additional_name(object));
        let map = Use { shape: Shape::Map(Box::new(value), Default::default()), nullable: false };
        let base = self.base_type(&map, def.in_response);
        let function = self.special_shape(&map, def.in_response).map(|shape| {
            let function = path_text(&quote! { support::decode_as::<#shape, _> });
            quote! { , deserialize_with = #function }
        });
        quote! {
            /// Properties that are not listed.
            #[serde(flatten #function)]
            pub #name: #base,
        }
    }

    /// The fast check of a struct.
    pub(super) fn struct_valid(&self, def: &TypeDef, object: &Struct) -> Option<TokenStream> {
        let fields = object.fields.iter().map(|field| self.field_valid(def, field));
        let rest = kept(object).and_then(|value| {
            let name = ident(&additional_name(object));
            let valid = self.valid(&value, &Place::variable("value"), def.in_response)?;
            Some(quote! { self.#name.values().all(|value| #valid) })
        });
        let count = self.struct_count(def, object);
        let count = self.count_valid(object.min_properties, object.max_properties, &count);
        all(fields.chain([rest, count]))
    }

    fn field_valid(&self, def: &TypeDef, field: &Field) -> Option<TokenStream> {
        let name = ident(&field.ident);
        let (required, nullable) = (is_required(def, field), self.is_nullable(&field.value));
        if required && !nullable {
            return self.base_valid(&field.value, &Place::field(&name, field.boxed), def.in_response);
        }
        let valid = self.base_valid(&field.value, &Place::variable("value"), def.in_response)?;
        let found = match (required, field.boxed) {
            (false, true) if nullable => quote! { self.#name.value().map(|value| &**value) },
            (false, false) if nullable => quote! { self.#name.value() },
            (_, true) => quote! { self.#name.as_deref() },
            (_, false) => quote! { self.#name.as_ref() },
        };
        Some(quote! { #found.is_none_or(|value| #valid) })
    }

    /// The number of properties that are there.
    fn struct_count(&self, def: &TypeDef, object: &Struct) -> TokenStream {
        let required = object.fields.iter().filter(|field| is_required(def, field)).count();
        let required = super::emit::source(&required.to_string());
        let optional = object.fields.iter().filter(|field| !is_required(def, field)).map(|field| {
            let name = ident(&field.ident);
            if self.is_nullable(&field.value) {
                quote! { + usize::from(!self.#name.is_absent()) }
            } else {
                quote! { + usize::from(self.#name.is_some()) }
            }
        });
        let rest = kept(object).map(|_| {
            let name = ident(&additional_name(object));
            quote! { + self.#name.len() }
        });
        quote! { (#required #(#optional)* #rest) }
    }
}

/// What properties that are not listed must be, if they are kept.
fn kept(object: &Struct) -> Option<Use> {
    let counted = object.min_properties.is_some() || object.max_properties.is_some();
    match &object.additional {
        Additional::Kept(value) => Some((**value).clone()),
        Additional::Ignored if counted => Some(Use { shape: Shape::Any, nullable: false }),
        Additional::Ignored | Additional::Denied => None,
    }
}

/// The field for properties that are not listed.
fn additional_name(object: &Struct) -> String {
    let mut name = "additional_properties".to_owned();
    while object.fields.iter().any(|field| field.ident == name) {
        name.push('_');
    }
    name
}

/// A path as serde's attributes want it: text, without the spaces between tokens.
fn path_text(path: &TokenStream) -> String {
    path.to_string().replace(' ', "").replace(",_", ", _")
}
