//! The configuration of each machine, made of what operators are given.

use std::collections::HashMap;
use std::path::Path;

use super::{NODES, PROXIES};
use crate::{Error, port};

/// The passwords that stand in the files.
pub(super) const SUPERUSER_PASSWORD: &str = "SUPERUSER-PASSWORD";
pub(super) const PASSWORD: &str = "PASSWORD";

/// Ports of a node and of a proxy in the files.
const ETCD: u16 = 2379;
const ETCD_PEER: u16 = 2380;
const PATRONI: u16 = 8008;
const POSTGRES: u16 = 5432;
const HAPROXY: u16 = 5000;
const PGBOUNCER: u16 = 6432;

/// What a primary that is lost has left, and how often Patroni looks, in seconds. As short as Patroni allows: `ttl` is
/// at least `loop_wait` + 2 × `retry_timeout`, and a busy machine must not be taken for a lost one.
const TIMES: [(&str, &str); 3] = [
    ("ttl: 20", "ttl: 8"),
    ("loop_wait: 5", "loop_wait: 1"),
    ("retry_timeout: 5", "retry_timeout: 3"),
];

/// What the machines `db1` (10.0.0.11) and `proxy1` have.
const ETCD_FILE: &str = include_str!("../../../server/deploy/cluster/etcd.env");
const PATRONI_FILE: &str = include_str!("../../../server/deploy/cluster/patroni.yml");
const HAPROXY_FILE: &str = include_str!("../../../server/deploy/cluster/haproxy.cfg");
const PGBOUNCER_FILE: &str = include_str!("../../../server/deploy/cluster/pgbouncer.ini");

/// A machine of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Machine {
    Node(usize),
    Proxy(usize),
}

/// Where each part listens on 127.0.0.1: the machine and the port in the files, and the port here.
#[derive(Debug)]
pub(super) struct Ports(HashMap<(Machine, u16), u16>);

impl Ports {
    pub(super) fn choose() -> Result<Ports, Error> {
        let nodes = (0..NODES).flat_map(|node| {
            [ETCD, ETCD_PEER, PATRONI, POSTGRES].map(|port| (Machine::Node(node), port))
        });
        let proxies = (0..PROXIES)
            .flat_map(|proxy| [HAPROXY, PGBOUNCER].map(|port| (Machine::Proxy(proxy), port)));
        let all: Vec<_> = nodes.chain(proxies).collect();
        let here = port::several(all.len())?;
        Ok(Ports(all.into_iter().zip(here).collect()))
    }

    pub(super) fn etcd(&self, node: usize) -> u16 {
        self.0[&(Machine::Node(node), ETCD)]
    }

    pub(super) fn patroni(&self, node: usize) -> u16 {
        self.0[&(Machine::Node(node), PATRONI)]
    }

    pub(super) fn postgres(&self, node: usize) -> u16 {
        self.0[&(Machine::Node(node), POSTGRES)]
    }

    pub(super) fn pgbouncer(&self, proxy: usize) -> u16 {
        self.0[&(Machine::Proxy(proxy), PGBOUNCER)]
    }

    fn haproxy(&self, proxy: usize) -> u16 {
        self.0[&(Machine::Proxy(proxy), HAPROXY)]
    }

    /// Puts addresses of this machine in the place of those of the nodes.
    fn here(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for ((machine, port), here) in &self.0 {
            if let Machine::Node(node) = machine {
                text = text.replace(
                    &format!("{}:{port}", address(*node)),
                    &format!("127.0.0.1:{here}"),
                );
            }
        }
        text
    }
}

/// The variables of etcd on a node that keeps its data in `folder`.
pub(super) fn for_etcd(
    ports: &Ports,
    node: usize,
    folder: &Path,
) -> Result<Vec<(String, String)>, Error> {
    let text = ports.here(&of_node(ETCD_FILE, node));
    let data = folder.join("etcd").display().to_string();
    let text = set(&text, &[("/var/lib/etcd/flexportal", &data)])?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

/// The configuration of Patroni on a node that keeps everything in `folder`.
pub(super) fn for_patroni(
    ports: &Ports,
    node: usize,
    bin: &Path,
    folder: &Path,
) -> Result<String, Error> {
    let text = ports.here(&of_node(PATRONI_FILE, node));
    let path = |path: &Path| path.display().to_string();
    let text = set(&text, &TIMES)?;
    set(
        &text,
        &[
            ("/usr/lib/postgresql/15/bin", &path(bin)),
            (
                "/var/lib/postgresql/15/flexportal",
                &path(&folder.join("data")),
            ),
            (
                "/var/lib/postgresql/patroni.pgpass",
                &path(&folder.join("pgpass")),
            ),
            ("/var/run/postgresql", &path(folder)),
            ("10.0.0.0/24", "127.0.0.1/32"),
        ],
    )
}

/// The configuration of HAProxy on a proxy.
pub(super) fn for_haproxy(ports: &Ports, proxy: usize) -> Result<String, Error> {
    let mut text = HAPROXY_FILE.to_owned();
    for node in 0..NODES {
        let there = format!("{}:{POSTGRES} check port {PATRONI}", address(node));
        let (postgres, patroni) = (ports.postgres(node), ports.patroni(node));
        let here = format!("127.0.0.1:{postgres} check port {patroni}");
        text = set(&text, &[(&there, &here)])?;
    }
    let bind = format!("127.0.0.1:{}", ports.haproxy(proxy));
    // Whoever is not root has no other user to become.
    let user = "    user haproxy\n    group haproxy\n";
    set(&text, &[("127.0.0.1:5000", &bind), (user, "")])
}

/// The configuration of PgBouncer on a proxy, with its list of users in the file `users`.
pub(super) fn for_pgbouncer(ports: &Ports, proxy: usize, users: &Path) -> Result<String, Error> {
    let leads_to = format!("port={}", ports.haproxy(proxy));
    let port = format!("listen_port = {}", ports.pgbouncer(proxy));
    set(
        PGBOUNCER_FILE,
        &[
            ("port=5000", &leads_to),
            ("listen_addr = *", "listen_addr = 127.0.0.1"),
            ("listen_port = 6432", &port),
            ("/etc/pgbouncer/userlist.txt", &users.display().to_string()),
        ],
    )
}

/// The name of a node.
pub(super) fn name(node: usize) -> String {
    format!("db{}", node + 1)
}

/// The address of a node in the files.
fn address(node: usize) -> String {
    format!("10.0.0.1{}", node + 1)
}

/// The file of `db1` as another node has it: what names all nodes is the same everywhere.
fn of_node(text: &str, node: usize) -> String {
    let name = name(node);
    let lines = text.lines().map(|line| {
        if line.contains(&address(1)) {
            return line.to_owned();
        }
        line.replace("db1", &name)
            .replace(&address(0), &address(node))
    });
    lines.collect::<Vec<String>>().join("\n")
}

/// Puts something else in the place of what must be there.
fn set(text: &str, changes: &[(&str, &str)]) -> Result<String, Error> {
    let mut text = text.to_owned();
    for (there, here) in changes {
        if !text.contains(there) {
            let detail = format!("`{there}` is not in it");
            return Err(Error::failed("adapting a configuration file", detail));
        }
        text = text.replace(there, here);
    }
    Ok(text)
}
