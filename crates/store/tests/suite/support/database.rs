//! A fresh database per test. The one place that knows the engine, which the test program names.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use store::*;
use test_postgres::Engine;

use super::{TENANT, product, tenant, variant, write};

/// A database that nobody else has used; it goes with the test, a cluster with the process.
pub(crate) struct Database {
    url: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        let database = Self {
            url: match crate::engine() {
                Engine::Sqlite => format!("sqlite:{}", fresh_path().display()),
                Engine::Postgres => test_postgres::shared_or_end()
                    .create_database()
                    .expect("a database can be made"),
                Engine::Pooler => pooled(),
            },
        };
        database.remove();
        database
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The file of an SQLite database.
    pub(crate) fn path(&self) -> &Path {
        let path = self.url.strip_prefix("sqlite:");
        Path::new(path.expect("a test about files runs on SQLite"))
    }

    pub(crate) fn open(&self) -> Store {
        Self::open_url(&self.url).expect("the database opens")
    }

    /// Opened in another way than usual.
    pub(crate) fn open_with(&self, options: &Options) -> Store {
        Self::open_url_with(&self.url, options).expect("the database opens")
    }

    /// Opens any database, with few connections: many tests run at once.
    pub(crate) fn open_url(url: &str) -> Result<Store, Error> {
        // Several stores on one file wait for each other, in no order: on a slow machine, one of them long.
        let patience = Duration::from_secs(60);
        let options = Options {
            transaction_timeout: Some(patience),
            sqlite: SqliteOptions {
                busy_timeout: patience,
                ..SqliteOptions::default()
            },
            postgres: PostgresOptions {
                connections: 4,
                ..PostgresOptions::default()
            },
            ..Options::default()
        };
        Self::open_url_with(url, &options)
    }

    fn open_url_with(url: &str, options: &Options) -> Result<Store, Error> {
        // On a thread of its own: opening blocks, which a thread of the runtime must not.
        std::thread::scope(|scope| {
            let opening = scope.spawn(|| Store::open_with(url, options));
            opening.join().expect("opening does not panic")
        })
    }

    /// Opened, with the tenant [`TENANT`] and one product.
    pub(crate) async fn filled(&self) -> Store {
        let store = self.open();
        write(&store, |tx| {
            tenants::insert(tx, &tenant(TENANT))?;
            products::insert(tx, &product("prod_1"))?;
            variants::insert(tx, &variant("var_1", "prod_1"))
        })
        .await;
        store
    }

    fn remove(&self) {
        let Some(path) = self.url.strip_prefix("sqlite:") else {
            return;
        };
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{suffix}"));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if crate::engine() != Engine::Sqlite
            && let Ok(cluster) = test_postgres::shared()
        {
            cluster.give_back(&self.url);
        }
        self.remove();
    }
}

/// A database behind the pooler, which has fewer sessions for it than a store has connections.
fn pooled() -> String {
    static POOLER: OnceLock<test_postgres::Pooler> = OnceLock::new();
    if !test_postgres::pooler_available() {
        std::process::exit(0);
    }
    let cluster = test_postgres::shared_or_end();
    let pooler = POOLER.get_or_init(|| {
        let pooler = cluster.pooler(test_postgres::PoolMode::Transaction, 3, &[]);
        pooler.expect("PgBouncer starts")
    });
    let url = cluster.create_database().expect("a database can be made");
    pooler.url(url.rsplit('/').next().expect("a path"))
}

fn fresh_path() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "store-{}-{}.db",
        std::process::id(),
        NUMBER.fetch_add(1, Relaxed)
    );
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}
