//! Addresses to listen on, as people write them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

/// Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`. Without a host, this machine alone is meant, so that
/// nobody opens a server to the network by leaving something out.
///
/// # Errors
/// What is wrong with it, and which forms there are.
pub(crate) fn parse(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix(':').unwrap_or(text);
    if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() {
        let port = port
            .parse()
            .map_err(|_| format!("port `{port}` is greater than 65535"))?;
        return Ok(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port));
    }
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let forms = "write `HOST:PORT`, such as `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; \
                 `0.0.0.0:8080` is every address of this machine";
    if text.parse::<IpAddr>().is_ok() {
        return Err(format!("the port is missing: {forms}"));
    }
    let Some((host, port)) = text.rsplit_once(':') else {
        return Err(format!("the port is missing: {forms}"));
    };
    if port.parse::<u16>().is_err() {
        return Err(format!("`{port}` is no port from 0 to 65535: {forms}"));
    }
    if host.contains([':', '/', '[']) {
        return Err(forms.to_owned());
    }
    let found = text
        .to_socket_addrs()
        .map_err(|error| format!("host `{host}` is not found: {error}"))?;
    // `localhost` is both on most machines, and clients try 127.0.0.1 at the latest.
    let mut found: Vec<SocketAddr> = found.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    let first = found.into_iter().next();
    first.ok_or_else(|| format!("host `{host}` has no address"))
}

/// Why nobody can listen on `address`, and what to do, for the option `option`.
pub(crate) fn explain(address: SocketAddr, option: &str, error: &io::Error) -> String {
    let (what, hint) = match error.kind() {
        io::ErrorKind::PermissionDenied => (
            "ports below 1024 need a privilege".to_owned(),
            format!(
                "take a port from 1024 on, such as `{option} {}:8080`, behind a proxy; or give the \
                 privilege: `AmbientCapabilities=CAP_NET_BIND_SERVICE` in the systemd unit",
                host(address)
            ),
        ),
        io::ErrorKind::AddrInUse => (
            "another program listens there".to_owned(),
            format!(
                "stop it, or take another port: `{option} {}:0` finds a free one",
                host(address)
            ),
        ),
        io::ErrorKind::AddrNotAvailable => (
            format!("`{}` is no address of this machine", address.ip()),
            format!(
                "`{option} 0.0.0.0:{}` listens on every address it has",
                address.port()
            ),
        ),
        _ => (
            error.to_string(),
            format!("name another address with `{option}`"),
        ),
    };
    format!("cannot listen on `{address}`: {what}\nhint: {hint}")
}

fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, expected) in [
            ("127.0.0.1:8081", "127.0.0.1:8081"),
            ("localhost:8081", "127.0.0.1:8081"),
            (":8081", "127.0.0.1:8081"),
            ("8081", "127.0.0.1:8081"),
            ("0", "127.0.0.1:0"),
            ("[::1]:8081", "[::1]:8081"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::]:80", "[::]:80"),
        ] {
            let address = parse(text).map(|address| address.to_string());
            assert_eq!(address.as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_explained() {
        for (text, expected) in [
            ("", "the port is missing"),
            (":", "is no port"),
            ("localhost", "the port is missing"),
            ("127.0.0.1", "the port is missing"),
            ("::1", "the port is missing"),
            ("70000", "greater than 65535"),
            ("localhost:http", "`http` is no port"),
            ("localhost:70000", "`70000` is no port"),
            ("http://localhost:8080", "write `HOST:PORT`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn each_reason_has_its_own_advice() {
        let address: SocketAddr = "192.0.2.1:80".parse().expect("an address");
        for (kind, expected) in [
            (io::ErrorKind::PermissionDenied, "CAP_NET_BIND_SERVICE"),
            (io::ErrorKind::AddrInUse, "`--listen 192.0.2.1:0` finds"),
            (io::ErrorKind::AddrNotAvailable, "`--listen 0.0.0.0:80`"),
        ] {
            let text = explain(address, "--listen", &kind.into());
            assert!(text.contains(expected), "{text}");
        }
    }
}
