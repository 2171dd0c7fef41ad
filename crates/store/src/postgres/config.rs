//! Where the database is and how to talk to it: the URL, TLS, time-outs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::without_credentials;
use crate::{Error, Options, Purpose};

/// Settings of every connection.
pub(crate) struct Config {
    server: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
    pub(crate) statement_timeout: Duration,
    pub(crate) lock_timeout: Duration,
    /// How long a transaction waits for a host that writes.
    pub(crate) unavailable_after: Duration,
    /// Neither creates nor migrates the schema.
    pub(super) as_it_is: bool,
    /// The role may be one that row-level security does not bind.
    pub(super) allow_bypass_rls: bool,
}

/// How long one host may take to accept a connection, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

impl Config {
    /// Reads a URL: everything that `libpq` knows as `postgres://…` except client certificates, with several
    /// hosts if need be.
    pub(crate) fn new(url: &str, options: &Options) -> Result<Self, Error> {
        let (plain, ssl) = split_ssl(url)?;
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
            && let Some(password) = &options.password
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
        server.tcp_user_timeout(options.statement_timeout);
        // Every connection is used for writing, so a standby is never the right host.
        server.target_session_attrs(TargetSessionAttrs::ReadWrite);
        let tls = match ssl.mode.unwrap_or_else(|| default_mode(&server)) {
            Mode::Disable => {
                server.ssl_mode(SslMode::Disable);
                None
            }
            Mode::Verify => {
                server.ssl_mode(SslMode::Require);
                Some(connector(url, ssl.roots)?)
            }
        };
        Ok(Self {
            server,
            tls,
            statement_timeout: options.statement_timeout,
            lock_timeout: options.lock_timeout,
            unavailable_after: options.unavailable_after,
            as_it_is: options.purpose == Purpose::CopyFrom,
            allow_bypass_rls: options.allow_bypass_rls,
        })
    }

    /// Opens a connection and drives it as a task of the current runtime.
    pub(super) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        // A connection ends with its client; what broke it is what the client's next call reports.
        match &self.tls {
            None => {
                let (client, connection) = self.server.connect(NoTls).await?;
                tokio::spawn(connection);
                Ok(client)
            }
            Some(tls) => {
                let (client, connection) = self.server.connect(tls.clone()).await?;
                tokio::spawn(connection);
                Ok(client)
            }
        }
    }

    /// What a session is told first.
    ///
    /// A transaction that was left open (its process froze, its packets were lost) must not hold its locks
    /// for ever. All statements have an index: without sequential scans, a plan made while a table was small
    /// still does when it has grown. They appear so expensive, where there is no index to take, that the server
    /// would compile the plan to machine code, a fifth of a second for a list of tenants; hence no JIT.
    pub(super) fn session_settings(&self) -> String {
        let statement = self.statement_timeout.as_millis();
        let lock = self.lock_timeout.as_millis();
        format!(
            "SET search_path = flexportal; SET client_min_messages = warning; \
             SET default_transaction_isolation = 'read committed'; SET statement_timeout = {statement}; \
             SET lock_timeout = {lock}; SET idle_in_transaction_session_timeout = {statement}; \
             SET enable_seqscan = off; SET jit = off; {}",
            super::session::set_tenant(None)
        )
    }
}

/// What the URL says about TLS.
#[derive(Default)]
struct Ssl {
    mode: Option<Mode>,
    roots: Option<PathBuf>,
}

#[derive(Clone, Copy)]
enum Mode {
    Disable,
    /// Certificate and host name are checked: encryption to nobody in particular protects nothing.
    Verify,
}

/// Takes `sslmode` and `sslrootcert` out of the URL, which the client library understands only in part.
fn split_ssl(url: &str) -> Result<(String, Ssl), Error> {
    let mut ssl = Ssl::default();
    let Some((base, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), ssl));
    };
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", "disable")) => ssl.mode = Some(Mode::Disable),
            Some(("sslmode", "require" | "verify-ca" | "verify-full")) => {
                ssl.mode = Some(Mode::Verify);
            }
            Some(("sslmode", _)) => {
                return Err(unusable(
                    url,
                    "`sslmode` is none of `disable`, `require`, `verify-full`",
                ));
            }
            Some(("sslrootcert", path)) => ssl.roots = Some(PathBuf::from(decode(path))),
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", rest.join("&"))
    };
    Ok((plain, ssl))
}

/// Without a word in the URL: in the clear to this machine only.
fn default_mode(server: &tokio_postgres::Config) -> Mode {
    let local = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
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
