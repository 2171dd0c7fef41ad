//! Lists, page after page.

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::error::Error;

/// One page of a list.
pub struct Page<T> {
    /// What the list holds at this place.
    pub items: Vec<T>,
    /// Cursor of the page that follows; none, or an empty one, at the end.
    pub next: Option<String>,
}

type Fetching<'a, T, E> = Pin<Box<dyn Future<Output = Result<Page<T>, Error<E>>> + Send + 'a>>;

/// The items of a list: a [`Stream`] that fetches pages as they are needed.
///
/// Without a crate for streams, [`Pages::next`] takes one item after the other.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<'a, T, E> {
    fetch: Box<dyn Fn(Option<String>) -> Fetching<'a, T, E> + Send + 'a>,
    state: State<'a, T, E>,
    items: std::vec::IntoIter<T>,
    seen: HashSet<String>,
}

enum State<'a, T, E> {
    /// Before the page at this cursor.
    Before(Option<String>),
    Fetching(Fetching<'a, T, E>),
    Over,
}

impl<'a, T, E> Pages<'a, T, E> {
    /// The list whose page at a cursor is what `fetch` gives; `None` asks for the first.
    pub fn new<F, R>(fetch: F) -> Self
    where
        F: Fn(Option<String>) -> R + Send + 'a,
        R: Future<Output = Result<Page<T>, Error<E>>> + Send + 'a,
    {
        Pages {
            fetch: Box::new(move |cursor| Box::pin(fetch(cursor))),
            state: State::Before(None),
            items: Vec::new().into_iter(),
            seen: HashSet::new(),
        }
    }

    /// The next item; `None` at the end of the list and after an error.
    ///
    /// # Errors
    /// What fetching a page gives.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>>
    where
        T: Unpin,
    {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

// Nothing in it is pinned in place: the future has its own box.
impl<T, E> Unpin for Pages<'_, T, E> {}

impl<T, E> Stream for Pages<'_, T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match &mut this.state {
                State::Over => return Poll::Ready(None),
                State::Before(cursor) => {
                    let cursor = cursor.take();
                    this.state = State::Fetching((this.fetch)(cursor));
                }
                State::Fetching(page) => {
                    let page = ready!(page.as_mut().poll(context));
                    this.state = State::Over;
                    let page = match page {
                        Ok(page) => page,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    this.items = page.items.into_iter();
                    if let Some(next) = page.next.filter(|next| !next.is_empty()) {
                        if !this.seen.insert(next.clone()) {
                            // What this page holds was given before, too.
                            this.items = Vec::new().into_iter();
                            return Poll::Ready(Some(Err(Error::RepeatedCursor)));
                        }
                        this.state = State::Before(Some(next));
                    }
                }
            }
        }
    }
}
