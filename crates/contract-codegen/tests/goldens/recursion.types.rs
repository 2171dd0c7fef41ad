// generated from recursion.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::de::MapAccess;
use std::collections::BTreeMap;
use support::{Property, Rule, Slot, Wire};

/// Schema `Chain` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Property `next`.
    pub next: Option<Box<Chain>>,
}

impl support::Record for Chain {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut next = Slot::new("next");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            next.read(&mut properties)?;
        }
        Ok(Self {
            next: properties.required(next)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("next", &self.next);
    }
}

support::serde_as_record!(Chain);

impl Wire for Chain {
    const NAME: &'static str = "Chain";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("next", Rule::Nullable(&Rule::of::<Chain>()))],
    );
}

/// Schema `Expression` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// Choice `Number`.
    Number(f64),
    /// Choice `Sum`.
    Sum(Sum),
    /// Choice `Product`.
    Product(Product),
    /// Several choices at once, each with what it declares.
    Several(Vec<Self>),
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(value) => Serialize::serialize(value, serializer),
            Self::Sum(value) => Serialize::serialize(value, serializer),
            Self::Product(value) => Serialize::serialize(value, serializer),
            Self::Several(values) => support::encode_several(values, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        support::decode_union(
            deserializer,
            <Self as Wire>::RULE,
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<f64>>(value)
                            .map(Self::Number)
                    }
                    1 => {
                        support::read_choice::<support::Plain<Sum>>(value).map(Self::Sum)
                    }
                    _ => {
                        support::read_choice::<support::Plain<Product>>(value)
                            .map(Self::Product)
                    }
                },
                several: Some(Self::Several),
                unlisted: None,
            },
        )
    }
}

impl Wire for Expression {
    const NAME: &'static str = "Expression";
    const RULE: &'static Rule = &Rule::Union(support::UnionRule {
        exactly_one: false,
        tag: None,
        choices: &[
            support::UnionChoice {
                name: "Number",
                tags: &[],
                rule: Rule::NUMBER,
            },
            support::UnionChoice {
                name: "Sum",
                tags: &[],
                rule: Rule::of::<Sum>(),
            },
            support::UnionChoice {
                name: "Product",
                tags: &[],
                rule: Rule::of::<Product>(),
            },
        ],
    });
}

/// Schema `Product` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Property `times`.
    pub times: Vec<Expression>,
}

impl support::Record for Product {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut times = Slot::new("times");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            times.read(&mut properties)?;
        }
        Ok(Self {
            times: properties.required(times)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("times", &self.times);
    }
}

support::serde_as_record!(Product);

impl Wire for Product {
    const NAME: &'static str = "Product";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("times", Rule::list(&Rule::of::<Expression>()))],
    );
}

/// Schema `Sum` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// Property `add`.
    pub add: Vec<Expression>,
}

impl support::Record for Sum {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut add = Slot::new("add");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            add.read(&mut properties)?;
        }
        Ok(Self {
            add: properties.required(add)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("add", &self.add);
    }
}

support::serde_as_record!(Sum);

impl Wire for Sum {
    const NAME: &'static str = "Sum";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("add", Rule::list(&Rule::of::<Expression>()))],
    );
}

/// Schema `Tree` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Property `name`.
    pub name: String,
    /// Property `left`.
    pub left: Option<Box<Tree>>,
    /// Property `right`.
    pub right: support::Maybe<Box<Tree>>,
    /// Property `children`.
    pub children: Option<Vec<Tree>>,
    /// Property `byName`.
    pub by_name: Option<BTreeMap<String, Tree>>,
}

impl support::Record for Tree {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut name = Slot::new("name");
        let mut left = Slot::new("left");
        let mut right = Slot::new("right");
        let mut children = Slot::new("children");
        let mut by_name = Slot::new("byName");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => name.read(&mut properties)?,
                1 => left.read(&mut properties)?,
                2 => right.read(&mut properties)?,
                3 => children.read(&mut properties)?,
                _ => by_name.read(&mut properties)?,
            }
        }
        Ok(Self {
            name: properties.required(name)?,
            left: left.optional(),
            right: right.maybe(),
            children: children.optional(),
            by_name: by_name.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("name", &self.name)
            .put_some("left", &self.left)
            .put_maybe("right", &self.right)
            .put_some("children", &self.children)
            .put_some("byName", &self.by_name);
    }
}

support::serde_as_record!(Tree);

impl Wire for Tree {
    const NAME: &'static str = "Tree";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("name", Rule::text(1, usize::MAX)),
            Property::optional("left", Rule::of::<Tree>()),
            Property::optional("right", Rule::Nullable(&Rule::of::<Tree>())),
            Property::optional("children", Rule::list(&Rule::of::<Tree>())),
            Property::optional(
                "byName",
                Rule::Object(support::ObjectRule {
                    properties: &[],
                    additional: Some(&Rule::of::<Tree>()),
                    min: 0,
                    max: usize::MAX,
                }),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        !self.name.is_empty() && self.left.as_deref().is_none_or(Wire::is_valid)
            && self.right.value().map(|value| &**value).is_none_or(Wire::is_valid)
            && self
                .children
                .as_ref()
                .is_none_or(|value| value.iter().all(Wire::is_valid))
            && self
                .by_name
                .as_ref()
                .is_none_or(|value| value.values().all(Wire::is_valid))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Chain>(support::Direction::Any),
    support::SchemaEntry::of::<Expression>(support::Direction::Any),
    support::SchemaEntry::of::<Product>(support::Direction::Any),
    support::SchemaEntry::of::<Sum>(support::Direction::Any),
    support::SchemaEntry::of::<Tree>(support::Direction::Any),
];
