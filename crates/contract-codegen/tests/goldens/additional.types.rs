// generated from additional.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Counted` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Property `a`.
    pub a: ::std::option::Option<::std::string::String>,
    /// Property `b`.
    pub b: support::Maybe<::std::string::String>,
    /// Properties that are not listed.
    pub additional_properties: ::serde_json::Map<
        ::std::string::String,
        ::serde_json::Value,
    >,
}

impl support::Record for Counted {
    const PROPERTIES: &'static [&'static str] = &["a", "b"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut rest = ::serde_json::Map::new();
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
                    >(&mut p0, "a", entries)
                }
                _ => {
                    support::read_into::<
                        support::Nullable<support::Plain<::std::string::String>>,
                        __A,
                    >(&mut p1, "b", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            a: p0,
            b: support::maybe(p1),
            additional_properties: rest,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for Counted {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Counted {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("a", &self.a)
            .put_maybe("b", &self.b)
            .put_all(&self.additional_properties)
            .end()
    }
}

impl support::Wire for Counted {
    const NAME: &'static str = "Counted";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[
                support::Property::Optional("a", support::Rule::TEXT),
                support::Property::Optional(
                    "b",
                    support::Rule::Nullable(&support::Rule::TEXT),
                ),
            ],
            additional: ::std::option::Option::Some(&support::Rule::Any),
            min: 1,
            max: 2,
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        (1..=2)
            .contains(
                &[
                    usize::from(self.a.is_some()),
                    usize::from(!self.b.is_absent()),
                    self.additional_properties.len(),
                ]
                    .iter()
                    .sum::<usize>(),
            )
    }
}

/// Schema `Dropped` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dropped {
    /// Property `a`.
    pub a: ::std::option::Option<::std::string::String>,
}

impl support::Record for Dropped {
    const PROPERTIES: &'static [&'static str] = &["a"];
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
            >(&mut p0, "a", entries),
        )?;
        ::std::result::Result::Ok(Self { a: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Dropped {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Dropped {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("a", &self.a).end()
    }
}

impl support::Wire for Dropped {
    const NAME: &'static str = "Dropped";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Optional("a", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `KeptAny` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeptAny {
    /// Property `a`.
    pub a: ::std::option::Option<::std::string::String>,
    /// Properties that are not listed.
    pub additional_properties: ::serde_json::Map<
        ::std::string::String,
        ::serde_json::Value,
    >,
}

impl support::Record for KeptAny {
    const PROPERTIES: &'static [&'static str] = &["a"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = ::serde_json::Map::new();
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<::std::string::String>,
                __A,
            >(&mut p0, "a", entries),
        )?;
        ::std::result::Result::Ok(Self {
            a: p0,
            additional_properties: rest,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for KeptAny {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for KeptAny {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("a", &self.a)
            .put_all(&self.additional_properties)
            .end()
    }
}

impl support::Wire for KeptAny {
    const NAME: &'static str = "KeptAny";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[support::Property::Optional("a", support::Rule::TEXT)],
            additional: ::std::option::Option::Some(&support::Rule::Any),
            min: 0,
            max: usize::MAX,
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `KeptTyped` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptTyped {
    /// Property `additional_properties`.
    pub additional_properties_2: ::std::string::String,
    /// Properties that are not listed.
    pub additional_properties: ::std::collections::BTreeMap<::std::string::String, u64>,
}

impl support::Record for KeptTyped {
    const PROPERTIES: &'static [&'static str] = &["additional_properties"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Kept::<
            support::Int<u64>,
        >(::std::collections::BTreeMap::new());
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<::std::string::String>,
                __A,
            >(&mut p0, "additional_properties", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self {
                    additional_properties_2: p0,
                    additional_properties: rest.0,
                })
            }
            (p0,) => {
                ::std::result::Result::Err(
                    support::missing(&[("additional_properties", p0.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for KeptTyped {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for KeptTyped {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("additional_properties", &self.additional_properties_2)
            .put_all(&self.additional_properties)
            .end()
    }
}

impl support::Wire for KeptTyped {
    const NAME: &'static str = "KeptTyped";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[
                support::Property::Required("additional_properties", support::Rule::TEXT),
            ],
            additional: ::std::option::Option::Some(
                &support::Rule::Integer(support::IntegerRule {
                    min: 1,
                    max: 18446744073709551615,
                    stated: (true, false),
                    multiple_of: ::std::option::Option::None,
                    allowed: &[],
                }),
            ),
            min: 0,
            max: usize::MAX,
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        self.additional_properties.values().all(|value| *value >= 1)
    }
}

/// Schema `Refused` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refused {
    /// Property `a`.
    pub a: ::std::option::Option<::std::string::String>,
}

impl support::Record for Refused {
    const PROPERTIES: &'static [&'static str] = &["a"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Denied;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<::std::string::String>,
                __A,
            >(&mut p0, "a", entries),
        )?;
        ::std::result::Result::Ok(Self { a: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Refused {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Refused {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("a", &self.a).end()
    }
}

impl support::Wire for Refused {
    const NAME: &'static str = "Refused";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[support::Property::Optional("a", support::Rule::TEXT)],
            additional: ::std::option::Option::None,
            min: 0,
            max: usize::MAX,
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Counted",
        pointer: "/components/schemas/Counted",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Counted>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Dropped",
        pointer: "/components/schemas/Dropped",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Dropped>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "KeptAny",
        pointer: "/components/schemas/KeptAny",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<KeptAny>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "KeptTyped",
        pointer: "/components/schemas/KeptTyped",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<KeptTyped>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Refused",
        pointer: "/components/schemas/Refused",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Refused>(bytes).map(drop),
    },
];
