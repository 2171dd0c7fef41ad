//! What is generated from: the contract after names are chosen, references followed and every
//! construct either understood or refused. `lower` builds it; `types`, `server` and `client`
//! only read it. Nothing in here refers back to the document except by JSON pointer, for messages.

use serde_json::{Number, Value};

/// A whole contract.
#[derive(Debug, Clone)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// `servers[].url`, in order.
    pub servers: Vec<String>,
    /// Tags that have operations, in the order of the contract's `tags`, then of first use.
    /// Operations without a tag belong to the tag `Default`.
    pub tags: Vec<Tag>,
    /// Every named type, sorted by Rust name.
    pub types: Vec<TypeDef>,
    /// Every operation, in the order of the document.
    pub operations: Vec<Operation>,
    /// `components.securitySchemes` that operations use, in the order of the document.
    pub security_schemes: Vec<SecurityScheme>,
    /// The one JSON type that every answer with a status from 400 declares, if there is exactly
    /// one. Rejections (unknown route, malformed request, …) are then answered with it.
    pub error: Option<TypeId>,
}

impl Api {
    /// The shape that `value` has once aliases are followed.
    pub fn shape<'a>(&'a self, value: &'a Use) -> &'a Shape {
        match &value.shape {
            Shape::Named(id) => match &self.types[id.0].kind {
                Kind::Alias(inner) => self.shape(inner),
                _ => &value.shape,
            },
            shape => shape,
        }
    }

    /// Everything that has a name of its own in the query of `operation`, beside the parameter
    /// `but`: parameters, and keys.
    pub fn query_names<'a>(&'a self, operation: &'a Operation, but: &str) -> Vec<&'a str> {
        let parameters = operation.parameters.iter();
        let parameters = parameters
            .filter(|one| one.location == Location::Query && one.wire != but)
            .map(|one| one.wire.as_str());
        let schemes = operation.security.iter().flatten();
        let keys = schemes.filter_map(|(name, _)| {
            let scheme = self.security_schemes.iter().find(|one| one.name == *name)?;
            match &scheme.kind {
                SecurityKind::ApiKey(Location::Query, key) => Some(key.as_str()),
                _ => None,
            }
        });
        parameters.chain(keys).collect()
    }

    /// Whether `parameter` is also declared as a credential of `operation`, and says no more about
    /// it: then `authenticate` is given it, and the request need not hold it once more.
    pub fn is_credential(&self, operation: &Operation, parameter: &Parameter) -> bool {
        let any_text = match self.shape(&parameter.value) {
            Shape::String(rules) => *rules == StringRules::default(),
            _ => false,
        };
        let mut names = operation.security.iter().flatten().map(|(name, _)| name);
        let is_scheme = |name: &String| {
            let mut schemes = self.security_schemes.iter();
            schemes.any(|one| one.name == *name && parameter.is_sent_by(&one.kind))
        };
        any_text && !parameter.required && parameter.default.is_none() && names.any(is_scheme)
    }
}

/// Index into [`Api::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// A tag: one server trait.
#[derive(Debug, Clone)]
pub struct Tag {
    /// As the contract writes it, e.g. `Billing Groups`.
    pub name: String,
    /// Rust type part, e.g. `BillingGroups` (the trait is `BillingGroupsApi`).
    pub ident: String,
    /// Rust module or function part, e.g. `billing_groups`.
    pub snake: String,
    /// The tag's description.
    pub description: Option<String>,
}

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

/// Formats that are checked.
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

/// An HTTP method an operation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names of the methods")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// As it is written in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Head => "HEAD",
            Method::Patch => "PATCH",
            Method::Trace => "TRACE",
        }
    }
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, e.g. `deleteCustomer`.
    pub id: String,
    /// Rust function name, e.g. `delete_customer`.
    pub snake: String,
    /// Rust type part, e.g. `DeleteCustomer`.
    pub ident: String,
    /// Index into [`Api::tags`].
    pub tag: usize,
    /// Method.
    pub method: Method,
    /// Path template as the contract writes it, e.g. `/v1/customers/{customerId}`.
    pub path: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Path, query, header and cookie parameters, in the order of the document
    /// (those of the path item first).
    pub parameters: Vec<Parameter>,
    /// `requestBody`.
    pub body: Option<RequestBody>,
    /// Answers by status, ascending; ranges and `default` after the exact ones.
    pub answers: Vec<Answer>,
    /// Alternatives, each a set of scheme names with scopes; empty: no credentials needed. An
    /// empty alternative means that credentials are optional.
    pub security: Vec<Vec<(String, Vec<String>)>>,
    /// `x-undeclared-query: true`: the request carries the query parameters that nobody declared.
    pub undeclared_query: bool,
    /// The operation pages through a list by cursor.
    pub paging: Option<Paging>,
    /// JSON pointer of the operation, e.g. `/paths/~1v1~1customers/get`.
    pub pointer: String,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the places")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter's array or object value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One value, or values separated by commas (`simple`, or `form` with `explode: false`).
    Commas,
    /// The name repeated (`form` with `explode: true`), the default in queries.
    Repeated,
    /// Values separated by spaces (`spaceDelimited`).
    Spaces,
    /// Values separated by `|` (`pipeDelimited`).
    Pipes,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Where it stands.
    pub location: Location,
    /// `required`.
    pub required: bool,
    /// How arrays are written.
    pub style: Style,
    /// Its type: text, number, boolean, string enum, or an array of these; a query parameter that
    /// is a [`Shape::Map`] of such values takes every query name no other parameter has
    /// (`form` + `explode`).
    pub value: Use,
    /// `default`.
    pub default: Option<Value>,
    /// Documentation.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// JSON pointer of the parameter.
    pub pointer: String,
}

