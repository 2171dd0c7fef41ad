//! What a call can be told by name: parameters, and fields of forms, that can be left out.
//!
//! Arguments by position move when the contract gets one more, or renames one, and two of the same type then change
//! places unseen. So each method that has optional ones gets a struct of them, and a twin that takes it. The twin does
//! nothing itself: what is sent is said once.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{GenericArgument, ImplItemFn, PathArguments, Type};

use super::plan::Plan;
use super::{adjust, rust};
use crate::model::{Location, Parameter, Part};
use crate::write::docs;

/// An argument that stands in the struct.
pub(super) struct Named {
    /// Its name in the signature of the method.
    pub(super) argument: String,
    /// Its name in Rust.
    ident: String,
    doc: String,
}

impl Named {
    pub(super) fn parameter(argument: &str, parameter: &Parameter) -> Named {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let sent = format!("`{}` of the {place}.", parameter.wire);
        let sent = match parameter.location {
            Location::Header => format!("The header `{}`.", parameter.wire),
            _ => sent,
        };
        Named::new(
            argument,
            &parameter.ident,
            parameter.description.as_deref(),
            sent,
        )
    }

    pub(super) fn part(argument: &str, part: &Part) -> Named {
        let sent = format!("The field `{}`.", part.wire);
        Named::new(argument, &part.ident, part.description.as_deref(), sent)
    }

    fn new(argument: &str, ident: &str, said: Option<&str>, sent: String) -> Named {
        let said = said.map(docs::line).filter(|said| !said.is_empty());
        Named {
            argument: argument.trim_start_matches("r#").to_owned(),
            ident: ident.to_owned(),
            doc: said.unwrap_or(sent),
        }
    }
}

/// The struct of a method, and its twin.
pub(super) struct Params {
    pub(super) name: Ident,
    pub(super) structure: TokenStream,
    pub(super) twin: ImplItemFn,
    fields: Vec<Field>,
}

/// A field of the struct, and the argument that it becomes.
struct Field {
    argument: String,
    name: Ident,
    /// The type that the struct has, and what its setter takes.
    held: TokenStream,
    taken: TokenStream,
    /// What its setter makes of that.
    kept: TokenStream,
    /// As the argument, out of `params`.
    given: TokenStream,
    required: bool,
    doc: String,
}

/// What `method`, which is that of `plan`, takes by name; `None` where nothing can be left out. `names` are those of
/// the client's methods.
pub(super) fn write(
    plan: &Plan<'_>,
    method: &ImplItemFn,
    named: &[Named],
    names: &mut BTreeSet<String>,
) -> Option<Params> {
    let fields = fields(method, named);
    if fields.iter().all(|field| field.required) {
        return None;
    }
    let name = name(plan);
    let twin = twin(plan, method, &name, &fields, names);
    let structure = structure(&name, &twin.sig.ident, &fields);
    Some(Params {
        name,
        structure,
        twin,
        fields,
    })
}

impl Params {
    /// The field of the argument of that name.
    pub(super) fn field(&self, argument: &str) -> Option<&Ident> {
        let argument = argument.trim_start_matches("r#");
        let mut fields = self.fields.iter();
        Some(&fields.find(|field| field.argument == argument)?.name)
    }
}

/// `ListCustomersParams`; with the media type where that has a method of its own.
fn name(plan: &Plan<'_>) -> Ident {
    let operation = plan.operation;
    let of_media = match plan.alternative {
        true => plan
            .name
            .strip_prefix(operation.snake.trim_start_matches("r#")),
        false => None,
    };
    let words = of_media.unwrap_or_default().split('_');
    let words: String = words
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    format_ident!("{}{words}Params", operation.ident)
}

