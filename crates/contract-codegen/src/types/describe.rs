//! How the wire types describe themselves through utoipa: the code for builds that ask for it.
//!
//! Nothing of the contract is copied here: what is emitted points at the fields, variants and
//! values of the generated items, and the compiler says what their types are.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::Emitter;
use crate::Contract;
use crate::model::{Kind, Shape, TypeDef, TypeId, Use};
use crate::write::{self, ident};

/// Rust source that belongs behind that of [`super::generate`].
pub(crate) fn generate(contract: &Contract) -> String {
    let emitter = Emitter::new(contract.model(), TokenStream::new(), quote!(support));
    let finite = finite(emitter.api);
    let types = emitter.api.types.iter().enumerate();
    let named: Vec<_> = types
        .filter_map(|(index, def)| emitter.named_type(TypeId(index), def, &finite))
        .collect();
    let items = named.iter().map(|(_, items)| items);
    let names: Vec<_> = named.iter().map(|(name, _)| name).collect();
    let constants = emitter.constant_names();
    let mutable = (!names.is_empty()).then(|| quote!(mut));
    let items = quote! {
        pub use support::describe;

        /// The definition of every named type.
        pub fn descriptions() -> describe::Components {
            let #mutable components = describe::Components::new();
            #(describe::define::<#names>(&mut components);)*
            components
        }

        /// What each type says of itself.
        mod described {
            use super::*;

            describe::named!(#(#names),*);

            #(#items)*

            #(
                impl describe::Describe for #constants {
                    fn refer() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                        describe::constant::<Self>()
                    }

                    fn sample() -> Self {
                        Self
                    }
                }
            )*
        }
    };
    format!("\n{}", write::more_items(items))
}

impl Emitter<'_> {
    /// The name and the description of a type that is an item of its own.
    fn named_type(
        &self,
        id: TypeId,
        def: &TypeDef,
        finite: &[bool],
    ) -> Option<(TokenStream, TokenStream)> {
        let name = self.name(id);
        let component = def.component.as_deref().unwrap_or(&def.name);
        let parts = match &def.kind {
            Kind::Alias(_) => return None,
            Kind::Struct(object) => {
                let rest = super::structs::rest_name(object).map(|name| ident(&name));
                let fields = object.fields.iter().map(|field| ident(&field.ident));
                let fields: Vec<_> = fields.chain(rest).collect();
                quote! {
                    fn members() -> ::std::vec::Vec<describe::Member> {
                        ::std::vec![#(describe::field(|it: &Self| &it.#fields)),*]
                    }

                    fn some() -> Self {
                        Self { #(#fields: describe::sample()),* }
                    }
                }
            }
            Kind::Enum(_) => quote! {
                fn members() -> ::std::vec::Vec<describe::Member> {
                    ::std::vec::Vec::new()
                }

                fn texts() -> ::std::vec::Vec<&'static str> {
                    Self::ALL.iter().map(|value| value.as_str()).collect()
                }

                fn some() -> Self {
                    Self::ALL[0]
                }
            },
            Kind::Union(union) => {
                let variants = union.variants.iter().map(|variant| ident(&variant.ident));
                let chosen = union
                    .variants
                    .iter()
                    .find(|variant| is_finite(&variant.value, finite))
                    .or(union.variants.first())?;
                let chosen = ident(&chosen.ident);
                quote! {
                    fn members() -> ::std::vec::Vec<describe::Member> {
                        ::std::vec![#(describe::variant(Self::#variants)),*]
                    }

                    fn some() -> Self {
                        Self::#chosen(describe::sample())
                    }
                }
            }
        };
        let items = quote! {
            impl describe::Named for #name {
                const COMPONENT: &'static str = #component;

                #parts
            }
        };
        Some((name, items))
    }
}

/// By type: whether it has a value that does not contain another of the same type.
fn finite(api: &crate::model::Api) -> Vec<bool> {
    let mut finite = vec![false; api.types.len()];
    loop {
        let found = api.types.iter().map(|def| match &def.kind {
            Kind::Struct(object) => object.fields.iter().all(|field| {
                !field.required || field.value.nullable || is_finite(&field.value, &finite)
            }),
            Kind::Union(union) => union
                .variants
                .iter()
                .any(|variant| is_finite(&variant.value, &finite)),
            Kind::Alias(target) => target.nullable || is_finite(target, &finite),
            Kind::Enum(_) => true,
        });
        let found: Vec<bool> = found.collect();
        if found == finite {
            return finite;
        }
        finite = found;
    }
}

fn is_finite(value: &Use, finite: &[bool]) -> bool {
    match &value.shape {
        Shape::Named(id) => value.nullable || finite[id.0],
        _ => true,
    }
}
