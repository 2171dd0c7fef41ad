// generated from server.yaml by crates/contract-codegen; do not edit

use support::{Input, Payload, Requirement};
use wire::{Rule, TextRule};
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
    /// `GET /tickets`
    ListTickets,
    /// `POST /tickets`
    CreateTicket,
    /// `GET /tickets/open`
    CountOpen,
    /// `GET /tickets/{id}`
    GetTicket,
    /// `PATCH /tickets/{id}`
    ChangeTicket,
    /// `GET /tickets/{id}/photos/{number}`
    GetPhoto,
    /// `POST /files`
    AddFile,
    /// `POST /files/search`
    SearchFiles,
    /// `GET /files/listing`
    ListFiles,
    /// `GET /health`
    Health,
    /// `GET /whoami`
    Whoami,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 11] = [
        Operation::ListTickets,
        Operation::CreateTicket,
        Operation::CountOpen,
        Operation::GetTicket,
        Operation::ChangeTicket,
        Operation::GetPhoto,
        Operation::AddFile,
        Operation::SearchFiles,
        Operation::ListFiles,
        Operation::Health,
        Operation::Whoami,
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
        id: "listTickets",
        method: "GET",
        path: "/tickets",
        tag: "Tickets",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "createTicket",
        method: "POST",
        path: "/tickets",
        tag: "Tickets",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "countOpen",
        method: "GET",
        path: "/tickets/open",
        tag: "Tickets",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getTicket",
        method: "GET",
        path: "/tickets/{id}",
        tag: "Tickets",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "changeTicket",
        method: "PATCH",
        path: "/tickets/{id}",
        tag: "Tickets",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "getPhoto",
        method: "GET",
        path: "/tickets/{id}/photos/{number}",
        tag: "Files",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "addFile",
        method: "POST",
        path: "/files",
        tag: "Files",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "searchFiles",
        method: "POST",
        path: "/files/search",
        tag: "Files",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "listFiles",
        method: "GET",
        path: "/files/listing",
        tag: "Files",
        security: &[&[Requirement::new("token", &[])]],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "health",
        method: "GET",
        path: "/health",
        tag: "Health",
        security: &[],
        ..support::Facts::PLAIN
    },
    support::Facts {
        id: "whoami",
        method: "GET",
        path: "/whoami",
        tag: "Health",
        security: &[
            &[],
            &[Requirement::new("token", &[])],
            &[Requirement::new("key", &[])],
        ],
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
    /// `key`.
    ///
    /// The query `api_key`.
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
        support::authorization_flaw(self.headers, &["Bearer"])
    }
}

impl<'a> support::Credentials<'a> for SentCredentials<'a> {
    fn read(parts: &'a axum::http::request::Parts) -> SentCredentials<'a> {
        SentCredentials {
            bearer: support::bearer(&parts.headers),
            key: support::query_key(parts, "api_key"),
            headers: &parts.headers,
            extensions: &parts.extensions,
        }
    }

    fn present(&self) -> bool {
        self.bearer.is_some() || self.key.is_some()
    }

    fn challenge(&self, security: &[&[Requirement]]) -> &'static str {
        if support::asks_for(security, &["token"]) {
            return if self.bearer.is_some() {
                "Bearer error=\"invalid_token\""
            } else {
                "Bearer"
            };
        }
        ""
    }
}

/// The tags of the contract, on [`Mount`]: each is served by who implements its trait.
pub trait Tags<A: Api>: Sized {
    /// Serves the tag `Tickets`.
    fn tickets(self) -> Mount<A>
    where
        A: TicketsApi;
    /// Serves the tag `Files`.
    fn files(self) -> Mount<A>
    where
        A: FilesApi;
    /// Serves the tag `Health`.
    fn health(self) -> Mount<A>
    where
        A: HealthApi;
}

