//! The handle: opens a database, hands transactions to its threads, drains them at the end.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::batch::{Group, Grouped};
use crate::engine::{self, Access, Crew, Dialect, Engine};
use crate::job::{Job, Task, Transaction};
use crate::queue::Refused;
use crate::{Deactivation, Error, PostgresOptions, SqliteOptions, Statistics, Tx, copy};

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
#[derive(Debug, Clone)]
pub struct Options {
    /// What for.
    pub purpose: Purpose,
    /// Whether a database that is not there is created.
    pub create: bool,
    /// How long a transaction may take from its submission on: it is not begun later, and its statements are cut
    /// off then (writing ones on SQLite end by themselves). `None`: as long as it likes.
    pub transaction_timeout: Option<Duration>,
    /// Most of the connections (SQLite: of the threads that read, but one) that one tenant has at once, in percent;
    /// once it was alone for a minute, all but one. Less than 100 keeps at least one for the others, if there are two.
    pub tenant_share: usize,
    /// Most transactions of one tenant that wait at once, of reads and of writes on SQLite; also of those for no
    /// tenant.
    pub tenant_waiting: usize,
    /// SQLite alone.
    pub sqlite: SqliteOptions,
    /// PostgreSQL alone.
    pub postgres: PostgresOptions,
}

struct Inner {
    engine: Box<dyn Engine>,
    crew: Crew,
    transaction_timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            purpose: Purpose::Serve,
            create: true,
            transaction_timeout: Some(Duration::from_secs(15)),
            tenant_share: 75,
            tenant_waiting: 1024,
            sqlite: SqliteOptions::default(),
            postgres: PostgresOptions::default(),
        }
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
        let crew = Crew::default();
        let engine = engine::open(url, options, &crew)?;
        let inner = Inner {
            engine,
            crew,
            transaction_timeout: options.transaction_timeout,
        };
        let store = Self {
            inner: Arc::new(inner),
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

    /// Runs `f` as one transaction, which is no tenant's: all of it or nothing, durable when this returns `Ok`. An
    /// `Err` of `f` undoes its changes. `f` must not block; it may be run again if an engine asks for it, so it starts
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

    /// [`Store::write`] for one tenant, which functions of the store take from it ([`Tx::tenant`]). PostgreSQL hides
    /// the rows of all others and refuses to write them, whatever the statements ask for; SQLite relies on the
    /// statements.
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
        self.inner.engine.look()
    }

    /// Figures since opening.
    pub fn statistics(&self) -> Statistics {
        let waiting = self.inner.engine.waiting();
        self.inner.crew.recorder.read(waiting)
    }

    pub(crate) fn dialect(&self) -> &'static Dialect {
        self.inner.engine.dialect()
    }

    /// Whether the database itself keeps tenants apart. Not on SQLite, and not for a PostgreSQL role that
    /// row-level security does not bind ([`Options::allow_bypass_rls`]).
    pub fn walls_off_tenants(&self) -> bool {
        self.inner.engine.walls_off_tenants()
    }

    /// Whether the database is a server, to which statements travel.
    pub fn is_remote(&self) -> bool {
        self.dialect().is_remote
    }

    /// Whether a pooler was found, or named in the URL, that may give each transaction another session. Statements
    /// are not prepared then.
    pub fn is_pooled(&self) -> bool {
        self.inner.engine.is_pooled()
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
        self.inner.engine.known()?;
        let submitted = Instant::now();
        let task = Task {
            job,
            access,
            tenant: tenant.cloned(),
            submitted,
            deadline: timeout.and_then(|timeout| submitted.checked_add(timeout)),
        };
        let pushed = self.inner.engine.push(tenant, task);
        pushed.map_err(|refused| match refused {
            Refused::Closed => Error::Closed,
            Refused::Full => {
                self.inner.crew.recorder.overloaded();
                Error::Overloaded
            }
        })
    }
}

impl Inner {
    fn close(&self) {
        self.engine.close();
        self.crew.join();
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

/// The URL as it may be shown: user, password and parameters are left out.
pub(crate) fn without_credentials(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(base, _)| base);
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    match url.rfind('@') {
        Some(at) if start <= at => format!("{}…{}", &url[..start], &url[at..]),
        _ => url.to_owned(),
    }
}
