//! Answers: one enum per operation, so that nothing undeclared can be answered.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Emitter;
use super::values::named;
use crate::media::variants;
use crate::model::{Answer, Api, Body, Content, Kind, Operation, Status, TypeId, Use};
use crate::write::{docs::doc, ident};

/// Of a body: its type, what can be wrong with it, how it is written.
type BodyCode = (Option<TokenStream>, Option<TokenStream>, TokenStream);

/// The pieces of one variant.
struct Variant {
    ident: Ident,
    /// Declaration, with documentation.
    declaration: TokenStream,
    /// What it holds, in order.
    fields: Vec<(&'static str, TokenStream)>,
    /// Its status, from `code` if it holds one.
    status: TokenStream,
    /// What is wrong with `body`, if it holds one that can be wrong.
    violations: Option<TokenStream>,
    /// Its response, from `status` and what it holds.
    write: TokenStream,
    /// Building it from an error body alone: the status it is for and its fields.
    from_error: Option<(Status, TokenStream)>,
}

impl Variant {
    /// A pattern that binds the fields of these names.
    fn pattern(&self, bound: &[&str]) -> TokenStream {
        let ident = &self.ident;
        if self.fields.is_empty() {
            return quote!(Self::#ident);
        }
        if !self.fields.iter().any(|(name, _)| bound.contains(name)) {
            return quote!(Self::#ident(..));
        }
        let fields = self
            .fields
            .iter()
            .map(|(name, _)| match bound.contains(name) {
                true => format_ident!("{name}"),
                false => format_ident!("_"),
            });
        quote!(Self::#ident(#(#fields),*))
    }

    /// Types of the fields of these names: variants share an arm only if these are the same.
    fn kinds(&self, bound: &[&str]) -> String {
        let bound = self.fields.iter().filter(|(name, _)| bound.contains(name));
        bound
            .map(|(name, kind)| format!("{name}: {kind}, "))
            .collect()
    }
}

/// The arms of a `match`, one for all variants that are treated alike. `result` also names the
/// fields it uses.
fn arms(
    variants: &[Variant],
    result: impl Fn(&Variant) -> (&'static [&'static str], TokenStream),
) -> TokenStream {
    let mut groups: Vec<(String, Vec<TokenStream>, TokenStream)> = Vec::new();
    for variant in variants {
        let (bound, result) = result(variant);
        let key = format!("{}{result}", variant.kinds(bound));
        match groups.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, patterns, _)) => patterns.push(variant.pattern(bound)),
            None => groups.push((key, vec![variant.pattern(bound)], result)),
        }
    }
    let arms = groups
        .iter()
        .map(|(_, patterns, result)| quote!(#(#patterns)|* => #result,));
    arms.collect()
}

impl Emitter<'_> {
    /// The answer enum of `operation`, with what belongs to it.
    pub(super) fn answers(&mut self, operation: &Operation) -> Option<TokenStream> {
        let name = format_ident!("{}Response", operation.ident);
        let mut items = TokenStream::new();
        let mut variants = Vec::new();
        for answer in &operation.answers {
            variants.push(self.variant(operation, answer, &mut items)?);
        }
        if variants.is_empty() {
            return self.refuse(
                &operation.pointer,
                format!("`{}` declares no answer", operation.id),
                "declare at least one under `responses`",
            );
        }
        let title = doc(&format!(
            "What [`Operation::{}`] can answer.",
            operation.ident
        ));
        let declarations = variants.iter().map(|variant| &variant.declaration);
        let statuses = arms(&variants, |variant| (&["code"], variant.status.clone()));
        let violations = arms(&variants, |variant| match &variant.violations {
            Some(violations) => (&["body"], violations.clone()),
            None => (&[], quote!(Vec::new())),
        });
        // Where nothing can be wrong, nothing is looked at.
        let clean = variants.iter().all(|variant| variant.violations.is_none());
        let violations = if clean {
            quote!(Vec::new())
        } else {
            quote!(match self { #violations })
        };
        let writes = arms(&variants, |variant| {
            (&["body", "headers"], variant.write.clone())
        });
        let from_error = self
            .api
            .error
            .map(|error| from_error(self.api, error, &variants));
        let respond = self
            .api
            .error
            .and_then(|error| respond(self.api, error, operation, &name, &variants));
        Some(quote! {
            #items
            #title
            #[must_use = "an answer does nothing until it is returned"]
            #[derive(Debug, Clone, PartialEq)]
            pub enum #name { #(#declarations)* }

            impl #name {
                /// Status of the answer.
                pub fn status(&self) -> axum::http::StatusCode {
                    match self { #statuses }
                }
                #from_error
            }

            impl support::Answer for #name {
                fn violations(&self) -> Vec<support::Violation> { #violations }

                fn write(&mut self) -> Result<axum::response::Response, support::Unwritable> {
                    let status = self.status();
                    match self { #writes }
                }
            }

            #respond
        })
    }

    fn variant(
        &mut self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
    ) -> Option<Variant> {
        let variant = ident(&answer.ident);
        let mut fields = Vec::new();
        let status = match answer.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                quote!(support::status(#code))
            }
            Status::Range(class) => {
                let class = Literal::u16_unsuffixed(u16::from(class));
                fields.push(("code", quote!(support::RangeStatus<#class>)));
                quote!(code.get())
            }
            Status::Default => {
                fields.push(("code", quote!(axum::http::StatusCode)));
                quote!(*code)
            }
        };
        let (kind, violations, mut write) = self.answer_body(operation, answer, items)?;
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
                        ..
                    },
                ] => self.is_wire(value) && named(self.api, value) == Some(error),
                _ => false,
            });
        let mut from_error = is_error.then(|| quote!(error));
        if !answer.headers.is_empty() {
            let headers = self.headers(operation, answer, items)?;
            let role = format!("headers {}", answer.ident);
            self.item_names.note(operation, &role, &headers);
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
        Some(Variant {
            declaration: quote!(#docs #variant #tuple,),
            ident: variant,
            fields,
            status,
            violations,
            write,
            from_error: from_error.map(|build| (answer.status, build)),
        })
    }

    /// Type of an answer's body, what can be wrong with `body: &T`, and how `body: &mut T` is written.
    fn answer_body(
        &mut self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
    ) -> Option<BodyCode> {
        match answer.content.as_slice() {
            [] => Some((None, None, quote!(support::empty(status)))),
            [one] => {
                let (kind, violations, write) = self.answer_content(one);
                Some((Some(kind), violations, write))
            }
            several => {
                let name = self
                    .names
                    .unique(&format!("{}{}Body", operation.ident, answer.ident));
                let name = ident(&name);
                let role = format!("answer {}", answer.ident);
                self.item_names.note(operation, &role, &name);
                let variants = variants(several.iter().map(Content::media_type));
                let codes: Vec<_> = several
                    .iter()
                    .map(|content| self.answer_content(content))
                    .collect();
                let kinds = codes.iter().map(|(kind, ..)| kind);
                let docs = several
                    .iter()
                    .map(|content| doc(&format!("`{}`", content.media_type)));
                let title = doc(&format!(
                    "Body of `{}` of [`Operation::{}`], by media type.",
                    answer.ident, operation.ident
                ));
                items.extend(quote! {
                    #title
                    #[derive(Debug, Clone, PartialEq)]
                    pub enum #name { #(#docs #variants(#kinds),)* }
                });
                let violations =
                    codes
                        .iter()
                        .zip(&variants)
                        .filter_map(|((_, violations, _), variant)| {
                            let violations = violations.as_ref()?;
                            Some(quote!(#name::#variant(body) => #violations,))
                        });
                let violations: Vec<_> = violations.collect();
                let rest = (violations.len() < codes.len()).then(|| quote!(_ => Vec::new(),));
                let writes = codes.iter().map(|(.., write)| write);
                Some((
                    Some(quote!(#name)),
                    (!violations.is_empty()).then(|| quote!(match body { #(#violations)* #rest })),
                    quote!(match body { #(#name::#variants(body) => #writes,)* }),
                ))
            }
        }
    }

    fn answer_content(
        &mut self,
        content: &Content,
    ) -> (TokenStream, Option<TokenStream>, TokenStream) {
        let media_type = content.media_type.as_str();
        let open = media_type.contains('*');
        match &content.body {
            Body::Json(value) => {
                let kind = self.types.rust_type(value, true);
                let violations = if self.is_wire(value) {
                    quote!(types::support::violations(body))
                } else {
                    let checker = self.types.checker(value);
                    quote!(support::check(body, #checker))
                };
                let media_type = if open { "application/json" } else { media_type };
                (
                    kind,
                    Some(violations),
                    quote!(support::json(status, #media_type, body)),
                )
            }
            Body::Text if !open => {
                let content_type = format!("{media_type}; charset=utf-8");
                (
                    quote!(String),
                    None,
                    quote!(support::bytes(status, #content_type, std::mem::take(body))),
                )
            }
            Body::Text | Body::Binary if open => (
                quote!(support::Blob),
                None,
                quote!(support::blob(status, std::mem::take(body))),
            ),
            // Servers write no forms; whoever declares one writes its bytes.
            _ => (
                quote!(axum::body::Bytes),
                None,
                quote!(support::bytes(status, #media_type, std::mem::take(body))),
            ),
        }
    }

    /// Whether a body of `value` has a type that knows its own constraints.
    fn is_wire(&self, value: &Use) -> bool {
        let kind = |id: TypeId| &self.api.types[id.0].kind;
        !self.types.is_nullable(value)
            && named(self.api, value)
                .is_some_and(|id| matches!(kind(id), Kind::Struct(_) | Kind::Union(_)))
    }
}

/// The function that picks the answer for an error body by status.
fn from_error(api: &Api, error: TypeId, variants: &[Variant]) -> TokenStream {
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
        /// The answer with `error` as its body that is declared for this status.
        ///
        /// # Errors
        /// `error` itself, if there is none.
        #[allow(clippy::result_large_err, reason = "nothing is lost on the way")]
        pub fn from_error(status: u16, error: types::#kind) -> Result<Self, types::#kind> {
            match status { #arms _ => Err(error) }
        }
    }
}

/// What follows from the outcome of a handler's work, where one answer of success holds a body alone.
fn respond(
    api: &Api,
    error: TypeId,
    operation: &Operation,
    name: &Ident,
    variants: &[Variant],
) -> Option<TokenStream> {
    let answers = operation.answers.iter().zip(variants);
    let mut successes = answers
        .filter(|(answer, _)| matches!(answer.status, Status::Code(200..=299) | Status::Range(2)));
    let (_, success) = successes.next()?;
    let ([("body", body)], None) = (success.fields.as_slice(), successes.next()) else {
        return None;
    };
    let (variant, error) = (&success.ident, ident(&api.types[error.0].name));
    Some(quote! {
        impl support::Respond for #name {
            type Success = #body;
            type Error = types::#error;

            fn success(body: Self::Success) -> Self {
                Self::#variant(body)
            }

            fn refused(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
                Self::from_error(status, error)
            }
        }
    })
}