impl<A: Api> Tags<A> for Mount<A> {
    fn tickets(self) -> Mount<A>
    where
        A: TicketsApi,
    {
        self.add::<endpoint::ListTickets>()
            .add::<endpoint::CreateTicket>()
            .add::<endpoint::CountOpen>()
            .add::<endpoint::GetTicket>()
            .add::<endpoint::ChangeTicket>()
    }

    fn files(self) -> Mount<A>
    where
        A: FilesApi,
    {
        self.add::<endpoint::GetPhoto>()
            .add::<endpoint::AddFile>()
            .add::<endpoint::SearchFiles>()
            .add::<endpoint::ListFiles>()
    }

    fn health(self) -> Mount<A>
    where
        A: HealthApi,
    {
        self.add::<endpoint::Health>().add::<endpoint::Whoami>()
    }
}

/// Operations of the tag `Tickets`.
///
/// What people ask for.
pub trait TicketsApi: Api<Contract = Contract> {
    /// `GET /tickets`
    fn list_tickets(
        &self,
        context: Self::Context,
        request: ListTicketsRequest,
    ) -> impl Future<Output = Result<ListTicketsResponse, Self::Fault>> + Send;
    /// `POST /tickets`
    fn create_ticket(
        &self,
        context: Self::Context,
        request: CreateTicketRequest,
    ) -> impl Future<Output = Result<CreateTicketResponse, Self::Fault>> + Send;
    /// `GET /tickets/open`
    fn count_open(
        &self,
        context: Self::Context,
        request: CountOpenRequest,
    ) -> impl Future<Output = Result<CountOpenResponse, Self::Fault>> + Send;
    /// `GET /tickets/{id}`
    fn get_ticket(
        &self,
        context: Self::Context,
        request: GetTicketRequest,
    ) -> impl Future<Output = Result<GetTicketResponse, Self::Fault>> + Send;
    /// `PATCH /tickets/{id}`
    fn change_ticket(
        &self,
        context: Self::Context,
        request: ChangeTicketRequest,
    ) -> impl Future<Output = Result<ChangeTicketResponse, Self::Fault>> + Send;
}

/// Request of [`Operation::ListTickets`].
#[derive(Debug, Clone, PartialEq)]
pub struct ListTicketsRequest {
    /// `limit` (query).
    ///
    /// Default: `50`.
    pub limit: u64,
    /// `state` (query).
    pub state: Option<types::State>,
    /// `label` (query).
    pub label: Option<Vec<String>>,
    /// `near` (query).
    pub near: Option<Vec<f64>>,
    /// `X-Depth` (header).
    pub x_depth: Option<u64>,
    /// `session` (cookie).
    pub session: Option<String>,
    /// `urgent` (query).
    ///
    /// Default: `false`.
    pub urgent: bool,
}

impl support::FromRequest for ListTicketsRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_limit = input.query("limit", Some(const { &Rule::integer(1, 100) }));
        let v_state = input.query("state", None);
        let v_label = input
            .list(
                support::Place::Query,
                "label",
                support::Separator::Repeated,
                Some(const {
                    &Rule::List(wire::ListRule {
                        item: const {
                            &Rule::Text(TextRule {
                                pattern: Some(wire::Pattern {
                                    source: "^[a-z]+$",
                                    matches: types::patterns::pc182f89fdb221836,
                                    says: None,
                                }),
                                ..TextRule::ANY
                            })
                        },
                        min: 0,
                        max: 3,
                        unique: true,
                    })
                }),
            );
        let v_near = input
            .list(
                support::Place::Query,
                "near",
                support::Separator::Comma,
                Some(const { &Rule::list(const { &Rule::NUMBER }) }),
            );
        let v_x_depth = input
            .one(
                support::Place::Header({
                    static NAME: axum::http::HeaderName = axum::http::HeaderName::from_static(
                        "x-depth",
                    );
                    &NAME
                }),
                "X-Depth",
                Some(const {
                    &Rule::Integer(wire::IntegerRule {
                        min: 0,
                        max: 18446744073709551615,
                        stated: (true, false),
                        ..wire::IntegerRule::ANY
                    })
                }),
            );
        let v_session = input
            .one(support::Place::Cookie, "session", Some(const { &Rule::text(0, 4) }));
        let v_urgent = input.query("urgent", None);
        input.finish()?;
        Ok(Self {
            limit: support::complete(v_limit)?.unwrap_or(50),
            state: support::complete(v_state)?,
            label: support::complete(v_label)?,
            near: support::complete(v_near)?,
            x_depth: support::complete(v_x_depth)?,
            session: support::complete(v_session)?,
            urgent: support::complete(v_urgent)?.unwrap_or(false),
        })
    }
}

