// generated from both-values.yaml by crates/contract-codegen; do not edit

use std::collections::BTreeMap;
use ::contract_call as support;

#[allow(unused_imports, reason = "not every contract has types")]
use super::types;
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
pub use support::{
    Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue,
    RetryPolicy, Sleeper, Upload,
};

#[derive(Clone, Debug)]
/// Client for Values
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
}

impl Client {
    /// Base URLs the contract names.
    pub const SERVERS: &'static [&'static str] = &[];
    /// Sets up a client for the API at `base_url`, such as `https://api.example.com`: scheme, host, and the path in front of the contract's paths if there is one.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            settings: support::Settings::new(base_url.into(), "values-client/1"),
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
    /// Credentials of the security scheme `key`.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.key_in_query("key", "api key", key.as_ref()));
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
const SCHEMES: &[support::Scheme] = &[("key", "key")];
/// Every operation, sorted by method name.
const OPERATIONS: &[support::Operation] = &[
    support::Operation {
        method: "archive_item",
        id: "archiveItem",
        path: "/items/{id}:archive",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_file",
        id: "getFile",
        path: "/files/{name}.{ext}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_item",
        id: "getItem",
        path: "/items/{id}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_pair",
        id: "getPair",
        path: "/pairs/{a},{b}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_part",
        id: "getPart",
        path: "/items/{id}/parts/{part}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_tags",
        id: "getTags",
        path: "/tags/{tags}",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "list_variants",
        id: "listVariants",
        path: "/items/variants",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "lists",
        id: "lists",
        path: "/lists",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "others",
        id: "others",
        path: "/others",
        security: &[&["key"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "send_form",
        id: "sendForm",
        path: "/forms",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "texts",
        id: "texts",
        path: "/texts",
        security: &[],
        redirects: &[],
        repeats: false,
    },
];

impl Client {
    /// Sends a `GET` request to `/items/{id}`
    pub async fn get_item<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let url = self
            .inner
            .url(&self.baseurl, "get_item", &[("id", support::path::value(&id))])?;
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
            operation_id: "get_item",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/items/{id}:archive`
    pub async fn archive_item<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "archive_item",
                        &[("id", support::path::value(&id))],
                    )?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "archive_item").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/items/variants`
    pub async fn list_variants<'a>(
        &'a self,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let url = format!("{}/items/variants", self.baseurl,);
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
            operation_id: "list_variants",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/items/{id}/parts/{part}`
    pub async fn get_part<'a>(
        &'a self,
        id: &'a str,
        part: &'a str,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let url = self
            .inner
            .url(
                &self.baseurl,
                "get_part",
                &[
                    ("id", support::path::value(&id)),
                    ("part", support::path::value(&part)),
                ],
            )?;
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
            operation_id: "get_part",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/pairs/{a},{b}`
    pub async fn get_pair<'a>(
        &'a self,
        a: &'a str,
        b: &'a str,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "get_pair",
                        &[
                            ("a", support::path::value(&a)),
                            ("b", support::path::value(&b)),
                        ],
                    )?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "get_pair").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/files/{name}.{ext}`
    pub async fn get_file<'a>(
        &'a self,
        name: &'a str,
        ext: &'a str,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "get_file",
                        &[
                            ("name", support::path::value(&name)),
                            ("ext", support::path::value(&ext)),
                        ],
                    )?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "get_file").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/tags/{tags}`
    pub async fn get_tags<'a>(
        &'a self,
        tags: &'a [String],
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "get_tags",
                        &[("tags", support::path::value(&tags))],
                    )?,
            )
            .accept("application/json");
        let response = self.inner.send(&self.client, call, "get_tags").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// Sends a `GET` request to `/texts`
    pub async fn texts<'a>(
        &'a self,
        number: Option<&'a [f64]>,
        odd_name: Option<&'a str>,
        text: Option<&'a str>,
        x_text: Option<&'a str>,
        cookie_text: Option<&'a str>,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/texts", self.baseurl),
            )
            .accept("application/json")
            .query("number", support::Style::Pipes, number.as_ref())
            .query("odd name&=", support::Style::Repeated, odd_name.as_ref())
            .query("text", support::Style::Repeated, text.as_ref())
            .header("X-Text", x_text.as_ref())
            .cookie("text", cookie_text.as_ref());
        let response = self.inner.send(&self.client, call, "texts").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// [`Client::texts`] with what can be left out by name.
    pub async fn texts_with<'a>(
        &'a self,
        params: TextsParams,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        self.texts(
                params.number.as_deref(),
                params.odd_name.as_deref(),
                params.text.as_deref(),
                params.x_text.as_deref(),
                params.cookie_text.as_deref(),
            )
            .await
    }

    /// Sends a `GET` request to `/lists`
    pub async fn lists<'a>(
        &'a self,
        commas: Option<&'a [String]>,
        pipes: Option<&'a [String]>,
        repeated: Option<&'a [String]>,
        spaces: Option<&'a [String]>,
        x_list: Option<&'a [String]>,
        list: Option<&'a [String]>,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/lists", self.baseurl),
            )
            .accept("application/json")
            .query("commas", support::Style::Commas, commas.as_ref())
            .query("pipes", support::Style::Pipes, pipes.as_ref())
            .query("repeated", support::Style::Repeated, repeated.as_ref())
            .query("spaces", support::Style::Spaces, spaces.as_ref())
            .header("X-List", x_list.as_ref())
            .cookie("list", list.as_ref());
        let response = self.inner.send(&self.client, call, "lists").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// [`Client::lists`] with what can be left out by name.
    pub async fn lists_with<'a>(
        &'a self,
        params: ListsParams,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        self.lists(
                params.commas.as_deref(),
                params.pipes.as_deref(),
                params.repeated.as_deref(),
                params.spaces.as_deref(),
                params.x_list.as_deref(),
                params.list.as_deref(),
            )
            .await
    }

    /// Sends a `GET` request to `/others`
    pub async fn others<'a>(
        &'a self,
        filter: Option<&'a ::std::collections::BTreeMap<String, String>>,
        limit: Option<i64>,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/others", self.baseurl),
            )
            .accept("application/json")
            .query_map("filter", &["limit", "api key"], filter.as_ref())
            .query("limit", support::Style::Repeated, limit.as_ref());
        let response = self.inner.send(&self.client, call, "others").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// [`Client::others`] with what can be left out by name.
    pub async fn others_with<'a>(
        &'a self,
        params: OthersParams,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        self.others(params.filter.as_ref(), params.limit).await
    }

    /// Sends a `POST` request to `/forms` with a body of type `application/x-www-form-urlencoded`
    pub async fn send_form<'a>(
        &'a self,
        text: &'a str,
        list: Option<&'a [String]>,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        let call = support::Call::new(
                reqwest::Method::POST,
                format!("{}/forms", self.baseurl),
            )
            .accept("application/json")
            .form(
                support::Form::new()
                    .field("text", Some(&text))
                    .field("list", list.as_ref()),
            );
        let response = self.inner.send(&self.client, call, "send_form").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Read>::from_response(response).await?),
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

    /// [`Client::send_form`] with what can be left out by name.
    pub async fn send_form_with<'a>(
        &'a self,
        params: SendFormParams,
    ) -> Result<ResponseValue<types::Read>, Error<types::Problem>> {
        self.send_form(&params.text, params.list.as_deref()).await
    }
}

