// generated from both-answers.yaml by crates/contract-codegen; do not edit

use ::contract_call as support;

#[allow(unused_imports, reason = "not every contract has types")]
use super::types;
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
pub use support::{
    Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue,
    RetryPolicy, Sleeper, Upload,
};

#[derive(Clone, Debug)]
/// Client for Answers
///
/// Version: 1
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: support::Inner,
}

impl ClientInfo<support::Inner> for Client {
    fn api_version() -> &'static str {
        "1"
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

    /// The same client, which asks for these media types where an answer can be of several, such as
    /// `text/csv` or `text/csv, application/json;q=0.5`, instead of all that the contract declares.
    /// # Errors
    /// Media types that no header can hold.
    pub fn with_accept(&self, media_types: &str) -> Result<Client, Error<()>> {
        Ok(Client {
            inner: self.inner.with_header("accept", media_types)?,
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
            settings: support::Settings::new(base_url.into(), "answers-client/1"),
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
    /// Credentials of the security scheme `user`.
    pub fn token(mut self, token: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.bearer("user", token.as_ref()));
        self
    }

    /// Credentials of the security scheme `app`.
    pub fn app(mut self, key: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.key_in_header("app", "X-App", key.as_ref()));
        self
    }

    /// Credentials of the security scheme `login`.
    pub fn login(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.settings
            .credential(|all| all.basic("login", user.as_ref(), password.as_ref()));
        self
    }

    /// Credentials of the security scheme `link`.
    pub fn link(mut self, key: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.key_in_query("link", "link", key.as_ref()));
        self
    }