impl Operation {
    /// Names of the parameters in the path, in order.
    pub fn path_names(&self) -> impl Iterator<Item = &str> {
        self.path.split(['{', '}']).skip(1).step_by(2)
    }
}

impl Parameter {
    /// Whether a credential of `kind` is sent in the place of this parameter.
    pub fn is_sent_by(&self, kind: &SecurityKind) -> bool {
        match kind {
            SecurityKind::ApiKey(Location::Header, name) => {
                self.location == Location::Header && name.eq_ignore_ascii_case(&self.wire)
            }
            SecurityKind::ApiKey(location, name) => {
                self.location == *location && *name == self.wire
            }
            _ => false,
        }
    }
}

/// A request body.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// `required`. A missing body is otherwise read as absent.
    pub required: bool,
    /// The contract has the extension `x-missing-body: {}`: a required body that is missing is
    /// read like an empty object or form, so that what is missing in it can be named.
    pub missing_is_empty: bool,
    /// Accepted media types, in the order of the document.
    pub content: Vec<Content>,
    /// Documentation.
    pub description: Option<String>,
}

/// A body under one media type.
#[derive(Debug, Clone)]
pub struct Content {
    /// E.g. `application/json`, lower case, without parameters.
    pub media_type: String,
    /// How it is read and written.
    pub body: Body,
    /// `example` and `examples`.
    pub examples: Vec<Value>,
}

impl Content {
    /// Its media type.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }
}

/// How a body is read and written.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON (`application/json`, `…+json`).
    Json(Use),
    /// `multipart/form-data`; a struct whose fields are the parts.
    Multipart(Vec<Part>),
    /// `application/x-www-form-urlencoded`; a struct of parameters.
    Form(Vec<Part>),
    /// `text/*`: UTF-8.
    Text,
    /// Anything else: bytes.
    Binary,
}

/// A part of a form.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Its type; [`Shape::Binary`] is a file.
    pub value: Use,
    /// Listed in `required`.
    pub required: bool,
    /// Documentation.
    pub description: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: Status,
    /// Rust variant name, e.g. `Ok`, `NotFound`.
    pub ident: String,
    /// Documentation.
    pub description: String,
    /// Body by media type; empty: no body.
    pub content: Vec<Content>,
    /// Declared response headers.
    pub headers: Vec<Header>,
}

/// The status of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// E.g. `404`.
    Code(u16),
    /// E.g. `4XX`: the first digit.
    Range(u8),
    /// `default`.
    Default,
}

/// A declared response header.
#[derive(Debug, Clone)]
pub struct Header {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Its type: text, number, boolean or string enum.
    pub value: Use,
    /// `required`.
    pub required: bool,
    /// Documentation.
    pub description: Option<String>,
}

/// How a list operation pages: declared by query parameter and answer property.
#[derive(Debug, Clone)]
pub struct Paging {
    /// Wire name of the query parameter that takes the cursor, e.g. `startAfter`.
    pub cursor_parameter: String,
    /// Rust field of the answer that holds the next cursor, e.g. `next_cursor`.
    pub cursor_field: String,
    /// Rust field of the answer that holds the items, e.g. `customers`.
    pub items_field: String,
    /// Type of one item.
    pub item: Use,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Key under `components.securitySchemes`.
    pub name: String,
    /// Rust field or function name; never a keyword.
    pub snake: String,
    /// What it is.
    pub kind: SecurityKind,
    /// Documentation.
    pub description: Option<String>,
}

/// Kinds of security schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// `http` with scheme `bearer`, and `oauth2` and `openIdConnect`, which send one too.
    Bearer,
    /// `http` with scheme `basic`.
    Basic,
    /// `apiKey` in a header, query parameter or cookie of that name.
    ApiKey(Location, String),
    /// `mutualTLS`: the connection is the credential.
    MutualTls,
}
