//! Opening a database of a server, and the threads that serve it.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::config::Config;
use super::growth::Growth;
use super::worker::{self, Worker};
use super::{DIALECT, migrate};
use crate::engine::{Crew, Dialect, Engine};
use crate::job::Task;
use crate::queue::{Limits, Queue, Refused};
use crate::{Error, Options};

/// How a store works on PostgreSQL.
#[derive(Clone)]
pub struct PostgresOptions {
    /// Most connections, each with its own thread.
    pub connections: usize,
    /// How long one statement may take.
    pub statement_timeout: Duration,
    /// How long to wait for a lock that somebody else holds.
    pub lock_timeout: Duration,
    /// How long a transaction is tried again, while no host writes or while it loses against
    /// concurrent ones, before its caller gets an error.
    pub unavailable_after: Duration,
    /// The password, if the URL has none.
    pub password: Option<String>,
    /// The role may be one that row-level security does not bind.
    pub allow_bypass_rls: bool,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            connections: 16,
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(5),
            unavailable_after: Duration::from_secs(10),
            password: None,
            allow_bypass_rls: false,
        }
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("connections", &self.connections)
            .field("statement_timeout", &self.statement_timeout)
            .field("lock_timeout", &self.lock_timeout)
            .field("unavailable_after", &self.unavailable_after)
            .field("allow_bypass_rls", &self.allow_bypass_rls)
            // The password stays out.
            .finish_non_exhaustive()
    }
}

struct Postgres {
    tasks: Arc<Queue<Task>>,
    opened: migrate::Opened,
}

/// Opens the database of a URL.
pub(crate) fn open(url: &str, options: &Options, crew: &Crew) -> Result<Box<dyn Engine>, Error> {
    let config = Arc::new(Config::new(url, options)?);
    // On a thread of its own, because the caller's may belong to an asynchronous runtime.
    let opened = thread::scope(|scope| {
        let migrating = scope.spawn(|| migrate::run(&config));
        migrating.join().unwrap_or(Err(Error::Closed))
    })?;
    let connections = options.postgres.connections.max(1);
    let limits = Limits::shared(
        connections,
        worker::lanes_together(connections),
        options.tenant_share,
        options.tenant_waiting,
    );
    // From here on dropping it stops the threads that already run.
    let engine = Postgres {
        tasks: Arc::new(Queue::new(limits)),
        opened,
    };
    let growth = Arc::new(Growth::default());
    for number in 0..connections {
        let worker = Worker::new(
            Arc::clone(&config),
            Arc::clone(&engine.tasks),
            Arc::clone(&crew.recorder),
            Arc::clone(&growth),
            number,
        );
        crew.spawn("store-worker", move || worker.run())?;
    }
    Ok(Box::new(engine))
}

impl Engine for Postgres {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn push(&self, tenant: Option<&Arc<str>>, task: Task) -> Result<(), Refused> {
        self.tasks.push(tenant, worker::lane(&task), task)
    }

    fn waiting(&self) -> usize {
        self.tasks.len()
    }

    fn close(&self) {
        self.tasks.close();
    }

    fn walls_off_tenants(&self) -> bool {
        self.opened.tenants_walled_off
    }

    fn is_pooled(&self) -> bool {
        self.opened.pooled
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.close();
    }
}
