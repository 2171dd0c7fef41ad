//! Tenants (business units) and their settings.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Json, Tx, params};

text_enum! {
    /// Whether a tenant may be used.
    TenantStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

table! {
    /// A row of `tenants`.
    TenantRow of "tenants" by (id) {
        /// Id, sent as `Tenant-ID`.
        id: String,
        /// Display name.
        name: String,
        /// ISO 4217 code, fixed at creation.
        currency: String,
        /// ISO 3166 country, if known.
        country: Option<String>,
        /// IANA time zone.
        timezone: String => changes,
        /// Industry preset chosen at creation.
        industry: Option<String>,
        /// Plan, which decides the rate limit.
        tier: String,
        /// Whether requests are served.
        status: TenantStatus,
        /// Settings; defaults are not stored.
        settings: Json => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| TenantRow::TABLE.insert());
static UPDATE: LazyLock<String> = LazyLock::new(|| TenantRow::TABLE.update());
static FIND: LazyLock<String> = LazyLock::new(|| TenantRow::TABLE.select("WHERE id = $1"));
static LIST: LazyLock<String> =
    LazyLock::new(|| TenantRow::TABLE.select("ORDER BY created_at, id"));

/// Adds a tenant.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::Tenant`](crate::Unique::Tenant).
pub fn insert(tx: &mut Tx<'_>, row: &TenantRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values()).map(drop)
}

/// The tenant of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<TenantRow>, Error> {
    tx.query_opt(&FIND, params![id], TenantRow::from_row)
}

/// [`find`], and nobody else changes the tenant until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<TenantRow>, Error> {
    let sql = format!("{}{}", *FIND, tx.dialect().lock);
    tx.query_opt(&sql, params![id], TenantRow::from_row)
}

/// Writes what can change (time zone, settings, `updated_at`); `false` if there is no such tenant.
///
/// # Errors
/// Engine failures.
pub fn update(tx: &mut Tx<'_>, row: &TenantRow) -> Result<bool, Error> {
    Ok(tx.execute(&UPDATE, &row.changes())? > 0)
}

/// Every tenant, oldest first.
///
/// # Errors
/// Engine failures.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<TenantRow>, Error> {
    tx.query_all(&LIST, &[], TenantRow::from_row)
}

/// At most `limit` tenants, newest first, those after one with this creation and id.
///
/// # Errors
/// Engine failures.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<(Timestamp, &str)>,
    limit: u32,
) -> Result<Vec<TenantRow>, Error> {
    let (at, id) = after.unwrap_or((Timestamp::MAX, ""));
    let rest = "WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3";
    let sql = TenantRow::TABLE.select(rest);
    tx.query_all(&sql, params![at, id, limit], TenantRow::from_row)
}

/// Replaces the settings; `false` if there is no such tenant.
///
/// # Errors
/// Engine failures.
pub fn set_settings(
    tx: &mut Tx<'_>,
    id: &str,
    settings: &Json,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE tenants SET settings = $1, updated_at = $2 WHERE id = $3";
    Ok(tx.execute(sql, params![settings, at, id])? > 0)
}

/// Serves or refuses the tenant; `false` if there is no such tenant.
///
/// # Errors
/// Engine failures.
pub fn set_status(
    tx: &mut Tx<'_>,
    id: &str,
    status: TenantStatus,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE tenants SET status = $1, updated_at = $2 WHERE id = $3";
    Ok(tx.execute(sql, params![status, at, id])? > 0)
}
