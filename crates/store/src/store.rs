//! The handle: opens a database, hands transactions to its threads, drains them at the end.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::batch::{Group, Grouped};
use crate::engine::Dialect;
use crate::job::{Job, Task, Transaction};
use crate::postgres::config::Config;
use crate::postgres::growth::Growth;
use crate::postgres::worker::{self, Worker};
use crate::postgres::{self, Access};
use crate::queue::{Lane, Limits, Queue, Refused};
use crate::sqlite::place::{self, Watch};
use crate::sqlite::reader::{self, TimeLimit};
use crate::sqlite::{self, connection, writer};
use crate::statistics::Recorder;
use crate::{Deactivation, Error, Statistics, Tx, copy};

/// A database. Cloning is cheap; the last clone to go closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Serving and administration: it is created and migrated as needed.
    Serve,
    /// Copying from it: it is left as it is. Writing is refused on SQLite.
    CopyFrom,
    /// Copying into it: also if an earlier copy into it has not been finished.
    CopyInto,
}

/// How a store works; the default suits a server.
#[derive(Clone)]
pub struct Options {
    /// What for.
    pub purpose: Purpose,
    /// Whether a database that is not there is created.
    pub create: bool,
    /// SQLite: most transactions in one commit; 1 commits each alone (the baseline of the benchmark).
    pub group_limit: usize,
    /// SQLite: threads that read, each with its own connection.
    pub readers: usize,
    /// SQLite: how long to wait for another process that is writing.
    pub busy_timeout: Duration,
    /// PostgreSQL: most connections, each with its own thread.
    pub connections: usize,
    /// PostgreSQL: how long one statement may take.
    pub statement_timeout: Duration,
    /// PostgreSQL: how long to wait for a lock that somebody else holds.
    pub lock_timeout: Duration,
    /// PostgreSQL: how long a transaction is tried again, while no host writes or while it loses against
    /// concurrent ones, before its caller gets an error.
    pub unavailable_after: Duration,
    /// How long a transaction may take from its submission on: it is not begun later, and its statements are cut
    /// off then (writing ones on SQLite end by themselves). `None`: as long as it likes.
    pub transaction_timeout: Option<Duration>,
    /// Most of the connections (SQLite: of the threads that read) that one tenant has at once, in percent; once it
    /// was alone for a minute, all but one. Less than 100 keeps at least one for the others, if there are two.
    pub tenant_share: usize,
    /// Most transactions of one tenant that wait at once, of reads and of writes on SQLite; also of those for no
    /// tenant.
    pub tenant_waiting: usize,
    /// PostgreSQL: the password, if the URL has none.
    pub password: Option<String>,
    /// PostgreSQL: the role may be one that row-level security does not bind.
    pub allow_bypass_rls: bool,
}

