// generated from both-values.yaml by crates/contract-codegen; do not edit

use std::collections::BTreeMap;
use support::{Input, Payload, Requirement};
use wire::Rule;
pub use ::contract_serve as support;
pub use support::{Api, Denial, Mount, Rejection};
pub use types::support as wire;

/// Body of answers that no handler gave, as of all errors.
pub type ErrorBody = types::Problem;

/// The contract, where a type stands for it.
#[derive(Debug, Clone, Copy)]
pub struct Contract;
impl support::Contract for Contract {
    type Operation = Operation;
    type Credentials<'r> = SentCredentials<'r>;
    type ErrorBody = ErrorBody;
    const ERROR_MEDIA_TYPE: &'static str = "application/json";
    fn error_violations(body: &ErrorBody) -> Vec<support::Violation> {
        wire::violations(body)
    }
}

/// The operations of the contract, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `GET /items/{id}`
    GetItem,
    /// `GET /items/{id}:archive`
    ArchiveItem,
    /// `GET /items/variants`
    ListVariants,
    /// `GET /items/{id}/parts/{part}`
    GetPart,
    /// `GET /pairs/{a},{b}`
    GetPair,
    /// `GET /files/{name}.{ext}`
    GetFile,
    /// `GET /tags/{tags}`
    GetTags,
    /// `GET /texts`
    Texts,
    /// `GET /lists`
    Lists,
    /// `GET /others`
    Others,
    /// `POST /forms`
    SendForm,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 11] = [
        Operation::GetItem,
        Operation::ArchiveItem,
        Operation::ListVariants,
        Operation::GetPart,
        Operation::GetPair,
        Operation::GetFile,
        Operation::GetTags,
        Operation::Texts,
        Operation::Lists,
        Operation::Others,
        Operation::SendForm,
    ];

    /// Its `operationId`.
    pub fn id(self) -> &'static str {
        self.facts().id
    }

    /// Its method.
    pub fn method(self) -> &'static str {
        self.facts().method
    }

    /// Its path template.
    pub fn path(self) -> &'static str {
        self.facts().path
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        self.facts().tag
    }

    /// What it asks for: one of these sets of credentials. Empty: nothing; an empty
    /// set: nothing, too.
    pub fn security(self) -> &'static [&'static [Requirement]] {
        self.facts().security
    }

    fn facts(self) -> &'static support::Facts {
        &FACTS[self as usize]
    }
}

impl support::Operation for Operation {
    fn facts(self) -> &'static support::Facts {
        self.facts()
    }
}

/// As the contract names it.
impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

