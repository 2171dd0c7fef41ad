//! The types describe themselves: names, types, nullability and presence come from the Rust items
//! by inference, constraints from the rules by which values are checked.
//!
//! Only builds with the feature `utoipa` have this module.

mod constrain;
mod plain;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, Discriminator, ObjectBuilder, OneOfBuilder, SchemaType,
    Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};

use crate::{Expected, ObjectRule, Rule, UnionRule, Wire};

pub use constrain::constrain;
use constrain::{at_least, at_most};
pub use plain::constant;

/// Named schemas that others refer to.
pub type Components = Vec<(String, RefOr<Schema>)>;

/// How a property's field says that the property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It always is.
    Always,
    /// `Option`: it may be absent, or else `null`; which of the two, the field does not say.
    Option,
    /// `Maybe`: it may be absent as well as `null`.
    Maybe,
}

/// A type that can describe its values.
pub trait Describe: Sized {
    /// How a property of this type says that it is there.
    const PRESENCE: Presence = Presence::Always;

    /// What the values are; named types are referred to.
    fn refer() -> RefOr<Schema>;

    /// As [`Describe::refer`], for a property that is there and not `null`.
    fn present() -> RefOr<Schema> {
        Self::refer()
    }

    /// Adds the definitions of what [`Describe::refer`] refers to.
    fn define(components: &mut Components) {
        let _ = components;
    }

    /// Some value, to see what is done with it; it need not keep to the contract.
    fn sample() -> Self;
}

/// A type with a definition of its own.
pub trait Named: Wire + Sized {
    /// Name of the definition.
    const COMPONENT: &'static str;

    /// The fields of a struct, the variants of a union.
    fn members() -> Vec<Member>;

    /// The texts of an enum, as they are written.
    fn texts() -> Vec<&'static str> {
        Vec::new()
    }

    /// As [`Describe::sample`].
    fn some() -> Self;
}

/// A field or variant.
pub struct Member {
    presence: Presence,
    schema: RefOr<Schema>,
    define: fn(&mut Components),
}

impl Member {
    /// Of values of type `F`.
    pub fn of<F: Describe>() -> Member {
        Member {
            presence: F::PRESENCE,
            schema: F::present(),
            define: F::define,
        }
    }

    /// What its values are when it is there and not `null`.
    pub fn schema(&self) -> &RefOr<Schema> {
        &self.schema
    }

    /// The schema, and whether the member must be there; `required` settles what the Rust type
    /// leaves open.
    pub fn settle(self, required: bool) -> (RefOr<Schema>, bool) {
        match (self.presence, required) {
            (Presence::Always, _) => (self.schema, true),
            (Presence::Option, false) => (self.schema, false),
            (Presence::Option, true) => (nullable(self.schema), true),
            (Presence::Maybe, _) => (nullable(self.schema), false),
        }
    }
}

/// The field that `get` reads.
pub fn field<S, F: Describe>(get: fn(&S) -> &F) -> Member {
    let _ = get;
    Member::of::<F>()
}

/// The variant that `make` builds.
pub fn variant<S, F: Describe>(make: fn(F) -> S) -> Member {
    let _ = make;
    Member::of::<F>()
}

/// Some value.
pub fn sample<T: Describe>() -> T {
    T::sample()
}

/// Implements what follows from [`Named`].
#[doc(hidden)]
#[macro_export]
macro_rules! named {
    ($($name:ident),* $(,)?) => {$(
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                $crate::describe::definition::<$name>()
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                <$name as $crate::describe::Named>::COMPONENT.into()
            }

            fn schemas(schemas: &mut $crate::describe::Components) {
                $crate::describe::define_members::<$name>(schemas);
            }
        }

        impl $crate::describe::Describe for $name {
            fn refer() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                $crate::describe::reference::<$name>()
            }

            fn define(components: &mut $crate::describe::Components) {
                $crate::describe::define::<$name>(components);
            }

            fn sample() -> $name {
                <$name as $crate::describe::Named>::some()
            }
        }
    )*};
}
pub use named;

/// A reference to the definition of `T`.
pub fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

