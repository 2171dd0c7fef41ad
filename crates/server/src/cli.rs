//! The command line. Every option can also be given as an environment variable; an option wins.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract_serve::host::Origin;

use crate::address;
use crate::files;
use crate::limits::LimitOptions;

/// Subscription management for physical products, served from its OpenAPI contract.
#[derive(Debug, Parser)]
#[command(
    name = "flexportal",
    version,
    propagate_version = true,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Cli {
    /// What to do; `serve` when nothing is named.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of `serve`, when it is not named.
    #[command(flatten)]
    pub(crate) serve: Serve,
}

impl Cli {
    /// `--threads` of `serve`, however that is named.
    pub(crate) fn http_threads(&self) -> Option<u16> {
        match &self.command {
            None => self.serve.threads,
            Some(Command::Serve(options)) => options.threads,
            Some(_) => None,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API.
    Serve(Box<Serve>),
    /// Create and list tenants (business units).
    #[command(subcommand)]
    Tenant(Tenant),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Key(Key),
    /// List what servers do by themselves, or do it now.
    #[command(subcommand)]
    Jobs(Jobs),
    /// Copy an SQLite database to a file, checked, while servers use it.
    Backup(Backup),
    /// Put a backup in the place of an SQLite database.
    Restore(Restore),
    /// Copy everything in one database into another one, of the same engine or a different one.
    Copy(Copy),
    /// Ask the server on this machine whether it is ready; fails unless it is.
    Health {
        /// Address and port it listens on, as for `serve`.
        #[arg(
            long,
            env = "FLEXPORTAL_LISTEN",
            default_value = "127.0.0.1:8080",
            value_name = "ADDRESS",
            value_parser = address::parse
        )]
        listen: SocketAddr,
    },
    /// Print what completes commands and options in a shell, e.g. for bash:
    /// `flexportal completions bash > /etc/bash_completion.d/flexportal`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the contract that this build serves.
    Openapi {
        /// As JSON instead of YAML.
        #[arg(long)]
        json: bool,
    },
}

/// The files beside the database.
#[derive(Debug, Clone, Args)]
pub(crate) struct Files {
    /// Where the content of files is kept, such as generated contracts: a folder, or
    /// `s3://BUCKET/PREFIX`, with credentials and endpoint in `AWS_…` variables. By default the
    /// folder `flexportal.db-files` beside the SQLite database `flexportal.db`, with PostgreSQL
    /// `flexportal-files`. Several processes share one.
    #[arg(long, env = "FLEXPORTAL_FILES", value_name = "PLACE", value_parser = files::parse)]
    pub(crate) files: Option<files::Place>,
}

/// The database every command works on.
#[derive(Debug, Clone, Args)]
pub(crate) struct Database {
    /// Where the data is: `sqlite:PATH`, or `postgres://USER@HOST[:PORT][,HOST…]/NAME` with
    /// `?sslmode=verify-full&sslrootcert=FILE&pooler=transaction` as needed. The
    /// password is best given in PGPASSWORD: others can read a command line.
    #[arg(
        long,
        env = "FLEXPORTAL_DATABASE",
        default_value = "sqlite:flexportal.db",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: String,
    /// Accept a PostgreSQL role that row-level security does not bind (SUPERUSER, BYPASSRLS), which
    /// gives up the second wall between tenants.
    #[arg(long, env = "FLEXPORTAL_ALLOW_BYPASS_RLS", help_heading = "PostgreSQL")]
    pub(crate) allow_bypass_rls: bool,
}

/// How `serve` uses a PostgreSQL database.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "PostgreSQL")]
pub(crate) struct Pool {
    /// Most connections to the database.
    #[arg(long, env = "FLEXPORTAL_DATABASE_CONNECTIONS", default_value_t = 16, value_name = "COUNT",
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) database_connections: u16,
    /// Seconds one statement may take.
    #[arg(long, env = "FLEXPORTAL_STATEMENT_TIMEOUT", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) statement_timeout: u64,
    /// Seconds to wait for a lock that another transaction holds.
    #[arg(long, env = "FLEXPORTAL_LOCK_TIMEOUT", default_value_t = 5, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) lock_timeout: u64,
    /// Seconds a request waits for a host that can write, e.g. during a failover, before it fails.
    #[arg(long, env = "FLEXPORTAL_UNAVAILABLE_AFTER", default_value_t = 10, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) unavailable_after: u64,
}

