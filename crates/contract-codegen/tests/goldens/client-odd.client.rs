// generated from client-odd.yaml by crates/contract-codegen; do not edit

use ::contract_call as support;

#[allow(unused_imports, reason = "not every contract has types")]
use super::types;
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
pub use support::{
    Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue,
    RetryPolicy, Sleeper, Upload,
};

#[derive(Clone, Debug)]
/// Client for Odd
///
/// Version: 2026-01 ?
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: support::Inner,
}

impl ClientInfo<support::Inner> for Client {
    fn api_version() -> &'static str {
        "2026-01 ?"
    }

    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }

    fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn inner(&self) -> &support::Inner {
        &self.inner
    }
}

const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<support::Inner>,
    {}
};

impl Client {
    /// The same client, whose attempts may take this long, instead of what the builder was told.
    pub fn with_timeout(&self, limit: std::time::Duration) -> Client {
        Client {
            inner: self.inner.with_timeout(limit),
            ..self.clone()
        }
    }

    /// The same client with one more header in every request, in the place of what it would say itself;
    /// credentials stay as they are.
    /// # Errors
    /// A name that no header has or that says where the request ends, or a value that no header can hold.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Client, Error<()>> {
        Ok(Client {
            inner: self.inner.with_header(name, value)?,
            ..self.clone()
        })
    }
}

impl Client {
    /// Base URLs the contract names.
    pub const SERVERS: &'static [&'static str] = &[];
    /// Sets up a client for the API at `base_url`, such as `https://api.example.com`: scheme, host, and the path in front of the contract's paths if there is one.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            settings: support::Settings::new(base_url.into(), "odd-client/2026-01"),
        }
    }
}

/// Sets up a [`Client`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    settings: support::Settings,
}

impl Builder {
    /// Credentials of the security scheme `session`.
    pub fn session(mut self, key: impl AsRef<str>) -> Self {
        self.settings
            .credential(|all| all.key_in_cookie("session", "sid", key.as_ref()));
        self
    }

    /// Credentials of the security scheme `key`.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.key_in_query("key", "api_key", key.as_ref()));
        self
    }

    /// Credentials of the security scheme `login`.
    pub fn login(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.settings
            .credential(|all| all.basic("login", user.as_ref(), password.as_ref()));
        self
    }

    /// Builds a client although some operations need credentials that are not set; calling
    /// one of these is an error.
    pub fn partial(mut self) -> Self {
        self.settings.partial = true;
        self
    }

    /// What the client calls itself in `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = name.into();
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer;
    /// 30 seconds if not set.
    pub fn timeout(mut self, limit: std::time::Duration) -> Self {
        self.settings.timeout = limit;
        self
    }

    /// How long connecting may take; 10 seconds if not set.
    pub fn connect_timeout(mut self, limit: std::time::Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// When and how often a request is sent again that was refused, or got no answer.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Calls `hook` before each attempt of each call: it sees the operation and the number of the attempt, and
    /// can change headers. Several hooks are called in their order.
    pub fn before_attempt(
        mut self,
        hook: impl Fn(&mut Attempt<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.settings.hooks.before(hook);
        self
    }

    /// Calls `hook` after each attempt, with its status or error, how long it took, and what the server
    /// calls the request.
    pub fn after_attempt(
        mut self,
        hook: impl Fn(&Outcome<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.settings.hooks.after(hook);
        self
    }

    /// Follows redirects that the contract does not declare, within the origin and where a request only
    /// reads. Otherwise they are answers that are not declared.
    pub fn follow_redirects(mut self) -> Self {
        self.settings.follow_redirects = true;
        self
    }

    /// Sends requests through `http` instead of a client of our own, for proxies, client
    /// certificates or other roots of trust. Its timeouts and redirect policy count.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.settings.http = Some(http);
        self
    }

    /// The client.
    /// # Errors
    /// A base URL that is not one, a value that cannot be sent, a shared header or
    /// credentials that are missing, or no TLS roots on this machine for an `https` URL.
    pub fn build(self) -> Result<Client, BuildError> {
        let (baseurl, client, inner) = self.settings.build(&[], SCHEMES, OPERATIONS)?;
        Ok(Client { baseurl, client, inner })
    }
}

impl ClientHooks<support::Inner> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        request.headers_mut().remove("api-version");
        self.inner
            .prepare(request, info.operation_id)
            .map_err(|problem| progenitor_client::Error::InvalidRequest(
                problem.to_string(),
            ))
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.inner.execute(&self.client, request, info.operation_id).await
    }
}