/// Headers of every answer `Ok`.
#[derive(Debug, Clone, PartialEq)]
pub struct OkHeaders {
    /// `X-Total`.
    pub x_total: u64,
    /// `X-Next`.
    pub x_next: Option<String>,
}

impl OkHeaders {
    fn write(&self, mut response: axum::response::Response) -> support::Written {
        support::set_header(&mut response, "x-total", &self.x_total)?;
        if let Some(value) = &self.x_next {
            support::set_header(&mut response, "x-next", value)?;
        }
        Ok(response)
    }
}

/// What [`Operation::ListTickets`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum ListTicketsResponse {
    /// 200: The tickets.
    Ok(Vec<types::Ticket>, OkHeaders),
    /// Any other status: Refused.
    Default(axum::http::StatusCode, types::Problem),
}

impl support::Answer for ListTicketsResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body, headers) => {
                headers
                    .write(
                        to
                            .json_by(
                                200,
                                "application/json",
                                body,
                                const {
                                    &Rule::list(const { &Rule::of::<types::Ticket>() })
                                },
                            )?,
                    )
            }
            Self::Default(code, body) => to.json(code.as_u16(), body),
        }
    }
}

impl support::FromError for ListTicketsResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            100..=999 => Ok(Self::Default(support::status(status), error)),
            _ => Err(error),
        }
    }
}

impl<A: TicketsApi> support::Endpoint<A> for endpoint::ListTickets {
    const OPERATION: Operation = Operation::ListTickets;
    type Access = support::Known;
    type Request = ListTicketsRequest;
    type Answer = ListTicketsResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: ListTicketsRequest,
    ) -> impl Future<Output = Result<ListTicketsResponse, A::Fault>> + Send {
        <A as TicketsApi>::list_tickets(api, context, request)
    }
}

/// Request of [`Operation::CreateTicket`].
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTicketRequest {
    /// `notify` (query).
    pub notify: bool,
    /// The body.
    pub body: types::TicketCreate,
}

impl support::FromRequest for CreateTicketRequest {
    fn payload<A: Api>(
        call: &support::Call<A>,
        body: &mut support::Rest,
    ) -> impl Future<Output = Result<Payload, Rejection>> + Send {
        support::body(call, body, const { &support::Accepts::JSON })
    }

    fn decode(mut input: Input<'_>, payload: Payload) -> Result<Self, Rejection> {
        let v_notify = input.query("notify", None);
        let v_notify = input.require("notify", v_notify);
        let Some(body) = (match payload {
            Payload::Bytes { medium: 0, bytes, .. } => {
                input.decode(&bytes, wire::decode::<types::TicketCreate>)
            }
            _ => input.missing_body(),
        }) else {
            return Err(input.refused());
        };
        input.finish()?;
        Ok(Self {
            notify: support::complete(v_notify)?,
            body,
        })
    }
}

/// What [`Operation::CreateTicket`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum CreateTicketResponse {
    /// 201: Made.
    Created(types::Ticket),
    /// 409: Refused.
    Conflict(types::Problem),
    /// 5XX: Refused.
    ServerError(support::RangeStatus<5>, types::Problem),
}

