// generated from arrays.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Lists` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    /// Property `some`.
    pub some: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    /// Property `tags`.
    pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    /// Property `things`.
    pub things: ::std::option::Option<::std::vec::Vec<Thing>>,
    /// Property `anything`.
    pub anything: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,
    /// Property `grid`.
    pub grid: ::std::option::Option<::std::vec::Vec<::std::vec::Vec<u64>>>,
}

impl support::Record for Lists {
    const PROPERTIES: &'static [&'static str] = &[
        "some",
        "tags",
        "things",
        "anything",
        "grid",
    ];

    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut p3 = ::std::option::Option::None;
        let mut p4 = ::std::option::Option::None;
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
                        support::Plain<::std::vec::Vec<::std::string::String>>,
                        __A,
                    >(&mut p0, "some", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<::std::string::String>>,
                        __A,
                    >(&mut p1, "tags", entries)
                }
                2 => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<Thing>>,
                        __A,
                    >(&mut p2, "things", entries)
                }
                3 => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<::serde_json::Value>>,
                        __A,
                    >(&mut p3, "anything", entries)
                }
                _ => {
                    support::read_into::<
                        support::List<support::List<support::Int<u64>>>,
                        __A,
                    >(&mut p4, "grid", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            some: p0,
            tags: p1,
            things: p2,
            anything: p3,
            grid: p4,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for Lists {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Lists {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("some", &self.some)
            .put_some("tags", &self.tags)
            .put_some("things", &self.things)
            .put_some("anything", &self.anything)
            .put_some("grid", &self.grid)
            .end()
    }
}

impl support::Wire for Lists {
    const NAME: &'static str = "Lists";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional(
                    "some",
                    support::Rule::List(support::ListRule {
                        item: &support::Rule::text(1, usize::MAX),
                        min: 1,
                        max: 3,
                        unique: false,
                    }),
                ),
                support::Property::Optional(
                    "tags",
                    support::Rule::List(support::ListRule {
                        item: &support::Rule::TEXT,
                        min: 0,
                        max: usize::MAX,
                        unique: true,
                    }),
                ),
                support::Property::Optional(
                    "things",
                    support::Rule::List(support::ListRule {
                        item: &support::Rule::Named(<Thing as support::Wire>::rule),
                        min: 0,
                        max: usize::MAX,
                        unique: true,
                    }),
                ),
                support::Property::Optional(
                    "anything",
                    support::Rule::List(support::ListRule {
                        item: &support::Rule::Any,
                        min: 0,
                        max: usize::MAX,
                        unique: true,
                    }),
                ),
                support::Property::Optional(
                    "grid",
                    support::Rule::list(
                        &support::Rule::list(
                            &support::Rule::Integer(support::IntegerRule {
                                min: 0,
                                max: 18446744073709551615,
                                stated: (true, false),
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
    pub name: ::std::option::Option<::std::string::String>,
}

impl support::Record for Thing {
    const PROPERTIES: &'static [&'static str] = &["name"];
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
                support::Plain<::std::string::String>,
                __A,
            >(&mut p0, "name", entries),
        )?;
        ::std::result::Result::Ok(Self { name: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Thing {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Thing {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("name", &self.name).end()
    }
}

impl support::Wire for Thing {
    const NAME: &'static str = "Thing";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Optional("name", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Things` of the contract.
pub type Things = ::std::vec::Vec<Thing>;

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Lists",
        pointer: "/components/schemas/Lists",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Lists>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Thing",
        pointer: "/components/schemas/Thing",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Thing>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Things",
        pointer: "/components/schemas/Things",
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &support::Rule = &support::Rule::List(support::ListRule {
                    item: &support::Rule::Named(<Thing as support::Wire>::rule),
                    min: 1,
                    max: usize::MAX,
                    unique: false,
                });
                support::decode_with::<
                    support::Plain<Things>,
                >(bytes, |value| !value.is_empty(), RULE)
            }
                .map(drop)
        },
    },
];