/// Security schemes, each with the method of the builder that sets its credential.
const SCHEMES: &[support::Scheme] = &[
    ("session", "session"),
    ("key", "key"),
    ("login", "login"),
];

/// Every operation, sorted by method name.
const OPERATIONS: &[support::Operation] = &[
    support::Operation {
        method: "has_job",
        id: "hasJob",
        path: "/jobs/{job-id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "lists",
        id: "lists",
        path: "/lists",
        security: &[&["session"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "nothing",
        id: "nothing",
        path: "/nothing",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "patch_job",
        id: "patchJob",
        path: "/jobs/{job-id}",
        security: &[&["key"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "post",
        id: "post",
        path: "/jobs/{job-id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "r#type",
        id: "type",
        path: "/names",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "send",
        id: "send",
        path: "/send",
        security: &[&["login"], &[]],
        redirects: &[],
        repeats: false,
    },
];

impl Client {
    /// Lists in every style, and a cookie.
    ///
    /// Sends a `GET` request to `/lists`
    pub async fn lists<'a>(
        &'a self,
        commas: Option<&'a [i64]>,
        pipes: Option<&'a [String]>,
        repeated: Option<&'a [String]>,
        spaces: Option<&'a [String]>,
        x_flags: Option<&'a [String]>,
        theme: Option<types::ListsTheme>,
    ) -> Result<ResponseValue<Vec<String>>, Error<()>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/lists", self.baseurl),
            )
            .accept("application/json")
            .query("commas", support::Style::Commas, commas.as_ref())
            .query("pipes", support::Style::Pipes, pipes.as_ref())
            .query("repeated", support::Style::Repeated, repeated.as_ref())
            .query("spaces", support::Style::Spaces, spaces.as_ref())
            .header("X-Flags", x_flags.as_ref())
            .cookie("theme", theme.as_ref());
        let response = self.inner.send(&self.client, call, "lists").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<Vec<String>>::from_response(response).await?),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::lists`] with what can be left out by name.
    pub async fn lists_with<'a>(
        &'a self,
        params: ListsParams,
    ) -> Result<ResponseValue<Vec<String>>, Error<()>> {
        self.lists(
                params.commas.as_deref(),
                params.pipes.as_deref(),
                params.repeated.as_deref(),
                params.spaces.as_deref(),
                params.x_flags.as_deref(),
                params.theme,
            )
            .await
    }

    /// Has an optional body and two kinds of success
    ///
    /// Sends a `PATCH` request to `/jobs/{job-id}` with a body of type `application/merge-patch+json`
    pub async fn patch_job<'a>(
        &'a self,
        job_id: u64,
        body: Option<&'a types::Job>,
    ) -> Result<ResponseValue<PatchJobSuccess>, Error<PatchJobFailure>> {
        let call = support::Call::new(
                reqwest::Method::PATCH,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "patch_job",
                        &[("job-id", support::path::value(&job_id))],
                    )?,
            )
            .accept("application/json")
            .json("application/merge-patch+json", body);
        let response = self.inner.send(&self.client, call, "patch_job").await?;
        match response.status().as_u16() {
            200 => {
                Ok(
                    ResponseValue::<types::Job>::from_response(response)
                        .await?
                        .map(PatchJobSuccess::Ok),
                )
            }
            202 => Ok(ResponseValue::empty(response).map(PatchJobSuccess::Accepted)),
            400 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Job>::from_response(response)
                            .await?
                            .map(PatchJobFailure::BadRequest),
                    ),
                )
            }
            409 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<String>::from_response(response)
                            .await?
                            .map(PatchJobFailure::Conflict),
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `HEAD` request to `/jobs/{job-id}`
    pub async fn has_job<'a>(
        &'a self,
        job_id: u64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let call = support::Call::new(
            reqwest::Method::HEAD,
            self
                .inner
                .url(
                    &self.baseurl,
                    "has_job",
                    &[("job-id", support::path::value(&job_id))],
                )?,
        );
        let response = self.inner.send(&self.client, call, "has_job").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `OPTIONS` request to `/jobs/{job-id}`
    pub async fn post_<'a>(
        &'a self,
        job_id: u64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let call = support::Call::new(
            reqwest::Method::OPTIONS,
            self
                .inner
                .url(
                    &self.baseurl,
                    "post",
                    &[("job-id", support::path::value(&job_id))],
                )?,
        );
        let response = self.inner.send(&self.client, call, "post").await?;
        match response.status().as_u16() {
            204 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Takes several media types
    ///
    /// Sends a `POST` request to `/send` with a body of type `application/x-www-form-urlencoded`
    pub async fn send<'a>(
        &'a self,
        to: &'a str,
        tags: Option<&'a [String]>,
    ) -> Result<ResponseValue<ByteStream>, Error<SendFailure>> {
        let call = support::Call::new(
                reqwest::Method::POST,
                format!("{}/send", self.baseurl),
            )
            .accept("text/plain, application/json")
            .form(
                support::Form::new().field("to", Some(&to)).field("tags", tags.as_ref()),
            );
        let response = self.inner.send(&self.client, call, "send").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            404 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::empty(response).map(SendFailure::NotFound),
                    ),
                )
            }
            422 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Job>::from_response(response)
                            .await?
                            .map(SendFailure::UnprocessableContent),
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::send`] with what can be left out by name.
    pub async fn send_with<'a>(
        &'a self,
        params: SendParams,
    ) -> Result<ResponseValue<ByteStream>, Error<SendFailure>> {
        self.send(&params.to, params.tags.as_deref()).await
    }

    /// Takes several media types
    ///
    /// Sends a `POST` request to `/send` with a body of type `text/csv`
    pub async fn send_as_csv<'a>(
        &'a self,
        body: &'a str,
    ) -> Result<ResponseValue<ByteStream>, Error<SendFailure>> {
        let call = support::Call::new(
                reqwest::Method::POST,
                format!("{}/send", self.baseurl),
            )
            .accept("text/plain, application/json")
            .raw("text/csv", Some(body).map(str::to_owned));
        let response = self.inner.send(&self.client, call, "send").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            404 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::empty(response).map(SendFailure::NotFound),
                    ),
                )
            }
            422 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Job>::from_response(response)
                            .await?
                            .map(SendFailure::UnprocessableContent),
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Takes several media types
    ///
    /// Sends a `POST` request to `/send` with a body of type `application/octet-stream`
    pub async fn send_as_octet_stream<'a, B: Into<reqwest::Body>>(
        &'a self,
        body: B,
    ) -> Result<ResponseValue<ByteStream>, Error<SendFailure>> {
        let call = support::Call::new(
                reqwest::Method::POST,
                format!("{}/send", self.baseurl),
            )
            .accept("text/plain, application/json")
            .raw("application/octet-stream", Some(body));
        let response = self.inner.send(&self.client, call, "send").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            404 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::empty(response).map(SendFailure::NotFound),
                    ),
                )
            }
            422 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Job>::from_response(response)
                            .await?
                            .map(SendFailure::UnprocessableContent),
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Names that progenitor uses itself
    ///
    /// Sends a `GET` request to `/names`
    pub async fn r#type<'a>(
        &'a self,
        call_: Option<&'a str>,
        header_map: Option<&'a str>,
        info: Option<&'a str>,
        self_: Option<&'a str>,
        url: Option<&'a str>,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/names", self.baseurl),
            )
            .query("call", support::Style::Repeated, call_.as_ref())
            .query("header-map", support::Style::Repeated, header_map.as_ref())
            .query("info", support::Style::Repeated, info.as_ref())
            .query("self", support::Style::Repeated, self_.as_ref())
            .query("url", support::Style::Repeated, url.as_ref());
        let response = self.inner.send(&self.client, call, "r#type").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::r#type`] with what can be left out by name.
    pub async fn type_with<'a>(
        &'a self,
        params: TypeParams,
    ) -> Result<ResponseValue<()>, Error<()>> {
        self.r#type(
                params.call.as_deref(),
                params.header_map.as_deref(),
                params.info.as_deref(),
                params.self_.as_deref(),
                params.url.as_deref(),
            )
            .await
    }

    /// Always answers null
    ///
    /// Sends a `GET` request to `/nothing`
    pub async fn nothing<'a>(&'a self) -> Result<ResponseValue<()>, Error<()>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/nothing", self.baseurl),
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "nothing").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<()>::from_response(response).await?),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }
}

