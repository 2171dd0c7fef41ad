//! A running server and the guard that ends it.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::Error;
use crate::programs::Programs;

/// What the guard does; it is the parent of the server.
const GUARD: &str = include_str!("guard.sh");

/// Recovery after a crash included.
const START_LIMIT: Duration = Duration::from_secs(120);

/// Lines of the log that are kept for messages.
const KEPT: usize = 50;

/// What a server that recovers from a crash says to everybody who connects, and would drown the crash in.
const RECOVERING: [&str; 2] = [
    "FATAL:  the database system is",
    "Consistent recovery state has not",
];

/// A server process under its guard. Dropping it ends the server and removes the folder.
#[derive(Debug)]
pub(crate) struct Server {
    guard: Child,
    orders: Option<ChildStdin>,
    /// A line for each order that was carried out.
    reports: BufReader<ChildStdout>,
    log: Arc<Log>,
}

#[derive(Debug, Default)]
struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<String>,
    ready: bool,
    ended: bool,
}

/// What is to be run.
#[derive(Debug)]
pub(crate) struct Program {
    /// For messages.
    pub(crate) name: &'static str,
    pub(crate) command: Command,
    /// What its log says once it accepts connections.
    pub(crate) ready: &'static str,
}

impl Program {
    /// The server of a folder.
    pub(crate) fn postgres(programs: &Programs, folder: &Path, port: u16) -> Program {
        let mut command = programs.command("postgres");
        command
            .args(["-p", &port.to_string(), "-D"])
            .arg(folder.join("data"))
            .arg("-k")
            .arg(folder);
        Program {
            name: "PostgreSQL",
            command,
            // Also `… ready to accept read-only connections`.
            ready: "database system is ready to accept",
        }
    }

    /// A pooler with its configuration.
    pub(crate) fn pgbouncer(program: &Path, file: &Path) -> Program {
        let mut command = Command::new(program);
        command.arg(file);
        Program {
            name: "PgBouncer",
            command,
            ready: "process up",
        }
    }
}

impl Server {
    /// Starts a program in its folder and waits until it accepts connections.
    pub(crate) fn start(
        programs: &Programs,
        folder: &Path,
        program: &Program,
    ) -> Result<Server, Error> {
        let (name, ready, server) = (program.name, program.ready, &program.command);
        let failed = |error| Error::failed(format!("starting the guard of {name}"), error);
        let mut command = Command::new("sh");
        programs.unprivileged(&mut command);
        for (variable, value) in server.get_envs() {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        let mut guard = command
            .args(["-c", GUARD, "guard"])
            .arg(folder)
            .arg(server.get_program())
            .args(server.get_args())
            .current_dir(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let log = Arc::new(Log::default());
        let (orders, stderr) = (guard.stdin.take(), guard.stderr.take());
        let reports = BufReader::new(guard.stdout.take().expect("piped"));
        let mut server = Server {
            guard,
            orders,
            reports,
            log: log.clone(),
        };
        let stderr = stderr.expect("piped");
        thread::Builder::new()
            .name("cluster-log".to_owned())
            .spawn(move || log.follow(stderr, ready))
            .map_err(failed)?;
        match server.wait_until_ready(name) {
            Ok(()) => Ok(server),
            Err(error) => {
                // The data must not go with an attempt.
                server.kill()?;
                server.leave()?;
                Err(error)
            }
        }
    }

    fn wait_until_ready(&self, name: &str) -> Result<(), Error> {
        let state = self.log.lock();
        let (state, waited) = self
            .log
            .changed
            .wait_timeout_while(state, START_LIMIT, |it| !it.ready && !it.ended)
            .unwrap_or_else(PoisonError::into_inner);
        if state.ready && !state.ended {
            return Ok(());
        }
        let lines = state.text();
        let what = match waited.timed_out() {
            true => format!("starting {name} in time"),
            false => format!("starting {name}"),
        };
        Err(Error::failed(what, lines))
    }

    /// The end of its log.
    pub(crate) fn log_end(&self) -> String {
        self.log.lock().text()
    }

    /// SIGKILL to every process of the server; returns when the last has gone.
    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        self.order("kill")
    }

    /// A fast shutdown unless it has ended; returns when the last process has gone.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        self.order("stop")
    }

    /// Leaves the folder of a server that has ended to another guard.
    pub(crate) fn leave(mut self) -> Result<(), Error> {
        self.order("leave")
    }

    /// Gives an order after which no process of the server is left.
    fn order(&mut self, order: &str) -> Result<(), Error> {
        let failed = |error| Error::failed(format!("`{order}` of PostgreSQL"), error);
        let orders = self.orders.as_mut().expect("taken by `drop` only");
        writeln!(orders, "{order}").map_err(failed)?;
        // Also ends with the guard, which leaves without a word.
        self.reports.read_line(&mut String::new()).map_err(failed)?;
        let state = self.log.lock();
        drop(
            self.log
                .changed
                .wait_while(state, |it| !it.ended)
                .unwrap_or_else(PoisonError::into_inner),
        );
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.orders.take());
        // It ends by itself; there is nothing to be done about a guard that cannot be waited for.
        let _ = self.guard.wait();
    }
}

impl State {
    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        lines.join("\n")
    }
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads to the end, which comes with the last process of the server.
    fn follow(&self, stderr: ChildStderr, ready: &str) {
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if RECOVERING.iter().any(|it| line.contains(it)) {
                continue;
            }
            let mut state = self.lock();
            state.ready |= line.contains(ready);
            if state.lines.len() == KEPT {
                state.lines.pop_front();
            }
            state.lines.push_back(line);
            self.changed.notify_all();
        }
        self.lock().ended = true;
        self.changed.notify_all();
    }
}
