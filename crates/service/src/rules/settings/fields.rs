//! Fields of the tenant's own, parts of addresses, and categories of assets.

use serde::{Deserialize, Serialize};

/// A field of the tenant's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomField {
    /// Key in `customFields`.
    pub id: String,
    /// Name for people.
    #[serde(default)]
    pub label: String,
    /// Kind of value.
    #[serde(rename = "type")]
    pub kind: CustomFieldType,
    /// Whether an order must have it.
    #[serde(default)]
    pub required: bool,
    /// Where it belongs.
    pub section: CustomFieldSection,
    /// Values of a `select`.
    #[serde(default)]
    pub options: Vec<String>,
    /// Shortest text.
    #[serde(default)]
    pub min_length: Option<u64>,
    /// Longest text.
    #[serde(default)]
    pub max_length: Option<u64>,
    /// Only length of the text.
    #[serde(default)]
    pub exact_length: Option<u64>,
    /// Regular expression the text must match.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// `customFields[].type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CustomFieldType {
    Text,
    Email,
    Phone,
    Number,
    Textarea,
    Select,
}

/// `customFields[].section`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CustomFieldSection {
    Customer,
    Order,
    Subscription,
}

/// `addresses`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Addresses {
    /// By the name of the field in an address.
    pub fields: std::collections::BTreeMap<String, AddressField>,
}

/// How a part of an address is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AddressField {
    /// Whether forms show it.
    pub visible: bool,
    /// Whether an address must have it.
    pub required: bool,
    /// Name for people.
    pub label: Option<String>,
}

impl Default for AddressField {
    fn default() -> Self {
        AddressField {
            visible: true,
            required: false,
            label: None,
        }
    }
}
