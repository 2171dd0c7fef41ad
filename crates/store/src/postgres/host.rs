//! One host of the URL, and whether it gives sessions of its own or those of a pooler.
//!
//! A pooler in transaction mode gives each transaction any session of the server: what the last one set or
//! prepared there is gone, or somebody else's. Nothing in the protocol says so. So a mark travels with the start of
//! a connection: a server sets it in the new session, a pooler refuses or forgets it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio_postgres::config::Host as Address;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

/// For how long a session of the server is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lease {
    /// As long as the connection: what is set and prepared stays.
    Connection,
    /// A transaction at a time.
    Transaction,
}

/// What is set at the start of a connection, and asked for after it.
const MARK: (&str, &str) = (
    "-c flexportal.session=own",
    "SELECT current_setting('flexportal.session', true)",
);

/// A host, and what is known of it.
pub(super) struct Host {
    server: Config,
    /// With the mark; `None` where the URL says what sessions are like.
    marked: Option<Config>,
    leased: Leased,
}

/// Whether the sessions of a host are only ours for a transaction; once that is known, it stays so.
#[derive(Debug, Clone, Default)]
pub(super) struct Leased(Arc<AtomicBool>);

impl Leased {
    pub(super) fn note(&self) {
        self.0.store(true, Relaxed);
    }

    fn lease(&self) -> Lease {
        if self.0.load(Relaxed) {
            Lease::Transaction
        } else {
            Lease::Connection
        }
    }
}

/// A new connection.
pub(super) struct Connected {
    pub(super) client: Client,
    pub(super) lease: Lease,
    /// Where to note that the lease was shorter than it looked.
    pub(super) leased: Leased,
}

impl Host {
    /// Each host of a configuration; `told` is what the URL says of sessions.
    pub(super) fn each(all: &Config, told: Option<Lease>) -> Result<Vec<Host>, &'static str> {
        let (hosts, ports) = (all.get_hosts(), all.get_ports());
        let addresses = all.get_hostaddrs();
        if ports.len() > 1 && ports.len() != hosts.len() {
            return Err("it names as many ports as hosts, or one");
        }
        if !addresses.is_empty() && addresses.len() != hosts.len() {
            return Err("`hostaddr` names as many addresses as there are hosts");
        }
        let each = hosts.iter().enumerate().map(|(index, host)| {
            let mut server = without_hosts(all);
            match host {
                Address::Tcp(name) => server.host(name),
                #[cfg(unix)]
                Address::Unix(path) => server.host_path(path),
            };
            if let Some(port) = ports.get(index).or_else(|| ports.first()) {
                server.port(*port);
            }
            if let Some(address) = addresses.get(index) {
                server.hostaddr(*address);
            }
            let host = Host {
                marked: told.is_none().then(|| marked(&server)),
                server,
                leased: Leased::default(),
            };
            if told == Some(Lease::Transaction) {
                host.leased.note();
            }
            host
        });
        Ok(each.collect())
    }

    /// Opens a connection and drives it as a task of the current runtime.
    pub(super) async fn connect(
        &self,
        tls: Option<&MakeRustlsConnect>,
    ) -> Result<Connected, Error> {
        let client = match (&self.marked, self.leased.lease()) {
            (Some(marked), Lease::Connection) => match dial(marked, tls).await {
                Ok(client) => {
                    if !is_marked(&client).await? {
                        self.leased.note();
                    }
                    client
                }
                Err(error) if refuses_options(&error) => {
                    let client = dial(&self.server, tls).await?;
                    self.leased.note();
                    client
                }
                Err(error) => return Err(error),
            },
            _ => dial(&self.server, tls).await?,
        };
        Ok(Connected {
            client,
            lease: self.leased.lease(),
            leased: self.leased.clone(),
        })
    }
}

async fn dial(server: &Config, tls: Option<&MakeRustlsConnect>) -> Result<Client, Error> {
    // A connection ends with its client; what broke it is what the client's next call reports.
    match tls {
        None => {
            let (client, connection) = server.connect(NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
        Some(tls) => {
            let (client, connection) = server.connect(tls.clone()).await?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}

async fn is_marked(client: &Client) -> Result<bool, Error> {
    let answer = client.simple_query(MARK.1).await?;
    Ok(answer.iter().any(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0) == Some("own"),
        _ => false,
    }))
}

/// PgBouncer calls it a violation of the protocol, others a feature that they lack.
fn refuses_options(error: &Error) -> bool {
    let refusals = [
        SqlState::PROTOCOL_VIOLATION,
        SqlState::FEATURE_NOT_SUPPORTED,
    ];
    error.code().is_some_and(|code| refusals.contains(code))
}

fn marked(server: &Config) -> Config {
    let mut marked = server.clone();
    match server.get_options() {
        Some(options) => marked.options(format!("{options} {}", MARK.0)),
        None => marked.options(MARK.0),
    };
    marked
}

/// Everything else that a configuration says.
fn without_hosts(all: &Config) -> Config {
    let mut one = Config::new();
    if let Some(user) = all.get_user() {
        one.user(user);
    }
    if let Some(password) = all.get_password() {
        one.password(password);
    }
    if let Some(database) = all.get_dbname() {
        one.dbname(database);
    }
    if let Some(options) = all.get_options() {
        one.options(options);
    }
    if let Some(name) = all.get_application_name() {
        one.application_name(name);
    }
    if let Some(timeout) = all.get_connect_timeout() {
        one.connect_timeout(*timeout);
    }
    if let Some(timeout) = all.get_tcp_user_timeout() {
        one.tcp_user_timeout(*timeout);
    }
    if let Some(interval) = all.get_keepalives_interval() {
        one.keepalives_interval(interval);
    }
    if let Some(retries) = all.get_keepalives_retries() {
        one.keepalives_retries(retries);
    }
    one.keepalives(all.get_keepalives())
        .keepalives_idle(all.get_keepalives_idle())
        .ssl_mode(all.get_ssl_mode())
        .ssl_negotiation(all.get_ssl_negotiation())
        .target_session_attrs(all.get_target_session_attrs())
        .channel_binding(all.get_channel_binding());
    one
}
