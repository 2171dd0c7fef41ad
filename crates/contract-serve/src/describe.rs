//! The operations describe themselves: requests by their fields and by what is asked for when it
//! is missing, answers by what is written for a sample of each.
//!
//! Only builds with the feature `utoipa` have this module. What is in it is for generated code; start
//! at [`assemble`].

use std::collections::BTreeMap;

use axum::http::{HeaderValue, Request, header, request::Parts};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{HttpMethod, ParameterBuilder, ParameterStyle};
use utoipa::openapi::path::{Operation as Description, OperationBuilder, Parameter, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayItems, KnownFormat, ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    Components, Content, ContentBuilder, Header, Info, OpenApi, Paths, Ref, RefOr, Required,
    Response, ResponseBuilder, Schema, SchemaFormat,
};

use contract_wire::describe::{Components as Definitions, Describe, Member, constrain};

use crate::{
    Answer, Blob, Constraint, Contract, Credentials, Facts, FilePart, FromRequest, Incoming, Input,
    Items, Operation, Payload, Rejection, Routes, Typed, ViolationCode, Writer, covers,
};

pub use contract_wire::describe::{field, sample};

/// A contract whose code can describe itself.
pub trait DescribedContract: Contract {
    /// Its named schemas.
    fn definitions() -> &'static Definitions;
}

/// A request that can describe itself.
pub trait Described: FromRequest {
    /// Its contract.
    type Contract: DescribedContract;

    /// Its operation.
    const OPERATION: <Self::Contract as Contract>::Operation;

    /// Its parameters.
    fn facts() -> Vec<Fact<Self>>;

    /// Its body.
    fn body() -> Option<RequestBody>;
}

/// Finds a value in a request.
type Get<S> = Box<dyn Fn(&S) -> Value>;

/// A parameter.
pub struct Fact<S> {
    name: &'static str,
    place: ParameterIn,
    rule: Constraint,
    member: Member,
    /// The value in a request; `None`: it is a credential, or a condition.
    value: Option<Get<S>>,
    condition: bool,
    style: Option<ParameterStyle>,
}

impl<S> Fact<S> {
    /// A list whose values stand together in one text.
    pub fn joined(mut self, style: ParameterStyle) -> Fact<S> {
        self.style = Some(style);
        self
    }
}

/// The parameter `name` that becomes the field that `get` reads.
pub fn parameter<S: 'static, F: Describe + Serialize + 'static>(
    name: &'static str,
    place: ParameterIn,
    rule: Constraint,
    get: fn(&S) -> &F,
) -> Fact<S> {
    Fact {
        name,
        place,
        rule,
        member: Member::of::<F>(),
        value: Some(Box::new(move |request| {
            serde_json::to_value(get(request)).unwrap_or_default()
        })),
        condition: false,
        style: None,
    }
}

/// The parameter `name` that the handler learns of by its context.
pub fn condition<S, F: Describe>(
    name: &'static str,
    place: ParameterIn,
    rule: Constraint,
) -> Fact<S> {
    Fact {
        name,
        place,
        rule,
        member: Member::of::<Option<F>>(),
        value: None,
        condition: true,
        style: None,
    }
}

/// The parameter `name` that is read as a credential.
pub fn credential<S>(name: &'static str, place: ParameterIn) -> Fact<S> {
    Fact {
        name,
        place,
        rule: None,
        member: Member::of::<Option<String>>(),
        value: None,
        condition: false,
        style: None,
    }
}