fn fields(method: &ImplItemFn, named: &[Named]) -> Vec<Field> {
    // Methods that the struct has, or that are called on it.
    let mut taken: BTreeSet<String> = ["new", "clone", "default"].map(str::to_owned).into();
    let mut fields = Vec::new();
    for (argument, of) in adjust::arguments(method) {
        let argument = argument.trim_start_matches("r#").to_owned();
        let Some(one) = named.iter().find(|one| one.argument == argument) else {
            continue;
        };
        let mut name = one.ident.clone();
        while !taken.insert(name.trim_start_matches("r#").to_owned()) {
            name.push('_');
        }
        let name = rust::ident(&name);
        let (required, plain) = match optional(&of) {
            Some(inner) => (false, inner),
            None => (true, &of),
        };
        let held = Held::of(plain);
        let (owned, taken, kept) = match &held {
            Held::Text => (
                quote!(String),
                quote!(impl Into<String>),
                quote!(#name.into()),
            ),
            Held::List(item) => (
                quote!(Vec<#item>),
                quote!(impl Into<Vec<#item>>),
                quote!(#name.into()),
            ),
            Held::Lent(of) | Held::Value(of) => (quote!(#of), quote!(#of), quote!(#name)),
        };
        let given = match (&held, required) {
            (Held::Value(_), _) => quote!(params.#name),
            (_, true) => quote!(&params.#name),
            (Held::Lent(_), false) => quote!(params.#name.as_ref()),
            (_, false) => quote!(params.#name.as_deref()),
        };
        fields.push(Field {
            argument,
            held: if required {
                owned
            } else {
                quote!(Option<#owned>)
            },
            kept: if required { kept } else { quote!(Some(#kept)) },
            taken,
            given,
            name,
            required,
            doc: one.doc.clone(),
        });
    }
    fields
}

fn structure(name: &Ident, twin: &Ident, fields: &[Field]) -> TokenStream {
    let doc = format!("Arguments of [`Client::{twin}`], by name.");
    let held = fields
        .iter()
        .map(|Field { name, held, .. }| quote!(#name: #held,));
    let (required, optional): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.required);
    let arguments = required
        .iter()
        .map(|Field { name, taken, .. }| quote!(#name: #taken));
    let values = fields.iter().map(
        |Field {
             name,
             kept,
             required,
             ..
         }| match required {
            true => quote!(#name: #kept,),
            false => quote!(#name: None,),
        },
    );
    let (derive, new) = match required.is_empty() {
        true => (
            quote!(#[derive(Debug, Clone, Default)]),
            quote!(Self::default()),
        ),
        false => (
            quote!(#[derive(Debug, Clone)]),
            quote!(Self { #(#values)* }),
        ),
    };
    let new_doc = match required.is_empty() {
        true => "None of them.",
        false => "Those that are required.",
    };
    let setters = optional.iter().map(
        |Field {
             name,
             taken,
             kept,
             doc,
             ..
         }| {
            quote! {
                #[doc = #doc]
                pub fn #name(mut self, #name: #taken) -> Self {
                    self.#name = #kept;
                    self
                }
            }
        },
    );
    quote! {
        #[doc = #doc]
        #derive
        #[must_use = "parameters do nothing until a call takes them"]
        pub struct #name { #(#held)* }

        impl #name {
            #[doc = #new_doc]
            pub fn new(#(#arguments),*) -> Self { #new }

            #(#setters)*
        }
    }
}

fn twin(
    plan: &Plan<'_>,
    method: &ImplItemFn,
    params: &Ident,
    fields: &[Field],
    names: &mut BTreeSet<String>,
) -> ImplItemFn {
    let fetch = &method.sig.ident;
    let name = free(&format!("{}_with", stem(&plan.name)), names);
    let by_name = |argument: &str| {
        let argument = argument.trim_start_matches("r#");
        fields.iter().find(|field| field.argument == argument)
    };
    let arguments = adjust::arguments(method);
    let taken = arguments.iter().filter(|(name, _)| by_name(name).is_none());
    let taken = taken.map(|(name, of)| {
        let name = beside(name);
        quote!(#name: #of,)
    });
    let given = arguments.iter().map(|(name, _)| match by_name(name) {
        Some(field) => field.given.clone(),
        None => {
            let name = beside(name);
            quote!(#name)
        }
    });
    let (generics, output) = (&method.sig.generics, &method.sig.output);
    let deprecated = match plan.operation.deprecated {
        true => "**Deprecated.** ",
        false => "",
    };
    let doc = format!("{deprecated}[`Client::{fetch}`] with what can be left out by name.");
    syn::parse_quote! {
        #[doc = #doc]
        pub async fn #name #generics (&'a self, #(#taken)* params: #params) #output {
            self.#fetch(#(#given),*).await
        }
    }
}

/// An argument beside `params`, and around what takes a `cursor`.
pub(super) fn beside(name: &str) -> Ident {
    match name {
        "params" | "cursor" => format_ident!("{name}_"),
        name => rust::ident(name),
    }
}

/// What other names begin with that are made of the name of a method: the underscores at its end set it apart from
/// others, and in the middle of a name the compiler warns of them.
pub(super) fn stem(name: &str) -> &str {
    name.trim_start_matches("r#").trim_end_matches('_')
}

/// `name`, or that with `_`, which no method of the client has yet.
pub(super) fn free(name: &str, names: &mut BTreeSet<String>) -> Ident {
    let mut name = name.to_owned();
    while !names.insert(name.clone()) {
        name.push('_');
    }
    rust::ident(&name)
}

/// An argument as it is kept.
enum Held {
    Text,
    List(Type),
    /// Borrowed, and no text or list.
    Lent(Type),
    Value(Type),
}

impl Held {
    fn of(argument: &Type) -> Held {
        let Type::Reference(reference) = argument else {
            return Held::Value(argument.clone());
        };
        match reference.elem.as_ref() {
            Type::Slice(list) => Held::List((*list.elem).clone()),
            Type::Path(path) if path.path.is_ident("str") => Held::Text,
            lent => Held::Lent(lent.clone()),
        }
    }
}

/// What is in an `Option`.
fn optional(argument: &Type) -> Option<&Type> {
    let Type::Path(path) = argument else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(inner) = &last.arguments else {
        return None;
    };
    match inner.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
