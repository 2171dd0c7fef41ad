//! The keywords of schemas.

use super::keywords::Is::{
    self, AllOf, Any, Bool, Count, Map, Number, Obj, Schema, Text, Texts, Values,
};
use super::keywords::{EXTERNAL_DOCS, Object, object};

/// A schema object.
pub(in crate::lower) static SCHEMA: Object = object(
    "schema",
    &[],
    &[
        ("$ref", Text),
        ("type", Is::Types),
        ("enum", Values),
        ("const", Any),
        ("allOf", AllOf),
        ("oneOf", AllOf),
        ("anyOf", AllOf),
        ("not", Schema),
        ("if", Schema),
        ("then", Schema),
        ("else", Schema),
        ("dependentSchemas", Map(&Schema)),
        ("dependentRequired", Map(&Texts)),
        ("properties", Map(&Schema)),
        ("patternProperties", Map(&Schema)),
        ("propertyNames", Schema),
        ("required", Texts),
        ("additionalProperties", Schema),
        ("unevaluatedProperties", Schema),
        ("minProperties", Count),
        ("maxProperties", Count),
        ("items", Schema),
        ("prefixItems", AllOf),
        ("unevaluatedItems", Schema),
        ("contains", Schema),
        ("minContains", Count),
        ("maxContains", Count),
        ("minItems", Count),
        ("maxItems", Count),
        ("uniqueItems", Bool),
        ("minLength", Count),
        ("maxLength", Count),
        ("pattern", Text),
        ("format", Text),
        ("minimum", Number),
        ("maximum", Number),
        ("exclusiveMinimum", Number),
        ("exclusiveMaximum", Number),
        ("multipleOf", Number),
        ("discriminator", Obj(&DISCRIMINATOR)),
        ("title", Text),
        ("description", Text),
        ("default", Any),
        ("example", Any),
        ("examples", Values),
        ("deprecated", Bool),
        ("readOnly", Bool),
        ("writeOnly", Bool),
        ("contentEncoding", Text),
        ("contentMediaType", Text),
        ("contentSchema", Schema),
        ("externalDocs", Obj(&EXTERNAL_DOCS)),
        ("xml", Obj(&XML)),
        ("$comment", Text),
        ("$schema", Text),
        ("$id", Text),
        ("$anchor", Text),
        ("$dynamicAnchor", Text),
        ("$dynamicRef", Text),
        ("$vocabulary", Any),
        ("$defs", Map(&Schema)),
        ("definitions", Map(&Schema)),
    ],
);

static DISCRIMINATOR: Object = object(
    "discriminator",
    &["propertyName"],
    &[
        ("propertyName", Text),
        ("mapping", Map(&Text)),
        ("defaultMapping", Text),
    ],
);

static XML: Object = object(
    "xml description",
    &[],
    &[
        ("nodeType", Text),
        ("name", Text),
        ("namespace", Text),
        ("prefix", Text),
        ("attribute", Bool),
        ("wrapped", Bool),
    ],
);

/// The extensions that are honoured, with the kind of object that each belongs to and what it holds.
pub(in crate::lower) const EXTENSIONS: &[(&str, &str, Is)] = &[
    ("x-missing-body", "contract", Any),
    ("x-undeclared-query", "operation", Bool),
    ("x-pattern-says", "schema", Text),
    ("x-trim", "schema", Bool),
    ("x-repeated", "schema", Bool),
    ("x-status", "schema", Map(&Count)),
    ("x-stream", "media type", Text),
];

/// Keywords of schemas that have a meaning which is not generated, each with advice.
pub(in crate::lower) const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "dependencies",
        "JSON Schema 2020-12 says `dependentSchemas` and `dependentRequired`",
    ),
    (
        "additionalItems",
        "JSON Schema 2020-12 says `prefixItems` and `items`",
    ),
    (
        "nullable",
        "OpenAPI 3.1 says `type: [string, \"null\"]`, or `anyOf` with `type: \"null\"`",
    ),
    (
        "id",
        "name the schema by its key under `components.schemas`, or by `$id`",
    ),
    ("$recursiveRef", "JSON Schema 2020-12 says `$dynamicRef`"),
    (
        "$recursiveAnchor",
        "JSON Schema 2020-12 says `$dynamicAnchor`",
    ),
];

/// Keywords of schemas that say something only of values of one type.
pub(in crate::lower) const OF_TYPE: &[(&str, &[&str])] = &[
    (
        "object",
        &[
            "properties",
            "patternProperties",
            "propertyNames",
            "required",
            "dependentSchemas",
            "dependentRequired",
            "additionalProperties",
            "unevaluatedProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "unevaluatedItems",
            "contains",
            "minContains",
            "maxContains",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
    ),
    (
        "string",
        &[
            "minLength",
            "maxLength",
            "pattern",
            "contentEncoding",
            "contentMediaType",
        ],
    ),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
];
