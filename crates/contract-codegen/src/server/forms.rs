//! Forms: the struct that their parts are fields of, and how each is read.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::bodies::Medium;
use super::parameters::local;
use crate::model::{
    Alternatives, Form, Kind, MapRules, Operation, Others, Part, Shape, Style, Use, Writing,
};
use crate::write::{
    docs::{doc, doc_or},
    ident,
};

impl Emitter<'_> {
    /// How a form is read, which is `multipart` or urlencoded.
    pub(super) fn form_medium(
        &self,
        form: &Form,
        multipart: bool,
        index: &Literal,
        bytes: TokenStream,
    ) -> Medium {
        let wires: Vec<&str> = form.parts.iter().map(|part| part.wire.as_str()).collect();
        let known = match form.sees_all() {
            true => quote!(support::ALL_PARTS),
            false => quote!(&[#(#wires),*]),
        };
        let joined: Vec<_> = form.parts.iter().filter_map(joined).collect();
        let parts = match (multipart, joined.as_slice()) {
            (true, []) => quote!(parts),
            (true, joined) => quote!(support::split_parts(parts, &[#(#joined),*])),
            (false, []) => quote!(support::form_fields(&bytes, #known)?),
            (false, joined) => quote!(support::form_fields_of(&bytes, #known, &[#(#joined),*])?),
        };
        let (kind, read) = match &form.whole {
            None => {
                let name = ident(&form.ident);
                let read = |parts: TokenStream| quote!(#name::read(&mut input, #parts));
                (quote!(#name), [read(parts), read(quote!(Vec::new()))])
            }
            Some(value) => {
                let fields = self.fields(value);
                let decode = self.types.decoder(value, false);
                let read = |parts: TokenStream| quote!(support::Parts::new(#parts).whole(&mut input, #fields, #decode));
                let kind = self.types.rust_type(value, false);
                (kind, [read(parts), read(quote!(Vec::new()))])
            }
        };
        let [read, missing] = read;
        let (pattern, medium_kind) = match multipart {
            true => (
                quote!(support::Payload::Parts { medium: #index, parts }),
                quote!(Multipart(#known)),
            ),
            false => (bytes, quote!(Document)),
        };
        Medium {
            kind,
            read,
            missing: Some(missing),
            pattern,
            medium_kind,
        }
    }

    /// The struct of a form; nothing for one that is a value of a type.
    pub(super) fn form(&self, operation: &Operation, form: &Form) -> TokenStream {
        if form.whole.is_some() {
            return TokenStream::new();
        }
        let name = ident(&form.ident);
        let mut fields = TokenStream::new();
        let (mut reads, mut last) = (TokenStream::new(), TokenStream::new());
        let mut builds = TokenStream::new();
        for part in &form.parts {
            let (field, wire) = (ident(&part.ident), part.wire.as_str());
            let (kind, read) = self.part(part);
            let docs = doc_or(part.description.as_deref(), &format!("`{wire}`."));
            let kind = if part.required {
                kind
            } else {
                quote!(Option<#kind>)
            };
            fields.extend(quote!(#docs pub #field: #kind,));
            let local = local(&part.ident);
            let expect = self.expected(part);
            let require = part
                .required
                .then(|| quote!(let #local = input.require(#wire, #local);));
            let read = quote!(#expect let #local = #read; #require);
            // It takes what the others leave.
            match takes_rest(self.api.shape(&part.value), part) {
                true => last.extend(read),
                false => reads.extend(read),
            }
            builds.extend(quote!(#field: #local?,));
        }
        let mut mutable = Some(quote!(mut));
        let count = (form.count != MapRules::default()).then(|| {
            let least = form.count.min_properties.unwrap_or(0);
            let most = form.count.max_properties.unwrap_or(u64::MAX);
            quote!(parts.count(input, #least, #most);)
        });
        let alternatives: TokenStream = form.alternatives.iter().map(alternatives).collect();
        match &form.others {
            Others::Ignored => {
                if form.parts.is_empty() {
                    mutable = None;
                }
            }
            Others::Denied => last.extend(quote!(parts.deny_rest(input);)),
            Others::Kept(value) => {
                let (kind, read) = self.other(value);
                fields.extend(quote! {
                    /// What is not listed, by name.
                    pub additional_properties: std::collections::BTreeMap<String, #kind>,
                });
                last.extend(quote! {
                    let v_additional_properties = parts.others(input, |parts, input, name| #read);
                });
                builds.extend(quote!(additional_properties: v_additional_properties?,));
            }
        }
        let docs = doc(&format!("Form of [`Operation::{}`].", operation.ident));
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            pub struct #name { #fields }

            impl #name {
                fn read(input: &mut support::Input<'_>, parts: Vec<support::RawPart>) -> Option<#name> {
                    let #mutable parts = support::Parts::new(parts);
                    #count
                    #alternatives
                    #reads
                    #last
                    Some(#name { #builds })
                }
            }
        }
    }

    /// Looks at the media types and headers of a part.
    fn expected(&self, part: &Part) -> TokenStream {
        let (wire, media_types) = (&part.wire, &part.media_types);
        let item = match self.api.shape(&part.value) {
            Shape::Array(item, _) => self.api.shape(item),
            shape => shape,
        };
        // A part that says nothing is text, as a value may be that is no file.
        let stated = *item == Shape::Binary;
        let looks = !media_types.is_empty() && !media_types.iter().any(|one| one == "*/*");
        let types =
            looks.then(|| quote!(parts.expect(input, #wire, &[#(#media_types),*], #stated);));
        let headers = part.headers.iter().map(|header| {
            let (name, required) = (&header.wire, header.required);
            let kind = self.types.base_type(&header.value, false);
            let rule = self.constraint(&header.value);
            quote!(parts.expect_header::<#kind>(input, #wire, #name, #required, #rule);)
        });
        let headers: TokenStream = headers.collect();
        quote!(#types #headers)
    }

    /// Type of a part, and an expression of `Option<Option<type>>` that reads it.
    fn part(&self, part: &Part) -> (TokenStream, TokenStream) {
        let (wire, value) = (part.wire.as_str(), &part.value);
        let decode = || self.types.decoder(value, false);
        let kind = self.types.rust_type(value, false);
        match part.writing {
            Writing::Plain | Writing::Joined(_) => self.plain_part(&quote!(#wire), value),
            Writing::Json => {
                let decode = decode();
                (kind, quote!(parts.json(input, #wire, #decode)))
            }
            Writing::Value => {
                let (reading, decode) = (self.reading(value), decode());
                (kind, quote!(parts.value(input, #wire, #reading, #decode)))
            }
            Writing::Pairs => {
                let (fields, decode) = (self.fields(value), decode());
                (kind, quote!(parts.pairs(input, #wire, #fields, #decode)))
            }
            Writing::Deep => {
                let (fields, decode) = (self.fields(value), decode());
                (kind, quote!(parts.deep(input, #wire, #fields, #decode)))
            }
            Writing::Fields => {
                let (fields, decode) = (self.fields(value), decode());
                let rest = takes_rest(self.api.shape(value), part);
                (kind, quote!(parts.fields(input, #fields, #rest, #decode)))
            }
        }
    }

    /// As `part`, of what is not listed.
    fn other(&self, value: &Use) -> (TokenStream, TokenStream) {
        let plain = match self.api.shape(value) {
            Shape::Array(item, _) => self.is_plain(item) || *self.api.shape(item) == Shape::Binary,
            Shape::Binary | Shape::Map(..) => true,
            _ => self.is_plain(value),
        };
        if plain {
            return self.plain_part(&quote!(name), value);
        }
        let (reading, decode) = (self.reading(value), self.types.decoder(value, false));
        let kind = self.types.rust_type(value, false);
        (kind, quote!(parts.value(input, name, #reading, #decode)))
    }

    fn is_plain(&self, value: &Use) -> bool {
        match self.api.shape(value) {
            Shape::Named(id) => matches!(self.api.types[id.0].kind, Kind::Enum(_)),
            Shape::Literal(literal) => literal.is_boolean(),
            shape => matches!(
                shape,
                Shape::String(_)
                    | Shape::Formatted(_)
                    | Shape::Integer(_)
                    | Shape::Number(_)
                    | Shape::Boolean
            ),
        }
    }

    fn plain_part(&self, wire: &TokenStream, value: &Use) -> (TokenStream, TokenStream) {
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

/// Looks at which names are there.
fn alternatives(group: &Alternatives) -> TokenStream {
    let exactly_one = group.exactly_one;
    let each = group.each.iter().map(|one| {
        let required = &one.required;
        let only = one.only.as_ref();
        let only = only.map_or(quote!(None), |names| quote!(Some(&[#(#names),*])));
        quote!(support::Alternative { required: &[#(#required),*], only: #only })
    });
    quote!(parts.choose(input, #exactly_one, &[#(#each),*]);)
}

/// Whether a part is a map of every field that no other part is.
fn takes_rest(shape: &Shape, part: &Part) -> bool {
    part.writing == Writing::Fields && matches!(shape, Shape::Map(..))
}

/// How the text of a part is taken apart.
fn joined(part: &Part) -> Option<TokenStream> {
    let separator = ident(match part.writing {
        Writing::Pairs | Writing::Joined(Style::Commas | Style::Repeated) => "Comma",
        Writing::Joined(Style::Spaces) => "Space",
        Writing::Joined(Style::Pipes) => "Pipe",
        _ => return None,
    });
    let wire = &part.wire;
    Some(quote!(support::Joined(#wire, support::Separator::#separator)))
}
