//! API keys. The secret is never stored, only its hash.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::{Error, Json, Row, Tx, params, statement};

/// A row of `api_keys`.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRow {
    /// The one tenant the key belongs to.
    pub tenant_id: String,
    /// Public id, part of the key itself; unique over all tenants.
    pub id: String,
    /// What the owner called it.
    pub name: String,
    /// Hash of the secret part.
    pub hash: String,
    /// Array of permissions.
    pub permissions: Json,
    /// Creation.
    pub created_at: Timestamp,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Last use, written in batches.
    pub last_used_at: Option<Timestamp>,
    /// Number of uses, written in batches.
    pub use_count: i64,
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

const COLUMNS: &str = "tenant_id, id, name, hash, permissions, created_at, expires_at, revoked_at, last_used_at, \
     use_count";

static INSERT: LazyLock<String> = LazyLock::new(|| statement::insert("api_keys", COLUMNS));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM api_keys WHERE id = $1"));
static LIST: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM api_keys WHERE tenant_id = $1 ORDER BY created_at, id")
});

/// Adds a key.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ApiKey`](crate::Unique::ApiKey), [`Error::Reference`] for an unknown
/// tenant.
pub fn insert(tx: &mut Tx<'_>, row: &KeyRow) -> Result<(), Error> {
    let values = params![
        &row.tenant_id,
        &row.id,
        &row.name,
        &row.hash,
        &row.permissions,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        row.use_count,
    ];
    tx.execute(&INSERT, values).map(drop)
}

/// The key of a public id, whatever its tenant: who presents it is decided from the row.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<KeyRow>, Error> {
    tx.query_opt(&FIND, params![id], from_row)
}

/// The keys of a tenant, oldest first.
///
/// # Errors
/// Engine failures.
pub fn list(tx: &mut Tx<'_>, tenant: &str) -> Result<Vec<KeyRow>, Error> {
    tx.query_all(&LIST, params![tenant], from_row)
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

fn from_row(row: &mut Row<'_>) -> Result<KeyRow, Error> {
    Ok(KeyRow {
        tenant_id: row.get()?,
        id: row.get()?,
        name: row.get()?,
        hash: row.get()?,
        permissions: row.get()?,
        created_at: row.get()?,
        expires_at: row.get()?,
        revoked_at: row.get()?,
        last_used_at: row.get()?,
        use_count: row.get()?,
    })
}
