//! Accepting connections: a time limit for request heads, and a shutdown that answers what was
//! accepted.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower_service::Service as _;

use crate::metrics::Metrics;

/// Time limits of connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For the head of a request, and for an idle connection to send the next one.
    pub(crate) head: Duration,
    /// For accepted requests to finish once `stop` is done.
    pub(crate) shutdown: Duration,
}

/// Serves `app` until `stop` is done, then closes idle connections, answers what was accepted and
/// returns; connections that are still busy after `limits.shutdown` are dropped.
pub(crate) async fn listen(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    metrics: Option<&'static Metrics>,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file handles, or the peer is gone: neither ends the server. The
                    // pause keeps it from spinning while handles are short.
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Answers are one write each: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut app = app.clone();
            async move {
                let answer: Result<Response<Body>, Infallible> =
                    app.call(request.map(Body::new)).await;
                answer
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            // A client may close its half once it has sent its request; it still gets the answer.
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        let present = metrics.map(Metrics::connection);
        tokio::spawn(async move {
            let _present = present;
            // A peer that goes away or breaks off is its own affair.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.shutdown, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            timeout_ms = limits.shutdown.as_millis(),
            "dropped connections that were still busy"
        );
    }
}

/// Done when the process is asked to stop (SIGINT or SIGTERM). Neither ends the process from this call on.
///
/// # Errors
/// The signals cannot be waited for.
#[cfg(unix)]
pub(crate) fn signal_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the process is asked to stop (Ctrl-C).
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub(crate) fn signal_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
            std::future::pending::<()>().await;
        }
    })
}
