// generated from both-values.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Problem` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Property `message`.
    pub message: String,
}

impl support::Record for Problem {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut message = Slot::new("message");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            message.read(&mut properties)?;
        }
        Ok(Self {
            message: properties.required(message)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("message", &self.message);
    }
}

support::serde_as_record!(Problem);

impl Wire for Problem {
    const NAME: &'static str = "Problem";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("message", Rule::TEXT)],
    );
}

/// Schema `Read` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Property `operation`.
    pub operation: String,
    /// Property `values`.
    pub values: Vec<Option<Vec<String>>>,
}

impl support::Record for Read {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut operation = Slot::new("operation");
        let mut values = Slot::new("values");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => operation.read(&mut properties)?,
                _ => values.read(&mut properties)?,
            }
        }
        Ok(Self {
            operation: properties.required(operation)?,
            values: properties.required(values)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("operation", &self.operation).put("values", &self.values);
    }
}

support::serde_as_record!(Read);

impl Wire for Read {
    const NAME: &'static str = "Read";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("operation", Rule::TEXT),
            Property::required(
                "values",
                Rule::list(&Rule::Nullable(&Rule::list(&Rule::TEXT))),
            ),
        ],
    );
}

/// Schema `Texts` of the contract.
pub type Texts = Vec<String>;

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Problem>(support::Direction::Answer),
    support::SchemaEntry::of::<Read>(support::Direction::Answer),
    support::SchemaEntry {
        name: "Texts",
        place: Some("/components/schemas/Texts"),
        direction: support::Direction::Request,
        decode: |bytes| {
            {
                const RULE: &Rule = &Rule::list(&Rule::TEXT);
                support::decode_with::<support::Plain<Texts>>(bytes, |_| true, RULE)
            }
                .map(drop)
        },
    },
];