struct Inner {
    engine: Engine,
    transaction_timeout: Option<Duration>,
    recorder: Arc<Recorder>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

enum Engine {
    Sqlite {
        writes: Arc<Queue<Task>>,
        reads: Arc<Queue<Task>>,
        watch: Arc<Watch>,
    },
    Postgres {
        tasks: Arc<Queue<Task>>,
        opened: postgres::migrate::Opened,
    },
}

impl Default for Options {
    fn default() -> Self {
        Self {
            purpose: Purpose::Serve,
            create: true,
            group_limit: 512,
            readers: 3,
            busy_timeout: Duration::from_secs(5),
            connections: 16,
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(5),
            unavailable_after: Duration::from_secs(10),
            transaction_timeout: Some(Duration::from_secs(15)),
            tenant_share: 75,
            tenant_waiting: 1024,
            password: None,
            allow_bypass_rls: false,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("purpose", &self.purpose)
            .field("create", &self.create)
            .field("group_limit", &self.group_limit)
            .field("readers", &self.readers)
            .field("busy_timeout", &self.busy_timeout)
            .field("connections", &self.connections)
            .field("statement_timeout", &self.statement_timeout)
            .field("lock_timeout", &self.lock_timeout)
            .field("unavailable_after", &self.unavailable_after)
            .field("allow_bypass_rls", &self.allow_bypass_rls)
            .field("transaction_timeout", &self.transaction_timeout)
            .field("tenant_share", &self.tenant_share)
            .field("tenant_waiting", &self.tenant_waiting)
            // The password stays out.
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens `sqlite:PATH` (and creates the file) or `postgres://USER@HOST:PORT/DATABASE`, and brings its
    /// schema up to date.
    ///
    /// Of a PostgreSQL URL, several hosts can be named (`HOST1:PORT1,HOST2:PORT2`); the one that writes is
    /// used, also after a failover. `sslmode` is `disable`, `require` or `verify-full`, the last two with
    /// the certificate checked against the system's roots or `sslrootcert`; without it, only connections
    /// within this machine go unencrypted. Poolers such as PgBouncer are noticed, and taken for such as give
    /// another session to each transaction; `pooler=session` says that they do not, `pooler=transaction` that
    /// there is one.
    ///
    /// # Errors
    /// [`Error::UnsupportedUrl`], [`Error::UnusableUrl`], [`Error::UnusableFile`], [`Error::Missing`],
    /// [`Error::ForeignObject`], [`Error::NewerSchema`],
    /// [`Error::ForeignDatabase`], [`Error::UnfinishedCopy`], [`Error::OlderSchema`],
    /// [`Error::PassesWall`], or [`Error::Unavailable`] when the database cannot be opened or written.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, &Options::default())
    }

    /// [`Store::open`] with options. Blocks meanwhile.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(url: &str, options: &Options) -> Result<Self, Error> {
        let store = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, options)?
        } else {
            Self::open_sqlite(&sqlite_path(url)?, options)?
        };
        if options.purpose != Purpose::CopyInto {
            store.refuse_unfinished_copy()?;
        }
        Ok(store)
    }

    fn refuse_unfinished_copy(&self) -> Result<(), Error> {
        let (job, answer) = Transaction::new(copy::unfinished);
        // Opening has no deadline.
        self.push(Access::Read, None, Box::new(job), None)?;
        // On a thread of its own, because the caller's may belong to an asynchronous runtime.
        let unfinished = thread::scope(|scope| scope.spawn(|| answer.blocking_recv()).join());
        match unfinished {
            Ok(Ok(Ok(false))) => Ok(()),
            Ok(Ok(Ok(true))) => Err(Error::UnfinishedCopy),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) | Err(_) => Err(Error::Closed),
        }
    }

    fn open_sqlite(path: &Path, options: &Options) -> Result<Self, Error> {
        place::refuse_second_name(path)?;
        let create = options.create && options.purpose != Purpose::CopyFrom;
        // An empty file is none either.
        let there = std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
        if !create && !there {
            return Err(Error::Missing(path.display().to_string()));
        }
        let writing = match options.purpose {
            Purpose::CopyFrom => {
                sqlite::migrate::check(&connection::reading(path, options.busy_timeout)?)?;
                None
            }
            Purpose::Serve | Purpose::CopyInto => {
                let writing = connection::writing(path, options.busy_timeout)?;
                sqlite::migrate::run(&writing)?;
                Some(writing)
            }
        };

        // What was opened has been read once, so its log is there.
        let watch = Arc::new(Watch::over(path));
        let (readers, waiting) = (options.readers.max(1), options.tenant_waiting);
        let writes = Arc::new(Queue::new(Limits::single(waiting)));
        let limits = Limits::shared(readers, readers, options.tenant_share, waiting);
        let reads = Arc::new(Queue::new(limits));
        // From here on dropping `inner` stops the threads that already run.
        let engine = Engine::Sqlite {
            writes: Arc::clone(&writes),
            reads: Arc::clone(&reads),
            watch: Arc::clone(&watch),
        };
        let inner = Inner::new(engine, options);
        let (recorder, limit) = (Arc::clone(&inner.recorder), options.group_limit.max(1));
        match writing {
            Some(writing) => inner.spawn("store-writer", move || {
                writer::serve(&writing, &writes, limit, &recorder, &watch)
            })?,
            None => writes.close(),
        }
        for _ in 0..readers {
            let mut reading = connection::reading(path, options.busy_timeout)?;
            let limit = TimeLimit::of(&mut reading)?;
            let (reads, recorder) = (Arc::clone(&reads), Arc::clone(&inner.recorder));
            inner.spawn("store-reader", move || {
                reader::serve(&reading, &limit, &reads, &recorder);
            })?;
        }
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    fn open_postgres(url: &str, options: &Options) -> Result<Self, Error> {
        let config = Arc::new(Config::new(url, options)?);
        // On a thread of its own, because the caller's may belong to an asynchronous runtime.
        let migrated = thread::scope(|scope| {
            let migrating = scope.spawn(|| postgres::migrate::run(&config));
            migrating.join().unwrap_or(Err(Error::Closed))
        })?;
        let connections = options.connections.max(1);
        let limits = Limits::shared(
            connections,
            worker::lanes_together(connections),
            options.tenant_share,
            options.tenant_waiting,
        );
        let tasks = Arc::new(Queue::new(limits));
        let engine = Engine::Postgres {
            tasks: Arc::clone(&tasks),
            opened: migrated,
        };
        let inner = Inner::new(engine, options);
        let growth = Arc::new(Growth::default());
        for number in 0..connections {
            let worker = Worker::new(
                Arc::clone(&config),
                Arc::clone(&tasks),
                Arc::clone(&inner.recorder),
                Arc::clone(&growth),
                number,
            );
            inner.spawn("store-worker", move || worker.run())?;
        }
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Runs `f` as one transaction: all of it or nothing, durable when this returns `Ok`. An `Err` of `f`
    /// undoes its changes. `f` must not block; it may be run again if an engine asks for it, so it starts
    /// from its captured input each time.
    ///
    /// # Errors
    /// The error of `f`, or an [`Error`] when the commit failed, `f` panicked or the store is closed.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Access::Write, None, f).await
    }

    /// [`Store::write`] for one tenant: PostgreSQL hides the rows of all others and refuses to write them,
    /// whatever the statements ask for. SQLite relies on the statements.
    ///
    /// On PostgreSQL such writes run beside each other, and each statement sees what is committed by then. What
    /// `f` decides on must stand still: it locks the customer first ([`customers::lock`](crate::customers::lock)),
    /// then assets ([`assets::lock`](crate::assets::lock)), and reads whatever belongs to them afterwards. What
    /// has no lock of its own, the catalogue, is changed by [`Store::write_alone_in`] only.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_in<T, E, F>(&self, tenant: &Arc<str>, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Access::Write, Some(tenant), f).await
    }

    /// [`Store::write_in`] while no other one of the tenant is in progress (but for [`Store::write_together`]),
    /// for what many customers share.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_alone_in<T, E, F>(&self, tenant: &Arc<str>, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Access::WriteAlone, Some(tenant), f).await
    }

    /// Soft-deletes a customer as a transaction of its own: `true` if it was active, nothing blocked, and nobody
    /// had it locked. On `false` nothing changed, and a transaction that locks it and looks has to follow.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn deactivate(&self, deactivation: Deactivation) -> Result<bool, Error> {
        if deactivation.customer.contains('\0') {
            return Err(Error::NulCharacter);
        }
        let tenant = Arc::clone(&deactivation.tenant);
        let made = self.write_together(&tenant, deactivation).await?;
        Ok(made.is_some())
    }

    /// Makes a change, on PostgreSQL together with others of its kind and tenant that wait. `None` if nothing came
    /// of it: nothing changed, and [`Store::write_in`] has to follow, which waits for locks and finds out why.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_together<C: Grouped>(
        &self,
        tenant: &Arc<str>,
        change: C,
    ) -> Result<Option<C::Made>, Error> {
        let (job, answer) = Group::of(change);
        let timeout = self.inner.transaction_timeout;
        self.push(Access::WriteTogether, Some(tenant), Box::new(job), timeout)?;
        answer.await.unwrap_or_else(|_| Err(thread_ended()))
    }

    /// Runs `f` over one consistent snapshot that contains every write answered before the call.
    ///
    /// # Errors
    /// The error of `f`, or an [`Error`] when the database cannot be read, `f` panicked or the store is
    /// closed.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Access::Read, None, f).await
    }

    /// [`Store::read`] for one tenant, as [`Store::write_in`].
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_in<T, E, F>(&self, tenant: &Arc<str>, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Access::Read, Some(tenant), f).await
    }

    /// Looks whether the files of an SQLite database are still where they were opened: a system call for each.
    /// Whoever calls it often notices a database that was moved, deleted or replaced while nobody writes; each
    /// commit looks, too. Nothing is read or written from then on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if they are not, or were not before.
    pub fn look_after_files(&self) -> Result<(), Error> {
        match &self.inner.engine {
            Engine::Sqlite { watch, .. } => watch.look(),
            Engine::Postgres { .. } => Ok(()),
        }
    }

    /// Figures since opening.
    pub fn statistics(&self) -> Statistics {
        let waiting = match &self.inner.engine {
            Engine::Sqlite { writes, reads, .. } => writes.len() + reads.len(),
            Engine::Postgres { tasks, .. } => tasks.len(),
        };
        self.inner.recorder.read(waiting)
    }

    pub(crate) fn dialect(&self) -> &'static Dialect {
        match self.inner.engine {
            Engine::Sqlite { .. } => &sqlite::DIALECT,
            Engine::Postgres { .. } => &postgres::DIALECT,
        }
    }

    /// Whether the database itself keeps tenants apart. Not on SQLite, and not for a PostgreSQL role that
    /// row-level security does not bind ([`Options::allow_bypass_rls`]).
    pub fn walls_off_tenants(&self) -> bool {
        match self.inner.engine {
            Engine::Sqlite { .. } => false,
            Engine::Postgres { ref opened, .. } => opened.tenants_walled_off,
        }
    }

    /// Whether the database is a server, to which statements travel.
    pub fn is_remote(&self) -> bool {
        self.dialect().is_remote
    }

    /// Whether a pooler was found, or named in the URL, that may give each transaction another session. Statements
    /// are not prepared then.
    pub fn is_pooled(&self) -> bool {
        match self.inner.engine {
            Engine::Sqlite { .. } => false,
            Engine::Postgres { ref opened, .. } => opened.pooled,
        }
    }

    /// Refuses new transactions, finishes and answers the accepted ones, and moves the log into the
    /// database. Blocks until done; dropping the last clone does the same.
    pub fn close(&self) {
        self.inner.close();
    }

    async fn submit<T, E, F>(&self, access: Access, tenant: Option<&Arc<str>>, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = Transaction::new(f);
        let timeout = self.inner.transaction_timeout;
        self.push(access, tenant, Box::new(job), timeout)?;
        answer.await.unwrap_or_else(|_| Err(thread_ended().into()))
    }

    fn push(
        &self,
        access: Access,
        tenant: Option<&Arc<str>>,
        job: Box<dyn Job>,
        timeout: Option<Duration>,
    ) -> Result<(), Error> {
        if let Engine::Sqlite { watch, .. } = &self.inner.engine {
            watch.known()?;
        }
        let submitted = Instant::now();
        let task = Task {
            job,
            access,
            tenant: match self.inner.engine {
                // Its threads do not ask; all would count the same references.
                Engine::Sqlite { .. } => None,
                Engine::Postgres { .. } => tenant.cloned(),
            },
            submitted,
            deadline: timeout.and_then(|timeout| submitted.checked_add(timeout)),
        };
        let pushed = match (&self.inner.engine, access) {
            (Engine::Sqlite { reads, .. }, Access::Read) => reads.push(tenant, Lane::Read, task),
            (Engine::Sqlite { writes, .. }, _) => writes.push(tenant, Lane::Write, task),
            (Engine::Postgres { tasks, .. }, _) => tasks.push(tenant, worker::lane(&task), task),
        };
        pushed.map_err(|refused| match refused {
            Refused::Closed => Error::Closed,
            Refused::Full => {
                self.inner.recorder.overloaded();
                Error::Overloaded
            }
        })
    }
}

