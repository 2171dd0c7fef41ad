//! Ports that stay free while a server is down.

use std::hash::{BuildHasher as _, RandomState};
use std::net::TcpListener;

use crate::Error;

/// Below the ports that Linux and macOS give to outgoing connections: a restarted server finds its port
/// again.
const RANGE: std::ops::Range<u16> = 15_000..30_000;

/// A port of this machine that nobody listens on.
pub(crate) fn free() -> Result<u16, Error> {
    Ok(several(1)?[0])
}

/// So many different ones.
pub(crate) fn several(count: usize) -> Result<Vec<u16>, Error> {
    let size = RANGE.end - RANGE.start;
    let random = RandomState::new().hash_one(std::process::id());
    let first = u16::try_from(random % u64::from(size)).expect("less than the size");
    let free: Vec<u16> = (0..size)
        .map(|step| RANGE.start + (first + step) % size)
        .filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .take(count)
        .collect();
    if free.len() < count {
        return Err(Error::failed(
            "looking for a free port",
            "every port is taken",
        ));
    }
    Ok(free)
}
