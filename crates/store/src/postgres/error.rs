//! Engine errors: what they mean to the caller, and whether the transaction is worth another try.

use std::sync::Arc;

use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::Error;
use crate::error::Unique;

/// What is to be done about a failed statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing: the statement or its values are at fault.
    Answer,
    /// Run the transaction again: it lost against a concurrent one.
    Retry,
    /// Run it again, unless it has been already: the value was taken by somebody whom this transaction's
    /// snapshot does not show, or it is simply taken. A second run sees which.
    LookAgain,
    /// Run it again on a new connection: this one is lost, or its server no longer writes.
    Reconnect,
}

/// A failure with its remedy.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) remedy: Remedy,
    /// The server said that it did not do it. Otherwise it may have, before the connection broke.
    pub(super) refused: bool,
}

impl Failure {
    /// Of a statement, of BEGIN, or of COMMIT.
    pub(super) fn of(error: tokio_postgres::Error, doing: &'static str) -> Self {
        let remedy = remedy(&error);
        let severity = error.as_db_error().and_then(DbError::parsed_severity);
        Self {
            refused: severity == Some(Severity::Error),
            error: translate(error, doing, remedy),
            remedy,
        }
    }

    /// Of an attempt to connect. Another one does not help against a wrong password, an unknown database or
    /// an unknown role.
    pub(super) fn of_connecting(error: tokio_postgres::Error) -> Self {
        let state = error.code().map_or("", SqlState::code);
        let is_final = ["28", "3D", "42"]
            .iter()
            .any(|class| state.starts_with(class));
        Self {
            error: Error::Unavailable {
                doing: "connecting",
                cause: Arc::new(error),
            },
            remedy: if is_final {
                Remedy::Answer
            } else {
                Remedy::Reconnect
            },
            refused: true,
        }
    }

    /// Whether the server, the database or the role has as many connections as it may have, or a pooler has none
    /// to give: it says so after a while (`query_wait_timeout`), or lets us wait.
    pub(super) fn is_for_want_of_room(&self) -> bool {
        let Error::Unavailable { cause, .. } = &self.error else {
            return false;
        };
        let Some(error) = cause.downcast_ref::<tokio_postgres::Error>() else {
            return cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut);
        };
        let message = error.as_db_error().map_or("", DbError::message);
        error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS)
            || ["query_wait_timeout", "max_client_conn"]
                .iter()
                .any(|it| message.contains(it))
    }

    /// The session was not the one that the statement was meant for.
    pub(super) fn of_another_session(self) -> Self {
        Self {
            remedy: Remedy::Reconnect,
            ..self
        }
    }

    /// Somebody changed what the transaction had read in order to lock it.
    pub(super) fn changed_meanwhile() -> Self {
        Self {
            error: Error::changed_meanwhile(),
            remedy: Remedy::Retry,
            refused: true,
        }
    }

    /// The time of the transaction was up; the statement was not sent, or the server has undone it.
    pub(super) fn late() -> Self {
        Self {
            error: Error::Late,
            remedy: Remedy::Answer,
            refused: true,
        }
    }

    /// The thread could not be given what it waits with (too many open files).
    pub(super) fn of_runtime(error: std::io::Error) -> Self {
        Self {
            error: Error::Unavailable {
                doing: "starting a runtime",
                cause: Arc::new(error),
            },
            remedy: Remedy::Reconnect,
            refused: true,
        }
    }

    /// The server did not answer within the time it was given.
    pub(super) fn timed_out(doing: &'static str) -> Self {
        let cause = std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer in time");
        Self {
            error: Error::Unavailable {
                doing,
                cause: Arc::new(cause),
            },
            remedy: Remedy::Reconnect,
            refused: false,
        }
    }
}

fn remedy(error: &tokio_postgres::Error) -> Remedy {
    let Some(state) = error.code() else {
        // Not from the server: the connection broke, or a value did not fit its parameter.
        let broken = error.is_closed()
            || std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>());
        return if broken {
            Remedy::Reconnect
        } else {
            Remedy::Answer
        };
    };
    if [
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
    ]
    .contains(&state)
    {
        return Remedy::Retry;
    }
    if *state == SqlState::UNIQUE_VIOLATION {
        return Remedy::LookAgain;
    }
    let lost = [
        // A primary that became a standby.
        &SqlState::READ_ONLY_SQL_TRANSACTION,
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        // A prepared statement that a migration or a pooler made invalid.
        &SqlState::INVALID_SQL_STATEMENT_NAME,
    ];
    // The plan of a prepared statement changed its type; or a pooler has gone over to a standby.
    let outdated = *state == SqlState::FEATURE_NOT_SUPPORTED
        && error.as_db_error().is_some_and(|error| {
            ["cached plan", "during recovery", "hot standby"]
                .iter()
                .any(|it| error.message().contains(it))
        });
    if lost.contains(&state) || state.code().starts_with("08") || outdated {
        Remedy::Reconnect
    } else {
        Remedy::Answer
    }
}

fn translate(error: tokio_postgres::Error, doing: &'static str, remedy: Remedy) -> Error {
    let named = error.as_db_error().and_then(constraint);
    if let Some(named) = named {
        return named;
    }
    let state = error.code().cloned();
    if state == Some(SqlState::FOREIGN_KEY_VIOLATION) {
        return Error::Reference(Arc::new(error));
    }
    let unavailable = matches!(remedy, Remedy::Retry | Remedy::Reconnect)
        || state.is_some_and(|state| {
            state == SqlState::LOCK_NOT_AVAILABLE
                || state == SqlState::QUERY_CANCELED
                || ["53", "57", "58"].contains(&&state.code()[..2])
        });
    if unavailable {
        Error::Unavailable {
            doing,
            cause: Arc::new(error),
        }
    } else {
        Error::Statement(Arc::new(error))
    }
}

/// The constraint that refused a row. Its values stay out of the error: they are the caller's data.
fn constraint(error: &DbError) -> Option<Error> {
    let name = error.constraint()?;
    if *error.code() == SqlState::UNIQUE_VIOLATION {
        Some(Error::Duplicate(unique(name)))
    } else if *error.code() == SqlState::CHECK_VIOLATION {
        Some(Error::Constraint(name.to_owned()))
    } else {
        None
    }
}

fn unique(index: &str) -> Unique {
    match index {
        "tenants_pkey" => Unique::Tenant,
        "api_keys_pkey" | "api_keys_by_public_id" => Unique::ApiKey,
        "customers_by_email" => Unique::CustomerEmail,
        "products_by_sku" => Unique::ProductSku,
        "variants_by_sku" => Unique::VariantSku,
        "assets_pkey" | "assets_by_serial" => Unique::AssetSerial,
        "subscriptions_active_by_asset" => Unique::ActiveRentalOfAsset,
        "payments_by_idempotency_key" => Unique::PaymentKey,
        _ => Unique::Id,
    }
}
