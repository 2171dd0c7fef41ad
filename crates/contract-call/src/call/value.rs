//! What a call gives.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use progenitor_client::ByteStream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::error::Error;

/// Headers in which servers and gateways say what they call a request; the first that is there counts.
const REQUEST_ID: [&str; 6] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-ms-request-id",
    "cf-ray",
];

/// What the server calls the request that was answered with these headers, such as in `X-Request-Id`: what its
/// operator finds it by. Nothing longer than 200 characters is one.
pub fn request_id(headers: &HeaderMap) -> Option<&str> {
    let mut ids = REQUEST_ID
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok());
    ids.find(|id| (1..=200).contains(&id.len()))
}

/// A body with the status and headers it came with. It can be used like the body itself.
#[derive(Clone)]
pub struct ResponseValue<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> ResponseValue<T> {
    /// Puts an answer together, for tests of code that uses a client.
    pub fn new(inner: T, status: StatusCode, headers: HeaderMap) -> Self {
        ResponseValue {
            inner,
            status,
            headers,
        }
    }

    /// The body.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What the server calls this request, if it says so; see [`request_id`].
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            inner: change(self.inner),
            status: self.status,
            headers: self.headers,
        }
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// The body as JSON.
    ///
    /// # Errors
    /// The connection breaks, or the body is not what `T` reads.
    pub async fn from_response<E>(response: reqwest::Response) -> Result<Self, Error<E>> {
        let answer = ResponseValue::bytes(response).await?;
        match serde_json::from_slice(&answer) {
            Ok(inner) => Ok(answer.map(|_| inner)),
            Err(error) => Err(Error::InvalidResponsePayload(answer, error)),
        }
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// The body as text that is a plain value: text itself, or a number or boolean.
    ///
    /// # Errors
    /// The connection breaks, or the body is not what `T` reads.
    pub async fn from_text<E>(response: reqwest::Response) -> Result<Self, Error<E>> {
        let answer = ResponseValue::text(response).await?;
        let text = serde_json::Value::String(answer.inner.clone());
        let read = serde_json::from_value(text).or_else(|_| serde_json::from_str(&answer.inner));
        match read {
            Ok(inner) => Ok(answer.map(|_| inner)),
            Err(error) => {
                let answer = answer.map(Bytes::from);
                Err(Error::InvalidResponsePayload(answer, error))
            }
        }
    }
}

/// Most bytes that are kept of an answer the contract does not declare.
const UNDECLARED_BYTES: usize = 64 * 1024;

impl ResponseValue<Bytes> {
    /// The beginning of the body, whatever it is; a connection that breaks ends it.
    pub async fn beginning(mut response: reqwest::Response) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while body.len() < UNDECLARED_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            let rest = UNDECLARED_BYTES - body.len();
            body.extend_from_slice(chunk.get(..rest).unwrap_or(&chunk));
        }
        ResponseValue {
            inner: body.into(),
            status,
            headers,
        }
    }

    /// The whole body as bytes.
    ///
    /// # Errors
    /// The connection breaks.
    pub async fn bytes<E>(response: reqwest::Response) -> Result<Self, Error<E>> {
        let status = response.status();
        let headers = response.headers().clone();
        let answer = |inner| ResponseValue {
            inner,
            status,
            headers,
        };
        match response.bytes().await {
            Ok(body) => Ok(answer(()).map(|()| body)),
            Err(error) => Err(Error::ResponseBodyError(answer(()), error.without_url())),
        }
    }

    /// The whole body as text.
    ///
    /// # Errors
    /// The connection breaks, or the body is not UTF-8.
    pub async fn text<E>(response: reqwest::Response) -> Result<ResponseValue<String>, Error<E>> {
        let answer = Self::bytes(response).await?;
        match std::str::from_utf8(&answer).map(str::to_owned) {
            Ok(text) => Ok(answer.map(|_| text)),
            Err(error) => {
                let error =
                    serde::de::Error::custom(format_args!("the text is not UTF-8: {error}"));
                Err(Error::InvalidResponsePayload(answer, error))
            }
        }
    }
}

impl ResponseValue<ByteStream> {
    /// The body as it arrives.
    pub fn stream(response: reqwest::Response) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let inner = ByteStream::new(Box::pin(response.bytes_stream()));
        ResponseValue {
            inner,
            status,
            headers,
        }
    }
}

impl ResponseValue<ByteStream> {
    /// The body as a stream of chunks.
    pub fn into_inner_stream(
        self,
    ) -> Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>> {
        self.inner.into_inner()
    }
}

impl ResponseValue<()> {
    /// The media type of `response`, in lower case and without parameters.
    pub fn media_type(response: &reqwest::Response) -> String {
        let label = response.headers().get(reqwest::header::CONTENT_TYPE);
        let text = label
            .and_then(|label| label.to_str().ok())
            .unwrap_or_default();
        let name = text.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    }

    /// The answer without its body.
    pub fn empty(response: reqwest::Response) -> Self {
        let status = response.status();
        ResponseValue {
            inner: (),
            status,
            headers: response.headers().clone(),
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers may hold cookies.
        let Self { inner, status, .. } = self;
        f.debug_struct("ResponseValue")
            .field("status", status)
            .field("inner", inner)
            .finish_non_exhaustive()
    }
}