/// What one tenant may have while others are served, and for how long.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Shares {
    /// Seconds a transaction may take from its arrival on, waiting included; then its request is answered
    /// with 503 and nothing has changed.
    #[arg(long, env = "FLEXPORTAL_TRANSACTION_TIMEOUT", default_value_t = 15, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) transaction_timeout: u64,
    /// Most of the database connections (SQLite: of the threads that read, but one) that one tenant has at once.
    /// One that was alone for a minute has all but one.
    #[arg(long, env = "FLEXPORTAL_TENANT_SHARE", default_value_t = 75, value_name = "PERCENT",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) tenant_share: u16,
    /// Most requests of one tenant at a time. Beyond it they are answered with 429 and `Retry-After`.
    #[arg(long, env = "FLEXPORTAL_TENANT_REQUESTS", default_value_t = 128, value_name = "COUNT",
          value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) tenant_requests: u16,
    /// Most requests of one tenant at a time that take long, while other tenants are there; more wait for up to
    /// 10 s. Such are bodies of 64 KiB or more, or of unknown length, and operations that took the database 1 ms
    /// (PostgreSQL: 8 ms) lately. One less than there are processors by default.
    #[arg(long, env = "FLEXPORTAL_TENANT_LONG_REQUESTS", value_name = "COUNT",
          value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) tenant_long_requests: Option<u16>,
}

/// `flexportal copy`.
///
/// The target starts empty. What was interrupted goes on when the same command is run again. Until
/// everything has been read back and compared, no server starts on the target. Stop the servers of
/// the source first: what they change after the beginning is not in the copy.
#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// Where the data is now; it is not changed. Forms as for `serve --database`.
    #[arg(
        long,
        env = "FLEXPORTAL_COPY_FROM",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) from: String,
    /// Where it goes: a new file, or an empty PostgreSQL database.
    #[arg(
        long,
        env = "FLEXPORTAL_COPY_TO",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) to: String,
    /// Accept a PostgreSQL role that row-level security does not bind (SUPERUSER, BYPASSRLS).
    #[arg(long, env = "FLEXPORTAL_ALLOW_BYPASS_RLS")]
    pub(crate) allow_bypass_rls: bool,
    /// Whether to report on standard error how far it is.
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    pub(crate) progress: Reporting,
    /// Rows in one transaction.
    #[arg(long, env = "FLEXPORTAL_COPY_BATCH", default_value_t = 1_000, value_name = "ROWS",
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) batch: u32,
}

/// Options of `serve`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on; port 0 takes a free one. A port alone is one of this machine
    /// only; `0.0.0.0:8080` is every address it has.
    #[arg(
        long,
        env = "FLEXPORTAL_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS",
        value_parser = address::parse
    )]
    pub(crate) listen: SocketAddr,
    /// Address and port to serve `/metrics` on, for Prometheus; not served by default.
    #[arg(long, env = "FLEXPORTAL_METRICS_LISTEN", value_name = "ADDRESS", value_parser = address::parse)]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Threads that handle HTTP; one for each processor by default. Several processes on one
    /// machine work best when they share the processors out.
    #[arg(long, env = "FLEXPORTAL_THREADS", value_name = "COUNT",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) files: Files,
    /// Key of the organisation, at least 32 characters: whoever sends it may create tenants and
    /// API keys over the API. Best given in the environment: others can read a command line.
    #[arg(long, env = "FLEXPORTAL_ORGANISATION_KEY", value_name = "KEY", hide_env_values = true,
          value_parser = organisation_key)]
    pub(crate) organisation_key: Option<String>,
    /// Where clients reach this server, such as `https://api.example.com`: links to files begin
    /// with it. The address it listens on by default.
    #[arg(long, env = "FLEXPORTAL_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Fill an empty database with a small tenant, and print its key and a request to try.
    #[arg(long, env = "FLEXPORTAL_DEMO")]
    pub(crate) demo: bool,
    /// Form of the log lines.
    #[arg(
        long,
        env = "FLEXPORTAL_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub(crate) log_format: LogFormat,
    /// Which log lines: a level, or directives such as `info,store=debug`.
    #[arg(
        long,
        env = "FLEXPORTAL_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub(crate) log: String,
    /// Largest JSON body of a request, in bytes; files for import have 10 MB.
    #[arg(long, env = "FLEXPORTAL_BODY_LIMIT", default_value_t = 1024 * 1024, value_name = "BYTES")]
    pub(crate) body_limit: usize,
    /// Seconds that accepted requests have to finish after a signal to stop.
    #[arg(long, env = "FLEXPORTAL_SHUTDOWN_TIMEOUT", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub(crate) shutdown_timeout: u64,
    /// Origin whose pages may use the API from a browser, such as `https://app.example`; several
    /// by repeating it, or separated by commas. None by default.
    #[arg(
        long,
        env = "FLEXPORTAL_CORS_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub(crate) cors_origin: Vec<Origin>,
    /// Let webhooks go to private networks and this machine, and over `http`: for development and
    /// tests.
    #[arg(long, env = "FLEXPORTAL_WEBHOOK_ALLOW_PRIVATE")]
    pub(crate) webhook_allow_private: bool,
    /// Check every answer against the contract and log what violates it; answers are sent as
    /// they are.
    #[arg(long, env = "FLEXPORTAL_CHECK_ANSWERS")]
    pub(crate) check_answers: bool,
    /// Commit each change alone instead of together with those that wait beside it. Slower by
    /// what a flush to disk costs; a baseline for measurements.
    #[arg(long, env = "FLEXPORTAL_SINGLE_COMMITS", hide = true)]
    pub(crate) single_commits: bool,
    // Last: their headings stay for what follows.
    #[command(flatten)]
    pub(crate) limits: LimitOptions,
    #[command(flatten)]
    pub(crate) pool: Pool,
    #[command(flatten)]
    pub(crate) shares: Shares,
}

