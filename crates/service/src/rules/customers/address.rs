//! What a tenant wants to know of an address beyond what the contract requires.

use types::AddressInput;

use crate::call::Tenant;
use crate::rules::texts::Violation;

/// Parts that no settings make optional: the contract demands them.
const ALWAYS_REQUIRED: [&str; 3] = ["streetAddress", "city", "country"];

/// The parts that the tenant's settings require and `address` lacks; `path` is where it stands in the
/// request.
pub(crate) fn missing_parts(tenant: &Tenant, path: &str, address: &AddressInput) -> Vec<Violation> {
    let fields = tenant.settings.addresses.fields.iter();
    let message = "is required by the settings of this tenant";
    fields
        .filter(|(_, field)| field.required)
        .map(|(name, _)| name.as_str())
        .filter(|name| !ALWAYS_REQUIRED.contains(name))
        .filter(|name| part(address, name).is_none_or(|text| text.trim().is_empty()))
        .map(|name| (format!("{path}.{name}"), "required", message.into()))
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