impl Inner {
    fn new(engine: Engine, options: &Options) -> Self {
        Self {
            engine,
            transaction_timeout: options.transaction_timeout,
            recorder: Arc::default(),
            threads: Mutex::default(),
        }
    }

    fn spawn(&self, name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let handle = thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map_err(|error| Error::Unavailable {
                doing: "starting a thread",
                cause: Arc::new(error),
            })?;
        self.threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(handle);
        Ok(())
    }

    fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writes, reads, .. } => {
                reads.close();
                writes.close();
            }
            Engine::Postgres { tasks, .. } => tasks.close(),
        }
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let this = thread::current().id();
        for handle in threads.drain(..) {
            // A transaction may own the last clone; its thread cannot wait for itself.
            if handle.thread().id() != this {
                // Jobs are run under `catch_unwind`; a thread has nothing else to report.
                let _ = handle.join();
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// What is left to say when a thread ends without an answer.
fn thread_ended() -> Error {
    Error::OutcomeUnknown(Arc::new(std::io::Error::other("its thread ended")))
}

/// The file named by a `sqlite:` URL; `sqlite://` is accepted as well.
fn sqlite_path(url: &str) -> Result<PathBuf, Error> {
    let unsupported = || Error::UnsupportedUrl(without_credentials(url));
    let rest = url.strip_prefix("sqlite:").ok_or_else(unsupported)?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    // Connections to `:memory:` do not see each other, and nothing of it is durable.
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(unsupported());
    }
    Ok(Path::new(path).to_path_buf())
}

/// The URL as it may be shown: user, password and parameters are left out.
pub(crate) fn without_credentials(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(base, _)| base);
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    match url.rfind('@') {
        Some(at) if start <= at => format!("{}…{}", &url[..start], &url[at..]),
        _ => url.to_owned(),
    }
}
