//! Tenants and keys, as the operator of a deployment makes them.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use store::keys::{self, KeyRow};
use store::tenants::{self, TenantRow, TenantStatus};
use store::{Json, Store};

use crate::clock::Clock;
use crate::error::Error as RuleError;
use crate::face::permissions::Permission;
use crate::face::token::make_key;
use crate::rules::calendar;
use crate::rules::currencies;
use crate::rules::money::Currency;
use crate::rules::settings::Settings;

/// Why an administrative command did nothing.
#[derive(Debug)]
pub enum Error {
    /// An argument is wrong; the text says which, and what to give instead.
    Invalid(String),
    /// The store failed.
    Store(RuleError),
}

/// A tenant to be created.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Value of the `Tenant-ID` header.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Industry whose settings it starts with.
    pub preset: Option<String>,
    /// IANA time zone.
    pub timezone: String,
    /// `starter`, `growth` or `enterprise`.
    pub tier: String,
}

/// A key to be created.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Tenant it belongs to.
    pub tenant: String,
    /// Name for people.
    pub name: String,
    /// Permissions; empty: all.
    pub permissions: Vec<String>,
    /// Days until it expires.
    pub expires_in_days: Option<u32>,
}

/// A key that was just created. The only moment at which its secret is known.
pub struct CreatedKey {
    /// Public id.
    pub id: String,
    /// What callers send.
    pub secret: String,
}

/// A key, without its secret.
#[derive(Debug, Clone)]
pub struct KeyInfo {
    /// Public id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// From when on it does not work any more.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take what is not written down yet.
    pub last_used_at: Option<Timestamp>,
    /// Requests made with it.
    pub use_count: i64,
    /// `active`, `expired` or `revoked`.
    pub state: &'static str,
    /// Its permissions.
    pub permissions: Vec<String>,
}

/// Whether a tenant could be created so, as far as can be told without a database. Gives its settings.
///
/// # Errors
/// [`Error::Invalid`] for an argument that is wrong.
pub fn check_tenant(new: &NewTenant) -> Result<Settings, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !(1..=64).contains(&new.id.len()) || !new.id.chars().all(plain) {
        return invalid("`--id` must be 1 to 64 letters, digits, `-` or `_`");
    }
    if Currency::new(&new.currency).is_none() {
        let code = &new.currency;
        let meant = currencies::probably(code).map(|meant| format!("\nhint: `{meant}` is one"));
        return invalid(format!(
            "`--currency {code}` is no ISO 4217 code of a currency in use, such as `EUR`{}",
            meant.unwrap_or_default()
        ));
    }
    if calendar::zone(&new.timezone).is_none() {
        return invalid(format!(
            "`--timezone {}` is no IANA time zone such as `Europe/Berlin`",
            new.timezone
        ));
    }
    if !["starter", "growth", "enterprise"].contains(&new.tier.as_str()) {
        return invalid(format!(
            "`--tier {}` is none of `starter`, `growth`, `enterprise`",
            new.tier
        ));
    }
    let Some(name) = &new.preset else {
        return Ok(Settings::default());
    };
    match Settings::preset(name) {
        Some(settings) => Ok(settings),
        None => {
            let known = Settings::PRESETS.join("`, `");
            invalid(format!("`--preset {name}` is none of `{known}`"))
        }
    }
}

/// Creates a tenant.
///
/// # Errors
/// [`Error::Invalid`] for an argument that is wrong or an id that is taken.
pub async fn create_tenant(store: &Store, clock: &Clock, new: NewTenant) -> Result<(), Error> {
    let settings = check_tenant(&new)?;
    let now = clock.now();
    let row = TenantRow {
        id: new.id,
        name: new.name,
        currency: new.currency,
        country: None,
        timezone: new.timezone,
        industry: new.preset,
        tier: new.tier,
        status: TenantStatus::Active,
        settings: Json::of(&settings)?,
        created_at: now,
        updated_at: now,
    };
    store
        .write(move |tx| match tenants::insert(tx, &row) {
            Err(store::Error::Duplicate(_)) => {
                invalid(format!("tenant `{}` exists already", row.id))
            }
            other => other.map_err(Error::from),
        })
        .await
}

