//! Request bodies: what is accepted, and how it becomes a field of the request.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::answers::derives;
use super::parameters::RequestField;
use crate::model::{
    Body, Content, EventData, Framing, Kind, Operation, RequestBody, Shape, Size, StringRules, Use,
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
pub(super) struct Medium {
    /// Rust type.
    pub(super) kind: TokenStream,
    /// `Option<kind>`, from the pattern variables of its payload.
    pub(super) read: TokenStream,
    /// As `read`, of a body that is missing and read as empty; `None`: nothing can be said of it.
    pub(super) missing: Option<TokenStream>,
    /// Pattern of its payload.
    pub(super) pattern: TokenStream,
    /// Value of `MediumKind`.
    pub(super) medium_kind: TokenStream,
}

/// Least and most bytes; `None`: there is no limit.
pub(super) fn limits(size: Size) -> Option<(u64, u64)> {
    let limited = size != Size::default();
    limited.then(|| (size.least.unwrap_or(0), size.most.unwrap_or(u64::MAX)))
}

/// How items are told apart, as what servers run on has it.
pub(super) fn framing(framing: Framing) -> TokenStream {
    match framing {
        Framing::Lines => quote!(support::Framing::Lines),
        Framing::Records => quote!(support::Framing::Records),
        Framing::Events(data) => {
            let data = ident(match data {
                EventData::Text => "Text",
                EventData::Json => "Json",
                EventData::Either => "Either",
            });
            quote!(support::Framing::Events(support::EventData::#data))
        }
        Framing::JsonParts | Framing::RawParts => quote!(support::Framing::Parts(0)),
    }
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
                let derives = derives(body.content.iter());
                items.extend(quote! {
                    #title
                    #derives
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
            Body::Sequence(sequence) => {
                let (kind, decode) = match sequence.framing {
                    Framing::RawParts => (
                        quote!(support::Part),
                        quote!(|part: &[u8]| Ok(support::Part::read(part))),
                    ),
                    framing => {
                        let decode = self.types.decoder(&sequence.item, false);
                        let decode = match framing {
                            Framing::JsonParts => {
                                quote!(|part: &[u8]| (#decode)(wire::part_content(part)))
                            }
                            _ => decode,
                        };
                        (self.types.rust_type(&sequence.item, false), decode)
                    }
                };
                let framing = framing(sequence.framing);
                Medium {
                    kind: quote!(support::Incoming<#kind>),
                    read: quote!(Some(items.read(#framing, #decode))),
                    missing: None,
                    pattern: quote!(support::Payload::Items { medium: #index, items }),
                    medium_kind: quote!(Sequence),
                }
            }
            Body::Multipart(form) | Body::Form(form) => {
                let multipart = matches!(content.body, Body::Multipart(_));
                items.extend(self.form(operation, form));
                self.form_medium(form, multipart, &index, bytes)
            }
        }
    }

    /// Whether `value` is any text.
    pub(super) fn is_free_text(&self, value: &Use) -> bool {
        matches!(self.api.shape(value), Shape::String(rules) if *rules == StringRules::default())
    }
}
