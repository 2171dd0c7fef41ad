//! The list of operations, and the credentials they ask for.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::values::header_name;
use crate::model::{Location, Operation, SecurityKind};
use crate::write::{
    docs::{doc, doc_or},
    ident,
};

impl Emitter<'_> {
    /// `enum Operation` and what is known of each.
    pub(super) fn operations(&self) -> TokenStream {
        let operations = &self.api.operations;
        let count = Literal::usize_unsuffixed(operations.len());
        let idents: Vec<_> = operations
            .iter()
            .map(|operation| ident(&operation.ident))
            .collect();
        let docs = operations.iter().map(|operation| {
            let mut text = format!("`{} {}`", operation.method.as_str(), operation.path);
            if let Some(summary) = &operation.summary {
                text.push_str(&format!(": {summary}"));
            }
            doc(&text)
        });
        let facts = operations.iter().map(|operation| self.facts(operation));
        quote! {
            /// The operations of the contract, in its order.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum Operation { #(#docs #idents,)* }

            impl Operation {
                /// Every operation.
                pub const ALL: [Operation; #count] = [#(Operation::#idents),*];

                /// Its `operationId`.
                pub fn id(self) -> &'static str { self.facts().id }

                /// Its method.
                pub fn method(self) -> &'static str { self.facts().method }

                /// Its path template.
                pub fn path(self) -> &'static str { self.facts().path }

                /// Its tag.
                pub fn tag(self) -> &'static str { self.facts().tag }

                /// What it asks for: one of these sets of credentials. Empty: nothing; an empty
                /// set: nothing, too.
                pub fn security(self) -> &'static [&'static [support::Requirement]] {
                    self.facts().security
                }

                fn facts(self) -> &'static support::Facts { &FACTS[self as usize] }
            }

            impl support::Operation for Operation {
                fn facts(self) -> &'static support::Facts { self.facts() }
            }

            /// As the contract names it.
            impl std::fmt::Display for Operation {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.id())
                }
            }

            static FACTS: [support::Facts; #count] = [#(#facts),*];
        }
    }

    fn facts(&self, operation: &Operation) -> TokenStream {
        let method = operation.method.as_str();
        let (id, path) = (&operation.id, &operation.path);
        let tag = &self.api.tags[operation.tag].name;
        let security = operation.security.iter().map(|alternative| {
            let requirements = alternative.iter().map(
                |(scheme, scopes)| quote!(support::Requirement::new(#scheme, &[#(#scopes),*])),
            );
            quote!(&[#(#requirements),*])
        });
        let query = operation.query.iter();
        let query: Vec<_> = query.map(|(name, value)| quote!((#name, #value))).collect();
        // What few have is only said of these.
        let key = &operation.key;
        let key = (key != path).then(|| quote!(key: Some(#key),));
        let query = (!query.is_empty()).then(|| quote!(query: &[#(#query),*],));
        let repeats = operation.repeats.then(|| quote!(repeats: true,));
        let conditional = operation.conditional.then(|| quote!(conditional: true,));
        let limited = operation.limited.then(|| quote!(limited: true,));
        quote! {
            support::Facts {
                id: #id, method: #method, path: #path, #key tag: #tag,
                security: &[#(#security),*], #query #repeats #conditional #limited
                ..support::Facts::PLAIN
            }
        }
    }

    /// `struct SentCredentials`.
    pub(super) fn credentials(&self) -> TokenStream {
        let mut fields = TokenStream::new();
        let mut reads = TokenStream::new();
        let mut present = Vec::new();
        let (mut bearer, mut basic) = (false, false);
        for scheme in &self.api.security_schemes {
            match &scheme.kind {
                SecurityKind::Bearer if bearer => {}
                SecurityKind::Bearer => {
                    bearer = true;
                    fields.extend(quote! {
                        /// Token of `Authorization: Bearer`.
                        pub bearer: Option<&'a str>,
                    });
                    reads.extend(quote!(bearer: support::bearer(&parts.headers),));
                    present.push(quote!(self.bearer.is_some()));
                }
                SecurityKind::Basic if basic => {}
                SecurityKind::Basic => {
                    basic = true;
                    fields.extend(quote! {
                        /// User and password of `Authorization: Basic`.
                        pub basic: Option<support::Basic>,
                    });
                    reads.extend(quote!(basic: support::basic(&parts.headers),));
                    present.push(quote!(self.basic.is_some()));
                }
                SecurityKind::ApiKey(location, wire) => {
                    let field = ident(&scheme.field);
                    let (read, place) = match location {
                        Location::Query => (quote!(support::query_key(parts, #wire)), "query"),
                        Location::Cookie => {
                            (quote!(support::cookie_key(&parts.headers, #wire)), "cookie")
                        }
                        Location::Header | Location::Path => {
                            let name = header_name(wire);
                            (quote!(support::header_key(&parts.headers, #name)), "header")
                        }
                    };
                    let docs = doc_or(
                        scheme.description.as_deref(),
                        &format!("`{}`.", scheme.name),
                    );
                    let at = doc(&format!("\n\nThe {place} `{wire}`."));
                    fields.extend(quote!(#docs #[doc = ""] #at pub #field: Option<std::borrow::Cow<'a, str>>,));
                    reads.extend(quote!(#field: #read,));
                    present.push(quote!(self.#field.is_some()));
                }
                SecurityKind::MutualTls => {}
            }
        }
        let present = if present.is_empty() {
            quote!(true)
        } else {
            quote!(#(#present)||*)
        };
        let challenge = self.challenge(bearer, basic);
        let flaw = self.flaw(bearer, basic);
        quote! {
            /// What a request carries to say who sends it: [`SentCredentials`]. By this name, its
            /// lifetime is bound as in [`Api::authenticate`].
            pub type Credentials<'a> = <Contract as support::Contract>::Credentials<'a>;

            /// What a request carries to say who sends it. Nothing of it is verified yet.
            #[non_exhaustive]
            pub struct SentCredentials<'a> {
                #fields
                /// Every header.
                pub headers: &'a axum::http::HeaderMap,
                /// What layers left on the request, such as the peer of the connection.
                pub extensions: &'a axum::http::Extensions,
            }

            impl<'a> SentCredentials<'a> {
                /// Why credentials that were sent are none, in words for the caller; `None`: they
                /// are well-formed, or there are none.
                pub fn flaw(&self) -> Option<String> { #flaw }
            }

            impl<'a> support::Credentials<'a> for SentCredentials<'a> {
                fn read(parts: &'a axum::http::request::Parts) -> SentCredentials<'a> {
                    SentCredentials { #reads headers: &parts.headers, extensions: &parts.extensions }
                }

                fn present(&self) -> bool { #present }

                fn challenge(&self, security: &[&[support::Requirement]]) -> &'static str { #challenge }
            }
        }
    }

    /// What keeps headers from being credentials.
    fn flaw(&self, bearer: bool, basic: bool) -> TokenStream {
        let mut schemes = Vec::new();
        schemes.extend(bearer.then_some("Bearer"));
        schemes.extend(basic.then_some("Basic"));
        let mut looks = Vec::new();
        if !schemes.is_empty() {
            looks.push(quote!(support::authorization_flaw(self.headers, &[#(#schemes),*])));
        }
        for scheme in &self.api.security_schemes {
            if let SecurityKind::ApiKey(Location::Header, wire) = &scheme.kind {
                let name = header_name(wire);
                looks.push(quote!(support::header_flaw(self.headers, #name, #wire)));
            }
        }
        match looks.split_first() {
            None => quote!(None),
            Some((first, rest)) => quote!(#first #(.or_else(|| #rest))*),
        }
    }

    /// RFC 6750, section 3, and RFC 7617, section 2.
    fn challenge(&self, bearer: bool, basic: bool) -> TokenStream {
        let schemes = |kind: fn(&SecurityKind) -> bool| -> Vec<&str> {
            let schemes = self
                .api
                .security_schemes
                .iter()
                .filter(|scheme| kind(&scheme.kind));
            schemes.map(|scheme| scheme.name.as_str()).collect()
        };
        let bearers = schemes(|kind| *kind == SecurityKind::Bearer);
        let basics = schemes(|kind| *kind == SecurityKind::Basic);
        let bearer = bearer.then(|| {
            quote! {
                if support::asks_for(security, &[#(#bearers),*]) {
                    return if self.bearer.is_some() { "Bearer error=\"invalid_token\"" } else { "Bearer" };
                }
            }
        });
        let basic = basic.then(|| {
            quote! {
                if support::asks_for(security, &[#(#basics),*]) {
                    return "Basic realm=\"api\", charset=\"UTF-8\"";
                }
            }
        });
        if bearer.is_none() && basic.is_none() {
            return quote!({
                let _ = security;
                ""
            });
        }
        quote!(#bearer #basic "")
    }
}
