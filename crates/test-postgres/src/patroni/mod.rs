//! PostgreSQL as operators run it: Patroni and etcd on three machines, and HAProxy with PgBouncer on two before them.
//! Here all of them are this machine.

mod ask;
mod files;
mod part;

use std::thread;
use std::time::{Duration, Instant};

use crate::pooler::pooler_available;
use crate::programs::{Programs, installed};
use crate::{Error, MAINTENANCE, PORTS, ROLE, SUPERUSER, run};
use files::{PASSWORD, Ports, SUPERUSER_PASSWORD};
use part::Part;

/// Machines with etcd and Patroni.
const NODES: usize = 3;

/// Machines with HAProxy and PgBouncer.
const PROXIES: usize = 2;

/// The database of the role `flexportal`.
const DATABASE: &str = "flexportal";

/// Longest wait for a state, and between two looks. A machine that comes back copies the database, at worst.
const WAIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

/// Three servers of PostgreSQL, of which Patroni makes one the primary and one its synchronous standby, and two proxies
/// that lead to the primary. Machines are counted from 0: machine 0 is `db1` or `proxy1` of the files.
///
/// When it is dropped, or its process ends in whatever way, all of it ends and its folders go.
#[derive(Debug)]
pub struct PatroniCluster {
    programs: &'static Programs,
    ports: Ports,
    proxies: Vec<(Part, Part)>,
    nodes: Vec<Part>,
    etcd: Vec<Part>,
}

impl PatroniCluster {
    /// Starts everything with the configuration that operators are given; only addresses, folders and times are
    /// others. Returns once there are a primary, a synchronous standby, one more standby, and a database
    /// `flexportal`, owned by the unprivileged role of that name.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] says what to install, [`Error::Failed`] what the program said that did not start.
    pub fn start() -> Result<PatroniCluster, Error> {
        let mut tries = PORTS;
        loop {
            tries -= 1;
            match PatroniCluster::attempt() {
                Err(error) if tries > 0 && error.is_taken_port() => {}
                result => return result,
            }
        }
    }

    fn attempt() -> Result<PatroniCluster, Error> {
        let programs = Programs::get()?;
        let ports = Ports::choose()?;
        // Members of etcd are ready when there are two, standbys when there is a primary.
        let etcd = together(NODES, |n| Part::etcd(programs, &ports, n))?;
        let nodes = together(NODES, |n| Part::patroni(programs, &ports, n))?;
        let proxies = together(PROXIES, |n| Part::proxy(programs, &ports, n))?;
        let cluster = PatroniCluster {
            programs,
            ports,
            proxies,
            nodes,
            etcd,
        };
        cluster.wait_until_whole()?;
        cluster.sql(
            MAINTENANCE,
            &format!(
                "CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}';
                 CREATE DATABASE {DATABASE} OWNER {ROLE}"
            ),
        )?;
        Ok(cluster)
    }

    /// The URL of the database through the proxies, `first` before the other one.
    pub fn url(&self, first: usize) -> String {
        let host = |proxy: usize| format!("127.0.0.1:{}", self.ports.pgbouncer(proxy));
        let (one, other) = (host(first), host((first + 1) % PROXIES));
        format!("postgres://{ROLE}:{PASSWORD}@{one},{other}/{DATABASE}")
    }

    /// The URL of the database past the proxies, with all servers in it.
    pub fn direct_url(&self) -> String {
        let hosts: Vec<String> = (0..NODES)
            .map(|node| format!("127.0.0.1:{}", self.ports.postgres(node)))
            .collect();
        format!(
            "postgres://{ROLE}:{PASSWORD}@{}/{DATABASE}",
            hosts.join(",")
        )
    }

    /// What no log may tell.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// The node whose PostgreSQL is the primary.
    ///
    /// # Errors
    /// [`Error::Failed`] if there is none for a while.
    pub fn primary(&self) -> Result<usize, Error> {
        self.wait("a primary", || {
            (0..NODES).find(|node| self.is("primary", *node))
        })
    }

    /// Makes the synchronous standby the primary, in good order.
    ///
    /// # Errors
    /// [`Error::Failed`] with what Patroni said.
    pub fn switch_over(&self) -> Result<(), Error> {
        let node = self.primary()?;
        ask::switch_over(self.ports.patroni(node), &files::name(node))
            .map_err(|why| Error::failed("the switchover", why))
    }