    /// Credentials of the security scheme `session`.
    pub fn session(mut self, key: impl AsRef<str>) -> Self {
        self.settings
            .credential(|all| all.key_in_cookie("session", "sid", key.as_ref()));
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
    ("user", "token"),
    ("app", "app"),
    ("login", "login"),
    ("link", "link"),
    ("session", "session"),
];

/// Every operation, sorted by method name.
const OPERATIONS: &[support::Operation] = &[
    support::Operation {
        method: "anything",
        id: "anything",
        path: "/anything",
        security: &[],
        redirects: &[(304u16, 304u16)],
        repeats: false,
    },
    support::Operation {
        method: "delete_page",
        id: "deletePage",
        path: "/pages/{id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "either",
        id: "either",
        path: "/either",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_old",
        id: "getOld",
        path: "/old/{id}",
        security: &[],
        redirects: &[(300, 399)],
        repeats: false,
    },
    support::Operation {
        method: "get_page",
        id: "getPage",
        path: "/pages/{id}",
        security: &[],
        redirects: &[(304u16, 304u16)],
        repeats: false,
    },
    support::Operation {
        method: "has_page",
        id: "hasPage",
        path: "/pages/{id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "moved",
        id: "moved",
        path: "/moved",
        security: &[],
        redirects: &[(302u16, 302u16)],
        repeats: false,
    },
    support::Operation {
        method: "put_page",
        id: "putPage",
        path: "/pages/{id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "with_both",
        id: "withBoth",
        path: "/secret/both",
        security: &[&["user", "app"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "with_either",
        id: "withEither",
        path: "/secret/either",
        security: &[&["login"], &["link"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "with_perhaps",
        id: "withPerhaps",
        path: "/secret/perhaps",
        security: &[&[], &["login"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "with_session",
        id: "withSession",
        path: "/secret/session",
        security: &[&["session"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "with_token",
        id: "withToken",
        path: "/secret/bearer",
        security: &[&["user"]],
        redirects: &[],
        repeats: false,
    },
];

impl Client {
    /// Sends a `GET` request to `/pages/{id}`
    pub async fn get_page<'a>(
        &'a self,
        id: &'a str,
        if_none_match: Option<&'a str>,
    ) -> Result<ResponseValue<GetPageSuccess>, Error<GetPageFailure>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "get_page",
                        &[("id", support::path::value(&id))],
                    )?,
            )
            .accept("application/json")
            .header("If-None-Match", if_none_match.as_ref());
        let response = self.inner.send(&self.client, call, "get_page").await?;
        match response.status().as_u16() {
            200 => {
                Ok(
                    ResponseValue::<types::Page>::from_response(response)
                        .await?
                        .map(GetPageSuccess::Ok),
                )
            }
            304 => Ok(ResponseValue::empty(response).map(GetPageSuccess::NotModified)),
            400 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response)
                            .await?
                            .map(GetPageFailure::BadRequest),
                    ),
                )
            }
            404 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::empty(response).map(GetPageFailure::NotFound),
                    ),
                )
            }
            409 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Holder>::from_response(response)
                            .await?
                            .map(GetPageFailure::Conflict),
                    ),
                )
            }
            410 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::text(response).await?.map(GetPageFailure::Gone),
                    ),
                )
            }
            418 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::bytes(response)
                            .await?
                            .map(GetPageFailure::Status418),
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response)
                            .await?
                            .map(GetPageFailure::ServerError),
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::get_page`] with what can be left out by name.
    pub async fn get_page_with<'a>(
        &'a self,
        id: &'a str,
        params: GetPageParams,
    ) -> Result<ResponseValue<GetPageSuccess>, Error<GetPageFailure>> {
        self.get_page(id, params.if_none_match.as_deref()).await
    }

    /// Sends a `HEAD` request to `/pages/{id}`
    pub async fn has_page<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let call = support::Call::new(
            reqwest::Method::HEAD,
            self
                .inner
                .url(&self.baseurl, "has_page", &[("id", support::path::value(&id))])?,
        );
        let response = self.inner.send(&self.client, call, "has_page").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::empty(response)),
            404 => Err(Error::ErrorResponse(ResponseValue::empty(response))),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `PUT` request to `/pages/{id}`
    pub async fn put_page<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<PutPageSuccess>, Error<PutPageFailure>> {
        let call = support::Call::new(
                reqwest::Method::PUT,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "put_page",
                        &[("id", support::path::value(&id))],
                    )?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "put_page").await?;
        match response.status().as_u16() {
            204 => Ok(ResponseValue::empty(response).map(PutPageSuccess::NoContent)),
            200..=299 => {
                Ok(
                    ResponseValue::<types::Page>::from_response(response)
                        .await?
                        .map(PutPageSuccess::Success),
                )
            }
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response)
                            .await?
                            .map(PutPageFailure::ClientError),
                    ),
                )
            }
            _ => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::text(response).await?.map(PutPageFailure::Default),
                    ),
                )
            }
        }
    }

    /// Sends a `DELETE` request to `/pages/{id}`
    pub async fn delete_page<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .inner
            .url(&self.baseurl, "delete_page", &[("id", support::path::value(&id))])?;
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "delete_page",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            205 => Ok(ResponseValue::empty(response)),
            404 => Err(Error::ErrorResponse(ResponseValue::empty(response))),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/moved`
    pub async fn moved<'a>(&'a self) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!("{}/moved", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.get(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "moved",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            302 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/old/{id}`
    pub async fn get_old<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<GetOldSuccess>, Error<()>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(&self.baseurl, "get_old", &[("id", support::path::value(&id))])?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "get_old").await?;
        match response.status().as_u16() {
            200 => {
                Ok(
                    ResponseValue::<types::Page>::from_response(response)
                        .await?
                        .map(GetOldSuccess::Ok),
                )
            }
            300..=399 => {
                Ok(ResponseValue::empty(response).map(GetOldSuccess::Redirection))
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/anything`
    pub async fn anything<'a>(
        &'a self,
    ) -> Result<ResponseValue<AnythingSuccess>, Error<types::Page>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/anything", self.baseurl),
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "anything").await?;
        match response.status().as_u16() {
            304 => Ok(ResponseValue::empty(response).map(AnythingSuccess::NotModified)),
            200..=299 => {
                Ok(
                    ResponseValue::<types::Page>::from_response(response)
                        .await?
                        .map(AnythingSuccess::Default),
                )
            }
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Page>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Page>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/either`
    pub async fn either<'a>(
        &'a self,
        status: u64,
    ) -> Result<ResponseValue<EitherDefaultBody>, Error<EitherDefaultErrorBody>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/either", self.baseurl),
            )
            .accept("application/json, text/plain")
            .query("status", support::Style::Repeated, Some(&status));
        let response = self.inner.send(&self.client, call, "either").await?;
        match response.status().as_u16() {
            200..=299 => {
                Ok(
                    match ResponseValue::media_type(&response).as_str() {
                        "text/plain" => {
                            ResponseValue::stream(response).map(EitherDefaultBody::Plain)
                        }
                        _ => {
                            ResponseValue::<types::Page>::from_response(response)
                                .await?
                                .map(EitherDefaultBody::Json)
                        }
                    },
                )
            }
            _ => {
                Err(
                    Error::ErrorResponse(
                        match ResponseValue::media_type(&response).as_str() {
                            "text/plain" => {
                                ResponseValue::text(response)
                                    .await?
                                    .map(EitherDefaultErrorBody::Plain)
                            }
                            _ => {
                                ResponseValue::<types::Page>::from_response(response)
                                    .await?
                                    .map(EitherDefaultErrorBody::Json)
                            }
                        },
                    ),
                )
            }
        }
    }

    /// Sends a `GET` request to `/secret/bearer`
    pub async fn with_token<'a>(
        &'a self,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        let url = format!("{}/secret/bearer", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "with_token",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<String>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/secret/both`
    pub async fn with_both<'a>(
        &'a self,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        let url = format!("{}/secret/both", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "with_both",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<String>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/secret/either`
    pub async fn with_either<'a>(
        &'a self,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        let url = format!("{}/secret/either", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "with_either",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<String>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/secret/session`
    pub async fn with_session<'a>(
        &'a self,
        theme: Option<&'a str>,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/secret/session", self.baseurl),
            )
            .accept("application/json")
            .cookie("theme", theme.as_ref());
        let response = self.inner.send(&self.client, call, "with_session").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<String>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::with_session`] with what can be left out by name.
    pub async fn with_session_with<'a>(
        &'a self,
        params: WithSessionParams,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        self.with_session(params.theme.as_deref()).await
    }

    /// Sends a `GET` request to `/secret/perhaps`
    pub async fn with_perhaps<'a>(
        &'a self,
    ) -> Result<ResponseValue<String>, Error<types::Problem>> {
        let url = format!("{}/secret/perhaps", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "with_perhaps",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<String>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Problem>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }
}

/// Arguments of [`Client::get_page_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct GetPageParams {
    if_none_match: Option<String>,
}

