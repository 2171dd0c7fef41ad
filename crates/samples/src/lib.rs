//! Small contracts, each generated whole (types, server, client, description), served over HTTP and
//! called by its own client: what the generator accepts must be right, not only compile.
//!
//! `contracts/*.yaml` are written by hand, one per kind of construct; `tests/<name>.rs` runs them.
//! One more is made by `build/names.rs`: every name that could meet one of Rust or of ours, in
//! every place where a contract has names.
//!
//! **Architecture Invariant:** nothing depends on this crate; it holds tests and what they share.

use std::net::SocketAddr;

/// The modules `types`, `api` and `client` of the contract `contracts/<name>.yaml`, or of the one
/// that `build/names.rs` makes.
#[macro_export]
macro_rules! contract {
    ($name:literal) => {
        #[allow(clippy::all, reason = "generated")]
        #[allow(missing_docs, reason = "a contract need not describe everything")]
        #[allow(unreachable_pub, reason = "a test exports nothing")]
        #[allow(dead_code, reason = "a test does not use everything")]
        #[allow(unused_imports, reason = "a test does not use everything")]
        pub mod types {
            include!(concat!(env!("OUT_DIR"), "/", $name, ".types.rs"));
        }

        #[allow(clippy::all, reason = "generated")]
        #[allow(missing_docs, reason = "a contract need not describe everything")]
        #[allow(unreachable_pub, reason = "a test exports nothing")]
        #[allow(dead_code, reason = "a test does not use everything")]
        pub mod api {
            pub use super::types;
            include!(concat!(env!("OUT_DIR"), "/", $name, ".api.rs"));
        }

        #[allow(clippy::all, reason = "generated")]
        #[allow(missing_docs, reason = "a contract need not describe everything")]
        #[allow(unreachable_pub, reason = "a test exports nothing")]
        #[allow(dead_code, reason = "a test does not use everything")]
        pub mod client {
            include!(concat!(env!("OUT_DIR"), "/", $name, ".client.rs"));
        }
    };
}

/// Serves `router` on a free port of this machine for as long as the runtime lives.
///
/// # Panics
/// No port can be had.
pub async fn serve(router: axum::Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Sends the bytes of a request with `Connection: close` and gives back the whole answer.
///
/// # Errors
/// The connection breaks.
pub async fn raw(address: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends a PUT with a JSON body and gives back status and body of the answer.
///
/// # Errors
/// The connection breaks, or the answer has no status.
pub async fn put(address: SocketAddr, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    let request = format!(
        "PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = raw(address, request.as_bytes()).await?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("no status"))?;
    Ok((status, body.to_owned()))
}
