// generated from both-answers.yaml by crates/contract-codegen; do not edit

use support::{Input, Payload, Requirement};
use wire::Rule;
pub use ::contract_serve as support;
pub use support::{Api, Denial, Mount, Rejection};
pub use types::support as wire;

/// Body of answers that no handler gave; the contract has no type for all of them.
pub type ErrorBody = support::Problem;

/// The contract, where a type stands for it.
#[derive(Debug, Clone, Copy)]
pub struct Contract;
impl support::Contract for Contract {
    type Operation = Operation;
    type Credentials<'r> = SentCredentials<'r>;
    type ErrorBody = ErrorBody;
    const ERROR_MEDIA_TYPE: &'static str = "application/problem+json";
    fn error_violations(_: &ErrorBody) -> Vec<support::Violation> {
        Vec::new()
    }
}

/// The operations of the contract, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `GET /pages/{id}`
    GetPage,
    /// `HEAD /pages/{id}`
    HasPage,
    /// `PUT /pages/{id}`
    PutPage,
    /// `DELETE /pages/{id}`
    DeletePage,
    /// `GET /moved`
    Moved,
    /// `GET /old/{id}`
    GetOld,
    /// `GET /anything`
    Anything,
    /// `GET /either`
    Either,
    /// `GET /secret/bearer`
    WithToken,
    /// `GET /secret/both`
    WithBoth,
    /// `GET /secret/either`
    WithEither,
    /// `GET /secret/session`
    WithSession,
    /// `GET /secret/perhaps`
    WithPerhaps,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 13] = [
        Operation::GetPage,
        Operation::HasPage,
        Operation::PutPage,
        Operation::DeletePage,
        Operation::Moved,
        Operation::GetOld,
        Operation::Anything,
        Operation::Either,
        Operation::WithToken,
        Operation::WithBoth,
        Operation::WithEither,
        Operation::WithSession,
        Operation::WithPerhaps,
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

static FACTS: [support::Facts; 13] = [
    support::Facts {
        id: "getPage",
        method: "GET",
        path: "/pages/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "hasPage",
        method: "HEAD",
        path: "/pages/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "putPage",
        method: "PUT",
        path: "/pages/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "deletePage",
        method: "DELETE",
        path: "/pages/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "moved",
        method: "GET",
        path: "/moved",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getOld",
        method: "GET",
        path: "/old/{id}",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "anything",
        method: "GET",
        path: "/anything",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "either",
        method: "GET",
        path: "/either",
        tag: "Default",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "withToken",
        method: "GET",
        path: "/secret/bearer",
        tag: "Default",
        security: &[&[Requirement::new("user", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "withBoth",
        method: "GET",
        path: "/secret/both",
        tag: "Default",
        security: &[&[Requirement::new("user", &[]), Requirement::new("app", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "withEither",
        method: "GET",
        path: "/secret/either",
        tag: "Default",
        security: &[&[Requirement::new("login", &[])], &[Requirement::new("link", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "withSession",
        method: "GET",
        path: "/secret/session",
        tag: "Default",
        security: &[&[Requirement::new("session", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "withPerhaps",
        method: "GET",
        path: "/secret/perhaps",
        tag: "Default",
        security: &[&[], &[Requirement::new("login", &[])]],
        ..support::Facts::PLAIN
    },
];

/// What a request carries to say who sends it: [`SentCredentials`]. By this name, its
/// lifetime is bound as in [`Api::authenticate`].
pub type Credentials<'a> = <Contract as support::Contract>::Credentials<'a>;

/// What a request carries to say who sends it. Nothing of it is verified yet.
#[non_exhaustive]
pub struct SentCredentials<'a> {
    /// Token of `Authorization: Bearer`.
    pub bearer: Option<&'a str>,
    /// `app`.
    ///
    /// The header `X-App`.
    pub app: Option<std::borrow::Cow<'a, str>>,
    /// User and password of `Authorization: Basic`.
    pub basic: Option<support::Basic>,
    /// `link`.
    ///
    /// The query `link`.
    pub link: Option<std::borrow::Cow<'a, str>>,
    /// `session`.
    ///
    /// The cookie `sid`.
    pub session: Option<std::borrow::Cow<'a, str>>,
    /// Every header.
    pub headers: &'a axum::http::HeaderMap,
    /// What layers left on the request, such as the peer of the connection.
    pub extensions: &'a axum::http::Extensions,
}

impl<'a> SentCredentials<'a> {
    /// Why credentials that were sent are none, in words for the caller; `None`: they
    /// are well-formed, or there are none.
    pub fn flaw(&self) -> Option<String> {
        support::authorization_flaw(self.headers, &["Bearer", "Basic"])
            .or_else(|| support::header_flaw(
                self.headers,
                {
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "x-app",
                    );
                    &NAME
                },
                "X-App",
            ))
    }
}

impl<'a> support::Credentials<'a> for SentCredentials<'a> {
    fn read(parts: &'a axum::http::request::Parts) -> SentCredentials<'a> {
        SentCredentials {
            bearer: support::bearer(&parts.headers),
            app: support::header_key(
                &parts.headers,
                {
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "x-app",
                    );
                    &NAME
                },
            ),
            basic: support::basic(&parts.headers),
            link: support::query_key(parts, "link"),
            session: support::cookie_key(&parts.headers, "sid"),
            headers: &parts.headers,
            extensions: &parts.extensions,
        }
    }

    fn present(&self) -> bool {
        self.bearer.is_some() || self.app.is_some() || self.basic.is_some()
            || self.link.is_some() || self.session.is_some()
    }

    fn challenge(&self, security: &[&[Requirement]]) -> &'static str {
        if support::asks_for(security, &["user"]) {
            return if self.bearer.is_some() {
                "Bearer error=\"invalid_token\""
            } else {
                "Bearer"
            };
        }
        if support::asks_for(security, &["login"]) {
            return "Basic realm=\"api\", charset=\"UTF-8\"";
        }
        ""
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
        self.add::<endpoint::GetPage>()
            .add::<endpoint::HasPage>()
            .add::<endpoint::PutPage>()
            .add::<endpoint::DeletePage>()
            .add::<endpoint::Moved>()
            .add::<endpoint::GetOld>()
            .add::<endpoint::Anything>()
            .add::<endpoint::Either>()
            .add::<endpoint::WithToken>()
            .add::<endpoint::WithBoth>()
            .add::<endpoint::WithEither>()
            .add::<endpoint::WithSession>()
            .add::<endpoint::WithPerhaps>()
    }
}

/// Operations of the tag `Default`.
pub trait DefaultApi: Api<Contract = Contract> {
    /// `GET /pages/{id}`
    fn get_page(
        &self,
        request: GetPageRequest,
    ) -> impl Future<Output = Result<GetPageResponse, Self::Fault>> + Send;
    /// `HEAD /pages/{id}`
    fn has_page(
        &self,
        request: HasPageRequest,
    ) -> impl Future<Output = Result<HasPageResponse, Self::Fault>> + Send;
    /// `PUT /pages/{id}`
    fn put_page(
        &self,
        request: PutPageRequest,
    ) -> impl Future<Output = Result<PutPageResponse, Self::Fault>> + Send;
    /// `DELETE /pages/{id}`
    fn delete_page(
        &self,
        request: DeletePageRequest,
    ) -> impl Future<Output = Result<DeletePageResponse, Self::Fault>> + Send;
    /// `GET /moved`
    fn moved(
        &self,
        request: MovedRequest,
    ) -> impl Future<Output = Result<MovedResponse, Self::Fault>> + Send;
    /// `GET /old/{id}`
    fn get_old(
        &self,
        request: GetOldRequest,
    ) -> impl Future<Output = Result<GetOldResponse, Self::Fault>> + Send;
    /// `GET /anything`
    fn anything(
        &self,
        request: AnythingRequest,
    ) -> impl Future<Output = Result<AnythingResponse, Self::Fault>> + Send;
    /// `GET /either`
    fn either(
        &self,
        request: EitherRequest,
    ) -> impl Future<Output = Result<EitherResponse, Self::Fault>> + Send;
    /// `GET /secret/bearer`
    fn with_token(
        &self,
        context: Self::Context,
        request: WithTokenRequest,
    ) -> impl Future<Output = Result<WithTokenResponse, Self::Fault>> + Send;
    /// `GET /secret/both`
    fn with_both(
        &self,
        context: Self::Context,
        request: WithBothRequest,
    ) -> impl Future<Output = Result<WithBothResponse, Self::Fault>> + Send;
    /// `GET /secret/either`
    fn with_either(
        &self,
        context: Self::Context,
        request: WithEitherRequest,
    ) -> impl Future<Output = Result<WithEitherResponse, Self::Fault>> + Send;
    /// `GET /secret/session`
    fn with_session(
        &self,
        context: Self::Context,
        request: WithSessionRequest,
    ) -> impl Future<Output = Result<WithSessionResponse, Self::Fault>> + Send;
    /// `GET /secret/perhaps`
    fn with_perhaps(
        &self,
        context: Option<Self::Context>,
        request: WithPerhapsRequest,
    ) -> impl Future<Output = Result<WithPerhapsResponse, Self::Fault>> + Send;
}

/// Request of [`Operation::GetPage`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetPageRequest {
    /// `id` (path).
    pub id: String,
    /// `If-None-Match` (header).
    pub if_none_match: Option<String>,
}

impl support::FromRequest for GetPageRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        let v_if_none_match = input
            .one(
                support::Place::Header({
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "if-none-match",
                    );
                    &NAME
                }),
                "If-None-Match",
                None,
            );
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
            if_none_match: support::complete(v_if_none_match)?,
        })
    }
}

/// What [`Operation::GetPage`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetPageResponse {
    /// 200: The page.
    Ok(types::Page),
    /// 304: Still the same.
    NotModified,
    /// 400: Malformed.
    BadRequest(types::Problem),
    /// 404: No such page.
    NotFound,
    /// 409: Held by another.
    Conflict(types::Holder),
    /// 410: Gone.
    Gone(String),
    /// 418: A picture of it.
    Status418(axum::body::Bytes),
    /// 5XX: Broken.
    ServerError(support::RangeStatus<5>, types::Problem),
}

impl support::Answer for GetPageResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::NotModified => to.empty(304),
            Self::BadRequest(body) => to.json(400, body),
            Self::NotFound => to.empty(404),
            Self::Conflict(body) => to.json(409, body),
            Self::Gone(body) => {
                to.bytes(410, "text/plain; charset=utf-8", std::mem::take(body))
            }
            Self::Status418(body) => to.bytes(418, "image/png", std::mem::take(body)),
            Self::ServerError(code, body) => to.json(code.get().as_u16(), body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetPage {
    const OPERATION: Operation = Operation::GetPage;
    type Access = support::Anybody;
    type Request = GetPageRequest;
    type Answer = GetPageResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetPageRequest,
    ) -> impl Future<Output = Result<GetPageResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_page(api, request)
    }
}

/// Request of [`Operation::HasPage`].
#[derive(Debug, Clone, PartialEq)]
pub struct HasPageRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for HasPageRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::HasPage`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum HasPageResponse {
    /// 200: There it is.
    Ok(types::Page),
    /// 404: No such page.
    NotFound(types::Problem),
}

impl support::Answer for HasPageResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::NotFound(body) => to.json(404, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::HasPage {
    const OPERATION: Operation = Operation::HasPage;
    type Access = support::Anybody;
    type Request = HasPageRequest;
    type Answer = HasPageResponse;
    fn handle(
        api: &A,
        _: (),
        request: HasPageRequest,
    ) -> impl Future<Output = Result<HasPageResponse, A::Fault>> + Send {
        <A as DefaultApi>::has_page(api, request)
    }
}

/// Request of [`Operation::PutPage`].
#[derive(Debug, Clone, PartialEq)]
pub struct PutPageRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for PutPageRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::PutPage`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum PutPageResponse {
    /// 204: As it was.
    NoContent,
    /// 2XX: Kept.
    Success(support::RangeStatus<2>, types::Page),
    /// 4XX: Refused.
    ClientError(support::RangeStatus<4>, types::Problem),
    /// Any other status: Anything else.
    Default(axum::http::StatusCode, String),
}

impl support::Answer for PutPageResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::NoContent => to.empty(204),
            Self::Success(code, body) => to.json(code.get().as_u16(), body),
            Self::ClientError(code, body) => to.json(code.get().as_u16(), body),
            Self::Default(code, body) => {
                to.bytes(
                    code.as_u16(),
                    "text/plain; charset=utf-8",
                    std::mem::take(body),
                )
            }
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::PutPage {
    const OPERATION: Operation = Operation::PutPage;
    type Access = support::Anybody;
    type Request = PutPageRequest;
    type Answer = PutPageResponse;
    fn handle(
        api: &A,
        _: (),
        request: PutPageRequest,
    ) -> impl Future<Output = Result<PutPageResponse, A::Fault>> + Send {
        <A as DefaultApi>::put_page(api, request)
    }
}

/// Request of [`Operation::DeletePage`].
#[derive(Debug, Clone, PartialEq)]
pub struct DeletePageRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for DeletePageRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::DeletePage`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum DeletePageResponse {
    /// 205: Gone.
    ResetContent,
    /// 404: No such page.
    NotFound,
}

impl support::Answer for DeletePageResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::ResetContent => to.empty(205),
            Self::NotFound => to.empty(404),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::DeletePage {
    const OPERATION: Operation = Operation::DeletePage;
    type Access = support::Anybody;
    type Request = DeletePageRequest;
    type Answer = DeletePageResponse;
    fn handle(
        api: &A,
        _: (),
        request: DeletePageRequest,
    ) -> impl Future<Output = Result<DeletePageResponse, A::Fault>> + Send {
        <A as DefaultApi>::delete_page(api, request)
    }
}

/// Request of [`Operation::Moved`].
#[derive(Debug, Clone, PartialEq)]
pub struct MovedRequest {}
impl support::FromRequest for MovedRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// Headers of every answer `Found`.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundHeaders {
    /// `Location`.
    pub location: String,
}

impl FoundHeaders {
    fn write(&self, mut response: axum::response::Response) -> support::Written {
        support::set_header(&mut response, "location", &self.location)?;
        Ok(response)
    }
}

/// What [`Operation::Moved`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum MovedResponse {
    /// 302: Elsewhere.
    Found(FoundHeaders),
}

impl support::Answer for MovedResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Found(headers) => headers.write(to.empty(302)?),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Moved {
    const OPERATION: Operation = Operation::Moved;
    type Access = support::Anybody;
    type Request = MovedRequest;
    type Answer = MovedResponse;
    fn handle(
        api: &A,
        _: (),
        request: MovedRequest,
    ) -> impl Future<Output = Result<MovedResponse, A::Fault>> + Send {
        <A as DefaultApi>::moved(api, request)
    }
}

/// Request of [`Operation::GetOld`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetOldRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for GetOldRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::GetOld`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetOldResponse {
    /// 200: Found.
    Ok(types::Page),
    /// 3XX: Elsewhere.
    Redirection(support::RangeStatus<3>),
}

impl support::Answer for GetOldResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::Redirection(code) => to.empty(code.get().as_u16()),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::GetOld {
    const OPERATION: Operation = Operation::GetOld;
    type Access = support::Anybody;
    type Request = GetOldRequest;
    type Answer = GetOldResponse;
    fn handle(
        api: &A,
        _: (),
        request: GetOldRequest,
    ) -> impl Future<Output = Result<GetOldResponse, A::Fault>> + Send {
        <A as DefaultApi>::get_old(api, request)
    }
}

/// Request of [`Operation::Anything`].
#[derive(Debug, Clone, PartialEq)]
pub struct AnythingRequest {}
impl support::FromRequest for AnythingRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::Anything`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum AnythingResponse {
    /// 304: Still the same.
    NotModified,
    /// Any other status: Anything.
    Default(axum::http::StatusCode, types::Page),
}

impl support::Answer for AnythingResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::NotModified => to.empty(304),
            Self::Default(code, body) => to.json(code.as_u16(), body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Anything {
    const OPERATION: Operation = Operation::Anything;
    type Access = support::Anybody;
    type Request = AnythingRequest;
    type Answer = AnythingResponse;
    fn handle(
        api: &A,
        _: (),
        request: AnythingRequest,
    ) -> impl Future<Output = Result<AnythingResponse, A::Fault>> + Send {
        <A as DefaultApi>::anything(api, request)
    }
}

/// Request of [`Operation::Either`].
#[derive(Debug, Clone, PartialEq)]
pub struct EitherRequest {
    /// `status` (query).
    pub status: u64,
    /// The media types that the caller accepts: the header `Accept`.
    pub accept: support::Accept,
}

impl support::FromRequest for EitherRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_status = input.query("status", Some(const { &Rule::integer(100, 599) }));
        let v_status = input.require("status", v_status);
        let v_accept = input.accept();
        input.finish()?;
        Ok(Self {
            status: support::complete(v_status)?,
            accept: v_accept,
        })
    }
}

/// Body of `Default` of [`Operation::Either`], by media type.
#[derive(Debug, Clone, PartialEq)]
pub enum EitherDefaultBody {
    /// `application/json`
    Json(types::Page),
    /// `text/plain`
    Plain(String),
}

/// What [`Operation::Either`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum EitherResponse {
    /// Any other status: Anything, in either form.
    Default(axum::http::StatusCode, EitherDefaultBody),
}

impl support::Answer for EitherResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Default(code, body) => {
                match body {
                    EitherDefaultBody::Json(body) => to.json(code.as_u16(), body),
                    EitherDefaultBody::Plain(body) => {
                        to.bytes(
                            code.as_u16(),
                            "text/plain; charset=utf-8",
                            std::mem::take(body),
                        )
                    }
                }
            }
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::Either {
    const OPERATION: Operation = Operation::Either;
    type Access = support::Anybody;
    type Request = EitherRequest;
    type Answer = EitherResponse;
    fn handle(
        api: &A,
        _: (),
        request: EitherRequest,
    ) -> impl Future<Output = Result<EitherResponse, A::Fault>> + Send {
        <A as DefaultApi>::either(api, request)
    }
}

/// Request of [`Operation::WithToken`].
#[derive(Debug, Clone, PartialEq)]
pub struct WithTokenRequest {}
impl support::FromRequest for WithTokenRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::WithToken`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WithTokenResponse {
    /// 200: Who it was.
    Ok(String),
    /// 401: Nobody.
    Unauthorized(types::Problem),
}

impl support::Answer for WithTokenResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.json_by(200, "application/json", body, const { &Rule::TEXT })
            }
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::WithToken {
    const OPERATION: Operation = Operation::WithToken;
    type Access = support::Known;
    type Request = WithTokenRequest;
    type Answer = WithTokenResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: WithTokenRequest,
    ) -> impl Future<Output = Result<WithTokenResponse, A::Fault>> + Send {
        <A as DefaultApi>::with_token(api, context, request)
    }
}