/// Arguments of [`Client::texts_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct TextsParams {
    number: Option<Vec<f64>>,
    odd_name: Option<String>,
    text: Option<String>,
    x_text: Option<String>,
    cookie_text: Option<String>,
}

impl TextsParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `number` of the query.
    pub fn number(mut self, number: impl Into<Vec<f64>>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// `odd name&=` of the query.
    pub fn odd_name(mut self, odd_name: impl Into<String>) -> Self {
        self.odd_name = Some(odd_name.into());
        self
    }

    /// `text` of the query.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The header `X-Text`.
    pub fn x_text(mut self, x_text: impl Into<String>) -> Self {
        self.x_text = Some(x_text.into());
        self
    }

    /// `text` of the cookie.
    pub fn cookie_text(mut self, cookie_text: impl Into<String>) -> Self {
        self.cookie_text = Some(cookie_text.into());
        self
    }
}

/// Arguments of [`Client::lists_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct ListsParams {
    commas: Option<Vec<String>>,
    pipes: Option<Vec<String>>,
    repeated: Option<Vec<String>>,
    spaces: Option<Vec<String>>,
    x_list: Option<Vec<String>>,
    list: Option<Vec<String>>,
}

impl ListsParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `commas` of the query.
    pub fn commas(mut self, commas: impl Into<Vec<String>>) -> Self {
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

    /// The header `X-List`.
    pub fn x_list(mut self, x_list: impl Into<Vec<String>>) -> Self {
        self.x_list = Some(x_list.into());
        self
    }

    /// `list` of the cookie.
    pub fn list(mut self, list: impl Into<Vec<String>>) -> Self {
        self.list = Some(list.into());
        self
    }
}

/// Arguments of [`Client::others_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct OthersParams {
    filter: Option<BTreeMap<String, String>>,
    limit: Option<i64>,
}

impl OthersParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// `filter` of the query.
    pub fn filter(mut self, filter: BTreeMap<String, String>) -> Self {
        self.filter = Some(filter);
        self
    }

    /// `limit` of the query.
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// Arguments of [`Client::send_form_with`], by name.
#[derive(Debug, Clone)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct SendFormParams {
    text: String,
    list: Option<Vec<String>>,
}

impl SendFormParams {
    /// Those that are required.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            list: None,
        }
    }

    /// The field `list`.
    pub fn list(mut self, list: impl Into<Vec<String>>) -> Self {
        self.list = Some(list.into());
        self
    }
}
