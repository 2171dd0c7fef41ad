//! One connection: opened with the settings the engine rests on, statements prepared once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_core::Stream as _;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, RowStream, Statement};

use super::config::{Cancel, Config, GRACE};
use super::error::Failure;
use super::host::{Lease, Leased};
use crate::Param;
use crate::statistics::{Connected, Recorder};

/// Statements of all resource modules fit; lists with filters come in some hundred forms.
const STATEMENT_CACHE: usize = 512;

/// A connection that was not used for this long is asked whether it is still there: a broken one is then
/// replaced before a transaction depends on it.
const IDLE: Duration = Duration::from_secs(1);

pub(super) struct Session {
    /// Waits on the one connection; runs on the thread that calls, and costs nothing in between.
    runtime: Runtime,
    link: Link,
    /// Where to note that sessions do not stay ours.
    leased: Leased,
    /// What every transaction is told first; empty where the session was told.
    settings: Arc<str>,
    used: Instant,
    answer_within: Duration,
    /// When the statements of the transaction are cut off.
    until: Option<Instant>,
    cancel: Cancel,
    /// A cancellation is on its way, which may hit what comes next.
    spent: bool,
    _counted: Option<Connected>,
}

/// What goes over the connection.
struct Link {
    client: Client,
    lease: Lease,
    /// Prepared once; only in a session that stays ours.
    statements: HashMap<String, Statement>,
}

/// What travels with a statement, in the same packet.
#[derive(Default)]
pub(super) struct Company {
    /// Before it: BEGIN in the right form, with what the transaction needs to know.
    pub(super) begin: Option<String>,
    /// Then these, of which nobody waits to hear.
    pub(super) posted: Vec<Posted>,
    /// After it: COMMIT.
    pub(super) commit: bool,
}

/// A statement that waits for company.
pub(super) struct Posted {
    sql: String,
    params: Vec<Param<'static>>,
}

impl Posted {
    pub(super) fn new(sql: &str, params: &[Param<'_>]) -> Self {
        Self {
            sql: sql.to_owned(),
            params: params.iter().map(Param::to_owned_value).collect(),
        }
    }
}

impl Session {
    /// Connects to the first host that answers and writes; gives each so long.
    pub(super) fn open_within(config: &Config, limit: Duration) -> Result<Self, Failure> {
        let runtime = runtime().map_err(Failure::of_runtime)?;
        let connected = runtime.block_on(async {
            let connected = config.connect(limit).await?;
            if connected.lease == Lease::Connection {
                let settings = config.for_session();
                let told = connected.client.batch_execute(&settings).await;
                told.map_err(Failure::of_connecting)?;
            }
            Ok(connected)
        })?;
        let cancel = config.cancel(&connected.client);
        Ok(Self {
            runtime,
            settings: match connected.lease {
                Lease::Connection => "".into(),
                Lease::Transaction => config.for_transaction().into(),
            },
            link: Link {
                client: connected.client,
                lease: connected.lease,
                statements: HashMap::new(),
            },
            leased: connected.leased,
            used: Instant::now(),
            answer_within: config.statement_timeout + GRACE,
            until: None,
            cancel,
            spent: false,
            _counted: None,
        })
    }

    /// What a transaction is told after BEGIN. In a session of others also when its time is up, since nothing else
    /// ends its statement there.
    pub(super) fn settings(&self) -> Cow<'_, str> {
        match self.until {
            Some(until) if self.link.lease == Lease::Transaction => {
                let left = until.saturating_duration_since(Instant::now());
                let left_ms = left.min(self.answer_within).as_millis().max(1);
                let base = &self.settings;
                format!("{base}SELECT set_config('statement_timeout', '{left_ms}', true); ").into()
            }
            _ => self.settings.as_ref().into(),
        }
    }

    /// Counts the connection as long as it is there.
    pub(super) fn counted(self, recorder: &Arc<Recorder>) -> Self {
        Self {
            _counted: Some(recorder.connected()),
            ..self
        }
    }

    /// From now on statements are cut off at `until`, and not begun after it.
    pub(super) fn limit(&mut self, until: Option<Instant>) {
        self.until = until;
    }

    /// Whether the connection still works, as far as can be told cheaply.
    pub(super) fn is_alive(&mut self) -> bool {
        if self.spent {
            return false;
        }
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
        let answered = self.unlimited("checking a connection", async |link| {
            link.client.check_connection().await
        });
        answered.is_ok()
    }