/// Request of [`Operation::WithBoth`].
#[derive(Debug, Clone, PartialEq)]
pub struct WithBothRequest {}
impl support::FromRequest for WithBothRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::WithBoth`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WithBothResponse {
    /// 200: Who it was.
    Ok(String),
    /// 401: Nobody.
    Unauthorized(types::Problem),
}

impl support::Answer for WithBothResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.json_by(200, "application/json", body, const { &Rule::TEXT })
            }
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::WithBoth {
    const OPERATION: Operation = Operation::WithBoth;
    type Access = support::Known;
    type Request = WithBothRequest;
    type Answer = WithBothResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: WithBothRequest,
    ) -> impl Future<Output = Result<WithBothResponse, A::Fault>> + Send {
        <A as DefaultApi>::with_both(api, context, request)
    }
}

/// Request of [`Operation::WithEither`].
#[derive(Debug, Clone, PartialEq)]
pub struct WithEitherRequest {}
impl support::FromRequest for WithEitherRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::WithEither`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WithEitherResponse {
    /// 200: Who it was.
    Ok(String),
    /// 401: Nobody.
    Unauthorized(types::Problem),
}

impl support::Answer for WithEitherResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.json_by(200, "application/json", body, const { &Rule::TEXT })
            }
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::WithEither {
    const OPERATION: Operation = Operation::WithEither;
    type Access = support::Known;
    type Request = WithEitherRequest;
    type Answer = WithEitherResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: WithEitherRequest,
    ) -> impl Future<Output = Result<WithEitherResponse, A::Fault>> + Send {
        <A as DefaultApi>::with_either(api, context, request)
    }
}