static FACTS: [support::Facts; 11] = [
    support::Facts {
        id: "getItem",
        method: "GET",
        path: "/items/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "archiveItem",
        method: "GET",
        path: "/items/{id}:archive",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "listVariants",
        method: "GET",
        path: "/items/variants",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getPart",
        method: "GET",
        path: "/items/{id}/parts/{part}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getPair",
        method: "GET",
        path: "/pairs/{a},{b}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getFile",
        method: "GET",
        path: "/files/{name}.{ext}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getTags",
        method: "GET",
        path: "/tags/{tags}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "texts",
        method: "GET",
        path: "/texts",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "lists",
        method: "GET",
        path: "/lists",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "others",
        method: "GET",
        path: "/others",
        tag: "Default",
        security: &[&[Requirement::new("key", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "sendForm",
        method: "POST",
        path: "/forms",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
];

/// What a request carries to say who sends it: [`SentCredentials`]. By this name, its
/// lifetime is bound as in [`Api::authenticate`].
pub type Credentials<'a> = <Contract as support::Contract>::Credentials<'a>;

/// What a request carries to say who sends it. Nothing of it is verified yet.
#[non_exhaustive]
pub struct SentCredentials<'a> {
    /// `key`.
    ///
    /// The query `api key`.
    pub key: Option<std::borrow::Cow<'a, str>>,
    /// Every header.
    pub headers: &'a axum::http::HeaderMap,
    /// What layers left on the request, such as the peer of the connection.
    pub extensions: &'a axum::http::Extensions,
}

impl<'a> SentCredentials<'a> {
    /// Why credentials that were sent are none, in words for the caller; `None`: they
    /// are well-formed, or there are none.
    pub fn flaw(&self) -> Option<String> {
        None
    }
}

impl<'a> support::Credentials<'a> for SentCredentials<'a> {
    fn read(parts: &'a axum::http::request::Parts) -> SentCredentials<'a> {
        SentCredentials {
            key: support::query_key(parts, "api key"),
            headers: &parts.headers,
            extensions: &parts.extensions,
        }
    }

    fn present(&self) -> bool {
        self.key.is_some()
    }

    fn challenge(&self, security: &[&[Requirement]]) -> &'static str {
        {
            let _ = security;
            ""
        }
    }
}

/// The tags of the contract, on [`Mount`]: each is served by who implements its trait.
pub trait Tags<A: Api>: Sized {
    /// Serves the tag `Default`.
    fn default(self) -> Mount<A>
    where
        A: DefaultApi;
}

impl<A: Api> Tags<A> for Mount<A> {
    fn default(self) -> Mount<A>
    where
        A: DefaultApi,
    {
        self.add::<endpoint::GetItem>()
            .add::<endpoint::ArchiveItem>()
            .add::<endpoint::ListVariants>()
            .add::<endpoint::GetPart>()
            .add::<endpoint::GetPair>()
            .add::<endpoint::GetFile>()
            .add::<endpoint::GetTags>()
            .add::<endpoint::Texts>()
            .add::<endpoint::Lists>()
            .add::<endpoint::Others>()
            .add::<endpoint::SendForm>()
    }
}

/// Operations of the tag `Default`.
pub trait DefaultApi: Api<Contract = Contract> {
    /// `GET /items/{id}`
    fn get_item(
        &self,
        request: GetItemRequest,
    ) -> impl Future<Output = Result<GetItemResponse, Self::Fault>> + Send;
    /// `GET /items/{id}:archive`
    fn archive_item(
        &self,
        request: ArchiveItemRequest,
    ) -> impl Future<Output = Result<ArchiveItemResponse, Self::Fault>> + Send;
    /// `GET /items/variants`
    fn list_variants(
        &self,
        request: ListVariantsRequest,
    ) -> impl Future<Output = Result<ListVariantsResponse, Self::Fault>> + Send;
    /// `GET /items/{id}/parts/{part}`
    fn get_part(
        &self,
        request: GetPartRequest,
    ) -> impl Future<Output = Result<GetPartResponse, Self::Fault>> + Send;
    /// `GET /pairs/{a},{b}`
    fn get_pair(
        &self,
        request: GetPairRequest,
    ) -> impl Future<Output = Result<GetPairResponse, Self::Fault>> + Send;
    /// `GET /files/{name}.{ext}`
    fn get_file(
        &self,
        request: GetFileRequest,
    ) -> impl Future<Output = Result<GetFileResponse, Self::Fault>> + Send;
    /// `GET /tags/{tags}`
    fn get_tags(
        &self,
        request: GetTagsRequest,
    ) -> impl Future<Output = Result<GetTagsResponse, Self::Fault>> + Send;
    /// `GET /texts`
    fn texts(
        &self,
        request: TextsRequest,
    ) -> impl Future<Output = Result<TextsResponse, Self::Fault>> + Send;
    /// `GET /lists`
    fn lists(
        &self,
        request: ListsRequest,
    ) -> impl Future<Output = Result<ListsResponse, Self::Fault>> + Send;
    /// `GET /others`
    fn others(
        &self,
        context: Self::Context,
        request: OthersRequest,
    ) -> impl Future<Output = Result<OthersResponse, Self::Fault>> + Send;
    /// `POST /forms`
    fn send_form(
        &self,
        request: SendFormRequest,
    ) -> impl Future<Output = Result<SendFormResponse, Self::Fault>> + Send;
}

/// Request of [`Operation::GetItem`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetItemRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for GetItemRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::GetItem`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetItemResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for GetItemResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for GetItemResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetItemResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetItem {
    const OPERATION: Operation = Operation::GetItem;
    type Access = support::Anybody;
    type Request = GetItemRequest;
    type Answer = GetItemResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetItemRequest,
    ) -> impl Future<Output = Result<GetItemResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_item(api, request)
    }
}

