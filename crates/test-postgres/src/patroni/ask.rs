//! What etcd and Patroni say of themselves, over HTTP.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A program that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Patroni answers when another primary is there, or when it gives up.
const SWITCHOVER: Duration = Duration::from_secs(60);

/// The status of a path.
pub(super) fn status(port: u16, path: &str) -> Option<u16> {
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    status_of(&answer(port, &request, PATIENCE).ok()?)
}

/// Whether a member of etcd is up and part of a majority.
pub(super) fn is_healthy_etcd(port: u16) -> bool {
    status(port, "/health") == Some(200)
}

/// Whether a member of etcd leads the others.
pub(super) fn is_etcd_leader(port: u16) -> bool {
    let Ok(answer) = answer(port, &post("/v3/maintenance/status", "{}"), PATIENCE) else {
        return false;
    };
    let member = value(&answer, "member_id");
    member.is_some() && member == value(&answer, "leader")
}

/// Asks the Patroni of the primary `name` to make another node the primary.
pub(super) fn switch_over(port: u16, name: &str) -> Result<(), String> {
    let request = post("/switchover", &format!("{{\"leader\": \"{name}\"}}"));
    match answer(port, &request, SWITCHOVER) {
        Ok(answer) if status_of(&answer) == Some(200) => Ok(()),
        Ok(answer) => Err(answer),
        Err(error) => Err(error.to_string()),
    }
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Of `HTTP/1.0 200 OK`.
fn status_of(answer: &str) -> Option<u16> {
    answer.get(9..12)?.parse().ok()
}

/// A text of a JSON object, whose values have no quotes in them.
fn value<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    Some(rest.split_once('"')?.0)
}

fn answer(port: u16, request: &str, patience: Duration) -> io::Result<String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