    /// SIGKILL to the Patroni of a node, and to its PostgreSQL. Returns when they have gone.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill_node(&mut self, node: usize) -> Result<(), Error> {
        self.nodes[node].kill()
    }

    /// Starts the Patroni of a node again, and with it PostgreSQL.
    ///
    /// # Errors
    /// [`Error::Failed`] with its log.
    pub fn restart_node(&mut self, node: usize) -> Result<(), Error> {
        self.nodes[node].restart(self.programs)
    }

    /// The node whose etcd leads.
    ///
    /// # Errors
    /// [`Error::Failed`] if there is none for a while.
    pub fn etcd_leader(&self) -> Result<usize, Error> {
        self.wait("a leader of etcd", || {
            (0..NODES).find(|node| ask::is_etcd_leader(self.ports.etcd(*node)))
        })
    }

    /// SIGKILL to the etcd of a node.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill_etcd(&mut self, node: usize) -> Result<(), Error> {
        self.etcd[node].kill()
    }

    /// Starts the etcd of a node again.
    ///
    /// # Errors
    /// [`Error::Failed`] with its log.
    pub fn restart_etcd(&mut self, node: usize) -> Result<(), Error> {
        self.etcd[node].restart(self.programs)
    }

    /// SIGKILL to HAProxy and PgBouncer of a proxy.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill_proxy(&mut self, proxy: usize) -> Result<(), Error> {
        let (haproxy, pgbouncer) = &mut self.proxies[proxy];
        haproxy.kill()?;
        pgbouncer.kill()
    }

    /// Starts HAProxy and PgBouncer of a proxy again.
    ///
    /// # Errors
    /// [`Error::Failed`] with their logs.
    pub fn restart_proxy(&mut self, proxy: usize) -> Result<(), Error> {
        let (_, pgbouncer) = &mut self.proxies[proxy];
        pgbouncer.restart(self.programs)?;
        self.restart_haproxy(proxy)
    }

    /// SIGKILL to the HAProxy of a proxy. Its PgBouncer is there, and leads nowhere.
    ///
    /// # Errors
    /// [`Error::Failed`].
    pub fn kill_haproxy(&mut self, proxy: usize) -> Result<(), Error> {
        self.proxies[proxy].0.kill()
    }

    /// Starts the HAProxy of a proxy again.
    ///
    /// # Errors
    /// [`Error::Failed`] with its log.
    pub fn restart_haproxy(&mut self, proxy: usize) -> Result<(), Error> {
        self.proxies[proxy].0.restart(self.programs)
    }

    /// Waits until every part does what it is for: another one may be lost then.
    ///
    /// # Errors
    /// [`Error::Failed`] if that takes too long.
    pub fn wait_until_whole(&self) -> Result<(), Error> {
        self.wait("a whole cluster", || {
            let count = |state| (0..NODES).filter(|node| self.is(state, *node)).count();
            let whole = count("primary") == 1
                && count("synchronous") == 1
                && count("replica") == NODES - 1
                && (0..NODES).all(|node| ask::is_healthy_etcd(self.ports.etcd(node)));
            whole.then_some(())
        })
    }

    /// Runs statements on the primary, as [`Cluster::sql`](crate::Cluster::sql) does.
    ///
    /// # Errors
    /// [`Error::Failed`] with the message of PostgreSQL.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, Error> {
        let mut psql = self.programs.command("psql");
        psql.env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.ports.postgres(self.primary()?).to_string())
            .env("PGUSER", SUPERUSER)
            .env("PGPASSWORD", SUPERUSER_PASSWORD)
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]);
        let mut output = run(&mut psql, sql, "`psql`")?;
        output.truncate(output.trim_end_matches('\n').len());
        Ok(output)
    }

    /// What Patroni says of its PostgreSQL: `primary`, `replica`, `synchronous`.
    fn is(&self, state: &str, node: usize) -> bool {
        ask::status(self.ports.patroni(node), &format!("/{state}")) == Some(200)
    }

    fn wait<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> Result<T, Error> {
        let started = Instant::now();
        loop {
            if let Some(found) = look() {
                return Ok(found);
            }
            if started.elapsed() > WAIT {
                let logs: Vec<String> = self.nodes.iter().map(Part::log).collect();
                return Err(Error::failed(
                    format!("waiting for {what}"),
                    logs.join("\n\n"),
                ));
            }
            thread::sleep(POLL);
        }
    }
}

/// Starts so many parts at the same time.
fn together<T: Send>(
    count: usize,
    start: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    thread::scope(|scope| {
        let start = &start;
        let threads: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || start(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("starting does not panic"))
            .collect()
    })
}

/// Whether all programs are installed; otherwise as [`available`](crate::available).
///
/// # Panics
/// As [`missing`](crate::missing).
pub fn patroni_available() -> bool {
    if !pooler_available() {
        return false;
    }
    let absent: Vec<&str> = part::PROGRAMS
        .into_iter()
        .filter(|name| installed(name).is_none())
        .collect();
    if absent.is_empty() {
        return true;
    }
    crate::missing(&format!(
        "nothing was tested on a cluster of Patroni: there is no {}\n\
         hint: on Debian, `apt-get install patroni etcd-server haproxy`; elsewhere, put them on PATH",
        absent.join(", ")
    ));
    false
}
