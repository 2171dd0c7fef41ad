//! What webhooks send: one enum.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::Emitter;
use crate::model::{Kind, Shape, Use, Webhooks};
use crate::write::{docs, ident, source};

impl Emitter<'_> {
    pub(super) fn webhooks(&self, webhooks: &Webhooks) -> TokenStream {
        let (name, unknown) = (ident(&webhooks.name), ident(&webhooks.unknown));
        let each = &webhooks.each;
        let names: Vec<_> = each.iter().map(|webhook| &webhook.name).collect();
        let idents: Vec<_> = each.iter().map(|webhook| ident(&webhook.ident)).collect();
        // Whoever receives reads what a server that is newer sends, as in an answer.
        let types = each
            .iter()
            .map(|webhook| self.rust_type(&webhook.value, true));
        let variant_docs = each.iter().map(|webhook| {
            let said = docs::said(webhook.description.as_deref());
            let said = said.map(|said| format!(": {}", docs::line(said)));
            docs::doc(&format!("`{}`{}", webhook.name, said.unwrap_or_default()))
        });
        let reads: Vec<_> = each
            .iter()
            .zip(&idents)
            .map(|(webhook, ident)| {
                let read = self.read_event(&webhook.value);
                quote! { #read.map(Self::#ident) }
            })
            .collect();
        let read = match reads.as_slice() {
            [reads @ .., last] if !reads.is_empty() => {
                let index = (0..reads.len()).map(|index| source(&index.to_string()));
                quote! { match index { #(#index => #reads,)* _ => #last } }
            }
            reads => quote! { let _ = index; #(#reads)* },
        };
        let parse = match &webhooks.tag {
            Some(_) => quote! {
                /// Reads a body as the webhook that it says it is of. It must have been verified.
                ///
                /// # Errors
                /// It is not JSON, does not say what it is, or is not what it says.
                pub fn parse(body: &[u8]) -> ::std::result::Result<Self, support::DecodeError> {
                    support::parse_event(body)
                }
            },
            None => quote! {
                /// Reads a body as that of the webhook `name`. It must have been verified.
                ///
                /// # Errors
                /// It is not JSON, or not a body of this webhook.
                pub fn parse_as(name: &str, body: &[u8]) -> ::std::result::Result<Self, support::DecodeError> {
                    support::parse_event_as(name, body)
                }
            },
        };
        let tagged = webhooks.tag.as_ref().map(|tag| {
            let tags = match each.iter().all(|webhook| webhook.tag == webhook.name) {
                true => quote! { Self::NAMES },
                false => {
                    let tags = each.iter().map(|webhook| &webhook.tag);
                    quote! { &[#(#tags),*] }
                }
            };
            quote! {
                impl support::TaggedEvent for #name {
                    const TAG: &'static str = #tag;
                    const TAGS: &'static [&'static str] = #tags;
                }
            }
        });
        quote! {
            /// What is sent to those who subscribe: a variant for each of the contract's `webhooks`.
            #[derive(Debug, Clone, PartialEq)]
            pub enum #name {
                #(#variant_docs #idents(#types),)*
                /// A webhook that this contract does not have, of a newer sender.
                #unknown(support::UnknownEvent),
            }

            impl #name {
                /// The names of all webhooks, in the order of the contract.
                pub const NAMES: &'static [&'static str] = &[#(#names),*];

                /// The name of the webhook.
                pub fn name(&self) -> &str {
                    match self {
                        #(Self::#idents(_) => #names,)*
                        Self::#unknown(event) => event.name(),
                    }
                }

                #parse

                /// The body to send.
                ///
                /// # Errors
                /// It cannot be written as JSON.
                pub fn to_json(&self) -> ::serde_json::Result<::std::vec::Vec<u8>> {
                    match self {
                        #(Self::#idents(event) => ::serde_json::to_vec(event),)*
                        Self::#unknown(event) => ::std::result::Result::Ok(event.body().to_vec()),
                    }
                }
            }

            impl support::Event for #name {
                const NAMES: &'static [&'static str] = Self::NAMES;

                fn read(index: usize, body: &[u8]) -> ::std::result::Result<Self, support::DecodeError> {
                    #read
                }

                fn unknown(event: support::UnknownEvent) -> Self {
                    Self::#unknown(event)
                }
            }

            #tagged
        }
    }

    /// An expression that reads `value` from `body`.
    fn read_event(&self, value: &Use) -> TokenStream {
        if let (Shape::Named(id), false) = (&value.shape, value.nullable)
            && matches!(self.api.types[id.0].kind, Kind::Struct(_) | Kind::Union(_))
        {
            let name = self.name(*id);
            return quote! { support::read_event::<#name>(body) };
        }
        let (shape, rule) = (self.shape(value, true), self.rule(value));
        quote! {
            {
                const RULE: &support::Rule = &#rule;
                support::decode_with::<#shape>(body, |_| true, RULE)
            }
        }
    }
}
