//! The types describe themselves: names, types, nullability and presence come from the Rust items
//! by inference, constraints from the rules by which values are checked.
//!
//! Only builds with the feature `utoipa` have this module.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, AnyOfBuilder, Array, ArrayItems, Discriminator,
    ObjectBuilder, OneOfBuilder, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{Number, PartialSchema, ToSchema};

use super::support::format::Format;
use super::support::{
    Choice, Constant, False, IntegerRule, Maybe, NumberRule, ObjectRule, Open, Property, Rule,
    TextRule, True, UnionRule, Wire,
};

/// Named schemas that others refer to.
pub type Components = Vec<(String, RefOr<Schema>)>;

/// How a property's field says that the property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It always is.
    Always,
    /// `Option`: it may be absent, or else `null`; which of the two, the field does not say.
    Option,
    /// [`Maybe`]: it may be absent as well as `null`.
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
macro_rules! named {
    ($($name:ident),* $(,)?) => {$(
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                describe::definition::<$name>()
            }
        }

        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                <$name as describe::Named>::COMPONENT.into()
            }

            fn schemas(schemas: &mut describe::Components) {
                describe::define_members::<$name>(schemas);
            }
        }

        impl describe::Describe for $name {
            fn refer() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                describe::reference::<$name>()
            }

            fn define(components: &mut describe::Components) {
                describe::define::<$name>(components);
            }

            fn sample() -> $name {
                <$name as describe::Named>::some()
            }
        }
    )*};
}
pub(crate) use named;

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
    match T::rule() {
        Rule::Object(rule) => object(rule, T::members()),
        Rule::Union(rule) => union(rule, T::members()),
        _ => texts(T::texts()),
    }
}

