//! Response headers: a struct for those of an answer.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Answer, Api, Header, Operation};
use crate::write::{
    docs::{doc, doc_or},
    ident,
};

/// Names of the structs for response headers.
///
/// Answers of one name mostly share their headers, e.g. every `TooManyRequests`; then they share
/// the struct `TooManyRequestsHeaders`. Where they differ, each operation has its own.
pub(super) struct HeaderNames(HashMap<String, bool>);

impl HeaderNames {
    pub(super) fn new(api: &Api) -> HeaderNames {
        let mut first: HashMap<&str, &[Header]> = HashMap::new();
        let mut shared: HashMap<String, bool> = HashMap::new();
        let answers = api
            .operations
            .iter()
            .flat_map(|operation| &operation.answers);
        for answer in answers.filter(|answer| !answer.headers.is_empty()) {
            let known = *first.entry(&answer.ident).or_insert(&answer.headers);
            *shared.entry(answer.ident.clone()).or_insert(true) &= same(known, &answer.headers);
        }
        HeaderNames(shared)
    }

    fn is_shared(&self, answer: &Answer) -> bool {
        self.0.get(&answer.ident).copied().unwrap_or(false)
    }
}

fn same(left: &[Header], right: &[Header]) -> bool {
    let key = |header: &Header| (header.wire.clone(), header.required, header.value.clone());
    left.iter().map(key).eq(right.iter().map(key))
}

impl Emitter<'_> {
    /// Name of the struct of an answer's headers, which is emitted at its first use.
    pub(super) fn headers(
        &mut self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
    ) -> Ident {
        let shared = self.header_names.is_shared(answer);
        if shared && let Some(name) = self.shared_headers.get(&answer.ident) {
            return name.clone();
        }
        let owner = if shared { "" } else { operation.ident.as_str() };
        let name = ident(
            &self
                .names
                .unique(&format!("{owner}{}Headers", answer.ident)),
        );
        let mut fields = TokenStream::new();
        let mut writes = TokenStream::new();
        for header in &answer.headers {
            let field = ident(&header.ident);
            let wire = header.wire.to_ascii_lowercase();
            let kind = self.types.base_type(&header.value, false);
            let docs = doc_or(
                header.description.as_deref(),
                &format!("`{}`.", header.wire),
            );
            if header.required {
                fields.extend(quote!(#docs pub #field: #kind,));
                writes.extend(quote!(support::set_header(&mut response, #wire, &self.#field)?;));
            } else {
                fields.extend(quote!(#docs pub #field: Option<#kind>,));
                writes.extend(quote! {
                    if let Some(value) = &self.#field { support::set_header(&mut response, #wire, value)?; }
                });
            }
        }
        let default = answer
            .headers
            .iter()
            .all(|header| !header.required)
            .then(|| quote!(, Default));
        let title = doc(&match shared {
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
        if shared {
            self.shared_headers
                .insert(answer.ident.clone(), name.clone());
        }
        name
    }
}
