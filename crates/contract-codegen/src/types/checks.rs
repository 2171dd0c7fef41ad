//! Schemas as a whole, as constants: what values are held against where a type cannot say everything.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::{Number, Value};

use super::emit::Emitter;
use crate::model::{Check, CheckId, Word};
use crate::write::{docs, float, ident, option, source};

impl Emitter<'_> {
    /// The path of a schema.
    pub(super) fn check(&self, id: CheckId) -> TokenStream {
        let root = &self.root;
        let name = self.check_name(id);
        quote! { #root schemas::#name }
    }

    /// By content rather than by number, so that it stays when others come and go.
    fn check_name(&self, id: CheckId) -> Ident {
        let hash = super::patterns::name(&self.api.checks.schemas[id.0].pointer);
        ident(&format!("S{}", hash[1..].to_uppercase()))
    }

    /// The module `schemas`; nothing when no schema is needed as a whole.
    pub(super) fn checks(&self) -> TokenStream {
        let checks = &self.api.checks;
        if checks.schemas.is_empty() {
            return TokenStream::new();
        }
        let schemas = checks.schemas.iter().enumerate().map(|(index, check)| {
            let name = self.check_name(CheckId(index));
            let doc = docs::printable(&format!(" `{}`", check.pointer));
            let schema = self.schema(check);
            quote! {
                #[doc = #doc]
                pub static #name: wire::Schema = #schema;
            }
        });
        let resources = checks.resources.iter().enumerate().map(|(index, anchors)| {
            let name = resource_name(index);
            let anchors = anchors.iter().map(|(anchor, id)| {
                let schema = self.check_name(*id);
                quote! { (#anchor, &#schema) }
            });
            quote! {
                static #name: wire::Resource = wire::Resource { anchors: &[#(#anchors),*] };
            }
        });
        quote! {
            /// Schemas that values are held against as a whole.
            #[doc(hidden)]
            pub mod schemas {
                use super::support as wire;

                #(#schemas)*

                #(#resources)*
            }
        }
    }

    fn schema(&self, check: &Check) -> TokenStream {
        let words = check.words.iter().map(|word| self.word(word));
        let words = quote! { &[#(#words),*] };
        match check.resource.map(resource_name) {
            None => quote! { wire::Schema::new(#words) },
            Some(resource) => quote! {
                wire::Schema { words: #words, resource: ::std::option::Option::Some(&#resource) }
            },
        }
    }

    fn word(&self, word: &Word) -> TokenStream {
        let at = |id: &CheckId| {
            let name = self.check_name(*id);
            quote! { &#name }
        };
        let maybe = |id: &Option<CheckId>| option(id.as_ref().map(at));
        let each = |ids: &[CheckId]| {
            let ids = ids.iter().map(at);
            quote! { &[#(#ids),*] }
        };
        let named = |named: &[(String, CheckId)]| {
            let named = named.iter().map(|(name, id)| {
                let id = at(id);
                quote! { (#name, #id) }
            });
            quote! { &[#(#named),*] }
        };
        let word = match word {
            Word::Never => quote!(Never),
            Word::Types(names) => {
                let names = names.iter().map(|name| {
                    let name = ident(type_name(name));
                    quote! { wire::Type::#name }
                });
                quote! { Types(&[#(#names),*]) }
            }
            Word::Values(values) => {
                let values = values.iter().map(json);
                quote! { Values(&[#(#values),*]) }
            }
            Word::Text(rules) => {
                let rule = self.text_fields(rules, &quote!(wire), &quote!(super::));
                quote! { Text(#rule) }
            }
            Word::Minimum(bound) => bounded("Minimum", bound),
            Word::Maximum(bound) => bounded("Maximum", bound),
            Word::Above(bound) => bounded("Above", bound),
            Word::Below(bound) => bounded("Below", bound),
            Word::MultipleOf(divisor) => {
                let divisor = float(divisor);
                quote! { MultipleOf(#divisor) }
            }
            Word::Items(min, max) => {
                let (min, max) = (super::rules::least(*min), super::rules::most(*max));
                quote! { Items(#min, #max) }
            }
            Word::Unique => quote!(Unique),
            Word::Properties(min, max) => {
                let (min, max) = (super::rules::least(*min), super::rules::most(*max));
                quote! { Properties(#min, #max) }
            }
            Word::Required(names) => quote! { Required(&[#(#names),*]) },
            Word::DependentRequired(dependent) => {
                let dependent = dependent
                    .iter()
                    .map(|(name, needed)| quote! { (#name, &[#(#needed),*]) });
                quote! { DependentRequired(&[#(#dependent),*]) }
            }
            Word::DependentSchemas(dependent) => {
                let dependent = named(dependent);
                quote! { DependentSchemas(#dependent) }
            }
            Word::Refer(id) => {
                let id = at(id);
                quote! { Refer(#id) }
            }
            Word::ReferDynamic(anchor, id) => {
                let id = at(id);
                quote! { ReferDynamic(#anchor, #id) }
            }
            Word::AllOf(ids) => {
                let ids = each(ids);
                quote! { AllOf(#ids) }
            }
            Word::AnyOf(ids) => {
                let ids = each(ids);
                quote! { AnyOf(#ids) }
            }
            Word::OneOf(ids) => {
                let ids = each(ids);
                quote! { OneOf(#ids) }
            }
            Word::Not(id) => {
                let id = at(id);
                quote! { Not(#id) }
            }
            Word::If(condition, then, other) => {
                let (condition, then, other) = (at(condition), maybe(then), maybe(other));
                quote! { If(#condition, #then, #other) }
            }
            Word::Object {
                named: by_name,
                matching,
                others,
            } => {
                let (by_name, others) = (named(by_name), maybe(others));
                let matching = matching.iter().map(|(source, pattern, id)| {
                    let (id, name) = (at(id), ident(&super::patterns::name(pattern)));
                    let none = quote! { ::std::option::Option::None };
                    quote! {
                        (wire::Pattern { source: #source, matches: super::patterns::#name, says: #none }, #id)
                    }
                });
                quote! {
                    Object(wire::ObjectWords { named: #by_name, matching: &[#(#matching),*], others: #others })
                }
            }
            Word::Names(id) => {
                let id = at(id);
                quote! { Names(#id) }
            }
            Word::List(prefix, items) => {
                let (prefix, items) = (each(prefix), maybe(items));
                quote! { List(#prefix, #items) }
            }
            Word::Contains(id, min, max) => {
                let id = at(id);
                let (min, max) = (super::rules::least(Some(*min)), super::rules::most(*max));
                quote! { Contains(#id, #min, #max) }
            }
            Word::OtherProperties(id) => {
                let id = at(id);
                quote! { OtherProperties(#id) }
            }
            Word::OtherItems(id) => {
                let id = at(id);
                quote! { OtherItems(#id) }
            }
        };
        quote! { wire::Word::#word }
    }
}

/// The variant of `support::Type` for a type, which was found to be one.
fn type_name(name: &str) -> &'static str {
    match name {
        "null" => "Null",
        "boolean" => "Boolean",
        "string" => "String",
        "integer" => "Integer",
        "number" => "Number",
        "array" => "Array",
        _ => "Object",
    }
}

fn resource_name(index: usize) -> Ident {
    ident(&format!("RESOURCE_{index}"))
}

fn bounded(word: &str, bound: &Number) -> TokenStream {
    let (word, bound) = (ident(word), figure(bound));
    quote! { #word(#bound) }
}

/// `number` as a constant: whole if it is.
fn figure(number: &Number) -> TokenStream {
    match super::rules::whole(number).filter(|whole| !matches!(*whole, i128::MIN | i128::MAX)) {
        Some(whole) => {
            let whole = source(&whole.to_string());
            quote! { wire::Figure::Whole(#whole) }
        }
        None => {
            let number = float(number);
            quote! { wire::Figure::Float(#number) }
        }
    }
}

fn json(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote! { wire::Json::Null },
        Value::Bool(flag) => quote! { wire::Json::Boolean(#flag) },
        Value::Number(number) => {
            let number = figure(number);
            quote! { wire::Json::Number(#number) }
        }
        Value::String(text) => quote! { wire::Json::Text(#text) },
        Value::Array(items) => {
            let items = items.iter().map(json);
            quote! { wire::Json::List(&[#(#items),*]) }
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let value = json(value);
                quote! { (#name, #value) }
            });
            quote! { wire::Json::Object(&[#(#entries),*]) }
        }
    }
}
