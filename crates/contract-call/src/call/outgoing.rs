//! Bodies of requests that are sequences of items, written as the connection takes them.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use reqwest::Body;

use super::request::Call;

/// How many bytes of items that are there are sent together.
const TOGETHER_BYTES: usize = 16 * 1024;

/// A stream of what is there already, for bodies of requests.
pub fn items<I>(items: I) -> impl Stream<Item = I::Item> + Send + 'static
where
    I: IntoIterator,
    I::IntoIter: Send + Unpin + 'static,
{
    Listed(items.into_iter())
}

struct Listed<I>(I);

impl<I: Iterator + Unpin> Stream for Listed<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

impl Call {
    /// A body of items, each written by `write`, and what stands behind them by `end`. Such a request is never sent a
    /// second time.
    pub fn items<S>(
        self,
        media_type: &str,
        items: Option<S>,
        write: impl Fn(&S::Item, &mut Vec<u8>) -> Result<(), String> + Send + 'static,
        end: impl Fn(&mut Vec<u8>) + Send + 'static,
    ) -> Call
    where
        S: Stream + Send + 'static,
    {
        let body = items.map(|items| {
            Body::wrap_stream(Written {
                items: Some(Box::pin(items)),
                write: Box::new(write),
                end: Box::new(end),
            })
        });
        let mut call = self.raw(media_type, body);
        call.endless = true;
        call
    }
}

impl Call {
    /// As [`Call::items`], with `boundary` between them, which the media type says as well.
    pub fn items_between<S>(
        self,
        boundary: u128,
        media_type: fn(u128) -> String,
        items: Option<S>,
        write: fn(u128, &S::Item, &mut Vec<u8>) -> Result<(), String>,
        end: fn(u128, &mut Vec<u8>),
    ) -> Call
    where
        S: Stream + Send + 'static,
    {
        let write = move |item: &S::Item, to: &mut Vec<u8>| write(boundary, item, to);
        let end = move |to: &mut Vec<u8>| end(boundary, to);
        self.items(&media_type(boundary), items, write, end)
    }
}

type Write<T> = Box<dyn Fn(&T, &mut Vec<u8>) -> Result<(), String> + Send>;

/// A write to a body that failed.
type Failed = Box<dyn std::error::Error + Send + Sync>;

struct Written<S: Stream> {
    items: Option<Pin<Box<S>>>,
    write: Write<S::Item>,
    end: Box<dyn Fn(&mut Vec<u8>) + Send>,
}

// Nothing in it is pinned in place.
impl<S: Stream> Unpin for Written<S> {}

impl<S: Stream> Stream for Written<S> {
    type Item = Result<Vec<u8>, Failed>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let mut bytes = Vec::new();
        while let Some(items) = &mut this.items {
            let item = match items.as_mut().poll_next(context) {
                Poll::Ready(Some(item)) => item,
                Poll::Ready(None) => {
                    this.items = None;
                    (this.end)(&mut bytes);
                    break;
                }
                Poll::Pending if bytes.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            if let Err(reason) = (this.write)(&item, &mut bytes) {
                // What is written of it is no item.
                this.items = None;
                return Poll::Ready(Some(Err(reason.into())));
            }
            if bytes.len() >= TOGETHER_BYTES {
                break;
            }
        }
        Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
    }
}
