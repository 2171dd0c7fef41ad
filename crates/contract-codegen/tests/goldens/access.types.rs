// generated from access.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Account` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Property `name`.
    pub name: String,
    /// Property `secret`.
    pub secret: String,
}

impl Account {
    /// With what is required.
    pub fn new(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            secret: secret.into(),
        }
    }
}

impl support::Record for Account {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut name = Slot::new("name");
        let mut secret = Slot::new("secret");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => name.read(&mut properties)?,
                _ => secret.read(&mut properties)?,
            }
        }
        Ok(Self {
            name: properties.required(name)?,
            secret: properties.required(secret)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("name", &self.name).put("secret", &self.secret);
    }
}

support::serde_as_record!(Account);

impl Wire for Account {
    const NAME: &'static str = "Account";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("name", Rule::TEXT),
            Property::required("secret", Rule::TEXT),
        ],
    );
}

/// Schema `AccountState` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountState {
    /// Property `id`.
    pub id: String,
}

impl support::Record for AccountState {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut id = Slot::new("id");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            id.read(&mut properties)?;
        }
        Ok(Self {
            id: properties.required(id)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("id", &self.id);
    }
}

support::serde_as_record!(AccountState);

impl Wire for AccountState {
    const NAME: &'static str = "AccountState";
    const RULE: &'static Rule = &Rule::object(&[Property::required("id", Rule::TEXT)]);
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Account>(support::Direction::Request),
    support::SchemaEntry::of::<AccountState>(support::Direction::Answer),
];
