//! Accepting connections: limits for each and for all of them, and a shutdown that answers what was
//! accepted.
//!
//! HTTP/1 and HTTP/2 without TLS (prior knowledge, RFC 9113, section 3.3) share a port. Start at [`listen()`].

mod body;
mod connection;
mod refusal;
mod room;
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
use crate::metrics::Metrics;
use crate::proxies::Proxies;

/// Limits of connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Most connections at a time.
    pub(crate) connections: usize,
    /// Most connections at a time from one address.
    pub(crate) connections_per_address: Option<usize>,
    /// Most bytes of a request's head.
    pub(crate) head_bytes: usize,
    /// Most headers of a request.
    pub(crate) headers: usize,
    /// Most requests at a time on a connection of HTTP/2.
    pub(crate) streams: u32,
    /// For the head of a request, from its first byte on.
    pub(crate) head: Duration,
    /// For the next request to begin.
    pub(crate) idle: Duration,
    /// For an answer to be taken, beside what its size allows.
    pub(crate) write: Duration,
    /// What its size allows: bytes a second.
    pub(crate) write_rate: u32,
    /// For accepted requests to finish once `stop` is done.
    pub(crate) shutdown: Duration,
}

impl Limits {
    /// How long a client may take for an answer of this size.
    fn write_time(&self, bytes: u64) -> Duration {
        self.write + Duration::from_secs(bytes / u64::from(self.write_rate.max(1)))
    }
}

/// Serves `app` until `stop` is done, then closes connections without a request, answers what was
/// accepted and returns; connections that are still busy after `limits.shutdown` are dropped.
pub(crate) async fn listen(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    proxies: &Proxies,
    metrics: Option<&'static Metrics>,
    stop: impl Future<Output = ()>,
) {
    let room = Arc::new(Room::new(
        limits.connections,
        limits.connections_per_address,
    ));
    let server = Arc::new(Server::new(app, limits, proxies.clone(), Arc::clone(&room)));
    let mut stop = pin!(stop);
    loop {
        let (stream, peer, seat) = tokio::select! {
            accepted = accept(&listener, &room, proxies) => accepted,
            () = &mut stop => break,
        };
        // Answers are one write each: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let present = metrics.map(Metrics::connection);
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