impl support::Answer for CreateTicketResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Created(body) => to.json(201, body),
            Self::Conflict(body) => to.json(409, body),
            Self::ServerError(code, body) => to.json(code.get().as_u16(), body),
        }
    }
}

impl support::FromError for CreateTicketResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            409 => Ok(Self::Conflict(error)),
            500..=599 => {
                match support::RangeStatus::new(support::status(status)) {
                    Some(code) => Ok(Self::ServerError(code, error)),
                    None => Err(error),
                }
            }
            _ => Err(error),
        }
    }
}

impl support::Respond for CreateTicketResponse {
    type Success = types::Ticket;
    fn success(body: Self::Success) -> Self {
        Self::Created(body)
    }
}

impl<A: TicketsApi> support::Endpoint<A> for endpoint::CreateTicket {
    const OPERATION: Operation = Operation::CreateTicket;
    type Access = support::Known;
    type Request = CreateTicketRequest;
    type Answer = CreateTicketResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: CreateTicketRequest,
    ) -> impl Future<Output = Result<CreateTicketResponse, A::Fault>> + Send {
        <A as TicketsApi>::create_ticket(api, context, request)
    }
}

/// Request of [`Operation::CountOpen`].
#[derive(Debug, Clone, PartialEq)]
pub struct CountOpenRequest {
    /// Names and values of the query parameters that are not declared, in the order of the
    /// query. A value that is no UTF-8 is `None`.
    pub undeclared_query: Vec<(String, Option<String>)>,
}

impl support::FromRequest for CountOpenRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let undeclared_query = input.undeclared(&[]);
        input.finish()?;
        Ok(Self { undeclared_query })
    }
}

/// What [`Operation::CountOpen`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum CountOpenResponse {
    /// 200: How many.
    Ok(String),
}

impl support::Answer for CountOpenResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.bytes(200, "text/plain; charset=utf-8", std::mem::take(body))
            }
        }
    }
}

impl support::FromError for CountOpenResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for CountOpenResponse {
    type Success = String;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: TicketsApi> support::Endpoint<A> for endpoint::CountOpen {
    const OPERATION: Operation = Operation::CountOpen;
    type Access = support::Known;
    type Request = CountOpenRequest;
    type Answer = CountOpenResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: CountOpenRequest,
    ) -> impl Future<Output = Result<CountOpenResponse, A::Fault>> + Send {
        <A as TicketsApi>::count_open(api, context, request)
    }
}

/// Request of [`Operation::GetTicket`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetTicketRequest {
    /// `id` (path).
    pub id: String,
}

impl support::FromRequest for GetTicketRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_id = input
            .one(support::Place::Path(0), "id", Some(const { &Rule::text(0, 8) }));
        let v_id = input.require("id", v_id);
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
        })
    }
}

/// What [`Operation::GetTicket`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetTicketResponse {
    /// 200: The ticket.
    Ok(types::Ticket),
    /// 404: Refused.
    NotFound(types::Problem),
}

impl support::Answer for GetTicketResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.json(200, body),
            Self::NotFound(body) => to.json(404, body),
        }
    }
}

