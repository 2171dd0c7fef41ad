// generated from all-of.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Base` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// Property `id`.
    pub id: ::std::string::String,
}

impl support::Record for Base {
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

impl<'de> ::serde::Deserialize<'de> for Base {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Base {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("id", &self.id).end()
    }
}

impl support::Wire for Base {
    const NAME: &'static str = "Base";
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

/// Schema `Extended` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Extended {
    /// Property `id`.
    pub id: ::std::string::String,
    /// Property `size`.
    pub size: u64,
}

impl support::Record for Extended {
    const PROPERTIES: &'static [&'static str] = &["id", "size"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
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
                    >(&mut p0, "id", entries)
                }
                _ => {
                    support::read_into::<
                        support::Int<u64>,
                        __A,
                    >(&mut p1, "size", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { id: p0, size: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(&[("id", p0.is_none()), ("size", p1.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Extended {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Extended {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("id", &self.id)
            .put("size", &self.size)
            .end()
    }
}

impl support::Wire for Extended {
    const NAME: &'static str = "Extended";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("id", support::Rule::text(1, 8)),
                support::Property::Required(
                    "size",
                    support::Rule::Integer(support::IntegerRule {
                        min: 1,
                        max: 18446744073709551615,
                        stated: (true, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        support::length(&self.id, 1, 8) && self.size >= 1
    }
}

/// Schema `Wrapped` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wrapped {
    /// The base, said differently.
    pub base: ::std::option::Option<Base>,
}

impl support::Record for Wrapped {
    const PROPERTIES: &'static [&'static str] = &["base"];
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
                support::Plain<Base>,
                __A,
            >(&mut p0, "base", entries),
        )?;
        ::std::result::Result::Ok(Self { base: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Wrapped {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Wrapped {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("base", &self.base).end()
    }
}

impl support::Wire for Wrapped {
    const NAME: &'static str = "Wrapped";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional(
                    "base",
                    support::Rule::Named(<Base as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.base.as_ref().is_none_or(support::Wire::is_valid)
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Base",
        pointer: "/components/schemas/Base",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Base>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Extended",
        pointer: "/components/schemas/Extended",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Extended>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Wrapped",
        pointer: "/components/schemas/Wrapped",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Wrapped>(bytes).map(drop),
    },
];
