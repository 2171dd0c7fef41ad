//! Answers that are sequences of items, read as they arrive.
//!
//! No more is read from the connection than what is asked for, so whoever is slow holds up the server. An item that
//! is not what the contract says is an error with its number, and the next is given all the same. An answer that
//! breaks off is an error, too, and the last: what came before it was given, and nothing is given twice.
//!
//! A stream of events goes on by itself where its connection is lost: the request is sent again with the `id` of the
//! last event that was given, as `Last-Event-ID`. That is done where it can be done without doing something twice (the
//! method is one that can be repeated), where the server can know what follows (the last event given had an `id`, or
//! none was given yet), and as often as the policy for retries says, counted from the last event. A server that
//! answers with 204 has no more.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Request, Response, StatusCode};

use super::config::Inner;
use super::error::Error;
use super::request::Call;
use super::value::ResponseValue;

/// How large an item may be that is received.
pub const ITEM_BYTES: usize = 8 * 1024 * 1024;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What reads items from bytes as these arrive.
pub trait ReadItems<T>: Send {
    /// What has arrived.
    fn push(&mut self, bytes: &[u8]);
    /// Nothing more arrives.
    fn end(&mut self);
    /// The next item of what has arrived.
    fn next(&mut self) -> Option<Read<T>>;
    /// Whether nothing more is read, whatever arrives.
    fn is_done(&self) -> bool;
    /// The wait before a reconnection that the server asks for.
    fn wait_ms(&self) -> Option<u64>;
    /// The media type as it was sent, which says where parts end.
    fn label(&mut self, content_type: &str);
    /// How large an item may be.
    fn limit(&mut self, bytes: usize);
}

/// An item as it was read.
pub struct Read<T> {
    /// The item, or what is wrong with it.
    pub item: Result<T, String>,
    /// Its number in this answer, from 1.
    pub number: u64,
    /// `id` of an event.
    pub id: Option<String>,
}

/// Why there is no item.
#[derive(Debug)]
#[non_exhaustive]
pub enum ItemError {
    /// The item with this number, from 1, is not what the contract says. There may be more behind it.
    Invalid(u64, String),
    /// The answer broke off.
    BrokenOff(reqwest::Error),
    /// The answer broke off, and it could not be gone on with: the server answered with this status.
    Refused(StatusCode),
    /// The answer broke off, and it could not be gone on with, for this reason.
    Lost(String),
    /// Nothing came for so long.
    Silent(Duration),
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemError::Invalid(number, reason) => {
                write!(
                    f,
                    "item {number} is not what the contract declares: {reason}"
                )
            }
            ItemError::BrokenOff(_) => f.write_str("the answer broke off"),
            ItemError::Refused(status) => {
                write!(
                    f,
                    "the answer broke off, and the server does not go on with it: {status}"
                )
            }
            ItemError::Lost(reason) => {
                write!(
                    f,
                    "the answer broke off, and cannot be gone on with: {reason}"
                )
            }
            ItemError::Silent(limit) => write!(f, "nothing came for {limit:?}"),
        }
    }
}

impl std::error::Error for ItemError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ItemError::BrokenOff(error) => Some(error),
            _ => None,
        }
    }
}

impl<E> From<ItemError> for Error<E> {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::BrokenOff(error) => Error::CommunicationError(error.without_url()),
            error => Error::Custom(error.to_string()),
        }
    }
}

/// A request, to be sent again.
#[derive(Debug)]
pub struct Again {
    inner: Inner,
    client: Client,
    request: Option<Request>,
    name: &'static str,
}

impl Inner {
    /// As [`Inner::send`], for a body or answer that takes as long as it takes: the limit on time is that for the head
    /// of the answer, and where the body of the request is one of items, there is none.
    ///
    /// # Errors
    /// As [`Inner::send`].
    pub async fn open<E>(
        &self,
        client: &Client,
        call: Call,
        name: &'static str,
    ) -> Result<(Response, Again), Error<E>> {
        let endless = call.endless;
        let request = call.build(client);
        let mut request = request.map_err(|problem| self.named(problem, name))?;
        self.prepare(&mut request, name)?;
        let repeats = request.method().is_idempotent();
        let again = Again {
            inner: self.clone(),
            client: client.clone(),
            request: request.try_clone().filter(|_| repeats),
            name,
        };
        let limit = (!endless).then(|| self.timeout());
        let response = self.begin(client, request, name, limit).await?;
        Ok((response, again))
    }

