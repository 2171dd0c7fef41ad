//! The PostgreSQL cluster that the tests share, one after the other.

use std::ops::{Deref, DerefMut};

use test_postgres::{Cluster, Setup};
use tokio::sync::{Mutex, MutexGuard};

/// What the tests' databases are reached with; the cluster trusts everybody, and no log may tell.
pub(crate) const PASSWORD: &str = "sesame-5f2c91";

static SHARED: Mutex<Option<Cluster>> = Mutex::const_new(None);

/// The shared cluster, as long as this is held.
pub(crate) struct Turn(MutexGuard<'static, Option<Cluster>>);

impl Deref for Turn {
    type Target = Cluster;

    fn deref(&self) -> &Cluster {
        self.0.as_ref().expect("set before the turn is given")
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Cluster {
        self.0.as_mut().expect("set before the turn is given")
    }
}

/// Waits for the other tests with PostgreSQL; `None` where it is not installed.
pub(crate) async fn turn() -> Option<Turn> {
    if !test_postgres::available() {
        return None;
    }
    let mut shared = SHARED.lock().await;
    match shared.as_mut() {
        None => *shared = Some(durable(&[])),
        // A test that failed may have left it in any state.
        Some(cluster) if cluster.sql("postgres", "SELECT 1").is_err() => restart(cluster),
        Some(_) => {}
    }
    Some(Turn(shared))
}

/// A cluster whose commits survive.
pub(crate) fn durable(settings: &[(&str, &str)]) -> Cluster {
    let settings = settings.iter();
    let settings = settings.map(|&(name, value)| (name.to_owned(), value.to_owned()));
    let setup = Setup {
        durable: true,
        settings: settings.collect(),
    };
    Cluster::start(&setup).expect("a cluster starts")
}

/// Starts a cluster again that was killed or gave up.
pub(crate) fn restart(cluster: &mut Cluster) {
    cluster.restart().expect("PostgreSQL starts again");
}

/// A fresh database: its name.
pub(crate) fn database(cluster: &Cluster) -> String {
    let url = cluster.create_database().expect("a database can be made");
    let (_, name) = url.rsplit_once('/').expect("the URL ends with the name");
    name.to_owned()
}

/// The URL of a database behind several ports, with a password in it.
pub(crate) fn url(ports: &[u16], database: &str) -> String {
    let hosts: Vec<String> = ports
        .iter()
        .map(|port| format!("127.0.0.1:{port}"))
        .collect();
    let hosts = hosts.join(",");
    format!("postgres://flexportal:{PASSWORD}@{hosts}/{database}?target_session_attrs=read-write")
}
