//! Permissions of API keys: `<resource>:read` and `<resource>:write`.

use std::fmt;
use std::sync::LazyLock;

use api::Operation;

use crate::face::serve::ORGANISATION_TAG;

/// Resources, in the order of the bits.
const RESOURCES: [&str; 11] = [
    "orders",
    "subscriptions",
    "products",
    "customers",
    "assets",
    "payments",
    "billing-groups",
    "files",
    "exports",
    "settings",
    "webhooks",
];

/// Operations that only compute or hand out, although their method is not GET.
const READING: [&str; 4] = [
    "calculateBuyoutPrice",
    "calculateEarlyReturnFee",
    "getFileUrl",
    "exportRentals",
];

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permissions(u32);

/// One permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    resource: usize,
    write: bool,
}

impl Permission {
    /// The permission with a name such as `customers:write`.
    pub(crate) fn from_name(name: &str) -> Option<Permission> {
        let (resource, access) = name.split_once(':')?;
        let resource = RESOURCES.iter().position(|known| *known == resource)?;
        match access {
            "read" => Some(Permission {
                resource,
                write: false,
            }),
            "write" => Some(Permission {
                resource,
                write: true,
            }),
            _ => None,
        }
    }

    /// Every permission there is.
    pub(crate) fn all() -> impl Iterator<Item = Permission> {
        (0..RESOURCES.len())
            .flat_map(|resource| [false, true].map(|write| Permission { resource, write }))
    }

    fn bit(self) -> u32 {
        1 << (self.resource * 2 + usize::from(self.write))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = if self.write { "write" } else { "read" };
        write!(formatter, "{}:{access}", RESOURCES[self.resource])
    }
}

impl Permissions {
    /// The set of these names; names that a later release wrote are passed over.
    pub(crate) fn from_names(names: &[String]) -> Permissions {
        let permissions = names.iter().filter_map(|name| Permission::from_name(name));
        Permissions(permissions.fold(0, |bits, permission| bits | permission.bit()))
    }

    /// What an operation needs; `None`: no API key may call it.
    pub(crate) fn needed(operation: Operation) -> Option<Permission> {
        if operation.tag() == ORGANISATION_TAG {
            return None;
        }
        // A tag is named like its resource: `Billing Groups`, `billing-groups`.
        let tag = operation.tag().to_ascii_lowercase().replace(' ', "-");
        let resource = RESOURCES.iter().position(|known| *known == tag);
        let reading = operation.method() == "GET" || READING.contains(&operation.id());
        Some(Permission {
            resource: resource.expect("every tag of the contract is a resource; a test holds that"),
            write: !reading,
        })
    }

    /// Whether the set contains what an operation needs.
    pub(crate) fn allow(self, operation: Operation) -> bool {
        // Asked with every request; the texts behind it never change.
        static NEEDED: LazyLock<Vec<u32>> = LazyLock::new(|| {
            Operation::ALL
                .iter()
                .map(|operation| Permissions::needed(*operation).map_or(0, Permission::bit))
                .collect()
        });
        NEEDED
            .get(operation as usize)
            .is_some_and(|bit| self.0 & bit != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_needs_a_permission_that_exists() {
        for operation in Operation::ALL {
            if let Some(needed) = Permissions::needed(operation) {
                assert_eq!(Permission::from_name(&needed.to_string()), Some(needed));
            }
        }
    }

    #[test]
    fn reading_does_not_allow_writing() {
        let reading = Permissions::from_names(&["customers:read".into(), "unheard:of".into()]);
        assert!(reading.allow(Operation::GetCustomer));
        assert!(!reading.allow(Operation::DeleteCustomer));
        assert!(!reading.allow(Operation::GetOrder));
        let quotes = Permissions::from_names(&["subscriptions:read".into()]);
        assert!(quotes.allow(Operation::CalculateBuyoutPrice));
        assert!(!quotes.allow(Operation::BuyoutSubscription));
    }
}
