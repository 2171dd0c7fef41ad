// generated from maps.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use support::{Property, Rule, Slot, Wire};

/// Schema `Maps` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Maps {
    /// Property `anything`.
    pub anything: Option<Map<String, Value>>,
    /// Property `free`.
    pub free: Option<Map<String, Value>>,
    /// Property `counts`.
    pub counts: Option<BTreeMap<String, i64>>,
    /// Property `parts`.
    pub parts: Option<BTreeMap<String, Part>>,
}

impl support::Record for Maps {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut anything = Slot::new("anything");
        let mut free = Slot::new("free");
        let mut counts = Slot::new("counts");
        let mut parts = Slot::new("parts");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => anything.read(&mut properties)?,
                1 => free.read(&mut properties)?,
                2 => {
                    counts
                        .read_as::<
                            support::Entries<support::Int<i64>>,
                            _,
                        >(&mut properties)?
                }
                _ => parts.read(&mut properties)?,
            }
        }
        Ok(Self {
            anything: anything.optional(),
            free: free.optional(),
            counts: counts.optional(),
            parts: parts.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put_some("anything", &self.anything)
            .put_some("free", &self.free)
            .put_some("counts", &self.counts)
            .put_some("parts", &self.parts);
    }
}

support::serde_as_record!(Maps);

impl Wire for Maps {
    const NAME: &'static str = "Maps";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional("anything", Rule::OBJECT),
            Property::optional("free", Rule::OBJECT),
            Property::optional(
                "counts",
                Rule::Object(support::ObjectRule {
                    properties: &[],
                    additional: Some(
                        &Rule::Integer(support::IntegerRule {
                            min: -9223372036854775808,
                            max: 9223372036854775807,
                            stated: (false, false),
                            ..support::IntegerRule::ANY
                        }),
                    ),
                    min: 1,
                    max: 2,
                }),
            ),
            Property::optional(
                "parts",
                Rule::Object(support::ObjectRule {
                    properties: &[],
                    additional: Some(&Rule::of::<Part>()),
                    min: 0,
                    max: usize::MAX,
                }),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        self.counts.as_ref().is_none_or(|value| (1..=2).contains(&value.len()))
            && self.parts.as_ref().is_none_or(|value| value.values().all(Wire::is_valid))
    }
}

/// Schema `Part` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Property `id`.
    pub id: String,
}

impl support::Record for Part {
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

support::serde_as_record!(Part);

impl Wire for Part {
    const NAME: &'static str = "Part";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("id", Rule::text(1, usize::MAX))],
    );
    fn is_valid(&self) -> bool {
        !self.id.is_empty()
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Maps>(support::Direction::Any),
    support::SchemaEntry::of::<Part>(support::Direction::Any),
];