    async fn begin<E>(
        &self,
        client: &Client,
        mut request: Request,
        name: &str,
        limit: Option<Duration>,
    ) -> Result<Response, Error<E>> {
        // What the client has as its limit would count for the body, too.
        *request.timeout_mut() = Some(Duration::MAX);
        let limit = limit.unwrap_or(Duration::MAX);
        match tokio::time::timeout(limit, self.execute(client, request, name)).await {
            Ok(answered) => Ok(answered?),
            Err(_) => Err(ItemError::Silent(limit).into()),
        }
    }
}

type Bodied = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;
type Begun = Pin<Box<dyn Future<Output = Result<Response, Error<()>>> + Send>>;

enum State {
    Reading(Bodied),
    Reconnecting(Begun),
    Over,
}

/// The items of an answer, as they arrive: a [`Stream`]. Without a crate for streams, [`Items::next`] takes one after
/// the other.
///
/// There is no limit on time between two of them but [`Items::silence`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    make: Box<dyn Fn() -> Box<dyn ReadItems<T>> + Send>,
    reader: Box<dyn ReadItems<T>>,
    state: State,
    again: Option<Again>,
    item_bytes: Option<usize>,
    follows: bool,
    silence: Option<(Duration, Pin<Box<tokio::time::Sleep>>)>,
    /// Number of the last item that was read on earlier connections.
    before: u64,
    number: u64,
    last_id: Option<String>,
    /// An event without `id` was given, behind the last one that has one.
    unnamed: bool,
    wait_ms: Option<u64>,
    /// Attempts since the last event, and what was waited for them.
    attempts: u32,
    waited: Duration,
    lost: VecDeque<ItemError>,
}

