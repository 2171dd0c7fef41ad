//! Answers between the application and a connection: one that is not taken comes to an end, too.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::Limits;
use super::pieces::in_pieces;
use super::state::State;

/// Whether the answer ends its connection.
pub(super) fn says_close(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONNECTION)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// When what was handed over must have been taken.
#[derive(Debug)]
struct Due {
    state: Arc<State>,
    number: u64,
}

impl Due {
    fn new(state: &Arc<State>) -> Due {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        Due {
            state: Arc::clone(state),
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        }
    }

    fn at(&self, due: Instant) {
        self.never();
        self.state.due().push((self.number, due));
    }

    fn never(&self) {
        let mut due = self.state.due();
        due.retain(|(number, _)| *number != self.number);
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        self.never();
    }
}

/// A request and its answer (HTTP/2). Ends when everything has been handed over, or nobody wants it.
#[derive(Debug)]
pub(super) struct Running {
    due: Due,
}

impl Running {
    pub(super) fn new(state: &Arc<State>) -> Running {
        state.stream_begins();
        Running {
            due: Due::new(state),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.due.never();
        self.due.state.stream_ends();
    }
}

/// The body of an answer (HTTP/2) that must be taken as `limits` say.
pub(super) fn paced(body: Body, running: Running, limits: Limits) -> Body {
    match body.size_hint().exact() {
        Some(bytes) => {
            running.due.at(Instant::now() + limits.write_time(bytes));
            in_pieces(body, running)
        }
        None => open_ended(body, &Arc::clone(&running.due.state), limits, running),
    }
}

/// An answer whose length nobody knows (HTTP/1). What is left when it ends is sent as any other.
#[derive(Debug)]
struct Unmeasured(Arc<State>);

impl Drop for Unmeasured {
    fn drop(&mut self) {
        self.0.answering(0);
    }
}

/// The body of an answer (HTTP/1) whose length nobody knows.
pub(super) fn unmeasured(body: Body, state: &Arc<State>, limits: Limits) -> Body {
    open_ended(body, state, limits, Unmeasured(Arc::clone(state)))
}

fn open_ended(
    body: Body,
    state: &Arc<State>,
    limits: Limits,
    held: impl Send + Unpin + 'static,
) -> Body {
    Body::new(OpenEnded {
        body: in_pieces(body, held),
        due: Due::new(state),
        limits,
        left: limits.write,
        since: None,
    })
}

/// A body of unknown length: each piece must be taken in time. The time in which the next one is made is not that of
/// the client.
struct OpenEnded {
    body: Body,
    due: Due,
    limits: Limits,
    /// Time that the client has for what it has not taken.
    left: Duration,
    /// When it was handed over.
    since: Option<Instant>,
}

impl OpenEnded {
    fn hand_over(&mut self, bytes: u64) {
        // Who was fast has not saved anything up: a client that stops is noticed as soon as any other.
        let more = self.limits.rate_time(bytes);
        self.left = self.left.min(self.limits.write) + more;
        let now = Instant::now();
        self.since = Some(now);
        self.due.at(now + self.left);
        self.due.state.wake();
    }
}

impl HttpBody for OpenEnded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(since) = self.since.take() {
            self.left = self.left.saturating_sub(since.elapsed());
            self.due.never();
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            self.hand_over(frame.data_ref().map_or(0, |data| data.len() as u64));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
