//! Tenants (business units) and their settings.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::value::text_enum;
use crate::{Error, Json, Row, Tx, params, statement};

text_enum! {
    /// Whether a tenant may be used.
    TenantStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

/// A row of `tenants`.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantRow {
    /// Id, sent as `Tenant-ID`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// ISO 4217 code, fixed at creation.
    pub currency: String,
    /// ISO 3166 country, if known.
    pub country: Option<String>,
    /// IANA time zone.
    pub timezone: String,
    /// Industry preset chosen at creation.
    pub industry: Option<String>,
    /// Plan, which decides the rate limit.
    pub tier: String,
    /// Whether requests are served.
    pub status: TenantStatus,
    /// Settings; defaults are not stored.
    pub settings: Json,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

const COLUMNS: &str = "id, name, currency, country, timezone, industry, tier, status, settings, created_at, updated_at";

static INSERT: LazyLock<String> = LazyLock::new(|| statement::insert("tenants", COLUMNS));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM tenants WHERE id = $1"));
static LIST: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM tenants ORDER BY created_at, id"));

/// Adds a tenant.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::Tenant`](crate::Unique::Tenant).
pub fn insert(tx: &mut Tx<'_>, row: &TenantRow) -> Result<(), Error> {
    let values = params![
        &row.id,
        &row.name,
        &row.currency,
        row.country.as_deref(),
        &row.timezone,
        row.industry.as_deref(),
        &row.tier,
        row.status,
        &row.settings,
        row.created_at,
        row.updated_at,
    ];
    tx.execute(&INSERT, values).map(drop)
}

/// The tenant of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<TenantRow>, Error> {
    tx.query_opt(&FIND, params![id], from_row)
}

/// Every tenant, oldest first.
///
/// # Errors
/// Engine failures.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<TenantRow>, Error> {
    tx.query_all(&LIST, &[], from_row)
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

fn from_row(row: &mut Row<'_>) -> Result<TenantRow, Error> {
    Ok(TenantRow {
        id: row.get()?,
        name: row.get()?,
        currency: row.get()?,
        country: row.get()?,
        timezone: row.get()?,
        industry: row.get()?,
        tier: row.get()?,
        status: row.get()?,
        settings: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
    })
}
