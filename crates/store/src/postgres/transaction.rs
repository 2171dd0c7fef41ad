//! One run of a transaction.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::Row;

use super::error::{Failure, Remedy};
use super::session::{Company, Posted, Session, quoted};
use crate::engine::Access;
use crate::{Error, Param};

/// Names the locks of tenants ("FlxT"); migrations have another one.
const TENANT_LOCK: i32 = 0x466c_7854;

/// What opens a transaction: names the tenant to the row-level security policies, for this transaction alone, and
/// takes the lock that its kind of access needs. `settings` come first; without any, the session has them and
/// stays with a host that writes.
fn begin(access: Access, tenant: Option<&str>, settings: &str) -> String {
    let scope = format!("SET LOCAL flexportal.tenant = {}", quoted(tenant));
    let lock = match (access, tenant) {
        (Access::Read, _) if settings.is_empty() => {
            return format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {scope}");
        }
        // A standby, which may lag behind, refuses the former.
        (Access::Read, _) => {
            return format!(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE; SET TRANSACTION READ ONLY; {settings}{scope}"
            );
        }
        // Across tenants there is no lock to rest on.
        (_, None) => return format!("BEGIN ISOLATION LEVEL SERIALIZABLE; {settings}{scope}"),
        (Access::WriteTogether, Some(_)) => {
            return format!("BEGIN ISOLATION LEVEL READ COMMITTED; {settings}{scope}");
        }
        (Access::Write, Some(_)) => "pg_advisory_xact_lock_shared",
        (Access::WriteAlone, Some(_)) => "pg_advisory_xact_lock",
    };
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; {settings}{scope}; SELECT {lock}({TENANT_LOCK}, hashtext({}))",
        quoted(tenant)
    )
}

/// How often a transaction that found a value taken is run again. Two runs suffice unless values come and go.
const LOOKS: u32 = 2;

/// A transaction that begins with its first statement.
pub(crate) struct Transaction {
    session: Session,
    access: Access,
    tenant: Option<Arc<str>>,
    /// How often it was run before and found a value taken.
    runs: u32,
    state: State,
    /// What is sent with the next statement, or with COMMIT.
    posted: Vec<Posted>,
    /// The first failure. PostgreSQL runs nothing after it, whatever the rule makes of it.
    failure: Option<Failure>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent.
    Idle,
    /// BEGIN was sent.
    Open,
    /// What this transaction is about was committed, which took so long.
    Committed(Duration),
}

/// How a run ended.
pub(super) enum End {
    /// The caller can be answered.
    Answer(Result<(), Error>),
    /// Nothing was applied; run it again.
    Again { error: Error, reconnect: bool },
}

impl Transaction {
    /// Statements are cut off at `until`; COMMIT is not.
    pub(super) fn new(
        mut session: Session,
        access: Access,
        tenant: Option<Arc<str>>,
        until: Option<Instant>,
        runs: u32,
    ) -> Self {
        session.limit(until);
        Self {
            session,
            access,
            tenant,
            runs,
            state: State::Idle,
            posted: Vec::new(),
            failure: None,
        }
    }

