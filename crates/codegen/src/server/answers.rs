//! Answers: one enum per operation, so that nothing undeclared can be answered.

use std::collections::HashMap;

use document::child;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Emitter;
use super::bodies::variants;
use super::docs::{doc, doc_or};
use super::values::{ident, named, resolve};
use crate::model::{Answer, Api, Body, Content, Header, Operation, Shape, Status, TypeId};

/// Names of the structs for response headers.
///
/// Answers of one name mostly share their headers, e.g. every `TooManyRequests`; then they share
/// the struct `TooManyRequestsHeaders`. Where they differ, each operation has its own.
pub(super) struct HeaderNames(HashMap<String, bool>);

impl HeaderNames {
    pub(super) fn new(api: &Api) -> HeaderNames {
        let mut first: HashMap<&str, &[Header]> = HashMap::new();
        let mut shared: HashMap<String, bool> = HashMap::new();
        let answers = api.operations.iter().flat_map(|operation| &operation.answers);
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

/// The pieces of one variant.
struct Variant {
    ident: Ident,
    /// Declaration, with documentation.
    declaration: TokenStream,
    /// Pattern that binds what the other pieces use.
    pattern: TokenStream,
    status: TokenStream,
    violations: TokenStream,
    write: TokenStream,
    /// Building it from a body alone: the status it matches and the expression.
    from_error: Option<(Status, TokenStream)>,
}

impl Emitter<'_> {
    /// The answer enum of `operation`, with what belongs to it.
    pub(super) fn answers(&mut self, operation: &Operation) -> Option<TokenStream> {
        let name = format_ident!("{}Response", operation.ident);
        let mut items = TokenStream::new();
        let mut variants = Vec::new();
        for answer in &operation.answers {
            self.possible(operation, answer)?;
            variants.push(self.variant(operation, answer, &mut items)?);
        }
        if variants.is_empty() {
            return self.refuse(
                &operation.pointer,
                format!("`{}` declares no answer", operation.id),
                "declare at least one under `responses`",
            );
        }
        let title = doc(&format!("What [`Operation::{}`] can answer.", operation.ident));
        let declarations = variants.iter().map(|variant| &variant.declaration);
        let arms = |piece: fn(&Variant) -> &TokenStream| {
            let arms = variants.iter().map(|variant| {
                let (ident, pattern, piece) = (&variant.ident, &variant.pattern, piece(variant));
                quote!(#name::#ident #pattern => #piece,)
            });
            arms.collect::<TokenStream>()
        };
        let statuses = arms(|variant| &variant.status);
        let violations = arms(|variant| &variant.violations);
        let writes = arms(|variant| &variant.write);
        let from_error = self.api.error.map(|error| from_error(self.api, error, &variants));
        Some(quote! {
            #items
            #title
            #[must_use = "an answer does nothing until it is returned"]
            #[derive(Debug, Clone, PartialEq)]
            pub enum #name { #(#declarations)* }

            impl #name {
                /// Status of the answer.
                #[allow(unused_variables, reason = "not every variant has its status in a field")]
                pub fn status(&self) -> axum::http::StatusCode {
                    match self { #statuses }
                }
                #from_error
            }

            #[allow(unused_variables, reason = "one pattern for several uses")]
            impl support::Answer for #name {
                fn status(&self) -> axum::http::StatusCode { #name::status(self) }

                fn violations(&self) -> Vec<support::Violation> {
                    match self { #violations }
                }

                fn into_response(self) -> Result<axum::response::Response, support::Unwritable> {
                    let status = #name::status(&self);
                    match self { #writes }
                }
            }
        })
    }

    /// Refuses answers that HTTP does not have.
    fn possible(&mut self, operation: &Operation, answer: &Answer) -> Option<()> {
        let (code, problem, hint) = match answer.status {
            Status::Code(code @ 100..200) => {
                (code, "is not a final answer", "declare the answer that follows it")
            }
            Status::Code(code @ (204 | 205 | 304)) if !answer.content.is_empty() => {
                (code, "cannot have a body", "remove its `content`, or answer with another status")
            }
            _ => return Some(()),
        };
        let pointer = child(&child(&operation.pointer, "responses"), code);
        self.refuse(&pointer, format!("an answer with status `{code}` {problem}"), hint)
    }

    fn variant(&mut self, operation: &Operation, answer: &Answer, items: &mut TokenStream) -> Option<Variant> {
        let variant = ident(&answer.ident);
        let mut kinds = Vec::new();
        let mut names = Vec::new();
        let status = match answer.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                quote!(support::status(#code))
            }
            Status::Range(class) => {
                let class = Literal::u16_unsuffixed(u16::from(class));
                kinds.push(quote!(support::RangeStatus<#class>));
                names.push(quote!(code));
                quote!(code.get())
            }
            Status::Default => {
                kinds.push(quote!(axum::http::StatusCode));
                names.push(quote!(code));
                quote!(*code)
            }
        };
        let (kind, violations, mut write) = self.answer_body(operation, answer, items)?;
        let is_error = self.api.error.is_some_and(|error| match answer.content.as_slice() {
            [Content { body: Body::Json(value), .. }] => named(self.api, value) == Some(error),
            _ => false,
        });
        if let Some(kind) = kind {
            kinds.push(kind);
            names.push(quote!(body));
        }
        let mut headers_default = None;
        if !answer.headers.is_empty() {
            let headers = self.headers(operation, answer, items)?;
            kinds.push(quote!(#headers));
            names.push(quote!(headers));
            write = quote!({
                let mut response = #write?;
                headers.write(&mut response)?;
                Ok(response)
            });
            headers_default =
                Some(answer.headers.iter().all(|header| !header.required).then(|| quote!(#headers::default())));
        }
        let from_error = match (is_error, headers_default) {
            (true, None) => Some(quote!(error)),
            (true, Some(Some(headers))) => Some(quote!(error, #headers)),
            _ => None,
        };
        let status_text = match answer.status {
            Status::Code(code) => code.to_string(),
            Status::Range(class) => format!("{class}XX"),
            Status::Default => "Any other status".to_owned(),
        };
        let docs = doc(format!("{status_text}: {}", answer.description).trim_end_matches([' ', ':']));
        let tuple = if kinds.is_empty() { quote!() } else { quote!((#(#kinds),*)) };
        let pattern = if names.is_empty() { quote!() } else { quote!((#(#names),*)) };
        Some(Variant {
            declaration: quote!(#docs #variant #tuple,),
            ident: variant,
            pattern,
            status,
            violations,
            write,
            from_error: from_error.map(|build| (answer.status, build)),
        })
    }

    /// Type of an answer's body, and expressions for its violations (of `body: &T`) and for
    /// writing it (of `body: T` and `status`).
    fn answer_body(
        &mut self,
        operation: &Operation,
        answer: &Answer,
        items: &mut TokenStream,
    ) -> Option<(Option<TokenStream>, TokenStream, TokenStream)> {
        match answer.content.as_slice() {
            [] => Some((None, quote!(Vec::new()), quote!(support::empty(status)))),
            [one] => {
                let (kind, violations, write) = self.answer_content(one);
                Some((Some(kind), violations, write))
            }
            several => {
                let name = self.names.unique(&format!("{}{}Body", operation.ident, answer.ident));
                let name = ident(&name);
                let variants = variants(several);
                let codes: Vec<_> = several.iter().map(|content| self.answer_content(content)).collect();
                let kinds = codes.iter().map(|(kind, ..)| kind);
                let docs = several.iter().map(|content| doc(&format!("`{}`", content.media_type)));
                let title = doc(&format!(
                    "Body of `{}` of [`Operation::{}`], by media type.",
                    answer.ident, operation.ident
                ));
                items.extend(quote! {
                    #title
                    #[derive(Debug, Clone, PartialEq)]
                    pub enum #name { #(#docs #variants(#kinds),)* }
                });
                let violations = codes.iter().map(|(_, violations, _)| violations);
                let writes = codes.iter().map(|(.., write)| write);
                Some((
                    Some(quote!(#name)),
                    quote!(match body { #(#name::#variants(body) => #violations,)* }),
                    quote!(match body { #(#name::#variants(body) => #writes,)* }),
                ))
            }
        }
    }

    fn answer_content(&mut self, content: &Content) -> (TokenStream, TokenStream, TokenStream) {
        let media_type = content.media_type.as_str();
        let none = quote!(Vec::new());
        let open = media_type.contains('*');
        match &content.body {
            Body::Json(value) => {
                let kind = self.types.rust_type(value, true);
                let checker = self.types.checker(value);
                let violations = quote!((#checker)(body));
                let media_type = if open { "application/json" } else { media_type };
                (kind, violations, quote!(support::json(status, #media_type, &body)))
            }
            Body::Text if !open => {
                let content_type = format!("{media_type}; charset=utf-8");
                (quote!(String), none, quote!(support::bytes(status, #content_type, body)))
            }
            Body::Text | Body::Binary if open => {
                (quote!(support::Blob), none, quote!(support::blob(status, body)))
            }
            // Forms are not written by servers; whoever declares one writes its bytes.
            _ => (quote!(axum::body::Bytes), none, quote!(support::bytes(status, #media_type, body))),
        }
    }

    /// Name of the struct of an answer's headers, which is emitted at its first use.
    fn headers(&mut self, operation: &Operation, answer: &Answer, items: &mut TokenStream) -> Option<Ident> {
        let shared = self.header_names.is_shared(answer);
        if shared && let Some(name) = self.shared_headers.get(&answer.ident) {
            return Some(name.clone());
        }
        let owner = if shared { "" } else { operation.ident.as_str() };
        let name = ident(&self.names.unique(&format!("{owner}{}Headers", answer.ident)));
        let mut fields = TokenStream::new();
        let mut writes = TokenStream::new();
        for header in &answer.headers {
            let field = ident(&header.ident);
            let wire = header.wire.to_ascii_lowercase();
            if !is_token(&wire) {
                let pointer = child(&operation.pointer, "responses");
                return self.refuse(&pointer, format!("`{}` is not a header name", header.wire), "rename it");
            }
            let kind = self.types.base_type(&header.value, false);
            let docs = doc_or(header.description.as_deref(), &format!("`{}`.", header.wire));
            let list = matches!(resolve(self.api, &header.value), Shape::Array(..));
            let text = |value: TokenStream| if list { quote!(support::comma_separated(#value)) } else { value };
            if header.required {
                fields.extend(quote!(#docs pub #field: #kind,));
                let text = text(quote!(&self.#field));
                writes.extend(quote!(support::set_header(response, #wire, #text)?;));
            } else {
                fields.extend(quote!(#docs pub #field: Option<#kind>,));
                let text = text(quote!(value));
                writes.extend(quote! {
                    if let Some(value) = &self.#field { support::set_header(response, #wire, #text)?; }
                });
            }
        }
        let default = answer.headers.iter().all(|header| !header.required).then(|| quote!(, Default));
        let title = doc(&match shared {
            true => format!("Headers of every answer `{}`.", answer.ident),
            false => format!("Headers of the answer `{}` of [`Operation::{}`].", answer.ident, operation.ident),
        });
        items.extend(quote! {
            #title
            #[derive(Debug, Clone, PartialEq #default)]
            pub struct #name { #fields }

            impl #name {
                fn write(&self, response: &mut axum::response::Response) -> Result<(), support::Unwritable> {
                    #writes
                    Ok(())
                }
            }
        });
        if shared {
            self.shared_headers.insert(answer.ident.clone(), name.clone());
        }
        Some(name)
    }
}

/// Whether `name` can be the name of a header (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
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
    let unused = format_ident!("status");
    quote! {
        /// The answer with `error` as its body that is declared for this status.
        ///
        /// # Errors
        /// `error` itself, if there is none.
        #[allow(clippy::result_large_err, reason = "nothing is lost on the way")]
        pub fn from_error(#unused: u16, error: types::#kind) -> Result<Self, types::#kind> {
            match #unused { #arms _ => Err(error) }
        }
    }
}
