//! What is checked beyond the Rust type.

use serde_json::Value;
use utoipa::Number;
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, ArrayItems, ObjectBuilder, SchemaType, Type,
};
use utoipa::openapi::{Object, RefOr, Schema, SchemaFormat};

use crate::format::Format;
use crate::{IntegerRule, NumberRule, Rule, TextRule};

/// `schema`, which comes from a Rust type, with what `rule` checks beyond the type. Where the two
/// are not of one kind, both have to hold, so that it shows.
pub fn constrain(schema: RefOr<Schema>, rule: &Rule) -> RefOr<Schema> {
    match (rule, schema) {
        // Named types and single values describe themselves.
        (Rule::Any | Rule::Boolean | Rule::Named(_), schema) => schema,
        (Rule::Literal(_) | Rule::Choice(_) | Rule::Union(_), schema) => schema,
        (Rule::Nullable(rule), schema) => constrain(schema, rule),
        (Rule::Refined(refined), schema) => constrain(schema, refined.rule),
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

fn constrain_text(text: &mut Object, rule: &TextRule) {
    text.min_length = at_least(rule.min);
    text.max_length = at_most(rule.max);
    text.pattern = rule.pattern.map(|pattern| pattern.source.to_owned());
    text.format = rule.format.map(format);
}

/// A format by its name.
pub(super) fn format(format: Format) -> SchemaFormat {
    let name = match format {
        Format::DateTime => "date-time",
        Format::Date => "date",
        Format::Time => "time",
        Format::Email => "email",
        Format::Uri => "uri",
        Format::Uuid => "uuid",
        Format::Ipv4 => "ipv4",
        Format::Ipv6 => "ipv6",
        Format::Hostname => "hostname",
        Format::IdnHostname => "idn-hostname",
        Format::IdnEmail => "idn-email",
        Format::Duration => "duration",
        Format::JsonPointer => "json-pointer",
        Format::RelativeJsonPointer => "relative-json-pointer",
        Format::UriReference => "uri-reference",
        Format::UriTemplate => "uri-template",
        Format::Iri => "iri",
        Format::IriReference => "iri-reference",
        Format::Regex => "regex",
    };
    SchemaFormat::Custom(name.to_owned())
}

fn constrain_integer(number: &mut Object, rule: &IntegerRule) {
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

fn constrain_number(number: &mut Object, rule: &NumberRule) {
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

pub(super) fn at_least(bound: usize) -> Option<usize> {
    (bound > 0).then_some(bound)
}

pub(super) fn at_most(bound: usize) -> Option<usize> {
    (bound < usize::MAX).then_some(bound)
}
