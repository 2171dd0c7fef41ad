//! Model → wire types: one Rust file with a type per schema of the contract, what each must keep
//! to.
//!
//! The emitted text refers to `contract-wire`, `serde`, `serde_json` and, when the contract has
//! patterns, `regex`, and to nothing else outside its own module. Patterns that look around or refer back to a
//! group are those of `fancy-regex`, which `contract-wire` has by its feature `lookaround`.
//!
//! | Schema | Rust |
//! |---|---|
//! | object with properties | struct; `additionalProperties` other than `false` is kept in a map |
//! | object without properties | `BTreeMap`, or `serde_json::Map` when values are anything |
//! | string enum | enum; `support::Open` around it in whatever an answer can contain |
//! | `oneOf`, `anyOf` | enum with a variant per choice |
//! | integer | `u64`, `u32` when it cannot be negative, else `i64`, `i32` |
//! | text with the format `date-time`, `date` or `uuid`, and no other rule | `support::DateTime`, `Date`, `Uuid` |
//! | single value | unit type |
//! | what no one type says | `serde_json::Value` |
//! | optional, `null` allowed | `support::Maybe` |
//!
//! What `webhooks` send is one enum more, with a variant for each of them.
//!
//! A type that requests and answers share is two where `readOnly` or `writeOnly` make a difference:
//! `Account` as it is answered, `AccountInput` as it is sent. `readOnly` properties of a request are
//! ignored; an answer cannot hold `writeOnly` ones.
//! Values of schemas with words that no type has are held against the schema as a whole (`checks`), and lose
//! nothing that it could speak of: properties that are not listed are kept.
//! An object that limits the number of its properties keeps those it does not list, so that they
//! are counted.

mod checks;
pub(crate) mod describe;
mod docs;
mod emit;
mod enums;
mod patterns;
mod rules;
mod structs;
mod unions;
mod valid;
mod webhooks;

pub(crate) use emit::Emitter;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Kind, Shape, TypeDef, TypeId, Use};
use crate::write::{self, ident};
use crate::{Contract, Runtime};

pub(crate) fn generate(contract: &Contract, runtime: Runtime) -> String {
    let api = contract.model();
    let emitter = || {
        let mut emitter = Emitter::new(api, TokenStream::new(), quote!(support));
        if runtime == Runtime::Carried {
            // Macros stand at the root of the crate that has them.
            emitter.macros = quote!(crate);
        }
        emitter
    };
    let wire = match runtime {
        Runtime::Crates => "::contract_wire",
        Runtime::Carried => "crate::wire",
    };
    let types = api.types.len();
    let part = |emitter: &Emitter<'_>, index: usize| match index.checked_sub(types) {
        None => emitter.item(TypeId(index), &api.types[index]),
        Some(0) => {
            let webhooks = api.webhooks.as_ref();
            webhooks
                .map(|webhooks| emitter.webhooks(webhooks))
                .unwrap_or_default()
        }
        Some(1) => emitter.constants(),
        Some(2) => emitter.schemas(),
        Some(3) => emitter.checks(),
        Some(_) => patterns::module(api, runtime),
    };
    let names = api.types.iter().map(|def| &*def.name);
    format!(
        "{}pub use {wire} as support;\n\n{}",
        write::head(contract),
        write::file_of_parts(names, types + 5, emitter, part),
    )
}

impl Emitter<'_> {
    fn item(&self, id: TypeId, def: &TypeDef) -> TokenStream {
        match &def.kind {
            Kind::Struct(object) => self.structure(id, def, object),
            Kind::Enum(values) => self.enumeration(def, values),
            Kind::Union(union) => self.union(id, def, union),
            Kind::Alias(target) => {
                let docs = docs::of_type(def);
                let name = ident(&def.name);
                let target = self.rust_type(target, def.in_response);
                quote! { #docs pub type #name = #target; }
            }
        }
    }

    /// `SCHEMAS`: every named type, with a way to decode it.
    fn schemas(&self) -> TokenStream {
        let entries = self.api.types.iter().enumerate().map(|(index, def)| {
            let (name, pointer) = (&def.name, &def.pointer);
            let direction = ident(match (def.in_request, def.in_response) {
                (true, false) => "Request",
                (false, true) => "Answer",
                _ => "Any",
            });
            let direction = quote! { support::Direction::#direction };
            if !matches!(def.kind, Kind::Alias(_)) && !def.nullable {
                let place = (*pointer != format!("/components/schemas/{name}"))
                    .then(|| quote! { .at(#pointer) });
                let name = ident(name);
                return quote! { support::SchemaEntry::of::<#name>(#direction) #place };
            }
            let value = Use {
                nullable: def.nullable,
                ..emit::named(TypeId(index))
            };
            // Whether `null` keeps to the whole, only that tells.
            let value = match def.check.filter(|_| def.nullable) {
                Some(check) => Use {
                    shape: Shape::Checked(Box::new(value), check),
                    nullable: false,
                },
                None => value,
            };
            let decode = self.decode_bytes(&value, def.in_response);
            quote! {
                support::SchemaEntry {
                    name: #name,
                    place: ::std::option::Option::Some(#pointer),
                    direction: #direction,
                    decode: |bytes| #decode.map(drop),
                }
            }
        });
        quote! {
            /// Every named type, in alphabetical order.
            #[doc(hidden)]
            pub const SCHEMAS: &[support::SchemaEntry] = &[#(#entries),*];
        }
    }
}
