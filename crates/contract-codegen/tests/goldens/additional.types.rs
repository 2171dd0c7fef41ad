// generated from additional.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use support::{Property, Rule, Slot, Wire};

/// Schema `Counted` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Property `a`.
    pub a: Option<String>,
    /// Property `b`.
    pub b: support::Maybe<String>,
    /// Properties that are not listed.
    pub additional_properties: Map<String, Value>,
}

impl support::Record for Counted {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut a = Slot::new("a");
        let mut b = Slot::new("b");
        let mut others = Map::new();
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => a.read(&mut properties)?,
                _ => b.read(&mut properties)?,
            }
        }
        Ok(Self {
            a: a.optional(),
            b: b.maybe(),
            additional_properties: others,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put_some("a", &self.a)
            .put_maybe("b", &self.b)
            .put_all(&self.additional_properties);
    }
}

support::serde_as_record!(Counted);

impl Wire for Counted {
    const NAME: &'static str = "Counted";
    const RULE: &'static Rule = &Rule::Object(support::ObjectRule {
        properties: &[
            Property::optional("a", Rule::TEXT),
            Property::optional("b", Rule::Nullable(&Rule::TEXT)),
        ],
        additional: Some(&Rule::Any),
        min: 1,
        max: 2,
    });
    fn is_valid(&self) -> bool {
        (1..=2)
            .contains(
                &[
                    usize::from(self.a.is_some()),
                    usize::from(!self.b.is_absent()),
                    self.additional_properties.len(),
                ]
                    .iter()
                    .sum::<usize>(),
            )
    }
}

/// Schema `Dropped` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dropped {
    /// Property `a`.
    pub a: Option<String>,
}

impl support::Record for Dropped {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut a = Slot::new("a");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            a.read(&mut properties)?;
        }
        Ok(Self { a: a.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("a", &self.a);
    }
}

support::serde_as_record!(Dropped);

impl Wire for Dropped {
    const NAME: &'static str = "Dropped";
    const RULE: &'static Rule = &Rule::object(&[Property::optional("a", Rule::TEXT)]);
}

/// Schema `KeptAny` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeptAny {
    /// Property `a`.
    pub a: Option<String>,
    /// Properties that are not listed.
    pub additional_properties: Map<String, Value>,
}

impl support::Record for KeptAny {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut a = Slot::new("a");
        let mut others = Map::new();
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            a.read(&mut properties)?;
        }
        Ok(Self {
            a: a.optional(),
            additional_properties: others,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("a", &self.a).put_all(&self.additional_properties);
    }
}

support::serde_as_record!(KeptAny);

impl Wire for KeptAny {
    const NAME: &'static str = "KeptAny";
    const RULE: &'static Rule = &Rule::Object(support::ObjectRule {
        properties: &[Property::optional("a", Rule::TEXT)],
        additional: Some(&Rule::Any),
        min: 0,
        max: usize::MAX,
    });
}

/// Schema `KeptTyped` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptTyped {
    /// Property `additional_properties`.
    pub additional_properties_2: String,
    /// Properties that are not listed.
    pub additional_properties: BTreeMap<String, u64>,
}

impl support::Record for KeptTyped {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut additional_properties_2 = Slot::new("additional_properties");
        let mut others = support::Kept::<support::Int<u64>>(BTreeMap::new());
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            additional_properties_2.read(&mut properties)?;
        }
        Ok(Self {
            additional_properties_2: properties.required(additional_properties_2)?,
            additional_properties: others.0,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("additional_properties", &self.additional_properties_2)
            .put_all(&self.additional_properties);
    }
}

support::serde_as_record!(KeptTyped);

impl Wire for KeptTyped {
    const NAME: &'static str = "KeptTyped";
    const RULE: &'static Rule = &Rule::Object(support::ObjectRule {
        properties: &[Property::required("additional_properties", Rule::TEXT)],
        additional: Some(
            &Rule::Integer(support::IntegerRule {
                min: 1,
                max: 18446744073709551615,
                stated: (true, false),
                ..support::IntegerRule::ANY
            }),
        ),
        min: 0,
        max: usize::MAX,
    });
    fn is_valid(&self) -> bool {
        self.additional_properties.values().all(|value| *value >= 1)
    }
}

/// Schema `Refused` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refused {
    /// Property `a`.
    pub a: Option<String>,
}

impl support::Record for Refused {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut a = Slot::new("a");
        let mut others = support::Denied;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            a.read(&mut properties)?;
        }
        Ok(Self { a: a.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("a", &self.a);
    }
}

support::serde_as_record!(Refused);

impl Wire for Refused {
    const NAME: &'static str = "Refused";
    const RULE: &'static Rule = &Rule::Object(support::ObjectRule {
        properties: &[Property::optional("a", Rule::TEXT)],
        additional: None,
        min: 0,
        max: usize::MAX,
    });
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Counted>(support::Direction::Any),
    support::SchemaEntry::of::<Dropped>(support::Direction::Any),
    support::SchemaEntry::of::<KeptAny>(support::Direction::Any),
    support::SchemaEntry::of::<KeptTyped>(support::Direction::Any),
    support::SchemaEntry::of::<Refused>(support::Direction::Any),
];
