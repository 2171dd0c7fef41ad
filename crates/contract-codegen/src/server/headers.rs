//! Response headers: a struct for those of an answer.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Answer, HeadersType, Operation};
use crate::write::{
    docs::{doc, doc_or},
    ident,
};

impl Emitter<'_> {
    /// Name of the struct of an answer's headers, if it has any. The struct goes into `items` unless it is
    /// one of `written`.
    pub(super) fn headers(
        &self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
        written: &mut HashSet<String>,
    ) -> Option<Ident> {
        let HeadersType {
            ident: name,
            shared,
        } = answer.headers_type.as_ref()?;
        let is_new = written.insert(name.clone());
        let name = ident(name);
        if !is_new {
            return Some(name);
        }
        let mut fields = TokenStream::new();
        let mut writes = TokenStream::new();
        for header in &answer.headers {
            let field = ident(&header.ident);
            let wire = header.wire.to_ascii_lowercase();
            let kind = match header.json {
                true => self.types.rust_type(&header.value, true),
                false => self.types.base_type(&header.value, false),
            };
            let text = |value: TokenStream| match (header.json, header.list) {
                (true, _) => quote!(support::json_text(#wire, #value)?),
                (false, true) => quote!(support::list_text(#wire, #value)?),
                (false, false) => value,
            };
            let docs = doc_or(
                header.description.as_deref(),
                &format!("`{}`.", header.wire),
            );
            if header.required {
                fields.extend(quote!(#docs pub #field: #kind,));
                let value = text(quote!(&self.#field));
                writes.extend(quote!(support::set_header(&mut response, #wire, #value)?;));
            } else {
                fields.extend(quote!(#docs pub #field: Option<#kind>,));
                let value = text(quote!(value));
                writes.extend(quote! {
                    if let Some(value) = &self.#field { support::set_header(&mut response, #wire, #value)?; }
                });
            }
        }
        let default = answer
            .headers
            .iter()
            .all(|header| !header.required)
            .then(|| quote!(, Default));
        let title = doc(&match *shared {
            true => format!("Headers of every answer `{}`.", answer.ident),
            false => format!(
                "Headers of the answer `{}` of [`Operation::{}`].",
                answer.ident, operation.ident
            ),
        });
        items.extend(quote! {
            #title
            #[derive(Debug, Clone, PartialEq #default)]
            pub struct #name { #fields }

            impl #name {
                fn write(&self, mut response: axum::response::Response) -> support::Written {
                    #writes
                    Ok(response)
                }
            }
        });
        Some(name)
    }
}
