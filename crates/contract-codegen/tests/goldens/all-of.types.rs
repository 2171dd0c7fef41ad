// generated from all-of.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Base` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// Property `id`.
    pub id: String,
}

impl support::Record for Base {
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

support::serde_as_record!(Base);

impl Wire for Base {
    const NAME: &'static str = "Base";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("id", Rule::text(1, usize::MAX))],
    );
    fn is_valid(&self) -> bool {
        !self.id.is_empty()
    }
}

/// Schema `Extended` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Extended {
    /// Property `id`.
    pub id: String,
    /// Property `size`.
    pub size: u64,
}

impl support::Record for Extended {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut id = Slot::new("id");
        let mut size = Slot::new("size");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => id.read(&mut properties)?,
                _ => size.read_as::<support::Int<u64>, _>(&mut properties)?,
            }
        }
        Ok(Self {
            id: properties.required(id)?,
            size: properties.required(size)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("id", &self.id).put("size", &self.size);
    }
}

support::serde_as_record!(Extended);

impl Wire for Extended {
    const NAME: &'static str = "Extended";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("id", Rule::text(1, 8)),
            Property::required(
                "size",
                Rule::Integer(support::IntegerRule {
                    min: 1,
                    max: 18446744073709551615,
                    stated: (true, false),
                    ..support::IntegerRule::ANY
                }),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        support::length(&self.id, 1, 8) && self.size >= 1
    }
}

/// Schema `Wrapped` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wrapped {
    /// The base, said differently.
    pub base: Option<Base>,
}

impl support::Record for Wrapped {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut base = Slot::new("base");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            base.read(&mut properties)?;
        }
        Ok(Self { base: base.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("base", &self.base);
    }
}

support::serde_as_record!(Wrapped);

impl Wire for Wrapped {
    const NAME: &'static str = "Wrapped";
    const RULE: &'static Rule = &Rule::object(
        &[Property::optional("base", Rule::of::<Base>())],
    );
    fn is_valid(&self) -> bool {
        self.base.as_ref().is_none_or(Wire::is_valid)
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Base>(support::Direction::Any),
    support::SchemaEntry::of::<Extended>(support::Direction::Any),
    support::SchemaEntry::of::<Wrapped>(support::Direction::Any),
];
