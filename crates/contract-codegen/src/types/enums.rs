//! Closed sets of texts, and types with a single value.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::docs;
use super::emit::Emitter;
use crate::model::{Additional, EnumValue, Kind, Shape, TypeDef, Use};
use crate::write::docs::printable;
use crate::write::ident;

impl Emitter<'_> {
    pub(super) fn enumeration(&self, def: &TypeDef, values: &[EnumValue]) -> TokenStream {
        let docs = docs::of_type(def);
        let (name, text, macros) = (ident(&def.name), &def.name, &self.macros);
        let variants: Vec<_> = values.iter().map(|value| ident(&value.ident)).collect();
        let wires: Vec<_> = values.iter().map(|value| &value.wire).collect();
        let status = status(values);
        let variant_docs = values
            .iter()
            .map(|value| printable(&format!(" `{}`", value.wire)));
        let rule = quote! { support::Rule::Choice(<Self as support::Choice>::TEXTS) };
        let rule = self.refined(rule, def.check);
        let valid = super::structs::is_valid(self.whole_valid(def.check));
        quote! {
            #docs
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub enum #name {
                #(#[doc = #variant_docs] #variants,)*
            }

            impl #name {
                /// Every value, in the order of the contract.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The value as it is written.
                pub const fn as_str(self) -> &'static str {
                    <Self as support::Choice>::TEXTS[self as usize]
                }

                #status
            }

            impl support::Choice for #name {
                const VALUES: &'static [Self] = Self::ALL;
                const TEXTS: &'static [&'static str] = &[#(#wires),*];

                fn text(self) -> &'static str {
                    self.as_str()
                }
            }

            #macros::serde_as_choice!(#name);

            impl support::Wire for #name {
                const NAME: &'static str = #text;
                const RULE: &'static support::Rule = &#rule;

                #valid
            }
        }
    }

    /// A unit type for every single value that is neither text nor `true`, `false` or `null`.
    pub(super) fn constants(&self) -> TokenStream {
        let types = self.single_values().into_iter().map(|(name, json)| {
            let doc = format!(" The value `{json}`; there is no other of this type.");
            let name = ident(&name);
            quote! {
                #[doc = #doc]
                #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
                pub struct #name;

                impl support::Constant for #name {
                    const JSON: &'static str = #json;
                }

                impl ::serde::Serialize for #name {
                    fn serialize<__S: ::serde::Serializer>(
                        &self,
                        serializer: __S,
                    ) -> ::std::result::Result<__S::Ok, __S::Error> {
                        support::encode_constant::<Self, __S>(serializer)
                    }
                }

                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<__D: ::serde::Deserializer<'de>>(
                        deserializer: __D,
                    ) -> ::std::result::Result<Self, __D::Error> {
                        support::decode_constant(deserializer)
                    }
                }
            }
        });
        quote! { #(#types)* }
    }

    /// Those single values by the name of their type, as JSON.
    fn single_values(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for def in &self.api.types {
            match &def.kind {
                Kind::Struct(object) => {
                    object
                        .fields
                        .iter()
                        .for_each(|field| self.find_single(&field.value, &mut found));
                    if let Additional::Kept(value) = &object.additional {
                        self.find_single(value, &mut found);
                    }
                }
                Kind::Union(union) => union
                    .variants
                    .iter()
                    .for_each(|variant| self.find_single(&variant.value, &mut found)),
                Kind::Alias(target) => self.find_single(target, &mut found),
                Kind::Enum(_) => {}
            }
        }
        found
    }

    /// The names of the types of single values.
    pub(super) fn constant_names(&self) -> Vec<Ident> {
        self.single_values()
            .keys()
            .map(|name| ident(name))
            .collect()
    }

    fn find_single(&self, value: &Use, found: &mut BTreeMap<String, String>) {
        match &value.shape {
            Shape::Literal(Value::Null | Value::Bool(_)) => {}
            Shape::Literal(value) => {
                found.insert(self.constant_name(value), value.to_string());
            }
            Shape::Array(item, _) | Shape::Map(item, _) | Shape::Checked(item, _) => {
                self.find_single(item, found);
            }
            _ => {}
        }
    }

    /// Name of the unit type for `value`: `Constant5` where the value is a name, else by content.
    /// A type of the contract keeps its name.
    pub(super) fn constant_name(&self, value: &Value) -> String {
        let json = value.to_string();
        let mut name = if json.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("Constant{json}")
        } else {
            format!("Constant{}", super::patterns::name(&json).to_uppercase())
        };
        while self.api.types.iter().any(|def| def.name == name) {
            name.push('_');
        }
        name
    }
}

/// The method that tells the status of each value, where the contract does.
fn status(values: &[EnumValue]) -> Option<TokenStream> {
    let mut by_status: BTreeMap<u16, Vec<Ident>> = BTreeMap::new();
    for value in values {
        let of_status = by_status.entry(value.status?).or_default();
        of_status.push(ident(&value.ident));
    }
    let arms = by_status.iter().map(|(status, values)| {
        let status = Literal::u16_unsuffixed(*status);
        quote! { #(Self::#values)|* => #status, }
    });
    Some(quote! {
        /// The status of answers with it.
        pub const fn status(self) -> u16 {
            match self { #(#arms)* }
        }
    })
}
