//! Request bodies: what is accepted, and how it becomes a field of the request.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::parameters::{RequestField, local};
use crate::model::{
    Body, Content, Kind, Operation, Part, RequestBody, Shape, Size, StringRules, Use,
};
use crate::write::{
    docs::{doc, doc_or},
    ident,
};

/// A request body as generated code.
pub(super) struct RequestBodyCode {
    /// Types it needs of its own.
    pub(super) items: TokenStream,
    /// A value of `Accepts`.
    pub(super) accepts: TokenStream,
    /// The field.
    pub(super) field: RequestField,
}

/// One media type of a body.
struct Medium {
    /// Rust type.
    kind: TokenStream,
    /// `Option<kind>`, from the pattern variables of its payload.
    read: TokenStream,
    /// As `read`, of a body that is missing and read as empty; `None`: nothing can be said of it.
    missing: Option<TokenStream>,
    /// Pattern of its payload.
    pattern: TokenStream,
    /// Value of `MediumKind`.
    medium_kind: TokenStream,
}

/// Least and most bytes; `None`: there is no limit.
pub(super) fn limits(size: Size) -> Option<(u64, u64)> {
    let limited = size != Size::default();
    limited.then(|| (size.least.unwrap_or(0), size.most.unwrap_or(u64::MAX)))
}

