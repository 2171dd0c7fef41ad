// generated from both-answers.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Holder` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Property `holder`.
    pub holder: String,
}

impl support::Record for Holder {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut holder = Slot::new("holder");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            holder.read(&mut properties)?;
        }
        Ok(Self {
            holder: properties.required(holder)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("holder", &self.holder);
    }
}

support::serde_as_record!(Holder);

impl Wire for Holder {
    const NAME: &'static str = "Holder";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("holder", Rule::TEXT)],
    );
}

/// Schema `Page` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Property `title`.
    pub title: String,
}

impl support::Record for Page {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut title = Slot::new("title");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            title.read(&mut properties)?;
        }
        Ok(Self {
            title: properties.required(title)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("title", &self.title);
    }
}

support::serde_as_record!(Page);

impl Wire for Page {
    const NAME: &'static str = "Page";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("title", Rule::TEXT)],
    );
}

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

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Holder>(support::Direction::Answer),
    support::SchemaEntry::of::<Page>(support::Direction::Answer),
    support::SchemaEntry::of::<Problem>(support::Direction::Answer),
];
