//! What etcd and Patroni say of themselves, over HTTP.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A program that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// The status of a path.
pub(super) fn status(port: u16, path: &str) -> Option<u16> {
    let answer = answer(port, &format!("GET {path} HTTP/1.0\r\n\r\n")).ok()?;
    // `HTTP/1.0 200 OK`
    answer.get(9..12)?.parse().ok()
}

/// Whether a member of etcd is up and part of a majority.
pub(super) fn is_healthy_etcd(port: u16) -> bool {
    status(port, "/health") == Some(200)
}

/// Whether a member of etcd leads the others.
pub(super) fn is_etcd_leader(port: u16) -> bool {
    let request = "POST /v3/maintenance/status HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}";
    let Ok(answer) = answer(port, request) else {
        return false;
    };
    let member = value(&answer, "member_id");
    member.is_some() && member == value(&answer, "leader")
}

/// A text of a JSON object, whose values have no quotes in them.
fn value<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    Some(rest.split_once('"')?.0)
}

fn answer(port: u16, request: &str) -> io::Result<String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
