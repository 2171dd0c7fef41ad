//! A fresh database per test. The one place that knows the engine, which the test program names.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use store::{Options, PostgresOptions, SqliteOptions, Store};
use test_postgres::Engine;

/// A database that nobody else has used, and a folder; both go with the test, a cluster with the process.
pub(super) struct Database {
    url: String,
    folder: PathBuf,
}

impl Database {
    pub(super) fn new() -> Database {
        match crate::engine() {
            Engine::Sqlite => {
                let folder = fresh_folder();
                Database {
                    url: format!("sqlite:{}", folder.join("test.db").display()),
                    folder,
                }
            }
            Engine::Postgres => Database {
                url: migrated(),
                folder: fresh_folder(),
            },
            Engine::Pooler => Database {
                url: pooled(),
                folder: fresh_folder(),
            },
        }
    }

    /// Where files are kept beside it.
    pub(super) fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    pub(super) fn open(&self) -> Store {
        // Several stores on one file wait for each other, in no order: on a slow machine, one of them long.
        let patience = Duration::from_secs(60);
        self.open_with(Options {
            transaction_timeout: Some(patience),
            sqlite: SqliteOptions {
                busy_timeout: patience,
                ..SqliteOptions::default()
            },
            ..Options::default()
        })
    }

    pub(super) fn open_with(&self, options: Options) -> Store {
        let options = Options {
            postgres: PostgresOptions {
                // Enough for requests that meet, and few enough for many tests at once.
                connections: 4,
                ..options.postgres
            },
            ..options
        };
        // On a thread of its own: opening blocks, which a thread of the runtime must not.
        let opened = std::thread::scope(|scope| {
            let opening = scope.spawn(|| Store::open_with(&self.url, &options));
            opening.join().expect("opening does not panic")
        });
        opened.expect("a fresh database opens")
    }
}

/// A database in the cluster that has been opened once: most of the time of a test would go into its tables.
fn migrated() -> String {
    let cluster = test_postgres::shared_or_end();
    let open = |url: &str| {
        let opened = std::thread::scope(|scope| {
            let opening = scope.spawn(|| Store::open(url));
            opening.join().expect("opening does not panic")
        });
        drop(opened.expect("a fresh database opens"));
    };
    let url = cluster.create_database_as(open);
    url.expect("a database can be made")
}

/// A database behind the pooler, which has fewer sessions for it than a store has connections.
fn pooled() -> String {
    static POOLER: OnceLock<test_postgres::Pooler> = OnceLock::new();
    if !test_postgres::pooler_available() {
        std::process::exit(0);
    }
    let cluster = test_postgres::shared_or_end();
    let pooler = POOLER.get_or_init(|| {
        // Sessions of tests that are over would take up those of the cluster.
        let idle = [("server_idle_timeout", "5")];
        let pooler = cluster.pooler(test_postgres::PoolMode::Transaction, 3, &idle);
        pooler.expect("PgBouncer starts")
    });
    let url = migrated();
    pooler.url(url.rsplit('/').next().expect("a path"))
}

impl Drop for Database {
    fn drop(&mut self) {
        if crate::engine() != Engine::Sqlite
            && let Ok(cluster) = test_postgres::shared()
        {
            cluster.give_back(&self.url);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn fresh_folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!(
        "service-{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("the test folder can be made");
    folder
}