fn object(rule: &ObjectRule, members: Vec<Member>) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    let mut members = members.into_iter();
    for property in rule.properties {
        let (name, required, rule) = match property {
            Property::Required(name, rule) => (*name, true, rule),
            Property::Optional(name, rule) => (*name, false, rule),
        };
        let member = members.next().expect("there is a field for each property");
        let (schema, required) = member.settle(required);
        object = object.property(name, constrain(schema, rule));
        if required {
            object = object.required(name);
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

/// `schema`, which comes from a Rust type, with what `rule` checks beyond the type. Where the two
/// are not of one kind, both have to hold, so that it shows.
pub fn constrain(schema: RefOr<Schema>, rule: &Rule) -> RefOr<Schema> {
    match (rule, schema) {
        // Named types and single values describe themselves.
        (Rule::Any | Rule::Boolean | Rule::Named(_), schema) => schema,
        (Rule::Literal(_) | Rule::Choice(_) | Rule::Union(_), schema) => schema,
        (Rule::Nullable(rule), schema) => constrain(schema, rule),
        (Rule::Text(rule), RefOr::T(Schema::Object(mut text)))
            if is(&text.schema_type, Type::String) =>
        {
            constrain_text(&mut text, rule);
            Schema::Object(text).into()
        }
        (Rule::Integer(rule), RefOr::T(Schema::Object(mut number)))
            if is(&number.schema_type, Type::Integer) =>
        {
            constrain_integer(&mut number, rule);
            Schema::Object(number).into()
        }
        (Rule::Number(rule), RefOr::T(Schema::Object(mut number)))
            if is(&number.schema_type, Type::Number) =>
        {
            constrain_number(&mut number, rule);
            Schema::Object(number).into()
        }
        (Rule::List(rule), RefOr::T(Schema::Array(mut list))) => {
            if let ArrayItems::RefOrSchema(items) = &mut list.items {
                **items = constrain((**items).clone(), rule.item);
            }
            list.min_items = at_least(rule.min);
            list.max_items = at_most(rule.max);
            list.unique_items = rule.unique;
            Schema::Array(list).into()
        }
        (Rule::Object(rule), RefOr::T(Schema::Object(mut map)))
            if is(&map.schema_type, Type::Object) =>
        {
            if let (Some(items), Some(rule)) = (&mut map.additional_properties, rule.additional)
                && let AdditionalProperties::RefOr(items) = &mut **items
            {
                *items = constrain(items.clone(), rule);
            }
            map.min_properties = at_least(rule.min);
            map.max_properties = at_most(rule.max);
            Schema::Object(map).into()
        }
        (rule, schema) => {
            let checked = ObjectBuilder::new().description(Some(format!("{rule:?}")));
            AllOfBuilder::new().item(schema).item(checked).into()
        }
    }
}

fn is(kind: &SchemaType, expected: Type) -> bool {
    match kind {
        SchemaType::Type(kind) => *kind == expected,
        SchemaType::Array(kinds) => kinds.contains(&expected),
        SchemaType::AnyValue => false,
    }
}

fn constrain_text(text: &mut utoipa::openapi::Object, rule: &TextRule) {
    text.min_length = at_least(rule.min);
    text.max_length = at_most(rule.max);
    text.pattern = rule.pattern.map(|pattern| pattern.source.to_owned());
    let format = rule.format.map(|format| match format {
        Format::DateTime => "date-time",
        Format::Date => "date",
        Format::Time => "time",
        Format::Email => "email",
        Format::Uri => "uri",
        Format::Uuid => "uuid",
        Format::Ipv4 => "ipv4",
        Format::Ipv6 => "ipv6",
    });
    text.format = format.map(|format| utoipa::openapi::SchemaFormat::Custom(format.to_owned()));
}

fn constrain_integer(number: &mut utoipa::openapi::Object, rule: &IntegerRule) {
    // Bounds of the rule are never wider than those of the type, and the type's go without saying.
    let least = [0, i128::from(i32::MIN), i128::from(i64::MIN)];
    let most = [
        i128::from(u32::MAX),
        i128::from(i32::MAX),
        i128::from(u64::MAX),
        i128::from(i64::MAX),
    ];
    let whole =
        |value: i128| isize::try_from(value).map_or(Number::Float(value as f64), Number::Int);
    if !least.contains(&rule.min) {
        number.minimum = Some(whole(rule.min));
    }
    if !most.contains(&rule.max) {
        number.maximum = Some(whole(rule.max));
    }
    number.multiple_of = rule.multiple_of.map(Number::Float);
    if !rule.allowed.is_empty() {
        let allowed = rule
            .allowed
            .iter()
            .map(|value| match i64::try_from(*value) {
                Ok(value) => Value::from(value),
                Err(_) => Value::from(*value as f64),
            });
        number.enum_values = Some(allowed.collect());
    }
}

fn constrain_number(number: &mut utoipa::openapi::Object, rule: &NumberRule) {
    let bound = |value: f64| value.is_finite().then_some(Number::Float(value));
    number.minimum = bound(rule.min);
    number.maximum = bound(rule.max);
    number.exclusive_minimum = bound(rule.above);
    number.exclusive_maximum = bound(rule.below);
    number.multiple_of = rule.multiple_of.map(Number::Float);
    if !rule.allowed.is_empty() {
        number.enum_values = Some(rule.allowed.iter().copied().map(Value::from).collect());
    }
}

fn at_least(bound: usize) -> Option<usize> {
    (bound > 0).then_some(bound)
}

fn at_most(bound: usize) -> Option<usize> {
    (bound < usize::MAX).then_some(bound)
}

/// Types that utoipa describes.
macro_rules! plain {
    ($($name:ty),*) => {$(
        impl Describe for $name {
            fn refer() -> RefOr<Schema> {
                <$name as PartialSchema>::schema()
            }

            fn sample() -> $name {
                <$name>::default()
            }
        }
    )*};
}
plain!(String, bool, u32, i32, u64, i64, f64, Value);

impl Describe for () {
    fn refer() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }

    fn sample() {}
}

impl Describe for True {
    fn refer() -> RefOr<Schema> {
        literal(Value::Bool(true))
    }

    fn sample() -> True {
        True
    }
}

impl Describe for False {
    fn refer() -> RefOr<Schema> {
        literal(Value::Bool(false))
    }

    fn sample() -> False {
        False
    }
}

/// What a [`Constant`] is.
pub fn constant<C: Constant>() -> RefOr<Schema> {
    literal(serde_json::from_str(C::JSON).expect("constants are JSON"))
}

impl<T: Describe> Describe for Option<T> {
    const PRESENCE: Presence = Presence::Option;

    fn refer() -> RefOr<Schema> {
        nullable(T::refer())
    }

    fn present() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Option<T> {
        None
    }
}

impl<T: Describe> Describe for Maybe<T> {
    const PRESENCE: Presence = Presence::Maybe;

    fn refer() -> RefOr<Schema> {
        nullable(T::refer())
    }

    fn present() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Maybe<T> {
        Maybe::Absent
    }
}

/// In an answer, too, only values of `E` are written.
impl<E: Describe + Choice> Describe for Open<E> {
    fn refer() -> RefOr<Schema> {
        E::refer()
    }

    fn define(components: &mut Components) {
        E::define(components);
    }

    fn sample() -> Open<E> {
        E::sample().into()
    }
}

impl<T: Describe> Describe for Box<T> {
    fn refer() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Box<T> {
        Box::new(T::sample())
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn refer() -> RefOr<Schema> {
        Schema::Array(Array::new(T::refer())).into()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Vec<T> {
        Vec::new()
    }
}

impl<T: Describe> Describe for BTreeMap<String, T> {
    fn refer() -> RefOr<Schema> {
        let map = ObjectBuilder::new().schema_type(Type::Object);
        map.additional_properties(Some(T::refer())).into()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> BTreeMap<String, T> {
        BTreeMap::new()
    }
}

impl Describe for Map<String, Value> {
    fn refer() -> RefOr<Schema> {
        let map = ObjectBuilder::new().schema_type(Type::Object);
        let anything = AdditionalProperties::FreeForm(true);
        map.additional_properties(Some(anything)).into()
    }

    fn sample() -> Map<String, Value> {
        Map::new()
    }
}
