//! The handle: opens a database, hands transactions to its threads, drains them at the end.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::job::{Job, Transaction};
use crate::queue::Queue;
use crate::sqlite::{connection, migrate, reader, writer};
use crate::statistics::Recorder;
use crate::{Error, Statistics, Tx};

/// A database. Cloning is cheap; the last clone to go closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// How a store works; the default suits a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Most transactions in one commit; 1 commits each alone (the baseline of the benchmark).
    pub group_limit: usize,
    /// Threads that read, each with its own connection.
    pub readers: usize,
    /// How long to wait for another process that is writing.
    pub busy_timeout: Duration,
}

struct Inner {
    writes: Arc<Queue<Box<dyn Job>>>,
    reads: Arc<Queue<Box<dyn Job>>>,
    recorder: Arc<Recorder>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            group_limit: 512,
            readers: 3,
            busy_timeout: Duration::from_secs(5),
        }
    }
}

impl Store {
    /// Opens `sqlite:PATH`; creates the file and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::UnsupportedUrl`], [`Error::NewerSchema`], [`Error::ForeignDatabase`], or
    /// [`Error::Unavailable`] when the file cannot be opened or written.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, &Options::default())
    }

    /// [`Store::open`] with options.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(url: &str, options: &Options) -> Result<Self, Error> {
        let path = sqlite_path(url)?;
        let writing = connection::writing(&path, options.busy_timeout)?;
        migrate::run(&writing)?;

        let inner = Inner {
            writes: Arc::new(Queue::new()),
            reads: Arc::new(Queue::new()),
            recorder: Arc::new(Recorder::default()),
            threads: Mutex::new(Vec::new()),
        };
        // From here on dropping `inner` stops the threads that already run.
        let (writes, recorder, limit) = (
            inner.writes.clone(),
            inner.recorder.clone(),
            options.group_limit.max(1),
        );
        inner.spawn("store-writer", move || {
            writer::run(&writing, &writes, limit, &recorder)
        })?;
        for _ in 0..options.readers.max(1) {
            let reading = connection::reading(&path, options.busy_timeout)?;
            let reads = inner.reads.clone();
            inner.spawn("store-reader", move || reader::run(&reading, &reads))?;
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
        submit(&self.inner.writes, f).await
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
        submit(&self.inner.reads, f).await
    }

    /// Figures of the writer since opening.
    pub fn statistics(&self) -> Statistics {
        self.inner.recorder.read()
    }

    /// Refuses new transactions, finishes and answers the accepted ones, and moves the log into the
    /// database. Blocks until done; dropping the last clone does the same.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
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
        self.reads.close();
        self.writes.close();
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

async fn submit<T, E, F>(queue: &Queue<Box<dyn Job>>, f: F) -> Result<T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (job, answer) = Transaction::new(f);
    if queue.push(Box::new(job)).is_err() {
        return Err(Error::Closed.into());
    }
    answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
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

/// The URL as it may be shown: a password before `@` is left out.
fn without_credentials(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            format!("{}…{}", &url[..scheme + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}
