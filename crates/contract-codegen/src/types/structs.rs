//! Objects with known properties.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::emit::Emitter;
use super::rules::excluded;
use super::valid::{Place, all, closure};
use crate::model::{Additional, Field, Kind, Shape, Struct, TypeDef, TypeId, Use};
use crate::write::{ident, source};

impl Emitter<'_> {
    pub(super) fn structure(&self, id: TypeId, def: &TypeDef, object: &Struct) -> TokenStream {
        let docs = docs::of_type(def);
        let (name, macros) = (self.name(id), &self.macros);
        let parts: Vec<_> = object
            .fields
            .iter()
            .map(|field| self.part(def, field))
            .collect();
        let rest = self.rest(def, object);
        let default = parts
            .iter()
            .all(|part| !part.required)
            .then(|| quote! { Default, });
        let rule = self.refined(self.object_rule(object), def.check);
        let valid = is_valid(self.struct_valid(def, object));
        let text = &def.name;
        let new = self.new_method(def, object, &parts, rest.as_ref());
        let fields = object.fields.iter().zip(&parts).map(|(field, part)| {
            let (docs, name, value) = (docs::of_field(field), &part.name, &part.value);
            quote! { #docs pub #name: #value, }
        });
        let rest_field = rest.as_ref().map(|rest| {
            let (name, value) = (&rest.name, &rest.value);
            quote! {
                /// Properties that are not listed.
                pub #name: #value,
            }
        });
        let puts = parts.iter().map(|part| {
            let (name, wire, put) = (&part.name, &part.wire, &part.put);
            quote! { .#put(#wire, &self.#name) }
        });
        let excluded = excluded(object);
        let put_rest = rest.as_ref().map(|rest| {
            let name = &rest.name;
            match excluded {
                [] => quote! { .put_all(&self.#name) },
                names => quote! { .put_others(&self.#name, &[#(#names),*]) },
            }
        });
        let read = read(&parts, rest.as_ref(), object);
        let empty = parts.is_empty() && rest.is_none();
        let fields_name = ident(if empty { "_fields" } else { "fields" });
        let writes = (!empty).then(|| quote! { fields #(#puts)* #put_rest; });
        let write = quote! {
            fn write<__S: ::serde::Serializer>(&self, #fields_name: &mut support::Fields<__S>) { #writes }
        };
        quote! {
            #docs
            #[derive(Debug, Clone, #default PartialEq)]
            pub struct #name {
                #(#fields)*
                #rest_field
            }

            #new

            impl support::Record for #name {
                #read

                #write
            }

            #macros::serde_as_record!(#name);

            impl support::Wire for #name {
                const NAME: &'static str = #text;
                const RULE: &'static support::Rule = &#rule;

                #valid
            }
        }
    }

    /// `new`, of what is required: for those who send values. Without it they would list every field, and an optional
    /// one more would break what they wrote. Where nothing is required, `Default` does the same.
    fn new_method(
        &self,
        def: &TypeDef,
        object: &Struct,
        parts: &[Part],
        rest: Option<&Rest>,
    ) -> Option<TokenStream> {
        let required = parts.iter().filter(|part| part.required).count();
        if !def.in_request || !(1..=NEW_ARGUMENTS).contains(&required) {
            return None;
        }
        let (mut arguments, mut values) = (Vec::new(), Vec::new());
        for (part, field) in parts.iter().zip(&object.fields) {
            let (name, value) = (&part.name, &part.value);
            if !part.required {
                values.push(quote! { #name: ::std::default::Default::default() });
            } else if part.nullable || field.boxed || self.is_text_or_open(def, &field.value) {
                arguments.push(quote! { #name: impl ::std::convert::Into<#value> });
                values.push(quote! { #name: #name.into() });
            } else {
                arguments.push(quote! { #name: #value });
                values.push(quote! { #name });
            }
        }
        values.extend(rest.map(|Rest { name, .. }| {
            quote! { #name: ::std::default::Default::default() }
        }));
        let name = ident(&def.name);
        Some(quote! {
            impl #name {
                /// With what is required.
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#values),* }
                }
            }
        })
    }

    /// Whether `Into` spares a caller the conversion: of a literal into text, of an enum into an open one.
    fn is_text_or_open(&self, def: &TypeDef, value: &Use) -> bool {
        match &value.shape {
            Shape::String(_) => true,
            Shape::Checked(inner, _) => self.is_text_or_open(def, inner),
            Shape::Named(id) => match &self.api.types[id.0].kind {
                Kind::Enum(_) => def.in_response,
                Kind::Alias(target) => self.is_text_or_open(def, target),
                Kind::Struct(_) | Kind::Union(_) => false,
            },
            _ => false,
        }
    }

    fn part(&self, def: &TypeDef, field: &Field) -> Part {
        let (required, nullable) = (field.required, self.is_nullable(&field.value));
        let mut base = self.base_type(&field.value, def.in_response);
        let mut shape = self.special_shape(&field.value, def.in_response);
        if field.boxed {
            shape = shape.map(|shape| quote! { support::Boxed<#shape> });
            base = quote! { ::std::boxed::Box<#base> };
        }
        if nullable {
            shape = shape.map(|shape| quote! { support::Nullable<#shape> });
        }
        let (value, put) = match (required, nullable) {
            (true, false) => (base, "put"),
            (true, true) => (quote! { ::std::option::Option<#base> }, "put"),
            (false, false) => (quote! { ::std::option::Option<#base> }, "put_some"),
            (false, true) => (quote! { support::Maybe<#base> }, "put_maybe"),
        };
        Part {
            name: ident(&field.ident),
            wire: field.wire.clone(),
            value,
            shape,
            put: ident(put),
            required,
            nullable,
        }
    }

    /// The map of properties that are not listed.
    fn rest(&self, def: &TypeDef, object: &Struct) -> Option<Rest> {
        let item = kept(object)?;
        let shape = (!matches!(item.shape, Shape::Any)).then(|| self.shape(&item, def.in_response));
        let map = Use {
            shape: Shape::Map(Box::new(item), Default::default()),
            nullable: false,
        };
        Some(Rest {
            name: ident(&additional_name(object)),
            value: self.base_type(&map, def.in_response),
            shape,
        })
    }

    /// The fast check of a struct.
    pub(super) fn struct_valid(&self, def: &TypeDef, object: &Struct) -> Option<TokenStream> {
        let fields = object
            .fields
            .iter()
            .map(|field| self.field_valid(def, field));
        let rest = kept(object).and_then(|value| {
            let name = ident(&additional_name(object));
            let valid = self.valid(&value, &Place::variable("value"), def.in_response)?;
            let valid = closure("value", &valid);
            Some(quote! { self.#name.values().all(#valid) })
        });
        let count = self.struct_count(object);
        let count = self.count_valid(object.min_properties, object.max_properties, &count);
        all(fields.chain([rest, count, self.whole_valid(def.check)]))
    }

    fn field_valid(&self, def: &TypeDef, field: &Field) -> Option<TokenStream> {
        let name = ident(&field.ident);
        let (required, nullable) = (field.required, self.is_nullable(&field.value));
        if required && !nullable {
            return self.base_valid(
                &field.value,
                &Place::field(&name, field.boxed),
                def.in_response,
            );
        }
        let valid = self.base_valid(&field.value, &Place::variable("value"), def.in_response)?;
        let found = match (required, field.boxed) {
            (false, true) if nullable => quote! { self.#name.value().map(|value| &**value) },
            (false, false) if nullable => quote! { self.#name.value() },
            (_, true) => quote! { self.#name.as_deref() },
            (_, false) => quote! { self.#name.as_ref() },
        };
        let valid = closure("value", &valid);
        Some(quote! { #found.is_none_or(#valid) })
    }

    /// The number of properties that are there.
    fn struct_count(&self, object: &Struct) -> TokenStream {
        let required = object.fields.iter().filter(|field| field.required).count();
        let required = (required > 0).then(|| source(&required.to_string()));
        let optional = object
            .fields
            .iter()
            .filter(|field| !field.required)
            .map(|field| {
                let name = ident(&field.ident);
                if self.is_nullable(&field.value) {
                    quote! { usize::from(!self.#name.is_absent()) }
                } else {
                    quote! { usize::from(self.#name.is_some()) }
                }
            });
        let rest = kept(object).map(|_| {
            let name = ident(&additional_name(object));
            quote! { self.#name.len() }
        });
        let terms = required.into_iter().chain(optional).chain(rest);
        quote! { [#(#terms),*].iter().sum::<usize>() }
    }
}

/// Most arguments of `new`; nobody tells more of them apart by their places.
const NEW_ARGUMENTS: usize = 8;

/// A property as the generated code reads and writes it.
struct Part {
    name: Ident,
    wire: String,
    /// Type of the field.
    value: TokenStream,
    /// Shape of the property's value when the property is there, unless its type reads itself rightly.
    shape: Option<TokenStream>,
    /// How the field is written.
    put: Ident,
    required: bool,
    nullable: bool,
}

/// The field for properties that are not listed.
struct Rest {
    name: Ident,
    value: TokenStream,
    /// Shape of the values; `None`: anything.
    shape: Option<TokenStream>,
}

/// `Record::read`: a place for each property, a loop that fills them, and what they make up.
fn read(parts: &[Part], rest: Option<&Rest>, object: &Struct) -> TokenStream {
    // A property may be called like what stands around it.
    let free = |name: &str| {
        let mut name = name.to_owned();
        while parts.iter().any(|part| part.name == name) {
            name.push('_');
        }
        ident(&name)
    };
    let (entries, others) = (free("entries"), free("others"));
    let (property, properties) = (free("property"), free("properties"));
    let slots = parts.iter().map(|Part { name, wire, .. }| {
        quote! { let mut #name = support::Slot::new(#wire); }
    });
    let mut reads: Vec<_> = parts
        .iter()
        .map(|Part { name, shape, .. }| match shape {
            None => quote! { #name.read(&mut #properties)? },
            Some(shape) => quote! { #name.read_as::<#shape, _>(&mut #properties)? },
        })
        .collect();
    // Indices from here on are those of excluded properties.
    if !excluded(object).is_empty() {
        reads.push(quote! { #properties.skip()? });
    }
    let (make_rest, rest_name, end_rest) = match rest {
        None if matches!(object.additional, Additional::Denied) => {
            (quote! { support::Denied }, None, None)
        }
        None => (quote! { support::Dropped }, None, None),
        Some(Rest {
            name, shape: None, ..
        }) => (
            quote! { ::serde_json::Map::new() },
            Some(name),
            Some(quote! { #others }),
        ),
        Some(Rest {
            name,
            shape: Some(shape),
            ..
        }) => {
            let make = quote! { support::Kept::<#shape>(::std::collections::BTreeMap::new()) };
            (make, Some(name), Some(quote! { #others.0 }))
        }
    };
    let next = quote! { #properties.next(&mut #others)? };
    let read = match reads.as_slice() {
        [] => quote! { while #next.is_some() {} },
        [only] => quote! { while #next.is_some() { #only; } },
        [reads @ .., last] => {
            let index = (0..reads.len()).map(|index| source(&index.to_string()));
            quote! {
                while let ::std::option::Option::Some(#property) = #next {
                    match #property { #(#index => #reads,)* _ => #last }
                }
            }
        }
    };
    let values = parts.iter().map(|part| {
        let name = &part.name;
        match (part.required, part.nullable) {
            (true, _) => quote! { #name: #properties.required(#name)?, },
            (false, true) => quote! { #name: #name.maybe(), },
            (false, false) => quote! { #name: #name.optional(), },
        }
    });
    let rest_value = rest_name.map(|name| quote! { #name: #end_rest, });
    quote! {
        fn read<'de, __A: ::serde::de::MapAccess<'de>>(#entries: __A) -> ::std::result::Result<Self, __A::Error> {
            #(#slots)*
            let mut #others = #make_rest;
            let mut #properties = support::Properties::of::<Self>(#entries);
            #read
            ::std::result::Result::Ok(Self { #(#values)* #rest_value })
        }
    }
}

/// `Wire::is_valid`, where there is anything to check.
pub(super) fn is_valid(condition: Option<TokenStream>) -> Option<TokenStream> {
    condition.map(|condition| quote! { fn is_valid(&self) -> bool { #condition } })
}

/// What properties that are not listed must be, if they are kept.
fn kept(object: &Struct) -> Option<Use> {
    let counted = object.min_properties.is_some() || object.max_properties.is_some();
    match &object.additional {
        Additional::Kept(value) => Some((**value).clone()),
        Additional::Ignored if counted => Some(Use {
            shape: Shape::Any,
            nullable: false,
        }),
        Additional::Ignored | Additional::Denied => None,
    }
}

/// The field for properties that are not listed, if there is one.
pub(super) fn rest_name(object: &Struct) -> Option<String> {
    kept(object).map(|_| additional_name(object))
}

/// The field for properties that are not listed.
fn additional_name(object: &Struct) -> String {
    let mut name = "additional_properties".to_owned();
    while object.fields.iter().any(|field| field.ident == name) {
        name.push('_');
    }
    name
}
