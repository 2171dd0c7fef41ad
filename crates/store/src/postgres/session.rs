//! One connection: opened with the settings the engine rests on, statements prepared once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::config::Config;
use super::error::Failure;
use crate::Param;
use crate::statistics::{Connected, Recorder};

/// Statements of all resource modules fit; lists with filters come in some hundred forms.
const STATEMENT_CACHE: usize = 512;

/// A connection that was not used for this long is asked whether it is still there: a broken one is then
/// replaced before a transaction depends on it.
const IDLE: Duration = Duration::from_secs(1);

/// How much longer than its own statement time-out the server may take to say so.
const GRACE: Duration = Duration::from_secs(5);

pub(super) struct Session {
    /// Waits on the one connection; runs on the thread that calls, and costs nothing in between.
    runtime: Runtime,
    link: Link,
    used: Instant,
    answer_within: Duration,
    _counted: Option<Connected>,
}

/// What goes over the connection.
struct Link {
    client: Client,
    statements: HashMap<String, Statement>,
    scope: Scope,
}

/// What `flexportal.tenant` is set to, in the session and not in a transaction.
#[derive(PartialEq)]
enum Scope {
    /// A tenant, or all of them.
    Known(Option<Arc<str>>),
    /// It was being set, and whether that came about was not heard.
    Unknown,
}

/// What travels before a statement, in the same packet.
#[derive(Clone)]
pub(super) struct Prelude<'a> {
    /// The tenant to work for; `None` for all.
    pub(super) tenant: &'a Option<Arc<str>>,
    /// BEGIN in the right form; empty for a statement that is a transaction of its own.
    pub(super) begin: Cow<'static, str>,
}

impl Session {
    /// Connects to the first host that answers and writes.
    pub(super) fn open(config: &Config) -> Result<Self, Failure> {
        let runtime = runtime().map_err(Failure::of_runtime)?;
        let connecting = async {
            let client = config.connect().await?;
            client.batch_execute(&config.session_settings()).await?;
            Ok(client)
        };
        let client = runtime
            .block_on(connecting)
            .map_err(Failure::of_connecting)?;
        Ok(Self {
            runtime,
            link: Link {
                client,
                statements: HashMap::new(),
                scope: Scope::Known(None),
            },
            used: Instant::now(),
            answer_within: config.statement_timeout + GRACE,
            _counted: None,
        })
    }

    /// Counts the connection as long as it is there.
    pub(super) fn counted(self, recorder: &Arc<Recorder>) -> Self {
        Self {
            _counted: Some(recorder.connected()),
            ..self
        }
    }

    /// Whether the connection still works, as far as can be told cheaply.
    pub(super) fn is_alive(&mut self) -> bool {
        // Nobody drives the connection between transactions. Let it see what has arrived since: the first
        // yield polls the socket, the second lets its task run.
        self.runtime.block_on(async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        });
        if self.link.client.is_closed() {
            return false;
        }
        if self.used.elapsed() < IDLE {
            return true;
        }
        let answered = self.within("checking a connection", async |link| {
            link.client.check_connection().await
        });
        answered.is_ok()
    }

    /// Runs a statement and collects its rows.
    pub(super) fn query(
        &mut self,
        prelude: Option<Prelude<'_>>,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, Failure> {
        self.within("running a statement", async |link| {
            let (statement, values) = (link.prepare(sql).await?, bind(params));
            let scope = link.leave_scope(prelude.as_ref());
            let rows = link.client.query(&statement, &values);
            // In this order from the first poll on, which is when they are sent.
            let begun = link.begin(scope.as_deref(), prelude.as_ref());
            let (begun, rows) = tokio::join!(biased; begun, rows);
            begun?;
            link.enter_scope(prelude);
            rows
        })
    }

    /// Runs a statement and counts the rows it changed.
    pub(super) fn execute(
        &mut self,
        prelude: Option<Prelude<'_>>,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<u64, Failure> {
        self.within("running a statement", async |link| {
            let (statement, values) = (link.prepare(sql).await?, bind(params));
            let scope = link.leave_scope(prelude.as_ref());
            let changed = link.client.execute(&statement, &values);
            let begun = link.begin(scope.as_deref(), prelude.as_ref());
            let (begun, changed) = tokio::join!(biased; begun, changed);
            begun?;
            link.enter_scope(prelude);
            changed
        })
    }

    /// Runs a command without values: COMMIT, ROLLBACK.
    pub(super) fn command(&mut self, doing: &'static str, sql: &str) -> Result<(), Failure> {
        self.within(doing, async |link| link.client.batch_execute(sql).await)
    }

    fn within<T>(
        &mut self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Link) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let (limit, link) = (self.answer_within, &mut self.link);
        let outcome = self
            .runtime
            .block_on(async { tokio::time::timeout(limit, work(link)).await });
        self.used = Instant::now();
        match outcome {
            Ok(outcome) => outcome.map_err(|error| Failure::of(error, doing)),
            Err(_) => Err(Failure::timed_out(doing)),
        }
    }
}

impl Link {
    async fn prepare(&mut self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        if self.statements.len() >= STATEMENT_CACHE {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// The statement that sets another tenant, if the prelude needs it. Until the server has said that it did,
    /// the scope is unknown: BEGIN may fail after it, which undoes nothing of a message of its own.
    fn leave_scope(&mut self, prelude: Option<&Prelude<'_>>) -> Option<String> {
        let tenant = prelude?.tenant;
        if matches!(&self.scope, Scope::Known(known) if known == tenant) {
            return None;
        }
        self.scope = Scope::Unknown;
        Some(set_tenant(tenant.as_deref()))
    }

    /// What [`Link::leave_scope`] gave was done.
    fn enter_scope(&mut self, prelude: Option<Prelude<'_>>) {
        if let Some(prelude) = prelude
            && self.scope == Scope::Unknown
        {
            self.scope = Scope::Known(prelude.tenant.clone());
        }
    }

    /// Sent together with the statement that follows, which the server works through without waiting for us.
    async fn begin(
        &self,
        scope: Option<&str>,
        prelude: Option<&Prelude<'_>>,
    ) -> Result<(), tokio_postgres::Error> {
        let begin = prelude.map_or("", |prelude| prelude.begin.as_ref());
        match (scope, begin) {
            (None, "") => Ok(()),
            (None, begin) => self.client.batch_execute(begin).await,
            (Some(scope), "") => self.client.batch_execute(scope).await,
            (Some(scope), begin) => {
                // In a message of its own: within the transaction, ROLLBACK would undo it.
                let scoped = self.client.batch_execute(scope);
                let (scoped, begun) =
                    tokio::join!(biased; scoped, self.client.batch_execute(begin));
                scoped.and(begun)
            }
        }
    }
}

/// A runtime for one thread.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Tells the row-level security policies which rows exist.
pub(super) fn set_tenant(tenant: Option<&str>) -> String {
    format!("SET flexportal.tenant = {}", quoted(tenant))
}

/// A tenant as a literal; `*` stands for all of them.
pub(super) fn quoted(tenant: Option<&str>) -> String {
    format!("'{}'", tenant.unwrap_or("*").replace('\'', "''"))
}

fn bind<'a>(params: &'a [Param<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| param as &(dyn ToSql + Sync))
        .collect()
}
