// generated from arrays.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use serde_json::Value;
use support::{Property, Rule, Slot, Wire};

/// Schema `Lists` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    /// Property `some`.
    pub some: Option<Vec<String>>,
    /// Property `tags`.
    pub tags: Option<Vec<String>>,
    /// Property `things`.
    pub things: Option<Vec<Thing>>,
    /// Property `anything`.
    pub anything: Option<Vec<Value>>,
    /// Property `grid`.
    pub grid: Option<Vec<Vec<u64>>>,
}

impl support::Record for Lists {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut some = Slot::new("some");
        let mut tags = Slot::new("tags");
        let mut things = Slot::new("things");
        let mut anything = Slot::new("anything");
        let mut grid = Slot::new("grid");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => some.read(&mut properties)?,
                1 => tags.read(&mut properties)?,
                2 => things.read(&mut properties)?,
                3 => anything.read(&mut properties)?,
                _ => {
                    grid.read_as::<
                            support::List<support::List<support::Int<u64>>>,
                            _,
                        >(&mut properties)?
                }
            }
        }
        Ok(Self {
            some: some.optional(),
            tags: tags.optional(),
            things: things.optional(),
            anything: anything.optional(),
            grid: grid.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put_some("some", &self.some)
            .put_some("tags", &self.tags)
            .put_some("things", &self.things)
            .put_some("anything", &self.anything)
            .put_some("grid", &self.grid);
    }
}

support::serde_as_record!(Lists);

impl Wire for Lists {
    const NAME: &'static str = "Lists";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional("some", Rule::list_of(&Rule::text(1, usize::MAX), 1, 3)),
            Property::optional(
                "tags",
                Rule::List(support::ListRule {
                    item: &Rule::TEXT,
                    min: 0,
                    max: usize::MAX,
                    unique: true,
                }),
            ),
            Property::optional(
                "things",
                Rule::List(support::ListRule {
                    item: &Rule::of::<Thing>(),
                    min: 0,
                    max: usize::MAX,
                    unique: true,
                }),
            ),
            Property::optional(
                "anything",
                Rule::List(support::ListRule {
                    item: &Rule::Any,
                    min: 0,
                    max: usize::MAX,
                    unique: true,
                }),
            ),
            Property::optional(
                "grid",
                Rule::list(
                    &Rule::list(
                        &Rule::Integer(support::IntegerRule {
                            min: 0,
                            max: 18446744073709551615,
                            stated: (true, false),
                            ..support::IntegerRule::ANY
                        }),
                    ),
                ),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        self
            .some
            .as_ref()
            .is_none_or(|value| {
                (1..=3).contains(&value.len())
                    && value.iter().all(|item| !item.is_empty())
            }) && self.tags.as_ref().is_none_or(|value| support::unique(value))
            && self.things.as_ref().is_none_or(|value| support::unique_json(value))
            && self.anything.as_ref().is_none_or(|value| support::unique_json(value))
    }
}

/// Schema `Thing` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thing {
    /// Property `name`.
    pub name: Option<String>,
}

impl support::Record for Thing {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut name = Slot::new("name");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            name.read(&mut properties)?;
        }
        Ok(Self { name: name.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("name", &self.name);
    }
}

support::serde_as_record!(Thing);

impl Wire for Thing {
    const NAME: &'static str = "Thing";
    const RULE: &'static Rule = &Rule::object(&[Property::optional("name", Rule::TEXT)]);
}

/// Schema `Things` of the contract.
pub type Things = Vec<Thing>;

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Lists>(support::Direction::Any),
    support::SchemaEntry::of::<Thing>(support::Direction::Any),
    support::SchemaEntry {
        name: "Things",
        place: Some("/components/schemas/Things"),
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &Rule = &Rule::list_of(&Rule::of::<Thing>(), 1, usize::MAX);
                support::decode_with::<
                    support::Plain<Things>,
                >(bytes, |value| !value.is_empty(), RULE)
            }
                .map(drop)
        },
    },
];
