//! Schemas as a whole, for what types cannot say by themselves.

use serde_json::{Number, Value};

use super::StringRules;

/// Every schema that values are held against as a whole, and what they refer to.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// By id.
    pub schemas: Vec<Check>,
    /// The anchors of documents, and of parts with an `$id`, that others may stand in for.
    pub resources: Vec<Vec<(String, CheckId)>>,
}

/// Index into [`Checks::schemas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CheckId(pub usize);

/// A schema as a whole.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// JSON pointers of the schemas that it is made of.
    pub pointer: String,
    /// Index into [`Checks::resources`], where references depend on it.
    pub resource: Option<usize>,
    /// What it demands, in the order in which it is looked at.
    pub words: Vec<Word>,
}

/// What one word of a schema demands.
#[derive(Debug, Clone)]
pub enum Word {
    /// `false`.
    Never,
    /// `type`.
    Types(Vec<String>),
    /// `enum` and `const`.
    Values(Vec<Value>),
    /// Words for text.
    Text(StringRules),
    /// `minimum`.
    Minimum(Number),
    /// `maximum`.
    Maximum(Number),
    /// `exclusiveMinimum`.
    Above(Number),
    /// `exclusiveMaximum`.
    Below(Number),
    /// `multipleOf`.
    MultipleOf(Number),
    /// `minItems` and `maxItems`.
    Items(Option<u64>, Option<u64>),
    /// `uniqueItems`.
    Unique,
    /// `minProperties` and `maxProperties`.
    Properties(Option<u64>, Option<u64>),
    /// `required`.
    Required(Vec<String>),
    /// `dependentRequired`.
    DependentRequired(Vec<(String, Vec<String>)>),
    /// `dependentSchemas`.
    DependentSchemas(Vec<(String, CheckId)>),
    /// `$ref`.
    Refer(CheckId),
    /// `$dynamicRef`: the anchor, and what has it where the reference stands.
    ReferDynamic(String, CheckId),
    /// `allOf`.
    AllOf(Vec<CheckId>),
    /// `anyOf`.
    AnyOf(Vec<CheckId>),
    /// `oneOf`.
    OneOf(Vec<CheckId>),
    /// `not`.
    Not(CheckId),
    /// `if`, `then` and `else`.
    If(CheckId, Option<CheckId>, Option<CheckId>),
    /// `properties`, `patternProperties` and `additionalProperties`.
    Object {
        /// By name.
        named: Vec<(String, CheckId)>,
        /// By pattern: as the contract writes it, translated, and the schema.
        matching: Vec<(String, String, CheckId)>,
        /// All others.
        others: Option<CheckId>,
    },
    /// `propertyNames`.
    Names(CheckId),
    /// `prefixItems` and `items`.
    List(Vec<CheckId>, Option<CheckId>),
    /// `contains`, `minContains` and `maxContains`.
    Contains(CheckId, u64, Option<u64>),
    /// `unevaluatedProperties`.
    OtherProperties(CheckId),
    /// `unevaluatedItems`.
    OtherItems(CheckId),
}
