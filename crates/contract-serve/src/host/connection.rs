//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::header;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::Host;
use super::body::{Running, paced, says_close, unmeasured};
use super::heads::TwoFramings;
use super::pieces::{PIECE_BYTES, in_pieces};
use super::room::{Room, Seat};
use super::state::State;
use super::stream::{BOTH_FRAMINGS, Opening, Protocol, Stream};
use super::watch::{Ended, Watch};
use crate::Caller;

/// The most that is read at once, and that is held of what is written (HTTP/2).
const BUFFER_BYTES: usize = 64 * 1024;

/// How many headers `hyper` takes by itself.
const HEADERS_OF_HYPER: usize = 100;

/// What all connections of a listener have in common.
#[derive(Debug)]
pub(super) struct Server {
    app: Router,
    host: Host,
    room: Arc<Room>,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Server {
    pub(super) fn new(app: Router, host: Host, room: Arc<Room>) -> Server {
        let limits = &host.limits;
        let mut http1 = http1::Builder::new();
        http1
            // The times of a head, and of the wait for it, are kept by `Watch`.
            .header_read_timeout(None)
            // A client may close its half once it has sent its request; it still gets the answer.
            .half_close(true)
            .max_header_size(limits.head_bytes)
            .max_buf_size(limits.head_bytes.max(BUFFER_BYTES));
        // Asked for its own number, `hyper` makes room for it with every request anew.
        if limits.headers != HEADERS_OF_HYPER {
            http1.max_headers(limits.headers);
        }
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        // Floods of resets, settings and continuations end the connection by limits of `h2` itself.
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
            .max_send_buf_size(BUFFER_BYTES);
        Server {
            app,
            host,
            room,
            http1,
            http2,
        }
    }

    /// Serves a connection to its end.
    pub(super) async fn serve(self: Arc<Server>, mut tcp: TcpStream, peer: IpAddr, seat: Seat) {
        let state = &seat.state;
        let mut watch = Watch::new(&self.host.limits, Arc::clone(&self.room), Arc::clone(state));
        let mut opening = Opening::default();
        let opened = watch
            .over_opening(|cx| opening.poll_protocol(cx, &mut tcp, state))
            .await;
        let outcome = match opened {
            // A peer that goes away or breaks off is its own affair.
            Ok(Err(_)) => return,
            Ok(Ok(protocol)) => {
                let stream =
                    Stream::new(tcp, Arc::clone(state), opening, protocol, self.host.errors);
                let io = TokioIo::new(stream);
                match protocol {
                    Protocol::Http1 => watch.over_http1(self.http1(io, peer, state)).await,
                    // Larger, and rarer.
                    Protocol::Http2 => Box::pin(self.http2(&mut watch, io, peer, state)).await,
                }
            }
            Err(ended) => Err(ended),
        };
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) if error.is_parse() => {
                tracing::info!(%peer, error = %cause(&error), "refused what is no request");
            }
            Ok(Err(error)) => tracing::debug!(%peer, error = %cause(&error), "connection ended"),
            Err(ended) => tracing::debug!(%peer, reason = ?ended, "connection ended"),
        }
    }

    /// No future of its own, which each connection would need room for.
    fn http1<'c>(
        &'c self,
        io: TokioIo<Stream>,
        peer: IpAddr,
        state: &'c Arc<State>,
    ) -> Pin<Box<impl GracefulConnection<Error = hyper::Error> + 'c>> {
        // What can be done at once is done outside of the future: each connection has room for one.
        let service = service_fn(move |mut request: Request<Incoming>| {
            if state.accepted() == BOTH_FRAMINGS {
                request.extensions_mut().insert(TwoFramings);
            }
            let caller = self.caller(peer, &request);
            request.extensions_mut().insert(caller);
            let request = request.map(|body| match body.is_end_stream() {
                // Without a box for a body that is not there.
                true => Body::empty(),
                false => Body::new(body),
            });
            let answering = self.app.clone().call(request);
            async move {
                let Ok(response) = answering.await;
                Ok::<_, Infallible>(self.finish(state, response))
            }
        });
        Box::pin(self.http1.serve_connection(io, service))
    }

    /// Before an answer of HTTP/1 is sent.
    fn finish(&self, state: &Arc<State>, mut response: Response) -> Response {
        if says_close(&response) {
            state.linger();
        } else if self.room.crowded() {
            let close = header::HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        match response.body().size_hint().exact() {
            Some(bytes) => {
                state.answering(bytes);
                match bytes > PIECE_BYTES as u64 {
                    true => response.map(|body| in_pieces(body, state.answers_in_pieces())),
                    false => response,
                }
            }
            None => response.map(|body| unmeasured(body, state, self.host.limits)),
        }
    }

    async fn http2(
        &self,
        watch: &mut Watch<'_>,
        io: TokioIo<Stream>,
        peer: IpAddr,
        state: &Arc<State>,
    ) -> Result<hyper::Result<()>, Ended> {
        state.opened();
        let service = service_fn(|request: Request<Incoming>| {
            let running = Running::new(state);
            let mut app = self.app.clone();
            let limits = self.host.limits;
            let caller = self.caller(peer, &request);
            async move {
                let Ok(response) = app.call(from(caller, request.map(Body::new))).await;
                Ok::<_, Infallible>(response.map(|body| paced(body, running, limits)))
            }
        });
        let connection = Box::pin(self.http2.serve_connection(io, service));
        watch.over_http2(connection).await
    }

    fn caller(&self, peer: IpAddr, request: &Request<Incoming>) -> Caller {
        Caller(self.host.proxies.client(peer, request.headers()))
    }
}

fn from(caller: Caller, mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(caller);
    request
}

/// An error and what caused it.
fn cause(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
