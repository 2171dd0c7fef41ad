// generated from maps.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Maps` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Maps {
    /// Property `anything`.
    pub anything: ::std::option::Option<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    >,
    /// Property `free`.
    pub free: ::std::option::Option<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    >,
    /// Property `counts`.
    pub counts: ::std::option::Option<
        ::std::collections::BTreeMap<::std::string::String, i64>,
    >,
    /// Property `parts`.
    pub parts: ::std::option::Option<
        ::std::collections::BTreeMap<::std::string::String, Part>,
    >,
}

impl support::Record for Maps {
    const PROPERTIES: &'static [&'static str] = &["anything", "free", "counts", "parts"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut p3 = ::std::option::Option::None;
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
                        support::Plain<
                            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                        >,
                        __A,
                    >(&mut p0, "anything", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<
                            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                        >,
                        __A,
                    >(&mut p1, "free", entries)
                }
                2 => {
                    support::read_into::<
                        support::Entries<support::Int<i64>>,
                        __A,
                    >(&mut p2, "counts", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<
                            ::std::collections::BTreeMap<::std::string::String, Part>,
                        >,
                        __A,
                    >(&mut p3, "parts", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            anything: p0,
            free: p1,
            counts: p2,
            parts: p3,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for Maps {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Maps {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("anything", &self.anything)
            .put_some("free", &self.free)
            .put_some("counts", &self.counts)
            .put_some("parts", &self.parts)
            .end()
    }
}

impl support::Wire for Maps {
    const NAME: &'static str = "Maps";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional("anything", support::Rule::OBJECT),
                support::Property::Optional("free", support::Rule::OBJECT),
                support::Property::Optional(
                    "counts",
                    support::Rule::Object(support::ObjectRule {
                        properties: &[],
                        additional: ::std::option::Option::Some(
                            &support::Rule::Integer(support::IntegerRule {
                                min: -9223372036854775808,
                                max: 9223372036854775807,
                                stated: (false, false),
                                multiple_of: ::std::option::Option::None,
                                allowed: &[],
                            }),
                        ),
                        min: 1,
                        max: 2,
                    }),
                ),
                support::Property::Optional(
                    "parts",
                    support::Rule::Object(support::ObjectRule {
                        properties: &[],
                        additional: ::std::option::Option::Some(
                            &support::Rule::Named(<Part as support::Wire>::rule),
                        ),
                        min: 0,
                        max: usize::MAX,
                    }),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.counts.as_ref().is_none_or(|value| (1..=2).contains(&value.len()))
            && self
                .parts
                .as_ref()
                .is_none_or(|value| value.values().all(support::Wire::is_valid))
    }
}

/// Schema `Part` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Property `id`.
    pub id: ::std::string::String,
}

impl support::Record for Part {
    const PROPERTIES: &'static [&'static str] = &["id"];
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
            >(&mut p0, "id", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { id: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("id", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Part {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Part {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("id", &self.id).end()
    }
}

impl support::Wire for Part {
    const NAME: &'static str = "Part";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("id", support::Rule::text(1, usize::MAX))],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        !self.id.is_empty()
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Maps",
        pointer: "/components/schemas/Maps",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Maps>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Part",
        pointer: "/components/schemas/Part",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Part>(bytes).map(drop),
    },
];
