// generated from nullable.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Other` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Other {
    /// Property `on`.
    pub on: Option<bool>,
}

impl support::Record for Other {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut on = Slot::new("on");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            on.read(&mut properties)?;
        }
        Ok(Self { on: on.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("on", &self.on);
    }
}

support::serde_as_record!(Other);

impl Wire for Other {
    const NAME: &'static str = "Other";
    const RULE: &'static Rule = &Rule::object(
        &[Property::optional("on", Rule::Boolean)],
    );
}

/// Schema `PostalCode` of the contract.
pub type PostalCode = String;

/// Schema `Ways` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    /// Property `always`.
    pub always: String,
    /// Property `alwaysOrNull`.
    pub always_or_null: Option<String>,
    /// Property `sometimes`.
    pub sometimes: Option<String>,
    /// Property `sometimesOrNull`.
    pub sometimes_or_null: support::Maybe<String>,
    /// Property `count`.
    pub count: support::Maybe<i64>,
    /// Property `other`.
    pub other: support::Maybe<Other>,
    /// Property `postalCode`.
    pub postal_code: support::Maybe<PostalCode>,
    /// Property `list`.
    pub list: Option<Vec<Option<i64>>>,
}

impl support::Record for Ways {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut always = Slot::new("always");
        let mut always_or_null = Slot::new("alwaysOrNull");
        let mut sometimes = Slot::new("sometimes");
        let mut sometimes_or_null = Slot::new("sometimesOrNull");
        let mut count = Slot::new("count");
        let mut other = Slot::new("other");
        let mut postal_code = Slot::new("postalCode");
        let mut list = Slot::new("list");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => always.read(&mut properties)?,
                1 => always_or_null.read(&mut properties)?,
                2 => sometimes.read(&mut properties)?,
                3 => sometimes_or_null.read(&mut properties)?,
                4 => {
                    count
                        .read_as::<
                            support::Nullable<support::Int<i64>>,
                            _,
                        >(&mut properties)?
                }
                5 => other.read(&mut properties)?,
                6 => postal_code.read(&mut properties)?,
                _ => {
                    list.read_as::<
                            support::List<support::Nullable<support::Int<i64>>>,
                            _,
                        >(&mut properties)?
                }
            }
        }
        Ok(Self {
            always: properties.required(always)?,
            always_or_null: properties.required(always_or_null)?,
            sometimes: sometimes.optional(),
            sometimes_or_null: sometimes_or_null.maybe(),
            count: count.maybe(),
            other: other.maybe(),
            postal_code: postal_code.maybe(),
            list: list.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("always", &self.always)
            .put("alwaysOrNull", &self.always_or_null)
            .put_some("sometimes", &self.sometimes)
            .put_maybe("sometimesOrNull", &self.sometimes_or_null)
            .put_maybe("count", &self.count)
            .put_maybe("other", &self.other)
            .put_maybe("postalCode", &self.postal_code)
            .put_some("list", &self.list);
    }
}

support::serde_as_record!(Ways);

impl Wire for Ways {
    const NAME: &'static str = "Ways";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("always", Rule::TEXT),
            Property::required("alwaysOrNull", Rule::Nullable(&Rule::TEXT)),
            Property::optional("sometimes", Rule::TEXT),
            Property::optional("sometimesOrNull", Rule::Nullable(&Rule::TEXT)),
            Property::optional(
                "count",
                Rule::Nullable(
                    &Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        ..support::IntegerRule::ANY
                    }),
                ),
            ),
            Property::optional("other", Rule::Nullable(&Rule::of::<Other>())),
            Property::optional("postalCode", Rule::Nullable(&Rule::text(0, 10))),
            Property::optional(
                "list",
                Rule::list(
                    &Rule::Nullable(
                        &Rule::Integer(support::IntegerRule {
                            min: -9223372036854775808,
                            max: 9223372036854775807,
                            stated: (false, false),
                            ..support::IntegerRule::ANY
                        }),
                    ),
                ),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        self.postal_code.value().is_none_or(|value| support::length(value, 0, 10))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Other>(support::Direction::Any),
    support::SchemaEntry {
        name: "PostalCode",
        place: Some("/components/schemas/PostalCode"),
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &Rule = &Rule::Nullable(&Rule::text(0, 10));
                support::decode_with::<
                    support::Nullable<support::Plain<PostalCode>>,
                >(
                    bytes,
                    |value| {
                        value.as_ref().is_none_or(|value| support::length(value, 0, 10))
                    },
                    RULE,
                )
            }
                .map(drop)
        },
    },
    support::SchemaEntry::of::<Ways>(support::Direction::Any),
];
