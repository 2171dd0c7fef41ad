//! `serve`'s limits for connections, as options.

use std::time::Duration;

use clap::Args;
use contract_serve::host::{Limits, Network};

/// What one client, and all of them together, may take.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits of connections")]
pub(crate) struct LimitOptions {
    /// Most connections at a time. Beyond it, one that has waited long for a request is closed, or
    /// new ones wait until another ends. Never more than the file handles of the process allow.
    #[arg(long, env = "FLEXPORTAL_CONNECTIONS", default_value_t = 10_000, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    connections: u32,
    /// Most connections at a time from one address; any number by default, since all clients
    /// behind a proxy have its address.
    #[arg(long, env = "FLEXPORTAL_CONNECTIONS_PER_ADDRESS", value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    connections_per_address: Option<u32>,
    /// Most bytes of a request's head: request line and headers.
    #[arg(long, env = "FLEXPORTAL_HEAD_LIMIT", default_value_t = 16 * 1024, value_name = "BYTES",
          value_parser = clap::value_parser!(u32).range(1024..=1_048_576))]
    head_limit: u32,
    /// Most headers of a request.
    #[arg(long, env = "FLEXPORTAL_HEADER_LIMIT", default_value_t = 100, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(10..=1000))]
    header_limit: u32,
    /// Most requests at a time on a connection of HTTP/2.
    #[arg(long, env = "FLEXPORTAL_STREAM_LIMIT", default_value_t = 100, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    stream_limit: u32,
    /// Seconds a client has to send the head of a request, and again its body.
    #[arg(long, env = "FLEXPORTAL_READ_TIMEOUT", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) read_timeout: u64,
    /// Seconds a connection may wait for its next request. Longer than what proxies before the
    /// server keep their connections for.
    #[arg(long, env = "FLEXPORTAL_IDLE_TIMEOUT", default_value_t = 75, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    idle_timeout: u64,
    /// Seconds a client has to take an answer, and as many more as its size allows for by
    /// `--write-rate`.
    #[arg(long, env = "FLEXPORTAL_WRITE_TIMEOUT", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    write_timeout: u64,
    /// Lowest rate at which a client takes a large answer, in bytes a second.
    #[arg(long, env = "FLEXPORTAL_WRITE_RATE", default_value_t = 16 * 1024, value_name = "BYTES",
          value_parser = clap::value_parser!(u32).range(1..))]
    write_rate: u32,
    /// Most requests with a wrong API key from one address in a minute. Beyond it keys are answered
    /// with 429 unless they are right.
    #[arg(long, env = "FLEXPORTAL_FAILED_KEYS", default_value_t = 100, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) failed_keys: u32,
    /// Address (`10.0.0.5`) or network (`10.0.0.0/8`) of a proxy whose `X-Forwarded-For` says who
    /// the client is; several by repeating it, or separated by commas. None by default.
    #[arg(
        long,
        env = "FLEXPORTAL_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxy: Vec<Network>,
}

/// File handles for everything that is no connection of a client.
const OTHER_HANDLES: u64 = 128;

impl LimitOptions {
    /// The limits, for a process that may open so many files. `shutdown`: for accepted requests.
    pub(crate) fn limits(&self, file_handles: Option<u64>, shutdown: Duration) -> Limits {
        let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        let most = file_handles.map_or(usize::MAX, |handles| {
            usize::try_from(handles.saturating_sub(OTHER_HANDLES)).unwrap_or(usize::MAX)
        });
        Limits {
            connections: count(self.connections).min(most).max(1),
            connections_per_address: self.connections_per_address.map(count),
            head_bytes: count(self.head_limit),
            headers: count(self.header_limit),
            streams: self.stream_limit,
            head: Duration::from_secs(self.read_timeout),
            idle: Duration::from_secs(self.idle_timeout),
            write: Duration::from_secs(self.write_timeout),
            write_rate: self.write_rate,
            shutdown,
        }
    }
}
