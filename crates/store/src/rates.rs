//! How many requests of a tenant were let in, minute by minute, over all processes.

use crate::{Error, Tx, params};

/// Counts `requests` of a tenant in a minute (since 1970); how many were counted there before. Whoever asks at the
/// same moment waits, and counts after it.
///
/// # Errors
/// Engine failures.
pub fn count(tx: &mut Tx<'_>, tenant: &str, minute: i64, requests: u32) -> Result<i64, Error> {
    let sql = "INSERT INTO rate_windows (tenant_id, minute, requests) VALUES ($1, $2, $3) \
               ON CONFLICT (tenant_id, minute) \
               DO UPDATE SET requests = rate_windows.requests + excluded.requests RETURNING requests";
    let after: i64 = tx.query_one(sql, params![tenant, minute, requests], |row| row.get())?;
    Ok(after - i64::from(requests))
}

/// Forgets the minutes before `minute`, of all tenants; how many.
///
/// # Errors
/// Engine failures.
pub fn forget(tx: &mut Tx<'_>, minute: i64) -> Result<u64, Error> {
    let sql = "DELETE FROM rate_windows WHERE minute < $1";
    tx.execute(sql, params![minute])
}
