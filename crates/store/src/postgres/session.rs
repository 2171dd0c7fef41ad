//! One connection: opened with the settings the engine rests on, statements prepared once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use super::config::Config;
use super::error::Failure;
use crate::Param;

/// Statements of all resource modules fit; lists with filters come in some hundred forms.
const STATEMENT_CACHE: usize = 512;

/// A connection that was not used for this long is asked whether it is still there: a broken one is then
/// replaced before a transaction depends on it.
const IDLE: Duration = Duration::from_secs(1);

/// How much longer than its own statement time-out the server may take to say so.
const GRACE: Duration = Duration::from_secs(5);

pub(super) struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
    /// What `flexportal.tenant` is set to.
    tenant: Option<Arc<str>>,
    used: Instant,
    answer_within: Duration,
}

/// What travels before a statement, in the same packet.
#[derive(Clone, Copy)]
pub(super) struct Prelude<'a> {
    /// The tenant to work for; `None` for all.
    pub(super) tenant: &'a Option<Arc<str>>,
    /// BEGIN in the right form; empty for a statement that is a transaction of its own.
    pub(super) begin: &'static str,
}

impl Session {
    /// Connects to the first host that answers and, if the URL asks for it, writes.
    pub(super) fn open(runtime: &Runtime, config: &Config) -> Result<Self, tokio_postgres::Error> {
        runtime.block_on(async {
            let client = config.connect().await?;
            client.batch_execute(&config.session_settings()).await?;
            Ok(Self {
                client,
                statements: HashMap::new(),
                tenant: None,
                used: Instant::now(),
                answer_within: config.statement_timeout + GRACE,
            })
        })
    }

    /// Whether the connection still works, as far as can be told cheaply.
    pub(super) fn is_alive(&mut self, runtime: &Runtime) -> bool {
        // Nobody drives the connection between transactions. Let it see what has arrived since: the first
        // yield polls the socket, the second lets its task run.
        runtime.block_on(async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        });
        if self.client.is_closed() {
            return false;
        }
        if self.used.elapsed() < IDLE {
            return true;
        }
        let answered = self.within(runtime, "checking a connection", async |session| {
            session.client.check_connection().await
        });
        answered.is_ok()
    }

    /// Runs a statement and collects its rows.
    pub(super) fn query(
        &mut self,
        runtime: &Runtime,
        prelude: Option<Prelude<'_>>,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, Failure> {
        self.within(runtime, "running a statement", async |session| {
            let statement = session.prepare(sql).await?;
            let (client, values) = (&session.client, bind(params));
            let rows = client.query(&statement, &values);
            let (begun, rows) = tokio::join!(begin(client, &session.tenant, prelude), rows);
            session.begun(begun, prelude)?;
            rows
        })
    }

    /// Runs a statement and counts the rows it changed.
    pub(super) fn execute(
        &mut self,
        runtime: &Runtime,
        prelude: Option<Prelude<'_>>,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<u64, Failure> {
        self.within(runtime, "running a statement", async |session| {
            let statement = session.prepare(sql).await?;
            let (client, values) = (&session.client, bind(params));
            let changed = client.execute(&statement, &values);
            let (begun, changed) = tokio::join!(begin(client, &session.tenant, prelude), changed);
            session.begun(begun, prelude)?;
            changed
        })
    }

    /// Runs a command without values: COMMIT, ROLLBACK, a migration.
    pub(super) fn command(
        &mut self,
        runtime: &Runtime,
        doing: &'static str,
        sql: &str,
    ) -> Result<(), Failure> {
        self.within(runtime, doing, async |session| {
            session.client.batch_execute(sql).await
        })
    }

    fn within<T>(
        &mut self,
        runtime: &Runtime,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let limit = self.answer_within;
        let outcome = runtime.block_on(async { tokio::time::timeout(limit, work(self)).await });
        self.used = Instant::now();
        match outcome {
            Ok(outcome) => outcome.map_err(|error| Failure::of(error, doing)),
            Err(_) => Err(Failure::timed_out(doing)),
        }
    }

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

    fn begun(
        &mut self,
        outcome: Result<(), tokio_postgres::Error>,
        prelude: Option<Prelude<'_>>,
    ) -> Result<(), tokio_postgres::Error> {
        outcome?;
        if let Some(prelude) = prelude
            && self.tenant != *prelude.tenant
        {
            self.tenant.clone_from(prelude.tenant);
        }
        Ok(())
    }
}

/// Sent together with the statement that follows: requests go out in the order in which they are first
/// polled, and the server works through them without waiting for us.
async fn begin(
    client: &Client,
    current: &Option<Arc<str>>,
    prelude: Option<Prelude<'_>>,
) -> Result<(), tokio_postgres::Error> {
    let Some(Prelude { tenant, begin }) = prelude else {
        return Ok(());
    };
    // In a message of its own: within the transaction, ROLLBACK would undo it.
    let scope = (current != tenant).then(|| set_tenant(tenant.as_deref()));
    match (&scope, begin) {
        (None, "") => Ok(()),
        (None, begin) => client.batch_execute(begin).await,
        (Some(scope), "") => client.batch_execute(scope).await,
        (Some(scope), begin) => {
            let (scoped, begun) =
                tokio::join!(client.batch_execute(scope), client.batch_execute(begin));
            scoped.and(begun)
        }
    }
}

/// Tells the row-level security policies which rows exist.
pub(super) fn set_tenant(tenant: Option<&str>) -> String {
    let tenant = tenant.unwrap_or("*").replace('\'', "''");
    format!("SET flexportal.tenant = '{tenant}'")
}

fn bind<'a>(params: &'a [Param<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| param as &(dyn ToSql + Sync))
        .collect()
}
