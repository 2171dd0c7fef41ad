// generated from nullable.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Other` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Other {
    /// Property `on`.
    pub on: ::std::option::Option<bool>,
}

impl support::Record for Other {
    const PROPERTIES: &'static [&'static str] = &["on"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<bool>,
                __A,
            >(&mut p0, "on", entries),
        )?;
        ::std::result::Result::Ok(Self { on: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Other {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Other {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("on", &self.on).end()
    }
}

impl support::Wire for Other {
    const NAME: &'static str = "Other";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Optional("on", support::Rule::Boolean)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `PostalCode` of the contract.
pub type PostalCode = ::std::string::String;

/// Schema `Ways` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    /// Property `always`.
    pub always: ::std::string::String,
    /// Property `alwaysOrNull`.
    pub always_or_null: ::std::option::Option<::std::string::String>,
    /// Property `sometimes`.
    pub sometimes: ::std::option::Option<::std::string::String>,
    /// Property `sometimesOrNull`.
    pub sometimes_or_null: support::Maybe<::std::string::String>,
    /// Property `count`.
    pub count: support::Maybe<i64>,
    /// Property `other`.
    pub other: support::Maybe<Other>,
    /// Property `postalCode`.
    pub postal_code: support::Maybe<PostalCode>,
    /// Property `list`.
    pub list: ::std::option::Option<::std::vec::Vec<::std::option::Option<i64>>>,
}

impl support::Record for Ways {
    const PROPERTIES: &'static [&'static str] = &[
        "always",
        "alwaysOrNull",
        "sometimes",
        "sometimesOrNull",
        "count",
        "other",
        "postalCode",
        "list",
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
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p0, "always", entries)
                }
                1 => {
                    support::read_into::<
                        support::Nullable<support::Plain<::std::string::String>>,
                        __A,
                    >(&mut p1, "alwaysOrNull", entries)
                }
                2 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p2, "sometimes", entries)
                }
                3 => {
                    support::read_into::<
                        support::Nullable<support::Plain<::std::string::String>>,
                        __A,
                    >(&mut p3, "sometimesOrNull", entries)
                }
                4 => {
                    support::read_into::<
                        support::Nullable<support::Int<i64>>,
                        __A,
                    >(&mut p4, "count", entries)
                }
                5 => {
                    support::read_into::<
                        support::Nullable<support::Plain<Other>>,
                        __A,
                    >(&mut p5, "other", entries)
                }
                6 => {
                    support::read_into::<
                        support::Nullable<support::Plain<PostalCode>>,
                        __A,
                    >(&mut p6, "postalCode", entries)
                }
                _ => {
                    support::read_into::<
                        support::List<support::Nullable<support::Int<i64>>>,
                        __A,
                    >(&mut p7, "list", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self {
                    always: p0,
                    always_or_null: p1,
                    sometimes: p2,
                    sometimes_or_null: support::maybe(p3),
                    count: support::maybe(p4),
                    other: support::maybe(p5),
                    postal_code: support::maybe(p6),
                    list: p7,
                })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[("always", p0.is_none()), ("alwaysOrNull", p1.is_none())],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Ways {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Ways {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("always", &self.always)
            .put("alwaysOrNull", &self.always_or_null)
            .put_some("sometimes", &self.sometimes)
            .put_maybe("sometimesOrNull", &self.sometimes_or_null)
            .put_maybe("count", &self.count)
            .put_maybe("other", &self.other)
            .put_maybe("postalCode", &self.postal_code)
            .put_some("list", &self.list)
            .end()
    }
}

impl support::Wire for Ways {
    const NAME: &'static str = "Ways";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("always", support::Rule::TEXT),
                support::Property::Required(
                    "alwaysOrNull",
                    support::Rule::Nullable(&support::Rule::TEXT),
                ),
                support::Property::Optional("sometimes", support::Rule::TEXT),
                support::Property::Optional(
                    "sometimesOrNull",
                    support::Rule::Nullable(&support::Rule::TEXT),
                ),
                support::Property::Optional(
                    "count",
                    support::Rule::Nullable(
                        &support::Rule::Integer(support::IntegerRule {
                            min: -9223372036854775808,
                            max: 9223372036854775807,
                            stated: (false, false),
                            multiple_of: ::std::option::Option::None,
                            allowed: &[],
                        }),
                    ),
                ),
                support::Property::Optional(
                    "other",
                    support::Rule::Nullable(
                        &support::Rule::Named(<Other as support::Wire>::rule),
                    ),
                ),
                support::Property::Optional(
                    "postalCode",
                    support::Rule::Nullable(&support::Rule::text(0, 10)),
                ),
                support::Property::Optional(
                    "list",
                    support::Rule::list(
                        &support::Rule::Nullable(
                            &support::Rule::Integer(support::IntegerRule {
                                min: -9223372036854775808,
                                max: 9223372036854775807,
                                stated: (false, false),
                                multiple_of: ::std::option::Option::None,
                                allowed: &[],
                            }),
                        ),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.postal_code.value().is_none_or(|value| support::length(value, 0, 10))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Other",
        pointer: "/components/schemas/Other",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Other>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "PostalCode",
        pointer: "/components/schemas/PostalCode",
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &support::Rule = &support::Rule::text(0, 10);
                support::decode_with::<
                    support::Plain<PostalCode>,
                >(bytes, |value| support::length(value, 0, 10), RULE)
            }
                .map(drop)
        },
    },
    support::SchemaEntry {
        name: "Ways",
        pointer: "/components/schemas/Ways",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Ways>(bytes).map(drop),
    },
];
