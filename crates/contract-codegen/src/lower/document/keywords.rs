//! What may stand where in a contract: the objects of OpenAPI 3.2, which include those of 3.1, and their fields.
//!
//! `structure` walks a document by these tables, so everything below may rely on them.

use self::Is::{Any, Bool, Closed, List, Map, Obj, Ref, Schema, SomeTexts, Text, Texts};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::lower) enum Is {
    /// Anything: it is data, not part of the contract's structure.
    Any,
    Text,
    Bool,
    Number,
    /// A whole number from 0.
    Count,
    /// A list of text.
    Texts,
    /// A non-empty list of text.
    SomeTexts,
    /// One of these words.
    Closed(&'static [&'static str]),
    /// A list of anything.
    Values,
    /// An object of that kind.
    Obj(&'static Object),
    /// An object of that kind or a reference to one.
    Ref(&'static Object),
    /// A map of such.
    Map(&'static Is),
    /// A list of such.
    List(&'static Is),
    /// A non-empty list of schemas.
    AllOf,
    Schema,
    /// `type` of a schema.
    Types,
}

/// A kind of object.
#[derive(Debug, PartialEq)]
pub(in crate::lower) struct Object {
    /// As OpenAPI calls it, in lower case.
    pub(in crate::lower) name: &'static str,
    pub(in crate::lower) fields: &'static [(&'static str, Is)],
    pub(in crate::lower) required: &'static [&'static str],
    /// What every other field holds; `None`: there are none.
    pub(in crate::lower) other: Option<Is>,
}

pub(in crate::lower) const fn object(
    name: &'static str,
    required: &'static [&'static str],
    fields: &'static [(&'static str, Is)],
) -> Object {
    Object {
        name,
        fields,
        required,
        other: None,
    }
}

const fn map(name: &'static str, other: Is) -> Object {
    Object {
        name,
        fields: &[],
        required: &[],
        other: Some(other),
    }
}

pub(in crate::lower) static ROOT: Object = object(
    "contract",
    // `info` is asked for where the document is read.
    &["openapi"],
    &[
        ("openapi", Text),
        ("$self", Text),
        ("info", Obj(&INFO)),
        ("jsonSchemaDialect", Text),
        ("servers", List(&Obj(&SERVER))),
        ("paths", Obj(&PATHS)),
        ("webhooks", Map(&Ref(&PATH_ITEM))),
        ("components", Obj(&COMPONENTS)),
        ("security", List(&Map(&Texts))),
        ("tags", List(&Obj(&TAG))),
        ("externalDocs", Obj(&EXTERNAL_DOCS)),
    ],
);

