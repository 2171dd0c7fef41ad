//! Large answers, handed over in pieces.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// How much of an answer is handed over at once.
pub const PIECE_BYTES: usize = 64 * 1024;

/// The same body in pieces: flow control holds up each, and what has been handed over is out of reach. Keeps `held`
/// until the last piece has been handed over, or nobody wants it.
pub fn in_pieces(body: Body, held: impl Send + Unpin + 'static) -> Body {
    Body::new(Pieces {
        body,
        rest: Bytes::new(),
        _held: held,
    })
}

struct Pieces<H> {
    body: Body,
    rest: Bytes,
    _held: H,
}

impl<H: Unpin> HttpBody for Pieces<H> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
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