/// When a command reports how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reporting {
    /// When standard error is a terminal.
    Auto,
    /// In lines, also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// Form of the log lines.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl From<LogFormat> for contract_serve::host::LogFormat {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

/// Options of `backup`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) database: Database,
    /// File to write; it gets its name when it is complete, flushed and checked.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// Options of `restore`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Restore {
    /// Backup to read; it is checked first, and left as it is.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Replace the database if it exists; it is kept beside the new one under a dated name.
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// `flexportal tenant …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Tenant {
    /// Create a tenant.
    Create {
        /// Id: up to 64 letters, digits, `-` and `_`; the value of the `Tenant-ID` header.
        #[arg(long)]
        id: String,
        /// Name for people; the id by default.
        #[arg(long)]
        name: Option<String>,
        /// ISO 4217 code of all its amounts; fixed from now on.
        #[arg(long)]
        currency: String,
        /// Industry whose settings it starts with.
        #[arg(long, value_name = "INDUSTRY")]
        preset: Option<String>,
        /// IANA time zone that decides what day it is.
        #[arg(long, default_value = "UTC")]
        timezone: String,
        /// Plan: `starter` (100 requests a minute), `growth` or `enterprise`.
        #[arg(long, default_value = "growth")]
        tier: String,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
    /// List tenants.
    List {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
}

/// `flexportal key …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Create a key and print it, this one time.
    Create {
        /// Tenant it belongs to.
        #[arg(long)]
        tenant: String,
        /// Name for people.
        #[arg(long, default_value = "default")]
        name: String,
        /// Permissions such as `customers:read,orders:write`; all by default.
        #[arg(long, value_delimiter = ',')]
        permissions: Vec<String>,
        /// Days until it expires; never by default.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        expires_in: Option<u32>,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
    /// List the keys of a tenant, without secrets.
    List {
        /// Tenant.
        #[arg(long)]
        tenant: String,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Revoke a key: it stops working within a second.
    Revoke {
        /// Id of the key (`key_…`), as `key list` shows it.
        id: String,
        /// Tenant.
        #[arg(long)]
        tenant: String,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
}

/// `flexportal jobs …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Jobs {
    /// List the jobs, and how each one's last run ended.
    List {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Run the jobs now, due or not. Each is run by one process at a time: while a server is at one, this waits.
    Run {
        /// Only this one.
        #[arg(long, value_name = "NAME")]
        job: Option<String>,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        files: Files,
    },
}

fn organisation_key(text: &str) -> Result<String, String> {
    match text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(text.to_owned()),
        false => Err(
            "must be 32 visible ASCII characters or more, as `openssl rand -hex 32` gives".into(),
        ),
    }
}