/// Request of [`Operation::ArchiveItem`].
#[derive(Debug, Clone, PartialEq)]
pub struct ArchiveItemRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for ArchiveItemRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::ArchiveItem`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum ArchiveItemResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for ArchiveItemResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for ArchiveItemResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for ArchiveItemResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::ArchiveItem {
    const OPERATION: Operation = Operation::ArchiveItem;
    type Access = support::Anybody;
    type Request = ArchiveItemRequest;
    type Answer = ArchiveItemResponse;
    fn handle(
        api: &A,
        _: (),
        request: ArchiveItemRequest,
    ) -> impl Future<Output = Result<ArchiveItemResponse, A::Fault>> + Send {
        <A as DefaultApi>::archive_item(api, request)
    }
}

/// Request of [`Operation::ListVariants`].
#[derive(Debug, Clone, PartialEq)]
pub struct ListVariantsRequest {}
impl support::FromRequest for ListVariantsRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::ListVariants`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum ListVariantsResponse {
    /// 200: What was read.
    Ok(types::Read),
}

impl support::Answer for ListVariantsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
        }
    }
}

impl support::FromError for ListVariantsResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for ListVariantsResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::ListVariants {
    const OPERATION: Operation = Operation::ListVariants;
    type Access = support::Anybody;
    type Request = ListVariantsRequest;
    type Answer = ListVariantsResponse;
    fn handle(
        api: &A,
        _: (),
        request: ListVariantsRequest,
    ) -> impl Future<Output = Result<ListVariantsResponse, A::Fault>> + Send {
        <A as DefaultApi>::list_variants(api, request)
    }
}

/// Request of [`Operation::GetPart`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetPartRequest {
    /// `id` (path).
    pub id: String,
    /// `part` (path).
    pub part: String,
}

impl support::FromRequest for GetPartRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        let v_part = input.one(support::Place::Path(1), "part", None);
        let v_part = input.require("part", v_part);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
            part: support::complete(v_part)?,
        })
    }
}

/// What [`Operation::GetPart`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetPartResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for GetPartResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for GetPartResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetPartResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetPart {
    const OPERATION: Operation = Operation::GetPart;
    type Access = support::Anybody;
    type Request = GetPartRequest;
    type Answer = GetPartResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetPartRequest,
    ) -> impl Future<Output = Result<GetPartResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_part(api, request)
    }
}

/// Request of [`Operation::GetPair`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetPairRequest {
    /// `a` (path).
    pub a: String,
    /// `b` (path).
    pub b: String,
}

impl support::FromRequest for GetPairRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_a = input.one(support::Place::Path(0), "a", None);
        let v_a = input.require("a", v_a);
        let v_b = input.one(support::Place::Path(1), "b", None);
        let v_b = input.require("b", v_b);
        input.finish()?;
        Ok(Self {
            a: support::complete(v_a)?,
            b: support::complete(v_b)?,
        })
    }
}

/// What [`Operation::GetPair`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetPairResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for GetPairResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for GetPairResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetPairResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetPair {
    const OPERATION: Operation = Operation::GetPair;
    type Access = support::Anybody;
    type Request = GetPairRequest;
    type Answer = GetPairResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetPairRequest,
    ) -> impl Future<Output = Result<GetPairResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_pair(api, request)
    }
}

/// Request of [`Operation::GetFile`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetFileRequest {
    /// `name` (path).
    pub name: String,
    /// `ext` (path).
    pub ext: String,
}

impl support::FromRequest for GetFileRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_name = input.one(support::Place::Path(0), "name", None);
        let v_name = input.require("name", v_name);
        let v_ext = input.one(support::Place::Path(1), "ext", None);
        let v_ext = input.require("ext", v_ext);
        input.finish()?;
        Ok(Self {
            name: support::complete(v_name)?,
            ext: support::complete(v_ext)?,
        })
    }
}

/// What [`Operation::GetFile`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetFileResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for GetFileResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for GetFileResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetFileResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetFile {
    const OPERATION: Operation = Operation::GetFile;
    type Access = support::Anybody;
    type Request = GetFileRequest;
    type Answer = GetFileResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetFileRequest,
    ) -> impl Future<Output = Result<GetFileResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_file(api, request)
    }
}

/// Request of [`Operation::GetTags`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetTagsRequest {
    /// `tags` (path).
    pub tags: Vec<String>,
}

impl support::FromRequest for GetTagsRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_tags = input
            .list(
                support::Place::Path(0),
                "tags",
                support::Separator::Comma,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_tags = input.require("tags", v_tags);
        input.finish()?;
        Ok(Self {
            tags: support::complete(v_tags)?,
        })
    }
}

