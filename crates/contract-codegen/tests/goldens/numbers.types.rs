// generated from numbers.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Numbers` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers {
    /// Property `any`.
    pub any: Option<i64>,
    /// Property `small`.
    pub small: Option<i32>,
    /// Property `natural`.
    pub natural: Option<u64>,
    /// Property `positive`.
    pub positive: Option<u32>,
    /// Property `limit`.
    ///
    /// Default: `50`.
    pub limit: Option<u64>,
    /// Property `halves`.
    pub halves: Option<i64>,
    /// Property `dozen`.
    pub dozen: Option<i64>,
    /// Property `listed`.
    pub listed: Option<i64>,
    /// Property `price`.
    pub price: Option<f64>,
    /// Property `open`.
    pub open: Option<f64>,
    /// Property `rate`.
    pub rate: Option<f64>,
    /// Property `temperatures`.
    pub temperatures: Option<Vec<i64>>,
    /// Property `five`.
    pub five: Option<i64>,
}

impl support::Record for Numbers {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut any = Slot::new("any");
        let mut small = Slot::new("small");
        let mut natural = Slot::new("natural");
        let mut positive = Slot::new("positive");
        let mut limit = Slot::new("limit");
        let mut halves = Slot::new("halves");
        let mut dozen = Slot::new("dozen");
        let mut listed = Slot::new("listed");
        let mut price = Slot::new("price");
        let mut open = Slot::new("open");
        let mut rate = Slot::new("rate");
        let mut temperatures = Slot::new("temperatures");
        let mut five = Slot::new("five");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => any.read_as::<support::Int<i64>, _>(&mut properties)?,
                1 => small.read_as::<support::Int<i32>, _>(&mut properties)?,
                2 => natural.read_as::<support::Int<u64>, _>(&mut properties)?,
                3 => positive.read_as::<support::Int<u32>, _>(&mut properties)?,
                4 => limit.read_as::<support::Int<u64>, _>(&mut properties)?,
                5 => halves.read_as::<support::Int<i64>, _>(&mut properties)?,
                6 => dozen.read_as::<support::Int<i64>, _>(&mut properties)?,
                7 => listed.read_as::<support::Int<i64>, _>(&mut properties)?,
                8 => price.read(&mut properties)?,
                9 => open.read(&mut properties)?,
                10 => rate.read(&mut properties)?,
                11 => {
                    temperatures
                        .read_as::<support::List<support::Int<i64>>, _>(&mut properties)?
                }
                _ => five.read_as::<support::Int<i64>, _>(&mut properties)?,
            }
        }
        Ok(Self {
            any: any.optional(),
            small: small.optional(),
            natural: natural.optional(),
            positive: positive.optional(),
            limit: limit.optional(),
            halves: halves.optional(),
            dozen: dozen.optional(),
            listed: listed.optional(),
            price: price.optional(),
            open: open.optional(),
            rate: rate.optional(),
            temperatures: temperatures.optional(),
            five: five.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put_some("any", &self.any)
            .put_some("small", &self.small)
            .put_some("natural", &self.natural)
            .put_some("positive", &self.positive)
            .put_some("limit", &self.limit)
            .put_some("halves", &self.halves)
            .put_some("dozen", &self.dozen)
            .put_some("listed", &self.listed)
            .put_some("price", &self.price)
            .put_some("open", &self.open)
            .put_some("rate", &self.rate)
            .put_some("temperatures", &self.temperatures)
            .put_some("five", &self.five);
    }
}

support::serde_as_record!(Numbers);

impl Wire for Numbers {
    const NAME: &'static str = "Numbers";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional(
                "any",
                Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    ..support::IntegerRule::ANY
                }),
            ),
            Property::optional("small", Rule::integer(-2147483648, 2147483647)),
            Property::optional(
                "natural",
                Rule::Integer(support::IntegerRule {
                    min: 0,
                    max: 18446744073709551615,
                    stated: (true, false),
                    ..support::IntegerRule::ANY
                }),
            ),
            Property::optional("positive", Rule::integer(1, 2147483647)),
            Property::optional("limit", Rule::integer(1, 100)),
            Property::optional("halves", Rule::integer(-1, 2)),
            Property::optional(
                "dozen",
                Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    multiple_of: Some(12.0),
                    ..support::IntegerRule::ANY
                }),
            ),
            Property::optional(
                "listed",
                Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    allowed: &[1, 2, 3],
                    ..support::IntegerRule::ANY
                }),
            ),
            Property::optional(
                "price",
                Rule::Number(support::NumberRule {
                    min: 0.0,
                    multiple_of: Some(0.01),
                    ..support::NumberRule::ANY
                }),
            ),
            Property::optional(
                "open",
                Rule::Number(support::NumberRule {
                    above: 0.0,
                    below: 1.0,
                    ..support::NumberRule::ANY
                }),
            ),
            Property::optional(
                "rate",
                Rule::Number(support::NumberRule {
                    allowed: &[0.0, 7.5, 19.0],
                    ..support::NumberRule::ANY
                }),
            ),
            Property::optional(
                "temperatures",
                Rule::list(
                    &Rule::Integer(support::IntegerRule {
                        min: -50,
                        max: 9223372036854775807,
                        stated: (true, false),
                        ..support::IntegerRule::ANY
                    }),
                ),
            ),
            Property::optional(
                "five",
                Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    allowed: &[5],
                    ..support::IntegerRule::ANY
                }),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        self.positive.as_ref().is_none_or(|value| (1..=2147483647).contains(value))
            && self.limit.as_ref().is_none_or(|value| (1..=100).contains(value))
            && self.halves.as_ref().is_none_or(|value| (-1..=2).contains(value))
            && self.dozen.as_ref().is_none_or(|value| support::divides(12, *value))
            && self.listed.as_ref().is_none_or(|value| [1, 2, 3].contains(value))
            && self
                .price
                .as_ref()
                .is_none_or(|value| *value >= 0.0 && support::multiple_of(*value, 0.01))
            && self.open.as_ref().is_none_or(|value| *value > 0.0 && *value < 1.0)
            && self.rate.as_ref().is_none_or(|value| [0.0, 7.5, 19.0].contains(value))
            && self
                .temperatures
                .as_ref()
                .is_none_or(|value| value.iter().all(|item| *item >= -50))
            && self.five.as_ref().is_none_or(|value| [5].contains(value))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Numbers>(support::Direction::Any),
];
