//! Business units and their API keys, as the organisation makes them over the API.

mod keys;

use api::ListTenantsRequest;
use store::tenants::{self, TenantRow, TenantStatus};
use store::{Json, Position, SortValue};
use types::support::True;
use types::{Tenant, TenantCreate, TenantCreated, TenantIndustry, TenantList, TenantTier};

use crate::call::{Call, instant};
use crate::error::{Error, invalid, not_found};
use crate::face::paging::Sorting;
use crate::rules::calendar;
use crate::rules::money::Currency;
use crate::rules::settings::Settings;

pub(crate) use keys::{create as create_key, list as list_keys, revoke as revoke_key};

/// createTenant.
pub(crate) fn create(call: &mut Call<'_, '_>, body: &TenantCreate) -> Result<TenantCreated, Error> {
    if Currency::new(&body.currency).is_none() {
        let message = "is no code of a currency in use, such as `EUR`";
        return Err(invalid("currency", "custom", message));
    }
    let timezone = body.timezone.as_deref().unwrap_or("UTC");
    if calendar::zone(timezone).is_none() {
        let message = "must be an IANA time zone, as `Europe/Berlin`";
        return Err(invalid("timezone", "custom", message));
    }
    let industry = body.industry.map(|it| it.as_str());
    let settings = industry.and_then(Settings::preset).unwrap_or_default();
    let row = TenantRow {
        id: call.new_plain_id("bu_"),
        name: body.name.clone(),
        currency: body.currency.clone(),
        country: Some(body.country.clone()),
        timezone: timezone.into(),
        industry: industry.map(str::to_owned),
        tier: body.tier.unwrap_or(TenantTier::Growth).as_str().into(),
        status: TenantStatus::Active,
        settings: Json::of(&settings)?,
        created_at: call.now,
        updated_at: call.now,
    };
    tenants::insert(call.tx, &row)?;
    Ok(TenantCreated {
        success: True,
        message: "the business unit exists".into(),
        tenant_id: row.id.clone(),
        tenant: wire(row)?,
    })
}

/// listTenants.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListTenantsRequest,
) -> Result<TenantList, Error> {
    let sorting = Sorting::newest_first("tenants");
    let after = after(sorting, request.start_after.as_deref())?;
    let start = after.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut rows = tenants::page(call.tx, start, request.limit + 1)?;
    let next_cursor = next(sorting, &mut rows, request.limit, |row| {
        (row.created_at, &row.id)
    });
    let tenants: Vec<Tenant> = rows.into_iter().map(wire).collect::<Result<_, Error>>()?;
    Ok(TenantList {
        count: tenants.len() as u64,
        tenants,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// Refuses an unknown tenant.
fn exists(call: &mut Call<'_, '_>, tenant: &str) -> Result<(), Error> {
    let found = tenants::find(call.tx, tenant)?;
    found.map(drop).ok_or_else(|| not_found("business unit"))
}

fn after(
    sorting: Sorting,
    start_after: Option<&str>,
) -> Result<Option<(jiff::Timestamp, String)>, Error> {
    let at = |position: Position| match position.value {
        SortValue::Integer(us) => Some((jiff::Timestamp::from_microsecond(us).ok()?, position.id)),
        SortValue::Text(_) => None,
    };
    Ok(sorting.position(start_after)?.and_then(at))
}

/// Takes away the row behind the page, if there is one: then another page follows.
fn next<T>(
    sorting: Sorting,
    rows: &mut Vec<T>,
    limit: u32,
    key: impl Fn(&T) -> (jiff::Timestamp, &String),
) -> Option<String> {
    let limit = limit as usize;
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    let (at, id) = key(rows.last()?);
    sorting.cursor(Some(Position {
        value: SortValue::Integer(at.as_microsecond()),
        id: id.clone(),
    }))
}

fn wire(row: TenantRow) -> Result<Tenant, Error> {
    let broken = |what: &str| Error::Broken(format!("tenant `{}`: unknown {what}", row.id));
    let industry = row.industry.as_deref().map(str::parse::<TenantIndustry>);
    let industry = industry.transpose().map_err(|_| broken("industry"))?;
    let tier: TenantTier = row.tier.parse().map_err(|_| broken("tier"))?;
    Ok(Tenant {
        tenant_id: row.id,
        name: row.name,
        currency: row.currency,
        country: row.country,
        timezone: row.timezone,
        industry: industry.map(Into::into),
        tier: tier.into(),
        status: match row.status {
            TenantStatus::Active => types::TenantStatus::Active,
            TenantStatus::Inactive => types::TenantStatus::Inactive,
        }
        .into(),
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    })
}