/// The parameters of a request. Whether one is required, what it is when it is absent, and that it
/// is read where it is said to be, is found out by decoding requests.
pub fn parameters<S: Described>() -> Vec<Parameter> {
    let facts = S::facts();
    let missing = match decode::<S>(&[]) {
        Err(Rejection::Invalid(violations)) => violations,
        _ => Vec::new(),
    };
    let is_missing = |name: &str| {
        let mut violations = missing.iter();
        violations.any(|found| found.path == name && found.code == ViolationCode::Required)
    };
    let schemas: Vec<_> = facts.iter().map(|fact| fact.schema()).collect();
    let given: Vec<Given<'_>> = facts
        .iter()
        .zip(&schemas)
        .filter(|(fact, _)| fact.place == ParameterIn::Path || is_missing(fact.name))
        .filter_map(|(fact, schema)| {
            Some((
                &fact.place,
                fact.name,
                texts::<S::Contract>(schema).into_iter().next()?,
            ))
        })
        .collect();
    let base = decode::<S>(&given).ok();
    let described = facts.iter().zip(&schemas).filter_map(|(fact, schema)| {
        let required = fact.place == ParameterIn::Path || is_missing(fact.name);
        let mut schema = schema.clone();
        if fact.value.is_none() && !fact.condition && !is_credential(fact) {
            return None;
        }
        if let (false, Some(base), Some(value)) = (required, &base, &fact.value) {
            let absent = value(base);
            let is_read = texts::<S::Contract>(&schema).into_iter().any(|text| {
                let with = [given.as_slice(), &[(&fact.place, fact.name, text)]].concat();
                match decode::<S>(&with) {
                    Ok(request) => value(&request) != absent,
                    // Also an item of it.
                    Err(Rejection::Invalid(found)) => found
                        .iter()
                        .any(|found| found.path.split('.').next() == Some(fact.name)),
                    Err(_) => false,
                }
            });
            if !is_read {
                return None;
            }
            schema = with_default(schema, absent);
        }
        let required = if required {
            Required::True
        } else {
            Required::False
        };
        let parameter = ParameterBuilder::new()
            .name(fact.name)
            .parameter_in(fact.place.clone())
            .required(required)
            .explode(fact.style.as_ref().map(|_| false))
            .style(fact.style.clone());
        Some(parameter.schema(Some(schema)).build())
    });
    described.collect()
}

impl<S> Fact<S> {
    fn schema(&self) -> RefOr<Schema> {
        let schema = self.member.schema().clone();
        self.rule
            .map_or(schema.clone(), |rule| constrain(schema, rule))
    }
}

/// Place, name and text of a parameter.
type Given<'a> = (&'a ParameterIn, &'static str, String);

/// Whether a value in its place is taken for a credential.
fn is_credential<S: Described>(fact: &Fact<S>) -> bool {
    head::<S>(&[(&fact.place, fact.name, "probe".to_owned())])
        .is_ok_and(|head| <S::Contract as Contract>::Credentials::read(&head).present())
}