/// What [`Operation::GetTags`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetTagsResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for GetTagsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for GetTagsResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetTagsResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetTags {
    const OPERATION: Operation = Operation::GetTags;
    type Access = support::Anybody;
    type Request = GetTagsRequest;
    type Answer = GetTagsResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetTagsRequest,
    ) -> impl Future<Output = Result<GetTagsResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_tags(api, request)
    }
}

/// Request of [`Operation::Texts`].
#[derive(Debug, Clone, PartialEq)]
pub struct TextsRequest {
    /// `text` (query).
    pub text: Option<String>,
    /// `odd name&=` (query).
    pub odd_name: Option<String>,
    /// `X-Text` (header).
    pub x_text: Option<String>,
    /// `text` (cookie).
    pub cookie_text: Option<String>,
    /// `number` (query).
    pub number: Option<Vec<f64>>,
}

impl support::FromRequest for TextsRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_text = input.query("text", None);
        let v_odd_name = input.query("odd name&=", None);
        let v_x_text = input
            .one(
                support::Place::Header({
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "x-text",
                    );
                    &NAME
                }),
                "X-Text",
                None,
            );
        let v_cookie_text = input.one(support::Place::Cookie, "text", None);
        let v_number = input
            .list(
                support::Place::Query,
                "number",
                support::Separator::Pipe,
                Some(const { &Rule::list(const { &Rule::NUMBER }) }),
            );
        input.finish()?;
        Ok(Self {
            text: support::complete(v_text)?,
            odd_name: support::complete(v_odd_name)?,
            x_text: support::complete(v_x_text)?,
            cookie_text: support::complete(v_cookie_text)?,
            number: support::complete(v_number)?,
        })
    }
}

/// What [`Operation::Texts`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum TextsResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for TextsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for TextsResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for TextsResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Texts {
    const OPERATION: Operation = Operation::Texts;
    type Access = support::Anybody;
    type Request = TextsRequest;
    type Answer = TextsResponse;
    fn handle(
        api: &A,
        _: (),
        request: TextsRequest,
    ) -> impl Future<Output = Result<TextsResponse, A::Fault>> + Send {
        <A as DefaultApi>::texts(api, request)
    }
}

/// Request of [`Operation::Lists`].
#[derive(Debug, Clone, PartialEq)]
pub struct ListsRequest {
    /// `commas` (query).
    pub commas: Option<types::Texts>,
    /// `pipes` (query).
    pub pipes: Option<types::Texts>,
    /// `spaces` (query).
    pub spaces: Option<types::Texts>,
    /// `repeated` (query).
    pub repeated: Option<Vec<String>>,
    /// `X-List` (header).
    pub x_list: Option<types::Texts>,
    /// `list` (cookie).
    pub list: Option<types::Texts>,
}

impl support::FromRequest for ListsRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_commas = input
            .list(
                support::Place::Query,
                "commas",
                support::Separator::Comma,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_pipes = input
            .list(
                support::Place::Query,
                "pipes",
                support::Separator::Pipe,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_spaces = input
            .list(
                support::Place::Query,
                "spaces",
                support::Separator::Space,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_repeated = input
            .list(
                support::Place::Query,
                "repeated",
                support::Separator::Repeated,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_x_list = input
            .list(
                support::Place::Header({
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "x-list",
                    );
                    &NAME
                }),
                "X-List",
                support::Separator::Comma,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        let v_list = input
            .list(
                support::Place::Cookie,
                "list",
                support::Separator::Comma,
                Some(const { &Rule::list(const { &Rule::TEXT }) }),
            );
        input.finish()?;
        Ok(Self {
            commas: support::complete(v_commas)?,
            pipes: support::complete(v_pipes)?,
            spaces: support::complete(v_spaces)?,
            repeated: support::complete(v_repeated)?,
            x_list: support::complete(v_x_list)?,
            list: support::complete(v_list)?,
        })
    }
}

/// What [`Operation::Lists`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum ListsResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for ListsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for ListsResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for ListsResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Lists {
    const OPERATION: Operation = Operation::Lists;
    type Access = support::Anybody;
    type Request = ListsRequest;
    type Answer = ListsResponse;
    fn handle(
        api: &A,
        _: (),
        request: ListsRequest,
    ) -> impl Future<Output = Result<ListsResponse, A::Fault>> + Send {
        <A as DefaultApi>::lists(api, request)
    }
}

/// Request of [`Operation::Others`].
#[derive(Debug, Clone, PartialEq)]
pub struct OthersRequest {
    /// `limit` (query).
    pub limit: Option<i64>,
    /// `filter` (query).
    pub filter: BTreeMap<String, String>,
}

impl support::FromRequest for OthersRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_limit = input.query("limit", None);
        let v_filter = input.others(&["limit", "api key"], None);
        input.finish()?;
        Ok(Self {
            limit: support::complete(v_limit)?,
            filter: support::complete(v_filter)?,
        })
    }
}

