//! Applies the migrations.
//!
//! A migration only adds. The release before it keeps running on the new schema, so servers can be replaced
//! one by one; `oldest` says which releases still may.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use super::config::Config;
use super::error::Remedy;
use super::host::Lease;
use super::session::runtime;
use super::wall::{self, Gap};
use super::worker::{NotConnected, open};
use crate::Error;
use crate::migrations::MIGRATIONS;

/// Names the lock that makes processes migrate one after the other ("FlxP").
const LOCK: i64 = 0x466c_7850;

/// A migration must not queue behind a long transaction and hold up everybody else meanwhile.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// What was found when the database was opened.
pub(crate) struct Opened {
    /// Whether row-level security binds the role of the URL.
    pub(crate) tenants_walled_off: bool,
    /// Whether a session of the server is ours for a transaction only.
    pub(crate) pooled: bool,
}

/// Brings the database to the newest version; safe when several processes start at once and while older
/// releases run. Blocks; must not be called on a thread of an asynchronous runtime.
pub(crate) fn run(config: &Config) -> Result<Opened, Error> {
    let runtime = runtime().map_err(|error| Error::Unavailable {
        doing: "starting a runtime",
        cause: Arc::new(error),
    })?;
    let deadline = Instant::now() + config.unavailable_after;
    // `Session` checks the address, the role and the database, and waits for a host that writes.
    match open(config, deadline, || false, |_| false) {
        Ok(_) => {}
        Err(NotConnected::Failed(error)) => return Err(error),
        Err(NotConnected::Crowded) => return Err(Error::Closed),
    }
    loop {
        match runtime.block_on(migrate(config)) {
            Ok(opened) => return Ok(opened),
            Err(Failure::Engine(error)) if is_busy(&error) && Instant::now() < deadline => {}
            Err(Failure::Engine(error)) => {
                return Err(Error::Unavailable {
                    doing: "migrating the database",
                    cause: Arc::new(error),
                });
            }
            Err(Failure::Connecting(failure)) => {
                let hopeless = failure.remedy == Remedy::Answer;
                if hopeless || Instant::now() >= deadline {
                    return Err(failure.error);
                }
            }
            Err(Failure::Refused(error)) => return Err(error),
        }
    }
}

enum Failure {
    Connecting(super::error::Failure),
    Engine(tokio_postgres::Error),
    Refused(Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<super::error::Failure> for Failure {
    fn from(failure: super::error::Failure) -> Self {
        Self::Connecting(failure)
    }
}

/// A long transaction, or another process that creates the schema at this moment.
fn is_busy(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [
            &SqlState::LOCK_NOT_AVAILABLE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::UNIQUE_VIOLATION,
            &SqlState::DUPLICATE_SCHEMA,
        ]
        .contains(&code)
    })
}

/// One transaction from the first look to the last, which a pooler runs in one session.
async fn migrate(config: &Config) -> Result<Opened, Failure> {
    let connected = config.connect(config.connect_within).await?;
    let client = connected.client;
    let settings = match connected.lease {
        Lease::Connection => String::new(),
        Lease::Transaction => config.for_transaction(),
    };
    client
        .batch_execute(&format!("BEGIN ISOLATION LEVEL READ COMMITTED; {settings}"))
        .await?;
    // Before anything is created that the wrong role would own.
    let gap = wall::gap_of_role(&client).await?;
    let passes = gap.is_some();
    refuse(config, gap)?;
    bring_up_to_date(config, &client).await?;
    let gap = wall::gap_of_tables(&client).await?;
    let opened = Opened {
        tenants_walled_off: !passes && gap.is_none(),
        pooled: connected.lease == Lease::Transaction,
    };
    refuse(config, gap)?;
    client.batch_execute("COMMIT").await?;
    Ok(opened)
}

/// A way past the wall between tenants is not taken by mistake.
fn refuse(config: &Config, gap: Option<Gap>) -> Result<(), Failure> {
    match gap {
        Some(Gap { role, why }) if !config.allow_bypass_rls => {
            Err(Failure::Refused(Error::PassesWall { role, why }))
        }
        _ => Ok(()),
    }
}

async fn bring_up_to_date(config: &Config, client: &Client) -> Result<(), Failure> {
    let known = MIGRATIONS.len() as i64;
    let found = version(client).await?.map_or(0, |found| found.version);
    if found == known {
        return Ok(());
    }
    if let (Some(database), 0) = (&config.must_be_there, found) {
        return Err(Failure::Refused(Error::Missing(database.clone())));
    }
    if config.as_it_is && found < known {
        return Err(Failure::Refused(Error::OlderSchema { found, known }));
    }
    client
        .batch_execute(&format!(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {}; \
             SET LOCAL client_min_messages = warning; SELECT pg_advisory_xact_lock({LOCK})",
            LOCK_TIMEOUT.as_millis()
        ))
        .await?;
    // Read again under the lock: another process may have migrated in between.
    let found = version(client).await?;
    match &found {
        Some(found) if found.version > known => {
            return if found.oldest <= known {
                Ok(())
            } else {
                Err(Failure::Refused(Error::NewerSchema {
                    found: found.version,
                    known,
                }))
            };
        }
        Some(_) => {}
        None => {
            let taken = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'flexportal')";
            if client.query_typed_one(taken, &[]).await?.try_get(0)? {
                return Err(Failure::Refused(Error::ForeignDatabase));
            }
            client
                .batch_execute(
                    "CREATE SCHEMA flexportal; \
                     CREATE TABLE flexportal.schema_version (version BIGINT NOT NULL PRIMARY KEY, \
                       oldest BIGINT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())",
                )
                .await?;
        }
    }
    // A migration works for every tenant; for none, it would find no row to change.
    client
        .batch_execute("SET LOCAL search_path = flexportal; SET LOCAL flexportal.tenant = '*'")
        .await?;
    let done = found.map_or(0, |found| found.version);
    for (version, migration) in (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(version, _)| *version > done)
    {
        client.batch_execute(migration.postgres).await?;
        let record = "INSERT INTO schema_version (version, oldest) VALUES ($1, $2)";
        client
            .execute_typed(
                record,
                &[(&version, Type::INT8), (&migration.oldest, Type::INT8)],
            )
            .await?;
    }
    Ok(())
}

struct Version {
    version: i64,
    oldest: i64,
}

/// `None` when there is no schema yet.
async fn version(client: &Client) -> Result<Option<Version>, tokio_postgres::Error> {
    // Not by `to_regclass`: that may answer from what this transaction found before it waited for the lock.
    let sql = "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = 'flexportal' AND c.relname = 'schema_version')";
    let exists: bool = client.query_typed_one(sql, &[]).await?.try_get(0)?;
    if !exists {
        return Ok(None);
    }
    let sql = "SELECT version, oldest FROM flexportal.schema_version ORDER BY version DESC LIMIT 1";
    let row = client.query_typed_opt(sql, &[]).await?;
    row.map(|row| {
        Ok(Version {
            version: row.try_get(0)?,
            oldest: row.try_get(1)?,
        })
    })
    .transpose()
}
