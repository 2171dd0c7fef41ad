//! One of several types.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::emit::Emitter;
use super::structs::is_valid;
use super::valid::Place;
use crate::model::{Kind, Shape, TypeDef, TypeId, Union, UnionVariant};
use crate::write::docs::printable;
use crate::write::{ident, source};

impl Emitter<'_> {
    pub(super) fn union(&self, id: TypeId, def: &TypeDef, union: &Union) -> TokenStream {
        let docs = docs::of_type(def);
        let (name, text) = (ident(&def.name), &def.name);
        let variants: Vec<_> = union
            .variants
            .iter()
            .map(|variant| ident(&variant.ident))
            .collect();
        let types = union
            .variants
            .iter()
            .map(|variant| self.rust_type(&variant.value, def.in_response));
        let variant_docs = union
            .variants
            .iter()
            .map(|variant| match variant.tags.as_slice() {
                [] => format!(" Choice `{}`.", variant.ident),
                tags => printable(&format!(" Chosen by `{}`.", tags.join("`, `"))),
            });
        let reads: Vec<_> = union
            .variants
            .iter()
            .map(|variant| {
                let (name, shape) = (
                    ident(&variant.ident),
                    self.shape(&variant.value, def.in_response),
                );
                quote! { support::read_choice::<#shape>(value).map(Self::#name) }
            })
            .collect();
        let read = match reads.as_slice() {
            [only] => quote! { |_, value| #only },
            [reads @ .., last] => {
                let index = (0..reads.len()).map(|index| source(&index.to_string()));
                quote! { |index, value| match index { #(#index => #reads,)* _ => #last } }
            }
            [] => {
                quote! { |_, _| ::std::result::Result::Err(::serde::de::Error::custom("no choice")) }
            }
        };
        let several = union.several.as_deref().map(ident);
        let unlisted = union.unlisted.as_deref().filter(|_| def.in_response);
        let unlisted = unlisted.map(ident);
        let several_variant = several.as_ref().map(|name| {
            quote! {
                /// Several choices at once, each with what it declares.
                #name(::std::vec::Vec<Self>),
            }
        });
        let several_written = several.as_ref().map(
            |name| quote! { Self::#name(values) => support::encode_several(values, serializer), },
        );
        let unlisted_variant = unlisted.as_ref().map(|name| {
            quote! {
                /// A choice that this contract does not have, in an answer; nobody can send it.
                #name(support::Unlisted),
            }
        });
        let unlisted_written = unlisted.as_ref().map(
            |name| quote! { Self::#name(value) => ::serde::Serialize::serialize(value, serializer), },
        );
        let made = |name: &Option<proc_macro2::Ident>| match name {
            Some(name) => quote! { ::std::option::Option::Some(Self::#name) },
            None => quote! { ::std::option::Option::None },
        };
        let (make_several, make_unlisted) = (made(&several), made(&unlisted));
        let rule = self.refined(self.union_rule(union), def.check);
        let valid = is_valid(self.union_valid(id, def, union));
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            pub enum #name {
                #(#[doc = #variant_docs] #variants(#types),)*
                #several_variant
                #unlisted_variant
            }

            impl ::serde::Serialize for #name {
                fn serialize<__S: ::serde::Serializer>(
                    &self,
                    serializer: __S,
                ) -> ::std::result::Result<__S::Ok, __S::Error> {
                    match self {
                        #(Self::#variants(value) => ::serde::Serialize::serialize(value, serializer),)*
                        #several_written
                        #unlisted_written
                    }
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<__D: ::serde::Deserializer<'de>>(
                    deserializer: __D,
                ) -> ::std::result::Result<Self, __D::Error> {
                    support::decode_union(
                        deserializer,
                        <Self as support::Wire>::RULE,
                        support::Union {
                            read: #read,
                            several: #make_several,
                            unlisted: #make_unlisted,
                        },
                    )
                }
            }

            impl support::Wire for #name {
                const NAME: &'static str = #text;
                const RULE: &'static support::Rule = &#rule;

                #valid
            }
        }
    }

    /// The fast check of a union.
    pub(super) fn union_valid(
        &self,
        _id: TypeId,
        def: &TypeDef,
        union: &Union,
    ) -> Option<TokenStream> {
        let place = Place::variable("value");
        let checks: Vec<_> = union
            .variants
            .iter()
            .map(|variant| {
                let valid = self.valid(&variant.value, &place, def.in_response);
                super::valid::all([self.tag_valid(union, variant), valid])
            })
            .collect();
        let unlisted = union.unlisted.as_deref().filter(|_| def.in_response);
        let unlisted = unlisted.map(|name| {
            let name = ident(name);
            quote! { Self::#name(_) => false, }
        });
        let whole = self.whole_valid(def.check);
        if checks.iter().all(Option::is_none) && unlisted.is_none() {
            return whole;
        }
        let several = union.several.as_deref().map(|name| {
            let name = ident(name);
            quote! { Self::#name(values) => values.iter().all(support::Wire::is_valid), }
        });
        let arms = union.variants.iter().zip(checks).map(|(variant, check)| {
            let name = ident(&variant.ident);
            match check {
                Some(check) => quote! { Self::#name(value) => #check },
                None => quote! { Self::#name(_) => true },
            }
        });
        let arms = quote! { match self { #(#arms,)* #several #unlisted } };
        // A `match` that is no operand must not stand at the beginning.
        Some(match whole {
            Some(whole) => quote! { #whole && #arms },
            None => arms,
        })
    }

    /// Whether the tag of a variant is one that selects it.
    fn tag_valid(&self, union: &Union, variant: &UnionVariant) -> Option<TokenStream> {
        let tag = union.discriminator.as_ref()?;
        let Shape::Named(id) = &self.target(&variant.value).shape else {
            return None;
        };
        let def = &self.api.types[id.0];
        let Kind::Struct(object) = &def.kind else {
            return None;
        };
        let field = object.fields.iter().find(|field| field.wire == *tag)?;
        if !field.required || self.is_nullable(&field.value) || variant.tags.is_empty() {
            return None;
        }
        let (name, tags) = (ident(&field.ident), &variant.tags);
        match &self.target(&field.value).shape {
            Shape::String(_) => Some(quote! { matches!(value.#name.as_str(), #(#tags)|*) }),
            Shape::Named(id) => match &self.api.types[id.0].kind {
                // Where every value that the type has selects this variant, there is nothing to see.
                Kind::Enum(values) if !values.iter().all(|value| tags.contains(&value.wire)) => {
                    Some(quote! { matches!(value.#name.as_str(), #(#tags)|*) })
                }
                _ => None,
            },
            Shape::Integer(_) => {
                let tags = tags.iter().map(|tag| source(tag));
                Some(quote! { matches!(value.#name, #(#tags)|*) })
            }
            Shape::Boolean => {
                let tags = tags.iter().map(|tag| ident(tag));
                Some(quote! { matches!(value.#name, #(#tags)|*) })
            }
            _ => None,
        }
    }
}
