//! Named types and what stands in them.

use serde_json::{Number, Value};

use super::{CheckId, TypeId};

/// A named type.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// Rust name, e.g. `CustomerUpdate`; unique.
    pub name: String,
    /// Name under `components/schemas` when the schema is one; `None` for an inline schema.
    pub component: Option<String>,
    /// JSON pointer of the schema in the bundled document, e.g. `/components/schemas/Customer`.
    pub pointer: String,
    /// The schema's title and description, as documentation.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// `examples` (and the older `example`).
    pub examples: Vec<Value>,
    /// Reachable from a request body or parameter.
    pub in_request: bool,
    /// Reachable from an answer.
    pub in_response: bool,
    /// `null` is a value of the schema, though not of the type.
    pub nullable: bool,
    /// The schema that values are held against as a whole.
    pub check: Option<CheckId>,
    /// What it is.
    pub kind: Kind,
}

/// What a named type is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// An object with known properties: a struct.
    Struct(Struct),
    /// A closed set of strings: an enum of unit variants.
    Enum(Vec<EnumValue>),
    /// `oneOf` or `anyOf`: an enum with one variant per choice.
    Union(Union),
    /// Any other named schema (bounded string, array, map, `{}`): a type alias.
    Alias(Use),
}

/// An object with known properties.
#[derive(Debug, Clone)]
pub struct Struct {
    /// In the order of the document.
    pub fields: Vec<Field>,
    /// Names of properties that belong to the other direction (requests, answers): they are
    /// listed, but neither read nor written.
    pub excluded: Vec<String>,
    /// What happens to properties not listed.
    pub additional: Additional,
    /// The schema of the properties not listed is `readOnly: true`.
    pub additional_read_only: bool,
    /// It is `writeOnly: true`.
    pub additional_write_only: bool,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
}

/// What happens to properties that are not listed.
#[derive(Debug, Clone)]
pub enum Additional {
    /// `additionalProperties` absent: accepted and dropped.
    Ignored,
    /// `additionalProperties: false`: refused.
    Denied,
    /// `additionalProperties: true` or a schema: kept in a map field `additional_properties`.
    Kept(Box<Use>),
}

/// A property.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name (raw identifier such as `r#type` where needed).
    pub ident: String,
    /// Its type.
    pub value: Use,
    /// Listed in `required`.
    pub required: bool,
    /// The type refers back to its own struct without an array or map between: store boxed.
    pub boxed: bool,
    /// `default`.
    pub default: Option<Value>,
    /// Documentation.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// `readOnly: true`: no property of the types that requests are made of.
    pub read_only: bool,
    /// `writeOnly: true`: no property of the types that answers are made of.
    pub write_only: bool,
    /// `examples` (and the older `example`).
    pub examples: Vec<Value>,
    /// JSON pointer of the property's schema.
    pub pointer: String,
}

/// A type where it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The type.
    pub shape: Shape,
    /// `null` is a value of it too.
    pub nullable: bool,
}

/// The shape of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A named type.
    Named(TypeId),
    /// Text.
    String(StringRules),
    /// Text whose format is a type, and all that is demanded of it.
    Formatted(Formatted),
    /// A whole number (`1.0` is one).
    Integer(NumberRules),
    /// A number.
    Number(NumberRules),
    /// `true` or `false`.
    Boolean,
    /// One single value: `const`, or an `enum` of one that is not text; text has an [`Kind::Enum`].
    Literal(Value),
    /// A list.
    Array(Box<Use>, ArrayRules),
    /// An object without known properties.
    Map(Box<Use>, MapRules),
    /// Anything (`{}` or `true`).
    Any,
    /// What the inner type is, held against a schema as a whole; whether `null` is a value of it is said inside.
    Checked(Box<Use>, CheckId),
    /// Raw bytes: a body or part that is not JSON (`format: binary`, `contentEncoding` absent).
    Binary,
}

/// Constraints on text. Lengths count Unicode scalar values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StringRules {
    /// `minLength`.
    pub min_length: Option<u64>,
    /// `maxLength`.
    pub max_length: Option<u64>,
    /// `pattern`, already translated to the syntax of the `regex` crate (unanchored).
    pub pattern: Option<String>,
    /// `pattern` as the contract writes it.
    pub pattern_source: Option<String>,
    /// `x-pattern-says`: what to say of a text that does not match, instead of the pattern.
    pub pattern_says: Option<String>,
    /// `x-trim: true`: the constraints are those of the text without blanks around it.
    pub trim: bool,
    /// A format that is checked; others are documentation only.
    pub format: Option<Format>,
}