/// Every tenant, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list_tenants(store: &Store) -> Result<Vec<TenantRow>, Error> {
    store
        .read(|tx| tenants::list(tx).map_err(Error::from))
        .await
}

/// Replaces the settings of a tenant.
///
/// # Errors
/// [`Error::Invalid`] for an unknown tenant.
pub async fn replace_settings(
    store: &Store,
    clock: &Clock,
    tenant: &str,
    settings: Settings,
) -> Result<(), Error> {
    let (tenant, now) = (tenant.to_owned(), clock.now());
    let settings = Json::of(&settings)?;
    store
        .write(
            move |tx| match tenants::set_settings(tx, &tenant, &settings, now)? {
                true => Ok(()),
                false => unknown_tenant(&tenant),
            },
        )
        .await
}

/// Creates a key.
///
/// # Errors
/// [`Error::Invalid`] for an unknown tenant or permission.
pub async fn create_key(store: &Store, clock: &Clock, new: NewKey) -> Result<CreatedKey, Error> {
    for name in &new.permissions {
        if Permission::from_name(name).is_none() {
            let known: Vec<String> = Permission::all().map(|it| it.to_string()).collect();
            return invalid(format!(
                "`{name}` is no permission\nhint: one of {}",
                known.join(" ")
            ));
        }
    }
    let permissions = if new.permissions.is_empty() {
        Permission::all().map(|it| it.to_string()).collect()
    } else {
        new.permissions
    };
    let now = clock.now();
    let (id, secret, hash) = make_key(now)?;
    let expires_at = new
        .expires_in_days
        .map(|days| now.saturating_add(SignedDuration::from_hours(24 * i64::from(days))))
        .transpose()
        .map_err(|error| Error::Invalid(error.to_string()))?;
    let row = KeyRow {
        tenant_id: new.tenant,
        id: id.clone(),
        name: new.name,
        hash,
        permissions: Json::of(&permissions)?,
        created_at: now,
        expires_at,
        revoked_at: None,
        last_used_at: None,
        use_count: 0,
    };
    store
        .write(move |tx| match tenants::find(tx, &row.tenant_id)? {
            Some(_) => keys::insert(tx, &row).map_err(Error::from),
            None => unknown_tenant(&row.tenant_id),
        })
        .await?;
    Ok(CreatedKey { id, secret })
}

/// The keys of a tenant, oldest first.
///
/// # Errors
/// [`Error::Invalid`] for an unknown tenant.
pub async fn list_keys(store: &Store, clock: &Clock, tenant: &str) -> Result<Vec<KeyInfo>, Error> {
    let (tenant, now) = (tenant.to_owned(), clock.now());
    store
        .read(move |tx| {
            if tenants::find(tx, &tenant)?.is_none() {
                return unknown_tenant(&tenant);
            }
            keys::list(tx, &tenant)?
                .into_iter()
                .map(|row| info(row, now))
                .collect()
        })
        .await
}

/// Revokes a key.
///
/// # Errors
/// [`Error::Invalid`] for a key that the tenant does not have or that is revoked already.
pub async fn revoke_key(store: &Store, clock: &Clock, tenant: &str, id: &str) -> Result<(), Error> {
    let (tenant, id, now) = (tenant.to_owned(), id.to_owned(), clock.now());
    store
        .write(move |tx| match keys::revoke(tx, &tenant, &id, now)? {
            true => Ok(()),
            false => invalid(format!(
                "tenant `{tenant}` has no key `{id}` that could be revoked\n\
                 hint: `flexportal key list --tenant {tenant}` shows its keys"
            )),
        })
        .await
}

fn info(row: KeyRow, now: Timestamp) -> Result<KeyInfo, Error> {
    let state = match (row.revoked_at, row.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(at)) if at <= now => "expired",
        _ => "active",
    };
    Ok(KeyInfo {
        permissions: row.permissions.read()?,
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        use_count: row.use_count,
        state,
    })
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

fn unknown_tenant<T>(id: &str) -> Result<T, Error> {
    invalid(format!(
        "there is no tenant `{id}`\nhint: `flexportal tenant list` shows them"
    ))
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Error::Store(error.into())
    }
}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Error {
        Error::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid(message) => formatter.write_str(message),
            Error::Store(error) => formatter.write_str(&crate::error::chain(error)),
        }
    }
}

impl std::error::Error for Error {}
