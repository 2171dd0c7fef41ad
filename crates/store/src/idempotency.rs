//! Requests that may come again: what each was answered, under the key that its caller chose.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::table::{Entry as _, Record as _, table};
use crate::{Error, Json, Tx, params};

table! {
    /// A row of `idempotency_keys`.
    RepeatRow of "idempotency_keys" by (tenant_id, operation, key) {
        /// Tenant; empty for the organisation.
        tenant_id: String,
        /// Operation, by its name in the contract.
        operation: String,
        /// Chosen by the caller.
        key: String,
        /// What tells the request from others, in hexadecimal digits.
        fingerprint: String => changes,
        /// Code of a refusal; none of a success.
        code: Option<String> => changes,
        /// Body of the answer; an empty object until there is one.
        body: Json => changes,
        /// When the request came.
        created_at: Timestamp => changes,
    }
}

static CLAIM: LazyLock<String> =
    LazyLock::new(|| format!("{} ON CONFLICT DO NOTHING", RepeatRow::TABLE.insert()));
static FIND: LazyLock<String> = LazyLock::new(|| {
    RepeatRow::TABLE.select("WHERE tenant_id = $1 AND operation = $2 AND key = $3")
});
static UPDATE: LazyLock<String> = LazyLock::new(|| RepeatRow::TABLE.update());

/// Takes a key: `None` if it is free, or what it was taken for. While another transaction takes the same one, this
/// waits for its end.
///
/// # Errors
/// Engine failures.
pub fn claim(tx: &mut Tx<'_>, row: &RepeatRow) -> Result<Option<RepeatRow>, Error> {
    if tx.execute(&CLAIM, &row.values())? > 0 {
        return Ok(None);
    }
    let sql = format!("{}{}", *FIND, tx.dialect().lock);
    let values = params![&row.tenant_id, &row.operation, &row.key];
    tx.query_opt(&sql, values, RepeatRow::from_row)
}

/// What a key was taken for.
///
/// # Errors
/// Engine failures.
pub fn find(
    tx: &mut Tx<'_>,
    tenant: &str,
    operation: &str,
    key: &str,
) -> Result<Option<RepeatRow>, Error> {
    let values = params![tenant, operation, key];
    tx.query_opt(&FIND, values, RepeatRow::from_row)
}

/// Writes the answer, or takes an old key anew.
///
/// # Errors
/// Engine failures.
pub fn update(tx: &mut Tx<'_>, row: &RepeatRow) -> Result<(), Error> {
    tx.post(&UPDATE, &row.changes())
}

/// Frees a key.
///
/// # Errors
/// Engine failures.
pub fn delete(tx: &mut Tx<'_>, row: &RepeatRow) -> Result<bool, Error> {
    let sql = "DELETE FROM idempotency_keys \
               WHERE tenant_id = $1 AND operation = $2 AND key = $3 AND fingerprint = $4";
    let values = params![&row.tenant_id, &row.operation, &row.key, &row.fingerprint];
    Ok(tx.execute(sql, values)? > 0)
}

/// Forgets what came before `before`, at most `limit` of it; how many.
///
/// # Errors
/// Engine failures.
pub fn forget(tx: &mut Tx<'_>, tenant: &str, before: Timestamp, limit: u32) -> Result<u64, Error> {
    // Those that another transaction is at are left to it.
    let skip = (tx.dialect().lock_free)("idempotency_keys");
    let sql = format!(
        "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND (operation, key) IN ( \
           SELECT operation, key FROM idempotency_keys WHERE tenant_id = $1 AND created_at < $2 \
           ORDER BY created_at LIMIT $3{skip})"
    );
    tx.execute(&sql, params![tenant, before, limit])
}

/// Tenants of which something came before `before`; an empty name is the organisation's.
///
/// # Errors
/// Engine failures.
pub fn outdated(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<String>, Error> {
    let sql = "SELECT id FROM (SELECT id FROM tenants UNION ALL SELECT '') AS owners WHERE EXISTS ( \
                 SELECT 1 FROM idempotency_keys k WHERE k.tenant_id = owners.id AND k.created_at < $1)";
    tx.query_all(sql, params![before], |row| row.get())
}
