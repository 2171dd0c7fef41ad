//! A database with servers in front of it, the clients' ledger, and what came of the faults.

use std::io::Write as _;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::check::{Findings, check};
use crate::http::{Connection, Outcome, Request};
use crate::ledger::Known;
use crate::load::{Addresses, Load, Tenant};
use crate::random::{Random, seed};
use crate::support::{Server, flexportal};
use crate::tally;
use crate::watch::Watch;

const TENANTS: [&str; 2] = ["bu_fault_a", "bu_fault_b"];
/// Kinds of faults that share what `FAULTS` asks for.
const KINDS: usize = 20;
/// Faults of each kind when nobody asks.
const FAULTS_BY_DEFAULT: usize = 2;

/// Longest wait for something that must happen, and between two looks.
const WAIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// A database and the servers on it.
pub(crate) struct Site {
    kind: &'static str,
    /// Where the checker finds the database.
    database: String,
    secrets: Vec<String>,
    pub(crate) random: Random,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) addresses: Addresses,
    servers: Vec<Running>,
    ended: Vec<mpsc::Receiver<Value>>,
    ledger: Vec<Known>,
    problems: Vec<String>,
    loads: usize,
    faults: usize,
    recoveries: Vec<Duration>,
}

struct Running {
    server: Server,
    watch: Watch,
}

/// How many faults of this kind are injected.
pub(crate) fn faults() -> usize {
    let asked = std::env::var("FAULTS").map_or(0, |text| {
        text.parse::<usize>().expect("`FAULTS` is a number")
    });
    asked.div_ceil(KINDS).max(FAULTS_BY_DEFAULT)
}

impl Site {
    /// Makes the tenants in a fresh `database`, starts a server with `options` on it, and fills in
    /// what can be ordered. No log line may contain a word of `secrets`.
    pub(crate) async fn open(
        kind: &'static str,
        database: &str,
        options: &[&str],
        secrets: &[&str],
    ) -> Site {
        let mut site = Site {
            kind,
            database: database.to_owned(),
            secrets: secrets.iter().map(|&secret| secret.to_owned()).collect(),
            random: Random::new(kind),
            tenants: TENANTS.iter().map(|id| tenant(id, database)).collect(),
            addresses: Addresses::default(),
            servers: Vec::new(),
            ended: Vec::new(),
            ledger: Vec::new(),
            problems: Vec::new(),
            loads: 0,
            faults: 0,
            recoveries: Vec::new(),
        };
        let keys = site.tenants.iter().map(|tenant| tenant.key.clone());
        site.secrets.extend(keys);
        site.start_server(database, options);
        for tenant in &site.tenants {
            offer(&site.address(0), tenant).await;
        }
        site
    }

    /// Starts one more server.
    pub(crate) fn start_server(&mut self, database: &str, options: &[&str]) {
        let mut all = vec!["--log", "warn,flexportal::serve=info"];
        // Those of a tenant wait for each other no longer than 10 s, which is short on a slow machine: none has to.
        all.extend(["--tenant-long-requests", "64"]);
        all.extend(options);
        let server = Server::start(database, &all);
        let watch = Watch::start(&server.address, &self.tenants[0]);
        self.addresses.add(&server.address);
        self.servers.push(Running { server, watch });
    }

    /// Ends a server as a crash does.
    pub(crate) async fn kill_server(&mut self, index: usize) {
        let Running { mut server, watch } = self.servers.remove(index);
        watch.look_away();
        server.signal("KILL");
        let _ = server.child.wait();
        self.addresses.remove(&server.address);
        self.keep_log(&mut server);
        self.problems.extend(watch.finish().await);
    }

    /// Ends a server in good order.
    pub(crate) async fn stop_server(&mut self, index: usize) {
        let Running { mut server, watch } = self.servers.remove(index);
        self.addresses.remove(&server.address);
        self.problems.extend(watch.finish().await);
        server.signal("TERM");
        let ended = server.child.wait().expect("the server ends");
        if !ended.success() {
            self.problems.push(format!("the server ended with {ended}"));
        }
        self.keep_log(&mut server);
    }

    /// Where a server listens.
    pub(crate) fn address(&self, index: usize) -> String {
        self.servers[index].server.address.clone()
    }

    /// How often a server has said that it is not ready.
    pub(crate) fn not_ready(&self, index: usize) -> usize {
        self.servers[index].watch.not_ready()
    }