    /// Runs a statement and collects its rows.
    pub(super) fn query(
        &mut self,
        company: Company,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, Failure> {
        self.within("running a statement", async |link| match link.lease {
            Lease::Connection => {
                let posted = link.prepare_all(&company.posted).await?;
                let (statement, values) = (link.prepare(sql).await?, bind(params));
                let rows = link.client.query(&statement, &values);
                link.together(&company, &posted, rows).await
            }
            Lease::Transaction => {
                let values = bind_untyped(params);
                let rows = link.client.query_typed(sql, &values);
                link.together(&company, &[], rows).await
            }
        })
    }

    /// Runs a statement and hands over row by row until `take` has enough. Rows after that are thrown away as
    /// they arrive.
    pub(super) fn query_until(
        &mut self,
        company: Company,
        sql: &str,
        params: &[Param<'_>],
        take: impl FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        self.within("running a statement", async |link| match link.lease {
            Lease::Connection => {
                let posted = link.prepare_all(&company.posted).await?;
                let (statement, values) = (link.prepare(sql).await?, bind(params));
                let rows = async {
                    hand_over(link.client.query_raw(&statement, values).await?, take).await
                };
                link.together(&company, &posted, rows).await
            }
            Lease::Transaction => {
                let values = bind_untyped(params);
                let rows = async {
                    hand_over(link.client.query_typed_raw(sql, values).await?, take).await
                };
                link.together(&company, &[], rows).await
            }
        })
    }

    /// Runs a statement and counts the rows it changed.
    pub(super) fn execute(
        &mut self,
        company: Company,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<u64, Failure> {
        self.within("running a statement", async |link| match link.lease {
            Lease::Connection => {
                let posted = link.prepare_all(&company.posted).await?;
                let (statement, values) = (link.prepare(sql).await?, bind(params));
                let changed = link.client.execute(&statement, &values);
                link.together(&company, &posted, changed).await
            }
            Lease::Transaction => {
                let values = bind_untyped(params);
                let changed = link.client.execute_typed(sql, &values);
                link.together(&company, &[], changed).await
            }
        })
    }

    /// Ends a transaction with COMMIT, after what still waits for company.
    pub(super) fn commit(&mut self, company: Company) -> Result<(), Failure> {
        // Without a limit: an interruption could meet the COMMIT, as it waits for a standby.
        self.unlimited("committing", async |link| {
            let posted = match link.lease {
                Lease::Connection => link.prepare_all(&company.posted).await?,
                Lease::Transaction => Vec::new(),
            };
            link.together(&company, &posted, std::future::ready(Ok(())))
                .await
        })
    }

    /// Runs a command without values: ROLLBACK.
    pub(super) fn command(&mut self, doing: &'static str, sql: &str) -> Result<(), Failure> {
        self.unlimited(doing, async |link| link.client.batch_execute(sql).await)
    }

    /// Work that is cut off when the time of the transaction is up.
    fn within<T>(
        &mut self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Link) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let latest = Instant::now() + self.answer_within;
        let Some(until) = self.until.filter(|until| *until < latest) else {
            return self.unlimited(doing, work);
        };
        if until <= Instant::now() {
            return Err(Failure::late());
        }
        // In a session of others, the server itself ends a statement whose time is up (`Session::settings`). A
        // cancellation is not sent there: the pooler may have no session left for it, and PgBouncer 1.18 ends,
        // with everybody's connections, when the one that asked for it has hung up meanwhile.
        let cancel = (self.link.lease == Lease::Connection).then_some(&self.cancel);
        let link = &mut self.link;
        let mut cut = false;
        let outcome = self.runtime.block_on(async {
            let mut work = pin!(work(link));
            if let Ok(outcome) = tokio::time::timeout_at(until.into(), &mut work).await {
                return Ok(outcome);
            }
            cut = true;
            // Its answer is waited for, so that the transaction can be undone. Whatever it is comes too late:
            // the cancellation may still be on its way, and a COMMIT must not meet it.
            let cancelled = async {
                if let Some(cancel) = cancel {
                    cancel.send().await;
                }
            };
            tokio::time::timeout(GRACE, async { tokio::join!(cancelled, work).1 }).await
        });
        self.used = Instant::now();
        self.spent |= cut;
        match outcome {
            Ok(_) if cut => Err(Failure::late()),
            Ok(outcome) => outcome.map_err(|error| self.failure(error, doing)),
            Err(_) => Err(Failure::timed_out(doing)),
        }
    }

    fn unlimited<T>(
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
            Ok(outcome) => outcome.map_err(|error| self.failure(error, doing)),
            Err(_) => Err(Failure::timed_out(doing)),
        }
    }

    fn failure(&self, error: tokio_postgres::Error, doing: &'static str) -> Failure {
        if self.link.lease == Lease::Connection && is_of_another_session(&error) {
            self.leased.note();
            return Failure::of(error, doing).of_another_session();
        }
        Failure::of(error, doing)
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

    async fn prepare_all(
        &mut self,
        posted: &[Posted],
    ) -> Result<Vec<Statement>, tokio_postgres::Error> {
        let mut prepared = Vec::with_capacity(posted.len());
        for it in posted {
            prepared.push(self.prepare(&it.sql).await?);
        }
        Ok(prepared)
    }

    /// Sends a statement in its company, all of which the server works through without waiting for us. It is sent
    /// when it is first polled. Of what is posted, `prepared` holds the statements, or is empty.
    async fn together<T>(
        &self,
        company: &Company,
        prepared: &[Statement],
        statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, tokio_postgres::Error> {
        let Company {
            begin,
            posted,
            commit,
        } = company;
        if begin.is_none() && posted.is_empty() && !commit {
            return statement.await;
        }
        let command = async |sql: Option<&str>| match sql {
            Some(sql) => self.client.batch_execute(sql).await,
            None => Ok(()),
        };
        let begun = command(begin.as_deref());
        let each = posted.iter().enumerate();
        let posted = in_order(each.map(|(index, it)| self.send(it, prepared.get(index))));
        // After a failure it undoes, and says nothing.
        let committed = command(commit.then_some("COMMIT"));
        let (begun, posted, outcome, committed) =
            tokio::join!(biased; begun, posted, statement, committed);
        begun?;
        posted?;
        let outcome = outcome?;
        committed?;
        Ok(outcome)
    }

    async fn send(
        &self,
        posted: &Posted,
        prepared: Option<&Statement>,
    ) -> Result<(), tokio_postgres::Error> {
        let Posted { sql, params } = posted;
        let sent = match prepared {
            Some(statement) => self.client.execute(statement, &bind(params)).await,
            None => self.client.execute_typed(sql, &bind_untyped(params)).await,
        };
        sent.map(drop)
    }
}

/// Polls all of them in their order, and so sends them in it; the first failure.
async fn in_order<E>(
    futures: impl Iterator<Item = impl Future<Output = Result<(), E>>>,
) -> Result<(), E> {
    let mut waiting: Vec<_> = futures.map(|it| (Box::pin(it), None)).collect();
    poll_fn(|context| {
        for (future, outcome) in waiting.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                *outcome = Some(ready);
            }
        }
        match waiting.iter().all(|(_, outcome)| outcome.is_some()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    waiting
        .into_iter()
        .try_for_each(|(_, outcome)| outcome.unwrap_or(Ok(())))
}

/// Row by row, as they arrive, until `take` has enough.
async fn hand_over(
    rows: RowStream,
    mut take: impl FnMut(&Row) -> ControlFlow<()>,
) -> Result<(), tokio_postgres::Error> {
    let mut rows = pin!(rows);
    while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
        if take(&row?).is_break() {
            break;
        }
    }
    Ok(())
}

/// A runtime for one thread.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// A tenant as a literal; `*` stands for all of them.
pub(super) fn quoted(tenant: Option<&str>) -> String {
    format!("'{}'", tenant.unwrap_or("*").replace('\'', "''"))
}

/// What a session says that is not the one it was: it knows another statement by that name or none, and nothing of
/// the search path.
fn is_of_another_session(error: &tokio_postgres::Error) -> bool {
    let signs = [
        SqlState::DUPLICATE_PSTATEMENT,
        SqlState::INVALID_SQL_STATEMENT_NAME,
        SqlState::UNDEFINED_TABLE,
    ];
    error.code().is_some_and(|code| signs.contains(code))
}

fn bind<'a>(params: &'a [Param<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| param as &(dyn ToSql + Sync))
        .collect()
}

/// As texts, of whatever type the server finds they have: a statement that is not prepared cannot be asked.
fn bind_untyped<'a>(params: &'a [Param<'_>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    params
        .iter()
        .map(|param| (param as &(dyn ToSql + Sync), Type::UNKNOWN))
        .collect()
}
