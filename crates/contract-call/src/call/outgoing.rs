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
    /// A body of items, each written by `write`, which also writes what stands behind the last: `None`. Such a request
    /// is never sent a second time.
    pub fn items<S, W>(self, media_type: &str, items: Option<S>, write: W) -> Call
    where
        S: Stream + Send + 'static,
        W: Fn(Option<&S::Item>, &mut Vec<u8>) -> Result<(), String> + Send + Unpin + 'static,
    {
        let body = items.map(|items| {
            let items = Some(Box::pin(items));
            Body::wrap_stream(Written { items, write })
        });
        let mut call = self.raw(media_type, body);
        call.endless = true;
        call
    }

    /// As [`Call::items`], with `boundary` between them, which the media type says as well.
    pub fn items_between<S, W>(
        self,
        boundary: u128,
        media_type: fn(u128) -> String,
        items: Option<S>,
        write: W,
    ) -> Call
    where
        S: Stream + Send + 'static,
        W: Fn(u128, Option<&S::Item>, &mut Vec<u8>) -> Result<(), String> + Send + Unpin + 'static,
    {
        let write = move |item: Option<&S::Item>, to: &mut Vec<u8>| write(boundary, item, to);
        self.items(&media_type(boundary), items, write)
    }
}

/// A write to a body that failed.
type Failed = Box<dyn std::error::Error + Send + Sync>;

struct Written<S, W> {
    items: Option<Pin<Box<S>>>,
    write: W,
}

impl<S, W> Stream for Written<S, W>
where
    S: Stream,
    W: Fn(Option<&S::Item>, &mut Vec<u8>) -> Result<(), String> + Unpin,
{
    type Item = Result<Vec<u8>, Failed>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let mut bytes = Vec::new();
        while let Some(items) = &mut this.items {
            let item = match items.as_mut().poll_next(context) {
                Poll::Ready(item) => item,
                Poll::Pending if bytes.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            let written = (this.write)(item.as_ref(), &mut bytes);
            if item.is_none() || written.is_err() {
                this.items = None;
            }
            if let Err(reason) = written {
                return Poll::Ready(Some(Err(reason.into())));
            }
            if bytes.len() >= TOGETHER_BYTES {
                break;
            }
        }
        Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
    }
}
