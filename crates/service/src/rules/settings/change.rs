//! Reading and changing settings. On the wire they have the form in which they are stored, apart from what the
//! tenant itself has: its currency, and its name where no other one is set.

use std::collections::HashSet;

use regex::Regex;
use serde_json::{Value, json};
use store::{Json, tenants};
use types::SettingsSaved;
use types::support::True;

use super::{AddressField, CustomFieldType, Settings};
use crate::call::Call;
use crate::error::{Error, invalid, invalid_all};
use crate::rules::calendar;
use crate::rules::texts::Violation;

/// Parts of an address, and whether every address has them.
const PARTS: [(&str, bool); 9] = [
    ("contactName", false),
    ("company", false),
    ("buildingInfo", false),
    ("streetAddress", true),
    ("locality", false),
    ("city", true),
    ("adminArea", false),
    ("postalCode", false),
    ("country", true),
];

/// getSettings.
pub(crate) fn get(call: &mut Call<'_, '_>) -> Result<types::Settings, Error> {
    let (row, settings) = stored(call, false)?;
    wire(&row, settings)
}

/// updateSettings.
pub(crate) fn update(
    call: &mut Call<'_, '_>,
    body: &types::Settings,
) -> Result<SettingsSaved, Error> {
    let (mut row, settings) = stored(call, true)?;
    let mut changed = value(&settings)?;
    let mut change = value(body)?;
    if let Some(currency) = change
        .pointer_mut("/general")
        .and_then(Value::as_object_mut)
        && let Some(currency) = currency.remove("currency")
        && currency != row.currency.as_str()
    {
        let message = format!("is `{}` since the beginning", row.currency);
        return Err(invalid("general.currency", "custom", message));
    }
    merge(&mut changed, change);
    let settings: Settings = serde_json::from_value(changed)
        .map_err(|error| Error::Broken(format!("the changed settings: {error}")))?;
    let violations = violations(call, &settings);
    if !violations.is_empty() {
        return Err(invalid_all(violations));
    }
    row.timezone.clone_from(&settings.localization.timezone);
    row.settings = Json::of(&settings)?;
    row.updated_at = call.now;
    tenants::update(call.tx, &row)?;
    Ok(SettingsSaved {
        success: True,
        message: "the settings are changed".into(),
        settings: wire(&row, settings)?,
    })
}

/// The settings as they are in the database, which may be newer than those the request was let in with.
fn stored(call: &mut Call<'_, '_>, lock: bool) -> Result<(tenants::TenantRow, Settings), Error> {
    let tenant = &call.tenant.id;
    let row = match lock {
        true => tenants::lock(call.tx, tenant)?,
        false => tenants::find(call.tx, tenant)?,
    };
    let row = row.ok_or_else(|| Error::Broken(format!("tenant `{tenant}` is gone")))?;
    let mut settings: Settings = row.settings.read()?;
    settings.localization.timezone.clone_from(&row.timezone);
    Ok((row, settings))
}

fn wire(row: &tenants::TenantRow, mut settings: Settings) -> Result<types::Settings, Error> {
    for (name, always) in PARTS {
        let part = settings.addresses.fields.entry(name.into());
        part.or_insert_with(|| AddressField {
            required: always,
            ..AddressField::default()
        });
    }
    let mut value = value(&settings)?;
    value["general"]["currency"] = json!(row.currency);
    if settings.general.display_name.is_none() {
        value["general"]["displayName"] = json!(row.name);
    }
    serde_json::from_value(value)
        .map_err(|error| Error::Broken(format!("the settings of tenant `{}`: {error}", row.id)))
}

fn value(of: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(of).map_err(|error| Error::Broken(format!("settings: {error}")))
}

/// Objects are merged, everything else takes the place of what was there.
fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (name, change) in change {
                merge(into.entry(name).or_insert(Value::Null), change);
            }
        }
        (into, change) => *into = change,
    }
}

/// What the contract cannot judge, since it depends on the currency or on other settings.
fn violations(call: &Call<'_, '_>, settings: &Settings) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    let mut fault = |path: String, message: &str| found.push((path, "custom", message.to_owned()));
    if calendar::zone(&settings.localization.timezone).is_none() {
        let message = "must be an IANA time zone, as `Europe/Berlin`";
        fault("localization.timezone".into(), message);
    }
    for (path, amount) in [
        ("buyout.flatFee", settings.buyout.flat_fee),
        ("earlyReturn.flatFee", settings.early_return.flat_fee),
    ] {
        if let Err(why) = call.tenant.currency.minor(amount) {
            fault(path.into(), &why.to_string());
        }
    }
    let orders = &settings.orders;
    if let (Some(least), Some(most)) = (orders.min_quantity, orders.max_quantity)
        && least > most
    {
        fault("orders.minQuantity".into(), "must not exceed `maxQuantity`");
    }
    let lengths = &settings.pricing.contract_lengths;
    let mut months = HashSet::new();
    for (index, length) in lengths.iter().enumerate() {
        if !months.insert(length.months) {
            let path = format!("pricing.contractLengths.{index}.months");
            fault(path, "must be another length than the others");
        }
    }
    if lengths.iter().filter(|length| length.default).count() > 1 {
        let message = "must have one default at most";
        fault("pricing.contractLengths".into(), message);
    }
    for (name, always) in PARTS {
        let path = || format!("addresses.fields.{name}");
        match settings.addresses.fields.get(name) {
            Some(part) if always && !(part.required && part.visible) => {
                fault(path(), "is always visible and required");
            }
            Some(part) if part.required && !part.visible => {
                fault(path(), "must be visible where it is required");
            }
            _ => {}
        }
    }
    custom_fields(settings, &mut fault);
    found
}

fn custom_fields(settings: &Settings, fault: &mut impl FnMut(String, &str)) {
    let mut ids = HashSet::new();
    for (index, field) in settings.custom_fields.iter().enumerate() {
        let path = |name: &str| format!("customFields.{index}.{name}");
        if !ids.insert(&field.id) {
            fault(path("id"), "must be another id than the others");
        }
        if field.kind == CustomFieldType::Select && field.options.is_empty() {
            fault(path("options"), "must not be empty for a `select`");
        }
        if field
            .min_length
            .zip(field.max_length)
            .is_some_and(|(least, most)| least > most)
        {
            fault(path("minLength"), "must not exceed `maxLength`");
        }
        if field
            .pattern
            .as_deref()
            .is_some_and(|it| Regex::new(it).is_err())
        {
            fault(
                path("pattern"),
                "must be a regular expression without look-around",
            );
        }
    }
}
