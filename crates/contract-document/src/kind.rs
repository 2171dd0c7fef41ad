//! Which object of OpenAPI stands where.
//!
//! A key means what its place gives it: `example` below `properties` is a schema, in a schema it is
//! a value in which `$ref` is only text. Everything that walks a document asks this table.

/// What a node is, by its place (section 4 of OpenAPI 3.2, whose objects include those of 3.1; schemas by
/// JSON Schema 2020-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Components,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    Discriminator,
    /// Names to objects, or a list of objects.
    Each(Section),
    MediaTypes,
    Encodings,
    /// Methods to operations.
    Operations,
    /// A value without references: examples, defaults, extensions, text.
    Opaque,
}

/// A part of `components`, in the order of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Section {
    Schemas,
    Responses,
    Parameters,
    Examples,
    RequestBodies,
    Headers,
    SecuritySchemes,
    Links,
    Callbacks,
    PathItems,
    MediaTypes,
}

impl Section {
    pub(crate) const ALL: [Section; 11] = [
        Section::Schemas,
        Section::Responses,
        Section::Parameters,
        Section::Examples,
        Section::RequestBodies,
        Section::Headers,
        Section::SecuritySchemes,
        Section::Links,
        Section::Callbacks,
        Section::PathItems,
        Section::MediaTypes,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::Schemas => "schemas",
            Section::Responses => "responses",
            Section::Parameters => "parameters",
            Section::Examples => "examples",
            Section::RequestBodies => "requestBodies",
            Section::Headers => "headers",
            Section::SecuritySchemes => "securitySchemes",
            Section::Links => "links",
            Section::Callbacks => "callbacks",
            Section::PathItems => "pathItems",
            Section::MediaTypes => "mediaTypes",
        }
    }

    /// Whether requests and answers are understood without such objects.
    pub(crate) fn is_beside_the_point(self) -> bool {
        matches!(
            self,
            Section::Examples | Section::SecuritySchemes | Section::Links
        )
    }

    pub(crate) fn from_name(name: &str) -> Option<Section> {
        Section::ALL
            .into_iter()
            .find(|section| section.name() == name)
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            Section::Schemas => Kind::Schema,
            Section::Responses => Kind::Response,
            Section::Parameters => Kind::Parameter,
            Section::Examples => Kind::Example,
            Section::RequestBodies => Kind::RequestBody,
            Section::Headers => Kind::Header,
            Section::SecuritySchemes => Kind::SecurityScheme,
            Section::Links => Kind::Link,
            Section::Callbacks => Kind::Callback,
            Section::PathItems => Kind::PathItem,
            Section::MediaTypes => Kind::MediaType,
        }
    }
}

impl Kind {
    /// The part of `components` that takes such objects; only these may be a `$ref`.
    pub(crate) fn section(self) -> Option<Section> {
        Section::ALL
            .into_iter()
            .find(|section| section.kind() == self)
    }

    /// What stands below `key` of a map of this kind, or in a list of this kind.
    pub(crate) fn child(self, key: &str) -> Kind {
        let is_extension = key.starts_with("x-");
        match self {
            Kind::Each(section) => section.kind(),
            Kind::MediaTypes => Kind::MediaType,
            Kind::Encodings => Kind::Encoding,
            Kind::Operations => Kind::Operation,
            Kind::Paths | Kind::Callback if !is_extension => Kind::PathItem,
            Kind::Responses if !is_extension => Kind::Response,
            Kind::Components => Section::from_name(key).map_or(Kind::Opaque, Kind::Each),
            Kind::Schema => schema_child(key),
            _ => object_child(self, key),
        }
    }
}

fn object_child(kind: Kind, key: &str) -> Kind {
    use Section::{Callbacks, Examples, Headers, Links, Parameters};
    match (kind, key) {
        (Kind::Document, "paths") => Kind::Paths,
        (Kind::Document, "webhooks") => Kind::Paths,
        (Kind::Document, "components") => Kind::Components,
        (
            Kind::PathItem,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query",
        ) => Kind::Operation,
        (Kind::PathItem, "additionalOperations") => Kind::Operations,
        (Kind::PathItem | Kind::Operation, "parameters") => Kind::Each(Parameters),
        (Kind::Operation, "requestBody") => Kind::RequestBody,
        (Kind::Operation, "responses") => Kind::Responses,
        (Kind::Operation, "callbacks") => Kind::Each(Callbacks),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => Kind::Schema,
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Kind::Each(Examples),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            Kind::MediaTypes
        }
        (Kind::MediaType, "itemSchema") => Kind::Schema,
        (Kind::MediaType | Kind::Encoding, "encoding" | "prefixEncoding") => Kind::Encodings,
        (Kind::MediaType | Kind::Encoding, "itemEncoding") => Kind::Encoding,
        (Kind::Encoding | Kind::Response, "headers") => Kind::Each(Headers),
        (Kind::Response, "links") => Kind::Each(Links),
        _ => Kind::Opaque,
    }
}

fn schema_child(key: &str) -> Kind {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "allOf" | "anyOf" | "oneOf" | "prefixItems" => Kind::Each(Section::Schemas),
        "items"
        | "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Kind::Schema,
        "discriminator" => Kind::Discriminator,
        _ => Kind::Opaque,
    }
}
