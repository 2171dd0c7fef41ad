//! Databases to measure on.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use service::Clock;
use service::admin::{NewKey, NewTenant, create_key, create_tenant};
use store::Store;
use test_postgres::{Cluster, Setup};

use crate::{TENANT, fill, report};

/// A folder that goes when it is no longer needed.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}-{}-{count}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// URL of a SQLite database in it.
    pub(crate) fn sqlite(&self) -> String {
        format!("sqlite:{}", self.0.join("bench.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A fresh database and what it lives in.
pub(crate) struct Home {
    url: String,
    _folder: Option<Folder>,
    cluster: Option<(Cluster, String)>,
}

impl Home {
    /// A database of an engine, as durable as it is installed.
    pub(crate) fn new(engine: &str) -> Home {
        match engine {
            "sqlite" => {
                let folder = Folder::new(engine);
                Home {
                    url: folder.sqlite(),
                    _folder: Some(folder),
                    cluster: None,
                }
            }
            _ => {
                let cluster = start_cluster();
                let version = cluster.sql("postgres", "SHOW server_version");
                let version = version.unwrap_or_else(|error| panic!("{error}"));
                report::version("postgresql", version.trim());
                let url = cluster.create_database();
                let url = url.unwrap_or_else(|error| panic!("{error}"));
                let name = url.rsplit('/').next().unwrap_or_default().to_owned();
                Home {
                    url,
                    _folder: None,
                    cluster: Some((cluster, name)),
                }
            }
        }
    }

    /// Where `Store::open` finds it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The PostgreSQL cluster and the name of the database in it.
    pub(crate) fn cluster(&self) -> Option<(&Cluster, &str)> {
        let (cluster, name) = self.cluster.as_ref()?;
        Some((cluster, name))
    }

    /// Runs statements that fill or tidy up. On PostgreSQL as superuser and without checking foreign keys,
    /// which takes most of the time of filling; on SQLite each is a transaction.
    pub(crate) async fn run(&self, statements: Vec<String>) {
        if let Some((cluster, name)) = self.cluster() {
            let sql = format!(
                "SET search_path = flexportal; SET session_replication_role = replica; BEGIN; {}; COMMIT;",
                statements.join(";\n")
            );
            cluster
                .sql(name, &sql)
                .unwrap_or_else(|error| panic!("{error}"));
            return;
        }
        let store = Store::open(self.url()).expect("the database opens");
        for sql in statements {
            store
                .write(move |tx| tx.execute(&sql, &[]))
                .await
                .unwrap_or_else(|error| panic!("{error}"));
        }
        store.close();
    }

    /// What a database does by itself after a while: statistics, dead rows, a checkpoint.
    pub(crate) fn settle(&self) {
        if let Some((cluster, name)) = self.cluster() {
            for sql in ["VACUUM (ANALYZE)", "CHECKPOINT"] {
                cluster
                    .sql(name, sql)
                    .unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}

/// A cluster with the durability it is installed with, and memory as anybody would give it.
fn start_cluster() -> Cluster {
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let setup = Setup {
        durable: true,
        settings: vec![
            setting("shared_buffers", "'1GB'"),
            setting("max_wal_size", "'4GB'"),
            setting("max_connections", "100"),
        ],
    };
    Cluster::start(&setup).unwrap_or_else(|error| panic!("{error}"))
}

/// Makes the tenant and a key that may do everything.
pub(crate) async fn prepare(store: &Store) -> String {
    prepare_tenant(store, TENANT).await
}

/// [`prepare`] for a tenant with this id.
pub(crate) async fn prepare_tenant(store: &Store, id: &str) -> String {
    let clock = Clock::system();
    let tenant = NewTenant {
        id: id.into(),
        name: "Bench".into(),
        currency: "EUR".into(),
        preset: None,
        timezone: "UTC".into(),
        tier: "growth".into(),
    };
    create_tenant(store, &clock, tenant)
        .await
        .expect("the tenant is new");
    let key = NewKey {
        tenant: id.into(),
        name: "bench".into(),
        permissions: vec![],
        expires_in_days: None,
    };
    let key = create_key(store, &clock, key).await;
    key.expect("the tenant exists").secret
}

/// [`prepare`] and customers without business; they can be deleted at once.
pub(crate) async fn with_customers(url: &str, ids: &[String]) -> String {
    let store = Store::open(url).expect("a fresh database");
    let key = prepare(&store).await;
    for ids in ids.chunks(5_000) {
        fill::customers(&store, TENANT, ids.to_vec()).await;
    }
    store.close();
    key
}
