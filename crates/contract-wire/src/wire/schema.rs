//! Schemas as a whole, as data: for what a Rust type cannot say by itself.
//!
//! A contract whose schemas use words such as `not`, `if`, `patternProperties` or `unevaluatedItems` has one
//! [`Schema`] for each of them and for what they refer to. It is written when code is generated; nothing of
//! JSON Schema is read when the code runs. How values are held against it: `evaluate`, with `inner`
//! and `plain`.

use serde::Serialize;
use serde_json::{Number, Value};

use super::{Pattern, TextRule, whole};

/// A schema: everything that it demands.
#[derive(Debug)]
pub struct Schema {
    /// What it demands, `unevaluated…` last.
    pub words: &'static [Word],
    /// The resource that it belongs to, where references of it depend on how they were come to.
    pub resource: Option<&'static Resource>,
}

/// A document, or a part of one with an `$id`: its anchors that others may stand in for.
#[derive(Debug)]
pub struct Resource {
    /// Each `$dynamicAnchor`, and the schema that has it.
    pub anchors: &'static [(&'static str, &'static Schema)],
}

/// What one word of a schema demands.
#[derive(Debug)]
#[non_exhaustive]
pub enum Word {
    /// Nothing is allowed: `false`.
    Never,
    /// `type`.
    Types(&'static [Type]),
    /// `enum` and `const`.
    Values(&'static [Json]),
    /// Words for text.
    Text(TextRule),
    /// `minimum`.
    Minimum(Figure),
    /// `maximum`.
    Maximum(Figure),
    /// `exclusiveMinimum`.
    Above(Figure),
    /// `exclusiveMaximum`.
    Below(Figure),
    /// `multipleOf`.
    MultipleOf(f64),
    /// `minItems` and `maxItems`.
    Items(usize, usize),
    /// `uniqueItems`.
    Unique,
    /// `minProperties` and `maxProperties`.
    Properties(usize, usize),
    /// `required`.
    Required(&'static [&'static str]),
    /// `dependentRequired`.
    DependentRequired(&'static [(&'static str, &'static [&'static str])]),
    /// `dependentSchemas`.
    DependentSchemas(&'static [(&'static str, &'static Schema)]),
    /// `$ref`.
    Refer(&'static Schema),
    /// `$dynamicRef`: the anchor, and the schema that has it where the reference stands.
    ReferDynamic(&'static str, &'static Schema),
    /// `allOf`.
    AllOf(&'static [&'static Schema]),
    /// `anyOf`.
    AnyOf(&'static [&'static Schema]),
    /// `oneOf`.
    OneOf(&'static [&'static Schema]),
    /// `not`.
    Not(&'static Schema),
    /// `if`, `then` and `else`.
    If(
        &'static Schema,
        Option<&'static Schema>,
        Option<&'static Schema>,
    ),
    /// `properties`, `patternProperties` and `additionalProperties`.
    Object(ObjectWords),
    /// `propertyNames`.
    Names(&'static Schema),
    /// `prefixItems` and `items`.
    List(&'static [&'static Schema], Option<&'static Schema>),
    /// `contains`, `minContains` and `maxContains`.
    Contains(&'static Schema, usize, usize),
    /// `unevaluatedProperties`.
    OtherProperties(&'static Schema),
    /// `unevaluatedItems`.
    OtherItems(&'static Schema),
}

/// `properties`, `patternProperties` and `additionalProperties`.
#[derive(Debug)]
pub struct ObjectWords {
    /// By name.
    pub named: &'static [(&'static str, &'static Schema)],
    /// By what a name matches.
    pub matching: &'static [(Pattern, &'static Schema)],
    /// All others.
    pub others: Option<&'static Schema>,
}

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Type {
    pub(crate) fn has(self, value: &Value) -> bool {
        match (self, value) {
            (Type::Null, Value::Null)
            | (Type::Boolean, Value::Bool(_))
            | (Type::String, Value::String(_))
            | (Type::Number, Value::Number(_))
            | (Type::Array, Value::Array(_))
            | (Type::Object, Value::Object(_)) => true,
            (Type::Integer, Value::Number(number)) => whole(number).is_some(),
            _ => false,
        }
    }

    pub(crate) const fn with_article(self) -> &'static str {
        match self {
            Type::Null => "`null`",
            Type::Boolean => "a boolean",
            Type::String => "a string",
            Type::Integer => "an integer",
            Type::Number => "a number",
            Type::Array => "an array",
            Type::Object => "an object",
        }
    }
}

/// A number of the contract.
#[derive(Debug, Clone, Copy)]
pub enum Figure {
    /// A whole one.
    Whole(i128),
    /// Any other, and a whole one beyond 128 bits.
    Float(f64),
}

impl Figure {
    /// `number` against this one; whole numbers without loss.
    pub(crate) fn compare(self, number: &Number) -> std::cmp::Ordering {
        #[expect(
            clippy::cast_precision_loss,
            reason = "fractions are compared as the floats they are read as"
        )]
        let float = match self {
            Figure::Whole(bound) => match exactly(number) {
                Some(number) => return number.cmp(&bound),
                None => bound as f64,
            },
            Figure::Float(bound) => bound,
        };
        let number = number.as_f64().unwrap_or(f64::NAN);
        number
            .partial_cmp(&float)
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Figure::Whole(number) => number.fmt(f),
            Figure::Float(number) => number.fmt(f),
        }
    }
}

/// The whole number that `number` is, if 128 bits hold it.
fn exactly(number: &Number) -> Option<i128> {
    whole(number).filter(|whole| !matches!(*whole, i128::MIN | i128::MAX))
}

/// A value of the contract.
#[derive(Debug)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Figure),
    /// Text.
    Text(&'static str),
    /// A list.
    List(&'static [Json]),
    /// An object.
    Object(&'static [(&'static str, Json)]),
}

impl Json {
    /// Whether `value` is this one: numbers by value, objects without order.
    pub(crate) fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Json::Null, Value::Null) => true,
            (Json::Boolean(one), Value::Bool(other)) => one == other,
            (Json::Number(one), Value::Number(other)) => one.compare(other).is_eq(),
            (Json::Text(one), Value::String(other)) => one == other,
            (Json::List(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is(other))
            }
            (Json::Object(one), Value::Object(other)) => {
                let mut entries = one.iter();
                one.len() == other.len()
                    && entries.all(|(name, one)| other.get(*name).is_some_and(|it| one.is(it)))
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Boolean(flag) => flag.fmt(f),
            Json::Number(number) => number.fmt(f),
            Json::Text(text) => write!(f, "{}", Value::from(*text)),
            Json::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Json::Object(entries) => {
                f.write_str("{")?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{value}", Value::from(*name))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Whether `value` is what `schema` demands, as it is written.
pub fn keeps<T: Serialize + ?Sized>(schema: &'static Schema, value: &T) -> bool {
    serde_json::to_value(value).is_ok_and(|value| schema.accepts(&value))
}
