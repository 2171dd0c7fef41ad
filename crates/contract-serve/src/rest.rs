//! What is left of the body of a request once there is an answer.
//!
//! A connection on which nobody reads it is lost for the next request, and a socket that is closed over it is reset:
//! a client that still sends then loses the answer it has not read yet (RFC 9112, section 9.6). So a small rest is
//! read away. Otherwise the answer says that the connection ends with it, and what still comes is read beside it for
//! a while.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Version, header};
use axum::response::Response;
use tokio::time::timeout;

use crate::Rejection;
use crate::incoming::{Ended, Loan};

/// How much is read away, as by Go's server, and how long that may take.
const READ_AWAY_BYTES: u64 = 256 * 1024;
const READ_AWAY: Duration = Duration::from_secs(1);
/// How long, and how much, a client may go on sending after its answer, as with nginx, and how long it may be silent.
const LINGER: Duration = Duration::from_secs(30);
const LINGER_BYTES: u64 = 256 * 1024 * 1024;
const LINGER_SILENCE: Duration = Duration::from_secs(2);

/// The body of a request, as far as it has not been read.
#[derive(Debug)]
pub struct Rest {
    body: Body,
    state: State,
    /// What the handler reads of it.
    loan: Option<Loan>,
    /// Requests of HTTP/2 share a connection, which does not end with one of them.
    alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The client waits for `100 Continue`, which it has not got.
    Unasked,
    /// It is on its way.
    Coming,
    /// Nothing behind it can be trusted.
    Broken,
    /// There is no more.
    Over,
}

impl Rest {
    /// All of the body of a request with this head.
    pub fn new(head: &Parts, body: Body) -> Rest {
        let asks = || {
            let expected = head.headers.get(header::EXPECT);
            expected.is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"100-continue"))
        };
        let alone = head.version <= Version::HTTP_11;
        let state = match alone {
            _ if body.is_end_stream() => State::Over,
            true if asks() => State::Unasked,
            _ => State::Coming,
        };
        Rest {
            body,
            state,
            loan: None,
            alone,
        }
    }

    /// Whether there is no more of it.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// At least so many bytes: `Content-Length`, which the server has parsed already.
    pub(crate) fn announced(&self) -> u64 {
        self.body.size_hint().lower()
    }

    /// The body, to be read.
    pub(crate) fn take(&mut self) -> Body {
        std::mem::replace(&mut self.body, Body::empty())
    }

    /// The body, which the handler reads.
    pub(crate) fn lend(&mut self) -> (Body, Loan) {
        let loan = Loan::default();
        self.loan = Some(Arc::clone(&loan));
        (self.take(), loan)
    }

    /// What was wrong with what the handler has read.
    pub(crate) fn objection(&self) -> Option<Rejection> {
        let loan = self.loan.as_ref()?;
        let mut lent = loan.lock().unwrap_or_else(PoisonError::into_inner);
        lent.rejection.take()
    }

    /// Takes back what the handler had. While its answer is made of it, there is nothing to be taken.
    fn reclaim(&mut self) {
        let Some(loan) = self.loan.take() else {
            return;
        };
        let given = loan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .body
            .take();
        match given {
            Some((_, Ended::Over)) | None => self.end(),
            Some((body, ended)) => self.give_back(body, ended == Ended::Broken),
        }
    }

    /// What is left of the body, which was not read to its end.
    pub(crate) fn give_back(&mut self, body: Body, broken: bool) {
        self.body = body;
        self.state = match broken {
            true => State::Broken,
            false => State::Coming,
        };
    }

    /// The body was read to its end.
    pub(crate) fn end(&mut self) {
        self.state = State::Over;
    }

    /// Reads it away, or makes the answer end the connection.
    pub async fn settle(mut self, response: &mut Response) {
        self.reclaim();
        let Rest {
            mut body,
            state,
            alone,
            ..
        } = self;
        if state == State::Over {
            return;
        }
        if alone {
            let close = HeaderValue::from_static("close");
            let closes = response.headers().get(header::CONNECTION) == Some(&close);
            let small = body.size_hint().lower() <= READ_AWAY_BYTES;
            if state == State::Coming && small && !closes {
                let read = timeout(READ_AWAY, read_away(&mut body));
                if read.await.unwrap_or(false) {
                    return;
                }
            }
            response.headers_mut().insert(header::CONNECTION, close);
        }
        if state == State::Coming
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(timeout(LINGER, linger(body)));
        }
    }
}

/// Reads a little, and whether that was all.
async fn read_away(body: &mut Body) -> bool {
    let mut left = READ_AWAY_BYTES;
    loop {
        left = match next(body).await {
            None => return true,
            Some(Err(_)) => return false,
            Some(Ok(bytes)) => match left.checked_sub(bytes) {
                Some(left) => left,
                None => return false,
            },
        }
    }
}

/// Reads what comes, as long as something does.
async fn linger(mut body: Body) {
    let mut left = LINGER_BYTES;
    while let Ok(Some(Ok(bytes))) = timeout(LINGER_SILENCE, next(&mut body)).await
        && left > bytes
    {
        left -= bytes;
    }
}

/// Length of the next piece.
async fn next(body: &mut Body) -> Option<Result<u64, axum::Error>> {
    let frame = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await?;
    let length = |data: &Bytes| u64::try_from(data.len()).unwrap_or(u64::MAX);
    Some(frame.map(|frame| frame.data_ref().map_or(0, length)))
}