impl<T> Items<T> {
    /// The items of `response`. With `again`, it is a stream of events, which goes on where the connection is lost.
    pub fn new(
        response: Response,
        make: impl Fn() -> Box<dyn ReadItems<T>> + Send + 'static,
        again: Option<Again>,
    ) -> ResponseValue<Items<T>> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut reader = make();
        let label = headers
            .get(CONTENT_TYPE)
            .and_then(|label| label.to_str().ok());
        reader.label(label.unwrap_or_default());
        let items = Items {
            reader,
            make: Box::new(make),
            state: State::Reading(Box::pin(response.bytes_stream())),
            again,
            item_bytes: None,
            follows: false,
            silence: None,
            before: 0,
            number: 0,
            last_id: None,
            unnamed: false,
            wait_ms: None,
            attempts: 1,
            waited: Duration::ZERO,
            lost: VecDeque::new(),
        };
        ResponseValue::new(items, status, headers)
    }

    /// The next item; `None` when there are no more.
    ///
    /// # Errors
    /// An item that is not what the contract says, or an answer that broke off, which is the last.
    pub async fn next(&mut self) -> Option<Result<T, ItemError>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// How large an item may be; 8 MiB if not set.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.reader.limit(bytes);
        self.item_bytes = Some(bytes);
        self
    }

    /// How long nothing may come before the connection counts as lost; comments of events are something. Without it,
    /// there is no limit.
    pub fn silence(mut self, limit: Duration) -> Self {
        self.silence = Some((limit, Box::pin(tokio::time::sleep(limit))));
        self
    }

    /// Connects again where a stream of events ends, too, as browsers do, until the server answers with 204.
    pub fn follow(mut self) -> Self {
        self.follows = true;
        self
    }

    /// The `id` of the last event that was given and has one.
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, ItemError>>> {
        loop {
            if let Some(read) = self.reader.next() {
                return Poll::Ready(Some(self.given(read)));
            }
            self.wait_ms = self.reader.wait_ms().or(self.wait_ms);
            if let Some(error) = self.lost.pop_front() {
                self.state = State::Over;
                return Poll::Ready(Some(Err(error)));
            }
            if self.reader.is_done() {
                self.state = State::Over;
            }
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Reading(body) => {
                    let Poll::Ready(piece) = body.as_mut().poll_next(context) else {
                        let limit = ready!(poll_silence(&mut self.silence, context));
                        self.lose(ItemError::Silent(limit));
                        continue;
                    };
                    if let Some((limit, sleep)) = &mut self.silence {
                        sleep.as_mut().reset(tokio::time::Instant::now() + *limit);
                    }
                    match piece {
                        Some(Ok(bytes)) => self.reader.push(&bytes),
                        // The URL may hold ids; whoever made the call knows them.
                        Some(Err(error)) => self.lose(ItemError::BrokenOff(error.without_url())),
                        None => self.ended(),
                    }
                }
                State::Reconnecting(begun) => {
                    let begun = ready!(begun.as_mut().poll(context));
                    self.reconnected(begun);
                }
            }
        }
    }

    fn given(&mut self, read: Read<T>) -> Result<T, ItemError> {
        self.number = self.before + read.number;
        (self.attempts, self.waited) = (1, Duration::ZERO);
        // One that is empty takes back those before it.
        self.unnamed = read.id.as_ref().is_none_or(String::is_empty);
        self.last_id = read.id.or(self.last_id.take());
        let number = self.number;
        read.item
            .map_err(|reason| ItemError::Invalid(number, reason))
    }

    /// The answer is over.
    fn ended(&mut self) {
        self.reader.end();
        self.state = State::Over;
        if self.follows && self.again.is_some() {
            self.reconnect(None);
        }
    }

    /// The answer broke off.
    fn lose(&mut self, error: ItemError) {
        self.state = State::Over;
        self.reconnect(Some(error));
    }

    /// Goes on with the answer; where that is not possible, `error` is the last that is given.
    fn reconnect(&mut self, error: Option<ItemError>) {
        let request = self.request();
        let policy = self.again.as_ref().map(|again| again.inner.retry().clone());
        let (Some(request), Some(policy), Some(again)) = (request, policy, &self.again) else {
            self.lost.extend(error);
            return;
        };
        let Some(step) = policy.wait_unanswered(self.attempts, self.waited) else {
            self.lost.extend(error);
            return;
        };
        let wait = self.wait_ms.map_or(step, Duration::from_millis);
        self.attempts += 1;
        self.waited += wait;
        let (inner, client, name) = (again.inner.clone(), again.client.clone(), again.name);
        self.state = State::Reconnecting(Box::pin(async move {
            policy.sleep(wait).await;
            let limit = Some(inner.timeout());
            inner.begin(&client, request, name, limit).await
        }));
    }

    /// The request for what follows; none where that cannot be asked for.
    fn request(&self) -> Option<Request> {
        let mut request = self.again.as_ref()?.request.as_ref()?.try_clone()?;
        if self.unnamed {
            return None;
        }
        if let Some(id) = &self.last_id {
            let id = HeaderValue::from_bytes(id.as_bytes()).ok()?;
            request.headers_mut().insert(LAST_EVENT_ID, id);
        }
        Some(request)
    }

    fn reconnected(&mut self, begun: Result<Response, Error<()>>) {
        self.state = State::Over;
        let response = match begun {
            Ok(response) => response,
            Err(Error::CommunicationError(error)) => return self.lose(ItemError::BrokenOff(error)),
            Err(error) => return self.lose(ItemError::Lost(error.to_string())),
        };
        match response.status() {
            StatusCode::OK if ResponseValue::media_type(&response) == "text/event-stream" => {
                self.before = self.number;
                self.reader = (self.make)();
                if let Some(bytes) = self.item_bytes {
                    self.reader.limit(bytes);
                }
                self.state = State::Reading(Box::pin(response.bytes_stream()));
            }
            StatusCode::NO_CONTENT => {}
            // What a server or proxy says that is about to be there again.
            status if matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504) => {
                self.lose(ItemError::Refused(status));
            }
            status => self.lost.push_back(ItemError::Refused(status)),
        }
    }
}

/// Ready with the limit when nothing came for so long.
fn poll_silence(
    silence: &mut Option<(Duration, Pin<Box<tokio::time::Sleep>>)>,
    context: &mut Context<'_>,
) -> Poll<Duration> {
    let Some((limit, sleep)) = silence else {
        return Poll::Pending;
    };
    ready!(sleep.as_mut().poll(context));
    sleep.as_mut().reset(tokio::time::Instant::now() + *limit);
    Poll::Ready(*limit)
}

// Nothing in it is pinned in place: the body and the future have their own boxes.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, ItemError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