/// A request with these parameters and no body.
fn decode<S: Described>(given: &[Given<'_>]) -> Result<S, Rejection> {
    let head = head::<S>(given)?;
    let mut routes = Routes::default();
    routes.insert(S::OPERATION, ());
    let found = routes.find(head.uri.path()).ok_or(Rejection::Fault)?;
    S::decode(Input::new(&head, &found.spans, false), Payload::Absent)
}

/// The head of such a request.
fn head<S: Described>(given: &[Given<'_>]) -> Result<Parts, Rejection> {
    let mut path = S::OPERATION.facts().path.to_owned();
    let mut query = Vec::new();
    let mut request = Request::new(());
    for (place, name, text) in given {
        match place {
            ParameterIn::Path => path = path.replace(&format!("{{{name}}}"), text),
            ParameterIn::Query | ParameterIn::QueryString => {
                query.push(format!("{name}={}", text.replace('+', "%2B")))
            }
            ParameterIn::Header => {
                if let (Ok(name), Ok(text)) = (name.parse(), HeaderValue::from_str(text)) {
                    let name: axum::http::HeaderName = name;
                    request.headers_mut().append(name, text);
                }
            }
            ParameterIn::Cookie => {
                if let Ok(text) = HeaderValue::from_str(&format!("{name}={text}")) {
                    request.headers_mut().append(header::COOKIE, text);
                }
            }
        }
    }
    let path = path.replace(['{', '}'], "");
    let target = format!("{path}?{}", query.join("&"));
    *request.uri_mut() = target.parse().map_err(|_| Rejection::Fault)?;
    Ok(request.into_parts().0)
}

/// Some texts that `schema` allows.
fn texts<C: DescribedContract>(schema: &RefOr<Schema>) -> Vec<String> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match schema {
        RefOr::Ref(target) => referred::<C>(target).map(texts::<C>).unwrap_or_default(),
        RefOr::T(Schema::Array(list)) => match &list.items {
            ArrayItems::RefOrSchema(items) => texts::<C>(items),
            ArrayItems::False => Vec::new(),
        },
        RefOr::T(Schema::Object(object)) => {
            if let Some(values) = &object.enum_values {
                let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
                return values.iter().map(text).collect();
            }
            let json = serde_json::to_value(object).unwrap_or_default();
            match (json["type"].as_str(), json["format"].as_str()) {
                (Some("boolean"), _) => owned(&["true", "false"]),
                (Some("integer" | "number"), _) => {
                    let least = json["minimum"].as_i64().unwrap_or(0);
                    vec![(least + 1).to_string(), least.to_string()]
                }
                (_, Some("date")) => owned(&["2026-01-31"]),
                (_, Some("date-time")) => owned(&["2026-01-31T09:30:00Z"]),
                (_, Some("email")) => owned(&["a@example.com"]),
                (_, Some("uri")) => owned(&["https://example.com/"]),
                (_, Some("uuid")) => owned(&["123e4567-e89b-12d3-a456-426614174000"]),
                _ => owned(&["probe", "2026-01"]),
            }
        }
        RefOr::T(_) => Vec::new(),
    }
}

fn referred<C: DescribedContract>(target: &Ref) -> Option<&'static RefOr<Schema>> {
    let name = target.ref_location.rsplit('/').next()?;
    let mut definitions = C::definitions().iter();
    let (_, schema) = definitions.find(|(known, _)| known == name)?;
    Some(schema)
}

fn with_default(mut schema: RefOr<Schema>, value: Value) -> RefOr<Schema> {
    // That no other name was given is no value.
    let default = Some(value).filter(|value| !value.is_null() && *value != json!({}));
    match &mut schema {
        RefOr::Ref(target) => target.default = default,
        RefOr::T(Schema::Object(object)) => object.default = default,
        RefOr::T(Schema::Array(list)) => list.default = default,
        RefOr::T(_) => {}
    }
    schema
}

/// A body under these media types.
pub fn body(required: bool, contents: Vec<(&'static str, Content)>) -> Option<RequestBody> {
    let required = if required {
        Required::True
    } else {
        Required::False
    };
    let body = RequestBodyBuilder::new().required(Some(required));
    let fill = |body: RequestBodyBuilder, (media_type, content)| body.content(media_type, content);
    Some(contents.into_iter().fold(body, fill).build())
}

/// A body that `get` finds in a request or answer.
pub fn content<S, F: Describe>(get: fn(&S) -> Option<&F>, rule: Constraint) -> Content {
    let _ = get;
    let schema = F::present();
    let schema = rule.map_or(schema.clone(), |rule| constrain(schema, rule));
    ContentBuilder::new().schema(Some(schema)).build()
}

/// What holds items.
pub trait Sequenced {
    /// Each of them.
    type Item;
}

impl<T> Sequenced for Items<T> {
    type Item = T;
}

impl<T> Sequenced for Incoming<T> {
    type Item = T;
}

/// As [`content`], of a body that is a sequence of items.
pub fn items<S, W: Sequenced>(get: fn(&S) -> Option<&W>, rule: Constraint) -> Content
where
    W::Item: Describe,
{
    let _ = get;
    let mut content = content(|_: &S| None::<&W::Item>, rule);
    content.item_schema = content.schema.take();
    content
}

/// Bytes.
pub fn raw() -> Content {
    ContentBuilder::new().build()
}

/// A form with these parts.
pub fn form(parts: Vec<(&'static str, bool, Member, Constraint)>) -> Content {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for (name, required, member, rule) in parts {
        let (schema, required) = member.settle(required);
        let schema = rule.map_or(schema.clone(), |rule| constrain(schema, rule));
        object = object.property(name, schema);
        if required {
            object = object.required(name);
        }
    }
    ContentBuilder::new().schema(Some(object)).build()
}

impl Describe for FilePart {
    fn refer() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let file = ObjectBuilder::new().schema_type(Type::String);
        file.format(Some(format)).into()
    }

    fn sample() -> FilePart {
        FilePart {
            file_name: None,
            content_type: None,
            headers: Default::default(),
            bytes: Default::default(),
        }
    }
}

