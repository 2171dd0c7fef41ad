//! Bodies of requests that are sequences of items, which the handler reads one after the other.
//!
//! No more is read from the connection than the handler asks for, so one that is slow holds up its client. How many
//! items there are is not limited; each may be as large as a document, and the client may pause between two for as
//! long as a body may take otherwise.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use contract_wire::{DecodeError, Framing, ItemFlaw, ItemReader};
use futures_core::Stream;
use tokio::time::{Instant, Sleep};

use crate::read::{Limits, without_nul};
use crate::{Rejection, Violation, ViolationCode};

/// What a handler has of a request whose body it reads, and what is left of it in the end.
#[derive(Debug, Default)]
pub(crate) struct Lent {
    /// The body, given back, and whether nothing that follows can be read.
    pub(crate) body: Option<(Body, Ended)>,
    /// What is wrong with it, where the handler has read no further.
    pub(crate) rejection: Option<Rejection>,
}

/// How far a body was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Not to its end.
    Open,
    /// To its end.
    Over,
    /// Nothing behind it can be trusted.
    Broken,
}

pub(crate) type Loan = Arc<Mutex<Lent>>;

/// A body that is still to be read.
#[derive(Debug)]
pub struct Unread {
    body: Body,
    loan: Loan,
    content_type: String,
    item_bytes: usize,
    pause: Option<Duration>,
    replace_nul: bool,
}

impl Unread {
    pub(crate) fn new(body: Body, loan: Loan, content_type: String, limits: Limits) -> Unread {
        Unread {
            body,
            loan,
            content_type,
            item_bytes: limits.document_bytes,
            pause: limits.timeout,
            replace_nul: limits.replace_nul,
        }
    }

    /// The items of it.
    pub fn read<T>(
        self,
        framing: Framing,
        decode: impl Fn(&[u8]) -> Result<T, DecodeError> + Send + Sync + 'static,
    ) -> Incoming<T> {
        // Bytes of parts are nobody's JSON.
        let replace_nul = self.replace_nul && !matches!(framing, Framing::Parts(_));
        let decode = move |bytes: &[u8]| match replace_nul && bytes.contains(&b'\\') {
            true => decode(&without_nul(bytes.to_vec().into())),
            false => decode(bytes),
        };
        let mut reader = ItemReader::new(framing, self.item_bytes, decode);
        reader.set_content_type(&self.content_type);
        Incoming {
            reader,
            body: Some(self.body),
            loan: self.loan,
            pause: self.pause,
            sleep: None,
            ended: Ended::Open,
            failed: VecDeque::new(),
            objected: false,
        }
    }
}

/// The items of a request, as they arrive: a [`Stream`]. Without a crate for streams, [`Incoming::next`] takes one
/// after the other.
///
/// An item that the contract does not allow is an error with its number, and the next is given all the same. A
/// handler that reads no further and answers such an error with its fault refuses the request, which is then answered
/// as any other that is not what the contract says.
pub struct Incoming<T> {
    reader: ItemReader<T>,
    body: Option<Body>,
    loan: Loan,
    pause: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    ended: Ended,
    failed: VecDeque<Rejection>,
    /// The last that was given is an error.
    objected: bool,
}

impl<T> Incoming<T> {
    /// The next item; `None` when there are no more.
    ///
    /// # Errors
    /// An item that the contract does not allow; or the body broke off, took too long or has an item that is too
    /// large, after which there is no more.
    pub async fn next(&mut self) -> Option<Result<T, IncomingError>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, IncomingError>>> {
        // Who reads on does not refuse the request because of it.
        if std::mem::take(&mut self.objected) {
            let mut lent = self.loan.lock().unwrap_or_else(PoisonError::into_inner);
            lent.rejection = None;
        }
        loop {
            if let Some(read) = self.reader.next() {
                let item = read.item.map_err(|flaw| self.refused(read.number, flaw));
                return Poll::Ready(Some(item));
            }
            if let Some(rejection) = self.failed.pop_front() {
                return Poll::Ready(Some(Err(self.noted(rejection))));
            }
            let Some(body) = &mut self.body else {
                return Poll::Ready(None);
            };
            let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) else {
                ready!(self.poll_pause(cx));
                self.give_back(Ended::Broken);
                self.failed.push_back(Rejection::BodyTimeout);
                continue;
            };
            self.sleep = None;
            match frame {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.reader.push(data);
                    }
                }
                Some(Err(_)) => {
                    self.give_back(Ended::Broken);
                    self.failed.push_back(Rejection::BodyUnreadable);
                }
                None => {
                    self.reader.end();
                    self.give_back(Ended::Over);
                }
            }
        }
    }

    /// Ready when the client paused for too long.
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(pause) = self.pause else {
            return Poll::Pending;
        };
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + pause)));
        sleep.as_mut().poll(cx)
    }

    fn refused(&mut self, number: u64, flaw: ItemFlaw) -> IncomingError {
        let index = number.saturating_sub(1).to_string();
        let flawed = |code, message: String| {
            let path = index.clone();
            Rejection::Invalid(vec![Violation {
                path,
                code,
                message,
            }])
        };
        let rejection = match flaw {
            ItemFlaw::Invalid(DecodeError::Invalid(mut violations)) => {
                for violation in &mut violations {
                    violation.path = match violation.path.as_str() {
                        "" => index.clone(),
                        path => format!("{index}.{path}"),
                    };
                }
                Rejection::Invalid(violations)
            }
            ItemFlaw::TooLarge(limit_bytes) => Rejection::PayloadTooLarge { limit_bytes },
            ItemFlaw::Truncated => flawed(ViolationCode::Custom, "the item breaks off".to_owned()),
            flaw => Rejection::Malformed {
                message: format!("request body: item {number}: {flaw}"),
            },
        };
        self.noted(rejection)
    }

    fn noted(&mut self, rejection: Rejection) -> IncomingError {
        let mut lent = self.loan.lock().unwrap_or_else(PoisonError::into_inner);
        lent.rejection = Some(rejection.clone());
        self.objected = true;
        IncomingError(rejection)
    }

    fn give_back(&mut self, ended: Ended) {
        self.ended = ended;
        if let Some(body) = self.body.take() {
            let mut lent = self.loan.lock().unwrap_or_else(PoisonError::into_inner);
            lent.body = Some((body, ended));
        }
    }
}

impl<T> Drop for Incoming<T> {
    fn drop(&mut self) {
        self.give_back(self.ended);
    }
}

// Nothing in it is pinned in place.
impl<T> Unpin for Incoming<T> {}

impl<T> Stream for Incoming<T> {
    type Item = Result<T, IncomingError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T> fmt::Debug for Incoming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").finish_non_exhaustive()
    }
}

/// What is wrong with the items of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingError(Rejection);

impl IncomingError {
    /// As the request is refused with it.
    pub fn rejection(&self) -> &Rejection {
        &self.0
    }
}

impl fmt::Display for IncomingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rejection::Invalid(violations) = &self.0 else {
            return self.0.fmt(f);
        };
        for (index, violation) in violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for IncomingError {}