/// Formats that are checked: the first of them, unless [`Formats::All`](crate::Formats::All) asks for the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 3339 `date-time`.
    DateTime,
    /// RFC 3339 `full-date`.
    Date,
    /// RFC 3339 `full-time`.
    Time,
    /// RFC 5321 mailbox.
    Email,
    /// RFC 3986 URI, absolute.
    Uri,
    /// RFC 9562 UUID.
    Uuid,
    /// Dotted IPv4 address.
    Ipv4,
    /// IPv6 address.
    Ipv6,
    /// RFC 1123 host name.
    Hostname,
    /// RFC 5890 host name, in any script.
    IdnHostname,
    /// RFC 6531 mailbox.
    IdnEmail,
    /// RFC 3339 duration.
    Duration,
    /// RFC 6901 JSON pointer.
    JsonPointer,
    /// Relative JSON pointer.
    RelativeJsonPointer,
    /// RFC 3986 URI reference.
    UriReference,
    /// RFC 6570 URI template.
    UriTemplate,
    /// RFC 3987 IRI.
    Iri,
    /// RFC 3987 IRI reference.
    IriReference,
    /// ECMA-262 regular expression.
    Regex,
}

/// Formats that are types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Formatted {
    /// An instant.
    DateTime,
    /// A day of the calendar.
    Date,
    /// A UUID.
    Uuid,
}

impl Formatted {
    /// All of them.
    pub const ALL: [Formatted; 3] = [Formatted::DateTime, Formatted::Date, Formatted::Uuid];

    /// The type of text that keeps to `rules`; none if they demand more than a format.
    pub fn of(rules: &StringRules) -> Option<Formatted> {
        let formatted = match rules.format? {
            Format::DateTime => Formatted::DateTime,
            Format::Date => Formatted::Date,
            Format::Uuid => Formatted::Uuid,
            _ => return None,
        };
        let only = StringRules {
            format: rules.format,
            ..StringRules::default()
        };
        (*rules == only).then_some(formatted)
    }

    /// Name of the type in Rust.
    pub fn name(self) -> &'static str {
        match self {
            Formatted::DateTime => "DateTime",
            Formatted::Date => "Date",
            Formatted::Uuid => "Uuid",
        }
    }
}

/// Constraints on numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NumberRules {
    /// `minimum`.
    pub minimum: Option<Number>,
    /// `maximum`.
    pub maximum: Option<Number>,
    /// `exclusiveMinimum`.
    pub exclusive_minimum: Option<Number>,
    /// `exclusiveMaximum`.
    pub exclusive_maximum: Option<Number>,
    /// `multipleOf`.
    pub multiple_of: Option<Number>,
    /// `enum` of numbers; empty: any.
    pub allowed: Vec<Number>,
    /// `format: int32`; for numbers `float` is documentation only.
    pub int32: bool,
    /// `format: int64`. Whole numbers without format have room for as much, or for twice as much
    /// where they cannot be negative.
    pub int64: bool,
}

/// Constraints on lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArrayRules {
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique: bool,
}

/// Constraints on maps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapRules {
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
}

/// A value of a string enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// On the wire.
    pub wire: String,
    /// Rust variant name.
    pub ident: String,
    /// `x-status`: the status of answers with it.
    pub status: Option<u16>,
}

/// `oneOf` or `anyOf`.
#[derive(Debug, Clone)]
pub struct Union {
    /// `oneOf`: exactly one choice may match. Otherwise the one that keeps most is taken.
    pub exactly_one: bool,
    /// `discriminator.propertyName`, when every choice is a struct that has it.
    pub discriminator: Option<String>,
    /// Rust name of the variant for a value of several choices at once, none of which keeps all
    /// that the others declare.
    pub several: Option<String>,
    /// With a discriminator: Rust name of the variant for what answers may hold and this contract
    /// does not know.
    pub unlisted: Option<String>,
    /// In the order of the document.
    pub variants: Vec<UnionVariant>,
}

/// A choice of a union.
#[derive(Debug, Clone)]
pub struct UnionVariant {
    /// Rust variant name.
    pub ident: String,
    /// Values of the discriminator that select it, whole numbers and booleans as text; empty
    /// without discriminator.
    pub tags: Vec<String>,
    /// Its type.
    pub value: Use,
}