/// A sample of a body whose media type is one of `range`.
pub fn blob(range: &str) -> Blob {
    Blob {
        content_type: range.replace('*', "x"),
        bytes: Default::default(),
    }
}

/// A sample of a value whose media type is one of `range`.
pub fn typed_sample<F: Describe>(range: &str) -> Typed<F> {
    Typed {
        content_type: range.replace('*', "x"),
        body: sample(),
    }
}

/// As [`content`], of a body that says of which media type it is.
pub fn typed<S, F: Describe>(get: fn(&S) -> Option<&Typed<F>>, rule: Constraint) -> Content {
    let _ = get;
    content(|_: &S| None::<&F>, rule)
}

/// Under which key an answer is declared.
pub enum Key {
    /// The status it is written with.
    Status,
    /// A class of statuses.
    Class(u8),
    /// Any other status.
    Default,
}

/// An answer: how a sample of it is written, and what it holds.
pub struct Variant {
    key: String,
    media_type: Option<String>,
    content: Option<Content>,
    headers: Vec<(String, Header)>,
}

impl Variant {
    /// Its media type is any of `range`, if that of the sample is.
    #[must_use]
    pub fn of_range(mut self, range: &'static str) -> Variant {
        let is_one = |media_type: &String| covers(range, media_type);
        if self.media_type.as_ref().is_some_and(is_one) {
            self.media_type = Some(range.to_owned());
        }
        self
    }

    /// It says what is left of a limit on requests.
    #[must_use]
    pub fn limited(mut self) -> Variant {
        self.headers
            .extend(LIMIT.map(|name| (name.to_owned(), text_header())));
        self
    }
}

/// Headers of answers to whoever is limited.
const LIMIT: [&str; 2] = ["ratelimit", "ratelimit-policy"];

/// A header that is any text.
fn text_header() -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    Header::new(RefOr::T(Schema::Object(text.build())))
}

/// The answer of which `sample` is one.
pub fn answer<A: Answer>(
    key: Key,
    mut sample: A,
    mut content: Option<Content>,
    headers: Vec<(&'static str, bool, Member, Constraint)>,
) -> Variant {
    let mut writer = Writer::new(false, false);
    let response = sample.write(&mut writer).ok();
    let property = writer.streamed.and_then(|source| source.property());
    if let (Some(property), Some(content)) = (property, &mut content) {
        let stream = ExtensionsBuilder::new().add("x-stream", property);
        content.extensions = Some(stream.build());
    }
    let text = |response: &axum::response::Response, name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.split(';').next().unwrap_or_default().to_owned())
    };
    let status = response.as_ref().map(|response| response.status());
    // Only headers that are really written.
    let written = headers.into_iter().filter(|(name, ..)| {
        let response = response.as_ref();
        response.is_some_and(|response| response.headers().contains_key(*name))
    });
    let headers = written.map(|(name, required, member, rule)| {
        let (schema, required) = member.settle(required);
        let schema = rule.map_or(schema.clone(), |rule| constrain(schema, rule));
        let mut header = Header::new(schema);
        if required {
            header.extensions = Some(ExtensionsBuilder::new().add("x-required", true).build());
        }
        (name.to_owned(), header)
    });
    Variant {
        key: match key {
            Key::Status => {
                status.map_or("unwritable".to_owned(), |status| status.as_str().to_owned())
            }
            Key::Class(class) => format!("{class}XX"),
            Key::Default => "default".to_owned(),
        },
        headers: headers.collect(),
        media_type: response.and_then(|response| text(&response, "content-type")),
        content,
    }
}

