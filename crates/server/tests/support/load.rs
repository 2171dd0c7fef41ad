//! Load over real connections: each worker keeps one connection and sends the next request when
//! the answer to the last has arrived. Small on purpose: what it costs, the server cannot use.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Sends a request and reads its answer whole: the status.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<u16> {
        self.exchange(request).await.map(|(status, _)| status)
    }

    /// Sends a request and reads its answer whole: the status and the body.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(head) = find(&self.buffer, b"\r\n\r\n") else {
                continue;
            };
            let head_text = std::str::from_utf8(&self.buffer[..head]).map_err(io::Error::other)?;
            let length =
                content_length(head_text).ok_or_else(|| io::Error::other("no content-length"))?;
            while self.buffer.len() < head + 4 + length {
                if self.stream.read_buf(&mut self.buffer).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            let status = std::str::from_utf8(&self.buffer[9..12]).map_err(io::Error::other)?;
            let status = status.parse().map_err(io::Error::other)?;
            return Ok((status, &self.buffer[head + 4..head + 4 + length]));
        }
    }
}

/// A request; `body` is JSON.
pub fn request(method: &str, path: &str, tenant: &str, key: &str, body: Option<&str>) -> Vec<u8> {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         tenant-id: {tenant}\r\n"
    );
    if let Some(body) = body {
        let length = body.len();
        text.push_str(&format!(
            "content-type: application/json\r\ncontent-length: {length}\r\n"
        ));
    }
    text.push_str("\r\n");
    text.push_str(body.unwrap_or_default());
    text.into_bytes()
}

/// `DELETE /v1/customers/{id}`.
pub fn delete_request(id: &str, tenant: &str, key: &str) -> Vec<u8> {
    let path = format!("/v1/customers/{id}");
    request("DELETE", &path, tenant, key, None)
}

/// A [`delete_request`] for each id.
pub fn delete_requests<'a>(
    ids: impl Iterator<Item = &'a str>,
    tenant: &str,
    key: &str,
) -> Arc<Vec<Vec<u8>>> {
    Arc::new(ids.map(|id| delete_request(id, tenant, key)).collect())
}

/// What a run of load came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Answers with status 200.
    pub succeeded: usize,
    /// Answers with another status.
    pub other: usize,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// Latencies of all answers, ascending.
    pub latencies: Vec<Duration>,
}

impl Outcome {
    pub fn rate(&self) -> f64 {
        (self.succeeded + self.other) as f64 / self.elapsed.as_secs_f64()
    }

    /// Counts a further run of the same load in.
    pub fn add(&mut self, further: Outcome) {
        self.succeeded += further.succeeded;
        self.other += further.other;
        self.elapsed += further.elapsed;
        self.latencies.extend(further.latencies);
        self.latencies.sort_unstable();
    }

    /// The latency that `share` (0–1) of the answers did not exceed.
    pub fn percentile(&self, share: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies
            .get((last as f64 * share) as usize)
            .copied()
            .unwrap_or_default()
    }
}

/// Sends every request once over `connections` connections.
pub async fn run(address: &str, connections: usize, requests: Arc<Vec<Vec<u8>>>) -> Outcome {
    run_over(&[address], connections, requests).await
}

/// [`run`] over several servers, to each of which goes the same number of connections.
pub async fn run_over(
    addresses: &[&str],
    connections: usize,
    requests: Arc<Vec<Vec<u8>>>,
) -> Outcome {
    let next = Arc::new(AtomicUsize::new(0));
    let mut opened = Vec::new();
    for address in addresses.iter().cycle().take(connections) {
        opened.push(Connection::open(address).await.expect("the server accepts"));
    }
    let started = Instant::now();
    let workers: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
            tokio::spawn(async move {
                let (mut succeeded, mut other, mut latencies) = (0, 0, Vec::new());
                while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let sent = Instant::now();
                    let status = connection.send(request).await.expect("the server answers");
                    latencies.push(sent.elapsed());
                    if status == 200 {
                        succeeded += 1
                    } else {
                        other += 1
                    }
                }
                (succeeded, other, latencies)
            })
        })
        .collect();
    let mut outcome = Outcome::default();
    for worker in workers {
        let (succeeded, other, latencies) = worker.await.expect("a worker does not panic");
        outcome.succeeded += succeeded;
        outcome.other += other;
        outcome.latencies.extend(latencies);
    }
    outcome.elapsed = started.elapsed();
    outcome.latencies.sort_unstable();
    outcome
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn content_length(head: &str) -> Option<usize> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())
            .flatten()
    })
}
