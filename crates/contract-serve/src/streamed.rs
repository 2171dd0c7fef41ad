//! Answers that are too large to be there as a whole: objects of which one text is sent while it is made
//! (`x-stream`).
//!
//! The text goes first, piece by piece; the next piece is asked for when the last has been handed over, so a client
//! that is slow holds up its own answer, and one that has left ends it. Everything else goes last, and closes the
//! object. So an answer that breaks off is no JSON, besides that its connection is closed.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use contract_wire::{Violation, Wire, violations};
use serde_json::Value;

use crate::panic_message;

/// A body of which one text may be large.
pub enum Streamed<T> {
    /// Everything, but for the text that went before it. Without any, this is an answer as every other.
    Whole(T),
    /// A piece of the text, and what comes after it.
    Piece(String, Following<T>),
}

/// What comes after a piece. It is worked on while the client takes what it has got, and dropped if nobody wants it.
///
/// # Errors
/// Why there is no more, for the log: the answer breaks off, and [`Api::broken_off`](crate::Api::broken_off) hears
/// of it.
pub type Following<T> = Pin<Box<dyn Future<Output = Result<Streamed<T>, String>> + Send>>;

impl<T> Streamed<T> {
    /// A piece of the text, and what comes after it.
    pub fn piece(
        text: String,
        following: impl Future<Output = Result<Streamed<T>, String>> + Send + 'static,
    ) -> Streamed<T> {
        Streamed::Piece(text, Box::pin(following))
    }
}

impl<T> From<T> for Streamed<T> {
    fn from(whole: T) -> Streamed<T> {
        Streamed::Whole(whole)
    }
}

impl<T: fmt::Debug> fmt::Debug for Streamed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Streamed::Whole(body) => f.debug_tuple("Whole").field(body).finish(),
            Streamed::Piece(text, _) => f.debug_tuple("Piece").field(text).finish_non_exhaustive(),
        }
    }
}

/// What is heard of an answer on its way.
pub(crate) enum Ending {
    /// It broke off.
    BrokenOff(String),
    /// It violates the contract.
    Invalid(Vec<Violation>),
}

/// What the connection learns of an answer that broke off, and has no more use for the reason than its client.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer broke off")
    }
}

impl std::error::Error for BrokenOff {}

/// An answer on its way, of whatever type.
pub(crate) trait Source: Send {
    /// Name of the text that comes in pieces, if it is one that does.
    #[cfg(feature = "utoipa")]
    fn property(&self) -> Option<&'static str>;

    /// The next bytes; an error is the last.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        hear: &dyn Fn(Ending),
    ) -> Poll<Option<Result<Bytes, BrokenOff>>>;
}

/// An object on its way.
pub(crate) struct Writing<T> {
    /// Name of the text that comes in pieces.
    pub(crate) property: &'static str,
    /// Whether the rest is held against the contract.
    pub(crate) check: bool,
    pub(crate) state: State<T>,
}

pub(crate) enum State<T> {
    First(String, Following<T>),
    Next(Following<T>),
    Over,
}

impl<T: Wire> Writing<T> {
    fn step(&mut self, cx: &mut Context<'_>, hear: &dyn Fn(Ending)) -> Poll<Result<Bytes, String>> {
        let mut following = match std::mem::replace(&mut self.state, State::Over) {
            State::First(text, following) => {
                self.state = State::Next(following);
                return Poll::Ready(begin(self.property, &text));
            }
            State::Next(following) => following,
            State::Over => return Poll::Ready(Ok(Bytes::new())),
        };
        // A future that panicked is never polled again, so nobody sees what it left.
        let polled = catch_unwind(AssertUnwindSafe(|| following.as_mut().poll(cx)));
        Poll::Ready(match polled {
            Ok(Poll::Pending) => {
                self.state = State::Next(following);
                return Poll::Pending;
            }
            Ok(Poll::Ready(Ok(Streamed::Piece(text, following)))) => {
                self.state = State::Next(following);
                middle(&text)
            }
            Ok(Poll::Ready(Ok(Streamed::Whole(body)))) => {
                if self.check {
                    let found = violations(&body);
                    if !found.is_empty() {
                        hear(Ending::Invalid(found));
                    }
                }
                end(self.property, &body)
            }
            Ok(Poll::Ready(Err(reason))) => Err(reason),
            Err(panic) => Err(panic_message(&*panic)),
        })
    }
}

impl<T: Wire + Send> Source for Writing<T> {
    #[cfg(feature = "utoipa")]
    fn property(&self) -> Option<&'static str> {
        Some(self.property)
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        hear: &dyn Fn(Ending),
    ) -> Poll<Option<Result<Bytes, BrokenOff>>> {
        if matches!(self.state, State::Over) {
            return Poll::Ready(None);
        }
        let bytes = ready!(self.step(cx, hear));
        Poll::Ready(Some(bytes.map_err(|reason| {
            self.state = State::Over;
            hear(Ending::BrokenOff(reason));
            BrokenOff
        })))
    }
}

/// What is left of an answer, as the body of a response.
pub(crate) struct Sending<H> {
    pub(crate) source: Box<dyn Source>,
    pub(crate) hear: H,
}

// Nothing in it is pinned in place.
impl<H> Unpin for Sending<H> {}

impl<H: Fn(Ending)> futures_core::Stream for Sending<H> {
    type Item = Result<Bytes, BrokenOff>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        this.source.poll(cx, &this.hear)
    }
}

/// `{"property":"text`
fn begin(property: &str, text: &str) -> Result<Bytes, String> {
    let mut bytes = vec![b'{'];
    json(&mut bytes, property)?;
    bytes.push(b':');
    json(&mut bytes, text)?;
    // Without the quote that would end the text.
    bytes.pop();
    Ok(bytes.into())
}

/// `text`
fn middle(text: &str) -> Result<Bytes, String> {
    let mut bytes = Vec::with_capacity(text.len() + text.len() / 16);
    json(&mut bytes, text)?;
    let quoted = Bytes::from(bytes);
    Ok(quoted.slice(1..quoted.len() - 1))
}

/// `text","another":"property"}`, where `text` is what `body` has under the name of the streamed property.
fn end<T: Wire>(property: &str, body: &T) -> Result<Bytes, String> {
    let body = serde_json::to_value(body).map_err(|error| error.to_string())?;
    let Value::Object(mut body) = body else {
        return Err("the answer is no object".to_owned());
    };
    let Some(Value::String(text)) = body.shift_remove(property) else {
        return Err(format!("`{property}` of the answer is no text"));
    };
    let mut bytes = Vec::new();
    json(&mut bytes, &text)?;
    for (name, value) in &body {
        bytes.push(b',');
        json(&mut bytes, name)?;
        bytes.push(b':');
        json(&mut bytes, value)?;
    }
    bytes.push(b'}');
    Ok(Bytes::from(bytes).slice(1..))
}

fn json<T: serde::Serialize + ?Sized>(to: &mut Vec<u8>, value: &T) -> Result<(), String> {
    serde_json::to_writer(to, value).map_err(|error| error.to_string())
}
