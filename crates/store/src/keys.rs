//! API keys. The secret is never stored, only its hash.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::table::{Entry as _, Record as _, table};
use crate::{Error, Json, Tx, params};

table! {
    /// A row of `api_keys`.
    KeyRow of "api_keys" by (tenant_id, id) below ("tenants") {
        /// The one tenant the key belongs to.
        tenant_id: String,
        /// Public id, part of the key itself; unique over all tenants.
        id: String,
        /// What the owner called it.
        name: String,
        /// Hash of the secret part.
        hash: String,
        /// Array of permissions.
        permissions: Json,
        /// Creation.
        created_at: Timestamp,
        /// When it stops working by itself.
        expires_at: Option<Timestamp>,
        /// When it was revoked.
        revoked_at: Option<Timestamp>,
        /// Last use, written in batches.
        last_used_at: Option<Timestamp>,
        /// Number of uses, written in batches.
        use_count: i64,
    }
}

/// Uses of one key since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Tenant of the key.
    pub tenant_id: String,
    /// Public id.
    pub id: String,
    /// How often it was used.
    pub count: i64,
    /// The latest use.
    pub last_used_at: Timestamp,
}

static INSERT: LazyLock<String> = LazyLock::new(|| KeyRow::TABLE.insert());
static FIND: LazyLock<String> = LazyLock::new(|| KeyRow::TABLE.select("WHERE id = $1"));
static LIST: LazyLock<String> =
    LazyLock::new(|| KeyRow::TABLE.select("WHERE tenant_id = $1 ORDER BY created_at, id"));

/// Adds a key.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ApiKey`](crate::Unique::ApiKey), [`Error::Reference`] for an unknown
/// tenant.
pub fn insert(tx: &mut Tx<'_>, row: &KeyRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values()).map(drop)
}

/// The key of a public id, whatever its tenant: who presents it is decided from the row.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<KeyRow>, Error> {
    tx.query_opt(&FIND, params![id], KeyRow::from_row)
}

/// The keys of a tenant, oldest first.
///
/// # Errors
/// Engine failures.
pub fn list(tx: &mut Tx<'_>, tenant: &str) -> Result<Vec<KeyRow>, Error> {
    tx.query_all(&LIST, params![tenant], KeyRow::from_row)
}

/// At most `limit` keys of a tenant, newest first, those after one with this creation and id.
///
/// # Errors
/// Engine failures.
pub fn page(
    tx: &mut Tx<'_>,
    tenant: &str,
    after: Option<(Timestamp, &str)>,
    limit: u32,
) -> Result<Vec<KeyRow>, Error> {
    let (at, id) = after.unwrap_or((Timestamp::MAX, ""));
    let rest = "WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) \
                ORDER BY created_at DESC, id DESC LIMIT $4";
    let sql = KeyRow::TABLE.select(rest);
    tx.query_all(&sql, params![tenant, at, id, limit], KeyRow::from_row)
}

/// Revokes a key; `false` if it is unknown or already revoked.
///
/// # Errors
/// Engine failures.
pub fn revoke(tx: &mut Tx<'_>, tenant: &str, id: &str, at: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE api_keys SET revoked_at = $1 WHERE tenant_id = $2 AND id = $3 AND revoked_at IS NULL";
    Ok(tx.execute(sql, params![at, tenant, id])? > 0)
}

/// Adds a batch of uses. Several processes may do so at once; the latest use wins.
///
/// # Errors
/// Engine failures.
pub fn record_uses(tx: &mut Tx<'_>, uses: &[KeyUse]) -> Result<(), Error> {
    let sql = "UPDATE api_keys SET use_count = use_count + $1, \
               last_used_at = CASE WHEN last_used_at > $2 THEN last_used_at ELSE $2 END \
               WHERE tenant_id = $3 AND id = $4";
    for used in uses {
        tx.execute(
            sql,
            params![used.count, used.last_used_at, &used.tenant_id, &used.id],
        )?;
    }
    Ok(())
}
