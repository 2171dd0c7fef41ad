//! Opening a database file, and the threads that serve it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::place::{self, Watch};
use super::reader::TimeLimit;
use super::{DIALECT, connection, migrate, reader, writer};
use crate::engine::{Access, Crew, Dialect, Engine};
use crate::job::Task;
use crate::queue::{Lane, Limits, Queue, Refused};
use crate::store::without_credentials;
use crate::{Error, Options, Purpose};

/// How a store works on SQLite.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Most transactions in one commit; 1 commits each alone (the baseline of the benchmark).
    pub group_limit: usize,
    /// How long a group takes in further transactions; a fifth of it once several tenants are in it. Whoever comes
    /// meanwhile waits for its commit.
    pub group_time: Duration,
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// How long to wait for another process that is writing.
    pub busy_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            group_limit: 512,
            // Usual transactions take some 10 µs, so that hundreds fit.
            group_time: Duration::from_millis(5),
            readers: 4,
            busy_timeout: Duration::from_secs(5),
        }
    }
}

struct Sqlite {
    writes: Arc<Queue<Task>>,
    reads: Arc<Queue<Task>>,
    watch: Arc<Watch>,
}

/// Opens the file of a URL.
pub(crate) fn open(url: &str, options: &Options, crew: &Crew) -> Result<Box<dyn Engine>, Error> {
    let path = path(url)?;
    let path = path.as_path();
    place::refuse_second_name(path)?;
    let create = options.create && options.purpose != Purpose::CopyFrom;
    // An empty file is none either.
    let there = std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
    if !create && !there {
        return Err(Error::Missing(path.display().to_string()));
    }
    let own = &options.sqlite;
    let writing = match options.purpose {
        Purpose::CopyFrom => {
            migrate::check(&connection::reading(path, own.busy_timeout)?)?;
            None
        }
        Purpose::Serve | Purpose::CopyInto => {
            let writing = connection::writing(path, own.busy_timeout)?;
            migrate::run(&writing)?;
            Some(writing)
        }
    };

    let (readers, waiting) = (own.readers.max(1), options.tenant_waiting);
    let shared = |threads: usize| Limits::shared(threads, threads, options.tenant_share, waiting);
    // One is beyond all shares: it is for whoever comes next, and what a tenant that is alone does not go without.
    let limits = Limits {
        share: shared((readers - 1).max(1)).share,
        ..shared(readers)
    };
    // From here on dropping it stops the threads that already run.
    let engine = Sqlite {
        writes: Arc::new(Queue::new(Limits::single(waiting))),
        reads: Arc::new(Queue::new(limits)),
        // What was opened has been read once, so its log is there.
        watch: Arc::new(Watch::over(path)),
    };
    match writing {
        Some(writing) => {
            let (writes, watch) = (Arc::clone(&engine.writes), Arc::clone(&engine.watch));
            let recorder = Arc::clone(&crew.recorder);
            let groups = writer::Groups {
                limit: own.group_limit.max(1),
                time: own.group_time,
            };
            crew.spawn("store-writer", move || {
                writer::serve(&writing, &writes, groups, &recorder, &watch);
            })?;
        }
        None => engine.writes.close(),
    }
    for _ in 0..readers {
        let mut reading = connection::reading(path, own.busy_timeout)?;
        let limit = TimeLimit::of(&mut reading)?;
        let (reads, recorder) = (Arc::clone(&engine.reads), Arc::clone(&crew.recorder));
        crew.spawn("store-reader", move || {
            reader::serve(&reading, &limit, &reads, &recorder);
        })?;
    }
    Ok(Box::new(engine))
}

impl Engine for Sqlite {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn known(&self) -> Result<(), Error> {
        self.watch.known()
    }

    fn look(&self) -> Result<(), Error> {
        self.watch.look()
    }

    fn push(&self, tenant: Option<&Arc<str>>, task: Task) -> Result<(), Refused> {
        match task.access {
            Access::Read => self.reads.push(tenant, Lane::Read, task),
            Access::Write | Access::WriteAlone | Access::WriteTogether => {
                self.writes.push(tenant, Lane::Write, task)
            }
        }
    }

    fn waiting(&self) -> usize {
        self.writes.len() + self.reads.len()
    }

    fn close(&self) {
        self.reads.close();
        self.writes.close();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

/// The file named by a `sqlite:` URL; `sqlite://` is accepted as well.
fn path(url: &str) -> Result<PathBuf, Error> {
    let unsupported = || Error::UnsupportedUrl(without_credentials(url));
    let rest = url.strip_prefix("sqlite:").ok_or_else(unsupported)?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    // Connections to `:memory:` do not see each other, and nothing of it is durable.
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(unsupported());
    }
    Ok(Path::new(path).to_path_buf())
}