impl support::FromError for GetTicketResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            404 => Ok(Self::NotFound(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for GetTicketResponse {
    type Success = types::Ticket;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: TicketsApi> support::Endpoint<A> for endpoint::GetTicket {
    const OPERATION: Operation = Operation::GetTicket;
    type Access = support::Known;
    type Request = GetTicketRequest;
    type Answer = GetTicketResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: GetTicketRequest,
    ) -> impl Future<Output = Result<GetTicketResponse, A::Fault>> + Send {
        <A as TicketsApi>::get_ticket(api, context, request)
    }
}

/// Request of [`Operation::ChangeTicket`].
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeTicketRequest {
    /// `id` (path).
    pub id: String,
    /// The body.
    pub body: Option<types::TicketChange>,
}

impl support::FromRequest for ChangeTicketRequest {
    fn payload<A: Api>(
        call: &support::Call<A>,
        body: &mut support::Rest,
    ) -> impl Future<Output = Result<Payload, Rejection>> + Send {
        support::body(call, body, const { &support::Accepts::JSON })
    }

    fn decode(mut input: Input<'_>, payload: Payload) -> Result<Self, Rejection> {
        let v_id = input
            .one(support::Place::Path(0), "id", Some(const { &Rule::text(0, 8) }));
        let v_id = input.require("id", v_id);
        let Some(body) = (match payload {
            Payload::Bytes { medium: 0, bytes, .. } => {
                input.decode(&bytes, wire::decode::<types::TicketChange>).map(Some)
            }
            _ => Some(None),
        }) else {
            return Err(input.refused());
        };
        input.finish()?;
        Ok(Self {
            id: support::complete(v_id)?,
            body,
        })
    }
}

/// What [`Operation::ChangeTicket`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeTicketResponse {
    /// 204: Changed.
    NoContent,
}

impl support::Answer for ChangeTicketResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::NoContent => to.empty(204),
        }
    }
}

impl support::FromError for ChangeTicketResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl<A: TicketsApi> support::Endpoint<A> for endpoint::ChangeTicket {
    const OPERATION: Operation = Operation::ChangeTicket;
    type Access = support::Known;
    type Request = ChangeTicketRequest;
    type Answer = ChangeTicketResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: ChangeTicketRequest,
    ) -> impl Future<Output = Result<ChangeTicketResponse, A::Fault>> + Send {
        <A as TicketsApi>::change_ticket(api, context, request)
    }
}

/// Operations of the tag `Files`.
pub trait FilesApi: Api<Contract = Contract> {
    /// `GET /tickets/{id}/photos/{number}`
    fn get_photo(
        &self,
        context: Self::Context,
        request: GetPhotoRequest,
    ) -> impl Future<Output = Result<GetPhotoResponse, Self::Fault>> + Send;
    /// `POST /files`
    fn add_file(
        &self,
        context: Self::Context,
        request: AddFileRequest,
    ) -> impl Future<Output = Result<AddFileResponse, Self::Fault>> + Send;
    /// `POST /files/search`
    fn search_files(
        &self,
        context: Self::Context,
        request: SearchFilesRequest,
    ) -> impl Future<Output = Result<SearchFilesResponse, Self::Fault>> + Send;
    /// `GET /files/listing`
    fn list_files(
        &self,
        context: Self::Context,
        request: ListFilesRequest,
    ) -> impl Future<Output = Result<ListFilesResponse, Self::Fault>> + Send;
}

/// Request of [`Operation::GetPhoto`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetPhotoRequest {
    /// `number` (path).
    pub number: u64,
    /// `id` (path).
    pub id: String,
    /// The media types that the caller accepts: the header `Accept`.
    pub accept: support::Accept,
}

impl support::FromRequest for GetPhotoRequest {
    fn decode(mut input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        let v_number = input
            .one(
                support::Place::Path(1),
                "number",
                Some(const {
                    &Rule::Integer(wire::IntegerRule {
                        min: 1,
                        max: 18446744073709551615,
                        stated: (true, false),
                        ..wire::IntegerRule::ANY
                    })
                }),
            );
        let v_number = input.require("number", v_number);
        let v_id = input.one(support::Place::Path(0), "id", None);
        let v_id = input.require("id", v_id);
        let v_accept = input.accept();
        input.finish()?;
        Ok(Self {
            number: support::complete(v_number)?,
            id: support::complete(v_id)?,
            accept: v_accept,
        })
    }
}

/// Body of `Ok` of [`Operation::GetPhoto`], by media type.
#[derive(Debug, Clone, PartialEq)]
pub enum GetPhotoOkBody {
    /// `image/png`
    Png(axum::body::Bytes),
    /// `application/json`
    Json(types::Ticket),
}

