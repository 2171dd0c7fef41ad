//! Servers as processes of their own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::load::{self, Outcome};
use crate::report;

/// A running server; it ends with this value.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `flexportal serve` over a database.
    pub(crate) fn flexportal(database: &str, options: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flexportal"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", database]);
        // One line, to learn the address; requests are not logged on any side.
        command.args(["--log-format", "json"]);
        command.args(["--log", "flexportal=info,contract_serve::request=warn,warn"]);
        command.args(options);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FLEXPORTAL_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let stderr = child.stderr.take().expect("piped");
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        let mut seen = Vec::new();
        let address = lines.by_ref().find_map(|line| {
            let read: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            let address = read["address"].as_str().map(str::to_owned);
            seen.push(line);
            address
        });
        let address = address.unwrap_or_else(|| panic!("the server starts:\n{}", seen.join("\n")));

        let complaints = Arc::new(Mutex::new(Vec::new()));
        let collected = Arc::clone(&complaints);
        std::thread::spawn(move || {
            for line in lines {
                let read: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                if read["level"].as_str() != Some("INFO") {
                    let mut lines = collected.lock().unwrap_or_else(PoisonError::into_inner);
                    lines.push(line);
                }
            }
        });
        Server {
            child,
            address,
            complaints,
        }
    }

    /// The generated layer with nothing behind it.
    pub(crate) fn layer() -> Server {
        let this = std::env::current_exe().expect("the path of this program");
        let mut child = Command::new(this)
            .arg("layer-server")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = lines.next().expect("a line").expect("UTF-8");
        Server {
            child,
            address,
            complaints: Arc::default(),
        }
    }

    /// Resident memory in MiB.
    pub(crate) fn memory_mib(&self) -> f64 {
        memory_mib(self.child.id())
    }

    /// Processor time it has used, in microseconds.
    pub(crate) fn cpu_us(&self) -> f64 {
        let folder = format!("/proc/{}/task", self.child.id());
        let threads = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let times = threads.filter_map(|thread| {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        });
        times.sum::<f64>() / 1e3
    }

    /// Runs a load against it; also how much processor time the server used for a request.
    pub(crate) async fn measured(
        &self,
        connections: usize,
        requests: Arc<Vec<Vec<u8>>>,
    ) -> (Outcome, Vec<(&'static str, f64)>) {
        let (before, count) = (self.cpu_us(), requests.len() as f64);
        let outcome = load::run(&self.address, connections, requests).await;
        let mut figures = report::figures(&outcome).to_vec();
        figures.push(("server_cpu_us", (self.cpu_us() - before) / count));
        figures.push(("memory_mib", self.memory_mib()));
        (outcome, figures)
    }

    /// Warnings and errors it has logged.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a program can be run by this name.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Resident memory of a process in MiB; 0 when it has gone.
pub(crate) fn memory_mib(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}
