// generated from numbers.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Numbers` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers {
    /// Property `any`.
    pub any: ::std::option::Option<i64>,
    /// Property `small`.
    pub small: ::std::option::Option<i32>,
    /// Property `natural`.
    pub natural: ::std::option::Option<u64>,
    /// Property `positive`.
    pub positive: ::std::option::Option<u32>,
    /// Property `limit`.
    ///
    /// Default: `50`.
    pub limit: ::std::option::Option<u64>,
    /// Property `halves`.
    pub halves: ::std::option::Option<i64>,
    /// Property `dozen`.
    pub dozen: ::std::option::Option<i64>,
    /// Property `listed`.
    pub listed: ::std::option::Option<i64>,
    /// Property `price`.
    pub price: ::std::option::Option<f64>,
    /// Property `open`.
    pub open: ::std::option::Option<f64>,
    /// Property `rate`.
    pub rate: ::std::option::Option<f64>,
    /// Property `temperatures`.
    pub temperatures: ::std::option::Option<::std::vec::Vec<i64>>,
    /// Property `five`.
    pub five: ::std::option::Option<i64>,
}

impl support::Record for Numbers {
    const PROPERTIES: &'static [&'static str] = &[
        "any",
        "small",
        "natural",
        "positive",
        "limit",
        "halves",
        "dozen",
        "listed",
        "price",
        "open",
        "rate",
        "temperatures",
        "five",
    ];

    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut p3 = ::std::option::Option::None;
        let mut p4 = ::std::option::Option::None;
        let mut p5 = ::std::option::Option::None;
        let mut p6 = ::std::option::Option::None;
        let mut p7 = ::std::option::Option::None;
        let mut p8 = ::std::option::Option::None;
        let mut p9 = ::std::option::Option::None;
        let mut p10 = ::std::option::Option::None;
        let mut p11 = ::std::option::Option::None;
        let mut p12 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<support::Int<i64>, __A>(&mut p0, "any", entries)
                }
                1 => {
                    support::read_into::<
                        support::Int<i32>,
                        __A,
                    >(&mut p1, "small", entries)
                }
                2 => {
                    support::read_into::<
                        support::Int<u64>,
                        __A,
                    >(&mut p2, "natural", entries)
                }
                3 => {
                    support::read_into::<
                        support::Int<u32>,
                        __A,
                    >(&mut p3, "positive", entries)
                }
                4 => {
                    support::read_into::<
                        support::Int<u64>,
                        __A,
                    >(&mut p4, "limit", entries)
                }
                5 => {
                    support::read_into::<
                        support::Int<i64>,
                        __A,
                    >(&mut p5, "halves", entries)
                }
                6 => {
                    support::read_into::<
                        support::Int<i64>,
                        __A,
                    >(&mut p6, "dozen", entries)
                }
                7 => {
                    support::read_into::<
                        support::Int<i64>,
                        __A,
                    >(&mut p7, "listed", entries)
                }
                8 => {
                    support::read_into::<
                        support::Plain<f64>,
                        __A,
                    >(&mut p8, "price", entries)
                }
                9 => {
                    support::read_into::<
                        support::Plain<f64>,
                        __A,
                    >(&mut p9, "open", entries)
                }
                10 => {
                    support::read_into::<
                        support::Plain<f64>,
                        __A,
                    >(&mut p10, "rate", entries)
                }
                11 => {
                    support::read_into::<
                        support::List<support::Int<i64>>,
                        __A,
                    >(&mut p11, "temperatures", entries)
                }
                _ => {
                    support::read_into::<
                        support::Int<i64>,
                        __A,
                    >(&mut p12, "five", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            any: p0,
            small: p1,
            natural: p2,
            positive: p3,
            limit: p4,
            halves: p5,
            dozen: p6,
            listed: p7,
            price: p8,
            open: p9,
            rate: p10,
            temperatures: p11,
            five: p12,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for Numbers {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Numbers {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
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
            .put_some("five", &self.five)
            .end()
    }
}

impl support::Wire for Numbers {
    const NAME: &'static str = "Numbers";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional(
                    "any",
                    support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "small",
                    support::Rule::Integer(support::IntegerRule {
                        min: -2147483648,
                        max: 2147483647,
                        stated: (true, true),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "natural",
                    support::Rule::Integer(support::IntegerRule {
                        min: 0,
                        max: 18446744073709551615,
                        stated: (true, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "positive",
                    support::Rule::Integer(support::IntegerRule {
                        min: 1,
                        max: 2147483647,
                        stated: (true, true),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "limit",
                    support::Rule::Integer(support::IntegerRule {
                        min: 1,
                        max: 100,
                        stated: (true, true),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "halves",
                    support::Rule::Integer(support::IntegerRule {
                        min: -1,
                        max: 2,
                        stated: (true, true),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "dozen",
                    support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::Some(12.0),
                        allowed: &[],
                    }),
                ),
                support::Property::Optional(
                    "listed",
                    support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[1, 2, 3],
                    }),
                ),
                support::Property::Optional(
                    "price",
                    support::Rule::Number(support::NumberRule {
                        min: 0.0,
                        multiple_of: ::std::option::Option::Some(0.01),
                        ..support::NumberRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "open",
                    support::Rule::Number(support::NumberRule {
                        above: 0.0,
                        below: 1.0,
                        ..support::NumberRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "rate",
                    support::Rule::Number(support::NumberRule {
                        allowed: &[0.0, 7.5, 19.0],
                        ..support::NumberRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "temperatures",
                    support::Rule::list(
                        &support::Rule::Integer(support::IntegerRule {
                            min: -50,
                            max: 9223372036854775807,
                            stated: (true, false),
                            multiple_of: ::std::option::Option::None,
                            allowed: &[],
                        }),
                    ),
                ),
                support::Property::Optional(
                    "five",
                    support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[5],
                    }),
                ),
            ],
        );
        RULE
    }

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
    support::SchemaEntry {
        name: "Numbers",
        pointer: "/components/schemas/Numbers",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Numbers>(bytes).map(drop),
    },
];