impl Emitter<'_> {
    /// The body of `operation`.
    pub(super) fn request_body(
        &self,
        operation: &Operation,
        body: &RequestBody,
    ) -> RequestBodyCode {
        let mut items = TokenStream::new();
        let mut media = Vec::new();
        for (index, content) in body.content.iter().enumerate() {
            media.push(self.medium(operation, content, index, &mut items));
        }
        let media_types: Vec<&str> = body
            .content
            .iter()
            .map(|content| content.media_type.as_str())
            .collect();
        let kinds = media.iter().map(|medium| &medium.medium_kind);
        let json = matches!(body.content.as_slice(), [only] if matches!(only.body, Body::Json(_)))
            && media_types == ["application/json"];
        let accepts = match json {
            true => quote!(support::Accepts::JSON),
            false => quote! {
                support::Accepts {
                    media: &[#(support::Medium::new(#media_types, support::MediumKind::#kinds)),*],
                    expected: &[#(#media_types),*],
                }
            },
        };
        if !body.missing_is_empty {
            media.iter_mut().for_each(|medium| medium.missing = None);
        }
        let absent = match media.iter().find_map(|medium| medium.missing.clone()) {
            _ if !body.required => quote!(Some(None)),
            Some(missing) => missing,
            None => quote!(input.missing_body()),
        };
        let (kind, absent, wrap) = match &body.ident {
            // There is one.
            None => (
                media.iter().map(|one| one.kind.clone()).collect(),
                absent,
                None,
            ),
            Some(name) => {
                let name = ident(name);
                let variants = body.content.iter().map(|content| ident(&content.ident));
                let variants: Vec<_> = variants.collect();
                let docs = media_types.iter().map(|name| doc(&format!("`{name}`")));
                let kinds = media.iter().map(|medium| &medium.kind);
                let title = doc(&format!(
                    "Body of [`Operation::{}`], by media type.",
                    operation.ident
                ));
                items.extend(quote! {
                    #title
                    #[derive(Debug, Clone, PartialEq)]
                    pub enum #name { #(#docs #variants(#kinds),)* }
                });
                let first = media.iter().position(|medium| medium.missing.is_some());
                let absent = match first
                    .filter(|_| body.required)
                    .map(|first| &variants[first])
                {
                    Some(variant) => quote!(#absent.map(#name::#variant)),
                    None => absent,
                };
                (quote!(#name), absent, Some((name, variants)))
            }
        };
        let arms = media.iter().enumerate().map(|(index, medium)| {
            let (pattern, mut read) = (&medium.pattern, medium.read.clone());
            if let Some((name, variants)) = &wrap {
                let variant = &variants[index];
                read = quote!(#read.map(#name::#variant));
            }
            if !body.required {
                read = quote!(#read.map(Some));
            }
            quote!(#pattern => #read,)
        });
        // Read last, so when it is refused, everything else has been noted.
        let read = quote! {
            let Some(body) = (match payload { #(#arms)* _ => #absent }) else {
                return Err(input.refused());
            };
        };
        let kind = if body.required {
            kind
        } else {
            quote!(Option<#kind>)
        };
        let docs = doc_or(body.description.as_deref(), "The body.");
        let field = RequestField {
            declaration: quote!(#docs pub body: #kind,),
            read,
            build: quote!(body,),
        };
        RequestBodyCode {
            items,
            accepts,
            field,
        }
    }

    fn medium(
        &self,
        operation: &Operation,
        content: &Content,
        index: usize,
        items: &mut TokenStream,
    ) -> Medium {
        let index = Literal::usize_unsuffixed(index);
        let bytes = quote!(support::Payload::Bytes { medium: #index, bytes, .. });
        let open = content.is_open();
        let labelled = quote!(support::Payload::Bytes { medium: #index, content_type, bytes });
        match &content.body {
            Body::Json(value) => {
                let decode = self.types.decoder(value, false);
                let object = match self.api.shape(value) {
                    Shape::Named(id) => matches!(self.api.types[id.0].kind, Kind::Struct(_)),
                    Shape::Map(..) => true,
                    _ => false,
                };
                let kind = self.types.rust_type(value, false);
                if open {
                    return Medium {
                        kind: quote!(support::Typed<#kind>),
                        read: quote!(input.decode(&bytes, #decode).map(|body| support::Typed { content_type, body })),
                        missing: None,
                        pattern: labelled,
                        medium_kind: quote!(Labelled),
                    };
                }
                Medium {
                    kind,
                    read: quote!(input.decode(&bytes, #decode)),
                    missing: object.then(|| quote!(input.decode(b"{}", #decode))),
                    pattern: bytes,
                    medium_kind: quote!(Document),
                }
            }
            Body::Text(value) => {
                let kind = self.types.base_type(value, false);
                let read = match self.is_free_text(value) {
                    true => quote!(Some(support::text(bytes)?)),
                    false => {
                        let rule = self.constraint(value);
                        quote!(input.text::<#kind>(bytes, #rule)?)
                    }
                };
                let (kind, read, pattern) = match open {
                    true => (
                        quote!(support::Typed<#kind>),
                        quote!(#read.map(|body| support::Typed { content_type, body })),
                        labelled,
                    ),
                    false => (kind, read, bytes),
                };
                Medium {
                    kind,
                    read,
                    missing: None,
                    pattern,
                    medium_kind: quote!(Text),
                }
            }
            Body::Binary(size) => {
                let read = match limits(*size) {
                    None => quote!(Some(bytes)),
                    Some((least, most)) => quote!(input.sized(bytes, #least, #most)),
                };
                let (kind, read, pattern) = match open {
                    true => (
                        quote!(support::Blob),
                        quote!(#read.map(|bytes| support::Blob { content_type, bytes })),
                        labelled,
                    ),
                    false => (quote!(axum::body::Bytes), read, bytes),
                };
                Medium {
                    kind,
                    read,
                    missing: None,
                    pattern,
                    medium_kind: quote!(Upload),
                }
            }
            Body::Multipart(form) | Body::Form(form) => {
                let multipart = matches!(content.body, Body::Multipart(_));
                let name = ident(&form.ident);
                items.extend(self.form(operation, &name, &form.parts));
                let wires: Vec<&str> = form.parts.iter().map(|part| part.wire.as_str()).collect();
                let missing = Some(quote!(#name::read(&mut input, Vec::new())));
                if multipart {
                    Medium {
                        kind: quote!(#name),
                        read: quote!(#name::read(&mut input, parts)),
                        missing,
                        pattern: quote!(support::Payload::Parts { medium: #index, parts }),
                        medium_kind: quote!(Multipart(&[#(#wires),*])),
                    }
                } else {
                    Medium {
                        kind: quote!(#name),
                        read: quote!(#name::read(&mut input, support::form_fields(&bytes, &[#(#wires),*])?)),
                        missing,
                        pattern: bytes,
                        medium_kind: quote!(Document),
                    }
                }
            }
        }
    }

    /// Whether `value` is any text.
    pub(super) fn is_free_text(&self, value: &Use) -> bool {
        matches!(self.api.shape(value), Shape::String(rules) if *rules == StringRules::default())
    }

    /// The struct of a form.
    fn form(
        &self,
        operation: &Operation,
        name: &proc_macro2::Ident,
        parts: &[Part],
    ) -> TokenStream {
        let mut fields = TokenStream::new();
        let mut reads = TokenStream::new();
        let mut builds = TokenStream::new();
        for part in parts {
            let (field, wire) = (ident(&part.ident), part.wire.as_str());
            let (kind, read) = self.part(wire, &part.value);
            let docs = doc_or(part.description.as_deref(), &format!("`{wire}`."));
            let kind = if part.required {
                kind
            } else {
                quote!(Option<#kind>)
            };
            fields.extend(quote!(#docs pub #field: #kind,));
            let local = local(&part.ident);
            reads.extend(quote!(let #local = #read;));
            if part.required {
                reads.extend(quote!(let #local = input.require(#wire, #local);));
            }
            builds.extend(quote!(#field: #local?,));
        }
        let docs = doc(&format!("Form of [`Operation::{}`].", operation.ident));
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            pub struct #name { #fields }

            impl #name {
                fn read(input: &mut support::Input<'_>, parts: Vec<support::RawPart>) -> Option<#name> {
                    let mut parts = support::Parts::new(parts);
                    #reads
                    Some(#name { #builds })
                }
            }
        }
    }

    /// Type of a part, and an expression of `Option<Option<type>>` that reads it.
    fn part(&self, wire: &str, value: &Use) -> (TokenStream, TokenStream) {
        let resolved = self.api.shape(value);
        match resolved {
            Shape::Binary => (quote!(support::FilePart), quote!(parts.file(input, #wire))),
            Shape::Array(item, rules) if *self.api.shape(item) == Shape::Binary => {
                let (least, most) = (
                    rules.min_items.unwrap_or(0),
                    rules.max_items.unwrap_or(u64::MAX),
                );
                (
                    quote!(Vec<support::FilePart>),
                    quote!(parts.files(input, #wire, #least, #most)),
                )
            }
            Shape::Array(..) => {
                let rule = self.constraint(value);
                (
                    self.types.rust_type(value, false),
                    quote!(parts.list(input, #wire, #rule)),
                )
            }
            Shape::Named(id) if !matches!(self.api.types[id.0].kind, Kind::Enum(_)) => {
                let decode = self.types.decoder(value, false);
                (
                    self.types.rust_type(value, false),
                    quote!(parts.json(input, #wire, #decode)),
                )
            }
            Shape::Map(..) | Shape::Any | Shape::Literal(_) => {
                let decode = self.types.decoder(value, false);
                (
                    self.types.rust_type(value, false),
                    quote!(parts.json(input, #wire, #decode)),
                )
            }
            _ => {
                let rule = self.constraint(value);
                (
                    self.types.rust_type(value, false),
                    quote!(parts.one(input, #wire, #rule)),
                )
            }
        }
    }
}
