//! Answers: one enum per operation, so that nothing undeclared can be answered.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::bodies::{framing, limits};
use super::values::named;
use crate::model::{Answer, Api, Body, Content, Framing, Kind, Operation, Status, TypeId, Use};
use crate::write::{docs::doc, ident};

/// Of a body: its type, if it has one, and how an answer with it is written.
type BodyCode = (Option<TokenStream>, TokenStream);

/// The pieces of one variant.
struct Variant {
    ident: Ident,
    /// Declaration, with documentation.
    declaration: TokenStream,
    /// What it holds, in order.
    fields: Vec<(&'static str, TokenStream)>,
    /// Its response, written by `to` from what it holds.
    write: TokenStream,
    /// Building it from an error body alone: the status it is for and its fields.
    from_error: Option<(Status, TokenStream)>,
}

impl Variant {
    /// The arm that writes it.
    fn arm(&self) -> TokenStream {
        let (ident, write) = (&self.ident, &self.write);
        let fields = self
            .fields
            .iter()
            .map(|(name, _)| crate::write::ident(name));
        match self.fields.is_empty() {
            true => quote!(Self::#ident => #write,),
            false => quote!(Self::#ident(#(#fields),*) => #write,),
        }
    }
}

impl Emitter<'_> {
    /// The answer enum of `operation`, with what belongs to it.
    pub(super) fn answers(
        &self,
        operation: &Operation,
        written: &mut HashSet<String>,
    ) -> TokenStream {
        let name = ident(&operation.response_type());
        let mut items = TokenStream::new();
        let mut variants = Vec::new();
        for answer in &operation.answers {
            variants.push(self.variant(operation, answer, &mut items, written));
        }
        let title = doc(&format!(
            "What [`Operation::{}`] can answer.",
            operation.ident
        ));
        let declarations = variants.iter().map(|variant| &variant.declaration);
        let writes = variants.iter().map(Variant::arm);
        let from_error = self
            .api
            .error
            .map(|error| from_error(self.api, error, &name, &variants));
        let respond = self
            .api
            .error
            .and_then(|_| respond(operation, &name, &variants));
        let contents = operation.answers.iter().flat_map(|answer| &answer.content);
        let derives = derives(contents);
        quote! {
            #items
            #title
            #[must_use = "an answer does nothing until it is returned"]
            #derives
            pub enum #name { #(#declarations)* }

            impl support::Answer for #name {
                fn write(&mut self, to: &mut support::Writer) -> support::Written {
                    match self { #(#writes)* }
                }
            }

            #from_error
            #respond
        }
    }

    fn variant(
        &self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
        written: &mut HashSet<String>,
    ) -> Variant {
        let variant = ident(&answer.ident);
        let mut fields = Vec::new();
        let status = match answer.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                quote!(#code)
            }
            Status::Range(class) => {
                let class = Literal::u16_unsuffixed(u16::from(class));
                fields.push(("code", quote!(support::RangeStatus<#class>)));
                quote!(code.get().as_u16())
            }
            Status::Default => {
                fields.push(("code", quote!(axum::http::StatusCode)));
                quote!(code.as_u16())
            }
        };
        let (kind, mut write) = self.answer_body(operation, answer, &status, items);
        if let Some(kind) = kind {
            fields.push(("body", kind));
        }
        let is_error = self
            .api
            .error
            .is_some_and(|error| match answer.content.as_slice() {
                [
                    Content {
                        body: Body::Json(value),
                        streamed: None,
                        media_type,
                        ..
                    },
                ] if !media_type.contains('*') => {
                    self.is_wire(value) && named(self.api, value) == Some(error)
                }
                _ => false,
            });
        let mut from_error = is_error.then(|| quote!(error));
        if let Some(headers) = self.headers(operation, answer, items, written) {
            write = quote!(headers.write(#write?));
            let optional = answer.headers.iter().all(|header| !header.required);
            from_error = from_error
                .filter(|_| optional)
                .map(|body| quote!(#body, #headers::default()));
            fields.push(("headers", quote!(#headers)));
        }
        let status_text = match answer.status {
            Status::Code(code) => code.to_string(),
            Status::Range(class) => format!("{class}XX"),
            Status::Default => "Any other status".to_owned(),
        };
        let docs =
            doc(format!("{status_text}: {}", answer.description).trim_end_matches([' ', ':']));
        let kinds = fields.iter().map(|(_, kind)| kind);
        let tuple = if fields.is_empty() {
            quote!()
        } else {
            quote!((#(#kinds),*))
        };
        Variant {
            declaration: quote!(#docs #variant #tuple,),
            ident: variant,
            fields,
            write,
            from_error: from_error.map(|build| (answer.status, build)),
        }
    }

    /// Type of an answer's body, and how `to` writes `body: &mut T`.
    fn answer_body(
        &self,
        operation: &Operation,
        answer: &Answer,
        status: &TokenStream,
        items: &mut TokenStream,
    ) -> BodyCode {
        match (answer.content.as_slice(), &answer.body_ident) {
            ([], _) => (None, quote!(to.empty(#status))),
            ([one, ..], None) => {
                let (kind, write) = self.answer_content(one, status);
                (Some(kind), write)
            }
            (several, Some(name)) => {
                let name = ident(name);
                let variants = several.iter().map(|content| ident(&content.ident));
                let variants: Vec<_> = variants.collect();
                let codes: Vec<_> = several
                    .iter()
                    .map(|content| self.answer_content(content, status))
                    .collect();
                let kinds = codes.iter().map(|(kind, _)| kind);
                let docs = several
                    .iter()
                    .map(|content| doc(&format!("`{}`", content.media_type)));
                let title = doc(&format!(
                    "Body of `{}` of [`Operation::{}`], by media type.",
                    answer.ident, operation.ident
                ));
                let derives = derives(several.iter());
                items.extend(quote! {
                    #title
                    #derives
                    pub enum #name { #(#docs #variants(#kinds),)* }
                });
                let writes = codes.iter().map(|(_, write)| write);
                (
                    Some(quote!(#name)),
                    quote!(match body { #(#name::#variants(body) => #writes,)* }),
                )
            }
        }
    }

    fn answer_content(
        &self,
        content: &Content,
        status: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let media_type = content.media_type.as_str();
        let open = content.is_open();
        match &content.body {
            Body::Json(value) if open => {
                let kind = self.types.rust_type(value, true);
                let rule = self.types.rule(value);
                (
                    quote!(support::Typed<#kind>),
                    quote!(to.json_in(#status, #media_type, body, const { &#rule })),
                )
            }
            Body::Json(value) => {
                let kind = self.types.rust_type(value, true);
                if let Some(property) = &content.streamed {
                    let write = quote!(to.streamed(#status, #media_type, #property, body));
                    return (quote!(support::Streamed<#kind>), write);
                }
                let write = match (self.is_wire(value), media_type) {
                    (true, "application/json") => quote!(to.json(#status, body)),
                    (true, media_type) => quote!(to.json_as(#status, #media_type, body)),
                    (false, media_type) => {
                        let rule = self.types.rule(value);
                        quote!(to.json_by(#status, #media_type, body, const { &#rule }))
                    }
                };
                (kind, write)
            }
            Body::Text(value) => {
                let charset = match media_type.starts_with("text/") {
                    true => "; charset=utf-8",
                    false => "",
                };
                let content_type = format!("{media_type}{charset}");
                let kind = self.types.base_type(value, false);
                let rule = self.constraint(value);
                match (open, self.is_free_text(value)) {
                    (true, _) => (
                        quote!(support::Typed<#kind>),
                        quote!(to.text_in(#status, #media_type, body, #rule)),
                    ),
                    (false, true) => (
                        kind,
                        quote!(to.bytes(#status, #content_type, std::mem::take(body))),
                    ),
                    (false, false) => (kind, quote!(to.text(#status, #content_type, body, #rule))),
                }
            }
            Body::Binary(size) => {
                let (kind, bytes, mut write) = match open {
                    true => (
                        quote!(support::Blob),
                        quote!(&body.bytes),
                        quote!(to.blob(#status, #media_type, std::mem::take(body))),
                    ),
                    false => (
                        quote!(axum::body::Bytes),
                        quote!(body),
                        quote!(to.bytes(#status, #media_type, std::mem::take(body))),
                    ),
                };
                if let Some((least, most)) = limits(*size) {
                    write = quote!({ to.sized(#least, #most, #bytes); #write });
                }
                (kind, write)
            }
            Body::Sequence(sequence) => {
                let kind = match sequence.framing {
                    Framing::RawParts => quote!(support::Part),
                    _ => self.types.rust_type(&sequence.item, true),
                };
                let rule = self.types.rule(&sequence.item);
                let framing = framing(sequence.framing);
                (
                    quote!(support::Items<#kind>),
                    quote!(to.items(#status, #media_type, #framing, body, const { &#rule })),
                )
            }
            // Servers write no forms; lowering makes text or bytes of them.
            Body::Multipart(_) | Body::Form(_) => (
                quote!(axum::body::Bytes),
                quote!(to.bytes(#status, #media_type, std::mem::take(body))),
            ),
        }
    }

    /// Whether a body of `value` has a type that knows its own constraints.
    fn is_wire(&self, value: &Use) -> bool {
        let kind = |id: TypeId| &self.api.types[id.0].kind;
        !self.types.is_nullable(value)
            && !self.api.is_checked(value)
            && named(self.api, value)
                .is_some_and(|id| matches!(kind(id), Kind::Struct(_) | Kind::Union(_)))
    }
}

/// What can be done with answers; what is still being made is there once.
pub(super) fn derives<'c>(mut contents: impl Iterator<Item = &'c Content>) -> TokenStream {
    match contents.any(Content::is_under_way) {
        true => quote!(#[derive(Debug)]),
        false => quote!(#[derive(Debug, Clone, PartialEq)]),
    }
}

/// Picking the answer for an error body by status.
fn from_error(api: &Api, error: TypeId, name: &Ident, variants: &[Variant]) -> TokenStream {
    let kind = ident(&api.types[error.0].name);
    let arms = variants.iter().filter_map(|variant| {
        let ident = &variant.ident;
        let (status, build) = variant.from_error.as_ref()?;
        Some(match status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(*code);
                quote!(#code => Ok(Self::#ident(#build)),)
            }
            Status::Range(class) => {
                let (from, to) = (u16::from(*class) * 100, u16::from(*class) * 100 + 99);
                let (from, to) = (Literal::u16_unsuffixed(from), Literal::u16_unsuffixed(to));
                quote! {
                    #from..=#to => match support::RangeStatus::new(support::status(status)) {
                        Some(code) => Ok(Self::#ident(code, #build)),
                        None => Err(error),
                    },
                }
            }
            Status::Default => quote! {
                100..=999 => Ok(Self::#ident(support::status(status), #build)),
            },
        })
    });
    let arms: TokenStream = arms.collect();
    quote! {
        impl support::FromError for #name {
            type Error = types::#kind;

            fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
                match status { #arms _ => Err(error) }
            }
        }
    }
}

/// What follows from the outcome of a handler's work, where one answer of success holds a body alone.
fn respond(operation: &Operation, name: &Ident, variants: &[Variant]) -> Option<TokenStream> {
    let answers = operation.answers.iter().zip(variants);
    let mut successes = answers.filter(|(answer, _)| answer.status.is_done());
    let (_, success) = successes.next()?;
    let ([("body", body)], None) = (success.fields.as_slice(), successes.next()) else {
        return None;
    };
    let variant = &success.ident;
    Some(quote! {
        impl support::Respond for #name {
            type Success = #body;

            fn success(body: Self::Success) -> Self {
                Self::#variant(body)
            }
        }
    })
}
