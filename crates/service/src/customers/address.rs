//! What a tenant wants to know of an address beyond what the contract requires.

use types::Address;

use crate::call::Tenant;

/// A violation as `error::invalid_all` takes it.
type Violation = (String, &'static str, String);

/// The parts that the tenant's settings require and `address` lacks; `path` is where it stands in
/// the request.
pub(crate) fn missing_parts(tenant: &Tenant, path: &str, address: &Address) -> Vec<Violation> {
    let fields = tenant.settings.addresses.fields.iter();
    let required = fields
        .filter(|(_, field)| field.required)
        .map(|(name, _)| name.as_str());
    required
        .filter(|name| part(address, name).is_none_or(|text| text.trim().is_empty()))
        .map(|name| {
            let message = "is required by the settings of this tenant".into();
            (format!("{path}.{name}"), "required", message)
        })
        .collect()
}

/// The part of an address with a name of the contract. Names it does not know count as given:
/// nobody could send them.
fn part<'a>(address: &'a Address, name: &str) -> Option<&'a str> {
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
