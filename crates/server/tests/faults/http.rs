//! One keep-alive connection that tells a request that was never sent from one whose answer is
//! missing: the first changed nothing, of the second nobody knows.

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Nothing the server does may take longer, whatever its database is going through. Twice what
/// the store waits for a database that is away, and then some for a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The server answered: the status and the body.
    Answer(u16, String),
    /// There was no connection to send it over.
    NotSent,
    /// It may have been sent, and no answer came.
    NoAnswer,
    /// Nothing happened for longer than anything may take.
    Hung,
}

/// A connection to one server, opened when it is needed.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    open: Option<(String, TcpStream)>,
}

/// What is sent.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    /// Tenant and key; none for the routes that need none.
    pub(crate) access: Option<(&'a str, &'a str)>,
    pub(crate) body: Option<&'a Value>,
}

impl Connection {
    /// Sends a request to the server at `address` and waits for the answer.
    pub(crate) async fn send(&mut self, address: &str, request: &Request<'_>) -> Outcome {
        match tokio::time::timeout(PATIENCE, self.exchange(address, request)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                self.open = None;
                Outcome::Hung
            }
        }
    }

    async fn exchange(&mut self, address: &str, request: &Request<'_>) -> Outcome {
        let kept = self.open.take().filter(|(at, _)| at == address);
        let mut stream = match kept {
            Some((_, stream)) => stream,
            None => match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Requests are one write each.
                    let _ = stream.set_nodelay(true);
                    stream
                }
                Err(_) => return Outcome::NotSent,
            },
        };
        match talk(&mut stream, request).await {
            Ok((status, body)) => {
                self.open = Some((address.to_owned(), stream));
                Outcome::Answer(status, body)
            }
            Err(_) => Outcome::NoAnswer,
        }
    }
}

async fn talk(stream: &mut TcpStream, request: &Request<'_>) -> io::Result<(u16, String)> {
    stream.write_all(text(request).as_bytes()).await?;
    let mut buffer = Vec::with_capacity(4096);
    let head = loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let lines = std::str::from_utf8(&buffer[..head]).map_err(io::Error::other)?;
    let status = lines
        .get(9..12)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| io::Error::other("no status"))?;
    let length: usize = lines
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .ok_or_else(|| io::Error::other("no content-length"))?;
    while buffer.len() < head + 4 + length {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let body = String::from_utf8_lossy(&buffer[head + 4..]).into_owned();
    Ok((status, body))
}

fn text(request: &Request<'_>) -> String {
    let mut text = format!(
        "{} {} HTTP/1.1\r\nhost: localhost\r\n",
        request.method, request.path
    );
    if let Some((tenant, key)) = request.access {
        text += &format!("tenant-id: {tenant}\r\nauthorization: Bearer {key}\r\n");
    }
    match request.body {
        Some(body) => {
            let body = body.to_string();
            text += &format!(
                "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
        }
        None => text += "\r\n",
    }
    text
}