/// What [`Operation::GetPhoto`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum GetPhotoResponse {
    /// 200: The photo.
    Ok(GetPhotoOkBody),
}

impl support::Answer for GetPhotoResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                match body {
                    GetPhotoOkBody::Png(body) => {
                        to.bytes(200, "image/png", std::mem::take(body))
                    }
                    GetPhotoOkBody::Json(body) => to.json(200, body),
                }
            }
        }
    }
}

impl support::FromError for GetPhotoResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for GetPhotoResponse {
    type Success = GetPhotoOkBody;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: FilesApi> support::Endpoint<A> for endpoint::GetPhoto {
    const OPERATION: Operation = Operation::GetPhoto;
    type Access = support::Known;
    type Request = GetPhotoRequest;
    type Answer = GetPhotoResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: GetPhotoRequest,
    ) -> impl Future<Output = Result<GetPhotoResponse, A::Fault>> + Send {
        <A as FilesApi>::get_photo(api, context, request)
    }
}

/// Request of [`Operation::AddFile`].
#[derive(Debug, Clone, PartialEq)]
pub struct AddFileRequest {
    /// The body.
    pub body: AddFileBody,
}

/// Form of [`Operation::AddFile`].
#[derive(Debug, Clone, PartialEq)]
pub struct AddFileForm {
    /// `file`.
    pub file: support::FilePart,
    /// `copies`.
    pub copies: Option<u64>,
    /// `labels`.
    pub labels: Option<Vec<String>>,
    /// `ticket`.
    pub ticket: Option<types::TicketCreate>,
}

impl AddFileForm {
    fn read(input: &mut Input<'_>, parts: Vec<support::RawPart>) -> Option<AddFileForm> {
        let mut parts = support::Parts::new(parts);
        let v_file = parts.file(input, "file");
        let v_file = input.require("file", v_file);
        let v_copies = parts.one(input, "copies", Some(const { &Rule::integer(1, 9) }));
        let v_labels = parts
            .list(input, "labels", Some(const { &Rule::list(const { &Rule::TEXT }) }));
        let v_ticket = parts.json(input, "ticket", wire::decode::<types::TicketCreate>);
        Some(AddFileForm {
            file: v_file?,
            copies: v_copies?,
            labels: v_labels?,
            ticket: v_ticket?,
        })
    }
}

/// Body of [`Operation::AddFile`], by media type.
#[derive(Debug, Clone, PartialEq)]
pub enum AddFileBody {
    /// `multipart/form-data`
    Form(AddFileForm),
    /// `text/csv`
    Csv(String),
    /// `application/octet-stream`
    OctetStream(axum::body::Bytes),
}

impl support::FromRequest for AddFileRequest {
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
                            "multipart/form-data",
                            support::MediumKind::Multipart(
                                &["file", "copies", "labels", "ticket"],
                            ),
                        ),
                        support::Medium::new("text/csv", support::MediumKind::Text),
                        support::Medium::new(
                            "application/octet-stream",
                            support::MediumKind::Upload,
                        ),
                    ],
                    expected: &[
                        "multipart/form-data",
                        "text/csv",
                        "application/octet-stream",
                    ],
                }
            },
        )
    }

    fn decode(mut input: Input<'_>, payload: Payload) -> Result<Self, Rejection> {
        let Some(body) = (match payload {
            Payload::Parts { medium: 0, parts } => {
                AddFileForm::read(&mut input, parts).map(AddFileBody::Form)
            }
            Payload::Bytes { medium: 1, bytes, .. } => {
                Some(support::text(bytes)?).map(AddFileBody::Csv)
            }
            Payload::Bytes { medium: 2, bytes, .. } => {
                Some(bytes).map(AddFileBody::OctetStream)
            }
            _ => input.missing_body(),
        }) else {
            return Err(input.refused());
        };
        input.finish()?;
        Ok(Self { body })
    }
}

