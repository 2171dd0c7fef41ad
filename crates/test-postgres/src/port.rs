//! Ports that stay free while a server is down.

use std::hash::{BuildHasher as _, RandomState};
use std::net::TcpListener;

use crate::Error;

/// Below the ports that Linux and macOS give to outgoing connections: a restarted server finds its port
/// again.
const RANGE: std::ops::Range<u16> = 15_000..30_000;

/// A port of this machine that nobody listens on.
pub(crate) fn free() -> Result<u16, Error> {
    let size = RANGE.end - RANGE.start;
    let random = RandomState::new().hash_one(std::process::id());
    let first = u16::try_from(random % u64::from(size)).expect("less than the size");
    (0..size)
        .map(|step| RANGE.start + (first + step) % size)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| Error::failed("looking for a free port", "every port is taken"))
}
