//! Whether a server runs, and whether it is ready: for load balancers, and for health checks of containers, where no
//! other program may be at hand.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::get;

/// A server that needs longer is not ready, whatever it would say in the end.
const PATIENCE: Duration = Duration::from_secs(3);

/// `/healthz`, which is answered as long as the process runs, and `/readyz`: 200, or 503 with the reason that `ready`
/// gives, which everybody may read.
pub fn health<R>(ready: impl Fn() -> R + Clone + Send + Sync + 'static) -> Router
where
    R: Future<Output = Result<(), String>> + Send,
{
    let answer = async move || match ready().await {
        Ok(()) => (StatusCode::OK, "ready\n").into_response(),
        Err(reason) => {
            let retry = [(header::RETRY_AFTER, "1")];
            let text = format!("not ready: {reason}\n");
            (StatusCode::SERVICE_UNAVAILABLE, retry, text).into_response()
        }
    };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(answer))
}

/// Asks the server that listens at `listen`, on this machine, whether it is ready. Blocks for 3 s at most.
///
/// # Errors
/// What it answered instead, or why it could not be asked.
pub fn ask_ready(listen: SocketAddr) -> Result<(), String> {
    let address = reachable(listen);
    let answer = ask(address).map_err(|error| match error.kind() {
        // A time-out has one of two names, neither of which says so.
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!(
                "`{address}` does not answer within {} s",
                PATIENCE.as_secs()
            )
        }
        _ => format!("`{address}` does not answer: {error}"),
    })?;
    let status = answer.lines().next().unwrap_or_default();
    if status.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(format!("`{address}` is not ready: `{status}`"))
    }
}

/// Who listens on every address is asked on one.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    // Its first line is all that counts; nobody answers for ever.
    stream.take(4_096).read_to_string(&mut answer)?;
    Ok(answer)
}