/// Arguments of [`Client::lists_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct ListsParams {
    commas: Option<Vec<i64>>,
    pipes: Option<Vec<String>>,
    repeated: Option<Vec<String>>,
    spaces: Option<Vec<String>>,
    x_flags: Option<Vec<String>>,
    theme: Option<types::ListsTheme>,
}

impl ListsParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `commas` of the query.
    pub fn commas(mut self, commas: impl Into<Vec<i64>>) -> Self {
        self.commas = Some(commas.into());
        self
    }

    /// `pipes` of the query.
    pub fn pipes(mut self, pipes: impl Into<Vec<String>>) -> Self {
        self.pipes = Some(pipes.into());
        self
    }

    /// `repeated` of the query.
    pub fn repeated(mut self, repeated: impl Into<Vec<String>>) -> Self {
        self.repeated = Some(repeated.into());
        self
    }

    /// `spaces` of the query.
    pub fn spaces(mut self, spaces: impl Into<Vec<String>>) -> Self {
        self.spaces = Some(spaces.into());
        self
    }

    /// The header `X-Flags`.
    pub fn x_flags(mut self, x_flags: impl Into<Vec<String>>) -> Self {
        self.x_flags = Some(x_flags.into());
        self
    }

    /// `theme` of the cookie.
    pub fn theme(mut self, theme: types::ListsTheme) -> Self {
        self.theme = Some(theme);
        self
    }
}