/// What [`Operation::AddFile`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum AddFileResponse {
    /// 200: What arrived.
    Ok(String),
}

impl support::Answer for AddFileResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.bytes(200, "text/plain; charset=utf-8", std::mem::take(body))
            }
        }
    }
}

impl support::FromError for AddFileResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for AddFileResponse {
    type Success = String;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: FilesApi> support::Endpoint<A> for endpoint::AddFile {
    const OPERATION: Operation = Operation::AddFile;
    type Access = support::Known;
    type Request = AddFileRequest;
    type Answer = AddFileResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: AddFileRequest,
    ) -> impl Future<Output = Result<AddFileResponse, A::Fault>> + Send {
        <A as FilesApi>::add_file(api, context, request)
    }
}

/// Request of [`Operation::SearchFiles`].
#[derive(Debug, Clone, PartialEq)]
pub struct SearchFilesRequest {
    /// The body.
    pub body: SearchFilesForm,
}

/// Form of [`Operation::SearchFiles`].
#[derive(Debug, Clone, PartialEq)]
pub struct SearchFilesForm {
    /// `text`.
    pub text: String,
    /// `most`.
    pub most: Option<u64>,
}

impl SearchFilesForm {
    fn read(
        input: &mut Input<'_>,
        parts: Vec<support::RawPart>,
    ) -> Option<SearchFilesForm> {
        let mut parts = support::Parts::new(parts);
        let v_text = parts
            .one(input, "text", Some(const { &Rule::text(2, usize::MAX) }));
        let v_text = input.require("text", v_text);
        let v_most = parts
            .one(
                input,
                "most",
                Some(const {
                    &Rule::Integer(wire::IntegerRule {
                        min: 1,
                        max: 18446744073709551615,
                        stated: (true, false),
                        ..wire::IntegerRule::ANY
                    })
                }),
            );
        Some(SearchFilesForm {
            text: v_text?,
            most: v_most?,
        })
    }
}

impl support::FromRequest for SearchFilesRequest {
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
                SearchFilesForm::read(
                    &mut input,
                    support::form_fields(&bytes, &["text", "most"])?,
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

/// What [`Operation::SearchFiles`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum SearchFilesResponse {
    /// 200: What arrived.
    Ok(String),
}

impl support::Answer for SearchFilesResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.bytes(200, "text/plain; charset=utf-8", std::mem::take(body))
            }
        }
    }
}

impl support::FromError for SearchFilesResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for SearchFilesResponse {
    type Success = String;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: FilesApi> support::Endpoint<A> for endpoint::SearchFiles {
    const OPERATION: Operation = Operation::SearchFiles;
    type Access = support::Known;
    type Request = SearchFilesRequest;
    type Answer = SearchFilesResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: SearchFilesRequest,
    ) -> impl Future<Output = Result<SearchFilesResponse, A::Fault>> + Send {
        <A as FilesApi>::search_files(api, context, request)
    }
}

/// Request of [`Operation::ListFiles`].
#[derive(Debug, Clone, PartialEq)]
pub struct ListFilesRequest {}
impl support::FromRequest for ListFilesRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::ListFiles`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug)]
pub enum ListFilesResponse {
    /// 200: The names.
    Ok(support::Streamed<types::Listing>),
    /// 404: Refused.
    NotFound(types::Problem),
}

impl support::Answer for ListFilesResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => to.streamed(200, "application/json", "names", body),
            Self::NotFound(body) => to.json(404, body),
        }
    }
}

impl support::FromError for ListFilesResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            404 => Ok(Self::NotFound(error)),
            _ => Err(error),
        }
    }
}

impl support::Respond for ListFilesResponse {
    type Success = support::Streamed<types::Listing>;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: FilesApi> support::Endpoint<A> for endpoint::ListFiles {
    const OPERATION: Operation = Operation::ListFiles;
    type Access = support::Known;
    type Request = ListFilesRequest;
    type Answer = ListFilesResponse;
    fn handle(
        api: &A,
        context: A::Context,
        request: ListFilesRequest,
    ) -> impl Future<Output = Result<ListFilesResponse, A::Fault>> + Send {
        <A as FilesApi>::list_files(api, context, request)
    }
}

/// Operations of the tag `Health`.
pub trait HealthApi: Api<Contract = Contract> {
    /// `GET /health`
    fn health(
        &self,
        request: HealthRequest,
    ) -> impl Future<Output = Result<HealthResponse, Self::Fault>> + Send;
    /// `GET /whoami`
    fn whoami(
        &self,
        context: Option<Self::Context>,
        request: WhoamiRequest,
    ) -> impl Future<Output = Result<WhoamiResponse, Self::Fault>> + Send;
}

/// Request of [`Operation::Health`].
#[derive(Debug, Clone, PartialEq)]
pub struct HealthRequest {}
impl support::FromRequest for HealthRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::Health`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum HealthResponse {
    /// 204: Well.
    NoContent,
}