/// Adds the definition of `T` and of all it refers to, unless it is there.
pub fn define<T: Named + ToSchema>(components: &mut Components) {
    if components.iter().all(|(name, _)| *name != T::name()) {
        components.push((T::name().into(), T::schema()));
        define_members::<T>(components);
    }
}

/// Adds the definitions of all that `T` refers to.
pub fn define_members<T: Named>(components: &mut Components) {
    for member in T::members() {
        (member.define)(components);
    }
}

/// The definition of `T`.
pub fn definition<T: Named>() -> RefOr<Schema> {
    let mut rule = T::RULE;
    // Words that no type has are not described.
    while let Rule::Refined(refined) = rule {
        rule = refined.rule;
    }
    match rule {
        Rule::Object(rule) => object(rule, T::members()),
        Rule::Union(rule) => union(rule, T::members()),
        _ => texts(T::texts()),
    }
}

fn object(rule: &ObjectRule, members: Vec<Member>) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    let mut members = members.into_iter();
    for property in rule.properties {
        let required = match property.expected {
            Expected::Required => true,
            Expected::Optional => false,
            Expected::Excluded => continue,
        };
        let member = members.next().expect("there is a field for each property");
        let (schema, required) = member.settle(required);
        object = object.property(property.name, constrain(schema, &property.rule));
        if required {
            object = object.required(property.name);
        }
    }
    let additional = match (members.next(), rule.additional) {
        // The map of what is kept describes itself with its items.
        (Some(rest), rule) => match rest.schema {
            RefOr::T(Schema::Object(map)) => map.additional_properties.map(|items| match *items {
                AdditionalProperties::RefOr(items) => {
                    constrain(items, rule.unwrap_or(&Rule::Any)).into()
                }
                free => free,
            }),
            _ => None,
        },
        (None, None) => Some(AdditionalProperties::FreeForm(false)),
        (None, Some(_)) => None,
    };
    object
        .additional_properties(additional)
        .min_properties(at_least(rule.min))
        .max_properties(at_most(rule.max))
        .into()
}

fn union(rule: &UnionRule, members: Vec<Member>) -> RefOr<Schema> {
    let items = members.into_iter().zip(rule.choices);
    let items: Vec<_> = items
        .map(|(member, choice)| (constrain(member.schema, &choice.rule), choice.tags))
        .collect();
    let discriminator = rule.tag.map(|tag| {
        let mut discriminator = Discriminator::new(tag);
        for (item, tags) in &items {
            if let RefOr::Ref(target) = item {
                let target = &target.ref_location;
                let mapping = tags.iter().map(|tag| ((*tag).to_owned(), target.clone()));
                discriminator.mapping.extend(mapping);
            }
        }
        discriminator
    });
    let items = items.into_iter().map(|(item, _)| item);
    if rule.exactly_one {
        let union = items.fold(OneOfBuilder::new(), OneOfBuilder::item);
        Schema::OneOf(union.discriminator(discriminator).build()).into()
    } else {
        let union = items.fold(AnyOfBuilder::new(), AnyOfBuilder::item);
        Schema::AnyOf(union.discriminator(discriminator).build()).into()
    }
}

fn texts(texts: Vec<&'static str>) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::String);
    object.enum_values(Some(texts)).into()
}

fn literal(value: Value) -> RefOr<Schema> {
    let kind = match &value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.is_f64() => Type::Number,
        Value::Number(_) => Type::Integer,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    };
    let object = ObjectBuilder::new().schema_type(kind);
    object.enum_values(Some([value])).into()
}

/// `schema`, or `null`.
pub fn nullable(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    let kind = match &mut schema {
        RefOr::T(Schema::Object(object)) if object.enum_values.is_none() => &mut object.schema_type,
        RefOr::T(Schema::Array(array)) => &mut array.schema_type,
        _ => {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            let either = OneOfBuilder::new().item(null).item(schema);
            return either.into();
        }
    };
    if let SchemaType::Type(one) = kind {
        *kind = SchemaType::Array(vec![one.clone(), Type::Null]);
    }
    schema
}
