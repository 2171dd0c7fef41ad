//! PgBouncer before a cluster.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::folder::{self, Folder};
use crate::programs::{Programs, installed};
use crate::server::{Program, Server};
use crate::{Cluster, Error, PORTS, ROLE, SUPERUSER, port};

/// For how long a client has the server connection it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolMode {
    /// Until the client disconnects.
    Session,
    /// Until its transaction ends.
    Transaction,
    /// Until its statement ends.
    Statement,
}

/// A PgBouncer of its own: a folder, a port of 127.0.0.1 and a process, which ends with it or with the process
/// that started it, in whatever way.
#[derive(Debug)]
pub struct Pooler {
    programs: &'static Programs,
    program: PathBuf,
    port: u16,
    configuration: String,
    // In this order: the process ends before its folder goes.
    server: Server,
    folder: Folder,
}

impl Cluster {
    /// Starts a PgBouncer that gives at most `size` connections to each database of this cluster, and knows the
    /// roles of the cluster. `settings` are further ones of its section `[pgbouncer]`.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] says what to install, [`Error::Failed`] what PgBouncer said.
    pub fn pooler(
        &self,
        mode: PoolMode,
        size: usize,
        settings: &[(&str, &str)],
    ) -> Result<Pooler, Error> {
        let program = program()?;
        let folder = folder::fresh(self.programs, false)?;
        let mode = match mode {
            PoolMode::Session => "session",
            PoolMode::Transaction => "transaction",
            PoolMode::Statement => "statement",
        };
        let mut configuration = format!(
            "listen_addr = 127.0.0.1\nunix_socket_dir =\nauth_type = trust\nauth_file = {users}\n\
             admin_users = {SUPERUSER}\npool_mode = {mode}\ndefault_pool_size = {size}\nmax_client_conn = 1000\n\
             server_login_retry = 0.1\n",
            users = folder.join("users").display(),
        );
        for (name, value) in settings {
            let _ = writeln!(configuration, "{name} = {value}");
        }
        let users = format!("\"{ROLE}\" \"\"\n\"{SUPERUSER}\" \"\"\n");
        self.programs.write(&folder.join("users"), &users)?;
        let mut tries = PORTS;
        loop {
            tries -= 1;
            let port = port::free()?;
            let leads_to = self.port();
            write_configuration(self.programs, &folder, port, leads_to, &configuration)?;
            match start(self.programs, &program, &folder) {
                Ok(server) => {
                    return Ok(Pooler {
                        programs: self.programs,
                        program,
                        port,
                        configuration,
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

impl Pooler {
    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its configuration, in its folder.
    pub fn file(&self) -> PathBuf {
        self.folder.join("pgbouncer.ini")
    }

    /// The URL of a database as the unprivileged role `flexportal`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// SIGKILL to it. Returns when it has gone.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill(&mut self) -> Result<(), Error> {
        self.server.kill()
    }

    /// Starts it again on its port, after killing it if it still runs.
    ///
    /// # Errors
    /// [`Error::Failed`] with its log.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.server.kill()?;
        let server = start(self.programs, &self.program, &self.folder)?;
        std::mem::replace(&mut self.server, server).leave()
    }

    /// Leads to another cluster from the next transaction on; clients stay connected.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn lead_to(&self, cluster: &Cluster) -> Result<(), Error> {
        write_configuration(
            self.programs,
            &self.folder,
            self.port,
            cluster.port(),
            &self.configuration,
        )?;
        self.command(cluster, "RELOAD").map(drop)
    }

    /// Runs a command of its console: PAUSE, RELOAD, SHOW … Gives the rows as [`Cluster::sql`] does.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn command(&self, cluster: &Cluster, command: &str) -> Result<String, Error> {
        let mut psql = cluster.program("psql");
        psql.env("PGPORT", self.port.to_string());
        psql.args(["-XAtq", "-d", "pgbouncer", "-c", command]);
        crate::run(&mut psql, "", "`psql`")
    }
}

/// Whether PgBouncer is installed beside PostgreSQL; otherwise as [`available`](crate::available).
///
/// # Panics
/// As [`missing`](crate::missing).
pub fn pooler_available() -> bool {
    if !crate::available() {
        return false;
    }
    if program().is_ok() {
        return true;
    }
    crate::missing(&format!(
        "nothing was tested behind a pooler: {}",
        not_installed()
    ));
    false
}

/// The program.
pub(crate) fn program() -> Result<PathBuf, Error> {
    installed("pgbouncer").ok_or_else(not_installed)
}

fn not_installed() -> Error {
    Error::NotInstalled(
        "PgBouncer is not installed\nhint: on Debian, `apt-get install pgbouncer`; elsewhere, put it on PATH"
            .to_owned(),
    )
}

fn start(programs: &Programs, program: &Path, folder: &Path) -> Result<Server, Error> {
    let program = Program::pgbouncer(program, &folder.join("pgbouncer.ini"));
    Server::start(programs, folder, &program)
}

fn write_configuration(
    programs: &Programs,
    folder: &Path,
    port: u16,
    leads_to: u16,
    settings: &str,
) -> Result<(), Error> {
    let text = format!(
        "[databases]\n* = host=127.0.0.1 port={leads_to}\n\n[pgbouncer]\nlisten_port = {port}\n{settings}"
    );
    programs.write(&folder.join("pgbouncer.ini"), &text)
}
