//! Answers that are sequences of items, which are sent one after the other as they are made.
//!
//! The next item is asked for when the connection wants more bytes, so a client that is slow holds up what makes them,
//! and one that has left ends it: what makes them is dropped. Items that are there are sent together.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use futures_core::Stream;
use tokio::time::{Instant, Sleep};

use contract_wire::{Framing, Item, Rule, new_boundary, with_boundary, write_end, write_item};

use crate::streamed::{BrokenOff, Ending, Source};
use crate::{Writer, Written, panic_message, set_header};

/// How many bytes of items that are there are sent together.
const TOGETHER_BYTES: usize = 16 * 1024;

/// How long a stream of events is silent before it says that it is still there; proxies give up after 60 s or so.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

type Given<T> = Pin<Box<dyn Stream<Item = Result<T, String>> + Send>>;

/// The items of an answer.
///
/// They come from a list ([`Items::of`]), from any [`Stream`] ([`Items::new`]), or from work that hands over one after
/// the other ([`Items::produced`]).
pub struct Items<T> {
    source: Option<Given<T>>,
    keep_alive: Option<Duration>,
    done: bool,
}

impl<T> Items<T> {
    /// The items of `stream`. The first error breaks the answer off, and
    /// [`Api::broken_off`](crate::Api::broken_off) hears of it.
    pub fn new<E: fmt::Display + 'static>(
        stream: impl Stream<Item = Result<T, E>> + Send + 'static,
    ) -> Items<T>
    where
        T: 'static,
    {
        Items::boxed(Box::pin(Explained(Box::pin(stream))))
    }

    /// These items.
    pub fn of<I>(items: I) -> Items<T>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + Unpin + 'static,
    {
        Items::boxed(Box::pin(Listed(items.into_iter())))
    }

    /// The items that `work` hands over. It runs while the client takes them: [`Sender::send`] is done when there
    /// is room for another one. Its error breaks the answer off, as [`Items::new`] has it.
    pub fn produced<W, F, E>(work: W) -> Items<T>
    where
        T: Send + 'static,
        W: FnOnce(Sender<T>) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: fmt::Display,
    {
        let slot = Arc::new(Mutex::new(Slot::default()));
        let sender = Sender(Arc::clone(&slot));
        let work = work(sender);
        let work = async move { work.await.map_err(|error| error.to_string()) };
        Items::boxed(Box::pin(Produced {
            work: Some(Box::pin(work)),
            slot,
        }))
    }

    fn boxed(source: Given<T>) -> Items<T> {
        Items {
            source: Some(source),
            keep_alive: Some(KEEP_ALIVE),
            done: false,
        }
    }

    /// How long a stream of events is silent before a comment says that it is still there, which clients pass over;
    /// 15 s if not set, `None`: for as long as it takes. Other sequences have no comments.
    #[must_use]
    pub fn keep_alive(mut self, silence: impl Into<Option<Duration>>) -> Items<T> {
        self.keep_alive = silence.into();
        self
    }

    /// Sends `data: [DONE]` as the last event, as many services do whose events are JSON otherwise. It is no item.
    #[must_use]
    pub fn with_done(mut self) -> Items<T> {
        self.done = true;
        self
    }
}

impl<T: Send + Unpin + 'static> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Items<T> {
        Items::of(items)
    }
}