/// Request of [`Operation::WithSession`].
#[derive(Debug, Clone, PartialEq)]
pub struct WithSessionRequest {
    /// `theme` (cookie).
    pub theme: Option<String>,
}

impl support::FromRequest for WithSessionRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_theme = input.one(support::Place::Cookie, "theme", None);
        input.finish()?;
        Ok(Self {
            theme: support::complete(v_theme)?,
        })
    }
}

/// What [`Operation::WithSession`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WithSessionResponse {
    /// 200: Who it was.
    Ok(String),
    /// 401: Nobody.
    Unauthorized(types::Problem),
}

impl support::Answer for WithSessionResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.json_by(200, "application/json", body, const { &Rule::TEXT })
            }
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::WithSession {
    const OPERATION: Operation = Operation::WithSession;
    type Access = support::Known;
    type Request = WithSessionRequest;
    type Answer = WithSessionResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: WithSessionRequest,
    ) -> impl Future<Output = Result<WithSessionResponse, A::Fault>> + Send {
        <A as DefaultApi>::with_session(api, context, request)
    }
}

/// Request of [`Operation::WithPerhaps`].
#[derive(Debug, Clone, PartialEq)]
pub struct WithPerhapsRequest {}
impl support::FromRequest for WithPerhapsRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::WithPerhaps`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WithPerhapsResponse {
    /// 200: Who it was.
    Ok(String),
    /// 401: Nobody.
    Unauthorized(types::Problem),
}

impl support::Answer for WithPerhapsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.json_by(200, "application/json", body, const { &Rule::TEXT })
            }
            Self::Unauthorized(body) => to.json(401, body),
        }
    }
}

impl<A: DefaultApi> support::Endpoint<A> for endpoint::WithPerhaps {
    const OPERATION: Operation = Operation::WithPerhaps;
    type Access = support::Either;
    type Request = WithPerhapsRequest;
    type Answer = WithPerhapsResponse;
    fn handle(
        api: &A,
        context: Option<A::Context>,
        request: WithPerhapsRequest,
    ) -> impl Future<Output = Result<WithPerhapsResponse, A::Fault>> + Send {
        <A as DefaultApi>::with_perhaps(api, context, request)
    }
}

/// What stands for the operations where types are asked for.
mod endpoint {
    pub(super) struct GetPage;
    pub(super) struct HasPage;
    pub(super) struct PutPage;
    pub(super) struct DeletePage;
    pub(super) struct Moved;
    pub(super) struct GetOld;
    pub(super) struct Anything;
    pub(super) struct Either;
    pub(super) struct WithToken;
    pub(super) struct WithBoth;
    pub(super) struct WithEither;
    pub(super) struct WithSession;
    pub(super) struct WithPerhaps;
}

/// The contract as JSON.
pub const CONTRACT_JSON: &str = include_str!("both-answers.json");