impl support::Answer for HealthResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::NoContent => to.empty(204),
        }
    }
}

impl support::FromError for HealthResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl<A: HealthApi> support::Endpoint<A> for endpoint::Health {
    const OPERATION: Operation = Operation::Health;
    type Access = support::Anybody;
    type Request = HealthRequest;
    type Answer = HealthResponse;
    fn handle(
        api: &A,
        _: (),
        request: HealthRequest,
    ) -> impl Future<Output = Result<HealthResponse, A::Fault>> + Send {
        <A as HealthApi>::health(api, request)
    }
}

/// Request of [`Operation::Whoami`].
#[derive(Debug, Clone, PartialEq)]
pub struct WhoamiRequest {}
impl support::FromRequest for WhoamiRequest {
    fn decode(input: Input<'_>, _payload: Payload) -> Result<Self, Rejection> {
        input.finish()?;
        Ok(Self {})
    }
}

/// What [`Operation::Whoami`] can answer.
#[must_use = "an answer does nothing until it is returned"]
#[derive(Debug, Clone, PartialEq)]
pub enum WhoamiResponse {
    /// 200: Who.
    Ok(String),
}

impl support::Answer for WhoamiResponse {
    fn write(&mut self, to: &mut support::Writer) -> support::Written {
        match self {
            Self::Ok(body) => {
                to.bytes(200, "text/plain; charset=utf-8", std::mem::take(body))
            }
        }
    }
}

impl support::FromError for WhoamiResponse {
    type Error = types::Problem;
    fn from_error(status: u16, error: Self::Error) -> Result<Self, Self::Error> {
        match status {
            _ => Err(error),
        }
    }
}

impl support::Respond for WhoamiResponse {
    type Success = String;
    fn success(body: Self::Success) -> Self {
        Self::Ok(body)
    }
}

impl<A: HealthApi> support::Endpoint<A> for endpoint::Whoami {
    const OPERATION: Operation = Operation::Whoami;
    type Access = support::Either;
    type Request = WhoamiRequest;
    type Answer = WhoamiResponse;
    fn handle(
        api: &A,
        context: Option<A::Context>,
        request: WhoamiRequest,
    ) -> impl Future<Output = Result<WhoamiResponse, A::Fault>> + Send {
        <A as HealthApi>::whoami(api, context, request)
    }
}

/// What stands for the operations where types are asked for.
mod endpoint {
    pub(super) struct ListTickets;
    pub(super) struct CreateTicket;
    pub(super) struct CountOpen;
    pub(super) struct GetTicket;
    pub(super) struct ChangeTicket;
    pub(super) struct GetPhoto;
    pub(super) struct AddFile;
    pub(super) struct SearchFiles;
    pub(super) struct ListFiles;
    pub(super) struct Health;
    pub(super) struct Whoami;
}

/// The contract as JSON.
pub const CONTRACT_JSON: &str = include_str!("server.json");