impl<T> Default for Items<T> {
    /// None.
    fn default() -> Items<T> {
        Items {
            source: None,
            keep_alive: None,
            done: false,
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

/// A stream whose errors are told as text.
struct Explained<S>(Pin<Box<S>>);

impl<S, T, E> Stream for Explained<S>
where
    S: Stream<Item = Result<T, E>>,
    E: fmt::Display,
{
    type Item = Result<T, String>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(cx);
        next.map(|item| item.map(|item| item.map_err(|error| error.to_string())))
    }
}

struct Listed<I>(I);

impl<I: Iterator + Unpin> Stream for Listed<I> {
    type Item = Result<I::Item, String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// Where one item waits, and who waits for it to be taken.
struct Slot<T> {
    item: Option<T>,
    waiting: Option<Waker>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot {
            item: None,
            waiting: None,
        }
    }
}

/// Hands over items.
pub struct Sender<T>(Arc<Mutex<Slot<T>>>);

impl<T> Sender<T> {
    /// Hands over `item` as soon as the one before it is taken. A client that has left never takes one; the work
    /// is dropped then.
    pub fn send(&mut self, item: T) -> impl Future<Output = ()> + Send + use<'_, T>
    where
        T: Send,
    {
        let mut item = Some(item);
        std::future::poll_fn(move |cx| {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if slot.item.is_some() {
                slot.waiting = Some(cx.waker().clone());
                return Poll::Pending;
            }
            match item.take() {
                None => Poll::Ready(()),
                // Done when it is taken, so that nothing is made ahead.
                given => {
                    slot.item = given;
                    slot.waiting = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

type Work = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

struct Produced<T> {
    work: Option<Work>,
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Produced<T> {
    fn take(&self) -> Option<T> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let item = slot.item.take();
        if item.is_some()
            && let Some(waiting) = slot.waiting.take()
        {
            waiting.wake();
        }
        item
    }
}

// Nothing in it is pinned in place: the work has its own box.
impl<T> Unpin for Produced<T> {}

impl<T> Stream for Produced<T> {
    type Item = Result<T, String>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(item) = this.take() {
            return Poll::Ready(Some(Ok(item)));
        }
        let Some(work) = &mut this.work else {
            return Poll::Ready(None);
        };
        let worked = work.as_mut().poll(cx);
        if worked.is_ready() {
            this.work = None;
        }
        match (this.take(), worked) {
            (Some(item), Poll::Ready(Err(error))) => {
                let failed = async move { Err(error) };
                this.work = Some(Box::pin(failed));
                Poll::Ready(Some(Ok(item)))
            }
            (Some(item), _) => Poll::Ready(Some(Ok(item))),
            (None, Poll::Ready(Ok(()))) => Poll::Ready(None),
            (None, Poll::Ready(Err(error))) => Poll::Ready(Some(Err(error))),
            (None, Poll::Pending) => Poll::Pending,
        }
    }
}

/// A sequence on its way.
struct Sending<T> {
    source: Option<Given<T>>,
    framing: Framing,
    /// What items are held against.
    check: Option<&'static Rule>,
    number: u64,
    done: bool,
    /// Why there is no more.
    failed: Option<String>,
    flushed: bool,
    silence: Option<(Duration, Pin<Box<Sleep>>)>,
}

impl<T: Item> Sending<T> {
    /// Writes the items that are there; whether there are more to come.
    fn fill(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Vec<u8>,
        hear: &dyn Fn(Ending),
    ) -> Poll<Result<(), String>> {
        while let Some(source) = &mut self.source {
            // A stream that panicked is never polled again, so nobody sees what it left.
            let polled = catch_unwind(AssertUnwindSafe(|| source.as_mut().poll_next(cx)));
            let next = match polled {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(next)) => next,
                Err(panic) => Some(Err(panic_message(&*panic))),
            };
            let Some(item) = next else {
                self.source = None;
                write_end(self.framing, to);
                break;
            };
            let item = item?;
            self.number += 1;
            if let Some(rule) = self.check {
                let mut found = item.violations(rule);
                for violation in &mut found {
                    violation.path = within(self.number, &violation.path);
                }
                if !found.is_empty() {
                    hear(Ending::Invalid(found));
                }
            }
            let number = self.number;
            write_item(self.framing, &item, to).map_err(|why| format!("item {number}: {why}"))?;
            if to.len() >= TOGETHER_BYTES {
                return Poll::Ready(Ok(()));
            }
        }
        if std::mem::take(&mut self.done) && matches!(self.framing, Framing::Events(_)) {
            to.extend_from_slice(b"data: [DONE]\n\n");
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when it was silent for too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some((limit, sleep)) = &mut self.silence else {
            return Poll::Pending;
        };
        let polled = sleep.as_mut().poll(cx);
        if polled.is_ready() {
            sleep.as_mut().reset(Instant::now() + *limit);
        }
        polled
    }

    fn heard(&mut self) {
        if let Some((limit, sleep)) = &mut self.silence {
            sleep.as_mut().reset(Instant::now() + *limit);
        }
    }
}

/// `2.name`: a place in the third item.
fn within(number: u64, path: &str) -> String {
    let index = number.saturating_sub(1);
    match path {
        "" => index.to_string(),
        path => format!("{index}.{path}"),
    }
}

impl<T: Item> Source for Sending<T> {
    #[cfg(feature = "utoipa")]
    fn property(&self) -> Option<&'static str> {
        None
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        hear: &dyn Fn(Ending),
    ) -> Poll<Option<Result<Bytes, BrokenOff>>> {
        let mut bytes = Vec::new();
        let filled = match self.failed {
            Some(_) => Poll::Ready(Ok(())),
            None => self.fill(cx, &mut bytes, hear),
        };
        let filled = filled.map(|filled| {
            if let Err(reason) = filled {
                self.failed = Some(reason);
                (self.source, self.done) = (None, false);
            }
        });
        if !bytes.is_empty() {
            self.heard();
            return Poll::Ready(Some(Ok(bytes.into())));
        }
        if let Some(reason) = self.failed.take() {
            // The connection sends what it has got before it hears of the end.
            if !std::mem::replace(&mut self.flushed, true) {
                self.failed = Some(reason);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            hear(Ending::BrokenOff(reason));
            return Poll::Ready(Some(Err(BrokenOff)));
        }
        if filled.is_ready() {
            return Poll::Ready(None);
        }
        self.poll_silence(cx)
            .map(|()| Some(Ok(Bytes::from_static(b":\n\n"))))
    }
}

impl Writer {
    /// An answer that is a sequence of items, each of which is held against `rule`. It has neither length nor version,
    /// since nobody knows what follows.
    ///
    /// # Errors
    /// None; it has the form of the others.
    pub fn items<T: Item + Send + 'static>(
        &mut self,
        code: u16,
        media_type: &'static str,
        framing: Framing,
        body: &mut Items<T>,
        rule: &'static Rule,
    ) -> Written {
        let items = std::mem::take(body);
        let (framing, content_type) = match framing {
            Framing::Parts(_) => {
                let boundary = new_boundary();
                (
                    Framing::Parts(boundary),
                    with_boundary(media_type, boundary),
                )
            }
            framing => (framing, media_type.to_owned()),
        };
        let events = matches!(framing, Framing::Events(_));
        let silence = items.keep_alive.filter(|_| events).map(|limit| {
            let sleep = tokio::time::sleep(limit);
            (limit, Box::pin(sleep))
        });
        self.stream(Box::new(Sending {
            source: items.source,
            framing,
            check: self.checks().then_some(rule),
            number: 0,
            done: items.done,
            failed: None,
            flushed: false,
            silence,
        }));
        let mut response = self.bytes(code, media_type, Bytes::new())?;
        set_header(&mut response, "content-type", content_type)?;
        let headers = response.headers_mut();
        if events {
            // Nobody on the way keeps it, or waits for more of it.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        }
        Ok(response)
    }
}
