//! What any server wants around its router: accepting connections, limits for each and for all of them, ids of
//! requests, log lines, health, metrics, pages of other origins, and a shutdown that answers what was accepted.
//!
//! HTTP/1 and HTTP/2 without TLS (prior knowledge, RFC 9113, section 3.3) share a port. Start at [`listen()`] for
//! connections and at [`observe`] for requests. With the feature `docs`, [`docs()`] is a page on which the contract is
//! read and tried.

mod around;
mod body;
mod connection;
mod cors;
#[cfg(feature = "docs")]
mod docs;
mod headers;
mod heads;
mod health;
mod log;
mod metrics;
mod pieces;
mod proxies;
mod refusal;
mod room;
mod settle;
mod signals;
mod state;
mod stream;
mod watch;

use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};

use self::connection::Server;
use self::room::{Refused, Room, Seat};

pub use self::around::{Around, Quiet, observe};
pub use self::cors::{Cors, Origin};
#[cfg(feature = "docs")]
pub use self::docs::{DocsPage, docs, served_contract};
pub use self::headers::{REQUEST_ID, fresh_id, harden, request_id};
pub use self::heads::objection;
pub use self::health::{ask_ready, health};
pub use self::log::{LogFormat, log, log_filter, log_lines};
pub use self::metrics::{Figures, Kind, Metrics, Present, file_handles};
pub use self::pieces::{PIECE_BYTES, in_pieces};
pub use self::proxies::{Network, Proxies};
pub use self::refusal::{Errors, NoRequest, problem};
pub use self::settle::{settled, without_body};
pub use self::signals::asked_to_stop;

/// How a listener treats its connections.
#[derive(Debug, Clone)]
pub struct Host {
    /// Limits of connections.
    pub limits: Limits,
    /// Proxies whose word is taken for who a client is.
    pub proxies: Proxies,
    /// How errors look.
    pub errors: Errors,
}

impl Default for Host {
    fn default() -> Host {
        Host {
            limits: Limits::default(),
            proxies: Proxies::new(&[]),
            errors: Errors::default(),
        }
    }
}

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections at a time.
    pub connections: usize,
    /// Most connections at a time from one address.
    pub connections_per_address: Option<usize>,
    /// Most bytes of a request's head.
    pub head_bytes: usize,
    /// Most headers of a request.
    pub headers: usize,
    /// Most requests at a time on a connection of HTTP/2.
    pub streams: u32,
    /// For the head of a request, from its first byte on.
    pub head: Duration,
    /// For the next request to begin.
    pub idle: Duration,
    /// For an answer to be taken, beside what its size allows.
    pub write: Duration,
    /// What its size allows: bytes a second.
    pub write_rate: u32,
    /// For accepted requests to finish once `stop` is done.
    pub shutdown: Duration,
}

impl Default for Limits {
    /// 10,000 connections; heads of 16 KiB and 100 headers within 30 s, the next within 75 s; answers within 30 s
    /// and as much more as 16 KiB a second take.
    fn default() -> Limits {
        Limits {
            connections: 10_000,
            connections_per_address: None,
            head_bytes: 16 * 1024,
            headers: 100,
            streams: 100,
            head: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            write_rate: 16 * 1024,
            shutdown: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// How long a client may take for an answer of this size.
    fn write_time(&self, bytes: u64) -> Duration {
        self.write + self.rate_time(bytes)
    }

    /// What the size of an answer allows.
    fn rate_time(&self, bytes: u64) -> Duration {
        let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(self.write_rate.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// Serves `app` until `stop` is done, then closes connections without a request, answers what was
/// accepted and returns; connections that are still busy after `shutdown` are dropped.
///
/// Requests name the client by the extension [`Caller`](crate::Caller). What `connected` gives is kept for as long as
/// its connection lasts.
pub async fn listen<P: Send + 'static>(
    listener: TcpListener,
    app: Router,
    host: Host,
    connected: impl Fn() -> P,
    stop: impl Future<Output = ()>,
) {
    let Host {
        limits, proxies, ..
    } = host.clone();
    let room = Arc::new(Room::new(
        limits.connections,
        limits.connections_per_address,
    ));
    let server = Arc::new(Server::new(app, host, Arc::clone(&room)));
    let mut stop = pin!(stop);
    loop {
        let (stream, peer, seat) = tokio::select! {
            accepted = accept(&listener, &room, &proxies) => accepted,
            () = &mut stop => break,
        };
        // Answers are one write each: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let present = connected();
        let serving = Arc::clone(&server).serve(stream, peer, seat);
        tokio::spawn(async move {
            let _present = present;
            serving.await;
        });
    }
    drop(listener);
    room.stop();
    if tokio::time::timeout(limits.shutdown, room.empty())
        .await
        .is_err()
    {
        tracing::warn!(
            timeout_ms = limits.shutdown.as_millis(),
            "dropped connections that were still busy"
        );
    }
}

/// The next connection that has a place. Where there is none, one that owes nothing has to leave,
/// and whoever knocks waits in the queue of the operating system meanwhile.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Room>,
    proxies: &Proxies,
) -> (TcpStream, IpAddr, Seat) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, or the peer is gone: neither ends the server. The
                // pause keeps it from spinning while handles are short.
                tracing::warn!(%error, "accepting a connection failed");
                room.evict();
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let peer = peer.ip().to_canonical();
        // All clients of a proxy have its address.
        let counted = (!proxies.trust(peer)).then_some(peer);
        loop {
            match room.seat(counted) {
                Ok(seat) => return (stream, peer, seat),
                Err(Refused::Address) => {
                    tracing::debug!(%peer, "too many connections from one address");
                    break;
                }
                Err(Refused::Full) => {
                    room.evict();
                    room.left().await;
                }
            }
        }
    }
}
