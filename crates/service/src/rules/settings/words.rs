//! Words of the tenant's own: contracts, catalogue, and which assets are phones.

use serde::{Deserialize, Serialize};

/// `assets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Assets {
    /// Categories, in any letter case, whose serial numbers are IMEIs.
    pub imei_categories: Vec<String>,
}

impl Default for Assets {
    fn default() -> Self {
        let names = ["phone", "phones", "smartphone", "smartphones"];
        Assets {
            imei_categories: names.map(str::to_owned).to_vec(),
        }
    }
}

/// `contracts`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Contracts {
    /// A template for each kind of contract.
    pub templates: ContractTemplates,
}

/// `contracts.templates`; none is the built-in one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContractTemplates {
    /// Of an order.
    pub order: Option<ContractTemplate>,
    /// Of an extension.
    pub extension: Option<ContractTemplate>,
    /// Of an upgrade.
    pub upgrade: Option<ContractTemplate>,
}

/// Words of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractTemplate {
    /// Title of the document.
    pub title: String,
    /// Terms; an empty line begins a paragraph.
    pub terms: String,
}

/// `catalog`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Catalog {
    /// Categories on offer.
    pub categories: Vec<String>,
    /// Conditions of devices.
    pub conditions: Vec<Condition>,
}

/// A condition of devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Name.
    pub name: String,
    /// Value compared with a new device, 0–1.
    pub factor: f64,
}

impl Default for Catalog {
    fn default() -> Self {
        let conditions = [
            ("new", 1.0),
            ("like_new", 0.9),
            ("good", 0.8),
            ("fair", 0.7),
        ];
        let condition = |(name, factor): (&str, f64)| Condition {
            name: name.into(),
            factor,
        };
        Catalog {
            categories: Vec::new(),
            conditions: conditions.map(condition).to_vec(),
        }
    }
}
