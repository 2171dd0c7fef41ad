// generated from objects.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Address` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// Property `city`.
    pub city: ::std::option::Option<::std::string::String>,
}

impl support::Record for Address {
    const PROPERTIES: &'static [&'static str] = &["city"];
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
            >(&mut p0, "city", entries),
        )?;
        ::std::result::Result::Ok(Self { city: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Address {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Address {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("city", &self.city).end()
    }
}

impl support::Wire for Address {
    const NAME: &'static str = "Address";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Optional("city", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Nothing` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nothing {}
impl support::Record for Nothing {
    const PROPERTIES: &'static [&'static str] = &[];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut rest = support::Denied;
        support::read_properties::<
            Self,
            __A,
        >(entries, &mut rest, |_, _| ::std::result::Result::Ok(()))?;
        ::std::result::Result::Ok(Self {})
    }
}

impl<'de> ::serde::Deserialize<'de> for Nothing {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Nothing {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).end()
    }
}

impl support::Wire for Nothing {
    const NAME: &'static str = "Nothing";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[],
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

/// Somebody.
///
/// ```text
/// an example that is no Rust
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Full name.
    pub name: ::std::string::String,
    /// Property `nickName`.
    ///
    /// Default: `"none"`.
    pub nick_name: ::std::option::Option<::std::string::String>,
    /// Property `address`.
    pub address: Address,
    /// Property `oldAddress`.
    ///
    /// **Deprecated** by the contract.
    pub old_address: ::std::option::Option<Address>,
    /// Property `success`.
    pub success: ::std::option::Option<support::True>,
    /// Property `failure`.
    pub failure: ::std::option::Option<support::False>,
    /// Property `anything`.
    pub anything: ::std::option::Option<::serde_json::Value>,
}

impl support::Record for Person {
    const PROPERTIES: &'static [&'static str] = &[
        "name",
        "nickName",
        "address",
        "oldAddress",
        "success",
        "failure",
        "anything",
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
                    >(&mut p0, "name", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "nickName", entries)
                }
                2 => {
                    support::read_into::<
                        support::Plain<Address>,
                        __A,
                    >(&mut p2, "address", entries)
                }
                3 => {
                    support::read_into::<
                        support::Plain<Address>,
                        __A,
                    >(&mut p3, "oldAddress", entries)
                }
                4 => {
                    support::read_into::<
                        support::Plain<support::True>,
                        __A,
                    >(&mut p4, "success", entries)
                }
                5 => {
                    support::read_into::<
                        support::Plain<support::False>,
                        __A,
                    >(&mut p5, "failure", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::serde_json::Value>,
                        __A,
                    >(&mut p6, "anything", entries)
                }
            },
        )?;
        match (p0, p2) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p2)) => {
                ::std::result::Result::Ok(Self {
                    name: p0,
                    nick_name: p1,
                    address: p2,
                    old_address: p3,
                    success: p4,
                    failure: p5,
                    anything: p6,
                })
            }
            (p0, p2) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[("name", p0.is_none()), ("address", p2.is_none())],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Person {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Person {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("name", &self.name)
            .put_some("nickName", &self.nick_name)
            .put("address", &self.address)
            .put_some("oldAddress", &self.old_address)
            .put_some("success", &self.success)
            .put_some("failure", &self.failure)
            .put_some("anything", &self.anything)
            .end()
    }
}

impl support::Wire for Person {
    const NAME: &'static str = "Person";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("name", support::Rule::TEXT),
                support::Property::Optional("nickName", support::Rule::TEXT),
                support::Property::Required(
                    "address",
                    support::Rule::Named(<Address as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "oldAddress",
                    support::Rule::Named(<Address as support::Wire>::rule),
                ),
                support::Property::Optional("success", support::Rule::Literal("true")),
                support::Property::Optional("failure", support::Rule::Literal("false")),
                support::Property::Optional("anything", support::Rule::Any),
            ],
        );
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
        name: "Address",
        pointer: "/components/schemas/Address",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Address>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Nothing",
        pointer: "/components/schemas/Nothing",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Nothing>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Person",
        pointer: "/components/schemas/Person",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Person>(bytes).map(drop),
    },
];