    /// Waits until a server says once more that it is not ready.
    pub(crate) async fn until_not_ready(&self, index: usize) {
        let (began, before) = (Instant::now(), self.not_ready(index));
        while self.not_ready(index) == before {
            assert!(began.elapsed() < WAIT, "the server says that it is ready");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Stops to look at the servers: what probes cost the database would blur the picture.
    pub(crate) fn look_elsewhere(&self) {
        for running in &self.servers {
            running.watch.look_elsewhere();
        }
    }

    /// The checker finds the database elsewhere from here on.
    pub(crate) fn move_to(&mut self, database: &str) {
        self.database = database.to_owned();
    }

    /// Starts parallel load.
    pub(crate) fn load(&mut self) -> Load {
        self.loads += 1;
        let name = format!("c{}", self.loads);
        Load::start(&name, &self.tenants, &self.addresses, &mut self.random)
    }

    /// Notes something that must not be.
    pub(crate) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// Ends the load after a fault from which service took `recovery` to come back, and holds the
    /// database against all that was acknowledged so far.
    pub(crate) async fn settle(&mut self, load: Load, recovery: Duration) {
        let (known, problems) = load.finish().await;
        self.settle_all(known, problems, 1, recovery).await;
    }

    /// Takes over what clients know after `faults` faults, and holds the database against all that
    /// was acknowledged so far.
    pub(crate) async fn settle_all(
        &mut self,
        known: Vec<Known>,
        problems: Vec<String>,
        faults: usize,
        recovery: Duration,
    ) {
        self.faults += faults;
        self.recoveries.push(recovery);
        self.ledger.extend(known);
        self.problems.extend(problems);
        let findings = self.check().await;
        if !findings.lost.is_empty() || !findings.violations.is_empty() {
            self.print(&findings);
            panic!(
                "{}, fault {} (`FAULT_SEED={}`): lost {:#?}, violations {:#?}",
                self.kind,
                self.faults,
                seed(),
                findings.lost,
                findings.violations
            );
        }
    }

    /// Ends the load and takes over what the clients know.
    pub(crate) async fn collect(&mut self, load: Load) {
        let (known, problems) = load.finish().await;
        self.ledger.extend(known);
        self.problems.extend(problems);
    }

    /// Holds the database against the ledger.
    pub(crate) async fn check(&self) -> Findings {
        let tenants: Vec<String> = TENANTS.iter().map(|&id| id.to_owned()).collect();
        check(&self.database, &tenants, &self.ledger).await
    }

    /// What the clients know.
    pub(crate) fn ledger(&self) -> &[Known] {
        &self.ledger
    }

    /// Stops the servers, reads their logs, and says what came of it all. Nothing may be amiss.
    pub(crate) async fn close(mut self) {
        while !self.servers.is_empty() {
            self.stop_server(0).await;
        }
        for log in std::mem::take(&mut self.ended) {
            // Complete: the process has ended.
            for line in log {
                let line = line.to_string();
                let secret = self.secrets.iter().any(|secret| line.contains(secret));
                if secret || line.contains("panicked") {
                    self.problems.push(format!("in the log: {line}"));
                }
            }
        }
        let findings = self.check().await;
        self.print(&findings);
        assert!(findings.lost.is_empty(), "lost: {:#?}", findings.lost);
        assert!(
            findings.violations.is_empty(),
            "violations: {:#?}",
            findings.violations
        );
        assert!(self.problems.is_empty(), "{:#?}", self.problems);
    }

    fn keep_log(&mut self, server: &mut Server) {
        let (_, empty) = mpsc::channel();
        self.ended.push(std::mem::replace(&mut server.log, empty));
    }

    /// One line, past the test harness, which swallows what a passing test prints.
    fn print(&mut self, findings: &Findings) {
        let total = tally::add(self.faults);
        self.recoveries.sort_unstable();
        let median = self.recoveries.get(self.recoveries.len() / 2);
        let line = format!(
            "{:<42} {:4} faults, {:6} acknowledged changes checked, {:5} unknown, {} lost, \
             {} violations, back after {:.2} s (slowest {:.2} s); {total} faults so far, \
             FAULT_SEED={}\n",
            self.kind,
            self.faults,
            findings.checked,
            findings.unknown,
            findings.lost.len(),
            findings.violations.len() + self.problems.len(),
            median.copied().unwrap_or_default().as_secs_f64(),
            self.recoveries
                .last()
                .copied()
                .unwrap_or_default()
                .as_secs_f64(),
            seed()
        );
        // Nobody may be reading any more.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

fn tenant(id: &str, database: &str) -> Tenant {
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--database", database]);
        let (success, output, error) = flexportal(&all);
        assert!(success, "{error}");
        output.trim().to_owned()
    };
    run(&["tenant", "create", "--id", id, "--currency", "EUR"]);
    Tenant {
        id: id.to_owned(),
        key: run(&["key", "create", "--tenant", id]),
    }
}

async fn offer(address: &str, tenant: &Tenant) {
    let product = json!({
        "productSku": "NB", "name": "Notebook", "specification": "16 GB", "category": "Laptops",
        "brand": "Example", "variants": [{"variantSku": "NB-14", "variantName": "Notebook 14",
        "grade": "A", "pricing": [{"contractLength": 12, "monthlyPrice": 49.90}]}],
    });
    let request = Request {
        method: "POST",
        path: "/v1/products",
        access: Some((&tenant.id, &tenant.key)),
        body: Some(&product),
    };
    let outcome = Connection::default().send(address, &request).await;
    assert!(
        matches!(outcome, Outcome::Answer(200 | 201, _)),
        "{outcome:?}"
    );
}