impl GetPageParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// The header `If-None-Match`.
    pub fn if_none_match(mut self, if_none_match: impl Into<String>) -> Self {
        self.if_none_match = Some(if_none_match.into());
        self
    }
}

/// Arguments of [`Client::with_session_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct WithSessionParams {
    theme: Option<String>,
}

impl WithSessionParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `theme` of the cookie.
    pub fn theme(mut self, theme: impl Into<String>) -> Self {
        self.theme = Some(theme.into());
        self
    }
}

/// What `getPage` gives when it succeeds.
#[derive(Debug)]
pub enum GetPageSuccess {
    /// Status 200.
    Ok(types::Page),
    /// Status 304.
    NotModified(()),
}

/// How `getPage` is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum GetPageFailure {
    /// Status 400.
    BadRequest(types::Problem),
    /// Status 404.
    NotFound(()),
    /// Status 409.
    Conflict(types::Holder),
    /// Status 410.
    Gone(String),
    /// Status 418.
    Status418(bytes::Bytes),
    /// A status from 500 to 599.
    ServerError(types::Problem),
}

impl serde::Serialize for GetPageFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            GetPageFailure::BadRequest(body) => body.serialize(serializer),
            GetPageFailure::NotFound(_) => serializer.serialize_unit(),
            GetPageFailure::Conflict(body) => body.serialize(serializer),
            GetPageFailure::Gone(body) => body.serialize(serializer),
            GetPageFailure::Status418(_) => serializer.serialize_unit(),
            GetPageFailure::ServerError(body) => body.serialize(serializer),
        }
    }
}

/// What `putPage` gives when it succeeds.
#[derive(Debug)]
pub enum PutPageSuccess {
    /// Status 204.
    NoContent(()),
    /// A status from 200 to 299.
    Success(types::Page),
}

/// How `putPage` is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum PutPageFailure {
    /// A status from 400 to 499.
    ClientError(types::Problem),
    /// Any other status.
    Default(String),
}

impl serde::Serialize for PutPageFailure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            PutPageFailure::ClientError(body) => body.serialize(serializer),
            PutPageFailure::Default(body) => body.serialize(serializer),
        }
    }
}

/// What `getOld` gives when it succeeds.
#[derive(Debug)]
pub enum GetOldSuccess {
    /// Status 200.
    Ok(types::Page),
    /// A status from 300 to 399.
    Redirection(()),
}

/// What `anything` gives when it succeeds.
#[derive(Debug)]
pub enum AnythingSuccess {
    /// Status 304.
    NotModified(()),
    /// Any other status.
    Default(types::Page),
}

/// A body, by media type.
pub enum EitherDefaultBody {
    /// `application/json`
    Json(types::Page),
    /// `text/plain`
    Plain(ByteStream),
}

/// A body, by media type.
#[derive(Debug)]
pub enum EitherDefaultErrorBody {
    /// `application/json`
    Json(types::Page),
    /// `text/plain`
    Plain(String),
}

impl serde::Serialize for EitherDefaultErrorBody {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            EitherDefaultErrorBody::Json(body) => body.serialize(serializer),
            EitherDefaultErrorBody::Plain(body) => body.serialize(serializer),
        }
    }
}
