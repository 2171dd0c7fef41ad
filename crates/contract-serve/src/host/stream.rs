//! The socket below HTTP: sees when requests begin and answers are gone, and closes so that the
//! last answer arrives.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::refusal::{Errors, Refusal};
use super::state::State;

/// How a client of HTTP/2 begins (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long a peer may go on sending after the last answer, as with nginx, and how long it may be silent.
const LINGER: Duration = Duration::from_secs(30);
const LINGER_SILENCE: Duration = Duration::from_secs(2);
/// How much it may send then.
const LINGER_BYTES: u64 = 256 * 1024 * 1024;
/// How much of that is read before others have their turn.
const LINGER_AT_ONCE: usize = 256 * 1024;

/// What was read to see which protocol it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Opening {
    bytes: [u8; PREFACE.len()],
    length: usize,
}

/// What the first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

impl Opening {
    /// Reads until it is clear what the client speaks.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn poll_protocol(
        &mut self,
        cx: &mut Context<'_>,
        tcp: &mut TcpStream,
        state: &State,
    ) -> Poll<io::Result<Protocol>> {
        loop {
            let seen = &self.bytes[..self.length];
            if !PREFACE.starts_with(seen) {
                return Poll::Ready(Ok(Protocol::Http1));
            }
            if self.length == PREFACE.len() {
                return Poll::Ready(Ok(Protocol::Http2));
            }
            let mut buffer = ReadBuf::new(&mut self.bytes[self.length..]);
            ready!(Pin::new(&mut *tcp).poll_read(cx, &mut buffer))?;
            let read = buffer.filled().len();
            if read == 0 {
                return Poll::Ready(Ok(Protocol::Http1));
            }
            state.received();
            self.length += read;
        }
    }
}

/// A connection to a client.
#[derive(Debug)]
pub(super) struct Stream {
    tcp: TcpStream,
    state: Arc<State>,
    opening: Opening,
    taken: usize,
    protocol: Protocol,
    errors: Errors,
    refusal: Option<Box<Refusal>>,
    lingering: Option<Box<Lingering>>,
}

#[derive(Debug)]
struct Lingering {
    silence: Pin<Box<Sleep>>,
    end: Instant,
    left: u64,
}

impl Stream {
    /// `opening` is read once more.
    pub(super) fn new(
        tcp: TcpStream,
        state: Arc<State>,
        opening: Opening,
        protocol: Protocol,
        errors: Errors,
    ) -> Stream {
        Stream {
            tcp,
            state,
            opening,
            taken: 0,
            protocol,
            errors,
            refusal: None,
            lingering: None,
        }
    }

    /// Whether nothing was accepted that could be answered: what is written then is the HTTP
    /// library's own answer to bytes that are no request.
    fn is_unasked(&self) -> bool {
        self.protocol == Protocol::Http1 && self.state.phase().owes_nothing()
    }

    /// Writes the whole of another answer instead of `bytes`.
    fn poll_refuse(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let refusal = self
            .refusal
            .get_or_insert_with(|| Box::new(Refusal::instead_of(bytes, &self.errors)));
        while let Some(rest) = refusal.rest() {
            let written = ready!(Pin::new(&mut self.tcp).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            refusal.sent(written);
        }
        Poll::Ready(Ok(bytes.len()))
    }

    /// Reads and drops what still comes, until the peer closes or has had its time.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let lingering = self.lingering.get_or_insert_with(|| {
            let now = Instant::now();
            Box::new(Lingering {
                silence: Box::pin(tokio::time::sleep_until(now + LINGER_SILENCE)),
                end: now + LINGER,
                left: LINGER_BYTES,
            })
        });
        let mut dropped = [0_u8; 8 * 1024];
        let mut at_once = 0;
        while at_once < LINGER_AT_ONCE {
            let mut buffer = ReadBuf::new(&mut dropped);
            let Poll::Ready(read) = Pin::new(&mut self.tcp).poll_read(cx, &mut buffer) else {
                if at_once > 0 {
                    let silence = Instant::now() + LINGER_SILENCE;
                    lingering.silence.as_mut().reset(silence.min(lingering.end));
                }
                return lingering.silence.as_mut().poll(cx);
            };
            let bytes = buffer.filled().len();
            lingering.left = lingering.left.saturating_sub(bytes as u64);
            let over = lingering.left == 0 || Instant::now() >= lingering.end;
            if read.is_err() || bytes == 0 || over {
                return Poll::Ready(());
            }
            at_once += bytes;
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let opening = &this.opening.bytes[this.taken..this.opening.length];
        let count = opening.len().min(buffer.remaining());
        buffer.put_slice(&opening[..count]);
        this.taken += count;
        let read = Pin::new(&mut this.tcp).poll_read(cx, buffer);
        if count == 0 || read.is_ready() {
            ready!(read)?;
        }
        let new = &buffer.filled()[before..];
        if this.protocol == Protocol::Http1 && !new.is_empty() {
            if this.state.phase().owes_nothing() {
                this.state.framed_by(framings(new));
            }
            this.state.received();
        }
        Poll::Ready(Ok(()))
    }
}

/// `Content-Length` and `Transfer-Encoding`.
pub(super) const BOTH_FRAMINGS: u8 = 3;

/// Which of the headers that say where a body ends are in this piece of a head. The HTTP library
/// takes `Content-Length` away where there are both, so that nobody sees it later.
///
/// It need not find them where clients send requests before the last was answered, or names in two
/// pieces: the connection then ends after the answer, which leaves nothing to be misunderstood.
fn framings(piece: &[u8]) -> u8 {
    let mut found = 0;
    for at in memchr::memchr_iter(b'\n', piece) {
        match &piece[at + 1..] {
            [b'\r', b'\n', ..] | [b'\n', ..] => break,
            line @ [b'c' | b'C', ..] if is_header(line, b"content-length:") => found |= 1,
            line @ [b't' | b'T', ..] if is_header(line, b"transfer-encoding:") => found |= 2,
            _ => {}
        }
    }
    found
}

fn is_header(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_unasked() {
            return self.poll_refuse(cx, bytes);
        }
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_unasked() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_refuse(cx, first.map_or(&[], |slice| slice));
        }
        Pin::new(&mut self.tcp).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    /// Called when everything has been written.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.state.flushed();
        Poll::Ready(Ok(()))
    }

    /// Says that nothing more is sent. Where the peer may still be sending, it waits for that to
    /// end: a socket that is closed with bytes unread resets the connection, and the peer loses
    /// the answer it has not read yet (RFC 9112, section 9.6).
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
            if !self.state.lingers() {
                return Poll::Ready(Ok(()));
            }
            self.state.lingering();
        }
        ready!(self.poll_linger(cx));
        Poll::Ready(Ok(()))
    }
}
