//! Where the database is and how to talk to it: the URL, TLS, time-outs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host as Address, LoadBalanceHosts, SslMode, TargetSessionAttrs};
use tokio_postgres::{CancelToken, Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::Failure;
use super::host::{Connected, Host, Lease};
use crate::store::without_credentials;
use crate::{Error, Options, Purpose};

/// Settings of every connection.
pub(crate) struct Config {
    hosts: Vec<Host>,
    /// The first host to try; a different one each time where the URL wants them in random order.
    first: Option<AtomicUsize>,
    tls: Option<MakeRustlsConnect>,
    /// How long one host may take to give a connection that works.
    pub(super) connect_within: Duration,
    pub(crate) statement_timeout: Duration,
    pub(crate) lock_timeout: Duration,
    /// How long a transaction waits for a host that writes.
    pub(crate) unavailable_after: Duration,
    /// Neither creates nor migrates the schema.
    pub(super) as_it_is: bool,
    /// The database as it may be shown, if a schema that is not there is not to be created.
    pub(super) must_be_there: Option<String>,
    /// The role may be one that row-level security does not bind.
    pub(super) allow_bypass_rls: bool,
}

/// How long one host may take to accept a connection, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How much longer than it should the server may take to say something.
pub(super) const GRACE: Duration = Duration::from_secs(5);

impl Config {
    /// Reads a URL: everything that `libpq` knows as `postgres://…` except client certificates, with several
    /// hosts if need be.
    pub(crate) fn new(url: &str, options: &Options) -> Result<Self, Error> {
        let (plain, own) = split_own(url)?;
        let mut server: tokio_postgres::Config =
            plain.parse().map_err(|error: tokio_postgres::Error| {
                // The cause repeats at most the name of a parameter.
                unusable(
                    url,
                    &std::error::Error::source(&error)
                        .unwrap_or(&error)
                        .to_string(),
                )
            })?;
        if server.get_user().is_none() || server.get_hosts().is_empty() {
            return Err(unusable(url, "it names no user or no host"));
        }
        if server.get_password().is_none()
            && let Some(password) = &options.postgres.password
        {
            server.password(password);
        }
        if server.get_connect_timeout().is_none() {
            server.connect_timeout(CONNECT_TIMEOUT);
        }
        if server.get_application_name().is_none() {
            server.application_name("flexportal");
        }
        // A host that vanished without a word is noticed as one that answers too late.
        server.tcp_user_timeout(options.postgres.statement_timeout);
        // Every connection is used for writing, so a standby is never the right host.
        server.target_session_attrs(TargetSessionAttrs::ReadWrite);
        let tls = match own.mode.unwrap_or_else(|| default_mode(&server)) {
            Mode::Disable => {
                server.ssl_mode(SslMode::Disable);
                None
            }
            Mode::Verify => {
                server.ssl_mode(SslMode::Require);
                Some(connector(url, own.roots)?)
            }
        };
        let random = server.get_load_balance_hosts() == LoadBalanceHosts::Random;
        let timeout = server.get_connect_timeout().copied();
        Ok(Self {
            hosts: Host::each(&server, own.lease).map_err(|why| unusable(url, why))?,
            first: random.then(AtomicUsize::default),
            tls,
            connect_within: timeout.unwrap_or(CONNECT_TIMEOUT) + GRACE,
            statement_timeout: options.postgres.statement_timeout,
            lock_timeout: options.postgres.lock_timeout,
            unavailable_after: options.postgres.unavailable_after,
            as_it_is: options.purpose == Purpose::CopyFrom,
            must_be_there: (!options.create).then(|| without_credentials(url)),
            allow_bypass_rls: options.postgres.allow_bypass_rls,
        })
    }

    /// Opens a connection to the first host that answers and writes, and drives it as a task of the current
    /// runtime. Each may take so long.
    pub(super) async fn connect(&self, limit: Duration) -> Result<Connected, Failure> {
        let first = self.first.as_ref().map_or(0, |it| it.fetch_add(1, Relaxed));
        let mut failure = Failure::timed_out("connecting");
        for index in 0..self.hosts.len() {
            let host = &self.hosts[first.wrapping_add(index) % self.hosts.len()];
            // The pooler in between may have no connection to give.
            let connecting = tokio::time::timeout(limit, host.connect(self.tls.as_ref()));
            failure = match connecting.await {
                Ok(Ok(connected)) => return Ok(connected),
                Ok(Err(error)) => Failure::of_connecting(error),
                Err(_) => Failure::timed_out("connecting"),
            };
        }
        Err(failure)
    }

    /// How to interrupt what this client is waiting for.
    pub(super) fn cancel(&self, client: &Client) -> Cancel {
        Cancel {
            token: client.cancel_token(),
            tls: self.tls.clone(),
        }
    }

    /// What is set first, in a session that stays ours or in each transaction.
    ///
    /// A transaction that was left open (its process froze, its packets were lost) must not hold its locks
    /// for ever. All statements have an index: without sequential scans, a plan made while a table was small
    /// still does when it has grown. They appear so expensive, where there is no index to take, that the server
    /// would compile the plan to machine code, a fifth of a second for a list of tenants; hence no JIT. A page of a
    /// list is read in a millisecond, in which no second process can be started to help: with them it took 12.
    /// Temporary tables come last, so that nobody's hides one of ours.
    fn settings(&self) -> [(&'static str, String); 7] {
        let statement = self.statement_timeout.as_millis().to_string();
        let lock = self.lock_timeout.as_millis().to_string();
        [
            ("search_path", "flexportal, pg_temp".to_owned()),
            ("statement_timeout", statement.clone()),
            ("lock_timeout", lock),
            ("idle_in_transaction_session_timeout", statement),
            ("enable_seqscan", "off".to_owned()),
            ("jit", "off".to_owned()),
            ("max_parallel_workers_per_gather", "0".to_owned()),
        ]
    }

    /// What a session that stays ours is told.
    pub(super) fn for_session(&self) -> String {
        let settings = self.settings();
        let settings = settings.map(|(name, value)| format!("SET {name} = {value}; "));
        settings.concat() + "SET client_min_messages = warning"
    }

    /// What a transaction in anybody's session is told after BEGIN. What others may have left there is undone as
    /// far as it counts: whose rights we have, and whether commits are flushed.
    pub(super) fn for_transaction(&self) -> String {
        let settings = self.settings();
        let settings =
            settings.map(|(name, value)| format!(", set_config('{name}', '{value}', true)"));
        format!(
            "SELECT set_config('role', NULL, true), set_config('synchronous_commit', NULL, true){}; ",
            settings.concat()
        )
    }
}

/// Interrupts the statement of another connection, over one of its own.
pub(super) struct Cancel {
    token: CancelToken,
    tls: Option<MakeRustlsConnect>,
}

impl Cancel {
    /// Best effort: what cannot be interrupted ends by the server's own time limit.
    pub(super) async fn send(&self) {
        let _ = match &self.tls {
            None => self.token.cancel_query(NoTls).await,
            Some(tls) => self.token.cancel_query(tls.clone()).await,
        };
    }
}

/// What the URL says to us and not to the client library.
#[derive(Default)]
struct Own {
    mode: Option<Mode>,
    roots: Option<PathBuf>,
    lease: Option<Lease>,
}

#[derive(Clone, Copy)]
enum Mode {
    Disable,
    /// Certificate and host name are checked: encryption to nobody in particular protects nothing.
    Verify,
}

/// Takes out of the URL what the client library understands only in part (`sslmode`, `sslrootcert`) or not at all
/// (`pooler`).
fn split_own(url: &str) -> Result<(String, Own), Error> {
    let mut own = Own::default();
    let Some((base, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), own));
    };
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", "disable")) => own.mode = Some(Mode::Disable),
            Some(("sslmode", "require" | "verify-ca" | "verify-full")) => {
                own.mode = Some(Mode::Verify);
            }
            Some(("sslmode", _)) => {
                return Err(unusable(
                    url,
                    "`sslmode` is none of `disable`, `require`, `verify-full`",
                ));
            }
            Some(("sslrootcert", path)) => own.roots = Some(PathBuf::from(decode(path))),
            Some(("pooler", "session")) => own.lease = Some(Lease::Connection),
            Some(("pooler", "transaction")) => own.lease = Some(Lease::Transaction),
            Some(("pooler", _)) => {
                return Err(unusable(
                    url,
                    "`pooler` is none of `session`, `transaction`",
                ));
            }
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", rest.join("&"))
    };
    Ok((plain, own))
}

/// Without a word in the URL: in the clear to this machine only.
fn default_mode(server: &tokio_postgres::Config) -> Mode {
    let local = |host: &Address| match host {
        Address::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Address::Unix(_) => true,
    };
    if server.get_hosts().iter().all(local) {
        Mode::Disable
    } else {
        Mode::Verify
    }
}

fn connector(url: &str, file: Option<PathBuf>) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = file {
        let unreadable = |error: &dyn std::fmt::Display| {
            unusable(url, &format!("`sslrootcert` `{}`: {error}", file.display()))
        };
        let certificates =
            CertificateDer::pem_file_iter(&file).map_err(|error| unreadable(&error))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unreadable(&error))?;
            roots.add(certificate).map_err(|error| unreadable(&error))?;
        }
        if roots.is_empty() {
            return Err(unreadable(&"no certificate in the file"));
        }
    } else {
        // One that cannot be parsed trusts nobody, so it can be passed over.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(url, &error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn unusable(url: &str, why: &str) -> Error {
    Error::UnusableUrl {
        url: without_credentials(url),
        why: why.to_owned(),
    }
}

/// Percent-decoding, as far as a path needs it.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        if let (b'%', [high, low, ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
