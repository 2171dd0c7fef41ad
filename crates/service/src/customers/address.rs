//! What a tenant wants to know of an address beyond what the contract requires.

use types::AddressInput;

use crate::call::Tenant;
use crate::texts::Violation;

/// Parts that no settings make optional. The contract lets them be empty.
const ALWAYS_REQUIRED: [&str; 3] = ["streetAddress", "city", "country"];

/// The parts that every address needs or the tenant's settings require, and `address` lacks; `path`
/// is where it stands in the request.
pub(crate) fn missing_parts(tenant: &Tenant, path: &str, address: &AddressInput) -> Vec<Violation> {
    let fields = tenant.settings.addresses.fields.iter();
    let by_settings = fields
        .filter(|(_, field)| field.required)
        .map(|(name, _)| name.as_str())
        .filter(|name| !ALWAYS_REQUIRED.contains(name))
        .map(|name| {
            (
                name,
                "required",
                "is required by the settings of this tenant",
            )
        });
    let always = ALWAYS_REQUIRED.map(|name| (name, "too_small", "must not be empty"));
    always
        .into_iter()
        .chain(by_settings)
        .filter(|(name, ..)| part(address, name).is_none_or(|text| text.trim().is_empty()))
        .map(|(name, code, message)| (format!("{path}.{name}"), code, message.into()))
        .collect()
}

/// The part of an address with a name of the contract. Names it does not know count as given:
/// nobody could send them.
fn part<'a>(address: &'a AddressInput, name: &str) -> Option<&'a str> {
    match name {
        "contactName" => Some(&address.contact_name),
        "company" => address.company.as_deref(),
        "buildingInfo" => address.building_info.as_deref(),
        "streetAddress" => Some(&address.street_address),
        "locality" => address.locality.as_deref(),
        "city" => Some(&address.city),
        "adminArea" => address.admin_area.as_deref(),
        "postalCode" => address.postal_code.value().map(String::as_str),
        "country" => Some(&address.country),
        _ => Some("unknown"),
    }
}