static INFO: Object = object(
    "info",
    &[],
    &[
        ("title", Text),
        ("summary", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("contact", Obj(&CONTACT)),
        ("license", Obj(&LICENSE)),
        ("version", Text),
    ],
);

static CONTACT: Object = object(
    "contact",
    &[],
    &[("name", Text), ("url", Text), ("email", Text)],
);

static LICENSE: Object = object(
    "license",
    &["name"],
    &[("name", Text), ("identifier", Text), ("url", Text)],
);

static SERVER: Object = object(
    "server",
    &["url"],
    &[
        ("url", Text),
        ("description", Text),
        ("name", Text),
        ("variables", Map(&Obj(&VARIABLE))),
    ],
);

static VARIABLE: Object = object(
    "server variable",
    &["default"],
    &[
        ("enum", SomeTexts),
        ("default", Text),
        ("description", Text),
    ],
);

static COMPONENTS: Object = object(
    "components",
    &[],
    &[
        ("schemas", Map(&Schema)),
        ("responses", Map(&Ref(&RESPONSE))),
        ("parameters", Map(&Ref(&PARAMETER))),
        ("examples", Map(&Ref(&EXAMPLE))),
        ("requestBodies", Map(&Ref(&REQUEST_BODY))),
        ("headers", Map(&Ref(&HEADER))),
        ("securitySchemes", Map(&Ref(&SECURITY_SCHEME))),
        ("links", Map(&Ref(&LINK))),
        ("callbacks", Map(&Ref(&CALLBACK))),
        ("pathItems", Map(&Ref(&PATH_ITEM))),
        ("mediaTypes", Map(&Ref(&MEDIA_TYPE))),
    ],
);

static PATHS: Object = map("paths", Ref(&PATH_ITEM));

static PATH_ITEM: Object = object(
    "path item",
    &[],
    &[
        ("summary", Text),
        ("description", Text),
        ("get", Obj(&OPERATION)),
        ("put", Obj(&OPERATION)),
        ("post", Obj(&OPERATION)),
        ("delete", Obj(&OPERATION)),
        ("options", Obj(&OPERATION)),
        ("head", Obj(&OPERATION)),
        ("patch", Obj(&OPERATION)),
        ("trace", Obj(&OPERATION)),
        ("query", Obj(&OPERATION)),
        ("additionalOperations", Map(&Obj(&OPERATION))),
        ("servers", List(&Obj(&SERVER))),
        ("parameters", List(&Ref(&PARAMETER))),
    ],
);

static OPERATION: Object = object(
    "operation",
    &[],
    &[
        ("tags", Texts),
        ("summary", Text),
        ("description", Text),
        ("externalDocs", Obj(&EXTERNAL_DOCS)),
        ("operationId", Text),
        ("parameters", List(&Ref(&PARAMETER))),
        ("requestBody", Ref(&REQUEST_BODY)),
        ("responses", Obj(&RESPONSES)),
        ("callbacks", Map(&Ref(&CALLBACK))),
        ("deprecated", Bool),
        ("security", List(&Map(&Texts))),
        ("servers", List(&Obj(&SERVER))),
    ],
);

pub(in crate::lower) static EXTERNAL_DOCS: Object = object(
    "external documentation",
    &["url"],
    &[("description", Text), ("url", Text)],
);

static PARAMETER: Object = object(
    "parameter",
    &["name", "in"],
    &[
        ("name", Text),
        (
            "in",
            Closed(&["path", "query", "header", "cookie", "querystring"]),
        ),
        ("description", Text),
        ("required", Bool),
        ("deprecated", Bool),
        ("allowEmptyValue", Bool),
        ("style", Closed(STYLES)),
        ("explode", Bool),
        ("allowReserved", Bool),
        ("schema", Schema),
        ("example", Any),
        ("examples", Map(&Ref(&EXAMPLE))),
        ("content", Map(&Ref(&MEDIA_TYPE))),
    ],
);

const STYLES: &[&str] = &[
    "cookie",
    "matrix",
    "label",
    "simple",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
];

static HEADER: Object = object(
    "header",
    &[],
    &[
        ("description", Text),
        ("required", Bool),
        ("deprecated", Bool),
        ("style", Closed(&["simple"])),
        ("explode", Bool),
        ("schema", Schema),
        ("example", Any),
        ("examples", Map(&Ref(&EXAMPLE))),
        ("content", Map(&Ref(&MEDIA_TYPE))),
    ],
);

static REQUEST_BODY: Object = object(
    "request body",
    &["content"],
    &[
        ("description", Text),
        ("content", Map(&Ref(&MEDIA_TYPE))),
        ("required", Bool),
    ],
);

static MEDIA_TYPE: Object = object(
    "media type",
    &[],
    &[
        ("description", Text),
        ("schema", Schema),
        ("itemSchema", Schema),
        ("example", Any),
        ("examples", Map(&Ref(&EXAMPLE))),
        ("encoding", Map(&Obj(&ENCODING))),
        ("prefixEncoding", List(&Obj(&ENCODING))),
        ("itemEncoding", Obj(&ENCODING)),
    ],
);

static ENCODING: Object = object(
    "encoding",
    &[],
    &[
        ("contentType", Text),
        ("encoding", Map(&Obj(&ENCODING))),
        ("prefixEncoding", List(&Obj(&ENCODING))),
        ("itemEncoding", Obj(&ENCODING)),
        ("headers", Map(&Ref(&HEADER))),
        ("style", Closed(STYLES)),
        ("explode", Bool),
        ("allowReserved", Bool),
    ],
);

static RESPONSES: Object = map("responses", Ref(&RESPONSE));

static RESPONSE: Object = object(
    "response",
    // OpenAPI asks for a description too; nothing depends on it.
    &[],
    &[
        ("summary", Text),
        ("description", Text),
        ("headers", Map(&Ref(&HEADER))),
        ("content", Map(&Ref(&MEDIA_TYPE))),
        ("links", Map(&Ref(&LINK))),
    ],
);

static CALLBACK: Object = map("callback", Ref(&PATH_ITEM));

static EXAMPLE: Object = object(
    "example",
    &[],
    &[
        ("summary", Text),
        ("description", Text),
        ("value", Any),
        ("dataValue", Any),
        ("serializedValue", Text),
        ("externalValue", Text),
    ],
);

static LINK: Object = object(
    "link",
    &[],
    &[
        ("operationRef", Text),
        ("operationId", Text),
        ("parameters", Map(&Any)),
        ("requestBody", Any),
        ("description", Text),
        ("server", Obj(&SERVER)),
    ],
);

static TAG: Object = object(
    "tag",
    &["name"],
    &[
        ("name", Text),
        ("summary", Text),
        ("parent", Text),
        ("kind", Text),
        ("description", Text),
        ("externalDocs", Obj(&EXTERNAL_DOCS)),
    ],
);

static SECURITY_SCHEME: Object = object(
    "security scheme",
    &["type"],
    &[
        (
            "type",
            Closed(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]),
        ),
        ("description", Text),
        ("name", Text),
        ("in", Closed(&["query", "header", "cookie"])),
        ("scheme", Text),
        ("bearerFormat", Text),
        ("flows", Obj(&FLOWS)),
        ("openIdConnectUrl", Text),
        ("oauth2MetadataUrl", Text),
        ("deprecated", Bool),
    ],
);

static FLOWS: Object = object(
    "flows",
    &[],
    &[
        ("implicit", Obj(&FLOW)),
        ("password", Obj(&FLOW)),
        ("clientCredentials", Obj(&FLOW)),
        ("authorizationCode", Obj(&FLOW)),
        ("deviceAuthorization", Obj(&FLOW)),
    ],
);

static FLOW: Object = object(
    "flow",
    &["scopes"],
    &[
        ("authorizationUrl", Text),
        ("deviceAuthorizationUrl", Text),
        ("tokenUrl", Text),
        ("refreshUrl", Text),
        ("scopes", Map(&Text)),
    ],
);