/// The answers, by status.
pub fn responses(variants: Vec<Variant>) -> BTreeMap<String, RefOr<Response>> {
    let mut responses: BTreeMap<String, Response> = BTreeMap::new();
    for variant in variants {
        let empty = || ResponseBuilder::new().build();
        let response = responses.entry(variant.key).or_insert_with(empty);
        if let Some(media_type) = variant.media_type {
            let content = variant.content.unwrap_or_default();
            response.content.insert(media_type, content.into());
        }
        for (name, header) in variant.headers {
            response.headers.insert(name, header.into());
        }
    }
    responses
        .into_iter()
        .map(|(key, response)| (key, response.into()))
        .collect()
}

/// An operation, of what it takes and answers.
pub fn operation<Q: Described + utoipa::IntoParams, A: utoipa::IntoResponses>() -> Description {
    let facts = Q::OPERATION.facts();
    let mut described = OperationBuilder::new()
        .operation_id(Some(facts.id))
        .tag(facts.tag)
        .request_body(Q::body());
    let parameters = Q::into_params(|| None);
    if !parameters.is_empty() {
        described = described.parameters(Some(parameters));
    }
    for alternative in facts.security {
        let mut requirement = SecurityRequirement::default();
        for part in *alternative {
            requirement = requirement.add(part.scheme, part.scopes.iter().copied());
        }
        described = described.security(requirement);
    }
    let mut responses = A::responses();
    around(facts, &mut responses);
    for (key, response) in responses {
        described = described.response(key, response);
    }
    described.build()
}

/// What is answered around the handler of an operation.
fn around(facts: &Facts, responses: &mut BTreeMap<String, RefOr<Response>>) {
    let reads = matches!(facts.method, "GET" | "HEAD" | "QUERY");
    let done = |key: &String| key.starts_with('2');
    for (_, response) in responses.iter_mut().filter(|(key, _)| done(key)) {
        if let RefOr::T(response) = response {
            if facts.conditional {
                response
                    .headers
                    .insert("etag".to_owned(), text_header().into());
            }
            if facts.repeats {
                let name = "idempotency-replayed".to_owned();
                response.headers.insert(name, text_header().into());
            }
        }
    }
    if facts.conditional && reads {
        let mut unchanged = ResponseBuilder::new().build();
        let limit = LIMIT.iter().filter(|_| facts.limited);
        for name in limit.chain(&["etag"]) {
            unchanged
                .headers
                .insert((*name).to_owned(), text_header().into());
        }
        responses.insert("304".to_owned(), unchanged.into());
    }
}

/// All of it: these operations, each as `describe` has it, and the schemas of `C`.
pub fn assemble<C: DescribedContract>(
    title: &str,
    version: &str,
    operations: &[C::Operation],
    describe: fn(C::Operation) -> Description,
) -> OpenApi {
    let mut paths = Paths::new();
    for operation in operations {
        let facts = operation.facts();
        let method = match facts.method {
            "PUT" => HttpMethod::Put,
            "POST" => HttpMethod::Post,
            "DELETE" => HttpMethod::Delete,
            "OPTIONS" => HttpMethod::Options,
            "HEAD" => HttpMethod::Head,
            "PATCH" => HttpMethod::Patch,
            "TRACE" => HttpMethod::Trace,
            _ => HttpMethod::Get,
        };
        paths.add_path_operation(facts.path, vec![method], describe(*operation));
    }
    let mut components = Components::new();
    components.schemas.extend(C::definitions().iter().cloned());
    let mut description = OpenApi::new(Info::new(title, version), paths);
    description.components = Some(components);
    description
}
