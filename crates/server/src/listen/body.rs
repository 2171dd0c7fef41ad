//! Bodies between a connection and the application: what is left of a request is read away or
//! the connection ends, and an answer that is not taken comes to an end, too.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};

use super::state::State;
use super::stream::{LINGER, LINGER_BYTES};

/// How much of a body nobody reads is read away, so that the connection lives on. As Go's server does.
const READ_AWAY_BYTES: u64 = 256 * 1024;
/// How long that may take.
const READ_AWAY: Duration = Duration::from_secs(1);
/// How much of an answer is handed over at once (HTTP/2).
const PIECE_BYTES: usize = 64 * 1024;

/// Where the body of a request goes that was not read to its end.
#[derive(Debug, Default)]
pub(super) struct Leftover(Mutex<Option<Unread>>);

impl Leftover {
    fn put(&self, unread: Unread) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(unread);
    }

    pub(super) fn take(&self) -> Option<Unread> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What is left of the body of a request.
#[derive(Debug)]
pub(super) struct Unread {
    body: Incoming,
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The client waits for `100 Continue`, which it has not got.
    Unasked,
    /// It is on its way.
    Begun,
    /// Nothing behind it can be trusted.
    Broken,
    /// It was read to its end.
    Ended,
}

/// The body of a request. What the application does not read goes back to the connection.
pub(super) struct Kept {
    body: Option<Incoming>,
    reading: Reading,
    leftover: Arc<Leftover>,
}

impl Kept {
    /// `asks`: the client waits for `100 Continue` before it sends the body.
    pub(super) fn new(body: Incoming, asks: bool, leftover: Arc<Leftover>) -> Kept {
        let reading = if asks {
            Reading::Unasked
        } else {
            Reading::Begun
        };
        Kept {
            body: Some(body),
            reading,
            leftover,
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(body) = self.body.take()
            && self.reading != Reading::Ended
            && !body.is_end_stream()
        {
            let reading = self.reading;
            self.leftover.put(Unread { body, reading });
        }
    }
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(body).poll_frame(cx);
        this.reading = match &polled {
            Poll::Ready(None) => Reading::Ended,
            Poll::Ready(Some(Err(_))) => Reading::Broken,
            _ => Reading::Begun,
        };
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

/// Reads what is left of a body, so that the next request can follow; if that is too much, too
/// slow or impossible, the answer says that the connection ends with it.
pub(super) async fn read_away(unread: Unread, response: &mut Response) {
    let Unread { body, reading } = unread;
    let hopeless = reading != Reading::Begun
        || body.size_hint().lower() > READ_AWAY_BYTES
        || response.status() == StatusCode::REQUEST_TIMEOUT
        || says_close(response);
    let read = !hopeless
        && tokio::time::timeout(READ_AWAY, read_to_end(body, READ_AWAY_BYTES))
            .await
            .unwrap_or(false);
    if !read {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
}

/// Reads what is left of a body beside the answer (HTTP/2): ending the stream while the client
/// still sends would make many of them drop the answer.
pub(super) fn read_aside(unread: Unread) {
    if unread.reading == Reading::Begun {
        tokio::spawn(tokio::time::timeout(
            LINGER,
            read_to_end(unread.body, LINGER_BYTES),
        ));
    }
}

async fn read_to_end(mut body: Incoming, most: u64) -> bool {
    let mut left = most;
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let Some(frame) = frame else { return true };
        let Ok(frame) = frame else { return false };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX)) {
            Some(rest) => left = rest,
            None => return false,
        }
    }
}

/// Whether the answer ends its connection.
pub(super) fn says_close(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONNECTION)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// A request and its answer (HTTP/2). Ends when everything has been handed over, or nobody wants it.
#[derive(Debug)]
pub(super) struct Running {
    state: Arc<State>,
    number: u64,
}

impl Running {
    pub(super) fn new(state: Arc<State>) -> Running {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        state.stream_begins();
        Running {
            state,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.state
            .due()
            .retain(|(number, _)| *number != self.number);
        self.state.stream_ends();
    }
}

/// The body of an answer (HTTP/2), handed over in pieces: flow control holds up each, and what
/// has been handed over is out of reach.
pub(super) struct Paced {
    body: Body,
    rest: Bytes,
    _running: Running,
}

impl Paced {
    /// `due`: when all of it must have been taken.
    pub(super) fn new(body: Body, running: Running, due: Instant) -> Paced {
        running.state.due().push((running.number, due));
        Paced {
            body,
            rest: Bytes::new(),
            _running: running,
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match std::task::ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                end => return Poll::Ready(end),
            }
        }
        let size = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(size);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let body = self.body.size_hint();
        match body.exact() {
            Some(exact) => SizeHint::with_exact(exact + rest),
            None => body,
        }
    }
}
