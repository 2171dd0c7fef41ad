//! A program of a machine: its folder and its process.

use std::process::Command;

use super::files::{self, PASSWORD, Ports};
use crate::folder::{self, Folder};
use crate::programs::{Programs, installed};
use crate::server::{Program, Server};
use crate::{Error, ROLE, pooler};

/// Programs beside PostgreSQL and PgBouncer.
pub(super) const PROGRAMS: [&str; 3] = [ETCD, PATRONI, HAPROXY];
const ETCD: &str = "etcd";
const PATRONI: &str = "patroni";
const HAPROXY: &str = "haproxy";

/// A process that can be killed and started again.
#[derive(Debug)]
pub(super) struct Part {
    program: Program,
    // In this order: the process ends before its folder goes.
    server: Server,
    folder: Folder,
}

impl Part {
    pub(super) fn etcd(programs: &Programs, ports: &Ports, node: usize) -> Result<Part, Error> {
        let folder = folder::fresh(programs, true)?;
        let mut command = command(ETCD)?;
        command.envs(files::for_etcd(ports, node, &folder)?);
        let ready = "ready to serve client requests";
        Part::start(programs, folder, "etcd", command, ready)
    }

    pub(super) fn patroni(programs: &Programs, ports: &Ports, node: usize) -> Result<Part, Error> {
        let folder = folder::fresh(programs, true)?;
        let text = files::for_patroni(ports, node, programs.folder(), &folder)?;
        let file = folder.join("patroni.yml");
        programs.write(&file, &text)?;
        let mut command = command(PATRONI)?;
        command.arg(&file);
        // Its PostgreSQL runs, and it knows what it is in the cluster.
        Part::start(programs, folder, "Patroni", command, "no action. I am (")
    }

    /// HAProxy and PgBouncer.
    pub(super) fn proxy(
        programs: &Programs,
        ports: &Ports,
        proxy: usize,
    ) -> Result<(Part, Part), Error> {
        let folder = folder::fresh(programs, false)?;
        let file = folder.join("haproxy.cfg");
        programs.write(&file, &files::for_haproxy(ports, proxy)?)?;
        let mut command = command(HAPROXY)?;
        // In the foreground.
        command.arg("-db").arg("-f").arg(&file);
        // That a server is a standby is the first thing it finds out.
        let haproxy = Part::start(programs, folder, "HAProxy", command, "is DOWN")?;

        let folder = folder::fresh(programs, false)?;
        let (file, users) = (folder.join("pgbouncer.ini"), folder.join("users"));
        programs.write(&users, &format!("\"{ROLE}\" \"{PASSWORD}\"\n"))?;
        programs.write(&file, &files::for_pgbouncer(ports, proxy, &users)?)?;
        let program = Program::pgbouncer(&pooler::program()?, &file);
        let server = Server::start(programs, &folder, &program)?;
        let pgbouncer = Part {
            program,
            server,
            folder,
        };
        Ok((haproxy, pgbouncer))
    }

    fn start(
        programs: &Programs,
        folder: Folder,
        name: &'static str,
        command: Command,
        ready: &'static str,
    ) -> Result<Part, Error> {
        let program = Program {
            name,
            command,
            ready,
        };
        let server = Server::start(programs, &folder, &program)?;
        Ok(Part {
            program,
            server,
            folder,
        })
    }

    pub(super) fn kill(&mut self) -> Result<(), Error> {
        self.server.kill()
    }

    pub(super) fn restart(&mut self, programs: &Programs) -> Result<(), Error> {
        self.server.kill()?;
        let server = Server::start(programs, &self.folder, &self.program)?;
        std::mem::replace(&mut self.server, server).leave()
    }

    /// The end of its log.
    pub(super) fn log(&self) -> String {
        self.server.log_end()
    }
}

/// A program without settings from the environment.
fn command(name: &str) -> Result<Command, Error> {
    let program =
        installed(name).ok_or_else(|| Error::NotInstalled(format!("{name} is not installed")))?;
    let mut command = Command::new(program);
    for (variable, _) in std::env::vars_os() {
        let foreign = ["PG", "ETCD", "PATRONI"]
            .iter()
            .any(|prefix| variable.to_string_lossy().starts_with(prefix));
        if foreign {
            command.env_remove(&variable);
        }
    }
    Ok(command)
}
