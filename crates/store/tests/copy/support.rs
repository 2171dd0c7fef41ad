//! Databases that go away with the test, and what they hold.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use store::copy::{self, Phase, Progress, Report, TABLES, Watch};
use store::{Error, Options, PostgresOptions, Purpose, Store, Tx};

pub(crate) const TENANT: &str = "acme";

/// Where a database is.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) file: Option<PathBuf>,
}

/// Makes a place.
pub(crate) type Maker = fn() -> Place;

/// Every way between the engines of this machine.
pub(crate) fn ways() -> Vec<(Maker, Maker)> {
    let mut ways: Vec<(Maker, Maker)> = vec![(Place::sqlite, Place::sqlite)];
    if test_postgres::available() {
        ways.push((Place::sqlite, Place::postgres));
        ways.push((Place::postgres, Place::sqlite));
        ways.push((Place::postgres, Place::postgres));
    }
    ways
}

/// One way into each engine, where the source makes no difference.
pub(crate) fn ways_in() -> Vec<(Maker, Maker)> {
    let mut ways: Vec<(Maker, Maker)> = vec![(Place::sqlite, Place::sqlite)];
    if test_postgres::available() {
        ways.push((Place::sqlite, Place::postgres));
    }
    ways
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Relaxed);
        let name = format!("copy-{}-{number}.db", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        Self {
            url: format!("sqlite:{}", path.display()),
            file: Some(path),
        }
    }

    pub(crate) fn postgres() -> Self {
        let cluster = test_postgres::shared().expect("a cluster");
        Self {
            url: cluster.create_database().expect("a database"),
            file: None,
        }
    }

    /// Opened as a server does.
    pub(crate) fn open(&self) -> Result<Store, Error> {
        Store::open_with(&self.url, &options(Purpose::Serve))
    }

    /// Opened as the target of a copy.
    pub(crate) fn target(&self) -> Store {
        Store::open_with(&self.url, &options(Purpose::CopyInto)).expect("the target opens")
    }

    /// With a business of two tenants.
    pub(crate) async fn filled(self) -> Self {
        let store = self.open().expect("the source opens");
        write(&store, |tx| {
            crate::fill::tenant(tx, TENANT, 13)?;
            crate::fill::tenant(tx, "other", 4)
        })
        .await;
        self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            if let Some(path) = &self.file {
                let mut path = path.clone().into_os_string();
                path.push(suffix);
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

/// Few connections, because the tests of a process share one cluster.
pub(crate) fn options(purpose: Purpose) -> Options {
    Options {
        purpose,
        postgres: PostgresOptions {
            connections: 3,
            ..PostgresOptions::default()
        },
        ..Options::default()
    }
}

/// A write that must succeed.
pub(crate) async fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    store.write(f).await.expect("the transaction commits")
}

/// Copies with few rows in each transaction.
pub(crate) async fn run(from: &Place, to: &Place, watch: Watch) -> Result<Report, copy::Error> {
    let source = from.open().expect("the source opens");
    let options = copy::Options { batch: 7 };
    copy::copy(&source, &to.target(), &options, watch).await
}

pub(crate) fn quietly() -> Watch {
    Arc::new(|_| {})
}

/// Runs `f` at the first sign of progress behind `after` transactions on the target.
pub(crate) fn once_behind(after: usize, f: impl Fn() + Send + Sync + 'static) -> Watch {
    let count = AtomicUsize::new(0);
    Arc::new(move |progress: &Progress| {
        let written = matches!(progress.phase, Phase::Copying | Phase::Completing);
        if written && count.fetch_add(1, Relaxed) == after {
            f();
        }
    })
}

/// Copies until so many transactions are committed on the target, and stops there. `false` if the copy was
/// finished before.
pub(crate) async fn interrupted(from: &Place, to: &Place, after: usize) -> bool {
    let stopping = once_behind(after, || std::panic::resume_unwind(Box::new("stop")));
    let source = from.open().expect("the source opens");
    let target = to.target();
    let copying = tokio::spawn(async move {
        let options = copy::Options { batch: 7 };
        copy::copy(&source, &target, &options, stopping).await
    });
    match copying.await {
        Ok(outcome) => {
            outcome.expect("the copy succeeds");
            false
        }
        Err(stopped) => {
            assert!(stopped.is_panic());
            true
        }
    }
}

/// Tables with their rows.
pub(crate) type Contents = Vec<(&'static str, Vec<Vec<Option<String>>>)>;

/// A database, opened as a server does, holds exactly these rows; if not, says which one is different.
pub(crate) async fn assert_holds(place: &Place, expected: &Contents) {
    let found = contents_at(place).await;
    for ((table, found), (_, expected)) in found.iter().zip(expected) {
        let different = found
            .iter()
            .zip(expected)
            .find(|(found, expected)| found != expected);
        assert_eq!(different, None, "`{table}` in {}", place.url);
        assert_eq!(found.len(), expected.len(), "`{table}` in {}", place.url);
    }
}

/// Every value of every row, in the order of the primary key; read by a statement of its own.
pub(crate) async fn contents(store: &Store) -> Contents {
    let read = store.read(|tx| {
        let mut all = Vec::new();
        for table in TABLES {
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| format!("CAST({} AS TEXT)", column.name))
                .collect();
            // Qualified: PostgreSQL would order by the text that the column is given out as.
            let key: Vec<String> = table
                .key
                .iter()
                .map(|column| format!("{}.{column}", table.name))
                .collect();
            let sql = format!(
                "SELECT {} FROM {} ORDER BY {}",
                columns.join(", "),
                table.name,
                key.join(", ")
            );
            let rows = tx.query_all(&sql, &[], |row| {
                columns
                    .iter()
                    .map(|_| row.get())
                    .collect::<Result<Vec<Option<String>>, _>>()
            })?;
            all.push((table.name, rows));
        }
        Ok::<_, Error>(all)
    });
    read.await.expect("the database is readable")
}

/// What a database holds, opened as a server does.
pub(crate) async fn contents_at(place: &Place) -> Contents {
    contents(&place.open().expect("the database opens")).await
}