/// Arguments of [`Client::send_with`], by name.
#[derive(Debug, Clone)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct SendParams {
    to: String,
    tags: Option<Vec<String>>,
}

impl SendParams {
    /// Those that are required.
    pub fn new(to: impl Into<String>) -> Self {
        Self { to: to.into(), tags: None }
    }

    /// The field `tags`.
    pub fn tags(mut self, tags: impl Into<Vec<String>>) -> Self {
        self.tags = Some(tags.into());
        self
    }
}

/// Arguments of [`Client::type_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct TypeParams {
    call: Option<String>,
    header_map: Option<String>,
    info: Option<String>,
    self_: Option<String>,
    url: Option<String>,
}

impl TypeParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `call` of the query.
    pub fn call(mut self, call: impl Into<String>) -> Self {
        self.call = Some(call.into());
        self
    }

    /// `header-map` of the query.
    pub fn header_map(mut self, header_map: impl Into<String>) -> Self {
        self.header_map = Some(header_map.into());
        self
    }

    /// `info` of the query.
    pub fn info(mut self, info: impl Into<String>) -> Self {
        self.info = Some(info.into());
        self
    }

    /// `self` of the query.
    pub fn self_(mut self, self_: impl Into<String>) -> Self {
        self.self_ = Some(self_.into());
        self
    }

    /// `url` of the query.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }
}

/// What `patchJob` gives when it succeeds.
#[derive(Debug)]
pub enum PatchJobSuccess {
    /// Status 200.
    Ok(types::Job),
    /// Status 202.
    Accepted(()),
}

/// How `patchJob` is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum PatchJobFailure {
    /// Status 400.
    BadRequest(types::Job),
    /// Status 409.
    Conflict(String),
}

impl serde::Serialize for PatchJobFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            PatchJobFailure::BadRequest(body) => body.serialize(serializer),
            PatchJobFailure::Conflict(body) => body.serialize(serializer),
        }
    }
}

/// How `send` is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendFailure {
    /// Status 404.
    NotFound(()),
    /// Status 422.
    UnprocessableContent(types::Job),
}

impl serde::Serialize for SendFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            SendFailure::NotFound(_) => serializer.serialize_unit(),
            SendFailure::UnprocessableContent(body) => body.serialize(serializer),
        }
    }
}
