//! Throw-away PostgreSQL clusters for tests and benches.
//!
//! [`shared`] gives a test process its one cluster, [`Cluster::create_database`] each test a database of
//! its own. [`Cluster::start`] makes a cluster that can be killed, restarted, replicated and promoted,
//! [`Cluster::pooler`] puts PgBouncer before it. [`PatroniCluster::start`] makes what operators run: machines with
//! etcd and Patroni, and proxies before them.
//! Nothing of it outlives the process, even if that is killed.
//!
//! PostgreSQL 15 or later is looked for on PATH and in the folders of the distributions. As root, the
//! server runs as the user `postgres`, because it refuses to run as root.
//!
//! **Architecture Invariant:** for tests and benches alone; no crate of the product depends on it. It
//! speaks to the server through PostgreSQL's own programs, and so judges the product independently.

mod engine;
mod error;
mod folder;
mod patroni;
mod pooler;
mod port;
mod programs;
mod server;
mod standby;

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

pub use engine::Engine;
pub use error::Error;
use folder::Folder;
pub use patroni::{PatroniCluster, patroni_available};
pub use pooler::{PoolMode, Pooler, pooler_available};
use programs::Programs;
use server::{Program, Server};

/// The superuser of every cluster.
const SUPERUSER: &str = "postgres";

/// The database that every cluster has from the start.
const MAINTENANCE: &str = "postgres";

/// The role that owns the databases: neither superuser nor exempt from row-level security.
const ROLE: &str = "flexportal";

/// How often a port that somebody else was faster to take is replaced by another.
const PORTS: usize = 10;

/// How a cluster is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// As installed: every commit reaches the disk. Otherwise `fsync`, `synchronous_commit` and
    /// `full_page_writes` are off, and nothing is vacuumed.
    pub durable: bool,
    /// Further settings: name and value as in `postgresql.conf`.
    pub settings: Vec<(String, String)>,
}

/// A PostgreSQL cluster of its own: a folder, a port of 127.0.0.1 and a server.
///
/// When it is dropped, or its process ends in whatever way, the server ends and the folder goes.
#[derive(Debug)]
pub struct Cluster {
    programs: &'static Programs,
    port: u16,
    durable: bool,
    /// The database that [`Cluster::create_database_as`] copies.
    model: Mutex<Option<String>>,
    /// The databases that nobody needs any more.
    returned: Mutex<Vec<String>>,
    // In this order: the server ends before its folder goes.
    server: Server,
    folder: Folder,
}

impl Cluster {
    /// Creates a cluster and starts its server.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] says what to install, [`Error::Failed`] what PostgreSQL said.
    pub fn start(setup: &Setup) -> Result<Cluster, Error> {
        let programs = Programs::get()?;
        let folder = folder::fresh(programs, setup.durable)?;
        let mut initdb = programs.command("initdb");
        initdb.arg("-D").arg(folder.join("data")).args([
            "--no-sync",
            "--no-locale",
            "--encoding=UTF8",
            "--auth=trust",
            "--username",
            SUPERUSER,
        ]);
        run(initdb.current_dir(&*folder), "", "`initdb`")?;
        let file = folder.join("data/postgresql.conf");
        let cluster = Cluster::run(programs, folder, setup.durable, &file, &lines(setup))?;
        cluster.sql(MAINTENANCE, &format!("CREATE ROLE {ROLE} LOGIN CREATEDB"))?;
        Ok(cluster)
    }