/// What [`Operation::Others`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum OthersResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
    /// 401: Refused.
    Unauthorized(types::Problem),
}

impl support::Answer for OthersResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl support::FromError for OthersResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            401 => Ok(Self::Unauthorized(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for OthersResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Others {
    const OPERATION: Operation = Operation::Others;
    type Access = support::Known;
    type Request = OthersRequest;
    type Answer = OthersResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: OthersRequest,
    ) -> impl Future<Output = Result<OthersResponse, A::Fault>> + Send {
        <A as DefaultApi>::others(api, context, request)
    }
}

/// Request of [`Operation::SendForm`].
#[derive(Debug, Clone, PartialEq)]
pub struct SendFormRequest {
    /// The body.
    pub body: SendFormForm,
}

/// Form of [`Operation::SendForm`].
#[derive(Debug, Clone, PartialEq)]
pub struct SendFormForm {
    /// `text`.
    pub text: String,
    /// `list`.
    pub list: Option<types::Texts>,
}

impl SendFormForm {
    fn read(
        input: &mut Input<'_>,
        parts: Vec<support::RawPart>,
    ) -> Option<SendFormForm> {
        let mut parts = support::Parts::new(parts);
        let v_text = parts.one(input, "text", None);
        let v_text = input.require("text", v_text);
        let v_list = parts
            .list(input, "list", Some(const { &Rule::list(const { &Rule::TEXT }) }));
        Some(SendFormForm {
            text: v_text?,
            list: v_list?,
        })
    }
}

impl support::FromRequest for SendFormRequest {
    fn payload<A: Api>(
        call: &support::Call<A>,
        body: &mut support::Rest,
    ) -> impl Future<Output = Result<Payload, Rejection>> + Send {
        support::body(
            call,
            body,
            const {
                &support::Accepts {
                    media: &[
                        support::Medium::new(
                            "application/x-www-form-urlencoded",
                            support::MediumKind::Document,
                        ),
                    ],
                    expected: &["application/x-www-form-urlencoded"],
                }
            },
        )
    }

    fn decode(mut input: Input<'_>, payload: Payload) -> Result<Self, Rejection> {
        let Some(body) = (match payload {
            Payload::Bytes { medium: 0, bytes, .. } => {
                SendFormForm::read(
                    &mut input,
                    support::form_fields(&bytes, &["text", "list"])?,
                )
            }
            _ => input.missing_body(),
        }) else {
            return Err(input.refused());
        };
        input.finish()?;
        Ok(Self { body })
    }
}

/// What [`Operation::SendForm`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum SendFormResponse {
    /// 200: What was read.
    Ok(types::Read),
    /// 400: Refused.
    BadRequest(types::Problem),
}

impl support::Answer for SendFormResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::BadRequest(body) => to.json(400, body),
        }
    }
}

impl support::FromError for SendFormResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            400 => Ok(Self::BadRequest(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for SendFormResponse {
    type Success = types::Read;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::SendForm {
    const OPERATION: Operation = Operation::SendForm;
    type Access = support::Anybody;
    type Request = SendFormRequest;
    type Answer = SendFormResponse;
    fn handle(
        api: &A,
        _: (),
        request: SendFormRequest,
    ) -> impl Future<Output = Result<SendFormResponse, A::Fault>> + Send {
        <A as DefaultApi>::send_form(api, request)
    }
}

/// What stands for the operations where types are asked for.
mod endpoint {
    pub(super) struct GetItem;
    pub(super) struct ArchiveItem;
    pub(super) struct ListVariants;
    pub(super) struct GetPart;
    pub(super) struct GetPair;
    pub(super) struct GetFile;
    pub(super) struct GetTags;
    pub(super) struct Texts;
    pub(super) struct Lists;
    pub(super) struct Others;
    pub(super) struct SendForm;
}

/// The contract as JSON.
pub const CONTRACT_JSON: &str = include_str!("both-values.json");
