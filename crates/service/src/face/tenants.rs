//! Tenants between the store and the rules.

use jiff::tz::TimeZone;
use store::tenants::TenantRow;

use crate::call::Tenant;
use crate::error::Error;
use crate::rules::money::Currency;
use crate::rules::settings::Settings;

/// A stored tenant as the rules see it.
pub(crate) fn to_tenant(row: TenantRow) -> Result<Tenant, Error> {
    let broken = |what: &str| Error::Broken(format!("tenant `{}`: {what}", row.id));
    let mut settings: Settings = row.settings.read()?;
    settings.localization.timezone.clone_from(&row.timezone);
    let currency = Currency::new(&row.currency).ok_or_else(|| broken("unknown currency"))?;
    let zone = TimeZone::get(&row.timezone).map_err(|error| broken(&error.to_string()))?;
    Ok(Tenant {
        id: row.id.into(),
        currency,
        zone,
        settings,
    })
}