    /// Creates a database that is owned by the unprivileged role `flexportal`, and gives its URL.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn create_database(&self) -> Result<String, Error> {
        self.create_from("template1").map(|name| self.url(&name))
    }

    /// As [`Cluster::create_database`], with everything in it that `prepare` has put into a database, whose URL it
    /// is given. It is called once, by the first of these calls: copying is faster than preparing each.
    ///
    /// # Errors
    /// [`Error::Failed`].
    ///
    /// # Panics
    /// Where `prepare` does.
    pub fn create_database_as(&self, prepare: impl FnOnce(&str)) -> Result<String, Error> {
        let mut model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let name = match &*model {
            Some(name) => name.clone(),
            None => {
                let name = self.create_from("template1")?;
                prepare(&self.url(&name));
                // A database that somebody is connected to cannot be copied.
                let leave = format!(
                    "ALTER DATABASE {name} ALLOW_CONNECTIONS false; \
                     SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                );
                self.sql(MAINTENANCE, &leave)?;
                model.insert(name).clone()
            }
        };
        drop(model);
        self.create_from(&name).map(|name| self.url(&name))
    }

    /// The name of a new database with what is in another one.
    fn create_from(&self, model: &str) -> Result<String, Error> {
        // Unique in the process: a promoted standby has the names of its primary.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("flexportal_{}", NUMBER.fetch_add(1, Relaxed));
        let returned = std::mem::take(&mut *self.returned());
        // One that cannot be dropped, as PostgreSQL waits for its sessions for 5 s, stays.
        let mut sql = "\\set ON_ERROR_STOP off\n".to_owned();
        for name in returned {
            let _ = writeln!(sql, "DROP DATABASE {name} WITH (FORCE);");
        }
        let _ = writeln!(
            sql,
            "\\set ON_ERROR_STOP on\nCREATE DATABASE {name} TEMPLATE {model} OWNER {ROLE}"
        );
        let failed = |error| match error {
            Error::Failed { doing, detail } => {
                let log = self.server.log_end();
                Error::failed(doing, format!("{detail}the server's log ends with\n{log}"))
            }
            error => error,
        };
        self.sql(MAINTENANCE, &sql).map_err(failed)?;
        Ok(name)
    }

    /// Gives a database back, by a URL that leads to it: it is dropped when the next one is made, whoever is still
    /// connected to it. A suite that keeps each of its databases to the end takes gigabytes of a disk.
    pub fn give_back(&self, url: &str) {
        let (_, name) = url.rsplit_once('/').unwrap_or_default();
        self.returned().push(name.to_owned());
    }

    fn returned(&self) -> MutexGuard<'_, Vec<String>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a database as the unprivileged role `flexportal`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// The URL of a database as superuser.
    pub fn admin_url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.port)
    }

    /// SIGKILL to the server and all its processes, as in a crash. Returns when they have gone.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill(&mut self) -> Result<(), Error> {
        self.server.kill()
    }

    /// A fast shutdown: running transactions are cut off, the data folder is left clean. Returns when the
    /// server has gone.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn stop(&mut self) -> Result<(), Error> {
        self.server.stop()
    }

    /// Starts the server again on its port, after stopping it if it still runs.
    ///
    /// # Errors
    /// [`Error::Failed`] with the server's log.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.server.stop()?;
        let program = Program::postgres(self.programs, &self.folder, self.port);
        let server = Server::start(self.programs, &self.folder, &program)?;
        std::mem::replace(&mut self.server, server).leave()
    }

    /// A client program of the same version (`pgbench`, `psql`, `pg_dump`, …) that connects to this
    /// cluster as superuser unless told otherwise; one that refuses root runs as the server's user.
    pub fn program(&self, name: &str) -> Command {
        let mut command = self.programs.command(name);
        command
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", SUPERUSER)
            .env("PGDATABASE", MAINTENANCE);
        command
    }

    /// Runs statements as superuser and gives the values, one row a line, columns separated by `|`.
    /// Each statement commits by itself; the first failure ends the run.
    ///
    /// # Errors
    /// [`Error::Failed`] with the message of PostgreSQL.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, Error> {
        let mut psql = self.program("psql");
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]);
        let mut output = run(&mut psql, sql, "`psql`")?;
        output.truncate(output.trim_end_matches('\n').len());
        Ok(output)
    }

    /// Starts the first server of a data folder, after adding lines to its configuration.
    fn run(
        programs: &'static Programs,
        folder: Folder,
        durable: bool,
        configuration: &Path,
        lines: &str,
    ) -> Result<Cluster, Error> {
        let configured = OpenOptions::new()
            .append(true)
            .open(configuration)
            .and_then(|mut file| file.write_all(lines.as_bytes()));
        configured.map_err(|error| Error::failed("configuring PostgreSQL", error))?;
        let mut tries = PORTS;
        loop {
            let port = port::free()?;
            tries -= 1;
            let program = Program::postgres(programs, &folder, port);
            match Server::start(programs, &folder, &program) {
                Ok(server) => {
                    return Ok(Cluster {
                        programs,
                        port,
                        durable,
                        model: Mutex::new(None),
                        returned: Mutex::default(),
                        server,
                        folder,
                    });
                }
                Err(error) if tries > 0 && error.is_taken_port() => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The cluster of this process, not durable; started at the first call.
///
/// # Errors
/// Why it did not start, at every call the same.
pub fn shared() -> Result<&'static Cluster, &'static Error> {
    static SHARED: OnceLock<Result<Cluster, Error>> = OnceLock::new();
    let start = || {
        Cluster::start(&Setup {
            durable: false,
            // A machine with many cores runs many tests at once, each with a few connections.
            settings: vec![("max_connections".into(), "1000".into())],
        })
    };
    SHARED.get_or_init(start).as_ref()
}

/// Whether PostgreSQL is installed. Where it is not, a test that needs it passes by returning.
///
/// # Panics
/// As [`missing`].
pub fn available() -> bool {
    let programs = Programs::get();
    if let Err(error) = &programs {
        missing(&format!("nothing was tested on PostgreSQL: {error}"));
    }
    programs.is_ok()
}

/// Says, once a process for each `message`, that a program is not installed and what was therefore not
/// tested. The rule for every test that needs one: then it passes by returning.
///
/// # Panics
/// Where the environment variable `CI` is set, unless to nothing, `false` or `0`: there every program must
/// be installed.
pub fn missing(message: &str) {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let ci = std::env::var("CI").unwrap_or_default();
    assert!(!is_ci(&ci), "{message}");
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if !said.iter().any(|it| it == message) {
        said.push(message.to_owned());
        // Past the capture of the test harness, which shows nothing of a test that passes.
        drop(writeln!(std::io::stderr(), "{message}"));
    }
}

fn is_ci(variable: &str) -> bool {
    !["", "false", "0"].contains(&variable)
}

/// [`shared`] for a test program that has nothing to do without it: where PostgreSQL is not installed, the
/// process ends as if every test had passed, after saying what to install.
///
/// # Panics
/// Where the cluster does not start, and as [`available`].
pub fn shared_or_end() -> &'static Cluster {
    if !available() {
        std::process::exit(0);
    }
    shared().unwrap_or_else(|error| panic!("no cluster for the tests: {error}"))
}

/// The configuration of a new cluster.
fn lines(setup: &Setup) -> String {
    let mut settings = vec![
        ("listen_addresses", "'127.0.0.1'"),
        ("max_connections", "300"),
        // Refusals are answered to the client; the log is for the server itself.
        ("log_min_messages", "log"),
        ("log_checkpoints", "off"),
        // A standby that was down for a while finds what it missed.
        ("wal_keep_size", "'256MB'"),
    ];
    if !setup.durable {
        settings.extend([
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            // Workers would go round hundreds of small databases.
            ("autovacuum", "off"),
        ]);
    }
    let own = setup.settings.iter();
    let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
    let lines = settings.into_iter().chain(own);
    lines
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect()
}

/// Runs a program with a text as its input and gives what it wrote; `what` names it in the error.
fn run(command: &mut Command, input: &str, what: &str) -> Result<String, Error> {
    let failed = |error| Error::failed(what, error);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // Dropped at once, which ends the input. A program that ends early tells why itself.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(Error::failed(what, String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn programs_must_be_installed_in_ci() {
        for (variable, must) in [
            ("true", true),
            ("1", true),
            ("", false),
            ("false", false),
            ("0", false),
        ] {
            assert_eq!(super::is_ci(variable), must, "CI={variable}");
        }
    }
}
