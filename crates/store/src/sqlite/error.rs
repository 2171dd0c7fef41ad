//! Engine errors, translated.

use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::{self, Error as Code};

use crate::error::{Cause, Error, Unique};

/// The error of one statement.
pub(crate) fn of_statement(error: rusqlite::Error) -> Error {
    translate(error, "running a statement")
}

/// The error of a COMMIT. When flushing the log fails, what it holds may be there after a crash all the same.
pub(crate) fn of_commit(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => Error::OutcomeUnknown(Arc::new(error)),
        _ => translate(error, "committing"),
    }
}

/// Translates; `doing` completes "database unavailable while …".
pub(crate) fn translate(error: rusqlite::Error, doing: &'static str) -> Error {
    let rusqlite::Error::SqliteFailure(
        Code {
            code,
            extended_code,
        },
        message,
    ) = &error
    else {
        return Error::Statement(Arc::new(error));
    };
    let message = message.as_deref().unwrap_or_default();
    match *extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            return Error::Duplicate(unique(message));
        }
        ffi::SQLITE_CONSTRAINT_CHECK => {
            let name = message.rsplit_once(": ").map_or(message, |(_, name)| name);
            return Error::Constraint(name.to_owned());
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Error::Reference(Arc::new(error)),
        _ => {}
    }
    match code {
        // Nobody but the clock interrupts.
        ErrorCode::OperationInterrupted => Error::Late,
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::ReadOnly
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::OutOfMemory
        | ErrorCode::FileLockingProtocolFailed => Error::Unavailable {
            doing,
            cause: Arc::new(error),
        },
        _ => Error::Statement(Arc::new(error)),
    }
}

/// Whether the file is damaged, or none of SQLite: it will be so later, too.
pub(crate) fn is_damage(cause: &Cause) -> bool {
    let error = cause.downcast_ref::<rusqlite::Error>();
    let code = error.and_then(rusqlite::Error::sqlite_error_code);
    code.is_some_and(|code| matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// SQLite names the columns of a violated index: `UNIQUE constraint failed: t.a, t.b`. The last one tells.
fn unique(message: &str) -> Unique {
    let columns = message
        .rsplit_once(": ")
        .map_or(message, |(_, columns)| columns);
    match columns.rsplit(", ").next().unwrap_or_default() {
        "tenants.id" => Unique::Tenant,
        "api_keys.id" => Unique::ApiKey,
        "customers.email_key" => Unique::CustomerEmail,
        "products.product_sku" => Unique::ProductSku,
        "variants.variant_sku" => Unique::VariantSku,
        "assets.serial_number" | "assets.serial_key" => Unique::AssetSerial,
        "subscriptions.serial_number" => Unique::ActiveRentalOfAsset,
        "payments.idempotency_key" => Unique::PaymentKey,
        _ => Unique::Id,
    }
}