    /// Whether a statement has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
        self.run(|session, company| session.query(company, sql, params))
    }

    /// Hands over row by row until `take` has enough.
    pub(crate) fn query_until(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        take: impl FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.run(|session, company| session.query_until(company, sql, params, take))
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        if self.access == Access::Read {
            return Err(Error::WriteInRead);
        }
        self.run(|session, company| session.execute(company, sql, params))
    }

    /// Runs a statement before the next one, or before COMMIT, which hear of its failure.
    pub(crate) fn post(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), Error> {
        if self.access == Access::Read {
            return Err(Error::WriteInRead);
        }
        self.refuse_after_failure()?;
        self.posted.push(Posted::new(sql, params));
        Ok(())
    }

    /// Runs a statement that is the whole transaction, however many rows it gives.
    pub(crate) fn query_alone(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, Error> {
        self.refuse_after_failure()?;
        if self.state != State::Idle || !self.posted.is_empty() {
            return Err(Error::Closed);
        }
        // An interruption could meet its COMMIT, as it waits for a standby.
        self.session.limit(None);
        let started = Instant::now();
        let company = Company {
            commit: true,
            ..self.company()
        };
        let outcome = self.session.query(company, sql, params);
        self.state = State::Committed(started.elapsed());
        outcome.map_err(|failure| self.failed(of_commit(failure)))
    }

    fn run<T>(
        &mut self,
        statement: impl FnOnce(&mut Session, Company) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        self.refuse_after_failure()?;
        if matches!(self.state, State::Committed(_)) {
            return Err(Error::Closed);
        }
        let company = self.company();
        self.state = State::Open;
        statement(&mut self.session, company).map_err(|failure| self.failed(failure))
    }

    /// What goes with the next statement.
    fn company(&mut self) -> Company {
        let begin = (self.state == State::Idle).then(|| {
            let (tenant, settings) = (self.tenant.as_deref(), self.session.settings());
            begin(self.access, tenant, &settings)
        });
        Company {
            begin,
            posted: std::mem::take(&mut self.posted),
            commit: false,
        }
    }

    /// Undoes the run and asks for another one: what was read to find out what to lock has changed since.
    pub(crate) fn run_again(&mut self) -> Error {
        self.failed(Failure::changed_meanwhile())
    }

    fn refuse_after_failure(&self) -> Result<(), Error> {
        self.failure
            .as_ref()
            .map_or(Ok(()), |failure| Err(failure.error.clone()))
    }

    fn failed(&mut self, failure: Failure) -> Error {
        let error = failure.error.clone();
        self.failure = Some(failure);
        error
    }

    /// Ends the run; `keep` says whether the rule wants its changes. `commit` is told how long it took.
    pub(super) fn end(&mut self, keep: bool, commit: impl FnOnce(Duration)) -> End {
        if keep && self.failure.is_none() {
            self.commit(commit);
        }
        let Some(failure) = self.failure.take() else {
            return End::Answer(Ok(()));
        };
        match failure.remedy {
            Remedy::Retry => End::Again {
                error: failure.error,
                reconnect: self.rollback().is_err(),
            },
            Remedy::LookAgain if self.runs < LOOKS => End::Again {
                error: failure.error,
                reconnect: self.rollback().is_err(),
            },
            Remedy::Reconnect => End::Again {
                error: failure.error,
                reconnect: true,
            },
            // The rule has seen the error. If it took it for a success all the same, it was wrong.
            Remedy::Answer | Remedy::LookAgain => {
                self.failure = Some(failure.clone());
                End::Answer(if keep { Err(failure.error) } else { Ok(()) })
            }
        }
    }

    /// Commits what there is to commit.
    fn commit(&mut self, told: impl FnOnce(Duration)) {
        let is_changed = self.state == State::Open || !self.posted.is_empty();
        match self.state {
            // With its statement.
            State::Committed(took) => told(took),
            _ if self.access == Access::Read || !is_changed => {}
            _ => {
                let started = Instant::now();
                let company = Company {
                    commit: true,
                    ..self.company()
                };
                let outcome = self.session.commit(company);
                let took = started.elapsed();
                told(took);
                self.state = State::Committed(took);
                if let Err(failure) = outcome {
                    self.failed(of_commit(failure));
                }
            }
        }
    }

    /// Tidies up once the caller is answered, and gives the session back if it is of further use.
    pub(super) fn leave(mut self) -> Option<Session> {
        let lost = matches!(&self.failure, Some(failure) if matches!(failure.error, Error::OutcomeUnknown(_)));
        let tidy = !lost && self.rollback().is_ok();
        tidy.then_some(self.session)
    }

    fn rollback(&mut self) -> Result<(), Failure> {
        self.posted.clear();
        if self.state != State::Open {
            return Ok(());
        }
        self.state = State::Idle;
        self.session.command("rolling back", "ROLLBACK")
    }
}

/// What a failure means once the server was told to commit: unless it said no, it may have done so.
fn of_commit(failure: Failure) -> Failure {
    match failure.error {
        Error::Unavailable { cause, .. } | Error::Statement(cause) if !failure.refused => Failure {
            error: Error::OutcomeUnknown(cause),
            remedy: Remedy::Answer,
            refused: false,
        },
        _ => failure,
    }
}
