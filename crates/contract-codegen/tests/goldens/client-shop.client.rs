// generated from client-shop.yaml by crates/contract-codegen; do not edit

use ::contract_call as support;

#[allow(unused_imports, reason = "not every contract has types")]
use super::types;
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo};
pub use support::{
    Attempt, BuildError, Error, InvalidRequest, Outcome, Pages, ResponseValue,
    RetryPolicy, Sleeper, Upload,
};

#[derive(Clone, Debug)]
/// Client for Shop
///
/// Sells things.
///
/// ```text
/// this is no example in Rust
/// ```
///
/// Version: 1.2.0
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: support::Inner,
}

impl ClientInfo<support::Inner> for Client {
    fn api_version() -> &'static str {
        "1.2.0"
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
    pub const SERVERS: &'static [&'static str] = &["https://shop.example.com/api"];
    /// Sets up a client for the API at `base_url`, such as `https://api.example.com`: scheme, host, and the path in front of the contract's paths if there is one.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            settings: support::Settings::new(base_url.into(), "shop-client/1.2.0"),
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
    /// A key of the shop.
    pub fn token(mut self, token: impl AsRef<str>) -> Self {
        self.settings.credential(|all| all.bearer("bearerAuth", token.as_ref()));
        self
    }

    /// The branch whose items are meant.
    pub fn branch_id(mut self, key: impl AsRef<str>) -> Self {
        self.settings.header("Branch-Id", key.as_ref());
        self.settings
            .credential(|all| all.key_in_header("branch", "Branch-Id", key.as_ref()));
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
        let (baseurl, client, inner) = self
            .settings
            .build(&[("Branch-Id", "branch_id")], SCHEMES, OPERATIONS)?;
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
const SCHEMES: &[support::Scheme] = &[("bearerAuth", "token"), ("branch", "branch_id")];
/// Every operation, sorted by method name.
const OPERATIONS: &[support::Operation] = &[
    support::Operation {
        method: "create_item",
        id: "createItem",
        path: "/items",
        security: &[&["bearerAuth", "branch"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "delete_item",
        id: "deleteItem",
        path: "/items/{itemId}",
        security: &[&["bearerAuth", "branch"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_item",
        id: "getItem",
        path: "/items/{itemId}",
        security: &[&["bearerAuth", "branch"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "get_picture",
        id: "getPicture",
        path: "/items/{itemId}/picture",
        security: &[],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "list_items",
        id: "listItems",
        path: "/items",
        security: &[&["bearerAuth", "branch"]],
        redirects: &[],
        repeats: false,
    },
    support::Operation {
        method: "put_picture",
        id: "putPicture",
        path: "/items/{itemId}/picture",
        security: &[&["bearerAuth", "branch"]],
        redirects: &[],
        repeats: false,
    },
];

impl Client {
    /// List items
    ///
    /// Sends a `GET` request to `/items`
    ///
    /// Arguments:
    /// - `limit`: Items per page.
    /// - `start_after`
    /// - `state`
    /// - `tag`
    pub async fn list_items<'a>(
        &'a self,
        limit: Option<u64>,
        start_after: Option<&'a str>,
        state: Option<types::State>,
        tag: Option<&'a [String]>,
    ) -> Result<ResponseValue<types::ItemList>, Error<types::Error>> {
        let call = support::Call::new(
                reqwest::Method::GET,
                format!("{}/items", self.baseurl),
            )
            .accept("application/json")
            .query("limit", support::Style::Repeated, limit.as_ref())
            .query("startAfter", support::Style::Repeated, start_after.as_ref())
            .query("state", support::Style::Repeated, state.as_ref())
            .query("tag", support::Style::Repeated, tag.as_ref());
        let response = self.inner.send(&self.client, call, "list_items").await?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::ItemList>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::list_items`] with what can be left out by name.
    pub async fn list_items_with<'a>(
        &'a self,
        params: ListItemsParams,
    ) -> Result<ResponseValue<types::ItemList>, Error<types::Error>> {
        self.list_items(
                params.limit,
                params.start_after.as_deref(),
                params.state,
                params.tag.as_deref(),
            )
            .await
    }

    /// The items of [`Client::list_items`], page after page.
    ///
    /// A page is fetched when its first item is asked for. The stream ends where the answer has no next cursor, and after an error; a cursor that comes a second time is an error.
    pub fn list_items_stream<'a>(
        &'a self,
        limit: Option<u64>,
        state: Option<types::State>,
        tag: Option<&'a [String]>,
    ) -> Pages<'a, types::Item, types::Error> {
        Pages::new(move |cursor: Option<String>| async move {
            let page = self
                .list_items(limit, cursor.as_deref(), state, tag)
                .await?
                .into_inner();
            Ok(support::Page {
                next: page.next_cursor,
                items: page.items,
            })
        })
    }

    /// The items of [`Client::list_items_with`], page after page, from the cursor of `params` on, if it has one.
    pub fn list_items_stream_with<'a>(
        &'a self,
        params: ListItemsParams,
    ) -> Pages<'a, types::Item, types::Error> {
        Pages::new(move |cursor: Option<String>| {
            let mut params = params.clone();
            params.start_after = cursor.or(params.start_after);
            async move {
                let page = self.list_items_with(params).await?.into_inner();
                Ok(support::Page {
                    next: page.next_cursor,
                    items: page.items,
                })
            }
        })
    }

    /// Sends a `POST` request to `/items`
    ///
    /// Arguments:
    /// - `body`: The new item.
    pub async fn create_item<'a>(
        &'a self,
        body: &'a types::Item,
    ) -> Result<ResponseValue<types::Item>, Error<types::Error>> {
        let url = format!("{}/items", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "create_item",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            201 => Ok(ResponseValue::<types::Item>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// **Deprecated.**
    ///
    /// Sends a `GET` request to `/items/{itemId}`
    pub async fn get_item<'a>(
        &'a self,
        item_id: &'a str,
    ) -> Result<ResponseValue<types::Item>, Error<types::Error>> {
        let url = self
            .inner
            .url(
                &self.baseurl,
                "get_item",
                &[("itemId", support::path::value(&item_id))],
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
            operation_id: "get_item",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::<types::Item>::from_response(response).await?),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `DELETE` request to `/items/{itemId}`
    pub async fn delete_item<'a>(
        &'a self,
        item_id: &'a str,
    ) -> Result<ResponseValue<()>, Error<types::Error>> {
        let url = self
            .inner
            .url(
                &self.baseurl,
                "delete_item",
                &[("itemId", support::path::value(&item_id))],
            )?;
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "delete_item",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204 => Ok(ResponseValue::empty(response)),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `GET` request to `/items/{itemId}/picture`
    pub async fn get_picture<'a>(
        &'a self,
        item_id: &'a str,
    ) -> Result<ResponseValue<ByteStream>, Error<types::Error>> {
        let url = self
            .inner
            .url(
                &self.baseurl,
                "get_picture",
                &[("itemId", support::path::value(&item_id))],
            )?;
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.get(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "get_picture",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => Ok(ResponseValue::stream(response)),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// Sends a `PUT` request to `/items/{itemId}/picture` with a body of type `multipart/form-data`
    ///
    /// Arguments:
    /// - `item_id`
    /// - `picture`: The picture.
    /// - `caption`
    /// - `size`
    pub async fn put_picture<'a>(
        &'a self,
        item_id: &'a str,
        picture: &'a Upload,
        caption: Option<&'a str>,
        size: Option<&'a types::PutPictureBodySize>,
    ) -> Result<ResponseValue<()>, Error<types::Error>> {
        let call = support::Call::new(
                reqwest::Method::PUT,
                self
                    .inner
                    .url(
                        &self.baseurl,
                        "put_picture",
                        &[("itemId", support::path::value(&item_id))],
                    )?,
            )
            .accept("application/json")
            .multipart(
                support::Multipart::new()
                    .file("picture", Some(picture))
                    .field("caption", caption.as_ref())
                    .json("size", size.as_ref()),
            );
        let response = self.inner.send(&self.client, call, "put_picture").await?;
        match response.status().as_u16() {
            204 => Ok(ResponseValue::empty(response)),
            400..=499 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            500..=599 => {
                Err(
                    Error::ErrorResponse(
                        ResponseValue::<types::Error>::from_response(response).await?,
                    ),
                )
            }
            _ => Err(Error::UnexpectedResponse(ResponseValue::beginning(response).await)),
        }
    }

    /// [`Client::put_picture`] with what can be left out by name.
    pub async fn put_picture_with<'a>(
        &'a self,
        item_id: &'a str,
        params: PutPictureParams,
    ) -> Result<ResponseValue<()>, Error<types::Error>> {
        self.put_picture(
                item_id,
                &params.picture,
                params.caption.as_deref(),
                params.size.as_ref(),
            )
            .await
    }
}

/// Arguments of [`Client::list_items_with`], by name.
#[derive(Debug, Clone, Default)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct ListItemsParams {
    limit: Option<u64>,
    start_after: Option<String>,
    state: Option<types::State>,
    tag: Option<Vec<String>>,
}

impl ListItemsParams {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Items per page.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// `startAfter` of the query.
    pub fn start_after(mut self, start_after: impl Into<String>) -> Self {
        self.start_after = Some(start_after.into());
        self
    }

    /// `state` of the query.
    pub fn state(mut self, state: types::State) -> Self {
        self.state = Some(state);
        self
    }

    /// `tag` of the query.
    pub fn tag(mut self, tag: impl Into<Vec<String>>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}

/// Arguments of [`Client::put_picture_with`], by name.
#[derive(Debug, Clone)]
#[must_use = "parameters do nothing until a call takes them"]
pub struct PutPictureParams {
    picture: Upload,
    caption: Option<String>,
    size: Option<types::PutPictureBodySize>,
}

impl PutPictureParams {
    /// Those that are required.
    pub fn new(picture: Upload) -> Self {
        Self {
            picture: picture,
            caption: None,
            size: None,
        }
    }

    /// The field `caption`.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The field `size`.
    pub fn size(mut self, size: types::PutPictureBodySize) -> Self {
        self.size = Some(size);
        self
    }
}
